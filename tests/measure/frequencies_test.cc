#include "csat/measure/frequencies.h"

#include <cmath>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "measure/answers.h"
#include "measure/gap_words.h"

namespace csat {
namespace {

// The ratings of clauses P2-68 to P2-70.
const Frequencies kRatings{1, {{1, 1}, {2, 1}, {3, 1}, {4, 4}, {5, 3}}};

// P2-68
TEST(FrequenciesTest, SharesModeMedianAndBoxesOfTheClause) {
  EXPECT_EQ(FrequenciesOf({5, 5, 4, 4, 4, 3, 2, 5, 1, 4}).levels.size(), 5u);
  const char* const shares[] = {"10.0", "10.0", "10.0", "40.0", "30.0"};
  for (int level = 1; level <= 5; ++level) {
    const std::int64_t count = AtLeast(kRatings, level)->count - AtLeast(kRatings, level + 1)->count;
    EXPECT_EQ(ExactShare({count, 10})->ToString(1, 100), shares[level - 1]);
  }
  EXPECT_EQ(*Modes(kRatings), std::vector<double>{4});
  EXPECT_EQ(*Median(kRatings), 4);
  EXPECT_EQ(TopBox(kRatings, 5, 1)->count, 3);
  EXPECT_EQ(TopBox(kRatings, 5, 2)->count, 7);
  EXPECT_EQ(BottomBox(kRatings, 1, 1)->count, 1);
  EXPECT_EQ(BottomBox(kRatings, 1, 2)->count, 2);
}

// P2-69: 1.3375 and 1.2689. P2-70: 37/10.
TEST(FrequenciesTest, MeanAndDeviationOfTheClause) {
  const Moments moments = *MomentsOf(kRatings);
  EXPECT_EQ(ExactMean(moments)->ToString(4), "3.7000");
  EXPECT_EQ(*Mean(moments), 3.7);
  // (10 * 153 - 37^2) / 90, in closed form.
  EXPECT_DOUBLE_EQ(*Variance(moments), 161.0 / 90);
  EXPECT_NEAR(*StandardDeviation(moments), 1.3375, 5e-5);
  EXPECT_NEAR(*StandardDeviation(moments, Divisor::kPopulation), 1.2689, 5e-5);
}

struct QuantileCase {
  const char* name;
  std::vector<std::int64_t> values;
  std::int64_t unit;
  double p, want;
};
void PrintTo(const QuantileCase& test, std::ostream* out) { *out << test.name; }

class FrequencyQuantileTest : public ::testing::TestWithParam<QuantileCase> {};

TEST_P(FrequencyQuantileTest, Type7) {
  const QuantileCase& test = GetParam();
  EXPECT_DOUBLE_EQ(*Quantile(FrequenciesOf(test.values, test.unit), test.p), test.want);
}

INSTANTIATE_TEST_SUITE_P(Quantiles, FrequencyQuantileTest,
                         ::testing::ValuesIn<QuantileCase>({
                             {"OfOneValue", {7}, 1, 0.3, 7},
                             {"EvenMedian", {1, 2, 3, 10}, 1, 0.5, 2.5},
                             {"OddMedian", {1, 2, 10}, 1, 0.5, 2},
                             {"Least", {4, 1, 9}, 1, 0, 1},
                             {"Greatest", {4, 1, 9}, 1, 1, 9},
                             {"OnAnOrderStatistic", {1, 2, 3, 4, 5}, 1, 0.25, 2},
                             {"Between", {1, 2, 3, 4}, 1, 0.25, 1.75},  // R: quantile(1:4, 0.25)
                             {"AcrossAGap", {0, 0, 0, 100}, 1, 0.9, 70},
                             {"WithinATie", {1, 3, 3, 3, 9}, 1, 0.6, 3},
                             {"InTicks", {15, 25}, 10, 0.5, 2},
                         }),
                         [](const auto& info) { return info.param.name; });

TEST(FrequenciesTest, ModesThatTie) {
  EXPECT_EQ(*Modes({10, {{-20, 3}, {5, 1}, {15, 3}}}), (std::vector<double>{-2, 1.5}));
}

TEST(FrequenciesTest, Shape) {
  const Frequencies skewed = FrequenciesOf({1, 1, 1, 1, 2, 2, 3, 9});
  // SciPy 1.17: skew and kurtosis of these.
  EXPECT_NEAR(*Skewness(skewed), 1.9687042796563858, 1e-14);
  EXPECT_NEAR(*ExcessKurtosis(skewed), 2.3417159763313613, 1e-14);
  EXPECT_EQ(*Skewness({1, {{1, 5}, {3, 5}}}), 0);
  EXPECT_EQ(*ExcessKurtosis({1, {{1, 5}, {3, 5}}}), -2);
  // A shift and a unit change nothing.
  EXPECT_EQ(*Skewness(FrequenciesOf({1, 1, 1, 1, 2, 2, 3, 9}, 10)), *Skewness(skewed));
}

TEST(FrequenciesTest, Boxes) {
  const Frequencies tenths{10, {{40, 2}, {45, 3}, {50, 1}}};
  EXPECT_EQ(TopBox(tenths, 50, 1)->count, 1);  // 5.0 alone.
  EXPECT_EQ(TopBox(tenths, 50, 2)->count, 6);  // From 4.0, inclusive.
  EXPECT_EQ(TopBox(tenths, 60, 2)->count, 1);  // Nobody chose 6.
  EXPECT_EQ(BottomBox(tenths, 40, 1)->count, 2);
  EXPECT_EQ(TopBox(tenths, 50, 2'000'000'000)->count, 6);
  EXPECT_EQ(GapWords(TopBox(tenths, 50, 0)), "invalid");
}

TEST(FrequenciesTest, WhereThereIsNone) {
  const Frequencies none{1, {{1, 0}, {2, 0}}}, constant{1, {{3, 8}}}, one{1, {{3, 1}}};
  EXPECT_EQ(GapWords(MomentsOf(none)), "empty");
  EXPECT_EQ(GapWords(Modes(none)), "empty");
  EXPECT_EQ(GapWords(Median(none)), "empty");
  EXPECT_EQ(GapWords(AtLeast(none, 1)), "empty");
  EXPECT_EQ(GapWords(Skewness(none)), "empty");
  EXPECT_EQ(GapWords(Skewness(constant)), "constant");
  EXPECT_EQ(GapWords(ExcessKurtosis(constant)), "constant");
  // P2-69: one answer has no deviation.
  EXPECT_EQ(GapWords(StandardDeviation(*MomentsOf(one))), "too_few");
  EXPECT_EQ(*StandardDeviation(*MomentsOf(one), Divisor::kPopulation), 0);
  EXPECT_EQ(GapWords(Quantile(kRatings, -0.001)), "invalid");
  EXPECT_EQ(GapWords(Quantile(kRatings, 1.001)), "invalid");
  EXPECT_EQ(GapWords(Quantile(kRatings, std::nan(""))), "invalid");
}

TEST(FrequenciesTest, TablesThatAreNone) {
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  const std::pair<Frequencies, const char*> tables[] = {
      {{1, {{2, 1}, {1, 1}}}, "invalid 1"},
      {{1, {{2, 1}, {2, 1}}}, "invalid 1"},
      {{1, {{1, 1}, {2, -1}}}, "invalid 1"},
      {{0, {{1, 1}}}, "invalid"},
      {{1, {{kMost, 1}}}, ""},
      {{1, {{kMost + 1, 1}}}, "invalid 0"},
      {{1, {{1, kMost}}}, ""},
      {{1, {{1, kMost}, {2, 1}}}, "invalid 1"},
  };
  for (const auto& [table, want] : tables) EXPECT_EQ(GapWords(MomentsOf(table)), want);
}

}  // namespace
}  // namespace csat
