#include "csat/measure/proportion.h"

#include <cmath>

#include "measure/distribution.h"
#include "measure/score_intervals.h"

namespace csat {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 40;

// A share with the size that its interval is made for.
struct Sized {
  double p, q, n;
  bool none, all;  // The share is 0, is 1.
  bool census;
};

std::optional<Gap> Flaw(const Proportion& proportion) {
  if (proportion.count < 0 || proportion.count > proportion.n || proportion.n > kMost)
    return Gap{Gap::Reason::kInvalid, {}};
  if (proportion.n == 0) return Gap{Gap::Reason::kEmpty, {}};
  return std::nullopt;
}

Measured<Sized> SizedOf(const Proportion& proportion, double level, const Sampling& sampling) {
  const std::optional<Gap> flaw = Flaw(proportion);
  if (flaw.has_value()) return *flaw;
  if (!(level > 0 && level < 1)) return Gap::Reason::kInvalid;
  const auto n = static_cast<double>(proportion.n);
  Sized sized{static_cast<double>(proportion.count) / n,
              static_cast<double>(proportion.n - proportion.count) / n,
              n,
              proportion.count == 0,
              proportion.count == proportion.n,
              false};
  const Estimate effective = EffectiveSize(proportion.n, sampling);
  if (effective.has_value()) {
    sized.n = *effective;
  } else if (effective.gap().reason == Gap::Reason::kConstant) {
    sized.census = true;
  } else {
    return effective.gap();
  }
  return sized;
}

Interval Cut(double low, double high, double level) {
  return {low < 0 ? 0 : low, high > 1 ? 1 : high, level};
}

Interval Around(double p, double low, double high, double level) {
  return {low < p ? low : p, high > p ? high : p, level};
}

Interval Wilson(const Sized& s, double level) { return WilsonOf(s.p, s.q, s.n, level); }

// `formula` of the sized share; a census needs none.
template <typename Formula>
Measured<Interval> WithSize(const Proportion& proportion, double level, const Sampling& sampling,
                            Formula formula) {
  const Measured<Sized> sized = SizedOf(proportion, level, sampling);
  if (!sized.has_value()) return sized.gap();
  if (sized->census) return Interval{sized->p, sized->p, level};
  return formula(*sized);
}

}  // namespace

Measured<Ratio> ExactShare(const Proportion& proportion) {
  const std::optional<Gap> flaw = Flaw(proportion);
  if (flaw.has_value()) return *flaw;
  return *Ratio::Create(proportion.count, proportion.n);
}

Estimate Share(const Proportion& proportion) {
  const std::optional<Gap> flaw = Flaw(proportion);
  if (flaw.has_value()) return *flaw;
  return static_cast<double>(proportion.count) / static_cast<double>(proportion.n);
}

Moments MomentsOf(const Proportion& proportion) {
  Moments moments;
  moments.n = proportion.n;
  moments.sum = proportion.count;
  moments.square_sum = proportion.count;
  return moments;
}

Estimate EffectiveSize(std::int64_t n, const Sampling& sampling) {
  const std::int64_t population = sampling.population;
  if (n < 0 || population < 0 || (population > 0 && population < n)) return Gap::Reason::kInvalid;
  if (!(sampling.design_effect >= kLeastDesignEffect && sampling.design_effect <= kGreatestDesignEffect)) {
    return Gap::Reason::kInvalid;
  }
  if (n == 0) return Gap::Reason::kEmpty;
  const double designed = static_cast<double>(n) / sampling.design_effect;
  if (population == 0) return designed;
  if (population == n) return Gap::Reason::kConstant;
  return designed * (static_cast<double>(population - 1) / static_cast<double>(population - n));
}

Measured<Interval> WaldInterval(const Proportion& proportion, double level, const Sampling& sampling) {
  return WithSize(proportion, level, sampling, [level](const Sized& s) {
    const double half = NormalCritical(level) * std::sqrt(s.p * s.q / s.n);
    return Cut(s.p - half, s.p + half, level);
  });
}

Measured<Interval> WilsonInterval(const Proportion& proportion, double level, const Sampling& sampling) {
  return WithSize(proportion, level, sampling, [level](const Sized& s) { return Wilson(s, level); });
}

Measured<Interval> WilsonCorrectedInterval(const Proportion& proportion, double level,
                                           const Sampling& sampling) {
  return WithSize(proportion, level, sampling, [level](const Sized& s) {
    const double z = NormalCritical(level), zz = z * z, scale = 2 * (s.n + zz), middle = 2 * s.n * s.p + zz;
    const double below = zz - 2 - 1 / s.n + 4 * s.p * (s.n * s.q + 1);
    const double above = zz + 2 - 1 / s.n + 4 * s.p * (s.n * s.q - 1);
    // At a low level a small sample leaves nothing under the root: then the correction alone is the half-width.
    const double low = (middle - 1 - z * std::sqrt(below > 0 ? below : 0)) / scale;
    const double high = (middle + 1 + z * std::sqrt(above > 0 ? above : 0)) / scale;
    return Cut(s.none ? 0 : low, s.all ? 1 : high, level);
  });
}

Measured<Interval> ClopperPearsonInterval(const Proportion& proportion, double level,
                                          const Sampling& sampling) {
  return WithSize(proportion, level, sampling, [level](const Sized& s) {
    const double tail = (1 - level) / 2, hits = s.p * s.n, misses = s.q * s.n;
    // An effective size without end, of a sample that is nearly a census: the two differ by about 1 / hits and 1 / misses,
    // and the beta distribution takes a second for less.
    if (std::fmin(hits, misses) > static_cast<double>(kMost)) return Wilson(s, level);
    // Rounding must not put the share itself outside of an interval at a level near 0.
    return Around(s.p, s.none ? 0 : BetaQuantile(tail, 1 - tail, hits, misses + 1),
                  s.all ? 1 : BetaQuantile(1 - tail, tail, hits + 1, misses), level);
  });
}

Measured<Interval> AgrestiCoullInterval(const Proportion& proportion, double level,
                                        const Sampling& sampling) {
  return WithSize(proportion, level, sampling, [level](const Sized& s) {
    const double z = NormalCritical(level), zz = z * z, n = s.n + zz;
    const double p = (s.p * s.n + zz / 2) / n;
    const double half = z * std::sqrt(p * (1 - p) / n);
    return Cut(p - half, p + half, level);
  });
}

}  // namespace csat
