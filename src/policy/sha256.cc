#include "policy/sha256.h"

// The one-shot functions that OpenSSL 3 recommends pull in its providers, a megabyte of code, when linked
// static.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

namespace csat::policy {

std::string Sha256Hex(std::string_view bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(digest, &context);
  std::string hex;
  for (unsigned char byte : digest) {
    hex += kHex[byte >> 4];
    hex += kHex[byte & 15];
  }
  return hex;
}

}  // namespace csat::policy
