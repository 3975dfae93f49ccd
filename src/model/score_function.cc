#include "csat/model/score_function.h"

#include <set>
#include <utility>

namespace csat {
namespace {

absl::Status RefuseUnlessRising(const std::vector<Anchor>& anchors, const char* function) {
  for (std::size_t i = 1; i < anchors.size(); ++i) {
    if (!(anchors[i - 1].at < anchors[i].at)) {
      return absl::InvalidArgumentError(std::string(function) + ": anchor " + anchors[i].at.ToString() +
                                        " is not above the one before, " + anchors[i - 1].at.ToString());
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Piecewise> Piecewise::Create(std::vector<Anchor> anchors) {
  if (anchors.size() < 2) return absl::InvalidArgumentError("piecewise: 2 anchors are the least");
  if (absl::Status status = RefuseUnlessRising(anchors, "piecewise"); !status.ok()) return status;
  Piecewise made;
  made.anchors_ = std::move(anchors);
  return made;
}

absl::StatusOr<StepDeduction> StepDeduction::Create(Points full, Decimal limit, Decimal step,
                                                    Points loss_per_step, Steps steps, Points floor,
                                                    Beyond beyond) {
  if (step <= Decimal())
    return absl::InvalidArgumentError("step deduction: step " + step.ToString() + " is not above 0");
  if (loss_per_step <= Points()) {
    return absl::InvalidArgumentError("step deduction: loss per step " + loss_per_step.ToString() +
                                      " is not above 0");
  }
  if (floor < Points() || full < floor) {
    return absl::InvalidArgumentError("step deduction: floor " + floor.ToString() + " lies outside [0, " +
                                      full.ToString() + "]");
  }
  StepDeduction made;
  made.full_ = full;
  made.limit_ = limit;
  made.step_ = step;
  made.loss_per_step_ = loss_per_step;
  made.steps_ = steps;
  made.floor_ = floor;
  made.beyond_ = beyond;
  return made;
}

absl::StatusOr<BandPoints> BandPoints::Create(std::vector<Anchor> bands) {
  if (bands.empty()) return absl::InvalidArgumentError("bands: 1 band is the least");
  if (absl::Status status = RefuseUnlessRising(bands, "bands"); !status.ok()) return status;
  BandPoints made;
  made.bands_ = std::move(bands);
  return made;
}

absl::StatusOr<ShareOfTarget> ShareOfTarget::Create(Decimal target, Points full) {
  if (target <= Decimal())
    return absl::InvalidArgumentError("share of target: target " + target.ToString() + " is not above 0");
  if (full < Points())
    return absl::InvalidArgumentError("share of target: full points " + full.ToString() + " are below 0");
  ShareOfTarget made;
  made.target_ = target;
  made.full_ = full;
  return made;
}

absl::StatusOr<Lookup> Lookup::Create(std::vector<Entry> entries) {
  if (entries.empty()) return absl::InvalidArgumentError("lookup: 1 entry is the least");
  std::set<std::string> seen;
  for (const Entry& entry : entries) {
    if (!seen.insert(entry.text).second)
      return absl::InvalidArgumentError("lookup: '" + entry.text + "' stands twice");
  }
  Lookup made;
  made.entries_ = std::move(entries);
  return made;
}

}  // namespace csat
