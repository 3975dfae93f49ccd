// A batch gives each row what Plan::Explain gives its record, bit for bit: whatever the card, the types of the
// columns, nulls, bad values, the number of threads and the kernel.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "arrow/import.h"
#include "csat/scoring/batch.h"
#include "gtest/gtest.h"
#include "scoring/batch_engine.h"
#include "scoring/random_cards.h"

namespace csat {
namespace {

// A batch result, read through the import that foreign arrays go through.
class Result {
 public:
  Result() = default;
  Result(const Result&) = delete;
  ~Result() {
    if (schema.release != nullptr) schema.release(&schema);
    if (array.release != nullptr) array.release(&array);
  }

  Column At(const std::string& name) const {
    const absl::StatusOr<Table> table = Table::Import(schema, array);
    EXPECT_TRUE(table.ok()) << table.status();
    const std::int64_t index = table->Find(name);
    EXPECT_GE(index, 0) << name;
    const absl::StatusOr<Column> column = table->View(index);
    EXPECT_TRUE(column.ok()) << column.status();
    return *column;
  }

  ArrowSchema schema{};
  ArrowArray array{};
};

// A value of a result column as text, so that a difference can be read.
std::string Shown(const Column& column, std::int64_t row) {
  if (!column.HasValue(row)) return "null";
  switch (column.type) {
    case ColumnType::kDictionary: return std::string(column.of->Text(column.DictionaryIndex(row)));
    case ColumnType::kDouble: {
      std::uint64_t bits = LoadValue<std::uint64_t>(column.values, row);
      return absl::StrCat(absl::Hex(bits));
    }
    case ColumnType::kDecimal128:
      return Decimal::FromMicros(LoadValue<std::int64_t>(column.values, 2 * row)).ToString();
    default: return "?";
  }
}

std::string Shown(Points points, bool decimal) {
  if (decimal) return points.ToString();
  const double value = points.ToDouble();
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return absl::StrCat(absl::Hex(bits));
}

// What a row has to come to, column by column.
std::vector<std::string> Expected(const Plan& plan, const absl::StatusOr<Score>& score,
                                  const BatchOptions& options) {
  const std::size_t indicators = plan.scorecard()->indicators.size();
  std::vector<std::string> row;
  if (!score.ok()) {
    row = {"null", "null", "refused", "bad_value"};
    row.resize(4 + (options.base ? 2 : 0) + (options.contributions ? indicators : 0) +
                   2 * static_cast<std::size_t>(options.top_reasons),
               "null");
    return row;
  }
  const Summary& s = score->summary;
  const bool published = s.outcome == Outcome::kScored || s.outcome == Outcome::kVetoed;
  const auto points = [&](Points p) {
    return s.has_base ? Shown(p, options.decimal_scores) : std::string("null");
  };
  row.push_back(published ? Shown(s.score, options.decimal_scores) : "null");
  row.push_back(s.grade < 0 ? "null" : plan.grades()[static_cast<std::size_t>(s.grade)]);
  row.push_back(std::string(OutcomeName(s.outcome)));
  row.push_back(plan.reasons()[static_cast<std::size_t>(s.reason)]);
  if (options.base) {
    row.push_back(points(s.base));
    row.push_back(points(s.without_veto));
  }
  for (std::size_t i = 0; options.contributions && i < indicators; ++i) {
    std::string amount = "null";
    for (const LedgerLine& line : score->ledger) {
      if (line.depth == 0 && line.kind == LedgerLine::Kind::kIndicator &&
          line.id == plan.scorecard()->indicators[i].id)
        amount = points(line.amount);
    }
    row.push_back(amount);
  }
  for (std::size_t rank = 0; rank < static_cast<std::size_t>(options.top_reasons); ++rank) {
    const bool there = s.has_base && rank < score->reasons.size();
    row.push_back(there ? std::string(score->reasons[rank].id) : "null");
    row.push_back(there ? points(score->reasons[rank].lost) : "null");
  }
  return row;
}

BatchOptions RandomOptions(Dice* dice) {
  BatchOptions options;
  options.threads = 1 + dice->Roll(8);
  options.base = dice->OneIn(2);
  options.contributions = dice->OneIn(2);
  options.top_reasons = dice->OneIn(2) ? dice->Roll(5) : 0;
  options.decimal_scores = dice->OneIn(4);
  if (dice->OneIn(4)) options.prefix = "csat_";
  options.bad_rows = BatchOptions::BadRows::kRefuse;
  return options;
}

constexpr BatchEngine kEngines[] = {BatchEngine::kRows, BatchEngine::kBaseline, BatchEngine::kAvx2,
                                    BatchEngine::kAvx512};

struct Tally {
  int scored = 0, tiled = 0, refused_policies = 0;
};

// One random card with one random table, on every engine, against Plan::Explain.
void CheckSeed(std::uint64_t seed, Tally* tally) {
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  Dice dice(seed);
  CardShape card;
  card.events = dice.OneIn(8);
  const std::string json = RandomCard(&dice, card);
  const absl::StatusOr<Policy> policy = Policy::Parse(json);
  if (!policy.ok()) {
    ++tally->refused_policies;
    return;
  }
  const absl::StatusOr<Plan> plan = Plan::Compile(*policy, "card");
  ASSERT_TRUE(plan.ok()) << plan.status();
  RowsShape shape;
  shape.rows = dice.Pick(std::vector<int>{1, 7, 100, 600, 1500});
  shape.null_one_in = dice.Pick(std::vector<int>{0, 20, 100});
  shape.bad_one_in = dice.Pick(std::vector<int>{0, 50, 200});
  RandomRows rows;
  FillRandomRows(*plan, shape, &dice, &rows);
  const BatchOptions options = RandomOptions(&dice);
  std::vector<std::vector<std::string>> expected;
  std::string first_error;
  for (std::int64_t row = 0; row < shape.rows; ++row) {
    const absl::StatusOr<Score> score = plan->Explain(rows.RecordOf(*plan, row));
    if (!score.ok() && first_error.empty()) {
      first_error = absl::StrCat("row ", row, ": ", std::string(score.status().message()));
    }
    expected.push_back(Expected(*plan, score, options));
  }
  for (const BatchEngine engine : kEngines) {
    SCOPED_TRACE(absl::StrCat("engine ", static_cast<int>(engine)));
    Result result;
    bool tiled = false;
    const absl::Status status = ScoreBatchWith(engine, *plan, rows.table.schema, rows.table.array, options,
                                               &result.schema, &result.array, &tiled);
    ASSERT_TRUE(status.ok()) << status << "\n" << json;
    if (engine == BatchEngine::kBaseline) {
      ++tally->scored;
      tally->tiled += tiled ? 1 : 0;
    }
    for (std::int64_t i = 0; i < result.schema.n_children; ++i) {
      const Column column = result.At(result.schema.children[i]->name);
      for (std::int64_t row = 0; row < shape.rows; ++row) {
        ASSERT_EQ(Shown(column, row), expected[static_cast<std::size_t>(row)][static_cast<std::size_t>(i)])
            << column.name << " of row " << row << "\n"
            << json;
      }
    }
    // The same rows under kFail: the first bad row by its own error, or nothing wrong.
    BatchOptions strict = options;
    strict.bad_rows = BatchOptions::BadRows::kFail;
    Result whole;
    const absl::Status failed = ScoreBatchWith(engine, *plan, rows.table.schema, rows.table.array, strict,
                                               &whole.schema, &whole.array, nullptr);
    ASSERT_EQ(std::string(failed.message()), first_error);
    ASSERT_EQ(whole.schema.release == nullptr, !failed.ok());
    ASSERT_EQ(whole.array.release == nullptr, !failed.ok());
  }
}

TEST(BatchPropertyTest, EveryRowIsWhatItsRecordIs) {
  Tally tally;
  const char* seeds = std::getenv("CSAT_SEEDS");  // "from-to", for longer runs by hand.
  std::uint64_t from = 1, to = 1000;
  if (seeds != nullptr) std::sscanf(seeds, "%lu-%lu", &from, &to);
  // The checker refuses some of the cards that chance makes; three hundred have to be scored.
  constexpr int kScored = 300;
  for (std::uint64_t seed = from; seed <= to && !testing::Test::HasFatalFailure(); ++seed) {
    if (seeds == nullptr && tally.scored >= kScored) break;
    CheckSeed(seed, &tally);
  }
  RecordProperty("scored", tally.scored);
  RecordProperty("tiled", tally.tiled);
  // Most of them are scored in tiles: else this proves little.
  if (seeds == nullptr) {
    EXPECT_GE(tally.scored, kScored);
  }
  EXPECT_GT(tally.tiled * 2, tally.scored);
}

}  // namespace
}  // namespace csat
