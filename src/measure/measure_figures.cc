#include "measure/measure_figures.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/numeric/int128.h"
#include "csat/measure/frequencies.h"
#include "csat/measure/moments.h"
#include "csat/measure/nps.h"
#include "csat/measure/proportion.h"
#include "csat/measure/weighting.h"
#include "csat/model/integers.h"
#include "csat/model/unit.h"
#include "measure/exact_difference.h"

namespace csat {
namespace {

absl::int128 Magnitude(absl::int128 a) { return a < 0 ? -a : a; }

bool Multiply(absl::int128 a, absl::int128 b, absl::int128* out) {
  __int128 product = 0;
  const bool fits = !__builtin_mul_overflow(static_cast<__int128>(a), static_cast<__int128>(b), &product);
  *out = product;
  return fits;
}

bool Add(absl::int128 a, absl::int128 b, absl::int128* out) {
  __int128 sum = 0;
  const bool fits = !__builtin_add_overflow(static_cast<__int128>(a), static_cast<__int128>(b), &sum);
  *out = sum;
  return fits;
}

// A quotient of whole numbers in its lowest terms, as long as it fits.
struct Quotient {
  absl::int128 numerator = 0, denominator = 1;
  bool fits = true;

  static Quotient Of(absl::int128 numerator, absl::int128 denominator) {
    Quotient made{numerator, denominator, true};
    made.Reduce();
    return made;
  }
  Quotient Times(Quotient other) const {
    // Across first, so that no more is multiplied than the result has.
    const absl::int128 left = std::max<absl::int128>(1, GreatestCommonDivisor(numerator, other.denominator)),
                       right = std::max<absl::int128>(1, GreatestCommonDivisor(other.numerator, denominator));
    Quotient made;
    made.fits = fits && other.fits;
    made.fits &= Multiply(numerator / left, other.numerator / right, &made.numerator);
    made.fits &= Multiply(denominator / right, other.denominator / left, &made.denominator);
    return made;
  }
  Quotient Plus(Quotient other) const {
    Quotient made;
    absl::int128 a = 0, b = 0;
    made.fits = fits && other.fits && Multiply(numerator, other.denominator, &a) &&
                Multiply(other.numerator, denominator, &b) && csat::Add(a, b, &made.numerator) &&
                Multiply(denominator, other.denominator, &made.denominator);
    if (made.fits) made.Reduce();
    return made;
  }
  void Reduce() {
    const absl::int128 common = GreatestCommonDivisor(numerator, denominator);
    if (common > 1) {
      numerator /= common;
      denominator /= common;
    }
  }
};

std::string ShownAs(const Measure& measure, const Ratio& value) {
  const bool share = measure.unit.empty() && std::holds_alternative<ShareMeasure>(measure.form);
  std::string shown = ShownInUnit(value, share ? "share" : measure.unit);
  const bool above = shown.front() != '-' && shown.find_first_of("123456789") != std::string::npos;
  if (above && std::holds_alternative<DifferenceMeasure>(measure.form)) shown.insert(0, 1, '+');
  return shown;
}

// Whether a figure, by its nearest millionth where it is no quotient, reaches the measure's target.
TargetStatus StatusOf(const Measure& measure, const MeasureFigure& figure) {
  if (!measure.target.has_value()) return TargetStatus::kNoTarget;
  if (!figure.value.has_value()) return TargetStatus::kNotMeasurable;
  const std::int64_t target = measure.target->micros();
  absl::int128 left = 0, right = 0;
  if (!figure.exact.has_value() || !Multiply(figure.exact->numerator(), Decimal::kOne, &left) ||
      !Multiply(figure.exact->denominator(), target, &right)) {
    left = std::llround(*figure.value * static_cast<double>(Decimal::kOne));
    right = target;
  }
  const bool met = measure.direction == Direction::kLowerIsBetter ? left <= right : left >= right;
  return met ? TargetStatus::kMet : TargetStatus::kMissed;
}

class Reading {
 public:
  Reading(const MeasureLayout& layout, const Aggregates& aggregates, std::ptrdiff_t group, std::size_t index,
          std::optional<double> level)
      : layout_(layout),
        aggregates_(aggregates),
        group_(group),
        measure_(*layout.measures[index]),
        slots_(layout.slots[index]),
        level_(level) {
    if (level_.has_value()) figure_.interval = Gap::Reason::kNoMethod;
  }

