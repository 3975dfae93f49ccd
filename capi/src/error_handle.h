#ifndef CSAT_CAPI_ERROR_HANDLE_H_
#define CSAT_CAPI_ERROR_HANDLE_H_

#include <string>

#include "csat_c/error.h"
#include "handles.h"

namespace csat::capi {

struct ErrorContent {
  csat_status code;
  std::string message;
  std::string path;
  int line;
  int column;
};

// The error that was set aside for when no memory is left; it is never freed.
bool IsOutOfMemoryError(const csat_error* error);

}  // namespace csat::capi

struct csat_error : csat::capi::Handle<csat::capi::ErrorContent, csat::capi::HandleTag::kError> {
  using Handle::Handle;
};

#endif  // CSAT_CAPI_ERROR_HANDLE_H_
