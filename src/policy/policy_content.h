#ifndef CSAT_POLICY_POLICY_CONTENT_H_
#define CSAT_POLICY_POLICY_CONTENT_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "csat/policy/policy.h"

namespace csat {

// What a Policy shares between its copies.
struct Policy::Content {
  std::string id, version, zone;
  std::optional<CalendarDate> effective_from;  // Always set once built.
  Label label;
  std::string digest, canonical_json;
  std::vector<Metric> metrics;
  std::vector<Scorecard> scorecards;
  std::vector<Target> targets;
  std::vector<Measure> measures;
  std::optional<Cleaning> cleaning;
  std::vector<Questionnaire> questionnaires;
  SamplingPlan sampling;
  std::vector<PolicyCase> cases;
  std::vector<AssumedValue> assumed_values;
  std::vector<std::string> clauses;
  std::vector<Diagnostic> diagnostics;
  // Position by id. The keys are the ids of `metrics`, `scorecards` and `measures`.
  std::map<std::string_view, size_t> metric_index, scorecard_index, measure_index;
};

}  // namespace csat

#endif  // CSAT_POLICY_POLICY_CONTENT_H_
