#include <string>

#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using namespace testing_plan;

struct CombineCase {
  const char* name;
  std::string indicators;
  const char* record;
  const char* score;
};

std::string LeftOutIfMissing(const char* metric, const char* weight) {
  return absl::StrCat(R"({"id": ")", metric, R"(", "weight": )", weight, R"(, "max_points": 10, "metric": ")",
                      metric, R"(", "missing": {"rule": "LEAVE_OUT"}})");
}

TEST(CombineTest, WeightedMean) {
  const std::string p2_48 = Needed({{"a", "25"}, {"b", "30"}, {"c", "20"}, {"d", "15"}, {"e", "10"}});
  const std::string left_out =
      LeftOutIfMissing("a", "40") + "," + LeftOutIfMissing("b", "60") + "," + LeftOutIfMissing("c", "0");
  const CombineCase rows[] = {
      {"P2-48", p2_48, R"({"a": 8.75, "b": 9.894737, "c": 7.5, "d": 8.6, "e": 9.0})", "88.459211"},
      {"P2-48, gate of knowledge not met", p2_48,
       R"({"a": 8.75, "b": 9.894737, "c": 7.5, "d": 8.6, "e": 8.99})", "88.449211"},
      {"P2-123, assessment of staff", Needed({{"a", "40"}, {"b", "30"}, {"c", "20"}, {"d", "10"}}),
       R"({"a": 9.2, "b": 8.8, "c": 8, "d": 10})", "89.2"},
      {"parts that do not make 100", Needed({{"a", "0.5"}, {"b", "0.25"}}), R"({"a": 10, "b": 4})", "80"},
      {"all at their best", Needed({{"a", "1"}, {"b", "2"}, {"c", "4"}}), R"({"a": 10, "b": 10, "c": 10})",
       "100"},
      {"all at their worst", Needed({{"a", "1"}, {"b", "2"}, {"c", "4"}}), R"({"a": 0, "b": 0, "c": 0})",
       "0"},
      {"thirds", Needed({{"a", "1"}, {"b", "1"}, {"c", "1"}}), R"({"a": 10, "b": 0, "c": 0})", "33.333333"},
      {"two thirds", Needed({{"a", "1"}, {"b", "1"}, {"c", "1"}}), R"({"a": 10, "b": 10, "c": 0})",
       "66.666667"},
      {"a tie to the even one below", Needed({{"a", "1"}, {"b", "19"}}), R"({"a": 0.000001, "b": 0})", "0"},
      {"a tie to the even one above", Needed({{"a", "1"}, {"b", "19"}}), R"({"a": 0.000003, "b": 0})",
       "0.000002"},
      {"a weight of 0 shows and does not count", Needed({{"a", "100"}, {"b", "0"}}), R"({"a": 5, "b": 10})",
       "50"},
      {"left out, the weight goes to the other", left_out, R"({"b": 8})", "80"},
      {"nothing left out", left_out, R"({"a": 3, "b": 8, "c": 0})", "60"},
  };
  for (const CombineCase& row : rows) {
    const Plan plan = PlanOf(PolicyOf(CardOf(row.indicators)));
    const Score score = ScoreOf(plan, row.record);
    EXPECT_EQ(score.summary.base, D(row.score)) << row.name;
    EXPECT_EQ(score.summary.score, D(row.score)) << row.name;
  }
}

// Only a sibling without weight is left: nothing can be weighed.
TEST(CombineTest, NothingIsLeftToWeigh) {
  const Plan plan = PlanOf(PolicyOf(CardOf(LeftOutIfMissing("a", "40") + "," + LeftOutIfMissing("c", "0"))));
  const Score score = ScoreOf(plan, R"({"c": 10})");
  EXPECT_EQ(score.summary.outcome, Outcome::kInsufficient);
  EXPECT_EQ(ReasonOf(plan, score), "missing:a");
  EXPECT_EQ(score.refusal, "no indicator has a figure");
}

TEST(CombineTest, LeastAndMost) {
  constexpr char kTwo[] = R"({"id": "a", "max_points": 10, "metric": "a", "missing": {"rule": "LEAVE_OUT"}},
    {"id": "b", "max_points": 50, "metric": "b", "missing": {"rule": "LEAVE_OUT"},
     "score": {"linear": {"from": {"at": 0, "points": 0}, "to": {"at": 10, "points": 50}}}})";
  struct Row {
    const char* combine;
    const char* record;
    const char* score;
  };
  const Row rows[] = {
      {"MIN", R"({"a": 8, "b": 7})", "70"}, {"MIN", R"({"a": 6, "b": 7})", "60"},
      {"MIN", R"({"a": 7, "b": 7})", "70"}, {"MAX", R"({"a": 8, "b": 7})", "80"},
      {"MAX", R"({"a": 6, "b": 7})", "70"}, {"MIN", R"({"b": 7})", "70"},
      {"MAX", R"({"a": 0, "b": 0})", "0"},
  };
  for (const Row& row : rows) {
    const Plan plan = PlanOf(PolicyOf(CardOf(kTwo, absl::StrCat(R"(, "combine": ")", row.combine, R"(")"))));
    EXPECT_EQ(ScoreOf(plan, row.record).summary.score, D(row.score)) << row.combine << " of " << row.record;
  }
}

