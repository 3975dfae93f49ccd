#include "measure/item_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"
#include "csat/model/integers.h"
#include "measure/byte_kernels.h"

namespace csat {
namespace {

// Adding and taking away leaves the nearest integer, ties to even, of what is below 2^51.
constexpr double kRounder = 6755399441055744.0, kMostReal = 2251799813685248.0;

bool HoldsFigures(ColumnType type) {
  return IsInteger(type) || type == ColumnType::kBool || type == ColumnType::kFloat ||
         type == ColumnType::kDouble || type == ColumnType::kDecimal128 || type == ColumnType::kNull;
}

template <typename T>
std::int64_t Whole(const Column& column, std::int64_t row) {
  const T value = LoadValue<T>(column.values, column.offset + row);
  if constexpr (std::is_same_v<T, std::uint64_t>) {
    return value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
               ? std::numeric_limits<std::int64_t>::max()
               : static_cast<std::int64_t>(value);
  }
  return static_cast<std::int64_t>(value);
}

std::int64_t WholeOf(const Column& column, std::int64_t row) {
  switch (column.type) {
    case ColumnType::kInt8: return Whole<std::int8_t>(column, row);
    case ColumnType::kInt16: return Whole<std::int16_t>(column, row);
    case ColumnType::kInt32: return Whole<std::int32_t>(column, row);
    case ColumnType::kInt64: return Whole<std::int64_t>(column, row);
    case ColumnType::kUInt8: return Whole<std::uint8_t>(column, row);
    case ColumnType::kUInt16: return Whole<std::uint16_t>(column, row);
    case ColumnType::kUInt32: return Whole<std::uint32_t>(column, row);
    case ColumnType::kUInt64: return Whole<std::uint64_t>(column, row);
    default: {
      const std::int64_t bit = column.offset + row;
      return static_cast<const std::uint8_t*>(column.values)[bit >> 3] >> (bit & 7) & 1;
    }
  }
}

double RealOf(const Column& column, std::int64_t row) {
  return column.type == ColumnType::kFloat
             ? static_cast<double>(LoadValue<float>(column.values, column.offset + row))
             : LoadValue<double>(column.values, column.offset + row);
}

// The shortest literal that reads as the value.
template <typename T>
std::string ShownReal(T value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "infinity" : "-infinity";
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string ShownDecimal(absl::int128 value, int scale) {
  constexpr absl::int128 kMost = std::numeric_limits<std::int64_t>::max();
  if (value > kMost || value < -kMost || scale < 0 || scale > 18)
    return absl::StrCat("a decimal of ", scale, " places");
  std::string digits = absl::StrCat(static_cast<std::int64_t>(value < 0 ? -value : value));
  const auto places = static_cast<std::size_t>(scale);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  return absl::StrCat(value < 0 ? "-" : "", digits);
}

std::string Shown(const Column& column, std::int64_t row) {
  switch (column.type) {
    case ColumnType::kFloat: return ShownReal(LoadValue<float>(column.values, column.offset + row));
    case ColumnType::kDouble: return ShownReal(RealOf(column, row));
    case ColumnType::kDecimal128: return ShownDecimal(column.Decimal128(row), column.scale);
    case ColumnType::kText:
    case ColumnType::kLargeText:
    case ColumnType::kTextView: return Quoted(column.Text(row));
    case ColumnType::kDictionary: return Shown(*column.of, column.DictionaryIndex(row));
    default: return absl::StrCat(WholeOf(column, row));
  }
}

std::uint8_t AsLevel(std::int64_t step) {
  return step == kNoAnswerStep   ? kNoAnswer
         : step == kBadValueStep ? kBadValue
                                 : static_cast<std::uint8_t>(step);
}

}  // namespace

absl::StatusOr<ItemReader> ItemReader::Bind(const AggregateItem& item, const ItemLayout& layout,
                                            const Column& column) {
  const Column& values = column.type == ColumnType::kDictionary ? *column.of : column;
  const bool words = IsText(values.type) && !item.labels.empty();
  if (!HoldsFigures(values.type) && !words) {
    return absl::InvalidArgumentError(absl::StrCat("column ", Quoted(column.name), ": item '", item.id,
                                                   "' needs numbers",
                                                   IsText(values.type) ? " or labels for its words" : ""));
  }
  ItemReader reader(item, layout, column);
  if (column.type == ColumnType::kDictionary) {
    for (std::int64_t i = 0; i < values.length; ++i)
      reader.entries_.push_back(values.HasValue(i) ? reader.Step(values, i) : kNoAnswerStep);
  }
  return reader;
}

std::int64_t ItemReader::StepOfTicks(std::int64_t ticks) const {
  if (!layout_->missing.empty() &&
      std::find(layout_->missing.begin(), layout_->missing.end(), ticks) != layout_->missing.end())
    return kNoAnswerStep;
  return ticks < layout_->low || ticks > layout_->high ? kBadValueStep : ticks - layout_->low;
}

template <typename T>
std::int64_t ItemReader::StepOfReal(T value) const {
  const double scaled = static_cast<double>(value) * static_cast<double>(layout_->unit);
  if (!(scaled < kMostReal && scaled > -kMostReal)) return kBadValueStep;
  const double nearest = (scaled + kRounder) - kRounder;
  if (item_->exact && static_cast<T>(nearest / static_cast<double>(layout_->unit)) != value)
    return kBadValueStep;
  return StepOfTicks(static_cast<std::int64_t>(nearest));
}

std::int64_t ItemReader::StepOfInteger(std::int64_t value) const {
  std::int64_t ticks = 0;
  return __builtin_mul_overflow(value, layout_->unit, &ticks) ? kBadValueStep : StepOfTicks(ticks);
}

std::int64_t ItemReader::StepOfWord(std::string_view word) const {
  for (const auto& [label, value] : item_->labels) {
    if (label == word) {
      return StepOfTicks(
          static_cast<std::int64_t>(absl::int128(value.micros()) * layout_->unit / Decimal::kOne));
    }
  }
  return kBadValueStep;
}

std::int64_t ItemReader::Step(const Column& column, std::int64_t row) const {
  if (IsInteger(column.type) || column.type == ColumnType::kBool) return StepOfInteger(WholeOf(column, row));
  switch (column.type) {
    case ColumnType::kFloat: return StepOfReal(LoadValue<float>(column.values, column.offset + row));
    case ColumnType::kDouble: return StepOfReal(RealOf(column, row));
    case ColumnType::kDecimal128: {
      constexpr absl::int128 kMost = absl::int128(1) << 80;
      const absl::int128 wide = column.Decimal128(row);
      if (wide > kMost || wide < -kMost || column.scale < 0 || column.scale > 18) return kBadValueStep;
      const absl::int128 divisor = PowerOfTen(column.scale);
      const absl::int128 ticks = DivideHalfEven(wide * layout_->unit, divisor);
      if (item_->exact && ticks * divisor != wide * layout_->unit) return kBadValueStep;
      if (ticks > std::numeric_limits<std::int64_t>::max() ||
          ticks < std::numeric_limits<std::int64_t>::min())
        return kBadValueStep;
      return StepOfTicks(static_cast<std::int64_t>(ticks));
    }
    default: return StepOfWord(column.Text(row));
  }
}

int ItemReader::ReadLevels(std::int64_t row, int n, std::uint8_t* out) const {
  const Column& column = *column_;
  const ItemLayout& layout = *layout_;
  const bool bytes = column.type == ColumnType::kInt8 || column.type == ColumnType::kUInt8;
  const bool missing_outside =
      layout.missing.empty() || (layout.missing.size() == 1 && (layout.missing.front() < layout.low ||
                                                                layout.missing.front() > layout.high));
  const std::int64_t least = column.type == ColumnType::kInt8 ? -128 : 0;
  const auto is_byte = [&](std::int64_t value) { return value >= least && value <= least + 255; };
  if (column.type == ColumnType::kNull) {
    std::fill(out, out + n, kNoAnswer);
    return kSomeNone;
  }
  if (bytes && layout.unit == 1 && missing_outside && is_byte(layout.low) && is_byte(layout.high) &&
      (layout.missing.empty() || is_byte(layout.missing.front()))) {
    ByteTask task{};
    task.values = static_cast<const std::uint8_t*>(column.values) + column.offset + row;
    task.rows = n;
    task.low = static_cast<std::uint8_t>(layout.low);
    task.levels = static_cast<std::uint8_t>(layout.levels);
    task.missing = static_cast<std::uint8_t>(layout.missing.empty() ? layout.low : layout.missing.front());
    task.validity = column.validity;
    task.first = column.offset + row;
    task.out = out;
    return FindByteKernels().read(task);
  }
  if (column.type == ColumnType::kDictionary) {
    for (int i = 0; i < n; ++i)
      out[i] = column.HasValue(row + i)
                   ? AsLevel(entries_[static_cast<std::size_t>(column.DictionaryIndex(row + i))])
                   : kNoAnswer;
  } else {
    for (int i = 0; i < n; ++i)
      out[i] = column.HasValue(row + i) ? AsLevel(Step(column, row + i)) : kNoAnswer;
  }
  return FindByteKernels().look(out, n);
}

int ItemReader::ReadSteps(std::int64_t row, int n, std::int64_t* out) const {
  const Column& column = *column_;
  int found = 0;
  for (int i = 0; i < n; ++i) {
    if (!column.HasValue(row + i)) {
      out[i] = kNoAnswerStep;
    } else if (column.type == ColumnType::kDictionary) {
      out[i] = entries_[static_cast<std::size_t>(column.DictionaryIndex(row + i))];
    } else {
      out[i] = Step(column, row + i);
    }
    found |= out[i] == kBadValueStep ? kSomeBad : out[i] == kNoAnswerStep ? kSomeNone : 0;
  }
  return found;
}

std::string ItemReader::WhyBad(std::int64_t row) const {
  const Column& values = column_->type == ColumnType::kDictionary ? *column_->of : *column_;
  const std::int64_t at = column_->type == ColumnType::kDictionary ? column_->DictionaryIndex(row) : row;
  if (item_->exact && LiesWithin(values, at)) {
    return absl::StrCat(
        "column ", Quoted(column_->name), ": ", Shown(*column_, row), " lies between two steps of ",
        Decimal::FromMicros(Decimal::kOne / layout_->unit).ToString(), " of item '", item_->id, "'");
  }
  return absl::StrCat("column ", Quoted(column_->name), ": ", Shown(*column_, row),
                      IsText(values.type)
                          ? absl::StrCat(" is no label of item '", item_->id, "'")
                          : absl::StrCat(" lies outside [", item_->min.ToString(), ", ",
                                         item_->max.ToString(), "] of item '", item_->id, "'"));
}

bool ItemReader::LiesWithin(const Column& values, std::int64_t at) const {
  if (values.type == ColumnType::kFloat || values.type == ColumnType::kDouble)
    return RealOf(values, at) >= item_->min.ToDouble() && RealOf(values, at) <= item_->max.ToDouble();
  if (values.type != ColumnType::kDecimal128 || values.scale < 0 || values.scale > 18) return false;
  constexpr absl::int128 kMost = absl::int128(1) << 80;
  const absl::int128 wide = values.Decimal128(at), one = PowerOfTen(values.scale);
  return wide <= kMost && wide >= -kMost && wide * Decimal::kOne >= one * item_->min.micros() &&
         wide * Decimal::kOne <= one * item_->max.micros();
}

}  // namespace csat
