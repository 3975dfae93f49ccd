// The result columns of a batch, filled row by row or tile by tile from several threads.
#ifndef CSAT_SRC_SCORING_BATCH_OUTPUT_H_
#define CSAT_SRC_SCORING_BATCH_OUTPUT_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "arrow/export.h"
#include "csat/scoring/batch.h"
#include "scoring/compiled_plan.h"

namespace csat {

// batch.cc: InvalidArgument names an option outside of its range.
absl::Status CheckBatchOptions(const Plan& plan, const BatchOptions& options);

// What a row of a batch came to.
struct RowResult {
  Summary summary;
  // By top-level indicator; read where summary.has_base.
  std::vector<Points> contributions;
  // Indices of top-level indicators, most points lost first; -1: no more.
  std::vector<std::int16_t> reasons;
  std::vector<Points> lost;
};

// Rows of one byte of a validity buffer must be written by one thread: ranges begin at multiples of 8.
class BatchOutput {
 public:
  // The columns without their values: enough for the schema.
  BatchOutput(const CompiledPlan& plan, const BatchOptions& options);

  // false: no memory. Every value is there to be written, none is null yet.
  bool Allocate(std::int64_t rows);
  void Write(std::int64_t row, const RowResult& result);
  // A row without a result. Both may write a row again.
  void WriteRefused(std::int64_t row, std::int16_t reason);
  // All rows of a column are null.
  void SetAllNull(int column);

  // Positions of the columns; -1: not asked for.
  static constexpr int kScore = 0, kGrade = 1, kOutcome = 2, kReason = 3;
  int base() const { return base_; }
  int without_veto() const { return base_ < 0 ? -1 : base_ + 1; }
  int contribution(std::size_t indicator) const {
    return contributions_ < 0 ? -1 : contributions_ + static_cast<int>(indicator);
  }
  // Rank 0 is the first reason; the points lost are in the next column.
  int reason(int rank) const { return reasons_ < 0 ? -1 : reasons_ + 2 * rank; }
  int top_reasons() const { return top_reasons_; }
  bool decimal() const { return decimal_; }
  // Grades are int8 unless there are too many.
  bool wide_grades() const { return wide_grades_; }
  std::vector<OutColumn>& columns() { return columns_; }

  // Counts the nulls and drops what no null needs.
  std::vector<OutColumn> Finish();

 private:
  int Add(std::string name, const char* format);
  void AddWords(int column, std::vector<std::string> words);
  void SetNull(int column, std::int64_t row);
  void SetValid(int column, std::int64_t row);
  void SetPoints(int column, std::int64_t row, Points points);
  void SetGrade(std::int64_t row, std::int16_t grade);

  std::string prefix_;
  bool decimal_ = false, wide_grades_ = false;
  int base_ = -1, contributions_ = -1, reasons_ = -1, top_reasons_ = 0;
  std::size_t indicators_ = 0;
  std::vector<OutColumn> columns_;
};

}  // namespace csat

#endif  // CSAT_SRC_SCORING_BATCH_OUTPUT_H_