// Three levels; each group has its own maximum and its own way of combining.
constexpr char kTree[] = R"({"id": "service", "weight": 70, "max_points": 20, "children": {"indicators": [
    {"id": "a", "weight": 3, "max_points": 10, "metric": "a", "missing": {"rule": "LEAVE_OUT"}},
    {"id": "speed", "weight": 1, "max_points": 5, "missing": {"rule": "LEAVE_OUT"},
      "children": {"combine": "MIN", "indicators": [
      {"id": "b", "max_points": 10, "metric": "b", "missing": {"rule": "LEAVE_OUT"}},
      {"id": "c", "max_points": 10, "metric": "c", "missing": {"rule": "LEAVE_OUT"}}]}}]}},
  {"id": "d", "weight": 30, "max_points": 10, "metric": "d", "missing": {"rule": "REFUSE"}})";

TEST(CombineTest, TreesOfSeveralLevels) {
  struct Row {
    const char* name;
    const char* record;
    Outcome outcome;
    const char* service;  // Points of the group, of 20.
    const char* score;
  };
  const Row rows[] = {
      {"all given: (3 * 8 + 6) / 4 of 10", R"({"a": 8, "b": 6, "c": 9, "d": 10})", Outcome::kScored, "15",
       "82.5"},
      {"the lesser of two is missing", R"({"a": 8, "c": 9, "d": 10})", Outcome::kScored, "16.5", "87.75"},
      {"a whole group is left out", R"({"a": 8, "d": 10})", Outcome::kScored, "16", "86"},
      {"only the inner group", R"({"b": 4, "c": 5, "d": 10})", Outcome::kScored, "8", "58"},
      {"a group of nothing refuses", R"({"d": 10})", Outcome::kRefused, "0", "0"},
  };
  const Plan plan = PlanOf(PolicyOf(CardOf(kTree)));
  for (const Row& row : rows) {
    const Score score = ScoreOf(plan, row.record);
    EXPECT_EQ(score.summary.outcome, row.outcome) << row.name;
    EXPECT_EQ(LineOf(score, "service").points, D(row.service)) << row.name;
    EXPECT_EQ(score.summary.score, D(row.score)) << row.name;
  }
}

// P2-123: a scorecard feeds another; what it publishes is carried over in proportion, its veto too.
TEST(CombineTest, AScorecardFeedsAnother) {
  const std::string cards =
      absl::StrCat(R"({"id": "customer", "max_score": 50, "indicators": [)", Needed({{"a", "1"}}), R"(],
        "vetoes": [{"id": "leak", "when": {"compare": {"metric": "leaks", "op": "GE", "value": 1}},
          "scope": "RECORD", "set_to": 0, "missing": {"rule": "REFUSE"}}]},
      {"id": "card", "max_score": 100, "indicators": [
        {"id": "customer_score", "weight": 40, "max_points": 10, "scorecard": "customer",
          "missing": {"rule": "INSUFFICIENT"}}, )",
                   Needed({{"b", "30"}, {"c", "20"}, {"d", "10"}}), "]}");
  const Plan plan = PlanOf(PolicyOf(cards));
  struct Row {
    const char* name;
    const char* record;
    Outcome outcome;
    const char* score;
  };
  const Row rows[] = {
      {"P2-123", R"({"a": 9.2, "b": 8.8, "c": 8, "d": 10, "leaks": 0})", Outcome::kScored, "89.2"},
      {"a veto of the feeding card", R"({"a": 9.2, "b": 8.8, "c": 8, "d": 10, "leaks": 1})", Outcome::kScored,
       "52.4"},
      {"the feeding card is refused", R"({"a": 9.2, "b": 8.8, "c": 8, "d": 10})", Outcome::kInsufficient,
       "0"},
      {"the feeding card has no figure", R"({"b": 8.8, "c": 8, "d": 10, "leaks": 0})", Outcome::kInsufficient,
       "0"},
  };
  for (const Row& row : rows) {
    const Score score = ScoreOf(plan, row.record);
    EXPECT_EQ(score.summary.outcome, row.outcome) << row.name;
    EXPECT_EQ(score.summary.score, D(row.score)) << row.name;
  }
}

}  // namespace
}  // namespace csat
