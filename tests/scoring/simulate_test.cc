// Simulate() and WithWeight() on records read row by row; tables of columns: simulate_batch_test.cc.
#include "csat/scoring/simulate.h"

#include <string>
#include <vector>

#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using namespace testing_plan;

constexpr char kGrades[] =
    R"(, "grading": {"basis": "EXACT", "bands": [{"id": "good", "from": 80}, {"id": "fair", "from": 60}, {"id": "poor", "from": 0}]})";
constexpr char kStricter[] =
    R"(, "vetoes": [{"id": "leak", "when": {"compare": {"metric": "leaks", "op": "GE", "value": 1}}, "scope": "RECORD", "set_to": 0, "missing": {"rule": "REFUSE"}}],
  "grading": {"basis": "EXACT", "bands": [{"id": "good", "from": 85}, {"id": "fair", "from": 60}, {"id": "poor", "from": 0}]})";

// Rows of a, b and leaks; a negative figure is missing.
struct Row {
  double a, b, leaks;
};

RowReader Reader(const Plan& plan, const std::vector<Row>& rows) {
  return [&plan, &rows](std::int64_t row, Record* record) {
    const Row& from = rows[static_cast<std::size_t>(row)];
    const std::pair<const char*, double> fields[] = {{"a", from.a}, {"b", from.b}, {"leaks", from.leaks}};
    for (const auto& [name, value] : fields) {
      const int slot = plan.FindField(name);
      if (slot >= 0 && value >= 0) record->SetDouble(static_cast<std::size_t>(slot), value);
    }
    return absl::OkStatus();
  };
}

// By hand: version 1 weighs a and b 50 to 50; version 2 70 to 30, begins "good" at 85 and knows a veto.
//   row  a   b  leaks   before            after
//   0    9   9  0       90 good           90 good
//   1    8   8  0       80 good           80 fair     only the band
//   2    4   9  0       65 fair           55 poor     a +8, b -18: b
//   3   10   5  0       75 fair           85 good     a +20, b -10: a
//   4    9   9  1       90 good            0 poor     the veto -90
//   5    9   -  0       refused           refused
//   6    9   9  -       90 good           refused     its figure is missing
TEST(SimulateTest, TwoVersionsByHand) {
  const Plan before = PlanOf(PolicyOf(CardOf(Needed({{"a", "50"}, {"b", "50"}}), kGrades)));
  const Plan after = PlanOf(PolicyOf(CardOf(Needed({{"a", "70"}, {"b", "30"}}), kStricter)));
  const std::vector<Row> rows = {{9, 9, 0}, {8, 8, 0},  {4, 9, 0}, {10, 5, 0},
                                 {9, 9, 1}, {9, -1, 0}, {9, 9, -1}};
  const absl::StatusOr<Simulation> made = Simulate(before, after, static_cast<std::int64_t>(rows.size()),
                                                   Reader(before, rows), Reader(after, rows));
  ASSERT_TRUE(made.ok()) << made.status();
  const Simulation& simulation = *made;
  EXPECT_EQ(simulation.rows, 7);
  EXPECT_THAT(simulation.before,
              ElementsAre("good", "fair", "poor", "scored", "vetoed", "insufficient", "refused"));
  EXPECT_EQ(simulation.after, simulation.before);
  EXPECT_THAT(simulation.matrix,
              ElementsAre(ElementsAre(1, 1, 1, 0, 0, 0, 1), ElementsAre(1, 0, 1, 0, 0, 0, 0),
                          ElementsAre(0, 0, 0, 0, 0, 0, 0), ElementsAre(0, 0, 0, 0, 0, 0, 0),
                          ElementsAre(0, 0, 0, 0, 0, 0, 0), ElementsAre(0, 0, 0, 0, 0, 0, 0),
                          ElementsAre(0, 0, 0, 0, 0, 0, 1)));
  EXPECT_EQ(simulation.changed, 5);
  // Rows 0 to 4: 0, 0, -10, +10, -90.
  EXPECT_EQ(simulation.mean_difference, D("-18"));
  struct Want {
    std::int64_t row;
    const char* before;
    const char* after;
    const char* line;
    const char* difference;
  };
  const Want wants[] = {{1, "good", "fair", "", "0"},
                        {2, "fair", "poor", "b", "-18"},
                        {3, "fair", "good", "a", "20"},
                        {4, "good", "poor", "leak", "-90"},
                        {6, "good", "refused", "unknown:leak", "0"}};
  ASSERT_EQ(simulation.changes.size(), std::size(wants));
  for (std::size_t i = 0; i < std::size(wants); ++i) {
    const SimulationChange& change = simulation.changes[i];
    EXPECT_EQ(change.row, wants[i].row);
    EXPECT_EQ(change.before, wants[i].before) << change.row;
    EXPECT_EQ(change.after, wants[i].after) << change.row;
    EXPECT_EQ(change.line, wants[i].line) << change.row;
    EXPECT_EQ(change.difference, D(wants[i].difference)) << change.row;
  }
  EXPECT_THAT(simulation.by_line,
              ElementsAre(Pair("", 1), Pair("a", 1), Pair("b", 1), Pair("leak", 1), Pair("unknown:leak", 1)));
}

