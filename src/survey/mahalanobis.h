#ifndef CSAT_SRC_SURVEY_MAHALANOBIS_H_
#define CSAT_SRC_SURVEY_MAHALANOBIS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/measure/estimate.h"
#include "survey/answer_indices.h"

namespace csat::survey {

// Squared distance of each complete response from the mean of the complete ones (Mahalanobis 1936): (x - m)' S^-1
// (x - m), S with n - 1; over the rows with `counts` other than 0. One pass makes exact integer sums and products, one
// more the distances. Rows that are not complete cannot be judged. The gap: no distance at all, and why; its items are
// indices into `items`.
absl::StatusOr<std::optional<Gap>> JudgeMahalanobis(const Items& items, Decimal confidence,
                                                    const std::vector<std::uint8_t>& counts, int threads,
                                                    Judged* out);

}  // namespace csat::survey

#endif  // CSAT_SRC_SURVEY_MAHALANOBIS_H_
