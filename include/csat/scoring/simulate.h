// Simulation: what another policy, or another version of one, does to the same records.
#ifndef CSAT_SCORING_SIMULATE_H_
#define CSAT_SCORING_SIMULATE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "csat/arrow/c_data.h"
#include "csat/scoring/batch.h"
#include "csat/scoring/plan.h"

namespace csat {

// A grade id, or the outcome's name where there is no grade ("scored", "refused", "insufficient"); vetoed
// results have the grade of their score.
using GradeName = std::string;

struct SimulationChange {
  std::int64_t row = 0;
  GradeName before, after;
  Summary score_before, score_after;
  // What did it. Both have a score: "" where the second plan gives the score of the first that grade too, so that
  // the bands or their conditions did it; else the ledger line of depth 0 whose amount moved most the way the score
  // moved (by id; "rounding", "bonus_cap", "scale" for those without one). One of them has none: its reason code,
  // such as "missing:complaints".
  std::string line;
  Points difference;  // Of the line's amount; 0 where `line` names none.
};

// What a change of one weight by one hundredth of the sum of weights does (the others keep theirs). In a
// scorecard with profiles the weight of each profile moves by as much; none falls below 0.
struct WeightSensitivity {
  std::string indicator;
  Decimal weight, step;
  // Records whose grade changes with the weight one step higher, and one step lower.
  std::int64_t changed_up = 0, changed_down = 0;
  // Mean change of the score, one step higher and one lower, over records scored both ways; half-even.
  Points mean_up, mean_down;
};

struct Simulation {
  std::int64_t rows = 0;
  // Rows with a value that one of the plans refuses; see SimulationOptions::bad_rows.
  std::int64_t bad_rows = 0;
  std::vector<GradeName> before, after;
  // matrix[i][j]: records that go from before[i] to after[j].
  std::vector<std::vector<std::int64_t>> matrix;
  // Records whose grade changes; where a scorecard has no grades, whose outcome does.
  std::int64_t changed = 0;
  // The first `max_changes` in row order.
  std::vector<SimulationChange> changes;
  // Changed records by the line that did it, most first.
  std::vector<std::pair<std::string, std::int64_t>> by_line;
  Points mean_difference;                      // Over records scored by both; half-even.
  std::vector<WeightSensitivity> sensitivity;  // Of the second plan.
};

struct SimulationOptions {
  std::int64_t max_changes = 1000;
  bool sensitivity = true;
  // What a value that a plan refuses does: fail with its row, or count as the outcome `refused` with the reason
  // "bad_value".
  BatchOptions::BadRows bad_rows = BatchOptions::BadRows::kFail;
  // The rest is for tables. Threads, 1 to 256; the result does not depend on them.
  int threads = 1;
  // Keys of vetoes that reach a subject's period, as in BatchOptions.
  std::string subject_column, period_column;
};

// Fills a record for a plan with row `row`.
using RowReader = std::function<absl::Status(std::int64_t row, Record* record)>;

// Scores `rows` rows with both plans. Errors are those of the readers and of Plan::Evaluate, with the row.
absl::StatusOr<Simulation> Simulate(const Plan& before, const Plan& after, std::int64_t rows,
                                    const RowReader& read_before, const RowReader& read_after,
                                    const SimulationOptions& options = {});

// Scores the rows of struct arrays with both plans, one array after another. Not thread-safe; movable.
class Simulator {
 public:
  // FailedPrecondition: a plan of metrics alone. InvalidArgument: an option lies outside of its range.
  static absl::StatusOr<Simulator> Create(Plan before, Plan after, SimulationOptions options = {});
  ~Simulator();
  Simulator(Simulator&&) noexcept;
  Simulator& operator=(Simulator&&) noexcept;

  // Adds the rows of an array, which follow those of the arrays before; rows are counted over all of them. The
  // plans may read different columns; the array holds those of both. `schema` and `array` are borrowed and not
  // released. On failure, also of memory, nothing was added.
  // InvalidArgument: as ScoreBatch. FailedPrecondition: a second array where subject and period columns are
  // named, since a veto in one row reaches other rows.
  absl::Status Add(const ArrowSchema& schema, const ArrowArray& array);

  const Plan& before() const;
  const Plan& after() const;
  // Of all rows added so far.
  const Simulation& result() const;

 private:
  struct State;
  explicit Simulator(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// One array through a Simulator.
absl::StatusOr<Simulation> SimulateBatch(const Plan& before, const Plan& after, const ArrowSchema& schema,
                                         const ArrowArray& array, const SimulationOptions& options = {});

// Simulation::changes as a struct array, to be released by the caller: row (int64, from 0), before, after
// (dictionaries of texts), score_before, score_after (decimal128(18, 6), null where there is none), line
// (dictionary of texts), difference (decimal128(18, 6)). ResourceExhausted: no memory; both are untouched.
absl::Status ExportChanges(const Simulation& simulation, ArrowSchema* out_schema, ArrowArray* out_array);

// The plan with another weight for one top-level indicator, in every profile. NotFound: no such indicator.
absl::StatusOr<Plan> WithWeight(const Plan& plan, std::string_view indicator, Decimal weight);

}  // namespace csat

#endif  // CSAT_SCORING_SIMULATE_H_
