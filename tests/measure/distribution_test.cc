#include "measure/distribution.h"

#include <cmath>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "scoring/random.h"

namespace csat {
namespace {

// Expected values by mpmath 1.3 at 60 digits; p below the smallest double by its logarithm alone.
struct TailCase {
  const char* name;
  Tail tail;
  double p, log10_p;
};
void PrintTo(const TailCase& test, std::ostream* out) { *out << test.name; }

class TailTest : public ::testing::TestWithParam<TailCase> {};

TEST_P(TailTest, Probability) {
  const TailCase& test = GetParam();
  EXPECT_NEAR(test.tail.p, test.p, 1e-13 * test.p);
  EXPECT_NEAR(test.tail.log10_p, test.log10_p, 1e-13 * std::fabs(test.log10_p));
}

INSTANTIATE_TEST_SUITE_P(
    Tails, TailTest,
    ::testing::ValuesIn<TailCase>({
        {"ChiSquareAtNothing", UpperChiSquare(0, 3), 1, 0},
        {"ChiSquareSmall", UpperChiSquare(0.5, 1), 0.47950012218695346, -0.31921127782572033},
        {"ChiSquareOfTheClause", UpperChiSquare(67.350757, 3), 1.5753993429670105e-14, -13.802609339992678},
        {"ChiSquareStillANumber", UpperChiSquare(1300, 2), 5.1119519486511562e-283, -282.29141323711369},
        {"ChiSquareUnderflown", UpperChiSquare(2868.5, 276), 0, -425.08577722895887},
        {"ChiSquareFarOut", UpperChiSquare(719509, 91), 0, -156047.40185793671},
        {"NormalMiddle", TwoSidedNormal(0), 1, 0},
        {"NormalOfTheLevel", TwoSidedNormal(1.959963984540054), 0.050000000000000028, -1.301029995663981},
        {"NormalBelow", TwoSidedNormal(-1.959963984540054), 0.050000000000000028, -1.301029995663981},
        {"NormalUnderflown", TwoSidedNormal(1000), 0, -217150.33901199872},
        {"StudentCauchy", TwoSidedStudent(1, 1), 0.5, -0.3010299956639812},
        {"StudentOfAFraction", TwoSidedStudent(0.5, 7.25), 0.6318923704654319, -0.19935688832135122},
        {"StudentUsual", TwoSidedStudent(-2.5, 249), 0.01306348393025532, -1.8839409846300349},
        {"StudentUnderflown", TwoSidedStudent(40, 1e7), 0, -349.10814985129197},
        {"StudentHeavyTail", TwoSidedStudent(1e6, 1), 6.3661977236736914e-7, -6.1961198770302974},
    }),
    [](const auto& info) { return info.param.name; });

// qchisq() of R at the cuts of careless::mahad().
TEST(QuantileTest, ChiSquare) {
  struct Row {
    double p, q, df, wanted;
  };
  const Row rows[] = {{0.99, 0.01, 25, 44.31410489621915},
                      {0.999, 0.001, 25, 52.619655776172834},
                      {0.99, 0.01, 14, 29.141237740672796},
                      {0.999, 0.001, 14, 36.12327368039813},
                      {0.9, 0.1, 8, 13.361566136511726}};
  for (const Row& row : rows)
    EXPECT_NEAR(ChiSquareQuantile(row.p, row.q, row.df), row.wanted, 1e-13 * row.wanted)
        << row.p << " " << row.df;
  for (const double q : {1e-300, 1e-12, 0.5}) {
    EXPECT_NEAR(UpperChiSquare(ChiSquareQuantile(1 - q, q, 3), 3).log10_p, std::log10(q), 1e-12) << q;
  }
  EXPECT_NEAR(1 - UpperChiSquare(ChiSquareQuantile(0.000001, 0.999999, 25), 25).p, 0.000001, 1e-15);
}

// Below 1e-290 the logarithm has a way of its own; the two meet.
TEST(TailTest, NoStepWhereTheWaysMeet) {
  for (const double df : {1.0, 3.0, 91.0}) {
    double before = 0;
    for (double x = 1200; x < 1600; x += 0.5) {
      const double now = UpperChiSquare(x, df).log10_p;
      if (before != 0) {
        EXPECT_NEAR(before - now, 0.5 / 2 / std::log(10.0), 0.01) << x;
      }
      before = now;
    }
  }
}

struct QuantileCase {
  const char* name;
  double got, want;
};
void PrintTo(const QuantileCase& test, std::ostream* out) { *out << test.name; }

class QuantileTest : public ::testing::TestWithParam<QuantileCase> {};

TEST_P(QuantileTest, Value) { EXPECT_NEAR(GetParam().got, GetParam().want, 1e-12 * GetParam().want); }

// Normal and the first three of Student by mpmath, the others by SciPy 1.17.
INSTANTIATE_TEST_SUITE_P(Quantiles, QuantileTest,
                         ::testing::ValuesIn<QuantileCase>({
                             {"Normal50", NormalCritical(0.5), 0.67448975019608174},
                             {"Normal90", NormalCritical(0.9), 1.6448536269514728},
                             {"Normal95", NormalCritical(0.95), 1.9599639845400539},
                             {"Normal99", NormalCritical(0.99), 2.5758293035489005},
                             {"NormalMillionth", NormalCritical(0.999999), 4.8916384756929318},
                             {"Student1", StudentCritical(0.95, 1), 12.706204736174693},
                             {"Student2", StudentCritical(0.95, 2), 4.3026527297494618},
                             {"Student249", StudentCritical(0.95, 249), 1.9695368676403505},
                             {"StudentMillion", StudentCritical(0.99, 1e6), 2.5758342201053344},
                             {"StudentThree", StudentCritical(0.999, 3), 12.923978636687476},
                             {"BetaOneOfTwenty", BetaQuantile(0.025, 0.975, 1, 20), 0.0012650894979498038},
                             {"BetaUpper", BetaQuantile(0.975, 0.025, 68, 183), 0.32745088757807544},
                             {"BetaLower", BetaQuantile(0.025, 0.975, 67, 184), 0.21414219966591053},
                             {"BetaArcSine", BetaQuantile(0.5, 0.5, 0.5, 0.5), 0.5},
                             {"BetaFarOut", BetaQuantile(1e-9, 1 - 1e-9, 2, 3), 1.291005560032202e-05},
                             {"BetaLarge", BetaQuantile(0.975, 0.025, 59879, 63321), 0.4888219358115754},
                             {"FSmall", FQuantile(0.025, 0.975, 4, 8), 0.11136377801442858},
                             {"FLarge", FQuantile(0.975, 0.025, 249, 5727), 1.1880156659261112},
                             {"FLargeBelow", FQuantile(0.025, 0.975, 249, 5727), 0.8292164606366137},
                             {"FMedianOfOne", FQuantile(0.5, 0.5, 1, 1), 1},
                             {"FHuge", FQuantile(0.975, 0.025, 119566, 1554358), 1.0083381965349698},
                         }),
                         [](const auto& info) { return info.param.name; });

// No argument within range throws, hangs or gives anything but a finite number, and quantiles lead back to their
// probability.
TEST(DistributionTest, RandomArguments) {
  Random random(7);
  const auto uniform = [&random](double low, double high) {
    return low + (high - low) * static_cast<double>(random.Next() >> 11) / 9007199254740992.0;
  };
  for (int i = 0; i < 4000; ++i) {
    const double a = std::pow(10, uniform(-2, 7)), b = std::pow(10, uniform(-2, 7)),
                 p = uniform(1e-6, 1 - 1e-6);
    const double x = BetaQuantile(p, 1 - p, a, b);
    EXPECT_TRUE(x >= 0 && x <= 1) << p << " " << a << " " << b;
    const double df1 = a + 0.99, df2 = b + 0.99, f = FQuantile(p, 1 - p, df1, df2),
                 t = StudentCritical(p, df1);
    EXPECT_TRUE(std::isfinite(f) && f >= 0) << p << " " << df1 << " " << df2;
    ASSERT_TRUE(std::isfinite(t) && t >= 0) << p << " " << df1;
    EXPECT_NEAR(TwoSidedStudent(t, df1).p, 1 - p, 1e-10 * (1 - p)) << p << " " << df1;
    EXPECT_NEAR(TwoSidedNormal(NormalCritical(p)).p, 1 - p, 1e-12 * (1 - p));
    const double z = std::pow(10, uniform(-3, 4)), df = std::pow(10, uniform(0, 6));
    for (const Tail& tail : {TwoSidedNormal(z), TwoSidedStudent(z, df), UpperChiSquare(z * z, df)}) {
      EXPECT_TRUE(tail.p >= 0 && tail.p <= 1 && std::isfinite(tail.log10_p) && tail.log10_p <= 0)
          << z << " " << df;
    }
  }
}

// The smallest tails that a level between 0 and 1 leaves.
TEST(DistributionTest, LevelsAtTheirLimits) {
  for (const double tail : {5.551115123125783e-17, 1e-300}) {
    EXPECT_TRUE(std::isfinite(FQuantile(1 - tail, tail, 1, 1))) << tail;
    EXPECT_GT(FQuantile(tail, 1 - tail, 249, 5727), 0) << tail;
    EXPECT_LE(BetaQuantile(1 - tail, tail, 3, 1), 1) << tail;
    EXPECT_GT(BetaQuantile(tail, 1 - tail, 3, 1), 0) << tail;
  }
  EXPECT_GT(NormalCritical(1 - 1.1102230246251565e-16), 8.2);
  EXPECT_TRUE(std::isfinite(StudentCritical(1 - 1.1102230246251565e-16, 1)));
  EXPECT_GE(NormalCritical(1e-300), 0);
  EXPECT_GE(StudentCritical(1e-300, 1), 0);
}

}  // namespace
}  // namespace csat
