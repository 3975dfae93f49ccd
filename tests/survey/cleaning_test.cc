// G-6, P1-30, P1-31, P2-57 to P2-61, P2-84, A-56, A-57, A-129. Random input beside a plain reference is in
// bindings/python/tests/test_cleaning_reference.py.
#include "csat/survey/cleaning.h"

#include <cmath>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "arrow/foreign_table.h"
#include "csat/survey/selection.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kItems = 8;

std::vector<std::string> ItemIds() {
  std::vector<std::string> ids;
  for (int i = 1; i <= kItems; ++i) ids.push_back("q" + std::to_string(i));
  return ids;
}

std::vector<Metric> Metrics() {
  const Scale scale = *Scale::Create("five", Decimal::FromInteger(1), Decimal::FromInteger(5), true,
                                     Direction::kHigherIsBetter);
  std::vector<Metric> metrics;
  for (const std::string& id : ItemIds()) {
    Metric metric;
    metric.id = id;
    metric.scale = scale;
    metric.min = scale.min();
    metric.max = scale.max();
    metric.form = NumberForm{id};
    metrics.push_back(metric);
  }
  Metric said;
  said.id = "said";
  said.form = TextForm{"said", {}};
  metrics.push_back(said);
  return metrics;
}

// 0: a blank.
struct Response {
  std::vector<std::int32_t> answers = {3, 4, 3, 4, 3, 4, 3, 4};
  std::string said;
  std::int64_t duration = 60000, submitted = 35, from = 2, until = 40;
  bool test = false;
};

class Responses {
 public:
  explicit Responses(const std::vector<Response>& rows) {
    std::vector<std::optional<std::string>> ids, said;
    std::vector<std::int64_t> duration, submitted, from, until;
    std::vector<bool> test;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ids.emplace_back("r" + std::to_string(i));
      said.push_back(rows[i].said.empty() ? std::nullopt : std::optional<std::string>(rows[i].said));
      duration.push_back(rows[i].duration);
      submitted.push_back(rows[i].submitted);
      from.push_back(rows[i].from);
      until.push_back(rows[i].until);
      test.push_back(rows[i].test);
    }
    FillTexts(&table_.parts.emplace_back(), "response_id", "u", ids);
    FillTexts(&table_.parts.emplace_back(), "said", "u", said);
    for (int item = 0; item < kItems; ++item) {
      std::vector<std::int32_t> answers;
      std::vector<bool> blank;
      for (const Response& row : rows) {
        answers.push_back(row.answers[static_cast<std::size_t>(item)]);
        blank.push_back(answers.back() == 0);
      }
      FillColumn(&table_.parts.emplace_back(), "q" + std::to_string(item + 1), "i", answers, blank);
    }
    FillColumn(&table_.parts.emplace_back(), "duration_ms", "l", duration);
    FillColumn(&table_.parts.emplace_back(), "submitted_at", "l", submitted);
    FillColumn(&table_.parts.emplace_back(), "stay_from", "l", from);
    FillColumn(&table_.parts.emplace_back(), "stay_until", "l", until);
    FillBits(&table_.parts.emplace_back(), "is_test", test);
    FinishTable(&table_, static_cast<std::int64_t>(rows.size()));
  }

  absl::StatusOr<CleaningResult> Clean(const Cleaning& cleaning, const CleaningOptions& options = {}) const {
    return csat::Clean(cleaning, Metrics(), table_.schema, table_.array, options);
  }

 private:
  ForeignArray table_;
};

template <typename Form>
CleaningRule Rule(std::string id, Verdict action, Form form) {
  CleaningRule rule;
  rule.id = std::move(id);
  rule.action = action;
  rule.form = std::move(form);
  return rule;
}

Cleaning Of(std::vector<CleaningRule> rules) {
  Cleaning cleaning;
  cleaning.response_id = "response_id";
  cleaning.rules = std::move(rules);
  return cleaning;
}

CleaningRule Contradiction() {
  Predicate said, one, both;
  said.kind = Predicate::Kind::kText;
  said.metric = "said";
  said.text = "very satisfied";
  one.kind = Predicate::Kind::kNumber;
  one.metric = "q1";
  one.value = Decimal::FromInteger(1);
  both.of = {said, one};
  return Rule("R1", Verdict::kExcluded, ContradictionRule{both});
}

