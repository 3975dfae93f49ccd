// Whatever aggregates come in, what comes out is a finite number or a reason: never NaN, never an infinity, and intervals
// with their ends in order.
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "csat/measure/contingency.h"
#include "csat/measure/factorability.h"
#include "csat/measure/multiple_tests.h"
#include "csat/measure/nps.h"
#include "csat/measure/one_factor.h"
#include "csat/measure/reliability.h"
#include "csat/measure/sample_size.h"
#include "csat/measure/two_samples.h"
#include "csat/measure/weighting.h"
#include "gtest/gtest.h"
#include "measure/answers.h"
#include "scoring/random.h"

namespace csat {
namespace {

void Check(double value) { ASSERT_TRUE(std::isfinite(value)); }
void Check(const Interval& interval) {
  ASSERT_TRUE(std::isfinite(interval.low) && std::isfinite(interval.high) && interval.low <= interval.high)
      << interval.low << " " << interval.high;
}
void Check(const TestResult& test) {
  ASSERT_TRUE(std::isfinite(test.statistic) && test.p >= 0 && test.p <= 1 && test.log10_p <= 0);
  ASSERT_TRUE(std::isfinite(test.log10_p)) << test.statistic << " " << test.df;
}
template <typename T>
void Check(const std::vector<T>& values);
template <typename T>
void Check(const Measured<T>& measured);
void Check(const MeanDifference& means) {
  Check(means.difference);
  Check(means.interval);
  Check(means.test);
}
void Check(const NpsDifference& difference) {
  Check(difference.interval);
  Check(difference.test);
}
void Check(const AdjustedNps& adjusted) { Check(adjusted.interval); }
void Check(const RankSum& ranks) {
  ASSERT_TRUE(ranks.superiority >= 0 && ranks.superiority <= 1);
  Check(ranks.test);
}
void Check(const Independence& independence) {
  ASSERT_TRUE(independence.cramers_v >= 0 && independence.cramers_v <= 1);
  Check(independence.test);
}
void Check(const StratifiedMean& mean) {
  Check(mean.df);
  Check(mean.design_effect);
  Check(mean.interval);
}
void Check(const ItemMatrix& matrix) { Check(matrix.values); }
void Check(const Kmo& kmo) {
  ASSERT_TRUE(kmo.overall >= 0 && kmo.overall <= 1);
  Check(kmo.items);
}
void Check(const Sphericity& bartlett) {
  Check(bartlett.log_determinant);
  Check(bartlett.test);
}
void Check(const OneFactor& factor) {
  Check(factor.loadings);
  Check(factor.omega_total);
  ASSERT_TRUE(factor.omega_of_model >= 0 && factor.omega_of_model <= 1);
}
void Check(const Reliability& reliability) {
  Check(reliability.alpha);
  Check(reliability.standardised_alpha);
  Check(reliability.average_correlation);
  Check(reliability.interval);
  for (const ItemReliability& item : reliability.by_item) {
    Check(item.item_rest);
    Check(item.alpha_if_dropped);
    Check(item.standardised_alpha_if_dropped);
  }
}

template <typename T>
void Check(const std::vector<T>& values) {
  for (const T& value : values) Check(value);
}
template <typename T>
void Check(const Measured<T>& measured) {
  if (measured.has_value()) Check(*measured);
}

class FiniteTest : public ::testing::Test {
 protected:
  // 0, 1, -1, a small one or one at a limit.
  std::int64_t Extreme(int bits) {
    const std::int64_t most = std::int64_t{1} << bits;
    return random_.Pick({std::int64_t{0}, std::int64_t{1}, std::int64_t{2}, std::int64_t{-1},
                         random_.Between(0, 9), random_.Between(0, 1000), most, most - 1, -most,
                         random_.Between(-most, most)});
  }
  double Level() {
    return random_.Pick({0.95, 0.99, 0.5, 1e-300, 1e-12, 1 - 1e-12, 1 - 1.1102230246251565e-16, 0.0, 1.0});
  }
  Sampling Design() {
    return {random_.Pick({1.0, 1.0, 2.5, 1e-9, 1e9, 1e-300, 1e300, 0.0, -1.0, std::nan("")}),
            random_.Chance(30) ? Extreme(40) : 0};
  }
  Moments AnyMoments() {
    return {Extreme(40), Extreme(60), Extreme(62), random_.Pick({1, 10, 1'000'000, 0})};
  }
  Frequencies AnyFrequencies() {
    Frequencies frequencies;
    std::int64_t value = Extreme(39);
    const int levels = random_.Below(6);
    for (int i = 0; i < levels; ++i) {
      frequencies.levels.push_back({value, Extreme(38)});
      value += 1 + std::abs(Extreme(30));
    }
    return frequencies;
  }
  Proportion AnyProportion() {
    const std::int64_t n = Extreme(40);
    return {random_.Pick({n, std::int64_t{0}, n / 2, Extreme(40)}), n};
  }
  NpsCounts AnyNps() { return {Extreme(39), Extreme(39), Extreme(38)}; }

