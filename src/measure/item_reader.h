// Reads the column of an item, tile by tile: as steps above the least tick of its range.
#ifndef CSAT_SRC_MEASURE_ITEM_READER_H_
#define CSAT_SRC_MEASURE_ITEM_READER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "arrow/import.h"
#include "measure/aggregate_layout.h"

namespace csat {

// Rows that are worked on together.
inline constexpr int kAggregateTile = 2048;

// In place of steps.
inline constexpr std::uint8_t kNoAnswer = 255, kBadValue = 254;        // Items with levels.
inline constexpr std::int64_t kNoAnswerStep = -1, kBadValueStep = -2;  // Items with sums.

inline constexpr int kSomeBad = 1, kSomeNone = 2;

class ItemReader {
 public:
  // InvalidArgument: a type that holds no figures. Borrows all three.
  static absl::StatusOr<ItemReader> Bind(const AggregateItem& item, const ItemLayout& layout,
                                         const Column& column);

  // Steps of rows [row, row + n), n <= kAggregateTile, of an item with levels. Bits of what is among them.
  int ReadLevels(std::int64_t row, int n, std::uint8_t* out) const;
  // The same of an item with sums.
  int ReadSteps(std::int64_t row, int n, std::int64_t* out) const;
  // What is wrong with the value of a row that was read as bad.
  std::string WhyBad(std::int64_t row) const;
  const Column& column() const { return *column_; }

 private:
  ItemReader(const AggregateItem& item, const ItemLayout& layout, const Column& column)
      : item_(&item), layout_(&layout), column_(&column) {}
  std::int64_t StepOfTicks(std::int64_t ticks) const;
  // An exact item takes a float as the shortest decimal that reads as it: 0.1f is on a grid of tenths.
  template <typename T>
  std::int64_t StepOfReal(T value) const;
  std::int64_t StepOfInteger(std::int64_t value) const;
  std::int64_t StepOfWord(std::string_view word) const;
  std::int64_t Step(const Column& column, std::int64_t row) const;
  // Whether a real or a decimal is in the range of the item.
  bool LiesWithin(const Column& values, std::int64_t at) const;

  const AggregateItem* item_;
  const ItemLayout* layout_;
  const Column* column_;
  std::vector<std::int64_t> entries_;  // By entry of a dictionary.
};

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_ITEM_READER_H_
