// Tails and quantiles of the distributions that the intervals and tests of this room use; the one door to Boost.Math.
// Here libm enters (exp, log, pow, gamma functions): the last bits may differ between machines with another libm.
//
// Arguments are finite and within the ranges named; results are finite.
#ifndef CSAT_SRC_MEASURE_DISTRIBUTION_H_
#define CSAT_SRC_MEASURE_DISTRIBUTION_H_

namespace csat {

// The probability of a tail; `log10_p` is right also where p underflows to 0.
struct Tail {
  double p;
  double log10_p;
};

// P(|Z| >= |z|), standard normal.
Tail TwoSidedNormal(double z);
// P(|T| >= |t|), Student's t with df > 0 degrees of freedom.
Tail TwoSidedStudent(double t, double df);
// P(X >= x), chi-square with df > 0 degrees of freedom; x >= 0.
Tail UpperChiSquare(double x, double df);

// The z or t that |Z| or |T| exceeds with probability 1 - level; 0 < level < 1.
double NormalCritical(double level);
double StudentCritical(double level, double df);
// Below which a share p of the distribution lies; q = 1 - p is given beside it, so that a small one of the two keeps its
// digits. 0 < p, q < 1; a and b above 0; both df at least 1.
double BetaQuantile(double p, double q, double a, double b);
double FQuantile(double p, double q, double df1, double df2);
// The same of chi-square with df > 0 degrees of freedom.
double ChiSquareQuantile(double p, double q, double df);

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_DISTRIBUTION_H_
