#include "csat/model/calendar.h"

#include <algorithm>
#include <cstdio>

namespace csat {
namespace {

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": days_from_civil and its inverse.
std::int64_t DaysFromCivil(std::int64_t y, int m, int d) {
  y -= m <= 2;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t yoe = y - era * 400;
  const std::int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

std::optional<int> Number(std::string_view digits) {
  int value = 0;
  for (char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// `days` later, or the last day there is.
CalendarDate After(CalendarDate day, int days) {
  const std::optional<CalendarDate> later = CalendarDate::FromDayNumber(day.DayNumber() + days);
  return later.has_value() ? *later : *CalendarDate::Create(9999, 12, 31);
}

}  // namespace

std::optional<CalendarDate> CalendarDate::Parse(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::optional<int> year = Number(text.substr(0, 4)), month = Number(text.substr(5, 2)),
                           day = Number(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  return Create(*year, *month, *day);
}

std::optional<CalendarDate> CalendarDate::FromDayNumber(std::int64_t days) {
  if (days < DaysFromCivil(1, 1, 1) || days > DaysFromCivil(9999, 12, 31)) return std::nullopt;
  const std::int64_t z = days + 719468;
  const std::int64_t era = z / 146097;
  const std::int64_t doe = z - era * 146097;
  const std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153;
  const int month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  return CalendarDate(static_cast<int>(yoe + era * 400 + (month <= 2)), month,
                      static_cast<int>(doy - (153 * mp + 2) / 5 + 1));
}

std::int64_t CalendarDate::DayNumber() const { return DaysFromCivil(year_, month_, day_); }

std::optional<CalendarDate> CalendarDate::PlusMonths(std::int64_t months) const {
  constexpr std::int64_t kMost = 12 * 10000;
  if (months > kMost || months < -kMost) return std::nullopt;
  const std::int64_t count = std::int64_t{year_} * 12 + (month_ - 1) + months;  // Months since the year 0.
  if (count < 12 || count >= kMost) return std::nullopt;
  const int year = static_cast<int>(count / 12), month = static_cast<int>(count % 12) + 1;
  return Create(year, month, std::min<int>(day_, DaysInMonth(year, month)));
}

int CalendarDate::Weekday() const {
  const std::int64_t since_monday = (DayNumber() + 3) % 7;
  return static_cast<int>((since_monday + 7) % 7) + 1;
}

std::string CalendarDate::ToString() const {
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", year_, month_, day_);
  return text;
}

Period Period::Containing(CalendarDate day, PeriodKind kind) {
  int months = 0;
  switch (kind) {
    case PeriodKind::kDay: return Period(kind, day, day);
    case PeriodKind::kWeek: {
      const CalendarDate monday = After(day, 1 - day.Weekday());
      return Period(kind, monday, After(monday, 6));
    }
    case PeriodKind::kMonth: months = 1; break;
    case PeriodKind::kQuarter: months = 3; break;
    case PeriodKind::kHalfYear: months = 6; break;
    case PeriodKind::kYear: months = 12; break;
  }
  const int from = (day.month() - 1) / months * months + 1, to = from + months - 1;
  return Period(kind, *CalendarDate::Create(day.year(), from, 1),
                *CalendarDate::Create(day.year(), to, CalendarDate::DaysInMonth(day.year(), to)));
}

std::optional<Period> Period::Parse(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  const std::optional<int> year = Number(text.substr(0, 4));
  if (!year.has_value()) return std::nullopt;
  // A day of the period that the text names, if there is one; the text is that of the period around it.
  std::optional<CalendarDate> day;
  PeriodKind kind = PeriodKind::kDay;
  if (text.size() == 4) {
    kind = PeriodKind::kYear;
    day = CalendarDate::Create(*year, 1, 1);
  } else if (text.size() == 7 && text[5] == 'Q') {
    kind = PeriodKind::kQuarter;
    day = CalendarDate::Create(*year, (text[6] - '1') * 3 + 1, 1);
  } else if (text.size() == 7 && text[5] == 'H') {
    kind = PeriodKind::kHalfYear;
    day = CalendarDate::Create(*year, (text[6] - '1') * 6 + 1, 1);
  } else if (text.size() == 7) {
    kind = PeriodKind::kMonth;
    day = CalendarDate::Create(*year, Number(text.substr(5)).value_or(0), 1);
  } else if (text.size() == 8 && text[5] == 'W') {
    kind = PeriodKind::kWeek;
    const std::optional<CalendarDate> fourth = CalendarDate::Create(*year, 1, 4);  // Lies in week 1.
    const std::optional<int> week = Number(text.substr(6));
    if (fourth.has_value() && week.has_value()) {
      day = CalendarDate::FromDayNumber(fourth->DayNumber() + 7 * (std::int64_t{*week} - 1));
    }
  } else {
    day = CalendarDate::Parse(text);
  }
  if (!day.has_value()) return std::nullopt;
  const Period period = Containing(*day, kind);
  return period.ToString() == text ? std::optional<Period>(period) : std::nullopt;
}

std::string Period::ToString() const {
  char text[48];
  const int year = first_.year(), month = first_.month();
  switch (kind_) {
    case PeriodKind::kDay: return first_.ToString();
    case PeriodKind::kWeek: {
      // ISO 8601: the week belongs to the year of its Thursday.
      const CalendarDate thursday = After(first_, 3);
      const std::int64_t ordinal =
          thursday.DayNumber() - CalendarDate::Create(thursday.year(), 1, 1)->DayNumber();
      std::snprintf(text, sizeof text, "%04d-W%02d", thursday.year(), static_cast<int>(ordinal / 7) + 1);
      return text;
    }
    case PeriodKind::kMonth: std::snprintf(text, sizeof text, "%04d-%02d", year, month); return text;
    case PeriodKind::kQuarter:
      std::snprintf(text, sizeof text, "%04d-Q%d", year, (month + 2) / 3);
      return text;
    case PeriodKind::kHalfYear:
      std::snprintf(text, sizeof text, "%04d-H%d", year, month < 7 ? 1 : 2);
      return text;
    case PeriodKind::kYear: std::snprintf(text, sizeof text, "%04d", year); return text;
  }
  return {};
}

}  // namespace csat
