#include "csat/measure/aggregate_table.h"

#include <cstring>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "arrow/export.h"
#include "csat/model/foreign_text.h"

namespace csat {
namespace {

constexpr std::size_t kMostWordBytes = 0x7FFFFFFF;

absl::Status NoMemory() { return absl::ResourceExhaustedError("no memory for the table of the aggregate"); }

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

std::string WordOf(const AggregateKey& key) {
  if (const auto* truth = std::get_if<bool>(&key)) return *truth ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&key)) return absl::StrCat(*number);
  if (const auto* day = std::get_if<CalendarDate>(&key)) return day->ToString();
  const auto* word = std::get_if<std::string>(&key);
  return word == nullptr ? "" : *word;
}

// The columns of keys; row r of them is of group groups[r].
class KeyTable {
 public:
  explicit KeyTable(const Aggregates& aggregates) : by_(aggregates.spec().by) {
    keys_.reserve(aggregates.groups());
    for (std::size_t group = 0; group < aggregates.groups(); ++group) keys_.push_back(aggregates.Keys(group));
  }

  absl::Status AddTo(const std::vector<std::size_t>& groups, std::vector<OutColumn>* out) const {
    for (std::size_t column = 0; column < by_.size(); ++column) {
      absl::Status status = absl::OkStatus();
      switch (TypeOf(column)) {
        case 1: status = AddBits(column, groups, out); break;
        case 2:
          status = AddNumbers<std::int64_t>(
              column, "l", groups, out, [](const AggregateKey& key) { return std::get<std::int64_t>(key); });
          break;
        case 3:
          status = AddNumbers<std::int32_t>(column, "tdD", groups, out, [](const AggregateKey& key) {
            return static_cast<std::int32_t>(std::get<CalendarDate>(key).DayNumber());
          });
          break;
        default: status = AddWords(column, groups, out);
      }
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  // Index in AggregateKey of the one type that the column's values have; of words where there are several or none.
  std::size_t TypeOf(std::size_t column) const {
    std::size_t type = 0;
    for (const std::vector<AggregateKey>& keys : keys_) {
      const std::size_t found = keys[column].index();
      if (found == 0 || found == type) continue;
      if (type != 0) return 4;
      type = found;
    }
    return type == 0 ? 4 : type;
  }

  template <typename T, typename Read>
  absl::Status AddNumbers(std::size_t column, const char* format, const std::vector<std::size_t>& groups,
                          std::vector<OutColumn>* out, Read read) const {
    TypedColumn<T> made(by_[column], format, groups.size(), true);
    if (!made.ok()) return NoMemory();
    for (std::size_t row = 0; row < groups.size(); ++row) {
      const AggregateKey& key = keys_[groups[row]][column];
      if (key.index() == 0) {
        made.Clear(row);
      } else {
        made.Set(row, read(key));
      }
    }
    out->push_back(made.Take());
    return absl::OkStatus();
  }

  absl::Status AddBits(std::size_t column, const std::vector<std::size_t>& groups,
                       std::vector<OutColumn>* out) const {
    OutColumn made;
    made.name = by_[column];
    made.format = "b";
    made.length = static_cast<std::int64_t>(groups.size());
    const std::size_t bytes = (groups.size() + 7) / 8;
    made.values = Buffer::Allocate(bytes);
    made.validity = Buffer::Allocate(bytes);
    if (made.values.data() == nullptr || made.validity.data() == nullptr) return NoMemory();
    std::memset(made.values.data(), 0, bytes);
    std::memset(made.validity.data(), 0, bytes);
    const auto set = [](const Buffer& bits, std::size_t row) {
      std::uint8_t& byte = bits.as<std::uint8_t>()[row >> 3];
      byte = static_cast<std::uint8_t>(byte | 1 << (row & 7));
    };
    for (std::size_t row = 0; row < groups.size(); ++row) {
      const auto* truth = std::get_if<bool>(&keys_[groups[row]][column]);
      if (truth == nullptr) {
        ++made.null_count;
        continue;
      }
      set(made.validity, row);
      if (*truth) set(made.values, row);
    }
    out->push_back(std::move(made));
    return absl::OkStatus();
  }

  absl::Status AddWords(std::size_t column, const std::vector<std::size_t>& groups,
                        std::vector<OutColumn>* out) const {
    TypedColumn<std::int32_t> indices(by_[column], "i", groups.size(), true);
    if (!indices.ok()) return NoMemory();
    std::vector<std::string> words;
    std::unordered_map<std::string, std::int32_t> places;
    std::size_t bytes = 0;
    for (std::size_t row = 0; row < groups.size(); ++row) {
      const AggregateKey& key = keys_[groups[row]][column];
      if (key.index() == 0) {
        indices.Clear(row);
        continue;
      }
      std::string word = WordOf(key);
      const auto [at, added] = places.emplace(word, static_cast<std::int32_t>(words.size()));
      if (added) {
        bytes += word.size();
        words.push_back(std::move(word));
      }
      indices.Set(row, at->second);
    }
    if (bytes > kMostWordBytes) {
      return absl::OutOfRangeError(absl::StrCat("the words of key ", Quoted(by_[column]), " take ", bytes,
                                                " bytes, more than ", kMostWordBytes));
    }
    OutColumn made = indices.Take();
    made.has_dictionary = true;
    made.dictionary = std::move(words);
    out->push_back(std::move(made));
    return absl::OkStatus();
  }

  const std::vector<std::string>& by_;
  std::vector<std::vector<AggregateKey>> keys_;
};

// Names of the columns are told apart: keys come from outside.
absl::Status CheckNames(const std::vector<OutColumn>& columns, std::size_t keys) {
  std::set<std::string_view> names;
  for (std::size_t i = keys; i < columns.size(); ++i) names.insert(columns[i].name);
  for (std::size_t i = 0; i < keys; ++i) {
    if (names.count(columns[i].name) == 0) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("the key ", Quoted(columns[i].name), " has the name of another column of the table"));
  }
  return absl::OkStatus();
}

absl::Status Finish(std::vector<OutColumn> columns, std::size_t keys, std::size_t rows, ArrowSchema* schema,
                    ArrowArray* array) {
  if (absl::Status status = CheckNames(columns, keys); !status.ok()) return status;
  const bool made = ExportStruct(std::move(columns), static_cast<std::int64_t>(rows), schema, array);
  return made ? absl::OkStatus() : NoMemory();
}

void SetEstimate(const Estimate& estimate, std::size_t row, TypedColumn<double>* column) {
  if (estimate.has_value()) {
    column->Set(row, *estimate);
  } else {
    column->Clear(row);
  }
}

}  // namespace

