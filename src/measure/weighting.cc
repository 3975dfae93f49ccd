#include "csat/measure/weighting.h"

#include <cmath>
#include <optional>

#include "measure/distribution.h"
#include "measure/exact_difference.h"
#include "measure/score_intervals.h"

namespace csat {
namespace {

std::optional<Gap> Flaw(const WeightedMoments& moments) {
  if (moments.n < 0 || moments.unit < 1) return Gap{Gap::Reason::kInvalid, {}};
  if (moments.weight_sum > absl::Int128Max() / moments.unit) {
    return Gap{Gap::Reason::kInvalid, {}};
  }
  if (moments.n == 0) return Gap{Gap::Reason::kEmpty, {}};
  const bool weighed = moments.weight_sum > 0 && moments.weight_square_sum > 0;
  // Cauchy and Schwarz: n sum w^2 >= (sum w)^2 >= sum w^2.
  if (!weighed ||
      ExactDifference(moments.n, moments.weight_square_sum, moments.weight_sum, moments.weight_sum) < 0 ||
      ExactDifference(moments.weight_sum, moments.weight_sum, moments.weight_square_sum, 1) < 0) {
    return Gap{Gap::Reason::kInvalid, {}};
  }
  return std::nullopt;
}

// `variance` of a mean of strata over that of a simple random sample of n of `population`, whose figures have the
// variance `spread`.
Estimate DesignEffectOf(double variance, double spread, double population, double n) {
  if (n == population) return Gap::Reason::kTooFew;
  if (!(spread > 0)) return Gap::Reason::kConstant;
  return variance / ((population - n) / (n * (population - 1)) * spread);
}

}  // namespace

Measured<Ratio> ExactMean(const WeightedMoments& moments) {
  const std::optional<Gap> flaw = Flaw(moments);
  if (flaw.has_value()) return *flaw;
  return *Ratio::Create(moments.sum, moments.weight_sum * moments.unit);
}

Estimate Mean(const WeightedMoments& moments) {
  const std::optional<Gap> flaw = Flaw(moments);
  if (flaw.has_value()) return *flaw;
  return Nearest(moments.sum) / (Nearest(moments.weight_sum) * static_cast<double>(moments.unit));
}

Estimate Variance(const WeightedMoments& moments, Divisor divisor) {
  const std::optional<Gap> flaw = Flaw(moments);
  if (flaw.has_value()) return *flaw;
  if (divisor == Divisor::kSample && moments.n == 1) return Gap::Reason::kTooFew;
  const double squares = ExactDifference(moments.weight_sum, moments.square_sum, moments.sum, moments.sum);
  if (squares < 0) return Gap::Reason::kInvalid;
  const auto unit = static_cast<double>(moments.unit), w = Nearest(moments.weight_sum);
  // (sum w)^2, or (sum w)^2 - sum w^2.
  const double divide_by =
      divisor == Divisor::kPopulation
          ? w * w
          : ExactDifference(moments.weight_sum, moments.weight_sum, moments.weight_square_sum, 1);
  if (divide_by == 0) return Gap::Reason::kTooFew;
  return squares / divide_by / (unit * unit);
}

Estimate StandardDeviation(const WeightedMoments& moments, Divisor divisor) {
  const Estimate variance = Variance(moments, divisor);
  return variance.has_value() ? Estimate(std::sqrt(*variance)) : variance;
}

Estimate EffectiveSize(const WeightedMoments& moments) {
  const std::optional<Gap> flaw = Flaw(moments);
  if (flaw.has_value()) return *flaw;
  const auto w = Nearest(moments.weight_sum);
  return w * w / Nearest(moments.weight_square_sum);
}

Estimate DesignEffect(const WeightedMoments& moments) {
  const Estimate size = EffectiveSize(moments);
  return size.has_value() ? Estimate(static_cast<double>(moments.n) / *size) : size;
}

Measured<Interval> MeanInterval(const WeightedMoments& moments, double level) {
  if (!(level > 0 && level < 1)) return Gap::Reason::kInvalid;
  const Estimate variance = Variance(moments);
  if (!variance.has_value()) return variance.gap();
  if (*variance == 0) return Gap::Reason::kConstant;
  const double mean = *Mean(moments);
  const double margin = StudentCritical(level, static_cast<double>(moments.n - 1)) *
                        std::sqrt(*variance / *EffectiveSize(moments));
  return Interval{mean - margin, mean + margin, level};
}

Measured<Interval> WeightedShareInterval(const WeightedMoments& moments, double level) {
  if (!(level > 0 && level < 1)) return Gap::Reason::kInvalid;
  const Estimate n = EffectiveSize(moments);
  if (!n.has_value()) return n.gap();
  const absl::int128 all = moments.weight_sum, hits = moments.sum;
  if (moments.unit != 1 || hits < 0 || hits > all || moments.square_sum != hits) return Gap::Reason::kInvalid;
  return WilsonOf(Nearest(hits) / Nearest(all), Nearest(all - hits) / Nearest(all), *n, level);
}

Measured<Interval> WeightedNpsInterval(const WeightedMoments& moments, double level) {
  if (!(level > 0 && level < 1)) return Gap::Reason::kInvalid;
  const Estimate n = EffectiveSize(moments);
  if (!n.has_value()) return n.gap();
  const absl::int128 all = moments.weight_sum, moved = moments.square_sum, net = moments.sum;
  if (moments.unit != 1 || moved < 0 || moved > all || net > moved || net < -moved || (moved - net) % 2 != 0)
    return Gap::Reason::kInvalid;
  const double up = Nearest((moved + net) / 2) / Nearest(all),
               down = Nearest((moved - net) / 2) / Nearest(all);
  return TangoOf(*n * up, *n * down, *n, level);
}

Measured<StratifiedMean> MeanOfStrata(absl::Span<const StratumSample> strata, double level) {
  if (!(level > 0 && level < 1)) return Gap::Reason::kInvalid;
  if (strata.empty()) return Gap::Reason::kEmpty;
  Gap invalid{Gap::Reason::kInvalid, {}}, few{Gap::Reason::kTooFew, {}};
  absl::int128 population = 0, drawn = 0;
  for (std::size_t h = 0; h < strata.size(); ++h) {
    const Moments& sample = strata[h].sample;
    const Estimate variance = Variance(sample, Divisor::kPopulation);
    const bool unread = !variance.has_value() && variance.gap().reason == Gap::Reason::kInvalid;
    if (unread || strata[h].population < 1 || strata[h].population < sample.n) {
      invalid.items.push_back(static_cast<int>(h));
    } else if (sample.n < 2 && sample.n < strata[h].population) {
      few.items.push_back(static_cast<int>(h));
    }
    population += strata[h].population;
    drawn += sample.n;
  }
  if (!invalid.items.empty()) return invalid;
  if (!few.items.empty()) return few;

  const auto all = Nearest(population), n = Nearest(drawn);
  StratifiedMean result;
  double within = 0, between = 0, satterthwaite = 0;
  for (const StratumSample& stratum : strata) {
    const double share = static_cast<double>(stratum.population) / all;
    result.mean += share * *Mean(stratum.sample);
  }
  for (const StratumSample& stratum : strata) {
    const auto size = static_cast<double>(stratum.population), rows = static_cast<double>(stratum.sample.n);
    const double share = size / all, deviation = *Mean(stratum.sample) - result.mean;
    between += share * deviation * deviation;
    if (stratum.sample.n < 2) continue;
    const double part = share * share * ((size - rows) / size) * *Variance(stratum.sample) / rows;
    result.variance += part;
    within += share * *Variance(stratum.sample, Divisor::kPopulation);
    satterthwaite += part * part / (rows - 1);
  }
  result.standard_error = std::sqrt(result.variance);
  result.design_effect = DesignEffectOf(result.variance, within + between + result.variance, all, n);
  result.df = satterthwaite > 0 ? result.variance * result.variance / satterthwaite : n - 1;
  const double margin = result.variance > 0 ? StudentCritical(level, result.df) * result.standard_error : 0;
  result.interval = {result.mean - margin, result.mean + margin, level};
  return result;
}

}  // namespace csat
