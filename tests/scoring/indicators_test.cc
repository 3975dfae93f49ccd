#include <string>
#include <vector>

#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using ::testing::HasSubstr;
using namespace testing_plan;
using Basis = LedgerLine::Basis;

// One indicator on `a` with the missing rule under test beside `b`, which is given.
Plan WithRule(const char* rule) {
  return PlanOf(PolicyOf(CardOf(absl::StrCat(
      R"({"id": "a", "weight": 40, "max_points": 10, "metric": "a", "missing": )", rule,
      R"(}, {"id": "b", "weight": 60, "max_points": 10, "metric": "b", "missing": {"rule": "REFUSE"}})"))));
}

struct MissingCase {
  const char* name;
  const char* rule;
  const char* record;
  Outcome outcome;
  Basis basis;
  const char* score;
  const char* reason;
};

// Nothing passes silently: each rule has its outcome, its basis in the ledger and its reason.
TEST(MissingRuleTest, DecidesWhatAMissingFigureIs) {
  constexpr char kLastKnown[] =
      R"({"rule": "LAST_KNOWN", "last_field": "a_before", "age_field": "a_age", "max_age_days": 30,
        "otherwise": "WORST"})";
  constexpr char kLastOrRefuse[] =
      R"({"rule": "LAST_KNOWN", "last_field": "a_before", "age_field": "a_age", "max_age_days": 30,
        "otherwise": "REFUSE"})";
  constexpr char kLastOrLeaveOut[] =
      R"({"rule": "LAST_KNOWN", "last_field": "a_before", "age_field": "a_age", "max_age_days": 30,
        "otherwise": "LEAVE_OUT"})";
  constexpr char kLastOrVeto[] =
      R"({"rule": "LAST_KNOWN", "last_field": "a_before", "age_field": "a_age", "max_age_days": 30,
        "otherwise": "VETO"})";
  constexpr char kLastOrInsufficient[] =
      R"({"rule": "LAST_KNOWN", "last_field": "a_before", "age_field": "a_age", "max_age_days": 30,
        "otherwise": "INSUFFICIENT"})";
  const MissingCase rows[] = {
      {"refuse", R"({"rule": "REFUSE"})", R"({"b": 8})", Outcome::kRefused, Basis::kRefused, "0",
       "missing:a"},
      {"worst", R"({"rule": "WORST"})", R"({"b": 8})", Outcome::kScored, Basis::kWorst, "48", ""},
      {"veto", R"({"rule": "VETO"})", R"({"b": 8})", Outcome::kVetoed, Basis::kVetoed, "0", "missing:a"},
      {"leave out", R"({"rule": "LEAVE_OUT"})", R"({"b": 8})", Outcome::kScored, Basis::kLeftOut, "80", ""},
      {"insufficient", R"({"rule": "INSUFFICIENT"})", R"({"b": 8})", Outcome::kInsufficient,
       Basis::kInsufficient, "0", "missing:a"},
      {"given, whatever the rule", R"({"rule": "VETO"})", R"({"a": 10, "b": 8})", Outcome::kScored,
       Basis::kGiven, "88", ""},
      {"a worst figure that is given", R"({"rule": "VETO"})", R"({"a": 0, "b": 8})", Outcome::kScored,
       Basis::kGiven, "48", ""},
      {"last known at its greatest age", kLastKnown, R"({"b": 8, "a_before": 5, "a_age": 30})",
       Outcome::kScored, Basis::kLastKnown, "68", ""},
      {"last known of today", kLastKnown, R"({"b": 8, "a_before": 5, "a_age": 0})", Outcome::kScored,
       Basis::kLastKnown, "68", ""},
      {"last known a day too old", kLastKnown, R"({"b": 8, "a_before": 5, "a_age": 31})", Outcome::kScored,
       Basis::kWorst, "48", ""},
      {"last known of no known age", kLastKnown, R"({"b": 8, "a_before": 5})", Outcome::kScored,
       Basis::kWorst, "48", ""},
      {"an age of nothing", kLastKnown, R"({"b": 8, "a_age": 1})", Outcome::kScored, Basis::kWorst, "48", ""},
      {"a figure before the last known one", kLastKnown, R"({"a": 10, "b": 8, "a_before": 5, "a_age": 1})",
       Outcome::kScored, Basis::kGiven, "88", ""},
      {"too old, refused", kLastOrRefuse, R"({"b": 8, "a_before": 5, "a_age": 31})", Outcome::kRefused,
       Basis::kRefused, "0", "missing:a"},
      {"too old, left out", kLastOrLeaveOut, R"({"b": 8, "a_before": 5, "a_age": 31})", Outcome::kScored,
       Basis::kLeftOut, "80", ""},
      {"too old, vetoed", kLastOrVeto, R"({"b": 8, "a_before": 5, "a_age": 31})", Outcome::kVetoed,
       Basis::kVetoed, "0", "missing:a"},
      {"too old, insufficient", kLastOrInsufficient, R"({"b": 8, "a_before": 5, "a_age": 31})",
       Outcome::kInsufficient, Basis::kInsufficient, "0", "missing:a"},
  };
  for (const MissingCase& row : rows) {
    const Plan plan = WithRule(row.rule);
    const Score score = ScoreOf(plan, row.record);
    EXPECT_EQ(score.summary.outcome, row.outcome) << row.name;
    EXPECT_EQ(LineOf(score, "a").basis, row.basis) << row.name;
    EXPECT_EQ(score.summary.score, D(row.score)) << row.name;
    EXPECT_EQ(ReasonOf(plan, score), row.reason) << row.name;
    EXPECT_EQ(score.refusal.empty(), row.outcome == Outcome::kScored || row.outcome == Outcome::kVetoed)
        << row.name;
  }
}

