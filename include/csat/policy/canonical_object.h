// Flat JSON objects in canonical form, and digests of them: what records are told apart and chained by.
#ifndef CSAT_POLICY_CANONICAL_OBJECT_H_
#define CSAT_POLICY_CANONICAL_OBJECT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "csat/model/decimal.h"

namespace csat {

// SHA-256 (FIPS 180-4) of `bytes` in 64 lower-case hexadecimal digits.
std::string Sha256Hex(std::string_view bytes);

// Writes an object in the form of RFC 8785. The members have to be added in the rising order of their names,
// which are plain ASCII.
class CanonicalObject {
 public:
  void Text(std::string_view name, std::string_view value);
  void Number(std::string_view name, Decimal value);
  // As text: integers beyond 2^53 are not numbers for every reader of JSON.
  void Integer(std::string_view name, std::int64_t value) { Text(name, std::to_string(value)); }
  std::string Close() const { return out_ + "}"; }

 private:
  void Name(std::string_view name);
  std::string out_ = "{";
};

}  // namespace csat

#endif  // CSAT_POLICY_CANONICAL_OBJECT_H_
