#ifndef CSAT_POLICY_SPECIAL_MESSAGES_H_
#define CSAT_POLICY_SPECIAL_MESSAGES_H_

#include <string_view>

#include "google/protobuf/descriptor.h"

// What of csat.v1 has a meaning of its own in JSON.
namespace csat::policy {

// csat.v1.Decimal: a JSON number.
inline bool IsDecimal(const google::protobuf::Descriptor* type) {
  return type->full_name() == "csat.v1.Decimal";
}

// csat.v1.Value: a JSON scalar, array or null.
inline bool IsValue(const google::protobuf::Descriptor* type) { return type->full_name() == "csat.v1.Value"; }

// csat.v1.ValueList, csat.v1.Ids: a JSON array of what their field `of` holds.
inline bool IsList(const google::protobuf::Descriptor* type) {
  return type->full_name() == "csat.v1.ValueList" || type->full_name() == "csat.v1.Ids";
}

// The zero value of an enum that stands for a field that is not written.
inline bool IsUnspecified(const google::protobuf::EnumValueDescriptor* value) {
  constexpr std::string_view kEnd = "_UNSPECIFIED";
  const std::string_view name = value->name();
  return value->number() == 0 && name.size() >= kEnd.size() && name.substr(name.size() - kEnd.size()) == kEnd;
}

}  // namespace csat::policy

#endif  // CSAT_POLICY_SPECIAL_MESSAGES_H_
