#include <algorithm>
#include <string>
#include <vector>

#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using ::testing::ElementsAre;
using namespace testing_plan;

std::string KindOf(LedgerLine::Kind kind) {
  switch (kind) {
    case LedgerLine::Kind::kIndicator: return "indicator";
    case LedgerLine::Kind::kRounding: return "rounding";
    case LedgerLine::Kind::kBonus: return "bonus";
    case LedgerLine::Kind::kBonusCap: return "bonus cap";
    case LedgerLine::Kind::kCap: return "cap";
    case LedgerLine::Kind::kScale: return "scale";
    case LedgerLine::Kind::kVeto: return "veto";
  }
  return "";
}

// "1 indicator speed +4.5" for a line of depth 1.
std::vector<std::string> Lines(const Score& score) {
  std::vector<std::string> lines;
  for (const LedgerLine& line : score.ledger) {
    lines.push_back(absl::StrCat(static_cast<int>(line.depth), " ", KindOf(line.kind),
                                 line.id.empty() ? "" : " ", std::string(line.id),
                                 line.amount < Points() ? " " : " +", line.amount.ToString()));
  }
  return lines;
}

// A tree, a bonus, a cap and two vetoes: every kind of line.
Plan Whole() {
  return PlanOf(PolicyOf(CardOf(
      R"(
    {"id": "service", "weight": 2, "max_points": 10, "children": {"indicators": [
      {"id": "a", "weight": 1, "max_points": 10, "metric": "a", "missing": {"rule": "LEAVE_OUT"}},
      {"id": "b", "weight": 1, "max_points": 10, "metric": "b", "missing": {"rule": "LEAVE_OUT"}},
      {"id": "e", "weight": 1, "max_points": 10, "metric": "e", "missing": {"rule": "LEAVE_OUT"}}]}},
    {"id": "c", "weight": 1, "max_points": 10, "metric": "c", "missing": {"rule": "WORST"}})",
      R"(, "bonus": {"mode": "RELATIVE", "cap": 15, "sources": [{"id": "praise", "metric": "praise", "each": 1}, {"id": "ideas", "metric": "ideas", "each": 1}]},
    "caps": [{"id": "slow", "when": {"compare": {"metric": "d", "op": "LT", "value": 5}}, "max_score": 75}],
    "vetoes": [{"id": "slip", "when": {"compare": {"metric": "breaches", "op": "GE", "value": 1}}, "scope": "RECORD", "cap_at": 40, "missing": {"rule": "REFUSE"}},
               {"id": "leak", "when": {"compare": {"metric": "leaks", "op": "GE", "value": 1}}, "scope": "RECORD", "set_to": 0, "missing": {"rule": "REFUSE"}}])")));
}

TEST(LedgerTest, LinesStandInTheOrderOfTheSteps) {
  const Plan plan = Whole();
  EXPECT_THAT(
      Lines(ScoreOf(
          plan,
          R"({"a": 8, "b": 9, "e": 9, "c": 10, "d": 9, "praise": 1, "ideas": 0, "leaks": 0, "breaches": 0})")),
      ElementsAre("0 indicator service +57.77778", "1 indicator a +2.666667", "1 indicator b +3",
                  "1 indicator e +3", "0 indicator c +33.333333", "0 bonus praise +0.911111",
                  "0 bonus ideas +0"));
  EXPECT_THAT(
      Lines(ScoreOf(
          plan,
          R"({"a": 10, "b": 10, "e": 9, "c": 10, "d": 4, "praise": 9, "ideas": 9, "leaks": 1, "breaches": 1})")),
      ElementsAre("0 indicator service +64.444447", "1 indicator a +3.333333", "1 indicator b +3.333333",
                  "1 indicator e +3", "1 rounding +0.000001", "0 indicator c +33.333333",
                  "0 bonus praise +8.8", "0 bonus ideas +8.8", "0 bonus cap -2.933333", "0 scale -12.444447",
                  "0 cap slow -25", "0 veto slip -35", "0 veto leak -40"));
}

// At every depth the lines below a line sum to its points.
TEST(LedgerTest, LinesOfEveryDepthAddUp) {
  const Plan plan = Whole();
  for (const char* record :
       {R"({"a": 8, "b": 7, "e": 7, "c": 10, "d": 9, "praise": 0, "ideas": 0, "leaks": 0, "breaches": 0})",
        R"({"a": 1, "b": 1, "e": 0, "c": 3, "d": 9, "praise": 0, "ideas": 0, "leaks": 0, "breaches": 0})",
        R"({"a": 8, "e": 7.777777, "d": 9, "praise": 0, "ideas": 0, "leaks": 0, "breaches": 1})"}) {
    const Score score = ScoreOf(plan, record);
    for (std::size_t i = 0; i < score.ledger.size(); ++i) {
      const LedgerLine& parent = score.ledger[i];
      Points sum;
      bool has_children = false;
      for (std::size_t j = i + 1; j < score.ledger.size() && score.ledger[j].depth > parent.depth; ++j) {
        if (score.ledger[j].depth != parent.depth + 1) continue;
        has_children = true;
        sum = sum + score.ledger[j].amount;
      }
      EXPECT_TRUE(!has_children || sum == parent.points) << record << ", " << std::string(parent.id);
    }
  }
}

TEST(LedgerTest, ShowsFiguresWeightsAndBases) {
  const Plan plan = Whole();
  const Score score = ScoreOf(
      plan, R"({"a": 8.123456789, "e": 7, "d": 9, "praise": 0, "ideas": 0, "leaks": 0, "breaches": 0})");
  const LedgerLine a = LineOf(score, "a"), b = LineOf(score, "b"), c = LineOf(score, "c"),
                   service = LineOf(score, "service");
  EXPECT_TRUE(a.has_value);
  EXPECT_EQ(a.value, D("8.123457"));
  EXPECT_EQ(a.weight, D("1"));
  EXPECT_EQ(a.weight_sum, D("2")) << "b was left out";
  EXPECT_EQ(a.max_points, D("10"));
  EXPECT_EQ(b.basis, LedgerLine::Basis::kLeftOut);
  EXPECT_FALSE(b.has_value);
  EXPECT_EQ(b.weight_sum, Decimal());
  EXPECT_EQ(b.amount, Points());
  EXPECT_EQ(c.basis, LedgerLine::Basis::kWorst);
  EXPECT_EQ(c.weight_sum, D("3"));
  EXPECT_FALSE(service.has_value);
}

// A refused result has lines that say why and add up to nothing.
TEST(LedgerTest, OfARefusal) {
  const Plan plan = PlanOf(PolicyOf(CardOf(Needed({{"a", "1"}, {"b", "1"}}))));
  const Score score = ScoreOf(plan, R"({"a": 8})");
  EXPECT_EQ(score.summary.outcome, Outcome::kRefused);
  EXPECT_EQ(LineOf(score, "b").basis, LedgerLine::Basis::kRefused);
  EXPECT_EQ(LineOf(score, "a").points, D("8"));
  EXPECT_EQ(LedgerSum(score), Points());
  EXPECT_TRUE(score.reasons.empty());
}

// A veto of a missing rule, and one without a base.
TEST(LedgerTest, OfAVetoWithoutABase) {
  const Plan plan = Whole();
  const Score score =
      ScoreOf(plan, R"({"c": 10, "d": 9, "praise": 0, "ideas": 0, "leaks": 1, "breaches": 0})");
  EXPECT_EQ(score.summary.outcome, Outcome::kVetoed);
  EXPECT_FALSE(score.summary.has_base);
  EXPECT_EQ(LedgerSum(score), Points());
  EXPECT_EQ(LineOf(score, "leak", LedgerLine::Kind::kVeto).amount, Points());
}

// PMML scorecard, points below the maximum: most lost first, ties in the order of the policy, nothing lost not named.
TEST(ReasonsTest, RankedByPointsLost) {
  struct Row {
    const char* name;
    const char* record;
    std::vector<std::pair<std::string, const char*>> reasons;
  };
  const Row rows[] = {
      {"by points of the score, not by points of the indicator",
       R"({"a": 8, "b": 6, "c": 0})",
       {{"a", "12"}, {"c", "10"}, {"b", "12"}}},
      {"nothing lost", R"({"a": 10, "b": 10, "c": 10})", {}},
      {"a millionth lost", R"({"a": 9.999999, "b": 10, "c": 10})", {{"a", "0.000006"}}},
      {"ties", R"({"a": 9, "b": 8, "c": 10})", {{"a", "6"}, {"b", "6"}}},
  };
  const Plan plan = PlanOf(PolicyOf(CardOf(Needed({{"a", "60"}, {"b", "30"}, {"c", "10"}}))));
  for (const Row& row : rows) {
    const Score score = ScoreOf(plan, row.record);
    std::vector<std::pair<std::string, Points>> want, got;
    for (const auto& [id, lost] : row.reasons) want.emplace_back(id, D(lost));
    std::stable_sort(want.begin(), want.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    for (const Reason& reason : score.reasons) got.emplace_back(std::string(reason.id), reason.lost);
    EXPECT_EQ(got, want) << row.name;
  }
}

}  // namespace
}  // namespace csat
