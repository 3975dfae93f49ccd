#include "csat/policy/canonical_object.h"

#include "policy/json_text.h"

// The one-shot functions that OpenSSL 3 recommends pull in its providers, a megabyte of code, when linked
// static.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

namespace csat {

std::string Sha256Hex(std::string_view bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(digest, &context);
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += kHex[byte >> 4];
    hex += kHex[byte & 15];
  }
  return hex;
}

void CanonicalObject::Name(std::string_view name) {
  if (out_.size() > 1) out_ += ',';
  out_ += '"';
  out_ += name;
  out_ += "\":";
}

void CanonicalObject::Text(std::string_view name, std::string_view value) {
  Name(name);
  out_ += '"';
  policy::AppendJsonEscaped(value, &out_);
  out_ += '"';
}

void CanonicalObject::Number(std::string_view name, Decimal value) {
  Name(name);
  policy::AppendDecimal(value.micros(), &out_);
}

}  // namespace csat
