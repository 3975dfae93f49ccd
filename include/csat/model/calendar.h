// Calendar days and the periods that scores and targets belong to. Proleptic Gregorian; no clock, no zone:
// which day an instant falls on is settled where the zone is known.
#ifndef CSAT_MODEL_CALENDAR_H_
#define CSAT_MODEL_CALENDAR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace csat {

// A day of the calendar, years 1 to 9999. Cannot hold 31 February.
class CalendarDate {
 public:
  // nullopt: no such day.
  static constexpr std::optional<CalendarDate> Create(int year, int month, int day) {
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month)) {
      return std::nullopt;
    }
    return CalendarDate(year, month, day);
  }
  // "YYYY-MM-DD" only.
  static std::optional<CalendarDate> Parse(std::string_view text);
  // Days since 1970-01-01, which is day 0. nullopt outside of the years 1 to 9999.
  static std::optional<CalendarDate> FromDayNumber(std::int64_t days);

  constexpr int year() const { return year_; }
  constexpr int month() const { return month_; }
  constexpr int day() const { return day_; }
  std::int64_t DayNumber() const;
  // 1 Monday to 7 Sunday.
  int Weekday() const;
  // So many months later, or earlier if below 0, on the same day of the month or on its last day where it has fewer:
  // three months before 31 May is 28 or 29 February. nullopt outside of the years 1 to 9999.
  std::optional<CalendarDate> PlusMonths(std::int64_t months) const;
  std::string ToString() const;

  static constexpr bool IsLeapYear(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }
  static constexpr int DaysInMonth(int year, int month) {
    return month == 2                                              ? (IsLeapYear(year) ? 29 : 28)
           : month == 4 || month == 6 || month == 9 || month == 11 ? 30
                                                                   : 31;
  }

  friend constexpr bool operator==(CalendarDate a, CalendarDate b) { return a.Key() == b.Key(); }
  friend constexpr bool operator!=(CalendarDate a, CalendarDate b) { return a.Key() != b.Key(); }
  friend constexpr bool operator<(CalendarDate a, CalendarDate b) { return a.Key() < b.Key(); }
  friend constexpr bool operator<=(CalendarDate a, CalendarDate b) { return a.Key() <= b.Key(); }

 private:
  constexpr CalendarDate(int year, int month, int day)
      : year_(static_cast<std::int16_t>(year)),
        month_(static_cast<std::int8_t>(month)),
        day_(static_cast<std::int8_t>(day)) {}
  constexpr int Key() const { return year_ * 512 + month_ * 32 + day_; }
  std::int16_t year_;
  std::int8_t month_, day_;
};

enum class PeriodKind { kDay, kWeek, kMonth, kQuarter, kHalfYear, kYear };

// A calendar period: the days from `first` through `last`. Weeks run Monday to Sunday, half-years January to June
// and July to December. What reaches beyond 9999-12-31 ends there.
class Period {
 public:
  static Period Containing(CalendarDate day, PeriodKind kind);
  // What ToString() writes. nullopt: no such period.
  static std::optional<Period> Parse(std::string_view text);
  PeriodKind kind() const { return kind_; }
  CalendarDate first() const { return first_; }
  CalendarDate last() const { return last_; }
  bool Contains(CalendarDate day) const { return first_ <= day && day <= last_; }
  // "2025-03-14", "2025-W11", "2025-03", "2025-Q1", "2025-H1", "2025".
  std::string ToString() const;
  friend bool operator==(const Period& a, const Period& b) {
    return a.kind_ == b.kind_ && a.first_ == b.first_;
  }

 private:
  Period(PeriodKind kind, CalendarDate first, CalendarDate last) : kind_(kind), first_(first), last_(last) {}
  PeriodKind kind_;
  CalendarDate first_, last_;
};

}  // namespace csat

#endif  // CSAT_MODEL_CALENDAR_H_
