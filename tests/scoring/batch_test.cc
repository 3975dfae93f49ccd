#include "csat/scoring/batch.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "arrow/foreign_table.h"
#include "arrow/import.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::HasSubstr;

// One indicator whose points are the figure, a veto on a ticket that reaches the month, and one on the record.
Plan MakePlan(const std::string& veto_missing = "REFUSE") {
  const absl::StatusOr<Policy> policy = Policy::Parse(absl::StrCat(R"({
    "id": "small", "version": "1", "effective_from": "2025-01-01", "zone": "UTC",
    "metrics": [
      {"id": "quality", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 100, "number": {}},
      {"id": "leaks", "unit": "count", "direction": "LOWER_IS_BETTER", "min": 0, "number": {}},
      {"id": "times", "unit": "s", "direction": "LOWER_IS_BETTER", "min": 0, "events": {}},
      {"id": "solved", "unit": "share", "direction": "HIGHER_IS_BETTER", "ratio": {"numerator": [{"field": "yes"}],
        "denominator": [{"field": "all"}], "field": "solved"}}],
    "scorecards": [{"id": "card", "max_score": 100,
      "indicators": [{"id": "quality", "max_points": 100, "weight": 1, "metric": "quality",
        "score": {"linear": {"from": {"at": 0, "points": 0}, "to": {"at": 100, "points": 100}}},
        "missing": {"rule": "INSUFFICIENT"}}],
      "vetoes": [
        {"id": "leak", "when": {"compare": {"metric": "leaks", "op": "GE", "value": 2}}, "scope": "SUBJECT_PERIOD",
         "set_to": 0, "missing": {"rule": ")",
                                                                   veto_missing, R"("}},
        {"id": "slip", "when": {"compare": {"metric": "leaks", "op": "EQ", "value": 1}}, "scope": "RECORD",
         "cap_at": 50, "missing": {"rule": ")",
                                                                   veto_missing, R"("}}],
      "grading": {"basis": "EXACT", "bands": [{"id": "good", "from": 60}, {"id": "poor", "from": 0}]}},
    {"id": "waits", "max_score": 10, "indicators": [{"id": "wait", "max_points": 10, "weight": 1, "metric": "times",
        "score": {"linear": {"from": {"at": 60, "points": 0}, "to": {"at": 0, "points": 10}}},
        "each": {"kind": "MEAN"}, "missing": {"rule": "INSUFFICIENT"}}]},
    {"id": "share", "max_score": 10, "indicators": [{"id": "share", "max_points": 10, "weight": 1, "metric": "solved",
        "score": {"linear": {"from": {"at": 0, "points": 0}, "to": {"at": 1, "points": 10}}},
        "missing": {"rule": "INSUFFICIENT"}}]}]})"));
  EXPECT_TRUE(policy.ok()) << policy.status();
  absl::StatusOr<Plan> plan = Plan::Compile(*policy, "card");
  EXPECT_TRUE(plan.ok()) << plan.status();
  return *std::move(plan);
}

struct Released {
  ArrowSchema schema{};
  ArrowArray array{};
  ~Released() {
    if (schema.release != nullptr) schema.release(&schema);
    if (array.release != nullptr) array.release(&array);
  }
};

// "score grade outcome reason" of each row, or the error.
std::vector<std::string> Scored(const Plan& plan, ForeignArray* table, const BatchOptions& options = {}) {
  Released out;
  const absl::Status status = ScoreBatch(plan, table->schema, table->array, options, &out.schema, &out.array);
  if (!status.ok()) {
    EXPECT_EQ(out.schema.release, nullptr);
    EXPECT_EQ(out.array.release, nullptr);
    EXPECT_EQ(std::string(status.message()).find('\n'), std::string::npos);
    return {std::string(status.message())};
  }
  const absl::StatusOr<Table> made = Table::Import(out.schema, out.array);
  EXPECT_TRUE(made.ok()) << made.status();
  std::vector<std::string> rows;
  const Column score = *made->View(0), grade = *made->View(1), outcome = *made->View(2),
               reason = *made->View(3);
  for (std::int64_t row = 0; row < made->rows(); ++row) {
    std::string text = score.HasValue(row) ? absl::StrCat(LoadValue<double>(score.values, row)) : "null";
    for (const Column* column : {&grade, &outcome, &reason}) {
      absl::StrAppend(
          &text, " ",
          column->HasValue(row) ? std::string(column->of->Text(column->DictionaryIndex(row))) : "null");
    }
    rows.push_back(text);
  }
  return rows;
}

