#ifndef CSAT_CAPI_PLAN_HANDLE_H_
#define CSAT_CAPI_PLAN_HANDLE_H_

#include "csat/scoring/plan.h"
#include "csat_c/plan.h"
#include "handles.h"

struct csat_plan : csat::capi::Handle<csat::Plan, csat::capi::HandleTag::kPlan> {
  using Handle::Handle;
};

#endif  // CSAT_CAPI_PLAN_HANDLE_H_
