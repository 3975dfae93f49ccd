#include "survey/response_columns.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "arrow/row_ranges.h"
#include "csat/model/foreign_text.h"
#include "csat/model/integers.h"
#include "measure/aggregate_layout.h"
#include "measure/item_reader.h"

namespace csat::survey {
namespace {

static_assert(kNoAnswer == csat::kNoAnswer && kOffScale == kBadValue && kTile == kAggregateTile);

constexpr std::int64_t kBillion = 1'000'000'000;

const std::string& FieldOf(const Metric& metric) {
  if (const auto* number = std::get_if<NumberForm>(&metric.form)) return number->field;
  return std::get<TextForm>(metric.form).field;
}

absl::Status Refuse(std::string_view column, std::int64_t row, const std::string& why) {
  return absl::InvalidArgumentError(absl::StrCat("row ", row, ": column ", Quoted(column), ": ", why));
}

AggregateItem ItemOf(const Metric& metric) {
  AggregateItem item;
  item.id = metric.id;
  item.min = metric.scale->min();
  item.max = metric.scale->max();
  item.exact = true;
  item.missing_values = metric.missing_values;
  for (const Scale::RankLabel& rank : metric.scale->labels()) {
    std::set<std::string> words(rank.aliases.begin(), rank.aliases.end());
    for (const auto& [language, text] : rank.label.by_language()) words.insert(text);
    for (const std::string& word : words) item.labels.emplace_back(word, Decimal::FromInteger(rank.rank));
  }
  return item;
}

// An integer, bool, day or instant as it stands in its buffer. false: a uint64 beyond int64.
bool LoadWhole(const Column& column, std::int64_t row, std::int64_t* out) {
  const std::int64_t at = column.offset + row;
  switch (column.type) {
    case ColumnType::kBool:
      *out = static_cast<const std::uint8_t*>(column.values)[at >> 3] >> (at & 7) & 1;
      return true;
    case ColumnType::kInt8: *out = LoadValue<std::int8_t>(column.values, at); return true;
    case ColumnType::kInt16: *out = LoadValue<std::int16_t>(column.values, at); return true;
    case ColumnType::kUInt8: *out = LoadValue<std::uint8_t>(column.values, at); return true;
    case ColumnType::kUInt16: *out = LoadValue<std::uint16_t>(column.values, at); return true;
    case ColumnType::kInt32:
    case ColumnType::kDate32: *out = LoadValue<std::int32_t>(column.values, at); return true;
    case ColumnType::kUInt32: *out = LoadValue<std::uint32_t>(column.values, at); return true;
    default:
      *out = LoadValue<std::int64_t>(column.values, at);
      return column.type != ColumnType::kUInt64 || *out >= 0;
  }
}

double LoadReal(const Column& column, std::int64_t row) {
  return column.type == ColumnType::kFloat
             ? static_cast<double>(LoadValue<float>(column.values, column.offset + row))
             : LoadValue<double>(column.values, column.offset + row);
}

// Whether a value is what its billionths say, so that nothing was rounded.
bool IsExactly(const Column& column, std::int64_t row, absl::int128 nanos) {
  if (column.type == ColumnType::kFloat)
    return static_cast<float>(static_cast<double>(nanos) / 1e9) ==
           LoadValue<float>(column.values, column.offset + row);
  if (column.type == ColumnType::kDouble)
    return static_cast<double>(nanos) / 1e9 == LoadValue<double>(column.values, column.offset + row);
  if (column.type != ColumnType::kDecimal128) return true;
  return nanos * PowerOfTen(column.scale) == column.Decimal128(row) * kBillion;
}

// The shortest literal that reads as the value of a float, double or decimal.
std::string ShownNumber(const Column& column, std::int64_t row) {
  char text[32];
  char* end = text;
  if (column.type == ColumnType::kFloat) {
    end = std::to_chars(text, text + sizeof text, LoadValue<float>(column.values, column.offset + row)).ptr;
  } else {
    const double real =
        column.type == ColumnType::kDouble
            ? LoadReal(column, row)
            : static_cast<double>(column.Decimal128(row)) / static_cast<double>(PowerOfTen(column.scale));
    end = std::to_chars(text, text + sizeof text, real).ptr;
  }
  return {text, end};
}

// nullopt: no number that can be exact.
std::optional<absl::int128> NanosOf(const Column& column, std::int64_t row, int places) {
  if (IsInteger(column.type) || column.type == ColumnType::kBool) {
    std::int64_t whole = 0;
    if (!LoadWhole(column, row, &whole)) return std::nullopt;
    return absl::int128(whole) * kBillion;
  }
  if (column.type == ColumnType::kFloat || column.type == ColumnType::kDouble) {
    const std::int64_t unit = PowerOfTen(places), rest = kBillion / unit;
    const double scaled = LoadReal(column, row) * static_cast<double>(unit);
    if (!(scaled < 9.2e18 && scaled > -9.2e18)) return std::nullopt;
    return absl::int128(static_cast<std::int64_t>(std::nearbyint(scaled))) * rest;
  }
  constexpr absl::int128 kMost = absl::int128(1) << 80;
  const absl::int128 wide = column.Decimal128(row);
  if (wide > kMost || wide < -kMost || column.scale < 0 || column.scale > 18) return std::nullopt;
  return DivideHalfEven(wide * kBillion, PowerOfTen(column.scale));
}

// Words of a text column or dictionary, row by row.
const Column& Words(const Column& column) {
  return column.type == ColumnType::kDictionary ? *column.of : column;
}

bool HasWord(const Column& column, std::int64_t row, std::int64_t* at) {
  if (!column.HasValue(row)) return false;
  *at = row;
  if (column.type != ColumnType::kDictionary) return true;
  *at = column.DictionaryIndex(row);
  return column.of->HasValue(*at);
}

}  // namespace

bool IsItem(const Metric& metric) {
  return std::holds_alternative<NumberForm>(metric.form) && metric.scale.has_value() &&
         metric.scale->integer() && metric.scale->max() - metric.scale->min() <= Decimal::FromInteger(249);
}

ResponseColumns::ResponseColumns(const std::vector<Metric>& metrics, const ArrowSchema& schema, Table table,
                                 int threads)
    : metrics_(&metrics), schema_(&schema), table_(std::move(table)), threads_(threads) {
  for (const Metric& metric : metrics) by_id_.emplace(metric.id, &metric);
}

absl::StatusOr<ResponseColumns> ResponseColumns::Bind(const std::vector<Metric>& metrics,
                                                      const ArrowSchema& schema, const ArrowArray& array,
                                                      int threads) {
  absl::StatusOr<Table> table = Table::Import(schema, array);
  if (!table.ok()) return table.status();
  return ResponseColumns(metrics, schema, *std::move(table), threads);
}

const Metric* ResponseColumns::FindMetric(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

absl::StatusOr<Column> ResponseColumns::Field(const std::string& name) const {
  const std::int64_t index = table_.Find(name);
  if (index == -1) return absl::InvalidArgumentError(absl::StrCat("column ", Quoted(name), " is missing"));
  if (index == -2)
    return absl::InvalidArgumentError(absl::StrCat("column ", Quoted(name), " is there more than once"));
  return table_.View(index);
}

std::string ResponseColumns::FormatOf(const std::string& name) const {
  return schema_->children[table_.Find(name)]->format;
}

absl::StatusOr<const ItemColumn*> ResponseColumns::Item(const std::string& id) {
  if (const auto found = items_.find(id); found != items_.end()) return &found->second;
  const Metric* metric = FindMetric(id);
  if (metric == nullptr || !IsItem(*metric))
    return absl::InvalidArgumentError(
        absl::StrCat("item ", Quoted(id), " is no number metric with a scale of at most 250 whole ranks"));
  const AggregateItem item = ItemOf(*metric);
  AggregateSpec spec;
  spec.items = {item};
  const absl::StatusOr<AggregateLayout> layout = AggregateLayout::Create(std::move(spec));
  if (!layout.ok()) return layout.status();
  const absl::StatusOr<Column> column = Field(FieldOf(*metric));
  if (!column.ok()) return column.status();
  const absl::StatusOr<ItemReader> reader = ItemReader::Bind(item, layout->items()[0], *column);
  if (!reader.ok()) return reader.status();
  ItemColumn made;
  made.low = layout->items()[0].low;
  made.levels = layout->items()[0].levels;
  made.off_scale = off_scale_.count(id) > 0;
  made.steps.resize(static_cast<std::size_t>(rows()));
  const absl::Status read =
      ForEachRange(rows(), kTile, threads_, [&](int, std::int64_t from, std::int64_t to) -> absl::Status {
        for (std::int64_t row = from; row < to; row += kTile) {
          const int n = static_cast<int>(std::min(kTile, to - row));
          std::uint8_t* const steps = &made.steps[static_cast<std::size_t>(row)];
          if ((reader->ReadLevels(row, n, steps) & kSomeBad) == 0 || made.off_scale) continue;
          const std::int64_t bad = row + (std::find(steps, steps + n, kOffScale) - steps);
          return absl::InvalidArgumentError(absl::StrCat("row ", bad, ": ", reader->WhyBad(bad)));
        }
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  return &items_.emplace(id, std::move(made)).first->second;
}

absl::StatusOr<const NumberColumn*> ResponseColumns::Number(const std::string& id) {
  if (const auto found = numbers_.find(id); found != numbers_.end()) return &found->second;
  const Metric* metric = FindMetric(id);
  if (metric == nullptr || !std::holds_alternative<NumberForm>(metric->form))
    return absl::InvalidArgumentError(absl::StrCat("metric ", Quoted(id), " is no number metric"));
  const absl::StatusOr<Column> column = Field(FieldOf(*metric));
  if (!column.ok()) return column.status();
  const Column& values = Words(*column);
  const bool words = IsText(values.type) && metric->scale.has_value();
  const bool numbers = column->type != ColumnType::kDictionary &&
                       (IsInteger(values.type) || values.type == ColumnType::kBool ||
                        values.type == ColumnType::kFloat || values.type == ColumnType::kDouble ||
                        values.type == ColumnType::kDecimal128 || values.type == ColumnType::kNull);
  if (!words && !numbers)
    return absl::InvalidArgumentError(
        absl::StrCat("column ", Quoted(column->name), ": metric ", Quoted(id), " needs numbers"));
  const bool lenient = off_scale_.count(id) > 0;
  // A rank is never made by rounding.
  const bool ranks = metric->scale.has_value() && metric->scale->integer();
  NumberColumn made;
  made.nanos.resize(static_cast<std::size_t>(rows()));
  made.has.resize(static_cast<std::size_t>(rows()));
  const auto nanos = [](Decimal value) { return absl::int128(value.micros()) * 1000; };
  for (std::int64_t row = 0; row < rows(); ++row) {
    std::int64_t at = row;
    if (words ? !HasWord(*column, row, &at) : !column->HasValue(row)) continue;
    std::optional<absl::int128> value;
    if (words) {
      const std::optional<int> rank = metric->scale->RankOf(values.Text(at));
      if (rank.has_value()) value = absl::int128(*rank) * kBillion;
    } else {
      value = NanosOf(*column, row, ranks ? 9 : metric->decimal_places);
    }
    const bool exact = !ranks || words || !value.has_value() || IsExactly(*column, row, *value);
    if (value.has_value() && exact &&
        std::any_of(metric->missing_values.begin(), metric->missing_values.end(),
                    [&](Decimal missing) { return nanos(missing) == *value; }))
      continue;
    const bool between = value.has_value() && ranks && (!exact || *value % kBillion != 0);
    const bool good = value.has_value() && !between &&
                      (!metric->min.has_value() || *value >= nanos(*metric->min)) &&
                      (!metric->max.has_value() || *value <= nanos(*metric->max));
    if (!good && lenient) continue;
    if (!good) {
      if (words)
        return Refuse(column->name, row,
                      absl::StrCat(Quoted(values.Text(at)), " is no label of metric '", id, "'"));
      if (!value.has_value())
        return Refuse(column->name, row, absl::StrCat("no number for metric '", id, "'"));
      if (between)
        return Refuse(
            column->name, row,
            absl::StrCat(ShownNumber(*column, row), " lies between two ranks of metric '", id, "'"));
      const auto shown = [](const std::optional<Decimal>& bound, const char* otherwise) {
        return bound.has_value() ? bound->ToString() : std::string(otherwise);
      };
      return Refuse(column->name, row,
                    absl::StrCat(absl::AlphaNum(static_cast<double>(*value) / 1e9), " lies outside [",
                                 shown(metric->min, "-inf"), ", ", shown(metric->max, "inf"), "] of metric '",
                                 id, "'"));
    }
    made.nanos[static_cast<std::size_t>(row)] = *value;
    made.has[static_cast<std::size_t>(row)] = 1;
  }
  return &numbers_.emplace(id, std::move(made)).first->second;
}

absl::StatusOr<std::vector<std::uint8_t>> ResponseColumns::TextEquals(const std::string& id,
                                                                      std::string_view word) {
  const Metric* metric = FindMetric(id);
  if (metric == nullptr || !std::holds_alternative<TextForm>(metric->form))
    return absl::InvalidArgumentError(absl::StrCat("metric ", Quoted(id), " is no text metric"));
  const absl::StatusOr<Column> column = Field(FieldOf(*metric));
  if (!column.ok()) return column.status();
  const Column& values = Words(*column);
  std::vector<std::uint8_t> equal(static_cast<std::size_t>(rows()), 1);
  if (column->type == ColumnType::kNull) return equal;
  if (!IsText(values.type))
    return absl::InvalidArgumentError(
        absl::StrCat("column ", Quoted(column->name), ": metric ", Quoted(id), " needs words"));
  for (std::int64_t row = 0; row < rows(); ++row) {
    std::int64_t at = 0;
    if (!HasWord(*column, row, &at)) continue;
    const std::string_view text = values.Text(at);
    if (!text.empty()) equal[static_cast<std::size_t>(row)] = text == word ? 2 : 0;
  }
  return equal;
}

absl::StatusOr<std::vector<std::uint8_t>> ResponseColumns::Answered(const std::string& id) {
  const Metric* metric = FindMetric(id);
  if (metric != nullptr && std::holds_alternative<NumberForm>(metric->form)) {
    const absl::StatusOr<const NumberColumn*> numbers = Number(id);
    if (!numbers.ok()) return numbers.status();
    std::vector<std::uint8_t> answered((*numbers)->has);
    for (std::uint8_t& one : answered) one = static_cast<std::uint8_t>(one * 2);
    return answered;
  }
  absl::StatusOr<std::vector<std::uint8_t>> answered = TextEquals(id, "");
  if (!answered.ok()) return answered.status();
  for (std::uint8_t& one : *answered) one = one == 1 ? 0 : 2;
  return answered;
}

absl::StatusOr<FieldColumn> ResponseColumns::Whole(const std::string& name, int* kind) const {
  const absl::StatusOr<Column> column = Field(name);
  if (!column.ok()) return column.status();
  std::int64_t unit = 1;
  *kind = 0;
  if (column->type == ColumnType::kTimestamp) {
    const std::string format = FormatOf(name);  // tsX:zone
    unit = format[2] == 's' ? kBillion : format[2] == 'm' ? 1'000'000 : format[2] == 'u' ? 1000 : 1;
    *kind = format.size() > 4 ? 2 : 1;
  } else if (column->type == ColumnType::kDate32 || column->type == ColumnType::kDate64) {
    unit = column->type == ColumnType::kDate32 ? std::int64_t{86'400} * kBillion : 1'000'000;
    *kind = 1;
  }
  const bool real = column->type == ColumnType::kFloat || column->type == ColumnType::kDouble;
  if (*kind == 0 && !real && !IsInteger(column->type) && column->type != ColumnType::kBool &&
      column->type != ColumnType::kNull)
    return absl::InvalidArgumentError(
        absl::StrCat("column ", Quoted(name), " holds neither whole numbers nor instants"));
  FieldColumn made;
  made.values.resize(static_cast<std::size_t>(rows()));
  made.has.resize(static_cast<std::size_t>(rows()));
  for (std::int64_t row = 0; row < rows(); ++row) {
    if (!column->HasValue(row)) continue;
    std::int64_t value = 0;
    if (real) {
      // A column of integers with nulls becomes one of doubles in some hosts.
      const double given = LoadReal(*column, row);
      if (!(given < 9e15 && given > -9e15) || given != std::trunc(given))
        return Refuse(name, row, "the value is no whole number");
      value = static_cast<std::int64_t>(given);
    } else if (!LoadWhole(*column, row, &value)) {
      return Refuse(name, row, "the value lies beyond 2^63 - 1");
    }
    made.values[static_cast<std::size_t>(row)] = absl::int128(value) * unit;
    made.has[static_cast<std::size_t>(row)] = 1;
  }
  return made;
}

absl::StatusOr<RealColumn> ResponseColumns::Real(const std::string& name) const {
  const absl::StatusOr<Column> column = Field(name);
  if (!column.ok()) return column.status();
  const bool real = column->type == ColumnType::kFloat || column->type == ColumnType::kDouble;
  const bool exact = IsInteger(column->type) || column->type == ColumnType::kDecimal128;
  if (!real && !exact && column->type != ColumnType::kNull)
    return absl::InvalidArgumentError(absl::StrCat("column ", Quoted(name), " holds no numbers"));
  RealColumn made;
  made.values.resize(static_cast<std::size_t>(rows()));
  made.has.resize(static_cast<std::size_t>(rows()));
  for (std::int64_t row = 0; row < rows(); ++row) {
    if (!column->HasValue(row)) continue;
    double value = 0;
    if (real) {
      value = LoadReal(*column, row);
    } else {
      const std::optional<absl::int128> nanos = NanosOf(*column, row, 9);
      if (!nanos.has_value()) return Refuse(name, row, "the value cannot be read");
      value = static_cast<double>(*nanos) / 1e9;
    }
    if (!std::isfinite(value)) return Refuse(name, row, "the value is not finite");
    made.values[static_cast<std::size_t>(row)] = value;
    made.has[static_cast<std::size_t>(row)] = 1;
  }
  return made;
}

}  // namespace csat::survey
