// What went wrong (keptn/keptn#5900): a key objective failed, the evaluation failed, and what was shown was
// "75 < 75". A result decided by a veto says so: which veto, what it changed, and what the score would have been.
// P2-44

#include "gmock/gmock.h"
#include "issues/explained.h"

namespace csat {
namespace {

using ::testing::ElementsAre;

TEST(Keptn5900Test, AResultDecidedByAVetoSaysSo) {
  const Card card(R"(
    "indicators": [{"id": "speed", "weight": 3, "max_points": 100, "metric": "speed", "missing": {"rule": "REFUSE"}},
      {"id": "errors", "weight": 1, "max_points": 100, "metric": "errors", "missing": {"rule": "REFUSE"}}],
    "vetoes": [{"id": "too_slow", "when": {"compare": {"metric": "errors", "op": "LT", "value": 1}},
      "scope": "RECORD", "cap_at": 40, "missing": {"rule": "REFUSE"}}],
    "grading": {"basis": "EXACT", "bands": [{"id": "pass", "from": 75}, {"id": "fail", "from": 0}]})");

  // Exactly at the bound, as in the report.
  const Score score = card.Explain(R"({"speed": 100, "errors": 0})");
  EXPECT_EQ(score.summary.outcome, Outcome::kVetoed);
  EXPECT_EQ(score.summary.score, Points::FromInteger(40));
  EXPECT_EQ(score.summary.base, Points::FromInteger(75));
  EXPECT_EQ(score.summary.without_veto, Points::FromInteger(75));
  EXPECT_EQ(score.grade, "fail");
  EXPECT_EQ(card.ReasonOf(score), "veto:too_slow");
  EXPECT_THAT(score.vetoes, ElementsAre("too_slow"));
  const LedgerLine line = LineOf(score, LedgerLine::Kind::kVeto, "too_slow");
  EXPECT_TRUE(line.binding);
  EXPECT_EQ(line.amount, Points::FromInteger(-35));
  EXPECT_EQ(SumOfLines(score), Points::FromInteger(40));

  // The same score without the veto passes: the lower bound of a band is inclusive.
  const Score passed = card.Explain(R"({"speed": 99, "errors": 3})");
  EXPECT_EQ(passed.summary.outcome, Outcome::kScored);
  EXPECT_EQ(passed.summary.score, Points::FromInteger(75));
  EXPECT_EQ(passed.grade, "pass");
  EXPECT_EQ(card.ReasonOf(passed), "");
}

TEST(Keptn5900Test, AVetoThatFiredAndChangedNothingIsNamedButDidNotBind) {
  const Card card(R"(
    "indicators": [{"id": "speed", "max_points": 100, "metric": "speed", "missing": {"rule": "REFUSE"}}],
    "vetoes": [{"id": "leak", "when": {"compare": {"metric": "leaks", "op": "GE", "value": 1}}, "scope": "RECORD",
      "cap_at": 40, "missing": {"rule": "REFUSE"}}])");
  const Score score = card.Explain(R"({"speed": 30, "leaks": 2})");
  EXPECT_EQ(score.summary.score, Points::FromInteger(30));
  EXPECT_THAT(score.vetoes, ElementsAre("leak"));
  const LedgerLine line = LineOf(score, LedgerLine::Kind::kVeto, "leak");
  EXPECT_FALSE(line.binding);
  EXPECT_EQ(line.amount, Points());
}

}  // namespace
}  // namespace csat
