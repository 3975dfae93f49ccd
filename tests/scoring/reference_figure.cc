// Tested by tests/scoring/property_test.cc, which compares it with the engine.
#include "scoring/reference_figure.h"

#include <algorithm>
#include <cmath>

namespace csat {
namespace {

constexpr std::int64_t kMostTicks = 9'200'000'000'000'000'000;

std::int64_t PowerOfTen(int places) {
  std::int64_t power = 1;
  for (int i = 0; i < places; ++i) power *= 10;
  return power;
}

// A binary number as a decimal with so many places; nullopt: no finite number, or beyond the limit.
std::optional<Rational> FromDouble(double value, int places) {
  if (!std::isfinite(value)) return std::nullopt;
  const std::int64_t unit = PowerOfTen(places);
  const double ticks = std::rint(value * static_cast<double>(unit));
  if (std::fabs(ticks) >= static_cast<double>(kMostTicks)) return std::nullopt;
  return Rational(static_cast<std::int64_t>(ticks), unit);
}

// The same for an exact one.
std::optional<Rational> FromExact(Rational value, int places) {
  const std::int64_t unit = PowerOfTen(places);
  const Rational::Int ticks = (value * Rational::Whole(unit)).HalfEven();
  if (ticks > kMostTicks || ticks < -kMostTicks) return std::nullopt;
  return Rational(ticks, unit);
}

bool IsMissingValue(const Metric& metric, Rational value) {
  return std::any_of(metric.missing_values.begin(), metric.missing_values.end(),
                     [&](Decimal missing) { return Rational::Of(missing) == value; });
}

}  // namespace

const FieldValue& ReferenceReader::Find(const std::string& field) const {
  static const FieldValue missing;
  const auto found = record_.find(field);
  return found == record_.end() ? missing : found->second;
}

void ReferenceReader::Refuse(const std::string& field) const {
  if (bad_field_.empty()) bad_field_ = field;
}

bool ReferenceReader::InRange(const Metric& metric, Rational figure) const {
  if (metric.min.has_value() && figure < Rational::Of(*metric.min)) return false;
  if (metric.max.has_value() && Rational::Of(*metric.max) < figure) return false;
  if (!metric.scale.has_value()) return true;
  if (figure < Rational::Of(metric.scale->min()) || Rational::Of(metric.scale->max()) < figure) return false;
  return !metric.scale->integer() || figure.denominator() == 1;
}

std::optional<Rational> ReferenceReader::ReadNumber(const Metric& metric, const std::string& field,
                                                    bool finished) const {
  const FieldValue& value = Find(field);
  std::optional<Rational> number;
  if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
  // Counts are read to six places.
  const int places = finished ? metric.decimal_places : Decimal::kPlaces;
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    number = FromExact(Rational::Whole(*whole), places);
  if (const auto* decimal = std::get_if<Decimal>(&value)) number = FromExact(Rational::Of(*decimal), places);
  if (const auto* real = std::get_if<double>(&value)) number = FromDouble(*real, places);
  if (const auto* word = std::get_if<std::string>(&value);
      word != nullptr && finished && metric.scale.has_value()) {
    if (const std::optional<int> rank = metric.scale->RankOf(*word)) number = Rational::Whole(*rank);
  }
  if (!number.has_value()) {
    Refuse(field);
    return std::nullopt;
  }
  if (finished && IsMissingValue(metric, *number)) return std::nullopt;
  const bool good = finished ? InRange(metric, *number) : Rational() <= *number;
  if (good) return number;
  Refuse(field);
  return std::nullopt;
}

std::optional<Rational> ReferenceReader::ReadSum(const Metric& metric,
                                                 const std::vector<RatioForm::Term>& terms) const {
  std::optional<Rational> sum = Rational();
  for (const RatioForm::Term& term : terms) {
    const std::optional<Rational> count = ReadNumber(metric, term.field, false);
    sum = sum.has_value() && count.has_value() ? std::optional(*sum + *count * Rational::Of(term.times))
                                               : std::nullopt;
  }
  return sum;
}

ReferenceFigure ReferenceReader::ReadRatio(const Metric& metric, const RatioForm& ratio) const {
  ReferenceFigure figure;
  const std::optional<Rational> numerator = ReadSum(metric, ratio.numerator),
                                denominator = ReadSum(metric, ratio.denominator);
  if (numerator.has_value() && denominator.has_value() && !ratio.may_exceed_whole) {
    const Rational magnitude = *numerator < Rational() ? -*numerator : *numerator;
    if (*denominator < magnitude) Refuse(ratio.numerator.front().field);
  }
  if (!ratio.field.empty()) figure = ReadFinished(metric, ratio.field);
  figure.answers = denominator;
  if (figure.number.has_value() || !numerator.has_value() || !denominator.has_value() ||
      *denominator <= Rational())
    return figure;
  figure.number = *numerator / *denominator * Rational::Of(ratio.times);
  if (!InRange(metric, *figure.number)) Refuse(ratio.numerator.front().field);
  return figure;
}

ReferenceFigure ReferenceReader::ReadEvents(const Metric& metric, const EventsForm& events) const {
  ReferenceFigure figure;
  const FieldValue& value = Find(events.field);
  if (std::holds_alternative<std::monostate>(value)) return figure;
  const auto* list = std::get_if<std::vector<double>>(&value);
  if (list == nullptr) {
    Refuse(events.field);
    return figure;
  }
  for (const double event : *list) {
    const std::optional<Rational> number = FromDouble(event, metric.decimal_places);
    if (number.has_value() && IsMissingValue(metric, *number)) continue;
    if (!number.has_value() || !InRange(metric, *number)) {
      Refuse(events.field);
      return figure;
    }
    figure.events.push_back(*number);
  }
  figure.answers = Rational::Whole(static_cast<std::int64_t>(figure.events.size()));
  figure.number = AggregateOf(events.aggregate, figure.events);
  return figure;
}

ReferenceFigure ReferenceReader::ReadWord(const TextForm& text) const {
  ReferenceFigure figure;
  const FieldValue& value = Find(text.field);
  if (std::holds_alternative<std::monostate>(value)) return figure;
  const auto* word = std::get_if<std::string>(&value);
  if (word == nullptr || (!text.values.empty() &&
                          std::find(text.values.begin(), text.values.end(), *word) == text.values.end())) {
    Refuse(text.field);
    return figure;
  }
  figure.word = *word;
  return figure;
}

ReferenceFigure ReferenceReader::ReadFinished(const Metric& metric, const std::string& field) const {
  if (std::holds_alternative<TextForm>(metric.form))
    return ReadWord({field, std::get<TextForm>(metric.form).values});
  ReferenceFigure figure;
  figure.number = ReadNumber(metric, field, true);
  return figure;
}

ReferenceFigure ReferenceReader::Read(const Metric& metric) const {
  if (const auto* number = std::get_if<NumberForm>(&metric.form)) return ReadFinished(metric, number->field);
  if (const auto* ratio = std::get_if<RatioForm>(&metric.form)) return ReadRatio(metric, *ratio);
  if (const auto* events = std::get_if<EventsForm>(&metric.form)) return ReadEvents(metric, *events);
  return ReadWord(std::get<TextForm>(metric.form));
}

std::optional<Rational> ReferenceReader::ReadPlain(const std::string& field) const {
  Metric plain;
  plain.decimal_places = Decimal::kPlaces;
  plain.min = Decimal();
  return ReadNumber(plain, field, true);
}

Truth ReferenceReader::Evaluate(const Predicate& predicate) const {
  switch (predicate.kind) {
    case Predicate::Kind::kAll:
    case Predicate::Kind::kAny: {
      const bool all = predicate.kind == Predicate::Kind::kAll;
      Truth truth = all ? Truth::kTrue : Truth::kFalse;
      for (const Predicate& part : predicate.of) {
        const Truth one = Evaluate(part);
        truth = all ? std::min(truth, one) : std::max(truth, one);
      }
      return truth;
    }
    case Predicate::Kind::kNot: {
      const Truth truth = Evaluate(predicate.of.front());
      return truth == Truth::kUnknown ? truth : truth == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
    }
    case Predicate::Kind::kNumber: {
      const ReferenceFigure figure = Read(predicate.metric);
      if (!figure.number.has_value()) return Truth::kUnknown;
      const int order = Rational::Compare(*figure.number, Rational::Of(predicate.value));
      return Holds(order, predicate.op) ? Truth::kTrue : Truth::kFalse;
    }
    case Predicate::Kind::kText: {
      const ReferenceFigure figure = Read(predicate.metric);
      if (!figure.word.has_value()) return Truth::kUnknown;
      return (*figure.word == predicate.text) == (predicate.op == ComparisonOp::kEqual) ? Truth::kTrue
                                                                                        : Truth::kFalse;
    }
    case Predicate::Kind::kAnswered:
    case Predicate::Kind::kAtLeast: break;  // No scorecard has them.
  }
  return Truth::kUnknown;
}

std::optional<Rational> AggregateOf(const Aggregate& aggregate, const std::vector<Rational>& figures) {
  const Rational count = Rational::Whole(static_cast<std::int64_t>(figures.size()));
  if (aggregate.kind == Aggregate::Kind::kCount) return count;
  if (figures.empty())
    return aggregate.kind == Aggregate::Kind::kSum ? std::optional(Rational()) : std::nullopt;
  Rational sum;
  std::int64_t satisfied = 0;
  for (const Rational& figure : figures) {
    sum = sum + figure;
    if (Holds(Rational::Compare(figure, Rational::Of(aggregate.value)), aggregate.op)) ++satisfied;
  }
  std::vector<Rational> sorted = figures;
  std::sort(sorted.begin(), sorted.end());
  switch (aggregate.kind) {
    case Aggregate::Kind::kMean: return sum / count;
    case Aggregate::Kind::kSum: return sum;
    case Aggregate::Kind::kShare: return Rational::Whole(satisfied) / count;
    case Aggregate::Kind::kMin: return sorted.front();
    case Aggregate::Kind::kMax: return sorted.back();
    case Aggregate::Kind::kQuantile: {
      // The least k with k / count >= quantile.
      const Rational::Int k = (Rational::Of(aggregate.quantile) * count).Ceiling();
      return sorted[static_cast<std::size_t>(std::max<Rational::Int>(k, 1) - 1)];
    }
    case Aggregate::Kind::kCount: break;
  }
  return std::nullopt;
}

std::optional<Rational> PointsByReference(const ScoreFunction& function, const ReferenceFigure& figure) {
  if (const auto* lookup = std::get_if<Lookup>(&function)) {
    for (const Lookup::Entry& entry : lookup->entries()) {
      if (figure.word == entry.text) return Rational::Of(entry.points);
    }
    return std::nullopt;
  }
  if (!figure.number.has_value()) return std::nullopt;
  const Rational at = *figure.number;
  if (const auto* lines = std::get_if<Piecewise>(&function)) {
    const std::vector<Anchor>& anchors = lines->anchors();
    if (at <= Rational::Of(anchors.front().at)) return Rational::Of(anchors.front().points);
    for (std::size_t i = 1; i < anchors.size(); ++i) {
      if (Rational::Of(anchors[i].at) < at) continue;
      const Rational x0 = Rational::Of(anchors[i - 1].at), y0 = Rational::Of(anchors[i - 1].points);
      const Rational x1 = Rational::Of(anchors[i].at), y1 = Rational::Of(anchors[i].points);
      return y0 + (y1 - y0) * ((at - x0) / (x1 - x0));
    }
    return Rational::Of(anchors.back().points);
  }
  if (const auto* bands = std::get_if<BandPoints>(&function)) {
    Points points = bands->bands().front().points;
    for (const Anchor& band : bands->bands()) {
      if (Rational::Of(band.at) <= at) points = band.points;
    }
    return Rational::Of(points);
  }
  if (const auto* steps = std::get_if<StepDeduction>(&function)) {
    const Rational limit = Rational::Of(steps->limit());
    const Rational excess = steps->beyond() == StepDeduction::Beyond::kAbove ? at - limit : limit - at;
    if (excess <= Rational()) return Rational::Of(steps->full());
    const Rational taken = excess / Rational::Of(steps->step());
    const Rational::Int count =
        steps->steps() == StepDeduction::Steps::kFull ? taken.Floor() : taken.Ceiling();
    const Rational points =
        Rational::Of(steps->full()) - Rational::Whole(count) * Rational::Of(steps->loss_per_step());
    return points < Rational::Of(steps->floor()) ? Rational::Of(steps->floor()) : points;
  }
  if (const auto* share = std::get_if<ShareOfTarget>(&function)) {
    if (at <= Rational()) return Rational();
    const Rational reached = at / Rational::Of(share->target());
    return Rational::Of(share->full()) * (Rational::Whole(1) < reached ? Rational::Whole(1) : reached);
  }
  return at;
}

}  // namespace csat
