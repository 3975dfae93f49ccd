#include "csat/model/decimal.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace csat {
namespace {

constexpr std::int64_t kPowerOfTen[] = {1,      10,      100,      1000,      10000,
                                        100000, 1000000, 10000000, 100000000, 1000000000};

// More than any literal has places for an exponent to make up for.
constexpr int kMostExponent = 100'000'000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string Digits(absl::int128 magnitude) {
  std::string reversed;
  do {
    reversed.push_back(static_cast<char>('0' + static_cast<int>(magnitude % 10)));
    magnitude /= 10;
  } while (magnitude != 0);
  return std::string(reversed.rbegin(), reversed.rend());
}

// `scaled` = value * 10^places, as a literal with exactly `places` places.
std::string WithPlaces(absl::int128 scaled, int places) {
  const bool negative = scaled < 0;
  std::string digits = Digits(negative ? -scaled : scaled);
  const std::size_t least = static_cast<std::size_t>(places) + 1;
  if (digits.size() < least) digits.insert(0, least - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - static_cast<std::size_t>(places), 1, '.');
  return negative ? "-" + digits : digits;
}

}  // namespace

std::optional<Decimal> Decimal::Parse(std::string_view s) {
  bool negative = false;
  std::size_t i = 0;
  if (i < s.size() && s[i] == '-') {
    negative = true;
    ++i;
  }
  std::string digits;
  int places = 0;
  const std::size_t whole_from = i;
  for (; i < s.size() && IsDigit(s[i]); ++i) digits.push_back(s[i]);
  if (i == whole_from || (i - whole_from > 1 && s[whole_from] == '0')) return std::nullopt;
  if (i < s.size() && s[i] == '.') {
    const std::size_t from = ++i;
    for (; i < s.size() && IsDigit(s[i]); ++i) {
      digits.push_back(s[i]);
      ++places;
    }
    if (i == from) return std::nullopt;
  }
  int exponent = 0;
  if (i < s.size() && (s[i] == 'e' || s[i] == 'E')) {
    ++i;
    bool down = false;
    if (i < s.size() && (s[i] == '+' || s[i] == '-')) down = s[i++] == '-';
    const std::size_t from = i;
    for (; i < s.size() && IsDigit(s[i]); ++i)
      exponent = std::min(exponent * 10 + (s[i] - '0'), kMostExponent);
    if (i == from) return std::nullopt;
    if (down) exponent = -exponent;
  }
  if (i != s.size()) return std::nullopt;

  // digits * 10^shift millionths
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) return Decimal();
  const std::size_t last = digits.find_last_not_of('0');
  long shift = static_cast<long>(exponent) - places + kPlaces + static_cast<long>(digits.size() - 1 - last);
  digits = digits.substr(first, last - first + 1);
  if (shift < 0 || digits.size() + static_cast<std::size_t>(shift) > 19) return std::nullopt;
  digits.append(static_cast<std::size_t>(shift), '0');
  absl::int128 micros = 0;
  for (char c : digits) micros = micros * 10 + (c - '0');
  if (negative) micros = -micros;
  if (micros > std::numeric_limits<std::int64_t>::max() ||
      micros < std::numeric_limits<std::int64_t>::min()) {
    return std::nullopt;
  }
  return Decimal(static_cast<std::int64_t>(micros));
}

std::string Decimal::ToString() const {
  std::string text = WithPlaces(micros_, kPlaces);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string Decimal::ToString(int places) const {
  places = std::clamp(places, 0, kPlaces);
  return WithPlaces(DivideHalfUp(micros_, kPowerOfTen[kPlaces - places]), places);
}

std::string Ratio::ToString(int places, int times) const {
  places = std::clamp(places, 0, 9);
  return WithPlaces(DivideHalfUp(numerator_ * times * kPowerOfTen[places], denominator_), places);
}

}  // namespace csat
