// McDonald's omega: reliability of a sum of items that share one factor, each to its own degree.
#ifndef CSAT_MEASURE_ONE_FACTOR_H_
#define CSAT_MEASURE_ONE_FACTOR_H_

#include <vector>

#include "csat/measure/co_moments.h"
#include "csat/measure/estimate.h"

namespace csat {

// One factor by minimum residuals: the loadings with the least sum of squared differences between r(i, j) and
// loading(i) * loading(j) off the diagonal (Harman and Jones, Psychometrika 31, 1966), each at most sqrt(0.995) as in
// psych::fa(fm = "minres"). By alternating least squares to the last digits, where psych's optimiser stops at about five.
struct OneFactor {
  std::vector<double> loadings;  // The sum of them is not negative.
  // 1 - sum of uniquenesses / sum of the correlation matrix: psych::omega(nfactors = 1), "omega total".
  double omega_total = 0;
  // (sum of loadings)^2 / ((sum of loadings)^2 + sum of uniquenesses): McDonald, Test Theory, 1999, (6.20a), the same
  // over the variance that the model implies.
  double omega_of_model = 0;
  double residual = 0;       // The sum of squares that is least.
  std::vector<int> heywood;  // Items whose loading is at its limit: the model does not fit them.
};

// kTooFew: fewer than 3 items. kNoConvergence. Items are taken as they are: reverse those that go against the others
// first (psych turns them over by itself). kNotMeasurable: correlations that sum to nothing. kIndefinite: those that
// contradict each other, ContradictionOf().
Measured<OneFactor> OneFactorOf(const ItemMatrix& correlations);

}  // namespace csat

#endif  // CSAT_MEASURE_ONE_FACTOR_H_
