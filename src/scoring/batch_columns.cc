#include "scoring/batch_columns.h"

#include <limits>
#include <string>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"

namespace csat {
namespace {

bool IsNumber(ColumnType type) {
  return IsInteger(type) || type == ColumnType::kBool || type == ColumnType::kFloat ||
         type == ColumnType::kDouble || type == ColumnType::kDecimal128;
}

bool IsList(ColumnType type) { return type == ColumnType::kList || type == ColumnType::kLargeList; }

// The type of the values, through a dictionary.
ColumnType ValueType(const Column& column) {
  return column.type == ColumnType::kDictionary ? column.of->type : column.type;
}

// A metric that reads `slot` knows words for its numbers.
bool TakesLabels(const CompiledPlan& plan, int slot) {
  for (const CompiledMetric& metric : plan.metrics) {
    if (metric.slot == slot && metric.metric->scale.has_value() && !metric.metric->scale->labels().empty())
      return true;
  }
  for (const CompiledCard& card : plan.cards) {
    for (const CompiledIndicator& indicator : card.indicators) {
      if (indicator.last_slot == slot && indicator.metric >= 0) {
        const CompiledMetric& metric = plan.metrics[static_cast<std::size_t>(indicator.metric)];
        if (metric.metric->scale.has_value() && !metric.metric->scale->labels().empty()) return true;
      }
    }
  }
  return false;
}

absl::Status CheckType(const CompiledPlan& plan, int slot, const Column& column) {
  const Field& field = plan.fields[static_cast<std::size_t>(slot)];
  const ColumnType type = ValueType(column);
  const char* wanted = "";
  bool fits = type == ColumnType::kNull;
  switch (field.type) {
    case FieldType::kNumber:
      wanted = "numbers";
      fits = fits || IsNumber(type) || (IsText(type) && TakesLabels(plan, slot));
      break;
    case FieldType::kText:
      wanted = "words";
      fits = fits || IsText(type);
      break;
    case FieldType::kEvents:
      wanted = "lists of numbers";
      fits = fits || (IsList(type) && (IsNumber(column.of->type) || column.of->type == ColumnType::kNull));
      break;
  }
  if (fits) return absl::OkStatus();
  const char* has = IsNumber(type) ? "numbers" : IsText(type) ? "words" : IsList(type) ? "lists" : "dates";
  return absl::InvalidArgumentError(absl::StrCat("column ", Quoted(field.name), " has ", has,
                                                 IsList(type) ? " of something else" : "",
                                                 ", the plan reads ", wanted, " there"));
}

// A ratio has its counts where it lacks its finished figure, or the other way round: `slot` may be absent where
// each metric that reads it has the other.
bool HasOtherForm(const CompiledPlan& plan, const Table& table, int slot) {
  // A column that is there twice is refused as that.
  const auto there = [&](int other) {
    return table.Find(plan.fields[static_cast<std::size_t>(other)].name) != -1;
  };
  for (const CompiledMetric& metric : plan.metrics) {
    bool counts = false, complete = true;
    for (const auto* terms : {&metric.numerator, &metric.denominator}) {
      for (const CompiledMetric::Term& term : *terms) {
        counts = counts || term.slot == slot;
        complete = complete && there(term.slot);
      }
    }
    if (metric.slot == slot && (metric.kind != CompiledMetric::Kind::kRatio || !complete)) return false;
    if (counts && (metric.slot < 0 || !there(metric.slot))) return false;
  }
  return true;
}

Cell IntegerCell(std::int64_t value) {
  Cell cell;
  cell.kind = Cell::Kind::kInteger;
  cell.integer = value;
  return cell;
}

Cell DoubleCell(double value) {
  Cell cell;
  cell.kind = Cell::Kind::kDouble;
  cell.real = value;
  return cell;
}

Cell DecimalCell(const void* values, std::int64_t at, int scale) {
  const std::uint64_t low = LoadValue<std::uint64_t>(values, 2 * at);
  const std::int64_t high = LoadValue<std::int64_t>(values, 2 * at + 1);
  const absl::int128 value = absl::MakeInt128(high, low);
  absl::int128 micros = value;
  bool exact = true;
  for (int i = scale; i < Decimal::kPlaces && exact; ++i) {
    exact = micros <= std::numeric_limits<std::int64_t>::max() &&
            micros >= std::numeric_limits<std::int64_t>::min();
    if (exact) micros *= 10;
  }
  for (int i = Decimal::kPlaces; i < scale && exact; ++i) {
    exact = micros % 10 == 0;
    micros /= 10;
  }
  exact = exact && micros <= std::numeric_limits<std::int64_t>::max() &&
          micros >= std::numeric_limits<std::int64_t>::min();
  if (exact) {
    Cell cell;
    cell.kind = Cell::Kind::kDecimal;
    cell.integer = static_cast<std::int64_t>(micros);
    return cell;
  }
  double power = 1;
  for (int i = scale < 0 ? -scale : scale; i > 0; --i) power *= 10;
  return DoubleCell(scale < 0 ? static_cast<double>(value) * power : static_cast<double>(value) / power);
}

void FillEvents(const Column& column, std::int64_t row, std::vector<double>* scratch, std::size_t slot,
                Record* record) {
  std::int64_t from = 0, to = 0;
  column.ListRange(row, &from, &to);
  const Column& items = *column.of;
  for (std::int64_t i = from; i < to; ++i) {
    const Cell cell = CellOf(items, i);
    double value = std::numeric_limits<double>::quiet_NaN();  // An item without a value; refused as one.
    if (cell.kind == Cell::Kind::kInteger) value = static_cast<double>(cell.integer);
    if (cell.kind == Cell::Kind::kDecimal) value = Decimal::FromMicros(cell.integer).ToDouble();
    if (cell.kind == Cell::Kind::kDouble) value = cell.real;
    (*scratch)[static_cast<std::size_t>(i - from)] = value;
  }
  record->SetEvents(slot, {scratch->data(), static_cast<std::size_t>(to - from)});
}

}  // namespace

absl::StatusOr<BoundColumns> BindColumns(const CompiledPlan& plan, const Table& table) {
  BoundColumns bound;
  bound.rows = table.rows();
  for (std::size_t slot = 0; slot < plan.fields.size(); ++slot) {
    const Field& field = plan.fields[slot];
    const std::int64_t index = table.Find(field.name);
    if (index == -2)
      return absl::InvalidArgumentError(absl::StrCat("column ", Quoted(field.name), " is there twice"));
    Column column;
    column.name = field.name;
    column.length = table.rows();
    if (index >= 0) {
      absl::StatusOr<Column> read = table.View(index);
      if (!read.ok()) return read.status();
      column = *std::move(read);
      if (absl::Status status = CheckType(plan, static_cast<int>(slot), column); !status.ok()) return status;
    } else if (field.required && !HasOtherForm(plan, table, static_cast<int>(slot))) {
      return absl::InvalidArgumentError(absl::StrCat(
          "column ", Quoted(field.name), " is missing: scorecard '", plan.own().card->id, "' needs it"));
    }
    bound.columns.push_back(std::move(column));
  }
  return bound;
}

EventScratch MakeEventScratch(const BoundColumns& bound) {
  EventScratch scratch(bound.columns.size());
  for (std::size_t slot = 0; slot < bound.columns.size(); ++slot) {
    scratch[slot].resize(static_cast<std::size_t>(bound.columns[slot].longest));
  }
  return scratch;
}

Cell CellOf(const Column& column, std::int64_t row) {
  if (!column.HasValue(row)) return Cell();
  const std::int64_t at = column.offset + row;
  switch (column.type) {
    case ColumnType::kBool:
      return IntegerCell(static_cast<const std::uint8_t*>(column.values)[at >> 3] >> (at & 7) & 1);
    case ColumnType::kInt8: return IntegerCell(LoadValue<std::int8_t>(column.values, at));
    case ColumnType::kInt16: return IntegerCell(LoadValue<std::int16_t>(column.values, at));
    case ColumnType::kInt32: return IntegerCell(LoadValue<std::int32_t>(column.values, at));
    case ColumnType::kInt64: return IntegerCell(LoadValue<std::int64_t>(column.values, at));
    case ColumnType::kUInt8: return IntegerCell(LoadValue<std::uint8_t>(column.values, at));
    case ColumnType::kUInt16: return IntegerCell(LoadValue<std::uint16_t>(column.values, at));
    case ColumnType::kUInt32: return IntegerCell(LoadValue<std::uint32_t>(column.values, at));
    case ColumnType::kUInt64: {
      const std::uint64_t value = LoadValue<std::uint64_t>(column.values, at);
      constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
      return value <= kMost ? IntegerCell(static_cast<std::int64_t>(value))
                            : DoubleCell(static_cast<double>(value));
    }
    case ColumnType::kFloat: return DoubleCell(static_cast<double>(LoadValue<float>(column.values, at)));
    case ColumnType::kDouble: return DoubleCell(LoadValue<double>(column.values, at));
    case ColumnType::kDecimal128: return DecimalCell(column.values, at, column.scale);
    case ColumnType::kDictionary: return CellOf(*column.of, column.DictionaryIndex(row));
    case ColumnType::kText:
    case ColumnType::kLargeText:
    case ColumnType::kTextView: {
      const std::string_view text = column.Text(row);
      Cell cell;
      cell.kind = Cell::Kind::kText;
      cell.text = text.data();
      cell.size = text.size();
      return cell;
    }
    default: return Cell();
  }
}

void FillRecord(const BoundColumns& bound, std::int64_t row, EventScratch* scratch, Record* record) {
  for (std::size_t slot = 0; slot < bound.columns.size(); ++slot) {
    const Column& column = bound.columns[slot];
    if (IsList(column.type)) {
      if (column.HasValue(row)) {
        FillEvents(column, row, &(*scratch)[slot], slot, record);
      } else {
        record->SetMissing(slot);
      }
      continue;
    }
    const Cell cell = CellOf(column, row);
    switch (cell.kind) {
      case Cell::Kind::kInteger: record->SetInteger(slot, cell.integer); break;
      case Cell::Kind::kDecimal: record->SetDecimal(slot, Decimal::FromMicros(cell.integer)); break;
      case Cell::Kind::kDouble: record->SetDouble(slot, cell.real); break;
      case Cell::Kind::kText: record->SetText(slot, {cell.text, cell.size}); break;
      default: record->SetMissing(slot); break;
    }
  }
}

}  // namespace csat
