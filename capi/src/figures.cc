#include "csat_c/figures.h"

#include <utility>
#include <vector>

#include "csat/scoring/plan.h"
#include "csat/scoring/score.h"
#include "guard.h"
#include "handles.h"
#include "plan_handle.h"
#include "record_handle.h"

using csat::MetricResult;
using csat::TargetResult;
using csat::capi::Access;
using csat::capi::AccessText;
using csat::capi::CheckPointer;
using csat::capi::First;
using csat::capi::Guard;

namespace csat::capi {

// The ids are borrowed from the plan.
struct FiguresContent {
  Plan plan;
  std::vector<MetricResult> metrics;
  std::vector<TargetResult> targets;
};

}  // namespace csat::capi

using csat::capi::FiguresContent;

struct csat_figures : csat::capi::Handle<FiguresContent, csat::capi::HandleTag::kFigures> {
  using Handle::Handle;
};

namespace {

// The header's numbers are those of TargetStatus.
static_assert(static_cast<int>(csat::TargetStatus::kMet) == CSAT_TARGET_MET);
static_assert(static_cast<int>(csat::TargetStatus::kMissed) == CSAT_TARGET_MISSED);
static_assert(static_cast<int>(csat::TargetStatus::kNotMeasurable) == CSAT_TARGET_NOT_MEASURABLE);
static_assert(static_cast<int>(csat::TargetStatus::kNoTarget) == CSAT_TARGET_NO_TARGET);

template <typename T>
const T* At(const std::vector<T>& list, size_t index) {
  return index < list.size() ? &list[index] : nullptr;
}

template <typename T, typename Field>
csat_string_view Text(const csat_figures* figures, size_t index, std::vector<T> FiguresContent::*list,
                      Field field) {
  return AccessText(figures, [&](const FiguresContent& content) {
    const T* result = At(content.*list, index);
    return result == nullptr ? std::string_view() : std::string_view(result->*field);
  });
}

}  // namespace

csat_status csat_plan_measure(const csat_plan* plan, const csat_record* record, csat_figures** out,
                              csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(csat::capi::CheckPair(plan, record), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    absl::StatusOr<std::vector<MetricResult>> metrics = plan->rep.Measure(record->rep.record());
    if (!metrics.ok()) return metrics.status();
    absl::StatusOr<std::vector<TargetResult>> targets = plan->rep.EvaluateTargets(record->rep.record());
    if (!targets.ok()) return targets.status();
    *out = csat::capi::MakeHandle<csat_figures>(plan->rep, *std::move(metrics), *std::move(targets));
    return absl::OkStatus();
  });
}

void csat_figures_free(csat_figures* figures) { csat::capi::FreeHandle(figures); }

size_t csat_figures_metric_count(const csat_figures* figures) {
  return Access(figures, size_t{0}, [](const FiguresContent& content) { return content.metrics.size(); });
}

csat_string_view csat_figures_metric_id(const csat_figures* figures, size_t index) {
  return Text(figures, index, &FiguresContent::metrics, &MetricResult::id);
}

int32_t csat_figures_metric_measurable(const csat_figures* figures, size_t index) {
  return Access(figures, int32_t{-1}, [&](const FiguresContent& content) {
    const MetricResult* result = At(content.metrics, index);
    return result == nullptr ? -1 : result->measurable ? 1 : 0;
  });
}

int64_t csat_figures_metric_value_micros(const csat_figures* figures, size_t index) {
  return Access(figures, int64_t{0}, [&](const FiguresContent& content) {
    const MetricResult* result = At(content.metrics, index);
    return result != nullptr && result->measurable ? result->value.micros() : int64_t{0};
  });
}

csat_string_view csat_figures_metric_shown(const csat_figures* figures, size_t index) {
  return Text(figures, index, &FiguresContent::metrics, &MetricResult::shown);
}

size_t csat_figures_target_count(const csat_figures* figures) {
  return Access(figures, size_t{0}, [](const FiguresContent& content) { return content.targets.size(); });
}

csat_string_view csat_figures_target_id(const csat_figures* figures, size_t index) {
  return Text(figures, index, &FiguresContent::targets, &TargetResult::id);
}

int32_t csat_figures_target_status(const csat_figures* figures, size_t index) {
  return Access(figures, int32_t{-1}, [&](const FiguresContent& content) {
    const TargetResult* result = At(content.targets, index);
    return result == nullptr ? -1 : static_cast<int>(result->status);
  });
}

csat_string_view csat_figures_target_shown(const csat_figures* figures, size_t index) {
  return Text(figures, index, &FiguresContent::targets, &TargetResult::shown);
}

int32_t csat_figures_target_gap_micros(const csat_figures* figures, size_t index, int64_t* out) {
  return Access(figures, int32_t{0}, [&](const FiguresContent& content) {
    const TargetResult* result = At(content.targets, index);
    if (result == nullptr || !result->gap.has_value()) return 0;
    if (out != nullptr) *out = result->gap->micros();
    return 1;
  });
}
