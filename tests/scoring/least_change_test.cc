#include "csat/scoring/least_change.h"

#include <cmath>
#include <string>
#include <vector>

#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using namespace testing_plan;

constexpr char kGrades[] =
    R"(, "grading": {"basis": "EXACT", "bands": [{"id": "good", "from": 80}, {"id": "fair", "from": 60},
      {"id": "poor", "from": 0}]})";

// "b 7 -> 9.5 (7 -> 9.5) fair 60": points, raw figures where there are any, grade and score.
std::vector<std::string> Changes(const Plan& plan, const char* json) {
  OwnedRecord record(plan);
  EXPECT_TRUE(record.SetJson(json).ok()) << json;
  const absl::StatusOr<std::vector<LeastChange>> changes = LeastChanges(plan, record.record());
  EXPECT_TRUE(changes.ok()) << changes.status();
  std::vector<std::string> shown;
  for (const LeastChange& change : *changes) {
    if (change.has_value) {  // The figure does what it says.
      record.SetDecimal(
          static_cast<std::size_t>(plan.FindField(change.indicator == "waits" ? "leaks" : change.indicator)),
          change.value_to);
      Summary summary;
      EXPECT_TRUE(plan.Evaluate(record.record(), &summary).ok()) << json;
      EXPECT_EQ(plan.grades()[static_cast<std::size_t>(summary.grade)], change.grade)
          << json << ", " << std::string(change.indicator);
      EXPECT_TRUE(record.SetJson(json).ok()) << json;
    }
    shown.push_back(absl::StrCat(
        std::string(change.indicator), " ", change.from.ToString(), " -> ", change.to.ToString(),
        change.has_value
            ? absl::StrCat(" (", change.value_from.ToString(), " -> ", change.value_to.ToString(), ")")
            : "",
        " ", std::string(change.grade), " ", change.score.ToString()));
  }
  return shown;
}

TEST(LeastChangeTest, WhichIndicatorAndByHowMuch) {
  struct Row {
    const char* name;
    std::string card;
    const char* record;
    std::vector<std::string> changes;
  };
  const std::string two = CardOf(Needed({{"a", "60"}, {"b", "40"}}), kGrades);
  const std::string vetoed = CardOf(
      Needed({{"a", "60"}, {"b", "40"}}),
      absl::StrCat(
          R"(, "vetoes": [{"id": "leak", "when": {"compare": {"metric": "leaks", "op": "GE", "value": 1}},
            "scope": "RECORD", "set_to": 0, "missing": {"rule": "REFUSE"}}])",
          kGrades));
  const std::string capped = CardOf(
      Needed({{"a", "60"}, {"b", "40"}}),
      absl::StrCat(
          R"(, "caps": [{"id": "slow", "when": {"compare": {"metric": "leaks", "op": "GE", "value": 1}},
            "max_score": 70}])",
          kGrades));
  const std::string steps =
      CardOf(R"({"id": "waits", "max_points": 10, "metric": "leaks", "missing": {"rule": "REFUSE"},
      "score": {"step_deduction": {"full_points": 10, "limit": 10, "step": 5, "loss_per_step": 1,
        "steps": "FULL", "floor_points": 0}}})",
             kGrades);
  const std::string conditional = CardOf(Needed({{"a", "1"}}), R"(, "grading": {"basis": "EXACT", "bands": [
      {"id": "good", "from": 80, "condition": {"compare": {"metric": "praise", "op": "GE", "value": 1}}},
        {"id": "fair", "from": 60}, {"id": "poor", "from": 0}]})");
  const std::string group = CardOf(R"({"id": "service", "max_points": 10, "children": {"indicators": [)" +
                                       Needed({{"a", "1"}, {"b", "3"}}) + "]}}",
                                   kGrades);
  const Row rows[] = {
      {"either can",
       two,
       R"({"a": 5, "b": 5})",
       {"a 5 -> 6.666667 (5 -> 6.666667) fair 60.000002", "b 5 -> 7.5 (5 -> 7.5) fair 60"}},
      {"one cannot",
       two,
       R"({"a": 9, "b": 0})",
       {"a 9 -> 10 (9 -> 10) fair 60", "b 0 -> 1.5 (0 -> 1.5) fair 60"}},
      {"only the heavier one",
       two,
       R"({"a": 3, "b": 5})",
       {"a 3 -> 6.666667 (3 -> 6.666667) fair 60.000002"}},
      {"none alone", two, R"({"a": 0, "b": 0})", {"a 0 -> 10 (0 -> 10) fair 60"}},
      {"from the lower edge of a band",
       two,
       R"({"a": 6, "b": 6})",
       {"a 6 -> 9.333334 (6 -> 9.333334) good 80.000004"}},
      {"the best grade", two, R"({"a": 8, "b": 8})", {}},
      {"no score", two, R"({"a": 8})", {}},
      {"vetoed", vetoed, R"({"a": 5, "b": 5, "leaks": 1})", {}},
      {"under a cap", capped, R"({"a": 7, "b": 6.5, "leaks": 1})", {}},
      {"no longer under a cap",
       capped,
       R"({"a": 7, "b": 6.5, "leaks": 0})",
       {"a 7 -> 9 (7 -> 9) good 80", "b 6.5 -> 9.5 (6.5 -> 9.5) good 80"}},
      {"a figure of more places than are shown",
       two,
       R"({"a": 5.0000004, "b": 5})",
       {"a 5 -> 6.666667 (5 -> 6.666667) fair 60.000002", "b 5 -> 7.5 (5 -> 7.5) fair 60"}},
      {"steps from a figure of more places", steps, R"({"leaks": 24.9999999})", {}},
      {"steps from a figure just over one",
       steps,
       R"({"leaks": 25.0000001})",
       {"waits 7 -> 8 (25 -> 24.999999) good 80"}},
      {"steps: the figure nearest to the present one",
       steps,
       R"({"leaks": 33})",
       {"waits 6 -> 8 (33 -> 24.999999) good 80"}},
      {"a condition that fails cannot be earned by points", conditional, R"({"a": 7, "praise": 0})", {}},
      {"a condition that holds", conditional, R"({"a": 7, "praise": 1})", {"a 7 -> 8 (7 -> 8) good 80"}},
      {"a leaf of a group", group, R"({"a": 10, "b": 5})", {"b 5 -> 7.333333 (5 -> 7.333333) good 80"}},
  };
  for (const Row& row : rows)
    EXPECT_EQ(Changes(PlanOf(PolicyOf(row.card)), row.record), row.changes) << row.name;
}

