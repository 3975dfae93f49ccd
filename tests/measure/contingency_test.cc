#include "csat/measure/contingency.h"

#include <cmath>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "measure/gap_words.h"

namespace csat {
namespace {

// Agresti's table of party by gender; R: chisq.test(m, correct = FALSE).
TEST(IndependenceTest, ChiSquare) {
  const Independence result = *TestIndependence({762, 327, 468, 484, 239, 477}, 3);
  EXPECT_NEAR(result.test.statistic, 30.07014909575467, 1e-13);
  EXPECT_EQ(result.test.df, 2);
  EXPECT_NEAR(result.test.p, 2.953589183211757e-07, 1e-20);
  EXPECT_NEAR(result.least_expected, 246.3547334058759, 1e-12);
  EXPECT_NEAR(result.cramers_v, std::sqrt(30.07014909575467 / 2757), 1e-15);
}

TEST(IndependenceTest, OneAndNone) {
  const Independence one = *TestIndependence({5, 0, 0, 7}, 2), none = *TestIndependence({2, 4, 3, 6}, 2);
  EXPECT_DOUBLE_EQ(one.cramers_v, 1);
  EXPECT_DOUBLE_EQ(one.test.statistic, 12);
  EXPECT_EQ(none.test.statistic, 0);
  EXPECT_EQ(none.test.p, 1);
}

TEST(IndependenceTest, WhereThereIsNone) {
  EXPECT_EQ(GapWords(TestIndependence({1, 2, 3}, 3)), "too_few");
  EXPECT_EQ(GapWords(TestIndependence({1, 2, 3}, 1)), "too_few");
  EXPECT_EQ(GapWords(TestIndependence({}, 2)), "too_few");
  EXPECT_EQ(GapWords(TestIndependence({1, 2, 3}, 2)), "invalid");
  EXPECT_EQ(GapWords(TestIndependence({1, 2}, 0)), "invalid");
  EXPECT_EQ(GapWords(TestIndependence({1, -2, 3, 4}, 2)), "invalid");
  EXPECT_EQ(GapWords(TestIndependence({1, 2, 0, 0}, 2)), "empty 1");
  EXPECT_EQ(GapWords(TestIndependence({0, 2, 0, 3}, 2)), "empty 2");  // Column 0 after two rows.
  EXPECT_EQ(GapWords(TestIndependence({0, 0, 0, 0}, 2)), "empty 0 1 2 3");
  EXPECT_EQ(GapWords(TestIndependence({std::int64_t{1} << 40, 1, 1, 1}, 2)), "invalid");
}

// R's example of prop.trend.test, which gives the square.
const std::vector<Proportion> kSmokers{{83, 86}, {90, 93}, {129, 136}, {70, 82}};

TEST(TrendTest, Shares) {
  const TestResult trend = *TestTrend(kSmokers);
  EXPECT_NEAR(trend.statistic, -std::sqrt(8.224922285197710), 1e-14);
  EXPECT_NEAR(trend.p, 0.004131897477641487, 1e-16);
  const TestResult last = *TestTrend(kSmokers, {0, 0, 0, 1});
  EXPECT_NEAR(last.statistic, -std::sqrt(12.17314622074025), 1e-14);
  EXPECT_NEAR(last.p, 4.848245934416745e-04, 1e-17);
  // Where the scores lie and how far apart changes nothing; their order does.
  EXPECT_NEAR(TestTrend(kSmokers, {10, 12, 14, 16})->statistic, trend.statistic, 1e-14);
  EXPECT_NEAR(TestTrend(kSmokers, {3, 2, 1, 0})->statistic, -trend.statistic, 1e-14);
  EXPECT_EQ(TestTrend(std::vector<Proportion>{{1, 4}, {2, 8}})->statistic, 0);
}

// Two groups: the z of the comparison of two shares.
TEST(TrendTest, OfTwoGroups) {
  EXPECT_NEAR(TestTrend(std::vector<Proportion>{{48, 80}, {56, 70}})->statistic, 2.650171951258533, 1e-14);
}

TEST(TrendTest, WhereThereIsNone) {
  const auto words = [](const std::vector<Proportion>& groups, const std::vector<std::int64_t>& scores) {
    return GapWords(TestTrend(groups, scores));
  };
  EXPECT_EQ(words({{1, 2}}, {}), "too_few");
  EXPECT_EQ(words({{0, 0}, {0, 0}}, {}), "empty");
  EXPECT_EQ(words({{0, 2}, {0, 3}}, {}), "constant");
  EXPECT_EQ(words({{2, 2}, {3, 3}}, {}), "constant");
  EXPECT_EQ(words({{1, 2}, {0, 0}}, {}), "constant");
  EXPECT_EQ(words({{1, 2}, {1, 3}}, {4, 4}), "constant");
  EXPECT_EQ(words({{1, 2}, {4, 3}}, {}), "invalid 1");
  EXPECT_EQ(words({{1, 2}, {1, 3}}, {1}), "invalid");
  EXPECT_EQ(words({{1, 2}, {1, 3}}, {0, (std::int64_t{1} << 31) + 1}), "invalid 1");
  EXPECT_EQ(words({{1, 2}, {1, 3}}, {0, std::int64_t{1} << 31}), "");
}

}  // namespace
}  // namespace csat
