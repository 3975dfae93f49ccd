#include "measure/exact_difference.h"

#include <cmath>

#include "gtest/gtest.h"
#include "scoring/random.h"

namespace csat {
namespace {

const absl::int128 kMost = absl::Int128Max(), kLeast = absl::Int128Min();

struct DifferenceCase {
  const char* name;
  absl::int128 a, b, c, d;
  double want;
};
void PrintTo(const DifferenceCase& test, std::ostream* out) { *out << test.name; }

class DifferenceTest : public ::testing::TestWithParam<DifferenceCase> {};

TEST_P(DifferenceTest, NearestDouble) {
  const DifferenceCase& test = GetParam();
  EXPECT_EQ(ExactDifference(test.a, test.b, test.c, test.d), test.want);
  EXPECT_EQ(WideDifference(test.a, test.b, test.c, test.d), test.want);
  EXPECT_EQ(WideDifference(test.c, test.d, test.a, test.b), -test.want);
}

constexpr std::int64_t kTwo53 = std::int64_t{1} << 53;

INSTANTIATE_TEST_SUITE_P(Differences, DifferenceTest,
                         ::testing::ValuesIn<DifferenceCase>({
                             {"Nothing", 0, 0, 0, 0, 0},
                             {"Small", 7, 8, 5, 11, 1},
                             {"Negative", -7, 8, 5, 11, -111},
                             {"TheLastUnitOfLargeProducts", kMost, kMost, kMost - 1, kMost,
                              std::ldexp(1, 127)},
                             {"EqualLargeProducts", kMost, kLeast, kLeast, kMost, 0},
                             {"LargestMagnitude", kLeast, kLeast, kLeast, kMost, std::ldexp(1, 255)},
                             {"OneBelowAPower", kLeast, kLeast, 1, 1, std::ldexp(1, 254)},
                             {"HalfwayToEven", kTwo53 + 1, 1, 0, 0, 9007199254740992.0},
                             {"HalfwayToEvenUp", kTwo53 + 3, 1, 0, 0, 9007199254740996.0},
                             {"JustAboveHalfway", absl::int128(kTwo53 + 1) << 70, std::int64_t{1} << 40, -1,
                              1, std::ldexp(9007199254740994.0, 110)},
                             {"JustBelowHalfway", absl::int128(kTwo53 + 1) << 70, std::int64_t{1} << 40, 1, 1,
                              std::ldexp(9007199254740992.0, 110)},
                         }),
                         [](const auto& info) { return info.param.name; });

// Random integers of every length: both ways of computing agree where both can.
TEST(DifferenceTest, WaysAgree) {
  Random random(11);
  const auto draw = [&random] {
    const int bits = random.Below(62) + 1;
    return absl::int128(static_cast<std::int64_t>(random.Next()) >> (64 - bits));
  };
  for (int i = 0; i < 20000; ++i) {
    const absl::int128 a = draw(), b = draw(), c = draw(), d = draw();
    ASSERT_TRUE(SmallDifference(a, b, c, d).has_value());
    EXPECT_EQ(static_cast<double>(*SmallDifference(a, b, c, d)), WideDifference(a, b, c, d));
  }
  EXPECT_FALSE(SmallDifference(std::int64_t{1} << 62, 1, 1, 1).has_value());
  EXPECT_TRUE(SmallDifference((std::int64_t{1} << 62) - 1, 1, 1, 1).has_value());
}

}  // namespace
}  // namespace csat
