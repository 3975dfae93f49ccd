#include "csat/scoring/simulate.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"
#include "scoring/compiled_plan.h"
#include "scoring/simulation_tally.h"

namespace csat {

absl::StatusOr<Simulation> Simulate(const Plan& before, const Plan& after, std::int64_t rows,
                                    const RowReader& read_before, const RowReader& read_after,
                                    const SimulationOptions& options) {
  absl::StatusOr<SimulationTally> tally = SimulationTally::Create(before, after, options);
  if (!tally.ok()) return tally.status();
  Record record_before = before.NewRecord(), record_after = after.NewRecord();
  for (std::int64_t row = 0; row < rows; ++row) {
    record_before.Clear();
    record_after.Clear();
    absl::Status status = read_before(row, &record_before);
    if (status.ok()) status = read_after(row, &record_after);
    if (status.ok()) status = tally->Add(row, {record_before}, {record_after});
    if (!status.ok()) return absl::Status(status.code(), absl::StrCat("row ", row, ": ", status.message()));
  }
  return tally->Take();
}

absl::StatusOr<Plan> WithWeight(const Plan& plan, std::string_view indicator, Decimal weight) {
  if (plan.scorecard() == nullptr)
    return absl::FailedPreconditionError("a plan of metrics alone has no weights");
  if (!Weight::Create(weight).has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat("weight ", weight.ToString(), " lies outside [0, ", Weight::kMostParts, "]"));
  }
  const std::vector<Indicator>& indicators = plan.scorecard()->indicators;
  const auto found = std::find_if(indicators.begin(), indicators.end(),
                                  [&](const Indicator& i) { return i.id == indicator; });
  if (found == indicators.end()) {
    return absl::NotFoundError(absl::StrCat("scorecard '", plan.scorecard()->id,
                                            "' has no top-level indicator ", Quoted(indicator)));
  }
  auto copy = std::make_shared<CompiledPlan>(*plan.compiled_);
  CompiledGroup& root = copy->cards.back().root;
  for (std::size_t row = 0; row < root.declared.size(); ++row) {
    root.declared[row][static_cast<std::size_t>(found - indicators.begin())] = weight;
    root.weights[row] = WholeWeights(root.declared[row]);
  }
  return Plan(std::move(copy));
}

}  // namespace csat
