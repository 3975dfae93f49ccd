#include "csat/measure/co_moments.h"

#include <cmath>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "measure/answers.h"
#include "measure/gap_words.h"
#include "scoring/random.h"

namespace csat {
namespace {

constexpr std::int64_t kNone = kNoAnswer;

TEST(CoMomentsTest, ListwiseFromSumsAndProducts) {
  const Answers answers{{1, 2, 4}, {3, 3, 9}};
  const CoMoments counted = PairwiseMomentsOf(answers);
  const CoMoments moments = CoMoments::Listwise(3, {1, 1}, {7, 15}, {21, 45, 45, 99});
  EXPECT_EQ(moments.items, 2);
  EXPECT_EQ(moments.rows, 3);
  EXPECT_EQ(moments.n, counted.n);
  EXPECT_EQ(moments.sum, counted.sum);
  EXPECT_EQ(moments.square, counted.square);
  EXPECT_EQ(moments.product, counted.product);
  EXPECT_TRUE(moments.IsListwise());
  EXPECT_EQ(CoMoments::Listwise(3, {1, 1}, {7}, {21, 45, 45, 99}).items, 0);
  EXPECT_EQ(CoMoments::Listwise(3, {1, 1}, {7, 15}, {21}).items, 0);
}

// P2-17: scores 70, 80, 90, 95 and repurchase rates 0.30, 0.42, 0.50, 0.58.
TEST(CoMomentsTest, ScoresAndRepurchases) {
  Answers answers{{7000, 8000, 9000, 9500}, {30, 42, 50, 58}};
  const CoMoments moments = ListwiseMomentsOf(answers, 100);
  const ItemMatrix covariances = *CovariancesOf(moments);
  EXPECT_NEAR((*CorrelationsOf(moments))(0, 1), 0.9943, 5e-5);
  EXPECT_NEAR(covariances(0, 1) / covariances(0, 0), 0.010712, 5e-7);  // The slope.
}

// R: cov() and cor() with use = "pairwise.complete.obs".
TEST(CoMomentsTest, PairsWithoutAnswers) {
  const Answers answers{{1, 2, 3, 4, kNone}, {2, 1, kNone, 6, 5}};
  const CoMoments moments = PairwiseMomentsOf(answers, 10);
  EXPECT_FALSE(moments.IsListwise());
  const ItemMatrix covariances = *CovariancesOf(moments), r = *CorrelationsOf(moments);
  EXPECT_DOUBLE_EQ(covariances(0, 0), 5.0 / 3 / 100);
  EXPECT_DOUBLE_EQ(covariances(0, 1), 3.5 / 100);
  EXPECT_DOUBLE_EQ(covariances(1, 1), 17.0 / 3 / 100);
  EXPECT_NEAR(r(0, 1), 0.8660254037844387, 1e-15);  // 21 / sqrt(14 * 42): the rows of both.
  EXPECT_EQ(r(1, 0), r(0, 1));
  EXPECT_EQ(r.rows, 5);
  EXPECT_EQ(r.least_rows, 3);
  EXPECT_FALSE(r.listwise);
  const ItemMatrix scaled = *ScaledToCorrelations(covariances);
  EXPECT_NEAR(scaled(0, 1), 3.5 / std::sqrt(5.0 / 3 * 17 / 3), 1e-15);  // Each item's own rows: beyond 1.
  EXPECT_EQ(scaled(1, 1), 1);
}

TEST(CoMomentsTest, EqualItemsHaveExactlyOne) {
  Random random(3);
  for (int i = 0; i < 200; ++i) {
    Answers answers(3);
    for (int row = 0; row < 50; ++row) {
      const std::int64_t x = random.Between(0, 1'000'003);
      answers[0].push_back(x);
      answers[1].push_back(x);
      answers[2].push_back(-x);
    }
    const ItemMatrix r = *CorrelationsOf(ListwiseMomentsOf(answers));
    EXPECT_EQ(r(0, 1), 1);
    EXPECT_EQ(r(0, 2), -1);
  }
}

// A unit per item: tenths beside halves of hundreds.
TEST(CoMomentsTest, UnitsOfTheirOwn) {
  CoMoments moments = ListwiseMomentsOf({{1, 2, 4}, {3, 3, 9}});
  moments.units = {10, 200};
  const ItemMatrix covariances = *CovariancesOf(moments);
  EXPECT_DOUBLE_EQ(covariances(0, 1), 5.0 / 2000);
  EXPECT_DOUBLE_EQ(covariances(1, 1), 12.0 / 40000);
}

TEST(CoMomentsTest, WhereThereIsNone) {
  const auto both = [](const CoMoments& moments) {
    return GapWords(CovariancesOf(moments)) + " | " + GapWords(CorrelationsOf(moments));
  };
  EXPECT_EQ(both(CoMoments()), "empty | empty");
  EXPECT_EQ(both(PairwiseMomentsOf({{}, {}})), "empty | empty");
  EXPECT_EQ(both(ListwiseMomentsOf({{3}, {4}})), "too_few 0 1 | too_few 0 1");
  EXPECT_EQ(both(ListwiseMomentsOf({{3, 3}, {4, 5}})), " | constant 0");
  // Items 0 and 2 have but one row in common.
  EXPECT_EQ(both(PairwiseMomentsOf({{1, 2, 3, kNone}, {1, 2, 3, 4}, {kNone, kNone, 1, 2}})),
            "too_few 0 2 | too_few 0 2");
  // Item 1 has no answer, or but one: it is at fault, not those beside it.
  EXPECT_EQ(both(PairwiseMomentsOf({{1, 2, 3}, {kNone, kNone, kNone}, {2, kNone, 1}})), "empty 1 | empty 1");
  EXPECT_EQ(both(PairwiseMomentsOf({{1, 2, 3}, {kNone, 4, kNone}, {2, 3, 1}})), "too_few 1 | too_few 1");
  EXPECT_EQ(both(PairwiseMomentsOf({{kNone, kNone}, {kNone, 4}, {kNone, kNone}})), "empty 0 2 | empty 0 2");
  CoMoments none = CoMoments::Listwise(0, {1, 1}, {0, 0}, {0, 0, 0, 0});
  EXPECT_EQ(both(none), "empty | empty");
  none.unanswered = {1};
  EXPECT_EQ(both(none), "empty 1 | empty 1");
  // Item 0 does not vary where item 2 has answers.
  EXPECT_EQ(both(PairwiseMomentsOf({{1, 2, 2}, {1, 2, 3}, {kNone, 1, 2}})), " | constant 0");
  EXPECT_EQ(GapWords(ScaledToCorrelations(*CovariancesOf(ListwiseMomentsOf({{3, 3}, {4, 5}})))),
            "constant 0");
}

TEST(CoMomentsTest, WhatNoRowsHave) {
  const CoMoments good = ListwiseMomentsOf({{1, 2, 4}, {3, 3, 9}});
  const auto words = [](const CoMoments& moments) { return GapWords(CorrelationsOf(moments)); };
  EXPECT_EQ(words(good), "");
  CoMoments bad = good;
  bad.units.pop_back();
  EXPECT_EQ(words(bad), "invalid");
  bad = good;
  bad.square.pop_back();
  EXPECT_EQ(words(bad), "invalid");
  bad = good;
  bad.rows = 2;
  EXPECT_EQ(words(bad), "invalid 0");
  bad = good;
  bad.n[1] = 2;
  EXPECT_EQ(words(bad), "invalid 0 1");
  bad = good;
  bad.units[1] = 0;
  EXPECT_EQ(words(bad), "invalid 1");
  bad = good;
  bad.square[3] = 1;  // Three values that sum to 15 have squares of 75 at least.
  EXPECT_EQ(words(bad), "invalid 1");
  bad = good;
  bad.product[0] = 1;
  EXPECT_EQ(GapWords(CovariancesOf(bad)), "invalid 0");
  bad = good;
  bad.items = -1;
  EXPECT_EQ(words(bad), "invalid");
}

}  // namespace
}  // namespace csat
