// Indicators: one thing about a customer's experience that counts towards a score.
#ifndef CSAT_MODEL_INDICATOR_H_
#define CSAT_MODEL_INDICATOR_H_

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "csat/model/decimal.h"
#include "csat/model/grading.h"
#include "csat/model/label.h"
#include "csat/model/metric.h"
#include "csat/model/predicate.h"
#include "csat/model/score_function.h"
#include "csat/model/weight.h"

namespace csat {

enum class MissingRule { kRefuse, kWorst, kVeto, kLeaveOut, kLastKnown, kInsufficient };

// What happens when a figure is not there. There is no rule under which it silently passes.
struct Missing {
  MissingRule rule = MissingRule::kRefuse;
  // kLastKnown: the value of `last_field` if `age_field` (days) is at most `max_age_days`, else `otherwise`.
  std::string last_field, age_field;
  int max_age_days = 0;
  MissingRule otherwise = MissingRule::kRefuse;
};

// Caps an indicator's points unless the condition is true; unknown has failed (P2-47).
struct Gate {
  Predicate when;
  Points cap_points;
};

enum class Combine { kWeightedMean, kMin, kMax };

struct Indicator;

struct FromMetric {
  std::string metric;
};
// The published score of another scorecard on the same record (P2-123).
struct FromScorecard {
  std::string scorecard;
};
struct FromChildren {
  Combine combine = Combine::kWeightedMean;
  std::vector<Indicator> indicators;
};

struct Indicator {
  std::string id;
  Label label;
  std::string group;
  Weight weight;
  // Points run from 0 to this.
  Points max_points;
  std::variant<FromMetric, FromScorecard, FromChildren> form;
  // Metrics only; Direct for scorecards, whose score is carried over in proportion.
  ScoreFunction score;
  // Score each event, then combine the points. Events metrics only; absent: combine, then score.
  std::optional<Aggregate> each;
  Missing missing;
  std::optional<Gate> gate;
  std::optional<Grading> levels;
  std::optional<Decimal> min_answers;
};

}  // namespace csat

#endif  // CSAT_MODEL_INDICATOR_H_
