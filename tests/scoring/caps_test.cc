#include <string>

#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using namespace testing_plan;

constexpr char kCaps[] = R"(, "caps": [
  {"id": "slow", "when": {"compare": {"metric": "b", "op": "LT", "value": 5}}, "max_score": 75},
  {"id": "rude", "when": {"compare": {"metric": "c", "op": "LT", "value": 5}}, "max_score": 59}],
  "bonus": {"mode": "POINTS", "cap": 5, "sources": [{"id": "praise", "metric": "praise", "each": 1}]})";

// A cap holds the score down while its condition is true or unknown; nothing but a veto comes after it.
TEST(CapsTest, HoldTheScoreDown) {
  struct Row {
    const char* name;
    const char* record;
    const char* score;
    const char* without;  // After the scale, before caps.
    const char* reason;
    int slow, rude;  // -1: no line, 0: did not bind, 1: bound.
  };
  const Row rows[] = {
      {"no condition holds", R"({"a": 9, "b": 5, "c": 5, "praise": 0})", "90", "90", "", -1, -1},
      {"one holds", R"({"a": 9, "b": 4.999999, "c": 5, "praise": 0})", "75", "90", "cap:slow", 1, -1},
      {"a bonus does not lift a cap", R"({"a": 9, "b": 4, "c": 5, "praise": 5})", "75", "95", "cap:slow", 1,
       -1},
      {"at the cap", R"({"a": 7.5, "b": 4, "c": 5, "praise": 0})", "75", "75", "", 0, -1},
      {"just above the cap", R"({"a": 7.500001, "b": 4, "c": 5, "praise": 0})", "75", "75.00001", "cap:slow",
       1, -1},
      {"below the cap", R"({"a": 3, "b": 4, "c": 5, "praise": 0})", "30", "30", "", 0, -1},
      {"the lower of two", R"({"a": 9, "b": 4, "c": 4, "praise": 0})", "59", "90", "cap:slow", 1, 1},
      {"only the lower one binds", R"({"a": 7, "b": 4, "c": 4, "praise": 0})", "59", "70", "cap:rude", 0, 1},
      {"an unknown condition caps", R"({"a": 9, "c": 5, "praise": 0})", "75", "90", "cap:slow", 1, -1},
  };
  const Plan plan = PlanOf(PolicyOf(CardOf(Needed({{"a", "1"}}), kCaps)));
  for (const Row& row : rows) {
    const Score score = ScoreOf(plan, row.record);
    EXPECT_EQ(score.summary.score, D(row.score)) << row.name;
    EXPECT_EQ(ReasonOf(plan, score), row.reason) << row.name;
    Points capped;
    int slow = -1, rude = -1;
    for (const LedgerLine& line : score.ledger) {
      if (line.kind != LedgerLine::Kind::kCap) continue;
      (line.id == "slow" ? slow : rude) = line.binding;
      capped = capped + line.amount;
    }
    EXPECT_EQ(slow, row.slow) << row.name;
    EXPECT_EQ(rude, row.rude) << row.name;
    EXPECT_EQ(score.summary.score - capped, D(row.without)) << row.name;
  }
}

}  // namespace
}  // namespace csat
