#include "csat/scoring/simulate.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "scoring/compiled_plan.h"

namespace csat {
namespace {

bool HasScore(const Summary& summary) { return summary.outcome == Outcome::kScored || summary.outcome == Outcome::kVetoed; }

// Grade ids of a plan, then the outcomes that have none; the index of a result among them.
class GradeAxis {
 public:
  explicit GradeAxis(const Plan& plan) : names_(plan.grades()) {
    graded_ = names_.size();
    for (const Outcome outcome : {Outcome::kScored, Outcome::kVetoed, Outcome::kInsufficient, Outcome::kRefused}) {
      names_.emplace_back(OutcomeName(outcome));
    }
  }
  std::size_t Of(const Summary& summary) const {
    return summary.grade >= 0 ? static_cast<std::size_t>(summary.grade) : graded_ + static_cast<std::size_t>(summary.outcome);
  }
  const std::vector<GradeName>& names() const { return names_; }

 private:
  std::vector<GradeName> names_;
  std::size_t graded_ = 0;
};

std::string_view NameOf(const LedgerLine& line) {
  switch (line.kind) {
    case LedgerLine::Kind::kRounding: return "rounding";
    case LedgerLine::Kind::kBonusCap: return "bonus_cap";
    case LedgerLine::Kind::kScale: return "scale";
    default: return line.id;
  }
}

// The line whose amount differs most; ties go to the first of `after`, then of `before`.
void FindDrivingLine(const Score& before, const Score& after, SimulationChange* change) {
  std::vector<std::pair<std::string_view, Points>> differences;
  const auto add = [&differences](const Score& score, bool minus) {
    for (const LedgerLine& line : score.ledger) {
      if (line.depth != 0) continue;
      const std::string_view name = NameOf(line);
      const Points amount = minus ? -line.amount : line.amount;
      const auto found = std::find_if(differences.begin(), differences.end(), [&](const auto& entry) { return entry.first == name; });
      if (found == differences.end()) {
        differences.emplace_back(name, amount);
      } else {
        found->second = found->second + amount;
      }
    }
  };
  add(after, false);
  add(before, true);
  Points most;
  for (const auto& [name, difference] : differences) {
    const Points magnitude = difference < Points() ? -difference : difference;
    if (magnitude <= most) continue;
    most = magnitude;
    change->line = std::string(name);
    change->difference = difference;
  }
}

Points Mean(absl::int128 sum, std::int64_t count) {
  return count == 0 ? Points() : Points::FromMicros(static_cast<std::int64_t>(DivideHalfEven(sum, count)));
}

absl::Status AtRow(std::int64_t row, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat("row ", row, ": ", std::string(status.message())));
}

// One weight a step higher and a step lower, and what came of it.
struct Variation {
  Plan up, down;
  WeightSensitivity result;
  absl::int128 sum_up = 0, sum_down = 0;
  std::int64_t scored_up = 0, scored_down = 0;
};

absl::StatusOr<std::vector<Variation>> MakeVariations(const Plan& plan) {
  std::vector<Variation> made;
  const Scorecard& card = *plan.scorecard();
  if (card.combine != Combine::kWeightedMean || card.indicators.size() < 2) return made;
  Decimal sum;
  for (const Indicator& indicator : card.indicators) sum = sum + indicator.weight;
  const Decimal step = Decimal::FromMicros(std::max<std::int64_t>(1, sum.micros() / 100));
  for (const Indicator& indicator : card.indicators) {
    const Decimal lower = indicator.weight < step ? Decimal() : indicator.weight - step;
    absl::StatusOr<Plan> up = WithWeight(plan, indicator.id, indicator.weight + step);
    if (!up.ok()) return up.status();
    absl::StatusOr<Plan> down = WithWeight(plan, indicator.id, lower);
    if (!down.ok()) return down.status();
    Variation variation{*std::move(up), *std::move(down), {}, 0, 0, 0, 0};
    variation.result.indicator = indicator.id;
    variation.result.weight = indicator.weight;
    variation.result.step = step;
    made.push_back(std::move(variation));
  }
  return made;
}

absl::Status Vary(const Record& record, const Summary& plain, Variation* variation) {
  const auto one = [&](const Plan& plan, std::int64_t* changed, absl::int128* sum, std::int64_t* scored) -> absl::Status {
    Summary varied;
    if (absl::Status status = plan.Evaluate(record, &varied); !status.ok()) return status;
    if (varied.grade != plain.grade || varied.outcome != plain.outcome) ++*changed;
    if (HasScore(varied) && HasScore(plain)) {
      *sum += (varied.score - plain.score).micros();
      ++*scored;
    }
    return absl::OkStatus();
  };
  if (absl::Status status = one(variation->up, &variation->result.changed_up, &variation->sum_up, &variation->scored_up); !status.ok()) return status;
  return one(variation->down, &variation->result.changed_down, &variation->sum_down, &variation->scored_down);
}

}  // namespace

