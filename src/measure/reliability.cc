#include "csat/measure/reliability.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

#include "csat/measure/factorability.h"
#include "measure/distribution.h"
#include "measure/exact_difference.h"

namespace csat {
namespace {

// A variance of a sum below this share of what it is made of is rounding.
constexpr double kRounding = 1e-13;

// Sums over the matrix and over its rows.
struct Sums {
  explicit Sums(const ItemMatrix& matrix) : rows(static_cast<std::size_t>(matrix.items)) {
    for (int i = 0; i < matrix.items; ++i) {
      double row = 0;
      for (int j = 0; j < matrix.items; ++j) {
        row += matrix(i, j);
        absolute += std::fabs(matrix(i, j));
      }
      rows[static_cast<std::size_t>(i)] = row;
      total += row;
      trace += matrix(i, i);
      if (!(matrix(i, i) > 0)) constant.push_back(i);
    }
  }
  std::vector<double> rows;
  double total = 0, trace = 0, absolute = 0;
  std::vector<int> constant;
};

Estimate AlphaFrom(int items, double total, double trace, double absolute, std::vector<int> constant) {
  if (items < 2) return Gap::Reason::kTooFew;
  if (!constant.empty()) return Gap{Gap::Reason::kConstant, std::move(constant)};
  if (std::fabs(total) <= kRounding * absolute) return Gap::Reason::kNotMeasurable;
  if (total < 0) return Gap::Reason::kIndefinite;
  const auto k = static_cast<double>(items);
  return std::min(k / (k - 1) * ((total - trace) / total), 1.0);  // Above 1 is rounding.
}

// Why pairwise covariances, or correlations, contradict each other.
std::optional<Gap> ContradictionIn(const ItemMatrix& matrix) {
  if (matrix.listwise) return std::nullopt;
  const Measured<ItemMatrix> scaled = ScaledToCorrelations(matrix);
  return scaled.has_value() ? ContradictionOf(*scaled) : std::nullopt;
}

// `dropped` of the indices that a gap of the others has.
ItemMatrix Without(const ItemMatrix& matrix, int dropped) {
  ItemMatrix others = matrix;
  others.items = matrix.items - 1;
  others.values.clear();
  for (int i = 0; i < matrix.items; ++i) {
    for (int j = 0; j < matrix.items; ++j) {
      if (i != dropped && j != dropped) others.values.push_back(matrix(i, j));
    }
  }
  return others;
}

// Of all items but i.
Estimate AlphaWithout(const ItemMatrix& matrix, const Sums& sums, bool contradicted, int i) {
  std::optional<Gap> contradiction;
  if (contradicted) contradiction = ContradictionIn(Without(matrix, i));
  if (contradiction.has_value()) {
    for (int& item : contradiction->items) item += item >= i ? 1 : 0;
    return *std::move(contradiction);
  }
  std::vector<int> constant;
  for (const int item : sums.constant) {
    if (item != i) constant.push_back(item);
  }
  const double total = sums.total - 2 * sums.rows[static_cast<std::size_t>(i)] + matrix(i, i);
  return AlphaFrom(matrix.items - 1, total, sums.trace - matrix(i, i), sums.absolute, std::move(constant));
}

}  // namespace

Estimate Alpha(const ItemMatrix& matrix) {
  std::optional<Gap> contradiction = ContradictionIn(matrix);
  if (contradiction.has_value()) return *std::move(contradiction);
  const Sums sums(matrix);
  return AlphaFrom(matrix.items, sums.total, sums.trace, sums.absolute, sums.constant);
}

Measured<Ratio> ExactAlpha(const CoMoments& moments) {
  const Estimate alpha = [&moments]() -> Estimate {
    const Measured<ItemMatrix> covariances = CovariancesOf(moments);
    if (!covariances.has_value()) return covariances.gap();
    return Alpha(*covariances);
  }();
  if (!alpha.has_value()) return alpha.gap();
  constexpr std::int64_t kMost = std::int64_t{1} << 62;
  absl::int128 total = 0, trace = 0;
  if (!moments.IsListwise()) return Gap::Reason::kNotMeasurable;
  for (int i = 0; i < moments.items; ++i) {
    if (moments.units[static_cast<std::size_t>(i)] != moments.units[0]) return Gap::Reason::kNotMeasurable;
    for (int j = 0; j < moments.items; ++j) {
      const std::optional<absl::int128> covariance =
          SmallDifference(moments.n[0], moments.product[moments.At(i, j)], moments.sum[moments.At(i, i)],
                          moments.sum[moments.At(j, j)]);
      if (!covariance.has_value() || *covariance > kMost || *covariance < -kMost) {
        return Gap::Reason::kNotMeasurable;
      }
      total += *covariance;
      if (i == j) trace += *covariance;
    }
  }
  const Measured<Ratio> unmeasured = Gap::Reason::kNotMeasurable;
  const std::optional<Ratio> ratio =
      Ratio::Create((total - trace) * moments.items, total * (moments.items - 1));
  return ratio.has_value() ? Measured<Ratio>(*ratio) : unmeasured;
}

std::vector<Estimate> AlphasIfDropped(const ItemMatrix& matrix) {
  const Sums sums(matrix);
  // With an item that does not vary the whole has no correlations to judge; the others may.
  const bool contradicted =
      !matrix.listwise && (!sums.constant.empty() || ContradictionIn(matrix).has_value());
  std::vector<Estimate> alphas;
  alphas.reserve(sums.rows.size());
  for (int i = 0; i < matrix.items; ++i) alphas.push_back(AlphaWithout(matrix, sums, contradicted, i));
  return alphas;
}

std::vector<Estimate> ItemRestCorrelations(const ItemMatrix& covariances) {
  const Sums sums(covariances);
  const std::optional<Gap> contradiction = ContradictionIn(covariances);
  std::vector<Estimate> correlations;
  correlations.reserve(sums.rows.size());
  for (int i = 0; i < covariances.items; ++i) {
    const double own = covariances(i, i), row = sums.rows[static_cast<std::size_t>(i)];
    const double rest = sums.total - 2 * row + own;
    if (covariances.items < 2) {
      correlations.push_back(Gap::Reason::kTooFew);
    } else if (!(own > 0)) {
      correlations.push_back(Gap{Gap::Reason::kConstant, {i}});
    } else if (contradiction.has_value()) {
      correlations.push_back(*contradiction);
    } else if (std::fabs(rest) <= kRounding * sums.absolute) {
      correlations.push_back(Gap::Reason::kNotMeasurable);
    } else if (rest < 0) {
      correlations.push_back(Gap::Reason::kIndefinite);
    } else {
      // Beyond -+1 is rounding.
      correlations.push_back(std::clamp((row - own) / std::sqrt(own * rest), -1.0, 1.0));
    }
  }
  return correlations;
}

Estimate AverageCorrelation(const ItemMatrix& correlations) {
  if (correlations.items < 2) return Gap::Reason::kTooFew;
  std::optional<Gap> contradiction = ContradictionOf(correlations);
  if (contradiction.has_value()) return *std::move(contradiction);
  double sum = 0;
  for (int i = 1; i < correlations.items; ++i) {
    for (int j = 0; j < i; ++j) sum += correlations(i, j);
  }
  const auto k = static_cast<double>(correlations.items);
  return std::clamp(sum / (k * (k - 1) / 2), -1.0, 1.0);  // Beyond is rounding.
}

Measured<Interval> FeldtInterval(double alpha, int items, std::int64_t n, double level) {
  if (!(level > 0 && level < 1) || !(alpha <= 1) || !std::isfinite(alpha)) return Gap::Reason::kInvalid;
  if (items < 2 || n < 2) return Gap::Reason::kTooFew;
  const double df1 = static_cast<double>(n - 1), df2 = df1 * static_cast<double>(items - 1);
  const double tail = (1 - level) / 2;
  return Interval{1 - (1 - alpha) * FQuantile(1 - tail, tail, df1, df2),
                  1 - (1 - alpha) * FQuantile(tail, 1 - tail, df1, df2), level};
}

Reliability ReliabilityOf(const CoMoments& moments, double level) {
  Reliability result;
  result.items = moments.items;
  const Measured<ItemMatrix> covariances = CovariancesOf(moments);
  if (!covariances.has_value()) {
    result.alpha = result.standardised_alpha = result.average_correlation = covariances.gap();
    result.interval = covariances.gap();
    result.findings.push_back(covariances.gap());
    return result;
  }
  result.n = covariances->listwise ? covariances->least_rows : covariances->rows;
  result.alpha = Alpha(*covariances);
  result.interval = result.alpha.has_value() ? FeldtInterval(*result.alpha, result.items, result.n, level)
                                             : Measured<Interval>(result.alpha.gap());

  const Measured<ItemMatrix> scaled = ScaledToCorrelations(*covariances);
  const std::vector<Estimate> alphas = AlphasIfDropped(*covariances),
                              rests = ItemRestCorrelations(*covariances);
  std::vector<Estimate> standardised;
  if (scaled.has_value()) {
    result.standardised_alpha = Alpha(*scaled);
    result.average_correlation = AverageCorrelation(*scaled);
    standardised = AlphasIfDropped(*scaled);
  } else {
    result.standardised_alpha = result.average_correlation = scaled.gap();
    standardised.assign(alphas.size(), scaled.gap());
  }
  for (std::size_t i = 0; i < alphas.size(); ++i) {
    result.by_item.push_back({rests[i], alphas[i], standardised[i]});
  }

  const Measured<ItemMatrix> correlations = CorrelationsOf(moments);
  if (!correlations.has_value()) {
    result.findings.push_back(correlations.gap());
  } else if (correlations->listwise && correlations->least_rows <= correlations->items) {
    result.findings.push_back({Gap::Reason::kTooFew, {}});
  } else {
    result.findings = DependentItems(*correlations);
  }
  // The spreads of an item are those of all its rows here, of the rows of each pair there: one matrix may contradict
  // itself where the other does not.
  const auto is_indefinite = [](const Gap& gap) { return gap.reason == Gap::Reason::kIndefinite; };
  for (const Measured<ItemMatrix>* matrix : {&correlations, &scaled}) {
    if (std::any_of(result.findings.begin(), result.findings.end(), is_indefinite)) break;
    std::optional<Gap> contradiction = matrix->has_value() ? ContradictionOf(**matrix) : std::nullopt;
    if (contradiction.has_value()) result.findings.push_back(*std::move(contradiction));
  }
  return result;
}

}  // namespace csat
