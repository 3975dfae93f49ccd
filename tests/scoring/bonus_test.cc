#include <string>

#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using namespace testing_plan;

struct BonusCase {
  const char* name;
  const char* bonus;
  const char* record;
  const char* score;
};

// P2-45: total = base * (1 + min(sum of bonuses, 15 %)), then clipped to the scale (A-43).
TEST(BonusTest, RaisesTheBase) {
  constexpr char kRelative[] =
      R"({"mode": "RELATIVE", "cap": 15, "sources": [{"id": "praise", "metric": "praise", "each": 1},
        {"id": "ideas", "metric": "ideas", "each": 1}]})";
  constexpr char kPoints[] =
      R"({"mode": "POINTS", "cap": 8, "sources": [{"id": "praise", "metric": "praise", "each": 1.5,
        "cap": 6}, {"id": "ideas", "metric": "ideas", "each": 0.5}]})";
  constexpr char kUnpaid[] =
      R"({"mode": "RELATIVE", "cap": 15, "sources": [{"id": "praise", "metric": "praise", "each": 2,
        "cap": 10, "excluding": "paid"}]})";
  const BonusCase rows[] = {
      {"P2-45, 5 % and 3 %", kRelative, R"({"a": 8, "praise": 5, "ideas": 3})", "86.4"},
      {"P2-45, 10 % and 8 % are capped", kRelative, R"({"a": 8, "praise": 10, "ideas": 8})", "92"},
      {"P2-45, clipped to the scale", kRelative, R"({"a": 9.2, "praise": 15, "ideas": 0})", "100"},
      {"a product of more than six places", kRelative, R"({"a": 8.845921, "praise": 5, "ideas": 3})",
       "95.535947"},
      {"just below the cap", kRelative, R"({"a": 8, "praise": 7, "ideas": 7.99})", "91.992"},
      {"at the cap", kRelative, R"({"a": 8, "praise": 7, "ideas": 8})", "92"},
      {"just above the cap", kRelative, R"({"a": 8, "praise": 7, "ideas": 8.01})", "92"},
      {"just below the scale", kRelative, R"({"a": 8.69, "praise": 15, "ideas": 0})", "99.935"},
      {"no bonus", kRelative, R"({"a": 8, "praise": 0, "ideas": 0})", "80"},
      {"nothing of nothing", kRelative, R"({"a": 0, "praise": 15, "ideas": 0})", "0"},
      {"one source without a figure", kRelative, R"({"a": 8, "ideas": 3})", "82.4"},
      {"no source has a figure", kRelative, R"({"a": 8})", "80"},
      {"points", kPoints, R"({"a": 8, "praise": 3, "ideas": 2})", "85.5"},
      {"points, the source at its cap", kPoints, R"({"a": 8, "praise": 4, "ideas": 1})", "86.5"},
      {"points, the source above its cap", kPoints, R"({"a": 8, "praise": 5, "ideas": 1})", "86.5"},
      {"points, the sum at its cap", kPoints, R"({"a": 8, "praise": 4, "ideas": 4})", "88"},
      {"points, the sum above its cap", kPoints, R"({"a": 8, "praise": 4, "ideas": 6})", "88"},
      {"points, clipped to the scale", kPoints, R"({"a": 9.5, "praise": 4, "ideas": 4})", "100"},
      {"P2-12, A-127, paid praise does not count", kUnpaid, R"({"a": 8, "praise": 4, "paid": 1})", "84.8"},
      {"none of it was paid", kUnpaid, R"({"a": 8, "praise": 4, "paid": 0})", "86.4"},
      {"all of it was paid", kUnpaid, R"({"a": 8, "praise": 4, "paid": 4})", "80"},
      {"more paid than given lowers nothing", kUnpaid, R"({"a": 8, "praise": 4, "paid": 5})", "80"},
      {"the cap is on what is left", kUnpaid, R"({"a": 8, "praise": 8, "paid": 2})", "88"},
      {"A-127, praise that cannot be told from paid praise", kUnpaid, R"({"a": 8, "praise": 4})", "80"},
  };
  for (const BonusCase& row : rows) {
    const Plan plan =
        PlanOf(PolicyOf(CardOf(Needed({{"a", "1"}}), absl::StrCat(R"(, "bonus": )", row.bonus))));
    const Score score = ScoreOf(plan, row.record);
    EXPECT_EQ(score.summary.score, D(row.score)) << row.name;
    EXPECT_EQ(score.summary.without_veto, D(row.score)) << row.name;
  }
}

// Each source has its line, also one that gave nothing; what the cap and the scale take has its own.
TEST(BonusTest, EverySourceHasItsLine) {
  const Plan plan =
      PlanOf(PolicyOf(CardOf(Needed({{"a", "1"}}), R"(, "bonus": {"mode": "RELATIVE", "cap": 15, "sources": [
    {"id": "praise", "metric": "praise", "each": 1}, {"id": "ideas", "metric": "ideas", "each": 1}]})")));
  using Kind = LedgerLine::Kind;
  const Score capped = ScoreOf(plan, R"({"a": 9.2, "praise": 10, "ideas": 8})");
  EXPECT_EQ(LineOf(capped, "praise", Kind::kBonus).amount, D("9.2"));
  EXPECT_EQ(LineOf(capped, "ideas", Kind::kBonus).amount, D("7.36"));
  EXPECT_EQ(LineOf(capped, "", Kind::kBonusCap).amount, D("-2.76"));
  EXPECT_EQ(LineOf(capped, "", Kind::kScale).amount, D("-5.8"));
  const Score silent = ScoreOf(plan, R"({"a": 9.2, "ideas": 0})");
  EXPECT_EQ(LineOf(silent, "praise", Kind::kBonus).basis, LedgerLine::Basis::kLeftOut);
  EXPECT_EQ(LineOf(silent, "ideas", Kind::kBonus).basis, LedgerLine::Basis::kGiven);
  EXPECT_EQ(LineOf(silent, "ideas", Kind::kBonus).amount, Points());
}

}  // namespace
}  // namespace csat
