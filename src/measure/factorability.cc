#include "csat/measure/factorability.h"

#include <cmath>
#include <cstddef>
#include <utility>

#include "measure/distribution.h"
#include "measure/symmetric.h"

namespace csat {
namespace {

constexpr double kLeastPivot = 1 - kMostMultipleCorrelation;

Measured<Kmo> KmoFrom(const ItemMatrix& correlations, const CholeskyFactor& factor) {
  const auto k = static_cast<std::size_t>(correlations.items);
  const std::vector<double> inverse = Inverse(factor);
  Kmo kmo;
  double all_r = 0, all_q = 0;
  for (std::size_t i = 0; i < k; ++i) {
    double of_r = 0, of_q = 0;
    for (std::size_t j = 0; j < k; ++j) {
      if (i == j) continue;
      const double r = correlations.values[i * k + j];
      of_r += r * r;
      of_q += inverse[i * k + j] * inverse[i * k + j] / (inverse[i * k + i] * inverse[j * k + j]);
    }
    all_r += of_r;
    all_q += of_q;
    const Estimate unrelated(Gap{Gap::Reason::kNotMeasurable, {static_cast<int>(i)}});
    kmo.items.push_back(of_r + of_q > 0 ? Estimate(of_r / (of_r + of_q)) : unrelated);
  }
  if (!(all_r + all_q > 0)) return Gap::Reason::kNotMeasurable;
  kmo.overall = all_r / (all_r + all_q);
  return kmo;
}

Measured<Sphericity> BartlettFrom(const CholeskyFactor& factor, std::int64_t n) {
  const auto k = static_cast<double>(factor.size);
  const double weight = static_cast<double>(n - 1) - (2 * k + 5) / 6;
  if (weight <= 0) return Gap::Reason::kTooFew;
  Sphericity result;
  result.n = n;
  const double log_determinant = LogDeterminant(factor);
  result.log_determinant = log_determinant < 0 ? log_determinant : 0;  // |R| <= 1: Hadamard.
  const double chi_square = weight * -result.log_determinant, df = k * (k - 1) / 2;
  const Tail tail = UpperChiSquare(chi_square, df);
  result.test = {chi_square, df, tail.p, tail.log10_p};
  return result;
}

}  // namespace

std::vector<Gap> DependentItems(const ItemMatrix& correlations) {
  return Factor(correlations, kLeastPivot).dependent;
}

std::optional<Gap> ContradictionOf(const ItemMatrix& correlations) {
  if (correlations.listwise || correlations.items < 2) return std::nullopt;
  std::vector<Gap> dependent = DependentItems(correlations);
  if (dependent.empty()) return std::nullopt;
  const Measured<std::vector<double>> eigenvalues = SymmetricEigenvalues(correlations);
  if (!eigenvalues.has_value()) return eigenvalues.gap();
  if (eigenvalues->back() >= -kLeastPivot) return std::nullopt;
  for (Gap& gap : dependent) {
    if (gap.reason == Gap::Reason::kIndefinite) return std::move(gap);
  }
  return Gap{Gap::Reason::kIndefinite, {}};
}

Measured<std::vector<double>> Eigenvalues(const ItemMatrix& correlations) {
  if (correlations.items < 1) return Gap::Reason::kEmpty;
  Measured<std::vector<double>> values = SymmetricEigenvalues(correlations);
  if (!values.has_value()) return values;
  std::vector<double> cleaned = *values;
  const double rounding = 1e-15 * static_cast<double>(correlations.items) * std::fabs(cleaned.front());
  for (double& value : cleaned) {
    if (std::fabs(value) <= rounding) value = 0;
  }
  return cleaned;
}

Factorability FactorabilityOf(const ItemMatrix& correlations) {
  return FactorabilityOf(correlations, correlations.listwise ? correlations.least_rows : correlations.rows);
}

Factorability FactorabilityOf(const ItemMatrix& correlations, std::int64_t n) {
  Factorability result;
  const bool few =
      correlations.items < 2 || (correlations.listwise && correlations.least_rows <= correlations.items);
  if (few) {
    result.kmo = Gap::Reason::kTooFew;
    result.bartlett = Gap::Reason::kTooFew;
    return result;
  }
  const CholeskyFactor factor = Factor(correlations, kLeastPivot);
  if (!factor.dependent.empty()) {
    result.kmo = factor.dependent.front();
    result.bartlett = factor.dependent.front();
    return result;
  }
  result.kmo = KmoFrom(correlations, factor);
  result.bartlett = BartlettFrom(factor, n);
  return result;
}

}  // namespace csat
