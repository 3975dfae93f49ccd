// Whether surveys came as often and as widely as a procedure asks for.
#ifndef CSAT_SURVEY_COVERAGE_H_
#define CSAT_SURVEY_COVERAGE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/model/calendar.h"

namespace csat {

// Periods of a kind between two days, and which of them hold how many dates.
struct PeriodCoverage {
  std::vector<Period> covered;
  // Over by `as_of`, with fewer dates than asked for.
  std::vector<Period> missing;
  // Not over yet, with fewer dates than asked for.
  std::vector<Period> open;
};

// Periods that contain `first` through `last`; each wants `least` of the dates. A period is over by the day after its
// last. InvalidArgument: last before first, least below 1, more than 100,000 periods. P0-34, P1-15, P2-129, P2-130,
// P3-10, P3-49, P4-15.
absl::StatusOr<PeriodCoverage> CoverPeriods(PeriodKind kind, CalendarDate first, CalendarDate last,
                                            const std::vector<CalendarDate>& dates, CalendarDate as_of,
                                            int least = 1);

// Dates from `start` through the same day so many months later, both included. P3-77.
int CountWithinMonths(CalendarDate start, int months, const std::vector<CalendarDate>& dates);

// The first day of those so many months back: an event on it still counts. P2-25.
CalendarDate RecencyCut(CalendarDate reference, int months);

// What of `required` is not among `present`, in the order of `required`, each once. P1-19, P1-20.
std::vector<std::string> Gaps(const std::vector<std::string>& required,
                              const std::vector<std::string>& present);

}  // namespace csat

#endif  // CSAT_SURVEY_COVERAGE_H_
