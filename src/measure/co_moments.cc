#include "csat/measure/co_moments.h"

#include <cmath>
#include <utility>

#include "measure/exact_difference.h"

namespace csat {
namespace {

std::optional<Gap> Flaw(const CoMoments& moments) {
  const auto k = static_cast<std::size_t>(moments.items < 0 ? 0 : moments.items);
  const bool complete = moments.units.size() == k && moments.n.size() == k * k &&
                        moments.sum.size() == k * k && moments.square.size() == k * k &&
                        moments.product.size() == k * k;
  if (moments.items < 0 || moments.rows < 0 || !complete) return Gap{Gap::Reason::kInvalid, {}};
  if (k == 0 || moments.rows == 0) return Gap{Gap::Reason::kEmpty, moments.unanswered};
  for (int i = 0; i < moments.items; ++i) {
    if (moments.units[static_cast<std::size_t>(i)] < 1) return Gap{Gap::Reason::kInvalid, {i}};
    for (int j = 0; j <= i; ++j) {
      const std::int64_t n = moments.n[moments.At(i, j)];
      if (n < 0 || n > moments.rows || n != moments.n[moments.At(j, i)]) {
        return Gap{Gap::Reason::kInvalid, j == i ? std::vector<int>{i} : std::vector<int>{j, i}};
      }
    }
  }
  return std::nullopt;
}

// The items that some pair marks, ascending.
class Marked {
 public:
  explicit Marked(int items) : marked_(static_cast<std::size_t>(items)) {}
  void Add(int i) { marked_[static_cast<std::size_t>(i)] = true; }
  bool any() const { return !Items().empty(); }
  std::vector<int> Items() const {
    std::vector<int> items;
    for (std::size_t i = 0; i < marked_.size(); ++i) {
      if (marked_[i]) items.push_back(static_cast<int>(i));
    }
    return items;
  }

 private:
  std::vector<bool> marked_;
};

ItemMatrix Shaped(const CoMoments& moments) {
  ItemMatrix matrix;
  matrix.items = moments.items;
  matrix.rows = moments.rows;
  matrix.least_rows = moments.rows;
  for (const std::int64_t n : moments.n) matrix.least_rows = n < matrix.least_rows ? n : matrix.least_rows;
  matrix.listwise = moments.IsListwise();
  matrix.values.resize(moments.n.size());
  return matrix;
}

// n times the sum of products about the means, of the rows with both.
double Products(const CoMoments& moments, int i, int j) {
  return ExactDifference(moments.n[moments.At(i, j)], moments.product[moments.At(i, j)],
                         moments.sum[moments.At(i, j)], moments.sum[moments.At(j, i)]);
}

// n times the sum of squares of item i about its mean, of the rows with both.
double Squares(const CoMoments& moments, int i, int j) {
  return ExactDifference(moments.n[moments.At(i, j)], moments.square[moments.At(i, j)],
                         moments.sum[moments.At(i, j)], moments.sum[moments.At(i, j)]);
}

std::optional<Gap> TooFew(const CoMoments& moments) {
  Marked unanswered(moments.items), alone(moments.items), few(moments.items);
  for (int i = 0; i < moments.items; ++i) {
    const std::int64_t n = moments.n[moments.At(i, i)];
    if (n == 0) unanswered.Add(i);
    if (n < 2) alone.Add(i);
  }
  // Such an item has too few rows with every other one, too: it is at fault, not they.
  if (unanswered.any()) return Gap{Gap::Reason::kEmpty, unanswered.Items()};
  if (alone.any()) return Gap{Gap::Reason::kTooFew, alone.Items()};
  for (int i = 0; i < moments.items; ++i) {
    for (int j = 0; j <= i; ++j) {
      if (moments.n[moments.At(i, j)] >= 2) continue;
      few.Add(i);
      few.Add(j);
    }
  }
  if (!few.any()) return std::nullopt;
  return Gap{Gap::Reason::kTooFew, few.Items()};
}

}  // namespace

CoMoments CoMoments::Listwise(std::int64_t rows, std::vector<std::int64_t> units,
                              absl::Span<const absl::int128> sums, absl::Span<const absl::int128> products) {
  CoMoments moments;
  const std::size_t k = units.size();
  if (sums.size() != k || products.size() != k * k) return moments;
  moments.items = static_cast<int>(k);
  moments.rows = rows;
  moments.units = std::move(units);
  moments.n.assign(k * k, rows);
  moments.product.assign(products.begin(), products.end());
  moments.sum.resize(k * k);
  moments.square.resize(k * k);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      moments.sum[i * k + j] = sums[i];
      moments.square[i * k + j] = products[i * k + i];
    }
  }
  return moments;
}

