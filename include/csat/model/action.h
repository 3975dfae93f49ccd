// Corrective and preventive actions: what is done so that a cause of dissatisfaction does not act again.
#ifndef CSAT_MODEL_ACTION_H_
#define CSAT_MODEL_ACTION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/model/calendar.h"

namespace csat {

// A corrective action removes the cause of something that happened, a preventive one that of something that
// could (ISO 9000; P1-11, P3-12).
enum class ActionKind { kCorrective, kPreventive };
// "corrective", "preventive".
std::string_view ActionKindName(ActionKind kind);
std::optional<ActionKind> ParseActionKind(std::string_view name);

// An action has a cause, a measure, an owner and a time limit from the start; it is planned, then done, and then
// verified: only a verification says whether it worked, and without one it is not effective. What did not work
// stays on record, and a new action is planned. A value: every step gives a new one.
class Action {
 public:
  enum class State { kPlanned, kDone, kEffective, kIneffective };

  // Ids are pseudonymous.
  struct Plan {
    std::string id;
    ActionKind kind = ActionKind::kCorrective;
    std::string cause, measure, owner;
    std::optional<CalendarDate> due;  // The last day on which doing it is on time (V4).
    std::vector<std::string> items;   // What it answers to, such as complaints.
  };

  // InvalidArgument names the field at fault: a missing id, cause, measure, owner or due day (P0-26, P3-25).
  static absl::StatusOr<Action> Create(Plan plan);
  // FailedPrecondition: not planned. InvalidArgument: no result.
  absl::StatusOr<Action> Complete(CalendarDate day, std::string result) const;
  // FailedPrecondition: not done. InvalidArgument: no verifier or evidence, or a day before it was done.
  absl::StatusOr<Action> Verify(CalendarDate day, bool worked, std::string verifier,
                                std::string evidence_id) const;

  const std::string& id() const { return plan_.id; }
  ActionKind kind() const { return plan_.kind; }
  const std::string& cause() const { return plan_.cause; }
  const std::string& measure() const { return plan_.measure; }
  const std::string& owner() const { return plan_.owner; }
  CalendarDate due() const { return *plan_.due; }
  const std::vector<std::string>& items() const { return plan_.items; }
  State state() const { return state_; }
  bool effective() const { return state_ == State::kEffective; }
  // Still not done after its last day, or done after it.
  bool LateOn(CalendarDate today) const { return due() < done_on_.value_or(today); }

  // Set from kDone on.
  const std::optional<CalendarDate>& done_on() const { return done_on_; }
  const std::string& result() const { return result_; }
  // Set once verified.
  const std::optional<CalendarDate>& verified_on() const { return verified_on_; }
  const std::string& verifier() const { return verifier_; }
  const std::string& evidence_id() const { return evidence_id_; }

 private:
  explicit Action(Plan plan) : plan_(std::move(plan)) {}
  Plan plan_;
  State state_ = State::kPlanned;
  std::optional<CalendarDate> done_on_, verified_on_;
  std::string result_, verifier_, evidence_id_;
};

}  // namespace csat

#endif  // CSAT_MODEL_ACTION_H_
