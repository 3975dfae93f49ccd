// Aggregates as tables; their spec as a document; joint moments turned about.
// P2-54
#include "csat/measure/aggregate_table.h"

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "arrow/foreign_table.h"
#include "arrow/import.h"
#include "csat/measure/aggregate_spec_json.h"
#include "csat/measure/reliability.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "measure/answers.h"

namespace csat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// An exported table and a view of it.
struct Exported {
  ArrowSchema schema{};
  ArrowArray array{};
  ~Exported() {
    if (schema.release != nullptr) schema.release(&schema);
    if (array.release != nullptr) array.release(&array);
  }
  Column ColumnOf(const char* name) const {
    const absl::StatusOr<Table> table = Table::Import(schema, array);
    EXPECT_TRUE(table.ok()) << table.status();
    const absl::StatusOr<Column> column = table->View(table->Find(name));
    EXPECT_TRUE(column.ok()) << name << ": " << column.status();
    return *column;
  }
  std::vector<std::string> Words(const char* name) const {
    const Column column = ColumnOf(name);
    std::vector<std::string> words;
    for (std::int64_t row = 0; row < column.length; ++row) {
      words.push_back(column.HasValue(row) ? std::string(column.of->Text(column.DictionaryIndex(row))) : "-");
    }
    return words;
  }
  std::vector<std::int64_t> Numbers(const char* name) const {
    const Column column = ColumnOf(name);
    std::vector<std::int64_t> numbers;
    for (std::int64_t row = 0; row < column.length; ++row)
      numbers.push_back(column.HasValue(row) ? LoadValue<std::int64_t>(column.values, row) : -1);
    return numbers;
  }
};

Aggregates Made(const char* spec) {
  absl::StatusOr<AggregateSpec> read = ReadAggregateSpec(spec);
  EXPECT_TRUE(read.ok()) << read.status();
  absl::StatusOr<Aggregates> made = Aggregates::Create(*std::move(read));
  EXPECT_TRUE(made.ok()) << made.status();
  return *std::move(made);
}

constexpr char kByKey[] =
    R"({"by": ["key"], "items": [{"id": "q", "min": -0.5, "max": 1, "decimal_places": 1}]})";

// Rows of a key column, filled by `fill`, and of q.
template <typename Fill>
void Add(Fill fill, const std::vector<double>& q, Aggregates* aggregates) {
  ForeignArray table;
  table.format = "+s";
  fill(&table.parts.emplace_back());
  FillColumn(&table.parts.emplace_back(), "q", "g", q);
  table.buffers = {nullptr};
  table.Finish(static_cast<std::int64_t>(q.size()));
  const absl::Status status = aggregates->Add(table.schema, table.array);
  ASSERT_TRUE(status.ok()) << status;
}

TEST(AggregateTableTest, KeysKeepTheirTypes) {
  Aggregates words = Made(kByKey), bits = Made(kByKey), days = Made(kByKey), nulls = Made(kByKey);
  Add([](ForeignArray* key) { FillTexts(key, "key", "u", {"b", std::nullopt, "a"}); }, {1, 0.5, 0}, &words);
  Add([](ForeignArray* key) { FillBits(key, "key", {true, false, true}); }, {1, 0.5, 0}, &bits);
  Add([](ForeignArray* key) { FillColumn<std::int32_t>(key, "key", "tdD", {20000, 1}); }, {1, 0.5}, &days);
  Add([](ForeignArray* key) { FillTexts(key, "key", "u", {std::nullopt}); }, {1}, &nulls);
  {
    Exported table;
    ASSERT_TRUE(ExportGroups(words, &table.schema, &table.array).ok());
    EXPECT_THAT(table.Words("key"), ElementsAre("-", "a", "b"));
    EXPECT_THAT(table.Numbers("rows"), ElementsAre(1, 1, 1));
  }
  {
    Exported table;
    ASSERT_TRUE(ExportGroups(bits, &table.schema, &table.array).ok());
    EXPECT_EQ(std::string(table.schema.children[0]->format), "b");
    EXPECT_EQ(*static_cast<const std::uint8_t*>(table.array.children[0]->buffers[1]) & 3, 2);
    EXPECT_THAT(table.Numbers("rows"), ElementsAre(1, 2));
  }
  {
    Exported table;
    ASSERT_TRUE(ExportGroups(days, &table.schema, &table.array).ok());
    EXPECT_EQ(std::string(table.schema.children[0]->format), "tdD");
    EXPECT_EQ(static_cast<const std::int32_t*>(table.array.children[0]->buffers[1])[1], 20000);
  }
  {
    Exported table;
    ASSERT_TRUE(ExportGroups(nulls, &table.schema, &table.array).ok());
    EXPECT_THAT(table.Words("key"), ElementsAre("-"));
  }
  // A column that held numbers here and words there is of words.
  Add([](ForeignArray* key) { FillColumn<std::int64_t>(key, "key", "l", {7, -3}); }, {1, 1}, &words);
  Add([](ForeignArray* key) { FillBits(key, "key", {true}); }, {1}, &words);
  Add([](ForeignArray* key) { FillColumn<std::int32_t>(key, "key", "tdD", {0}); }, {1}, &words);
  Exported table;
  ASSERT_TRUE(ExportGroups(words, &table.schema, &table.array).ok());
  EXPECT_THAT(table.Words("key"), ElementsAre("-", "true", "-3", "7", "1970-01-01", "a", "b"));
}