std::string Words(const CleaningResult& result) {
  std::string words;
  for (const Verdict verdict : result.verdicts) words += Word(verdict)[0];
  return words;
}

// No rule sees responses whose ids are not known: duplicates are told apart by them.
TEST(CleaningTest, IdsThatAreMissingOrThereTwiceEndTheCleaning) {
  DuplicateRule same;
  same.keys = {"submitted_at"};
  Cleaning cleaning = Of({Rule("again", Verdict::kExcluded, same)});
  cleaning.response_id = "said";
  std::vector<Response> rows(40);
  rows[0].said = "a";
  EXPECT_EQ(Responses(rows).Clean(cleaning).status().message(),
            "row 1: column 'said': the id is missing or holds a zero byte");
  for (Response& row : rows) row.said = "a";
  EXPECT_EQ(Responses(rows).Clean(cleaning).status().message(),
            "row 1: column 'said': id 'a' is that of row 0 too");
}

// Ten questionnaires of eight items: 14:02 to 14:40 are 2 to 40, 15:10 is 70.
TEST(CleaningTest, ScenarioG6) {
  std::vector<Response> rows(10);
  rows[0].said = "very satisfied";
  rows[0].answers[0] = 1;
  rows[1].duration = 29999;
  rows[2].duration = 30000;
  rows[3].answers.assign(kItems, 5);
  rows[4].submitted = 70;
  Cleaning cleaning =
      Of({Contradiction(), Rule("time", Verdict::kExcluded, SpeedRule{"duration_ms", 30000, "", {}}),
          Rule("presence", Verdict::kExcluded, StayRule{"submitted_at", "stay_from", "stay_until"}),
          Rule("extreme", Verdict::kQuarantined, AllExtremeRule{ItemIds(), 5})});
  cleaning.review = ReviewPlan{*Decimal::Parse("0.1"), "2025-03"};
  const Responses responses(rows);
  const absl::StatusOr<CleaningResult> result = responses.Clean(cleaning);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(Words(*result), "eekqekkkkk");
  EXPECT_THAT(result->counts, ElementsAre(6, 0, 1, 3));
  EXPECT_EQ(result->deciding, (std::vector<std::int16_t>{0, 1, -1, 3, 2, -1, -1, -1, -1, -1}));
  ASSERT_TRUE(result->review.has_value());
  EXPECT_THAT(result->review->drawn, ElementsAre(1, 0));
  EXPECT_EQ(result->review->rows.size(), 1u);
  EXPECT_EQ(result->review->commitment, SeedCommitment("2025-03"));
  ASSERT_EQ(result->ledger.size(), 4u);
  EXPECT_EQ(result->ledger[1].value, 29999.0);
  for (const int threads : {2, 7}) {
    CleaningOptions options;
    options.threads = threads;
    const absl::StatusOr<CleaningResult> again = responses.Clean(cleaning, options);
    EXPECT_EQ(Words(*again), Words(*result));
    EXPECT_EQ(again->review->rows, result->review->rows);
  }
}

// The gravest verdict counts, the first rule that says it decides, and the ledger names all.
TEST(CleaningTest, EveryRuleIsInTheLedger) {
  std::vector<Response> rows(2);
  rows[0].answers.assign(kItems, 5);
  rows[0].duration = 1;
  const auto result =
      Responses(rows).Clean(Of({Rule("line", Verdict::kFlagged, StraightLineRule{ItemIds(), 5}),
                                Rule("extreme", Verdict::kQuarantined, AllExtremeRule{ItemIds(), 5}),
                                Rule("time", Verdict::kExcluded, SpeedRule{"duration_ms", 30000, "", {}}),
                                Rule("faster", Verdict::kExcluded, SpeedRule{"duration_ms", 1000, "", {}})}));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(Words(*result), "ek");
  ASSERT_EQ(result->ledger.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(result->ledger[i].rule, static_cast<int>(i));
    EXPECT_EQ(result->ledger[i].deciding, i == 2);
  }
  EXPECT_EQ(result->rules[3].met, 1);
  EXPECT_EQ(result->rules[3].decided, 0);
}

