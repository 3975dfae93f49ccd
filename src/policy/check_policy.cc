#include "policy/check_policy.h"

#include "policy/check_steps.h"
#include "policy/findings.h"
#include "policy/policy_index.h"

namespace csat::policy {

void CheckPolicy(const v1::Policy& message, const Places& places, std::vector<Diagnostic>* found) {
  Findings findings(places, found);
  CheckStructure(message, &findings);
  CheckTexts(message, &findings);
  if (findings.errors() > 0) return;
  const PolicyIndex index(message);
  const std::optional<std::vector<const v1::Scorecard*>> order = CheckReferences(index, &findings);
  CheckMetrics(index, &findings);
  CheckIndicators(index, &findings);
  CheckComparisons(index, &findings);
  CheckDirections(index, &findings);
  CheckMeasures(index, &findings);
  CheckCleaning(index, &findings);
  CheckSampling(index, &findings);
  CheckQuestionnaires(index, &findings);
  CheckCases(index, &findings);
  if (!order.has_value()) return;
  CardRanges ranges(index, *order);
  CheckScoreFunctions(index, &ranges, &findings);
  CheckGradings(index, &ranges, &findings);
  CheckOverrides(index, &ranges, &findings);
  CheckTargets(index, &ranges, &findings);
}

}  // namespace csat::policy
