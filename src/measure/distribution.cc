#include "measure/distribution.h"

#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace csat {
namespace {

namespace policies = boost::math::policies;
// Neither throws nor sets errno nor computes in long double, in the functions called below with arguments in range.
using Quiet = policies::policy<
    policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
    policies::overflow_error<policies::ignore_error>, policies::underflow_error<policies::ignore_error>,
    policies::denorm_error<policies::ignore_error>, policies::evaluation_error<policies::ignore_error>,
    policies::rounding_error<policies::ignore_error>,
    policies::indeterminate_result_error<policies::ignore_error>, policies::promote_double<false>,
    policies::promote_float<false>>;

// Below this a tail is computed through its logarithm: Boost's own result nears the denormal numbers.
constexpr double kSmall = 1e-290;
constexpr double kLn10 = 2.302585092994045684;
constexpr double kPi = 3.141592653589793238;
constexpr double kTiny = 1e-300;

// Continued fractions by the modified method of Lentz (Thompson and Barnett, J. Comput. Phys. 64, 1986): `b0` and
// then terms a(i) / (b(i) + ...), i from 1.
template <typename A, typename B>
double Lentz(double b0, A a, B b) {
  double f = b0 == 0 ? kTiny : b0, c = f, d = 0;
  for (int i = 1; i <= 100000; ++i) {
    d = b(i) + a(i) * d;
    c = b(i) + a(i) / c;
    if (d == 0) d = kTiny;
    if (c == 0) c = kTiny;
    d = 1 / d;
    const double step = c * d;
    f *= step;
    if (std::fabs(step - 1) < 1e-16) break;
  }
  return f;
}

// ln of the upper regularised incomplete gamma function, x > a + 1: Abramowitz and Stegun 6.5.31, even part.
double LogGammaQ(double a, double x) {
  const double fraction = Lentz(
      x + 1 - a, [a](int i) { return -i * (i - a); }, [a, x](int i) { return x + 1 - a + 2 * i; });
  return a * std::log(x) - x - boost::math::lgamma(a, Quiet()) - std::log(fraction);
}

// ln of the regularised incomplete beta function I_x(a, 1/2) at x = 1 / (1 + share): Abramowitz and Stegun 26.5.8.
double LogBetaOfHalf(double a, double share) {
  const double b = 0.5, x = 1 / (1 + share);
  const auto term = [a, b, x](int i) {
    const int m = i / 2;
    if (i % 2 == 0) return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
  };
  const double fraction = Lentz(1, term, [](int) { return 1.0; });
  const double log_beta = std::log(boost::math::tgamma_delta_ratio(a, b, Quiet())) + std::log(kPi) / 2;
  return -a * std::log1p(share) + b * std::log(share * x) - std::log(a) - log_beta - std::log(fraction);
}

// x and 1 - x, each with its own digits.
struct Share {
  double x, rest;
};

Share OfLogit(double u) {
  const double odds = std::exp(u);
  return {odds / (1 + odds), 1 / (1 + odds)};
}

// Where I_x(a, b) = p, for a solution at or below 1/2; q = 1 - p. Newton's method on the logit of x, kept within
// a bracket. (Not Boost's ibeta_inv(): it calls functions that throw and that compute in long double.)
Share LowerBetaQuantile(double a, double b, double p, double q) {
  double low = -745, high = 0;
  // The logit is near normal where a and b are large.
  const double z = std::sqrt(2.0) * boost::math::erfc_inv(2 * p, Quiet());
  double u = std::log(a / b) - z * std::sqrt(1 / a + 1 / b);
  if (!(u > low && u < high)) u = std::fmin(std::fmax(u, low / 2), high - 1);
  for (int i = 0; i < 200; ++i) {
    const Share at = OfLogit(u);
    // The smaller tail keeps its digits.
    const double excess =
        p <= q ? boost::math::ibeta(a, b, at.x, Quiet()) - p : q - boost::math::ibetac(a, b, at.x, Quiet());
    if (excess == 0) break;
    (excess > 0 ? high : low) = u;
    const double slope = boost::math::ibeta_derivative(a, b, at.x, Quiet()) * at.x * at.rest;
    const double newton = u - excess / slope;
    const bool within = newton > low && newton < high;
    const double next = within ? newton : low / 2 + high / 2;
    const double step = std::fabs(next - u);
    u = next;
    // The next step would be about the square of this one.
    if (step <= (within ? 1e-9 : 1e-16) * std::fmax(1, std::fabs(u))) break;
  }
  return OfLogit(u);
}

Share BetaQuantileOf(double a, double b, double p, double q) {
  if (p <= boost::math::ibeta(a, b, 0.5, Quiet())) return LowerBetaQuantile(a, b, p, q);
  const Share mirrored = LowerBetaQuantile(b, a, q, p);
  return {mirrored.rest, mirrored.x};
}

Tail Of(double p) { return {p, std::log10(p)}; }

}  // namespace

Tail UpperChiSquare(double x, double df) {
  const double p = x <= 0 ? 1 : boost::math::gamma_q(df / 2, x / 2, Quiet());
  if (p > kSmall) return Of(p);
  return {p, LogGammaQ(df / 2, x / 2) / kLn10};
}

Tail TwoSidedNormal(double z) {
  const double p = boost::math::erfc(std::fabs(z) / std::sqrt(2.0), Quiet());
  if (p > kSmall) return Of(p);
  return {p, LogGammaQ(0.5, z * z / 2) / kLn10};
}

Tail TwoSidedStudent(double t, double df) {
  const double square = t * t;
  // The smaller of the two shares keeps its digits.
  const double p = square > df ? boost::math::ibeta(df / 2, 0.5, df / (df + square), Quiet())
                               : boost::math::ibetac(0.5, df / 2, square / (df + square), Quiet());
  if (p > kSmall) return Of(p);
  return {p, LogBetaOfHalf(df / 2, square / df) / kLn10};
}

double NormalCritical(double level) { return std::sqrt(2.0) * boost::math::erfc_inv(1 - level, Quiet()); }

double StudentCritical(double level, double df) {
  // t^2 / (df + t^2) has the beta distribution with 1/2 and df/2; its upper tail is 1 - level.
  const Share y = BetaQuantileOf(0.5, df / 2, level, 1 - level);
  return std::sqrt(df * (y.x / y.rest));
}

double BetaQuantile(double p, double q, double a, double b) { return BetaQuantileOf(a, b, p, q).x; }

double FQuantile(double p, double q, double df1, double df2) {
  const Share y = BetaQuantileOf(df1 / 2, df2 / 2, p, q);
  return df2 * y.x / (df1 * y.rest);
}

double ChiSquareQuantile(double p, double q, double df) {
  // The smaller tail keeps its digits.
  const auto below = [p, q, df](double x) {
    return p <= q ? boost::math::gamma_p(df / 2, x / 2, Quiet()) < p
                  : boost::math::gamma_q(df / 2, x / 2, Quiet()) > q;
  };
  double low = 0, high = df;
  while (below(high)) {
    low = high;
    high *= 2;
  }
  // Bisection down to neighbouring doubles.
  for (double middle = low / 2 + high / 2; middle > low && middle < high; middle = low / 2 + high / 2)
    (below(middle) ? low : high) = middle;
  return high;
}

}  // namespace csat
