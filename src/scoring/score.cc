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

}  // namespace csat
