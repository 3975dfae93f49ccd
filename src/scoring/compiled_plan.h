// The compiled form of a scorecard: slots for fields, integers for weights and lines, children before parents.
// Built by compile.cc, run by evaluate.cc and, in columns, by batch.cc.
#ifndef CSAT_SRC_SCORING_COMPILED_PLAN_H_
#define CSAT_SRC_SCORING_COMPILED_PLAN_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "csat/policy/policy.h"
#include "csat/scoring/record.h"
#include "csat/scoring/score.h"

namespace csat {

struct CompiledMetric {
  enum class Kind : std::uint8_t { kNumber, kRatio, kEvents, kText };
  struct Term {
    int slot;
    std::int64_t times;
  };
  const Metric* metric = nullptr;
  Kind kind = Kind::kNumber;
  int slot = -1;  // The finished figure, the events or the word; -1: a ratio without a finished form.
  // A raw double x is read as rint(x * unit) ticks; unit = 10^decimal_places.
  std::int64_t unit = 1;
  bool integer = false;  // Only whole numbers are answers.
  // Inclusive range in ticks (open ends are the limits of int64).
  std::int64_t min_ticks, max_ticks;
  std::vector<std::int64_t> missing_ticks;
  // kRatio: times_numerator / times_denominator * (sum of numerator terms) / (sum of denominator terms).
  // A sum of terms counts 1 / 1,000,000 * common: `times` of the terms are divided by what they have in common.
  std::vector<Term> numerator, denominator;
  std::int64_t common = Decimal::kOne;
  std::int64_t times_numerator = 1, times_denominator = 1;
  bool may_exceed_whole = false;
  Aggregate aggregate;  // kEvents.
};

struct CompiledPredicate {
  Predicate::Kind kind = Predicate::Kind::kAll;
  std::vector<CompiledPredicate> of;
  int metric = -1;  // Index into CompiledPlan::metrics.
  ComparisonOp op = ComparisonOp::kEqual;
  Decimal value;
  std::string text;
};

// points(n / d) = (slope * n + offset * d) / (divisor * d), half-even, for figures n / d at or above `from`
// (millionths) and below the next segment's.
struct Segment {
  std::int64_t from;
  absl::int128 slope, offset, divisor;
};

// The same for figures t in ticks of a number metric, in 64 bits: points(t) = (slope * t + offset) / divisor,
// half-even, for t at or above `from`.
struct TickSegment {
  std::int64_t from, slope, offset, divisor;
};

// Lines and bands share one form: a band is a line of slope 0, and what lies below the first segment or, for
// lines, above the last one is level.
struct CompiledFunction {
  enum class Kind : std::uint8_t { kSegments, kSteps, kLookup };
  Kind kind = Kind::kSegments;
  Points below;  // kSegments: points below the first segment.
  std::vector<Segment> segments;
  // Not empty: every figure of the metric can be scored in 64 bits.
  std::vector<TickSegment> tick_segments;
  // kSteps.
  Points full, loss, floor;
  std::int64_t limit = 0, step = 1;  // Millionths.
  std::int64_t tick_limit = 0,
               tick_step = 0;  // Ticks of a number metric; a step of 0: not to be had in 64 bits.
  bool started = false, beneath = false;
  std::vector<Lookup::Entry> entries;  // kLookup.
};

// The children of an indicator or of a scorecard.
//   points = (sum of weight * factor * child points) / (divisor * sum of weights), half-even.
struct CompiledGroup {
  Combine combine = Combine::kWeightedMean;
  std::vector<int> children;  // Indices into CompiledCard::indicators.
  // factor[i] / divisor = max points of the group / max points of child i.
  std::vector<std::int64_t> factor;
  std::int64_t divisor = 1;
  // weights[profile][i], reduced to integers without a common divisor; one row where there are no profiles.
  std::vector<std::vector<std::int64_t>> weights;
  // The same as declared, for ledgers.
  std::vector<std::vector<Decimal>> declared;
};

// Weights as integers without a common divisor, in the same proportions.
std::vector<std::int64_t> WholeWeights(const std::vector<Decimal>& declared);

struct CompiledBands {
  std::int64_t rounding = 1;  // Millionths to which the score is rounded half up first; 1: exact.
  struct Band {
    Points from;
    int condition = -1;  // Index into CompiledCard::predicates.
    std::int16_t reason = 0;
  };
  std::vector<Band> bands;  // Best first.
};

struct CompiledIndicator {
  const Indicator* indicator = nullptr;
  int depth = 0;
  enum class Kind : std::uint8_t { kMetric, kScorecard, kGroup };
  Kind kind = Kind::kMetric;
  int metric = -1;  // Index into CompiledPlan::metrics.
  int card = -1;    // Index into CompiledPlan::cards.
  CompiledFunction function;
  bool each = false;
  CompiledGroup group;
  int gate = -1;  // Index into CompiledCard::predicates.
  CompiledBands levels;
  std::vector<int> vetoes;  // Of scope indicator, indices into CompiledCard::vetoes.
  int last_slot = -1, age_slot = -1;
  std::int16_t missing_reason = 0;
};

struct CompiledVeto {
  const Veto* veto = nullptr;
  int when = -1;       // Index into CompiledCard::predicates.
  int indicator = -1;  // Scope indicator.
  std::int16_t reason = 0, unknown_reason = 0;
};

struct CompiledBonusSource {
  const Bonus::Source* source = nullptr;
  int metric = -1, excluding = -1;
};

struct CompiledCap {
  const Cap* cap = nullptr;
  int when = -1;
  std::int16_t reason = 0;
};

struct CompiledCard {
  const Scorecard* card = nullptr;
  std::vector<CompiledIndicator> indicators;  // Children before parents.
  CompiledGroup root;
  std::vector<CompiledPredicate> predicates;
  int profile_metric = -1;
  int default_profile = -1;
  std::vector<CompiledBonusSource> bonus;
  std::vector<CompiledCap> caps;
  std::vector<CompiledVeto> vetoes;
  CompiledBands grading;
  int min_answers_metric = -1;
  std::int16_t min_answers_reason = 0, profile_reason = 0;
  // Metrics that only conditions of gates, levels and grades read; that only bonuses and caps read.
  std::vector<int> read_by_conditions, read_after_base;
};

struct CompiledTarget {
  const Target* target = nullptr;
  int metric = -1;
};

struct CompiledPlan {
  explicit CompiledPlan(Policy p) : policy(std::move(p)) {}
  Policy policy;
  std::vector<Field> fields;
  std::map<std::string, int, std::less<>> slots;
  std::vector<CompiledMetric> metrics;  // In the order of the policy.
  std::vector<CompiledCard> cards;      // Cards that feed others first; the last one is the plan's own.
  std::vector<CompiledTarget> targets;
  std::vector<std::string> grades, reasons;
  std::map<std::string, std::vector<std::string>, std::less<>> levels;

  const CompiledCard& own() const { return cards.back(); }
};

}  // namespace csat

#endif  // CSAT_SRC_SCORING_COMPILED_PLAN_H_