CoMoments CoMoments::Turned(const std::vector<bool>& turn, absl::Span<const std::int64_t> about) const {
  CoMoments turned = *this;
  for (int i = 0; i < items; ++i) {
    const bool turn_i = turn[static_cast<std::size_t>(i)];
    const absl::int128 a = about[static_cast<std::size_t>(i)];
    for (int j = 0; j < items; ++j) {
      const std::size_t ij = At(i, j), ji = At(j, i);
      const bool turn_j = turn[static_cast<std::size_t>(j)];
      const absl::int128 b = about[static_cast<std::size_t>(j)], count = n[ij];
      if (turn_i) {
        turned.sum[ij] = a * count - sum[ij];
        turned.square[ij] = a * a * count - 2 * a * sum[ij] + square[ij];
      }
      if (turn_i && turn_j) {
        turned.product[ij] = a * b * count - a * sum[ji] - b * sum[ij] + product[ij];
      } else if (turn_i) {
        turned.product[ij] = a * sum[ji] - product[ij];
      } else if (turn_j) {
        turned.product[ij] = b * sum[ij] - product[ij];
      }
    }
  }
  return turned;
}

bool CoMoments::IsListwise() const {
  for (const std::int64_t one : n) {
    if (one != n.front()) return false;
  }
  return true;
}

Measured<ItemMatrix> CovariancesOf(const CoMoments& moments) {
  const std::optional<Gap> flaw = Flaw(moments), few = flaw.has_value() ? flaw : TooFew(moments);
  if (few.has_value()) return *few;
  ItemMatrix matrix = Shaped(moments);
  for (int i = 0; i < moments.items; ++i) {
    const auto unit = static_cast<double>(moments.units[static_cast<std::size_t>(i)]);
    for (int j = 0; j <= i; ++j) {
      const std::int64_t n = moments.n[moments.At(i, j)];
      const double scale = Nearest(absl::int128(n) * (n - 1)) * unit *
                           static_cast<double>(moments.units[static_cast<std::size_t>(j)]);
      const double covariance = Products(moments, i, j) / scale;
      if (i == j && covariance < 0) return Gap{Gap::Reason::kInvalid, {i}};
      matrix.values[moments.At(i, j)] = covariance;
      matrix.values[moments.At(j, i)] = covariance;
    }
  }
  return matrix;
}

Measured<ItemMatrix> CorrelationsOf(const CoMoments& moments) {
  const std::optional<Gap> flaw = Flaw(moments), few = flaw.has_value() ? flaw : TooFew(moments);
  if (few.has_value()) return *few;
  ItemMatrix matrix = Shaped(moments);
  Marked constant(moments.items);
  for (int i = 0; i < moments.items; ++i) {
    for (int j = 0; j <= i; ++j) {
      const double of_i = Squares(moments, i, j), of_j = Squares(moments, j, i);
      if (of_i < 0) return Gap{Gap::Reason::kInvalid, {i}};
      if (of_j < 0) return Gap{Gap::Reason::kInvalid, {j}};
      if (of_i == 0) constant.Add(i);
      if (of_j == 0) constant.Add(j);
      if (of_i == 0 || of_j == 0) continue;
      // The root of a square is exact: equal items have exactly 1.
      const double r = i == j ? 1 : Products(moments, i, j) / std::sqrt(of_i * of_j);
      const double held = r > 1 ? 1 : r < -1 ? -1 : r;
      matrix.values[moments.At(i, j)] = held;
      matrix.values[moments.At(j, i)] = held;
    }
  }
  if (constant.any()) return Gap{Gap::Reason::kConstant, constant.Items()};
  return matrix;
}

Measured<ItemMatrix> ScaledToCorrelations(const ItemMatrix& covariances) {
  ItemMatrix matrix = covariances;
  Marked constant(covariances.items);
  for (int i = 0; i < covariances.items; ++i) {
    if (!(covariances(i, i) > 0)) constant.Add(i);
  }
  if (constant.any()) return Gap{Gap::Reason::kConstant, constant.Items()};
  for (int i = 0; i < covariances.items; ++i) {
    for (int j = 0; j < covariances.items; ++j) {
      const std::size_t at = static_cast<std::size_t>(i) * static_cast<std::size_t>(covariances.items) +
                             static_cast<std::size_t>(j);
      matrix.values[at] = i == j ? 1 : covariances(i, j) / std::sqrt(covariances(i, i) * covariances(j, j));
    }
  }
  return matrix;
}

}  // namespace csat
