#include "csat/scoring/incident.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace csat {

absl::StatusOr<Incident> Incident::Propose(std::string id, std::string subject, std::string code, std::int64_t occurred_at) {
  if (id.empty()) return absl::InvalidArgumentError("incident: the id is empty");
  if (subject.empty()) return absl::InvalidArgumentError(absl::StrCat("incident '", id, "': the subject is empty"));
  if (code.empty()) return absl::InvalidArgumentError(absl::StrCat("incident '", id, "': the code is empty"));
  Incident incident;
  incident.id_ = std::move(id);
  incident.subject_ = std::move(subject);
  incident.code_ = std::move(code);
  incident.occurred_at_ = occurred_at;
  return incident;
}

absl::StatusOr<Incident> Incident::Confirm(std::int64_t confirmed_at, std::string evidence_id, std::string approval_id) const {
  if (state_ != State::kProposed) return absl::FailedPreconditionError(absl::StrCat("incident '", id_, "' is not proposed, so it cannot be confirmed"));
  if (evidence_id.empty()) return absl::InvalidArgumentError(absl::StrCat("incident '", id_, "': confirming it needs the id of its evidence"));
  if (confirmed_at < occurred_at_) {
    return absl::InvalidArgumentError(absl::StrCat("incident '", id_, "': confirmed at ", confirmed_at, ", before it occurred at ", occurred_at_));
  }
  Incident confirmed = *this;
  confirmed.state_ = State::kConfirmed;
  confirmed.confirmed_at_ = confirmed_at;
  confirmed.evidence_id_ = std::move(evidence_id);
  confirmed.approval_id_ = std::move(approval_id);
  return confirmed;
}

absl::StatusOr<Incident> Incident::Revoke(std::int64_t revoked_at, std::string reason) const {
  if (state_ != State::kConfirmed) return absl::FailedPreconditionError(absl::StrCat("incident '", id_, "' is not confirmed, so it cannot be revoked"));
  if (reason.empty()) return absl::InvalidArgumentError(absl::StrCat("incident '", id_, "': revoking it needs a reason"));
  if (revoked_at < confirmed_at_) {
    return absl::InvalidArgumentError(absl::StrCat("incident '", id_, "': revoked at ", revoked_at, ", before it was confirmed at ", confirmed_at_));
  }
  Incident revoked = *this;
  revoked.state_ = State::kRevoked;
  revoked.revoked_at_ = revoked_at;
  revoked.revocation_reason_ = std::move(reason);
  return revoked;
}

absl::StatusOr<CalendarDate> DayOf(std::int64_t instant, std::string_view zone) {
  absl::TimeZone loaded;
  if (!absl::LoadTimeZone({zone.data(), zone.size()}, &loaded)) {
    return absl::NotFoundError(absl::StrCat("zone '", std::string(zone), "' is not in the tz database"));
  }
  const absl::CivilDay day(absl::ToCivilSecond(absl::FromUnixMillis(instant), loaded));
  const std::optional<CalendarDate> date = day.year() < 1 || day.year() > 9999
                                               ? std::nullopt
                                               : CalendarDate::Create(static_cast<int>(day.year()), day.month(), day.day());
  if (!date.has_value()) return absl::OutOfRangeError(absl::StrCat("instant ", instant, " lies outside the years 1 to 9999"));
  return *date;
}

absl::StatusOr<std::int64_t> CountIncidents(const Policy& policy, const Veto& veto, const std::vector<Incident>& incidents,
                                            std::string_view subject, const Period& period) {
  if (veto.incident.empty()) return absl::InvalidArgumentError(absl::StrCat("veto '", veto.id, "' is fed by no incidents"));
  std::int64_t count = 0;
  for (const Incident& incident : incidents) {
    if (incident.state() != Incident::State::kConfirmed || incident.code() != veto.incident || incident.subject() != subject) continue;
    if (veto.needs_approval && incident.approval_id().empty()) continue;
    const absl::StatusOr<CalendarDate> day =
        DayOf(veto.period == Veto::PeriodOf::kOccurrence ? incident.occurred_at() : incident.confirmed_at(), policy.zone());
    if (!day.ok()) return day.status();
    if (period.Contains(*day)) ++count;
  }
  return count;
}

}  // namespace csat
