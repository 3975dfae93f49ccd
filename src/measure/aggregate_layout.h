// Where the numbers of a group's state lie.
#ifndef CSAT_SRC_MEASURE_AGGREGATE_LAYOUT_H_
#define CSAT_SRC_MEASURE_AGGREGATE_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "csat/measure/aggregates.h"

namespace csat {

// Items of more ticks than this keep sums.
inline constexpr std::int64_t kMostLevels = 250;

struct ItemLayout {
  std::int64_t low = 0, high = 0, unit = 1;  // Ticks; ticks of 1.
  std::vector<std::int64_t> missing;         // Ticks.
  int levels = 0;                            // 0: the item keeps sums.
  // In the counts of a group: the count of the first level, or the count of answers.
  std::size_t counts = 0;
  // In the sums of a group, without levels: the sum of ticks, then that of their squares.
  std::size_t sums = 0;
};

// Positions of a symmetric matrix of k rows, kept as its upper triangle row by row.
inline std::size_t Triangle(int k) {
  return static_cast<std::size_t>(k) * static_cast<std::size_t>(k + 1) / 2;
}
inline std::size_t TriangleIndex(int k, int i, int j) {
  if (i > j) std::swap(i, j);
  return static_cast<std::size_t>(i) * static_cast<std::size_t>(2 * k - i + 1) / 2 +
         static_cast<std::size_t>(j - i);
}

// Joint sums are kept of steps above the least tick of an item, which are not negative.
struct SetLayout {
  std::vector<int> items;
  // In the counts of a group: rows complete in the set, k sums, Triangle(k) products.
  std::size_t complete = 0;
  // In the partial block of a group, over the other rows: for each pair i <= j the rows with both, k * k sums of i and
  // k * k sums of the squares of i over the rows with i and j, for each pair the products.
  std::size_t partial = 0;
  int k() const { return static_cast<int>(items.size()); }
  std::size_t partial_sums() const { return partial + Triangle(k()); }
  std::size_t partial_squares() const { return partial_sums() + items.size() * items.size(); }
  std::size_t partial_products() const { return partial_squares() + items.size() * items.size(); }
};

class AggregateLayout {
 public:
  static absl::StatusOr<AggregateLayout> Create(AggregateSpec spec);

  const AggregateSpec& spec() const { return spec_; }
  const std::vector<ItemLayout>& items() const { return items_; }
  const std::vector<SetLayout>& sets() const { return sets_; }
  // Numbers of a group: counts (the first is the number of rows), sums, and the partial block.
  std::size_t counts() const { return counts_; }
  std::size_t sums() const { return sums_; }
  std::size_t partial() const { return partial_; }
  // Rows of all groups at most: no number of a group can pass its bits.
  std::int64_t most_rows() const { return most_rows_; }

 private:
  absl::Status AddItem(const AggregateItem& item);
  absl::Status AddSet(const AggregateItemSet& set);

  AggregateSpec spec_;
  std::vector<ItemLayout> items_;
  std::vector<SetLayout> sets_;
  std::size_t counts_ = 1, sums_ = 0, partial_ = 0;
  std::int64_t most_rows_ = std::int64_t{1} << 40;
};

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_AGGREGATE_LAYOUT_H_
