#ifndef CSAT_CAPI_AGGREGATES_HANDLE_H_
#define CSAT_CAPI_AGGREGATES_HANDLE_H_

#include "csat/measure/aggregates.h"
#include "csat_c/aggregate.h"
#include "handles.h"

struct csat_aggregates : csat::capi::Handle<csat::Aggregates, csat::capi::HandleTag::kAggregates> {
  using Handle::Handle;
};

#endif  // CSAT_CAPI_AGGREGATES_HANDLE_H_
