#include "csat/measure/moments.h"

#include <cmath>

#include "measure/distribution.h"
#include "measure/exact_difference.h"

namespace csat {
namespace {

bool InRange(double level, const Sampling& sampling, std::int64_t n) {
  return level > 0 && level < 1 && sampling.design_effect >= kLeastDesignEffect &&
         sampling.design_effect <= kGreatestDesignEffect &&
         (sampling.population == 0 || sampling.population >= n);
}

}  // namespace

Measured<Ratio> ExactMean(const Moments& moments) {
  if (moments.n < 0 || moments.unit < 1) return Gap::Reason::kInvalid;
  if (moments.n == 0) return Gap::Reason::kEmpty;
  return *Ratio::Create(moments.sum, absl::int128(moments.n) * moments.unit);
}

Estimate Mean(const Moments& moments) {
  const Measured<Ratio> mean = ExactMean(moments);
  if (!mean.has_value()) return mean.gap();
  return Nearest(mean->numerator()) / Nearest(mean->denominator());
}

Estimate Variance(const Moments& moments, Divisor divisor) {
  if (moments.n < 0 || moments.unit < 1) return Gap::Reason::kInvalid;
  if (moments.n == 0) return Gap::Reason::kEmpty;
  const std::int64_t divide_by = divisor == Divisor::kSample ? moments.n - 1 : moments.n;
  if (divide_by == 0) return Gap::Reason::kTooFew;
  const double n_squares = ExactDifference(moments.n, moments.square_sum, moments.sum, moments.sum);
  if (n_squares < 0) return Gap::Reason::kInvalid;
  const auto unit = static_cast<double>(moments.unit);
  return n_squares / (Nearest(absl::int128(moments.n) * divide_by) * (unit * unit));
}

Estimate StandardDeviation(const Moments& moments, Divisor divisor) {
  const Estimate variance = Variance(moments, divisor);
  return variance.has_value() ? Estimate(std::sqrt(*variance)) : variance;
}

Estimate StandardError(const Moments& moments) {
  const Estimate variance = Variance(moments);
  return variance.has_value() ? Estimate(std::sqrt(*variance / static_cast<double>(moments.n))) : variance;
}

Measured<Interval> MeanInterval(const Moments& moments, double level, const Sampling& sampling) {
  if (!InRange(level, sampling, moments.n)) return Gap::Reason::kInvalid;
  const Estimate mean = Mean(moments), variance = Variance(moments);
  if (!mean.has_value()) return mean.gap();
  if (!variance.has_value()) return variance.gap();
  const auto n = static_cast<double>(moments.n);
  const double left = sampling.population == 0 ? 1
                                               : static_cast<double>(sampling.population - moments.n) /
                                                     static_cast<double>(sampling.population);
  if (*variance == 0 && left > 0) return Gap::Reason::kConstant;
  const double margin =
      StudentCritical(level, n - 1) * std::sqrt(*variance / n * sampling.design_effect * left);
  return Interval{*mean - margin, *mean + margin, level};
}

}  // namespace csat
