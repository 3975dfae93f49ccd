// P0-34, P1-15, P1-19, P2-25, P2-129, P2-130, P3-10, P3-49, P3-77, P4-15
#include "csat/survey/coverage.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::ElementsAre;

CalendarDate Day(const char* text) { return *CalendarDate::Parse(text); }

std::string Shown(const std::vector<Period>& periods) {
  std::string text;
  for (const Period& period : periods) text += (text.empty() ? "" : " ") + period.ToString();
  return text;
}

TEST(CoverageTest, PeriodsWithAndWithoutADate) {
  struct Row {
    const char* name;
    PeriodKind kind;
    const char *first, *last, *as_of;
    std::vector<const char*> dates;
    const char *covered, *missing, *open;
  };
  const Row rows[] = {
      {"P0-34, quarters at the end of the year",
       PeriodKind::kQuarter,
       "2025-01-01",
       "2025-12-31",
       "2026-01-01",
       {"2025-02-10"},
       "2025-Q1",
       "2025-Q2 2025-Q3 2025-Q4",
       ""},
      {"P0-34, the year",
       PeriodKind::kYear,
       "2025-01-01",
       "2025-12-31",
       "2026-01-01",
       {"2025-02-10"},
       "2025",
       "",
       ""},
      {"P1-15",
       PeriodKind::kYear,
       "2023-01-01",
       "2025-12-31",
       "2026-01-01",
       {"2023-11-30", "2025-02-01"},
       "2023 2025",
       "2024",
       ""},
      {"P2-129, weeks run Monday to Sunday",
       PeriodKind::kWeek,
       "2025-03-03",
       "2025-03-23",
       "2025-03-24",
       {"2025-03-04", "2025-03-18"},
       "2025-W10 2025-W12",
       "2025-W11",
       ""},
      {"P2-130",
       PeriodKind::kMonth,
       "2025-02-01",
       "2025-04-30",
       "2025-05-01",
       {"2025-02-28", "2025-04-01"},
       "2025-02 2025-04",
       "2025-03",
       ""},
      {"P3-10, complete",
       PeriodKind::kHalfYear,
       "2025-01-01",
       "2025-12-31",
       "2026-01-01",
       {"2025-02-10", "2025-08-20"},
       "2025-H1 2025-H2",
       "",
       ""},
      {"P3-10 and P4-15, on its last day a half-year is not over",
       PeriodKind::kHalfYear,
       "2025-01-01",
       "2025-12-31",
       "2025-12-31",
       {"2025-06-30"},
       "2025-H1",
       "",
       "2025-H2"},
      {"P3-10 and P4-15, the day after it is",
       PeriodKind::kHalfYear,
       "2025-01-01",
       "2025-12-31",
       "2026-01-01",
       {"2025-06-30"},
       "2025-H1",
       "2025-H2",
       ""},
      {"P3-49",
       PeriodKind::kQuarter,
       "2025-01-01",
       "2025-12-31",
       "2026-01-01",
       {"2025-01-01", "2025-06-30", "2025-12-31"},
       "2025-Q1 2025-Q2 2025-Q4",
       "2025-Q3",
       ""},
      {"no date at all",
       PeriodKind::kMonth,
       "2025-01-31",
       "2025-02-01",
       "2025-02-15",
       {},
       "",
       "2025-01",
       "2025-02"},
  };
  for (const Row& row : rows) {
    std::vector<CalendarDate> dates;
    for (const char* date : row.dates) dates.push_back(Day(date));
    const absl::StatusOr<PeriodCoverage> coverage =
        CoverPeriods(row.kind, Day(row.first), Day(row.last), dates, Day(row.as_of));
    ASSERT_TRUE(coverage.ok()) << row.name << ": " << coverage.status();
    EXPECT_EQ(Shown(coverage->covered), row.covered) << row.name;
    EXPECT_EQ(Shown(coverage->missing), row.missing) << row.name;
    EXPECT_EQ(Shown(coverage->open), row.open) << row.name;
  }
  EXPECT_FALSE(
      CoverPeriods(PeriodKind::kDay, Day("2025-02-01"), Day("2025-01-31"), {}, Day("2025-01-01")).ok());
  EXPECT_FALSE(
      CoverPeriods(PeriodKind::kDay, Day("2025-01-01"), Day("2025-01-31"), {}, Day("2025-01-01"), 0).ok());
  EXPECT_FALSE(
      CoverPeriods(PeriodKind::kDay, Day("0001-01-01"), Day("9999-12-31"), {}, Day("2025-01-01")).ok());
  const PeriodCoverage two = *CoverPeriods(PeriodKind::kYear, Day("2025-01-01"), Day("2025-01-01"),
                                           {Day("2025-03-01"), Day("2025-03-01")}, Day("2026-01-01"), 2);
  EXPECT_EQ(Shown(two.covered), "2025");
}

// P3-77: moved in on 2025-03-01, surveys within one year.
TEST(CoverageTest, WithinMonths) {
  EXPECT_EQ(CountWithinMonths(Day("2025-03-01"), 12, {Day("2025-08-01"), Day("2026-03-01")}), 2);
  EXPECT_EQ(CountWithinMonths(Day("2025-03-01"), 12, {Day("2025-08-01"), Day("2026-03-02")}), 1);
  EXPECT_EQ(CountWithinMonths(Day("2025-03-01"), 12, {Day("2025-02-28"), Day("2025-03-01")}), 1);
}

TEST(CoverageTest, RecencyIsClampedToTheEndOfAMonth) {
  EXPECT_EQ(RecencyCut(Day("2025-05-31"), 3), Day("2025-02-28"));
  EXPECT_EQ(RecencyCut(Day("2024-05-31"), 3), Day("2024-02-29"));
  EXPECT_EQ(RecencyCut(Day("2025-06-15"), 3), Day("2025-03-15"));
  EXPECT_EQ(RecencyCut(Day("0001-02-15"), 3), Day("0001-01-01"));
}

// P1-19: industries tyre and chem, the sample has only tyre.
TEST(CoverageTest, GapsInTheirOrder) {
  EXPECT_THAT(Gaps({"tyre", "chem"}, {"tyre"}), ElementsAre("chem"));
  EXPECT_THAT(Gaps({"c", "a", "c", "b"}, {"x"}), ElementsAre("c", "a", "b"));
  EXPECT_TRUE(Gaps({}, {"x"}).empty());
}

}  // namespace
}  // namespace csat
