#include "csat/model/calendar.h"

#include <cstdint>
#include <ostream>
#include <string>

#include "gtest/gtest.h"

namespace csat {

void PrintTo(CalendarDate date, std::ostream* out) { *out << date.ToString(); }

namespace {

CalendarDate Day(const char* text) { return *CalendarDate::Parse(text); }

static_assert(CalendarDate::Create(2025, 2, 28).has_value());
static_assert(!CalendarDate::Create(2025, 2, 29).has_value());
static_assert(*CalendarDate::Create(2024, 2, 29) < *CalendarDate::Create(2024, 3, 1));
static_assert(*CalendarDate::Create(2024, 12, 31) < *CalendarDate::Create(2025, 1, 1));
static_assert(*CalendarDate::Create(2024, 1, 31) != *CalendarDate::Create(2024, 2, 1));

TEST(CalendarDateTest, HoldsOnlyDaysThatExist) {
  struct Row {
    int year, month, day;
    bool exists;
  };
  const Row rows[] = {
      {1, 1, 1, true},      {0, 12, 31, false},    {9999, 12, 31, true}, {10000, 1, 1, false},
      {2025, 0, 1, false},  {2025, 12, 1, true},   {2025, 13, 1, false}, {2025, 1, 0, false},
      {2025, 1, 31, true},  {2025, 1, 32, false},  {2025, 4, 30, true},  {2025, 4, 31, false},
      {2025, 2, 28, true},  {2025, 2, 29, false},  {2024, 2, 29, true},  {2024, 2, 30, false},
      {1900, 2, 29, false}, {2000, 2, 29, true},   {2100, 2, 29, false}, {2400, 2, 29, true},
      {-2025, 1, 1, false}, {2025, -1, 1, false},  {2025, 1, -1, false}, {2025, 6, 31, false},
      {2025, 9, 31, false}, {2025, 11, 31, false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(CalendarDate::Create(row.year, row.month, row.day).has_value(), row.exists)
        << row.year << "-" << row.month << "-" << row.day;
  }
}

TEST(CalendarDateTest, ReadsOneFormOnly) {
  EXPECT_EQ(CalendarDate::Parse("2025-03-14"), CalendarDate::Create(2025, 3, 14));
  EXPECT_EQ(CalendarDate::Parse("0001-01-01"), CalendarDate::Create(1, 1, 1));
  for (const char* text :
       {"", "2025-3-14", "2025-03-4", "25-03-14", "2025/03/14", "2025-02-29", "2025-00-10", "2025-03-14T00",
        " 2025-03-14", "+025-03-14", "2025-+3-14", "0000-01-01", "2025-03-1a", "二〇二五年"}) {
    EXPECT_EQ(CalendarDate::Parse(text), std::nullopt) << text;
  }
}

// Every day from 0001-01-01 to 9999-12-31: the numbers count on by one, the fields by the calendar's own rule.
TEST(CalendarDateTest, EveryDayOfTenThousandYearsReadsBack) {
  constexpr std::int64_t kFirst = -719'162, kCount = 3'652'059;  // datetime.date.max.toordinal() of Python.
  EXPECT_FALSE(CalendarDate::FromDayNumber(kFirst - 1).has_value());
  EXPECT_FALSE(CalendarDate::FromDayNumber(kFirst + kCount).has_value());
  std::int64_t number = kFirst;
  int weekday = 1;  // 0001-01-01 was a Monday.
  for (int year = 1; year <= 9999; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= CalendarDate::DaysInMonth(year, month); ++day) {
        const std::optional<CalendarDate> date = CalendarDate::FromDayNumber(number);
        ASSERT_TRUE(date.has_value() && date->year() == year && date->month() == month && date->day() == day)
            << number;
        ASSERT_EQ(date->DayNumber(), number);
        ASSERT_EQ(date->Weekday(), weekday) << number;
        weekday = weekday % 7 + 1;
        ++number;
      }
    }
  }
  EXPECT_EQ(number - kFirst, kCount);
}

TEST(CalendarDateTest, LeapYears) {
  for (const int year : {4, 400, 1600, 1996, 2000, 2024, 2400})
    EXPECT_TRUE(CalendarDate::IsLeapYear(year)) << year;
  for (const int year : {1, 100, 1700, 1900, 2023, 2025, 2100, 9999})
    EXPECT_FALSE(CalendarDate::IsLeapYear(year)) << year;
}

// Rows computed with isocalendar() and toordinal() of Python's datetime.
TEST(PeriodTest, IsoWeeks) {
  struct Row {
    const char* day;
    const char* week;
    int weekday;
    std::int64_t number;
  };
  const Row rows[] = {
      {"2020-12-31", "2020-W53", 4, 18627},   {"2021-01-01", "2020-W53", 5, 18628},
      {"2021-01-03", "2020-W53", 7, 18630},   {"2021-01-04", "2021-W01", 1, 18631},
      {"2024-12-29", "2024-W52", 7, 20086},   {"2024-12-30", "2025-W01", 1, 20087},
      {"2025-01-01", "2025-W01", 3, 20089},   {"2025-03-14", "2025-W11", 5, 20161},
      {"2015-12-31", "2015-W53", 4, 16800},   {"2016-01-03", "2015-W53", 7, 16803},
      {"2016-01-04", "2016-W01", 1, 16804},   {"2026-12-31", "2026-W53", 4, 20818},
      {"2027-01-03", "2026-W53", 7, 20821},   {"2027-01-04", "2027-W01", 1, 20822},
      {"2008-12-28", "2008-W52", 7, 14241},   {"2008-12-29", "2009-W01", 1, 14242},
      {"2009-12-31", "2009-W53", 4, 14609},   {"2010-01-03", "2009-W53", 7, 14612},
      {"2010-01-04", "2010-W01", 1, 14613},   {"1970-01-01", "1970-W01", 4, 0},
      {"2000-02-29", "2000-W09", 2, 11016},   {"0001-01-01", "0001-W01", 1, -719162},
      {"0001-01-07", "0001-W01", 7, -719156}, {"9999-12-26", "9999-W51", 7, 2932891},
      {"9999-12-31", "9999-W52", 5, 2932896},
  };
  for (const Row& row : rows) {
    const CalendarDate day = Day(row.day);
    EXPECT_EQ(Period::Containing(day, PeriodKind::kWeek).ToString(), row.week) << row.day;
    EXPECT_EQ(day.Weekday(), row.weekday) << row.day;
    EXPECT_EQ(day.DayNumber(), row.number) << row.day;
  }
}

// calendar periods; weeks Monday to Sunday, half-years January to June and July to December.
TEST(PeriodTest, FirstAndLastDay) {
  struct Row {
    PeriodKind kind;
    const char* day;
    const char* name;
    const char* first;
    const char* last;
  };
  const Row rows[] = {
      {PeriodKind::kDay, "2025-03-14", "2025-03-14", "2025-03-14", "2025-03-14"},
      {PeriodKind::kWeek, "2025-03-10", "2025-W11", "2025-03-10", "2025-03-16"},
      {PeriodKind::kWeek, "2025-03-16", "2025-W11", "2025-03-10", "2025-03-16"},
      {PeriodKind::kWeek, "2025-03-17", "2025-W12", "2025-03-17", "2025-03-23"},
      {PeriodKind::kMonth, "2024-02-29", "2024-02", "2024-02-01", "2024-02-29"},
      {PeriodKind::kMonth, "2025-12-31", "2025-12", "2025-12-01", "2025-12-31"},
      {PeriodKind::kQuarter, "2025-03-31", "2025-Q1", "2025-01-01", "2025-03-31"},
      {PeriodKind::kQuarter, "2025-04-01", "2025-Q2", "2025-04-01", "2025-06-30"},
      {PeriodKind::kQuarter, "2025-10-01", "2025-Q4", "2025-10-01", "2025-12-31"},
      {PeriodKind::kHalfYear, "2025-06-30", "2025-H1", "2025-01-01", "2025-06-30"},
      {PeriodKind::kHalfYear, "2025-07-01", "2025-H2", "2025-07-01", "2025-12-31"},
      {PeriodKind::kYear, "2025-12-31", "2025", "2025-01-01", "2025-12-31"},
      {PeriodKind::kYear, "2026-01-01", "2026", "2026-01-01", "2026-12-31"},
      // The calendar's own ends.
      {PeriodKind::kDay, "9999-12-31", "9999-12-31", "9999-12-31", "9999-12-31"},
      {PeriodKind::kWeek, "9999-12-31", "9999-W52", "9999-12-27", "9999-12-31"},
      {PeriodKind::kMonth, "9999-12-31", "9999-12", "9999-12-01", "9999-12-31"},
      {PeriodKind::kYear, "9999-01-01", "9999", "9999-01-01", "9999-12-31"},
      {PeriodKind::kYear, "0001-01-01", "0001", "0001-01-01", "0001-12-31"},
  };
  for (const Row& row : rows) {
    const Period period = Period::Containing(Day(row.day), row.kind);
    EXPECT_EQ(period.kind(), row.kind);
    EXPECT_EQ(period.ToString(), row.name) << row.day;
    EXPECT_EQ(period.first(), Day(row.first)) << row.name;
    EXPECT_EQ(period.last(), Day(row.last)) << row.name;
    EXPECT_TRUE(period.Contains(period.first()) && period.Contains(period.last())) << row.name;
    for (const std::int64_t outside : {period.first().DayNumber() - 1, period.last().DayNumber() + 1}) {
      const std::optional<CalendarDate> day = CalendarDate::FromDayNumber(outside);
      EXPECT_FALSE(day.has_value() && period.Contains(*day)) << row.name << ", " << outside;
    }
  }
}

TEST(PeriodTest, AreEqualByKindAndDays) {
  const Period march = Period::Containing(Day("2025-03-01"), PeriodKind::kMonth);
  EXPECT_TRUE(march == Period::Containing(Day("2025-03-31"), PeriodKind::kMonth));
  EXPECT_FALSE(march == Period::Containing(Day("2025-04-01"), PeriodKind::kMonth));
  EXPECT_FALSE(Period::Containing(Day("2025-01-01"), PeriodKind::kMonth) ==
               Period::Containing(Day("2025-01-01"), PeriodKind::kQuarter));
}

// P2-25
TEST(CalendarDateTest, MonthsLater) {
  struct Row {
    const char* day;
    std::int64_t months;
    const char* later;  // nullptr: outside of the years.
  };
  const Row rows[] = {
      {"2025-05-31", -3, "2025-02-28"}, {"2024-05-31", -3, "2024-02-29"},
      {"2025-06-15", -3, "2025-03-15"}, {"2025-01-31", 1, "2025-02-28"},
      {"2025-03-03", 1, "2025-04-03"},  {"2025-12-31", 2, "2026-02-28"},
      {"2025-07-31", 0, "2025-07-31"},  {"2025-01-15", -12, "2024-01-15"},
      {"0001-01-31", -1, nullptr},      {"9999-11-30", 1, "9999-12-30"},
      {"9999-12-01", 1, nullptr},       {"2025-01-01", 1'000'000'000'000, nullptr},
      {"2025-01-01", -95'988, nullptr}, {"0001-01-01", 119'987, "9999-12-01"},
  };
  for (const Row& row : rows) {
    const std::optional<CalendarDate> later = CalendarDate::Parse(row.day)->PlusMonths(row.months);
    EXPECT_EQ(later.has_value() ? later->ToString() : "", row.later == nullptr ? "" : row.later)
        << row.day << " " << row.months;
  }
}

}  // namespace
}  // namespace csat
