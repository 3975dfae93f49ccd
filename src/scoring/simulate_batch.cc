// Simulation over the columns of an Arrow table, and its changes as such a table.
#include <algorithm>
#include <cstring>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "arrow/export.h"
#include "arrow/import.h"
#include "arrow/row_ranges.h"
#include "csat/model/foreign_text.h"
#include "csat/scoring/simulate.h"
#include "scoring/batch_columns.h"
#include "scoring/batch_output.h"
#include "scoring/batch_periods.h"
#include "scoring/batch_rows.h"
#include "scoring/simulation_tally.h"
#include "scoring/tile_rows.h"

namespace csat {
namespace {

// The rows of the table in the slots of one plan, and which vetoes reach them from other rows.
class Side {
 public:
  static absl::StatusOr<Side> Bind(const Plan& plan, const Table& table, const BatchOptions& options) {
    absl::StatusOr<BoundColumns> bound = BindColumns(plan.compiled(), table);
    if (!bound.ok()) return bound.status();
    absl::StatusOr<SubjectPeriods> periods = SubjectPeriods::Bind(plan.compiled(), table, options);
    if (!periods.ok()) return periods.status();
    return Side(plan.compiled(), options, *std::move(bound), *std::move(periods));
  }

  // Notes the vetoes that reach a subject's period. What a row refuses is left to the simulation, which comes
  // to that row as well.
  absl::Status FireVetoes(BatchOptions::BadRows bad_rows) {
    if (periods_.vetoes().empty()) return absl::OkStatus();
    std::vector<SubjectPeriods> found(static_cast<std::size_t>(options_->threads), periods_);
    std::vector<std::vector<std::int64_t>> keyless(found.size());
    const auto fire = [&](int index, std::int64_t from, std::int64_t to) {
      SubjectPeriods& mine = found[static_cast<std::size_t>(index)];
      RowScorer scorer(*plan_, bound_, *options_);
      for (std::int64_t row = from; row < to; ++row) {
        if (!scorer.Score(row, nullptr).ok()) continue;
        for (std::size_t i = 0; i < mine.vetoes().size(); ++i) {
          if (!scorer.Fired(static_cast<std::size_t>(mine.vetoes()[i]))) continue;
          absl::Status status = mine.Fire(row, i);
          if (status.ok()) continue;
          if (bad_rows == BatchOptions::BadRows::kFail) return status;
          keyless[static_cast<std::size_t>(index)].push_back(row);
          break;
        }
      }
      return absl::OkStatus();
    };
    if (absl::Status status = ForEachRange(bound_.rows, kTileRows, options_->threads, fire); !status.ok())
      return status;
    for (const SubjectPeriods& part : found) periods_.Merge(part);
    for (const std::vector<std::int64_t>& rows : keyless) keyless_.insert(rows.begin(), rows.end());
    return absl::OkStatus();
  }

  // Reads rows for one thread.
  class Reader {
   public:
    explicit Reader(const Side& side)
        : side_(side), record_(side.plan_->fields.size()), events_(MakeEventScratch(side.bound_)) {}
    SimulatedRow Read(std::int64_t row) {
      FillRecord(side_.bound_, row, &events_, &record_);
      return {record_, side_.periods_.ImposedOn(row, &key_), side_.keyless_.count(row) != 0};
    }

   private:
    const Side& side_;
    Record record_;
    EventScratch events_;
    std::string key_;
  };

 private:
  Side(const CompiledPlan& plan, const BatchOptions& options, BoundColumns bound, SubjectPeriods periods)
      : plan_(&plan), options_(&options), bound_(std::move(bound)), periods_(std::move(periods)) {}

  const CompiledPlan* plan_;
  const BatchOptions* options_;
  BoundColumns bound_;
  SubjectPeriods periods_;
  // Rows in which a veto of a subject's period fired and that name no subject or period.
  std::unordered_set<std::int64_t> keyless_;
};

// A column of words that are told apart as they come.
class WordColumn {
 public:
  explicit WordColumn(std::string name, std::int64_t rows) {
    column_.name = std::move(name);
    column_.format = "i";
    column_.length = rows;
    column_.nullable = false;
    column_.has_dictionary = true;
    column_.values = Buffer::Allocate(static_cast<std::size_t>(rows) * sizeof(std::int32_t));
  }
  bool ok() const { return column_.values.data() != nullptr; }
  void Set(std::int64_t row, const std::string& word) {
    const auto [at, added] = places_.emplace(word, static_cast<std::int32_t>(places_.size()));
    if (added) column_.dictionary.push_back(word);
    column_.values.as<std::int32_t>()[row] = at->second;
  }
  OutColumn Take() { return std::move(column_); }

