// Grades: names for ranges of a score.
#ifndef CSAT_MODEL_GRADING_H_
#define CSAT_MODEL_GRADING_H_

#include <optional>
#include <string>
#include <vector>

#include "csat/model/decimal.h"
#include "csat/model/label.h"
#include "csat/model/predicate.h"

namespace csat {

struct GradeBand {
  std::string id;
  Label label;
  // Lower bound, inclusive; the next better band's `from` is the upper one, exclusive. The best band is
  // closed at the maximum, the worst one begins at 0.
  Points from;
  // A band whose condition is not true falls to the next lower one.
  std::optional<Predicate> condition;
};

struct Grading {
  // Half up to this many places before comparing; absent: the exact score decides.
  std::optional<int> rounded_places;
  // Best first, `from` strictly falling, the last one 0 and without a condition.
  std::vector<GradeBand> bands;
};

}  // namespace csat

#endif  // CSAT_MODEL_GRADING_H_
