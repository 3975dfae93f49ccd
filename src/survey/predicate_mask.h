#ifndef CSAT_SRC_SURVEY_PREDICATE_MASK_H_
#define CSAT_SRC_SURVEY_PREDICATE_MASK_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/model/predicate.h"
#include "survey/response_columns.h"

namespace csat::survey {

// Kleene's logic, by row: 0 false, 1 unknown, 2 true, as in Truth. Conditions nest at most as deep as a policy does.
absl::StatusOr<std::vector<std::uint8_t>> MaskOf(const Predicate& predicate, ResponseColumns* columns);

}  // namespace csat::survey

#endif  // CSAT_SRC_SURVEY_PREDICATE_MASK_H_
