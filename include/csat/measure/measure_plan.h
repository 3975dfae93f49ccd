// The measures of a policy over tables of records: compiled once, added up exactly in any split and order, and read
// off as figures with their uncertainty.
#ifndef CSAT_MEASURE_MEASURE_PLAN_H_
#define CSAT_MEASURE_MEASURE_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "csat/arrow/c_data.h"
#include "csat/measure/aggregates.h"
#include "csat/measure/estimate.h"
#include "csat/model/measure.h"
#include "csat/model/target_status.h"
#include "csat/policy/policy.h"

namespace csat {

// What records are grouped into by time.
enum class TimeBucket { kMinute, kHour, kDay, kWeek, kMonth, kQuarter, kHalfYear, kYear };

struct MeasureOptions {
  // Ids of measures; empty: all of the policy.
  std::vector<std::string> measures;
  // Columns of keys, as in AggregateSpec.
  std::vector<std::string> by;
  // Column of instants or days; "": records are not grouped by time. Instants without a zone are read as clocks of the
  // policy's zone show them; all count on the day that they have there.
  std::string time_column;
  TimeBucket bucket = TimeBucket::kMonth;
};

// One measure of one group.
struct MeasureFigure {
  // The answers that it is made of: records with an answer, or with base RECORDS all; of a ratio the records that have
  // all of its terms; of a product and of a difference the fewest of its parts.
  std::int64_t n = 0;
  // In the unit of its form: a share in 0..1, a net promoter score in points. The gap says why there is none; kTooFew
  // also below the measure's min_answers.
  Estimate value = Gap::Reason::kEmpty;
  // The same as a quotient of whole numbers, where it is one.
  std::optional<Ratio> exact;
  // Of shares, means and net promoter scores. Shares: Wilson. Means: Student's t. Net promoter scores: the score
  // interval. Weighted ones: the same by the effective size. Differences of independent measures, and those of a measure
  // and a value: from both intervals. The gap says why there is none: kNoMethod of other forms, of differences that share
  // records and of relative ones; the figure's own where that is not there; kNotMeasurable where no level was given.
  Measured<Interval> interval = Gap::Reason::kNotMeasurable;
  // What weights cost; 1 without.
  Estimate design_effect = 1.0;
  // As it is printed: half up, unit "share" as a percentage with one place, unit "percent" with one, any other with
  // two, without a sign for the unit; differences above 0 with a "+"; or the word of the gap.
  std::string shown;
  // kNotMeasurable: there is a target, and no figure.
  TargetStatus target = TargetStatus::kNoTarget;
};

// A compiled set of measures. Immutable, cheap to copy, safe to share between threads.
class MeasurePlan {
 public:
  // NotFound: no such measure. InvalidArgument: no measures, or keys that cannot be; the limits of AggregateSpec.
  static absl::StatusOr<MeasurePlan> Compile(const Policy& policy, const MeasureOptions& options);

  // In the order asked for, or that of the policy; borrowed from the plan.
  std::vector<const Measure*> measures() const;
  // Names of the key columns: `by`, then "period" where records are grouped by time. Periods are words: "2025-03",
  // "2025-Q1", "2025-03-14T22:15+08:00".
  const std::vector<std::string>& keys() const;
  // Columns that tables have to have: keys, time, and the fields of all metrics that are read.
  const std::vector<std::string>& columns() const;

  // With no records. Those of any plan compiled from the same policy and options merge, also by way of their bytes.
  absl::StatusOr<Aggregates> NewAggregates() const;
  // Whether these came from such a plan.
  bool Owns(const Aggregates& aggregates) const;
  // InvalidArgument: they did not.
  absl::Status CheckOwner(const Aggregates& aggregates) const;
  // Adds the records of a struct array, which is borrowed; whole or nothing. InvalidArgument: `into` is not its own, or
  // as for Aggregates::Add(). OutOfRange: more rows or groups than aggregates hold.
  absl::Status Add(const ArrowSchema& schema, const ArrowArray& array, const Aggregates::AddOptions& options,
                   Aggregates* into) const;
  // All arrays of a stream, as Aggregates::AddStream() reads it; whole or nothing.
  absl::Status AddStream(ArrowArrayStream* stream, const Aggregates::AddOptions& options,
                         Aggregates* into) const;

  // The figure of measure `index` in group `group` of aggregates of its own. `level`: coverage of the interval, within
  // (0, 1); nullopt: the figure without one, which takes a fraction of the time.
  MeasureFigure FigureOf(const Aggregates& aggregates, std::size_t group, std::size_t index,
                         std::optional<double> level = 0.95) const;
  // Of no record at all: what a group is that does not occur.
  MeasureFigure FigureOfNone(std::size_t index) const;

 private:
  struct Content;
  explicit MeasurePlan(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
  std::shared_ptr<const Content> content_;
};

}  // namespace csat

#endif  // CSAT_MEASURE_MEASURE_PLAN_H_
