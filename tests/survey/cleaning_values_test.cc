// Values that no rule may read as others: answers between two ranks, durations below zero. P2-57, P2-58, P2-84.
#include <cstdint>
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

// Verdicts by letter: e excluded, k kept; f flagged, where a rule says so of what it cannot judge.
std::string VerdictsOf(CleaningRule rule, ForeignArray* table, std::size_t rows) {
  Cleaning cleaning;
  cleaning.response_id = "id";
  rule.unknown = Verdict::kFlagged;
  cleaning.rules = {std::move(rule)};
  FinishTable(table, static_cast<std::int64_t>(rows));
  const absl::StatusOr<CleaningResult> result = Clean(cleaning, Metrics(), table->schema, table->array, {});
  if (!result.ok()) return std::string(result.status().message());
  std::string letters;
  for (const Verdict verdict : result->verdicts) letters += Word(verdict)[0];
  return letters;
}

// Ids that count on: as integers and as texts the same, whatever their number of digits.
TEST(CleaningValuesTest, TheLastOfSeveralGoesByTheValueOfItsId) {
  const CleaningRule last = Rule("again", DuplicateRule{{"who"}, DuplicateRule::Keep::kLast, ""}),
                     first = Rule("again", DuplicateRule{{"who"}, DuplicateRule::Keep::kFirst, ""});
  const auto of = [](const CleaningRule& rule, const std::vector<std::int64_t>& ids,
                     const std::string& prefix) {
    ForeignArray table;
    if (prefix.empty()) {
      FillColumn(&table.parts.emplace_back(), "id", "l", ids);
    } else {
      std::vector<std::optional<std::string>> texts;
      for (const std::int64_t id : ids) texts.push_back(prefix + std::to_string(id));
      FillTexts(&table.parts.emplace_back(), "id", "u", texts);
    }
    FillTexts(&table.parts.emplace_back(), "who", "u",
              std::vector<std::optional<std::string>>(ids.size(), "x"));
    return VerdictsOf(rule, &table, ids.size());
  };
  for (const char* const prefix : {"", "0", "r", "form-2-"}) {
    EXPECT_EQ(of(last, {8, 9, 10, 11}, prefix), "eeek") << prefix;
    EXPECT_EQ(of(last, {11, 10, 9, 8}, prefix), "keee") << prefix;
    EXPECT_EQ(of(first, {10, 9, 11}, prefix), "eke") << prefix;
    EXPECT_EQ(of(last, {99, 100}, prefix), "ek") << prefix;
  }
}

// An empty text is what files make of no value: respondents without a name are not the same one.
TEST(CleaningValuesTest, NobodyIsNotTheSameAsAnybody) {
  ForeignArray words, codes;
  FillColumn(&words.parts.emplace_back(), "id", "l", std::vector<std::int64_t>{1, 2, 3, 4, 5});
  FillTexts(&words.parts.emplace_back(), "who", "u", {"", "", std::nullopt, "x", "x"});
  EXPECT_EQ(VerdictsOf(Rule("again", DuplicateRule{{"who"}, DuplicateRule::Keep::kLast, ""}), &words, 5),
            "fffek");
  FillColumn(&codes.parts.emplace_back(), "id", "l", std::vector<std::int64_t>{1, 2, 3, 4, 5});
  FillDictionary(&codes.parts.emplace_back(), "who", "c", std::vector<std::int8_t>{0, 0, 1, 2, 2},
                 {"", std::nullopt, "x"});
  EXPECT_EQ(VerdictsOf(Rule("again", DuplicateRule{{"who"}, DuplicateRule::Keep::kLast, ""}), &codes, 5),
            "fffek");
}

// A response of which it is not known how long it should take cannot be judged.
TEST(CleaningValuesTest, AnInstrumentWithoutALimit) {
  const auto of = [](std::optional<std::int64_t> below) {
    ForeignArray table;
    FillColumn(&table.parts.emplace_back(), "id", "l", std::vector<std::int64_t>{1, 2, 3, 4, 5});
    FillColumn(&table.parts.emplace_back(), "ms", "l", std::vector<std::int64_t>{999, 1000, 1, 1, 1});
    FillTexts(&table.parts.emplace_back(), "form", "u", {"long", "long", "star", "other", std::nullopt});
    return VerdictsOf(Rule("time", SpeedRule{"ms", below, "form", {{"long", 1000}, {"star", 0}}}), &table, 5);
  };
  EXPECT_EQ(of(std::nullopt), "ekkff");
  EXPECT_EQ(of(0), "ekkkk");
  EXPECT_EQ(of(2), "ekkee");
}

TEST(CleaningValuesTest, AStayEndsAfterItBegan) {
  const auto of = [](std::int64_t from, std::int64_t until) {
    ForeignArray table;
    FillColumn(&table.parts.emplace_back(), "id", "l", std::vector<std::int64_t>{1});
    FillColumn(&table.parts.emplace_back(), "at", "l", std::vector<std::int64_t>{5});
    FillColumn(&table.parts.emplace_back(), "from", "l", std::vector<std::int64_t>{from});
    FillColumn(&table.parts.emplace_back(), "until", "l", std::vector<std::int64_t>{until});
    return VerdictsOf(Rule("stay", StayRule{"at", "from", "until"}), &table, 1);
  };
  EXPECT_EQ(of(5, 5), "k");
  EXPECT_EQ(of(6, 5),
            "row 0: the stay ends in column 'until' before it begins in column 'from' (rule 'stay')");
}

TEST(CleaningValuesTest, ARadiusIsNotBelowZero) {
  const auto of = [](double radius) {
    ForeignArray table;
    FillColumn(&table.parts.emplace_back(), "id", "l", std::vector<std::int64_t>{1});
    for (const char* const name : {"lat", "lon", "at_lat", "at_lon"})
      FillColumn(&table.parts.emplace_back(), name, "g", std::vector<double>{0});
    FillColumn(&table.parts.emplace_back(), "radius", "g", std::vector<double>{radius});
    DistanceRule rule;
    rule.latitude = "lat";
    rule.longitude = "lon";
    rule.store_latitude = "at_lat";
    rule.store_longitude = "at_lon";
    rule.radius_field = "radius";
    return VerdictsOf(Rule("far", rule), &table, 1);
  };
  EXPECT_EQ(of(0), "k");
  EXPECT_EQ(of(-1), "row 0: column 'radius': -1 m are no radius (rule 'far')");
}

// What a reviewer settled, no rule decided.
TEST(CleaningValuesTest, ADecisionTakesTheVerdictFromTheRule) {
  for (const auto outcome : {ReviewDecision::Outcome::kConfirmed, ReviewDecision::Outcome::kRejected}) {
    ForeignArray table;
    FillColumn(&table.parts.emplace_back(), "id", "l", std::vector<std::int64_t>{1, 2});
    FillColumn(&table.parts.emplace_back(), "ms", "l", std::vector<std::int64_t>{1, 1});
    FinishTable(&table, 2);
    Cleaning cleaning;
    cleaning.response_id = "id";
    cleaning.rules = {Rule("time", SpeedRule{"ms", 30000, "", {}})};
    cleaning.rules[0].action = Verdict::kQuarantined;
    CleaningOptions options;
    options.decisions.push_back({"1", outcome});
    const absl::StatusOr<CleaningResult> result =
        Clean(cleaning, Metrics(), table.schema, table.array, options);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->rules[0].met, 2);
    EXPECT_EQ(result->rules[0].decided, 1);
  }
}

}  // namespace
}  // namespace csat
