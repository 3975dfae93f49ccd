// A score in words, for the person who was scored.
#ifndef CSAT_SCORING_WORDS_H_
#define CSAT_SCORING_WORDS_H_

#include <string>
#include <string_view>

#include "csat/scoring/plan.h"

namespace csat {

// The result and its ledger as text of several lines, each ending in a newline. `language` is "en" or "zh";
// any other reads English. Points are shown exactly, so the lines can be added up by hand.
std::string InWords(const Plan& plan, const Score& score, std::string_view language);

}  // namespace csat

#endif  // CSAT_SCORING_WORDS_H_
