#include "survey/plan_inputs.h"

#include <charconv>
#include <cmath>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "csat/model/foreign_text.h"
#include "csat/model/integers.h"
#include "measure/time_buckets.h"

namespace csat::survey {
namespace {

absl::Status Refuse(const std::string& name, std::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(Quoted(name), " ", std::string(why)));
}

absl::Status RefuseRow(const std::string& name, std::int64_t row, std::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("row ", row, ": column ", Quoted(name), ": ", std::string(why)));
}

// Behind a dictionary; nullptr: no value.
struct Cell {
  const Column* column = nullptr;
  std::int64_t row = 0;
};

Cell CellOf(const Column& column, std::int64_t row) {
  if (!column.HasValue(row)) return {};
  if (column.type != ColumnType::kDictionary) return {&column, row};
  const std::int64_t entry = column.DictionaryIndex(row);
  return column.of->HasValue(entry) ? Cell{column.of.get(), entry} : Cell{};
}

template <typename T>
std::int64_t Integer(const Cell& cell) {
  return static_cast<std::int64_t>(LoadValue<T>(cell.column->values, cell.column->offset + cell.row));
}

absl::int128 WideOf(const Cell& cell) { return cell.column->Decimal128(cell.row); }

// Of a decimal: how many of its last place make 1. nullopt: more places than can be exact.
std::optional<absl::int128> UnitOf(const Cell& cell) {
  constexpr int kMostPlaces = 18;
  if (cell.column->scale < 0 || cell.column->scale > kMostPlaces) return std::nullopt;
  return PowerOfTen(cell.column->scale);
}

// nullopt: no whole number, or one beyond int64.
std::optional<std::int64_t> WholeOf(const Cell& cell) {
  switch (cell.column->type) {
    case ColumnType::kInt8: return Integer<std::int8_t>(cell);
    case ColumnType::kInt16: return Integer<std::int16_t>(cell);
    case ColumnType::kInt32: return Integer<std::int32_t>(cell);
    case ColumnType::kInt64: return Integer<std::int64_t>(cell);
    case ColumnType::kUInt8: return Integer<std::uint8_t>(cell);
    case ColumnType::kUInt16: return Integer<std::uint16_t>(cell);
    case ColumnType::kUInt32: return Integer<std::uint32_t>(cell);
    case ColumnType::kUInt64: {
      const std::int64_t value = Integer<std::uint64_t>(cell);
      return value < 0 ? std::nullopt : std::optional<std::int64_t>(value);
    }
    case ColumnType::kDecimal128: {
      const std::optional<absl::int128> unit = UnitOf(cell);
      const absl::int128 wide = WideOf(cell);
      if (!unit.has_value() || wide % *unit != 0) return std::nullopt;
      const auto whole = static_cast<std::int64_t>(wide / *unit);
      return whole == wide / *unit ? std::optional<std::int64_t>(whole) : std::nullopt;
    }
    case ColumnType::kBool: {
      const std::int64_t bit = cell.column->offset + cell.row;
      return static_cast<const std::uint8_t*>(cell.column->values)[bit >> 3] >> (bit & 7) & 1;
    }
    default: return std::nullopt;
  }
}

std::optional<double> RealOf(const Cell& cell) {
  const std::int64_t at = cell.column->offset + cell.row;
  if (cell.column->type == ColumnType::kDouble) return LoadValue<double>(cell.column->values, at);
  if (cell.column->type == ColumnType::kFloat)
    return static_cast<double>(LoadValue<float>(cell.column->values, at));
  return std::nullopt;
}

// The shortest literal that reads as the value.
std::string ShownReal(double real) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, real).ptr};
}

std::string Shown(const Cell& cell) {
  if (IsText(cell.column->type)) return Quoted(cell.column->Text(cell.row));
  if (cell.column->type == ColumnType::kBool) return *WholeOf(cell) == 1 ? "true" : "false";
  if (const std::optional<std::int64_t> whole = WholeOf(cell); whole.has_value()) return absl::StrCat(*whole);
  if (const std::optional<double> real = RealOf(cell); real.has_value()) return ShownReal(*real);
  switch (cell.column->type) {
    case ColumnType::kUInt64: return absl::StrCat(static_cast<std::uint64_t>(Integer<std::uint64_t>(cell)));
    case ColumnType::kDecimal128: {
      const std::optional<absl::int128> unit = UnitOf(cell);
      if (!unit.has_value()) return absl::StrCat("a decimal of ", cell.column->scale, " places");
      return ShownReal(static_cast<double>(WideOf(cell)) / static_cast<double>(*unit));
    }
    case ColumnType::kDate32:
    case ColumnType::kDate64: return "a day";
    case ColumnType::kTimestamp: return "an instant";
    case ColumnType::kList:
    case ColumnType::kLargeList: return "a list";
    default: return "a value of another kind";
  }
}

