// Which incidents count for a veto, and on which day.
#ifndef CSAT_SRC_SCORING_INCIDENT_DAYS_H_
#define CSAT_SRC_SCORING_INCIDENT_DAYS_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "csat/scoring/incident.h"

namespace csat {

// InvalidArgument: the veto is fed by no incidents, or one incident is there twice.
absl::Status CheckIncidents(const Veto& veto, const std::vector<Incident>& incidents);

// The day that decides about an incident's period; nullopt: it does not count for the veto. Errors are those of
// DayOf().
absl::StatusOr<std::optional<CalendarDate>> CountedDay(const Policy& policy, const Veto& veto,
                                                       const Incident& incident);

}  // namespace csat

#endif  // CSAT_SRC_SCORING_INCIDENT_DAYS_H_
