#ifndef CSAT_POLICY_REGION_H_
#define CSAT_POLICY_REGION_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "csat/model/decimal.h"
#include "csat/model/metric.h"

namespace csat::policy {

// A place on the number line, in half millionths: an even one is the decimal position / 2,000,000 itself, an odd
// one stands for all numbers strictly between its two neighbours. So open and closed intervals are both ranges of
// integers, and what holds for every position holds for every number.
using Position = std::int64_t;

inline constexpr Position kLowest = -8'000'000'000'000'000'000;
inline constexpr Position kHighest = -kLowest;

inline Position PositionOf(std::int64_t micros) { return std::clamp(micros, kLowest / 2, kHighest / 2) * 2; }

// The comparison that holds where `op` does not.
constexpr ComparisonOp Opposite(ComparisonOp op) {
  switch (op) {
    case ComparisonOp::kLess: return ComparisonOp::kGreaterOrEqual;
    case ComparisonOp::kLessOrEqual: return ComparisonOp::kGreater;
    case ComparisonOp::kEqual: return ComparisonOp::kNotEqual;
    case ComparisonOp::kNotEqual: return ComparisonOp::kEqual;
    case ComparisonOp::kGreaterOrEqual: return ComparisonOp::kLess;
    case ComparisonOp::kGreater: return ComparisonOp::kLessOrEqual;
  }
  return op;
}

// The numbers that a figure can be: those of [low, high], and if `grid` is above 0 only its multiples.
struct Region {
  Position low = kLowest;
  Position high = kHighest;
  Position grid = 0;

  static Region Of(std::optional<std::int64_t> min, std::optional<std::int64_t> max,
                   std::int64_t grid_micros = 0) {
    Region region;
    if (min.has_value()) region.low = PositionOf(*min);
    if (max.has_value()) region.high = PositionOf(*max);
    region.grid = grid_micros * 2;
    return region.Settled();
  }
  bool empty() const { return low > high; }
  bool single() const { return low == high; }

  // The part of it for which `figure op value` holds; kNotEqual only where that is one interval, or all of it.
  Region Where(ComparisonOp op, std::int64_t micros) const {
    const Position at = PositionOf(micros);
    Region part = *this;
    switch (op) {
      case ComparisonOp::kLess: part.high = std::min(high, at - 1); break;
      case ComparisonOp::kLessOrEqual: part.high = std::min(high, at); break;
      case ComparisonOp::kEqual:
        part.low = std::max(low, at);
        part.high = std::min(high, at);
        break;
      case ComparisonOp::kNotEqual:
        if (low == at) part.low = at + 1;
        if (high == at) part.high = at - 1;
        break;
      case ComparisonOp::kGreaterOrEqual: part.low = std::max(low, at); break;
      case ComparisonOp::kGreater: part.low = std::max(low, at + 1); break;
    }
    return part.Settled();
  }

  // Bounds moved inwards to the grid.
  Region Settled() const {
    Region settled = *this;
    if (grid > 0) {
      if (low > kLowest) settled.low = low + Rest(-low);
      if (high < kHighest) settled.high = high - Rest(high);
    }
    return settled;
  }

  // A number of the region, the simplest at hand: its lowest, else its highest, else 0.
  Decimal Example() const {
    const Position at = low > kLowest ? low : high < kHighest ? high : 0;
    if (at % 2 == 0) return Decimal::FromMicros(at / 2);
    // Open at that end: the middle, or one away from the end.
    if (low > kLowest && high < kHighest) return Decimal::FromMicros(low / 4 + high / 4);
    return Decimal::FromMicros((low > kLowest ? low + 1 : high - 1) / 2 +
                               (low > kLowest ? Decimal::kOne : -Decimal::kOne));
  }

 private:
  Position Rest(Position position) const { return ((position % grid) + grid) % grid; }
};

// "[1, 5]", "[0, )" and so on, for messages.
inline std::string ToText(const Region& region) {
  const auto bound = [](Position at) { return Decimal::FromMicros(at / 2).ToString(); };
  return (region.low > kLowest ? "[" + bound(region.low) : std::string("(")) + ", " +
         (region.high < kHighest ? bound(region.high) + "]" : std::string(")"));
}

}  // namespace csat::policy

#endif  // CSAT_POLICY_REGION_H_
