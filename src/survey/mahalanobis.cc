#include "survey/mahalanobis.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/numeric/int128.h"
#include "arrow/row_ranges.h"
#include "csat/measure/co_moments.h"
#include "measure/distribution.h"
#include "measure/product_sums.h"
#include "measure/symmetric.h"

namespace csat::survey {
namespace {

// Rows side by side in the second pass.
constexpr int kLane = 64;
// The product kernels take bytes up to this.
constexpr int kMostKernelStep = 127;
// Below this share of its variance an item is a combination of others.
constexpr double kLeastPivot = 1e-10;

struct Sums {
  std::int64_t rows = 0;
  std::vector<std::int64_t> sums, products;
};

// Whether each row of a tile has all answers and counts.
void Complete(const Items& items, const std::vector<std::uint8_t>& counts, std::int64_t from, int n,
              std::uint8_t* complete) {
  for (int i = 0; i < n; ++i) complete[i] = counts[static_cast<std::size_t>(from + i)] != 0;
  for (const ItemColumn* item : items) {
    const std::uint8_t* const steps = item->steps.data() + from;
    for (int i = 0; i < n; ++i) complete[i] = static_cast<std::uint8_t>(complete[i] & (steps[i] < kOffScale));
  }
}

// The kernels read rows in multiples of 64; rows that do not count are 0 in all columns. `products` takes the products;
// nullptr: `sums` does.
void AddTile(const Items& items, const std::uint8_t* complete, std::int64_t from, int n,
             ProductSums* products, std::vector<std::uint8_t>* scratch, Sums* sums) {
  const std::size_t k = items.size();
  const int padded = (n + 63) / 64 * 64;
  std::fill(scratch->begin(), scratch->end(), std::uint8_t{0});
  std::vector<const std::uint8_t*> columns(k);
  for (std::size_t j = 0; j < k; ++j) {
    std::uint8_t* const column = scratch->data() + j * kTile;
    const std::uint8_t* const steps = items[j]->steps.data() + from;
    std::int64_t sum = 0;
    for (int i = 0; i < n; ++i) {
      column[i] = static_cast<std::uint8_t>(complete[i] != 0 ? steps[i] : 0);
      sum += column[i];
    }
    sums->sums[j] += sum;
    columns[j] = column;
  }
  for (int i = 0; i < n; ++i) sums->rows += complete[i];
  if (products != nullptr) return products->Add(columns.data(), columns.data(), padded);
  for (std::size_t a = 0; a < k; ++a) {
    for (std::size_t b = a; b < k; ++b) {
      std::int64_t sum = 0;
      for (int i = 0; i < n; ++i) sum += std::int64_t{columns[a][i]} * columns[b][i];
      sums->products[a * k + b] += sum;
    }
  }
}

absl::StatusOr<Sums> SumOf(const Items& items, const std::vector<std::uint8_t>& counts, int threads) {
  const std::size_t k = items.size();
  const auto rows = static_cast<std::int64_t>(counts.size());
  const bool kernel = std::all_of(items.begin(), items.end(),
                                  [](const ItemColumn* item) { return item->levels - 1 <= kMostKernelStep; });
  std::vector<Sums> parts(static_cast<std::size_t>(threads));
  const absl::Status done =
      ForEachRange(rows, kTile, threads, [&](int index, std::int64_t from, std::int64_t to) -> absl::Status {
        Sums& sums = parts[static_cast<std::size_t>(index)];
        sums.sums.assign(k, 0);
        sums.products.assign(k * k, 0);
        std::optional<ProductSums> products;
        if (kernel) products.emplace(static_cast<int>(k), true);
        std::vector<std::uint8_t> scratch(k * kTile), complete(kTile);
        for (std::int64_t row = from; row < to; row += kTile) {
          const int n = static_cast<int>(std::min(kTile, to - row));
          Complete(items, counts, row, n, complete.data());
          AddTile(items, complete.data(), row, n, kernel ? &*products : nullptr, &scratch, &sums);
        }
        if (kernel) {
          const std::vector<std::int64_t>& taken = products->Take();
          for (std::size_t a = 0; a < k; ++a) {
            for (std::size_t b = a; b < k; ++b) sums.products[a * k + b] += taken[a * (k + 1) + b];
          }
        }
        return absl::OkStatus();
      });
  if (!done.ok()) return done;
  Sums whole;
  whole.sums.assign(k, 0);
  whole.products.assign(k * k, 0);
  for (const Sums& part : parts) {
    whole.rows += part.rows;
    for (std::size_t i = 0; i < part.sums.size(); ++i) whole.sums[i] += part.sums[i];
    for (std::size_t i = 0; i < part.products.size(); ++i) whole.products[i] += part.products[i];
  }
  return whole;
}

// What the second pass needs: standard scores by item and step, and the Cholesky factor of their correlations, by
// columns, its diagonal inverted.
struct Metrics {
  std::vector<std::vector<double>> scores;
  std::vector<double> lower, inverse_diagonal;
};

Measured<Metrics> MetricsOf(const Items& items, const Sums& sums) {
  const std::size_t k = items.size();
  std::vector<absl::int128> totals(sums.sums.begin(), sums.sums.end()), products(k * k);
  for (std::size_t a = 0; a < k; ++a) {
    for (std::size_t b = a; b < k; ++b) products[a * k + b] = products[b * k + a] = sums.products[a * k + b];
  }
  if (sums.rows < 2) return Gap::Reason::kTooFew;
  const CoMoments moments = CoMoments::Listwise(sums.rows, std::vector<std::int64_t>(k, 1), totals, products);
  const Measured<ItemMatrix> covariances = CovariancesOf(moments), correlations = CorrelationsOf(moments);
  if (!covariances.has_value()) return covariances.gap();
  if (!correlations.has_value()) return correlations.gap();
  CholeskyFactor factor = Factor(*correlations, kLeastPivot);
  if (!factor.dependent.empty()) return factor.dependent.front();
  Metrics metrics;
  metrics.lower = std::move(factor.lower);
  const auto n = static_cast<double>(sums.rows);
  for (std::size_t j = 0; j < k; ++j) {
    const double mean = static_cast<double>(sums.sums[j]) / n;
    const double deviation = std::sqrt((*covariances)(static_cast<int>(j), static_cast<int>(j)));
    std::vector<double>& scores = metrics.scores.emplace_back(256, 0.0);
    for (int step = 0; step < items[j]->levels; ++step)
      scores[static_cast<std::size_t>(step)] = (step - mean) / deviation;
    metrics.inverse_diagonal.push_back(1 / metrics.lower[j * k + j]);
  }
  return metrics;
}

// Distances of kLane rows: solves L y = z and sums the squares of y.
void DistancesOf(const Items& items, const Metrics& metrics, std::int64_t from, int n, double* solved,
                 double* distances) {
  const std::size_t k = items.size();
  std::fill(distances, distances + kLane, 0.0);
  for (std::size_t j = 0; j < k; ++j) {
    double* const y = solved + j * kLane;
    const std::uint8_t* const steps = items[j]->steps.data() + from;
    const double* const scores = metrics.scores[j].data();
    for (int i = 0; i < n; ++i) y[i] = scores[steps[i]];
    for (int i = n; i < kLane; ++i) y[i] = 0;
    for (std::size_t m = 0; m < j; ++m) {
      const double weight = metrics.lower[j * k + m];
      const double* const earlier = solved + m * kLane;
      for (int i = 0; i < kLane; ++i) y[i] -= weight * earlier[i];
    }
    const double inverse = metrics.inverse_diagonal[j];
    for (int i = 0; i < kLane; ++i) {
      y[i] *= inverse;
      distances[i] += y[i] * y[i];
    }
  }
}

}  // namespace

absl::StatusOr<std::optional<Gap>> JudgeMahalanobis(const Items& items, Decimal confidence,
                                                    const std::vector<std::uint8_t>& counts, int threads,
                                                    Judged* out) {
  const absl::StatusOr<Sums> sums = SumOf(items, counts, threads);
  if (!sums.ok()) return sums.status();
  std::fill(out->truth.begin(), out->truth.end(), std::uint8_t{1});
  const Measured<Metrics> metrics = MetricsOf(items, *sums);
  if (!metrics.has_value()) return std::optional<Gap>(metrics.gap());
  const Decimal rest = Decimal::FromInteger(1) - confidence;
  const double limit =
      ChiSquareQuantile(confidence.ToDouble(), rest.ToDouble(), static_cast<double>(items.size()));
  const absl::Status done = ForEachRange(static_cast<std::int64_t>(counts.size()), kTile, threads,
                                         [&](int, std::int64_t from, std::int64_t to) -> absl::Status {
                                           std::vector<double> solved(items.size() * kLane);
                                           double distances[kLane];
                                           std::uint8_t complete[kTile];
                                           for (std::int64_t row = from; row < to; row += kLane) {
                                             const int n =
                                                 static_cast<int>(std::min<std::int64_t>(kLane, to - row));
                                             Complete(items, counts, row, n, complete);
                                             DistancesOf(items, *metrics, row, n, solved.data(), distances);
                                             for (int i = 0; i < n; ++i) {
                                               if (complete[i] == 0) continue;
                                               const auto at = static_cast<std::size_t>(row + i);
                                               out->truth[at] = distances[i] > limit ? 2 : 0;
                                               out->value[at] = distances[i];
                                               out->has_value[at] = 1;
                                             }
                                           }
                                           return absl::OkStatus();
                                         });
  if (!done.ok()) return done;
  return std::optional<Gap>();
}

}  // namespace csat::survey
