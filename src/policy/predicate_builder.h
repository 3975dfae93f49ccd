// Tested by tests/policy/policy_test.cc.
#ifndef CSAT_POLICY_PREDICATE_BUILDER_H_
#define CSAT_POLICY_PREDICATE_BUILDER_H_

#include "csat/model/predicate.h"
#include "csat/v1/condition.pb.h"

namespace csat::policy {

// The condition of the model for one of the schema, in which the checker found no error.
Predicate BuildPredicate(const v1::Predicate& predicate);

}  // namespace csat::policy

#endif  // CSAT_POLICY_PREDICATE_BUILDER_H_
