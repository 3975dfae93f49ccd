// Batch scoring: columns in, columns out, through the Arrow C data interface.
#ifndef CSAT_SCORING_BATCH_H_
#define CSAT_SCORING_BATCH_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "csat/arrow/c_data.h"
#include "csat/scoring/plan.h"

namespace csat {

struct BatchOptions {
  // Threads that score, 1 to 256. The result does not depend on it.
  int threads = 1;
  // What a value that Plan::Evaluate refuses does: fail the batch, naming the first such row, or give that
  // row the outcome `refused` and the reason "bad_value".
  enum class BadRows { kFail, kRefuse } bad_rows = BadRows::kFail;
  // Columns beside score, grade, outcome and reason.
  bool base = false;           // base, without_veto
  bool contributions = false;  // contribution.<indicator id> for each top-level indicator
  int top_reasons = 0;         // 0..16 columns reason_1.. (indicator id) and lost_1..
  // Scores as decimal128(18, 6) instead of the nearest float64.
  bool decimal_scores = false;
  // Keys of veto scope `subject_period`: names of columns of integers, words or dates, both or none. With them
  // such a veto reaches every row of the batch with the same keys; without them each row stands for itself. A
  // row in which such a veto fires and that lacks a key is a bad row.
  std::string subject_column, period_column;
  // Prefix of the names of the columns made.
  std::string prefix;
};

// The result columns: score (null unless scored or vetoed), grade (null where there is none), outcome, reason ("":
// none), both never null and marked so, then what the options ask for (null where no base was found; reasons also where no more points were lost).
//
// Scores the rows of a struct array. `schema` and `array` are borrowed and not released. On success `out_schema`
// and `out_array` hold a struct array of the result columns, to be released by the caller; on failure both are
// untouched. Row order, batch size and thread count do not change any bit of the result.
// InvalidArgument: a column the plan needs is missing or has a type it cannot read, an array whose lengths,
// offsets or null counts contradict each other, a bad row (see BadRows).
absl::Status ScoreBatch(const Plan& plan, const ArrowSchema& schema, const ArrowArray& array,
                        const BatchOptions& options, ArrowSchema* out_schema, ArrowArray* out_array);

// Scores a stream chunk by chunk, as `out` is read; a chunk is scored like a batch and has the same result whatever
// the other chunks hold. On success `in` is moved into `out` (in->release is NULL), on failure both are untouched.
// The callbacks of `out` return what those of `in` return, EINVAL for what ScoreBatch refuses, ENOMEM; one thread
// reads it at a time.
// InvalidArgument: `in` is released, or keys of subject and period are given: a subject's records may lie in
// several chunks, which only one batch can overlook.
absl::Status ScoreStream(const Plan& plan, ArrowArrayStream* in, const BatchOptions& options,
                         ArrowArrayStream* out);

}  // namespace csat

#endif  // CSAT_SCORING_BATCH_H_
