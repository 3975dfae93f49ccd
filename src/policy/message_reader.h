#ifndef CSAT_POLICY_MESSAGE_READER_H_
#define CSAT_POLICY_MESSAGE_READER_H_

#include <string_view>
#include <vector>

#include "csat/policy/diagnostic.h"
#include "google/protobuf/message.h"
#include "policy/places.h"

namespace csat::policy {

// Reads a JSON document into a proto3 message, by reflection, strictly. True if the whole document was read;
// otherwise `message` is empty and `diagnostics` has an error for each fault found (the places of a fault in
// the syntax, of as many as kMaxDiagnostics in the content). `diagnostics` is added to. `places`, if wanted,
// is filled as soon as the syntax is sound.
//
// The mapping:
//   keys         the proto field names as written in the .proto (snake_case), no other spelling; unknown or
//                duplicate keys are errors
//   message      object; two members of one oneof are an error; {} sets the field
//   repeated     array
//   map          object (string keys only)
//   enum         the value's name as a string; X_UNSPECIFIED is not written: leave the key out
//   integers     number of integral value in range, in any spelling (1e1 is 10)
//   bool         true or false
//   string       string without U+0000
//   null         an error, but for csat.v1.Value
//   csat.v1.Decimal   number with at most six decimal places, taken exactly from its literal
//   csat.v1.Value     number, string, true, false, array of Values, or null for missing
// Fields of type float, double and bytes, groups and extensions have no place in the schema.
bool ReadMessage(std::string_view json, google::protobuf::Message* message,
                 std::vector<Diagnostic>* diagnostics, Places* places = nullptr);

// Builds all that reflection over the messages of a file, and of those it imports, needs, to be called when the library is loaded: Protobuf
// does it on first use, and an allocation that fails in there breaks it for good. True.
bool BuildSchema(const google::protobuf::FileDescriptor* file);

}  // namespace csat::policy

#endif  // CSAT_POLICY_MESSAGE_READER_H_
