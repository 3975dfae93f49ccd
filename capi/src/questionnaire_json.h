// Questionnaires as JSON.
#ifndef CSAT_CAPI_QUESTIONNAIRE_JSON_H_
#define CSAT_CAPI_QUESTIONNAIRE_JSON_H_

#include "csat/model/questionnaire.h"
#include "csat/policy/policy.h"
#include "json_writer.h"

namespace csat::capi {

// As csat_questionnaire_to_json() says.
void WriteQuestionnaire(const Policy& policy, const Questionnaire& questionnaire, JsonWriter* json);

}  // namespace csat::capi

#endif  // CSAT_CAPI_QUESTIONNAIRE_JSON_H_