  MeasureFigure Run() {
    std::visit([this](const auto& form) { Read(form); }, measure_.form);
    // Room for six decimal places and a percentage.
    constexpr absl::int128 kMost = absl::int128(1) << 90;
    if (figure_.exact.has_value() &&
        (Magnitude(figure_.exact->numerator()) > kMost || figure_.exact->denominator() > kMost))
      figure_.exact.reset();
    // A sum and a count of nothing are 0, unless the policy asks for more, and so they are in a difference.
    const bool adds_up = std::holds_alternative<SumMeasure>(measure_.form) ||
                         std::holds_alternative<CountMeasure>(measure_.form) ||
                         std::holds_alternative<DifferenceMeasure>(measure_.form);
    if (figure_.value.has_value() && figure_.n < measure_.min_answers &&
        !(adds_up && measure_.min_answers <= 1)) {
      const Gap::Reason reason = figure_.n == 0 ? Gap::Reason::kEmpty : Gap::Reason::kTooFew;
      figure_.value = reason;
      figure_.interval = reason;
      figure_.exact.reset();
    }
    if (!figure_.value.has_value()) {
      figure_.shown = Word(figure_.value.gap().reason);
      figure_.interval = figure_.value.gap();
      figure_.exact.reset();
    } else if (figure_.exact.has_value()) {
      figure_.shown = ShownAs(measure_, *figure_.exact);
    } else {
      ShowReal();
    }
    figure_.target = StatusOf(measure_, figure_);
    return std::move(figure_);
  }

 private:
  // A figure that is no quotient, by its nearest millionth.
  void ShowReal() {
    const double micros = *figure_.value * static_cast<double>(Decimal::kOne);
    if (!(std::fabs(micros) < 9e18)) {
      figure_.value = Gap::Reason::kInvalid;
      figure_.interval = Gap::Reason::kInvalid;
      figure_.shown = Word(Gap::Reason::kInvalid);
      return;
    }
    figure_.shown = ShownAs(measure_, *Ratio::Create(std::llround(micros), Decimal::kOne));
  }

  std::int64_t Rows() const { return group_ < 0 ? 0 : aggregates_.Rows(static_cast<std::size_t>(group_)); }

  Moments MomentsOf(int item, std::int64_t unit) const {
    Moments moments;
    if (group_ >= 0) moments = aggregates_.MomentsOf(static_cast<std::size_t>(group_), item);
    moments.unit = unit;
    return moments;
  }
  Moments Figures() const { return MomentsOf(slots_.figures.item, slots_.figures.unit); }

  Frequencies Levels() const {
    Frequencies levels;
    if (group_ >= 0)
      levels = aggregates_.FrequenciesOf(static_cast<std::size_t>(group_), slots_.figures.item);
    levels.unit = slots_.figures.unit;
    return levels;
  }

  std::int64_t Counted() const { return slots_.counted < 0 ? Rows() : MomentsOf(slots_.counted, 1).n; }

  // What `interval` makes of the level, where one is wanted.
  template <typename Make>
  Measured<Interval> AtLevel(Make interval) const {
    if (!level_.has_value()) return Gap::Reason::kNotMeasurable;
    return interval(*level_);
  }

  void Take(const Measured<Ratio>& exact, Estimate value, Measured<Interval> interval) {
    if (exact.has_value()) figure_.exact = *exact;
    figure_.value = std::move(value);
    figure_.interval = std::move(interval);
  }

