// Scorecards: how indicators combine into one score, what lifts it, what holds it down, what overrules it.
#ifndef CSAT_MODEL_SCORECARD_H_
#define CSAT_MODEL_SCORECARD_H_

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "csat/model/calendar.h"
#include "csat/model/decimal.h"
#include "csat/model/grading.h"
#include "csat/model/indicator.h"
#include "csat/model/label.h"
#include "csat/model/predicate.h"
#include "csat/model/weight.h"

namespace csat {

// Other top-level weights for a role or a segment.
struct Profile {
  std::string id;
  Label label;
  std::map<std::string, Weight> weights;
};

// Raises the base score: each source is capped, then their sum (P2-45).
struct Bonus {
  enum class Mode { kRelative, kPoints };  // Percent of the base score, or points.
  struct Source {
    std::string id;
    Label label;
    std::string metric;
    Decimal each;
    std::optional<Decimal> cap;
    std::string excluding;  // Metric of the count to leave out; empty: none.
  };
  Mode mode = Mode::kRelative;
  Decimal cap;
  std::vector<Source> sources;
};

// Holds the score down while its condition is true or unknown.
struct Cap {
  std::string id;
  Label label;
  Predicate when;
  Points max_score;
};

// Overrules everything: applied last, so nothing lifts it (P2-44).
struct Veto {
  enum class Scope { kRecord, kIndicator, kSubjectPeriod };
  enum class Effect { kSetTo, kCapAt };
  enum class PeriodOf { kOccurrence, kConfirmation };
  std::string id;
  Label label;
  Predicate when;
  Scope scope = Scope::kRecord;
  std::string indicator;  // kIndicator only.
  Effect effect = Effect::kSetTo;
  Points value;
  // kRefuse, kVeto or kInsufficient.
  MissingRule missing = MissingRule::kVeto;
  std::string incident;  // Code of the incidents that feed it; empty: none.
  PeriodOf period = PeriodOf::kOccurrence;
  bool needs_approval = false;  // Incidents count only with the id of an approval record.
};

struct Scorecard {
  std::string id;
  Label label;
  // Scores run from 0 to this.
  Points max_score;
  Combine combine = Combine::kWeightedMean;
  std::vector<Indicator> indicators;
  std::string profile_metric;  // Empty: no profiles.
  std::vector<Profile> profiles;
  std::string default_profile;  // Empty: a record without a profile is refused.
  std::optional<Bonus> bonus;
  std::vector<Cap> caps;
  std::vector<Veto> vetoes;
  std::optional<Grading> grading;
  std::string min_answers_metric;  // Empty: none.
  Decimal min_answers;
  std::optional<PeriodKind> period;
};

// An aim for a figure.
struct Target {
  std::string id;
  Label label;
  std::string metric, scorecard;  // One of the two.
  ComparisonOp op = ComparisonOp::kGreaterOrEqual;
  std::optional<Decimal> value;  // Absent: the document gives none.
  std::optional<PeriodKind> period;
  std::string set_by;
  bool disabled = false;
};

}  // namespace csat

#endif  // CSAT_MODEL_SCORECARD_H_
