#ifndef CSAT_CAPI_AGGREGATES_OPTIONS_H_
#define CSAT_CAPI_AGGREGATES_OPTIONS_H_

#include "absl/status/status.h"
#include "csat/measure/aggregates.h"
#include "csat_c/aggregate.h"

namespace csat::capi {

// Reads the caller's options (may be NULL) as far as his struct goes. Threads are for the aggregates to judge.
absl::Status ReadOptions(const csat_aggregates_options* given, csat::Aggregates::AddOptions* out);

}  // namespace csat::capi

#endif  // CSAT_CAPI_AGGREGATES_OPTIONS_H_
