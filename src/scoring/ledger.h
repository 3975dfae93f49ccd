// The ledger of a score: line by line how the published score came about.
#ifndef CSAT_SRC_SCORING_LEDGER_H_
#define CSAT_SRC_SCORING_LEDGER_H_

#include <string>
#include <vector>

#include "scoring/evaluate.h"

namespace csat {

// Fills score->ledger. The lines of depth 0 sum to score->summary.score where there is one.
absl::Status WriteLedger(const CompiledPlan& plan, const CompiledCard& card, const Record& record,
                         const Draft& draft, Score* score);

// Points of the score lost on top-level indicator `i` against its maximum; only where there is a base. The draft
// is the same afterwards.
Points LostOn(const CompiledCard& card, Draft* draft, std::size_t i);
// All of them that lost any, most first, ties in policy order.
std::vector<Reason> RankReasons(const CompiledCard& card, Draft* draft);

// V6: unit "share" as a percentage with one place, "percent" with one, any other with two; half up.
std::string ShowFigure(const Metric& metric, const Figure& figure);

}  // namespace csat

#endif  // CSAT_SRC_SCORING_LEDGER_H_
