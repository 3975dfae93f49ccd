#ifndef CSAT_CAPI_SCORE_JSON_H_
#define CSAT_CAPI_SCORE_JSON_H_

#include <string>

#include "csat/scoring/plan.h"
#include "csat/scoring/score.h"

namespace csat::capi {

// The score with its ledger and where it came from, as csat_score_to_json() documents it.
std::string ScoreToJson(const csat::Plan& plan, const csat::Score& score);

}  // namespace csat::capi

#endif  // CSAT_CAPI_SCORE_JSON_H_
