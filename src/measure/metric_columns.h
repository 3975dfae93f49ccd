// The metrics of a policy as columns: which figures a table holds for each, and what of them cannot be.
#ifndef CSAT_SRC_MEASURE_METRIC_COLUMNS_H_
#define CSAT_SRC_MEASURE_METRIC_COLUMNS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "arrow/import.h"
#include "csat/measure/aggregates.h"
#include "csat/model/metric.h"
#include "measure/aggregate_layout.h"
#include "measure/item_reader.h"

namespace csat {

// Metrics of forms number and text alone.

// The field that the metric is read from.
const std::string& FieldOf(const Metric& metric);

// How aggregates keep the figures of a number metric: its range (absent: as far as aggregates reach), its places
// (absent: 0 on a scale of whole ranks, else 6; never more), its missing values and labels.
AggregateItem ItemOf(const Metric& metric);

// In place of ticks.
inline constexpr std::int64_t kNoTicks = -(std::int64_t{1} << 62), kBadTicks = kNoTicks + 1;

class MetricColumns {
 public:
  // Borrows all. InvalidArgument: a column is missing, there twice, or of a type that cannot be read.
  static absl::StatusOr<MetricColumns> Bind(const std::vector<const Metric*>& metrics, const Table& table);

  std::size_t size() const { return columns_.size(); }
  const Metric& metric(std::size_t index) const { return *columns_[index]->metric; }
  // -1: none of them.
  int Find(std::string_view id) const;
  // Of a number metric: as ItemOf().
  const AggregateItem& item(std::size_t index) const { return columns_[index]->item; }
  bool IsText(std::size_t index) const { return columns_[index]->reader == nullptr; }

  // Of a number metric: ticks of rows [row, row + n), n <= kAggregateTile; kNoTicks, kBadTicks.
  void ReadTicks(std::size_t index, std::int64_t row, int n, std::int64_t* out) const;
  // Of a text metric: false: there is none. A word that the metric does not list is bad.
  bool ReadWord(std::size_t index, std::int64_t row, std::string_view* word) const;
  bool IsBadWord(std::size_t index, std::int64_t row) const;
  // The words of a text column of few different ones, by code; empty: it is not kept so. Then Code(): -1 for none.
  const std::vector<std::string_view>& Words(std::size_t index) const { return columns_[index]->words; }
  std::int64_t Code(std::size_t index, std::int64_t row) const;

  // What is wrong with a value that was read as bad.
  std::string WhyBad(std::size_t index, std::int64_t row) const;

 private:
  struct Bound {
    const Metric* metric = nullptr;
    Column column;
    // Number metrics.
    AggregateItem item;
    ItemLayout layout;
    std::unique_ptr<ItemReader> reader;
    // Text metrics in a dictionary.
    std::vector<std::string_view> words;
    std::vector<bool> word_is_bad;
  };
  std::vector<std::unique_ptr<Bound>> columns_;
};

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_METRIC_COLUMNS_H_
