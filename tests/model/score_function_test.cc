#include "csat/model/score_function.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::HasSubstr;

Decimal D(const char* literal) { return *Decimal::Parse(literal); }
Anchor At(const char* at, const char* points) { return {D(at), D(points)}; }

// `words` "": there is no error.
template <typename Made>
void ExpectWords(const char* name, const absl::StatusOr<Made>& made, const char* words) {
  EXPECT_EQ(made.ok(), *words == '\0') << name;
  EXPECT_THAT(std::string(made.status().message()), HasSubstr(words)) << name;
}

TEST(ScoreFunctionTest, PiecewiseRises) {
  struct Row {
    const char* name;
    std::vector<Anchor> anchors;
    const char* words;
  };
  const Row rows[] = {
      {"two anchors", {At("0", "0"), At("95", "10")}, ""},
      {"points may fall", {At("0", "10"), At("60", "0")}, ""},
      {"as near as decimals get", {At("1", "0"), At("1.000001", "10")}, ""},
      {"no anchor", {}, "2 anchors are the least"},
      {"one anchor", {At("0", "0")}, "2 anchors are the least"},
      {"one `at` twice", {At("1", "0"), At("1", "10")}, "anchor 1 is not above the one before, 1"},
      {"a step back",
       {At("0", "0"), At("2", "5"), At("1.5", "10")},
       "anchor 1.5 is not above the one before, 2"},
  };
  for (const Row& row : rows) ExpectWords(row.name, Piecewise::Create(row.anchors), row.words);
}

TEST(ScoreFunctionTest, BandsRise) {
  struct Row {
    const char* name;
    std::vector<Anchor> bands;
    const char* words;
  };
  const Row rows[] = {
      {"one band", {At("0", "10")}, ""},
      {"two bands", {At("0", "0"), At("60", "10")}, ""},
      {"no band", {}, "1 band is the least"},
      {"one `at` twice", {At("0", "0"), At("0", "10")}, "is not above the one before"},
  };
  for (const Row& row : rows) ExpectWords(row.name, BandPoints::Create(row.bands), row.words);
}

// P2-49: 10 points, one less for every 5 seconds over 10.
TEST(ScoreFunctionTest, StepsLosePoints) {
  struct Row {
    const char* name;
    const char* full;
    const char* step;
    const char* loss;
    const char* floor;
    const char* words;
  };
  const Row rows[] = {
      {"P2-49", "10", "5000", "1", "0", ""},
      {"the least step and loss", "10", "0.000001", "0.000001", "0", ""},
      {"a floor at full points", "10", "5000", "1", "10", ""},
      {"a step of nothing", "10", "0", "1", "0", "step 0 is not above 0"},
      {"a step back", "10", "-5", "1", "0", "step -5 is not above 0"},
      {"a loss of nothing", "10", "5", "0", "0", "loss per step 0 is not above 0"},
      {"a floor below 0", "10", "5", "1", "-0.000001", "floor -0.000001 lies outside [0, 10]"},
      {"a floor above full points", "10", "5", "1", "10.000001", "floor 10.000001 lies outside [0, 10]"},
  };
  for (const Row& row : rows) {
    ExpectWords(
        row.name,
        StepDeduction::Create(D(row.full), D("10000"), D(row.step), D(row.loss), StepDeduction::Steps::kFull,
                              D(row.floor), StepDeduction::Beyond::kAbove),
        row.words);
  }
  const StepDeduction made =
      *StepDeduction::Create(D("10"), D("10000"), D("5000"), D("1"), StepDeduction::Steps::kStarted, D("2"),
                             StepDeduction::Beyond::kBelow);
  EXPECT_EQ(made.full(), D("10"));
  EXPECT_EQ(made.limit(), D("10000"));
  EXPECT_EQ(made.step(), D("5000"));
  EXPECT_EQ(made.loss_per_step(), D("1"));
  EXPECT_EQ(made.steps(), StepDeduction::Steps::kStarted);
  EXPECT_EQ(made.floor(), D("2"));
  EXPECT_EQ(made.beyond(), StepDeduction::Beyond::kBelow);
}

// P2-50: 95 % is full marks.
TEST(ScoreFunctionTest, ATargetIsAbove0) {
  struct Row {
    const char* name;
    const char* target;
    const char* full;
    const char* words;
  };
  const Row rows[] = {
      {"P2-50", "95", "10", ""},
      {"the least", "0.000001", "0", ""},
      {"no target", "0", "10", "target 0 is not above 0"},
      {"a target below 0", "-1", "10", "target -1 is not above 0"},
      {"points below 0", "95", "-0.000001", "full points -0.000001 are below 0"},
  };
  for (const Row& row : rows)
    ExpectWords(row.name, ShareOfTarget::Create(D(row.target), D(row.full)), row.words);
}

TEST(ScoreFunctionTest, AWordHasOneLine) {
  ExpectWords("two words", Lookup::Create({{"gold", D("10")}, {"silver", D("5")}}), "");
  ExpectWords("one value for two words", Lookup::Create({{"gold", D("10")}, {"金", D("10")}}), "");
  ExpectWords("no word", Lookup::Create({}), "1 entry is the least");
  ExpectWords("a word twice", Lookup::Create({{"gold", D("10")}, {"gold", D("10")}}), "'gold' stands twice");
}

}  // namespace
}  // namespace csat