// An id, or the name of a stratum or a subject.
std::optional<std::string> NameOf(const Cell& cell) {
  constexpr double kMostExact = 9007199254740992;  // 2^53.
  if (IsText(cell.column->type)) return std::string(cell.column->Text(cell.row));
  if (cell.column->type == ColumnType::kBool || cell.column->type == ColumnType::kUInt64) return Shown(cell);
  if (const std::optional<std::int64_t> whole = WholeOf(cell); whole.has_value()) return absl::StrCat(*whole);
  const std::optional<double> real = RealOf(cell);
  if (real.has_value() && std::trunc(*real) == *real && std::fabs(*real) <= kMostExact)
    return absl::StrCat(static_cast<std::int64_t>(*real));
  return std::nullopt;
}

// nullopt: no number, one beyond 2^43, or, unless it may be `rounded`, one of more places. Rounded to nothing is none.
std::optional<Decimal> NumberOf(const Cell& cell, bool rounded) {
  constexpr double kMost = 8796093022208;  // 2^43, whose millionths fit.
  if (const std::optional<double> real = RealOf(cell); real.has_value()) {
    if (!(std::fabs(*real) <= kMost)) return std::nullopt;
    const Decimal near = Decimal::FromMicros(
        static_cast<std::int64_t>(std::nearbyint(*real * static_cast<double>(Decimal::kOne))));
    const bool same = cell.column->type == ColumnType::kFloat
                          ? static_cast<float>(near.ToDouble()) == static_cast<float>(*real)
                          : near.ToDouble() == *real;
    if (same || (rounded && near.micros() != 0)) return near;
    return std::nullopt;
  }
  if (cell.column->type == ColumnType::kDecimal128) {
    constexpr absl::int128 kMostWide = absl::int128(1) << 100;
    const std::optional<absl::int128> unit = UnitOf(cell);
    const absl::int128 wide = WideOf(cell);
    if (!unit.has_value() || wide > kMostWide || wide < -kMostWide) return std::nullopt;
    const absl::int128 micros = DivideHalfEven(wide * Decimal::kOne, *unit);
    const bool same = micros * *unit == wide * Decimal::kOne;
    const absl::int128 most = static_cast<std::int64_t>(kMost) * absl::int128(Decimal::kOne);
    if (micros > most || micros < -most || !(same || (rounded && micros != 0))) return std::nullopt;
    return Decimal::FromMicros(static_cast<std::int64_t>(micros));
  }
  const std::optional<std::int64_t> whole = WholeOf(cell);
  if (!whole.has_value() || std::fabs(static_cast<double>(*whole)) > kMost) return std::nullopt;
  return Decimal::FromInteger(*whole);
}

std::optional<bool> FlagOf(const Cell& cell) {
  if (IsText(cell.column->type)) {
    const std::string_view word = cell.column->Text(cell.row);
    return word == "true" || word == "false" ? std::optional<bool>(word == "true") : std::nullopt;
  }
  if (const std::optional<double> real = RealOf(cell); real.has_value())
    return *real == 0 || *real == 1 ? std::optional<bool>(*real == 1) : std::nullopt;
  const std::optional<std::int64_t> whole = WholeOf(cell);
  return whole == 0 || whole == 1 ? std::optional<bool>(whole == 1) : std::nullopt;
}

// A float NaN is what pandas makes of no value.
bool IsNothing(const Cell& cell) {
  if (cell.column == nullptr) return true;
  const std::optional<double> real = RealOf(cell);
  return real.has_value() && std::isnan(*real);
}

}  // namespace

absl::StatusOr<PlanInputs> PlanInputs::Open(const SamplingGiven& given, const ArrowSchema* schema,
                                            const ArrowArray* array, std::string_view zone) {
  PlanInputs inputs(given);
  inputs.schema_ = schema;
  inputs.array_ = array;
  inputs.zone_ = zone;
  if (schema != nullptr && array != nullptr) {
    absl::StatusOr<Table> table = Table::Import(*schema, *array);
    if (!table.ok()) return table.status();
    inputs.table_ = *std::move(table);
  }
  return inputs;
}

absl::StatusOr<std::optional<std::string>> PlanInputs::Word(const std::string& name) {
  read_.insert(name);
  const auto at = given_->find(name);
  if (at == given_->end()) return std::optional<std::string>();
  if (const auto* word = std::get_if<std::string>(&at->second)) return std::optional<std::string>(*word);
  return Refuse(name, "is not a text");
}

