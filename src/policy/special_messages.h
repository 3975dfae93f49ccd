#ifndef CSAT_POLICY_SPECIAL_MESSAGES_H_
#define CSAT_POLICY_SPECIAL_MESSAGES_H_

#include "google/protobuf/descriptor.h"

// The messages of csat.v1 that are not JSON objects.
namespace csat::policy {

// csat.v1.Decimal: a JSON number.
inline bool IsDecimal(const google::protobuf::Descriptor* type) {
  return type->full_name() == "csat.v1.Decimal";
}

// csat.v1.Value: a JSON scalar, array or null.
inline bool IsValue(const google::protobuf::Descriptor* type) { return type->full_name() == "csat.v1.Value"; }

}  // namespace csat::policy

#endif  // CSAT_POLICY_SPECIAL_MESSAGES_H_
