// Incidents: misconduct that feeds a veto once somebody confirmed it (P2-44).
#ifndef CSAT_SCORING_INCIDENT_H_
#define CSAT_SCORING_INCIDENT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "csat/arrow/c_data.h"
#include "csat/model/calendar.h"
#include "csat/policy/policy.h"
#include "csat/scoring/plan.h"

namespace csat {

// An incident is proposed, then confirmed with evidence, and may be revoked; nothing else. Only a confirmed
// one counts. Instants are UTC milliseconds. A value.
class Incident {
 public:
  enum class State { kProposed, kConfirmed, kRevoked };

  // InvalidArgument: an empty id, subject or code. All three: a text that is not UTF-8.
  static absl::StatusOr<Incident> Propose(std::string id, std::string subject, std::string code,
                                          std::int64_t occurred_at);
  // FailedPrecondition: not proposed. InvalidArgument: no evidence id, or confirmed before it occurred.
  absl::StatusOr<Incident> Confirm(std::int64_t confirmed_at, std::string evidence_id,
                                   std::string approval_id = "") const;
  // FailedPrecondition: not confirmed. InvalidArgument: no reason, or revoked before it was confirmed.
  absl::StatusOr<Incident> Revoke(std::int64_t revoked_at, std::string reason) const;

  // From what ToJson() gave. InvalidArgument: not one JSON object with the members that its state has, or states
  // that could not have been reached.
  static absl::StatusOr<Incident> FromJson(std::string_view json);
  // One JSON object in canonical form (RFC 8785): id, subject, code, state ("proposed", "confirmed", "revoked"),
  // occurred_at, then evidence_id, approval_id, confirmed_at, then revocation_reason, revoked_at. Instants are
  // texts.
  std::string ToJson() const;

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
// record count only with one. InvalidArgument: the veto is fed by none, or one incident is there twice.
absl::StatusOr<std::int64_t> CountIncidents(const Policy& policy, const Veto& veto,
                                            const std::vector<Incident>& incidents, std::string_view subject,
                                            const Period& period);

// A field of the plan's records that incidents fill: the figure of a veto's metric.
struct IncidentFigure {
  std::string field;
  // More than one where several vetoes read the field: its figure is the sum of what feeds each.
  std::vector<const Veto*> vetoes;
};

// The fields of the plan that incidents fill, in policy order; vetoes borrowed from the plan. InvalidArgument: the
// condition of a veto that incidents feed reads anything but one number.
absl::StatusOr<std::vector<IncidentFigure>> IncidentFigures(const Plan& plan);

// The incident figures of the subject and period of each row of a struct array, as one int64 column for each of
// IncidentFigures(). Of the array only the key columns are read: subjects are words or integers, periods words
// ("2025-03"; see Period::ToString) or dates, which stand for the scorecard's period around them. A row that lacks
// a key has no figures: what that means the vetoes' missing rules say. `schema` and `array` are borrowed and not
// released; on failure `out_schema` and `out_array` are untouched.
// InvalidArgument: a key column is missing, there twice or of another type, a word is no period, dates where the
// scorecard has no period, and what CountIncidents() refuses.
absl::Status ApplyIncidents(const Plan& plan, const std::vector<Incident>& incidents,
                            const ArrowSchema& schema, const ArrowArray& array,
                            std::string_view subject_column, std::string_view period_column,
                            ArrowSchema* out_schema, ArrowArray* out_array);

}  // namespace csat

#endif  // CSAT_SCORING_INCIDENT_H_
