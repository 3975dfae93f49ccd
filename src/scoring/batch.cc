#include "csat/scoring/batch.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "arrow/export.h"
#include "arrow/import.h"
#include "scoring/batch_columns.h"
#include "scoring/batch_output.h"
#include "scoring/batch_periods.h"
#include "scoring/batch_rows.h"
#include "scoring/batch_threads.h"
#include "scoring/compiled_plan.h"

namespace csat {
namespace {

std::int16_t ReasonOf(const CompiledPlan& plan, std::string_view reason) {
  const auto found = std::find(plan.reasons.begin(), plan.reasons.end(), reason);
  return found == plan.reasons.end() ? std::int16_t{0}
                                     : static_cast<std::int16_t>(found - plan.reasons.begin());
}

// The work on one table. Each thread has its own scratch; the columns made are shared, row by row.
class Batch {
 public:
  Batch(const CompiledPlan& plan, const BatchOptions& options, const BoundColumns& bound,
        SubjectPeriods periods, BatchOutput* output)
      : plan_(plan),
        options_(options),
        bound_(bound),
        periods_(std::move(periods)),
        output_(*output),
        bad_value_(ReasonOf(plan, "bad_value")) {}

  absl::Status Run() {
    std::vector<SubjectPeriods> found(static_cast<std::size_t>(options_.threads), periods_);
    absl::Status status =
        ForEachRange(bound_.rows, options_.threads, [&](int index, std::int64_t from, std::int64_t to) {
          return ScoreRange(from, to, &found[static_cast<std::size_t>(index)]);
        });
    if (!status.ok() || periods_.vetoes().empty()) return status;
    for (const SubjectPeriods& part : found) periods_.Merge(part);
    if (!periods_.any()) return status;
    return ForEachRange(bound_.rows, options_.threads,
                        [&](int, std::int64_t from, std::int64_t to) { return ImposeOnRange(from, to); });
  }

 private:
  absl::Status ScoreRange(std::int64_t from, std::int64_t to, SubjectPeriods* found) {
    RowScorer scorer(plan_, bound_, options_);
    for (std::int64_t row = from; row < to; ++row) {
      if (absl::Status status = ScoreRow(row, &scorer, found); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status ScoreRow(std::int64_t row, RowScorer* scorer, SubjectPeriods* found) {
    absl::Status status = scorer->Score(row, nullptr);
    for (std::size_t i = 0; status.ok() && i < found->vetoes().size(); ++i) {
      if (scorer->Fired(static_cast<std::size_t>(found->vetoes()[i]))) status = found->Fire(row, i);
    }
    if (status.ok()) {
      output_.Write(row, scorer->result());
    } else if (options_.bad_rows == BatchOptions::BadRows::kRefuse) {
      output_.WriteRefused(row, bad_value_);
    } else {
      return status;
    }
    return absl::OkStatus();
  }

  // Scores those rows again that others of their subject and period reach. What was refused as bad stays so.
  absl::Status ImposeOnRange(std::int64_t from, std::int64_t to) {
    RowScorer scorer(plan_, bound_, options_);
    std::string key;
    for (std::int64_t row = from; row < to; ++row) {
      const std::uint8_t* imposed = periods_.ImposedOn(row, &key);
      if (imposed != nullptr && scorer.Score(row, imposed).ok()) output_.Write(row, scorer.result());
    }
    return absl::OkStatus();
  }

  const CompiledPlan& plan_;
  const BatchOptions& options_;
  const BoundColumns& bound_;
  SubjectPeriods periods_;
  BatchOutput& output_;
  const std::int16_t bad_value_;
};

}  // namespace

absl::Status CheckBatchOptions(const Plan& plan, const BatchOptions& options) {
  if (plan.scorecard() == nullptr)
    return absl::FailedPreconditionError("a plan of metrics alone scores nothing");
  if (options.threads < 1 || options.threads > 256) {
    return absl::InvalidArgumentError(absl::StrCat("threads ", options.threads, " lies outside [1, 256]"));
  }
  if (options.top_reasons < 0 || options.top_reasons > 16) {
    return absl::InvalidArgumentError(
        absl::StrCat("top_reasons ", options.top_reasons, " lies outside [0, 16]"));
  }
  if (options.subject_column.empty() != options.period_column.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("subject_column '", options.subject_column,
                                                   "' and period_column '", options.period_column,
                                                   "': both or none have to be named"));
  }
  return absl::OkStatus();
}

absl::Status ScoreBatch(const Plan& plan, const ArrowSchema& schema, const ArrowArray& array,
                        const BatchOptions& options, ArrowSchema* out_schema, ArrowArray* out_array) {
  if (absl::Status status = CheckBatchOptions(plan, options); !status.ok()) return status;
  const absl::StatusOr<Table> table = Table::Import(schema, array);
  if (!table.ok()) return table.status();
  const absl::StatusOr<BoundColumns> bound = BindColumns(plan.compiled(), *table);
  if (!bound.ok()) return bound.status();
  absl::StatusOr<SubjectPeriods> periods = SubjectPeriods::Bind(plan.compiled(), *table, options);
  if (!periods.ok()) return periods.status();
  BatchOutput output(plan.compiled(), options);
  if (!output.Allocate(bound->rows))
    return absl::ResourceExhaustedError("no memory for the result of the batch");
  Batch batch(plan.compiled(), options, *bound, *std::move(periods), &output);
  if (absl::Status status = batch.Run(); !status.ok()) return status;
  if (!ExportStruct(output.Finish(), bound->rows, out_schema, out_array)) {
    return absl::ResourceExhaustedError("no memory for the result of the batch");
  }
  return absl::OkStatus();
}

}  // namespace csat
