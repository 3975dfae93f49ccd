#include "policy/json_text.h"

#include <algorithm>
#include <limits>

#include "csat/policy/limits.h"

namespace csat::policy {
namespace {

// |value| * 10^places of a literal, with its sign apart. Saturates exponents far beyond what could fit.
NumberFault ReadMagnitude(std::string_view literal, int places, bool* negative, uint64_t* magnitude) {
  constexpr int64_t kFarExponent = int64_t{1} << 40;
  *negative = false;
  *magnitude = 0;
  size_t i = 0;
  if (i < literal.size() && literal[i] == '-') {
    *negative = true;
    ++i;
  }
  // So far the literal is digits * 10^zeros, in units of its last place.
  uint64_t digits = 0;  // the significant digits so far, as long as they fit
  bool overflow = false;
  int64_t exponent = places;  // of the last digit in `digits`
  int64_t zeros = 0;          // zeros read after it, not yet in `digits`
  bool in_fraction = false;
  for (; i < literal.size() && literal[i] != 'e' && literal[i] != 'E'; ++i) {
    const char c = literal[i];
    if (c == '.') {
      in_fraction = true;
      continue;
    }
    if (in_fraction) --exponent;
    if (c == '0') {
      if (digits != 0) ++zeros;
      continue;
    }
    const uint64_t digit = static_cast<uint64_t>(c - '0');
    for (int64_t k = 0; k <= zeros && !overflow; ++k) {
      const uint64_t add = k == zeros ? digit : 0;
      if (digits > (std::numeric_limits<uint64_t>::max() - add) / 10) overflow = true;
      if (!overflow) digits = digits * 10 + add;
    }
    zeros = 0;
  }
  exponent += zeros;
  if (digits == 0) return NumberFault::kNone;
  if (i < literal.size()) {
    ++i;
    const bool down = i < literal.size() && literal[i] == '-';
    if (i < literal.size() && (literal[i] == '-' || literal[i] == '+')) ++i;
    int64_t written = 0;
    for (; i < literal.size(); ++i) written = std::min(kFarExponent, written * 10 + (literal[i] - '0'));
    exponent += down ? -written : written;
  }
  // The last digit in `digits` is not zero, so that a negative exponent leaves a fraction.
  if (exponent < 0) return NumberFault::kTooPrecise;
  if (overflow || exponent > 19) return NumberFault::kOutOfRange;
  for (; exponent > 0; --exponent) {
    if (digits > std::numeric_limits<uint64_t>::max() / 10) return NumberFault::kOutOfRange;
    digits *= 10;
  }
  *magnitude = digits;
  return NumberFault::kNone;
}

// A UTF-8 byte mapped so that comparing bytes is comparing UTF-16: code points above U+FFFF (lead bytes
// F0..F4) are surrogates there and sort before U+E000..U+FFFF (lead bytes EE, EF).
unsigned Utf16Rank(char c) {
  const unsigned byte = static_cast<unsigned char>(c);
  if (byte >= 0xF0) return byte - 2;
  if (byte >= 0xEE) return byte + 8;
  return byte;
}

}  // namespace

void AppendJsonEscaped(std::string_view text, std::string* out) {
  constexpr char kHex[] = "0123456789abcdef";
  for (char c : text) {
    switch (c) {
      case '"': out->append("\\\""); break;
      case '\\': out->append("\\\\"); break;
      case '\b': out->append("\\b"); break;
      case '\f': out->append("\\f"); break;
      case '\n': out->append("\\n"); break;
      case '\r': out->append("\\r"); break;
      case '\t': out->append("\\t"); break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out->append("\\u00");
          *out += kHex[static_cast<unsigned char>(c) >> 4];
          *out += kHex[static_cast<unsigned char>(c) & 15];
        } else {
          *out += c;
        }
    }
  }
}

void AppendDecimal(int64_t micros, std::string* out) {
  constexpr uint64_t kOne = 1000000;
  const uint64_t magnitude =
      micros < 0 ? uint64_t{0} - static_cast<uint64_t>(micros) : static_cast<uint64_t>(micros);
  if (micros < 0) *out += '-';
  out->append(std::to_string(magnitude / kOne));
  uint64_t fraction = magnitude % kOne;
  if (fraction == 0) return;
  *out += '.';
  for (uint64_t place = kOne / 10; fraction != 0; place /= 10) {
    *out += static_cast<char>('0' + fraction / place);
    fraction %= place;
  }
}

NumberFault ReadScaled(std::string_view literal, int places, int64_t* scaled) {
  constexpr uint64_t kMax = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  bool negative;
  uint64_t magnitude;
  const NumberFault fault = ReadMagnitude(literal, places, &negative, &magnitude);
  if (fault != NumberFault::kNone) return fault;
  if (magnitude > kMax + (negative ? 1 : 0)) return NumberFault::kOutOfRange;
  *scaled = static_cast<int64_t>(negative ? uint64_t{0} - magnitude : magnitude);
  return NumberFault::kNone;
}

NumberFault ReadUnsigned(std::string_view literal, uint64_t* value) {
  bool negative;
  const NumberFault fault = ReadMagnitude(literal, 0, &negative, value);
  if (fault != NumberFault::kNone) return fault;
  return negative && *value != 0 ? NumberFault::kOutOfRange : NumberFault::kNone;
}

bool Utf16Less(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](char x, char y) { return Utf16Rank(x) < Utf16Rank(y); });
}

}  // namespace csat::policy
