// Simulation: what another policy, or another version of one, does to the same records.
#ifndef CSAT_SCORING_SIMULATE_H_
#define CSAT_SCORING_SIMULATE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/scoring/plan.h"

namespace csat {

// A grade id, or the outcome's name where there is no grade ("scored", "refused", "insufficient"); vetoed
// results have the grade of their score.
using GradeName = std::string;

struct SimulationChange {
  std::int64_t row = 0;
  GradeName before, after;
  Summary score_before, score_after;
  // The ledger line of depth 0 whose amount differs most between the two (by id), and the difference; ""
  // where only the bands or their conditions differ.
  std::string line;
  Points difference;
};

// What a change of one weight by one hundredth of the sum of weights does (the others keep theirs).
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
  std::vector<GradeName> before, after;
  // matrix[i][j]: records that go from before[i] to after[j].
  std::vector<std::vector<std::int64_t>> matrix;
  std::int64_t changed = 0;
  // The first `max_changes` in row order.
  std::vector<SimulationChange> changes;
  // Changed records by the line that did it, most first.
  std::vector<std::pair<std::string, std::int64_t>> by_line;
  Points mean_difference;  // Over records scored by both; half-even.
  std::vector<WeightSensitivity> sensitivity;  // Of the second plan.
};

struct SimulationOptions {
  std::int64_t max_changes = 1000;
  bool sensitivity = true;
};

// Fills a record for a plan with row `row`.
using RowReader = std::function<absl::Status(std::int64_t row, Record* record)>;

// Scores `rows` rows with both plans. Errors are those of the readers and of Plan::Evaluate, with the row.
absl::StatusOr<Simulation> Simulate(const Plan& before, const Plan& after, std::int64_t rows, const RowReader& read_before,
                                    const RowReader& read_after, const SimulationOptions& options = {});

// The plan with another weight for one top-level indicator, in every profile. NotFound: no such indicator.
absl::StatusOr<Plan> WithWeight(const Plan& plan, std::string_view indicator, Decimal weight);

}  // namespace csat

#endif  // CSAT_SCORING_SIMULATE_H_