struct EdgeOfConsistency {
  const char* name;
  std::vector<std::int32_t> answers;
  std::vector<int> parts;  // Items of each.
  std::int64_t below_micros;
  bool met;
};

class EvenOddEdgeTest : public ::testing::TestWithParam<EdgeOfConsistency> {};

// Met strictly below the limit, decided without rounding.
TEST_P(EvenOddEdgeTest, IsStrict) {
  const std::vector<std::string> ids = ItemIds();
  Response row;
  row.answers = GetParam().answers;
  EvenOddRule halves;
  std::size_t at = 0;
  for (const int items : GetParam().parts) {
    halves.parts.emplace_back(ids.begin() + static_cast<std::ptrdiff_t>(at),
                              ids.begin() + static_cast<std::ptrdiff_t>(at) + items);
    at += static_cast<std::size_t>(items);
  }
  halves.below = Decimal::FromMicros(GetParam().below_micros);
  const auto result = Responses({row}).Clean(Of({Rule("halves", Verdict::kFlagged, halves)}));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->rules[0].met, GetParam().met ? 1 : 0);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, EvenOddEdgeTest,
    ::testing::Values(
        // Odd 3/2, 5, 4 and even 2, 1, 5: deviations -2, 3/2, 1/2 and -2/3, -5/3, 7/3, products 4/3, -5/2 and 7/6.
        // Binary fractions add them up to -2e-16.
        EdgeOfConsistency{"NothingInCommonIsNotBelowZero", {1, 2, 2, 5, 1, 5, 4, 5}, {3, 3, 2}, 0, false},
        EdgeOfConsistency{"NothingInCommonIsBelowAMillionth", {1, 2, 2, 5, 1, 5, 4, 5}, {3, 3, 2}, 1, true},
        EdgeOfConsistency{"OpposedIsBelowZero", {1, 3, 1, 3, 2, 2, 3, 1}, {4, 2, 2}, 0, true},
        EdgeOfConsistency{"OpposedIsNotBelowMinusOne", {1, 3, 1, 3, 2, 2, 3, 1}, {4, 2, 2}, -1000000, false},
        // r = 11/14 and 2 r / (1 + r) = 0.88.
        EdgeOfConsistency{"AtTheLimit", {1, 2, 1, 2, 2, 1, 4, 4}, {4, 2, 2}, 880000, false},
        EdgeOfConsistency{"JustBelowTheLimit", {1, 2, 1, 2, 2, 1, 4, 4}, {4, 2, 2}, 880001, true},
        EdgeOfConsistency{"AgreementIsNotBelowOne", {1, 1, 1, 1, 2, 2, 4, 4}, {4, 2, 2}, 1000000, false}),
    [](const auto& info) { return info.param.name; });

struct IndexCase {
  const char* name;
  std::vector<std::int32_t> answers;
  std::optional<double> run, deviation, even_odd;
};

class AnswerIndexTest : public ::testing::TestWithParam<IndexCase> {};

