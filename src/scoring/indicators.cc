#include <algorithm>
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scoring/compile_function.h"
#include "scoring/evaluate.h"

namespace csat {
namespace {

using State = IndicatorResult::State;
using Basis = LedgerLine::Basis;

// Scores each event and combines the points.
absl::Status ScoreEach(const CompiledPlan& plan, const CompiledIndicator& compiled,
                       const CompiledMetric& metric, const Record& record, IndicatorResult* result,
                       std::int64_t* answers) {
  *answers = 0;
  const Cell& cell = record[static_cast<std::size_t>(metric.slot)];
  if (cell.kind != Cell::Kind::kEvents) {  // Missing, or refused in the words of ReadFigure.
    Figure none;
    return ReadFigure(plan, metric, record, &none);
  }
  const Aggregate& aggregate = *compiled.indicator->each;
  absl::int128 sum = 0;
  std::int64_t satisfied = 0;
  Points least = Points::FromMicros(std::numeric_limits<std::int64_t>::max()), most;
  std::vector<Points> kept;
  for (std::size_t i = 0; i < cell.size; ++i) {
    std::int64_t ticks = 0;
    bool missing = false;
    if (absl::Status status = ReadEvent(plan, metric, cell.events[i], &ticks, &missing); !status.ok())
      return status;
    if (missing) continue;
    const Points points = PointsOfTicks(compiled.function, metric, ticks);
    ++*answers;
    sum += points.micros();
    least = std::min(least, points);
    most = std::max(most, points);
    if (aggregate.kind == Aggregate::Kind::kShare) {
      satisfied += Holds(points < aggregate.value ? -1 : points > aggregate.value ? 1 : 0, aggregate.op);
    }
    if (aggregate.kind == Aggregate::Kind::kQuantile) kept.push_back(points);
  }
  if (*answers == 0) return absl::OkStatus();
  const std::int64_t count = *answers;
  const Points max_points = compiled.indicator->max_points;
  switch (aggregate.kind) {
    case Aggregate::Kind::kMean:
      result->points = Points::FromMicros(static_cast<std::int64_t>(DivideHalfEven(sum, count)));
      break;
    case Aggregate::Kind::kSum:
      result->points =
          Points::FromMicros(static_cast<std::int64_t>(std::min<absl::int128>(sum, max_points.micros())));
      break;
    case Aggregate::Kind::kCount: result->points = std::min(Points::FromInteger(count), max_points); break;
    case Aggregate::Kind::kShare:
      result->points = Points::FromMicros(
          static_cast<std::int64_t>(DivideHalfEven(absl::int128(satisfied) * max_points.micros(), count)));
      break;
    case Aggregate::Kind::kMin: result->points = least; break;
    case Aggregate::Kind::kMax: result->points = most; break;
    case Aggregate::Kind::kQuantile: {
      const absl::int128 scaled = absl::int128(count) * aggregate.quantile.micros();
      const std::int64_t rank = std::clamp<std::int64_t>(
          static_cast<std::int64_t>((scaled + Decimal::kOne - 1) / Decimal::kOne), 1, count);
      std::nth_element(kept.begin(), kept.begin() + (rank - 1), kept.end());
      result->points = kept[static_cast<std::size_t>(rank - 1)];
      break;
    }
  }
  result->state = State::kPoints;
  return absl::OkStatus();
}

// `answers` in millionths.
bool TooFew(const CompiledIndicator& compiled, bool counted, absl::int128 answers) {
  const std::optional<Decimal>& least = compiled.indicator->min_answers;
  return least.has_value() && (!counted || answers < least->micros());
}

absl::Status ScoreMetric(const CompiledPlan& plan, const CompiledIndicator& compiled, const Record& record,
                         Mode mode, IndicatorResult* result) {
  const CompiledMetric& metric = plan.metrics[static_cast<std::size_t>(compiled.metric)];
  if (metric.kind == CompiledMetric::Kind::kText) {
    std::string_view word;
    bool missing = false;
    if (absl::Status status = ReadText(plan, metric, record, &word, &missing); !status.ok() || missing)
      return status;
    if (!PointsOf(compiled.function, word, &result->points)) {
      return absl::InvalidArgumentError(absl::StrCat("indicator '", compiled.indicator->id, "': '",
                                                     std::string(word), "' has no points in its table"));
    }
    result->state = State::kPoints;
    return absl::OkStatus();
  }
  if (compiled.each) {
    std::int64_t answers = 0;
    if (absl::Status status = ScoreEach(plan, compiled, metric, record, result, &answers); !status.ok())
      return status;
    if (TooFew(compiled, true, absl::int128(answers) * Decimal::kOne)) *result = IndicatorResult();
    if (!mode.explain) return absl::OkStatus();
  }
  if (metric.kind == CompiledMetric::Kind::kNumber) {
    std::int64_t ticks = 0;
    bool missing = false;
    absl::Status status =
        ReadTicks(plan, metric, metric.slot, record[static_cast<std::size_t>(metric.slot)], &ticks, &missing);
    if (!status.ok() || missing) return status;
    result->points = PointsOfTicks(compiled.function, metric, ticks);
    result->state = State::kPoints;
    if (mode.explain) {
      result->has_value = true;
      result->value = Figure::Of(ticks, metric.unit).ToDecimal();
    }
    return status;
  }
  Figure figure;
  if (absl::Status status = ReadFigure(plan, metric, record, &figure); !status.ok()) return status;
  if (figure.missing) return absl::OkStatus();
  if (mode.explain) {
    result->has_value = true;
    result->value = figure.ToDecimal();
  }
  if (compiled.each || TooFew(compiled, figure.counted, figure.answers)) return absl::OkStatus();
  result->points = PointsOf(compiled.function, figure.numerator, figure.denominator);
  result->state = State::kPoints;
  return absl::OkStatus();
}

// The published score of another scorecard: with the vetoes of that one, also where those of this one are left out.
absl::Status ScoreCard(const CompiledPlan& plan, const CompiledIndicator& compiled, const Record& record,
                       IndicatorResult* result) {
  const CompiledCard& card = plan.cards[static_cast<std::size_t>(compiled.card)];
  Draft draft;
  if (absl::Status status = EvaluateCard(plan, card, record, Mode(), &draft); !status.ok()) return status;
  if (draft.outcome != Outcome::kScored && draft.outcome != Outcome::kVetoed) return absl::OkStatus();
  result->state = State::kPoints;
  result->has_value = true;
  result->value = draft.score;
  result->points = Points::FromMicros(static_cast<std::int64_t>(
      DivideHalfEven(absl::int128(draft.score.micros()) * compiled.indicator->max_points.micros(),
                     card.card->max_score.micros())));
  return absl::OkStatus();
}

// kLastKnown: the points of the last known value, if it is young enough.
absl::Status UseLastKnown(const CompiledPlan& plan, const CompiledIndicator& compiled, const Record& record,
                          IndicatorResult* result) {
  if (compiled.kind != CompiledIndicator::Kind::kMetric) return absl::OkStatus();
  const CompiledMetric& metric = plan.metrics[static_cast<std::size_t>(compiled.metric)];
  std::int64_t ticks = 0, age = 0;
  bool missing = false;
  if (absl::Status status = ReadAge(plan, compiled.age_slot,
                                    record[static_cast<std::size_t>(compiled.age_slot)], &age, &missing);
      !status.ok()) {
    return status;
  }
  if (missing || age > compiled.indicator->missing.max_age_days * Decimal::kOne) return absl::OkStatus();
  if (absl::Status status = ReadTicks(plan, metric, compiled.last_slot,
                                      record[static_cast<std::size_t>(compiled.last_slot)], &ticks, &missing);
      !status.ok()) {
    return status;
  }
  if (missing) return absl::OkStatus();
  result->state = State::kPoints;
  result->basis = Basis::kLastKnown;
  result->has_value = true;
  result->value = Figure::Of(ticks, metric.unit).ToDecimal();
  result->points = PointsOfTicks(compiled.function, metric, ticks);
  return absl::OkStatus();
}

absl::Status ApplyMissingRule(const CompiledPlan& plan, const CompiledIndicator& compiled,
                              const Record& record, IndicatorResult* result) {
  MissingRule rule = compiled.indicator->missing.rule;
  if (rule == MissingRule::kLastKnown) {
    if (absl::Status status = UseLastKnown(plan, compiled, record, result); !status.ok()) return status;
    if (result->state == State::kPoints) return absl::OkStatus();
    rule = compiled.indicator->missing.otherwise;
  }
  switch (rule) {
    case MissingRule::kWorst:
      result->state = State::kPoints;
      result->basis = Basis::kWorst;
      result->points = Points();
      break;
    case MissingRule::kLeaveOut:
      result->state = State::kLeftOut;
      result->basis = Basis::kLeftOut;
      break;
    case MissingRule::kVeto:
      result->state = State::kVetoed;
      result->basis = Basis::kVetoed;
      break;
    case MissingRule::kInsufficient:
      result->state = State::kInsufficient;
      result->basis = Basis::kInsufficient;
      break;
    case MissingRule::kRefuse:
    case MissingRule::kLastKnown:
      result->state = State::kRefused;
      result->basis = Basis::kRefused;
      break;
  }
  return absl::OkStatus();
}

absl::Status ApplyGate(const CompiledPlan& plan, const CompiledCard& card, const CompiledIndicator& compiled,
                       const Record& record, IndicatorResult* result) {
  Truth truth = Truth::kUnknown;
  if (absl::Status status =
          EvaluatePredicate(plan, card.predicates[static_cast<std::size_t>(compiled.gate)], record, &truth);
      !status.ok()) {
    return status;
  }
  const Points cap = compiled.indicator->gate->cap_points;
  if (truth != Truth::kTrue && result->points > cap) {
    result->points = cap;
    result->gated = true;
  }
  return absl::OkStatus();
}

void ApplyIndicatorVetoes(const CompiledCard& card, const CompiledIndicator& compiled, Draft* draft,
                          IndicatorResult* result) {
  const auto fired = [&](int index) { return draft->vetoes[static_cast<std::size_t>(index)].fired; };
  const auto veto_of = [&](int index) -> const Veto& {
    return *card.vetoes[static_cast<std::size_t>(index)].veto;
  };
  const bool had_points = result->state == State::kPoints;
  // An indicator without points has some once a veto sets them; one that caps finds nothing to cap.
  bool set = false;
  for (const int index : compiled.vetoes)
    set = set || (fired(index) && veto_of(index).effect == Veto::Effect::kSetTo);
  if (!had_points && !set) return;
  if (!had_points) result->points = compiled.indicator->max_points;
  result->state = State::kPoints;
  for (const int index : compiled.vetoes) {
    if (!fired(index)) continue;
    const Veto& veto = veto_of(index);
    const bool lower = veto.value < result->points;
    if (!lower && (had_points || veto.effect == Veto::Effect::kCapAt)) continue;
    draft->vetoes[static_cast<std::size_t>(index)].binding = true;
    result->basis = Basis::kVetoed;
    if (lower) result->points = veto.value;
  }
}

}  // namespace

absl::Status ScoreIndicators(const CompiledPlan& plan, const CompiledCard& card, const Record& record,
                             Mode mode, Draft* draft) {
  draft->indicators.assign(card.indicators.size(), IndicatorResult());
  for (std::size_t i = 0; i < card.indicators.size(); ++i) {
    const CompiledIndicator& compiled = card.indicators[i];
    IndicatorResult& result = draft->indicators[i];
    absl::Status status;
    bool decided = false;  // By the missing rule of a child.
    switch (compiled.kind) {
      case CompiledIndicator::Kind::kMetric:
        status = ScoreMetric(plan, compiled, record, mode, &result);
        break;
      case CompiledIndicator::Kind::kScorecard: status = ScoreCard(plan, compiled, record, &result); break;
      case CompiledIndicator::Kind::kGroup: {
        // A child that refuses the result does so through the group.
        for (const int child : compiled.group.children) {
          const IndicatorResult& part = draft->indicators[static_cast<std::size_t>(child)];
          if (part.state == State::kPoints || part.state <= result.state) continue;
          result.state = part.state;
          result.basis = part.basis;
        }
        decided = result.state != State::kLeftOut;
        if (!decided && CombinePoints(compiled.group, 0, draft->indicators, &result.points))
          result.state = State::kPoints;
        break;
      }
    }
    if (!status.ok()) return status;
    if (static_cast<int>(i) == mode.given) {
      result.state = State::kPoints;
      result.points = mode.given_points;
    }
    if (result.state != State::kPoints && !decided)
      status = ApplyMissingRule(plan, compiled, record, &result);
    if (status.ok() && result.state == State::kPoints && compiled.gate >= 0)
      status = ApplyGate(plan, card, compiled, record, &result);
    if (!status.ok()) return status;
    if (mode.vetoes && !compiled.vetoes.empty()) ApplyIndicatorVetoes(card, compiled, draft, &result);
  }
  return absl::OkStatus();
}

}  // namespace csat
