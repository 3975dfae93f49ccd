#include "csat/measure/nps.h"

#include <cmath>
#include <string>

#include "gtest/gtest.h"
#include "measure/gap_words.h"

namespace csat {
namespace {

// P0-11
TEST(NpsTest, ScoreOfTheClause) {
  EXPECT_EQ(*Nps({62, 28, 10}), 52);
  EXPECT_EQ(ExactNps({62, 28, 10})->ToString(1), "52.0");
}

// P2-54
TEST(NpsTest, CountsFromRatings) {
  const Frequencies minute{1, {{3, 1}, {8, 1}, {9, 1}, {10, 1}}};
  const NpsCounts counts = *NpsCountsOf(minute, 9, 6);
  EXPECT_EQ(counts.promoters, 2);
  EXPECT_EQ(counts.passives, 1);
  EXPECT_EQ(counts.detractors, 1);
  EXPECT_EQ(*Nps(counts), 25);
  EXPECT_EQ(NpsCountsOf(minute, 4, 3)->passives, 0);
  EXPECT_EQ(GapWords(NpsCountsOf(minute, 6, 6)), "invalid");
  EXPECT_EQ(GapWords(NpsCountsOf({1, {{2, 1}, {1, 1}}}, 9, 6)), "invalid 1");
}

struct NpsCase {
  const char* name;
  NpsCounts counts;
  double nps, se, se_sample;
  double wald_low, wald_high, adjusted, adjusted_low, adjusted_high, score_low, score_high;
};
void PrintTo(const NpsCase& test, std::ostream* out) { *out << test.name; }

class NpsIntervalTest : public ::testing::TestWithParam<NpsCase> {};

TEST_P(NpsIntervalTest, Figures) {
  const NpsCase& test = GetParam();
  EXPECT_NEAR(*Nps(test.counts), test.nps, 1e-12);
  EXPECT_NEAR(*NpsStandardError(test.counts), test.se, 1e-12);
  const Estimate sample = NpsStandardError(test.counts, Divisor::kSample);
  if (test.se_sample < 0) {
    EXPECT_EQ(GapWords(sample), "too_few");
    EXPECT_EQ(GapWords(NpsTInterval(test.counts)), "too_few");
  } else {
    EXPECT_NEAR(*sample, test.se_sample, 1e-12);
  }
  EXPECT_NEAR(NpsWaldInterval(test.counts)->low, test.wald_low, 1e-11);
  EXPECT_NEAR(NpsWaldInterval(test.counts)->high, test.wald_high, 1e-11);
  const AdjustedNps adjusted = *NpsAdjustedWald(test.counts);
  EXPECT_NEAR(adjusted.points, test.adjusted, 1e-12);
  EXPECT_NEAR(adjusted.interval.low, test.adjusted_low, 1e-11);
  EXPECT_NEAR(adjusted.interval.high, test.adjusted_high, 1e-11);
  EXPECT_NEAR(NpsScoreInterval(test.counts)->low, test.score_low, 1e-10);
  EXPECT_NEAR(NpsScoreInterval(test.counts)->high, test.score_high, 1e-10);
}

// Closed forms: of n passives alone the score interval is -+100 z^2 / (n + z^2); of n promoters alone its lower end is
// 100 (n - z^2) / (n + z^2).
constexpr double kZZ = 3.841458820694124;

INSTANTIATE_TEST_SUITE_P(Scores, NpsIntervalTest,
                         ::testing::ValuesIn<NpsCase>({
                             // The bank's 0..10 question, as reference item 9 gives it.
                             {"Bank",
                              {65, 99, 86},
                              -8.4,
                              4.886487491030751,
                              4.896289883010798,
                              -17.977339493325758,
                              1.177339493325766,
                              -8.300395256916998,
                              -17.812271553515775,
                              1.2114810396817777,
                              -17.866754488720368,
                              1.238775517775041},
                             {"BankTurnedOver",
                              {86, 99, 65},
                              8.4,
                              4.886487491030751,
                              4.896289883010798,
                              -1.177339493325766,
                              17.977339493325758,
                              8.300395256916998,
                              -1.2114810396817777,
                              17.812271553515775,
                              -1.238775517775041,
                              17.866754488720368},
                             {"PromotersAlone",
                              {5, 0, 0},
                              100,
                              0,
                              0,
                              100,
                              100,
                              62.5,
                              17.49145303416897,
                              100,
                              100 * (5 - kZZ) / (5 + kZZ),
                              100},
                             {"PassivesAlone",
                              {0, 4, 0},
                              0,
                              0,
                              0,
                              0,
                              0,
                              0,
                              -34.29222625968079,
                              34.29222625968079,
                              -100 * kZZ / (4 + kZZ),
                              100 * kZZ / (4 + kZZ)},
                             {"OneDetractor",
                              {0, 0, 1},
                              -100,
                              0,
                              -1,
                              -100,
                              -100,
                              -25,
                              -98.498649420252,
                              48.498649420252,
                              -100,
                              -100 * (1 - kZZ) / (1 + kZZ)},
                             {"OneOfEach",
                              {1, 0, 1},
                              0,
                              70.71067811865476,
                              100,
                              -100,
                              100,
                              0,
                              -73.3351372056518,
                              73.3351372056518,
                              -81.09375885315388,
                              81.09375885315388},
                         }),
                         [](const auto& info) { return info.param.name; });

TEST(NpsTest, TInterval) {
  const Interval t = *NpsTInterval({65, 99, 86});
  EXPECT_NEAR(t.low, -18.043423439244226, 1e-11);
  EXPECT_NEAR(t.high, 1.2434234392442263, 1e-11);
  EXPECT_EQ(NpsTInterval({1, 0, 1})->low, -100);  // Cut.
}

TEST(NpsTest, Differences) {
  const NpsDifference difference = *CompareNps({41, 62, 45}, {24, 37, 41});
  EXPECT_NEAR(difference.points, 13.963963963963966, 1e-12);
  EXPECT_NEAR(difference.standard_error, 9.948142491117194, 1e-12);
  EXPECT_NEAR(difference.interval.low, -5.534037031698308, 1e-11);
  EXPECT_NEAR(difference.interval.high, 33.46196495962624, 1e-11);
  EXPECT_NEAR(difference.test.statistic, 1.4036755079083902, 1e-13);
  EXPECT_NEAR(difference.test.p, 0.16041549892788087, 1e-14);
  EXPECT_EQ(GapWords(CompareNps({5, 0, 0}, {0, 0, 5})), "constant");
  EXPECT_EQ(GapWords(CompareNps({5, 0, 0}, {0, 0, 0})), "empty");
  EXPECT_EQ(CompareNps({10, 0, 1}, {0, 0, 1}, 0.999999)->interval.high, 200);
}

TEST(NpsTest, WhereThereIsNone) {
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  const std::pair<NpsCounts, const char*> cases[] = {
      {{0, 0, 0}, "empty"},           {{-1, 2, 3}, "invalid"}, {{1, -2, 3}, "invalid"},
      {{1, 2, -3}, "invalid"},        {{kMost, 0, 0}, ""},     {{kMost, 1, 0}, "invalid"},
      {{kMost + 1, 0, 0}, "invalid"},
  };
  for (const auto& [counts, want] : cases) {
    EXPECT_EQ(GapWords(Nps(counts)), want);
    EXPECT_EQ(GapWords(NpsStandardError(counts)), want);
    EXPECT_EQ(GapWords(NpsWaldInterval(counts)), want);
    EXPECT_EQ(GapWords(NpsAdjustedWald(counts)), want);
    EXPECT_EQ(GapWords(NpsScoreInterval(counts)), want);
  }
  for (const double level : {0.0, 1.0, std::nan("")}) {
    EXPECT_EQ(GapWords(NpsWaldInterval({1, 1, 1}, level)), "invalid");
    EXPECT_EQ(GapWords(NpsTInterval({1, 1, 1}, level)), "invalid");
    EXPECT_EQ(GapWords(NpsAdjustedWald({1, 1, 1}, level)), "invalid");
    EXPECT_EQ(GapWords(NpsScoreInterval({1, 1, 1}, level)), "invalid");
    EXPECT_EQ(GapWords(CompareNps({1, 1, 1}, {1, 1, 1}, level)), "invalid");
  }
}

// Every division of small samples: within -+100, around the score, and mirrored when promoters and detractors change
// places.
TEST(NpsTest, EveryScoreOfSmallSamples) {
  for (std::int64_t n = 1; n <= 12; ++n) {
    for (std::int64_t up = 0; up <= n; ++up) {
      for (std::int64_t down = 0; up + down <= n; ++down) {
        const NpsCounts counts{up, n - up - down, down};
        const Interval score = *NpsScoreInterval(counts),
                       mirrored = *NpsScoreInterval({down, n - up - down, up});
        const double nps = *Nps(counts);
        EXPECT_TRUE(-100 <= score.low && score.low <= nps && nps <= score.high && score.high <= 100)
            << up << " " << n - up - down << " " << down << ": " << score.low << " " << score.high;
        EXPECT_LT(score.low, score.high);
        EXPECT_NEAR(mirrored.low, -score.high, 1e-10);
        EXPECT_NEAR(mirrored.high, -score.low, 1e-10);
      }
    }
  }
}

// A design effect of 2 leaves half of the answers; of 200 people asked 100 are as sure as 199 of very many.
TEST(NpsTest, ScoreIntervalsOfDesigns) {
  const Interval half = *NpsScoreInterval({50, 80, 68}, 0.95, {2, 0}),
                 halved = *NpsScoreInterval({25, 40, 34});
  EXPECT_NEAR(half.low, halved.low, 1e-12);
  EXPECT_NEAR(half.high, halved.high, 1e-12);
  const Interval drawn = *NpsScoreInterval({25, 50, 25}, 0.95, {1, 200});
  const double z = 1.959963984540054, n = 199;
  // Tango's for b promoters and b detractors of n: delta^2 is the root of its quadratic, by bisection here.
  double low = 0, high = 1;
  for (int i = 0; i < 200; ++i) {
    const double delta = (low + high) / 2, b = n / 4;
    // The constrained share of detractors solves 2 n q^2 + (2 n delta - 2 b) q - b delta (1 - delta) = 0, for equal b.
    const double linear = 2 * n * delta - 2 * b, constant = -b * delta * (1 - delta);
    const double q = (-linear + std::sqrt(linear * linear - 8 * n * constant)) / (4 * n);
    (n * delta < z * std::sqrt(n * (2 * q + delta * (1 - delta))) ? low : high) = delta;
  }
  EXPECT_NEAR(drawn.high, 100 * low, 1e-9);
  EXPECT_NEAR(drawn.low, -drawn.high, 1e-12);
  EXPECT_EQ(NpsScoreInterval({25, 50, 25}, 0.95, {1, 100})->low, 0);  // A census.
  EXPECT_EQ(NpsScoreInterval({25, 50, 25}, 0.95, {1, 100})->high, 0);
  EXPECT_EQ(GapWords(NpsScoreInterval({25, 50, 25}, 0.95, {1, 99})), "invalid");
  EXPECT_EQ(GapWords(NpsScoreInterval({25, 50, 25}, 0.95, {0, 0})), "invalid");
}

}  // namespace
}  // namespace csat
