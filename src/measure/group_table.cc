#include "measure/group_table.h"

#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"

namespace csat {
namespace {

constexpr std::size_t kMostWordBytes = 0x7FFFFFFF;

std::string WordOf(const AggregateKey& key) {
  if (const auto* truth = std::get_if<bool>(&key)) return *truth ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&key)) return absl::StrCat(*number);
  if (const auto* day = std::get_if<CalendarDate>(&key)) return day->ToString();
  const auto* word = std::get_if<std::string>(&key);
  return word == nullptr ? "" : *word;
}

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

}  // namespace

absl::Status NoMemoryForTable() {
  return absl::ResourceExhaustedError("no memory for the table of the aggregate");
}

void SetEstimate(const Estimate& estimate, std::size_t row, TypedColumn<double>* column) {
  if (estimate.has_value()) {
    column->Set(row, *estimate);
  } else {
    column->Clear(row);
  }
}

KeyTable::KeyTable(const Aggregates& aggregates) : by_(aggregates.spec().by) {
  keys_.reserve(aggregates.groups());
  for (std::size_t group = 0; group < aggregates.groups(); ++group) keys_.push_back(aggregates.Keys(group));
}

// Index in AggregateKey of the one type that the column's values have; of words where there are several or none.
std::size_t KeyTable::TypeOf(std::size_t column) const {
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
absl::Status KeyTable::AddNumbers(std::size_t column, const char* format,
                                  const std::vector<std::size_t>& groups, std::vector<OutColumn>* out,
                                  Read read) const {
  TypedColumn<T> made(by_[column], format, groups.size(), true);
  if (!made.ok()) return NoMemoryForTable();
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

absl::Status KeyTable::AddBits(std::size_t column, const std::vector<std::size_t>& groups,
                               std::vector<OutColumn>* out) const {
  OutColumn made;
  made.name = by_[column];
  made.format = "b";
  made.length = static_cast<std::int64_t>(groups.size());
  const std::size_t bytes = (groups.size() + 7) / 8;
  made.values = Buffer::Allocate(bytes);
  made.validity = Buffer::Allocate(bytes);
  if (made.values.data() == nullptr || made.validity.data() == nullptr) return NoMemoryForTable();
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

absl::Status KeyTable::AddWords(std::size_t column, const std::vector<std::size_t>& groups,
                                std::vector<OutColumn>* out) const {
  TypedColumn<std::int32_t> indices(by_[column], "i", groups.size(), true);
  if (!indices.ok()) return NoMemoryForTable();
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

absl::Status KeyTable::AddTo(const std::vector<std::size_t>& groups, std::vector<OutColumn>* out) const {
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

absl::Status FinishTable(std::vector<OutColumn> columns, std::size_t keys, std::size_t rows,
                         ArrowSchema* schema, ArrowArray* array) {
  if (absl::Status status = CheckNames(columns, keys); !status.ok()) return status;
  const bool made = ExportStruct(std::move(columns), static_cast<std::int64_t>(rows), schema, array);
  return made ? absl::OkStatus() : NoMemoryForTable();
}

}  // namespace csat
