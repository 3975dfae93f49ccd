// What a simulation counts, row by row. Tallies of consecutive ranges of rows merge into that of the whole, exactly.
#ifndef CSAT_SRC_SCORING_SIMULATION_TALLY_H_
#define CSAT_SRC_SCORING_SIMULATION_TALLY_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "csat/scoring/simulate.h"
#include "scoring/compiled_plan.h"

namespace csat {

// A row as one of the two plans sees it. `imposed` (may be null): see Mode::imposed. `bad`: refused whatever its
// values are.
struct SimulatedRow {
  const Record& record;
  const std::uint8_t* imposed = nullptr;
  bool bad = false;
};

class SimulationTally {
 public:
  // The plans have to outlive the tally. FailedPrecondition: a plan of metrics alone.
  static absl::StatusOr<SimulationTally> Create(const Plan& before, const Plan& after,
                                                const SimulationOptions& options);

  // The error names no row.
  absl::Status Add(std::int64_t row, SimulatedRow before, SimulatedRow after);
  // Takes over a tally of the rows that follow, made by copying an empty one.
  void Merge(SimulationTally later);
  // What was counted so far, with the changes, which the tally gives up.
  Simulation Take();

 private:
  // The second plan with one weight a step higher or lower.
  struct Variation {
    WeightSensitivity described;
    CompiledPlan up, down;
  };
  struct Varied {
    std::int64_t changed = 0, scored = 0;
    absl::int128 sum = 0;
  };

  SimulationTally(const CompiledPlan& before, const CompiledPlan& after, const SimulationOptions& options)
      : before_(&before), after_(&after), options_(options) {}
  void MakeVariations();
  // kRefuse: a value that the plan refuses is the outcome `refused`, and `bad` is set.
  absl::Status Score(const CompiledPlan& plan, SimulatedRow row, Summary* out, bool* bad) const;
  absl::Status Vary(const CompiledPlan& plan, SimulatedRow row, const Summary& plain, Varied* varied) const;
  // Both scorecards have grades.
  bool Graded() const;
  absl::Status AddChange(SimulatedRow before, SimulatedRow after, SimulationChange change);
  // What changed the grade of a row that both plans score: see SimulationChange::line.
  absl::Status FindLine(SimulatedRow before, SimulatedRow after, SimulationChange* change) const;

  const CompiledPlan* before_;
  const CompiledPlan* after_;
  SimulationOptions options_;
  std::shared_ptr<const std::vector<Variation>> variations_;
  std::vector<Varied> up_, down_;
  Simulation simulation_;  // Without by_line, mean_difference and sensitivity.
  std::map<std::string, std::int64_t> by_line_;
  absl::int128 difference_sum_ = 0;
  std::int64_t scored_both_ = 0;
};

}  // namespace csat

#endif  // CSAT_SRC_SCORING_SIMULATION_TALLY_H_
