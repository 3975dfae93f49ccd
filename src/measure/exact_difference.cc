#include "measure/exact_difference.h"

#include <array>
#include <cmath>

namespace csat {
namespace {

// 320 bits in two's complement, lowest word first: room for the difference of two 255-bit products.
using Words = std::array<std::uint64_t, 5>;

absl::uint128 Magnitude(absl::int128 x) {
  return x < 0 ? -static_cast<absl::uint128>(x) : static_cast<absl::uint128>(x);
}

Words Negated(Words words) {
  std::uint64_t carry = 1;
  for (std::uint64_t& word : words) {
    word = ~word + carry;
    carry = carry != 0 && word == 0 ? 1 : 0;
  }
  return words;
}

Words Product(absl::int128 x, absl::int128 y) {
  const absl::uint128 a = Magnitude(x), b = Magnitude(y);
  const std::uint64_t left[2] = {absl::Uint128Low64(a), absl::Uint128High64(a)};
  const std::uint64_t right[2] = {absl::Uint128Low64(b), absl::Uint128High64(b)};
  Words words{};
  for (std::size_t i = 0; i < 2; ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < 2; ++j) {
      const absl::uint128 sum = absl::uint128(left[i]) * right[j] + words[i + j] + carry;
      words[i + j] = absl::Uint128Low64(sum);
      carry = absl::Uint128High64(sum);
    }
    words[i + 2] = carry;
  }
  return (x < 0) != (y < 0) ? Negated(words) : words;
}

double NearestOfMagnitude(absl::uint128 x) {
  const std::uint64_t high = absl::Uint128High64(x);
  if (high == 0) return static_cast<double>(absl::Uint128Low64(x));
  // The leading 64 bits, the lowest of them set for anything below: they round as the whole would.
  int length = 0;
  while (length < 64 && high >> length != 0) ++length;
  const absl::uint128 leading = x >> length;
  const bool more = (leading << length) != x;
  return std::ldexp(static_cast<double>(absl::Uint128Low64(leading) | (more ? 1 : 0)), length);
}

}  // namespace

double NearestOfWide(absl::int128 x) {
  const double magnitude = NearestOfMagnitude(Magnitude(x));
  return x < 0 ? -magnitude : magnitude;
}

double WideDifference(absl::int128 a, absl::int128 b, absl::int128 c, absl::int128 d) {
  Words words = Product(a, b);
  const Words taken = Negated(Product(c, d));
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const absl::uint128 sum = absl::uint128(words[i]) + taken[i] + carry;
    words[i] = absl::Uint128Low64(sum);
    carry = absl::Uint128High64(sum);
  }
  const bool negative = words.back() >> 63 != 0;
  if (negative) words = Negated(words);

  int top = static_cast<int>(words.size()) - 1;
  while (top > 0 && words[static_cast<std::size_t>(top)] == 0) --top;
  // The leading 128 bits, the lowest of them set for anything below: enough to round as the whole would be.
  absl::uint128 leading = words[static_cast<std::size_t>(top)];
  int exponent = 64 * top;
  if (top > 0) {
    leading = leading << 64 | words[static_cast<std::size_t>(top - 1)];
    exponent -= 64;
    for (int i = 0; i < top - 1; ++i) {
      if (words[static_cast<std::size_t>(i)] != 0) leading |= 1;
    }
  }
  const double magnitude = std::ldexp(NearestOfMagnitude(leading), exponent);
  return negative ? -magnitude : magnitude;
}

}  // namespace csat
