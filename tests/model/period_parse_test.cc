// Period::Parse of csat/model/calendar.h.
#include "csat/model/calendar.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

struct PeriodCase {
  const char* name;
  const char* text;
  const char* first;  // Its first day; nullptr: no period.
};

class PeriodParseTest : public testing::TestWithParam<PeriodCase> {};

TEST_P(PeriodParseTest, ReadsWhatToStringWrites) {
  const std::optional<Period> period = Period::Parse(GetParam().text);
  if (GetParam().first == nullptr) {
    EXPECT_FALSE(period.has_value());
    return;
  }
  ASSERT_TRUE(period.has_value());
  EXPECT_EQ(period->first().ToString(), GetParam().first);
  EXPECT_EQ(period->ToString(), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(Texts, PeriodParseTest,
                         testing::ValuesIn(std::vector<PeriodCase>{
                             {"Day", "2025-03-14", "2025-03-14"},
                             {"LeapDay", "2024-02-29", "2024-02-29"},
                             {"NoLeapDay", "2025-02-29", nullptr},
                             {"Month", "2025-03", "2025-03-01"},
                             {"LastMonth", "2025-12", "2025-12-01"},
                             {"Month13", "2025-13", nullptr},
                             {"Month0", "2025-00", nullptr},
                             {"FirstQuarter", "2025-Q1", "2025-01-01"},
                             {"LastQuarter", "2025-Q4", "2025-10-01"},
                             {"Quarter0", "2025-Q0", nullptr},
                             {"Quarter5", "2025-Q5", nullptr},
                             {"FirstHalf", "2025-H1", "2025-01-01"},
                             {"SecondHalf", "2025-H2", "2025-07-01"},
                             {"Half3", "2025-H3", nullptr},
                             {"Year", "2025", "2025-01-01"},
                             {"LastYear", "9999", "9999-01-01"},
                             {"Year0", "0000", nullptr},
                             // ISO 8601: week 1 holds 4 January.
                             {"Week1BeginsTheYearBefore", "2025-W01", "2024-12-30"},
                             {"Week53OfALongYear", "2020-W53", "2020-12-28"},
                             {"Week53OfAShortYear", "2025-W53", nullptr},
                             {"Week0", "2025-W00", nullptr},
                             {"Empty", "", nullptr},
                             {"Word", "March", nullptr},
                             {"OtherSeparator", "2025/03", nullptr},
                             {"SmallLetter", "2025-q1", nullptr},
                             {"Sign", "2025-+3", nullptr},
                             {"Blank", "2025-03 ", nullptr},
                         }),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace csat
