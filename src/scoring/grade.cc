#include "scoring/evaluate.h"

namespace csat {

absl::Status ChooseBand(const CompiledPlan& plan, const CompiledCard& card, const CompiledBands& bands,
                        Points score, const Record& record, int* chosen,
                        absl::InlinedVector<int, 4>* failed) {
  *chosen = -1;
  if (bands.rounding > 1) {
    score = Points::FromMicros(static_cast<std::int64_t>(DivideHalfUp(score.micros(), bands.rounding)) *
                               bands.rounding);
  }
  for (std::size_t i = 0; i < bands.bands.size(); ++i) {
    const CompiledBands::Band& band = bands.bands[i];
    if (score < band.from) continue;
    if (band.condition >= 0) {
      Truth truth = Truth::kUnknown;
      if (absl::Status status = EvaluatePredicate(
              plan, card.predicates[static_cast<std::size_t>(band.condition)], record, &truth);
          !status.ok()) {
        return status;
      }
      if (truth != Truth::kTrue) {
        if (failed != nullptr) failed->push_back(static_cast<int>(i));
        continue;
      }
    }
    *chosen = static_cast<int>(i);
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

}  // namespace csat
