#include "csat/scoring/incident.h"

#include <cstdint>
#include <string>
#include <vector>

#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using ::testing::HasSubstr;
using namespace testing_plan;

CalendarDate Day(const char* text) { return *CalendarDate::Parse(text); }
Period March() { return Period::Containing(Day("2025-03-01"), PeriodKind::kMonth); }

// 2025-03-01 00:00 and 2025-04-01 00:00 in Shanghai, UTC+8.
constexpr std::int64_t kMarch = 1'740'758'400'000, kApril = 1'743'436'800'000, kDay = 86'400'000;

Incident Leak(std::int64_t occurred_at) { return *Incident::Propose("i-1", "store-4", "leak", occurred_at); }

TEST(IncidentTest, StepsInOrder) {
  const Incident proposed = Leak(kMarch);
  EXPECT_EQ(proposed.state(), Incident::State::kProposed);
  const Incident confirmed = *proposed.Confirm(kMarch + 1, "e-1", "a-1");
  EXPECT_EQ(confirmed.state(), Incident::State::kConfirmed);
  EXPECT_EQ(confirmed.confirmed_at(), kMarch + 1);
  EXPECT_EQ(confirmed.evidence_id(), "e-1");
  EXPECT_EQ(confirmed.approval_id(), "a-1");
  const Incident revoked = *confirmed.Revoke(kMarch + 2, "it was another store");
  EXPECT_EQ(revoked.state(), Incident::State::kRevoked);
  EXPECT_EQ(revoked.revoked_at(), kMarch + 2);
  EXPECT_EQ(revoked.revocation_reason(), "it was another store");
  EXPECT_EQ(revoked.id(), "i-1");
  EXPECT_EQ(revoked.subject(), "store-4");
  EXPECT_EQ(revoked.code(), "leak");
  EXPECT_EQ(revoked.occurred_at(), kMarch);
}

