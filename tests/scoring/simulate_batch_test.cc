// SimulateBatch and ExportChanges of csat/scoring/simulate.h.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "arrow/foreign_table.h"
#include "arrow/import.h"
#include "csat/scoring/simulate.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

struct Weights {
  int quality = 50, speed = 50;
};

// Two indicators whose points are their figures, and a veto on leaks that reaches a person's month. `speed_field`
// lets two versions read different columns.
Plan MakePlan(Weights weights, const std::string& speed_field = "speed",
              const std::string& missing = "INSUFFICIENT") {
  const auto indicator = [&](const char* id, int weight, const std::string& rule) {
    return absl::StrCat(
        R"({"id": ")", id, R"(", "max_points": 100, "weight": )", weight, R"(, "metric": ")", id,
        R"(", "score": {"linear": {"from": {"at": 0, "points": 0}, "to": {"at": 100, "points": 100}}},
                        "missing": {"rule": ")",
        rule, R"("}})");
  };
  const std::string json = absl::StrCat(R"({"id": "two", "version": ")", weights.quality,
                                        R"(", "effective_from": "2025-01-01", "zone": "UTC", "metrics": [
      {"id": "quality", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 100, "number": {}},
      {"id": "speed", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 100, "number": {"field": ")",
                                        speed_field, R"("}},
      {"id": "leaks", "unit": "count", "direction": "LOWER_IS_BETTER", "min": 0, "number": {}}],
    "scorecards": [{"id": "card", "max_score": 100, "indicators": [)",
                                        indicator("quality", weights.quality, missing), ",",
                                        indicator("speed", weights.speed, "INSUFFICIENT"), R"(],
      "vetoes": [{"id": "leak", "when": {"compare": {"metric": "leaks", "op": "GE", "value": 1}},
        "scope": "SUBJECT_PERIOD", "set_to": 0, "missing": {"rule": "REFUSE"}}],
      "grading": {"basis": "EXACT", "bands": [{"id": "good", "from": 60}, {"id": "poor", "from": 0}]}}]})");
  const absl::StatusOr<Policy> policy = Policy::Parse(json);
  EXPECT_TRUE(policy.ok()) << policy.status();
  absl::StatusOr<Plan> plan = Plan::Compile(*policy, "card");
  EXPECT_TRUE(plan.ok()) << plan.status();
  return *std::move(plan);
}

void FillRows(ForeignArray* table, const std::vector<double>& quality, const std::vector<double>& speed,
              const std::vector<std::int32_t>& leaks) {
  FillColumn<double>(&table->parts.emplace_back(), "quality", "g", quality);
  FillColumn<double>(&table->parts.emplace_back(), "speed", "g", speed);
  FillColumn<std::int32_t>(&table->parts.emplace_back(), "leaks", "i", leaks);
  FinishTable(table, static_cast<std::int64_t>(quality.size()));
}

// "row: before -> after by line difference"
std::vector<std::string> Changes(const Simulation& simulation) {
  std::vector<std::string> lines;
  for (const SimulationChange& change : simulation.changes) {
    lines.push_back(absl::StrCat(change.row, ": ", change.before, " -> ", change.after, " by ", change.line,
                                 " ", change.difference.ToString()));
  }
  return lines;
}

std::string All(const Simulation& simulation) {
  std::string text = absl::StrCat(simulation.rows, " ", simulation.bad_rows, " ", simulation.changed, " ",
                                  simulation.mean_difference.ToString(), "\n");
  for (const std::vector<std::int64_t>& row : simulation.matrix) {
    for (const std::int64_t count : row) absl::StrAppend(&text, count, " ");
  }
  for (const std::string& change : Changes(simulation)) absl::StrAppend(&text, change, "\n");
  for (const auto& [line, count] : simulation.by_line) absl::StrAppend(&text, line, " ", count, "\n");
  for (const WeightSensitivity& s : simulation.sensitivity) {
    absl::StrAppend(&text, s.indicator, " ", s.weight.ToString(), " ", s.step.ToString(), " ", s.changed_up,
                    " ", s.changed_down, " ", s.mean_up.ToString(), " ", s.mean_down.ToString(), "\n");
  }
  return text;
}

