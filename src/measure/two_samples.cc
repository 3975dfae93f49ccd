#include "csat/measure/two_samples.h"

#include <cmath>

#include "measure/distribution.h"
#include "measure/exact_difference.h"

namespace csat {
namespace {

TestResult ZTest(double z) {
  const Tail tail = TwoSidedNormal(z);
  return {z, 0, tail.p, tail.log10_p};
}

}  // namespace

Measured<TestResult> CompareShares(const Proportion& a, const Proportion& b) {
  const Estimate first = Share(a), second = Share(b);
  if (!first.has_value()) return first.gap();
  if (!second.has_value()) return second.gap();
  const auto n = static_cast<double>(a.n), m = static_cast<double>(b.n);
  const double hits = static_cast<double>(a.count) + static_cast<double>(b.count);
  const double misses = static_cast<double>(a.n - a.count) + static_cast<double>(b.n - b.count);
  if (hits == 0 || misses == 0) return Gap::Reason::kConstant;
  // (a / n - b / m) over sqrt(pq (1/n + 1/m)), its numerator exact.
  const double difference = ExactDifference(a.count, b.n, b.count, a.n);
  return ZTest(difference * std::sqrt((n + m) / (n * m * hits * misses)));
}

Measured<Interval> NewcombeInterval(const Proportion& a, const Proportion& b, double level) {
  const Measured<Interval> first = WilsonInterval(a, level), second = WilsonInterval(b, level);
  if (!first.has_value()) return first.gap();
  if (!second.has_value()) return second.gap();
  const double p = *Share(a), q = *Share(b), difference = p - q;
  const auto length = [](double x, double y) { return std::sqrt(x * x + y * y); };
  return Interval{difference - length(p - first->low, second->high - q),
                  difference + length(first->high - p, q - second->low), level};
}

Measured<MeanDifference> CompareMeans(const Moments& a, const Moments& b, double level) {
  if (!(level > 0 && level < 1)) return Gap::Reason::kInvalid;
  const Estimate first = Variance(a), second = Variance(b);
  if (!first.has_value()) return first.gap();
  if (!second.has_value()) return second.gap();
  const auto n = static_cast<double>(a.n), m = static_cast<double>(b.n);
  const double of_first = *first / n, of_second = *second / m, variance = of_first + of_second;
  if (variance == 0) return Gap::Reason::kConstant;
  MeanDifference result;
  result.difference = *Mean(a) - *Mean(b);
  result.standard_error = std::sqrt(variance);
  const double df = variance * variance / (of_first * of_first / (n - 1) + of_second * of_second / (m - 1));
  const double t = result.difference / result.standard_error;
  const Tail tail = TwoSidedStudent(t, df);
  result.test = {t, df, tail.p, tail.log10_p};
  const double half = StudentCritical(level, df) * result.standard_error;
  result.interval = {result.difference - half, result.difference + half, level};
  return result;
}

Measured<RankSum> CompareRanks(const Frequencies& a, const Frequencies& b, Continuity continuity) {
  const Measured<Moments> first = MomentsOf(a), second = MomentsOf(b);
  if (!first.has_value()) return first.gap();
  if (!second.has_value()) return second.gap();
  if (a.unit != b.unit) return Gap::Reason::kInvalid;

  // Twice U of a, and the sum of t^3 - t over ties of t, exactly.
  absl::int128 twice_u = 0, ties = 0, b_below = 0;
  const absl::int128 n = absl::int128(first->n) + second->n;
  std::size_t i = 0, j = 0;
  while (i < a.levels.size() || j < b.levels.size()) {
    const bool from_a =
        i < a.levels.size() && (j == b.levels.size() || a.levels[i].value <= b.levels[j].value);
    const bool from_b =
        j < b.levels.size() && (i == a.levels.size() || b.levels[j].value <= a.levels[i].value);
    const absl::int128 of_a = from_a ? a.levels[i++].count : 0, of_b = from_b ? b.levels[j++].count : 0;
    twice_u += of_a * (2 * b_below + of_b);
    b_below += of_b;
    const absl::int128 tied = of_a + of_b;
    ties += tied * tied * tied - tied;
  }
  const absl::int128 untied = n * n * n - n - ties;
  if (untied == 0) return Gap::Reason::kConstant;

  const double pairs = Nearest(absl::int128(first->n) * second->n);
  const double variance = pairs / 12 * (Nearest(untied) / Nearest(n * (n - 1)));
  // Twice the distance of U from half of the pairs.
  const double twice = Nearest(twice_u - absl::int128(first->n) * second->n);
  double distance = std::fabs(twice) / 2;
  if (continuity == Continuity::kCorrected) distance = distance > 0.5 ? distance - 0.5 : 0;
  RankSum result;
  result.u = Nearest(twice_u) / 2;
  result.superiority = Nearest(twice_u) / (2 * pairs);
  result.test = ZTest(std::copysign(distance / std::sqrt(variance), twice));
  return result;
}

}  // namespace csat
