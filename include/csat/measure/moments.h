// Mean and spread of a figure from its exact moments.
#ifndef CSAT_MEASURE_MOMENTS_H_
#define CSAT_MEASURE_MOMENTS_H_

#include <cstdint>

#include "absl/numeric/int128.h"
#include "csat/measure/estimate.h"
#include "csat/model/decimal.h"

namespace csat {

// What a column of figures is known by, exactly: `n` values in ticks of 1/`unit`, their sum and the sum of their
// squares. Every figure below is rounded once, from exact integers.
struct Moments {
  std::int64_t n = 0;
  absl::int128 sum = 0, square_sum = 0;
  std::int64_t unit = 1;
};

// What the sum of squares about the mean is divided by.
enum class Divisor : std::uint8_t {
  kSample,      // n - 1: unbiased for the variance of what was sampled from.
  kPopulation,  // n: the variance of these n values themselves.
};

// kEmpty.
Measured<Ratio> ExactMean(const Moments& moments);
Estimate Mean(const Moments& moments);

// kEmpty; kTooFew for one value by kSample; kInvalid for moments that no values have.
Estimate Variance(const Moments& moments, Divisor divisor = Divisor::kSample);
Estimate StandardDeviation(const Moments& moments, Divisor divisor = Divisor::kSample);

// Of the mean: s / sqrt(n), by kSample.
Estimate StandardError(const Moments& moments);

constexpr double kLeastDesignEffect = 1e-9, kGreatestDesignEffect = 1e9;

// A design that is not a simple random sample from a large population.
struct Sampling {
  double design_effect =
      1;  // Variance under the design over that of a simple random sample; within these limits.
  std::int64_t population = 0;  // N, of which n were drawn without replacement; 0: large.
};

// mean -+ t * s / sqrt(n) with n - 1 degrees of freedom, the variance times the design effect and times the
// finite-population correction 1 - n/N (Cochran, Sampling Techniques, 3rd ed. 1977, 2.15 and 2.6). A census (n = N)
// leaves no uncertainty. kEmpty, kTooFew below 2 values; kConstant: values that are all the same say nothing of how far
// others lie; kInvalid: level not within (0, 1), a Sampling out of range, N below n.
Measured<Interval> MeanInterval(const Moments& moments, double level = 0.95, const Sampling& sampling = {});

}  // namespace csat

#endif  // CSAT_MEASURE_MOMENTS_H_
