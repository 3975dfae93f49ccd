#include "csat/scoring/cases.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A policy of one indicator with levels, a veto, grades and a target; `cases` are its examples.
Policy WithCases(const std::string& cases) {
  const std::string json = absl::StrCat(R"({
    "id": "small", "version": "1", "effective_from": "2025-01-01", "zone": "UTC",
    "scales": [{"id": "star3", "min": 1, "max": 3, "integer": true, "direction": "HIGHER_IS_BETTER", "labels": [
      {"rank": 1, "label": {"en": "bad", "zh": "差"}},
      {"rank": 2, "label": {"en": "fair", "zh": "一般"}},
      {"rank": 3, "label": {"en": "good", "zh": "好"}, "aliases": ["great"]}]}],
    "metrics": [
      {"id": "stars", "unit": "rank", "direction": "HIGHER_IS_BETTER", "scale": "star3", "events": {}},
      {"id": "quality", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 100, "number": {}},
      {"id": "solved", "unit": "percent", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 100,
       "ratio": {"numerator": [{"field": "yes"}], "denominator": [{"field": "all"}], "times": 100}},
      {"id": "leaks", "unit": "count", "direction": "LOWER_IS_BETTER", "min": 0, "number": {}},
      {"id": "times", "unit": "ms", "direction": "LOWER_IS_BETTER", "min": 0, "events": {}}],
    "scorecards": [{"id": "card", "max_score": 100,
      "indicators": [{"id": "quality", "max_points": 100, "metric": "quality",
        "score": {"linear": {"from": {"at": 0, "points": 0}, "to": {"at": 100, "points": 100}}},
        "levels": {"basis": "EXACT", "bands": [{"id": "high", "from": 50}, {"id": "low", "from": 0}]},
        "missing": {"rule": "INSUFFICIENT"}}],
      "vetoes": [{"id": "leak", "when": {"compare": {"metric": "leaks", "op": "GE", "value": 1}}, "scope": "RECORD",
        "set_to": 0, "missing": {"rule": "REFUSE"}}],
      "grading": {"basis": "EXACT", "bands": [{"id": "good", "from": 60}, {"id": "poor", "from": 0}]}}],
    "targets": [
      {"id": "solved", "metric": "solved", "op": "GE", "value": 90},
      {"id": "times", "metric": "times", "op": "LE"}],
    "cleaning": {"rules": [{"id": "fast", "action": "EXCLUDE", "speed": {"below_ms": 30000}},
        {"id": "odd", "action": "FLAG", "contradiction": {"not": {"answered": "quality"}}}],
      "review": {"share": 0.1}, "settle_doubtful": true},
    "measures": [{"id": "mean_quality", "unit": "points", "mean": {"metric": "quality"}}],
    "cases": [)",
                                        cases, "]}");
  absl::StatusOr<Policy> policy = Policy::Parse(json);
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *std::move(policy);
}

std::vector<std::string> Messages(const std::string& one_case) {
  std::vector<std::string> messages;
  for (const CaseFailure& failure : RunCases(WithCases(one_case))) messages.push_back(failure.message);
  return messages;
}

struct Row {
  const char* name;
  const char* example;
};

