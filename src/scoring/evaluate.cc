#include "scoring/evaluate.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace csat {
namespace {

using State = IndicatorResult::State;

void RefuseTooFewAnswers(const CompiledCard& card, const Figure& answers, Mode mode, Draft* draft) {
  if (!answers.missing && answers.Compare(card.card->min_answers) >= 0) return;
  draft->outcome = Outcome::kInsufficient;
  draft->reason = card.min_answers_reason;
  if (mode.explain) {
    draft->refusal =
        absl::StrCat(answers.missing ? "no" : answers.ToDecimal().ToString(), " answers in '",
                     card.card->min_answers_metric, "', the least is ", card.card->min_answers.ToString());
  }
}

// The base, or the outcome that the missing rules of indicators ask for.
void FindBase(const CompiledCard& card, Mode mode, Draft* draft) {
  State worst = State::kPoints;
  for (const int child : card.root.children) {
    const State state = draft->indicators[static_cast<std::size_t>(child)].state;
    if (state != State::kLeftOut) worst = std::max(worst, state);
  }
  if (worst == State::kPoints && CombinePoints(card.root, draft->profile, draft->indicators, &draft->base)) {
    draft->has_base = true;
    return;
  }
  // The first indicator that has no points is the one to name.
  if (worst == State::kPoints) worst = State::kLeftOut;
  int at = 0;
  while (at + 1 < static_cast<int>(draft->indicators.size()) &&
         draft->indicators[static_cast<std::size_t>(at)].state != worst)
    ++at;
  const CompiledIndicator& indicator = card.indicators[static_cast<std::size_t>(at)];
  if (worst == State::kVetoed) {
    draft->indicator_veto = static_cast<std::int16_t>(at);
    return;
  }
  draft->outcome = worst == State::kRefused ? Outcome::kRefused : Outcome::kInsufficient;
  draft->reason = indicator.missing_reason;
  if (mode.explain) {
    draft->refusal = worst == State::kLeftOut
                         ? std::string("no indicator has a figure")
                         : absl::StrCat("the figure of indicator '", indicator.indicator->id, "' is missing");
  }
}

// A bad value is refused whether or not the result comes to depend on it.
absl::Status CheckValues(const CompiledPlan& plan, const std::vector<int>& metrics, const Record& record) {
  for (const int index : metrics) {
    const CompiledMetric& metric = plan.metrics[static_cast<std::size_t>(index)];
    std::int64_t ticks = 0;
    if (metric.kind == CompiledMetric::Kind::kNumber &&
        ReadPlainTicks(metric, record[static_cast<std::size_t>(metric.slot)], &ticks)) {
      continue;
    }
    Figure figure;
    std::string_view word;
    bool missing = false;
    const absl::Status status = metric.kind == CompiledMetric::Kind::kText
                                    ? ReadText(plan, metric, record, &word, &missing)
                                    : ReadFigure(plan, metric, record, &figure);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status EvaluateCard(const CompiledPlan& plan, const CompiledCard& card, const Record& record, Mode mode,
                          Draft* draft) {
  absl::Status status;
  if (mode.vetoes) {
    status = FireVetoes(plan, card, record, draft);
  } else {
    draft->vetoes.assign(card.vetoes.size(), Firing());
  }
  if (!status.ok()) return status;
  for (std::size_t i = 0; mode.imposed != nullptr && i < card.vetoes.size(); ++i) {
    if (mode.imposed[i] != 0 && !draft->vetoes[i].fired) draft->vetoes[i] = Firing{true, false, false};
  }
  status = ChooseProfile(plan, card, record, mode, draft);
  if (!status.ok()) return status;
  if (card.min_answers_metric >= 0) {
    Figure answers;
    status =
        ReadFigure(plan, plan.metrics[static_cast<std::size_t>(card.min_answers_metric)], record, &answers);
    if (!status.ok()) return status;
    if (draft->outcome == Outcome::kScored) RefuseTooFewAnswers(card, answers, mode, draft);
  }
  status = ScoreIndicators(plan, card, record, mode, draft);
  if (!status.ok()) return status;
  if (draft->outcome == Outcome::kScored) FindBase(card, mode, draft);
  if (draft->has_base) {
    status = ApplyBonus(plan, card, record, mode, draft);
    if (!status.ok()) return status;
    status = ApplyCaps(plan, card, record, draft);
  } else {
    status = CheckValues(plan, card.read_after_base, record);
  }
  if (status.ok()) status = CheckValues(plan, card.read_by_conditions, record);
  if (!status.ok()) return status;
  ApplyVetoes(card, mode, draft);
  return absl::OkStatus();
}

}  // namespace csat
