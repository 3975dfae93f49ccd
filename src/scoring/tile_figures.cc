#include "scoring/tile_figures.h"

#include <algorithm>
#include <limits>
#include <string>

#include "csat/model/integers.h"
#include "scoring/figure.h"

namespace csat {
namespace {

constexpr double kFlag = std::numeric_limits<double>::quiet_NaN();
// Ticks that tiles hold, with room for a comparison beyond them.
constexpr std::int64_t kMostTicks = TileBuilder::kLimit / 2;
// Dictionaries beyond this are not made into tables.
constexpr std::int64_t kMostCodes = 1 << 20;
// Words that a text is compared with one after another.
constexpr std::size_t kMostWords = 32;

int PlacesOf(std::int64_t unit) {
  int places = 0;
  for (std::int64_t power = 1; power < unit; power *= 10) ++places;
  return places;
}

}  // namespace

TileSource TileFigures::SourceOf(const Column& column) {
  TileSource source{};
  source.type = static_cast<std::uint8_t>(column.type);
  source.index_type = static_cast<std::uint8_t>(column.index_type);
  source.width = WidthOf(column.type == ColumnType::kDictionary ? column.index_type : column.type);
  source.offset = column.offset;
  source.validity = column.validity;
  source.values = column.values;
  source.offsets = column.offsets;
  source.variadic = column.variadic;
  source.multiply = source.divide_by = 1;
  return source;
}

TileFigure TileFigures::NumberColumn(const Column& column, std::int64_t unit, bool whole, absl::int128 low,
                                     absl::int128 high) {
  TileFigure figure;
  if (column.type == ColumnType::kNull) {
    builder_.Fail();
    return figure;
  }
  const bool real = column.type == ColumnType::kDouble || column.type == ColumnType::kFloat;
  const bool decimal = column.type == ColumnType::kDecimal128;
  const bool wholes = !real && !decimal;
  TileSource source = SourceOf(column);
  if (decimal) {
    const int places = whole ? 0 : PlacesOf(unit);
    if (column.scale < 0 || column.scale > 9) {
      builder_.Fail();
      return figure;
    }
    if (places >= column.scale) {
      source.multiply = PowerOfTen(places - column.scale);
    } else {
      source.divide_by = PowerOfTen(column.scale - places);
    }
  }
  low = std::max<absl::int128>(low, -kMostTicks);
  high = std::min<absl::int128>(high, kMostTicks);
  figure.unit = unit;
  if (whole || wholes) {
    // A real number is read in ticks before it is known to be whole.
    const absl::int128 most = real ? kMostTicks / unit : kMostTicks;
    low = std::max(CeilingOf(low, unit), -most);
    high = std::min(FloorOf(high, unit), most);
    figure.unit = 1;
  }
  if (low > high) {
    builder_.Fail();
    return figure;
  }
  figure.numerator = builder_.Load(builder_.AddSource(source), unit, whole && real, low, high);
  return figure;
}

// The figure of each entry, read as the engine reads it.
TileFigure TileFigures::DictionaryFigure(const CompiledMetric& metric, const Column& column) {
  TileFigure figure;
  const Column& entries = column.of == nullptr ? column : *column.of;
  std::vector<double> table;
  bool whole = true;
  const auto add = [&](const Cell& cell) {
    std::int64_t ticks = 0;
    bool missing = false;
    const absl::Status status = ReadTicks(plan_, metric, metric.slot, cell, &ticks, &missing);
    const bool good = status.ok() && !missing && ticks >= -kMostTicks && ticks <= kMostTicks;
    whole = whole && (!good || ticks % metric.unit == 0);
    table.push_back(good ? static_cast<double>(ticks) : kFlag);
  };
  if (column.type == ColumnType::kDictionary) {
    if (entries.length > kMostCodes) builder_.Fail();
    for (std::int64_t i = 0; builder_.ok() && i < entries.length; ++i) add(CellOf(entries, i));
  } else {
    for (const std::string_view word : KnownWords(metric.slot)) {
      Cell cell;
      cell.kind = Cell::Kind::kText;
      cell.text = word.data();
      cell.size = word.size();
      add(cell);
    }
  }
  table.push_back(kFlag);  // Of an unknown word, and of an empty dictionary.
  figure.unit = metric.unit;
  if (whole) {
    for (double& ticks : table) ticks /= static_cast<double>(metric.unit);
    figure.unit = 1;
  }
  const int codes = Codes(metric.slot);
  if (builder_.ok()) figure.numerator = builder_.LookUp(codes, std::move(table));
  return figure;
}

TileFigure TileFigures::NumberFigure(const CompiledMetric& metric) {
  const Column& column = bound_.columns[static_cast<std::size_t>(metric.slot)];
  if (column.type == ColumnType::kDictionary || IsText(column.type)) return DictionaryFigure(metric, column);
  const TileFigure figure =
      NumberColumn(column, metric.unit, metric.integer, metric.min_ticks, metric.max_ticks);
  for (const std::int64_t ticks : metric.missing_ticks) {
    const std::int64_t scale = metric.unit / figure.unit;
    if (builder_.ok() && ticks % scale == 0) builder_.FlagEqual(figure.numerator, ticks / scale);
  }
  return figure;
}

TileValue TileFigures::Count(int slot) {
  const auto found = counts_.find(slot);
  if (found != counts_.end()) return found->second;
  const Column& column = bound_.columns[static_cast<std::size_t>(slot)];
  if (column.type == ColumnType::kDictionary || IsText(column.type)) builder_.Fail();
  if (!builder_.ok()) return {};
  const TileValue count =
      NumberColumn(column, Decimal::kOne, true, 0, absl::int128(most_count_) * Decimal::kOne).numerator;
  counts_[slot] = count;
  return count;
}

TileValue TileFigures::Sum(const std::vector<CompiledMetric::Term>& terms) {
  TileValue sum;
  for (const CompiledMetric::Term& term : terms) {
    const TileValue count = Count(term.slot);
    if (!builder_.ok()) return sum;
    sum = sum.tile < 0 ? builder_.Scale(count, term.times) : builder_.Combine(count, term.times, sum, 1);
  }
  if (sum.tile < 0) builder_.Fail();
  return sum;
}

TileFigure TileFigures::RatioFigure(const CompiledMetric& metric) {
  TileFigure figure;
  if (metric.slot >= 0) {
    const Column& column = bound_.columns[static_cast<std::size_t>(metric.slot)];
    if (column.type != ColumnType::kNull) {
      // A figure that is there in some rows only would need both forms; counts beside it would have to be checked.
      const auto counted = [this](const CompiledMetric::Term& term) {
        return bound_.columns[static_cast<std::size_t>(term.slot)].type != ColumnType::kNull;
      };
      if (column.validity != nullptr ||
          std::any_of(metric.numerator.begin(), metric.numerator.end(), counted) ||
          std::any_of(metric.denominator.begin(), metric.denominator.end(), counted)) {
        builder_.Fail();
        return figure;
      }
      return NumberFigure(metric);
    }
  }
  figure.ratio = true;
  figure.numerator = Sum(metric.numerator);
  figure.denominator = Sum(metric.denominator);
  if (!builder_.ok()) return figure;
  builder_.FlagOutside(figure.denominator, 1, figure.denominator.high);
  figure.denominator.low = 1;
  if (!metric.may_exceed_whole) {
    const TileValue above = builder_.Combine(figure.denominator, 1, figure.numerator, -1);
    builder_.FlagOutside(above, 0, above.high);
    if (figure.numerator.low < 0) {
      const TileValue below = builder_.Combine(figure.denominator, 1, figure.numerator, 1);
      builder_.FlagOutside(below, 0, below.high);
    }
  }
  figure.numerator = builder_.Scale(figure.numerator, metric.times_numerator);
  figure.denominator = builder_.Scale(figure.denominator, metric.times_denominator);
  // sign * (numerator * 1,000,000 - limit * denominator) is not below 0.
  const auto flag = [&](Decimal limit, int sign) {
    const absl::int128 common = GreatestCommonDivisor(Decimal::kOne, limit.micros());
    const TileValue rest = builder_.Combine(figure.numerator, sign * (Decimal::kOne / common),
                                            figure.denominator, -sign * (limit.micros() / common));
    if (builder_.ok() && rest.low < 0) builder_.FlagOutside(rest, 0, rest.high);
  };
  if (metric.metric->min.has_value()) flag(*metric.metric->min, 1);
  if (metric.metric->max.has_value()) flag(*metric.metric->max, -1);
  return figure;
}

TileFigure TileFigures::Figure(int metric) {
  const auto found = figures_.find(metric);
  if (found != figures_.end()) return found->second;
  const CompiledMetric& compiled = plan_.metrics[static_cast<std::size_t>(metric)];
  TileFigure figure;
  switch (compiled.kind) {
    case CompiledMetric::Kind::kNumber: figure = NumberFigure(compiled); break;
    case CompiledMetric::Kind::kRatio: figure = RatioFigure(compiled); break;
    default: builder_.Fail(); break;
  }
  figures_[metric] = figure;
  return figure;
}

void TileFigures::Check(int metric) {
  if (!builder_.ok()) return;
  if (plan_.metrics[static_cast<std::size_t>(metric)].kind == CompiledMetric::Kind::kText) {
    Words(metric, [](std::optional<std::string_view>) { return 0.0; });
  } else {
    Figure(metric);
  }
}

void TileFigures::AddWords(const CompiledPredicate& predicate, int slot,
                           std::set<std::string_view>* words) const {
  if (predicate.kind == Predicate::Kind::kText &&
      plan_.metrics[static_cast<std::size_t>(predicate.metric)].slot == slot) {
    words->insert(predicate.text);
  }
  for (const CompiledPredicate& part : predicate.of) AddWords(part, slot, words);
}

const std::vector<std::string_view>& TileFigures::KnownWords(int slot) {
  const auto found = words_.find(slot);
  if (found != words_.end()) return found->second;
  std::set<std::string_view> words;
  for (const CompiledMetric& metric : plan_.metrics) {
    if (metric.slot != slot) continue;
    if (const auto* text = std::get_if<TextForm>(&metric.metric->form))
      words.insert(text->values.begin(), text->values.end());
    if (!metric.metric->scale.has_value()) continue;
    for (const Scale::RankLabel& label : metric.metric->scale->labels()) {
      words.insert(label.aliases.begin(), label.aliases.end());
      for (const auto& [language, text] : label.label.by_language()) words.insert(text);
    }
  }
  for (const CompiledCard& card : plan_.cards) {
    for (const CompiledPredicate& predicate : card.predicates) AddWords(predicate, slot, &words);
    if (card.profile_metric >= 0 &&
        plan_.metrics[static_cast<std::size_t>(card.profile_metric)].slot == slot) {
      for (const Profile& profile : card.card->profiles) words.insert(profile.id);
    }
    for (const CompiledIndicator& indicator : card.indicators) {
      if (indicator.metric < 0 || plan_.metrics[static_cast<std::size_t>(indicator.metric)].slot != slot)
        continue;
      for (const Lookup::Entry& entry : indicator.function.entries) words.insert(entry.text);
    }
  }
  return words_[slot] = std::vector<std::string_view>(words.begin(), words.end());
}

int TileFigures::Codes(int slot) {
  const auto found = codes_.find(slot);
  if (found != codes_.end()) return found->second;
  const Column& column = bound_.columns[static_cast<std::size_t>(slot)];
  TileSource source = SourceOf(column);
  if (column.type == ColumnType::kDictionary) {
    // An empty dictionary has no index but those of null rows.
    source.codes = static_cast<std::int32_t>(
        std::min<std::int64_t>(std::max<std::int64_t>(column.of->length, 1), kMostCodes));
  } else {
    const std::vector<std::string_view>& known = KnownWords(slot);
    if (!IsText(column.type) || known.size() > kMostWords) {
      builder_.Fail();
      return -1;
    }
    std::vector<TileWord>& words = builder_.program().words.emplace_back();
    for (const std::string_view word : known)
      words.push_back({word.data(), static_cast<std::int64_t>(word.size())});
    source.words = words.data();
    source.codes = static_cast<std::int32_t>(known.size() + 1);
  }
  return codes_[slot] = builder_.LoadCodes(builder_.AddSource(source));
}

TileValue TileFigures::Words(int metric,
                             const std::function<double(std::optional<std::string_view>)>& value_of) {
  const CompiledMetric& compiled = plan_.metrics[static_cast<std::size_t>(metric)];
  const Column& column = bound_.columns[static_cast<std::size_t>(compiled.slot)];
  const std::vector<std::string>& allowed = std::get<TextForm>(compiled.metric->form).values;
  const auto checked = [&](std::string_view word) {
    return !allowed.empty() && std::find(allowed.begin(), allowed.end(), word) == allowed.end()
               ? kFlag
               : value_of(word);
  };
  std::vector<double> table;
  if (column.type == ColumnType::kDictionary) {
    const Column& entries = *column.of;
    if (!IsText(entries.type) || entries.length > kMostCodes) builder_.Fail();
    for (std::int64_t i = 0; builder_.ok() && i < entries.length; ++i) {
      table.push_back(entries.HasValue(i) ? checked(entries.Text(i)) : kFlag);
    }
    if (table.empty()) table.push_back(kFlag);
  } else if (IsText(column.type)) {
    for (const std::string_view word : KnownWords(compiled.slot)) table.push_back(checked(word));
    table.push_back(allowed.empty() ? value_of(std::nullopt) : kFlag);
  } else {
    builder_.Fail();
  }
  const int codes = builder_.ok() ? Codes(compiled.slot) : -1;
  return builder_.ok() ? builder_.LookUp(codes, std::move(table)) : TileValue();
}

int TileFigures::AtLeast(const TileFigure& figure, Decimal value, bool negate) {
  if (!builder_.ok()) return -1;
  if (!figure.ratio) {
    return builder_.AtLeast(figure.numerator,
                            CeilingOf(absl::int128(value.micros()) * figure.unit, Decimal::kOne), negate);
  }
  const absl::int128 common = GreatestCommonDivisor(Decimal::kOne, value.micros());
  const TileValue rest = builder_.Combine(figure.numerator, Decimal::kOne / common, figure.denominator,
                                          -value.micros() / common);
  return builder_.ok() ? builder_.AtLeast(rest, 0, negate) : -1;
}

int TileFigures::Condition(const CompiledPredicate& predicate) {
  if (!builder_.ok()) return -1;
  switch (predicate.kind) {
    case Predicate::Kind::kAll:
    case Predicate::Kind::kAny: {
      const bool all = predicate.kind == Predicate::Kind::kAll;
      int result = -1;
      for (const CompiledPredicate& part : predicate.of) {
        const int truth = Condition(part);
        if (!builder_.ok()) return -1;
        result = result < 0 ? truth : all ? builder_.And(result, truth) : builder_.Or(result, truth);
      }
      return result >= 0 ? result : builder_.Set(all ? 1 : 0).tile;
    }
    case Predicate::Kind::kNot: {
      const int truth = Condition(predicate.of.front());
      return builder_.ok() ? builder_.Not(truth) : -1;
    }
    case Predicate::Kind::kText: {
      const bool equal = predicate.op == ComparisonOp::kEqual;
      return Words(predicate.metric,
                   [&](std::optional<std::string_view> word) {
                     return (word.has_value() && *word == predicate.text) == equal ? 1.0 : 0.0;
                   })
          .tile;
    }
    case Predicate::Kind::kNumber:
    case Predicate::Kind::kAnswered:
    case Predicate::Kind::kAtLeast: break;  // No plan has the last two.
  }
  const TileFigure figure = Figure(predicate.metric);
  if (!builder_.ok()) return -1;
  const Decimal value = predicate.value;
  // figure > value is not (figure <= value), and figure <= value is figure < the next tick; ratios turn both sides.
  switch (predicate.op) {
    case ComparisonOp::kGreaterOrEqual: return AtLeast(figure, value, false);
    case ComparisonOp::kLess: return AtLeast(figure, value, true);
    default: break;
  }
  const bool negate = predicate.op == ComparisonOp::kNotEqual || predicate.op == ComparisonOp::kLessOrEqual;
  const bool order = predicate.op == ComparisonOp::kGreater || predicate.op == ComparisonOp::kLessOrEqual;
  if (!figure.ratio) {
    const absl::int128 scaled = absl::int128(value.micros()) * figure.unit;
    if (order) return builder_.AtLeast(figure.numerator, FloorOf(scaled, Decimal::kOne) + 1, negate);
    const bool possible = scaled % Decimal::kOne == 0;
    return builder_.Equals(figure.numerator, possible ? scaled / Decimal::kOne : figure.numerator.high + 1,
                           negate);
  }
  const absl::int128 common = GreatestCommonDivisor(Decimal::kOne, value.micros());
  const TileValue rest = builder_.Combine(figure.numerator, Decimal::kOne / common, figure.denominator,
                                          -value.micros() / common);
  if (!builder_.ok()) return -1;
  return order ? builder_.AtLeast(rest, 1, negate) : builder_.Equals(rest, 0, negate);
}

}  // namespace csat
