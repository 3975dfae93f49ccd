#include <string>
#include <vector>

#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using namespace testing_plan;

constexpr char kHundred[] = R"(
  {"id": "x", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 100, "number": {}},
  {"id": "complaints", "unit": "count", "direction": "LOWER_IS_BETTER", "min": 0, "number": {}},
  {"id": "praise", "unit": "count", "direction": "HIGHER_IS_BETTER", "min": 0, "number": {}})";

Plan Graded(const std::string& grading) {
  return PlanOf(
      PolicyOf(CardOf(R"({"id": "x", "max_points": 100, "metric": "x", "missing": {"rule": "REFUSE"}})",
                      R"(, "grading": )" + grading),
               kHundred));
}

struct GradeCase {
  const char* x;
  const char* grade;
};

// P3-80, A-87: cut points 90, 76, 60, 45 on the exact score, lower bound included.
TEST(GradeTest, LowerBoundsAreIncluded) {
  const Plan plan = Graded(
      R"({"basis": "EXACT", "bands": [{"id": "a", "from": 90}, {"id": "b", "from": 76}, {"id": "c",
        "from": 60},
                               {"id": "d", "from": 45}, {"id": "e", "from": 0}]})");
  const GradeCase rows[] = {
      {"100", "a"},   {"90", "a"},        {"89.999999", "b"}, {"89.9", "b"},  {"89.5", "b"},
      {"76", "b"},    {"75.999999", "c"}, {"75.5", "c"},      {"60", "c"},    {"59.999999", "d"},
      {"59.99", "d"}, {"45", "d"},        {"44.999999", "e"}, {"44.99", "e"}, {"0", "e"},
  };
  for (const GradeCase& row : rows)
    EXPECT_EQ(ScoreOf(plan, absl::StrCat(R"({"x": )", row.x, "}")).grade, row.grade) << row.x;
  EXPECT_THAT(std::string(Explain(plan, R"({"x": 100.01})").status().message()),
              HasSubstr("100.01 lies outside [0, 100]"));
}

TEST(GradeTest, OnTheRoundedScore) {
  struct Row {
    const char* places;
    const char* x;
    const char* grade;
  };
  const Row rows[] = {
      {"0", "89.5", "a"},      {"0", "89.499999", "b"}, {"0", "75.5", "b"},      {"0", "75.499999", "c"},
      {"0", "0.4", "c"},       {"1", "89.95", "a"},     {"1", "89.949999", "b"}, {"2", "89.995", "a"},
      {"2", "89.994999", "b"}, {"0", "100", "a"},
  };
  for (const Row& row : rows) {
    const Plan plan = Graded(absl::StrCat(
        R"({"basis": "ROUNDED", "places": )", row.places,
        R"(, "bands": [{"id": "a", "from": 90}, {"id": "b", "from": 76}, {"id": "c", "from": 0}]})"));
    const Score score = ScoreOf(plan, absl::StrCat(R"({"x": )", row.x, "}"));
    EXPECT_EQ(score.grade, row.grade) << row.x << " at " << row.places;
    EXPECT_EQ(score.summary.score, D(row.x)) << "published as it is";
  }
}

// A band whose condition is not true falls to the next lower one (P2-47's top level, as a grade).
TEST(GradeTest, ConditionsFallThrough) {
  const Plan plan = Graded(R"({"basis": "EXACT", "bands": [
    {"id": "a", "from": 90, "condition": {"compare": {"metric": "complaints", "op": "EQ", "value": 0}}},
    {"id": "b", "from": 76, "condition": {"compare": {"metric": "praise", "op": "GE", "value": 1}}},
      {"id": "c", "from": 0}]})");
  struct Row {
    const char* name;
    const char* record;
    const char* grade;
    std::vector<std::string> failed;
    const char* reason;
  };
  const Row rows[] = {
      {"met", R"({"x": 95, "complaints": 0})", "a", {}, ""},
      {"failed", R"({"x": 95, "complaints": 1, "praise": 1})", "b", {"a"}, "condition:a"},
      {"unknown has failed", R"({"x": 95, "praise": 1})", "b", {"a"}, "condition:a"},
      {"failed twice", R"({"x": 95, "complaints": 1, "praise": 0})", "c", {"a", "b"}, "condition:a"},
      {"not reached, so not failed", R"({"x": 89.999999, "complaints": 1, "praise": 1})", "b", {}, ""},
      {"only the second reached", R"({"x": 80, "complaints": 0, "praise": 0})", "c", {"b"}, "condition:b"},
      {"below both", R"({"x": 10})", "c", {}, ""},
  };
  for (const Row& row : rows) {
    const Score score = ScoreOf(plan, row.record);
    EXPECT_EQ(score.grade, row.grade) << row.name;
    EXPECT_THAT(score.failed_conditions, ElementsAreArray(row.failed)) << row.name;
    EXPECT_EQ(ReasonOf(plan, score), row.reason) << row.name;
    EXPECT_EQ(score.summary.outcome, Outcome::kScored) << row.name;
  }
}

TEST(GradeTest, ACardWithoutGrading) {
  const Plan plan = PlanOf(PolicyOf(CardOf(Needed({{"a", "1"}}))));
  const Score score = ScoreOf(plan, R"({"a": 5})");
  EXPECT_EQ(score.grade, "");
  EXPECT_EQ(score.summary.grade, -1);
  EXPECT_TRUE(plan.grades().empty());
}

}  // namespace
}  // namespace csat
