// How many answers a share needs.
#ifndef CSAT_MEASURE_SAMPLE_SIZE_H_
#define CSAT_MEASURE_SAMPLE_SIZE_H_

#include <cstdint>

#include "csat/measure/estimate.h"
#include "csat/model/decimal.h"

namespace csat {

// All inputs are decimals as they are stated in a plan: z is 1.96 for 95 %, as the tables print it.
struct SampleSizeInputs {
  Decimal z = Decimal::FromMicros(1'960'000);       // Above 0, at most 10.
  Decimal margin = Decimal::FromMicros(50'000);     // Half-width: 0.05 is 5 points. Above 0, at most 1.
  Decimal share = Decimal::FromMicros(500'000);     // Expected; 0.5 is the safe one. Within (0, 1).
  std::int64_t population = 0;                      // At most 10^9; 0: large.
  Decimal design_effect = Decimal::FromInteger(1);  // Above 0, at most 100.
  Decimal response_rate = Decimal::FromInteger(1);  // Expected share of those asked who answer. 0.001 to 1.
};

struct SampleSize {
  double unrounded;      // For its explanation.
  std::int64_t answers;  // Needed: rounded up, at most the population.
  std::int64_t
      invitations;  // `answers` over the response rate, rounded up; above the population: not to be had.
};

// n0 = z^2 p (1 - p) / e^2 times the design effect, and n0 / (1 + (n0 - 1) / N) of a population of N: Cochran,
// Sampling Techniques, 3rd ed. 1977, 4.4. Rounded up exactly: a size that comes out whole stays. kInvalid: an
// input outside of its range.
Measured<SampleSize> SampleSizeOfShare(const SampleSizeInputs& inputs);

}  // namespace csat

#endif  // CSAT_MEASURE_SAMPLE_SIZE_H_
