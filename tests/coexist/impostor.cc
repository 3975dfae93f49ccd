// Symbols with the names of those inside libcsat. A host built with -rdynamic exports them; were libcsat's own
// not bound inside it, it would call these and abort.
#include <cstdlib>

extern "C" {
void SHA256_Init() { std::abort(); }
void SHA256_Update() { std::abort(); }
void SHA256_Final() { std::abort(); }
// csat::Policy::Parse(std::string_view, std::vector<csat::Diagnostic>*)
void _ZN4csat6Policy5ParseESt17basic_string_viewIcSt11char_traitsIcEEPSt6vectorINS_10DiagnosticESaIS6_EE() {
  std::abort();
}
// csat::Plan::Evaluate(csat::Record const&, csat::Summary*) const
void _ZNK4csat4Plan8EvaluateERKNS_6RecordEPNS_7SummaryE() { std::abort(); }
// absl::Status::UnrefNonInlined(unsigned long)
void _ZN4absl7debian36Status15UnrefNonInlinedEm() { std::abort(); }
// simdjson::get_active_implementation()
void _ZN8simdjson25get_active_implementationEv() { std::abort(); }
}