absl::Status ExportGroups(const Aggregates& aggregates, ArrowSchema* schema, ArrowArray* array) {
  const std::size_t size = aggregates.groups();
  std::vector<std::size_t> groups(size);
  for (std::size_t group = 0; group < size; ++group) groups[group] = group;
  std::vector<OutColumn> columns;
  if (absl::Status status = KeyTable(aggregates).AddTo(groups, &columns); !status.ok()) return status;
  const std::size_t keys = columns.size();
  TypedColumn<std::int64_t> rows("rows", "l", size, false);
  if (!rows.ok()) return NoMemory();
  for (std::size_t group = 0; group < size; ++group) rows.Set(group, aggregates.Rows(group));
  columns.push_back(rows.Take());
  for (std::size_t i = 0; i < aggregates.spec().items.size(); ++i) {
    const std::string& id = aggregates.spec().items[i].id;
    TypedColumn<std::int64_t> n(absl::StrCat(id, ".n"), "l", size, false);
    TypedColumn<std::int64_t> missing(absl::StrCat(id, ".missing"), "l", size, false);
    TypedColumn<double> mean(absl::StrCat(id, ".mean"), "g", size, true);
    TypedColumn<double> sd(absl::StrCat(id, ".sd"), "g", size, true);
    if (!n.ok() || !missing.ok() || !mean.ok() || !sd.ok()) return NoMemory();
    for (std::size_t group = 0; group < size; ++group) {
      const Moments moments = aggregates.MomentsOf(group, static_cast<int>(i));
      n.Set(group, moments.n);
      missing.Set(group, aggregates.Rows(group) - moments.n);
      SetEstimate(Mean(moments), group, &mean);
      SetEstimate(StandardDeviation(moments), group, &sd);
    }
    columns.push_back(n.Take());
    columns.push_back(missing.Take());
    columns.push_back(mean.Take());
    columns.push_back(sd.Take());
  }
  return Finish(std::move(columns), keys, size, schema, array);
}

absl::Status ExportLevels(const Aggregates& aggregates, ArrowSchema* schema, ArrowArray* array) {
  struct Row {
    int item;
    std::int64_t micros, count;
  };
  std::vector<std::size_t> groups;
  std::vector<Row> rows;
  std::vector<std::string> ids;
  std::vector<int> items;
  for (std::size_t i = 0; i < aggregates.spec().items.size(); ++i) {
    if (!aggregates.HasLevels(static_cast<int>(i))) continue;
    items.push_back(static_cast<int>(i));
    ids.push_back(aggregates.spec().items[i].id);
  }
  for (std::size_t group = 0; group < aggregates.groups(); ++group) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Frequencies frequencies = aggregates.FrequenciesOf(group, items[i]);
      for (const Frequencies::Level& level : frequencies.levels) {
        if (level.count == 0) continue;
        groups.push_back(group);
        rows.push_back({static_cast<int>(i), level.value * (Decimal::kOne / frequencies.unit), level.count});
      }
    }
  }
  std::vector<OutColumn> columns;
  if (absl::Status status = KeyTable(aggregates).AddTo(groups, &columns); !status.ok()) return status;
  const std::size_t keys = columns.size(), size = rows.size();
  TypedColumn<std::int32_t> item("item", "i", size, false);
  TypedColumn<Decimal128> value("value", "d:19,6", size, false);
  TypedColumn<std::int64_t> count("count", "l", size, false);
  if (!item.ok() || !value.ok() || !count.ok()) return NoMemory();
  for (std::size_t row = 0; row < size; ++row) {
    item.Set(row, rows[row].item);
    value.Set(row, {rows[row].micros, rows[row].micros < 0 ? -1 : 0});
    count.Set(row, rows[row].count);
  }
  columns.push_back(item.Take());
  columns.back().has_dictionary = true;
  columns.back().dictionary = std::move(ids);
  columns.push_back(value.Take());
  columns.push_back(count.Take());
  return Finish(std::move(columns), keys, size, schema, array);
}

}  // namespace csat