TEST(CasesTest, ACaseThatHoldsFindsNothing) {
  const Row rows[] = {
      {"every kind of expectation", R"({"name": "x", "scorecard": "card",
        "record": {"quality": 80, "leaks": 0, "yes": 9, "all": 10, "times": [1, 2]},
        "expect": {"outcome": "scored", "score": 80, "base": 80, "without_veto": 80, "grade": "good",
          "points": {"quality": 80}, "levels": {"quality": "high"},
          "targets": {"solved": "met", "times": "no_target"}, "shown": {"solved": "90.0", "times": "1.50"},
          "reasons": ["quality"]}})"},
      {"a veto", R"({"name": "x", "scorecard": "card", "record": {"quality": 80, "leaks": 1},
        "expect": {"outcome": "vetoed", "score": 0, "without_veto": 80, "grade": "poor", "vetoes": ["leak"]}})"},
      {"no veto", R"({"name": "x", "scorecard": "card", "record": {"quality": 80, "leaks": 0},
        "expect": {"vetoes": []}})"},
      {"labels of a rating", R"({"name": "x", "record": {"stars": ["good", "一般", "great", "差"]},
        "expect": {"shown": {"stars": "2.25"}}})"},
      {"no labels at all", R"({"name": "x", "record": {"stars": []}, "expect": {"targets": {"solved":
        "not_measurable"}}})"},
      {"a word that is no label", R"({"name": "x", "record": {"stars": ["good", "superb"]},
        "expect": {"error": "field 'stars': 'superb' is no label of scale 'star3'"}})"},
      {"a label of nothing", R"({"name": "x", "record": {"times": ["good"]},
        "expect": {"error": "field 'times': 'good' is no number, and the field has no scale with labels"}})"},
      {"a refusal",
       R"({"name": "x", "scorecard": "card", "record": {"quality": 80}, "expect": {"outcome": "refused"}})"},
      {"a missing figure", R"({"name": "x", "scorecard": "card", "record": {"quality": null, "leaks": 0},
        "expect": {"outcome": "insufficient"}})"},
      {"an error", R"({"name": "x", "scorecard": "card", "record": {"quality": 101, "leaks": 0},
        "expect": {"error": "[0, 100]"}})"},
      {"measures of a table", R"({"name": "x", "table": {"quality": [80, null, 85.5]},
        "expect": {"measures": {"mean_quality": "82.75"}}})"},
      {"measures of nothing", R"({"name": "x", "table": {"quality": [null]},
        "expect": {"measures": {"mean_quality": "empty"}}})"},
      {"an error of a table", R"({"name": "x", "table": {"quality": [80, 101]},
        "expect": {"measures": {"mean_quality": ""}, "error": "row 1"}})"},
      {"verdicts of a table",
       R"({"name": "x", "table": {"quality": [80, null, 1], "duration_ms": [30000, 50000, 29999]},
        "expect": {"verdicts": ["kept", "flagged: odd", "excluded: fast"], "counts": {"kept": 1, "quarantined": 0},
          "reviewed": 1, "error": "1 of 3 responses are doubtful and not settled"}})"},
      {"a decision",
       R"({"name": "x", "table": {"quality": [80, null, null], "duration_ms": [30000, 50000, 50000]},
        "record": {"2": "confirmed", "3": "rejected"},
        "expect": {"verdicts": ["kept", "kept", "excluded"], "counts": {"excluded": 1, "flagged": 0}}})"},
      {"ids of its own", R"({"name": "x", "record": {"b": "corrected"},
        "table": {"response_id": ["a", "b"], "quality": [80, null], "duration_ms": [30000, 50000]},
        "expect": {"counts": {"kept": 2}}})"},
      {"a table that cannot be cleaned", R"({"name": "x", "table": {"quality": [80]},
        "expect": {"counts": {"kept": 1}, "error": "duration_ms"}})"},
      {"measures and verdicts", R"({"name": "x", "table": {"quality": [80], "duration_ms": [29999]},
        "expect": {"verdicts": ["excluded: fast"], "measures": {"mean_quality": "80.00"}}})"},
      {"figures alone",
       R"({"name": "x", "record": {"yes": 0, "all": 0}, "expect": {"targets": {"solved": "not_measurable"}}})"},
      {"an error of a figure",
       R"({"name": "x", "record": {"yes": 2, "all": 1}, "expect": {"error": "numerator"}})"},
  };
  for (const Row& row : rows) EXPECT_THAT(Messages(row.example), IsEmpty()) << row.name;
}

TEST(CasesTest, ADifferenceIsNamed) {
  const struct {
    const char* name;
    const char* expect;
    const char* message;
  } rows[] = {
      {"outcome", R"("outcome": "vetoed")", "outcome: expected vetoed, got scored"},
      {"score", R"("score": 80.000001)", "score: expected 80.000001, got 80"},
      {"base", R"("base": 79)", "base: expected 79, got 80"},
      {"without_veto", R"("without_veto": 79)", "without_veto: expected 79, got 80"},
      {"grade", R"("grade": "poor")", "grade: expected poor, got good"},
      {"points", R"("points": {"quality": 8})", "points of 'quality': expected 8, got 80"},
      {"points of nobody", R"("points": {"speed": 8})", "points of 'speed': expected 8, got none"},
      {"level", R"("levels": {"quality": "low"})", "level of 'quality': expected low, got high"},
      {"target", R"("targets": {"solved": "met"})", "target 'solved': expected met, got not_measurable"},
      {"unknown target", R"("targets": {"nps": "met"})", "target 'nps': expected met, got none"},
      {"shown", R"("shown": {"quality": "80.0"})", "metric 'quality' as shown: expected 80.0, got 80.00"},
      {"veto", R"("vetoes": ["leak"])", "vetoes: expected leak, got none"},
      {"error", R"("error": "quality")", "error: expected one with the words 'quality', got none"},
      {"reason", R"("reasons": ["speed"])", "reason 1: expected speed, got quality"},
  };
  for (const auto& row : rows) {
    const std::string example = absl::StrCat(
        R"({"name": "x", "scorecard": "card", "record": {"quality": 80, "leaks": 0}, "expect": {)",
        row.expect, "}}");
    EXPECT_THAT(Messages(example), ElementsAre(absl::StrCat("case 'x': ", row.message))) << row.name;
  }
}

