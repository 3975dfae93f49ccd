#include "csat/scoring/plan.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "scoring/compiled_plan.h"
#include "scoring/evaluate.h"
#include "scoring/ledger.h"

namespace csat {
namespace {

absl::Status CheckSize(const CompiledPlan& plan, const Record& record) {
  if (record.size() == plan.fields.size()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the record has ", record.size(), " fields, the plan reads ", plan.fields.size()));
}

}  // namespace

absl::Status Summarise(const CompiledPlan& plan, const Record& record, const Draft& draft,
                       absl::InlinedVector<int, 4>* failed, Summary* out) {
  const CompiledCard& card = plan.own();
  *out = Summary();
  out->outcome = draft.outcome;
  out->reason = draft.reason;
  if (draft.outcome != Outcome::kScored && draft.outcome != Outcome::kVetoed) return absl::OkStatus();
  out->score = draft.score;
  out->has_base = draft.has_base;
  if (draft.has_base) {
    out->base = draft.base;
    out->without_veto = draft.after_caps;
    bool inside = false;
    for (std::size_t i = 0; i < card.vetoes.size(); ++i)
      inside = inside || (card.vetoes[i].indicator >= 0 && draft.vetoes[i].fired);
    if (inside) {
      Draft without;
      if (absl::Status status = EvaluateCard(plan, card, record, {false, false, -1, {}}, &without);
          !status.ok())
        return status;
      out->without_veto = without.after_caps;
    }
  }
  int band = -1;
  if (absl::Status status = ChooseBand(plan, card, card.grading, draft.score, record, &band, failed);
      !status.ok())
    return status;
  out->grade = static_cast<std::int16_t>(band);
  if (draft.outcome == Outcome::kScored) {
    for (std::size_t i = 0; i < draft.caps.size() && out->reason == 0; ++i) {
      if (draft.caps[i].binding) out->reason = card.caps[i].reason;
    }
    if (out->reason == 0 && !failed->empty())
      out->reason = card.grading.bands[static_cast<std::size_t>(failed->front())].reason;
  }
  return absl::OkStatus();
}

const Policy& Plan::policy() const { return compiled_->policy; }
const Scorecard* Plan::scorecard() const {
  return compiled_->cards.empty() ? nullptr : compiled_->own().card;
}
const std::vector<Field>& Plan::fields() const { return compiled_->fields; }
const std::vector<std::string>& Plan::grades() const { return compiled_->grades; }
const std::vector<std::string>& Plan::reasons() const { return compiled_->reasons; }

int Plan::FindField(std::string_view name) const {
  const auto found = compiled_->slots.find(name);
  return found == compiled_->slots.end() ? -1 : found->second;
}

const std::vector<std::string>& Plan::levels(std::string_view indicator) const {
  static const std::vector<std::string>* const none = new std::vector<std::string>;
  const auto found = compiled_->levels.find(indicator);
  return found == compiled_->levels.end() ? *none : found->second;
}

absl::Status EvaluateRecord(const CompiledPlan& plan, const Record& record, const std::uint8_t* imposed,
                            Summary* out) {
  if (plan.cards.empty()) return absl::FailedPreconditionError("a plan of metrics alone scores nothing");
  if (absl::Status status = CheckSize(plan, record); !status.ok()) return status;
  Mode mode;
  mode.imposed = imposed;
  Draft draft;
  if (absl::Status status = EvaluateCard(plan, plan.own(), record, mode, &draft); !status.ok()) return status;
  absl::InlinedVector<int, 4> failed;
  return Summarise(plan, record, draft, &failed, out);
}

absl::StatusOr<Score> ExplainRecord(const CompiledPlan& plan, const Record& record,
                                    const std::uint8_t* imposed) {
  if (plan.cards.empty()) return absl::FailedPreconditionError("a plan of metrics alone scores nothing");
  if (absl::Status status = CheckSize(plan, record); !status.ok()) return status;
  const CompiledCard& card = plan.own();
  Mode mode;
  mode.explain = true;
  mode.imposed = imposed;
  Draft draft;
  if (absl::Status status = EvaluateCard(plan, card, record, mode, &draft); !status.ok()) return status;
  Score score;
  absl::InlinedVector<int, 4> failed;
  if (absl::Status status = Summarise(plan, record, draft, &failed, &score.summary); !status.ok())
    return status;
  score.refusal = std::move(draft.refusal);
  if (card.profile_metric >= 0 && draft.profile >= 0)
    score.profile = card.card->profiles[static_cast<std::size_t>(draft.profile)].id;
  if (score.summary.grade >= 0) score.grade = plan.grades[static_cast<std::size_t>(score.summary.grade)];
  for (const int band : failed)
    score.failed_conditions.push_back(plan.grades[static_cast<std::size_t>(band)]);
  for (std::size_t i = 0; i < card.vetoes.size(); ++i) {
    if (draft.vetoes[i].fired) score.vetoes.push_back(card.vetoes[i].veto->id);
  }
  if (absl::Status status = WriteLedger(plan, card, record, draft, &score); !status.ok()) return status;
  score.reasons = RankReasons(card, &draft);
  return score;
}

absl::Status Plan::Evaluate(const Record& record, Summary* out) const {
  return EvaluateRecord(*compiled_, record, nullptr, out);
}
absl::StatusOr<Score> Plan::Explain(const Record& record) const {
  return ExplainRecord(*compiled_, record, nullptr);
}

absl::StatusOr<std::vector<MetricResult>> Plan::Measure(const Record& record) const {
  if (absl::Status status = CheckSize(*compiled_, record); !status.ok()) return status;
  std::vector<MetricResult> results;
  for (const CompiledMetric& metric : compiled_->metrics) {
    MetricResult result;
    result.id = metric.metric->id;
    if (metric.kind == CompiledMetric::Kind::kText) {
      std::string_view word;
      bool missing = false;
      if (absl::Status status = ReadText(*compiled_, metric, record, &word, &missing); !status.ok())
        return status;
      result.shown = std::string(word);
    } else {
      Figure figure;
      if (absl::Status status = ReadFigure(*compiled_, metric, record, &figure); !status.ok()) return status;
      if (!figure.missing) {
        result.measurable = true;
        result.value = figure.ToDecimal();
        result.shown = ShowFigure(*metric.metric, figure);
      }
    }
    results.push_back(std::move(result));
  }
  return results;
}

absl::StatusOr<std::vector<TargetResult>> Plan::EvaluateTargets(const Record& record) const {
  if (absl::Status status = CheckSize(*compiled_, record); !status.ok()) return status;
  std::vector<TargetResult> results;
  for (const CompiledTarget& compiled : compiled_->targets) {
    const Target& target = *compiled.target;
    TargetResult result;
    result.id = target.id;
    Figure figure;
    if (compiled.metric >= 0) {
      const CompiledMetric& metric = compiled_->metrics[static_cast<std::size_t>(compiled.metric)];
      if (absl::Status status = ReadFigure(*compiled_, metric, record, &figure); !status.ok()) return status;
      if (!figure.missing) result.shown = ShowFigure(*metric.metric, figure);
    } else {
      Summary summary;
      if (absl::Status status = Evaluate(record, &summary); !status.ok()) return status;
      if (summary.outcome == Outcome::kScored || summary.outcome == Outcome::kVetoed) {
        figure = Figure::Of(summary.score.micros(), Decimal::kOne);
        result.shown = summary.score.ToString(2);
      }
    }
    if (!target.value.has_value()) {
      result.status = TargetStatus::kNoTarget;
    } else if (!figure.missing) {
      result.status =
          Holds(figure.Compare(*target.value), target.op) ? TargetStatus::kMet : TargetStatus::kMissed;
      result.gap = figure.ToDecimal() - *target.value;
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace csat
