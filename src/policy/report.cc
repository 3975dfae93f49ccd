#include "policy/report.h"

#include <algorithm>
#include <utility>

#include "policy/json_text.h"

namespace csat::policy {
namespace {

// A longer word is nobody's slip of the pen.
constexpr size_t kMostCompared = 64;

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// Of UTF-8; a byte that is none stands alone.
std::string_view FirstCharacter(std::string_view text) {
  return text.substr(0, std::max<size_t>(1, Utf8Length(text)));
}

std::string LettersOnly(std::string_view word) {
  std::string letters;
  for (char c : word) {
    if (c == '_' || c == '-' || c == ' ') continue;
    letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return letters;
}

// Edits that turn `a` into `b`: insertions, deletions, replacements and swaps of neighbours (optimal string
// alignment distance).
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

void AppendKey(std::string_view key, std::string* path) {
  if (!key.empty() && std::all_of(key.begin(), key.end(), IsPlain)) {
    if (!path->empty()) *path += '.';
    path->append(key);
    return;
  }
  path->append("[\"");
  for (std::string_view rest = key; !rest.empty();) {
    const std::string_view character = FirstCharacter(rest);
    rest.remove_prefix(character.size());
    const std::string unseen = static_cast<unsigned char>(character[0]) < 0x20 ? "" : FirstUnseen(character);
    if (unseen.empty()) {
      AppendJsonEscaped(character, path);
    } else {
      path->append("\\u").append(unseen, 2);
    }
  }
  path->append("\"]");
}

std::string FirstUnseen(std::string_view text) {
  while (!text.empty()) {
    const std::string_view character = FirstCharacter(text);
    text.remove_prefix(character.size());
    if (character == "\\" || Quoted(character).size() == character.size() + 2) continue;
    // U+0000 to U+001F, U+007F to U+009F and some above U+2000: one to three bytes.
    const auto bits = [character](size_t i, unsigned mask) {
      return static_cast<unsigned char>(character[i]) & mask;
    };
    const unsigned code = character.size() == 1   ? bits(0, 0x7F)
                          : character.size() == 2 ? bits(0, 0x1F) << 6 | bits(1, 0x3F)
                                                  : bits(0, 0x0F) << 12 | bits(1, 0x3F) << 6 | bits(2, 0x3F);
    std::string name = "U+";
    for (int shift = 12; shift >= 0; shift -= 4) name += "0123456789ABCDEF"[code >> shift & 15];
    return name;
  }
  return "";
}

void AppendIndex(size_t index, std::string* path) {
  *path += '[';
  path->append(std::to_string(index));
  *path += ']';
}

std::string_view Nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::string_view nearest;
  if (word.size() > kMostCompared) return nearest;
  const std::string letters = LettersOnly(word);
  size_t least = std::max<size_t>(1, letters.size() / 3) + 1;
  for (std::string_view candidate : candidates) {
    const size_t distance = EditDistance(letters, LettersOnly(candidate));
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

void Report::Error(std::string_view code, std::string_view path, LineColumn place, Diagnostic::Words message,
                   Diagnostic::Words remedy) {
  if (full()) return;
  ++errors_;
  Diagnostic diagnostic;
  if (full()) {
    const std::string limit = std::to_string(kMaxDiagnostics);
    diagnostic.severity = Diagnostic::Severity::kNote;
    diagnostic.code = "more-findings";
    diagnostic.message = {"reading stopped after " + limit + " findings",
                          "发现 " + limit + " 处问题后停止读取"};
  } else {
    diagnostic.code = std::string(code);
    diagnostic.path = std::string(path);
    diagnostic.message = std::move(message);
    diagnostic.remedy = std::move(remedy);
  }
  diagnostic.line = place.line;
  diagnostic.column = place.column;
  out_->push_back(std::move(diagnostic));
}

}  // namespace csat::policy
