#include "csat/survey/wave.h"

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"

namespace csat {

std::string_view WaveStateName(WaveState state) {
  switch (state) {
    case WaveState::kValid: return "valid";
    case WaveState::kSupplementRequired: return "supplement_required";
    case WaveState::kInvalid: return "invalid";
  }
  return "";
}

absl::StatusOr<WaveState> StateOfWave(const WaveCounts& counts, Decimal percent, bool closed) {
  if (counts.planned < 1)
    return absl::InvalidArgumentError(absl::StrCat("planned: ", counts.planned, " is below 1"));
  if (counts.answered < 0 || counts.unanswered_by_customer < 0 || counts.not_contacted < 0)
    return absl::InvalidArgumentError("a count of slots is below 0");
  const absl::int128 sum =
      absl::int128(counts.answered) + counts.unanswered_by_customer + counts.not_contacted;
  if (sum != counts.planned) {
    return absl::InvalidArgumentError(
        absl::StrCat(counts.answered, " answered, ", counts.unanswered_by_customer, " unanswered and ",
                     counts.not_contacted, " not contacted are not the ", counts.planned, " planned"));
  }
  if (percent < Decimal() || percent > Decimal::FromMicros(100 * Decimal::kOne))
    return absl::InvalidArgumentError(
        absl::StrCat("percent: ", percent.ToString(), " lies outside [0, 100]"));
  if (closed && counts.not_contacted > 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("the wave cannot be closed: ", counts.not_contacted, " slots were not contacted"));
  }
  const bool too_many = absl::int128(counts.unanswered_by_customer) * 100 * Decimal::kOne >
                        absl::int128(percent.micros()) * counts.planned;
  if (!too_many) return WaveState::kValid;
  return closed ? WaveState::kInvalid : WaveState::kSupplementRequired;
}

}  // namespace csat
