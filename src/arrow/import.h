// Read-only views of foreign Arrow arrays. What the format lets one check is checked before anything is read:
// lengths, offsets, null counts, buffers, indices, UTF-8. What it does not (the size of a buffer) is the word of
// the producer.
#ifndef CSAT_SRC_ARROW_IMPORT_H_
#define CSAT_SRC_ARROW_IMPORT_H_

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "arrow/column_type.h"
#include "csat/arrow/c_data.h"

namespace csat {

// One column of a table. The buffers are borrowed from the array, which has to outlive the view. Row r lies at
// index offset + r of each buffer.
struct Column {
  ColumnType type = ColumnType::kNull;
  std::string name;
  std::int64_t length = 0;
  std::int64_t offset = 0;
  // Bit offset + r is 1 where row r has a value; nullptr: every row has one (kNull: none has).
  const std::uint8_t* validity = nullptr;
  // Numbers, bits (kBool), indices (kDictionary), bytes (texts), views (kTextView); nullptr only if none is read.
  const void* values = nullptr;
  // int32 (kText, kList) or int64 (kLargeText, kLargeList).
  const void* offsets = nullptr;
  const void* const* variadic = nullptr;      // kTextView: the data buffers.
  int scale = 0;                              // kDecimal128: decimal places, -38..38.
  ColumnType index_type = ColumnType::kNull;  // kDictionary: an integer type.
  // kDictionary: the words. Lists: the items, with offsets counted from the item view's own row 0.
  std::shared_ptr<const Column> of;
  // Lists: items of the longest row.
  std::int64_t longest = 0;

  bool HasValue(std::int64_t row) const {
    if (validity == nullptr) return type != ColumnType::kNull;
    const std::int64_t bit = offset + row;
    return (validity[bit >> 3] >> (bit & 7) & 1) != 0;
  }
  // kDictionary, row has a value: index into *of.
  std::int64_t DictionaryIndex(std::int64_t row) const;
  // Text types, row has a value.
  std::string_view Text(std::int64_t row) const;
  // kDecimal128, row has a value: in units of its last place.
  absl::int128 Decimal128(std::int64_t row) const;
  // Lists: items [from, to) of *of.
  void ListRange(std::int64_t row, std::int64_t* from, std::int64_t* to) const;
};

bool IsInteger(ColumnType type);
bool IsText(ColumnType type);
// Bytes of one value; 0 where they have none of their own.
int WidthOf(ColumnType type);

// A value of a primitive buffer, wherever it is aligned.
template <typename T>
T LoadValue(const void* values, std::int64_t index) {
  T value;
  std::memcpy(&value, static_cast<const char*>(values) + index * static_cast<std::int64_t>(sizeof(T)),
              sizeof(T));
  return value;
}

inline absl::int128 Column::Decimal128(std::int64_t row) const {
  const std::int64_t at = 2 * (offset + row);
  return absl::MakeInt128(LoadValue<std::int64_t>(values, at + 1), LoadValue<std::uint64_t>(values, at));
}

// The columns of a struct array. Borrows both.
class Table {
 public:
  // InvalidArgument: released, not a struct, schema and array that do not fit, children shorter than the rows
  // say, a row that is null as a whole.
  static absl::StatusOr<Table> Import(const ArrowSchema& schema, const ArrowArray& array);

  std::int64_t rows() const { return rows_; }
  // -1: no column has this name. -2: several have it.
  std::int64_t Find(std::string_view name) const;
  // A view of column `index`, all of it checked. InvalidArgument: a type that cannot be read here, or what the
  // head of this file lists.
  absl::StatusOr<Column> View(std::int64_t index) const;

 private:
  Table(const ArrowSchema& schema, const ArrowArray& array, std::int64_t rows)
      : schema_(&schema), array_(&array), rows_(rows) {}
  const ArrowSchema* schema_;
  const ArrowArray* array_;
  std::int64_t rows_;
};

}  // namespace csat

#endif  // CSAT_SRC_ARROW_IMPORT_H_
