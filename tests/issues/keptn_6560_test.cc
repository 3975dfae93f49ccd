// What went wrong (keptn/keptn#6560): the total was given without the score of each indicator, so nobody could
// tell what made it. Each score comes with a line for each indicator - figure, points, weight, contribution -
// and the lines add up to the score.
// P2-48

#include "gmock/gmock.h"
#include "issues/explained.h"

namespace csat {
namespace {

using ::testing::ElementsAre;

TEST(Keptn6560Test, EachIndicatorGivesItsScore) {
  const Card card(R"("indicators": [
    {"id": "speed", "weight": 2, "max_points": 10, "metric": "speed", "missing": {"rule": "REFUSE"},
     "score": {"linear": {"from": {"at": 0, "points": 0}, "to": {"at": 100, "points": 10}}}},
    {"id": "errors", "weight": 1, "max_points": 10, "metric": "errors", "missing": {"rule": "REFUSE"},
     "score": {"bands": {"bands": [{"from": 0, "points": 0}, {"from": 50, "points": 5}, {"from": 90, "points": 10}]}}}])");
  const Score score = card.Explain(R"({"speed": 75, "errors": 89.9})");

  const LedgerLine speed = LineOf(score, LedgerLine::Kind::kIndicator, "speed");
  EXPECT_TRUE(speed.has_value);
  EXPECT_EQ(speed.value, Decimal::FromInteger(75));
  EXPECT_EQ(speed.points.ToString(), "7.5");
  EXPECT_EQ(speed.max_points, Points::FromInteger(10));
  EXPECT_EQ(speed.weight, Decimal::FromInteger(2));
  EXPECT_EQ(speed.weight_sum, Decimal::FromInteger(3));
  EXPECT_EQ(speed.amount, Points::FromInteger(50));

  const LedgerLine errors = LineOf(score, LedgerLine::Kind::kIndicator, "errors");
  EXPECT_EQ(errors.value.ToString(), "89.9");
  EXPECT_EQ(errors.points, Points::FromInteger(5));
  EXPECT_EQ(errors.amount.ToString(), "16.666667");

  EXPECT_EQ(score.summary.score.ToString(), "66.666667");
  EXPECT_EQ(SumOfLines(score), score.summary.score);
  // Lost: 100 / 3 * (1 - 0.5) on errors, 200 / 3 * (1 - 0.75) on speed: equal, so in the order of the card.
  std::vector<std::string_view> ids;
  for (const Reason& reason : score.reasons) ids.push_back(reason.id);
  EXPECT_THAT(ids, ElementsAre("speed", "errors"));
}

}  // namespace
}  // namespace csat
