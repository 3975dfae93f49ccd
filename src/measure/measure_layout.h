// What of a table each measure needs: which columns are aggregated as they are, and which are derived row by row.
#ifndef CSAT_SRC_MEASURE_MEASURE_LAYOUT_H_
#define CSAT_SRC_MEASURE_MEASURE_LAYOUT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/measure/measure_plan.h"

namespace csat {

// A column made of the metrics of a row, in whole numbers; kNoValue where the row has none.
struct DerivedColumn {
  enum class Kind {
    kGuard,        // 0; 2 where a metric that was read for any of the others cannot be.
    kCounted,      // 1 where the row counts.
    kTruth,        // 1 and 0: whether `of` holds; base RECORDS: 0 also where it is unknown.
    kTicks,        // The metric.
    kWeight,       // The weight, of rows that have a figure.
    kWeighted,     // Weight times figure.
    kWeightedSquare,  // Weight times figure squared.
  };
  static constexpr std::int64_t kNoValue = -(std::int64_t{1} << 41);

  Kind kind = Kind::kCounted;
  std::string item;  // Id among the items of the spec.
  const Measure* measure = nullptr;
  // kTruth, and weighted shares: what is asked. Weighted net promoter scores: -1, 0, 1 of `metric`.
  const Predicate* of = nullptr;
  std::string metric;
  // The row counts if `measure->where` holds and, of a ratio, if all of its terms are there.
};

// Where the numbers of a measure are: indices into the items of the spec, -1: not needed.
struct MeasureSlots {
  int rows = -1;    // kCounted; -1: all rows of the group.
  int figures = -1; // The metric or the truth, direct or derived.
  std::vector<int> numerator, denominator;  // Of a ratio.
  int weight = -1, weighted = -1, weighted_square = -1;
  std::vector<int> factors;                 // Of a product: measures of the plan.
  std::int64_t unit = 1;                    // Ticks of 1 in `figures`.
  std::vector<std::int64_t> numerator_units, denominator_units;
};

struct MeasureLayout {
  AggregateSpec spec;
  std::vector<DerivedColumn> derived;
  std::vector<MeasureSlots> slots;  // By measure of the plan.
  // Metrics that derived columns read.
  std::vector<const Metric*> metrics;
};

// `measures` has the factors of each product before it. InvalidArgument: a metric is not there.
absl::StatusOr<MeasureLayout> LayOut(const Policy& policy, const std::vector<const Measure*>& measures);

// Minimum of `item` has figures of whole ranks -1, 0, 1 for a net promoter score.
int NpsClass(const NpsMeasure& nps, std::int64_t rating);

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_MEASURE_LAYOUT_H_
