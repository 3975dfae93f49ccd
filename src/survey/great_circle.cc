// Sine, cosine and arcsine by IEEE basic operations and square roots alone: a response counts or does not count on every
// machine alike, whatever its libm.
//
// Tested by tests/survey/great_circle_test.cc.
#include <cmath>

#include "csat/survey/cleaning.h"

namespace csat {
namespace {

constexpr double kRadius = 6371008.8;  // Metres: IUGG, mean radius (2a + b) / 3.
constexpr double kPi = 3.141592653589793238;
// pi / 2 as a sum; the first part has so few digits that its small multiples are exact.
constexpr double kHalfPiHigh = 1.5707963267341256, kHalfPiLow = 6.077100506506192e-11;

// Taylor series on |x| <= pi / 4, to 1e-17.
double SmallSine(double x) {
  const double square = x * x;
  double term = x, sum = x;
  for (int n = 2; n <= 18; n += 2) {
    term *= -square / (n * (n + 1));
    sum += term;
  }
  return sum;
}
double SmallCosine(double x) {
  const double square = x * x;
  double term = 1, sum = 1;
  for (int n = 1; n <= 17; n += 2) {
    term *= -square / (n * (n + 1));
    sum += term;
  }
  return sum;
}

// |x| <= 8 pi.
double Sine(double x, int quarters) {
  const double turns = std::nearbyint(x * (2 / kPi));
  const double rest = (x - turns * kHalfPiHigh) - turns * kHalfPiLow;
  const int quadrant = ((static_cast<int>(turns) + quarters) % 4 + 4) % 4;
  const double value = quadrant % 2 == 0 ? SmallSine(rest) : SmallCosine(rest);
  return quadrant < 2 ? value : -value;
}
double Sine(double x) { return Sine(x, 0); }
double Cosine(double x) { return Sine(x, 1); }

// 0 <= x <= 1.
double ArcSine(double x) {
  if (x > 0.5) return kPi / 2 - 2 * ArcSine(std::sqrt((1 - x) / 2));
  const double square = x * x;
  double power = x, sum = x;
  for (int n = 1; n < 40; ++n) {
    power *= square * (2 * n - 1) / (2 * n);
    const double next = sum + power / (2 * n + 1);
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

}  // namespace

double GreatCircleMetres(double latitude1, double longitude1, double latitude2, double longitude2) {
  constexpr double kRadian = kPi / 180;
  const double lat = Sine((latitude2 - latitude1) * kRadian / 2);
  const double lon = Sine((longitude2 - longitude1) * kRadian / 2);
  const double h = lat * lat + Cosine(latitude1 * kRadian) * Cosine(latitude2 * kRadian) * lon * lon;
  return 2 * kRadius * ArcSine(std::sqrt(h < 0 ? 0 : h > 1 ? 1 : h));
}

}  // namespace csat
