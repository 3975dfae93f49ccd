#ifndef CSAT_CAPI_POLICY_SCHEMA_H_
#define CSAT_CAPI_POLICY_SCHEMA_H_

#include <string_view>

namespace csat::capi {

// include/csat/v1/policy.schema.json.
std::string_view PolicySchema();

}  // namespace csat::capi

#endif  // CSAT_CAPI_POLICY_SCHEMA_H_