  // The figures of a weighted measure are -1, 0, 1 times `times`, or ticks.
  void ReadWeighted(double times) {
    const Moments weight = MomentsOf(slots_.weight, 1), weighted = MomentsOf(slots_.weighted, 1),
                  square = MomentsOf(slots_.weighted_square, 1);
    const WeightedMoments moments{weight.n,     weight.sum, weight.square_sum,
                                  weighted.sum, square.sum, slots_.figures.unit};
    figure_.n = weight.n;
    figure_.design_effect = DesignEffect(moments);
    const Measured<Ratio> mean = ExactMean(moments);
    if (mean.has_value()) {
      const Quotient exact = Quotient::Of(mean->numerator(), mean->denominator())
                                 .Times(Quotient::Of(static_cast<std::int64_t>(times), 1));
      if (exact.fits) figure_.exact = Ratio::Create(exact.numerator, exact.denominator);
    }
    const Estimate value = Mean(moments);
    figure_.value = value.has_value() ? Estimate(*value * times) : value;
    const bool share = std::holds_alternative<ShareMeasure>(measure_.form),
               nps = std::holds_alternative<NpsMeasure>(measure_.form);
    figure_.interval = AtLevel([&](double level) {
      return share ? WeightedShareInterval(moments, level)
             : nps ? WeightedNpsInterval(moments, level)
                   : MeanInterval(moments, level);
    });
  }

  void Read(const ShareMeasure& share) {
    if (slots_.weight >= 0) return ReadWeighted(1);
    Proportion proportion;
    if (slots_.compares_levels) {
      for (const Frequencies::Level& level : Levels().levels) {
        const absl::int128 left = absl::int128(level.value) * Decimal::kOne,
                           right = absl::int128(share.of.value.micros()) * slots_.figures.unit;
        if (Holds(left < right ? -1 : left > right ? 1 : 0, share.of.op)) proportion.count += level.count;
        proportion.n += level.count;
      }
      if (measure_.base == Measure::Base::kRecords) proportion.n = Rows();
    } else {
      const Moments truths = Figures();
      proportion = {static_cast<std::int64_t>(truths.sum), truths.n};
    }
    figure_.n = proportion.n;
    Take(ExactShare(proportion), Share(proportion),
         AtLevel([&](double level) { return WilsonInterval(proportion, level); }));
  }

  void Read(const MeanMeasure&) {
    if (slots_.weight >= 0) return ReadWeighted(1);
    const Moments moments = Figures();
    figure_.n = moments.n;
    Take(ExactMean(moments), Mean(moments),
         AtLevel([&](double level) { return MeanInterval(moments, level); }));
  }

  void Read(const NpsMeasure& nps) {
    if (slots_.weight >= 0) return ReadWeighted(100);
    const Frequencies levels = Levels();
    NpsCounts counts;
    std::int64_t answers = 0;
    for (const Frequencies::Level& level : levels.levels) {
      answers += level.count;
      (level.value >= nps.promoters_from       ? counts.promoters
       : level.value <= nps.detractors_through ? counts.detractors
                                               : counts.passives) += level.count;
    }
    if (measure_.base == Measure::Base::kRecords) counts.passives += Counted() - answers;
    figure_.n = counts.promoters + counts.passives + counts.detractors;
    Take(ExactNps(counts), Nps(counts),
         AtLevel([&](double level) { return NpsScoreInterval(counts, level); }));
  }

  Quotient SumOf(const std::vector<MeasureSlots::Term>& terms,
                 const std::vector<RatioMeasure::Term>& of) const {
    Quotient sum;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      const Moments moments = MomentsOf(terms[i].item, terms[i].unit);
      sum = sum.Plus(
          Quotient::Of(moments.sum, terms[i].unit).Times(Quotient::Of(of[i].times.micros(), Decimal::kOne)));
    }
    return sum;
  }

