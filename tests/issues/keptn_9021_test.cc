// What went wrong (keptn/keptn#9021): a full disk should make a test invalid, while how full it is below that
// should not count. A key objective of weight 0 still took part in the score, so there was no way to say it. A
// veto needs no indicator and no weight.
// P2-44

#include "gmock/gmock.h"
#include "issues/explained.h"

namespace csat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kVeto[] = R"(
  "vetoes": [{"id": "disk_full", "when": {"compare": {"metric": "disk", "op": "GE", "value": 100}},
    "scope": "RECORD", "set_to": 0, "missing": {"rule": "REFUSE"}}])";
constexpr char kWithoutIndicator[] = R"(
  "indicators": [{"id": "speed", "weight": 1, "max_points": 100, "metric": "speed", "missing": {"rule": "REFUSE"}}],)";
constexpr char kWithWeightZero[] = R"(
  "indicators": [{"id": "speed", "weight": 1, "max_points": 100, "metric": "speed", "missing": {"rule": "REFUSE"}},
    {"id": "disk", "weight": 0, "max_points": 100, "metric": "disk", "missing": {"rule": "REFUSE"},
     "score": {"linear": {"from": {"at": 0, "points": 100}, "to": {"at": 100, "points": 0}}}}],)";

TEST(Keptn9021Test, AVetoDecidesWithoutAWeight) {
  for (const char* indicators : {kWithoutIndicator, kWithWeightZero}) {
    const Card card(absl::StrCat(indicators, kVeto));
    const struct {
      const char* name;
      const char* record;
      Outcome outcome;
      Points score;
    } rows[] = {
        {"empty", R"({"speed": 90, "disk": 0})", Outcome::kScored, Points::FromInteger(90)},
        {"nearly full", R"({"speed": 90, "disk": 99.999999})", Outcome::kScored, Points::FromInteger(90)},
        {"full", R"({"speed": 90, "disk": 100})", Outcome::kVetoed, Points()},
    };
    for (const auto& row : rows) {
      const Score score = card.Explain(row.record);
      EXPECT_EQ(score.summary.outcome, row.outcome) << row.name;
      EXPECT_EQ(score.summary.score, row.score) << row.name;
      EXPECT_EQ(score.summary.base, Points::FromInteger(90)) << row.name;
      EXPECT_EQ(score.summary.without_veto, Points::FromInteger(90)) << row.name;
      EXPECT_EQ(SumOfLines(score), row.score) << row.name;
      if (row.outcome == Outcome::kVetoed) {
        EXPECT_THAT(score.vetoes, ElementsAre("disk_full")) << row.name;
      } else {
        EXPECT_THAT(score.vetoes, IsEmpty()) << row.name;
      }
    }
  }
}

}  // namespace
}  // namespace csat