void FillTable(ForeignArray* table, const std::vector<double>& quality,
               const std::vector<std::int32_t>& leaks, const std::vector<bool>& null_leaks = {}) {
  FillColumn<double>(&table->parts.emplace_back(), "quality", "g", quality);
  FillColumn<std::int32_t>(&table->parts.emplace_back(), "leaks", "i", leaks, null_leaks);
  FinishTable(table, static_cast<std::int64_t>(quality.size()));
}

TEST(BatchTest, ScoresRows) {
  ForeignArray table;
  FillTable(&table, {60, 59.9999, 100, 75.5}, {0, 0, 1, 2});
  EXPECT_THAT(Scored(MakePlan(), &table),
              testing::ElementsAre("60 good scored ", "59.9999 poor scored ", "50 poor vetoed veto:slip",
                                   "0 poor vetoed veto:leak"));
}

TEST(BatchTest, NoRows) {
  ForeignArray table;
  FillTable(&table, {}, {});
  EXPECT_THAT(Scored(MakePlan(), &table), testing::IsEmpty());
}

// P2-43: a leak on one ticket zeroes that person's whole period, in whatever row and thread it stands.
TEST(BatchTest, VetoReachesSubjectAndPeriod) {
  const std::vector<std::optional<std::string>> people{"ann", "bob", "ann", "ann", "bob"};
  const std::vector<std::int32_t> months{1, 1, 1, 2, 2};
  const std::vector<std::string> alone{"80 good scored ", "80 good scored ", "0 poor vetoed veto:leak",
                                       "80 good scored ", "50 poor vetoed veto:slip"};
  const std::vector<std::string> together{"0 poor vetoed veto:leak", "80 good scored ",
                                          "0 poor vetoed veto:leak", "80 good scored ",
                                          "50 poor vetoed veto:slip"};
  for (const bool turned : {false, true}) {
    for (const int threads : {1, 4}) {
      // 700 rows between them, so that they fall to several threads.
      std::vector<std::optional<std::string>> subject;
      std::vector<std::int32_t> period, leaks;
      std::vector<double> quality;
      std::vector<std::size_t> at;
      for (std::size_t i = 0; i < 5; ++i) {
        const std::size_t from = turned ? 4 - i : i;
        at.push_back(subject.size());
        subject.push_back(people[from]);
        period.push_back(months[from]);
        quality.push_back(80);
        leaks.push_back(from == 2 ? 2 : from == 4 ? 1 : 0);
        for (int k = 0; k < 700; ++k) {
          subject.push_back("somebody else");
          period.push_back(k);
          quality.push_back(70);
          leaks.push_back(0);
        }
      }
      ForeignArray table;
      FillTable(&table, quality, leaks);
      FillTexts(&table.parts.emplace_back(), "person", "u", subject);
      FillColumn<std::int32_t>(&table.parts.emplace_back(), "month", "tdD", period);
      FinishTable(&table, static_cast<std::int64_t>(subject.size()));
      BatchOptions options;
      options.threads = threads;
      const std::vector<std::string> without = Scored(MakePlan(), &table, options);
      options.subject_column = "person";
      options.period_column = "month";
      const std::vector<std::string> with = Scored(MakePlan(), &table, options);
      ASSERT_EQ(with.size(), subject.size());
      for (std::size_t i = 0; i < 5; ++i) {
        const std::size_t from = turned ? 4 - i : i;
        EXPECT_EQ(without[at[i]], alone[from]) << from;
        EXPECT_EQ(with[at[i]], together[from]) << from;
        EXPECT_EQ(with[at[i] + 1], "70 good scored ");
      }
    }
  }
}

