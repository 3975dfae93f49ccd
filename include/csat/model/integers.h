// Whole numbers behind decimals and quotients.
#ifndef CSAT_MODEL_INTEGERS_H_
#define CSAT_MODEL_INTEGERS_H_

#include <cstdint>

#include "absl/numeric/int128.h"

namespace csat {

// 10^exponent, 0 to 18.
constexpr std::int64_t PowerOfTen(int exponent) {
  std::int64_t power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

// Not below 0; 0 of two zeros only. Neither is the least int128.
inline absl::int128 GreatestCommonDivisor(absl::int128 a, absl::int128 b) {
  if (a < 0) a = -a;
  if (b < 0) b = -b;
  while (b != 0) {
    const absl::int128 rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

}  // namespace csat

#endif  // CSAT_MODEL_INTEGERS_H_
