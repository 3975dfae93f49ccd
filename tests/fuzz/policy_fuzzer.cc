// Any bytes as a policy file: an error or a policy whose canonical form is read back as the same policy.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/policy/diagnostic.h"
#include "csat/policy/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<csat::Diagnostic> diagnostics;
  const absl::StatusOr<csat::Policy> policy =
      csat::Policy::Parse(std::string_view(reinterpret_cast<const char*>(data), size), &diagnostics);
  if (!policy.ok()) return 0;
  const absl::StatusOr<csat::Policy> again = csat::Policy::Parse(policy->canonical_json());
  if (!again.ok() || again->digest() != policy->digest()) std::abort();
  return 0;
}
