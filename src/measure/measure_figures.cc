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
#include "measure/exact_difference.h"

namespace csat {
namespace {

absl::int128 Magnitude(absl::int128 a) { return a < 0 ? -a : a; }

absl::int128 CommonDivisor(absl::int128 a, absl::int128 b) {
  a = Magnitude(a);
  b = Magnitude(b);
  while (b != 0) a = std::exchange(b, a % b);
  return a;
}

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
    const absl::int128 left = std::max<absl::int128>(1, CommonDivisor(numerator, other.denominator)),
                       right = std::max<absl::int128>(1, CommonDivisor(other.numerator, denominator));
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
    const absl::int128 common = CommonDivisor(numerator, denominator);
    if (common > 1) {
      numerator /= common;
      denominator /= common;
    }
  }
};

std::string ShownAs(const Measure& measure, const Ratio& value) {
  const bool share =
      measure.unit == "share" || (measure.unit.empty() && std::holds_alternative<ShareMeasure>(measure.form));
  if (share) return value.ToString(1, 100);
  return value.ToString(measure.unit == "percent" ? 1 : 2);
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
        level_(level) {}

  MeasureFigure Run() {
    std::visit([this](const auto& form) { Read(form); }, measure_.form);
    // Room for six decimal places and a percentage.
    constexpr absl::int128 kMost = absl::int128(1) << 90;
    if (figure_.exact.has_value() &&
        (Magnitude(figure_.exact->numerator()) > kMost || figure_.exact->denominator() > kMost))
      figure_.exact.reset();
    const bool adds_up = std::holds_alternative<SumMeasure>(measure_.form) ||
                         std::holds_alternative<CountMeasure>(measure_.form);
    // A sum and a count of nothing are 0, unless the policy asks for more.
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

  void Read(const CapabilityMeasure& capability) {
    const Moments moments = Figures();
    figure_.n = moments.n;
    const Estimate mean = Mean(moments), deviation = StandardDeviation(moments);
    if (!deviation.has_value()) {
      figure_.value = deviation;
    } else if (*deviation == 0) {
      figure_.value = Gap::Reason::kConstant;
    } else {
      double least = std::numeric_limits<double>::max();
      if (capability.upper.has_value()) least = std::min(least, capability.upper->ToDouble() - *mean);
      if (capability.lower.has_value()) least = std::min(least, *mean - capability.lower->ToDouble());
      figure_.value = least / (3 * *deviation);
    }
  }

  void Read(const ProductMeasure&) {
    Quotient product = Quotient::Of(1, 1);
    bool exact = true, first = true;
    double value = 1;
    for (const std::size_t factor : slots_.factors) {
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