TEST(MissingRuleTest, TheLastKnownFigureKeepsTheRulesOfItsMetric) {
  const Plan plan = WithRule(
      R"({"rule": "LAST_KNOWN", "last_field": "a_before", "age_field": "a_age", "max_age_days": 30,
        "otherwise": "WORST"})");
  const std::pair<const char*, const char*> rows[] = {
      {R"({"b": 8, "a_before": 11, "a_age": 1})", "field 'a_before': 11 lies outside [0, 10] of metric 'a'"},
      {R"({"b": 8, "a_before": 5, "a_age": -1})", "field 'a_age': -1 lies outside [0, inf) of days"},
  };
  for (const auto& [record, words] : rows) {
    EXPECT_THAT(std::string(Explain(plan, record).status().message()), HasSubstr(words)) << record;
  }
}

// A veto of the missing rule outweighs "insufficient", and that outweighs a refusal.
TEST(MissingRuleTest, SeveralMissingFigures) {
  const auto two = [](const char* first, const char* second) {
    return PlanOf(PolicyOf(CardOf(absl::StrCat(
        R"({"id": "a", "max_points": 10, "metric": "a", "missing": {"rule": ")", first,
        R"("}}, {"id": "b", "max_points": 10, "metric": "b", "missing": {"rule": ")", second, R"("}})"))));
  };
  struct Row {
    const char* first;
    const char* second;
    Outcome outcome;
    const char* reason;
  };
  const Row rows[] = {
      {"REFUSE", "INSUFFICIENT", Outcome::kInsufficient, "missing:b"},
      {"REFUSE", "LEAVE_OUT", Outcome::kRefused, "missing:a"},
      {"LEAVE_OUT", "WORST", Outcome::kScored, ""},
      {"LEAVE_OUT", "LEAVE_OUT", Outcome::kInsufficient, "missing:a"},
      {"VETO", "REFUSE", Outcome::kVetoed, "missing:a"},
      {"REFUSE", "VETO", Outcome::kVetoed, "missing:b"},
      {"REFUSE", "REFUSE", Outcome::kRefused, "missing:a"},
  };
  for (const Row& row : rows) {
    const Plan plan = two(row.first, row.second);
    const Score score = ScoreOf(plan, "{}");
    EXPECT_EQ(score.summary.outcome, row.outcome) << row.first << ", " << row.second;
    EXPECT_EQ(ReasonOf(plan, score), row.reason) << row.first << ", " << row.second;
  }
}

