// Linear algebra of small correlation matrices, in one fixed order of IEEE operations; the one door to Eigen.
#ifndef CSAT_SRC_MEASURE_SYMMETRIC_H_
#define CSAT_SRC_MEASURE_SYMMETRIC_H_

#include <vector>

#include "csat/measure/co_moments.h"
#include "csat/measure/estimate.h"

namespace csat {

// The Cholesky factor over the items that do not depend on those before them.
struct CholeskyFactor {
  int size = 0;               // Items in `lower`.
  std::vector<double> lower;  // size by size, row by row; zeros above the diagonal.
  std::vector<Gap> dependent;
};

// An item with a pivot of at most `least_pivot` is left out and named in `dependent`.
CholeskyFactor Factor(const ItemMatrix& correlations, double least_pivot);

double LogDeterminant(const CholeskyFactor& factor);
// Row by row, both triangles.
std::vector<double> Inverse(const CholeskyFactor& factor);

// Descending.
Measured<std::vector<double>> SymmetricEigenvalues(const ItemMatrix& matrix);
// The eigenvector of the largest eigenvalue, times the root of that.
Measured<std::vector<double>> PrincipalComponent(const ItemMatrix& matrix);

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_SYMMETRIC_H_
