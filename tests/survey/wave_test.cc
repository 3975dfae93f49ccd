// P3-83, A-88
#include "csat/survey/wave.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::HasSubstr;

TEST(WaveTest, TooManyWithoutAnAnswer) {
  struct Row {
    const char* name;
    WaveCounts counts;
    const char *percent, *open, *closed;
  };
  const Row rows[] = {
      {"20 of 100", {100, 80, 20, 0}, "20", "valid", "valid"},
      {"21 of 100", {100, 79, 21, 0}, "20", "supplement_required", "invalid"},
      {"8 replacements answered", {100, 87, 13, 0}, "20", "valid", "valid"},
      {"1 of 7", {7, 6, 1, 0}, "20", "valid", "valid"},
      {"2 of 7", {7, 5, 2, 0}, "20", "supplement_required", "invalid"},
      {"just not above a fraction", {1000, 801, 199, 0}, "19.9", "valid", "valid"},
      {"just above it", {1000, 800, 200, 0}, "19.9", "supplement_required", "invalid"},
      {"nobody", {3, 0, 3, 0}, "100", "valid", "valid"},
  };
  for (const Row& row : rows) {
    const Decimal percent = *Decimal::Parse(row.percent);
    EXPECT_EQ(WaveStateName(*StateOfWave(row.counts, percent, false)), row.open) << row.name;
    EXPECT_EQ(WaveStateName(*StateOfWave(row.counts, percent, true)), row.closed) << row.name;
  }
}

TEST(WaveTest, Refuses) {
  const Decimal twenty = *Decimal::Parse("20");
  const auto words = [](const absl::StatusOr<WaveState>& state) {
    return std::string(state.status().message());
  };
  EXPECT_THAT(words(StateOfWave({100, 90, 5, 5}, twenty, true)), HasSubstr("5 slots were not contacted"));
  EXPECT_TRUE(StateOfWave({100, 90, 5, 5}, twenty, false).ok());
  EXPECT_THAT(words(StateOfWave({100, 90, 5, 4}, twenty, false)), HasSubstr("are not the 100 planned"));
  EXPECT_THAT(words(StateOfWave({0, 0, 0, 0}, twenty, false)), HasSubstr("planned: 0 is below 1"));
  EXPECT_THAT(words(StateOfWave({1, 2, -1, 0}, twenty, false)), HasSubstr("below 0"));
  EXPECT_THAT(words(StateOfWave({1, 1, 0, 0}, *Decimal::Parse("100.1"), false)),
              HasSubstr("lies outside [0, 100]"));
}

}  // namespace
}  // namespace csat
