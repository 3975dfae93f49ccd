#ifndef CSAT_POLICY_MESSAGE_WALK_H_
#define CSAT_POLICY_MESSAGE_WALK_H_

#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "policy/report.h"
#include "policy/special_messages.h"

namespace csat::policy {

// Calls visit(message, path) for `message` and every message inside it that a document writes as an object, outer
// before inner, fields in the order of the schema. `path` is the place of `message` in the document. Map entries
// are not visited. Messages nest at most kMaxNesting deep, so the recursion is bounded.
template <typename Visit>
void WalkMessages(const google::protobuf::Message& message, std::string* path, Visit&& visit) {
  const google::protobuf::Descriptor* type = message.GetDescriptor();
  if (IsDecimal(type) || IsValue(type) || IsList(type)) return;
  visit(message, *path);
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = message.GetDescriptor()->field(i);
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE || field->is_map()) continue;
    const size_t outer = path->size();
    if (field->is_repeated()) {
      const int count = reflection.FieldSize(message, field);
      if (count == 0) continue;
      AppendKey({field->name().data(), field->name().size()}, path);
      const size_t list = path->size();
      for (int at = 0; at < count; ++at) {
        AppendIndex(static_cast<size_t>(at), path);
        WalkMessages(reflection.GetRepeatedMessage(message, field, at), path, visit);
        path->resize(list);
      }
    } else if (reflection.HasField(message, field)) {
      AppendKey({field->name().data(), field->name().size()}, path);
      WalkMessages(reflection.GetMessage(message, field), path, visit);
    }
    path->resize(outer);
  }
}

}  // namespace csat::policy

#endif  // CSAT_POLICY_MESSAGE_WALK_H_
