#include "csat/measure/weighting.h"

#include <cmath>
#include <string>
#include <vector>

#include "csat/measure/nps.h"
#include "csat/measure/proportion.h"
#include "gtest/gtest.h"
#include "measure/answers.h"
#include "measure/gap_words.h"

namespace csat {
namespace {

WeightedMoments Of(const std::vector<std::int64_t>& values, const std::vector<std::int64_t>& weights,
                   std::int64_t unit = 1) {
  WeightedMoments moments;
  moments.unit = unit;
  for (std::size_t i = 0; i < values.size(); ++i) {
    ++moments.n;
    moments.weight_sum += weights[i];
    moments.weight_square_sum += absl::int128(weights[i]) * weights[i];
    moments.sum += absl::int128(weights[i]) * values[i];
    moments.square_sum += absl::int128(weights[i]) * values[i] * values[i];
  }
  return moments;
}

const std::vector<std::int64_t> kValues{5, 4, 4, 3, 2, 5, 1};
const std::vector<std::int64_t> kWeights{150, 100, 50, 200, 100, 25, 175};  // In hundredths.

// By NumPy, from the formulas.
TEST(WeightingTest, FiguresOfAWeightedColumn) {
  const WeightedMoments moments = Of(kValues, kWeights);
  EXPECT_EQ(*Mean(moments), 3.0625);
  EXPECT_EQ(ExactMean(moments)->ToString(4), "3.0625");
  EXPECT_DOUBLE_EQ(*Variance(moments, Divisor::kPopulation), 2.05859375);
  EXPECT_DOUBLE_EQ(*Variance(moments), 2.515513126491647);
  EXPECT_DOUBLE_EQ(*StandardDeviation(moments), std::sqrt(2.515513126491647));
  EXPECT_DOUBLE_EQ(*DesignEffect(moments), 1.271484375);
  EXPECT_DOUBLE_EQ(*EffectiveSize(moments), 5.505376344086022);
  const Interval interval = *MeanInterval(moments);
  EXPECT_NEAR(interval.low, 1.408490071633314, 1e-12);
  EXPECT_NEAR(interval.high, 4.716509928366686, 1e-12);
}

TEST(WeightingTest, EqualWeightsAreNone) {
  const Moments plain = MomentsOfColumn(kValues, 10);
  const WeightedMoments weighted = Of(kValues, {7, 7, 7, 7, 7, 7, 7}, 10);
  EXPECT_EQ(*Mean(weighted), *Mean(plain));
  EXPECT_DOUBLE_EQ(*Variance(weighted), *Variance(plain));
  EXPECT_DOUBLE_EQ(*Variance(weighted, Divisor::kPopulation), *Variance(plain, Divisor::kPopulation));
  EXPECT_EQ(*DesignEffect(weighted), 1);
  EXPECT_EQ(*EffectiveSize(weighted), 7);
  EXPECT_NEAR(MeanInterval(weighted)->low, MeanInterval(plain)->low, 1e-15);
}

// Equal weights: those of plain counts.
TEST(WeightingTest, SharesAndScoresOfEqualWeights) {
  for (const std::int64_t weight : {1, 7, 1'000'000}) {
    for (int hits = 0; hits <= 5; ++hits) {
      std::vector<std::int64_t> share, scores;
      for (int i = 0; i < 5; ++i) {
        share.push_back(i < hits ? 1 : 0);
        scores.push_back(i < hits ? 1 : i == 4 ? 0 : -1);
      }
      const std::vector<std::int64_t> weights(5, weight);
      const Interval wilson = *WeightedShareInterval(Of(share, weights)),
                     plain = *WilsonInterval(Proportion{hits, 5});
      EXPECT_NEAR(wilson.low, plain.low, 1e-15) << hits;
      EXPECT_NEAR(wilson.high, plain.high, 1e-15) << hits;
      const std::int64_t passives = hits < 5 ? 1 : 0;
      const Interval score = *WeightedNpsInterval(Of(scores, weights)),
                     counted = *NpsScoreInterval(NpsCounts{hits, passives, 5 - hits - passives});
      EXPECT_NEAR(score.low, counted.low, 1e-12) << hits;
      EXPECT_NEAR(score.high, counted.high, 1e-12) << hits;
    }
  }
}

// Weights 3, 1, 1, 1 of which the first says yes: a share of 1/2, (sum w)^2 / sum w^2 = 3 of 4 rows are left. Wilson's
// with n = 3: (1/2 + z^2/6 -+ z sqrt(1/12 + z^2/36)) / (1 + z^2/3), z = 1.959964.
TEST(WeightingTest, ShareByItsEffectiveSize) {
  const WeightedMoments moments = Of({1, 0, 0, 0}, {3, 1, 1, 1});
  EXPECT_EQ(*Mean(moments), 0.5);
  EXPECT_EQ(*EffectiveSize(moments), 3);
  const Interval interval = *WeightedShareInterval(moments);
  const double z = 1.959963984540054, half = z * std::sqrt(1.0 / 12 + z * z / 36) / (1 + z * z / 3);
  EXPECT_NEAR(interval.low, 0.5 - half, 1e-15);
  EXPECT_NEAR(interval.high, 0.5 + half, 1e-15);
  // With a promoter of weight 3 and three detractors of weight 1 the score is 0, the counts 1.5 and 1.5 of 3.
  const Interval score = *WeightedNpsInterval(Of({1, -1, -1, -1}, {3, 1, 1, 1}));
  EXPECT_NEAR(score.low, -score.high, 1e-12);
  // Tango's for equal counts b, b of n = 2 b: delta^2 = z^2 / (n + z^2).
  EXPECT_NEAR(score.high, 100 * std::sqrt(z * z / (3 + z * z)), 1e-12);
}

TEST(WeightingTest, OtherFiguresAreNoShares) {
  const auto wilson = [](const WeightedMoments& moments) { return GapWords(WeightedShareInterval(moments)); };
  const auto score = [](const WeightedMoments& moments) { return GapWords(WeightedNpsInterval(moments)); };
  EXPECT_EQ(wilson(Of({1, 0}, {2, 3})), "");
  EXPECT_EQ(wilson(Of({2, 0}, {2, 3})), "invalid");
  EXPECT_EQ(wilson(Of({-1, 1}, {2, 3})), "invalid");
  EXPECT_EQ(wilson(Of({1, 0}, {2, 3}, 10)), "invalid");
  EXPECT_EQ(wilson(WeightedMoments()), "empty");
  EXPECT_EQ(GapWords(WeightedShareInterval(Of({1, 0}, {2, 3}), 1)), "invalid");
  EXPECT_EQ(score(Of({1, -1, 0}, {2, 3, 4})), "");
  EXPECT_EQ(score(Of({2, -1, 0}, {2, 3, 4})), "invalid");
  EXPECT_EQ(score(Of({1, -1}, {2, 3}, 10)), "invalid");
  WeightedMoments odd = Of({1, -1, 0}, {2, 3, 4});
  odd.sum += 1;  // Neither 2 nor 3 of 5 are more.
  EXPECT_EQ(score(odd), "invalid");
  EXPECT_EQ(score(WeightedMoments()), "empty");
  EXPECT_EQ(GapWords(WeightedNpsInterval(Of({1, 0}, {2, 3}), 0)), "invalid");
}

TEST(WeightingTest, WhereThereIsNone) {
  EXPECT_EQ(GapWords(Mean(WeightedMoments())), "empty");
  EXPECT_EQ(GapWords(DesignEffect(WeightedMoments())), "empty");
  EXPECT_EQ(GapWords(Variance(Of({3}, {5}))), "too_few");
  EXPECT_EQ(*Variance(Of({3}, {5}), Divisor::kPopulation), 0);
  EXPECT_EQ(GapWords(MeanInterval(Of({3}, {5}))), "too_few");
  EXPECT_EQ(GapWords(MeanInterval(Of({3, 3}, {5, 2}))), "constant");
  EXPECT_EQ(GapWords(MeanInterval(Of({3, 4}, {5, 5}), 1)), "invalid");
  WeightedMoments wrong = Of(kValues, kWeights);
  wrong.weight_sum = 0;
  EXPECT_EQ(GapWords(Mean(wrong)), "invalid");
  wrong = Of(kValues, kWeights);
  wrong.weight_square_sum = wrong.weight_sum * wrong.weight_sum + 1;  // More than one row could have.
  EXPECT_EQ(GapWords(DesignEffect(wrong)), "invalid");
  // Weights of 2^32: their sum, times the unit, just fits in an int128.
  WeightedMoments large{std::int64_t{1} << 62, absl::int128(1) << 94, absl::int128(1) << 126, 0, 0,
                        std::int64_t{1} << 32};
  EXPECT_EQ(GapWords(Mean(large)), "");
  large.unit *= 2;
  EXPECT_EQ(GapWords(Mean(large)), "invalid");
  wrong = Of(kValues, kWeights);
  wrong.weight_square_sum =
      wrong.weight_sum * wrong.weight_sum / wrong.n - 1;  // Less than equal weights have.
  EXPECT_EQ(GapWords(DesignEffect(wrong)), "invalid");
  wrong = Of(kValues, kWeights);
  wrong.square_sum = 0;
  EXPECT_EQ(GapWords(Variance(wrong)), "invalid");
}

std::vector<StratumSample> Strata() {
  return {{60, MomentsOfColumn({8, 9, 10, 7, 9, 8})},
          {200, MomentsOfColumn({5, 6, 7, 6, 4})},
          {40, MomentsOfColumn({2, 9, 5, 6})}};
}

// Mean and standard error by svymean() of R's package survey 4.1, degrees of freedom and design effect by Cochran's
// formulas in R.
TEST(WeightingTest, MeanOfStrata) {
  const Measured<StratifiedMean> mean = MeanOfStrata(Strata());
  ASSERT_TRUE(mean.has_value());
  EXPECT_DOUBLE_EQ(mean->mean, 37.0 / 6);
  EXPECT_NEAR(mean->variance, 0.1526, 1e-15);
  EXPECT_NEAR(mean->standard_error, 0.3906404996924923, 1e-14);
  EXPECT_NEAR(*mean->design_effect, 0.7446742610227753, 1e-14);
  EXPECT_NEAR(mean->df, 6.554985004726525, 1e-13);
  EXPECT_NEAR(mean->interval.low, 5.230082716486437, 1e-12);
  EXPECT_NEAR(mean->interval.high, 7.103250616846895, 1e-12);
}

TEST(WeightingTest, ShareOfStrata) {
  // Proportional: 0.5 * 0.4 + 0.5 * 0.8; variance by p q / (n - 1), 1 - n/N = 0.9.
  const std::vector<StratumSample> strata{{100, MomentsOf(Proportion{4, 10})},
                                          {100, MomentsOf(Proportion{8, 10})}};
  const Measured<StratifiedMean> share = MeanOfStrata(strata);
  EXPECT_DOUBLE_EQ(share->mean, 0.6);
  EXPECT_DOUBLE_EQ(share->variance, 0.25 * 0.9 * (0.24 / 9 + 0.16 / 9));
}

TEST(WeightingTest, OneStratumIsASimpleSample) {
  const Moments ten = MomentsOfColumn({5, 5, 4, 4, 4, 3, 2, 5, 1, 4});
  const Measured<StratifiedMean> one = MeanOfStrata(std::vector<StratumSample>{{20, ten}});
  const Interval plain = *MeanInterval(ten, 0.95, {1, 20});
  EXPECT_DOUBLE_EQ(one->df, 9);
  EXPECT_NEAR(one->interval.low, plain.low, 1e-14);
  EXPECT_NEAR(one->interval.high, plain.high, 1e-14);
  EXPECT_NEAR(*one->design_effect, 1, 1e-14);
}

TEST(WeightingTest, StrataWithoutUncertaintyOrWithoutAnswer) {
  const auto words = [](const std::vector<StratumSample>& strata) { return GapWords(MeanOfStrata(strata)); };
  EXPECT_EQ(words({}), "empty");
  EXPECT_EQ(GapWords(MeanOfStrata(Strata(), 0)), "invalid");
  std::vector<StratumSample> strata = Strata();
  strata[1].sample = MomentsOfColumn({5});
  EXPECT_EQ(words(strata), "too_few 1");
  strata[2].sample = Moments();
  EXPECT_EQ(words(strata), "too_few 1 2");
  strata[0].population = 5;
  EXPECT_EQ(words(strata), "invalid 0");
  // The only one of its stratum: a census of it.
  strata = Strata();
  strata[1] = {1, MomentsOfColumn({5})};
  EXPECT_EQ(words(strata), "");
  strata = {{2, MomentsOfColumn({5, 7})}, {1, MomentsOfColumn({3})}};
  const StratifiedMean census = *MeanOfStrata(strata);
  EXPECT_DOUBLE_EQ(census.mean, 5);
  EXPECT_EQ(census.interval.low, census.interval.high);
  EXPECT_EQ(GapWords(census.design_effect), "too_few");
  strata = {{20, MomentsOfColumn({5, 5})}, {10, MomentsOfColumn({5, 5})}};
  EXPECT_EQ(GapWords(MeanOfStrata(strata)->design_effect), "constant");
  EXPECT_EQ(MeanOfStrata(strata)->interval.high, 5);
}

}  // namespace
}  // namespace csat
