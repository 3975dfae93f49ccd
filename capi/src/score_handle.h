#ifndef CSAT_CAPI_SCORE_HANDLE_H_
#define CSAT_CAPI_SCORE_HANDLE_H_

#include "csat/scoring/plan.h"
#include "csat/scoring/score.h"
#include "csat_c/score.h"
#include "handles.h"

namespace csat::capi {

// The ids of a score are borrowed from its plan.
struct ScoreContent {
  csat::Plan plan;
  csat::Score score;
};

}  // namespace csat::capi

struct csat_score : csat::capi::Handle<csat::capi::ScoreContent, csat::capi::HandleTag::kScore> {
  using Handle::Handle;
};

#endif  // CSAT_CAPI_SCORE_HANDLE_H_
