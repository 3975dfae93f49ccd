// Numbers the groups of rows by their keys.
#ifndef CSAT_SRC_MEASURE_GROUP_CODER_H_
#define CSAT_SRC_MEASURE_GROUP_CODER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "arrow/import.h"
#include "measure/byte_kernels.h"
#include "measure/number_table.h"

namespace csat {

// A key column, looked over once: its values are numbered 0 (null), 1, 2 ... below `bound`.
struct KeyColumn {
  const Column* column = nullptr;
  // kWide: values beyond any table, numbered as they come.
  enum class Kind { kInteger, kDictionary, kWide } kind = Kind::kInteger;
  std::int64_t least = 0;              // kInteger: the value numbered 1. kDictionary, in_order: 0.
  bool in_order = false;               // kDictionary: entry i is numbered i + 1.
  std::uint64_t bound = 1;             // kInteger, kDictionary.
  std::vector<std::uint32_t> entries;  // kDictionary: by index.
  std::vector<std::int64_t> first;     // kDictionary: an index of each number from 1 on.
};

class KeyColumns {
 public:
  // InvalidArgument: a type that is no key, a number beyond int64. Borrows the columns. `most_direct`: groups that a
  // table may have; `first_row`: what row 0 is called in messages.
  static absl::StatusOr<KeyColumns> Bind(const std::vector<Column>& columns, std::uint32_t most_direct,
                                         std::int64_t first_row);

  const std::vector<KeyColumn>& columns() const { return columns_; }
  // Groups that there can be; 0: too many for a table.
  std::uint32_t direct_groups() const { return direct_groups_; }

 private:
  std::vector<KeyColumn> columns_;
  std::uint32_t direct_groups_ = 1;
};

// The groups of one thread's rows.
class GroupCoder {
 public:
  explicit GroupCoder(const KeyColumns& keys)
      : keys_(keys), kernels_(FindByteKernels()), wide_(keys.columns().size()) {
    groups_ = keys.direct_groups();
  }

  // Groups of rows [row, row + n), n <= kAggregateTile.
  void Code(std::int64_t row, int n, std::uint32_t* groups);
  // There are no keys.
  bool has_one_group() const { return keys_.columns().empty(); }
  // Groups there are by now, some of them perhaps without a row.
  std::uint32_t groups() const { return groups_; }
  // The keys of a group, as key_bytes.h writes them.
  std::string KeyBytes(std::uint32_t group) const;

 private:
  // Values of a kWide column in the order of their numbers.
  struct WideValues {
    NumberTable index;
    std::vector<std::int64_t> number_of;
    std::vector<std::string_view> word_of;
  };
  void CodeColumn(std::size_t index, std::int64_t row, int n, std::uint32_t* out);
  void AppendColumnKey(std::size_t index, std::uint32_t code, std::string* out) const;

  const KeyColumns& keys_;
  const ByteKernels& kernels_;
  std::vector<WideValues> wide_;
  std::uint32_t groups_ = 1;
  // Not direct: the number of a group by its codes, and the codes by number.
  NumberTable by_codes_;
  std::vector<std::uint32_t> codes_;
};

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_GROUP_CODER_H_
