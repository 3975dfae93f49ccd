#include <algorithm>

#include "scoring/evaluate.h"

namespace csat {
namespace {

bool HasPoints(const IndicatorResult& result) { return result.state == IndicatorResult::State::kPoints; }

const IndicatorResult& Child(const CompiledGroup& group, const IndicatorResults& results, std::size_t i) {
  return results[static_cast<std::size_t>(group.children[i])];
}

// Points of child i on the scale of the group, times group.divisor.
absl::int128 Scaled(const CompiledGroup& group, const IndicatorResults& results, std::size_t i) {
  return absl::int128(Child(group, results, i).points.micros()) * group.factor[i];
}

// The sum of the weights of children that have points.
absl::int128 PresentWeight(const CompiledGroup& group, int profile, const IndicatorResults& results) {
  const std::vector<std::int64_t>& weights = group.weights[static_cast<std::size_t>(profile)];
  absl::int128 sum = 0;
  for (std::size_t i = 0; i < group.children.size(); ++i) {
    if (HasPoints(Child(group, results, i))) sum += weights[i];
  }
  return sum;
}

// The first child with the least (kMin) or most points; children.size(): none has points.
std::size_t Chosen(const CompiledGroup& group, const IndicatorResults& results) {
  std::size_t chosen = group.children.size();
  absl::int128 best = 0;
  for (std::size_t i = 0; i < group.children.size(); ++i) {
    if (!HasPoints(Child(group, results, i))) continue;
    const absl::int128 scaled = Scaled(group, results, i);
    if (chosen == group.children.size() || (group.combine == Combine::kMin ? scaled < best : scaled > best)) {
      chosen = i;
      best = scaled;
    }
  }
  return chosen;
}

Points Rounded(absl::int128 dividend, absl::int128 divisor) {
  return Points::FromMicros(static_cast<std::int64_t>(DivideHalfEven(dividend, divisor)));
}

}  // namespace

bool CombinePoints(const CompiledGroup& group, int profile, const IndicatorResults& results, Points* out) {
  if (group.combine != Combine::kWeightedMean) {
    const std::size_t chosen = Chosen(group, results);
    if (chosen == group.children.size()) return false;
    *out = Rounded(Scaled(group, results, chosen), group.divisor);
    return true;
  }
  const std::vector<std::int64_t>& weights = group.weights[static_cast<std::size_t>(profile)];
  absl::int128 sum = 0, weight_sum = 0;
  for (std::size_t i = 0; i < group.children.size(); ++i) {
    if (!HasPoints(Child(group, results, i))) continue;
    sum += Scaled(group, results, i) * weights[i];
    weight_sum += weights[i];
  }
  if (weight_sum == 0) return false;
  *out = Rounded(sum, weight_sum * group.divisor);
  return true;
}

Points Contribution(const CompiledGroup& group, int profile, const IndicatorResults& results, std::size_t i) {
  if (!HasPoints(Child(group, results, i))) return Points();
  if (group.combine != Combine::kWeightedMean) {
    return Chosen(group, results) == i ? Rounded(Scaled(group, results, i), group.divisor) : Points();
  }
  const absl::int128 weight_sum = PresentWeight(group, profile, results);
  if (weight_sum == 0) return Points();
  return Rounded(Scaled(group, results, i) * group.weights[static_cast<std::size_t>(profile)][i],
                 weight_sum * group.divisor);
}

}  // namespace csat
