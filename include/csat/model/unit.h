// How figures are printed by their unit.
#ifndef CSAT_MODEL_UNIT_H_
#define CSAT_MODEL_UNIT_H_

#include <string>
#include <string_view>

#include "csat/model/decimal.h"

namespace csat {

// Half up, without a sign for the unit: "share" as a percentage with one place, "percent" with one, any other with two.
inline std::string ShownInUnit(const Ratio& value, std::string_view unit) {
  if (unit == "share") return value.ToString(1, 100);
  return value.ToString(unit == "percent" ? 1 : 2);
}

}  // namespace csat

#endif  // CSAT_MODEL_UNIT_H_