// By hand, from the definitions of careless: longstring(), irv(), -evenodd() of factors 4, 2, 2.
TEST_P(AnswerIndexTest, AsDefined) {
  Response row;
  row.answers = GetParam().answers;
  const std::vector<std::string> ids = ItemIds();
  EvenOddRule halves;
  halves.parts = {{ids[0], ids[1], ids[2], ids[3]}, {ids[4], ids[5]}, {ids[6], ids[7]}};
  halves.below = Decimal::FromInteger(2);
  const auto result = Responses({row}).Clean(
      Of({Rule("run", Verdict::kFlagged, LongStringRule{ids, 1}),
          Rule("still", Verdict::kFlagged, VariabilityRule{ids, Decimal::FromInteger(100), std::nullopt}),
          Rule("halves", Verdict::kFlagged, halves)}));
  ASSERT_TRUE(result.ok()) << result.status();
  std::optional<double> values[3];
  for (const CleaningLine& line : result->ledger) values[line.rule] = line.value;
  const std::optional<double> wanted[] = {GetParam().run, GetParam().deviation, GetParam().even_odd};
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(values[i].has_value(), wanted[i].has_value()) << i;
    if (wanted[i].has_value()) {
      EXPECT_NEAR(*values[i], *wanted[i], 1e-15) << i;
    }
    EXPECT_EQ(result->rules[static_cast<std::size_t>(i)].unknown, wanted[i].has_value() ? 0 : 1) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, AnswerIndexTest,
    ::testing::Values(
        // Halves 1, 2, 4 against 1, 2, 4: r is 1.
        IndexCase{"Agrees", {1, 1, 1, 1, 2, 2, 4, 4}, 4, std::sqrt(96.0 / 56), 1},
        // Odd 1, 2, 3 against even 3, 2, 1: r is -1, and 2 r / (1 + r) is held at -1.
        IndexCase{"Opposes", {1, 3, 1, 3, 2, 2, 3, 1}, 2, std::sqrt(48.0 / 56), -1},
        // Odd 1, 2, 4 against even 2, 1, 4: r = 11 / 14, and 22 / 25.
        IndexCase{"Mostly", {1, 2, 1, 2, 2, 1, 4, 4}, 2, std::sqrt(87.0 / 56), 0.88},
        IndexCase{"AllTheSame", {3, 3, 3, 3, 3, 3, 3, 3}, 8, 0, std::nullopt},
        // A blank ends the run, and a part without one half does not count.
        IndexCase{"ABlankInTheRun", {2, 2, 2, 0, 2, 2, 0, 5}, 3, std::sqrt(45.0 / 30), std::nullopt},
        IndexCase{"OneAnswer", {0, 0, 4, 0, 0, 0, 0, 0}, 1, std::nullopt, std::nullopt},
        IndexCase{"None", {0, 0, 0, 0, 0, 0, 0, 0}, std::nullopt, std::nullopt, std::nullopt}),
    [](const auto& info) { return info.param.name; });

// Squares of the deviation are compared without a root: 1 and 5 deviate by sqrt(8) = 2.828427124...
TEST(CleaningTest, VariabilityIsExactAtItsLimit) {
  Response row;
  row.answers = {1, 5, 0, 0, 0, 0, 0, 0};
  for (const auto& [above, met] : {std::pair("2.828427", 1), std::pair("2.828428", 0)}) {
    const auto result = Responses({row}).Clean(Of(
        {Rule("wide", Verdict::kFlagged, VariabilityRule{ItemIds(), std::nullopt, Decimal::Parse(above)})}));
    EXPECT_EQ(result->rules[0].met, met) << above;
  }
  row.answers = {1, 3, 0, 0, 0, 0, 0, 0};  // sqrt(2)
  for (const auto& [below, met] : {std::pair("1.414213", 0), std::pair("1.414214", 1)}) {
    const auto result = Responses({row}).Clean(Of(
        {Rule("still", Verdict::kFlagged, VariabilityRule{ItemIds(), Decimal::Parse(below), std::nullopt})}));
    EXPECT_EQ(result->rules[0].met, met) << below;
  }
}

// The sum of the squared distances is k (n - 1), whatever the answers.
TEST(CleaningTest, MahalanobisDistancesAddUp) {
  std::vector<Response> rows(200);
  std::uint32_t state = 1;
  for (Response& row : rows) {
    for (std::int32_t& answer : row.answers) {
      state = state * 1664525 + 1013904223;
      answer = static_cast<std::int32_t>(state >> 16) % 5 + 1;
    }
  }
  rows[7].answers[2] = 0;
  const auto result = Responses(rows).Clean(
      Of({Rule("far", Verdict::kFlagged, MahalanobisRule{ItemIds(), *Decimal::Parse("0.000001")})}));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->rules[0].unknown, 1);
  double sum = 0;
  for (const CleaningLine& line : result->ledger) sum += *line.value;
  EXPECT_NEAR(sum, kItems * (199.0 - 1), 1e-9);
}

