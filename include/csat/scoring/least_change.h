// The least change that reaches a better grade: which single indicator, by how much.
#ifndef CSAT_SCORING_LEAST_CHANGE_H_
#define CSAT_SCORING_LEAST_CHANGE_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/scoring/plan.h"

namespace csat {

// Raising `indicator` alone from `from` to `to` points gives `grade` with `score`; a millionth of a point less
// does not give a better grade than the record has.
struct LeastChange {
  std::string_view indicator;
  Points from, to, max_points;
  // The raw figure that does it, where the indicator reads one finished number: the one nearest to the present
  // figure among the decimals of its metric, of at most six places.
  bool has_value = false;
  Decimal value_from, value_to;
  std::string_view grade;
  Points score;
};

// One entry for each indicator without children that can do it alone, the smallest share of its own scale
// first, ties in policy order. Empty: the record has the best grade, has no score, is vetoed, or no single
// indicator is enough. Errors are those of Plan::Evaluate.
absl::StatusOr<std::vector<LeastChange>> LeastChanges(const Plan& plan, const Record& record);

}  // namespace csat

#endif  // CSAT_SCORING_LEAST_CHANGE_H_
