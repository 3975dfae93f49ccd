// P2-26, P2-27, P2-59
#include "csat/survey/allocation.h"

#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::HasSubstr;
using Sizes = std::vector<std::int64_t>;

TEST(AllocationTest, Proportional) {
  struct Row {
    const char* name;
    Sizes sizes;
    std::int64_t sample;
    Sizes shares;
  };
  const Row rows[] = {
      {"P2-27, even", {1000, 3000, 6000}, 400, {40, 120, 240}},
      {"P2-27, by remainders", {1000, 3000, 6000}, 333, {33, 100, 200}},
      {"P2-59: 124 of 1,234, kept and removed", {1200, 34}, 124, {121, 3}},
      {"a stratum may get none", {999, 1}, 10, {10, 0}},
      {"equal remainders go to the first", {1, 1, 1}, 2, {1, 1, 0}},
      {"all", {3, 0, 4}, 7, {3, 0, 4}},
      {"none", {3, 4}, 0, {0, 0}},
      {"none of none", {0, 0}, 0, {0, 0}},
      {"of billions", {4'000'000'000'000'000'000, 600'000'000'000'000'000}, 23, {20, 3}},
  };
  for (const Row& row : rows) {
    const absl::StatusOr<Sizes> shares = AllocateProportionally(row.sizes, row.sample);
    ASSERT_TRUE(shares.ok()) << row.name << ": " << shares.status();
    EXPECT_EQ(*shares, row.shares) << row.name;
  }
}

TEST(AllocationTest, Equal) {
  struct Row {
    const char* name;
    Sizes sizes;
    std::int64_t sample;
    Sizes shares;
  };
  const Row rows[] = {
      {"P2-26", {900, 800, 700}, 300, {100, 100, 100}},
      {"what does not divide", {900, 800, 700}, 302, {101, 101, 100}},
      {"a small one", {10, 500, 500}, 300, {10, 145, 145}},
      {"two small ones, one after the other", {10, 120, 500, 500}, 400, {10, 120, 135, 135}},
      {"all of them", {1, 2, 3}, 6, {1, 2, 3}},
  };
  for (const Row& row : rows) EXPECT_EQ(*AllocateEqually(row.sizes, row.sample), row.shares) << row.name;
}

TEST(AllocationTest, Optimal) {
  const auto d = [](const char* text) { return *Decimal::Parse(text); };
  // Sizes 1,000, 2,000, 3,000 with deviations 3, 2, 1: 3,000 : 4,000 : 3,000.
  EXPECT_EQ(*AllocateOptimally({1000, 2000, 3000}, {d("3"), d("2"), d("1")}, 100), (Sizes{30, 40, 30}));
  // The first stratum is taken whole; the others share the rest 1 : 3.
  EXPECT_EQ(*AllocateOptimally({20, 1000, 1000}, {d("100"), d("0.5"), d("1.5")}, 100), (Sizes{20, 20, 60}));
  // A stratum without variation is needed only for what the others cannot take.
  EXPECT_EQ(*AllocateOptimally({50, 1000}, {d("1"), d("0")}, 40), (Sizes{40, 0}));
  EXPECT_EQ(*AllocateOptimally({50, 1000}, {d("1"), d("0")}, 60), (Sizes{50, 10}));
  EXPECT_EQ(*AllocateOptimally({50, 150}, {d("0"), d("0")}, 20), (Sizes{5, 15}));
}

// Sums, limits, and no share further than one from the exact one.
TEST(AllocationTest, OnRandomStrata) {
  std::mt19937_64 engine(27);
  for (int round = 0; round < 2000; ++round) {
    Sizes sizes(1 + engine() % 12);
    for (std::int64_t& size : sizes)
      size = static_cast<std::int64_t>(engine() % 5 == 0 ? engine() % 5 : engine() % 5000);
    const std::int64_t sum = std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0});
    const std::int64_t sample = static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(sum + 1));
    std::vector<Decimal> deviations;
    for (std::size_t i = 0; i < sizes.size(); ++i)
      deviations.push_back(
          Decimal::FromMicros(static_cast<std::int64_t>(engine() % 3 * (engine() % 3'000'000))));
    const std::vector<Sizes> ways = {*AllocateProportionally(sizes, sample), *AllocateEqually(sizes, sample),
                                     *AllocateOptimally(sizes, deviations, sample)};
    for (const Sizes& shares : ways) {
      EXPECT_EQ(std::accumulate(shares.begin(), shares.end(), std::int64_t{0}), sample);
      for (std::size_t i = 0; i < sizes.size(); ++i) {
        EXPECT_GE(shares[i], 0);
        EXPECT_LE(shares[i], sizes[i]);
      }
    }
    const Sizes shares = *AllocateProportionally(sizes, sample);
    for (std::size_t i = 0; i < sizes.size() && sum > 0; ++i) {
      EXPECT_LT(shares[i] * sum, sizes[i] * sample + sum);
      EXPECT_GT(shares[i] * sum, sizes[i] * sample - sum);
    }
  }
}

TEST(AllocationTest, Refuses) {
  const auto words = [](const absl::StatusOr<Sizes>& shares) {
    return std::string(shares.status().message());
  };
  EXPECT_THAT(words(AllocateProportionally({}, 0)), HasSubstr("strata: there is none"));
  EXPECT_THAT(words(AllocateProportionally({1, -1}, 0)), HasSubstr("stratum 1: the size -1 is below 0"));
  EXPECT_THAT(words(AllocateProportionally({1, 2}, 4)), HasSubstr("sample: 4 lies outside [0, 3]"));
  EXPECT_THAT(words(AllocateEqually({1, 2}, -1)), HasSubstr("sample: -1 lies outside [0, 3]"));
  EXPECT_THAT(words(AllocateProportionally({std::int64_t{1} << 62, 1}, 1)), HasSubstr("sum beyond 2^62"));
  EXPECT_THAT(words(AllocateOptimally({1, 2}, {Decimal()}, 1)), HasSubstr("deviations: 1 for 2 strata"));
  EXPECT_THAT(words(AllocateOptimally({1}, {Decimal::FromMicros(-1)}, 1)),
              HasSubstr("the deviation -0.000001 is below 0"));
}

}  // namespace
}  // namespace csat