TEST(CleaningTest, NoDistanceWithoutAReason) {
  std::vector<Response> rows(30);
  std::uint32_t state = 7;
  for (Response& row : rows) {
    for (std::int32_t& answer : row.answers) {
      state = state * 1664525 + 1013904223;
      answer = static_cast<std::int32_t>(state >> 16) % 5 + 1;
    }
    row.answers[4] = 3;
  }
  const Cleaning cleaning =
      Of({Rule("far", Verdict::kFlagged, MahalanobisRule{ItemIds(), *Decimal::Parse("0.99")})});
  const auto constant = Responses(rows).Clean(cleaning);
  ASSERT_TRUE(constant->rules[0].gap.has_value());
  EXPECT_EQ(constant->rules[0].gap->reason, Gap::Reason::kConstant);
  EXPECT_THAT(constant->rules[0].gap->items, ElementsAre(4));
  EXPECT_EQ(constant->rules[0].unknown, 30);
  rows.resize(1);
  EXPECT_EQ(Responses(rows).Clean(cleaning)->rules[0].gap->reason, Gap::Reason::kTooFew);
  rows.clear();
  EXPECT_TRUE(Responses(rows).Clean(cleaning)->rules[0].gap.has_value());
}

// 42 forms: 37 ok, 4 doubtful, 1 invalid; all doubtful ones settled before scoring.
TEST(CleaningTest, DoubtfulOnesAreSettled) {
  std::vector<Response> rows(42);
  for (std::size_t i = 0; i < 4; ++i) rows[i].answers.assign(kItems, 3);
  rows[41].duration = 1;
  Cleaning cleaning = Of({Rule("same", Verdict::kFlagged, StraightLineRule{ItemIds(), 5}),
                          Rule("time", Verdict::kExcluded, SpeedRule{"duration_ms", 30000, "", {}})});
  cleaning.settle_doubtful = true;
  const Responses responses(rows);
  CleaningOptions options;
  EXPECT_THAT(responses.Clean(cleaning)->counts, ElementsAre(37, 4, 0, 1));
  using Outcome = ReviewDecision::Outcome;
  options.decisions = {{"r0", Outcome::kConfirmed}, {"r1", Outcome::kCorrected}, {"r2", Outcome::kConfirmed}};
  const auto open = responses.Clean(cleaning, options);
  EXPECT_EQ(open->open, 1);
  EXPECT_EQ(open->MayBeScored().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(open->MayBeScored().message()), HasSubstr("1 of 42 responses are doubtful"));
  options.decisions.push_back({"r3", Outcome::kRejected});
  const auto settled = responses.Clean(cleaning, options);
  EXPECT_TRUE(settled->MayBeScored().ok());
  EXPECT_THAT(settled->counts, ElementsAre(40, 0, 0, 2));
  EXPECT_EQ(settled->deciding[3], -2);
}

TEST(CleaningTest, FiguresBeforeAndAfter) {
  std::vector<Response> rows(5);
  rows[0].answers.assign(kItems, 5);
  rows[1].duration = 1;
  rows[1].answers[0] = 1;
  rows[2].test = true;
  rows[2].answers[0] = 5;
  Cleaning cleaning = Of({Rule("test", Verdict::kExcluded, TestRecordRule{"is_test"}),
                          Rule("extreme", Verdict::kQuarantined, AllExtremeRule{ItemIds(), 5}),
                          Rule("time", Verdict::kExcluded, SpeedRule{"duration_ms", 30000, "", {}})});
  cleaning.figures = {{"mean", Label(), "q1", std::nullopt, std::nullopt},
                      {"net", Label(), "q1", Decimal::FromInteger(5), Decimal::FromInteger(1)}};
  const auto result = Responses(rows).Clean(cleaning);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->test_records, 1);
  const FigureComparison& mean = result->figures[0];
  EXPECT_EQ(mean.before.value->ToString(2), "3.00");            // 5, 1, 3, 3
  EXPECT_EQ(mean.after.value->ToString(2), "3.00");             // 3, 3
  EXPECT_EQ(mean.with_quarantined.value->ToString(2), "3.67");  // 5, 3, 3
  EXPECT_EQ(mean.step[1].value->ToString(2), "2.33");
  EXPECT_EQ(mean.step[2].value->ToString(2), "3.00");
  EXPECT_EQ(mean.without[2].value->ToString(2), "3.67");
  EXPECT_EQ(result->figures[1].before.value->ToString(2), "0.00");
  EXPECT_EQ(result->figures[1].with_quarantined.value->ToString(2), "0.33");
}

