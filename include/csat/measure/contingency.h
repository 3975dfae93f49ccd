// Tests of tables of counts: independence of rows and columns, and a trend of shares over ordered groups.
#ifndef CSAT_MEASURE_CONTINGENCY_H_
#define CSAT_MEASURE_CONTINGENCY_H_

#include <cstdint>

#include "absl/types/span.h"
#include "csat/measure/estimate.h"
#include "csat/measure/proportion.h"
#include "csat/measure/test_result.h"

namespace csat {

// Pearson's chi-square, without continuity correction (Pearson, Philosophical Magazine 50, 1900; Agresti, Categorical
// Data Analysis, 3rd ed. 2013, 3.2).
struct Independence {
  TestResult test;
  double cramers_v = 0;       // sqrt(chi-square / (n * (the smaller side - 1))), 0 to 1.
  double least_expected = 0;  // The smallest expected count; below 5 the p is rough (Cochran 1954).
};

// `counts` by rows, `columns` of them each. kTooFew: fewer than 2 rows or columns. kEmpty names rows and, after them,
// columns that count nothing: row r as r, column c as rows + c; leave them out. kInvalid: a count below 0, a sum
// beyond 2^40, or a length that is no multiple of `columns`.
Measured<Independence> TestIndependence(absl::Span<const std::int64_t> counts, int columns);

// Does a share rise or fall over ordered groups: Cochran, Biometrics 10 (1954), and Armitage, Biometrics 11 (1955), z
// without continuity correction, the variance by the binomial distribution (R's prop.trend.test gives z^2). `scores`
// place the groups, one each; empty: 0, 1, 2, ... The sign of z is that of the trend. kTooFew: fewer than 2 groups.
// kConstant: all of every group, or none, count; or all groups with rows have one score. kInvalid names a group whose
// counts are not those of a Proportion, and scores beyond -+2^31 or of another number than the groups.
Measured<TestResult> TestTrend(absl::Span<const Proportion> groups,
                               absl::Span<const std::int64_t> scores = {});

}  // namespace csat

#endif  // CSAT_MEASURE_CONTINGENCY_H_
