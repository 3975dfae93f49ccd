// Rules whose readings were once open, each on both sides of its boundary.
// P2-44, P2-46, P2-47

#include <string>

#include "absl/strings/str_cat.h"
#include "csat/scoring/owned_record.h"
#include "csat/scoring/plan.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::HasSubstr;
using Basis = LedgerLine::Basis;
using Kind = LedgerLine::Kind;

// Metrics: quality and speed (0..10, higher is better), leaks (a count), solved (a ratio with a finished form,
// where 99 means no answer), role (a or b).
Plan Compile(const std::string& cards, const std::string& card = "card") {
  absl::StatusOr<Policy> policy = Policy::Parse(absl::StrCat(R"({
    "id": "rules", "version": "1", "effective_from": "2025-01-01", "zone": "UTC",
    "metrics": [
      {"id": "quality", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 10, "number": {}},
      {"id": "speed", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 10, "number": {}},
      {"id": "leaks", "unit": "count", "direction": "LOWER_IS_BETTER", "min": 0, "number": {}},
      {"id": "coarse", "unit": "points", "direction": "HIGHER_IS_BETTER", "decimal_places": 0, "min": 0.5, "max": 9.5,
       "missing_values": [4.5], "number": {}},
      {"id": "solved", "unit": "share", "direction": "HIGHER_IS_BETTER", "decimal_places": 0, "min": 0, "max": 0.5,
       "missing_values": [99],
       "ratio": {"numerator": [{"field": "yes"}, {"field": "half", "times": 0.5}], "denominator": [{"field": "all"}],
                 "field": "solved"}},
      {"id": "role", "text": {"values": ["a", "b", "c"]}}],
    "scorecards": [)",
                                                             cards, "]}"));
  EXPECT_TRUE(policy.ok()) << policy.status();
  absl::StatusOr<Plan> plan = Plan::Compile(*policy, card);
  EXPECT_TRUE(plan.ok()) << plan.status();
  return *std::move(plan);
}

std::string Quality(const std::string& rule = R"({"rule": "LEAVE_OUT"})") {
  return absl::StrCat(R"({"id": "quality", "weight": 1, "max_points": 10, "metric": "quality", "missing": )",
                      rule, "}");
}
std::string Speed() {
  return R"({"id": "speed", "weight": 1, "max_points": 10, "metric": "speed", "missing": {"rule": "REFUSE"}})";
}
std::string Leak(const std::string& members) {
  return absl::StrCat(
      R"({"when": {"compare": {"metric": "leaks", "op": "GE", "value": 1}}, "missing": {"rule": "REFUSE"}, )",
      members, "}");
}
std::string Card(const std::string& indicators, const std::string& more = "") {
  return absl::StrCat(R"({"id": "card", "max_score": 10, "indicators": [)", indicators, "]", more, "}");
}

// Scores the record in both ways, which have to agree.
absl::StatusOr<Score> Explain(const Plan& plan, const std::string& json) {
  OwnedRecord record(plan);
  if (absl::Status status = record.SetJson(json); !status.ok()) return status;
  Summary summary;
  const absl::Status status = plan.Evaluate(record.record(), &summary);
  absl::StatusOr<Score> score = plan.Explain(record.record());
  EXPECT_EQ(status, score.status()) << json;
  if (score.ok()) {
    EXPECT_EQ(summary.score, score->summary.score) << json;
    EXPECT_EQ(summary.without_veto, score->summary.without_veto) << json;
  }
  return score;
}

// "8.5", "refused", or the error.
std::string Result(const Plan& plan, const std::string& json) {
  const absl::StatusOr<Score> score = Explain(plan, json);
  if (!score.ok()) return std::string(score.status().message());
  const bool decided =
      score->summary.outcome == Outcome::kScored || score->summary.outcome == Outcome::kVetoed;
  return decided ? score->summary.score.ToString() : std::string(OutcomeName(score->summary.outcome));
}

LedgerLine LineOf(const Score& score, Kind kind, std::string_view id) {
  for (const LedgerLine& line : score.ledger) {
    if (line.kind == kind && line.id == id) return line;
  }
  ADD_FAILURE() << "no line of '" << id << "'";
  return {};
}