TEST(CleaningTest, AccuracyOfAReview) {  // P2-59
  EXPECT_EQ(ReviewAccuracy(124, 120)->ToString(1, 100), "96.8");
  EXPECT_FALSE(ReviewAccuracy(0, 0).has_value());
  EXPECT_FALSE(ReviewAccuracy(3, 4).has_value());
}

TEST(CleaningTest, FieldsAreNamedOnce) {
  const Cleaning cleaning =
      Of({Contradiction(), Rule("time", Verdict::kExcluded, SpeedRule{"duration_ms", 1, "", {}}),
          Rule("double", Verdict::kExcluded, DuplicateRule{{"said"}, {}, "duration_ms"})});
  std::string names;
  for (const CleaningField& field : CleaningFields(cleaning, Metrics()))
    names += field.name + std::to_string(static_cast<int>(field.type)) + " ";
  EXPECT_EQ(names, "response_id0 said0 q11 duration_ms2 ");
}

TEST(CleaningTest, ExportsWhatItFound) {
  std::vector<Response> rows(3);
  rows[1].duration = 1;
  const auto result =
      Responses(rows).Clean(Of({Rule("time", Verdict::kExcluded, SpeedRule{"duration_ms", 30000, "", {}})}));
  ArrowSchema schema{};
  ArrowArray array{};
  ASSERT_TRUE(ExportVerdicts(*result, &schema, &array).ok());
  EXPECT_EQ(array.length, 3);
  EXPECT_EQ(static_cast<const std::int32_t*>(array.children[0]->buffers[1])[1], 3);
  EXPECT_EQ(array.children[1]->null_count, 2);
  schema.release(&schema);
  array.release(&array);
  ASSERT_TRUE(ExportLedger(*result, &schema, &array).ok());
  EXPECT_EQ(array.length, 1);
  EXPECT_STREQ(schema.children[6]->name, "value");
  EXPECT_EQ(static_cast<const double*>(array.children[6]->buffers[1])[0], 1.0);
  schema.release(&schema);
  array.release(&array);
}

TEST(CleaningTest, Refuses) {
  Response row;
  row.answers[0] = 6;
  Cleaning lines = Of({Rule("line", Verdict::kFlagged, StraightLineRule{ItemIds(), 5})});
  const auto words = [](const absl::StatusOr<CleaningResult>& result) {
    return std::string(result.status().message());
  };
  EXPECT_THAT(words(Responses({row}).Clean(lines)),
              HasSubstr("row 0: column 'q1': 6 lies outside [1, 5] of item 'q1' (rule 'line')"));
  EXPECT_THAT(words(Responses({Response()})
                        .Clean(Of({Rule("time", Verdict::kFlagged, SpeedRule{"seconds", 30, "", {}})}))),
              HasSubstr("column 'seconds' is missing (rule 'time')"));
  CleaningOptions options;
  options.threads = 0;
  EXPECT_THAT(words(Responses({Response()}).Clean(lines, options)),
              HasSubstr("threads 0 lies outside [1, 256]"));
  options.threads = 1;
  options.decisions = {{"r0", ReviewDecision::Outcome::kConfirmed}};
  EXPECT_THAT(words(Responses({Response()}).Clean(lines, options)), HasSubstr("'r0' is kept, not doubtful"));
  options.decisions.clear();
  options.seed = "2025-03";
  EXPECT_THAT(words(Responses({Response()}).Clean(lines, options)),
              HasSubstr("seed '2025-03': the cleaning draws no review"));
  lines.review.emplace();
  EXPECT_TRUE(Responses({Response()}).Clean(lines, options).ok());
  // With a rule that speaks of it, it is no answer to the others.
  const auto ranged =
      Responses({row}).Clean(Of({Rule("line", Verdict::kFlagged, StraightLineRule{ItemIds(), 5}),
                                 Rule("range", Verdict::kExcluded, OutOfRangeRule{ItemIds()})}));
  EXPECT_EQ(Words(*ranged), "e");
}

}  // namespace
}  // namespace csat
