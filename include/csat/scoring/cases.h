// Cases: the examples that a policy carries, scored and compared with what they expect.
#ifndef CSAT_SCORING_CASES_H_
#define CSAT_SCORING_CASES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "csat/policy/policy.h"

namespace csat {

struct CaseFailure {
  // Index into Policy::cases().
  std::size_t index = 0;
  // One line that names the case, what was expected and what came out.
  std::string message;
};

// Runs all cases of a policy, each against its own scorecard or, where it names none, against the metrics and
// targets alone. A case can fail in several ways; what a case does not expect is not compared.
std::vector<CaseFailure> RunCases(const Policy& policy);

}  // namespace csat

#endif  // CSAT_SCORING_CASES_H_
