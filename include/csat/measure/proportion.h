// A share and how sure it is.
#ifndef CSAT_MEASURE_PROPORTION_H_
#define CSAT_MEASURE_PROPORTION_H_

#include <cstdint>

#include "csat/measure/estimate.h"
#include "csat/measure/moments.h"
#include "csat/model/decimal.h"

namespace csat {

// `count` of `n`.
struct Proportion {
  std::int64_t count = 0, n = 0;
};

// kEmpty; kInvalid: count below 0 or above n, or n above 2^40. So of every function below.
Measured<Ratio> ExactShare(const Proportion& proportion);
Estimate Share(const Proportion& proportion);

// The moments of the n figures 0 and 1: a share is a mean.
Moments MomentsOf(const Proportion& proportion);

// The size of the simple random sample from a large population that would be as sure: n divided by the design effect
// (Kish, Survey Sampling, 1965, 8.2) and by (N - n) / (N - 1), the finite-population correction of a share (Cochran,
// Sampling Techniques, 3rd ed. 1977, 3.2). kEmpty; kInvalid: design effect out of range, N below n; kConstant for a
// census, n = N, which leaves nothing to be unsure of.
Estimate EffectiveSize(std::int64_t n, const Sampling& sampling);

// Intervals for a share, cut at 0 and 1. With a Sampling, n is the effective size; a census gives the share itself,
// twice. kInvalid also: level not within (0, 1).
//
// p -+ z sqrt(pq/n). Its coverage falls far below the level for small n and for shares near 0 or 1; it is here because
// others print it.
Measured<Interval> WaldInterval(const Proportion& proportion, double level = 0.95,
                                const Sampling& sampling = {});
// The shares that a score test does not reject: Wilson, Probable inference, JASA 22 (1927). The one to use.
Measured<Interval> WilsonInterval(const Proportion& proportion, double level = 0.95,
                                  const Sampling& sampling = {});
// The same with continuity correction: method 4 of Newcombe, Two-sided confidence intervals for the single
// proportion, Statistics in Medicine 17 (1998).
Measured<Interval> WilsonCorrectedInterval(const Proportion& proportion, double level = 0.95,
                                           const Sampling& sampling = {});
// Exact: never covers less than the level. Clopper and Pearson, Biometrika 26 (1934), through quantiles of the beta
// distribution; with an effective size as in Korn and Graubard, Survey Methodology 24 (1998), without their
// t-ratio.
Measured<Interval> ClopperPearsonInterval(const Proportion& proportion, double level = 0.95,
                                          const Sampling& sampling = {});
// Wald about Wilson's centre with n + z^2: Agresti and Coull, The American Statistician 52 (1998).
Measured<Interval> AgrestiCoullInterval(const Proportion& proportion, double level = 0.95,
                                        const Sampling& sampling = {});

}  // namespace csat

#endif  // CSAT_MEASURE_PROPORTION_H_
