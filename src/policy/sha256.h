#ifndef CSAT_POLICY_SHA256_H_
#define CSAT_POLICY_SHA256_H_

#include <string>
#include <string_view>

namespace csat::policy {

// SHA-256 (FIPS 180-4) of `bytes` in 64 lower-case hexadecimal digits.
std::string Sha256Hex(std::string_view bytes);

}  // namespace csat::policy

#endif  // CSAT_POLICY_SHA256_H_
