#include "scoring/batch_rows.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scoring/ledger.h"

namespace csat {

RowScorer::RowScorer(const CompiledPlan& plan, const BoundColumns& bound, const BatchOptions& options)
    : plan_(plan),
      bound_(bound),
      contributions_(options.contributions),
      reasons_(options.top_reasons > 0),
      record_(plan.fields.size()),
      events_(MakeEventScratch(bound)) {
  if (contributions_) result_.contributions.resize(plan.own().root.children.size());
  result_.reasons.resize(static_cast<std::size_t>(options.top_reasons));
  result_.lost.resize(static_cast<std::size_t>(options.top_reasons));
}

absl::Status RowScorer::Score(std::int64_t row, const std::uint8_t* imposed) {
  FillRecord(bound_, row, &events_, &record_);
  draft_.Clear();
  const CompiledCard& card = plan_.own();
  absl::InlinedVector<int, 4> failed;
  Mode mode;
  mode.imposed = imposed;
  absl::Status status = EvaluateCard(plan_, card, record_, mode, &draft_);
  if (status.ok()) status = Summarise(plan_, record_, draft_, &failed, &result_.summary);
  if (!status.ok()) return absl::Status(status.code(), absl::StrCat("row ", row, ": ", status.message()));
  if (!result_.summary.has_base) return status;
  for (std::size_t i = 0; contributions_ && i < result_.contributions.size(); ++i) {
    result_.contributions[i] = Contribution(card.root, draft_.profile, draft_.indicators, i);
  }
  if (reasons_) RankLost();
  return status;
}

// Insertion into the ranks: later ones of equal loss stay behind, so ties are in policy order.
void RowScorer::RankLost() {
  const std::size_t ranks = result_.reasons.size();
  std::fill(result_.reasons.begin(), result_.reasons.end(), std::int16_t{-1});
  std::fill(result_.lost.begin(), result_.lost.end(), Points());
  const std::size_t indicators = plan_.own().root.children.size();
  for (std::size_t i = 0; i < indicators; ++i) {
    const Points lost = LostOn(plan_.own(), &draft_, i);
    std::size_t rank = ranks;
    while (rank > 0 && lost > result_.lost[rank - 1]) --rank;
    for (std::size_t r = ranks; rank < ranks && r-- > rank + 1;) {
      result_.lost[r] = result_.lost[r - 1];
      result_.reasons[r] = result_.reasons[r - 1];
    }
    if (rank < ranks) {
      result_.lost[rank] = lost;
      result_.reasons[rank] = static_cast<std::int16_t>(i);
    }
  }
}

}  // namespace csat
