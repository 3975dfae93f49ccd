// Do the items of a scale measure one thing: Cronbach's alpha and what is said beside it.
#ifndef CSAT_MEASURE_RELIABILITY_H_
#define CSAT_MEASURE_RELIABILITY_H_

#include <cstdint>
#include <vector>

#include "csat/measure/co_moments.h"
#include "csat/measure/estimate.h"
#include "csat/model/decimal.h"

namespace csat {

// k / (k - 1) * (1 - sum of variances / variance of the sum): Cronbach, Coefficient alpha and the internal structure of
// tests, Psychometrika 16 (1951). Of covariances the raw alpha, of correlations the standardised one. Below 0 where
// items go against each other: reverse them first. kTooFew: fewer than 2 items. kConstant names items that do not vary
// (packages differ here: some leave them out, some count them). kNotMeasurable: the sum does not vary. kIndefinite:
// pairwise covariances contradict each other, ContradictionOf() of their correlations; so with all figures of a whole
// matrix below. Duplicates have an alpha; ReliabilityOf() names them.
Estimate Alpha(const ItemMatrix& matrix);

// The raw alpha of listwise moments of one unit as an exact quotient, for a limit that must be passed exactly: Compare()
// it with 0.7. kNotMeasurable for other moments and for figures beyond 62 bits.
Measured<Ratio> ExactAlpha(const CoMoments& moments);

// Alpha of the others, for each item; where the whole contradicts itself, the others may not.
std::vector<Estimate> AlphasIfDropped(const ItemMatrix& matrix);

// Each item's correlation with the sum of the others: psych's r.drop, "corrected item-total". From covariances.
std::vector<Estimate> ItemRestCorrelations(const ItemMatrix& covariances);

// Of the correlations off the diagonal.
Estimate AverageCorrelation(const ItemMatrix& correlations);

// Of an alpha of `items` items over n rows, by the F distribution with n - 1 and (n - 1)(k - 1) degrees of freedom:
// Feldt, Psychometrika 30 (1965); Feldt, Woodruff and Salih, Applied Psychological Measurement 11 (1987). kTooFew below
// 2 items or rows; kInvalid: level not within (0, 1), alpha above 1 or not finite.
Measured<Interval> FeldtInterval(double alpha, int items, std::int64_t n, double level = 0.95);

struct ItemReliability {
  Estimate item_rest = Gap::Reason::kNotMeasurable;
  Estimate alpha_if_dropped = Gap::Reason::kNotMeasurable;
  Estimate standardised_alpha_if_dropped = Gap::Reason::kNotMeasurable;
};

// All of the above. The standardised figures are of ScaledToCorrelations(covariances), as in psych: with missing
// answers they differ in the fourth place from those of CorrelationsOf().
struct Reliability {
  int items = 0;
  std::int64_t n =
      0;  // Rows that `interval` takes: complete rows, or with missing answers all rows read, as pingouin.
  Estimate alpha = Gap::Reason::kEmpty;
  Estimate standardised_alpha = Gap::Reason::kEmpty;
  Estimate average_correlation = Gap::Reason::kEmpty;
  Measured<Interval> interval = Gap::Reason::kEmpty;  // Of `alpha`.
  // Empty where there are no covariances.
  std::vector<ItemReliability> by_item;
  // What is wrong with the items, whatever could be computed: constant, duplicate, singular, indefinite; too_few where
  // there are no more complete rows than items; without covariances why there are none.
  std::vector<Gap> findings;
};
Reliability ReliabilityOf(const CoMoments& moments, double level = 0.95);

}  // namespace csat

#endif  // CSAT_MEASURE_RELIABILITY_H_
