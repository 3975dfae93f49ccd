// Adjusting the p values of several tests that are read together.
#ifndef CSAT_MEASURE_MULTIPLE_TESTS_H_
#define CSAT_MEASURE_MULTIPLE_TESTS_H_

#include <vector>

#include "absl/types/span.h"
#include "csat/measure/estimate.h"

namespace csat {

// Adjusted p values in the order given, to be compared with the level wanted for all of them; equal to R's
// p.adjust(). Empty for none. kInvalid names the positions that are not within [0, 1].
//
// Holm: the chance of any false finding is held. A simple sequentially rejective multiple test procedure,
// Scandinavian Journal of Statistics 6 (1979).
Measured<std::vector<double>> HolmAdjusted(absl::Span<const double> p);
// Benjamini and Hochberg: the expected share of false findings among the findings is held. Controlling the false
// discovery rate, Journal of the Royal Statistical Society B 57 (1995).
Measured<std::vector<double>> BenjaminiHochbergAdjusted(absl::Span<const double> p);

}  // namespace csat

#endif  // CSAT_MEASURE_MULTIPLE_TESTS_H_
