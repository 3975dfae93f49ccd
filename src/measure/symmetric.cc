#include "measure/symmetric.h"

#include <cmath>
#include <cstddef>

// Under a name of our own, so that a program with another Eigen, or with one compiled for another instruction set,
// shares no instance of a template with this one; and without vectors, so that sums have one order on every machine.
#define Eigen csat_eigen
#define EIGEN_DONT_VECTORIZE
#define EIGEN_MPL2_ONLY
#include <Eigen/Eigenvalues>

namespace csat {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// A coefficient below this counts an item as not taking part in a combination.
constexpr double kLeastCoefficient = 1e-6;

// What `pivot` of item j says, `row` being its row of the factor so far: the coefficients b of the combination solve
// L' b = row.
Gap Dependence(const CholeskyFactor& factor, std::size_t k, const std::vector<int>& kept,
               const std::vector<double>& row, double pivot, double least_pivot, int j) {
  std::vector<double> b(row);
  for (std::size_t i = b.size(); i-- > 0;) {
    for (std::size_t m = i + 1; m < b.size(); ++m) b[i] -= factor.lower[m * k + i] * b[m];
    b[i] /= factor.lower[i * k + i];
  }
  Gap gap{pivot < -least_pivot ? Gap::Reason::kIndefinite : Gap::Reason::kSingular, {}};
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (std::fabs(b[i]) > kLeastCoefficient) gap.items.push_back(kept[i]);
  }
  if (gap.reason == Gap::Reason::kSingular && gap.items.size() == 1) gap.reason = Gap::Reason::kDuplicate;
  gap.items.push_back(j);
  return gap;
}

}  // namespace

CholeskyFactor Factor(const ItemMatrix& correlations, double least_pivot) {
  const auto k = static_cast<std::size_t>(correlations.items);
  CholeskyFactor factor;
  factor.lower.assign(k * k, 0);
  std::vector<int> kept;
  std::vector<double> row;
  for (int j = 0; j < correlations.items; ++j) {
    row.clear();
    double pivot = correlations(j, j);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      double rest = correlations(j, kept[i]);
      for (std::size_t m = 0; m < i; ++m) rest -= factor.lower[i * k + m] * row[m];
      row.push_back(rest / factor.lower[i * k + i]);
      pivot -= row[i] * row[i];
    }
    if (!(pivot > least_pivot)) {
      factor.dependent.push_back(Dependence(factor, k, kept, row, pivot, least_pivot, j));
      continue;
    }
    const std::size_t at = kept.size();
    for (std::size_t i = 0; i < at; ++i) factor.lower[at * k + i] = row[i];
    factor.lower[at * k + at] = std::sqrt(pivot);
    kept.push_back(j);
  }
  factor.size = static_cast<int>(kept.size());
  if (kept.size() < k) {
    std::vector<double> compact(kept.size() * kept.size());
    for (std::size_t i = 0; i < kept.size(); ++i) {
      for (std::size_t m = 0; m <= i; ++m) compact[i * kept.size() + m] = factor.lower[i * k + m];
    }
    factor.lower = std::move(compact);
  }
  return factor;
}

double LogDeterminant(const CholeskyFactor& factor) {
  const auto k = static_cast<std::size_t>(factor.size);
  double sum = 0;
  for (std::size_t i = 0; i < k; ++i) sum += std::log(factor.lower[i * k + i]);
  return 2 * sum;
}

std::vector<double> Inverse(const CholeskyFactor& factor) {
  const auto k = static_cast<std::size_t>(factor.size);
  // Rows of the inverse of L, then its transpose times itself.
  std::vector<double> of_lower(k * k), inverse(k * k);
  for (std::size_t i = 0; i < k; ++i) {
    double* const row = &of_lower[i * k];
    for (std::size_t m = 0; m < i; ++m) {
      const double weight = factor.lower[i * k + m];
      for (std::size_t j = 0; j <= m; ++j) row[j] -= weight * of_lower[m * k + j];
    }
    row[i] = 1;
    for (std::size_t j = 0; j <= i; ++j) row[j] /= factor.lower[i * k + i];
  }
  for (std::size_t m = 0; m < k; ++m) {
    for (std::size_t i = 0; i <= m; ++i) {
      const double weight = of_lower[m * k + i];
      for (std::size_t j = 0; j <= m; ++j) inverse[i * k + j] += weight * of_lower[m * k + j];
    }
  }
  return inverse;
}

Measured<std::vector<double>> SymmetricEigenvalues(const ItemMatrix& matrix) {
  const Eigen::Map<const Matrix> values(matrix.values.data(), matrix.items, matrix.items);
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(values, Eigen::EigenvaluesOnly);
  if (solver.info() != Eigen::Success) return Gap::Reason::kNoConvergence;
  const auto& ascending = solver.eigenvalues();
  return std::vector<double>(std::make_reverse_iterator(ascending.data() + ascending.size()),
                             std::make_reverse_iterator(ascending.data()));
}

Measured<std::vector<double>> PrincipalComponent(const ItemMatrix& matrix) {
  const Eigen::Map<const Matrix> values(matrix.values.data(), matrix.items, matrix.items);
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(values);
  if (solver.info() != Eigen::Success) return Gap::Reason::kNoConvergence;
  const Eigen::Index last = matrix.items - 1;
  const double largest = solver.eigenvalues()[last];
  const auto vector = solver.eigenvectors().col(last);
  std::vector<double> component;
  for (Eigen::Index i = 0; i <= last; ++i) component.push_back(std::sqrt(largest) * vector[i]);
  return component;
}

}  // namespace csat
