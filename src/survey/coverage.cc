#include "csat/survey/coverage.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"

namespace csat {
namespace {

constexpr std::size_t kMostPeriods = 100000;

}  // namespace

absl::StatusOr<PeriodCoverage> CoverPeriods(PeriodKind kind, CalendarDate first, CalendarDate last,
                                            const std::vector<CalendarDate>& dates, CalendarDate as_of,
                                            int least) {
  if (last < first)
    return absl::InvalidArgumentError(
        absl::StrCat("the last day ", last.ToString(), " is before the first, ", first.ToString()));
  if (least < 1) return absl::InvalidArgumentError(absl::StrCat("least: ", least, " is below 1"));
  PeriodCoverage coverage;
  std::vector<CalendarDate> sorted = dates;
  std::sort(sorted.begin(), sorted.end());
  std::size_t periods = 0;
  for (Period period = Period::Containing(first, kind);;) {
    if (++periods > kMostPeriods)
      return absl::InvalidArgumentError(absl::StrCat("there are more than ", kMostPeriods, " periods"));
    const auto begin = std::lower_bound(sorted.begin(), sorted.end(), period.first());
    const auto end = std::upper_bound(begin, sorted.end(), period.last());
    if (end - begin >= least) {
      coverage.covered.push_back(period);
    } else {
      (period.last() < as_of ? coverage.missing : coverage.open).push_back(period);
    }
    const std::optional<CalendarDate> next = CalendarDate::FromDayNumber(period.last().DayNumber() + 1);
    if (!next.has_value() || last < *next) return coverage;
    period = Period::Containing(*next, kind);
  }
}

int CountWithinMonths(CalendarDate start, int months, const std::vector<CalendarDate>& dates) {
  const CalendarDate last = start.PlusMonths(months).value_or(*CalendarDate::Create(9999, 12, 31));
  return static_cast<int>(std::count_if(dates.begin(), dates.end(),
                                        [&](CalendarDate date) { return start <= date && date <= last; }));
}

CalendarDate RecencyCut(CalendarDate reference, int months) {
  return reference.PlusMonths(-std::int64_t{months}).value_or(*CalendarDate::Create(1, 1, 1));
}

std::vector<std::string> Gaps(const std::vector<std::string>& required,
                              const std::vector<std::string>& present) {
  std::set<std::string_view> there(present.begin(), present.end());
  std::vector<std::string> gaps;
  for (const std::string& one : required) {
    if (there.insert(one).second) gaps.push_back(one);
  }
  return gaps;
}

}  // namespace csat
