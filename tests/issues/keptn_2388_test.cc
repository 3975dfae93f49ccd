// What went wrong (keptn/keptn#2388): objectives that had failed were filtered out before the comparison, so a
// gate opened although the figure was not in an acceptable range. A bad figure counts with its bad points; only
// a figure that is not there can be left out, and only where the policy says so.
// P2-48

#include "gmock/gmock.h"
#include "issues/explained.h"

namespace csat {
namespace {

TEST(Keptn2388Test, ABadFigureIsNotFilteredOut) {
  const Card card(R"("indicators": [
    {"id": "speed", "weight": 1, "max_points": 100, "metric": "speed", "missing": {"rule": "LEAVE_OUT"}},
    {"id": "errors", "weight": 1, "max_points": 100, "metric": "errors", "missing": {"rule": "LEAVE_OUT"}}],
    "grading": {"basis": "EXACT", "bands": [{"id": "pass", "from": 75}, {"id": "fail", "from": 0}]})");
  const struct {
    const char* name;
    const char* record;
    const char* score;
    const char* grade;
    LedgerLine::Basis basis;
  } rows[] = {
      {"the worst there is", R"({"speed": 100, "errors": 0})", "50", "fail", LedgerLine::Basis::kGiven},
      {"half a millionth short, which rounds to even", R"({"speed": 100, "errors": 49.999999})", "75", "pass",
       LedgerLine::Basis::kGiven},
      {"a millionth and a half short", R"({"speed": 100, "errors": 49.999997})", "74.999998", "fail",
       LedgerLine::Basis::kGiven},
      {"not there", R"({"speed": 100})", "100", "pass", LedgerLine::Basis::kLeftOut},
  };
  for (const auto& row : rows) {
    const Score score = card.Explain(row.record);
    EXPECT_EQ(score.summary.score.ToString(), row.score) << row.name;
    EXPECT_EQ(score.grade, row.grade) << row.name;
    EXPECT_EQ(LineOf(score, LedgerLine::Kind::kIndicator, "errors").basis, row.basis) << row.name;
  }
}

}  // namespace
}  // namespace csat
