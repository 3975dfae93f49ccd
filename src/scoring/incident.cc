#include "csat/scoring/incident.h"

#include <string_view>
#include <unordered_set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "csat/model/foreign_text.h"
#include "csat/policy/canonical_object.h"
#include "scoring/incident_days.h"
#include "scoring/json_members.h"

namespace csat {
namespace {

std::string_view StateName(Incident::State state) {
  switch (state) {
    case Incident::State::kProposed: return "proposed";
    case Incident::State::kConfirmed: return "confirmed";
    case Incident::State::kRevoked: return "revoked";
  }
  return "";
}

}  // namespace

absl::StatusOr<Incident> Incident::Propose(std::string id, std::string subject, std::string code,
                                           std::int64_t occurred_at) {
  if (id.empty()) return absl::InvalidArgumentError("incident: the id is empty");
  if (subject.empty())
    return absl::InvalidArgumentError(absl::StrCat("incident ", Quoted(id), ": the subject is empty"));
  if (code.empty())
    return absl::InvalidArgumentError(absl::StrCat("incident ", Quoted(id), ": the code is empty"));
  Incident incident;
  incident.id_ = std::move(id);
  incident.subject_ = std::move(subject);
  incident.code_ = std::move(code);
  incident.occurred_at_ = occurred_at;
  if (absl::Status status = CheckUtf8(incident.ToJson(), "incident"); !status.ok()) return status;
  return incident;
}

absl::StatusOr<Incident> Incident::Confirm(std::int64_t confirmed_at, std::string evidence_id,
                                           std::string approval_id) const {
  if (state_ != State::kProposed)
    return absl::FailedPreconditionError(
        absl::StrCat("incident ", Quoted(id_), " is not proposed, so it cannot be confirmed"));
  if (evidence_id.empty())
    return absl::InvalidArgumentError(
        absl::StrCat("incident ", Quoted(id_), ": confirming it needs the id of its evidence"));
  if (confirmed_at < occurred_at_) {
    return absl::InvalidArgumentError(absl::StrCat("incident ", Quoted(id_), ": confirmed at ", confirmed_at,
                                                   ", before it occurred at ", occurred_at_));
  }
  Incident confirmed = *this;
  confirmed.state_ = State::kConfirmed;
  confirmed.confirmed_at_ = confirmed_at;
  confirmed.evidence_id_ = std::move(evidence_id);
  confirmed.approval_id_ = std::move(approval_id);
  if (absl::Status status = CheckUtf8(confirmed.ToJson(), "incident"); !status.ok()) return status;
  return confirmed;
}

absl::StatusOr<Incident> Incident::Revoke(std::int64_t revoked_at, std::string reason) const {
  if (state_ != State::kConfirmed)
    return absl::FailedPreconditionError(
        absl::StrCat("incident ", Quoted(id_), " is not confirmed, so it cannot be revoked"));
  if (reason.empty())
    return absl::InvalidArgumentError(absl::StrCat("incident ", Quoted(id_), ": revoking it needs a reason"));
  if (revoked_at < confirmed_at_) {
    return absl::InvalidArgumentError(absl::StrCat("incident ", Quoted(id_), ": revoked at ", revoked_at,
                                                   ", before it was confirmed at ", confirmed_at_));
  }
  Incident revoked = *this;
  revoked.state_ = State::kRevoked;
  revoked.revoked_at_ = revoked_at;
  revoked.revocation_reason_ = std::move(reason);
  if (absl::Status status = CheckUtf8(revoked.ToJson(), "incident"); !status.ok()) return status;
  return revoked;
}

std::string Incident::ToJson() const {
  CanonicalObject json;
  if (state_ != State::kProposed) json.Text("approval_id", approval_id_);
  json.Text("code", code_);
  if (state_ != State::kProposed) {
    json.Integer("confirmed_at", confirmed_at_);
    json.Text("evidence_id", evidence_id_);
  }
  json.Text("id", id_);
  json.Integer("occurred_at", occurred_at_);
  if (state_ == State::kRevoked) {
    json.Text("revocation_reason", revocation_reason_);
    json.Integer("revoked_at", revoked_at_);
  }
  json.Text("state", StateName(state_));
  json.Text("subject", subject_);
  return json.Close();
}

absl::StatusOr<Incident> Incident::FromJson(std::string_view json) {
  absl::StatusOr<JsonMembers> read = JsonMembers::Read(json, "incident");
  if (!read.ok()) return read.status();
  const std::string state = read->Text("state"), id = read->Text("id"), subject = read->Text("subject"),
                    code = read->Text("code");
  const std::int64_t occurred_at = read->Integer("occurred_at");
  const bool revoked = state == "revoked", confirmed = revoked || state == "confirmed";
  if (!confirmed && state != "proposed") {
    read->Refuse(absl::StrCat("state ", Quoted(state), " is none of proposed, confirmed, revoked"));
  }
  const std::int64_t confirmed_at = confirmed ? read->Integer("confirmed_at") : 0;
  const std::string evidence_id = confirmed ? read->Text("evidence_id") : "";
  const std::string approval_id = confirmed && read->Has("approval_id") ? read->Text("approval_id") : "";
  const std::int64_t revoked_at = revoked ? read->Integer("revoked_at") : 0;
  const std::string reason = revoked ? read->Text("revocation_reason") : "";
  if (absl::Status status = read->Finish(); !status.ok()) return status;
  absl::StatusOr<Incident> incident = Propose(id, subject, code, occurred_at);
  if (incident.ok() && confirmed) incident = incident->Confirm(confirmed_at, evidence_id, approval_id);
  if (incident.ok() && revoked) incident = incident->Revoke(revoked_at, reason);
  return incident;
}

absl::StatusOr<CalendarDate> DayOf(std::int64_t instant, std::string_view zone) {
  absl::TimeZone loaded;
  if (!absl::LoadTimeZone({zone.data(), zone.size()}, &loaded)) {
    return absl::NotFoundError(absl::StrCat("zone ", Quoted(zone), " is not in the tz database"));
  }
  const absl::CivilDay day(absl::ToCivilSecond(absl::FromUnixMillis(instant), loaded));
  const std::optional<CalendarDate> date =
      day.year() < 1 || day.year() > 9999
          ? std::nullopt
          : CalendarDate::Create(static_cast<int>(day.year()), day.month(), day.day());
  if (!date.has_value())
    return absl::OutOfRangeError(absl::StrCat("instant ", instant, " lies outside the years 1 to 9999"));
  return *date;
}

absl::Status CheckIncidents(const Veto& veto, const std::vector<Incident>& incidents) {
  if (veto.incident.empty())
    return absl::InvalidArgumentError(absl::StrCat("veto '", veto.id, "' is fed by no incidents"));
  std::unordered_set<std::string_view> ids;
  for (const Incident& incident : incidents) {
    if (!ids.insert(incident.id()).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("incident ", Quoted(incident.id()), " is there twice: give its latest state alone"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<CalendarDate>> CountedDay(const Policy& policy, const Veto& veto,
                                                       const Incident& incident) {
  if (incident.state() != Incident::State::kConfirmed || incident.code() != veto.incident)
    return std::nullopt;
  if (veto.needs_approval && incident.approval_id().empty()) return std::nullopt;
  const absl::StatusOr<CalendarDate> day =
      DayOf(veto.period == Veto::PeriodOf::kOccurrence ? incident.occurred_at() : incident.confirmed_at(),
            policy.zone());
  if (!day.ok()) return day.status();
  return *day;
}

absl::StatusOr<std::int64_t> CountIncidents(const Policy& policy, const Veto& veto,
                                            const std::vector<Incident>& incidents, std::string_view subject,
                                            const Period& period) {
  if (absl::Status status = CheckIncidents(veto, incidents); !status.ok()) return status;
  std::int64_t count = 0;
  for (const Incident& incident : incidents) {
    if (incident.subject() != subject) continue;
    const absl::StatusOr<std::optional<CalendarDate>> day = CountedDay(policy, veto, incident);
    if (!day.ok()) return day.status();
    if (day->has_value() && period.Contains(**day)) ++count;
  }
  return count;
}

}  // namespace csat