absl::StatusOr<std::optional<CalendarDate>> PlanInputs::Day(const std::string& name) {
  const absl::StatusOr<std::optional<std::string>> word = Word(name);
  if (!word.ok()) return Refuse(name, "is not a day such as 2025-03-14");
  if (!word->has_value()) return std::optional<CalendarDate>();
  const std::optional<CalendarDate> day = CalendarDate::Parse(**word);
  if (!day.has_value()) return Refuse(name, absl::StrCat(Quoted(**word), " is not a day such as 2025-03-14"));
  return day;
}

absl::StatusOr<CalendarDate> PlanInputs::NeededDay(const std::string& name) {
  const absl::StatusOr<std::optional<CalendarDate>> day = Day(name);
  if (!day.ok()) return day.status();
  if (!day->has_value()) return Refuse(name, "is not given: a day such as 2025-03-14");
  return **day;
}

absl::StatusOr<std::optional<Decimal>> PlanInputs::Number(const std::string& name) {
  read_.insert(name);
  const auto at = given_->find(name);
  if (at == given_->end()) return std::optional<Decimal>();
  if (const auto* number = std::get_if<Decimal>(&at->second)) return std::optional<Decimal>(*number);
  return Refuse(name, "is not a number");
}

absl::StatusOr<std::optional<std::int64_t>> PlanInputs::Count(const std::string& name) {
  const absl::StatusOr<std::optional<Decimal>> number = Number(name);
  if (!number.ok()) return number.status();
  if (!number->has_value()) return std::optional<std::int64_t>();
  const std::int64_t micros = (*number)->micros();
  if (micros < 0 || micros % Decimal::kOne != 0)
    return Refuse(name, absl::StrCat((*number)->ToString(), " is not a whole number of 0 or more"));
  return std::optional<std::int64_t>(micros / Decimal::kOne);
}

absl::StatusOr<std::int64_t> PlanInputs::NeededCount(const std::string& name) {
  const absl::StatusOr<std::optional<std::int64_t>> count = Count(name);
  if (!count.ok()) return count.status();
  if (!count->has_value()) return Refuse(name, "is not given: a whole number");
  return **count;
}

absl::StatusOr<std::optional<std::vector<std::string>>> PlanInputs::Words(const std::string& name) {
  read_.insert(name);
  const auto at = given_->find(name);
  if (at == given_->end()) return std::optional<std::vector<std::string>>();
  if (const auto* words = std::get_if<std::vector<std::string>>(&at->second))
    return std::optional<std::vector<std::string>>(*words);
  return Refuse(name, "is not a list of texts");
}

absl::Status PlanInputs::Finish() const {
  for (const auto& [name, value] : *given_) {
    if (read_.count(name) == 0) return Refuse(name, "is given, and the rule does not read it");
  }
  return absl::OkStatus();
}

bool PlanInputs::HasColumn(const std::string& name) const {
  return table_.has_value() && table_->Find(name) != -1;
}

absl::StatusOr<std::optional<Column>> PlanInputs::Find(const std::string& name, bool needed) const {
  const std::int64_t index = table_.has_value() ? table_->Find(name) : -1;
  if (index == -2)
    return absl::InvalidArgumentError(absl::StrCat("several columns are named ", Quoted(name)));
  if (index == -1) {
    if (!needed) return std::optional<Column>();
    return absl::InvalidArgumentError(
        table_.has_value() ? absl::StrCat("column ", Quoted(name), " is missing")
                           : absl::StrCat("a table with the column ", Quoted(name), " is missing"));
  }
  absl::StatusOr<Column> column = table_->View(index);
  if (!column.ok()) return column.status();
  return std::optional<Column>(*std::move(column));
}

template <typename T, typename Read>
absl::StatusOr<std::vector<std::optional<T>>> PlanInputs::ReadColumn(const std::string& name,
                                                                     const Column& column, Read read,
                                                                     std::string_view is_not) const {
  std::vector<std::optional<T>> values;
  for (std::int64_t row = 0; row < table_->rows(); ++row) {
    const Cell cell = CellOf(column, row);
    if (IsNothing(cell)) {
      values.emplace_back();
      continue;
    }
    std::optional<T> value = read(cell);
    if (!value.has_value()) return RefuseRow(name, row, absl::StrCat(Shown(cell), std::string(is_not)));
    values.push_back(std::move(value));
  }
  return values;
}

absl::StatusOr<std::vector<std::optional<std::string>>> PlanInputs::TextColumn(const std::string& name,
                                                                               bool needed) {
  const absl::StatusOr<std::optional<Column>> column = Find(name, needed);
  if (!column.ok()) return column.status();
  if (!column->has_value()) return std::vector<std::optional<std::string>>();
  return ReadColumn<std::string>(name, **column, NameOf, " is neither a text nor a whole number");
}

