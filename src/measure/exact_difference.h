// 128-bit integers, and differences of two of their products, as the nearest double: rounded once, ties to even. (What
// Abseil makes of an int128 depends on the compiler: with GCC it is rounded twice.)
#ifndef CSAT_SRC_MEASURE_EXACT_DIFFERENCE_H_
#define CSAT_SRC_MEASURE_EXACT_DIFFERENCE_H_

#include <cstdint>
#include <optional>

#include "absl/numeric/int128.h"

namespace csat {

// The nearest double.
double NearestOfWide(absl::int128 x);
inline double Nearest(absl::int128 x) {
  const auto low = static_cast<std::int64_t>(x);
  return low == x ? static_cast<double>(low) : NearestOfWide(x);
}

// a * b - c * d where it can be had in 127 bits without a doubt.
inline std::optional<absl::int128> SmallDifference(absl::int128 a, absl::int128 b, absl::int128 c,
                                                   absl::int128 d) {
  constexpr std::int64_t kMost = std::int64_t{1} << 62;
  const auto small = [](absl::int128 x) { return x < kMost && x > -kMost; };
  if (small(a) && small(b) && small(c) && small(d)) return a * b - c * d;
  return std::nullopt;
}

// a * b - c * d of any 128-bit integers, as the nearest double, ties to even; 0 only where it is 0.
double WideDifference(absl::int128 a, absl::int128 b, absl::int128 c, absl::int128 d);
inline double ExactDifference(absl::int128 a, absl::int128 b, absl::int128 c, absl::int128 d) {
  const std::optional<absl::int128> small = SmallDifference(a, b, c, d);
  return small.has_value() ? Nearest(*small) : WideDifference(a, b, c, d);
}

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_EXACT_DIFFERENCE_H_
