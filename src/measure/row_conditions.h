// Conditions over the rows of a table, a tile at a time.
#ifndef CSAT_SRC_MEASURE_ROW_CONDITIONS_H_
#define CSAT_SRC_MEASURE_ROW_CONDITIONS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/model/predicate.h"
#include "measure/metric_columns.h"

namespace csat {

// The figures of the rows of one tile, each metric read once, when it is first asked for. One for each thread.
class MetricTile {
 public:
  // Borrowed.
  explicit MetricTile(const MetricColumns& columns);

  // Rows [row, row + n), n <= kAggregateTile, from now on.
  void Move(std::int64_t row, int n);
  std::int64_t row() const { return row_; }
  int rows() const { return n_; }
  const MetricColumns& columns() const { return columns_; }
  // Ticks of a number metric: kNoTicks where there are none.
  const std::int64_t* Ticks(std::size_t metric);
  // Which rows have a word in the list of a text metric.
  const std::uint8_t* HasWord(std::size_t metric);

  // Rows on which a metric that was asked for has a value that cannot be; any_bad(): there are some. Their figures are
  // read as none.
  const std::uint8_t* bad() const { return bad_.data(); }
  bool any_bad() const { return first_bad_ < n_; }
  // What is wrong with the first of them: "row 17: column ...", rows counted from `first_row`.
  std::string WhyBad(std::int64_t first_row) const;

 private:
  void MarkBad(int at, std::size_t metric);

  const MetricColumns& columns_;
  std::int64_t row_ = 0;
  int n_ = 0, first_bad_ = 0;
  std::size_t bad_metric_ = 0;
  std::vector<std::vector<std::int64_t>> ticks_;
  std::vector<std::vector<std::uint8_t>> has_word_;
  std::vector<bool> read_;
  std::vector<std::uint8_t> bad_;
};

// A predicate bound to the columns of a table. Const functions may run side by side.
class RowCondition {
 public:
  // InvalidArgument: it names a metric that is not among them.
  static absl::StatusOr<RowCondition> Bind(const Predicate& predicate, const MetricColumns& columns);
  // Holds on every row.
  RowCondition() = default;

  // The Truth of each row of the tile, as its number.
  void Evaluate(MetricTile* tile, std::uint8_t* truths) const;

 private:
  Predicate::Kind kind_ = Predicate::Kind::kAll;
  std::vector<RowCondition> of_;
  int count_ = 0;
  std::size_t metric_ = 0;
  ComparisonOp op_ = ComparisonOp::kEqual;
  // kNumber: ticks from which on the comparison comes out otherwise, and its outcome below, at, and above them.
  std::int64_t limit_ = 0;
  std::uint8_t below_ = 0, at_ = 0, above_ = 0;
  std::string text_;
  std::vector<std::uint8_t> by_word_;  // kText, by code.
};

// Adds the ids of the metrics that a predicate speaks of.
void AddMetricsOf(const Predicate& predicate, std::vector<std::string_view>* ids);

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_ROW_CONDITIONS_H_
