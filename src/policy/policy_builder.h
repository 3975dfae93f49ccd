// Tested by tests/policy/policy_test.cc.
#ifndef CSAT_POLICY_POLICY_BUILDER_H_
#define CSAT_POLICY_POLICY_BUILDER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/policy/policy.h"
#include "csat/v1/policy.pb.h"

namespace csat {

// Turns the message of a policy file into the model.
struct PolicyBuilder {
  // `message` has no errors under policy::CheckPolicy(), whose findings are `findings`. InvalidArgument: it had
  // one after all that a value of the model does not take.
  static absl::StatusOr<Policy> Build(const v1::Policy& message, std::vector<Diagnostic> findings);
};

}  // namespace csat

#endif  // CSAT_POLICY_POLICY_BUILDER_H_
