// Tested by tests/policy/measures_test.cc.
#ifndef CSAT_POLICY_MEASURE_BUILDER_H_
#define CSAT_POLICY_MEASURE_BUILDER_H_

#include "csat/model/measure.h"
#include "csat/v1/measure.pb.h"

namespace csat::policy {

// The measure of the model for one of the schema, in which the checker found no error.
Measure BuildMeasure(const v1::Measure& measure);

}  // namespace csat::policy

#endif  // CSAT_POLICY_MEASURE_BUILDER_H_