  void Read(const RatioMeasure& ratio) {
    figure_.n = Counted();
    const Quotient numerator = SumOf(slots_.numerator, ratio.numerator),
                   denominator = SumOf(slots_.denominator, ratio.denominator);
    if (figure_.n == 0) {
      figure_.value = Gap::Reason::kEmpty;
    } else if (!numerator.fits || !denominator.fits || denominator.numerator < 0) {
      figure_.value = Gap::Reason::kInvalid;
    } else if (denominator.numerator == 0) {
      figure_.value = Gap::Reason::kNotMeasurable;
    } else {
      const Quotient share = numerator.Times({denominator.denominator, denominator.numerator, true});
      const bool exceeds = !share.fits || Magnitude(share.numerator) > share.denominator;
      if (exceeds && !ratio.may_exceed_whole) {
        figure_.value = Gap::Reason::kInvalid;
      } else {
        TakeQuotient(share.Times(Quotient::Of(ratio.times.micros(), Decimal::kOne)));
      }
    }
  }

  void TakeQuotient(const Quotient& quotient) {
    const std::optional<Ratio> exact =
        quotient.fits ? Ratio::Create(quotient.numerator, quotient.denominator) : std::nullopt;
    if (!exact.has_value()) {
      figure_.value = Gap::Reason::kInvalid;
      return;
    }
    figure_.exact = exact;
    figure_.value = Nearest(quotient.numerator) / Nearest(quotient.denominator);
  }

  void Read(const SumMeasure&) {
    const Moments moments = Figures();
    figure_.n = moments.n;
    TakeQuotient(Quotient::Of(moments.sum, moments.unit));
  }

  void Read(const CountMeasure&) {
    std::int64_t count = Counted();
    figure_.n = count;
    if (slots_.figures.item >= 0) {
      const Moments truths = Figures();
      figure_.n = truths.n;
      count = static_cast<std::int64_t>(truths.sum);
    }
    TakeQuotient(Quotient::Of(count, 1));
  }

  void Read(const QuantileMeasure& quantile) {
    figure_.n = Figures().n;
    figure_.value = Quantile(Levels(), quantile.at.ToDouble());
  }

  void Read(const DeviationMeasure& deviation) {
    const Moments moments = Figures();
    figure_.n = moments.n;
    figure_.value =
        StandardDeviation(moments, deviation.population ? Divisor::kPopulation : Divisor::kSample);
  }

  // The distance from the mean to the nearer limit in three deviations.
  template <typename Capability>
  static Estimate CapabilityOf(const Capability& limits, double mean, double deviation) {
    if (deviation == 0) return Gap::Reason::kConstant;
    double least = std::numeric_limits<double>::max();
    if (limits.upper.has_value()) least = std::min(least, limits.upper->ToDouble() - mean);
    if (limits.lower.has_value()) least = std::min(least, mean - limits.lower->ToDouble());
    return least / (3 * deviation);
  }

  void Read(const CapabilityMeasure& capability) {
    const Moments moments = Figures();
    figure_.n = moments.n;
    const Estimate mean = Mean(moments), deviation = StandardDeviation(moments);
    figure_.value = deviation.has_value() ? CapabilityOf(capability, *mean, *deviation) : deviation;
  }

  void Read(const SubgroupCapabilityMeasure& capability) {
    // The mean range of a subgroup of 2 to 10 normal pieces in deviations: AIAG, Statistical Process Control, 2nd ed.
    // 2005, appendix E.
    constexpr double kD2[] = {1.128, 1.693, 2.059, 2.326, 2.534, 2.704, 2.847, 2.970, 3.078};
    const Moments sums = Figures();
    const Moments spread = MomentsOf(slots_.spread, slots_.figures.unit);
    figure_.n = sums.n;
    if (sums.n == 0) {
      figure_.value = Gap::Reason::kEmpty;
      return;
    }
    const std::size_t pieces = capability.metrics.size();
    const auto unit = static_cast<double>(slots_.figures.unit), rows = static_cast<double>(sums.n);
    const double mean = Nearest(sums.sum) / (rows * static_cast<double>(pieces) * unit);
    double deviation = 0;
    if (capability.within == SubgroupCapabilityMeasure::Within::kRanges) {
      deviation = Nearest(spread.sum) / (rows * unit) / kD2[pieces - 2];
    } else {
      // The squares of the differences of all pairs are as many times those about the mean as there are pieces.
      const auto degrees = static_cast<double>(pieces * (pieces - 1));
      deviation = std::sqrt(Nearest(spread.sum) / (rows * degrees)) / unit;
    }
    figure_.value = CapabilityOf(capability, mean, deviation);
  }

