#include "csat/measure/reliability.h"

#include <cmath>
#include <string>
#include <vector>

#include "csat/measure/one_factor.h"
#include "gtest/gtest.h"
#include "measure/answers.h"
#include "measure/gap_words.h"
#include "scoring/random.h"

namespace csat {
namespace {

// Three items of five persons: those of clause P2-62.
const Answers kClause{{4, 3, 5, 2, 4}, {5, 3, 5, 3, 4}, {4, 4, 5, 2, 5}};

// P2-62: variances 1.3, 1.0, 1.5, of the sum 9.8; 45/49 = 0.9184.
TEST(ReliabilityTest, AlphaOfTheClause) {
  const CoMoments moments = ListwiseMomentsOf(kClause);
  const ItemMatrix covariances = *CovariancesOf(moments);
  EXPECT_DOUBLE_EQ(covariances(0, 0), 1.3);
  EXPECT_DOUBLE_EQ(covariances(1, 1), 1.0);
  EXPECT_DOUBLE_EQ(covariances(2, 2), 1.5);
  EXPECT_DOUBLE_EQ(*Alpha(covariances), 45.0 / 49);
  const Ratio exact = *ExactAlpha(moments);
  EXPECT_EQ(exact.numerator() * 49, exact.denominator() * 45);
  EXPECT_EQ(exact.ToString(4), "0.9184");
  EXPECT_EQ(exact.Compare(*Decimal::Parse("0.7")), 1);
}

// P2-62: exactly 0.70 is not above 0.7. Two items of covariance c and variances v: alpha = 4 c / (2 v + 2 c).
TEST(ReliabilityTest, TheLimitIsExact) {
  const struct {
    const char* name;
    std::int64_t variance, covariance;
    int want;  // Of the comparison with 0.7.
  } cases[] = {
      {"at 0.7", 13'000'000'000'000, 7'000'000'000'000, 0},
      {"just above", 13'000'000'000'000, 7'000'000'000'001, 1},
      {"just below", 13'000'000'000'001, 7'000'000'000'000, -1},
  };
  for (const auto& test : cases) {
    const absl::int128 v = test.variance, c = test.covariance;
    const CoMoments moments = CoMoments::Listwise(10, {1, 1}, {0, 0}, {v, c, c, v});
    EXPECT_EQ(ExactAlpha(moments)->Compare(*Decimal::Parse("0.7")), test.want) << test.name;
    EXPECT_NEAR(*Alpha(*CovariancesOf(moments)), 0.7, 1e-12) << test.name;
  }
  EXPECT_EQ(GapWords(ExactAlpha(CoMoments::Listwise(10, {1, 10}, {0, 0}, {4, 1, 1, 4}))), "not_measurable");
  EXPECT_EQ(GapWords(ExactAlpha(PairwiseMomentsOf({{1, 2, 4, kNoAnswer}, {1, 3, 3, 4}}))), "not_measurable");
  EXPECT_EQ(GapWords(ExactAlpha(ListwiseMomentsOf({{1, 2, 4}}))), "too_few");
}

// By psych 2.2.9: alpha(), with its n - 1 variances.
TEST(ReliabilityTest, EverythingOfTheClause) {
  const Reliability result = ReliabilityOf(ListwiseMomentsOf(kClause));
  EXPECT_EQ(result.items, 3);
  EXPECT_EQ(result.n, 5);
  EXPECT_NEAR(*result.standardised_alpha, 0.9207859156609848, 1e-14);
  EXPECT_NEAR(*result.average_correlation, 0.7948580158507049, 1e-14);
  // pingouin's formula: 1 - (4/49) F(0.975; 4, 8) and F(0.025; 4, 8).
  EXPECT_NEAR(result.interval->low, 1 - 4.0 / 49 * 5.052632217363511, 1e-12);
  EXPECT_NEAR(result.interval->high, 1 - 4.0 / 49 * 0.11136377801442858, 1e-12);
  ASSERT_EQ(result.by_item.size(), 3u);
  // Of two items a and b: 4 cov / (var a + var b + 2 cov).
  EXPECT_DOUBLE_EQ(*result.by_item[2].alpha_if_dropped, 4 * 1.0 / (1.3 + 1.0 + 2 * 1.0));
  EXPECT_TRUE(result.findings.empty());
}

TEST(ReliabilityTest, ItemsAgainstEachOther) {
  const Reliability result = ReliabilityOf(ListwiseMomentsOf({{1, 2, 3, 4}, {4, 3, 3, 1}}));
  EXPECT_LT(*result.alpha, 0);
  EXPECT_LT(result.interval->low, result.interval->high);
  // They cancel out: the sum says nothing.
  EXPECT_EQ(GapWords(ReliabilityOf(ListwiseMomentsOf({{1, 2, 3, 4}, {4, 3, 2, 1}})).alpha), "not_measurable");
}

TEST(ReliabilityTest, Duplicates) {
  const Reliability result =
      ReliabilityOf(ListwiseMomentsOf({{4, 3, 5, 2, 4, 1}, {5, 3, 5, 3, 4, 2}, {4, 3, 5, 2, 4, 1}}));
  EXPECT_TRUE(result.alpha.has_value());
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0], (Gap{Gap::Reason::kDuplicate, {0, 2}}));
}