 private:
  OutColumn column_;
  std::map<std::string, std::int32_t> places_;
};

// A column of decimal128(18, 6) with nulls.
class PointsColumn {
 public:
  PointsColumn(std::string name, std::int64_t rows) {
    column_.name = std::move(name);
    column_.format = "d:18,6";
    column_.length = rows;
    column_.values = Buffer::Allocate(static_cast<std::size_t>(rows) * 16);
    column_.validity = Buffer::Allocate((static_cast<std::size_t>(rows) + 7) / 8);
    if (ok()) std::memset(column_.validity.data(), 0xFF, column_.validity.size());
  }
  bool ok() const { return column_.values.data() != nullptr && column_.validity.data() != nullptr; }
  void Set(std::int64_t row, std::optional<Points> points) {
    std::int64_t* halves = column_.values.as<std::int64_t>() + 2 * row;
    halves[0] = points.has_value() ? points->micros() : 0;
    halves[1] = halves[0] < 0 ? -1 : 0;
    if (points.has_value()) return;
    std::uint8_t& byte = column_.validity.as<std::uint8_t>()[row >> 3];
    byte = static_cast<std::uint8_t>(byte & ~(1 << (row & 7)));
    ++column_.null_count;
  }
  OutColumn Take() {
    if (column_.null_count == 0) column_.validity = Buffer();
    return std::move(column_);
  }

 private:
  OutColumn column_;
};

BatchOptions OptionsOfBatch(const SimulationOptions& options) {
  BatchOptions batch;
  batch.threads = options.threads;
  batch.subject_column = options.subject_column;
  batch.period_column = options.period_column;
  return batch;
}

std::optional<Points> ScoreOf(const Summary& summary) {
  if (summary.outcome != Outcome::kScored && summary.outcome != Outcome::kVetoed) return std::nullopt;
  return summary.score;
}

}  // namespace

struct Simulator::State {
  State(Plan b, Plan a, SimulationOptions o, SimulationTally t)
      : before(std::move(b)), after(std::move(a)), options(std::move(o)), empty(std::move(t)), total(empty) {}

  Plan before, after;
  SimulationOptions options;
  SimulationTally empty, total;  // Both without changes, which are in `result`.
  Simulation result;
  bool added = false;
};

Simulator::Simulator(std::unique_ptr<State> state) : state_(std::move(state)) {}
Simulator::~Simulator() = default;
Simulator::Simulator(Simulator&&) noexcept = default;
Simulator& Simulator::operator=(Simulator&&) noexcept = default;

const Plan& Simulator::before() const { return state_->before; }
const Plan& Simulator::after() const { return state_->after; }
const Simulation& Simulator::result() const { return state_->result; }

absl::StatusOr<Simulator> Simulator::Create(Plan before, Plan after, SimulationOptions options) {
  absl::StatusOr<SimulationTally> empty = SimulationTally::Create(before, after, options);
  if (!empty.ok()) return empty.status();
  for (const Plan* plan : {&before, &after}) {
    if (absl::Status status = CheckBatchOptions(*plan, OptionsOfBatch(options)); !status.ok()) return status;
  }
  auto state =
      std::make_unique<State>(std::move(before), std::move(after), std::move(options), *std::move(empty));
  state->result = state->total.Take();
  return Simulator(std::move(state));
}

absl::Status Simulator::Add(const ArrowSchema& schema, const ArrowArray& array) {
  const SimulationOptions& options = state_->options;
  const BatchOptions batch = OptionsOfBatch(options);
  if (state_->added && !options.subject_column.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("subject_column ", Quoted(options.subject_column),
                     ": a subject's records may lie in several batches; simulate them as one"));
  }
  const absl::StatusOr<Table> table = Table::Import(schema, array);
  if (!table.ok()) return table.status();
  absl::StatusOr<Side> left = Side::Bind(state_->before, *table, batch);
  if (!left.ok()) return left.status();
  absl::StatusOr<Side> right = Side::Bind(state_->after, *table, batch);
  if (!right.ok()) return right.status();
  absl::Status status = left->FireVetoes(options.bad_rows);
  if (status.ok()) status = right->FireVetoes(options.bad_rows);
  if (!status.ok()) return status;

