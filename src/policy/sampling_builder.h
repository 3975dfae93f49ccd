// Tested by tests/survey/sampling_plan_test.cc.
#ifndef CSAT_POLICY_SAMPLING_BUILDER_H_
#define CSAT_POLICY_SAMPLING_BUILDER_H_

#include "csat/model/sampling.h"
#include "csat/v1/sampling.pb.h"

namespace csat::policy {

// The plan of the model for one of the schema, in which the checker found no error.
SamplingPlan BuildSampling(const v1::Sampling& sampling);

}  // namespace csat::policy

#endif  // CSAT_POLICY_SAMPLING_BUILDER_H_