// A constant item: no alpha, and what it is without that item.
TEST(ReliabilityTest, Constants) {
  Answers answers = kClause;
  answers.push_back({3, 3, 3, 3, 3});
  const Reliability result = ReliabilityOf(ListwiseMomentsOf(answers));
  EXPECT_EQ(GapWords(result.alpha), "constant 3");
  EXPECT_EQ(GapWords(result.standardised_alpha), "constant 3");
  EXPECT_EQ(GapWords(result.average_correlation), "constant 3");
  EXPECT_EQ(GapWords(result.interval), "constant 3");
  EXPECT_EQ(GapWords(result.by_item[0].alpha_if_dropped), "constant 3");
  EXPECT_DOUBLE_EQ(*result.by_item[3].alpha_if_dropped, 45.0 / 49);
  EXPECT_EQ(GapWords(result.by_item[3].item_rest), "constant 3");
  EXPECT_TRUE(result.by_item[0].item_rest.has_value());
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0], (Gap{Gap::Reason::kConstant, {3}}));
}

TEST(ReliabilityTest, TooFew) {
  const Reliability none = ReliabilityOf(CoMoments());
  EXPECT_EQ(GapWords(none.alpha), "empty");
  EXPECT_TRUE(none.by_item.empty());
  const Reliability one_person = ReliabilityOf(ListwiseMomentsOf({{4}, {3}}));
  EXPECT_EQ(GapWords(one_person.alpha), "too_few 0 1");
  EXPECT_EQ(GapWords(one_person.interval), "too_few 0 1");
  // P2-62: k >= 2.
  const Reliability one_item = ReliabilityOf(ListwiseMomentsOf({{4, 3, 5}}));
  EXPECT_EQ(GapWords(one_item.alpha), "too_few");
  EXPECT_EQ(GapWords(one_item.by_item[0].item_rest), "too_few");
  const Reliability two_items = ReliabilityOf(ListwiseMomentsOf({{4, 3, 5}, {4, 2, 5}}));
  EXPECT_TRUE(two_items.alpha.has_value());
  EXPECT_TRUE(two_items.by_item[0].item_rest.has_value());
  EXPECT_EQ(GapWords(two_items.by_item[0].alpha_if_dropped), "too_few");
  // No more rows than items: alpha is defined, structure is not.
  const Reliability short_of_rows = ReliabilityOf(ListwiseMomentsOf({{4, 3, 5}, {4, 2, 5}, {1, 2, 2}}));
  EXPECT_TRUE(short_of_rows.alpha.has_value());
  ASSERT_EQ(short_of_rows.findings.size(), 1u);
  EXPECT_EQ(short_of_rows.findings[0], (Gap{Gap::Reason::kTooFew, {}}));
}

// The whole matrix contradicts itself: no figure is made of it. What is left without an item may be sound.
TEST(ReliabilityTest, PairwiseContradictions) {
  constexpr std::int64_t kNone = kNoAnswer;
  const struct {
    const char* name;
    Answers answers;
    std::string alpha, dropped[3], finding;
  } cases[] = {
      {"the correlations, too",
       {{1, kNone, 3, 5, kNone}, {3, 3, 3, 5, 5}, {1, 2, kNone, 3, 1}},
       "indefinite 0 1 2",
       {"", "indefinite 0 2", ""},
       "indefinite 0 1 2"},
      {"hidden behind duplicates",
       {{1, 2, 3, 1, 3}, {3, kNone, kNone, kNone, 4}, {2, 4, 3, 3, 5}},
       "indefinite 0 1",
       {"indefinite 1 2", "", "indefinite 0 1"},
       "duplicate 0 1"},
      {"the covariances alone",
       {{4, 1, 3, 4, 2}, {4, 1, kNone, 5, 2}, {kNone, 3, 5, 5, 4}},
       "indefinite 0 1",
       {"indefinite 1 2", "", "indefinite 0 1"},
       "indefinite 0 1"},
  };
  for (const auto& test : cases) {
    const Reliability result = ReliabilityOf(PairwiseMomentsOf(test.answers));
    EXPECT_EQ(GapWords(result.alpha), test.alpha) << test.name;
    EXPECT_EQ(GapWords(result.interval), test.alpha) << test.name;
    EXPECT_EQ(GapWords(result.standardised_alpha), test.alpha) << test.name;
    EXPECT_EQ(GapWords(result.average_correlation), test.alpha) << test.name;
    ASSERT_FALSE(result.findings.empty()) << test.name;
    EXPECT_EQ(GapWords(Estimate(result.findings[0])), test.finding) << test.name;
    EXPECT_EQ(result.findings.back().reason, Gap::Reason::kIndefinite) << test.name;
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(GapWords(result.by_item[i].alpha_if_dropped), test.dropped[i]) << test.name << " " << i;
      EXPECT_EQ(GapWords(result.by_item[i].item_rest), test.alpha) << test.name << " " << i;
    }
  }
}

