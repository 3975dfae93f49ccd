// Is there a structure among the items at all: eigenvalues, sampling adequacy, the test of sphericity; and which items
// say nothing of their own.
#ifndef CSAT_MEASURE_FACTORABILITY_H_
#define CSAT_MEASURE_FACTORABILITY_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "csat/measure/co_moments.h"
#include "csat/measure/estimate.h"
#include "csat/measure/test_result.h"

namespace csat {

// An item whose squared multiple correlation with the items before it is above this says nothing of its own: it counts
// as their linear combination, a duplicate where there is one of them. The figures below would keep fewer than six
// digits. Exact combinations always are found.
constexpr double kMostMultipleCorrelation = 1 - 1e-10;

// The items that depend on items before them, one gap each, naming all that take part: kDuplicate, kSingular, or
// kIndefinite where pairwise correlations contradict each other. Empty: the matrix is regular.
std::vector<Gap> DependentItems(const ItemMatrix& correlations);

// Why no data without gaps have such correlations: an eigenvalue below -(1 - kMostMultipleCorrelation), kIndefinite with
// the items of the first contradiction that DependentItems() finds. There is no figure of the whole matrix then: alpha
// or a mean of correlations would lie beyond what either can be. Nothing where every pair had the same rows.
std::optional<Gap> ContradictionOf(const ItemMatrix& correlations);

// Descending. Above 1 by Kaiser's rule (Educational and Psychological Measurement 20, 1960) counts as a factor. An
// eigenvalue that is 0 up to rounding is 0. kNoConvergence.
Measured<std::vector<double>> Eigenvalues(const ItemMatrix& correlations);

// The measure of sampling adequacy, sum r^2 / (sum r^2 + sum q^2) with partial correlations q: Kaiser and Rice, Little
// Jiffy, Mark IV, Educational and Psychological Measurement 34 (1974). Always 0.5 for two items.
struct Kmo {
  double overall = 0;
  std::vector<Estimate> items;  // kNotMeasurable: uncorrelated with all others.
};

// -(n - 1 - (2k + 5) / 6) ln |R|, chi-square with k (k - 1) / 2 degrees of freedom where the items are uncorrelated:
// Bartlett, Tests of significance in factor analysis, British Journal of Psychology, Statistical Section 3 (1950).
struct Sphericity {
  TestResult test;
  double log_determinant = 0;  // ln |R|
  std::int64_t n = 0;
};

// Their gaps: kTooFew for fewer than 2 items or no more rows than items (kmo) or an n that leaves the factor above not
// above 0 (bartlett); kDuplicate, kSingular or kIndefinite, the first of DependentItems(); kNotMeasurable: KMO of items
// without any correlation.
struct Factorability {
  Measured<Kmo> kmo = Gap::Reason::kEmpty;
  Measured<Sphericity> bartlett = Gap::Reason::kEmpty;
};
// n of Bartlett's test: complete rows; with missing answers all rows read, as psych takes it, which overstates how much
// is known. The careful choice then is `correlations.least_rows`.
Factorability FactorabilityOf(const ItemMatrix& correlations);
Factorability FactorabilityOf(const ItemMatrix& correlations, std::int64_t n);

}  // namespace csat

#endif  // CSAT_MEASURE_FACTORABILITY_H_
