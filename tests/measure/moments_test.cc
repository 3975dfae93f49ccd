#include "csat/measure/moments.h"

#include <cmath>
#include <string>

#include "gtest/gtest.h"
#include "measure/answers.h"
#include "measure/gap_words.h"

namespace csat {
namespace {

const Moments kTen = MomentsOfColumn({5, 5, 4, 4, 4, 3, 2, 5, 1, 4});

TEST(MomentsTest, ExactAtAnySize) {
  // Two values one tick apart beside 2^60: their deviation is still seen.
  const std::int64_t far = std::int64_t{1} << 60;
  EXPECT_EQ(*Variance(MomentsOfColumn({far, far + 1})), 0.5);
  EXPECT_EQ(*Variance(MomentsOfColumn({far, far + 1}, 10)), 0.5 / 100);
  EXPECT_EQ(*Variance(MomentsOfColumn({far, far})), 0);
  EXPECT_EQ(*Mean(MomentsOfColumn({-far, -far})), -1152921504606846976.0);
}

TEST(MomentsTest, StandardError) {
  EXPECT_DOUBLE_EQ(*StandardError(kTen), std::sqrt(161.0 / 900));
  EXPECT_EQ(GapWords(StandardError(MomentsOfColumn({5}))), "too_few");
}

struct MeanIntervalCase {
  const char* name;
  Moments moments;
  double level;
  Sampling sampling;
  double low, high;
};
void PrintTo(const MeanIntervalCase& test, std::ostream* out) { *out << test.name; }

class MeanIntervalTest : public ::testing::TestWithParam<MeanIntervalCase> {};

TEST_P(MeanIntervalTest, Bounds) {
  const MeanIntervalCase& test = GetParam();
  const Measured<Interval> interval = MeanInterval(test.moments, test.level, test.sampling);
  ASSERT_TRUE(interval.has_value());
  EXPECT_NEAR(interval->low, test.low, 1e-12);
  EXPECT_NEAR(interval->high, test.high, 1e-12);
  EXPECT_EQ(interval->level, test.level);
}

// By SciPy 1.17.
INSTANTIATE_TEST_SUITE_P(
    Means, MeanIntervalTest,
    ::testing::ValuesIn<MeanIntervalCase>({
        {"TenRatings", kTen, 0.95, {}, 2.74321478103839, 4.656785218961611},
        {"At90", kTen, 0.90, {}, 2.924680147119684, 4.475319852880316},
        {"DesignEffectOfFourDoublesIt", kTen, 0.95, {4, 0}, 1.7864295620767796, 5.6135704379232205},
        {"HalfOfThePopulation", kTen, 0.95, {1, 20}, 3.0234506835331896, 4.376549316466811},
        {"Census", kTen, 0.95, {1, 10}, 3.7, 3.7},
    }),
    [](const auto& info) { return info.param.name; });

TEST(MomentsTest, WhereThereIsNone) {
  EXPECT_EQ(GapWords(Mean(Moments())), "empty");
  EXPECT_EQ(GapWords(Variance(Moments())), "empty");
  EXPECT_EQ(GapWords(MeanInterval(Moments())), "empty");
  EXPECT_EQ(GapWords(MeanInterval(MomentsOfColumn({4}))), "too_few");
  EXPECT_EQ(GapWords(MeanInterval(MomentsOfColumn({4, 4, 4}))), "constant");
  EXPECT_TRUE(MeanInterval(MomentsOfColumn({4, 4, 5})).has_value());
  // Of a census nothing is left to be known.
  EXPECT_EQ(MeanInterval(MomentsOfColumn({4, 4, 4}), 0.95, {1, 3})->low, 4);
  EXPECT_EQ(GapWords(MeanInterval(MomentsOfColumn({4, 4, 4}), 0.95, {1, 4})), "constant");
  EXPECT_EQ(GapWords(Mean({-1, 0, 0, 1})), "invalid");
  EXPECT_EQ(GapWords(Mean({1, 0, 0, 0})), "invalid");
  EXPECT_EQ(GapWords(Variance({2, 10, 49, 1})),
            "invalid");  // Squares of two values that sum to 10 are 50 or more.
  EXPECT_EQ(*Variance({2, 10, 50, 1}), 0);
  for (const double level : {0.0, 1.0, -0.5, 95.0, std::nan("")}) {
    EXPECT_EQ(GapWords(MeanInterval(kTen, level)), "invalid") << level;
  }
  for (const Sampling& sampling :
       {Sampling{0, 0}, Sampling{-1, 0}, Sampling{std::nan(""), 0}, Sampling{HUGE_VAL, 0}, Sampling{1, 9}}) {
    EXPECT_EQ(GapWords(MeanInterval(kTen, 0.95, sampling)), "invalid");
  }
}

}  // namespace
}  // namespace csat
