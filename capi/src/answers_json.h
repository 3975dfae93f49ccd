// Answers to a questionnaire as one JSON object, and what is said of them.
#ifndef CSAT_CAPI_ANSWERS_JSON_H_
#define CSAT_CAPI_ANSWERS_JSON_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "csat/model/questionnaire.h"
#include "csat/survey/interview.h"
#include "guard.h"

namespace csat::capi {

// InvalidArgument, with `place`: no such object, a member that is an object or a list of both numbers and texts, a
// number with more than six places or beyond the range of a decimal.
absl::StatusOr<Answers> ReadAnswers(std::string_view json, Place* place);
// Where a field stands in what ReadAnswers() has read.
Place PlaceOfAnswer(std::string_view json, std::string_view field);

// Ids of items as a JSON array.
std::string ItemIds(const Questionnaire& questionnaire, const std::vector<std::size_t>& items);
std::string ToJson(const Questionnaire& questionnaire, const AnswersReport& report);

}  // namespace csat::capi

#endif  // CSAT_CAPI_ANSWERS_JSON_H_