  const std::int64_t first = state_->result.rows;
  std::vector<SimulationTally> parts(static_cast<std::size_t>(options.threads), state_->empty);
  status = ForEachRange(
      table->rows(), kTileRows, options.threads, [&](int index, std::int64_t from, std::int64_t to) {
        SimulationTally& mine = parts[static_cast<std::size_t>(index)];
        Side::Reader read_left(*left), read_right(*right);
        for (std::int64_t row = from; row < to; ++row) {
          absl::Status added = mine.Add(first + row, read_left.Read(row), read_right.Read(row));
          if (!added.ok())
            return absl::Status(added.code(), absl::StrCat("row ", first + row, ": ", added.message()));
        }
        return absl::OkStatus();
      });
  if (!status.ok()) return status;

  SimulationTally total = state_->total;
  for (SimulationTally& part : parts) total.Merge(std::move(part));
  Simulation result = total.Take();
  std::vector<SimulationChange>& kept = state_->result.changes;
  const std::size_t room = static_cast<std::size_t>(options.max_changes) - kept.size();
  const std::size_t more = std::min(room, result.changes.size());
  if (kept.capacity() - kept.size() < more) kept.reserve(std::max(2 * kept.size(), kept.size() + more));
  // From here on nothing can fail.
  std::move(result.changes.begin(), result.changes.begin() + static_cast<std::ptrdiff_t>(more),
            std::back_inserter(kept));
  result.changes.swap(kept);
  state_->result = std::move(result);
  state_->total = std::move(total);
  state_->added = true;
  return absl::OkStatus();
}

absl::StatusOr<Simulation> SimulateBatch(const Plan& before, const Plan& after, const ArrowSchema& schema,
                                         const ArrowArray& array, const SimulationOptions& options) {
  absl::StatusOr<Simulator> simulator = Simulator::Create(before, after, options);
  if (!simulator.ok()) return simulator.status();
  if (absl::Status status = simulator->Add(schema, array); !status.ok()) return status;
  return simulator->result();
}

absl::Status ExportChanges(const Simulation& simulation, ArrowSchema* out_schema, ArrowArray* out_array) {
  const std::int64_t rows = static_cast<std::int64_t>(simulation.changes.size());
  OutColumn numbers;
  numbers.name = "row";
  numbers.format = "l";
  numbers.length = rows;
  numbers.nullable = false;
  numbers.values = Buffer::Allocate(simulation.changes.size() * sizeof(std::int64_t));
  WordColumn before("before", rows), after("after", rows), line("line", rows);
  PointsColumn score_before("score_before", rows), score_after("score_after", rows),
      difference("difference", rows);
  bool made = numbers.values.data() != nullptr && before.ok() && after.ok() && line.ok() &&
              score_before.ok() && score_after.ok() && difference.ok();
  if (made) {
    for (std::int64_t row = 0; row < rows; ++row) {
      const SimulationChange& change = simulation.changes[static_cast<std::size_t>(row)];
      numbers.values.as<std::int64_t>()[row] = change.row;
      before.Set(row, change.before);
      after.Set(row, change.after);
      score_before.Set(row, ScoreOf(change.score_before));
      score_after.Set(row, ScoreOf(change.score_after));
      line.Set(row, change.line);
      difference.Set(row, change.difference);
    }
    std::vector<OutColumn> columns;
    columns.push_back(std::move(numbers));
    columns.push_back(before.Take());
    columns.push_back(after.Take());
    columns.push_back(score_before.Take());
    columns.push_back(score_after.Take());
    columns.push_back(line.Take());
    columns.push_back(difference.Take());
    made = ExportStruct(std::move(columns), rows, out_schema, out_array);
  }
  return made ? absl::OkStatus()
              : absl::ResourceExhaustedError("no memory for the changes of the simulation");
}

}  // namespace csat
