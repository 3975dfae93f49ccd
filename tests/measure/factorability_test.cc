#include "csat/measure/factorability.h"

#include <cmath>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "measure/answers.h"
#include "measure/gap_words.h"
#include "scoring/random.h"

namespace csat {
namespace {

ItemMatrix Correlations(int items, std::int64_t n, std::vector<double> values) {
  ItemMatrix matrix;
  matrix.items = items;
  matrix.rows = matrix.least_rows = n;
  matrix.listwise = true;
  matrix.values = std::move(values);
  return matrix;
}

// `items` items that correlate by r with each other.
ItemMatrix Equal(int items, std::int64_t n, double r) {
  ItemMatrix matrix = Correlations(items, n, std::vector<double>(static_cast<std::size_t>(items * items), r));
  for (int i = 0; i < items; ++i) matrix.values[static_cast<std::size_t>(i * items + i)] = 1;
  return matrix;
}

// P2-63: 9/13 = 0.6923, chi-square 67.3508 of 3 degrees of freedom, p 1.58e-14.
TEST(FactorabilityTest, FiguresOfTheClause) {
  const Factorability result = FactorabilityOf(Equal(3, 100, 0.5));
  EXPECT_NEAR(result.kmo->overall, 9.0 / 13, 1e-15);
  for (const Estimate& item : result.kmo->items) EXPECT_NEAR(*item, 9.0 / 13, 1e-15);
  EXPECT_NEAR(result.bartlett->test.statistic, (99 - 11.0 / 6) * std::log(2), 1e-12);
  EXPECT_NEAR(result.bartlett->test.statistic, 67.3508, 5e-5);
  EXPECT_EQ(result.bartlett->test.df, 3);
  EXPECT_NEAR(result.bartlett->test.p, 1.58e-14, 5e-17);
  EXPECT_NEAR(result.bartlett->log_determinant, -std::log(2), 1e-15);
  EXPECT_EQ(result.bartlett->n, 100);
  const std::vector<double> eigenvalues = *Eigenvalues(Equal(3, 100, 0.5));
  EXPECT_NEAR(eigenvalues[0], 2, 1e-15);
  EXPECT_NEAR(eigenvalues[2], 0.5, 1e-15);
}

TEST(FactorabilityTest, TwoItems) {
  // KMO of two items is 0.5 whatever they are; uncorrelated ones have none.
  EXPECT_DOUBLE_EQ(FactorabilityOf(Equal(2, 50, 0.8)).kmo->overall, 0.5);
  const Factorability unrelated = FactorabilityOf(Equal(2, 50, 0));
  EXPECT_EQ(GapWords(unrelated.kmo), "not_measurable");
  EXPECT_EQ(unrelated.bartlett->test.statistic, 0);
  EXPECT_EQ(unrelated.bartlett->test.p, 1);
  // One unrelated beside two related.
  const Factorability one = FactorabilityOf(Correlations(3, 50, {1, 0.5, 0, 0.5, 1, 0, 0, 0, 1}));
  EXPECT_EQ(GapWords(one.kmo->items[2]), "not_measurable 2");
  EXPECT_DOUBLE_EQ(one.kmo->overall, 0.5);
}

Answers RandomAnswers(int items, int rows, std::uint64_t seed) {
  Random random(seed);
  Answers answers(static_cast<std::size_t>(items));
  for (int row = 0; row < rows; ++row) {
    const std::int64_t common = random.Between(-2, 2);
    for (auto& column : answers) column.push_back(5 + common + random.Between(-2, 2));
  }
  return answers;
}

std::string Words(const Answers& answers) {
  const Measured<ItemMatrix> r = CorrelationsOf(ListwiseMomentsOf(answers));
  if (!r.has_value()) return GapWords(r);
  const Factorability result = FactorabilityOf(*r);
  EXPECT_EQ(result.kmo.has_value(), result.bartlett.has_value());
  return GapWords(result.kmo);
}

// Each defect names its items, and gives no number; the same data without it do.
TEST(FactorabilityTest, DefectsNameTheirItems) {
  const Answers good = RandomAnswers(6, 40, 5);
  EXPECT_EQ(Words(good), "");

  Answers bad = good;
  bad[4] = bad[1];
  EXPECT_EQ(Words(bad), "duplicate 1 4");
  for (std::int64_t& value : bad[4]) value = 11 - 3 * value;  // Reversed and stretched: still the same.
  EXPECT_EQ(Words(bad), "duplicate 1 4");

  bad = good;
  for (std::size_t row = 0; row < 40; ++row) bad[5][row] = bad[0][row] + bad[3][row];
  EXPECT_EQ(Words(bad), "singular 0 3 5");
  // The sum in front of its parts.
  std::swap(bad[0], bad[5]);
  EXPECT_EQ(Words(bad), "singular 0 3 5");
  for (std::size_t row = 0; row < 40; ++row)
    bad[4][row] = 7 * bad[1][row] - 2 * bad[2][row] + bad[3][row] + 9;
  const std::vector<Gap> dependent = DependentItems(*CorrelationsOf(ListwiseMomentsOf(bad)));
  ASSERT_EQ(dependent.size(), 2u);
  EXPECT_EQ(dependent[0], (Gap{Gap::Reason::kSingular, {1, 2, 3, 4}}));
  EXPECT_EQ(dependent[1], (Gap{Gap::Reason::kSingular, {0, 3, 5}}));

  bad = good;
  bad[2].assign(40, 3);
  bad[3].assign(40, 0);
  EXPECT_EQ(Words(bad), "constant 2 3");

  // One more row than items is enough, no more is not.
  EXPECT_EQ(Words(RandomAnswers(6, 7, 5)), "");
  EXPECT_EQ(Words(RandomAnswers(6, 6, 5)), "too_few");
  EXPECT_EQ(Words(RandomAnswers(1, 40, 5)), "too_few");
}

TEST(FactorabilityTest, NearlyDuplicate) {
  // One answer of ten thousand differs: regular, and known to be.
  Answers answers = RandomAnswers(3, 10000, 9);
  answers[2] = answers[0];
  answers[2][17] += 1;
  EXPECT_EQ(Words(answers), "");
  // At the limit of the squared multiple correlation.
  EXPECT_EQ(GapWords(FactorabilityOf(Equal(2, 50, std::sqrt(1 - 0.9e-10))).kmo), "duplicate 0 1");
  EXPECT_EQ(GapWords(FactorabilityOf(Equal(2, 50, std::sqrt(1 - 1.1e-10))).kmo), "");
}

TEST(FactorabilityTest, PairwiseContradictions) {
  ItemMatrix matrix = Correlations(3, 50, {1, 0.9, -0.9, 0.9, 1, 0.9, -0.9, 0.9, 1});
  matrix.listwise = false;
  const Factorability result = FactorabilityOf(matrix);
  EXPECT_EQ(GapWords(result.kmo), "indefinite 0 1 2");
  EXPECT_EQ(GapWords(result.bartlett), "indefinite 0 1 2");
  EXPECT_LT(Eigenvalues(matrix)->back(), 0);
}

TEST(FactorabilityTest, RowsOfBartlettsTest) {
  ItemMatrix matrix = Equal(3, 100, 0.5);
  matrix.listwise = false;
  matrix.least_rows = 40;
  EXPECT_EQ(FactorabilityOf(matrix).bartlett->n, 100);
  EXPECT_EQ(FactorabilityOf(matrix, matrix.least_rows).bartlett->n, 40);
  // The factor n - 1 - 11/6 has to be above 0.
  EXPECT_EQ(GapWords(FactorabilityOf(matrix, 2).bartlett), "too_few");
  EXPECT_EQ(GapWords(FactorabilityOf(matrix, 3).bartlett), "");
}

TEST(FactorabilityTest, EigenvaluesOfDependentItems) {
  Answers answers = RandomAnswers(4, 30, 2);
  answers[3] = answers[0];
  const std::vector<double> values = *Eigenvalues(*CorrelationsOf(ListwiseMomentsOf(answers)));
  EXPECT_EQ(values.back(), 0);
  double sum = 0;
  for (const double value : values) sum += value;
  EXPECT_NEAR(sum, 4, 1e-14);
  EXPECT_EQ(GapWords(Eigenvalues(ItemMatrix())), "empty");
}

// Against a plain inverse by Gauss and Jordan in long double, on random scales of every size.
TEST(FactorabilityTest, KmoByAPlainInverse) {
  for (int items = 2; items <= 40; items += 3) {
    const ItemMatrix r =
        *CorrelationsOf(ListwiseMomentsOf(RandomAnswers(items, items * 4 + 20, 100 + items)));
    const auto k = static_cast<std::size_t>(items);
    std::vector<std::vector<long double>> a(k, std::vector<long double>(2 * k));
    for (std::size_t i = 0; i < k; ++i) {
      for (std::size_t j = 0; j < k; ++j) a[i][j] = r(static_cast<int>(i), static_cast<int>(j));
      a[i][k + i] = 1;
    }
    for (std::size_t c = 0; c < k; ++c) {
      const long double pivot = a[c][c];
      for (long double& cell : a[c]) cell /= pivot;
      for (std::size_t i = 0; i < k; ++i) {
        if (i == c) continue;
        const long double factor = a[i][c];
        for (std::size_t j = 0; j < 2 * k; ++j) a[i][j] -= factor * a[c][j];
      }
    }
    long double of_r = 0, of_q = 0;
    for (std::size_t i = 0; i < k; ++i) {
      for (std::size_t j = 0; j < k; ++j) {
        if (i == j) continue;
        const long double rij = r(static_cast<int>(i), static_cast<int>(j));
        of_r += rij * rij;
        of_q += a[i][k + j] * a[i][k + j] / (a[i][k + i] * a[j][k + j]);
      }
    }
    EXPECT_NEAR(FactorabilityOf(r).kmo->overall, static_cast<double>(of_r / (of_r + of_q)), 1e-13) << items;
  }
}

}  // namespace
}  // namespace csat