TEST(RulesTest, AVetoOnAnIndicatorNeverLifts) {
  const struct {
    const char* name;
    const char* first;
    const char* second;
    const char* record;
    const char* score;
  } rows[] = {
      {"sets lower", R"("set_to": 5)", nullptr, R"({"quality": 5.000001, "leaks": 1})", "5"},
      {"does not lift", R"("set_to": 5)", nullptr, R"({"quality": 4.999999, "leaks": 1})", "4.999999"},
      {"caps", R"("cap_at": 5)", nullptr, R"({"quality": 6, "leaks": 1})", "5"},
      {"caps nothing", R"("cap_at": 5)", nullptr, R"({"quality": 4, "leaks": 1})", "4"},
      {"does not fire", R"("set_to": 5)", nullptr, R"({"quality": 6, "leaks": 0})", "6"},
      {"sets where the figure is missing", R"("set_to": 5)", nullptr, R"({"leaks": 1})", "5"},
      {"caps nothing where the figure is missing", R"("cap_at": 5)", nullptr, R"({"leaks": 1})", "refused"},
      {"the lowest wins", R"("set_to": 5)", R"("cap_at": 2)", R"({"leaks": 1})", "2"},
      {"in any order", R"("cap_at": 2)", R"("set_to": 5)", R"({"leaks": 1})", "2"},
      {"the lowest wins over points", R"("set_to": 5)", R"("set_to": 3)", R"({"quality": 9, "leaks": 1})",
       "3"},
  };
  for (const auto& row : rows) {
    std::string vetoes =
        Leak(absl::StrCat(R"("id": "one", "scope": "INDICATOR", "indicator": "quality", )", row.first));
    if (row.second != nullptr) {
      absl::StrAppend(
          &vetoes, ",",
          Leak(absl::StrCat(R"("id": "two", "scope": "INDICATOR", "indicator": "quality", )", row.second)));
    }
    const Plan plan =
        Compile(Card(Quality(R"({"rule": "REFUSE"})"), absl::StrCat(R"(, "vetoes": [)", vetoes, "]")));
    EXPECT_EQ(Result(plan, row.record), row.score) << row.name;
  }
}