  // 1 over it, of what is above 0.
  static Quotient Inverse(Quotient of) { return {of.denominator, of.numerator, of.fits}; }

  void Read(const DifferenceMeasure& difference) {
    const std::optional<double> level = difference.relative ? std::nullopt : level_;
    const MeasureFigure figure = ReadMeasure(layout_, aggregates_, group_, slots_.parts[0], level);
    MeasureFigure other;
    other.n = figure.n;
    other.exact = Ratio::Create(difference.minus_value.micros(), Decimal::kOne);
    other.value = difference.minus_value.ToDouble();
    other.interval = Interval{*other.value, *other.value, level.value_or(0)};
    const bool two = slots_.parts.size() > 1;
    if (two) other = ReadMeasure(layout_, aggregates_, group_, slots_.parts[1], level);
    figure_.n = std::min(figure.n, other.n);
    for (const MeasureFigure* part : {&figure, static_cast<const MeasureFigure*>(&other)}) {
      if (part->value.has_value()) continue;
      figure_.value = part->value.gap();
      return;
    }
    if (difference.relative && *other.value <= 0) {
      figure_.value = Gap::Reason::kNotMeasurable;
      return;
    }
    figure_.value = (*figure.value - *other.value) / (difference.relative ? *other.value : 1);
    if (figure.exact.has_value() && other.exact.has_value()) {
      const Quotient less = Quotient::Of(other.exact->numerator(), other.exact->denominator());
      Quotient exact = Quotient::Of(figure.exact->numerator(), figure.exact->denominator())
                           .Plus({-less.numerator, less.denominator, less.fits});
      if (difference.relative) exact = exact.Times(Inverse(less));
      if (exact.fits) TakeQuotient(exact);
    }
    if (level.has_value() && (difference.independent || !two)) {
      figure_.interval = !figure.interval.has_value()  ? figure.interval
                         : !other.interval.has_value() ? other.interval
                                                       : IntervalOfDifference(figure, other);
    }
  }

  // From the intervals of two that are independent: Zou and Donner, Construction of confidence limits about effect
  // measures, Statistics in Medicine 27 (2008). Of two Wilson intervals it is Newcombe's.
  Interval IntervalOfDifference(const MeasureFigure& a, const MeasureFigure& b) const {
    const double below = std::hypot(*a.value - a.interval->low, b.interval->high - *b.value),
                 above = std::hypot(a.interval->high - *a.value, *b.value - b.interval->low);
    return {*figure_.value - below, *figure_.value + above, a.interval->level};
  }

  void Read(const ProductMeasure&) {
    Quotient product = Quotient::Of(1, 1);
    bool exact = true, first = true;
    double value = 1;
    for (const std::size_t factor : slots_.parts) {
      const MeasureFigure part = ReadMeasure(layout_, aggregates_, group_, factor, std::nullopt);
      figure_.n = first ? part.n : std::min(figure_.n, part.n);
      first = false;
      if (!part.value.has_value()) {
        figure_.value = part.value.gap();
        return;
      }
      value *= *part.value;
      exact &= part.exact.has_value();
      if (exact) product = product.Times(Quotient::Of(part.exact->numerator(), part.exact->denominator()));
    }
    if (exact && product.fits) {
      TakeQuotient(product);
    } else {
      figure_.value = value;
    }
  }

  const MeasureLayout& layout_;
  const Aggregates& aggregates_;
  const std::ptrdiff_t group_;
  const Measure& measure_;
  const MeasureSlots& slots_;
  const std::optional<double> level_;
  MeasureFigure figure_;
};

}  // namespace

MeasureFigure ReadMeasure(const MeasureLayout& layout, const Aggregates& aggregates, std::ptrdiff_t group,
                          std::size_t index, std::optional<double> level) {
  return Reading(layout, aggregates, group, index, level).Run();
}

}  // namespace csat
