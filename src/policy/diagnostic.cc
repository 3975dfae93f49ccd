#include "csat/policy/diagnostic.h"

#include <algorithm>
#include <tuple>

#include "csat/model/foreign_text.h"

namespace csat {
namespace {

std::string_view SeverityWord(Diagnostic::Severity severity, Language language) {
  const bool zh = language == Language::kChinese;
  switch (severity) {
    case Diagnostic::Severity::kError: return zh ? "错误" : "error";
    case Diagnostic::Severity::kWarning: return zh ? "警告" : "warning";
    case Diagnostic::Severity::kNote: return zh ? "提示" : "note";
  }
  return "";
}

// Whether `text` holds `word` other than as a part of a longer word or number: a witness that the message already
// names is not said again.
bool Names(std::string_view text, std::string_view word) {
  const auto part = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '.' || c == '-';
  };
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    if ((at == 0 || !part(text[at - 1])) && (end == text.size() || !part(text[end]))) return true;
  }
  return false;
}

}  // namespace

std::string ToLine(const Diagnostic& diagnostic, Language language, std::string_view file) {
  const bool zh = language == Language::kChinese;
  std::string line(file);
  if (diagnostic.line > 0) {
    if (!line.empty()) line += ':';
    line += std::to_string(diagnostic.line) + ':' + std::to_string(diagnostic.column);
  }
  if (!line.empty()) line += ": ";
  line.append(SeverityWord(diagnostic.severity, language)).append("[").append(diagnostic.code).append("]: ");
  if (!diagnostic.path.empty()) line.append(diagnostic.path).append(": ");
  line += zh ? diagnostic.message.zh : diagnostic.message.en;
  const std::string witness = OneLine(diagnostic.witness);
  if (!witness.empty() && !Names(zh ? diagnostic.message.zh : diagnostic.message.en, witness))
    line.append(zh ? "；例如 " : "; for example ").append(witness);
  const std::string& remedy = zh ? diagnostic.remedy.zh : diagnostic.remedy.en;
  if (!remedy.empty()) line.append(zh ? "；" : "; ").append(remedy);
  return line;
}

void SortByPlace(std::vector<Diagnostic>* diagnostics) {
  const auto order = [](const Diagnostic& d) {
    return std::make_tuple(d.line == 0, d.line, d.column, d.severity, std::string_view(d.code),
                           std::string_view(d.path));
  };
  std::stable_sort(diagnostics->begin(), diagnostics->end(),
                   [&order](const Diagnostic& a, const Diagnostic& b) { return order(a) < order(b); });
}

bool HasError(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Diagnostic::Severity::kError; });
}

}  // namespace csat
