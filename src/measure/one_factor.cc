#include "csat/measure/one_factor.h"

#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

#include "csat/measure/factorability.h"
#include "measure/symmetric.h"

namespace csat {
namespace {

constexpr double kLeastUniqueness = 0.005;
constexpr int kMostRounds = 100'000;

double SumOfSquares(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return sum;
}

}  // namespace

Measured<OneFactor> OneFactorOf(const ItemMatrix& correlations) {
  if (correlations.items < 3) return Gap::Reason::kTooFew;
  std::optional<Gap> contradiction = ContradictionOf(correlations);
  if (contradiction.has_value()) return *std::move(contradiction);
  const Measured<std::vector<double>> start = PrincipalComponent(correlations);
  if (!start.has_value()) return start.gap();
  const auto k = static_cast<std::size_t>(correlations.items);
  const double most = std::sqrt(1 - kLeastUniqueness);

  OneFactor result;
  result.loadings = *start;
  std::vector<double>& loadings = result.loadings;
  // Given the others, a loading's best value is a regression; each round lowers the residual.
  bool settled = false;
  for (int round = 0; round < kMostRounds && !settled; ++round) {
    settled = true;
    for (std::size_t i = 0; i < k; ++i) {
      double products = 0, squares = 0;
      for (std::size_t j = 0; j < k; ++j) {
        if (j == i) continue;
        products += correlations.values[i * k + j] * loadings[j];
        squares += loadings[j] * loadings[j];
      }
      if (!(squares > 0)) return Gap::Reason::kNotMeasurable;
      const double best = products / squares, held = best > most ? most : best < -most ? -most : best;
      if (std::fabs(held - loadings[i]) > 1e-15) settled = false;
      loadings[i] = held;
    }
  }
  if (!settled) return Gap::Reason::kNoConvergence;

  double sum = 0, total = 0;
  for (std::size_t i = 0; i < k; ++i) {
    sum += loadings[i];
    if (std::fabs(loadings[i]) >= most) result.heywood.push_back(static_cast<int>(i));
    for (std::size_t j = 0; j < k; ++j) {
      total += correlations.values[i * k + j];
      const double residual = correlations.values[i * k + j] - loadings[i] * loadings[j];
      if (j < i) result.residual += residual * residual;
    }
  }
  const double unique = static_cast<double>(k) - SumOfSquares(loadings);
  if (!(total > 0)) return Gap::Reason::kNotMeasurable;
  if (sum < 0) {
    for (double& loading : loadings) loading = -loading;
  }
  result.omega_total = 1 - unique / total;
  result.omega_of_model = sum * sum / (sum * sum + unique);
  return result;
}

}  // namespace csat