absl::StatusOr<Simulation> Simulate(const Plan& before, const Plan& after, std::int64_t rows, const RowReader& read_before,
                                    const RowReader& read_after, const SimulationOptions& options) {
  if (before.scorecard() == nullptr || after.scorecard() == nullptr) return absl::FailedPreconditionError("a plan of metrics alone scores nothing");
  const GradeAxis axis_before(before), axis_after(after);
  Simulation simulation;
  simulation.rows = rows;
  simulation.before = axis_before.names();
  simulation.after = axis_after.names();
  simulation.matrix.assign(simulation.before.size(), std::vector<std::int64_t>(simulation.after.size(), 0));
  std::vector<Variation> variations;
  if (options.sensitivity) {
    absl::StatusOr<std::vector<Variation>> made = MakeVariations(after);
    if (!made.ok()) return made.status();
    variations = *std::move(made);
  }
  std::map<std::string, std::int64_t> by_line;
  absl::int128 difference_sum = 0;
  std::int64_t scored_both = 0;
  Record record_before = before.NewRecord(), record_after = after.NewRecord();
  for (std::int64_t row = 0; row < rows; ++row) {
    record_before.Clear();
    record_after.Clear();
    Summary summary_before, summary_after;
    absl::Status status = read_before(row, &record_before);
    if (status.ok()) status = read_after(row, &record_after);
    if (status.ok()) status = before.Evaluate(record_before, &summary_before);
    if (status.ok()) status = after.Evaluate(record_after, &summary_after);
    for (std::size_t i = 0; i < variations.size() && status.ok(); ++i) status = Vary(record_after, summary_after, &variations[i]);
    if (!status.ok()) return AtRow(row, status);
    const std::size_t i = axis_before.Of(summary_before), j = axis_after.Of(summary_after);
    ++simulation.matrix[i][j];
    if (HasScore(summary_before) && HasScore(summary_after)) {
      difference_sum += (summary_after.score - summary_before.score).micros();
      ++scored_both;
    }
    if (simulation.before[i] == simulation.after[j]) continue;
    ++simulation.changed;
    const absl::StatusOr<Score> score_before = before.Explain(record_before);
    if (!score_before.ok()) return AtRow(row, score_before.status());
    const absl::StatusOr<Score> score_after = after.Explain(record_after);
    if (!score_after.ok()) return AtRow(row, score_after.status());
    SimulationChange change;
    change.row = row;
    change.before = simulation.before[i];
    change.after = simulation.after[j];
    change.score_before = summary_before;
    change.score_after = summary_after;
    FindDrivingLine(*score_before, *score_after, &change);
    ++by_line[change.line];
    if (static_cast<std::int64_t>(simulation.changes.size()) < options.max_changes) simulation.changes.push_back(std::move(change));
  }
  simulation.by_line.assign(by_line.begin(), by_line.end());
  std::stable_sort(simulation.by_line.begin(), simulation.by_line.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  simulation.mean_difference = Mean(difference_sum, scored_both);
  for (Variation& variation : variations) {
    variation.result.mean_up = Mean(variation.sum_up, variation.scored_up);
    variation.result.mean_down = Mean(variation.sum_down, variation.scored_down);
    simulation.sensitivity.push_back(std::move(variation.result));
  }
  return simulation;
}

absl::StatusOr<Plan> WithWeight(const Plan& plan, std::string_view indicator, Decimal weight) {
  if (plan.scorecard() == nullptr) return absl::FailedPreconditionError("a plan of metrics alone has no weights");
  if (weight < Decimal() || weight > Decimal::FromInteger(1'000'000)) {
    return absl::InvalidArgumentError(absl::StrCat("weight ", weight.ToString(), " lies outside [0, 1000000]"));
  }
  const std::vector<Indicator>& indicators = plan.scorecard()->indicators;
  const auto found = std::find_if(indicators.begin(), indicators.end(), [&](const Indicator& i) { return i.id == indicator; });
  if (found == indicators.end()) {
    return absl::NotFoundError(absl::StrCat("scorecard '", plan.scorecard()->id, "' has no top-level indicator '", std::string(indicator), "'"));
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
