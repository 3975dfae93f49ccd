// The ledger of a score: line by line how the published score came about.
#ifndef CSAT_SRC_SCORING_LEDGER_H_
#define CSAT_SRC_SCORING_LEDGER_H_

#include <string>
#include <vector>

#include "scoring/evaluate.h"

namespace csat {

// Fills score->ledger. The lines of depth 0 sum to score->summary.score where there is one.
absl::Status WriteLedger(const CompiledPlan& plan, const CompiledCard& card, const Record& record, const Draft& draft, Score* score);

// Points of the score lost on top-level indicators, most first, ties in policy order.
std::vector<Reason> RankReasons(const CompiledCard& card, const Draft& draft);

// V6: unit "share" as a percentage with one place, "percent" with one, any other with two; half up.
std::string ShowFigure(const Metric& metric, const Figure& figure);

}  // namespace csat

#endif  // CSAT_SRC_SCORING_LEDGER_H_
