#include "csat_c/buffer.h"

#include "buffer_handle.h"
#include "guard.h"

void csat_buffer_free(csat_buffer* buffer) { csat::capi::FreeHandle(buffer); }

csat_string_view csat_buffer_view(const csat_buffer* buffer) {
  return csat::capi::AccessText(buffer, [](const std::string& text) -> std::string_view { return text; });
}
