#include "csat/policy/diagnostic.h"

#include <algorithm>
#include <tuple>

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
  if (!diagnostic.witness.empty()) line.append(zh ? "；例如 " : "; for example ").append(diagnostic.witness);
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