TEST(AggregateTableTest, FiguresAndTheirGaps) {
  Aggregates aggregates = Made(kByKey);
  Add([](ForeignArray* key) { FillTexts(key, "key", "u", {"a", "a", "b"}); }, {-0.5, 1, 0.3}, &aggregates);
  Exported groups;
  ASSERT_TRUE(ExportGroups(aggregates, &groups.schema, &groups.array).ok());
  EXPECT_THAT(groups.Numbers("q.n"), ElementsAre(2, 1));
  EXPECT_THAT(groups.Numbers("q.missing"), ElementsAre(0, 0));
  const Column mean = groups.ColumnOf("q.mean"), sd = groups.ColumnOf("q.sd");
  EXPECT_EQ(LoadValue<double>(mean.values, 0), 0.25);
  EXPECT_EQ(LoadValue<double>(mean.values, 1), 0.3);
  EXPECT_DOUBLE_EQ(LoadValue<double>(sd.values, 0), std::sqrt(1.125));
  EXPECT_FALSE(sd.HasValue(1));
  Exported levels;
  ASSERT_TRUE(ExportLevels(aggregates, &levels.schema, &levels.array).ok());
  EXPECT_THAT(levels.Words("key"), ElementsAre("a", "a", "b"));
  EXPECT_THAT(levels.Words("item"), ElementsAre("q", "q", "q"));
  const Column value = levels.ColumnOf("value");
  EXPECT_EQ(LoadValue<std::int64_t>(value.values, 0), -500'000);
  EXPECT_EQ(LoadValue<std::int64_t>(value.values, 1), -1);
  EXPECT_EQ(LoadValue<std::int64_t>(value.values, 4), 300'000);
  EXPECT_THAT(levels.Numbers("count"), ElementsAre(1, 1, 1));
  // Without any row the tables are there and empty.
  Exported empty;
  ASSERT_TRUE(ExportGroups(Made(kByKey), &empty.schema, &empty.array).ok());
  EXPECT_EQ(empty.array.length, 0);
  EXPECT_EQ(empty.array.n_children, 6);
}

TEST(AggregateTableTest, AKeyNamedAsAFigure) {
  Exported table;
  const absl::Status status = ExportGroups(Made(R"({"by": ["rows"]})"), &table.schema, &table.array);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("'rows'"));
  EXPECT_EQ(table.schema.release, nullptr);
}

TEST(AggregateSpecJsonTest, SpellingsOfOneSpec) {
  const char* spellings[] = {
      R"({"items": [{"id": "q", "min": 1, "max": 5, "missing_values": [9.0]}], "by": ["k"]})",
      R"({"by": ["k"], "items": [{"max": 5e0, "min": 1.000000, "id": "q", "decimal_places": 0,
          "missing_values": [9]}], "sets": []})",
  };
  for (const char* spelling : spellings) {
    const absl::StatusOr<AggregateSpec> spec = ReadAggregateSpec(spelling);
    ASSERT_TRUE(spec.ok()) << spec.status();
    EXPECT_EQ(AggregateSpecJson(*spec),
              R"({"by":["k"],"items":[{"id":"q","max":5,"min":1,"missing_values":[9]}]})");
  }
  const char* all =
      R"({"by":["k"],"items":[{"decimal_places":2,"field":"Q 1","id":"q","labels":[{"value":0,"word":"没有"}],"max":5,)"
      R"("min":-0.25},{"exact":true,"id":"r","max":2,"min":0}],"sets":[{"id":"s","items":["q","r"]}]})";
  EXPECT_EQ(AggregateSpecJson(*ReadAggregateSpec(all)), all);
}

TEST(CoMomentsTest, TurnedIsCountedFromTurnedAnswers) {
  const Answers answers = {
      {1, 2, 3, 4, 5, kNoAnswer, 2}, {2, 2, kNoAnswer, 5, 4, 1, 3}, {5, 1, 2, 2, kNoAnswer, 3, 3}};
  for (int mask = 0; mask < 8; ++mask) {
    Answers turned = answers;
    std::vector<bool> turn;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      turn.push_back((mask >> i & 1) != 0);
      for (std::int64_t& value : turned[i]) {
        if (turn[i] && value != kNoAnswer) value = 6 - value;
      }
    }
    const CoMoments wanted = PairwiseMomentsOf(turned);
    const CoMoments got = PairwiseMomentsOf(answers).Turned(turn, {6, 6, 6});
    EXPECT_EQ(got.n, wanted.n) << mask;
    EXPECT_EQ(got.sum, wanted.sum) << mask;
    EXPECT_EQ(got.square, wanted.square) << mask;
    EXPECT_EQ(got.product, wanted.product) << mask;
  }
}

}  // namespace
}  // namespace csat
