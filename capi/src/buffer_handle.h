#ifndef CSAT_CAPI_BUFFER_HANDLE_H_
#define CSAT_CAPI_BUFFER_HANDLE_H_

#include <string>

#include "csat_c/buffer.h"
#include "handles.h"

struct csat_buffer : csat::capi::Handle<std::string, csat::capi::HandleTag::kBuffer> {
  using Handle::Handle;
};

#endif  // CSAT_CAPI_BUFFER_HANDLE_H_
