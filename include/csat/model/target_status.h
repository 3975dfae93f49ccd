// How a figure stands to its target.
#ifndef CSAT_MODEL_TARGET_STATUS_H_
#define CSAT_MODEL_TARGET_STATUS_H_

#include <cstdint>
#include <string_view>

namespace csat {

enum class TargetStatus : std::int8_t { kMet, kMissed, kNotMeasurable, kNoTarget };

// Stable: "met", "missed", "not_measurable", "no_target".
constexpr std::string_view TargetStatusName(TargetStatus status) {
  switch (status) {
    case TargetStatus::kMet: return "met";
    case TargetStatus::kMissed: return "missed";
    case TargetStatus::kNotMeasurable: return "not_measurable";
    case TargetStatus::kNoTarget: return "no_target";
  }
  return "";
}

}  // namespace csat

#endif  // CSAT_MODEL_TARGET_STATUS_H_
