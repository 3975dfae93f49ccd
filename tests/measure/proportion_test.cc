#include "csat/measure/proportion.h"

#include <cmath>
#include <string>

#include "gtest/gtest.h"
#include "measure/gap_words.h"

namespace csat {
namespace {

enum class Kind { kWald, kWilson, kWilsonCorrected, kClopperPearson, kAgrestiCoull };
constexpr Kind kKinds[] = {Kind::kWald, Kind::kWilson, Kind::kWilsonCorrected, Kind::kClopperPearson,
                           Kind::kAgrestiCoull};

Measured<Interval> Of(Kind kind, const Proportion& proportion, double level = 0.95,
                      const Sampling& sampling = {}) {
  switch (kind) {
    case Kind::kWald: return WaldInterval(proportion, level, sampling);
    case Kind::kWilson: return WilsonInterval(proportion, level, sampling);
    case Kind::kWilsonCorrected: return WilsonCorrectedInterval(proportion, level, sampling);
    case Kind::kClopperPearson: return ClopperPearsonInterval(proportion, level, sampling);
    case Kind::kAgrestiCoull: return AgrestiCoullInterval(proportion, level, sampling);
  }
  return Gap::Reason::kInvalid;
}

struct ProportionCase {
  const char* name;
  Kind kind;
  Proportion proportion;
  double level;
  Sampling sampling;
  double low, high;
};
void PrintTo(const ProportionCase& test, std::ostream* out) { *out << test.name; }

class ProportionIntervalTest : public ::testing::TestWithParam<ProportionCase> {};

TEST_P(ProportionIntervalTest, Bounds) {
  const ProportionCase& test = GetParam();
  const Measured<Interval> interval = Of(test.kind, test.proportion, test.level, test.sampling);
  ASSERT_TRUE(interval.has_value());
  EXPECT_NEAR(interval->low, test.low, 1e-13);
  EXPECT_NEAR(interval->high, test.high, 1e-13);
}

// The four samples of table I of Newcombe (1998), whose four printed digits these are, to more digits by statsmodels
// 0.15; the last group by the formulas with the effective size, in SciPy 1.17.
INSTANTIATE_TEST_SUITE_P(
    Intervals, ProportionIntervalTest,
    ::testing::ValuesIn<ProportionCase>({
        {"Wald81", Kind::kWald, {81, 263}, 0.95, {}, 0.2521901262131072, 0.36377945553594226},
        {"Wald15", Kind::kWald, {15, 148}, 0.95, {}, 0.05273000640879395, 0.14997269629390875},
        {"WaldNone", Kind::kWald, {0, 20}, 0.95, {}, 0, 0},
        {"WaldCutAtNothing", Kind::kWald, {1, 29}, 0.95, {}, 0, 0.10089224323967215},
        {"Wilson81", Kind::kWilson, {81, 263}, 0.95, {}, 0.2552885198782742, 0.36620957698280004},
        {"Wilson15", Kind::kWilson, {15, 148}, 0.95, {}, 0.06238639953073628, 0.16048724172330803},
        {"WilsonNone", Kind::kWilson, {0, 20}, 0.95, {}, 0, 0.1611251580528194},
        {"WilsonOne", Kind::kWilson, {1, 29}, 0.95, {}, 0.006113214292762667, 0.17175521879320294},
        {"WilsonAll", Kind::kWilson, {29, 29}, 0.95, {}, 0.8830302015002592, 1},
        {"Wilson90", Kind::kWilson, {15, 148}, 0.90, {}, 0.06744326224687144, 0.14957293174640032},
        {"Corrected81", Kind::kWilsonCorrected, {81, 263}, 0.95, {}, 0.25350868229518514, 0.3681762010430035},
        {"Corrected15", Kind::kWilsonCorrected, {15, 148}, 0.95, {}, 0.05977820842849812, 0.164449779364837},
        {"CorrectedNone", Kind::kWilsonCorrected, {0, 20}, 0.95, {}, 0, 0.2004533450134871},
        {"CorrectedOne",
         Kind::kWilsonCorrected,
         {1, 29},
         0.95,
         {},
         0.0018026402132796644,
         0.1962817510097596},
        {"Exact81", Kind::kClopperPearson, {81, 263}, 0.95, {}, 0.25273674558527126, 0.3676219226013514},
        {"Exact15", Kind::kClopperPearson, {15, 148}, 0.95, {}, 0.05784401008344857, 0.161650490349479},
        {"ExactNone", Kind::kClopperPearson, {0, 20}, 0.95, {}, 0, 0.16843347098308534},
        {"ExactOne", Kind::kClopperPearson, {1, 29}, 0.95, {}, 0.000872646883579922, 0.17764429548872293},
        {"ExactAll", Kind::kClopperPearson, {29, 29}, 0.95, {}, 0.8805551309304973, 1},
        {"AgrestiCoull81", Kind::kAgrestiCoull, {81, 263}, 0.95, {}, 0.25522066518999675, 0.3662774316710775},
        {"AgrestiCoullNone", Kind::kAgrestiCoull, {0, 20}, 0.95, {}, 0, 0.18980956054248888},
        {"AgrestiCoullAll", Kind::kAgrestiCoull, {29, 29}, 0.95, {}, 0.8612600471911468, 1},

        {"DesignEffectOfTwo",
         Kind::kWilson,
         {25, 100},
         0.95,
         {2, 0},
         0.15080771610941296,
         0.3848660834572663},
        {"ExactWithDesignEffect",
         Kind::kClopperPearson,
         {25, 100},
         0.95,
         {2, 0},
         0.1384137654673936,
         0.39260792847994597},
        {"HalfOfThePopulation",
         Kind::kWilson,
         {25, 100},
         0.95,
         {1, 200},
         0.19495718177375249,
         0.3145119347545649},
        {"Census", Kind::kWilson, {25, 100}, 0.95, {1, 100}, 0.25, 0.25},
        {"CensusExact", Kind::kClopperPearson, {25, 100}, 0.95, {1, 100}, 0.25, 0.25},
    }),
    [](const auto& info) { return info.param.name; });

TEST(ProportionTest, ShareIsExact) {
  EXPECT_EQ(ExactShare({27, 32})->ToString(1, 100), "84.4");  // P3-27
  EXPECT_EQ(*Share({27, 32}), 0.84375);
  EXPECT_EQ(*Share({0, 5}), 0);
}

TEST(ProportionTest, EffectiveSizes) {
  EXPECT_EQ(*EffectiveSize(100, {}), 100);
  EXPECT_EQ(*EffectiveSize(100, {2, 0}), 50);
  EXPECT_EQ(*EffectiveSize(100, {1, 200}), 199);
  EXPECT_EQ(*EffectiveSize(100, {2, 200}), 99.5);
  EXPECT_EQ(GapWords(EffectiveSize(100, {1, 100})), "constant");
  EXPECT_EQ(GapWords(EffectiveSize(100, {1, 99})), "invalid");
  EXPECT_EQ(GapWords(EffectiveSize(0, {})), "empty");
  EXPECT_EQ(GapWords(EffectiveSize(1, {1e-9, 0})), "");
  EXPECT_EQ(GapWords(EffectiveSize(1, {0.99e-9, 0})), "invalid");
  EXPECT_EQ(GapWords(EffectiveSize(1, {1e9, 0})), "");
  EXPECT_EQ(GapWords(EffectiveSize(1, {1.01e9, 0})), "invalid");
}

// On both sides of the size from which the exact interval is Wilson's.
TEST(ProportionTest, SizesWithoutEnd) {
  const std::int64_t n = std::int64_t{1} << 40;
  for (const double design_effect : {0.501, 0.499, 1e-9}) {
    const Interval exact = *ClopperPearsonInterval({n / 2, n}, 0.95, {design_effect, 0}),
                   wilson = *WilsonInterval({n / 2, n}, 0.95, {design_effect, 0});
    EXPECT_NEAR(exact.low, wilson.low, 1e-11) << design_effect;
    EXPECT_NEAR(exact.high, wilson.high, 1e-11) << design_effect;
  }
  const Interval near_census = *ClopperPearsonInterval({n / 4, n}, 0.95, {1, n + 1});
  EXPECT_NEAR(near_census.high - near_census.low, 1.6e-12, 1e-13);
}

TEST(ProportionTest, WhereThereIsNone) {
  EXPECT_EQ(GapWords(Share({0, 0})), "empty");
  EXPECT_EQ(GapWords(Share({6, 5})), "invalid");
  EXPECT_EQ(GapWords(Share({6, std::int64_t{1} << 40})), "");
  EXPECT_EQ(GapWords(Share({6, (std::int64_t{1} << 40) + 1})), "invalid");
  EXPECT_EQ(GapWords(ExactShare({-1, 5})), "invalid");
  for (const Kind kind : kKinds) {
    EXPECT_EQ(GapWords(Of(kind, {0, 0})), "empty");
    EXPECT_EQ(GapWords(Of(kind, {6, 5})), "invalid");
    EXPECT_EQ(GapWords(Of(kind, {-1, 5})), "invalid");
    EXPECT_EQ(GapWords(Of(kind, {1, 5}, 0)), "invalid");
    EXPECT_EQ(GapWords(Of(kind, {1, 5}, 1)), "invalid");
    EXPECT_EQ(GapWords(Of(kind, {1, 5}, std::nan(""))), "invalid");
    EXPECT_EQ(GapWords(Of(kind, {1, 5}, 0.95, {0, 0})), "invalid");
    EXPECT_EQ(GapWords(Of(kind, {1, 5}, 0.95, {1, 4})), "invalid");
  }
}

// Of any share: within 0..1, around the share, wider at a higher level, and mirrored when hits and misses change places.
TEST(ProportionTest, EveryShareOfSmallSamples) {
  for (const Kind kind : kKinds) {
    for (std::int64_t n = 1; n <= 40; ++n) {
      for (std::int64_t count = 0; count <= n; ++count) {
        const Interval at95 = *Of(kind, {count, n}), at99 = *Of(kind, {count, n}, 0.99);
        const Interval mirrored = *Of(kind, {n - count, n});
        const double share = *Share({count, n});
        EXPECT_TRUE(0 <= at95.low && at95.low <= share + 1e-15 && share - 1e-15 <= at95.high &&
                    at95.high <= 1)
            << count << " of " << n << ": " << at95.low << " " << at95.high;
        EXPECT_TRUE(at99.low <= at95.low && at95.high <= at99.high);
        EXPECT_NEAR(mirrored.low, 1 - at95.high, 1e-14);
        EXPECT_NEAR(mirrored.high, 1 - at95.low, 1e-14);
      }
    }
  }
}

}  // namespace
}  // namespace csat