// A veto without data neither passes nor vanishes (keptn); where missing means veto, it reaches the period, too.
TEST(BatchTest, UnknownVetoReachesThePeriod) {
  ForeignArray table;
  FillTable(&table, {80, 80}, {0, 0}, {false, true});
  FillTexts(&table.parts.emplace_back(), "person", "U", {"ann", "ann"});
  FillDictionary<std::uint16_t>(&table.parts.emplace_back(), "month", "S", {0, 1}, {"2025-01", "2025-01"});
  FinishTable(&table, 2);
  BatchOptions options;
  options.subject_column = "person";
  options.period_column = "month";
  EXPECT_THAT(Scored(MakePlan("VETO"), &table, options),
              testing::ElementsAre("0 poor vetoed veto:leak", "0 poor vetoed unknown:leak"));
}

TEST(BatchTest, VetoWithoutASubjectIsABadRow) {
  ForeignArray table;
  FillTable(&table, {80, 80}, {0, 2});
  FillTexts(&table.parts.emplace_back(), "person", "vu", {"ann", std::nullopt});
  FillColumn<std::int64_t>(&table.parts.emplace_back(), "month", "l", {1, 1});
  FinishTable(&table, 2);
  BatchOptions options;
  options.subject_column = "person";
  options.period_column = "month";
  EXPECT_THAT(Scored(MakePlan(), &table, options),
              testing::ElementsAre(
                  "row 1: a veto that reaches a subject's whole period fired, and the row has no subject"));
  options.bad_rows = BatchOptions::BadRows::kRefuse;
  EXPECT_THAT(Scored(MakePlan(), &table, options),
              testing::ElementsAre("80 good scored ", "null null refused bad_value"));
}

struct Wrong {
  const char* name;
  std::function<void(ForeignArray* table, BatchOptions* options)> harm;
  const char* message;
};

class WrongBatchTest : public testing::TestWithParam<Wrong> {};

