// How a sample is shared out among strata. Exact integers throughout; the same shares on every machine.
#ifndef CSAT_SURVEY_ALLOCATION_H_
#define CSAT_SURVEY_ALLOCATION_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/model/decimal.h"

namespace csat {

// Shares of `sample` in proportion to the sizes, rounded by the largest remainder (Hamilton); equal remainders go to
// the stratum that comes first. A stratum may get 0, and none gets more than its size. P2-27.
// InvalidArgument: no stratum, a size below 0, a sample below 0 or above the sum of the sizes, a sum beyond 2^62.
absl::StatusOr<std::vector<std::int64_t>> AllocateProportionally(const std::vector<std::int64_t>& sizes,
                                                                 std::int64_t sample);

// The same share for each stratum (a quota), what does not divide to those that come first; what a stratum is too small
// for is shared out among the others. P2-26.
absl::StatusOr<std::vector<std::int64_t>> AllocateEqually(const std::vector<std::int64_t>& sizes,
                                                          std::int64_t sample);

// Optimum allocation (Neyman 1934; Cochran, Sampling Techniques, 3rd ed., 5.5): in proportion to size * standard
// deviation, by the largest remainder; what a stratum is too small for is shared out among the others in the same way
// (Cochran 5.8). Deviations are not below 0; strata without any variation get only what the others cannot take.
absl::StatusOr<std::vector<std::int64_t>> AllocateOptimally(const std::vector<std::int64_t>& sizes,
                                                            const std::vector<Decimal>& deviations,
                                                            std::int64_t sample);

}  // namespace csat

#endif  // CSAT_SURVEY_ALLOCATION_H_