TEST(RulesTest, ALastKnownFigureIsAtMostSoManyDaysOld) {
  const Plan plan = Compile(
      Card(Quality(R"({"rule": "LAST_KNOWN", "last_field": "last", "age_field": "age", "max_age_days": 30,
                                             "otherwise": "INSUFFICIENT"})")));
  const struct {
    const char* record;
    const char* score;
  } rows[] = {
      {R"({"last": 8, "age": 30})", "8"},
      {R"({"last": 8, "age": 30.000001})", "insufficient"},
      {R"({"last": 8, "age": 30.4})", "insufficient"},
      {R"({"last": 8})", "insufficient"},
      {R"({"age": 1})", "insufficient"},
      {R"({"last": 8, "age": 99, "quality": 3})", "3"},
  };
  for (const auto& row : rows) EXPECT_EQ(Result(plan, row.record), row.score) << row.record;
}

TEST(RulesTest, RatiosAreExactWhateverTheirPlacesAndMultipliers) {
  const Plan plan = Compile(
      Card(R"({"id": "solved", "max_points": 10, "metric": "solved", "missing": {"rule": "INSUFFICIENT"},
    "min_answers": 4, "score": {"share_of_target": {"target": 0.5, "full_points": 10}}})"));
  const struct {
    const char* name;
    const char* record;
    const char* result;
  } rows[] = {
      {"between whole numbers", R"({"yes": 1, "half": 0, "all": 4})", "5"},
      {"at its maximum", R"({"yes": 2, "half": 0, "all": 4})", "10"},
      {"above its maximum", R"({"yes": 2, "half": 1, "all": 4})", "lies outside [0, 0.5]"},
      {"answers are counted without the multipliers of the numerator", R"({"yes": 1, "half": 0, "all": 3})",
       "insufficient"},
      {"an empty denominator", R"({"yes": 0, "half": 0, "all": 0})", "insufficient"},
      {"above an empty denominator", R"({"yes": 1, "half": 0, "all": 0})",
       "numerator 1 is above denominator 0"},
      {"above its denominator", R"({"yes": 3, "half": 3, "all": 4})", "numerator 4.5 is above denominator 4"},
      {"a finished figure without counts", R"({"solved": 0})", "insufficient"},
      {"a finished figure with its counts", R"({"solved": 0, "all": 4})", "0"},
      {"a finished figure that means no answer", R"({"solved": 99, "yes": 1, "half": 0, "all": 4})", "5"},
  };
  for (const auto& row : rows) EXPECT_THAT(Result(plan, row.record), HasSubstr(row.result)) << row.name;
}

TEST(RulesTest, BoundsFinerThanThePlacesHold) {
  const Plan plan = Compile(
      Card(R"({"id": "coarse", "max_points": 10, "metric": "coarse", "missing": {"rule": "INSUFFICIENT"}})"));
  const struct {
    const char* record;
    const char* result;
  } rows[] = {
      {R"({"coarse": 0.5})", "0 lies outside [0.5, 9.5]"},  // 0.5 is read as 0.
      {R"({"coarse": 0.6})", "1"},
      {R"({"coarse": 9})", "9"},
      {R"({"coarse": 9.5})", "10 lies outside [0.5, 9.5]"},
      {R"({"coarse": 4})", "4"},  // 4.5 stands for a missing value; no figure that is read is 4.5.
  };
  for (const auto& row : rows) EXPECT_THAT(Result(plan, row.record), HasSubstr(row.result)) << row.record;
}

TEST(RulesTest, ABadValueIsRefusedWhetherOrNotItDecides) {
  const struct {
    const char* name;
    const char* more;
    const char* indicator;
  } rows[] = {
      {"a bonus of a refused record",
       R"(, "bonus": {"mode": "POINTS", "cap": 1, "sources": [{"id": "b", "metric": "leaks", "each": 1}]})",
       ""},
      {"a cap of a refused record",
       R"(, "caps": [{"id": "c", "when": {"compare": {"metric": "leaks", "op": "GE", "value": 1}}, "max_score": 5}])",
       ""},
      {"the condition of a grade", R"(, "grading": {"basis": "EXACT", "bands": [
         {"id": "good", "from": 9, "condition": {"compare": {"metric": "leaks", "op": "EQ", "value": 0}}}, {"id": "poor", "from": 0}]})",
       ""},
      {"the gate of an indicator that is left out", "",
       R"(, "gate": {"when": {"compare": {"metric": "leaks", "op": "EQ", "value": 0}}, "cap_points": 5})"},
      {"the condition of a level", "", R"(, "levels": {"basis": "EXACT", "bands": [
         {"id": "good", "from": 9, "condition": {"compare": {"metric": "leaks", "op": "EQ", "value": 0}}}, {"id": "poor", "from": 0}]})"},
  };
  for (const auto& row : rows) {
    const Plan plan = Compile(Card(
        absl::StrCat(
            R"({"id": "quality", "weight": 1, "max_points": 10, "metric": "quality", "missing": {"rule": "LEAVE_OUT"})",
            row.indicator, "},", Speed()),
        row.more));
    for (const char* others : {R"({"leaks": -1})", R"({"leaks": -1, "speed": 5})",
                               R"({"leaks": -1, "speed": 10, "quality": 10})"}) {
      EXPECT_THAT(Result(plan, others), HasSubstr("field 'leaks': -1 lies outside [0, inf)")) << row.name;
    }
    EXPECT_EQ(Result(plan, R"({"leaks": 0, "speed": 5, "quality": 5})"), "5") << row.name;
  }
}

TEST(RulesTest, WithoutVetoLeavesTheVetoesOfOtherCards) {
  const std::string fed =
      absl::StrCat(R"({"id": "fed", "max_score": 10, "indicators": [)", Speed(), R"(], "vetoes": [)",
                   Leak(R"("id": "v", "scope": "RECORD", "set_to": 2)"), "]}");
  const Plan plan = Compile(absl::StrCat(
      fed, ",",
      Card(R"({"id": "part", "max_points": 10, "scorecard": "fed", "missing": {"rule": "REFUSE"}},)" +
               std::string(R"(
    {"id": "quality", "max_points": 10, "metric": "quality", "missing": {"rule": "REFUSE"}})"),
           absl::StrCat(R"(, "vetoes": [)",
                        Leak(R"("id": "w", "scope": "INDICATOR", "indicator": "quality", "set_to": 0)"),
                        "]"))));
  const absl::StatusOr<Score> score = Explain(plan, R"({"speed": 9, "quality": 8, "leaks": 1})");
  ASSERT_TRUE(score.ok()) << score.status();
  EXPECT_EQ(score->summary.score, Points::FromInteger(1));         // (2 + 0) / 2
  EXPECT_EQ(score->summary.without_veto, Points::FromInteger(5));  // (2 + 8) / 2
}