  Random random_{2026};
};

TEST_F(FiniteTest, MeansAndFrequencies) {
  for (int i = 0; i < 20000; ++i) {
    const Moments a = AnyMoments(), b = AnyMoments();
    Check(Mean(a));
    Check(Variance(a));
    Check(StandardDeviation(a, Divisor::kPopulation));
    Check(StandardError(a));
    Check(MeanInterval(a, Level(), Design()));
    Check(CompareMeans(a, b, Level()));
    const Frequencies f = AnyFrequencies(), g = AnyFrequencies();
    Check(Modes(f));
    Check(Quantile(f, Level()));
    Check(Skewness(f));
    Check(ExcessKurtosis(f));
    Check(CompareRanks(f, g));
    const WeightedMoments w{Extreme(40), Extreme(60), Extreme(62), Extreme(60), Extreme(62), 10};
    Check(Mean(w));
    Check(Variance(w));
    Check(DesignEffect(w));
    Check(MeanInterval(w, Level()));
    const std::int64_t up = std::abs(Extreme(40)), down = std::abs(Extreme(40)), all = std::abs(Extreme(44)),
                       squares = random_.Pick({all, up + down, Extreme(62)});
    const WeightedMoments shares{
        Extreme(40), all, squares, random_.Pick({up, all}), random_.Pick({up, all}), 1};
    Check(WeightedShareInterval(shares, Level()));
    const WeightedMoments scores{Extreme(40), all, squares, up - down, up + down, 1};
    Check(WeightedNpsInterval(scores, Level()));
    std::vector<StratumSample> strata;
    for (int h = random_.Below(4); h > 0; --h) {
      strata.push_back({std::abs(Extreme(40)), MomentsOf(AnyProportion())});
    }
    Check(MeanOfStrata(strata, Level()));
    if (HasFatalFailure()) return;
  }
}

TEST_F(FiniteTest, SharesScoresAndTests) {
  for (int i = 0; i < 20000; ++i) {
    const Proportion a = AnyProportion(), b = AnyProportion();
    const double level = Level();
    const Sampling design = Design();
    Check(Share(a));
    for (const auto interval : {WaldInterval, WilsonInterval, WilsonCorrectedInterval, AgrestiCoullInterval,
                                ClopperPearsonInterval}) {
      Check(interval(a, level, design));
    }
    Check(CompareShares(a, b));
    Check(NewcombeInterval(a, b, level));
    const NpsCounts x = AnyNps(), y = AnyNps();
    Check(Nps(x));
    Check(NpsWaldInterval(x, level));
    Check(NpsTInterval(x, level));
    Check(NpsAdjustedWald(x, level));
    Check(NpsScoreInterval(x, level, design));
    Check(CompareNps(x, y, level));
    std::vector<std::int64_t> table;
    std::vector<Proportion> groups;
    std::vector<double> p;
    for (int cell = random_.Below(10); cell > 0; --cell) {
      table.push_back(Extreme(30));
      groups.push_back(AnyProportion());
      p.push_back(level * random_.Below(3));
    }
    Check(TestIndependence(table, random_.Below(4)));
    Check(TestTrend(groups));
    Check(HolmAdjusted(p));
    Check(BenjaminiHochbergAdjusted(p));
    if (HasFatalFailure()) return;
  }
}

// Few rows of few levels, so that every defect of a scale comes up, with and without gaps.
TEST_F(FiniteTest, Scales) {
  int figures = 0;
  for (int i = 0; i < 3000; ++i) {
    const int items = random_.Below(7), rows = random_.Below(12), levels = 1 + random_.Below(5),
              gaps = random_.Below(50);
    Answers answers(static_cast<std::size_t>(items));
    for (auto& column : answers) {
      for (int row = 0; row < rows; ++row) {
        const std::int64_t value = random_.Below(levels) * (i % 7 == 0 ? (std::int64_t{1} << 40) : 1);
        column.push_back(random_.Chance(gaps) ? kNoAnswer : value);
      }
    }
    for (const CoMoments& moments : {ListwiseMomentsOf(answers, 10), PairwiseMomentsOf(answers, 10)}) {
      Check(ReliabilityOf(moments, Level()));
      Check(CovariancesOf(moments));
      const Measured<ItemMatrix> r = CorrelationsOf(moments);
      Check(r);
      if (r.has_value()) {
        const Factorability factorability = FactorabilityOf(*r);
        Check(factorability.kmo);
        Check(factorability.bartlett);
        Check(Eigenvalues(*r));
        Check(OneFactorOf(*r));
        figures += factorability.kmo.has_value();
      }
      const Measured<Ratio> alpha = ExactAlpha(moments);
      if (alpha.has_value()) {
        ASSERT_GT(alpha->denominator(), 0);
      }
    }
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(figures, 300);  // There are some without a defect.
}

void CheckScale(const CoMoments& moments, double level) {
  const Reliability reliability = ReliabilityOf(moments, level);
  Check(reliability);
  for (const Gap& finding : reliability.findings) {
    for (const int item : finding.items) ASSERT_TRUE(item >= 0 && item < moments.items);
  }
  const Measured<ItemMatrix> covariances = CovariancesOf(moments), r = CorrelationsOf(moments);
  Check(covariances);
  Check(r);
  if (covariances.has_value()) Check(ScaledToCorrelations(*covariances));
  if (!r.has_value()) return;
  const Factorability factorability = FactorabilityOf(*r);
  Check(factorability.kmo);
  Check(factorability.bartlett);
  Check(Eigenvalues(*r));
  Check(OneFactorOf(*r));
}

// Moments that no rows have, of any size, and vectors of the wrong length.
TEST_F(FiniteTest, MomentsOutOfNowhere) {
  int read = 0;
  for (int i = 0; i < 20000; ++i) {
    CoMoments moments;
    moments.items = random_.Pick({0, 1, 2, 2, 3, 3, 4, 5, -1});
    const auto k = static_cast<std::size_t>(moments.items < 0 ? 0 : moments.items);
    const int bits = random_.Pick({3, 8, 20, 40, 62});
    moments.rows = Extreme(random_.Pick({3, 20, 40}));
    const bool listwise = random_.Chance(50);
    const std::int64_t n = listwise ? moments.rows : 0;
    for (std::size_t item = 0; item < k; ++item)
      moments.units.push_back(random_.Pick({1, 1, 10, 1'000'000, 0}));
    const auto figure = [&] { return absl::int128(Extreme(bits)) * (bits == 62 ? Extreme(60) : 1); };
    moments.n.resize(k * k);
    moments.sum.resize(k * k);
    moments.square.resize(k * k);
    moments.product.resize(k * k);
    for (std::size_t a = 0; a < k; ++a) {
      const absl::int128 sum = figure(), square = figure();
      for (std::size_t b = 0; b < k; ++b) {
        moments.n[a * k + b] = listwise ? n : Extreme(random_.Pick({3, 20, 40}));
        moments.sum[a * k + b] = listwise ? sum : figure();
        moments.square[a * k + b] = listwise ? square : figure();
        moments.product[a * k + b] = a == b ? moments.square[a * k + b] : figure();
        if (b < a && random_.Chance(95)) {
          moments.n[a * k + b] = moments.n[b * k + a];
          moments.product[a * k + b] = moments.product[b * k + a];
        }
      }
    }
    if (random_.Chance(3) && k > 0) moments.product.pop_back();
    if (random_.Chance(3) && k > 0) moments.units.pop_back();
    CheckScale(moments, Level());
    read += CorrelationsOf(moments).has_value();
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(read, 100);
}

// Any symmetric matrix that says it is one of correlations.
TEST_F(FiniteTest, MatricesOutOfNowhere) {
  for (int i = 0; i < 5000; ++i) {
    ItemMatrix matrix;
    matrix.items = random_.Below(7);
    const auto k = static_cast<std::size_t>(matrix.items);
    matrix.rows = Extreme(40);
    matrix.least_rows = random_.Pick({matrix.rows, Extreme(20)});
    matrix.listwise = random_.Chance(50);
    matrix.values.assign(k * k, 1);
    for (std::size_t a = 0; a < k; ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        const double r = random_.Pick({0.0, 1.0, -1.0, 0.5, 1e-300, 1 - 1e-16, 1 - 1e-12,
                                       static_cast<double>(random_.Between(-1000, 1000)) / 1000});
        matrix.values[a * k + b] = matrix.values[b * k + a] = r;
      }
    }
    const Factorability factorability = FactorabilityOf(matrix);
    Check(factorability.kmo);
    Check(factorability.bartlett);
    Check(Eigenvalues(matrix));
    Check(OneFactorOf(matrix));
    Check(Alpha(matrix));
    Check(AlphasIfDropped(matrix));
    Check(ItemRestCorrelations(matrix));
    Check(AverageCorrelation(matrix));
    for (const Gap& gap : DependentItems(matrix)) {
      ASSERT_FALSE(gap.items.empty());
    }
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace csat
