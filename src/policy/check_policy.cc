#include "policy/check_policy.h"

namespace csat::policy {

void CheckPolicy(const v1::Policy& message, const Places& places, std::vector<Diagnostic>* findings) {}

}  // namespace csat::policy
