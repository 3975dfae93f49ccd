#ifndef CSAT_POLICY_JSON_SCHEMA_H_
#define CSAT_POLICY_JSON_SCHEMA_H_

#include <string>

#include "google/protobuf/descriptor.h"

namespace csat::policy {

// JSON Schema (draft 2020-12) of the documents that ReadMessage takes for `root`: what an editor needs to
// complete and underline. It accepts every document that the reader accepts; what it cannot say (six decimal
// places, limits in bytes, duplicate keys) the reader still refuses. Descriptions are the comments of the
// .proto, if the descriptor has them (protoc --include_source_info).
std::string JsonSchema(const google::protobuf::Descriptor* root);

}  // namespace csat::policy

#endif  // CSAT_POLICY_JSON_SCHEMA_H_
