#include "arrow/import.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"

namespace csat {
namespace {

// A name of a foreign array as words of a message.
std::string Named(const char* text) { return text == nullptr ? "NULL" : Quoted(text); }

// What is being read, for messages: "column 'x'", "dictionary of column 'x'".
class Place {
 public:
  explicit Place(std::string words) : words_(std::move(words)) {}
  template <typename... Words>
  absl::Status Refuse(const Words&... what) const {
    return absl::InvalidArgumentError(absl::StrCat(words_, ": ", what...));
  }
  Place Part(const char* of) const { return Place(absl::StrCat(of, " of ", words_)); }

 private:
  std::string words_;
};

absl::Status CheckSchema(const Place& place, const ArrowSchema& schema) {
  if (schema.release == nullptr) return place.Refuse("the schema has been released");
  if (schema.format == nullptr) return place.Refuse("the schema has no format");
  if (schema.n_children < 0) return place.Refuse("the schema has ", schema.n_children, " children, below 0");
  if (schema.n_children > 0 && schema.children == nullptr) {
    return place.Refuse("the schema has ", schema.n_children, " children, but their list is NULL");
  }
  return absl::OkStatus();
}

// Everything that holds for an array of any type.
absl::Status CheckArray(const Place& place, const ArrowArray& array) {
  constexpr std::int64_t kMost = std::int64_t{1} << 48;
  if (array.release == nullptr) return place.Refuse("the array has been released");
  if (array.length < 0 || array.length > kMost)
    return place.Refuse("length ", array.length, " lies outside [0, 2^48]");
  if (array.offset < 0 || array.offset > kMost)
    return place.Refuse("offset ", array.offset, " lies outside [0, 2^48]");
  if (array.null_count < -1 || array.null_count > array.length) {
    return place.Refuse("null count ", array.null_count, " lies outside [-1, ", array.length, "]");
  }
  if (array.n_buffers < 0 || (array.n_buffers > 0 && array.buffers == nullptr)) {
    return place.Refuse("the array has ", array.n_buffers, " buffers, and their list is ",
                        array.buffers == nullptr ? "NULL" : "not");
  }
  if (array.n_children < 0 || (array.n_children > 0 && array.children == nullptr)) {
    return place.Refuse("the array has ", array.n_children, " children, and their list is ",
                        array.children == nullptr ? "NULL" : "not");
  }
  return absl::OkStatus();
}

std::int64_t CountSet(const std::uint8_t* bits, std::int64_t from, std::int64_t count) {
  std::int64_t set = 0;
  std::int64_t i = from;
  const std::int64_t end = from + count;
  for (; i < end && (i & 7) != 0; ++i) set += bits[i >> 3] >> (i & 7) & 1;
  for (; i + 64 <= end; i += 64) {
    std::uint64_t word;
    std::memcpy(&word, bits + (i >> 3), sizeof(word));
    set += __builtin_popcountll(word);
  }
  for (; i < end; ++i) set += bits[i >> 3] >> (i & 7) & 1;
  return set;
}

// The validity of the whole array against its null count; `column` receives it unless no row is null.
absl::Status ReadValidity(const Place& place, const ArrowArray& array, Column* column) {
  const auto* bits = static_cast<const std::uint8_t*>(array.buffers[0]);
  if (bits == nullptr) {
    if (array.null_count > 0) {
      return place.Refuse("null count ", array.null_count,
                          " without a validity buffer, where 0 is the limit");
    }
    return absl::OkStatus();
  }
  const std::int64_t nulls = array.length - CountSet(bits, array.offset, array.length);
  if (array.null_count != -1 && array.null_count != nulls) {
    return place.Refuse("null count ", array.null_count, ", but the validity buffer has ", nulls, " nulls");
  }
  if (nulls > 0) column->validity = bits;
  return absl::OkStatus();
}

struct Format {
  ColumnType type;
  int scale = 0;
};

// nullopt-like: false for a format that cannot be read here.
bool ReadFormat(std::string_view format, Format* out) {
  struct Named {
    std::string_view format;
    ColumnType type;
  };
  static constexpr Named kNamed[] = {
      {"n", ColumnType::kNull},       {"b", ColumnType::kBool},      {"c", ColumnType::kInt8},
      {"s", ColumnType::kInt16},      {"i", ColumnType::kInt32},     {"l", ColumnType::kInt64},
      {"C", ColumnType::kUInt8},      {"S", ColumnType::kUInt16},    {"I", ColumnType::kUInt32},
      {"L", ColumnType::kUInt64},     {"f", ColumnType::kFloat},     {"g", ColumnType::kDouble},
      {"u", ColumnType::kText},       {"U", ColumnType::kLargeText}, {"vu", ColumnType::kTextView},
      {"tdD", ColumnType::kDate32},   {"tdm", ColumnType::kDate64},  {"+l", ColumnType::kList},
      {"+L", ColumnType::kLargeList},
  };
  for (const Named& named : kNamed) {
    if (named.format == format) {
      out->type = named.type;
      return true;
    }
  }
  if (format.size() >= 4 && format.substr(0, 2) == "ts" && format[3] == ':') {
    out->type = ColumnType::kTimestamp;
    return std::string_view("smun").find(format[2]) != std::string_view::npos;
  }
  // d:precision,scale or d:precision,scale,128
  if (format.substr(0, 2) != "d:") return false;
  int fields[3] = {0, 0, 128};
  int count = 0;
  std::size_t i = 2;
  while (count < 3) {
    bool negative = false;
    if (i < format.size() && format[i] == '-') {
      negative = true;
      ++i;
    }
    const std::size_t from = i;
    int value = 0;
    for (; i < format.size() && format[i] >= '0' && format[i] <= '9' && i - from < 4; ++i)
      value = value * 10 + (format[i] - '0');
    if (i == from) return false;
    fields[count++] = negative ? -value : value;
    if (i == format.size()) break;
    if (format[i++] != ',') return false;
  }
  if (i != format.size() || count < 2 || format.back() == ',') return false;
  if (fields[0] < 1 || fields[0] > 38 || fields[1] < -38 || fields[1] > 38 || fields[2] != 128) return false;
  out->type = ColumnType::kDecimal128;
  out->scale = fields[1];
  return true;
}

template <typename T>
std::int64_t LargestIndex(const void* values, std::int64_t offset, std::int64_t length, bool* negative) {
  T largest = 0, least = 0;
  for (std::int64_t i = 0; i < length; ++i) {
    const T index = LoadValue<T>(values, offset + i);
    least = index < least ? index : least;
    largest = index > largest ? index : largest;
  }
  *negative = least < 0;
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(static_cast<std::uint64_t>(largest), kMost));
}

absl::Status CheckIndices(const Place& place, const Column& column) {
  const std::int64_t words = column.of->length;
  bool negative = false;
  std::int64_t largest = 0;
  switch (column.index_type) {
    case ColumnType::kInt8:
      largest = LargestIndex<std::int8_t>(column.values, column.offset, column.length, &negative);
      break;
    case ColumnType::kInt16:
      largest = LargestIndex<std::int16_t>(column.values, column.offset, column.length, &negative);
      break;
    case ColumnType::kInt32:
      largest = LargestIndex<std::int32_t>(column.values, column.offset, column.length, &negative);
      break;
    case ColumnType::kInt64:
      largest = LargestIndex<std::int64_t>(column.values, column.offset, column.length, &negative);
      break;
    case ColumnType::kUInt8:
      largest = LargestIndex<std::uint8_t>(column.values, column.offset, column.length, &negative);
      break;
    case ColumnType::kUInt16:
      largest = LargestIndex<std::uint16_t>(column.values, column.offset, column.length, &negative);
      break;
    case ColumnType::kUInt32:
      largest = LargestIndex<std::uint32_t>(column.values, column.offset, column.length, &negative);
      break;
    default:
      largest = LargestIndex<std::uint64_t>(column.values, column.offset, column.length, &negative);
      break;
  }
  if (!negative && largest < words) return absl::OkStatus();
  // A null row may hold any index: look which rows count.
  for (std::int64_t row = 0; row < column.length; ++row) {
    if (!column.HasValue(row)) continue;
    const std::int64_t index = column.DictionaryIndex(row);
    if (index < 0 || index >= words) {
      return place.Refuse("index ", index, " of row ", row, " lies outside the dictionary of ", words,
                          " values");
    }
  }
  return absl::OkStatus();
}

bool ValidUtf8(std::string_view text) {
  while (!text.empty()) {
    if (text.size() >= 8) {
      std::uint64_t word;
      std::memcpy(&word, text.data(), sizeof(word));
      if ((word & 0x8080808080808080u) == 0) {
        text.remove_prefix(8);
        continue;
      }
    }
    const std::size_t length = Utf8Length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

// Offsets rise, and what they cut out of `bytes` is UTF-8.
template <typename T>
absl::Status CheckOffsets(const Place& place, const Column& column, bool text) {
  const std::int64_t first = LoadValue<T>(column.offsets, column.offset);
  std::int64_t before = first;
  if (first < 0) return place.Refuse("offset ", first, " of row 0 is below 0");
  for (std::int64_t row = 0; row < column.length; ++row) {
    const std::int64_t next = LoadValue<T>(column.offsets, column.offset + row + 1);
    if (next < before)
      return place.Refuse("row ", row, " ends at offset ", next, ", before its begin ", before);
    before = next;
  }
  if (!text || before == first) return absl::OkStatus();
  const char* bytes = static_cast<const char*>(column.values);
  if (bytes == nullptr) return place.Refuse("the data buffer is NULL for ", before, " bytes");
  // Valid as a whole and cut between characters only: valid in each part.
  bool valid = ValidUtf8({bytes + first, static_cast<std::size_t>(before - first)});
  for (std::int64_t row = 0; valid && row < column.length; ++row) {
    const std::int64_t begin = LoadValue<T>(column.offsets, column.offset + row);
    valid = begin == before || (static_cast<unsigned char>(bytes[begin]) & 0xC0) != 0x80;
  }
  if (valid) return absl::OkStatus();
  for (std::int64_t row = 0; row < column.length; ++row) {
    if (column.HasValue(row) && !ValidUtf8(column.Text(row)))
      return place.Refuse("row ", row, " is not UTF-8");
  }
  return absl::OkStatus();
}

absl::Status CheckTextViews(const Place& place, const ArrowArray& array, const Column& column) {
  const std::int64_t data_buffers = array.n_buffers - 3;
  const void* sizes = array.buffers[array.n_buffers - 1];
  if (data_buffers > 0 && sizes == nullptr)
    return place.Refuse("the buffer of the sizes of its ", data_buffers, " data buffers is NULL");
  for (std::int64_t row = 0; row < column.length; ++row) {
    if (!column.HasValue(row)) continue;
    const char* view = static_cast<const char*>(column.values) + (column.offset + row) * 16;
    const std::int32_t size = LoadValue<std::int32_t>(view, 0);
    if (size < 0) return place.Refuse("row ", row, " has ", size, " bytes, below 0");
    if (size > 12) {
      const std::int32_t buffer = LoadValue<std::int32_t>(view, 2), at = LoadValue<std::int32_t>(view, 3);
      if (buffer < 0 || buffer >= data_buffers) {
        return place.Refuse("row ", row, " lies in data buffer ", buffer, " of ", data_buffers);
      }
      const std::int64_t held = LoadValue<std::int64_t>(sizes, buffer);
      if (at < 0 || std::int64_t{at} + size > held || array.buffers[2 + buffer] == nullptr) {
        return place.Refuse("row ", row, " ends at byte ", std::int64_t{at} + size, " of a data buffer of ",
                            held);
      }
    }
    if (!ValidUtf8(column.Text(row))) return place.Refuse("row ", row, " is not UTF-8");
  }
  return absl::OkStatus();
}

std::int64_t BuffersOf(ColumnType type) {
  switch (type) {
    case ColumnType::kNull: return 0;
    case ColumnType::kText:
    case ColumnType::kLargeText: return 3;
    default: return 2;
  }
}

enum class Allowed { kAny, kDictionaryValues, kListItems };

absl::StatusOr<Column> ReadColumn(const Place& place, const ArrowSchema& schema, const ArrowArray& array,
                                  Allowed allowed);

absl::Status ReadList(const Place& place, const ArrowSchema& schema, const ArrowArray& array,
                      Column* column) {
  if (schema.n_children != 1 || array.n_children != 1 || schema.children[0] == nullptr ||
      array.children[0] == nullptr) {
    return place.Refuse("a list has 1 child, not ", array.n_children);
  }
  column->values = nullptr;
  if (column->length > 0 && column->offsets == nullptr)
    return place.Refuse("the offsets are NULL for ", column->length, " rows");
  absl::StatusOr<Column> items =
      ReadColumn(place.Part("items"), *schema.children[0], *array.children[0], Allowed::kListItems);
  if (!items.ok()) return items.status();
  if (column->length > 0) {
    const absl::Status rising = column->type == ColumnType::kList
                                    ? CheckOffsets<std::int32_t>(place, *column, false)
                                    : CheckOffsets<std::int64_t>(place, *column, false);
    if (!rising.ok()) return rising;
    std::int64_t from = 0, to = 0;
    for (std::int64_t row = 0; row < column->length; ++row) {
      column->ListRange(row, &from, &to);
      column->longest = std::max(column->longest, to - from);
    }
    if (to > items->length) return place.Refuse("the last row ends at item ", to, " of ", items->length);
  }
  column->of = std::make_shared<const Column>(*std::move(items));
  return absl::OkStatus();
}

absl::StatusOr<Column> ReadColumn(const Place& place, const ArrowSchema& schema, const ArrowArray& array,
                                  Allowed allowed) {
  if (absl::Status status = CheckSchema(place, schema); !status.ok()) return status;
  if (absl::Status status = CheckArray(place, array); !status.ok()) return status;
  Format format;
  if (!ReadFormat(schema.format, &format)) {
    return place.Refuse("format ", Named(schema.format),
                        " is none of numbers, bool, decimal128, text, dates, lists of numbers");
  }
  if ((schema.dictionary == nullptr) != (array.dictionary == nullptr)) {
    return place.Refuse(schema.dictionary == nullptr ? "the array has a dictionary, the schema has none"
                                                     : "the schema has a dictionary, the array has none");
  }
  const bool list = format.type == ColumnType::kList || format.type == ColumnType::kLargeList;
  if (list && allowed != Allowed::kAny)
    return place.Refuse("format ", Named(schema.format), " is nested deeper than 1 list");
  if (!list && (schema.n_children != 0 || array.n_children != 0)) {
    return place.Refuse("format ", Named(schema.format), " has ",
                        std::max(schema.n_children, array.n_children), " children, where 0 is the limit");
  }
  const std::int64_t buffers = list ? 2 : BuffersOf(format.type);
  // Arrow's nulls had a validity bitmap once, and some libraries write one still: it says nothing.
  const bool old_nulls = format.type == ColumnType::kNull && array.n_buffers == 1;
  if (format.type == ColumnType::kTextView ? array.n_buffers < 3 : array.n_buffers != buffers && !old_nulls) {
    return place.Refuse("format ", Named(schema.format), " has ", buffers, " buffers, not ", array.n_buffers);
  }

  Column column;
  column.type = format.type;
  column.scale = format.scale;
  column.length = array.length;
  column.offset = array.offset;
  if (format.type != ColumnType::kNull) {
    if (absl::Status status = ReadValidity(place, array, &column); !status.ok()) return status;
    column.values = array.buffers[1];
  }
  if (schema.dictionary != nullptr) {
    if (allowed != Allowed::kAny) return place.Refuse("a dictionary within a dictionary or list");
    if (!IsInteger(format.type))
      return place.Refuse("format ", Named(schema.format), " of the indices is not an integer");
    column.type = ColumnType::kDictionary;
    column.index_type = format.type;
    absl::StatusOr<Column> words = ReadColumn(place.Part("dictionary"), *schema.dictionary, *array.dictionary,
                                              Allowed::kDictionaryValues);
    if (!words.ok()) return words.status();
    column.of = std::make_shared<const Column>(*std::move(words));
  }
  if (list || IsText(format.type)) {
    if (format.type != ColumnType::kTextView) column.offsets = array.buffers[1];
    if (format.type == ColumnType::kText || format.type == ColumnType::kLargeText)
      column.values = array.buffers[2];
    if (format.type == ColumnType::kTextView) column.variadic = array.buffers + 2;
  }
  if (list) {
    if (absl::Status status = ReadList(place, schema, array, &column); !status.ok()) return status;
    return column;
  }
  if (column.length == 0 || format.type == ColumnType::kNull) return column;
  if (array.buffers[1] == nullptr) {
    return place.Refuse("buffer 1 (values or offsets) is NULL for ", column.length, " rows");
  }
  absl::Status status;
  if (column.type == ColumnType::kDictionary) status = CheckIndices(place, column);
  if (column.type == ColumnType::kText) status = CheckOffsets<std::int32_t>(place, column, true);
  if (column.type == ColumnType::kLargeText) status = CheckOffsets<std::int64_t>(place, column, true);
  if (column.type == ColumnType::kTextView) status = CheckTextViews(place, array, column);
  if (!status.ok()) return status;
  return column;
}

}  // namespace

bool IsInteger(ColumnType type) { return type >= ColumnType::kInt8 && type <= ColumnType::kUInt64; }
bool IsText(ColumnType type) { return type >= ColumnType::kText && type <= ColumnType::kTextView; }

int WidthOf(ColumnType type) {
  switch (type) {
    case ColumnType::kInt8:
    case ColumnType::kUInt8: return 1;
    case ColumnType::kInt16:
    case ColumnType::kUInt16: return 2;
    case ColumnType::kInt32:
    case ColumnType::kUInt32:
    case ColumnType::kFloat:
    case ColumnType::kDate32: return 4;
    case ColumnType::kInt64:
    case ColumnType::kUInt64:
    case ColumnType::kDouble:
    case ColumnType::kDate64:
    case ColumnType::kTimestamp: return 8;
    case ColumnType::kDecimal128:
    case ColumnType::kTextView: return 16;
    default: return 0;
  }
}

std::int64_t Column::DictionaryIndex(std::int64_t row) const {
  const std::int64_t at = offset + row;
  switch (index_type) {
    case ColumnType::kInt8: return LoadValue<std::int8_t>(values, at);
    case ColumnType::kInt16: return LoadValue<std::int16_t>(values, at);
    case ColumnType::kInt32: return LoadValue<std::int32_t>(values, at);
    case ColumnType::kUInt8: return LoadValue<std::uint8_t>(values, at);
    case ColumnType::kUInt16: return LoadValue<std::uint16_t>(values, at);
    case ColumnType::kUInt32: return LoadValue<std::uint32_t>(values, at);
    default:
      return LoadValue<std::int64_t>(values,
                                     at);  // A uint64 beyond int64 reads as below 0: out of range either way.
  }
}

std::string_view Column::Text(std::int64_t row) const {
  const std::int64_t at = offset + row;
  if (type == ColumnType::kTextView) {
    const char* view = static_cast<const char*>(values) + at * 16;
    const std::int32_t size = LoadValue<std::int32_t>(view, 0);
    if (size <= 12) return {view + 4, static_cast<std::size_t>(size)};
    const char* bytes = static_cast<const char*>(variadic[LoadValue<std::int32_t>(view, 2)]);
    return {bytes + LoadValue<std::int32_t>(view, 3), static_cast<std::size_t>(size)};
  }
  std::int64_t from, to;
  if (type == ColumnType::kText) {
    from = LoadValue<std::int32_t>(offsets, at);
    to = LoadValue<std::int32_t>(offsets, at + 1);
  } else {
    from = LoadValue<std::int64_t>(offsets, at);
    to = LoadValue<std::int64_t>(offsets, at + 1);
  }
  if (from == to) return {};
  return {static_cast<const char*>(values) + from, static_cast<std::size_t>(to - from)};
}

void Column::ListRange(std::int64_t row, std::int64_t* from, std::int64_t* to) const {
  const std::int64_t at = offset + row;
  if (type == ColumnType::kList) {
    *from = LoadValue<std::int32_t>(offsets, at);
    *to = LoadValue<std::int32_t>(offsets, at + 1);
  } else {
    *from = LoadValue<std::int64_t>(offsets, at);
    *to = LoadValue<std::int64_t>(offsets, at + 1);
  }
}

absl::StatusOr<Table> Table::Import(const ArrowSchema& schema, const ArrowArray& array) {
  const Place place("table");
  if (absl::Status status = CheckSchema(place, schema); !status.ok()) return status;
  if (absl::Status status = CheckArray(place, array); !status.ok()) return status;
  if (std::string_view(schema.format) != "+s")
    return place.Refuse("format ", Named(schema.format), " is not '+s', a struct");
  if (schema.dictionary != nullptr || array.dictionary != nullptr)
    return place.Refuse("a struct has no dictionary");
  if (array.n_buffers != 1) return place.Refuse("a struct has 1 buffer, not ", array.n_buffers);
  if (schema.n_children != array.n_children) {
    return place.Refuse("the schema has ", schema.n_children, " columns, the array has ", array.n_children);
  }
  Column whole;
  if (absl::Status status = ReadValidity(place, array, &whole); !status.ok()) return status;
  if (whole.validity != nullptr) {
    whole.type = ColumnType::kBool;
    whole.offset = array.offset;
    std::int64_t row = 0;
    while (whole.HasValue(row)) ++row;
    return place.Refuse("row ", row, " is null as a whole; a row has columns that are null, or is not there");
  }
  for (std::int64_t i = 0; i < array.n_children; ++i) {
    if (schema.children[i] == nullptr || array.children[i] == nullptr)
      return place.Refuse("column ", i, " is NULL");
    const Place column(absl::StrCat("column ", Named(schema.children[i]->name)));
    if (absl::Status status = CheckSchema(column, *schema.children[i]); !status.ok()) return status;
    if (absl::Status status = CheckArray(column, *array.children[i]); !status.ok()) return status;
    if (array.children[i]->length < array.offset + array.length) {
      return column.Refuse("length ", array.children[i]->length, " is below the table's offset + rows, ",
                           array.offset + array.length);
    }
  }
  return Table(schema, array, array.length);
}

std::int64_t Table::Find(std::string_view name) const {
  std::int64_t found = -1;
  for (std::int64_t i = 0; i < schema_->n_children; ++i) {
    const char* own = schema_->children[i]->name;
    if (own == nullptr || name != own) continue;
    if (found >= 0) return -2;
    found = i;
  }
  return found;
}

absl::StatusOr<Column> Table::View(std::int64_t index) const {
  const ArrowSchema& schema = *schema_->children[index];
  const ArrowArray& array = *array_->children[index];
  absl::StatusOr<Column> column =
      ReadColumn(Place(absl::StrCat("column ", Named(schema.name))), schema, array, Allowed::kAny);
  if (!column.ok()) return column;
  column->name = schema.name == nullptr ? "" : schema.name;
  column->offset += array_->offset;
  column->length = rows_;
  return column;
}

}  // namespace csat
