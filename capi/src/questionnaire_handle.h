#ifndef CSAT_CAPI_QUESTIONNAIRE_HANDLE_H_
#define CSAT_CAPI_QUESTIONNAIRE_HANDLE_H_

#include "csat/model/questionnaire.h"
#include "csat/policy/policy.h"
#include "csat_c/questionnaire.h"
#include "handles.h"

namespace csat::capi {

struct QuestionnaireContent {
  Policy policy;
  const Questionnaire* questionnaire;  // Of the policy.
};

}  // namespace csat::capi

struct csat_questionnaire
    : csat::capi::Handle<csat::capi::QuestionnaireContent, csat::capi::HandleTag::kQuestionnaire> {
  using Handle::Handle;
};

#endif  // CSAT_CAPI_QUESTIONNAIRE_HANDLE_H_
