// Values that no rule may read as others: answers between two ranks, durations below zero. P2-57, P2-58, P2-84.
#include <optional>
#include <string>
#include <vector>

#include "arrow/foreign_table.h"
#include "csat/survey/cleaning.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::HasSubstr;

constexpr int kItems = 5;

std::vector<std::string> ItemIds() {
  std::vector<std::string> ids;
  for (int i = 1; i <= kItems; ++i) ids.push_back("q" + std::to_string(i));
  return ids;
}

// Scales of 5 ranks, or of more than an item may have.
std::vector<Metric> Metrics(int ranks = 5) {
  const Scale scale = *Scale::Create("scale", Decimal::FromInteger(1), Decimal::FromInteger(ranks), true,
                                     Direction::kHigherIsBetter);
  std::vector<Metric> metrics;
  for (const std::string& id : ItemIds()) {
    Metric metric;
    metric.id = id;
    metric.scale = scale;
    metric.min = scale.min();
    metric.max = scale.max();
    metric.missing_values = {Decimal::FromInteger(99999)};
    metric.form = NumberForm{id};
    metrics.push_back(metric);
  }
  return metrics;
}

template <typename Form>
CleaningRule Rule(std::string id, Form form) {
  CleaningRule rule;
  rule.id = std::move(id);
  rule.action = Verdict::kExcluded;
  rule.form = std::move(form);
  return rule;
}

// q1 is at least 2.
CleaningRule AtLeast2() {
  Predicate condition;
  condition.kind = Predicate::Kind::kNumber;
  condition.metric = "q1";
  condition.op = ComparisonOp::kGreaterOrEqual;
  condition.value = Decimal::FromInteger(2);
  return Rule("least", ContradictionRule{condition});
}

absl::StatusOr<CleaningResult> CleanTable(std::vector<CleaningRule> rules, const std::vector<Metric>& metrics,
                                          ForeignArray* table, std::size_t rows) {
  std::vector<std::optional<std::string>> ids;
  for (std::size_t i = 0; i < rows; ++i) ids.emplace_back("r" + std::to_string(i));
  FillTexts(&table->parts.emplace_back(), "response_id", "u", ids);
  FinishTable(table, static_cast<std::int64_t>(rows));
  Cleaning cleaning;
  cleaning.response_id = "response_id";
  cleaning.rules = std::move(rules);
  return Clean(cleaning, metrics, table->schema, table->array, {});
}

// One response of doubles.
absl::StatusOr<CleaningResult> CleanOne(std::vector<CleaningRule> rules, std::vector<double> answers,
                                        int ranks = 5) {
  ForeignArray table;
  for (std::size_t i = 0; i < answers.size(); ++i)
    FillColumn<double>(&table.parts.emplace_back(), ItemIds()[i], "g", {answers[i]});
  return CleanTable(std::move(rules), Metrics(ranks), &table, 1);
}

TEST(CleaningValuesTest, AnAnswerBetweenTwoRanksIsNoRank) {
  const StraightLineRule line{ItemIds(), 5};
  // Rounded they would be five times 2.
  EXPECT_EQ(CleanOne({Rule("line", line)}, {2.4, 2, 1.6, 2, 2.5}).status().message(),
            "row 0: column 'q1': 2.4 lies between two steps of 1 of item 'q1' (rule 'line')");
  for (const double answer : {1.9999999, 2.0000000001, 2.5, 3.5, 1.4}) {
    SCOPED_TRACE(answer);
    EXPECT_THAT(std::string(CleanOne({Rule("line", line)}, {2, 2, 2, 2, answer}).status().message()),
                HasSubstr("lies between two steps of 1 of item 'q5'"));
    const auto met =
        CleanOne({Rule("line", line), Rule("off", OutOfRangeRule{ItemIds()})}, {2, 2, 2, 2, answer});
    ASSERT_TRUE(met.ok()) << met.status();
    EXPECT_EQ(met->rules[0].met, 0);  // Four answers are too few for a line.
    EXPECT_EQ(met->rules[1].met, 1);
  }
  const auto whole = CleanOne({Rule("line", line), Rule("off", OutOfRangeRule{ItemIds()})}, {2, 2, 2, 2, 2});
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(whole->rules[0].met, 1);
  EXPECT_EQ(whole->rules[1].met, 0);
}

