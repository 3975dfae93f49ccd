// Incidents: misconduct that feeds a veto once somebody confirmed it (P2-44).
#ifndef CSAT_SCORING_INCIDENT_H_
#define CSAT_SCORING_INCIDENT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/model/calendar.h"
#include "csat/policy/policy.h"

namespace csat {

// An incident is proposed, then confirmed with evidence, and may be revoked; nothing else. Only a confirmed
// one counts. Instants are UTC milliseconds. A value.
class Incident {
 public:
  enum class State { kProposed, kConfirmed, kRevoked };

  // InvalidArgument: an empty id, subject or code.
  static absl::StatusOr<Incident> Propose(std::string id, std::string subject, std::string code, std::int64_t occurred_at);
  // FailedPrecondition: not proposed. InvalidArgument: no evidence id, or confirmed before it occurred.
  absl::StatusOr<Incident> Confirm(std::int64_t confirmed_at, std::string evidence_id, std::string approval_id = "") const;
  // FailedPrecondition: not confirmed. InvalidArgument: no reason, or revoked before it was confirmed.
  absl::StatusOr<Incident> Revoke(std::int64_t revoked_at, std::string reason) const;

  const std::string& id() const { return id_; }
  const std::string& subject() const { return subject_; }
  const std::string& code() const { return code_; }
  State state() const { return state_; }
  std::int64_t occurred_at() const { return occurred_at_; }
  std::int64_t confirmed_at() const { return confirmed_at_; }
  std::int64_t revoked_at() const { return revoked_at_; }
  const std::string& evidence_id() const { return evidence_id_; }
  const std::string& approval_id() const { return approval_id_; }
  const std::string& revocation_reason() const { return revocation_reason_; }

 private:
  Incident() = default;
  std::string id_, subject_, code_, evidence_id_, approval_id_, revocation_reason_;
  State state_ = State::kProposed;
  std::int64_t occurred_at_ = 0, confirmed_at_ = 0, revoked_at_ = 0;
};

// The day on which an instant falls in the policy's zone. NotFound: no such zone in the tz database.
absl::StatusOr<CalendarDate> DayOf(std::int64_t instant, std::string_view zone);

// How many confirmed incidents feed `veto` for a subject in a period: the figure of the veto's metric. The
// period is that of the occurrence or of the confirmation, as the veto says. Incidents that need an approval
// record count only with one.
absl::StatusOr<std::int64_t> CountIncidents(const Policy& policy, const Veto& veto, const std::vector<Incident>& incidents,
                                            std::string_view subject, const Period& period);

}  // namespace csat

#endif  // CSAT_SCORING_INCIDENT_H_
