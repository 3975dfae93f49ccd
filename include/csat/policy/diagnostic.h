#ifndef CSAT_POLICY_DIAGNOSTIC_H_
#define CSAT_POLICY_DIAGNOSTIC_H_

#include <string>
#include <string_view>
#include <vector>

namespace csat {

enum class Language { kEnglish, kChinese };

// One finding about a policy document. A document with a finding of severity kError is not used.
struct Diagnostic {
  enum class Severity { kError, kWarning, kNote };

  // The same statement in both languages, on one line, without a full stop.
  struct Words {
    std::string en;
    std::string zh;
  };

  Severity severity = Severity::kError;
  // Stable and kebab-case, such as "unknown-key"; programs may compare it.
  std::string code;
  // Place in the document's structure, such as scorecards[0].vetoes[1].when. A key that is not
  // [A-Za-z0-9_-]+ stands as ["key"]. Empty: the document itself.
  std::string path;
  // Place in the document's text, 1-based; the column counts characters (code points). 0: not known.
  int line = 0;
  int column = 0;
  // Names the thing, the value and the limit.
  Words message;
  // What to write instead; may be empty.
  Words remedy;
  // A value that shows the defect, such as 89.5 for a gap between grade bands; may be empty.
  std::string witness;
};

// "policy.json:12:7: error[unknown-key]: scorecards[0].wieght: unknown key 'wieght'; write 'weight'".
// `file` is left out when empty, the place when it is not known.
std::string ToLine(const Diagnostic& diagnostic, Language language, std::string_view file = {});

// Order of the text: by line and column, those without a place last; then errors before warnings before
// notes, then by code and path. Equal findings keep their order.
void SortByPlace(std::vector<Diagnostic>* diagnostics);

bool HasError(const std::vector<Diagnostic>& diagnostics);

}  // namespace csat

#endif  // CSAT_POLICY_DIAGNOSTIC_H_
