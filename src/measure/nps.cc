#include "csat/measure/nps.h"

#include <cmath>
#include <optional>

#include "csat/measure/proportion.h"
#include "measure/distribution.h"
#include "measure/exact_difference.h"
#include "measure/score_intervals.h"

namespace csat {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 40;

std::optional<Gap> Flaw(const NpsCounts& counts) {
  for (const std::int64_t count : {counts.promoters, counts.passives, counts.detractors}) {
    if (count < 0 || count > kMost) return Gap{Gap::Reason::kInvalid, {}};
  }
  const std::int64_t n = counts.promoters + counts.passives + counts.detractors;
  if (n > kMost) return Gap{Gap::Reason::kInvalid, {}};
  if (n == 0) return Gap{Gap::Reason::kEmpty, {}};
  return std::nullopt;
}

std::int64_t Total(const NpsCounts& counts) { return counts.promoters + counts.passives + counts.detractors; }

// The figures -1, 0, 1.
Moments ScoresOf(const NpsCounts& counts) {
  Moments moments;
  moments.n = Total(counts);
  moments.sum = counts.promoters - counts.detractors;
  moments.square_sum = counts.promoters + counts.detractors;
  return moments;
}

Interval Cut(double low, double high, double level) {
  return {low < -100 ? -100 : low, high > 100 ? 100 : high, level};
}

}  // namespace

Measured<NpsCounts> NpsCountsOf(const Frequencies& frequencies, std::int64_t promoter_from,
                                std::int64_t detractor_to) {
  if (promoter_from <= detractor_to) return Gap::Reason::kInvalid;
  const Measured<Proportion> promoters = AtLeast(frequencies, promoter_from);
  if (!promoters.has_value()) return promoters.gap();
  const Measured<Proportion> detractors = AtMost(frequencies, detractor_to);
  return NpsCounts{promoters->count, promoters->n - promoters->count - detractors->count, detractors->count};
}

Measured<Ratio> ExactNps(const NpsCounts& counts) {
  const std::optional<Gap> flaw = Flaw(counts);
  if (flaw.has_value()) return *flaw;
  return *Ratio::Create(absl::int128(counts.promoters - counts.detractors) * 100, Total(counts));
}

Estimate Nps(const NpsCounts& counts) {
  const Measured<Ratio> nps = ExactNps(counts);
  if (!nps.has_value()) return nps.gap();
  return Nearest(nps->numerator()) / Nearest(nps->denominator());
}

Estimate NpsStandardError(const NpsCounts& counts, Divisor divisor) {
  const std::optional<Gap> flaw = Flaw(counts);
  if (flaw.has_value()) return *flaw;
  const Estimate variance = Variance(ScoresOf(counts), divisor);
  if (!variance.has_value()) return variance;
  return 100 * std::sqrt(*variance / static_cast<double>(Total(counts)));
}

Measured<Interval> NpsWaldInterval(const NpsCounts& counts, double level, Divisor divisor) {
  if (!(level > 0 && level < 1)) return Gap::Reason::kInvalid;
  const Estimate error = NpsStandardError(counts, divisor);
  if (!error.has_value()) return error.gap();
  const double nps = *Nps(counts), half = NormalCritical(level) * *error;
  return Cut(nps - half, nps + half, level);
}

Measured<Interval> NpsTInterval(const NpsCounts& counts, double level) {
  if (!(level > 0 && level < 1)) return Gap::Reason::kInvalid;
  const Estimate error = NpsStandardError(counts, Divisor::kSample);
  if (!error.has_value()) return error.gap();
  const double nps = *Nps(counts);
  const double half = StudentCritical(level, static_cast<double>(Total(counts) - 1)) * *error;
  return Cut(nps - half, nps + half, level);
}

Measured<AdjustedNps> NpsAdjustedWald(const NpsCounts& counts, double level) {
  if (!(level > 0 && level < 1)) return Gap::Reason::kInvalid;
  const std::optional<Gap> flaw = Flaw(counts);
  if (flaw.has_value()) return *flaw;
  const double n = static_cast<double>(Total(counts)) + 3;
  const double up = (static_cast<double>(counts.promoters) + 0.75) / n;
  const double down = (static_cast<double>(counts.detractors) + 0.75) / n;
  AdjustedNps adjusted;
  adjusted.points = 100 * (up - down);
  adjusted.standard_error = 100 * std::sqrt((up + down - (up - down) * (up - down)) / n);
  const double half = NormalCritical(level) * adjusted.standard_error;
  adjusted.interval = Cut(adjusted.points - half, adjusted.points + half, level);
  return adjusted;
}

Measured<Interval> NpsScoreInterval(const NpsCounts& counts, double level, const Sampling& sampling) {
  if (!(level > 0 && level < 1)) return Gap::Reason::kInvalid;
  const Estimate score = Nps(counts);
  if (!score.has_value()) return score.gap();
  const Estimate n = EffectiveSize(Total(counts), sampling);
  if (!n.has_value() && n.gap().reason == Gap::Reason::kConstant) return Interval{*score, *score, level};
  if (!n.has_value()) return n.gap();
  const double left = *n / static_cast<double>(Total(counts));
  const double up = static_cast<double>(counts.promoters) * left,
               down = static_cast<double>(counts.detractors) * left;
  return TangoOf(up, down, static_cast<double>(Total(counts)) * left, level);
}

Measured<NpsDifference> CompareNps(const NpsCounts& a, const NpsCounts& b, double level) {
  if (!(level > 0 && level < 1)) return Gap::Reason::kInvalid;
  const Estimate first = NpsStandardError(a), second = NpsStandardError(b);
  if (!first.has_value()) return first.gap();
  if (!second.has_value()) return second.gap();
  NpsDifference difference;
  difference.points = *Nps(a) - *Nps(b);
  difference.standard_error = std::sqrt(*first * *first + *second * *second);
  if (difference.standard_error == 0) return Gap::Reason::kConstant;
  const double half = NormalCritical(level) * difference.standard_error;
  // A difference of scores lies within -+200.
  difference.interval = {std::fmax(difference.points - half, -200), std::fmin(difference.points + half, 200),
                         level};
  const double z = difference.points / difference.standard_error;
  const Tail tail = TwoSidedNormal(z);
  difference.test = {z, 0, tail.p, tail.log10_p};
  return difference;
}

}  // namespace csat
