// Whether the result of a survey wave counts.
#ifndef CSAT_SURVEY_WAVE_H_
#define CSAT_SURVEY_WAVE_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "csat/model/decimal.h"

namespace csat {

// A wave by the slots of its approved list. A replacement of the same stratum fills the slot that it replaces.
struct WaveCounts {
  std::int64_t planned = 0;                 // Slots of the approved list.
  std::int64_t answered = 0;                // With a valid answer, their own or a replacement's.
  std::int64_t unanswered_by_customer = 0;  // Refused, not reachable, not returned.
  std::int64_t not_contacted = 0;           // For reasons of the company.
};

enum class WaveState : std::int8_t {
  kValid,
  kSupplementRequired,  // Too many without an answer; replacements may still fill their slots.
  kInvalid,             // Closed with too many: figures are kept, there is no grade.
};
// "valid", "supplement_required", "invalid".
std::string_view WaveStateName(WaveState state);

// 100 * unanswered_by_customer > percent * planned asks for supplementary measures; a wave closed so is invalid.
// P3-83, A-88. InvalidArgument: counts below 0 or that do not sum to `planned`, no slot planned, a percentage outside of
// [0, 100]. FailedPrecondition: closing while slots were not contacted.
absl::StatusOr<WaveState> StateOfWave(const WaveCounts& counts, Decimal percent, bool closed);

}  // namespace csat

#endif  // CSAT_SURVEY_WAVE_H_
