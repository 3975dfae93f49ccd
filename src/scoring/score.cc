#include "csat/scoring/score.h"

namespace csat {

std::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kScored: return "scored";
    case Outcome::kVetoed: return "vetoed";
    case Outcome::kInsufficient: return "insufficient";
    case Outcome::kRefused: return "refused";
  }
  return "";
}

std::string_view TargetStatusName(TargetStatus status) {
  switch (status) {
    case TargetStatus::kMet: return "met";
    case TargetStatus::kMissed: return "missed";
    case TargetStatus::kNotMeasurable: return "not_measurable";
    case TargetStatus::kNoTarget: return "no_target";
  }
  return "";
}

}  // namespace csat
