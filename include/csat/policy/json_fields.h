// Flat JSON objects: the form in which single records come from outside.
#ifndef CSAT_POLICY_JSON_FIELDS_H_
#define CSAT_POLICY_JSON_FIELDS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/model/decimal.h"
#include "csat/policy/diagnostic.h"

namespace csat {

// One member of a JSON object, with the place of its value.
struct JsonField {
  std::string name;
  // null; a whole number; a number with no more than six places; any other number, as the nearest double;
  // a text; a list of numbers, each as the nearest double; a list of texts. true and false are 1 and 0.
  std::variant<std::monostate, std::int64_t, Decimal, double, std::string, std::vector<double>,
               std::vector<std::string>>
      value;
  int line = 0;
  int column = 0;
};

// Reads one JSON object as strictly as a policy file (csat/policy/limits.h, no duplicate key).
// InvalidArgument: it is none, or a member is an object, a list of anything but numbers alone or texts alone, or a
// number beyond the range of a double; `fault` (may be null) receives the first fault with its place.
absl::StatusOr<std::vector<JsonField>> ReadJsonFields(std::string_view json, Diagnostic* fault = nullptr);

// The field as the path of a diagnostic has it, always one line: nps, ["first line\nsecond line"].
std::string PathOfField(std::string_view name);

}  // namespace csat

#endif  // CSAT_POLICY_JSON_FIELDS_H_