TEST(RulesTest, ARecordWithoutAProfileShowsNone) {
  const Plan plan = Compile(Card(
      Quality(),
      R"(, "profile_metric": "role", "profiles": [{"id": "a", "weights": {"quality": 2}}, {"id": "b"}])"));
  for (const char* record : {R"({"quality": 5})", R"({"quality": 5, "role": "c"})"}) {
    const absl::StatusOr<Score> score = Explain(plan, record);
    ASSERT_TRUE(score.ok()) << score.status();
    EXPECT_EQ(score->summary.outcome, Outcome::kRefused) << record;
    EXPECT_EQ(score->profile, "") << record;
    EXPECT_EQ(LineOf(*score, Kind::kIndicator, "quality").weight, Decimal()) << record;
  }
  const absl::StatusOr<Score> score = Explain(plan, R"({"quality": 5, "role": "a"})");
  ASSERT_TRUE(score.ok()) << score.status();
  EXPECT_EQ(score->profile, "a");
  EXPECT_EQ(LineOf(*score, Kind::kIndicator, "quality").weight, Decimal::FromInteger(2));
}

TEST(RulesTest, TheLinesOfAGroupSumToItsPointsWhateverHeldThemDown) {
  const std::string group = absl::StrCat(
      R"({"id": "both", "max_points": 10, "children": {"indicators": [)", Quality(R"({"rule": "REFUSE"})"),
      ",", Speed(),
      R"(]}, "gate": {"when": {"compare": {"metric": "leaks", "op": "EQ", "value": 0}}, "cap_points": 6}})");
  const Plan plan = Compile(Card(
      group, absl::StrCat(R"(, "vetoes": [{"id": "v", "scope": "INDICATOR", "indicator": "both", "set_to": 1,
    "when": {"compare": {"metric": "leaks", "op": "GE", "value": 2}}, "missing": {"rule": "REFUSE"}}])")));
  const struct {
    const char* name;
    const char* record;
    const char* points;
    Kind kind;
    const char* taken;  // nullptr: no such line.
  } rows[] = {
      {"nothing", R"({"quality": 9, "speed": 7, "leaks": 0})", "8", Kind::kCap, nullptr},
      {"the gate", R"({"quality": 9, "speed": 7, "leaks": 1})", "6", Kind::kCap, "-2"},
      {"a veto", R"({"quality": 9, "speed": 7, "leaks": 2})", "1", Kind::kVeto, "-7"},
      {"a veto, with a part that is missing", R"({"speed": 7, "leaks": 2})", "1", Kind::kVeto, "1"},
  };
  for (const auto& row : rows) {
    const absl::StatusOr<Score> score = Explain(plan, row.record);
    ASSERT_TRUE(score.ok()) << score.status();
    EXPECT_EQ(LineOf(*score, Kind::kIndicator, "both").points.ToString(), row.points) << row.name;
    Points inner;
    for (const LedgerLine& line : score->ledger) {
      if (line.depth == 1) inner = inner + line.amount;
    }
    EXPECT_EQ(inner.ToString(), row.points) << row.name;
    if (row.taken != nullptr) {
      EXPECT_EQ(LineOf(*score, row.kind, "both").amount.ToString(), row.taken) << row.name;
    }
  }
}

TEST(RulesTest, AGroupThatAPartRefusesSaysSo) {
  const Plan plan =
      Compile(Card(absl::StrCat(R"({"id": "both", "max_points": 10, "children": {"indicators": [)",
                                Quality(R"({"rule": "INSUFFICIENT"})"), ",", Speed(), "]}}")));
  const struct {
    const char* record;
    Basis basis;
    Outcome outcome;
  } rows[] = {
      {R"({"quality": 1, "speed": 1})", Basis::kGiven, Outcome::kScored},
      {R"({"quality": 1})", Basis::kRefused, Outcome::kRefused},
      {R"({"speed": 1})", Basis::kInsufficient, Outcome::kInsufficient},
      {R"({})", Basis::kInsufficient, Outcome::kInsufficient},
  };
  for (const auto& row : rows) {
    const absl::StatusOr<Score> score = Explain(plan, row.record);
    ASSERT_TRUE(score.ok()) << score.status();
    EXPECT_EQ(score->summary.outcome, row.outcome) << row.record;
    EXPECT_EQ(LineOf(*score, Kind::kIndicator, "both").basis, row.basis) << row.record;
  }
}

}  // namespace
}  // namespace csat
