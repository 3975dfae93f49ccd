#include "csat/measure/sample_size.h"

#include <string>

#include "gtest/gtest.h"
#include "measure/gap_words.h"

namespace csat {
namespace {

Decimal Of(const char* literal) { return *Decimal::Parse(literal); }

struct SizeCase {
  const char* name;
  const char *z, *margin, *share;
  std::int64_t population;
  const char *design_effect, *response_rate;
  double unrounded;
  std::int64_t answers, invitations;
};
void PrintTo(const SizeCase& test, std::ostream* out) { *out << test.name; }

class SampleSizeTest : public ::testing::TestWithParam<SizeCase> {
 protected:
  static SampleSizeInputs Inputs(const SizeCase& test) {
    return {Of(test.z),      Of(test.margin),        Of(test.share),
            test.population, Of(test.design_effect), Of(test.response_rate)};
  }
};

TEST_P(SampleSizeTest, Answers) {
  const SizeCase& test = GetParam();
  const Measured<SampleSize> size = SampleSizeOfShare(Inputs(test));
  ASSERT_TRUE(size.has_value());
  EXPECT_NEAR(size->unrounded, test.unrounded, 5e-3);
  EXPECT_EQ(size->answers, test.answers);
  EXPECT_EQ(size->invitations, test.invitations);
}

INSTANTIATE_TEST_SUITE_P(Sizes, SampleSizeTest,
                         ::testing::ValuesIn<SizeCase>({
                             // P3-50: 322.40 -> 323.
                             {"Clause", "1.96", "0.05", "0.5", 2000, "1", "1", 322.40, 323, 323},
                             {"LargePopulation", "1.96", "0.05", "0.5", 0, "1", "1", 384.16, 385, 385},
                             // 2^2 * 0.25 / 0.05^2 is 400: whole, not rounded up.
                             {"ComesOutWhole", "2", "0.05", "0.5", 0, "1", "1", 400, 400, 400},
                             {"JustAboveWhole", "2.000001", "0.05", "0.5", 0, "1", "1", 400, 401, 401},
                             {"JustBelowWhole", "1.999999", "0.05", "0.5", 0, "1", "1", 400, 400, 400},
                             // 400 * 1197 / (1197 + 399) is 300.
                             {"WholeOfAPopulation", "2", "0.05", "0.5", 1197, "1", "1", 300, 300, 300},
                             {"OneMoreInThePopulation", "2", "0.05", "0.5", 1198, "1", "1", 300.06, 301, 301},
                             {"EverybodyOfAFew", "1.96", "0.05", "0.5", 3, "1", "1", 2.98, 3, 3},
                             {"OneOfOne", "1.96", "0.05", "0.5", 1, "1", "1", 1, 1, 1},
                             {"DesignEffect", "2", "0.05", "0.5", 0, "1.5", "1", 600, 600, 600},
                             {"HalfAnswer", "2", "0.05", "0.5", 0, "1", "0.5", 400, 400, 800},
                             {"AThirdAnswers", "2", "0.05", "0.5", 0, "1", "0.333333", 400, 400, 1201},
                             {"RareShare", "1.96", "0.01", "0.02", 0, "1", "1", 752.95, 753, 753},
                             {"LeastOfAll", "0.000001", "1", "0.000001", 0, "0.000001", "1", 0, 1, 1},
                             {"MostOfAll", "10", "0.000001", "0.5", 1000000000, "100", "1", 999999600,
                              999999601, 999999601},
                         }),
                         [](const auto& info) { return info.param.name; });

TEST(SampleSizeTest, InputsOutOfRange) {
  const auto words = [](SampleSizeInputs inputs) { return GapWords(SampleSizeOfShare(inputs)); };
  SampleSizeInputs inputs;
  EXPECT_EQ(words(inputs), "");
  for (const char* z : {"0", "-1", "10.000001"}) EXPECT_EQ(words({Of(z)}), "invalid") << z;
  for (const char* margin : {"0", "1.000001"}) EXPECT_EQ(words({Of("2"), Of(margin)}), "invalid") << margin;
  for (const char* share : {"0", "1"}) EXPECT_EQ(words({Of("2"), Of("0.1"), Of(share)}), "invalid") << share;
  for (const std::int64_t population : {std::int64_t{-1}, std::int64_t{1'000'000'001}}) {
    inputs.population = population;
    EXPECT_EQ(words(inputs), "invalid") << population;
  }
  for (const char* effect : {"0", "100.000001"}) {
    SampleSizeInputs other;
    other.design_effect = Of(effect);
    EXPECT_EQ(words(other), "invalid") << effect;
  }
  for (const char* rate : {"0.000999", "1.000001"}) {
    SampleSizeInputs other;
    other.response_rate = Of(rate);
    EXPECT_EQ(words(other), "invalid") << rate;
  }
}

}  // namespace
}  // namespace csat
