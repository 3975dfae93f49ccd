// Tested by tests/policy/questionnaire_test.cc.
#ifndef CSAT_POLICY_QUESTIONNAIRE_BUILDER_H_
#define CSAT_POLICY_QUESTIONNAIRE_BUILDER_H_

#include <vector>

#include "csat/model/metric.h"
#include "csat/model/questionnaire.h"
#include "csat/v1/questionnaire.pb.h"
#include "policy/policy_index.h"

namespace csat::policy {

// The questionnaire of the model for one of the schema, in which the checker found no error. `metrics` are those of
// the policy in the order of the document.
Questionnaire BuildQuestionnaire(const v1::Questionnaire& questionnaire, const PolicyIndex& index,
                                 const std::vector<Metric>& metrics);

}  // namespace csat::policy

#endif  // CSAT_POLICY_QUESTIONNAIRE_BUILDER_H_
