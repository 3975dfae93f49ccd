// Tested by tests/measure/proportion_test.cc, nps_test.cc and weighting_test.cc.
#include "measure/score_intervals.h"

#include <cmath>

#include "measure/distribution.h"

namespace csat {
namespace {

// Tango's statistic for a difference of `delta` between the shares of promoters and detractors: falling in delta.
double TangoStatistic(double up, double down, double n, double delta) {
  // The constrained likelihood's share of detractors, the upper root of a quadratic.
  const double a = 2 * n, b = (2 * n - up + down) * delta - up - down, c = -down * delta * (1 - delta);
  const double inside = b * b - 4 * a * c;
  const double root = std::sqrt(inside > 0 ? inside : 0);
  // Either form of the root, whichever subtracts nothing from its like.
  const double share = b <= 0 ? (root - b) / (2 * a) : -2 * c / (b + root);
  const double variance = n * (2 * share + delta * (1 - delta));
  const double distance = up - down - n * delta;
  if (variance <= 0) return distance > 0 ? HUGE_VAL : distance < 0 ? -HUGE_VAL : 0;
  return distance / std::sqrt(variance);
}

// The delta within [low, high] where the statistic, falling, passes `want`.
double Crossing(double up, double down, double n, double want, double low, double high) {
  // The halves end where no double lies between.
  for (int i = 0; i < 1100; ++i) {
    const double middle = low / 2 + high / 2;
    if (middle <= low || middle >= high) break;
    (TangoStatistic(up, down, n, middle) > want ? low : high) = middle;
  }
  return low / 2 + high / 2;
}

}  // namespace

Interval WilsonOf(double p, double q, double n, double level) {
  const double z = NormalCritical(level), zz = z * z, scale = 1 + zz / n;
  const double centre = (p + zz / (2 * n)) / scale;
  const double half = z / scale * std::sqrt(p * q / n + zz / (4 * n * n));
  const double low = p == 0 ? 0 : centre - half, high = q == 0 ? 1 : centre + half;
  return {low < 0 ? 0 : low, high > 1 ? 1 : high, level};
}

Interval TangoOf(double up, double down, double n, double level) {
  const double z = NormalCritical(level), observed = (up - down) / n;
  const double low = down >= n ? -1 : Crossing(up, down, n, z, -1, observed);
  const double high = up >= n ? 1 : Crossing(up, down, n, -z, observed, 1);
  return {100 * low, 100 * high, level};
}

}  // namespace csat
