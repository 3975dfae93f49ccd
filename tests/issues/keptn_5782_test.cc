// What went wrong (keptn/keptn#5782): the same objectives were shown with other weights from one evaluation to
// the next, 2 as 0 and 1 as 0.5. The weights of a ledger are those of the policy, whatever came before.
// P2-48

#include "gmock/gmock.h"
#include "issues/explained.h"

namespace csat {
namespace {

TEST(Keptn5782Test, TheWeightsAreThoseOfThePolicyInEveryResult) {
  const Card card(R"("indicators": [
    {"id": "speed", "weight": 2, "max_points": 100, "metric": "speed", "missing": {"rule": "LEAVE_OUT"}},
    {"id": "errors", "weight": 1, "max_points": 100, "metric": "errors", "missing": {"rule": "LEAVE_OUT"}},
    {"id": "traffic", "weight": 0.5, "max_points": 100, "metric": "traffic", "missing": {"rule": "LEAVE_OUT"}}])");
  // Records with fewer figures in between must leave no trace in the next.
  const struct {
    const char* record;
    const char* weight_sum;
    const char* score;
  } rows[] = {
      {R"({"speed": 100, "errors": 50, "traffic": 0})", "3.5", "71.428571"},
      {R"({"errors": 50})", "1", "50"},
      {R"({"speed": 100, "errors": 50, "traffic": 0})", "3.5", "71.428571"},
      {R"({"speed": 100, "traffic": 0})", "2.5", "80"},
      {R"({"speed": 100, "errors": 50, "traffic": 0})", "3.5", "71.428571"},
  };
  for (const auto& row : rows) {
    const Score score = card.Explain(row.record);
    EXPECT_EQ(score.summary.score.ToString(), row.score) << row.record;
    EXPECT_EQ(SumOfLines(score), score.summary.score) << row.record;
    const std::pair<const char*, const char*> weights[] = {
        {"speed", "2"}, {"errors", "1"}, {"traffic", "0.5"}};
    for (const auto& [id, weight] : weights) {
      const LedgerLine line = LineOf(score, LedgerLine::Kind::kIndicator, id);
      if (line.basis != LedgerLine::Basis::kGiven) continue;
      EXPECT_EQ(line.weight.ToString(), weight) << id << " in " << row.record;
      EXPECT_EQ(line.weight_sum.ToString(), row.weight_sum) << id << " in " << row.record;
    }
  }
}

}  // namespace
}  // namespace csat
