#include "csat_c/least_change.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "csat/scoring/least_change.h"
#include "csat/scoring/plan.h"
#include "guard.h"
#include "handles.h"
#include "plan_handle.h"
#include "record_handle.h"

using csat::LeastChange;
using csat::capi::CheckPointer;
using csat::capi::First;
using csat::capi::Guard;

namespace csat::capi {

// The ids are borrowed from the plan.
struct LeastChangesContent {
  Plan plan;
  std::vector<LeastChange> changes;
};

}  // namespace csat::capi

using csat::capi::LeastChangesContent;

struct csat_least_changes : csat::capi::Handle<LeastChangesContent, csat::capi::HandleTag::kLeastChanges> {
  using Handle::Handle;
};

namespace {

// Size of the struct in release 0.1, below which no caller can be.
constexpr size_t kFirstChange = offsetof(csat_least_change, score_micros) + sizeof(int64_t);

}  // namespace

csat_status csat_plan_least_changes(const csat_plan* plan, const csat_record* record,
                                    csat_least_changes** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(csat::capi::CheckPair(plan, record), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    absl::StatusOr<std::vector<LeastChange>> changes = csat::LeastChanges(plan->rep, record->rep.record());
    if (!changes.ok()) return changes.status();
    *out = csat::capi::MakeHandle<csat_least_changes>(plan->rep, *std::move(changes));
    return absl::OkStatus();
  });
}

void csat_least_changes_free(csat_least_changes* changes) { csat::capi::FreeHandle(changes); }

size_t csat_least_changes_count(const csat_least_changes* changes) {
  return csat::capi::Access(changes, size_t{0},
                            [](const LeastChangesContent& content) { return content.changes.size(); });
}

csat_status csat_least_changes_get(const csat_least_changes* changes, size_t index, csat_least_change* out) {
  if (!csat::capi::Lives(changes) || out == nullptr || out->struct_size < kFirstChange ||
      out->struct_size > CSAT_MAX_SIZE) {
    return CSAT_INVALID_ARGUMENT;
  }
  if (index >= changes->rep.changes.size()) return CSAT_OUT_OF_RANGE;
  const LeastChange& change = changes->rep.changes[index];
  csat_least_change full = CSAT_LEAST_CHANGE_INIT;
  full.flags = change.has_value ? CSAT_LEAST_CHANGE_HAS_VALUE : 0;
  full.indicator = csat::capi::ToC(change.indicator);
  full.grade = csat::capi::ToC(change.grade);
  full.from_micros = change.from.micros();
  full.to_micros = change.to.micros();
  full.max_points_micros = change.max_points.micros();
  full.value_from_micros = change.has_value ? change.value_from.micros() : 0;
  full.value_to_micros = change.has_value ? change.value_to.micros() : 0;
  full.score_micros = change.score.micros();
  csat::capi::CopyOut(full, out);
  return CSAT_OK;
}