TEST(SimulateBatchTest, CountsWhoMovesAndWhy) {
  const Plan before = MakePlan({50, 50}), after = MakePlan({80, 20});
  ForeignArray table;
  // Scores before and after: 60 and 84; 60 and 36; 70 and 70; 0 and 0 (veto).
  FillRows(&table, {100, 20, 70, 90}, {20, 100, 70, 90}, {0, 0, 0, 1});
  const absl::StatusOr<Simulation> simulation = SimulateBatch(before, after, table.schema, table.array);
  ASSERT_TRUE(simulation.ok()) << simulation.status();
  EXPECT_EQ(simulation->rows, 4);
  EXPECT_EQ(simulation->changed, 1);
  EXPECT_THAT(simulation->before, ElementsAre("good", "poor", "scored", "vetoed", "insufficient", "refused"));
  EXPECT_THAT(simulation->matrix[0], ElementsAre(2, 1, 0, 0, 0, 0));
  EXPECT_THAT(simulation->matrix[1], ElementsAre(0, 1, 0, 0, 0, 0));
  EXPECT_THAT(Changes(*simulation), ElementsAre("1: good -> poor by speed -30"));
  EXPECT_THAT(simulation->by_line, ElementsAre(Pair("speed", 1)));
  EXPECT_EQ(simulation->mean_difference.ToString(), "0");
  // Weights 80 and 20: one more of `quality` makes 81 : 20.
  ASSERT_EQ(simulation->sensitivity.size(), 2u);
  EXPECT_EQ(simulation->sensitivity[0].step.ToString(), "1");
  EXPECT_EQ(simulation->sensitivity[0].changed_up, 0);
}

// The same as the row by row simulation, whatever the number of threads.
TEST(SimulateBatchTest, ThreadsAndReadersGiveTheSame) {
  const Plan before = MakePlan({50, 50}), after = MakePlan({57, 43});
  std::vector<double> quality, speed;
  std::vector<std::int32_t> leaks;
  for (int i = 0; i < 5000; ++i) {
    quality.push_back(i * 37 % 101);
    speed.push_back(i * 53 % 97 + 0.25);
    leaks.push_back(i % 199 == 0 ? 1 : 0);
  }
  ForeignArray table;
  FillRows(&table, quality, speed, leaks);
  const auto reader = [&](const Plan& plan) {
    return [&](std::int64_t row, Record* record) {
      const auto at = static_cast<std::size_t>(row);
      record->SetDouble(static_cast<std::size_t>(plan.FindField("quality")), quality[at]);
      record->SetDouble(static_cast<std::size_t>(plan.FindField("speed")), speed[at]);
      record->SetInteger(static_cast<std::size_t>(plan.FindField("leaks")), leaks[at]);
      return absl::OkStatus();
    };
  };
  SimulationOptions options;
  options.max_changes = 7;
  const absl::StatusOr<Simulation> plain =
      Simulate(before, after, 5000, reader(before), reader(after), options);
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_GT(plain->changed, 7);
  EXPECT_EQ(plain->changes.size(), 7u);
  for (const int threads : {1, 2, 3, 8, 256}) {
    options.threads = threads;
    const absl::StatusOr<Simulation> simulation =
        SimulateBatch(before, after, table.schema, table.array, options);
    ASSERT_TRUE(simulation.ok()) << simulation.status();
    EXPECT_EQ(All(*simulation), All(*plain)) << threads << " threads";
  }
}

// However the rows are divided: counts, changes up to their limit, and row numbers over all arrays.
TEST(SimulatorTest, ArraysAddUpToTheWhole) {
  const Plan before = MakePlan({50, 50}), after = MakePlan({57, 43});
  std::vector<double> quality, speed;
  std::vector<std::int32_t> leaks(300, 0);
  for (int i = 0; i < 300; ++i) {
    quality.push_back(i * 37 % 101);
    speed.push_back(i * 53 % 97 + 0.25);
  }
  ForeignArray table;
  FillRows(&table, quality, speed, leaks);
  for (const std::int64_t most : {0, 1, 5, 1000}) {
    SimulationOptions options;
    options.max_changes = most;
    options.threads = 2;
    const absl::StatusOr<Simulation> whole = SimulateBatch(before, after, table.schema, table.array, options);
    ASSERT_TRUE(whole.ok()) << whole.status();
    ASSERT_GT(whole->changed, 5);
    for (const std::int64_t rows : {1, 7, 299}) {
      absl::StatusOr<Simulator> simulator = Simulator::Create(before, after, options);
      ASSERT_TRUE(simulator.ok()) << simulator.status();
      EXPECT_EQ(simulator->result().rows, 0);
      ArrowArray part = table.array;
      for (part.offset = 0; part.offset < 300; part.offset += rows) {
        part.length = std::min<std::int64_t>(rows, 300 - part.offset);
        const absl::Status added = simulator->Add(table.schema, part);
        ASSERT_TRUE(added.ok()) << added;
      }
      EXPECT_EQ(All(simulator->result()), All(*whole)) << most << " changes, " << rows << " rows a time";
      EXPECT_EQ(simulator->before().policy().version(), "50");
      EXPECT_EQ(simulator->after().policy().version(), "57");
    }
  }
}

