#ifndef CSAT_POLICY_REPORT_H_
#define CSAT_POLICY_REPORT_H_

#include <string>
#include <string_view>
#include <vector>

#include "csat/model/foreign_text.h"
#include "csat/policy/diagnostic.h"
#include "csat/policy/limits.h"

namespace csat::policy {

struct LineColumn {
  int line = 0;  // 1-based; 0: not known
  int column = 0;
};

// Adds ".key" to a field path ("key" to an empty one), or ["key"] if the key is not [A-Za-z0-9_-]+, escaped as JSON has
// it and so that a screen acts on nothing in it.
void AppendKey(std::string_view key, std::string* path);

// The first character of `text` that Quoted() does not show as it stands, as "U+001B": a screen acts on it, or does not
// show it. Empty: none. `text` is UTF-8.
std::string FirstUnseen(std::string_view text);

// Adds "[index]".
void AppendIndex(size_t index, std::string* path);

// The candidate most like `word` (same letters but for case, '_' and '-', or few slips of the pen); empty if
// none is near.
std::string_view Nearest(std::string_view word, const std::vector<std::string_view>& candidates);

// Collects the errors of one document, no more than kMaxDiagnostics of them and then a note.
class Report {
 public:
  explicit Report(std::vector<Diagnostic>* out) : out_(out) {}

  void Error(std::string_view code, std::string_view path, LineColumn place, Diagnostic::Words message,
             Diagnostic::Words remedy = {});

  size_t errors() const { return errors_; }
  // No further error will be kept: whoever looks for them may stop.
  bool full() const { return errors_ > kMaxDiagnostics; }

 private:
  std::vector<Diagnostic>* out_;
  size_t errors_ = 0;
};

}  // namespace csat::policy

#endif  // CSAT_POLICY_REPORT_H_