absl::StatusOr<std::vector<std::optional<CalendarDate>>> PlanInputs::DaysOfInstants(
    const std::string& name) const {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone({zone_.data(), zone_.size()}, &zone))
    return absl::NotFoundError(absl::StrCat("zone ", Quoted(zone_), " is not in the tz database"));
  BucketColumn days;
  const absl::Status read = BucketTimes(*schema_, *array_, name, TimeBucket::kDay, zone, 0, &days);
  if (!read.ok()) return read;
  std::vector<std::optional<CalendarDate>> named, made;
  for (const std::string& day : days.names) named.push_back(CalendarDate::Parse(day));
  for (const std::int32_t code : days.codes)
    made.push_back(code < 0 ? std::nullopt : named[static_cast<std::size_t>(code)]);
  return made;
}

absl::StatusOr<std::vector<std::optional<CalendarDate>>> PlanInputs::DayColumn(const std::string& name,
                                                                               bool needed) {
  std::vector<std::optional<CalendarDate>> days;
  const absl::StatusOr<std::optional<Column>> column = Find(name, needed);
  if (!column.ok()) return column.status();
  if (!column->has_value()) return days;
  if ((*column)->type == ColumnType::kTimestamp && !zone_.empty() && UnitsOfDay(name) == 0)
    return DaysOfInstants(name);
  constexpr std::int64_t kMillisecondsOfDay = 86'400'000;
  for (std::int64_t row = 0; row < table_->rows(); ++row) {
    const Cell cell = CellOf(**column, row);
    if (IsNothing(cell)) {
      days.emplace_back();
      continue;
    }
    std::optional<CalendarDate> day;
    if (IsText(cell.column->type)) {
      day = CalendarDate::Parse(cell.column->Text(cell.row));
    } else if (cell.column->type == ColumnType::kDate32) {
      day = CalendarDate::FromDayNumber(Integer<std::int32_t>(cell));
    } else if (cell.column->type == ColumnType::kDate64) {
      const std::int64_t at = Integer<std::int64_t>(cell);
      if (at % kMillisecondsOfDay == 0) day = CalendarDate::FromDayNumber(at / kMillisecondsOfDay);
    } else if (cell.column->type == ColumnType::kTimestamp) {
      const std::int64_t units_of_day = UnitsOfDay(name);
      if (units_of_day == 0) {
        return RefuseRow(
            name, row,
            "an instant of a zone has no day of its own: give the day, or the time there without a zone");
      }
      const std::int64_t at = Integer<std::int64_t>(cell);
      day = CalendarDate::FromDayNumber(at / units_of_day - (at % units_of_day < 0 ? 1 : 0));
    }
    if (!day.has_value())
      return RefuseRow(name, row, absl::StrCat(Shown(cell), " is not a day such as 2025-03-14"));
    days.push_back(day);
  }
  return days;
}

absl::StatusOr<std::vector<std::optional<bool>>> PlanInputs::FlagColumn(const std::string& name,
                                                                        bool needed) {
  const absl::StatusOr<std::optional<Column>> column = Find(name, needed);
  if (!column.ok()) return column.status();
  if (!column->has_value()) return std::vector<std::optional<bool>>();
  return ReadColumn<bool>(name, **column, FlagOf, " is neither true nor false");
}

std::int64_t PlanInputs::UnitsOfDay(const std::string& name) const {
  constexpr std::int64_t kSecondsOfDay = 86'400;
  const std::string_view format = schema_->children[table_->Find(name)]->format;
  if (format.size() != 4) return 0;  // "tsu:Europe/Berlin".
  const char unit = format[2];
  return kSecondsOfDay * (unit == 's' ? 1 : unit == 'm' ? 1000 : unit == 'u' ? 1'000'000 : 1'000'000'000);
}

absl::StatusOr<std::vector<std::optional<Decimal>>> PlanInputs::NumberColumn(const std::string& name,
                                                                             bool needed, bool rounded) {
  const absl::StatusOr<std::optional<Column>> column = Find(name, needed);
  if (!column.ok()) return column.status();
  if (!column->has_value()) return std::vector<std::optional<Decimal>>();
  const auto read = [rounded](const Cell& cell) -> std::optional<Decimal> {
    constexpr std::int64_t kMost = (std::int64_t{1} << 40) * Decimal::kOne;
    const std::optional<Decimal> number = NumberOf(cell, rounded);
    return number.has_value() && number->micros() <= kMost && number->micros() >= -kMost ? number
                                                                                         : std::nullopt;
  };
  return ReadColumn<Decimal>(name, **column, read,
                             rounded ? " is not a number up to 2^40, in places of a millionth"
                                     : " is not a number of at most 6 decimal places up to 2^40");
}

}  // namespace csat::survey
