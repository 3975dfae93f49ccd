#include "scoring/simulation_tally.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "scoring/evaluate.h"

namespace csat {
namespace {

constexpr Outcome kOutcomes[] = {Outcome::kScored, Outcome::kVetoed, Outcome::kInsufficient,
                                 Outcome::kRefused};

bool HasScore(const Summary& summary) {
  return summary.outcome == Outcome::kScored || summary.outcome == Outcome::kVetoed;
}

// Grade ids of a plan, then the outcomes, for results without a grade.
std::vector<GradeName> GradeAxis(const CompiledPlan& plan) {
  std::vector<GradeName> names = plan.grades;
  for (const Outcome outcome : kOutcomes) names.emplace_back(OutcomeName(outcome));
  return names;
}

std::size_t PlaceOnAxis(const CompiledPlan& plan, const Summary& summary) {
  return summary.grade >= 0 ? static_cast<std::size_t>(summary.grade)
                            : plan.grades.size() + static_cast<std::size_t>(summary.outcome);
}

std::string_view NameOf(const LedgerLine& line) {
  switch (line.kind) {
    case LedgerLine::Kind::kRounding: return "rounding";
    case LedgerLine::Kind::kBonusCap: return "bonus_cap";
    case LedgerLine::Kind::kScale: return "scale";
    default: return line.id;
  }
}

// The line whose amount moved most the way the score moved; ties go to the first of `after`, then of `before`.
void FindDrivingLine(const Score& before, const Score& after, SimulationChange* change) {
  std::vector<std::pair<std::string_view, Points>> differences;
  const auto add = [&differences](const Score& score, bool minus) {
    for (const LedgerLine& line : score.ledger) {
      if (line.depth != 0) continue;
      const std::string_view name = NameOf(line);
      const Points amount = minus ? -line.amount : line.amount;
      const auto found = std::find_if(differences.begin(), differences.end(),
                                      [&](const auto& entry) { return entry.first == name; });
      if (found == differences.end()) {
        differences.emplace_back(name, amount);
      } else {
        found->second = found->second + amount;
      }
    }
  };
  add(after, false);
  add(before, true);
  const bool falls = after.summary.score < before.summary.score;
  Points most;
  for (const auto& [name, difference] : differences) {
    const Points moved = falls ? -difference : difference;
    if (moved <= most) continue;
    most = moved;
    change->line = std::string(name);
    change->difference = difference;
  }
}

Points Mean(absl::int128 sum, std::int64_t count) {
  return count == 0 ? Points() : Points::FromMicros(static_cast<std::int64_t>(DivideHalfEven(sum, count)));
}

// The plan with one weight of its own card moved by `step`, in each profile.
CompiledPlan Shifted(const CompiledPlan& plan, std::size_t indicator, Decimal step) {
  CompiledPlan shifted = plan;
  CompiledGroup& root = shifted.cards.back().root;
  for (std::size_t row = 0; row < root.declared.size(); ++row) {
    Decimal& weight = root.declared[row][indicator];
    weight = std::max(Decimal(), weight + step);
    root.weights[row] = WholeWeights(root.declared[row]);
  }
  return shifted;
}

}  // namespace

absl::StatusOr<SimulationTally> SimulationTally::Create(const Plan& before, const Plan& after,
                                                        const SimulationOptions& options) {
  if (before.scorecard() == nullptr || after.scorecard() == nullptr) {
    return absl::FailedPreconditionError("a plan of metrics alone scores nothing");
  }
  if (options.max_changes < 0) {
    return absl::InvalidArgumentError(absl::StrCat("max_changes ", options.max_changes, " is negative"));
  }
  SimulationTally tally(before.compiled(), after.compiled(), options);
  Simulation& simulation = tally.simulation_;
  simulation.before = GradeAxis(before.compiled());
  simulation.after = GradeAxis(after.compiled());
  simulation.matrix.assign(simulation.before.size(), std::vector<std::int64_t>(simulation.after.size(), 0));
  if (options.sensitivity) tally.MakeVariations();
  return tally;
}

void SimulationTally::MakeVariations() {
  const Scorecard& card = *after_->own().card;
  std::vector<Variation> made;
  if (card.combine == Combine::kWeightedMean && card.indicators.size() > 1) {
    Decimal sum;
    for (const Indicator& indicator : card.indicators) sum = sum + indicator.weight;
    const Decimal step = Decimal::FromMicros(std::max<std::int64_t>(1, sum.micros() / 100));
    for (std::size_t i = 0; i < card.indicators.size(); ++i) {
      WeightSensitivity described;
      described.indicator = card.indicators[i].id;
      described.weight = card.indicators[i].weight;
      described.step = step;
      made.push_back({std::move(described), Shifted(*after_, i, step), Shifted(*after_, i, -step)});
    }
  }
  up_.resize(made.size());
  down_.resize(made.size());
  variations_ = std::make_shared<const std::vector<Variation>>(std::move(made));
}

absl::Status SimulationTally::Score(const CompiledPlan& plan, SimulatedRow row, Summary* out,
                                    bool* bad) const {
  if (!row.bad) {
    absl::Status status = EvaluateRecord(plan, row.record, row.imposed, out);
    if (status.ok() || options_.bad_rows == BatchOptions::BadRows::kFail) return status;
  }
  *out = Summary();
  const auto found = std::find(plan.reasons.begin(), plan.reasons.end(), "bad_value");
  if (found != plan.reasons.end()) out->reason = static_cast<std::int16_t>(found - plan.reasons.begin());
  *bad = true;
  return absl::OkStatus();
}

absl::Status SimulationTally::Vary(const CompiledPlan& plan, SimulatedRow row, const Summary& plain,
                                   Varied* varied) const {
  Summary summary;
  if (absl::Status status = EvaluateRecord(plan, row.record, row.imposed, &summary); !status.ok())
    return status;
  if (summary.grade != plain.grade || summary.outcome != plain.outcome) ++varied->changed;
  if (HasScore(summary) && HasScore(plain)) {
    varied->sum += (summary.score - plain.score).micros();
    ++varied->scored;
  }
  return absl::OkStatus();
}

absl::Status SimulationTally::Add(std::int64_t row, SimulatedRow before, SimulatedRow after) {
  SimulationChange change;
  change.row = row;
  bool bad_before = false, bad_after = false;
  absl::Status status = Score(*before_, before, &change.score_before, &bad_before);
  if (status.ok()) status = Score(*after_, after, &change.score_after, &bad_after);
  for (std::size_t i = 0; i < up_.size() && status.ok() && !bad_after; ++i) {
    status = Vary((*variations_)[i].up, after, change.score_after, &up_[i]);
    if (status.ok()) status = Vary((*variations_)[i].down, after, change.score_after, &down_[i]);
  }
  if (!status.ok()) return status;
  ++simulation_.rows;
  if (bad_before || bad_after) ++simulation_.bad_rows;
  const std::size_t i = PlaceOnAxis(*before_, change.score_before),
                    j = PlaceOnAxis(*after_, change.score_after);
  ++simulation_.matrix[i][j];
  if (HasScore(change.score_before) && HasScore(change.score_after)) {
    difference_sum_ += (change.score_after.score - change.score_before.score).micros();
    ++scored_both_;
  }
  // With grades on one side alone every record would gain or lose one.
  const bool same = Graded() ? simulation_.before[i] == simulation_.after[j]
                             : change.score_before.outcome == change.score_after.outcome;
  if (same) return absl::OkStatus();
  change.before = simulation_.before[i];
  change.after = simulation_.after[j];
  return AddChange(before, after, std::move(change));
}

bool SimulationTally::Graded() const { return !before_->grades.empty() && !after_->grades.empty(); }

absl::Status SimulationTally::AddChange(SimulatedRow before, SimulatedRow after, SimulationChange change) {
  if (!HasScore(change.score_after)) {
    change.line = after_->reasons[static_cast<std::size_t>(change.score_after.reason)];
  } else if (!HasScore(change.score_before)) {
    change.line = before_->reasons[static_cast<std::size_t>(change.score_before.reason)];
  } else if (absl::Status status = FindLine(before, after, &change); !status.ok()) {
    return status;
  }
  ++simulation_.changed;
  ++by_line_[change.line];
  if (static_cast<std::int64_t>(simulation_.changes.size()) < options_.max_changes) {
    simulation_.changes.push_back(std::move(change));
  }
  return absl::OkStatus();
}

absl::Status SimulationTally::FindLine(SimulatedRow before, SimulatedRow after,
                                       SimulationChange* change) const {
  const CompiledCard& card = after_->own();
  int band = -1;
  absl::Status status =
      ChooseBand(*after_, card, card.grading, change->score_before.score, after.record, &band, nullptr);
  if (!status.ok() || (Graded() && band == change->score_after.grade)) return status;
  const absl::StatusOr<csat::Score> was = ExplainRecord(*before_, before.record, before.imposed);
  if (!was.ok()) return was.status();
  const absl::StatusOr<csat::Score> is = ExplainRecord(*after_, after.record, after.imposed);
  if (!is.ok()) return is.status();
  FindDrivingLine(*was, *is, change);
  return absl::OkStatus();
}

void SimulationTally::Merge(SimulationTally later) {
  Simulation& more = later.simulation_;
  simulation_.rows += more.rows;
  simulation_.bad_rows += more.bad_rows;
  simulation_.changed += more.changed;
  for (std::size_t i = 0; i < more.matrix.size(); ++i) {
    for (std::size_t j = 0; j < more.matrix[i].size(); ++j) simulation_.matrix[i][j] += more.matrix[i][j];
  }
  for (SimulationChange& change : more.changes) {
    if (static_cast<std::int64_t>(simulation_.changes.size()) >= options_.max_changes) break;
    simulation_.changes.push_back(std::move(change));
  }
  for (const auto& [line, count] : later.by_line_) by_line_[line] += count;
  difference_sum_ += later.difference_sum_;
  scored_both_ += later.scored_both_;
  const auto add = [](const std::vector<Varied>& from, std::vector<Varied>* to) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      (*to)[i].changed += from[i].changed;
      (*to)[i].scored += from[i].scored;
      (*to)[i].sum += from[i].sum;
    }
  };
  add(later.up_, &up_);
  add(later.down_, &down_);
}

Simulation SimulationTally::Take() {
  std::vector<SimulationChange> changes = std::exchange(simulation_.changes, {});
  Simulation taken = simulation_;
  taken.changes = std::move(changes);
  taken.by_line.assign(by_line_.begin(), by_line_.end());
  std::stable_sort(taken.by_line.begin(), taken.by_line.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  taken.mean_difference = Mean(difference_sum_, scored_both_);
  for (std::size_t i = 0; i < up_.size(); ++i) {
    WeightSensitivity result = (*variations_)[i].described;
    result.changed_up = up_[i].changed;
    result.changed_down = down_[i].changed;
    result.mean_up = Mean(up_[i].sum, up_[i].scored);
    result.mean_down = Mean(down_[i].sum, down_[i].scored);
    taken.sensitivity.push_back(std::move(result));
  }
  return taken;
}

}  // namespace csat
