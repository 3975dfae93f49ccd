#include "csat/measure/two_samples.h"

#include <cmath>
#include <string>

#include "gtest/gtest.h"
#include "measure/gap_words.h"

namespace csat {
namespace {

struct NewcombeCase {
  const char* name;
  Proportion a, b;
  double low, high;
};
void PrintTo(const NewcombeCase& test, std::ostream* out) { *out << test.name; }

class NewcombeTest : public ::testing::TestWithParam<NewcombeCase> {};

TEST_P(NewcombeTest, Bounds) {
  const NewcombeCase& test = GetParam();
  const Interval interval = *NewcombeInterval(test.a, test.b);
  EXPECT_NEAR(interval.low, test.low, 1e-14);
  EXPECT_NEAR(interval.high, test.high, 1e-14);
  const Interval turned = *NewcombeInterval(test.b, test.a);
  EXPECT_NEAR(turned.low, -test.high, 1e-14);
  EXPECT_NEAR(turned.high, -test.low, 1e-14);
}

// The eight pairs of table II of Newcombe (1998b), method 10, to more digits by statsmodels 0.15.
INSTANTIATE_TEST_SUITE_P(Pairs, NewcombeTest,
                         ::testing::ValuesIn<NewcombeCase>({
                             {"a", {56, 70}, {48, 80}, 0.05243147240236498, 0.33387265403690614},
                             {"b", {9, 10}, {3, 10}, 0.1705227239345029, 0.809017973535488},
                             {"c", {6, 7}, {2, 7}, 0.05822792748231209, 0.8062496375242278},
                             {"d", {5, 56}, {0, 29}, -0.038137147903536936, 0.19256001385511165},
                             {"e", {0, 10}, {0, 20}, -0.1611251580528194, 0.27753279986288926},
                             {"f", {0, 10}, {0, 10}, -0.27753279986288926, 0.27753279986288926},
                             {"g", {10, 10}, {0, 20}, 0.6790860371419145, 1},
                             {"h", {10, 10}, {0, 10}, 0.6075093504305241, 1},
                         }),
                         [](const auto& info) { return info.param.name; });

// P0-24: 50 ratings with a mean of 3.60 before, 60 with 4.10 after; deviations of 1 (sum of squares 49 and 59 about
// the means, in tenths), so the standard error is sqrt(1/50 + 1/60).
TEST(TwoSamplesTest, BeforeAndAfter) {
  const Moments before{50, 1800, 1800 * 36 + 4900, 10}, after{60, 2460, 2460 * 41 + 5900, 10};
  const MeanDifference change = *CompareMeans(after, before);
  EXPECT_NEAR(change.difference, 0.5, 1e-15);
  EXPECT_NEAR(change.standard_error, std::sqrt(1.0 / 50 + 1.0 / 60), 1e-15);
  EXPECT_LT(change.test.p, 0.05);
  EXPECT_GT(change.interval.low, 0);
}

TEST(TwoSamplesTest, Shares) {
  // R: prop.test(c(56, 48), c(70, 80), correct = FALSE), whose statistic is the square.
  const TestResult test = *CompareShares({56, 70}, {48, 80});
  EXPECT_NEAR(test.statistic, 2.650171951258533, 1e-14);
  EXPECT_NEAR(test.p, 0.008045081368196564, 1e-16);
  EXPECT_NEAR(CompareShares({48, 80}, {56, 70})->statistic, -2.650171951258533, 1e-14);
  EXPECT_EQ(CompareShares({1, 2}, {2, 4})->statistic, 0);
  EXPECT_EQ(CompareShares({1, 2}, {2, 4})->p, 1);
  EXPECT_EQ(GapWords(CompareShares({0, 5}, {0, 9})), "constant");
  EXPECT_EQ(GapWords(CompareShares({5, 5}, {9, 9})), "constant");
  EXPECT_EQ(GapWords(CompareShares({0, 0}, {1, 9})), "empty");
  EXPECT_EQ(GapWords(CompareShares({1, 9}, {0, 0})), "empty");
  EXPECT_EQ(GapWords(CompareShares({1, 9}, {10, 9})), "invalid");
  EXPECT_EQ(GapWords(NewcombeInterval({1, 9}, {0, 0})), "empty");
  EXPECT_EQ(GapWords(NewcombeInterval({1, 9}, {1, 9}, 1)), "invalid");
  // Too small for a double, known by its logarithm.
  const TestResult far = *CompareShares({1'000'000, 1'000'000}, {0, 1'000'000});
  EXPECT_EQ(far.p, 0);
  EXPECT_LT(far.log10_p, -400'000);
}

// 50 and 48 ratings.
const Frequencies kA{1, {{1, 5}, {2, 4}, {3, 9}, {4, 20}, {5, 12}}};
const Frequencies kB{1, {{1, 8}, {2, 6}, {3, 15}, {4, 14}, {5, 5}}};

// R: t.test(a, b).
TEST(TwoSamplesTest, Means) {
  const MeanDifference means = *CompareMeans(*MomentsOf(kA), *MomentsOf(kB));
  EXPECT_NEAR(means.difference, 0.5583333333333336, 1e-15);
  EXPECT_NEAR(means.standard_error, 0.24916267119172442, 1e-15);
  EXPECT_NEAR(means.test.statistic, 2.240838608218765, 1e-14);
  EXPECT_NEAR(means.test.df, 95.78110063855085, 1e-12);
  EXPECT_NEAR(means.test.p, 0.02734669663816336, 1e-15);
  EXPECT_NEAR(means.interval.low, 0.06373491430709817, 1e-13);
  EXPECT_NEAR(means.interval.high, 1.0529317523595689, 1e-13);
  const Moments one{1, 3, 9, 1}, constant{2, 6, 18, 1};
  EXPECT_EQ(GapWords(CompareMeans(one, constant)), "too_few");
  EXPECT_EQ(GapWords(CompareMeans(constant, one)), "too_few");
  EXPECT_EQ(GapWords(CompareMeans(constant, constant)), "constant");
  EXPECT_EQ(GapWords(CompareMeans(constant, *MomentsOf(kA))), "");
  EXPECT_EQ(GapWords(CompareMeans(constant, *MomentsOf(kA), 0)), "invalid");
  EXPECT_EQ(GapWords(CompareMeans(constant, Moments())), "empty");
}

// R: wilcox.test(a, b, exact = FALSE), with and without correct.
TEST(TwoSamplesTest, Ranks) {
  const RankSum corrected = *CompareRanks(kA, kB), plain = *CompareRanks(kA, kB, Continuity::kNone);
  EXPECT_EQ(corrected.u, 1523.5);
  EXPECT_EQ(corrected.superiority, 1523.5 / 2400);
  EXPECT_NEAR(corrected.test.p, 0.01760287385372451, 1e-15);
  EXPECT_NEAR(plain.test.p, 0.01742845557241447, 1e-15);
  EXPECT_GT(corrected.test.statistic, 0);
  const RankSum turned = *CompareRanks(kB, kA);
  EXPECT_EQ(turned.u, 2400 - 1523.5);
  EXPECT_EQ(turned.test.statistic, -corrected.test.statistic);
}

TEST(TwoSamplesTest, RanksAtTheirLimits) {
  EXPECT_EQ(CompareRanks({1, {{2, 3}}}, {1, {{1, 2}}})->superiority, 1);
  EXPECT_EQ(CompareRanks({1, {{1, 3}}}, {1, {{2, 2}}})->superiority, 0);
  // Within the correction of a half: no difference at all.
  EXPECT_EQ(CompareRanks({1, {{1, 1}, {3, 1}}}, {1, {{2, 1}}})->test.p, 1);
  EXPECT_EQ(GapWords(CompareRanks({1, {{2, 3}}}, {1, {{2, 2}}})), "constant");
  EXPECT_EQ(GapWords(CompareRanks({1, {{2, 3}}}, {10, {{20, 2}, {30, 1}}})), "invalid");
  EXPECT_EQ(GapWords(CompareRanks({1, {}}, kA)), "empty");
  EXPECT_EQ(GapWords(CompareRanks(kA, {1, {{2, 0}}})), "empty");
  EXPECT_EQ(GapWords(CompareRanks(kA, {1, {{2, 1}, {1, 1}}})), "invalid 1");
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  EXPECT_EQ(CompareRanks({1, {{1, kMost}}}, {1, {{2, kMost}}})->superiority, 0);
}

}  // namespace
}  // namespace csat
