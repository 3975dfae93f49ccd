// Tables of groups: their keys as columns, and columns of figures beside them.
#ifndef CSAT_SRC_MEASURE_GROUP_TABLE_H_
#define CSAT_SRC_MEASURE_GROUP_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "arrow/export.h"
#include "csat/measure/aggregates.h"
#include "csat/measure/estimate.h"

namespace csat {

absl::Status NoMemoryForTable();

// A column of T for `rows` rows; all of them have to be set. Nulls where Clear() says so.
template <typename T>
class TypedColumn {
 public:
  TypedColumn(std::string name, const char* format, std::size_t rows, bool nullable) {
    column_.name = std::move(name);
    column_.format = format;
    column_.length = static_cast<std::int64_t>(rows);
    column_.nullable = nullable;
    column_.values = Buffer::Allocate(rows * sizeof(T));
    if (!nullable) return;
    column_.validity = Buffer::Allocate((rows + 7) / 8);
    if (ok()) std::memset(column_.validity.data(), 0xFF, column_.validity.size());
  }
  bool ok() const {
    return column_.values.data() != nullptr && (!column_.nullable || column_.validity.data() != nullptr);
  }
  void Set(std::size_t row, T value) { column_.values.template as<T>()[row] = value; }
  void Clear(std::size_t row) {
    Set(row, T{});
    std::uint8_t& byte = column_.validity.template as<std::uint8_t>()[row >> 3];
    byte = static_cast<std::uint8_t>(byte & ~(1 << (row & 7)));
    ++column_.null_count;
  }
  OutColumn Take() {
    if (column_.null_count == 0) column_.validity = Buffer();
    return std::move(column_);
  }

 private:
  OutColumn column_;
};

struct Decimal128 {
  std::int64_t low = 0, high = 0;
};

void SetEstimate(const Estimate& estimate, std::size_t row, TypedColumn<double>* column);

// The columns of keys; row r of them is of group groups[r].
class KeyTable {
 public:
  explicit KeyTable(const Aggregates& aggregates);

  // OutOfRange: the words of a key are too long.
  absl::Status AddTo(const std::vector<std::size_t>& groups, std::vector<OutColumn>* out) const;

 private:
  std::size_t TypeOf(std::size_t column) const;
  template <typename T, typename Read>
  absl::Status AddNumbers(std::size_t column, const char* format, const std::vector<std::size_t>& groups,
                          std::vector<OutColumn>* out, Read read) const;
  absl::Status AddBits(std::size_t column, const std::vector<std::size_t>& groups,
                       std::vector<OutColumn>* out) const;
  absl::Status AddWords(std::size_t column, const std::vector<std::size_t>& groups,
                        std::vector<OutColumn>* out) const;

  const std::vector<std::string>& by_;
  std::vector<std::vector<AggregateKey>> keys_;
};

// Hands out a table whose first `keys` columns are keys. InvalidArgument: a key has the name of another column.
absl::Status FinishTable(std::vector<OutColumn> columns, std::size_t keys, std::size_t rows,
                         ArrowSchema* schema, ArrowArray* array);

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_GROUP_TABLE_H_
