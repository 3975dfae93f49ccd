// Means of samples whose rows do not count alike: case weights, and strata of known size.
#ifndef CSAT_MEASURE_WEIGHTING_H_
#define CSAT_MEASURE_WEIGHTING_H_

#include <cstdint>

#include "absl/numeric/int128.h"
#include "absl/types/span.h"
#include "csat/measure/estimate.h"
#include "csat/measure/moments.h"
#include "csat/model/decimal.h"

namespace csat {

// The exact moments of a weighted column: `n` rows of weight above 0, weights w in ticks of one unit or another (it
// cancels), values x in ticks of 1/`unit`.
struct WeightedMoments {
  std::int64_t n = 0;
  absl::int128 weight_sum = 0;         // of w
  absl::int128 weight_square_sum = 0;  // of w^2
  absl::int128 sum = 0;                // of w x
  absl::int128 square_sum = 0;         // of w x^2
  std::int64_t unit = 1;
};

// kEmpty; kInvalid for moments that no rows have and for weights whose sum times the unit is beyond 127 bits. So of
// every function below.
Measured<Ratio> ExactMean(const WeightedMoments& moments);
Estimate Mean(const WeightedMoments& moments);

// sum w (x - mean)^2 over sum w (kPopulation), or over sum w - sum w^2 / sum w (kSample), which is unbiased where the
// weights say how reliable a row is or how many it stands for. With all weights 1 these are those of Moments.
// kTooFew: one row by kSample.
Estimate Variance(const WeightedMoments& moments, Divisor divisor = Divisor::kSample);
Estimate StandardDeviation(const WeightedMoments& moments, Divisor divisor = Divisor::kSample);

// What the weights cost: n * sum w^2 / (sum w)^2, at least 1 (Kish, Survey Sampling, 1965, 11.7; Weighting for unequal
// Pi, Journal of Official Statistics 8, 1992). And the rows that are left of n: (sum w)^2 / sum w^2.
Estimate DesignEffect(const WeightedMoments& moments);
Estimate EffectiveSize(const WeightedMoments& moments);

// kInvalid also: `level` not within (0, 1).
//
// The weighted mean -+ t * s / sqrt(effective size) with n - 1 degrees of freedom; s by kSample. Right where
// the weights have nothing to do with the values. kConstant: all values are the same.
Measured<Interval> MeanInterval(const WeightedMoments& moments, double level = 0.95);
// Of a share: the figures are 0 and 1, the unit is 1. Wilson's interval with the effective size for n, also where
// all say the same. kInvalid for other figures.
Measured<Interval> WeightedShareInterval(const WeightedMoments& moments, double level = 0.95);
// Of a net promoter score, in points: the figures are -1, 0 and 1, the unit is 1. Tango's score interval with the
// effective size for n. kInvalid for other figures.
Measured<Interval> WeightedNpsInterval(const WeightedMoments& moments, double level = 0.95);

// One stratum of a sample: what was drawn from it, at random and without replacement, and how many it holds.
struct StratumSample {
  std::int64_t population = 0;
  Moments sample;
};

// The mean over all strata, each counting by its share of the population: Cochran, Sampling Techniques, 3rd ed. 1977,
// 5.1 to 5.4. For a share take MomentsOf(Proportion): s^2 / n is then p q / (n - 1), as in 5.10.
struct StratifiedMean {
  double mean = 0;
  double variance = 0;  // Of the mean: sum of W^2 (1 - n/N) s^2 / n.
  double standard_error = 0;
  // `variance` over that of a simple random sample of the same size, estimated from these strata by
  // (5A.44). kConstant where nothing varies; kTooFew for a census.
  Estimate design_effect = Gap::Reason::kConstant;
  // By Student's t with Satterthwaite's degrees of freedom (5.16).
  double df = 0;
  Interval interval;
};

// kEmpty: no strata. kTooFew names the strata with fewer than 2 rows drawn, unless these are all of it. kInvalid
// names strata with a population below 1 or below what was drawn, or moments that no values have.
Measured<StratifiedMean> MeanOfStrata(absl::Span<const StratumSample> strata, double level = 0.95);

}  // namespace csat

#endif  // CSAT_MEASURE_WEIGHTING_H_