TEST(MinAnswersTest, FewerMakeTheFigureMissing) {
  const Plan ratio = PlanOf(PolicyOf(CardOf(
      R"({"id": "solved", "max_points": 10, "metric": "solved", "min_answers": 20,
        "missing": {"rule": "INSUFFICIENT"},
    "score": {"linear": {"from": {"at": 0, "points": 0}, "to": {"at": 100, "points": 10}}}})")));
  const Plan events = PlanOf(PolicyOf(CardOf(
      R"({"id": "waits", "max_points": 10, "metric": "waits", "min_answers": 3,
        "missing": {"rule": "INSUFFICIENT"},
    "each": {"kind": "MEAN"}, "score": {"linear": {"from": {"at": 100, "points": 0}, "to": {"at": 0,
      "points": 10}}}})")));
  const Plan mean = PlanOf(PolicyOf(CardOf(
      R"({"id": "waits", "max_points": 10, "metric": "waits", "min_answers": 3,
        "missing": {"rule": "INSUFFICIENT"},
    "score": {"linear": {"from": {"at": 100, "points": 0}, "to": {"at": 0, "points": 10}}}})")));
  struct Row {
    const char* name;
    const Plan* plan;
    const char* record;
    Outcome outcome;
  };
  const Row rows[] = {
      {"as many as needed", &ratio, R"({"yes": 19, "all": 20})", Outcome::kScored},
      {"one fewer", &ratio, R"({"yes": 19, "all": 19})", Outcome::kInsufficient},
      {"a finished figure of which nobody knows how many answers it rests on", &ratio, R"({"solved": 95})",
       Outcome::kInsufficient},
      {"a finished figure beside enough answers", &ratio, R"({"solved": 95, "all": 20})", Outcome::kScored},
      {"a finished figure beside too few", &ratio, R"({"solved": 95, "all": 19.999999})",
       Outcome::kInsufficient},
      {"none at all", &ratio, R"({"yes": 0, "all": 0})", Outcome::kInsufficient},
      {"as many events, scored one by one", &events, R"({"waits": [1, 2, 3]})", Outcome::kScored},
      {"one fewer, scored one by one", &events, R"({"waits": [1, 2]})", Outcome::kInsufficient},
      {"events that are no answers do not count", &events, R"({"waits": [1, 2, -1]})",
       Outcome::kInsufficient},
      {"as many events", &mean, R"({"waits": [1, 2, 3]})", Outcome::kScored},
      {"one event fewer", &mean, R"({"waits": [1, 2]})", Outcome::kInsufficient},
      {"an empty list", &mean, R"({"waits": []})", Outcome::kInsufficient},
  };
  for (const Row& row : rows)
    EXPECT_EQ(ScoreOf(*row.plan, row.record).summary.outcome, row.outcome) << row.name;
}

// The scorecard's own least number of answers.
TEST(MinAnswersTest, OfTheWholeRecord) {
  const Plan plan = PlanOf(
      PolicyOf(CardOf(Needed({{"a", "1"}}), R"(, "min_answers": {"metric": "answers", "count": 30})")));
  struct Row {
    const char* record;
    Outcome outcome;
    const char* words;
  };
  const Row rows[] = {
      {R"({"a": 5, "answers": 30})", Outcome::kScored, ""},
      {R"({"a": 5, "answers": 29})", Outcome::kInsufficient, "29 answers in 'answers', the least is 30"},
      {R"({"a": 5})", Outcome::kInsufficient, "no answers in 'answers', the least is 30"},
      {R"({"answers": 29})", Outcome::kInsufficient, "29 answers"},
  };
  for (const Row& row : rows) {
    const Score score = ScoreOf(plan, row.record);
    EXPECT_EQ(score.summary.outcome, row.outcome) << row.record;
    EXPECT_THAT(score.refusal, HasSubstr(row.words)) << row.record;
    EXPECT_EQ(ReasonOf(plan, score), row.outcome == Outcome::kScored ? "" : "min_answers") << row.record;
  }
}

// P2-47, A-42: "excellent" from 9 points needs no complaint (leaks) and active praise; failing it caps the
// points at 8.99.
TEST(GateTest, CapsThePointsUnlessItsConditionHolds) {
  const Plan plan =
      PlanOf(PolicyOf(CardOf(R"({"id": "a", "max_points": 10, "metric": "a", "missing": {"rule": "WORST"},
    "gate": {"when": {"all": {"of": [{"compare": {"metric": "leaks", "op": "EQ", "value": 0}},
                                     {"compare": {"metric": "praise", "op": "GE", "value": 1}}]}},
                                       "cap_points": 8.99},
    "levels": {"basis": "EXACT", "bands": [{"id": "excellent", "from": 9}, {"id": "good", "from": 7},
      {"id": "poor", "from": 0}]}})")));
  struct Row {
    const char* name;
    const char* record;
    const char* points;
    bool gated;
    int level;
  };
  const Row rows[] = {
      {"P2-47, no complaint and praise", R"({"a": 9.4, "leaks": 0, "praise": 1})", "9.4", false, 0},
      {"P2-47, a complaint", R"({"a": 9.4, "leaks": 1, "praise": 1})", "8.99", true, 1},
      {"no praise", R"({"a": 9.4, "leaks": 0, "praise": 0})", "8.99", true, 1},
      {"P2-47, below the cap either way", R"({"a": 8.6, "leaks": 1, "praise": 0})", "8.6", false, 1},
      {"P2-47, below the cap, condition met", R"({"a": 8.6, "leaks": 0, "praise": 1})", "8.6", false, 1},
      {"at the cap", R"({"a": 8.99, "leaks": 1, "praise": 0})", "8.99", false, 1},
      {"just above the cap", R"({"a": 8.990001, "leaks": 1, "praise": 0})", "8.99", true, 1},
      {"an unknown condition has failed", R"({"a": 9.4, "leaks": 0})", "8.99", true, 1},
      {"unknown, but decided by the rest", R"({"a": 9.4, "leaks": 1})", "8.99", true, 1},
      {"a missing figure counted as worst", R"({"leaks": 1, "praise": 0})", "0", false, 2},
  };
  for (const Row& row : rows) {
    const Score score = ScoreOf(plan, row.record);
    const LedgerLine line = LineOf(score, "a");
    EXPECT_EQ(line.points, D(row.points)) << row.name;
    EXPECT_EQ(line.gated, row.gated) << row.name;
    EXPECT_EQ(line.level, row.level) << row.name;
  }
}

// Several events, scored one by one; then the points are combined.
TEST(EachTest, CombinesThePointsOfEvents) {
  struct Row {
    const char* name;
    const char* each;
    const char* events;
    const char* points;
  };
  const Row rows[] = {
      {"P2-49, the mean of 8, 12, 15 and 31 s", R"({"kind": "MEAN"})", "[8000, 12000, 15000, 31000]", "8.75"},
      {"one event", R"({"kind": "MEAN"})", "[60000]", "0"},
      {"events that are no answers are dropped", R"({"kind": "MEAN"})", "[8000, -1, 15000]", "9.5"},
      {"a mean that is no six-place decimal", R"({"kind": "MEAN"})", "[10000, 10000, 15000]", "9.666667"},
      {"least", R"({"kind": "MIN"})", "[8000, 31000, 12000]", "6"},
      {"most", R"({"kind": "MAX"})", "[31000, 15000, 60000]", "9"},
      {"sum, at most the maximum", R"({"kind": "SUM"})", "[8000, 12000]", "10"},
      {"sum below it", R"({"kind": "SUM"})", "[50000, 51000]", "4"},
      {"count", R"({"kind": "COUNT"})", "[1, 2, 3]", "3"},
      {"share of points of at least 9", R"({"kind": "SHARE", "op": "GE", "value": 9})",
       "[8000, 15000, 20000, 60000]", "5"},
      {"share, just short of 9", R"({"kind": "SHARE", "op": "GT", "value": 9})",
       "[8000, 15000, 20000, 60000]", "2.5"},
      {"median", R"({"kind": "QUANTILE", "quantile": 0.5})", "[60000, 8000, 15000]", "9"},
      {"median of an even number is the lower one", R"({"kind": "QUANTILE", "quantile": 0.5})",
       "[60000, 8000, 15000, 20000]", "8"},
      {"the whole is the most", R"({"kind": "QUANTILE", "quantile": 1})", "[60000, 8000]", "10"},
      {"just above the half", R"({"kind": "QUANTILE", "quantile": 0.500001})", "[60000, 8000, 15000, 20000]",
       "9"},
  };
  for (const Row& row : rows) {
    const Plan plan = PlanOf(PolicyOf(CardOf(absl::StrCat(
        R"({"id": "waits", "max_points": 10, "metric": "waits", "missing": {"rule": "REFUSE"}, "each": )",
        row.each,
        R"(, "score": {"step_deduction": {"full_points": 10, "limit": 10000, "step": 5000,
          "loss_per_step": 1, "steps": "FULL", "floor_points": 0}}})"))));
    EXPECT_EQ(LineOf(ScoreOf(plan, absl::StrCat(R"({"waits": )", row.events, "}")), "waits").points,
              D(row.points))
        << row.name;
  }
}

}  // namespace
}  // namespace csat
