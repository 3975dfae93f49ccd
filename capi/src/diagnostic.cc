#include "csat_c/diagnostic.h"

#include "absl/strings/str_cat.h"
#include "buffer_handle.h"
#include "diagnostic_handle.h"
#include "guard.h"

using csat::Diagnostic;
using csat::capi::Access;
using csat::capi::CheckHandle;
using csat::capi::CheckPointer;
using csat::capi::CheckText;
using csat::capi::FromC;

namespace {

// The header's numbers are those of Diagnostic::Severity.
static_assert(static_cast<int>(Diagnostic::Severity::kError) == CSAT_SEVERITY_ERROR);
static_assert(static_cast<int>(Diagnostic::Severity::kWarning) == CSAT_SEVERITY_WARNING);
static_assert(static_cast<int>(Diagnostic::Severity::kNote) == CSAT_SEVERITY_NOTE);

csat::Language LanguageOf(const char* language, size_t size) {
  return FromC(language, size) == "zh" ? csat::Language::kChinese : csat::Language::kEnglish;
}

template <typename Field>
csat_string_view Text(const csat_diagnostics* diagnostics, size_t index, Field field) {
  return csat::capi::AccessText(diagnostics, [&](const std::vector<Diagnostic>& list) {
    return index < list.size() ? std::string_view(field(list[index])) : std::string_view();
  });
}

template <typename Field>
int32_t Number(const csat_diagnostics* diagnostics, size_t index, int32_t otherwise, Field field) {
  return Access(diagnostics, otherwise, [&](const std::vector<Diagnostic>& list) {
    return index < list.size() ? static_cast<int32_t>(field(list[index])) : otherwise;
  });
}

std::string_view In(const Diagnostic::Words& words, csat::Language language) {
  return language == csat::Language::kChinese ? words.zh : words.en;
}

}  // namespace

void csat_diagnostics_free(csat_diagnostics* diagnostics) { csat::capi::FreeHandle(diagnostics); }

size_t csat_diagnostics_count(const csat_diagnostics* diagnostics) {
  return Access(diagnostics, size_t{0}, [](const std::vector<Diagnostic>& list) { return list.size(); });
}

int32_t csat_diagnostics_severity(const csat_diagnostics* diagnostics, size_t index) {
  return Number(diagnostics, index, -1, [](const Diagnostic& d) { return d.severity; });
}

csat_string_view csat_diagnostics_code(const csat_diagnostics* diagnostics, size_t index) {
  return Text(diagnostics, index, [](const Diagnostic& d) -> const std::string& { return d.code; });
}

csat_string_view csat_diagnostics_path(const csat_diagnostics* diagnostics, size_t index) {
  return Text(diagnostics, index, [](const Diagnostic& d) -> const std::string& { return d.path; });
}

int32_t csat_diagnostics_line(const csat_diagnostics* diagnostics, size_t index) {
  return Number(diagnostics, index, 0, [](const Diagnostic& d) { return d.line; });
}

int32_t csat_diagnostics_column(const csat_diagnostics* diagnostics, size_t index) {
  return Number(diagnostics, index, 0, [](const Diagnostic& d) { return d.column; });
}

csat_string_view csat_diagnostics_message(const csat_diagnostics* diagnostics, size_t index,
                                          const char* language, size_t language_size) {
  return Text(diagnostics, index,
              [&](const Diagnostic& d) { return In(d.message, LanguageOf(language, language_size)); });
}

csat_string_view csat_diagnostics_remedy(const csat_diagnostics* diagnostics, size_t index,
                                         const char* language, size_t language_size) {
  return Text(diagnostics, index,
              [&](const Diagnostic& d) { return In(d.remedy, LanguageOf(language, language_size)); });
}

csat_string_view csat_diagnostics_witness(const csat_diagnostics* diagnostics, size_t index) {
  return Text(diagnostics, index, [](const Diagnostic& d) -> const std::string& { return d.witness; });
}

csat_status csat_diagnostics_line_text(const csat_diagnostics* diagnostics, size_t index,
                                       const char* language, size_t language_size, const char* file,
                                       size_t file_size, csat_buffer** out, csat_error** error) {
  return csat::capi::Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = csat::capi::First(CheckHandle(diagnostics, "diagnostics"),
                                           CheckText(language, language_size, "language"),
                                           CheckText(file, file_size, "file"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    if (index >= diagnostics->rep.size()) {
      return absl::OutOfRangeError(
          absl::StrCat("finding ", index, " lies outside [0, ", diagnostics->rep.size(), ")"));
    }
    *out = csat::capi::MakeHandle<csat_buffer>(
        csat::ToLine(diagnostics->rep[index], LanguageOf(language, language_size), FromC(file, file_size)));
    return absl::OkStatus();
  });
}
