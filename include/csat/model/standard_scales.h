// Scales that most questionnaires use. A policy may define its own instead, with its own words.
#ifndef CSAT_MODEL_STANDARD_SCALES_H_
#define CSAT_MODEL_STANDARD_SCALES_H_

#include <optional>

#include "csat/model/scale.h"

namespace csat {

// "likert5": 1 very dissatisfied to 5 very satisfied, 1 非常不满意 to 5 非常满意. Also knows the words in which other
// documents say the same (较满意, 很不满意) and their traditional characters.
Scale Likert5();
// "star5": 1 to 5 stars.
Scale Star5();
// "recommend10": willingness to recommend, 0 not at all to 10 extremely likely (P0-11).
Scale Recommend10();

enum class Recommender { kDetractor, kPassive, kPromoter };
// 0 to 6, 7 and 8, 9 and 10; nullopt: off the scale.
constexpr std::optional<Recommender> RecommenderOf(int rank) {
  if (rank < 0 || rank > 10) return std::nullopt;
  return rank >= 9 ? Recommender::kPromoter : rank >= 7 ? Recommender::kPassive : Recommender::kDetractor;
}

}  // namespace csat

#endif  // CSAT_MODEL_STANDARD_SCALES_H_
