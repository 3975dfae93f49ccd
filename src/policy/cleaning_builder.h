// Tested by tests/policy/cleaning_test.cc.
#ifndef CSAT_POLICY_CLEANING_BUILDER_H_
#define CSAT_POLICY_CLEANING_BUILDER_H_

#include "csat/model/cleaning.h"
#include "csat/v1/cleaning.pb.h"

namespace csat::policy {

// The cleaning of the model for one of the schema, in which the checker found no error.
Cleaning BuildCleaning(const v1::Cleaning& cleaning);

}  // namespace csat::policy

#endif  // CSAT_POLICY_CLEANING_BUILDER_H_
