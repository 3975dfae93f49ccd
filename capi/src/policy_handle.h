#ifndef CSAT_CAPI_POLICY_HANDLE_H_
#define CSAT_CAPI_POLICY_HANDLE_H_

#include <string>

#include "csat/policy/policy.h"
#include "csat_c/policy.h"
#include "handles.h"

namespace csat::capi {

struct PolicyContent {
  csat::Policy policy;
  std::string effective_from;  // "YYYY-MM-DD".
};

}  // namespace csat::capi

struct csat_policy : csat::capi::Handle<csat::capi::PolicyContent, csat::capi::HandleTag::kPolicy> {
  using Handle::Handle;
};

#endif  // CSAT_CAPI_POLICY_HANDLE_H_
