#include "csat/measure/contingency.h"

#include <cmath>
#include <vector>

#include "measure/distribution.h"
#include "measure/exact_difference.h"

namespace csat {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 40, kFarthest = std::int64_t{1} << 31;

}  // namespace

Measured<Independence> TestIndependence(absl::Span<const std::int64_t> counts, int columns) {
  if (columns < 1 || counts.size() % static_cast<std::size_t>(columns) != 0) return Gap::Reason::kInvalid;
  const auto width = static_cast<std::size_t>(columns), rows = counts.size() / width;
  std::vector<std::int64_t> of_row(rows), of_column(width);
  std::int64_t n = 0;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < width; ++c) {
      const std::int64_t count = counts[r * width + c];
      if (count < 0 || count > kMost - n) return Gap::Reason::kInvalid;
      of_row[r] += count;
      of_column[c] += count;
      n += count;
    }
  }
  if (rows < 2 || width < 2) return Gap::Reason::kTooFew;
  Gap empty{Gap::Reason::kEmpty, {}};
  for (std::size_t r = 0; r < rows; ++r) {
    if (of_row[r] == 0) empty.items.push_back(static_cast<int>(r));
  }
  for (std::size_t c = 0; c < width; ++c) {
    if (of_column[c] == 0) empty.items.push_back(static_cast<int>(rows + c));
  }
  if (!empty.items.empty()) return empty;

  Independence result;
  double chi_square = 0;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < width; ++c) {
      // n times the expected count, and times its distance from the count.
      const auto expected = Nearest(absl::int128(of_row[r]) * of_column[c]);
      const double distance = ExactDifference(counts[r * width + c], n, of_row[r], of_column[c]);
      chi_square += distance * (distance / (expected * static_cast<double>(n)));
      const double whole = expected / static_cast<double>(n);
      if ((r == 0 && c == 0) || whole < result.least_expected) result.least_expected = whole;
    }
  }
  const double df = static_cast<double>(rows - 1) * static_cast<double>(width - 1);
  const Tail tail = UpperChiSquare(chi_square, df);
  result.test = {chi_square, df, tail.p, tail.log10_p};
  const double smaller = static_cast<double>((rows < width ? rows : width) - 1);
  result.cramers_v = std::fmin(1, std::sqrt(chi_square / (static_cast<double>(n) * smaller)));
  return result;
}

Measured<TestResult> TestTrend(absl::Span<const Proportion> groups, absl::Span<const std::int64_t> scores) {
  if (!scores.empty() && scores.size() != groups.size()) return Gap::Reason::kInvalid;
  if (groups.size() < 2) return Gap::Reason::kTooFew;
  absl::int128 n = 0, hits = 0, of_scores = 0, of_squares = 0, of_hits = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Proportion& group = groups[i];
    const std::int64_t score = scores.empty() ? static_cast<std::int64_t>(i) : scores[i];
    if (group.count < 0 || group.count > group.n || group.n > kMost || score > kFarthest ||
        score < -kFarthest) {
      return Gap{Gap::Reason::kInvalid, {static_cast<int>(i)}};
    }
    n += group.n;
    hits += group.count;
    of_scores += absl::int128(group.n) * score;
    of_squares += absl::int128(group.n) * score * score;
    of_hits += absl::int128(group.count) * score;
  }
  if (n == 0) return Gap::Reason::kEmpty;
  // With T = sum of score * (count - n_i p): n T, and n^3 Var(T) = hits * misses * (n sum n_i s^2 - (sum n_i s)^2).
  const double spread = ExactDifference(n, of_squares, of_scores, of_scores);
  const auto of_shares = Nearest(hits) * Nearest(n - hits);
  if (spread == 0 || of_shares == 0) return Gap::Reason::kConstant;
  const double trend = ExactDifference(n, of_hits, hits, of_scores);
  const double z = trend / std::sqrt(of_shares * (spread / Nearest(n)));
  const Tail tail = TwoSidedNormal(z);
  return TestResult{z, 0, tail.p, tail.log10_p};
}

}  // namespace csat