TEST(CasesTest, ADifferenceOfAMeasureIsNamed) {
  EXPECT_THAT(
      Messages(R"({"name": "x", "table": {"quality": [80]}, "expect": {"measures": {"mean_quality": "8"}}})"),
      ElementsAre("case 'x': measure 'mean_quality' as shown: expected 8, got 80.00"));
  EXPECT_THAT(
      Messages(
          R"({"name": "x", "table": {"quality": [800]}, "expect": {"measures": {"mean_quality": "8"}}})"),
      ElementsAre(HasSubstr("case 'x': error in measures: row 0: column 'quality'")));
  EXPECT_THAT(
      Messages(R"({"name": "x", "table": {"leaks": [1]}, "expect": {"measures": {"mean_quality": "8"}}})"),
      ElementsAre("case 'x': error in measures: column 'quality' of item 'quality' is missing"));
}

TEST(CasesTest, ADifferenceOfAVerdictIsNamed) {
  const struct {
    const char* name;
    const char* expect;
    std::vector<std::string> messages;
  } rows[] = {
      {"verdict",
       R"("verdicts": ["kept", "kept"])",
       {"case 'x': verdict of record 2: expected 'kept', got 'excluded: fast'"}},
      {"rule",
       R"("verdicts": ["excluded: fast", "excluded: odd"])",
       {"case 'x': verdict of record 1: expected 'excluded: fast', got 'kept'",
        "case 'x': verdict of record 2: expected 'excluded: odd', got 'excluded: fast'"}},
      {"number", R"("counts": {"kept": 2})", {"case 'x': number of 'kept': expected 2, got 1"}},
      {"review", R"("reviewed": 2)", {"case 'x': records to review: expected 2, got 1"}},
      {"error",
       R"("counts": {"kept": 1}, "error": "doubtful")",
       {"case 'x': error: expected one with the words 'doubtful', got none"}},
  };
  for (const auto& row : rows) {
    const std::string example = absl::StrCat(
        R"({"name": "x", "table": {"quality": [80, 80], "duration_ms": [30000, 29999]}, "expect": {)",
        row.expect, "}}");
    EXPECT_THAT(Messages(example), testing::ElementsAreArray(row.messages)) << row.name;
  }
  EXPECT_THAT(Messages(R"({"name": "x", "table": {"quality": [80]}, "expect": {"counts": {"kept": 1}}})"),
              ElementsAre(HasSubstr("case 'x': error in cleaning: column 'duration_ms'")));
  EXPECT_THAT(
      Messages(R"({"name": "x", "record": {"1": "maybe"}, "table": {"quality": [80], "duration_ms": [1]},
                          "expect": {"counts": {"kept": 1}}})"),
      ElementsAre("case 'x': error in cleaning: the decision about '1' is none of confirmed, corrected, "
                  "rejected"));
}

// An empty list of vetoes expects that none fires; without the list nothing is expected of them.
TEST(CasesTest, AVetoThatMayNotFire) {
  const std::string example = R"({"name": "x", "scorecard": "card", "record": {"quality": 80, "leaks": 1},
                                  "expect": {"outcome": "vetoed")";
  EXPECT_THAT(Messages(example + "}}"), IsEmpty());
  EXPECT_THAT(Messages(example + R"(, "vetoes": []}})"),
              ElementsAre("case 'x': vetoes: expected none, got leak"));
}

TEST(CasesTest, ALabelThatIsNotExpectedToBeWrongFails) {
  EXPECT_THAT(
      Messages(R"({"name": "x", "record": {"stars": ["superb"]}, "expect": {"shown": {"stars": "3"}}})"),
      ElementsAre("case 'x': error: field 'stars': 'superb' is no label of scale 'star3'"));
}

TEST(CasesTest, AFieldThatNoMetricReadsFails) {
  EXPECT_THAT(
      Messages(R"({"name": "x", "scorecard": "card", "record": {"qualty": 80}, "expect": {"score": 80}})"),
      ElementsAre(HasSubstr("no metric reads field 'qualty'")));
}

TEST(CasesTest, AnErrorWhereNoneIsExpectedFails) {
  EXPECT_THAT(
      Messages(R"({"name": "x", "scorecard": "card", "record": {"quality": -1}, "expect": {"score": 80}})"),
      ElementsAre(HasSubstr("[0, 100]")));
}

TEST(CasesTest, FailuresNameTheirCase) {
  const std::vector<CaseFailure> failures = RunCases(WithCases(
      R"({"name": "first", "scorecard": "card", "record": {"quality": 80, "leaks": 0}, "expect": {"score": 80}},
         {"name": "second", "scorecard": "card", "record": {"quality": 80, "leaks": 0}, "expect": {"score": 8}})"));
  ASSERT_EQ(failures.size(), 1u);
  EXPECT_EQ(failures[0].index, 1u);
}

}  // namespace
}  // namespace csat
