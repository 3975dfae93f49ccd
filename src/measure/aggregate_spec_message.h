// The spec of an aggregate as a message: what its bytes carry and its documents say.
#ifndef CSAT_SRC_MEASURE_AGGREGATE_SPEC_MESSAGE_H_
#define CSAT_SRC_MEASURE_AGGREGATE_SPEC_MESSAGE_H_

#include "csat/measure/aggregates.h"
#include "csat/v1/aggregate.pb.h"

namespace csat {

void SpecToMessage(const AggregateSpec& spec, v1::AggregateSpec* out);
AggregateSpec SpecOfMessage(const v1::AggregateSpec& message);

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_AGGREGATE_SPEC_MESSAGE_H_