// Brute force: of all raw figures in tenths, none nearer to the present one gives a better grade.
TEST(LeastChangeTest, NothingNearerIsEnough) {
  constexpr char kTenths[] = R"(
    {"id": "up", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 10, "decimal_places": 1,
      "number": {}},
    {"id": "down", "unit": "ms", "direction": "LOWER_IS_BETTER", "min": 0, "max": 10, "decimal_places": 1,
      "number": {}},
    {"id": "band", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 10,
      "decimal_places": 1, "number": {}})";
  const Plan plan = PlanOf(PolicyOf(CardOf(R"(
      {"id": "up", "weight": 3, "max_points": 10, "metric": "up", "missing": {"rule": "REFUSE"},
       "score": {"piecewise": {"anchors": [{"at": 1, "points": 0}, {"at": 4, "points": 7}, {"at": 9,
         "points": 10}]}}},
      {"id": "down", "weight": 2, "max_points": 20, "metric": "down", "missing": {"rule": "REFUSE"},
       "score": {"step_deduction": {"full_points": 20, "limit": 2, "step": 1.5, "loss_per_step": 4,
         "steps": "STARTED", "floor_points": 0}}},
      {"id": "band", "weight": 1, "max_points": 10, "metric": "band", "missing": {"rule": "REFUSE"},
       "score": {"bands": {"bands": [{"from": 0, "points": 0}, {"from": 3.3, "points": 4}, {"from": 6.6,
         "points": 10}]}}})",
                                           kGrades),
                                    kTenths));
  const char* names[] = {"up", "down", "band"};
  int found = 0;
  for (int up = 0; up <= 100; up += 17) {
    for (int down = 0; down <= 100; down += 19) {
      for (int band = 0; band <= 100; band += 33) {
        const int present[] = {up, down, band};
        const auto fill = [&](int changed, int tenths) {
          Record record = plan.NewRecord();
          for (int i = 0; i < 3; ++i) {
            record.SetDecimal(static_cast<std::size_t>(plan.FindField(names[i])),
                              Decimal::FromMicros((i == changed ? tenths : present[i]) * 100'000));
          }
          return record;
        };
        const auto grade = [&](const Record& record) {
          Summary summary;
          EXPECT_TRUE(plan.Evaluate(record, &summary).ok());
          return static_cast<int>(summary.grade);
        };
        const Record record = fill(-1, 0);
        const int now = grade(record);
        const absl::StatusOr<std::vector<LeastChange>> changes = LeastChanges(plan, record);
        ASSERT_TRUE(changes.ok()) << changes.status();
        for (int i = 0; i < 3; ++i) {
          int nearest = -1;
          for (int tenths = 0; tenths <= 100; ++tenths) {
            if (grade(fill(i, tenths)) < now &&
                (nearest < 0 || std::abs(tenths - present[i]) < std::abs(nearest - present[i])))
              nearest = tenths;
          }
          const LeastChange* change = nullptr;
          for (const LeastChange& one : *changes) {
            if (one.indicator == names[i]) change = &one;
          }
          // Points between two figures in tenths may do what no figure in tenths does.
          if (nearest < 0) {
            EXPECT_TRUE(change == nullptr || !change->has_value)
                << names[i] << " of " << up << ", " << down << ", " << band;
            continue;
          }
          ++found;
          ASSERT_NE(change, nullptr) << names[i] << " of " << up << ", " << down << ", " << band;
          EXPECT_TRUE(change->has_value);
          EXPECT_EQ(change->value_to, Decimal::FromMicros(nearest * 100'000))
              << names[i] << " of " << up << ", " << down << ", " << band;
        }
      }
    }
  }
  EXPECT_GT(found, 50);
}

}  // namespace
}  // namespace csat
