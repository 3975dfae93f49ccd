// Texts that come from outside: whether they are UTF-8, and how a message shows them.
#ifndef CSAT_MODEL_FOREIGN_TEXT_H_
#define CSAT_MODEL_FOREIGN_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace csat {

// Bytes of the UTF-8 character that `text` begins with (Unicode 15, table 3-7: no overlong form, no surrogate,
// nothing beyond U+10FFFF); 0 where there is none.
constexpr std::size_t Utf8Length(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto trails = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned lead = byte(0), second = byte(1);
  if (lead < 0x80) return text.empty() ? 0 : 1;
  if (lead < 0xC2 || lead > 0xF4 || !trails(1)) return 0;
  if (lead < 0xE0) return 2;
  if (!trails(2)) return 0;
  if (lead < 0xF0) return (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ? 0 : 3;
  if (!trails(3) || (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
  return 4;
}

// `text` as a message may show it: in one line, always UTF-8, cut to `most` bytes of it with "..." behind.
// Backslashes are doubled; control characters, the line separators U+2028 and U+2029 and what turns the direction of
// writing stand as \n, \u001b, \u202e; a byte that is no UTF-8 stands as \xff.
std::string OneLine(std::string_view text, std::size_t most = 64);

// The same in single quotes.
std::string Quoted(std::string_view text, std::size_t most = 64);

}  // namespace csat

#endif  // CSAT_MODEL_FOREIGN_TEXT_H_
