// Tested by tests/policy/policy_test.cc.
#ifndef CSAT_POLICY_SCORE_FUNCTION_BUILDER_H_
#define CSAT_POLICY_SCORE_FUNCTION_BUILDER_H_

#include "absl/status/statusor.h"
#include "csat/model/score_function.h"
#include "csat/v1/policy.pb.h"

namespace csat::policy {

// The score function of the model for one of the schema. A linear function and the Likert conversions are lines
// or tables over the ranks of `scale` (null: the metric has none); on a scale where lower is better they are
// mirrored, so that the best rank gets `max_points`. InvalidArgument names what the function does not take.
absl::StatusOr<ScoreFunction> BuildScoreFunction(const v1::ScoreFunction& function, const v1::Scale* scale,
                                                 const v1::Decimal& max_points);

}  // namespace csat::policy

#endif  // CSAT_POLICY_SCORE_FUNCTION_BUILDER_H_
