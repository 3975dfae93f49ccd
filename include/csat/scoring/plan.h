// Plans: a scorecard compiled for scoring records.
#ifndef CSAT_SCORING_PLAN_H_
#define CSAT_SCORING_PLAN_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/policy/policy.h"
#include "csat/scoring/record.h"
#include "csat/scoring/score.h"

namespace csat {

struct CompiledPlan;

// A plan is one scorecard of a policy (with those that feed it) made ready: fields become slots, weights
// become integers, the order of steps is fixed. Reads no clock, file or global. Immutable; share it between
// threads.
//
// metric -> score function -> points -> gate -> missing rule -> weighted mean (profile) -> bonus -> caps ->
// veto -> grade -> outcome.
class Plan {
 public:
  // NotFound: no such scorecard. InvalidArgument: the card is beyond the range of exact arithmetic.
  static absl::StatusOr<Plan> Compile(const Policy& policy, std::string_view scorecard);
  // A plan of the policy's metrics alone: Measure() and EvaluateTargets() work, scoring is a FailedPrecondition.
  static absl::StatusOr<Plan> CompileMetrics(const Policy& policy);

  const Policy& policy() const;
  // nullptr: a plan of metrics alone.
  const Scorecard* scorecard() const;
  // What a record holds, by slot.
  const std::vector<Field>& fields() const;
  // -1: the plan reads no such field.
  int FindField(std::string_view name) const;
  Record NewRecord() const { return Record(fields().size()); }

  // Grade ids, best first.
  const std::vector<std::string>& grades() const;
  // Reason codes by index; [0] is "". "veto:<id>", "cap:<id>", "condition:<grade id>", "missing:<indicator id>",
  // "unknown:<veto id>" (its condition is unknown, whatever its missing rule made of that), "min_answers",
  // "profile", "bad_value" (batches only).
  const std::vector<std::string>& reasons() const;
  // Level ids of an indicator, best first; empty where it has none.
  const std::vector<std::string>& levels(std::string_view indicator) const;

  // Scores one record without its explanation; allocates nothing. InvalidArgument names the field, the value
  // and the limit: NaN, an infinity, a value off its scale, a negative count, a numerator above its
  // denominator, a word where a number is wanted, a quotient of counts that needs more than 53 bits. Every
  // value that the scorecard's metrics read is checked, whether or not the result comes to depend on it; last
  // known figures are checked where they are used.
  absl::Status Evaluate(const Record& record, Summary* out) const;
  // The same with the ledger.
  absl::StatusOr<Score> Explain(const Record& record) const;
  // Targets of the policy that speak of this scorecard or of metrics that the record can measure.
  absl::StatusOr<std::vector<TargetResult>> EvaluateTargets(const Record& record) const;
  // The figures of all metrics of the policy in this record.
  absl::StatusOr<std::vector<MetricResult>> Measure(const Record& record) const;

  const CompiledPlan& compiled() const { return *compiled_; }

 private:
  friend absl::StatusOr<Plan> WithWeight(const Plan& plan, std::string_view indicator, Decimal weight);
  explicit Plan(std::shared_ptr<const CompiledPlan> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const CompiledPlan> compiled_;
};

}  // namespace csat

#endif  // CSAT_SCORING_PLAN_H_
