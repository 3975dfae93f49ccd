#include "scoring/batch_periods.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"

namespace csat {
namespace {

absl::StatusOr<Column> KeyColumn(const Table& table, const std::string& name) {
  const std::int64_t index = table.Find(name);
  if (index < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("key column ", Quoted(name), " is ", index == -1 ? "missing" : "there twice"));
  }
  absl::StatusOr<Column> column = table.View(index);
  if (!column.ok()) return column;
  const ColumnType type = column->type == ColumnType::kDictionary ? column->of->type : column->type;
  const bool key = IsInteger(type) || IsText(type) || type == ColumnType::kBool ||
                   type == ColumnType::kDate32 || type == ColumnType::kDate64 ||
                   type == ColumnType::kTimestamp || type == ColumnType::kNull;
  if (!key)
    return absl::InvalidArgumentError(
        absl::StrCat("key column ", Quoted(name), " holds no keys: integers, words or dates are wanted"));
  return column;
}

// The bytes of a key, the same for the same key in any form of its column. false: null.
bool AppendKey(const Column& column, std::int64_t row, std::string* out) {
  if (!column.HasValue(row)) return false;
  const std::int64_t at = column.offset + row;
  std::int64_t number = 0;
  switch (column.type) {
    case ColumnType::kDictionary: return AppendKey(*column.of, column.DictionaryIndex(row), out);
    case ColumnType::kText:
    case ColumnType::kLargeText:
    case ColumnType::kTextView: {
      const std::string_view text = column.Text(row);
      const std::uint64_t size = text.size();
      out->append(reinterpret_cast<const char*>(&size), sizeof(size));
      out->append(text.data(), text.size());
      return true;
    }
    case ColumnType::kBool:
      number = static_cast<const std::uint8_t*>(column.values)[at >> 3] >> (at & 7) & 1;
      break;
    case ColumnType::kInt8: number = LoadValue<std::int8_t>(column.values, at); break;
    case ColumnType::kInt16: number = LoadValue<std::int16_t>(column.values, at); break;
    case ColumnType::kUInt8: number = LoadValue<std::uint8_t>(column.values, at); break;
    case ColumnType::kUInt16: number = LoadValue<std::uint16_t>(column.values, at); break;
    case ColumnType::kUInt32: number = LoadValue<std::uint32_t>(column.values, at); break;
    case ColumnType::kInt32:
    case ColumnType::kDate32: number = LoadValue<std::int32_t>(column.values, at); break;
    default: number = LoadValue<std::int64_t>(column.values, at); break;
  }
  out->append(reinterpret_cast<const char*>(&number), sizeof(number));
  return true;
}

}  // namespace

absl::StatusOr<SubjectPeriods> SubjectPeriods::Bind(const CompiledPlan& plan, const Table& table,
                                                    const BatchOptions& options) {
  SubjectPeriods periods;
  const std::vector<CompiledVeto>& vetoes = plan.own().vetoes;
  periods.card_vetoes_ = vetoes.size();
  if (options.subject_column.empty()) return periods;
  absl::StatusOr<Column> subject = KeyColumn(table, options.subject_column);
  if (!subject.ok()) return subject.status();
  absl::StatusOr<Column> period = KeyColumn(table, options.period_column);
  if (!period.ok()) return period.status();
  periods.subject_ = *std::move(subject);
  periods.period_ = *std::move(period);
  for (std::size_t i = 0; i < vetoes.size(); ++i) {
    if (vetoes[i].veto->scope == Veto::Scope::kSubjectPeriod) periods.vetoes_.push_back(static_cast<int>(i));
  }
  return periods;
}

bool SubjectPeriods::Key(std::int64_t row, std::string* key) const {
  key->clear();
  return AppendKey(subject_, row, key) && AppendKey(period_, row, key);
}

absl::Status SubjectPeriods::Fire(std::int64_t row, std::size_t i) {
  if (!Key(row, &key_)) {
    return absl::InvalidArgumentError(
        absl::StrCat("row ", row, ": a veto that reaches a subject's whole period fired, and the row has no ",
                     subject_.HasValue(row) ? "period" : "subject"));
  }
  std::vector<std::uint8_t>& fired = fired_[key_];
  fired.resize(card_vetoes_);
  fired[static_cast<std::size_t>(vetoes_[i])] = 1;
  return absl::OkStatus();
}

void SubjectPeriods::Merge(const SubjectPeriods& other) {
  for (const auto& [key, theirs] : other.fired_) {
    std::vector<std::uint8_t>& fired = fired_[key];
    fired.resize(card_vetoes_);
    for (std::size_t i = 0; i < card_vetoes_; ++i) fired[i] = fired[i] != 0 || theirs[i] != 0;
  }
}

const std::uint8_t* SubjectPeriods::ImposedOn(std::int64_t row, std::string* key) const {
  if (fired_.empty() || !Key(row, key)) return nullptr;
  const auto found = fired_.find(*key);
  return found == fired_.end() ? nullptr : found->second.data();
}

}  // namespace csat
