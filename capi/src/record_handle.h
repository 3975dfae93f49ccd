#ifndef CSAT_CAPI_RECORD_HANDLE_H_
#define CSAT_CAPI_RECORD_HANDLE_H_

#include "absl/status/status.h"
#include "csat/scoring/owned_record.h"
#include "csat_c/record.h"
#include "handles.h"
#include "plan_handle.h"

struct csat_record : csat::capi::Handle<csat::OwnedRecord, csat::capi::HandleTag::kRecord> {
  using Handle::Handle;
};

namespace csat::capi {

// The record was made for this very plan.
inline bool Belongs(const csat_record* record, const csat_plan* plan) {
  return &record->rep.plan().compiled() == &plan->rep.compiled();
}

// What is wrong with the two: a handle, or that they do not belong together.
absl::Status CheckPair(const csat_plan* plan, const csat_record* record);

}  // namespace csat::capi

#endif  // CSAT_CAPI_RECORD_HANDLE_H_