TEST(SimulatorTest, AnArrayThatFailsAddsNothing) {
  const Plan plan = MakePlan({});
  ForeignArray good, bad;
  FillRows(&good, {60, 60}, {60, 10}, {0, 0});
  FillRows(&bad, {60, 101}, {60, 60}, {0, 0});
  absl::StatusOr<Simulator> simulator = Simulator::Create(plan, MakePlan({80, 20}));
  ASSERT_TRUE(simulator.ok()) << simulator.status();
  ASSERT_TRUE(simulator->Add(good.schema, good.array).ok());
  const std::string kept = All(simulator->result());
  const absl::Status status = simulator->Add(bad.schema, bad.array);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("row 3: field 'quality': 101 lies outside"));
  EXPECT_EQ(All(simulator->result()), kept);
}

// P2-44: a subject's rows have to lie in one array.
TEST(SimulatorTest, KeysTakeOneArray) {
  SimulationOptions options;
  options.subject_column = "person";
  options.period_column = "month";
  ForeignArray table;
  FillRows(&table, {60}, {60}, {0});
  FillTexts(&table.parts.emplace_back(), "person", "u", {"ann"});
  FillTexts(&table.parts.emplace_back(), "month", "u", {"2025-03"});
  FinishTable(&table, 1);
  absl::StatusOr<Simulator> simulator = Simulator::Create(MakePlan({}), MakePlan({}), options);
  ASSERT_TRUE(simulator.ok()) << simulator.status();
  ASSERT_TRUE(simulator->Add(table.schema, table.array).ok());
  EXPECT_EQ(simulator->Add(table.schema, table.array).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(simulator->result().rows, 1);
}

TEST(SimulateBatchTest, PlansReadTheirOwnColumns) {
  ForeignArray table;
  FillRows(&table, {60, 60}, {60, 60}, {0, 0});
  FillColumn<double>(&table.parts.emplace_back(), "speed_new", "g", {60, 50});
  FinishTable(&table, 2);
  const absl::StatusOr<Simulation> simulation =
      SimulateBatch(MakePlan({}), MakePlan({}, "speed_new"), table.schema, table.array);
  ASSERT_TRUE(simulation.ok()) << simulation.status();
  EXPECT_THAT(Changes(*simulation), ElementsAre("1: good -> poor by speed -5"));
}

// P2-44: a leak in one row reaches all rows of the person's month, on both sides.
TEST(SimulateBatchTest, VetoesReachThePeriod) {
  ForeignArray table;
  FillRows(&table, {60, 80, 60}, {60, 20, 60}, {0, 1, 0});
  FillTexts(&table.parts.emplace_back(), "person", "u", {"ann", "ann", std::nullopt});
  FillTexts(&table.parts.emplace_back(), "month", "u", {"2025-03", "2025-03", "2025-03"});
  FinishTable(&table, 3);
  SimulationOptions options;
  const Plan plan = MakePlan({}), strict = MakePlan({}, "speed", "REFUSE");
  absl::StatusOr<Simulation> simulation = SimulateBatch(plan, strict, table.schema, table.array, options);
  ASSERT_TRUE(simulation.ok()) << simulation.status();
  EXPECT_THAT(simulation->matrix[0], ElementsAre(2, 0, 0, 0, 0, 0));
  options.subject_column = "person";
  options.period_column = "month";
  simulation = SimulateBatch(plan, strict, table.schema, table.array, options);
  ASSERT_TRUE(simulation.ok()) << simulation.status();
  EXPECT_THAT(simulation->matrix[0], ElementsAre(1, 0, 0, 0, 0, 0));
  EXPECT_THAT(simulation->matrix[1], ElementsAre(0, 2, 0, 0, 0, 0));
}

struct BadCase {
  const char* name;
  std::vector<double> quality;
  std::vector<std::int32_t> leaks;
  const char* error;
};

class BadRowTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadRowTest, FailsWithTheRowOrIsRefused) {
  ForeignArray table;
  FillRows(&table, GetParam().quality, {60, 60, 60}, GetParam().leaks);
  FillTexts(&table.parts.emplace_back(), "person", "u", {"ann", std::nullopt, "bob"});
  FillTexts(&table.parts.emplace_back(), "month", "u", {"2025-03", "2025-03", "2025-03"});
  FinishTable(&table, 3);
  SimulationOptions options;
  options.subject_column = "person";
  options.period_column = "month";
  const Plan plan = MakePlan({});
  absl::StatusOr<Simulation> simulation = SimulateBatch(plan, plan, table.schema, table.array, options);
  EXPECT_THAT(std::string(simulation.status().message()), testing::HasSubstr(GetParam().error));
  options.bad_rows = BatchOptions::BadRows::kRefuse;
  simulation = SimulateBatch(plan, plan, table.schema, table.array, options);
  ASSERT_TRUE(simulation.ok()) << simulation.status();
  EXPECT_EQ(simulation->bad_rows, 1);
  EXPECT_THAT(simulation->matrix[0], ElementsAre(2, 0, 0, 0, 0, 0));
  EXPECT_THAT(simulation->matrix[5], ElementsAre(0, 0, 0, 0, 0, 1));
}

