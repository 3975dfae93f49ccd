#include "csat/model/action.h"

#include <functional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::HasSubstr;

CalendarDate Day(const char* text) { return *CalendarDate::Parse(text); }

Action::Plan SlowRepair() {
  return {"a-1",
          ActionKind::kCorrective,
          "one technician for two districts",
          "hire a second technician",
          "after_sales",
          Day("2025-04-30"),
          {"case-7"}};
}

// P0-26, P3-25: no action without cause, measure, owner and time limit.
TEST(ActionTest, CannotBeInvalid) {
  struct Row {
    const char* name;
    std::function<void(Action::Plan*)> change;
    const char* words;  // Of the error; "": there is none.
  };
  const Row rows[] = {
      {"whole", [](Action::Plan*) {}, ""},
      {"preventive, for no case",
       [](Action::Plan* p) { *p = {"a-2", ActionKind::kPreventive, "c", "m", "o", Day("2025-04-30"), {}}; },
       ""},
      {"no id", [](Action::Plan* p) { p->id.clear(); }, "id ''"},
      {"P3-25, no cause", [](Action::Plan* p) { p->cause.clear(); }, "action 'a-1': the cause is missing"},
      {"no measure", [](Action::Plan* p) { p->measure.clear(); }, "the measure is missing"},
      {"P0-26, no owner", [](Action::Plan* p) { p->owner.clear(); }, "the owner is missing"},
      {"P0-26, no due day", [](Action::Plan* p) { p->due.reset(); }, "the due day is missing"},
  };
  for (const Row& row : rows) {
    Action::Plan plan = SlowRepair();
    row.change(&plan);
    const absl::StatusOr<Action> action = Action::Create(plan);
    EXPECT_EQ(action.ok(), *row.words == '\0') << row.name;
    EXPECT_THAT(std::string(action.status().message()), HasSubstr(row.words)) << row.name;
  }
}

TEST(ActionTest, IsEffectiveOnlyOnceVerified) {
  const Action planned = *Action::Create(SlowRepair());
  EXPECT_EQ(planned.state(), Action::State::kPlanned);
  EXPECT_FALSE(planned.effective());
  const Action done = *planned.Complete(Day("2025-04-20"), "hired");
  EXPECT_EQ(done.state(), Action::State::kDone);
  EXPECT_FALSE(done.effective());
  const Action worked = *done.Verify(Day("2025-06-01"), true, "quality", "report-5");
  EXPECT_TRUE(worked.effective());
  EXPECT_EQ(worked.verifier(), "quality");
  EXPECT_EQ(worked.evidence_id(), "report-5");
  EXPECT_EQ(worked.verified_on(), Day("2025-06-01"));
  EXPECT_EQ(worked.done_on(), Day("2025-04-20"));
  EXPECT_EQ(worked.result(), "hired");
  EXPECT_EQ(worked.cause(), "one technician for two districts");
  const Action failed = *done.Verify(Day("2025-04-20"), false, "quality", "report-6");
  EXPECT_EQ(failed.state(), Action::State::kIneffective);
  EXPECT_FALSE(failed.effective());
  EXPECT_EQ(planned.state(), Action::State::kPlanned);
}

TEST(ActionTest, NoStepIsSkippedOrTakenTwice) {
  const Action planned = *Action::Create(SlowRepair());
  const Action done = *planned.Complete(Day("2025-04-20"), "hired");
  const Action effective = *done.Verify(Day("2025-06-01"), true, "quality", "report-5");
  const Action ineffective = *done.Verify(Day("2025-06-01"), false, "quality", "report-5");
  struct Row {
    const char* name;
    absl::Status status;
    absl::StatusCode code;
    const char* words;
  };
  const CalendarDate later = Day("2025-07-01");
  const Row rows[] = {
      {"verified while planned", planned.Verify(later, true, "quality", "e").status(),
       absl::StatusCode::kFailedPrecondition, "not done"},
      {"done twice", done.Complete(later, "again").status(), absl::StatusCode::kFailedPrecondition,
       "not planned"},
      {"done after it was verified", effective.Complete(later, "again").status(),
       absl::StatusCode::kFailedPrecondition, "not planned"},
      {"verified twice", effective.Verify(later, false, "quality", "e").status(),
       absl::StatusCode::kFailedPrecondition, "not done"},
      {"a failure verified away", ineffective.Verify(later, true, "quality", "e").status(),
       absl::StatusCode::kFailedPrecondition, "not done"},
      {"done without a result", planned.Complete(later, "").status(), absl::StatusCode::kInvalidArgument,
       "needs its result"},
      {"verified by nobody", done.Verify(later, true, "", "e").status(), absl::StatusCode::kInvalidArgument,
       "needs a verifier"},
      {"verified on no evidence", done.Verify(later, true, "quality", "").status(),
       absl::StatusCode::kInvalidArgument, "evidence"},
      {"verified before it was done", done.Verify(Day("2025-04-19"), true, "quality", "e").status(),
       absl::StatusCode::kInvalidArgument, "verified on 2025-04-19, before it was done on 2025-04-20"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(row.status.code(), row.code) << row.name;
    EXPECT_THAT(std::string(row.status.message()), HasSubstr(row.words)) << row.name;
  }
}

// V4: the last day is still on time.
TEST(ActionTest, IsLateAfterItsLastDay) {
  const Action planned = *Action::Create(SlowRepair());
  EXPECT_FALSE(planned.LateOn(Day("2025-04-30")));
  EXPECT_TRUE(planned.LateOn(Day("2025-05-01")));
  EXPECT_FALSE(planned.Complete(Day("2025-04-30"), "hired")->LateOn(Day("2025-06-01")));
  EXPECT_TRUE(planned.Complete(Day("2025-05-01"), "hired")->LateOn(Day("2025-06-01")));
}

// P1-11: the type is one of two.
TEST(ActionKindTest, NamesReadBack) {
  for (const ActionKind kind : {ActionKind::kCorrective, ActionKind::kPreventive})
    EXPECT_EQ(ParseActionKind(ActionKindName(kind)), kind);
  EXPECT_EQ(ParseActionKind(""), std::nullopt);
}

}  // namespace
}  // namespace csat
