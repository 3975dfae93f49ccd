// Exact decimal numbers. Nothing that decides a score, a grade or a target is a binary float: a value
// becomes a Decimal once, and from there on all arithmetic is on integers.
#ifndef CSAT_MODEL_DECIMAL_H_
#define CSAT_MODEL_DECIMAL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/numeric/int128.h"

namespace csat {

// Quotient of integers rounded to the nearest integer, ties to the even one. `divisor` must not be 0.
inline absl::int128 DivideHalfEven(absl::int128 dividend, absl::int128 divisor) {
  if (divisor < 0) {
    dividend = -dividend;
    divisor = -divisor;
  }
  const std::int64_t small_dividend = static_cast<std::int64_t>(dividend),
                     small_divisor = static_cast<std::int64_t>(divisor);
  if (dividend == small_dividend && divisor == small_divisor) {
    std::int64_t quotient = small_dividend / small_divisor, rest = small_dividend % small_divisor;
    if (rest < 0) {
      rest += small_divisor;
      --quotient;
    }
    const std::int64_t left = small_divisor - rest;
    return quotient + (rest > left || (rest == left && quotient % 2 != 0) ? 1 : 0);
  }
  absl::int128 quotient = dividend / divisor, rest = dividend % divisor;
  if (rest < 0) {
    rest += divisor;
    quotient -= 1;
  }
  const absl::int128 twice = rest * 2;
  if (twice > divisor || (twice == divisor && quotient % 2 != 0)) quotient += 1;
  return quotient;
}

// Quotient of integers rounded to the nearest integer, ties away from zero: what a reader doing it by hand
// gets. `divisor` must be above 0.
inline absl::int128 DivideHalfUp(absl::int128 dividend, absl::int128 divisor) {
  const absl::int128 magnitude = dividend < 0 ? -dividend : dividend;
  const absl::int128 rounded = (magnitude * 2 + divisor) / (divisor * 2);
  return dividend < 0 ? -rounded : rounded;
}

// A decimal number with six places: `micros()` millionths. A value; comparisons and sums are exact.
class Decimal {
 public:
  static constexpr int kPlaces = 6;
  static constexpr std::int64_t kOne = 1'000'000;

  constexpr Decimal() = default;
  static constexpr Decimal FromMicros(std::int64_t micros) { return Decimal(micros); }
  // `whole` within +-9.2e12.
  static constexpr Decimal FromInteger(std::int64_t whole) { return Decimal(whole * kOne); }
  // Reads a literal such as "75.5", "-3", "1e2". nullopt: not a number, more than six places that are not
  // zero, or beyond the range of int64 millionths.
  static std::optional<Decimal> Parse(std::string_view literal);

  constexpr std::int64_t micros() const { return micros_; }
  // Shortest literal: "75.5", "0", "-0.000001".
  std::string ToString() const;
  // Exactly `places` places (0..6), half up: 88.459211 at 2 is "88.46".
  std::string ToString(int places) const;
  // The nearest double.
  constexpr double ToDouble() const { return static_cast<double>(micros_) / 1e6; }

  friend constexpr bool operator==(Decimal a, Decimal b) { return a.micros_ == b.micros_; }
  friend constexpr bool operator!=(Decimal a, Decimal b) { return a.micros_ != b.micros_; }
  friend constexpr bool operator<(Decimal a, Decimal b) { return a.micros_ < b.micros_; }
  friend constexpr bool operator<=(Decimal a, Decimal b) { return a.micros_ <= b.micros_; }
  friend constexpr bool operator>(Decimal a, Decimal b) { return a.micros_ > b.micros_; }
  friend constexpr bool operator>=(Decimal a, Decimal b) { return a.micros_ >= b.micros_; }
  friend constexpr Decimal operator+(Decimal a, Decimal b) { return Decimal(a.micros_ + b.micros_); }
  friend constexpr Decimal operator-(Decimal a, Decimal b) { return Decimal(a.micros_ - b.micros_); }
  friend constexpr Decimal operator-(Decimal a) { return Decimal(-a.micros_); }

 private:
  explicit constexpr Decimal(std::int64_t micros) : micros_(micros) {}
  std::int64_t micros_ = 0;
};

// Score points are decimals with six places; 75.5 is 75.5.
using Points = Decimal;

// A quotient of integers that is never rounded until it is shown. The denominator is above 0; not reduced.
class Ratio {
 public:
  // nullopt: `denominator` is not above 0.
  static std::optional<Ratio> Create(absl::int128 numerator, absl::int128 denominator) {
    if (denominator <= 0) return std::nullopt;
    return Ratio(numerator, denominator);
  }
  absl::int128 numerator() const { return numerator_; }
  absl::int128 denominator() const { return denominator_; }

  // Half-even at the sixth place.
  Decimal ToDecimal() const {
    return Decimal::FromMicros(
        static_cast<std::int64_t>(DivideHalfEven(numerator_ * Decimal::kOne, denominator_)));
  }
  // Exactly `places` places (0..9) of `times` * this, half up: 7/16 times 100 at 1 is "43.8".
  std::string ToString(int places, int times = 1) const;

  // Exact comparison with a decimal: -1, 0, 1.
  int Compare(Decimal other) const {
    const absl::int128 left = numerator_ * Decimal::kOne;
    const absl::int128 right = absl::int128(other.micros()) * denominator_;
    return left < right ? -1 : left > right ? 1 : 0;
  }

 private:
  Ratio(absl::int128 numerator, absl::int128 denominator)
      : numerator_(numerator), denominator_(denominator) {}
  absl::int128 numerator_, denominator_;
};

}  // namespace csat

#endif  // CSAT_MODEL_DECIMAL_H_
