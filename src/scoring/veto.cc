#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scoring/evaluate.h"

namespace csat {

absl::Status FireVetoes(const CompiledPlan& plan, const CompiledCard& card, const Record& record,
                        Draft* draft) {
  draft->vetoes.assign(card.vetoes.size(), Firing());
  for (std::size_t i = 0; i < card.vetoes.size(); ++i) {
    Truth truth = Truth::kUnknown;
    const CompiledVeto& veto = card.vetoes[i];
    if (absl::Status status =
            EvaluatePredicate(plan, card.predicates[static_cast<std::size_t>(veto.when)], record, &truth);
        !status.ok()) {
      return status;
    }
    draft->vetoes[i].unknown = truth == Truth::kUnknown;
    draft->vetoes[i].fired =
        truth == Truth::kTrue || (truth == Truth::kUnknown && veto.veto->missing == MissingRule::kVeto);
  }
  return absl::OkStatus();
}

void ApplyVetoes(const CompiledCard& card, Mode mode, Draft* draft) {
  const auto reason_of = [&](std::size_t i) {
    return draft->vetoes[i].unknown ? card.vetoes[i].unknown_reason : card.vetoes[i].reason;
  };
  bool vetoed = false, decided = false;
  std::int16_t reason = 0;
  Points score = draft->has_base ? draft->after_caps : card.card->max_score;
  Points lowest = card.card->max_score;  // Of the vetoes that fired, whatever the score.
  const auto fire = [&](std::int16_t why) {
    if (!vetoed) reason = why;
    vetoed = true;
  };
  for (std::size_t i = 0; i < card.vetoes.size(); ++i) {
    const Veto& veto = *card.vetoes[i].veto;
    Firing& firing = draft->vetoes[i];
    if (!firing.fired) continue;
    fire(reason_of(i));
    if (veto.scope == Veto::Scope::kIndicator) continue;
    firing.binding = veto.value < score || (!draft->has_base && veto.effect == Veto::Effect::kSetTo);
    // Several vetoes: the lowest result. A veto never lifts a score.
    score = std::min(score, veto.value);
    lowest = std::min(lowest, veto.value);
    decided = decided || veto.effect == Veto::Effect::kSetTo;
  }
  if (draft->indicator_veto >= 0) {
    fire(card.indicators[static_cast<std::size_t>(draft->indicator_veto)].missing_reason);
    score = lowest = Points();
    decided = true;
  }
  // Without a base only a veto that sets the score decides; otherwise the refusal stands.
  if (!draft->has_base && !decided) return;
  if (vetoed) {
    draft->outcome = Outcome::kVetoed;
    draft->reason = reason;
    draft->score = score;
    draft->refusal.clear();
  }
  // A veto whose condition is unknown does not let the result pass. Where another one has set the score, only one
  // that reaches lower than all that fired still counts; one of an indicator may reach down to 0.
  for (std::size_t i = 0; i < card.vetoes.size(); ++i) {
    if (!draft->vetoes[i].unknown || draft->vetoes[i].fired) continue;
    const Points reach = card.vetoes[i].indicator >= 0 ? Points() : card.vetoes[i].veto->value;
    if (decided && reach >= lowest) continue;
    draft->outcome = card.vetoes[i].veto->missing == MissingRule::kInsufficient ? Outcome::kInsufficient
                                                                                : Outcome::kRefused;
    draft->reason = card.vetoes[i].unknown_reason;
    draft->has_base = false;
    if (mode.explain)
      draft->refusal = absl::StrCat("the figure of veto '", card.vetoes[i].veto->id, "' is missing");
    return;
  }
}

}  // namespace csat
