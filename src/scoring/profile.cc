#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"
#include "scoring/evaluate.h"

namespace csat {

absl::Status ChooseProfile(const CompiledPlan& plan, const CompiledCard& card, const Record& record,
                           Mode mode, Draft* draft) {
  draft->profile = 0;
  if (card.profile_metric < 0) return absl::OkStatus();
  const CompiledMetric& metric = plan.metrics[static_cast<std::size_t>(card.profile_metric)];
  std::string_view word;
  bool missing = false;
  if (absl::Status status = ReadText(plan, metric, record, &word, &missing); !status.ok()) return status;
  const std::vector<Profile>& profiles = card.card->profiles;
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    if (!missing && profiles[i].id == word) {
      draft->profile = static_cast<int>(i);
      return absl::OkStatus();
    }
  }
  if (missing && card.default_profile >= 0) {
    draft->profile = card.default_profile;
    return absl::OkStatus();
  }
  draft->profile = -1;
  draft->outcome = Outcome::kRefused;
  draft->reason = card.profile_reason;
  if (mode.explain) {
    draft->refusal = missing ? absl::StrCat("the record names no profile in '", metric.metric->id,
                                            "' and there is no default one")
                             : absl::StrCat("profile ", Quoted(word), " is none of the ", profiles.size(),
                                            " of scorecard '", card.card->id, "'");
  }
  return absl::OkStatus();
}

}  // namespace csat
