#ifndef CSAT_CAPI_MEASURE_PLAN_HANDLE_H_
#define CSAT_CAPI_MEASURE_PLAN_HANDLE_H_

#include "csat/measure/measure_plan.h"
#include "csat_c/measure.h"
#include "handles.h"

struct csat_measure_plan : csat::capi::Handle<csat::MeasurePlan, csat::capi::HandleTag::kMeasurePlan> {
  using Handle::Handle;
};

#endif  // CSAT_CAPI_MEASURE_PLAN_HANDLE_H_
