// What each measure needs of a table: which columns are aggregated as they are, and which are derived row by row.
#ifndef CSAT_SRC_MEASURE_MEASURE_LAYOUT_H_
#define CSAT_SRC_MEASURE_MEASURE_LAYOUT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/measure/measure_plan.h"

namespace csat {

// In place of a value of a derived column.
inline constexpr std::int64_t kNoValue = -(std::int64_t{1} << 41);

// A column of whole numbers made of the metrics of each row; kNoValue where the row does not count for its measure: its
// `where` does not hold or, of a ratio, a term is not known.
struct DerivedColumn {
  enum class Kind {
    kCounted,  // 1.
    kTruth,    // Whether `condition` holds, 1 or 0; unknown: 0 with base RECORDS, else kNoValue.
    kTicks,    // The metric.
    kWeight,   // The weight of a row that has a figure: a truth as above, -1, 0, 1 of a net promoter score, a
    kWeighted,        // metric; times that figure;
    kWeightedSquare,  // times its square. Rows of weight 0 do not count.
    kSubgroupSum,     // Of the pieces of a row that has them all: their sum, and
    kSubgroupSpread,  // their range or, to be pooled, the squares of the differences of all pairs of them.
  };
  Kind kind = Kind::kCounted;
  std::string item;                      // Its id in the spec.
  const Predicate* condition = nullptr;  // kTruth.
  std::string metric;                    // kTicks.
};

// Where a measure finds its numbers: indices into the items of the spec, -1: it needs none.
struct MeasureSlots {
  struct Term {
    int item = -1;
    std::int64_t unit = 1;  // Ticks of 1.
  };
  int counted = -1;  // Its answers are the records that count; -1: all of the group.
  Term figures;      // The metric or the truths.
  // A share of one comparison that is read off the levels of its metric.
  bool compares_levels = false;
  std::vector<Term> numerator, denominator;  // Of a ratio.
  int weight = -1, weighted = -1, weighted_square = -1;
  int spread = -1;                 // Of subgroups; `figures` are their sums.
  std::vector<std::size_t> parts;  // Of a product or a difference: measures of the layout.
  std::vector<DerivedColumn> derived;
};

struct MeasureLayout {
  std::vector<const Measure*> measures;
  std::vector<MeasureSlots> slots;  // One for each.
  AggregateSpec spec;               // Items alone.
  // Metrics that derived columns read.
  std::vector<const Metric*> read;
  // With derived columns, the item of one that is 0, or 2 on rows where a metric that is read cannot have its value.
  int guard = -1;
};

// `measures` has the parts of each product and difference before it. InvalidArgument: a metric is not there.
absl::StatusOr<MeasureLayout> LayOutMeasures(const Policy& policy, std::vector<const Measure*> measures);

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_MEASURE_LAYOUT_H_
