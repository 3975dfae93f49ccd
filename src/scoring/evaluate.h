// The steps of scoring, in their order. Each is a pure function of the compiled card, the record and what the
// steps before it found; evaluate.cc is their list.
#ifndef CSAT_SRC_SCORING_EVALUATE_H_
#define CSAT_SRC_SCORING_EVALUATE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "csat/scoring/score.h"
#include "scoring/compiled_plan.h"
#include "scoring/figure.h"

namespace csat {

// What became of one indicator.
struct IndicatorResult {
  enum class State : std::uint8_t { kPoints, kLeftOut, kRefused, kInsufficient, kVetoed };
  State state = State::kLeftOut;
  LedgerLine::Basis basis = LedgerLine::Basis::kGiven;
  bool gated = false;
  bool has_value = false;
  Points points;
  Decimal value;
};

using IndicatorResults = absl::InlinedVector<IndicatorResult, 16>;

// State of a veto or a cap after its condition was looked at.
struct Firing {
  bool fired = false, unknown = false, binding = false;
};
using Firings = absl::InlinedVector<Firing, 8>;

// What one source adds, after its own cap. `missing`: its count, or the count to leave out, is not there.
struct BonusResult {
  Points points;
  bool missing = false;
};

// The draft of a result, as the steps fill it.
struct Draft {
  int profile = -1;  // Row of CompiledGroup::weights of the root.
  IndicatorResults indicators;
  bool has_base = false;
  Points base;
  Points after_bonus, after_scale, after_caps, score;
  absl::InlinedVector<BonusResult, 8> bonus;
  Points bonus_sum, bonus_total;  // Before and after the cap of the sum, half-even.
  Firings caps, vetoes;
  std::int16_t indicator_veto = -1;  // Indicator whose missing rule vetoed the result.
  Outcome outcome = Outcome::kScored;
  std::int16_t reason = 0;
  std::string refusal;  // Only when explained.
  int grade = -1;

  // As new, but keeps the memory of its lists.
  void Clear() {
    profile = -1;
    indicators.clear();
    has_base = false;
    base = after_bonus = after_scale = after_caps = score = bonus_sum = bonus_total = Points();
    bonus.clear();
    caps.clear();
    vetoes.clear();
    indicator_veto = -1;
    outcome = Outcome::kScored;
    reason = 0;
    refusal.clear();
    grade = -1;
  }
};

// How a card is evaluated: with the words of a refusal or without, with its vetoes or without them, and with
// the points of one indicator of the own card given instead of found.
struct Mode {
  bool explain = false;
  bool vetoes = true;
  int given = -1;
  Points given_points;
  // By veto of the card: not 0 where another record of the same subject and period fired it. May be null.
  const std::uint8_t* imposed = nullptr;
};

// profile.cc: the row of weights for the record; a record without a profile where there is no default is refused.
absl::Status ChooseProfile(const CompiledPlan& plan, const CompiledCard& card, const Record& record,
                           Mode mode, Draft* draft);

// indicators.cc: points of every indicator: figure, score function, gate, vetoes of its scope, missing rule.
absl::Status ScoreIndicators(const CompiledPlan& plan, const CompiledCard& card, const Record& record,
                             Mode mode, Draft* draft);

// combine.cc: the points of a group from those of its children; false: none of them has points.
bool CombinePoints(const CompiledGroup& group, int profile, const IndicatorResults& results, Points* out);
// What child `i` of a group adds to its points, half-even.
Points Contribution(const CompiledGroup& group, int profile, const IndicatorResults& results, std::size_t i);

// bonus.cc: base -> after_bonus. What each source adds, and their sum before its cap, only when explained.
absl::Status ApplyBonus(const CompiledPlan& plan, const CompiledCard& card, const Record& record, Mode mode,
                        Draft* draft);

// caps.cc: after_bonus -> after_scale -> after_caps.
absl::Status ApplyCaps(const CompiledPlan& plan, const CompiledCard& card, const Record& record,
                       Draft* draft);

// veto.cc: which vetoes fire, and after_caps -> score. Records every veto that fired in policy order, also one
// that did not bind: whoever reads the explanation has to see it.
absl::Status FireVetoes(const CompiledPlan& plan, const CompiledCard& card, const Record& record,
                        Draft* draft);
void ApplyVetoes(const CompiledCard& card, Mode mode, Draft* draft);

// grade.cc: index of the band; -1: none. `failed` (may be null) receives bands that were reached and whose
// condition was not true.
absl::Status ChooseBand(const CompiledPlan& plan, const CompiledCard& card, const CompiledBands& bands,
                        Points score, const Record& record, int* band, absl::InlinedVector<int, 4>* failed);

// evaluate.cc: the whole method.
absl::Status EvaluateCard(const CompiledPlan& plan, const CompiledCard& card, const Record& record, Mode mode,
                          Draft* draft);

// plan.cc: the published result of the plan's own card: the grade, the reason of a result that was not vetoed or
// refused, and the score without vetoes. `failed` receives bands that were reached and whose condition was not true.
absl::Status Summarise(const CompiledPlan& plan, const Record& record, const Draft& draft,
                       absl::InlinedVector<int, 4>* failed, Summary* out);

// plan.cc: Plan::Evaluate and Plan::Explain with vetoes that other records of the subject and period fired (see
// Mode::imposed).
absl::Status EvaluateRecord(const CompiledPlan& plan, const Record& record, const std::uint8_t* imposed,
                            Summary* out);
absl::StatusOr<Score> ExplainRecord(const CompiledPlan& plan, const Record& record,
                                    const std::uint8_t* imposed);

}  // namespace csat

#endif  // CSAT_SRC_SCORING_EVALUATE_H_
