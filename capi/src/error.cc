#include "csat_c/error.h"

#include "error_handle.h"
#include "guard.h"

using csat::capi::Access;
using csat::capi::AccessText;

void csat_error_free(csat_error* error) {
  if (!csat::capi::IsOutOfMemoryError(error)) csat::capi::FreeHandle(error);
}

csat_status csat_error_code(const csat_error* error) {
  return Access(error, csat_status{CSAT_OK}, [](const auto& e) { return e.code; });
}

csat_string_view csat_error_message(const csat_error* error) {
  return AccessText(error, [](const auto& e) -> std::string_view { return e.message; });
}

csat_string_view csat_error_path(const csat_error* error) {
  return AccessText(error, [](const auto& e) -> std::string_view { return e.path; });
}

int32_t csat_error_line(const csat_error* error) {
  return Access(error, int32_t{0}, [](const auto& e) { return e.line; });
}

int32_t csat_error_column(const csat_error* error) {
  return Access(error, int32_t{0}, [](const auto& e) { return e.column; });
}
