#include <algorithm>

#include "scoring/evaluate.h"

namespace csat {

absl::Status ApplyCaps(const CompiledPlan& plan, const CompiledCard& card, const Record& record,
                       Draft* draft) {
  draft->after_scale = std::min(draft->after_bonus, card.card->max_score);
  draft->after_caps = draft->after_scale;
  draft->caps.assign(card.caps.size(), Firing());
  for (std::size_t i = 0; i < card.caps.size(); ++i) {
    const CompiledCap& cap = card.caps[i];
    Truth truth = Truth::kUnknown;
    if (absl::Status status =
            EvaluatePredicate(plan, card.predicates[static_cast<std::size_t>(cap.when)], record, &truth);
        !status.ok()) {
      return status;
    }
    if (truth == Truth::kFalse) continue;
    Firing& firing = draft->caps[i];
    firing.fired = true;
    firing.unknown = truth == Truth::kUnknown;
    firing.binding = draft->after_caps > cap.cap->max_score;
    draft->after_caps = std::min(draft->after_caps, cap.cap->max_score);
  }
  draft->score = draft->after_caps;
  return absl::OkStatus();
}

}  // namespace csat
