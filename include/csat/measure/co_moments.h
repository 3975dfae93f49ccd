// Joint moments of several items, and the covariances and correlations made of them.
#ifndef CSAT_MEASURE_CO_MOMENTS_H_
#define CSAT_MEASURE_CO_MOMENTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/types/span.h"
#include "csat/measure/estimate.h"

namespace csat {

// What k items are known by together, exactly. Item i is in ticks of 1/units[i]. Each entry (i, j), at [i * k + j],
// is over the rows that have both i and j; on the diagonal, over the rows that have i. n and product are
// symmetric; sum and square are not:
//   n        rows with both
//   sum      sum of item i over the rows with both
//   square   sum of the squares of item i over the rows with both
//   product  sum of i times j over the rows with both
// Listwise moments are those of complete rows alone: all n are the same. Then sum and square do not depend on j.
struct CoMoments {
  int items = 0;
  std::int64_t rows = 0;  // Rows read, with and without gaps; at least every n.
  std::vector<std::int64_t> units;
  std::vector<std::int64_t> n;
  std::vector<absl::int128> sum, square, product;
  // Where no row is complete: the items that none of the rows answers, ascending, which the n of listwise moments do not
  // tell from the others.
  std::vector<int> unanswered;

  // Of `rows` complete rows: sums[i], products[i * k + j]. All of them empty: no items.
  static CoMoments Listwise(std::int64_t rows, std::vector<std::int64_t> units,
                            absl::Span<const absl::int128> sums, absl::Span<const absl::int128> products);

  // Those of the same rows with item i turned about, about[i] - x for x, where `turn` names i; about in ticks: the sum of
  // the ends of its range, 6 on 1..5. Both vectors have one entry for each item.
  CoMoments Turned(const std::vector<bool>& turn, absl::Span<const std::int64_t> about) const;

  // Whether all n are the same.
  bool IsListwise() const;
  std::size_t At(int i, int j) const {
    return static_cast<std::size_t>(i) * static_cast<std::size_t>(items) + static_cast<std::size_t>(j);
  }
};

// A symmetric k by k matrix over the items, both triangles filled.
struct ItemMatrix {
  int items = 0;
  std::int64_t rows = 0;        // As in CoMoments.
  std::int64_t least_rows = 0;  // The smallest n of a pair.
  std::vector<double> values;

  // Every pair had the same rows.
  bool listwise = false;
  double operator()(int i, int j) const {
    return values[static_cast<std::size_t>(i) * static_cast<std::size_t>(items) +
                  static_cast<std::size_t>(j)];
  }
};

// In the units of the items, divided by n - 1; of a pair over the rows that have both, of an item over the rows that
// have it: R's cov(use = "pairwise.complete.obs"). kEmpty without items or rows, and it names the items without any answer;
// kTooFew names the items with fewer than 2 rows, or if all have them, those of pairs with fewer; kInvalid for moments that no rows have, or vectors of the wrong length.
Measured<ItemMatrix> CovariancesOf(const CoMoments& moments);

// Pearson's r; deviations of a pair from the means and by the spreads of the same rows: R's cor(use =
// "pairwise.complete.obs"). Exactly 1 on the diagonal, within -+1 elsewhere. Besides the gaps of CovariancesOf,
// kConstant names the items that do not vary over the rows of some pair.
Measured<ItemMatrix> CorrelationsOf(const CoMoments& moments);

// Covariances over the square roots of their own diagonal: R's cov2cor(). With missing answers the spread of an item
// is that of all its rows, so an entry may lie beyond -+1; without, the same as CorrelationsOf() up to rounding.
// kConstant names the items of variance 0.
Measured<ItemMatrix> ScaledToCorrelations(const ItemMatrix& covariances);

}  // namespace csat

#endif  // CSAT_MEASURE_CO_MOMENTS_H_
