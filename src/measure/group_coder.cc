#include "measure/group_coder.h"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "csat/model/calendar.h"
#include "csat/model/foreign_text.h"
#include "measure/item_reader.h"
#include "measure/key_bytes.h"

namespace csat {
namespace {

constexpr std::uint64_t kMostSpan = 1 << 16;

bool IsDay(ColumnType type) { return type == ColumnType::kDate32; }
bool IsNumber(ColumnType type) { return IsInteger(type) || type == ColumnType::kBool || IsDay(type); }

template <typename T>
std::int64_t Load(const Column& column, std::int64_t row) {
  return static_cast<std::int64_t>(LoadValue<T>(column.values, column.offset + row));
}

std::int64_t NumberOf(const Column& column, std::int64_t row) {
  switch (column.type) {
    case ColumnType::kInt8: return Load<std::int8_t>(column, row);
    case ColumnType::kInt16: return Load<std::int16_t>(column, row);
    case ColumnType::kInt32:
    case ColumnType::kDate32: return Load<std::int32_t>(column, row);
    case ColumnType::kInt64: return Load<std::int64_t>(column, row);
    case ColumnType::kUInt8: return Load<std::uint8_t>(column, row);
    case ColumnType::kUInt16: return Load<std::uint16_t>(column, row);
    case ColumnType::kUInt32: return Load<std::uint32_t>(column, row);
    case ColumnType::kUInt64: return Load<std::uint64_t>(column, row);
    default: {
      const std::int64_t bit = column.offset + row;
      return static_cast<const std::uint8_t*>(column.values)[bit >> 3] >> (bit & 7) & 1;
    }
  }
}

template <typename T>
void RangeOf(const Column& column, std::int64_t* least, std::int64_t* most) {
  T low = std::numeric_limits<T>::max(), high = std::numeric_limits<T>::min();
  if (column.validity == nullptr) {
    for (std::int64_t row = 0; row < column.length; ++row) {
      const T value = LoadValue<T>(column.values, column.offset + row);
      low = value < low ? value : low;
      high = value > high ? value : high;
    }
  } else {
    for (std::int64_t row = 0; row < column.length; ++row) {
      if (!column.HasValue(row)) continue;
      const T value = LoadValue<T>(column.values, column.offset + row);
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  *least = static_cast<std::int64_t>(low);
  *most = static_cast<std::int64_t>(high);
}

// Codes of a plain integer column: value - least + 1, and 0 where there is none.
template <typename T>
void CodesOf(const Column& column, std::int64_t least, std::int64_t row, int n, std::uint32_t* out) {
  const char* values =
      static_cast<const char*>(column.values) + (column.offset + row) * static_cast<int>(sizeof(T));
  const std::uint32_t shift = static_cast<std::uint32_t>(1 - least);
  for (int i = 0; i < n; ++i) {
    T value;
    std::memcpy(&value, values + static_cast<std::size_t>(i) * sizeof(T), sizeof(T));
    out[i] = static_cast<std::uint32_t>(value) + shift;
  }
  if (column.validity == nullptr) return;
  for (int i = 0; i < n; ++i) {
    if (!column.HasValue(row + i)) out[i] = 0;
  }
}

// Codes of a dictionary column by its indices, and 0 where there is none. What an index says of a null is never used.
template <typename T>
void CodesOfIndices(const KeyColumn& key, std::int64_t row, int n, std::uint32_t* out) {
  const Column& column = *key.column;
  const char* indices =
      static_cast<const char*>(column.values) + (column.offset + row) * static_cast<int>(sizeof(T));
  const std::uint32_t* entries = key.entries.data();
  for (int i = 0; i < n; ++i) {
    T index;
    std::memcpy(&index, indices + static_cast<std::size_t>(i) * sizeof(T), sizeof(T));
    if (column.validity != nullptr && !column.HasValue(row + i)) {
      out[i] = 0;
    } else {
      out[i] = entries[static_cast<std::size_t>(index)];
    }
  }
}

absl::Status Look(const Column& column, std::int64_t first_row, KeyColumn* key) {
  std::int64_t least = 0, most = -1;
  switch (column.type) {
    case ColumnType::kNull: return absl::OkStatus();
    case ColumnType::kBool: least = 0, most = 1; break;
    case ColumnType::kInt8: RangeOf<std::int8_t>(column, &least, &most); break;
    case ColumnType::kInt16: RangeOf<std::int16_t>(column, &least, &most); break;
    case ColumnType::kInt32:
    case ColumnType::kDate32: RangeOf<std::int32_t>(column, &least, &most); break;
    case ColumnType::kInt64: RangeOf<std::int64_t>(column, &least, &most); break;
    case ColumnType::kUInt8: RangeOf<std::uint8_t>(column, &least, &most); break;
    case ColumnType::kUInt16: RangeOf<std::uint16_t>(column, &least, &most); break;
    case ColumnType::kUInt32: RangeOf<std::uint32_t>(column, &least, &most); break;
    case ColumnType::kUInt64: {
      RangeOf<std::uint64_t>(column, &least, &most);
      for (std::int64_t row = 0; row < column.length; ++row) {
        if (column.HasValue(row) && NumberOf(column, row) < 0) {
          return absl::InvalidArgumentError(absl::StrCat("row ", first_row + row, ": column ",
                                                         Quoted(column.name),
                                                         ": a key is beyond 9223372036854775807"));
        }
      }
      break;
    }
    default:
      if (!IsText(column.type)) {
        return absl::InvalidArgumentError(
            absl::StrCat("column ", Quoted(column.name), ": a key is a bool, an integer, a word or a day"));
      }
      key->kind = KeyColumn::Kind::kWide;
      return absl::OkStatus();
  }
  if (IsDay(column.type) && most >= least &&
      (!CalendarDate::FromDayNumber(least).has_value() || !CalendarDate::FromDayNumber(most).has_value())) {
    return absl::InvalidArgumentError(
        absl::StrCat("column ", Quoted(column.name), ": a day lies outside of the years 1 to 9999"));
  }
  if (most < least) return absl::OkStatus();
  if (static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least) >= kMostSpan) {
    key->kind = KeyColumn::Kind::kWide;
    return absl::OkStatus();
  }
  key->least = least;
  key->bound = static_cast<std::uint64_t>(most - least) + 2;
  return absl::OkStatus();
}

absl::Status LookAtDictionary(const Column& column, KeyColumn* key) {
  const Column& words = *column.of;
  if (!IsText(words.type) && !IsNumber(words.type) && words.type != ColumnType::kNull) {
    return absl::InvalidArgumentError(
        absl::StrCat("column ", Quoted(column.name), ": a key is a bool, an integer, a word or a day"));
  }
  key->kind = KeyColumn::Kind::kDictionary;
  std::unordered_map<std::string, std::uint32_t> numbers;
  for (std::int64_t i = 0; i < words.length; ++i) {
    if (!words.HasValue(i)) {
      key->entries.push_back(0);
      continue;
    }
    if (IsDay(words.type) && !CalendarDate::FromDayNumber(NumberOf(words, i)).has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("column ", Quoted(column.name), ": a day lies outside of the years 1 to 9999"));
    }
    // One word may stand in a dictionary more than once.
    const std::string word =
        IsText(words.type) ? std::string(words.Text(i)) : absl::StrCat(NumberOf(words, i));
    const auto [at, fresh] = numbers.try_emplace(word, static_cast<std::uint32_t>(key->bound));
    if (fresh) {
      ++key->bound;
      key->first.push_back(i);
    }
    key->entries.push_back(at->second);
  }
  key->in_order = key->bound == static_cast<std::uint64_t>(words.length) + 1;
  return absl::OkStatus();
}

// Whether a kernel can number the column: integers of up to four bytes without nulls, `task` then says how.
bool IsPlain(const KeyColumn& key, CodeTask* task) {
  const Column& column = *key.column;
  const bool indices = key.kind == KeyColumn::Kind::kDictionary;
  const ColumnType type = indices ? column.index_type : column.type;
  if (column.validity != nullptr || (indices && !key.in_order)) return false;
  if (key.kind == KeyColumn::Kind::kWide || key.bound == 1) return false;
  switch (type) {
    case ColumnType::kInt8:
    case ColumnType::kUInt8: task->width = 1; break;
    case ColumnType::kInt16:
    case ColumnType::kUInt16: task->width = 2; break;
    case ColumnType::kInt32:
    case ColumnType::kDate32:
    case ColumnType::kUInt32: task->width = 4; break;
    default: return false;
  }
  task->has_sign = type == ColumnType::kInt8 || type == ColumnType::kInt16;
  task->values = static_cast<const char*>(column.values) + column.offset * task->width;
  task->bound = static_cast<std::uint32_t>(key.bound);
  task->shift = static_cast<std::uint32_t>(1 - key.least);
  return true;
}

std::uint64_t HashOf(std::int64_t number) { return absl::HashOf(number); }
std::uint64_t HashOf(std::string_view word) {
  return absl::HashOf(absl::string_view(word.data(), word.size()));
}

// The number of a thing from 1 on, a new one for a new thing.
template <typename Thing>
std::uint32_t NumberOfThing(const Thing& thing, std::vector<Thing>* things, NumberTable* index) {
  const std::uint64_t hash = HashOf(thing);
  const std::uint32_t found = index->Find(hash, [&](std::uint32_t at) { return (*things)[at] == thing; });
  if (found != NumberTable::kNone) return found + 1;
  const auto number = static_cast<std::uint32_t>(things->size());
  things->push_back(thing);
  index->Add(hash, number);
  return number + 1;
}

AggregateKey KeyOf(const Column& column, std::int64_t number) {
  if (column.type == ColumnType::kBool) return number != 0;
  if (IsDay(column.type)) return *CalendarDate::FromDayNumber(number);
  return number;
}

}  // namespace

absl::StatusOr<KeyColumns> KeyColumns::Bind(const std::vector<Column>& columns, std::uint32_t most_direct,
                                            std::int64_t first_row) {
  const std::uint64_t beyond = std::uint64_t{most_direct} + 1;
  KeyColumns keys;
  std::uint64_t direct = 1;
  for (const Column& column : columns) {
    KeyColumn key;
    key.column = &column;
    const absl::Status status = column.type == ColumnType::kDictionary ? LookAtDictionary(column, &key)
                                                                       : Look(column, first_row, &key);
    if (!status.ok()) return status;
    direct = key.kind == KeyColumn::Kind::kWide || key.bound >= beyond ? beyond
                                                                       : std::min(direct * key.bound, beyond);
    keys.columns_.push_back(std::move(key));
  }
  keys.direct_groups_ = direct >= beyond ? 0 : static_cast<std::uint32_t>(direct);
  return keys;
}

void GroupCoder::CodeColumn(std::size_t index, std::int64_t row, int n, std::uint32_t* out) {
  const KeyColumn& key = keys_.columns()[index];
  const Column& column = *key.column;
  if (key.kind == KeyColumn::Kind::kDictionary) {
    switch (column.index_type) {
      case ColumnType::kInt8: CodesOfIndices<std::int8_t>(key, row, n, out); return;
      case ColumnType::kInt16: CodesOfIndices<std::int16_t>(key, row, n, out); return;
      case ColumnType::kInt32: CodesOfIndices<std::int32_t>(key, row, n, out); return;
      case ColumnType::kUInt8: CodesOfIndices<std::uint8_t>(key, row, n, out); return;
      case ColumnType::kUInt16: CodesOfIndices<std::uint16_t>(key, row, n, out); return;
      case ColumnType::kUInt32: CodesOfIndices<std::uint32_t>(key, row, n, out); return;
      default: CodesOfIndices<std::int64_t>(key, row, n, out); return;
    }
  }
  if (key.kind == KeyColumn::Kind::kInteger) {
    if (key.bound == 1) {
      std::fill(out, out + n, 0);
      return;
    }
    switch (column.type) {
      case ColumnType::kInt8: CodesOf<std::int8_t>(column, key.least, row, n, out); return;
      case ColumnType::kInt16: CodesOf<std::int16_t>(column, key.least, row, n, out); return;
      case ColumnType::kInt32:
      case ColumnType::kDate32: CodesOf<std::int32_t>(column, key.least, row, n, out); return;
      case ColumnType::kInt64: CodesOf<std::int64_t>(column, key.least, row, n, out); return;
      case ColumnType::kUInt8: CodesOf<std::uint8_t>(column, key.least, row, n, out); return;
      case ColumnType::kUInt16: CodesOf<std::uint16_t>(column, key.least, row, n, out); return;
      case ColumnType::kUInt32: CodesOf<std::uint32_t>(column, key.least, row, n, out); return;
      case ColumnType::kUInt64: CodesOf<std::uint64_t>(column, key.least, row, n, out); return;
      default:
        for (int i = 0; i < n; ++i)
          out[i] = column.HasValue(row + i) ? static_cast<std::uint32_t>(NumberOf(column, row + i)) + 1 : 0;
        return;
    }
  }
  WideValues& wide = wide_[index];
  for (int i = 0; i < n; ++i) {
    if (!column.HasValue(row + i)) {
      out[i] = 0;
    } else if (IsText(column.type)) {
      const std::string_view word = column.Text(row + i);
      out[i] = NumberOfThing(word, &wide.word_of, &wide.index);
    } else {
      out[i] = NumberOfThing(NumberOf(column, row + i), &wide.number_of, &wide.index);
    }
  }
}

void GroupCoder::Code(std::int64_t row, int n, std::uint32_t* groups) {
  const std::size_t columns = keys_.columns().size();
  if (columns == 0) {
    std::fill(groups, groups + n, 0);
    return;
  }
  std::uint32_t codes[kAggregateTile];
  if (keys_.direct_groups() > 0) {
    std::fill(groups, groups + n, 0);
    for (std::size_t k = 0; k < columns; ++k) {
      CodeTask task{};
      if (IsPlain(keys_.columns()[k], &task)) {
        task.values = static_cast<const char*>(task.values) + row * task.width;
        task.rows = n;
        task.codes = groups;
        kernels_.code(task);
        continue;
      }
      CodeColumn(k, row, n, codes);
      const std::uint32_t bound = static_cast<std::uint32_t>(keys_.columns()[k].bound);
      for (int i = 0; i < n; ++i) groups[i] = groups[i] * bound + codes[i];
    }
    return;
  }
  std::vector<std::uint32_t> rows(static_cast<std::size_t>(n) * columns);
  for (std::size_t k = 0; k < columns; ++k) {
    CodeColumn(k, row, n, codes);
    for (int i = 0; i < n; ++i) rows[static_cast<std::size_t>(i) * columns + k] = codes[i];
  }
  for (int i = 0; i < n; ++i) {
    const std::uint32_t* own = rows.data() + static_cast<std::size_t>(i) * columns;
    const std::uint64_t hash =
        absl::HashOf(absl::string_view(reinterpret_cast<const char*>(own), columns * sizeof(std::uint32_t)));
    groups[i] = by_codes_.Find(hash, [&](std::uint32_t group) {
      return std::equal(own, own + columns, codes_.begin() + static_cast<std::ptrdiff_t>(group * columns));
    });
    if (groups[i] != NumberTable::kNone) continue;
    codes_.insert(codes_.end(), own, own + columns);
    by_codes_.Add(hash, groups_);
    groups[i] = groups_++;
  }
}

void GroupCoder::AppendColumnKey(std::size_t index, std::uint32_t code, std::string* out) const {
  const KeyColumn& key = keys_.columns()[index];
  const Column& column = *key.column;
  if (code == 0) return AppendKey(std::monostate(), out);
  switch (key.kind) {
    case KeyColumn::Kind::kInteger:
      return AppendKey(KeyOf(column, column.type == ColumnType::kBool ? code - 1 : key.least + code - 1),
                       out);
    case KeyColumn::Kind::kDictionary: {
      const Column& words = *column.of;
      const std::int64_t entry = key.first[code - 1];
      if (IsText(words.type)) return AppendKey(std::string(words.Text(entry)), out);
      return AppendKey(KeyOf(words, NumberOf(words, entry)), out);
    }
    case KeyColumn::Kind::kWide: {
      const WideValues& wide = wide_[index];
      if (IsText(column.type)) return AppendKey(std::string(wide.word_of[code - 1]), out);
      return AppendKey(KeyOf(column, wide.number_of[code - 1]), out);
    }
  }
}

std::string GroupCoder::KeyBytes(std::uint32_t group) const {
  const std::size_t columns = keys_.columns().size();
  std::vector<std::uint32_t> codes(columns);
  if (keys_.direct_groups() > 0) {
    for (std::size_t k = columns; k-- > 0;) {
      const std::uint32_t bound = static_cast<std::uint32_t>(keys_.columns()[k].bound);
      codes[k] = group % bound;
      group /= bound;
    }
  } else {
    for (std::size_t k = 0; k < columns; ++k)
      codes[k] = codes_[static_cast<std::size_t>(group) * columns + k];
  }
  std::string bytes;
  for (std::size_t k = 0; k < columns; ++k) AppendColumnKey(k, codes[k], &bytes);
  return bytes;
}

}  // namespace csat
