#ifndef CSAT_POLICY_FINDINGS_H_
#define CSAT_POLICY_FINDINGS_H_

#include <string>
#include <utility>
#include <vector>

#include "csat/policy/diagnostic.h"
#include "csat/policy/limits.h"
#include "policy/places.h"
#include "policy/report.h"

namespace csat::policy {

// Collects what the checker finds about one document, each finding with the place that its path has in the text;
// no more than kMaxDiagnostics, and then a note.
class Findings {
 public:
  using Words = Diagnostic::Words;

  Findings(const Places& places, std::vector<Diagnostic>* out) : places_(places), out_(out) {}

  void Error(std::string code, std::string path, Words message, Words remedy = {}, std::string witness = {}) {
    ++errors_;
    Add(Diagnostic::Severity::kError, std::move(code), std::move(path), std::move(message), std::move(remedy),
        std::move(witness));
  }
  void Warning(std::string code, std::string path, Words message, Words remedy = {},
               std::string witness = {}) {
    Add(Diagnostic::Severity::kWarning, std::move(code), std::move(path), std::move(message),
        std::move(remedy), std::move(witness));
  }
  size_t errors() const { return errors_; }
  // No further finding will be kept: whoever takes trouble over one may stop.
  bool full() const { return count_ > kMaxDiagnostics; }

 private:
  void Add(Diagnostic::Severity severity, std::string code, std::string path, Words message, Words remedy,
           std::string witness) {
    if (count_ > kMaxDiagnostics) return;
    if (++count_ > kMaxDiagnostics) {
      const std::string limit = std::to_string(kMaxDiagnostics);
      out_->push_back(
          {Diagnostic::Severity::kNote,
           "more-findings",
           "",
           0,
           0,
           {"checking stopped after " + limit + " findings", "发现 " + limit + " 处问题后停止检查"},
           {},
           ""});
      return;
    }
    const LineColumn place = places_.Find(path);
    out_->push_back({severity, std::move(code), std::move(path), place.line, place.column, std::move(message),
                     std::move(remedy), std::move(witness)});
  }

  const Places& places_;
  std::vector<Diagnostic>* out_;
  size_t errors_ = 0, count_ = 0;
};

// Paths of fields and list items below `path`.
inline std::string At(std::string path, std::string_view key) {
  AppendKey(key, &path);
  return path;
}
inline std::string At(std::string path, std::string_view key, int index) {
  AppendKey(key, &path);
  AppendIndex(static_cast<size_t>(index), &path);
  return path;
}

}  // namespace csat::policy

#endif  // CSAT_POLICY_FINDINGS_H_