TEST(SimulateTest, OnlyTheBandsDiffer) {
  const Plan before = PlanOf(PolicyOf(CardOf(Needed({{"a", "50"}, {"b", "50"}}), kGrades)));
  const Plan after = PlanOf(PolicyOf(CardOf(Needed({{"a", "50"}, {"b", "50"}}), kStricter)));
  const std::vector<Row> rows = {{8, 8, 0}, {8.5, 8.5, 0}, {8.499999, 8.5, 0}};
  SimulationOptions options;
  options.max_changes = 1;
  options.sensitivity = false;
  const Simulation simulation =
      *Simulate(before, after, 3, Reader(before, rows), Reader(after, rows), options);
  EXPECT_EQ(simulation.changed, 2);
  ASSERT_EQ(simulation.changes.size(), 1u) << "the first one only";
  EXPECT_EQ(simulation.changes[0].line, "");
  EXPECT_EQ(simulation.changes[0].difference, Points());
  EXPECT_THAT(simulation.by_line, ElementsAre(Pair("", 2)));
  EXPECT_TRUE(simulation.sensitivity.empty());
}

// A scorecard without grades: what counts is whether the outcome changes, and the bands did nothing.
TEST(SimulateTest, WithoutGradesTheOutcomesAreCompared) {
  const std::string veto = std::string(kStricter).substr(0, std::string(kStricter).find(",\n"));
  const std::vector<Row> rows = {{9, 9, 0}, {4, 4, 0}, {9, 9, 1}, {9, -1, 0}, {9, 9, -1}};
  struct Side {
    const char* name;
    std::string before, after;
    std::vector<std::string> lines;
  };
  const Side sides[] = {
      {"grades before", kGrades, veto, {"2 good vetoed 'leak' -90", "4 good refused 'unknown:leak' 0"}},
      {"grades after", "", kStricter, {"2 scored poor 'leak' -90", "4 scored refused 'unknown:leak' 0"}},
      {"no grades", "", veto, {"2 scored vetoed 'leak' -90", "4 scored refused 'unknown:leak' 0"}},
      {"back", veto, kGrades, {"2 vetoed good 'leak' 90", "4 refused good 'unknown:leak' 0"}},
  };
  for (const Side& side : sides) {
    const Plan before = PlanOf(PolicyOf(CardOf(Needed({{"a", "50"}, {"b", "50"}}), side.before)));
    const Plan after = PlanOf(PolicyOf(CardOf(Needed({{"a", "50"}, {"b", "50"}}), side.after)));
    const Simulation simulation = *Simulate(before, after, 5, Reader(before, rows), Reader(after, rows));
    std::vector<std::string> lines;
    for (const SimulationChange& change : simulation.changes) {
      lines.push_back(absl::StrCat(change.row, " ", change.before, " ", change.after, " '", change.line, "' ",
                                   change.difference.ToString()));
    }
    EXPECT_EQ(lines, side.lines) << side.name;
    EXPECT_EQ(simulation.changed, 2) << side.name;
  }
}

