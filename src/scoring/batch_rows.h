// One row of a batch through the scoring engine, which alone says what a row is worth and what is wrong with it.
#ifndef CSAT_SRC_SCORING_BATCH_ROWS_H_
#define CSAT_SRC_SCORING_BATCH_ROWS_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "scoring/batch_columns.h"
#include "scoring/batch_output.h"
#include "scoring/evaluate.h"

namespace csat {

// The scratch of one thread; nothing is allocated for a row.
class RowScorer {
 public:
  RowScorer(const CompiledPlan& plan, const BoundColumns& bound, const BatchOptions& options);

  // Scores a row. `imposed` (may be null): vetoes that other records of its subject and period fired. The error
  // is that of Plan::Evaluate, with the row in front.
  absl::Status Score(std::int64_t row, const std::uint8_t* imposed);
  const RowResult& result() const { return result_; }
  // Of the row just scored: whether veto `i` of the card fired.
  bool Fired(std::size_t i) const { return draft_.vetoes[i].fired; }

 private:
  void RankLost();

  const CompiledPlan& plan_;
  const BoundColumns& bound_;
  const bool contributions_;
  const bool reasons_;
  Record record_;
  EventScratch events_;
  Draft draft_;
  RowResult result_;
};

}  // namespace csat

#endif  // CSAT_SRC_SCORING_BATCH_ROWS_H_
