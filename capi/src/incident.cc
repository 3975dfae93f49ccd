#include "csat_c/incident.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "buffer_handle.h"
#include "csat/model/foreign_text.h"
#include "csat/scoring/incident.h"
#include "guard.h"
#include "plan_handle.h"

using csat::Incident;
using csat::capi::CheckHandle;
using csat::capi::CheckPointer;
using csat::capi::CheckText;
using csat::capi::First;
using csat::capi::FromC;
using csat::capi::Give;
using csat::capi::Guard;
using csat::capi::MakeHandle;
using csat::capi::ReadHandles;

struct csat_incident : csat::capi::Handle<Incident, csat::capi::HandleTag::kIncident> {
  using Handle::Handle;
};

namespace {

std::string Copy(const char* text, size_t size) { return std::string(FromC(text, size)); }

absl::Status ReadIncidents(const csat_incident* const* incidents, size_t count, std::vector<Incident>* out) {
  return ReadHandles(
      incidents, count, "incidents", [](const Incident& incident) { return incident; }, out);
}

absl::StatusOr<const csat::Veto*> FindVeto(const csat::Plan& plan, std::string_view id) {
  if (plan.scorecard() == nullptr) {
    return absl::FailedPreconditionError("a plan of metrics alone has no vetoes");
  }
  for (const csat::Veto& veto : plan.scorecard()->vetoes) {
    if (veto.id == id) return &veto;
  }
  return absl::NotFoundError(
      absl::StrCat("scorecard '", plan.scorecard()->id, "' has no veto ", csat::Quoted(id)));
}

}  // namespace

csat_status csat_incident_propose(const char* id, size_t id_size, const char* subject, size_t subject_size,
                                  const char* code, size_t code_size, int64_t occurred_at,
                                  csat_incident** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckText(id, id_size, "id"), CheckText(subject, subject_size, "subject"),
                               CheckText(code, code_size, "code"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    return Give(
        Incident::Propose(Copy(id, id_size), Copy(subject, subject_size), Copy(code, code_size), occurred_at),
        out);
  });
}

csat_status csat_incident_confirm(const csat_incident* incident, int64_t confirmed_at, const char* evidence,
                                  size_t evidence_size, const char* approval, size_t approval_size,
                                  csat_incident** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong =
        First(CheckHandle(incident, "incident"), CheckText(evidence, evidence_size, "evidence"),
              CheckText(approval, approval_size, "approval"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    return Give(
        incident->rep.Confirm(confirmed_at, Copy(evidence, evidence_size), Copy(approval, approval_size)),
        out);
  });
}

csat_status csat_incident_revoke(const csat_incident* incident, int64_t revoked_at, const char* reason,
                                 size_t reason_size, csat_incident** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(incident, "incident"), CheckText(reason, reason_size, "reason"),
                               CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    return Give(incident->rep.Revoke(revoked_at, Copy(reason, reason_size)), out);
  });
}

csat_status csat_incident_parse(const char* json, size_t json_size, csat_incident** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckText(json, json_size, "json"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    return Give(Incident::FromJson(FromC(json, json_size)), out);
  });
}

csat_status csat_incident_to_json(const csat_incident* incident, csat_buffer** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(incident, "incident"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    *out = MakeHandle<csat_buffer>(incident->rep.ToJson());
    return absl::OkStatus();
  });
}

void csat_incident_free(csat_incident* incident) { csat::capi::FreeHandle(incident); }

csat_status csat_plan_count_incidents(const csat_plan* plan, const char* veto, size_t veto_size,
                                      const csat_incident* const* incidents, size_t count,
                                      const char* subject, size_t subject_size, const char* period,
                                      size_t period_size, int64_t* out, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    std::vector<Incident> list;
    absl::Status wrong =
        First(CheckHandle(plan, "plan"), CheckText(veto, veto_size, "veto"),
              CheckText(subject, subject_size, "subject"), CheckText(period, period_size, "period"),
              CheckPointer(out, "out"), ReadIncidents(incidents, count, &list));
    if (!wrong.ok()) return wrong;
    const absl::StatusOr<const csat::Veto*> found = FindVeto(plan->rep, FromC(veto, veto_size));
    if (!found.ok()) return found.status();
    const std::optional<csat::Period> when = csat::Period::Parse(FromC(period, period_size));
    if (!when.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("period ", csat::Quoted(FromC(period, period_size)),
                       " is none; '2025-03-14', '2025-W11', '2025-03', '2025-Q1', '2025-H1' and '2025' are"));
    }
    const absl::StatusOr<int64_t> counted =
        csat::CountIncidents(plan->rep.policy(), **found, list, FromC(subject, subject_size), *when);
    if (!counted.ok()) return counted.status();
    *out = *counted;
    return absl::OkStatus();
  });
}

csat_status csat_plan_apply_incidents(const csat_plan* plan, const csat_incident* const* incidents,
                                      size_t count, const struct ArrowSchema* schema,
                                      const struct ArrowArray* array, const char* subject_column,
                                      size_t subject_column_size, const char* period_column,
                                      size_t period_column_size, struct ArrowSchema* out_schema,
                                      struct ArrowArray* out_array, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    std::vector<Incident> list;
    absl::Status wrong = First(
        CheckHandle(plan, "plan"), CheckPointer(schema, "schema"), CheckPointer(array, "array"),
        CheckText(subject_column, subject_column_size, "subject_column"),
        CheckText(period_column, period_column_size, "period_column"), CheckPointer(out_schema, "out_schema"),
        CheckPointer(out_array, "out_array"), ReadIncidents(incidents, count, &list));
    if (!wrong.ok()) return wrong;
    return csat::ApplyIncidents(plan->rep, list, *schema, *array, FromC(subject_column, subject_column_size),
                                FromC(period_column, period_column_size), out_schema, out_array);
  });
}