TEST_P(WrongBatchTest, IsRefused) {
  ForeignArray table;
  FillTable(&table, {60, 70, 80}, {0, 0, 0});
  BatchOptions options;
  GetParam().harm(&table, &options);
  const std::vector<std::string> rows = Scored(MakePlan(), &table, options);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_THAT(rows[0], HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Batches, WrongBatchTest,
    testing::ValuesIn<Wrong>({
        {"NoThreads", [](ForeignArray*, BatchOptions* o) { o->threads = 0; },
         "threads 0 lies outside [1, 256]"},
        {"TooManyThreads", [](ForeignArray*, BatchOptions* o) { o->threads = 257; },
         "threads 257 lies outside [1, 256]"},
        {"ReasonsNegative", [](ForeignArray*, BatchOptions* o) { o->top_reasons = -1; },
         "top_reasons -1 lies outside [0, 16]"},
        {"TooManyReasons", [](ForeignArray*, BatchOptions* o) { o->top_reasons = 17; },
         "top_reasons 17 lies outside [0, 16]"},
        {"OneKey", [](ForeignArray*, BatchOptions* o) { o->subject_column = "x"; },
         "both or none have to be named"},
        {"NoKeyColumn",
         [](ForeignArray*, BatchOptions* o) {
           o->subject_column = "x";
           o->period_column = "quality";
         },
         "key column 'x' is missing"},
        {"KeyIsNoKey",
         [](ForeignArray*, BatchOptions* o) {
           o->subject_column = "leaks";
           o->period_column = "quality";
         },
         "key column 'quality' holds no keys"},
        {"MissingColumn", [](ForeignArray* t, BatchOptions*) { t->parts[1].schema.name = "leak"; },
         "column 'leaks' is missing: scorecard 'card' needs it"},
        {"ColumnTwice", [](ForeignArray* t, BatchOptions*) { t->parts[1].schema.name = "quality"; },
         "column 'quality' is there twice"},
        {"WordsForNumbers",
         [](ForeignArray* t, BatchOptions*) {
           FillTexts(&t->parts.emplace_back(), "x", "u", {"a", "b", "c"});
           FinishTable(t, 3);
           t->parts[0].schema.name = "other";
           t->parts[2].schema.name = "quality";
         },
         "column 'quality' has words, the plan reads numbers there"},
        {"DatesForNumbers", [](ForeignArray* t, BatchOptions*) { t->parts[1].schema.format = "tdD"; },
         "column 'leaks' has dates, the plan reads numbers there"},
        {"BrokenColumn", [](ForeignArray* t, BatchOptions*) { t->parts[1].array.null_count = 2; },
         "column 'leaks': null count 2"},
    }),
    [](const auto& info) { return info.param.name; });

// The first bad row in row order, however many threads look.
TEST(BatchTest, NamesTheFirstBadRow) {
  std::vector<double> quality(5000, 50);
  quality[4999] = -1;
  quality[3001] = 101;
  quality[3000] = 100.5;
  for (const int threads : {1, 2, 3, 8}) {
    ForeignArray table;
    FillTable(&table, quality, std::vector<std::int32_t>(5000, 0));
    BatchOptions options;
    options.threads = threads;
    EXPECT_THAT(
        Scored(MakePlan(), &table, options),
        testing::ElementsAre("row 3000: field 'quality': 100.5 lies outside [0, 100] of metric 'quality'"));
  }
}

TEST(BatchTest, ARatioNeedsOneOfItsForms) {
  const Plan plan = *Plan::Compile(MakePlan().policy(), "share");
  ForeignArray counts, figure, neither;
  FillColumn<std::int32_t>(&counts.parts.emplace_back(), "yes", "i", {1, 0});
  FillColumn<std::int32_t>(&counts.parts.emplace_back(), "all", "i", {4, 0});
  FinishTable(&counts, 2);
  EXPECT_THAT(Scored(plan, &counts),
              testing::ElementsAre("2.5 null scored ", "null null insufficient missing:share"));
  FillColumn<float>(&figure.parts.emplace_back(), "solved", "f", {0.25f, 1});
  FinishTable(&figure, 2);
  EXPECT_THAT(Scored(plan, &figure), testing::ElementsAre("2.5 null scored ", "10 null scored "));
  FillColumn<std::int32_t>(&neither.parts.emplace_back(), "yes", "i", {1, 0});
  FinishTable(&neither, 2);
  EXPECT_THAT(Scored(plan, &neither),
              testing::ElementsAre(HasSubstr("is missing: scorecard 'share' needs it")));
}

TEST(BatchTest, ScoresListsOfEvents) {
  const Plan plan = *Plan::Compile(MakePlan().policy(), "waits");
  ForeignArray table;
  FillLists<std::int16_t>(&table.parts.emplace_back(), "times", "+l", "s", {{0, 30}, {}, {60}});
  FinishTable(&table, 3);
  EXPECT_THAT(
      Scored(plan, &table),
      testing::ElementsAre("7.5 null scored ", "null null insufficient missing:wait", "0 null scored "));
  ForeignArray nulls;
  FillLists<double>(&nulls.parts.emplace_back(), "times", "+l", "g", {{1, 2}});
  nulls.parts[0].parts[0].buffers[0] = nulls.KeepBits({true, false});
  nulls.parts[0].parts[0].array.null_count = 1;
  FinishTable(&nulls, 1);
  EXPECT_THAT(Scored(plan, &nulls),
              testing::ElementsAre(
                  "row 0: field 'times': NaN is not a number; leave the field empty if it is missing"));
}

TEST(BatchTest, AnAllNullColumnIsMissingEverywhere) {
  ForeignArray table;
  FillColumn<double>(&table.parts.emplace_back(), "quality", "g", {60, 70});
  table.parts.emplace_back();
  table.parts[1].name = "leaks";
  table.parts[1].format = "n";
  table.parts[1].Finish(2);
  table.parts[1].array.null_count = 2;
  FinishTable(&table, 2);
  EXPECT_THAT(Scored(MakePlan(), &table),
              testing::ElementsAre("null null refused unknown:leak", "null null refused unknown:leak"));
}

}  // namespace
}  // namespace csat
