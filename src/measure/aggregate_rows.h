// The aggregate of a range of rows, by groups numbered as they come.
#ifndef CSAT_SRC_MEASURE_AGGREGATE_ROWS_H_
#define CSAT_SRC_MEASURE_AGGREGATE_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "arrow/export.h"
#include "measure/aggregate_layout.h"
#include "measure/byte_kernels.h"
#include "measure/group_coder.h"
#include "measure/item_reader.h"
#include "measure/level_kernels.h"
#include "measure/next_tile.h"
#include "measure/product_sums.h"

namespace csat {

// What is the same for all threads of one call.
struct BoundItems {
  std::vector<ItemReader> readers;  // By item.
  std::int64_t first_row = 0;       // What row 0 is called in messages.
};

class AggregateRows {
 public:
  // Borrows all three. `refuse`: bad rows are kept out; otherwise the first one ends the work.
  AggregateRows(const AggregateLayout& layout, const BoundItems& items, const KeyColumns& keys, bool refuse);

  // At most 2^31 rows in all. InvalidArgument: the first bad row; ResourceExhausted: no memory.
  absl::Status Add(std::int64_t from, std::int64_t to);

  // Groups are 1 to groups(); some may have no row.
  std::uint32_t groups() const { return allocated_ == 0 ? 0 : coder_.groups(); }
  std::int64_t Rows(std::uint32_t group) const { return level_counts_[group * level_stride_]; }
  std::int64_t refused() const { return refused_; }
  std::string KeyBytes(std::uint32_t group) const { return coder_.KeyBytes(group - 1); }
  // Adds the numbers of a group.
  void AddTo(std::uint32_t group, std::int64_t* counts, absl::int128* sums, std::int64_t* partial) const;
  bool has_partial() const { return !partial_.empty(); }

 private:
  struct SumState {
    std::int64_t answers = 0;
    absl::int128 sum = 0, squares = 0;  // Of ticks.
  };
  // Of a set, by columns.
  struct SetProducts {
    std::uint32_t group = 0;                    // Of what `complete` keeps back; 0: nothing.
    std::int64_t rows = 0;                      // That are complete.
    std::optional<ProductSums> complete;        // Of these.
    std::optional<ProductSums> pairs, crossed;  // Of one tile.
  };
  // true: some value is bad.
  bool ReadTile(std::int64_t row, int n);
  // Fills groups_. The group of all rows of the tile; 0: they have several, or all were kept out.
  std::uint32_t CodeTile(std::int64_t row, int n);
  absl::Status DropBadRows(std::int64_t row, int n);
  bool Grow();
  void CountLevels(int n);
  void CountByRow(int n);
  void CountByColumn(int n, std::uint32_t group);
  void AddSums(int n);
  void AddSet(std::size_t set, int n, std::uint32_t one_group);
  void AddSetByColumns(std::size_t set, int n, std::uint32_t group);
  void AddSetByRows(std::size_t set, int n);
  // What AddSetByColumns keeps back, which is all of one group.
  void FinishSet(std::size_t set);
  void Flush(std::uint32_t group);

  const AggregateLayout& layout_;
  const BoundItems& items_;
  const bool refuse_;
  GroupCoder coder_;
  CountLanes lanes_kernel_ = nullptr;
  const ByteKernels& byte_kernels_;

  // Items with levels and their place among the counts of a group: rows, levels of each, and one for what is none.
  std::vector<int> level_items_, sum_items_;
  std::vector<std::uint32_t> level_slots_;  // By level item.
  std::size_t level_stride_ = 0;
  std::vector<std::uint32_t> level_counts_;
  std::vector<SumState> sum_states_;  // [group * sum_items_ + i]
  std::vector<std::int64_t> joint_, partial_;
  std::size_t joint_stride_ = 0;
  std::vector<std::size_t> joint_offset_;  // By set.
  std::vector<SetProducts> set_products_;  // By set.

  // Lanes, where the kernel serves: level items in blocks of 64 would be rare, so that only one block is made.
  std::vector<std::uint8_t> lane_from_, lane_level_;
  LevelLanes lanes_{};
  Buffer lane_memory_;

  NextTile next_;
  // The tile.
  struct alignas(64) Line {
    std::uint8_t of[64];
  };
  std::vector<Line> code_lines_;
  std::vector<std::uint8_t*> codes_;  // By level item: a column of the tile.
  std::vector<int> code_flags_;       // By level item: kSomeNone where rows have no answer.
  std::vector<std::int64_t> steps_;   // [sum item * kAggregateTile + row]
  std::vector<std::uint32_t> groups_;
  std::ptrdiff_t one_group_rows_ = 0;  // Of groups_, that are known to be kFirstGroup.
  std::vector<std::uint8_t> dropped_;  // 1: the row is kept out.
  bool any_dropped_ = false;
  std::uint32_t allocated_ = 0;
  std::int64_t refused_ = 0;
};

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_AGGREGATE_ROWS_H_
