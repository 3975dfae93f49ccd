// Exact fractions for the reference scorer: slow, always reduced, and aborting where 128 bits do not hold them.
#ifndef CSAT_SCORING_RATIONAL_H_
#define CSAT_SCORING_RATIONAL_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "csat/model/decimal.h"

namespace csat {

class Rational {
 public:
  using Int = __int128;

  Rational() = default;
  Rational(Int numerator, Int denominator) : n_(numerator), d_(denominator) { Reduce(); }
  static Rational Of(Decimal decimal) { return Rational(decimal.micros(), Decimal::kOne); }
  static Rational Whole(Int whole) { return Rational(whole, 1); }

  Int numerator() const { return n_; }
  Int denominator() const { return d_; }

  friend Rational operator+(Rational a, Rational b) {
    const Int g = Gcd(a.d_, b.d_);
    return Rational(Add(Times(a.n_, b.d_ / g), Times(b.n_, a.d_ / g)), Times(a.d_ / g, b.d_));
  }
  friend Rational operator-(Rational a) { return Rational(-a.n_, a.d_); }
  friend Rational operator-(Rational a, Rational b) { return a + -b; }
  friend Rational operator*(Rational a, Rational b) {
    const Rational x(a.n_, b.d_), y(b.n_, a.d_);
    return Rational(Times(x.n_, y.n_), Times(x.d_, y.d_));
  }
  friend Rational operator/(Rational a, Rational b) { return a * Rational(b.d_, b.n_); }

  // The sign of a - b.
  static int Compare(Rational a, Rational b) {
    const Int difference = (a - b).n_;
    return difference < 0 ? -1 : difference > 0 ? 1 : 0;
  }
  friend bool operator<(Rational a, Rational b) { return Compare(a, b) < 0; }
  friend bool operator<=(Rational a, Rational b) { return Compare(a, b) <= 0; }
  friend bool operator==(Rational a, Rational b) { return Compare(a, b) == 0; }

  // The greatest whole number not above this.
  Int Floor() const {
    const Int quotient = n_ / d_;
    return quotient * d_ > n_ ? quotient - 1 : quotient;
  }
  // The least whole number not below this.
  Int Ceiling() const { return -Rational(-n_, d_).Floor(); }
  // The nearest whole number; of two equally near ones the even one.
  Int HalfEven() const {
    const Int floor = Floor();
    const Rational rest = *this - Whole(floor), half(1, 2);
    const int order = Compare(rest, half);
    if (order != 0) return order < 0 ? floor : floor + 1;
    return floor % 2 == 0 ? floor : floor + 1;
  }
  // The nearest whole number; of two equally near ones that farther from 0.
  Int HalfUp() const {
    const Rational magnitude = n_ < 0 ? -*this : *this;
    const Int rounded = (magnitude + Rational(1, 2)).Floor();
    return n_ < 0 ? -rounded : rounded;
  }
  // Half-even at the sixth place.
  Decimal ToDecimal() const {
    const Int micros = (*this * Whole(Decimal::kOne)).HalfEven();
    if (micros != static_cast<std::int64_t>(micros)) Overflow();
    return Decimal::FromMicros(static_cast<std::int64_t>(micros));
  }

 private:
  [[noreturn]] static void Overflow() {
    std::fputs("Rational: 128 bits do not hold this\n", stderr);
    std::abort();
  }
  static Int Times(Int a, Int b) {
    Int out = 0;
    if (__builtin_mul_overflow(a, b, &out)) Overflow();
    return out;
  }
  static Int Add(Int a, Int b) {
    Int out = 0;
    if (__builtin_add_overflow(a, b, &out)) Overflow();
    return out;
  }
  static Int Gcd(Int a, Int b) {
    if (a < 0) a = -a;
    if (b < 0) b = -b;
    while (b != 0) {
      const Int rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }
  void Reduce() {
    if (d_ == 0) Overflow();
    if (d_ < 0) {
      n_ = -n_;
      d_ = -d_;
    }
    const Int g = Gcd(n_, d_);
    n_ /= g;
    d_ /= g;
  }

  Int n_ = 0, d_ = 1;
};

}  // namespace csat

#endif  // CSAT_SCORING_RATIONAL_H_
