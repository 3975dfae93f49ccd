#ifndef CSAT_CAPI_DIAGNOSTIC_HANDLE_H_
#define CSAT_CAPI_DIAGNOSTIC_HANDLE_H_

#include <vector>

#include "csat/policy/diagnostic.h"
#include "csat_c/diagnostic.h"
#include "handles.h"

struct csat_diagnostics
    : csat::capi::Handle<std::vector<csat::Diagnostic>, csat::capi::HandleTag::kDiagnostics> {
  using Handle::Handle;
};

#endif  // CSAT_CAPI_DIAGNOSTIC_HANDLE_H_
