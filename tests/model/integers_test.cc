#include "csat/model/integers.h"

#include "csat/model/unit.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

TEST(PowerOfTenTest, FromOneToTheLargestOf64Bits) {
  EXPECT_EQ(PowerOfTen(0), 1);
  EXPECT_EQ(PowerOfTen(1), 10);
  EXPECT_EQ(PowerOfTen(6), 1'000'000);
  EXPECT_EQ(PowerOfTen(18), 1'000'000'000'000'000'000);
}

TEST(GreatestCommonDivisorTest, OfAnySigns) {
  struct Row {
    absl::int128 a, b, wanted;
  };
  const absl::int128 wide = absl::int128(1) << 100;
  for (const Row& row :
       {Row{0, 0, 0}, Row{0, 7, 7}, Row{7, 0, 7}, Row{12, 18, 6}, Row{-12, 18, 6}, Row{12, -18, 6},
        Row{-12, -18, 6}, Row{1, 1, 1}, Row{17, 13, 1}, Row{wide * 3, wide * 5, wide}}) {
    EXPECT_EQ(GreatestCommonDivisor(row.a, row.b), row.wanted);
  }
}

TEST(ShownInUnitTest, HalfUpByTheUnit) {
  struct Row {
    std::int64_t numerator, denominator;
    const char *unit, *wanted;
  };
  for (const Row& row : {Row{7, 16, "share", "43.8"}, Row{43749, 100'000, "share", "43.7"},
                         Row{19'995, 10'000, "rating", "2.00"}, Row{19'949, 10'000, "", "1.99"},
                         Row{9'985, 100, "percent", "99.9"}, Row{9'984, 100, "percent", "99.8"},
                         Row{-1, 8, "points", "-0.13"}}) {
    EXPECT_EQ(ShownInUnit(*Ratio::Create(row.numerator, row.denominator), row.unit), row.wanted);
  }
}

}  // namespace
}  // namespace csat