TEST(CleaningValuesTest, NeitherIsItInAConditionOrAFigure) {
  for (const int ranks : {5, 300}) {
    SCOPED_TRACE(ranks);
    EXPECT_EQ(CleanOne({AtLeast2()}, {1.9999999999}, ranks).status().message(),
              "row 0: column 'q1': 1.9999999999 lies between two ranks of metric 'q1' (rule 'least')");
    EXPECT_THAT(std::string(CleanOne({AtLeast2()}, {2.5}, ranks).status().message()),
                HasSubstr("2.5 lies between two ranks of metric 'q1'"));
    EXPECT_THAT(std::string(CleanOne({AtLeast2()}, {99998.9999999999}, ranks).status().message()),
                HasSubstr("99998.9999999999 lies between two ranks of metric 'q1'"));
    EXPECT_EQ(CleanOne({AtLeast2()}, {2}, ranks)->rules[0].met, 1);
    EXPECT_EQ(CleanOne({AtLeast2()}, {1}, ranks)->rules[0].met, 0);
    EXPECT_EQ(CleanOne({AtLeast2()}, {99999}, ranks)->rules[0].unknown, 1);
  }
  // With the rule it is no answer to a condition.
  EXPECT_EQ(CleanOne({AtLeast2(), Rule("off", OutOfRangeRule{{"q1"}})}, {2.5})->rules[0].unknown, 1);
  ForeignArray table;
  FillColumn<double>(&table.parts.emplace_back(), "q1", "g", {3, 2.5});
  std::vector<std::optional<std::string>> ids = {"a", "b"};
  FillTexts(&table.parts.emplace_back(), "response_id", "u", ids);
  FinishTable(&table, 2);
  Cleaning cleaning;
  cleaning.response_id = "response_id";
  cleaning.figures.emplace_back();
  cleaning.figures.back().id = "mean";
  cleaning.figures.back().metric = "q1";
  EXPECT_EQ(Clean(cleaning, Metrics(), table.schema, table.array, {}).status().message(),
            "row 1: column 'q1': 2.5 lies between two steps of 1 of item 'q1' (figure 'mean')");
}

TEST(CleaningValuesTest, FloatsAndDecimalsAreReadAsExactly) {
  const auto message = [](const absl::StatusOr<CleaningResult>& cleaned) {
    return std::string(cleaned.status().message());
  };
  {
    ForeignArray table;
    FillColumn<float>(&table.parts.emplace_back(), "q1", "f", {2, 2.1F});
    EXPECT_EQ(message(CleanTable({AtLeast2()}, Metrics(), &table, 2)),
              "row 1: column 'q1': 2.1 lies between two ranks of metric 'q1' (rule 'least')");
  }
  ForeignArray table;  // 2.0 and 2.5 as decimals of one place.
  FillColumn<std::int64_t>(&table.parts.emplace_back(), "q1", "d:4,1", {20, 0, 25, 0});
  table.parts.back().array.length = 2;
  EXPECT_EQ(message(CleanTable({AtLeast2()}, Metrics(), &table, 2)),
            "row 1: column 'q1': 2.5 lies between two ranks of metric 'q1' (rule 'least')");
}

TEST(CleaningValuesTest, ADurationBelowZeroIsNone) {
  const auto clean = [](std::int64_t duration) {
    ForeignArray table;
    FillColumn<std::int64_t>(&table.parts.emplace_back(), "duration_ms", "l", {30000, duration});
    return CleanTable({Rule("fast", SpeedRule{"duration_ms", 30000, "", {}})}, Metrics(), &table, 2);
  };
  EXPECT_EQ(clean(-1).status().message(), "row 1: column 'duration_ms': -1 ms are no duration (rule 'fast')");
  EXPECT_EQ(clean(0)->rules[0].met, 1);
  EXPECT_EQ(clean(30000)->rules[0].met, 0);
}

}  // namespace
}  // namespace csat