TEST(IncidentTest, NoStepIsSkippedTakenTwiceOrUnfounded) {
  const Incident proposed = Leak(kMarch), confirmed = *proposed.Confirm(kMarch, "e-1"),
                 revoked = *confirmed.Revoke(kMarch, "why");
  struct Row {
    const char* name;
    absl::Status status;
    absl::StatusCode code;
    const char* words;
  };
  const Row rows[] = {
      {"no id", Incident::Propose("", "s", "leak", 0).status(), absl::StatusCode::kInvalidArgument,
       "the id is empty"},
      {"no subject", Incident::Propose("i", "", "leak", 0).status(), absl::StatusCode::kInvalidArgument,
       "the subject is empty"},
      {"no code", Incident::Propose("i", "s", "", 0).status(), absl::StatusCode::kInvalidArgument,
       "the code is empty"},
      {"P2-44, no evidence", proposed.Confirm(kMarch, "").status(), absl::StatusCode::kInvalidArgument,
       "needs the id of its evidence"},
      {"confirmed before it occurred", proposed.Confirm(kMarch - 1, "e").status(),
       absl::StatusCode::kInvalidArgument, "before it occurred"},
      {"confirmed twice", confirmed.Confirm(kMarch, "e").status(), absl::StatusCode::kFailedPrecondition,
       "is not proposed"},
      {"confirmed after it was revoked", revoked.Confirm(kMarch, "e").status(),
       absl::StatusCode::kFailedPrecondition, "is not proposed"},
      {"revoked before it was confirmed", proposed.Revoke(kMarch, "why").status(),
       absl::StatusCode::kFailedPrecondition, "is not confirmed"},
      {"revoked twice", revoked.Revoke(kMarch, "why").status(), absl::StatusCode::kFailedPrecondition,
       "is not confirmed"},
      {"revoked for nothing", confirmed.Revoke(kMarch, "").status(), absl::StatusCode::kInvalidArgument,
       "needs a reason"},
      {"revoked a millisecond before", confirmed.Revoke(kMarch - 1, "why").status(),
       absl::StatusCode::kInvalidArgument, "before it was confirmed"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(row.status.code(), row.code) << row.name;
    EXPECT_THAT(std::string(row.status.message()), HasSubstr(row.words)) << row.name;
  }
}

// A-05: days are counted in the policy's zone.
TEST(DayOfTest, BeginsAtMidnightOfTheZone) {
  struct Row {
    const char* name;
    std::int64_t instant;
    const char* zone;
    const char* day;
  };
  const Row rows[] = {
      {"the last millisecond of February in Shanghai", kMarch - 1, "Asia/Shanghai", "2025-02-28"},
      {"midnight in Shanghai", kMarch, "Asia/Shanghai", "2025-03-01"},
      {"the same instant in UTC", kMarch, "UTC", "2025-02-28"},
      {"the last millisecond of March", kApril - 1, "Asia/Shanghai", "2025-03-31"},
      {"midnight of April", kApril, "Asia/Shanghai", "2025-04-01"},
      {"before 1970", -1, "UTC", "1969-12-31"},
      {"the epoch", 0, "UTC", "1970-01-01"},
      {"the epoch in Shanghai", 0, "Asia/Shanghai", "1970-01-01"},
      {"the hour before a day of 23 hours", 1'741'496'400'000 - 1, "America/New_York", "2025-03-08"},
      {"a day of 23 hours", 1'741'496'400'000, "America/New_York", "2025-03-09"},
      {"and its last millisecond", 1'741'496'400'000 + 23 * 3'600'000 - 1, "America/New_York", "2025-03-09"},
      {"the day after it", 1'741'496'400'000 + 23 * 3'600'000, "America/New_York", "2025-03-10"},
      {"the last millisecond there is", 253'402'300'799'999, "UTC", "9999-12-31"},
      {"the first one", -62'135'596'800'000, "UTC", "0001-01-01"},
  };
  for (const Row& row : rows) EXPECT_EQ(DayOf(row.instant, row.zone)->ToString(), row.day) << row.name;
  EXPECT_EQ(DayOf(253'402'300'800'000, "UTC").status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(DayOf(-62'135'596'800'001, "UTC").status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(DayOf(0, "Asia/Nowhere").status().code(), absl::StatusCode::kNotFound);
}

Policy FedByIncidents(const char* period, bool needs_approval) {
  return PolicyOf(CardOf(Needed({{"a", "1"}}), absl::StrCat(R"(, "period": "MONTH", "vetoes": [
    {"id": "leak", "when": {"compare": {"metric": "leaks", "op": "GE", "value": 1}}, "scope": "SUBJECT_PERIOD", "set_to": 0, "missing": {"rule": "REFUSE"},
     "incident": "leak", "period": ")",
                                                            period, R"(", "needs_approval": )",
                                                            needs_approval ? "true" : "false", R"(},
    {"id": "plain", "when": {"compare": {"metric": "breaches", "op": "GE", "value": 1}}, "scope": "RECORD", "set_to": 0, "missing": {"rule": "REFUSE"}}])")));
}

// P2-44: only what was confirmed counts, for its own subject and period; a revoked one restores.
TEST(CountIncidentsTest, CountsWhatWasConfirmed) {
  const Policy by_occurrence = FedByIncidents("OCCURRENCE", false),
               by_confirmation = FedByIncidents("CONFIRMATION", false),
               approved_only = FedByIncidents("OCCURRENCE", true);
  const Incident other_store = *Incident::Propose("i-2", "store-5", "leak", kMarch)->Confirm(kMarch, "e");
  const Incident other_code = *Incident::Propose("i-3", "store-4", "promise", kMarch)->Confirm(kMarch, "e");
  const Incident first = *Leak(kMarch).Confirm(kMarch, "e"),
                 last = *Incident::Propose("i-4", "store-4", "leak", kApril - 1)->Confirm(kApril + kDay, "e");
  struct Row {
    const char* name;
    const Policy* policy;
    std::vector<Incident> incidents;
    std::int64_t march, april;
  };
  const Row rows[] = {
      {"none", &by_occurrence, {}, 0, 0},
      {"proposed", &by_occurrence, {Leak(kMarch)}, 0, 0},
      {"the first millisecond of the month", &by_occurrence, {first}, 1, 0},
      {"the millisecond before", &by_occurrence, {*Leak(kMarch - 1).Confirm(kMarch, "e")}, 0, 0},
      {"the last millisecond of the month, confirmed in the next", &by_occurrence, {last}, 1, 0},
      {"the same, by its confirmation", &by_confirmation, {last}, 0, 1},
      {"the millisecond after", &by_occurrence, {*Leak(kApril).Confirm(kApril, "e")}, 0, 1},
      {"two", &by_occurrence, {first, last}, 2, 0},
      {"revoked", &by_occurrence, {*first.Revoke(kApril, "why")}, 0, 0},
      {"of another subject", &by_occurrence, {other_store}, 0, 0},
      {"of another code", &by_occurrence, {other_code}, 0, 0},
      {"A-44, without the approval it needs", &approved_only, {first}, 0, 0},
      {"A-44, with it", &approved_only, {*Leak(kMarch).Confirm(kMarch, "e", "a-1")}, 1, 0},
  };
  const Period april = Period::Containing(Day("2025-04-01"), PeriodKind::kMonth);
  for (const Row& row : rows) {
    const Veto& veto = row.policy->scorecards()[0].vetoes[0];
    EXPECT_EQ(*CountIncidents(*row.policy, veto, row.incidents, "store-4", March()), row.march) << row.name;
    EXPECT_EQ(*CountIncidents(*row.policy, veto, row.incidents, "store-4", april), row.april) << row.name;
  }
  EXPECT_EQ(CountIncidents(by_occurrence, by_occurrence.scorecards()[0].vetoes[1], {}, "store-4", March())
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace csat
