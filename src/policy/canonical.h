#ifndef CSAT_POLICY_CANONICAL_H_
#define CSAT_POLICY_CANONICAL_H_

#include <string>
#include <string_view>

#include "google/protobuf/message.h"

namespace csat::policy {

// The one JSON text of a message's content, whatever key order, spacing and number spelling it was read from:
// RFC 8785 (no white space, keys in UTF-16 order, least escapes) of the mapping in message_reader.h. Fields
// that are not set, and fields without presence that hold their default, are left out. One departure: a
// number is its exact decimal, never in exponent form, since a Decimal may have more digits than the double
// that RFC 8785 speaks of; up to 15 digits the two agree.
std::string CanonicalJson(const google::protobuf::Message& message);

// The same content for people: fields in the order of the schema, map keys in UTF-16 order, two spaces a
// level, lists and objects without inner ones on one line where they fit in 100 columns. Ends in a line feed.
std::string PrettyJson(const google::protobuf::Message& message);

// The digest of a policy: SHA-256 of its canonical JSON.
std::string CanonicalDigest(const google::protobuf::Message& message);

}  // namespace csat::policy

#endif  // CSAT_POLICY_CANONICAL_H_
