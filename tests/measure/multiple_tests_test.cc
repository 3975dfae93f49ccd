#include "csat/measure/multiple_tests.h"

#include <cmath>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "measure/gap_words.h"

namespace csat {
namespace {

struct AdjustCase {
  const char* name;
  std::vector<double> p, holm, benjamini_hochberg;
};
void PrintTo(const AdjustCase& test, std::ostream* out) { *out << test.name; }

class AdjustTest : public ::testing::TestWithParam<AdjustCase> {};

TEST_P(AdjustTest, InTheOrderGiven) {
  const AdjustCase& test = GetParam();
  const std::vector<double> holm = *HolmAdjusted(test.p), bh = *BenjaminiHochbergAdjusted(test.p);
  ASSERT_EQ(holm.size(), test.p.size());
  ASSERT_EQ(bh.size(), test.p.size());
  for (std::size_t i = 0; i < test.p.size(); ++i) {
    EXPECT_NEAR(holm[i], test.holm[i], 1e-15);
    EXPECT_NEAR(bh[i], test.benjamini_hochberg[i], 1e-15);
  }
}

// R: p.adjust(p, "holm") and p.adjust(p, "BH").
INSTANTIATE_TEST_SUITE_P(Values, AdjustTest,
                         ::testing::ValuesIn<AdjustCase>({
                             {"None", {}, {}, {}},
                             {"One", {0.04}, {0.04}, {0.04}},
                             {"Even",
                              {0.01, 0.02, 0.03, 0.04, 0.05},
                              {0.05, 0.08, 0.09, 0.09, 0.09},
                              {0.05, 0.05, 0.05, 0.05, 0.05}},
                             {"OutOfOrderWithTies",
                              {0.0008, 0.20, 0.041, 0.0008, 0.039, 1, 0.5},
                              {0.0056, 0.6, 0.195, 0.0056, 0.195, 1, 1},
                              {0.0028, 0.28, 0.07175, 0.0028, 0.07175, 1, 0.58333333333333337}},
                             {"Limits", {0, 1}, {0, 1}, {0, 1}},
                         }),
                         [](const auto& info) { return info.param.name; });

TEST(AdjustTest, WhatIsNoProbability) {
  EXPECT_EQ(GapWords(HolmAdjusted({0.1, -0.1, 0.2, 1.1, std::nan("")})), "invalid 1 3 4");
  EXPECT_EQ(GapWords(BenjaminiHochbergAdjusted({0.1, 1.0000001})), "invalid 1");
}

}  // namespace
}  // namespace csat
