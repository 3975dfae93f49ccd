#include "csat/measure/multiple_tests.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace csat {
namespace {

// Positions in ascending order of p; equal ones in the order given, which changes no figure.
Measured<std::vector<std::size_t>> Ascending(absl::Span<const double> p) {
  Gap invalid{Gap::Reason::kInvalid, {}};
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (!(p[i] >= 0 && p[i] <= 1)) invalid.items.push_back(static_cast<int>(i));
  }
  if (!invalid.items.empty()) return invalid;
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [p](std::size_t i, std::size_t j) { return p[i] < p[j]; });
  return order;
}

}  // namespace

Measured<std::vector<double>> HolmAdjusted(absl::Span<const double> p) {
  const Measured<std::vector<std::size_t>> order = Ascending(p);
  if (!order.has_value()) return order.gap();
  std::vector<double> adjusted(p.size());
  double most = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    most = std::max(most, std::min(1.0, static_cast<double>(p.size() - i) * p[(*order)[i]]));
    adjusted[(*order)[i]] = most;
  }
  return adjusted;
}

Measured<std::vector<double>> BenjaminiHochbergAdjusted(absl::Span<const double> p) {
  const Measured<std::vector<std::size_t>> order = Ascending(p);
  if (!order.has_value()) return order.gap();
  std::vector<double> adjusted(p.size());
  double least = 1;
  for (std::size_t i = p.size(); i-- > 0;) {
    const double of_rank = static_cast<double>(p.size()) / static_cast<double>(i + 1) * p[(*order)[i]];
    least = std::min(least, of_rank);
    adjusted[(*order)[i]] = least;
  }
  return adjusted;
}

}  // namespace csat
