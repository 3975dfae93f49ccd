#include "csat/model/foreign_text.h"

#include <cstdint>

namespace csat {
namespace {

constexpr char kHex[] = "0123456789abcdef";

// The code point of a character of 1 to 3 bytes; 0x10000 for all others.
std::uint32_t CodePoint(std::string_view character) {
  const auto bits = [&](std::size_t i, unsigned mask) {
    return static_cast<unsigned char>(character[i]) & mask;
  };
  switch (character.size()) {
    case 1: return bits(0, 0x7F);
    case 2: return bits(0, 0x1F) << 6 | bits(1, 0x3F);
    case 3: return bits(0, 0x0F) << 12 | bits(1, 0x3F) << 6 | bits(2, 0x3F);
    default: return 0x10000;
  }
}

// Ends a line, or changes how a terminal or an editor shows what comes after it.
bool IsUnseen(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ||
         (code >= 0x200E && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

std::string OneLine(std::string_view text, std::size_t most) {
  std::string line;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = Utf8Length(text.substr(at));
    if (at + (length == 0 ? 1 : length) > most) break;
    if (length == 0) {
      const unsigned byte = static_cast<unsigned char>(text[at++]);
      line += "\\x";
      line += kHex[byte >> 4];
      line += kHex[byte & 15];
      continue;
    }
    const std::string_view character = text.substr(at, length);
    at += length;
    const std::uint32_t code = CodePoint(character);
    switch (code) {
      case '\\': line += "\\\\"; break;
      case '\b': line += "\\b"; break;
      case '\f': line += "\\f"; break;
      case '\n': line += "\\n"; break;
      case '\r': line += "\\r"; break;
      case '\t': line += "\\t"; break;
      default:
        if (IsUnseen(code)) {
          line += "\\u";
          for (int shift = 12; shift >= 0; shift -= 4) line += kHex[code >> shift & 15];
        } else {
          line += character;
        }
    }
  }
  if (at < text.size()) line += "...";
  return line;
}

std::string Quoted(std::string_view text, std::size_t most) { return "'" + OneLine(text, most) + "'"; }

}  // namespace csat
