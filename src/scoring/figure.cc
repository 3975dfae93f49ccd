#include "scoring/figure.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"

namespace csat {
namespace {

using Ticks = std::int64_t;

std::string ShortestDouble(double value) {
  char text[40];
  for (int digits = 15; digits <= 17; ++digits) {
    std::snprintf(text, sizeof text, "%.*g", digits, value);
    if (std::strtod(text, nullptr) == value) break;
  }
  // The C locale's comma, where a host has set one, is not part of a number.
  for (char* c = text; *c != '\0'; ++c) {
    if (*c == ',') *c = '.';
  }
  return text;
}

std::string Shown(const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::kInteger: return std::to_string(cell.integer);
    case Cell::Kind::kDecimal: return Decimal::FromMicros(cell.integer).ToString();
    case Cell::Kind::kDouble: return ShortestDouble(cell.real);
    case Cell::Kind::kText: return Quoted({cell.text, cell.size});
    case Cell::Kind::kEvents: return "a list";
    case Cell::Kind::kMissing: break;
  }
  return "nothing";
}

std::string ShownTicks(Ticks ticks, std::int64_t unit) {
  int places = 0;
  for (std::int64_t power = 1; power < unit; power *= 10) ++places;
  std::string text = Ratio::Create(ticks, unit)->ToString(places);
  if (places > 0) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

absl::Status Refuse(const CompiledPlan& plan, int slot, const std::string& value, const std::string& why) {
  const std::string field = slot >= 0 ? plan.fields[static_cast<std::size_t>(slot)].name : "?";
  return absl::InvalidArgumentError(absl::StrCat("field ", Quoted(field), ": ", value, " ", why));
}

// |value| below 9.2e18. From 2^52 on every double is whole; below, adding and taking away 2^52 rounds by IEEE
// addition, half-even.
Ticks RoundHalfEven(double value) {
  constexpr double kWhole = 4503599627370496.0;
  const double magnitude = std::fabs(value);
  if (magnitude >= kWhole) return static_cast<Ticks>(value);
  const double rounded = (magnitude + kWhole) - kWhole;
  return static_cast<Ticks>(value < 0 ? -rounded : rounded);
}

// value * unit as ticks.
absl::Status TicksOf(const CompiledPlan& plan, int slot, const Cell& cell, std::int64_t unit, Ticks* ticks) {
  constexpr double kLimit = 9.2e18;
  absl::int128 exact = 0;
  switch (cell.kind) {
    case Cell::Kind::kInteger: exact = absl::int128(cell.integer) * unit; break;
    case Cell::Kind::kDecimal:
      exact = DivideHalfEven(absl::int128(cell.integer) * unit, Decimal::kOne);
      break;
    case Cell::Kind::kDouble: {
      const double scaled = cell.real * static_cast<double>(unit);
      if (!(std::fabs(scaled) < kLimit)) {
        if (std::isnan(cell.real))
          return Refuse(plan, slot, "NaN", "is not a number; leave the field empty if it is missing");
        if (std::isinf(cell.real))
          return Refuse(plan, slot, cell.real > 0 ? "infinity" : "-infinity", "is not a number");
        return Refuse(plan, slot, ShortestDouble(cell.real),
                      "is beyond the limit of " + ShownTicks(9'200'000'000'000'000'000, unit));
      }
      *ticks = RoundHalfEven(scaled);
      return absl::OkStatus();
    }
    default: return Refuse(plan, slot, Shown(cell), "is not a number");
  }
  if (exact > 9'200'000'000'000'000'000 || exact < -9'200'000'000'000'000'000) {
    return Refuse(plan, slot, Shown(cell),
                  "is beyond the limit of " + ShownTicks(9'200'000'000'000'000'000, unit));
  }
  *ticks = static_cast<Ticks>(exact);
  return absl::OkStatus();
}

absl::Status RefuseOutside(const CompiledPlan& plan, const CompiledMetric& metric, int slot,
                           const std::string& value) {
  const Metric& m = *metric.metric;
  return Refuse(
      plan, slot, value,
      absl::StrCat("lies outside ", m.min.has_value() ? "[" + m.min->ToString() : "(-inf", ", ",
                   m.max.has_value() ? m.max->ToString() + "]" : "inf)", " of metric '", m.id, "'"));
}

bool Allowed(const CompiledMetric& metric, Ticks ticks) {
  return ticks >= metric.min_ticks && ticks <= metric.max_ticks &&
         (!metric.integer || ticks % metric.unit == 0);
}

bool IsMissingValue(const CompiledMetric& metric, Ticks ticks) {
  return !metric.missing_ticks.empty() && std::find(metric.missing_ticks.begin(), metric.missing_ticks.end(),
                                                    ticks) != metric.missing_ticks.end();
}

// Sum of times * field, in millionths. `missing` if any field is.
absl::Status SumTerms(const CompiledPlan& plan, const std::vector<CompiledMetric::Term>& terms,
                      const Record& record, absl::int128* sum, bool* missing) {
  *sum = 0;
  for (const CompiledMetric::Term& term : terms) {
    const Cell& cell = record[static_cast<std::size_t>(term.slot)];
    if (cell.kind == Cell::Kind::kMissing) {
      *missing = true;
      continue;
    }
    Ticks ticks = 0;
    if (absl::Status status = TicksOf(plan, term.slot, cell, Decimal::kOne, &ticks); !status.ok())
      return status;
    if (ticks < 0) return Refuse(plan, term.slot, Shown(cell), "is below 0, the least of a count");
    *sum += absl::int128(ticks) * term.times;
  }
  return absl::OkStatus();
}

absl::int128 Magnitude(absl::int128 value) { return value < 0 ? -value : value; }

// Counts that contradict each other.
absl::Status CheckCounts(const CompiledMetric& metric, absl::int128 numerator, absl::int128 denominator) {
  const auto as_decimal = [&metric](absl::int128 sum) {
    return Decimal::FromMicros(static_cast<std::int64_t>(sum * metric.common / Decimal::kOne)).ToString();
  };
  const std::string& id = metric.metric->id;
  if (denominator < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("metric '", id, "': denominator ", as_decimal(denominator), " is below 0"));
  }
  if (!metric.may_exceed_whole && Magnitude(numerator) > denominator) {
    return absl::InvalidArgumentError(absl::StrCat("metric '", id, "': numerator ", as_decimal(numerator),
                                                   " is above denominator ", as_decimal(denominator)));
  }
  return absl::OkStatus();
}

// times * numerator / denominator, both in millionths, within the range of exact ratios.
absl::Status Divide(const CompiledMetric& metric, absl::int128 numerator, absl::int128 denominator,
                    Figure* out) {
  if (numerator % Decimal::kOne == 0 && denominator % Decimal::kOne == 0) {
    numerator /= Decimal::kOne;
    denominator /= Decimal::kOne;
  }
  numerator *= metric.times_numerator;
  denominator *= metric.times_denominator;
  constexpr std::int64_t kExactLimit = std::int64_t{1} << 53;
  if (Magnitude(numerator) > kExactLimit || denominator > kExactLimit) {
    absl::int128 a = Magnitude(numerator), b = denominator;
    while (b != 0) {
      const absl::int128 rest = a % b;
      a = b;
      b = rest;
    }
    numerator /= a;
    denominator /= a;
    if (Magnitude(numerator) > kExactLimit || denominator > kExactLimit) {
      return absl::InvalidArgumentError(absl::StrCat(
          "metric '", metric.metric->id, "': the quotient needs more than the 53 bits of exact ratios"));
    }
  }
  *out = Figure::Of(numerator, denominator);
  return absl::OkStatus();
}

absl::Status ReadRatio(const CompiledPlan& plan, const CompiledMetric& metric, const Record& record,
                       Figure* out) {
  absl::int128 numerator = 0, denominator = 0;
  bool no_numerator = false, no_denominator = false;
  if (absl::Status status = SumTerms(plan, metric.numerator, record, &numerator, &no_numerator); !status.ok())
    return status;
  if (absl::Status status = SumTerms(plan, metric.denominator, record, &denominator, &no_denominator);
      !status.ok())
    return status;
  if (!no_numerator && !no_denominator) {
    if (absl::Status status = CheckCounts(metric, numerator, denominator); !status.ok()) return status;
  }
  bool finished = false;
  if (metric.slot >= 0) {
    Ticks ticks = 0;
    bool missing = false;
    const absl::Status status =
        ReadTicks(plan, metric, metric.slot, record[static_cast<std::size_t>(metric.slot)], &ticks, &missing);
    if (!status.ok()) return status;
    finished = !missing;
    if (finished) *out = Figure::Of(ticks, metric.unit);
  }
  if (!finished) {
    if (no_numerator || no_denominator || denominator == 0) return absl::OkStatus();
    if (absl::Status status = Divide(metric, numerator, denominator, out); !status.ok()) return status;
    const Metric& m = *metric.metric;
    if ((m.min.has_value() && out->Compare(*m.min) < 0) || (m.max.has_value() && out->Compare(*m.max) > 0)) {
      return RefuseOutside(plan, metric, metric.denominator.front().slot, out->ToDecimal().ToString());
    }
  }
  out->counted = !no_denominator;
  out->answers = denominator * metric.common / Decimal::kOne;
  return absl::OkStatus();
}

absl::Status ReadEvents(const CompiledPlan& plan, const CompiledMetric& metric, const Record& record,
                        Figure* out) {
  const Cell& cell = record[static_cast<std::size_t>(metric.slot)];
  if (cell.kind == Cell::Kind::kMissing) return absl::OkStatus();
  if (cell.kind != Cell::Kind::kEvents)
    return Refuse(plan, metric.slot, Shown(cell), "is not a list of numbers");
  const Aggregate& aggregate = metric.aggregate;
  const bool sorted = aggregate.kind == Aggregate::Kind::kQuantile;
  std::vector<Ticks> kept;
  if (sorted) kept.reserve(cell.size);
  absl::int128 sum = 0;
  std::int64_t count = 0, satisfied = 0;
  Ticks least = std::numeric_limits<Ticks>::max(), most = std::numeric_limits<Ticks>::min();
  for (std::size_t i = 0; i < cell.size; ++i) {
    Ticks ticks = 0;
    bool missing = false;
    if (absl::Status status = ReadEvent(plan, metric, cell.events[i], &ticks, &missing); !status.ok())
      return status;
    if (missing) continue;
    ++count;
    sum += ticks;
    least = std::min(least, ticks);
    most = std::max(most, ticks);
    if (aggregate.kind == Aggregate::Kind::kShare &&
        Holds(Figure::Of(ticks, metric.unit).Compare(aggregate.value), aggregate.op)) {
      ++satisfied;
    }
    if (sorted) kept.push_back(ticks);
  }
  switch (aggregate.kind) {
    case Aggregate::Kind::kCount: *out = Figure::Of(count, 1); break;
    case Aggregate::Kind::kSum: *out = Figure::Of(sum, metric.unit); break;
    default:
      if (count == 0) return absl::OkStatus();
  }
  switch (aggregate.kind) {
    case Aggregate::Kind::kMean: *out = Figure::Of(sum, absl::int128(metric.unit) * count); break;
    case Aggregate::Kind::kShare: *out = Figure::Of(satisfied, count); break;
    case Aggregate::Kind::kMin: *out = Figure::Of(least, metric.unit); break;
    case Aggregate::Kind::kMax: *out = Figure::Of(most, metric.unit); break;
    case Aggregate::Kind::kQuantile: {
      // Smallest rank r with r / count >= quantile.
      const absl::int128 scaled = absl::int128(count) * aggregate.quantile.micros();
      std::int64_t rank = static_cast<std::int64_t>((scaled + Decimal::kOne - 1) / Decimal::kOne);
      rank = std::clamp<std::int64_t>(rank, 1, count);
      std::nth_element(kept.begin(), kept.begin() + (rank - 1), kept.end());
      *out = Figure::Of(kept[static_cast<std::size_t>(rank - 1)], metric.unit);
      break;
    }
    default: break;
  }
  out->answers = absl::int128(count) * Decimal::kOne;
  out->counted = true;
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadAnyTicks(const CompiledPlan& plan, const CompiledMetric& metric, int slot, const Cell& cell,
                          Ticks* ticks, bool* missing) {
  if (cell.kind == Cell::Kind::kMissing) {
    *missing = true;
    return absl::OkStatus();
  }
  if (cell.kind == Cell::Kind::kText && metric.metric->scale.has_value()) {
    const std::optional<int> rank = metric.metric->scale->RankOf({cell.text, cell.size});
    if (!rank.has_value()) {
      return Refuse(plan, slot, Shown(cell),
                    absl::StrCat("is no label of scale '", metric.metric->scale->id(), "'"));
    }
    *ticks = *rank * metric.unit;
  } else if (absl::Status status = TicksOf(plan, slot, cell, metric.unit, ticks); !status.ok()) {
    return status;
  }
  if (IsMissingValue(metric, *ticks)) {
    *missing = true;
    return absl::OkStatus();
  }
  if (Allowed(metric, *ticks)) return absl::OkStatus();
  const std::string value = ShownTicks(*ticks, metric.unit);
  if (*ticks < metric.min_ticks || *ticks > metric.max_ticks) return RefuseOutside(plan, metric, slot, value);
  return Refuse(plan, slot, value,
                absl::StrCat("is not a whole number, as metric '", metric.metric->id, "' asks"));
}

absl::Status ReadAge(const CompiledPlan& plan, int slot, const Cell& cell, std::int64_t* days,
                     bool* missing) {
  *missing = cell.kind == Cell::Kind::kMissing;
  if (*missing) return absl::OkStatus();
  if (absl::Status status = TicksOf(plan, slot, cell, Decimal::kOne, days); !status.ok()) return status;
  if (*days < 0) return Refuse(plan, slot, ShownTicks(*days, Decimal::kOne), "lies outside [0, inf) of days");
  return absl::OkStatus();
}

absl::Status ReadEvent(const CompiledPlan& plan, const CompiledMetric& metric, double value, Ticks* ticks,
                       bool* missing) {
  Cell cell;
  cell.kind = Cell::Kind::kDouble;
  cell.real = value;
  return ReadTicks(plan, metric, metric.slot, cell, ticks, missing);
}

absl::Status ReadFigure(const CompiledPlan& plan, const CompiledMetric& metric, const Record& record,
                        Figure* out) {
  *out = Figure();
  switch (metric.kind) {
    case CompiledMetric::Kind::kNumber: {
      Ticks ticks = 0;
      bool missing = false;
      const absl::Status status = ReadTicks(plan, metric, metric.slot,
                                            record[static_cast<std::size_t>(metric.slot)], &ticks, &missing);
      if (status.ok() && !missing) *out = Figure::Of(ticks, metric.unit);
      return status;
    }
    case CompiledMetric::Kind::kRatio: return ReadRatio(plan, metric, record, out);
    case CompiledMetric::Kind::kEvents: return ReadEvents(plan, metric, record, out);
    case CompiledMetric::Kind::kText: break;
  }
  return absl::OkStatus();
}

absl::Status ReadText(const CompiledPlan& plan, const CompiledMetric& metric, const Record& record,
                      std::string_view* out, bool* missing) {
  const Cell& cell = record[static_cast<std::size_t>(metric.slot)];
  *missing = cell.kind == Cell::Kind::kMissing;
  if (*missing) return absl::OkStatus();
  if (cell.kind != Cell::Kind::kText) return Refuse(plan, metric.slot, Shown(cell), "is not a word");
  *out = {cell.text, cell.size};
  const std::vector<std::string>& values = std::get<TextForm>(metric.metric->form).values;
  if (!values.empty() && std::find(values.begin(), values.end(), *out) == values.end()) {
    return Refuse(
        plan, metric.slot, Shown(cell),
        absl::StrCat("is none of the ", values.size(), " words of metric '", metric.metric->id, "'"));
  }
  return absl::OkStatus();
}

absl::Status EvaluatePredicate(const CompiledPlan& plan, const CompiledPredicate& predicate,
                               const Record& record, Truth* out) {
  switch (predicate.kind) {
    case Predicate::Kind::kAll:
    case Predicate::Kind::kAny: {
      const bool all = predicate.kind == Predicate::Kind::kAll;
      Truth result = all ? Truth::kTrue : Truth::kFalse;
      for (const CompiledPredicate& part : predicate.of) {
        Truth truth = Truth::kUnknown;
        if (absl::Status status = EvaluatePredicate(plan, part, record, &truth); !status.ok()) return status;
        result = all ? std::min(result, truth) : std::max(result, truth);
      }
      *out = result;
      return absl::OkStatus();
    }
    case Predicate::Kind::kNot: {
      Truth truth = Truth::kUnknown;
      const absl::Status status = EvaluatePredicate(plan, predicate.of.front(), record, &truth);
      *out = truth == Truth::kTrue ? Truth::kFalse : truth == Truth::kFalse ? Truth::kTrue : Truth::kUnknown;
      return status;
    }
    case Predicate::Kind::kNumber: {
      const CompiledMetric& metric = plan.metrics[static_cast<std::size_t>(predicate.metric)];
      Ticks ticks = 0;
      if (metric.kind == CompiledMetric::Kind::kNumber &&
          ReadPlainTicks(metric, record[static_cast<std::size_t>(metric.slot)], &ticks)) {
        const absl::int128 left = absl::int128(ticks) * Decimal::kOne,
                           right = absl::int128(predicate.value.micros()) * metric.unit;
        *out = Holds(left < right ? -1 : left > right ? 1 : 0, predicate.op) ? Truth::kTrue : Truth::kFalse;
        return absl::OkStatus();
      }
      Figure figure;
      const absl::Status status = ReadFigure(plan, metric, record, &figure);
      *out = figure.missing                                         ? Truth::kUnknown
             : Holds(figure.Compare(predicate.value), predicate.op) ? Truth::kTrue
                                                                    : Truth::kFalse;
      return status;
    }
    case Predicate::Kind::kText: {
      std::string_view word;
      bool missing = false;
      const absl::Status status =
          ReadText(plan, plan.metrics[static_cast<std::size_t>(predicate.metric)], record, &word, &missing);
      const bool equal = word == predicate.text;
      *out = missing                                           ? Truth::kUnknown
             : equal == (predicate.op == ComparisonOp::kEqual) ? Truth::kTrue
                                                               : Truth::kFalse;
      return status;
    }
    case Predicate::Kind::kAnswered:
    case Predicate::Kind::kAtLeast: break;  // No plan has them.
  }
  return absl::OkStatus();
}

}  // namespace csat
