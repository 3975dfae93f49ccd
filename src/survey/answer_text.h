// Texts as answers.
#ifndef CSAT_SRC_SURVEY_ANSWER_TEXT_H_
#define CSAT_SRC_SURVEY_ANSWER_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "csat/model/foreign_text.h"

namespace csat::survey {

// Characters of a text; nullopt: it is no UTF-8.
inline std::optional<std::int64_t> Characters(std::string_view text) {
  std::int64_t count = 0;
  for (; !text.empty(); ++count) {
    const std::size_t length = Utf8Length(text);
    if (length == 0) return std::nullopt;
    text.remove_prefix(length);
  }
  return count;
}

// Spaces, tabs and line ends alone, the ideographic space among them.
inline bool IsBlank(std::string_view text) {
  constexpr std::string_view kWide = "\u3000";
  while (!text.empty()) {
    if (text.substr(0, kWide.size()) == kWide) {
      text.remove_prefix(kWide.size());
    } else if (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r')) {
      text.remove_prefix(1);
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace csat::survey

#endif  // CSAT_SRC_SURVEY_ANSWER_TEXT_H_
