// What went wrong (keptn/keptn#9083): objectives that are only informational were shown with a share of the
// score although they do not count. A row of weight 0 is shown with its figure and its points; it adds 0 and
// changes nothing.
// P2-40, P2-42

#include "gmock/gmock.h"
#include "issues/explained.h"

namespace csat {
namespace {

using ::testing::ElementsAre;

Card WithInformational(const char* weight, const char* rule) {
  return Card(absl::StrCat(R"("indicators": [
    {"id": "speed", "weight": 1, "max_points": 100, "metric": "speed", "missing": {"rule": "REFUSE"}},
    {"id": "traffic", "weight": )",
                           weight, R"(, "max_points": 100, "metric": "traffic", "missing": {"rule": ")", rule,
                           R"("}}])"));
}

TEST(Keptn9083Test, ARowOfWeightZeroIsShownAndDoesNotCount) {
  const Card card = WithInformational("0", "LEAVE_OUT");
  for (const char* record : {R"({"speed": 60, "traffic": 0})", R"({"speed": 60, "traffic": 100})"}) {
    const Score score = card.Explain(record);
    EXPECT_EQ(score.summary.score, Points::FromInteger(60)) << record;
    const LedgerLine line = LineOf(score, LedgerLine::Kind::kIndicator, "traffic");
    EXPECT_TRUE(line.has_value) << record;
    EXPECT_EQ(line.points, line.value) << record;
    EXPECT_EQ(line.weight, Decimal()) << record;
    EXPECT_EQ(line.weight_sum, Decimal::FromInteger(1)) << record;
    EXPECT_EQ(line.amount, Points()) << record;
    // No points of the score were lost on it.
    ASSERT_EQ(score.reasons.size(), 1u) << record;
    EXPECT_EQ(score.reasons[0].id, "speed") << record;
  }
}

TEST(Keptn9083Test, TheSmallestWeightCounts) {
  const Card card = WithInformational("0.000001", "LEAVE_OUT");
  const Score none = card.Explain(R"({"speed": 60, "traffic": 0})");
  const Score full = card.Explain(R"({"speed": 60, "traffic": 100})");
  // 60 / 1.000001 and (60 + 0.0001) / 1.000001.
  EXPECT_EQ(none.summary.score.ToString(), "59.99994");
  EXPECT_EQ(full.summary.score.ToString(), "60.00004");
}

TEST(Keptn9083Test, ARowOfWeightZeroKeepsItsMissingRule) {
  EXPECT_EQ(WithInformational("0", "LEAVE_OUT").Explain(R"({"speed": 60})").summary.outcome,
            Outcome::kScored);
  EXPECT_EQ(WithInformational("0", "WORST").Explain(R"({"speed": 60})").summary.score,
            Points::FromInteger(60));
  EXPECT_EQ(WithInformational("0", "REFUSE").Explain(R"({"speed": 60})").summary.outcome, Outcome::kRefused);
  EXPECT_EQ(WithInformational("0", "VETO").Explain(R"({"speed": 60})").summary.outcome, Outcome::kVetoed);
}

}  // namespace
}  // namespace csat
