#include "csat/model/action.h"

#include "csat/model/foreign_text.h"
#include "csat/model/id.h"

namespace csat {

std::string_view ActionKindName(ActionKind kind) {
  return kind == ActionKind::kCorrective ? "corrective" : "preventive";
}

std::optional<ActionKind> ParseActionKind(std::string_view name) {
  for (const ActionKind kind : {ActionKind::kCorrective, ActionKind::kPreventive}) {
    if (name == ActionKindName(kind)) return kind;
  }
  return std::nullopt;
}

absl::StatusOr<Action> Action::Create(Plan plan) {
  if (!IsReference(plan.id)) {
    return absl::InvalidArgumentError("action: id " + Quoted(plan.id, kMaxReferenceBytes) +
                                      " is not 1 to 256 bytes without spaces");
  }
  const auto refuse = [&plan](const std::string& what) {
    return absl::InvalidArgumentError("action " + Quoted(plan.id, kMaxReferenceBytes) + ": " + what);
  };
  if (plan.cause.empty()) return refuse("the cause is missing");
  if (plan.measure.empty()) return refuse("the measure is missing");
  if (plan.owner.empty()) return refuse("the owner is missing");
  if (!plan.due.has_value()) return refuse("the due day is missing");
  return Action(std::move(plan));
}

absl::StatusOr<Action> Action::Complete(CalendarDate day, std::string result) const {
  if (state_ != State::kPlanned)
    return absl::FailedPreconditionError("action " + Quoted(id(), kMaxReferenceBytes) +
                                         " is not planned, so it cannot be done");
  if (result.empty())
    return absl::InvalidArgumentError("action " + Quoted(id(), kMaxReferenceBytes) +
                                      ": completing it needs its result");
  Action done = *this;
  done.state_ = State::kDone;
  done.done_on_ = day;
  done.result_ = std::move(result);
  return done;
}

absl::StatusOr<Action> Action::Verify(CalendarDate day, bool worked, std::string verifier,
                                      std::string evidence_id) const {
  if (state_ != State::kDone)
    return absl::FailedPreconditionError("action " + Quoted(id(), kMaxReferenceBytes) +
                                         " is not done, so it cannot be verified");
  if (verifier.empty())
    return absl::InvalidArgumentError("action " + Quoted(id(), kMaxReferenceBytes) +
                                      ": verifying it needs a verifier");
  if (evidence_id.empty())
    return absl::InvalidArgumentError("action " + Quoted(id(), kMaxReferenceBytes) +
                                      ": verifying it needs the id of its evidence");
  if (day < *done_on_) {
    return absl::InvalidArgumentError("action " + Quoted(id(), kMaxReferenceBytes) + ": verified on " +
                                      day.ToString() + ", before it was done on " + done_on_->ToString());
  }
  Action verified = *this;
  verified.state_ = worked ? State::kEffective : State::kIneffective;
  verified.verified_on_ = day;
  verified.verifier_ = std::move(verifier);
  verified.evidence_id_ = std::move(evidence_id);
  return verified;
}

}  // namespace csat