INSTANTIATE_TEST_SUITE_P(Rows, BadRowTest,
                         testing::ValuesIn(std::vector<BadCase>{
                             {"AboveItsRange", {60, 100.01, 60}, {0, 0, 0}, "row 1: "},
                             {"NegativeCount", {60, 60, 60}, {0, 0, -1}, "row 2: "},
                             {"VetoOfNobody",
                              {60, 60, 60},
                              {0, 1, 0},
                              "row 1: a veto that reaches a subject's whole period fired"},
                         }),
                         [](const auto& info) { return info.param.name; });

TEST(SimulateBatchTest, ARowWithoutAScoreNamesItsReason) {
  ForeignArray table;
  FillColumn<double>(&table.parts.emplace_back(), "quality", "g", {60, 0}, {false, true});
  FillColumn<double>(&table.parts.emplace_back(), "speed", "g", {60, 60});
  FillColumn<std::int32_t>(&table.parts.emplace_back(), "leaks", "i", {0, 0});
  FinishTable(&table, 2);
  const absl::StatusOr<Simulation> simulation = SimulateBatch(
      MakePlan({}, "speed", "WORST"), MakePlan({}, "speed", "REFUSE"), table.schema, table.array);
  ASSERT_TRUE(simulation.ok()) << simulation.status();
  EXPECT_THAT(Changes(*simulation), ElementsAre("1: poor -> refused by missing:quality 0"));
}

struct WrongCase {
  const char* name;
  SimulationOptions options;
  const char* error;
};

class WrongOptionTest : public testing::TestWithParam<WrongCase> {};

TEST_P(WrongOptionTest, IsRefused) {
  ForeignArray table;
  FillRows(&table, {60}, {60}, {0});
  const Plan plan = MakePlan({});
  const absl::StatusOr<Simulation> simulation =
      SimulateBatch(plan, plan, table.schema, table.array, GetParam().options);
  EXPECT_EQ(std::string(simulation.status().message()), GetParam().error);
}

SimulationOptions With(std::int64_t max_changes, int threads, const char* subject = "") {
  SimulationOptions options;
  options.max_changes = max_changes;
  options.threads = threads;
  options.subject_column = subject;
  return options;
}

INSTANTIATE_TEST_SUITE_P(Options, WrongOptionTest,
                         testing::ValuesIn(std::vector<WrongCase>{
                             {"NoThread", With(0, 0), "threads 0 lies outside [1, 256]"},
                             {"TooManyThreads", With(0, 257), "threads 257 lies outside [1, 256]"},
                             {"NegativeChanges", With(-1, 1), "max_changes -1 is negative"},
                             {"SubjectAlone", With(0, 1, "person"),
                              "subject_column 'person' and period_column '': both or none have to be named"},
                         }),
                         [](const auto& info) { return info.param.name; });

TEST(SimulateBatchTest, ChangesAsATable) {
  const Plan before = MakePlan({50, 50}), after = MakePlan({80, 20});
  ForeignArray table;
  FillRows(&table, {20, 100, 10}, {100, 19, 100}, {0, 0, 0});
  const absl::StatusOr<Simulation> simulation = SimulateBatch(before, after, table.schema, table.array);
  ASSERT_TRUE(simulation.ok()) << simulation.status();
  ArrowSchema schema{};
  ArrowArray array{};
  ASSERT_TRUE(ExportChanges(*simulation, &schema, &array).ok());
  const absl::StatusOr<Table> made = Table::Import(schema, array);
  ASSERT_TRUE(made.ok()) << made.status();
  ASSERT_EQ(made->rows(), 2);
  const auto word = [&](int column, std::int64_t row) {
    const Column view = *made->View(column);
    return std::string(view.of->Text(view.DictionaryIndex(row)));
  };
  const auto micros = [&](int column, std::int64_t row) {
    return LoadValue<std::int64_t>(made->View(column)->values, 2 * row);
  };
  EXPECT_EQ(LoadValue<std::int64_t>(made->View(0)->values, 1), 1);
  EXPECT_EQ(word(1, 0), "good");
  EXPECT_EQ(word(2, 0), "poor");
  EXPECT_EQ(word(1, 1), "poor");
  EXPECT_EQ(word(5, 1), "quality");
  EXPECT_EQ(micros(3, 0), 60'000'000);
  EXPECT_EQ(micros(4, 0), 36'000'000);
  EXPECT_EQ(micros(6, 0), -30'000'000);
  schema.release(&schema);
  array.release(&array);
}

}  // namespace
}  // namespace csat
