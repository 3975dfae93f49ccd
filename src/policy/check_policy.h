#ifndef CSAT_POLICY_CHECK_POLICY_H_
#define CSAT_POLICY_CHECK_POLICY_H_

#include <vector>

#include "csat/policy/diagnostic.h"
#include "csat/v1/policy.pb.h"
#include "policy/places.h"

namespace csat::policy {

// Adds the findings on a document that was read: what cannot be scored or contradicts itself is an error, what
// scores but is hardly meant is a warning. Linear in the document but for sorting.
void CheckPolicy(const v1::Policy& message, const Places& places, std::vector<Diagnostic>* findings);

}  // namespace csat::policy

#endif  // CSAT_POLICY_CHECK_POLICY_H_