// By hand, before 50 to 50 and "good" from 80, after 70 to 30 and from 85:
//   row  a   b    before    after
//   0    9   7.1  80.5 good   84.3 fair   the score rises; 80.5 is fair as well: the bands
//   1    7   9    80 good     76 fair     80 is fair as well: the bands, though b falls by 18
//   2    9.5 7.5  85 good     89 good
//   3    7   10.0 85 good     79 fair     85 is good: b -20, though a rises by 14
//   4    9   2    55 poor     69 fair     a +18, though b falls by 4
TEST(SimulateTest, TheLineIsTheOneThatMovedTheGrade) {
  const Plan before = PlanOf(PolicyOf(CardOf(Needed({{"a", "50"}, {"b", "50"}}), kGrades)));
  const Plan after = PlanOf(PolicyOf(CardOf(Needed({{"a", "70"}, {"b", "30"}}), kStricter)));
  const std::vector<Row> rows = {{9, 7.1, 0}, {7, 9, 0}, {9.5, 7.5, 0}, {7, 10, 0}, {9, 2, 0}};
  const Simulation simulation = *Simulate(before, after, 5, Reader(before, rows), Reader(after, rows));
  std::vector<std::string> lines;
  for (const SimulationChange& change : simulation.changes) {
    lines.push_back(absl::StrCat(change.row, " ", change.before, " ", change.after, " '", change.line, "' ",
                                 change.difference.ToString()));
  }
  EXPECT_THAT(lines, ElementsAre("0 good fair '' 0", "1 good fair '' 0", "3 good fair 'b' -20",
                                 "4 poor fair 'a' 18"));
}

// By hand: a 50 of 100, a step of 1. With 51 to 50: (51 * 8 + 50 * 7.9) / 1010 = 79.504950 %, 49: 79.494949 %.
TEST(SimulateTest, SensitivityOfAWeight) {
  const Plan plan = PlanOf(PolicyOf(CardOf(
      Needed({{"a", "50"}, {"b", "50"}}),
      R"(, "grading": {"basis": "EXACT", "bands": [{"id": "good", "from": 79.5}, {"id": "poor", "from": 0}]})")));
  const std::vector<Row> rows = {{8, 7.9, 0}};
  const Simulation simulation = *Simulate(plan, plan, 1, Reader(plan, rows), Reader(plan, rows));
  EXPECT_EQ(simulation.changed, 0);
  ASSERT_EQ(simulation.sensitivity.size(), 2u);
  const WeightSensitivity& a = simulation.sensitivity[0];
  EXPECT_EQ(a.indicator, "a");
  EXPECT_EQ(a.weight, D("50"));
  EXPECT_EQ(a.step, D("1"));
  EXPECT_EQ(a.changed_up, 0);
  EXPECT_EQ(a.changed_down, 1);
  EXPECT_EQ(a.mean_up, D("0.00495"));
  EXPECT_EQ(a.mean_down, D("-0.005051"));
  const WeightSensitivity& b = simulation.sensitivity[1];
  EXPECT_EQ(b.changed_up, 1);
  EXPECT_EQ(b.changed_down, 0);
}

TEST(SimulateTest, NamesTheRowAtFault) {
  const Plan plan = PlanOf(PolicyOf(CardOf(Needed({{"a", "50"}, {"b", "50"}}), kGrades)));
  const std::vector<Row> rows = {{8, 7, 0}, {8, 11, 0}};
  const absl::Status status = Simulate(plan, plan, 2, Reader(plan, rows), Reader(plan, rows)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("row 1: field 'b': 11 lies outside [0, 10]"));
}

TEST(WithWeightTest, ChangesOneWeight) {
  const Plan plan = PlanOf(PolicyOf(CardOf(Needed({{"a", "50"}, {"b", "50"}}), kGrades)));
  const std::pair<const char*, const char*> rows[] = {
      {"50", "75"}, {"0", "50"}, {"150", "87.5"}, {"0.000001", "50.000001"}, {"1000000", "99.9975"}};
  for (const auto& [weight, score] : rows) {
    const absl::StatusOr<Plan> changed = WithWeight(plan, "a", D(weight));
    ASSERT_TRUE(changed.ok()) << changed.status();
    EXPECT_EQ(ScoreOf(*changed, R"({"a": 10, "b": 5})").summary.score, D(score)) << weight;
  }
  EXPECT_EQ(ScoreOf(plan, R"({"a": 10, "b": 5})").summary.score, D("75")) << "the plan itself stays";
  EXPECT_EQ(WithWeight(plan, "c", D("1")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(WithWeight(plan, "a", D("-0.000001")).status().message()),
              HasSubstr("weight -0.000001 lies outside [0, 1000000]"));
  EXPECT_THAT(std::string(WithWeight(plan, "a", D("1000000.000001")).status().message()),
              HasSubstr("lies outside [0, 1000000]"));
}

}  // namespace
}  // namespace csat
