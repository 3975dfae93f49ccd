// How often intervals hold the truth: exactly, over every sample there is, where there are few enough; by simulation with
// fixed seeds otherwise. The bands are those of docs/statistics.md.
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "csat/measure/nps.h"
#include "csat/measure/proportion.h"
#include "csat/measure/reliability.h"
#include "csat/measure/two_samples.h"
#include "csat/measure/weighting.h"
#include "gtest/gtest.h"
#include "measure/answers.h"
#include "scoring/random.h"

namespace csat {
namespace {

bool Holds(const Interval& interval, double truth) { return interval.low <= truth && truth <= interval.high; }

// Probabilities of 0..n hits.
std::vector<double> Binomial(int n, double p) {
  std::vector<double> chances;
  for (int x = 0; x <= n; ++x) {
    chances.push_back(std::exp(std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1) +
                               x * std::log(p) + (n - x) * std::log1p(-p)));
  }
  return chances;
}

struct Coverage {
  double mean = 0, least = 1;
  int count = 0;
  void Add(double coverage) {
    mean += (coverage - mean) / ++count;
    least = std::min(least, coverage);
  }
};

struct ShareCase {
  const char* name;
  Measured<Interval> (*interval)(const Proportion&, double, const Sampling&);
  double low_mean, high_mean, least;  // The band of the mean over shares, and the least of any share.
};
void PrintTo(const ShareCase& test, std::ostream* out) { *out << test.name; }

class ShareCoverageTest : public ::testing::TestWithParam<ShareCase> {};

// Over shares 0.005, 0.015, ... 0.995, exactly.
TEST_P(ShareCoverageTest, WithinItsBand) {
  const ShareCase& test = GetParam();
  for (const int n : {10, 20, 50, 200}) {
    std::vector<Interval> intervals;
    for (int x = 0; x <= n; ++x) intervals.push_back(*test.interval({x, n}, 0.95, {}));
    Coverage coverage;
    for (int i = 0; i < 100; ++i) {
      const double p = (i + 0.5) / 100;
      const std::vector<double> chances = Binomial(n, p);
      double covered = 0;
      for (int x = 0; x <= n; ++x)
        covered +=
            Holds(intervals[static_cast<std::size_t>(x)], p) ? chances[static_cast<std::size_t>(x)] : 0;
      coverage.Add(covered);
    }
    EXPECT_GE(coverage.mean, test.low_mean) << n;
    EXPECT_LE(coverage.mean, test.high_mean) << n;
    EXPECT_GE(coverage.least, test.least) << n;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Intervals, ShareCoverageTest,
    ::testing::ValuesIn<ShareCase>({
        {"Wilson", WilsonInterval, 0.945, 0.960, 0.85},
        {"WilsonCorrected", WilsonCorrectedInterval, 0.955, 0.985, 0.945},
        {"ClopperPearson", ClopperPearsonInterval, 0.955, 0.990, 0.95},
        {"AgrestiCoull", AgrestiCoullInterval, 0.950, 0.975, 0.92},
        // The one to avoid: its mean stays below the level, its least is next to nothing.
        {"Wald", WaldInterval, 0.75, 0.94, 0.04},
    }),
    [](const auto& info) { return info.param.name; });

// Drawn without replacement from 120 people: the hypergeometric distribution, with the correction of Sampling.
TEST(CoverageTest, SharesOfAFinitePopulation) {
  constexpr int kPopulation = 120, kDrawn = 60;
  const auto log_choose = [](int n, int k) {
    return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
  };
  Coverage corrected, plain;
  for (int hits = 6; hits <= kPopulation - 6; ++hits) {
    double with = 0, without = 0;
    for (int x = std::max(0, kDrawn - (kPopulation - hits)); x <= std::min(kDrawn, hits); ++x) {
      const double chance = std::exp(log_choose(hits, x) + log_choose(kPopulation - hits, kDrawn - x) -
                                     log_choose(kPopulation, kDrawn));
      const double share = static_cast<double>(hits) / kPopulation;
      with += Holds(*WilsonInterval({x, kDrawn}, 0.95, {1, kPopulation}), share) ? chance : 0;
      without += Holds(*WilsonInterval({x, kDrawn}), share) ? chance : 0;
    }
    corrected.Add(with);
    plain.Add(without);
  }
  EXPECT_NEAR(corrected.mean, 0.95, 0.015);
  EXPECT_GE(corrected.least, 0.90);
  EXPECT_GE(plain.mean, 0.985);  // Wider than it need be.
}

TEST(CoverageTest, DifferencesOfShares) {
  Coverage coverage;
  constexpr int kN = 20, kM = 30;
  for (int i = 1; i < 20; ++i) {
    for (int j = 1; j < 20; ++j) {
      const double p = i / 20.0, q = j / 20.0;
      const std::vector<double> of_a = Binomial(kN, p), of_b = Binomial(kM, q);
      double covered = 0;
      for (int x = 0; x <= kN; ++x) {
        for (int y = 0; y <= kM; ++y) {
          const double chance = of_a[static_cast<std::size_t>(x)] * of_b[static_cast<std::size_t>(y)];
          if (chance < 1e-9) continue;
          covered += Holds(*NewcombeInterval({x, kN}, {y, kM}), p - q) ? chance : 0;
        }
      }
      coverage.Add(covered);
    }
  }
  EXPECT_GE(coverage.mean, 0.945);
  EXPECT_LE(coverage.mean, 0.965);
  EXPECT_GE(coverage.least, 0.91);
}

struct NpsCase {
  const char* name;
  std::function<Interval(const NpsCounts&)> interval;
  int n;
  double low_mean, high_mean, least;
};
void PrintTo(const NpsCase& test, std::ostream* out) { *out << test.name; }

class NpsCoverageTest : public ::testing::TestWithParam<NpsCase> {};

// Over promoters and detractors of 0.05, 0.15, ... each, exactly.
TEST_P(NpsCoverageTest, WithinItsBand) {
  const NpsCase& test = GetParam();
  Coverage coverage;
  for (int i = 0; i < 10; ++i) {
    for (int j = 0; i + j < 9; ++j) {
      const double p = (i + 0.5) / 10, d = (j + 0.5) / 10, rest = 1 - p - d;
      double covered = 0;
      for (int up = 0; up <= test.n; ++up) {
        for (int down = 0; up + down <= test.n; ++down) {
          const int passive = test.n - up - down;
          const double chance = std::exp(std::lgamma(test.n + 1) - std::lgamma(up + 1) -
                                         std::lgamma(down + 1) - std::lgamma(passive + 1) + up * std::log(p) +
                                         down * std::log(d) + passive * std::log(rest));
          if (chance < 1e-9) continue;
          covered += Holds(test.interval({up, passive, down}), 100 * (p - d)) ? chance : 0;
        }
      }
      coverage.Add(covered);
    }
  }
  EXPECT_GE(coverage.mean, test.low_mean);
  EXPECT_LE(coverage.mean, test.high_mean);
  EXPECT_GE(coverage.least, test.least);
}

const auto kScore = [](const NpsCounts& counts) { return *NpsScoreInterval(counts); };
const auto kAdjusted = [](const NpsCounts& counts) { return NpsAdjustedWald(counts)->interval; };
const auto kWald = [](const NpsCounts& counts) { return *NpsWaldInterval(counts); };

INSTANTIATE_TEST_SUITE_P(Intervals, NpsCoverageTest,
                         ::testing::ValuesIn<NpsCase>({
                             {"Score10", kScore, 10, 0.945, 0.970, 0.93},
                             {"Score30", kScore, 30, 0.945, 0.960, 0.93},
                             {"Adjusted10", kAdjusted, 10, 0.945, 0.960, 0.92},
                             {"Adjusted30", kAdjusted, 30, 0.945, 0.960, 0.93},
                             {"Wald10", kWald, 10, 0.85, 0.935, 0.40},
                         }),
                         [](const auto& info) { return info.param.name; });

// 30 drawn without replacement from 60 people: the multivariate hypergeometric distribution.
TEST(CoverageTest, ScoresOfAFinitePopulation) {
  constexpr int kPopulation = 60, kDrawn = 30;
  const auto log_choose = [](int n, int k) {
    return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
  };
  Coverage corrected, plain;
  for (int promoters = 6; promoters < kPopulation; promoters += 6) {
    for (int detractors = 6; promoters + detractors <= kPopulation - 6; detractors += 6) {
      const int passives = kPopulation - promoters - detractors;
      const double truth = 100.0 * (promoters - detractors) / kPopulation;
      double with = 0, without = 0;
      for (int up = 0; up <= std::min(promoters, kDrawn); ++up) {
        for (int down = 0; down <= std::min(detractors, kDrawn - up); ++down) {
          const int rest = kDrawn - up - down;
          if (rest > passives) continue;
          const double chance = std::exp(log_choose(promoters, up) + log_choose(detractors, down) +
                                         log_choose(passives, rest) - log_choose(kPopulation, kDrawn));
          if (chance < 1e-9) continue;
          const NpsCounts counts{up, rest, down};
          with += Holds(*NpsScoreInterval(counts, 0.95, {1, kPopulation}), truth) ? chance : 0;
          without += Holds(*NpsScoreInterval(counts), truth) ? chance : 0;
        }
      }
      corrected.Add(with);
      plain.Add(without);
    }
  }
  EXPECT_NEAR(corrected.mean, 0.95, 0.015);
  EXPECT_GE(corrected.least, 0.90);
  EXPECT_GE(plain.mean, 0.985);  // Wider than it need be.
}

// Draws from a table of percents.
std::vector<std::int64_t> Draw(Random* random, const std::vector<int>& percents, int n) {
  std::vector<std::int64_t> values;
  for (int i = 0; i < n; ++i) {
    int rest = random->Below(100), level = 1;
    for (const int percent : percents) {
      if (rest < percent) break;
      rest -= percent;
      ++level;
    }
    values.push_back(level);
  }
  return values;
}

double MeanOfPercents(const std::vector<int>& percents) {
  double mean = 0;
  for (std::size_t i = 0; i < percents.size(); ++i) mean += static_cast<double>(i + 1) * percents[i] / 100;
  return mean;
}

constexpr int kRounds = 6000;  // The share of them varies by 0.003.

// Ratings as they come, most of them high: 20 of those are few for Student's t (0.930 in 100,000 rounds).
TEST(CoverageTest, Means) {
  const std::vector<int> skewed{5, 5, 10, 40, 40}, even{20, 20, 20, 20, 20};
  Random random(41);
  for (const auto& [percents, n] : {std::pair(skewed, 20), std::pair(skewed, 100), std::pair(even, 20)}) {
    int covered = 0;
    for (int i = 0; i < kRounds; ++i) {
      covered += Holds(*MeanInterval(MomentsOfColumn(Draw(&random, percents, n))), MeanOfPercents(percents));
    }
    EXPECT_NEAR(covered / static_cast<double>(kRounds), 0.95, percents == skewed && n == 20 ? 0.03 : 0.015)
        << n;
  }
}

TEST(CoverageTest, DifferencesOfMeans) {
  const std::vector<int> skewed{5, 5, 10, 40, 40}, low{30, 30, 20, 10, 10};
  Random random(42);
  int covered = 0;
  for (int i = 0; i < kRounds; ++i) {
    covered += Holds(
        CompareMeans(MomentsOfColumn(Draw(&random, skewed, 25)), MomentsOfColumn(Draw(&random, low, 60)))
            ->interval,
        MeanOfPercents(skewed) - MeanOfPercents(low));
  }
  EXPECT_NEAR(covered / static_cast<double>(kRounds), 0.95, 0.015);
}

// Strata drawn without replacement from 300 people whose mean is known.
TEST(CoverageTest, MeansOfStrata) {
  Random random(43);
  std::vector<std::vector<std::int64_t>> people;
  std::int64_t sum = 0;
  for (const auto& [percents, size] : {std::pair(std::vector<int>{5, 5, 10, 40, 40}, 60),
                                       std::pair(std::vector<int>{20, 20, 20, 20, 20}, 200),
                                       std::pair(std::vector<int>{50, 20, 10, 10, 10}, 40)}) {
    people.push_back(Draw(&random, percents, size));
    for (const std::int64_t value : people.back()) sum += value;
  }
  int covered = 0;
  for (int i = 0; i < kRounds; ++i) {
    std::vector<StratumSample> strata;
    for (std::size_t h = 0; h < people.size(); ++h) {
      std::vector<std::int64_t> frame = people[h];
      const std::size_t n = h == 1 ? 40 : 20;
      for (std::size_t k = 0; k < n; ++k) {
        std::swap(frame[k],
                  frame[k + static_cast<std::size_t>(random.Below(static_cast<int>(frame.size() - k)))]);
      }
      frame.resize(n);
      strata.push_back({static_cast<std::int64_t>(people[h].size()), MomentsOfColumn(frame)});
    }
    covered += Holds(MeanOfStrata(strata)->interval, static_cast<double>(sum) / 300);
  }
  EXPECT_NEAR(covered / static_cast<double>(kRounds), 0.95, 0.015);
}

// Weights that have nothing to do with the answers.
TEST(CoverageTest, WeightedMeans) {
  const std::vector<int> percents{5, 15, 30, 30, 20};
  Random random(44);
  int covered = 0;
  for (int i = 0; i < kRounds; ++i) {
    WeightedMoments moments;
    for (const std::int64_t value : Draw(&random, percents, 80)) {
      const std::int64_t weight = random.Between(1, 5);
      ++moments.n;
      moments.weight_sum += weight;
      moments.weight_square_sum += weight * weight;
      moments.sum += weight * value;
      moments.square_sum += weight * value * value;
    }
    covered += Holds(*MeanInterval(moments), MeanOfPercents(percents));
  }
  EXPECT_NEAR(covered / static_cast<double>(kRounds), 0.95, 0.012);
}

// The same for shares and net promoter scores, also where nearly all agree.
TEST(CoverageTest, WeightedSharesAndScores) {
  Random random(46);
  for (const auto& percents : {std::vector<int>{20, 30, 50}, std::vector<int>{2, 3, 95}}) {
    int shares = 0, scores = 0;
    for (int i = 0; i < kRounds; ++i) {
      WeightedMoments share, score;
      for (const std::int64_t value : Draw(&random, percents, 60)) {
        const std::int64_t weight = random.Between(1, 5), figure = value - 2;
        const std::int64_t hit = figure > 0 ? 1 : 0;
        for (WeightedMoments* moments : {&share, &score}) {
          ++moments->n;
          moments->weight_sum += weight;
          moments->weight_square_sum += weight * weight;
        }
        share.sum += weight * hit;
        share.square_sum += weight * hit;
        score.sum += weight * figure;
        score.square_sum += weight * figure * figure;
      }
      shares += Holds(*WeightedShareInterval(share), percents[2] / 100.0);
      scores += Holds(*WeightedNpsInterval(score), percents[2] - percents[0]);
    }
    EXPECT_NEAR(shares / static_cast<double>(kRounds), 0.95, 0.02) << percents[2];
    EXPECT_NEAR(scores / static_cast<double>(kRounds), 0.95, 0.02) << percents[2];
  }
}

// Sums of uniform numbers, near enough to the normal distribution that Feldt's interval takes: common and own parts of
// equal variance, so alpha of 5 items is 5 * 0.5 / (1 + 4 * 0.5).
TEST(CoverageTest, Alpha) {
  Random random(45);
  const auto normal = [&random] {
    std::int64_t sum = 0;
    for (int i = 0; i < 8; ++i) sum += random.Between(-50, 50);
    return sum;
  };
  int covered = 0;
  constexpr int kFewer = 2000;  // Their share varies by 0.005.
  for (int i = 0; i < kFewer; ++i) {
    Answers answers(5);
    for (int row = 0; row < 40; ++row) {
      const std::int64_t common = normal();
      for (auto& column : answers) column.push_back(common + normal());
    }
    covered += Holds(*ReliabilityOf(ListwiseMomentsOf(answers)).interval, 2.5 / 3);
  }
  EXPECT_NEAR(covered / static_cast<double>(kFewer), 0.95, 0.015);
}

}  // namespace
}  // namespace csat
