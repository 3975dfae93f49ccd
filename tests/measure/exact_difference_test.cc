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

// 64 of the leading bits round as all do: a half of the last place, what is just below and just above it.
TEST(NearestTest, OnceRounded) {
  const absl::int128 one = absl::int128(1) << 64;
  EXPECT_EQ(Nearest(0), 0);
  EXPECT_EQ(Nearest(-5), -5);
  EXPECT_EQ(Nearest(kMost), std::ldexp(1, 127));
  EXPECT_EQ(Nearest(kLeast), -std::ldexp(1, 127));
  EXPECT_EQ(Nearest(kTwo53 + 1), 9007199254740992.0);
  for (const int sign : {1, -1}) {
    EXPECT_EQ(Nearest(sign * (one + 2048)), sign * std::ldexp(1, 64));
    // Rounded first to 53 bits of the lower 64 and then to those of the sum, it would be 2^64.
    EXPECT_EQ(Nearest(sign * (one + 2049)), sign * (std::ldexp(1, 64) + 4096));
    EXPECT_EQ(Nearest(sign * (one + 2047)), sign * std::ldexp(1, 64));
    EXPECT_EQ(Nearest(sign * (one + 6144)), sign * (std::ldexp(1, 64) + 8192));
    EXPECT_EQ(Nearest(sign * ((one << 50) + (absl::int128(2048) << 50) + 1)),
              sign * (std::ldexp(1, 114) + std::ldexp(4096, 50)));
  }
}

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
    EXPECT_EQ(Nearest(*SmallDifference(a, b, c, d)), WideDifference(a, b, c, d));
  }
  EXPECT_FALSE(SmallDifference(std::int64_t{1} << 62, 1, 1, 1).has_value());
  EXPECT_TRUE(SmallDifference((std::int64_t{1} << 62) - 1, 1, 1, 1).has_value());
}

}  // namespace
}  // namespace csat