// Whatever is missing: a figure within what it can be, or a reason.
TEST(ReliabilityTest, NoFigureBeyondItsRange) {
  Random random(7);
  int contradicted = 0, sound = 0;
  for (int i = 0; i < 3000; ++i) {
    const auto items = static_cast<std::size_t>(random.Between(2, 5)), rows = items + 3;
    Answers answers(items);
    for (auto& column : answers) {
      for (std::size_t row = 0; row < rows; ++row) {
        column.push_back(random.Between(0, 4) == 0 ? kNoAnswer : random.Between(1, 5));
      }
    }
    const CoMoments moments = PairwiseMomentsOf(answers);
    const Reliability result = ReliabilityOf(moments);
    const auto within = [&](const Estimate& figure, double low, double high) {
      if (figure.has_value()) {
        ++sound;
        EXPECT_GE(*figure, low) << i;
        EXPECT_LE(*figure, high) << i;
      } else {
        contradicted += figure.gap().reason == Gap::Reason::kIndefinite ? 1 : 0;
      }
    };
    within(result.alpha, -HUGE_VAL, 1);
    within(result.standardised_alpha, -HUGE_VAL, 1);
    within(result.average_correlation, -1, 1);
    EXPECT_EQ(result.alpha.has_value(), result.interval.has_value()) << i;
    for (const ItemReliability& item : result.by_item) {
      within(item.item_rest, -1, 1);
      within(item.alpha_if_dropped, -HUGE_VAL, 1);
      within(item.standardised_alpha_if_dropped, -HUGE_VAL, 1);
    }
    const Measured<ItemMatrix> correlations = CorrelationsOf(moments);
    const Measured<OneFactor> factor =
        correlations.has_value() ? OneFactorOf(*correlations) : Measured<OneFactor>(correlations.gap());
    if (factor.has_value()) within(factor->omega_total, -HUGE_VAL, 1);
  }
  EXPECT_GT(contradicted, 500);
  EXPECT_GT(sound, 5000);
}

// Rounding does not lift an alpha of identical items above 1, where there would be no interval.
TEST(ReliabilityTest, IdenticalItems) {
  for (std::size_t items = 2; items <= 64; ++items) {
    const Reliability result = ReliabilityOf(ListwiseMomentsOf(Answers(items, {1, 2, 4, 4, 5, 3, 1}), 10));
    EXPECT_NEAR(*result.alpha, 1, 1e-14) << items;
    EXPECT_LE(*result.alpha, 1) << items;
    EXPECT_EQ(GapWords(result.interval), "") << items;
  }
}

TEST(ReliabilityTest, FeldtIntervalAtItsLimits) {
  EXPECT_EQ(FeldtInterval(1, 3, 10)->low, 1);
  EXPECT_EQ(FeldtInterval(1, 3, 10)->high, 1);
  EXPECT_EQ(GapWords(FeldtInterval(1.0000001, 3, 10)), "invalid");
  EXPECT_EQ(GapWords(FeldtInterval(std::nan(""), 3, 10)), "invalid");
  EXPECT_EQ(GapWords(FeldtInterval(-HUGE_VAL, 3, 10)), "invalid");
  EXPECT_EQ(GapWords(FeldtInterval(0.8, 1, 10)), "too_few");
  EXPECT_EQ(GapWords(FeldtInterval(0.8, 2, 1)), "too_few");
  EXPECT_EQ(GapWords(FeldtInterval(0.8, 2, 2)), "");
  EXPECT_EQ(GapWords(FeldtInterval(0.8, 3, 10, 1)), "invalid");
}

}  // namespace
}  // namespace csat
