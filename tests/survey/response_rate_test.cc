// P3-110
#include "csat/survey/response_rate.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

std::string Shown(const std::optional<Ratio>& rate) {
  return rate.has_value() ? rate->ToString(1, 100) : "none";
}

struct RateCase {
  const char* name;
  Dispositions of;
  const char *least, *with_partial, *most, *cooperation, *refusal, *contact;
};
void PrintTo(const RateCase& test, std::ostream* out) { *out << test.name; }

class ResponseRateTest : public ::testing::TestWithParam<RateCase> {};

TEST_P(ResponseRateTest, Rates) {
  const RateCase& test = GetParam();
  const ResponseRates rates = *RatesOf(test.of);
  EXPECT_EQ(Shown(rates.least), test.least);
  EXPECT_EQ(Shown(rates.with_partial), test.with_partial);
  EXPECT_EQ(Shown(rates.most), test.most);
  EXPECT_EQ(Shown(rates.cooperation), test.cooperation);
  EXPECT_EQ(Shown(rates.refusal), test.refusal);
  EXPECT_EQ(Shown(rates.contact), test.contact);
}

INSTANTIATE_TEST_SUITE_P(
    Lists, ResponseRateTest,
    ::testing::ValuesIn<RateCase>({
        // 20 customers of a year, 18 surveyed.
        {"P3_110", {18, 0, 0, 2, 0, 0, 0}, "90.0", "90.0", "90.0", "100.0", "0.0", "90.0"},
        {"EveryKind", {500, 50, 200, 100, 50, 100, 400}, "50.0", "55.0", "61.1", "68.8", "20.0", "80.0"},
        {"UnknownOnly", {0, 0, 0, 0, 0, 10, 0}, "0.0", "0.0", "none", "none", "0.0", "0.0"},
        {"IneligibleOnly", {0, 0, 0, 0, 0, 0, 10}, "none", "none", "none", "none", "none", "none"},
        {"Nobody", {}, "none", "none", "none", "none", "none", "none"},
        {"Many",
         {std::int64_t{1} << 40, 0, 0, 0, 0, 0, 0},
         "100.0",
         "100.0",
         "100.0",
         "100.0",
         "0.0",
         "100.0"},
    }),
    [](const auto& info) { return info.param.name; });

TEST(ResponseRateTest, CountsOutOfRange) {
  EXPECT_EQ(RatesOf({0, -1, 0, 0, 0, 0, 0}).status().message(),
            "partial: -1 lies outside of [0, 2^40], with the others");
  EXPECT_FALSE(RatesOf({std::int64_t{1} << 40, 0, 0, 0, 0, 0, 1}).ok());
}

}  // namespace
}  // namespace csat
