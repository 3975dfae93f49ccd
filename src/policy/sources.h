#ifndef CSAT_POLICY_SOURCES_H_
#define CSAT_POLICY_SOURCES_H_

#include <string>
#include <vector>

#include "csat/policy/policy.h"
#include "csat/v1/policy.pb.h"

namespace csat::policy {

// Where the rules of a policy come from.
struct Sources {
  // In the order of the schema's fields.
  std::vector<AssumedValue> assumed_values;
  // Sorted, each once.
  std::vector<std::string> clauses;
};

// Gathers every Source of the document, and the clauses of its cases. Linear in the document.
Sources CollectSources(const v1::Policy& message);

}  // namespace csat::policy

#endif  // CSAT_POLICY_SOURCES_H_
