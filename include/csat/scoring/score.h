// Scores: what came out, and the ledger that explains it line by line.
#ifndef CSAT_SCORING_SCORE_H_
#define CSAT_SCORING_SCORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "csat/model/decimal.h"
#include "csat/model/predicate.h"
#include "csat/model/target_status.h"

namespace csat {

// kVetoed: a veto fired, whether or not it changed the score.
enum class Outcome : std::int8_t { kScored, kVetoed, kInsufficient, kRefused };
// "scored", "vetoed", "insufficient", "refused".
std::string_view OutcomeName(Outcome outcome);

// A result without its explanation. Plain data.
struct Summary {
  Outcome outcome = Outcome::kRefused;
  // Index into Plan::grades(); -1: none.
  std::int16_t grade = -1;
  // Index into Plan::reasons(); 0: none. What decided the result other than its points: in this order the
  // refusal, the first veto that fired, the first cap that bound, the best grade condition that failed.
  std::int16_t reason = 0;
  // A base was found: false for refused and insufficient results, and for a veto that decided although
  // figures were missing.
  bool has_base = false;
  // Meaningful for kScored and kVetoed; 0 otherwise.
  Points score;
  // Weighted mean before bonus, caps and vetoes; with has_base only.
  Points base;
  // What the score would be if no veto of this scorecard had fired; those of scorecards that feed it stay. 0
  // where there would be none. With has_base only.
  Points without_veto;
};

// One line of a ledger. Lines of depth 0 sum to the published score, with no tolerance; lines of depth d + 1
// that follow a line sum to that line's points. What a gate or a veto took from a group's points is a line of
// its own below the group, kCap or kVeto with the id of the group. Where one part decides (MIN, MAX), the
// first that does gives all.
struct LedgerLine {
  enum class Kind : std::int8_t { kIndicator, kRounding, kBonus, kBonusCap, kCap, kScale, kVeto };
  // How an indicator's figure was found. kVeto: kGiven, or what its missing rule made of an unknown condition.
  enum class Basis : std::int8_t { kGiven, kWorst, kLeftOut, kLastKnown, kVetoed, kRefused, kInsufficient };
  Kind kind = Kind::kIndicator;
  Basis basis = Basis::kGiven;
  std::int8_t depth = 0;
  bool gated = false;       // The gate capped the points.
  bool binding = true;      // kVeto, kCap: it changed the score, or kept it from being given.
  bool has_value = false;   // `value` is set.
  std::int16_t level = -1;  // Index into Plan::levels(indicator); -1: none.
  // Id of the indicator, bonus source, cap or veto; "" for rounding and scale. Borrowed from the plan.
  std::string_view id;
  // The raw figure, half-even at the sixth place (events: after aggregation; too few of them: what they
  // gave).
  Decimal value;
  // Points on the indicator's own scale, and that scale's maximum.
  Points points, max_points;
  // Weight among its siblings, and the sum of those that have points: the share is weight / weight_sum. 0 / 0
  // where it has none.
  Decimal weight, weight_sum;
  // What the line adds to the score (depth 0) or to its parent's points.
  Points amount;
};

// A reason code: points of the score lost on one indicator against its maximum (PMML 4.4 Scorecard,
// reasonCodeAlgorithm pointsBelow with the maximum as baseline): what the line would add at its maximum, less
// what it adds. Only of a weighted mean.
struct Reason {
  std::string_view id;
  Points lost;
};

struct TargetResult {
  std::string_view id;
  TargetStatus status = TargetStatus::kNotMeasurable;
  // The figure as shown by V6 (percentages with one place, scores with two, half up); "" where there is none.
  std::string shown;
  // Figure minus target, half-even at the sixth place.
  std::optional<Decimal> gap;
};

// A metric's own figure in a record.
struct MetricResult {
  std::string_view id;
  bool measurable = false;
  Decimal value;
  std::string shown;
};

// A result with its whole explanation.
struct Score {
  Summary summary;
  // What kept the result from being scored, in one line; "" otherwise.
  std::string refusal;
  std::vector<LedgerLine> ledger;
  // Lost points by top-level indicator, most first; ties in policy order. Only indicators that lost any.
  std::vector<Reason> reasons;
  // Ids of the vetoes that fired, in policy order, binding or not.
  std::vector<std::string_view> vetoes;
  // Ids of the grade bands whose score was reached and whose condition failed.
  std::vector<std::string_view> failed_conditions;
  std::string_view profile;
  std::string_view grade;
};

}  // namespace csat

#endif  // CSAT_SCORING_SCORE_H_
