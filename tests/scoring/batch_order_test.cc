// Row order, the size of a batch and the number of threads change no bit of a result: every policy and record of
// property_test.cc, as columns.
#include <algorithm>
#include <cstring>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "arrow/foreign_table.h"
#include "arrow/import.h"
#include "csat/scoring/batch.h"
#include "gtest/gtest.h"
#include "scoring/random_policy.h"
#include "scoring/reference_scorer.h"

namespace csat {
namespace {

// Records with values of the types of their columns: no spellings of ranks, no number for a word, no
// word for a list.
FieldValues ForColumns(const Plan& plan, FieldValues values) {
  FieldValues kept;
  for (const Field& field : plan.fields()) {
    const auto found = values.find(field.name);
    FieldValue value = found == values.end() ? FieldValue() : std::move(found->second);
    if (field.type == FieldType::kNumber && std::holds_alternative<std::string>(value)) value = FieldValue();
    if (const auto* whole = std::get_if<std::int64_t>(&value)) value = static_cast<double>(*whole);
    if (const auto* decimal = std::get_if<Decimal>(&value)) value = decimal->ToDouble();
    if (field.type == FieldType::kText && !std::holds_alternative<std::string>(value)) value = FieldValue();
    if (field.type == FieldType::kEvents && !std::holds_alternative<std::vector<double>>(value))
      value = std::vector<double>();
    kept[field.name] = std::move(value);
  }
  return kept;
}

void FillTable(const Plan& plan, const std::vector<const FieldValues*>& rows, ForeignArray* table) {
  table->format = "+s";
  for (const Field& field : plan.fields()) {
    std::vector<double> numbers;
    std::vector<bool> nulls;
    std::vector<std::optional<std::string>> words;
    std::vector<std::vector<double>> events;
    for (const FieldValues* row : rows) {
      const FieldValue& value = row->at(field.name);
      const auto* number = std::get_if<double>(&value);
      numbers.push_back(number == nullptr ? 0 : *number);
      nulls.push_back(number == nullptr);
      const auto* word = std::get_if<std::string>(&value);
      words.push_back(word == nullptr ? std::nullopt : std::optional(*word));
      const auto* list = std::get_if<std::vector<double>>(&value);
      events.push_back(list == nullptr ? std::vector<double>() : *list);
    }
    ForeignArray* column = &table->parts.emplace_back();
    switch (field.type) {
      case FieldType::kNumber: FillColumn(column, field.name, "g", numbers, nulls); break;
      case FieldType::kText: FillTexts(column, field.name, "u", words); break;
      case FieldType::kEvents: FillLists(column, field.name, "+l", "g", events); break;
    }
  }
  table->buffers = {nullptr};
  table->Finish(static_cast<std::int64_t>(rows.size()));
}

std::string Bits(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return absl::StrCat(absl::Hex(bits));
}

// All columns of each row as one text.
std::vector<std::string> ScoreRows(const Plan& plan, const std::vector<const FieldValues*>& rows,
                                   int threads) {
  ForeignArray table;
  FillTable(plan, rows, &table);
  BatchOptions options;
  options.threads = threads;
  options.bad_rows = BatchOptions::BadRows::kRefuse;
  options.base = options.contributions = true;
  options.top_reasons = 3;
  ArrowSchema schema{};
  ArrowArray array{};
  const absl::Status status = ScoreBatch(plan, table.schema, table.array, options, &schema, &array);
  EXPECT_TRUE(status.ok()) << status;
  std::vector<std::string> results(rows.size());
  if (!status.ok()) return results;
  const absl::StatusOr<Table> result = Table::Import(schema, array);
  EXPECT_TRUE(result.ok()) << result.status();
  for (std::int64_t i = 0; result.ok() && i < schema.n_children; ++i) {
    const absl::StatusOr<Column> column = result->View(i);
    EXPECT_TRUE(column.ok()) << column.status();
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const std::int64_t at = static_cast<std::int64_t>(row);
      std::string shown = "null";
      if (column->HasValue(at)) {
        shown = column->type == ColumnType::kDictionary
                    ? std::string(column->of->Text(column->DictionaryIndex(at)))
                    : Bits(static_cast<const double*>(column->values)[column->offset + at]);
      }
      absl::StrAppend(&results[row], column->name, "=", shown, " ");
    }
  }
  schema.release(&schema);
  array.release(&array);
  return results;
}

TEST(BatchOrderTest, OrderChunksAndThreadsChangeNothing) {
  int rows_scored = 0, policies = 0;
  for (std::uint64_t seed = 100001; policies < 60; ++seed) {
    const RandomPolicy source(seed);
    const absl::StatusOr<Policy> policy = Policy::Parse(source.json());
    if (!policy.ok()) continue;
    const absl::StatusOr<Plan> plan = Plan::Compile(*policy, source.scorecard());
    if (!plan.ok()) continue;
    ++policies;
    SCOPED_TRACE(absl::StrCat("policy ", seed, "\n", source.json()));
    Random random(seed);
    std::vector<FieldValues> records;
    for (int i = 0, count = 1 + random.Below(3000); i < count; ++i) {
      FieldValues values = source.NewRecord(&random);
      if (random.Chance(2)) source.Spoil(&random, &values);
      records.push_back(ForColumns(*plan, std::move(values)));
    }
    std::vector<const FieldValues*> rows;
    for (const FieldValues& record : records) rows.push_back(&record);
    const std::vector<std::string> wanted = ScoreRows(*plan, rows, 1);
    // The first of them by the reference too.
    for (std::size_t i = 0; i < std::min<std::size_t>(rows.size(), 50); ++i) {
      const ReferenceScore score = ScoreByReference(*policy, source.scorecard(), records[i]);
      const bool published =
          score.bad_field.empty() && (score.outcome == Outcome::kScored || score.outcome == Outcome::kVetoed);
      const std::string start = absl::StrCat(
          "score=", published ? Bits(score.score.ToDouble()) : "null",
          " grade=", score.grade.empty() ? "null" : score.grade,
          " outcome=", std::string(OutcomeName(score.bad_field.empty() ? score.outcome : Outcome::kRefused)),
          " reason=", score.bad_field.empty() ? score.reason : "bad_value", " ");
      ASSERT_EQ(wanted[i].substr(0, start.size()), start) << "row " << i << " " << score.bad_field;
    }
    // Shuffled, cut into pieces, on up to eight threads.
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[static_cast<std::size_t>(random.Below(static_cast<int>(i)))]);
    for (std::size_t from = 0; from < order.size();) {
      const std::size_t size = std::min<std::size_t>(
          order.size() - from, static_cast<std::size_t>(1 + random.Below(random.Pick({3, 100, 3000}))));
      std::vector<const FieldValues*> piece;
      for (std::size_t i = from; i < from + size; ++i) piece.push_back(rows[order[i]]);
      const std::vector<std::string> got = ScoreRows(*plan, piece, 1 + random.Below(8));
      for (std::size_t i = 0; i < size; ++i)
        ASSERT_EQ(got[i], wanted[order[from + i]]) << "row " << order[from + i];
      from += size;
      rows_scored += static_cast<int>(size);
    }
  }
  EXPECT_GT(rows_scored, 10000);
}

}  // namespace
}  // namespace csat
