// Golden scenario G-1: a leak that is confirmed after the month's result was published. Uses the ready-made policy.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "csat/scoring/incident.h"
#include "csat/scoring/publication.h"
#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using namespace testing_plan;

// Milliseconds of a day in Shanghai at `hour`.
std::int64_t Shanghai(const char* day, int hour) {
  return (CalendarDate::Parse(day)->DayNumber() * 24 + hour - 8) * 3'600'000;
}

std::string Record(std::int64_t leaks) {
  return absl::StrCat(
      R"({"response_ms": [8000, 12000, 15000, 31000], "problems": 200, "problems_resolved": 188, "problems_resolved_first": 150,
    "attitude_feedback": 8.6, "attitude_mystery": 8.6, "written_test": 90, "scenario_simulation": 90, "complaints": 0, "active_praise": 1,
    "promise_broken": 0, "other_major_negligence": 0, "written_praise_percent": 5, "incentivised_praise_percent": 0,
    "service_innovation_percent": 3, "information_leak": )",
      leaks, "}");
}

// P2-44, P2-45, P2-48..P2-50.
TEST(AmendedResultTest, ALeakConfirmedAfterPublication) {
  std::ifstream file(std::filesystem::path(CSAT_SOURCE_DIR) / "policies/retail-after-sales.json",
                     std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  const absl::StatusOr<Policy> policy = Policy::Parse(text.str());
  ASSERT_TRUE(policy.ok()) << policy.status();
  const Plan plan = PlanOf(*policy, "period_score");
  const Veto& veto = policy->FindScorecard("period_score")->vetoes[0];
  ASSERT_EQ(veto.incident, "information_leak");
  const Period march = Period::Containing(*CalendarDate::Parse("2025-03-20"), PeriodKind::kMonth);
  const Period april = Period::Containing(*CalendarDate::Parse("2025-04-05"), PeriodKind::kMonth);
  const auto score_in = [&](const std::vector<Incident>& incidents, const Period& period) {
    return ScoreOf(plan, Record(*CountIncidents(*policy, veto, incidents, "store-4", period)));
  };

  const Incident proposed =
      *Incident::Propose("i-1", "store-4", "information_leak", Shanghai("2025-03-20", 15));
  const Score published = score_in({proposed}, march);
  EXPECT_EQ(published.summary.base.ToString(2), "88.46");
  EXPECT_EQ(published.summary.base, D("88.459211"));
  EXPECT_EQ(published.summary.score.ToString(2), "95.54");
  EXPECT_EQ(LineOf(published, "response_speed").points, D("8.75"));
  EXPECT_EQ(LineOf(published, "problem_resolution_rate").points.ToString(2), "9.89");
  EXPECT_EQ(LineOf(published, "first_resolution_rate").points, D("7.5"));
  EXPECT_EQ(LineOf(published, "service_attitude").points, D("8.6"));
  EXPECT_EQ(LineOf(published, "professional_knowledge").points, D("9"));
  const Publication first = *Publish(plan, "store-4", march.ToString(), published, Shanghai("2025-04-02", 9));
  const Publication april_result =
      *Publish(plan, "store-4", april.ToString(), score_in({proposed}, april), Shanghai("2025-05-02", 9));

  const Incident confirmed = *proposed.Confirm(Shanghai("2025-04-05", 10), "e-1");
  const Score amended = score_in({confirmed}, march);
  EXPECT_EQ(amended.summary.outcome, Outcome::kVetoed);
  EXPECT_EQ(amended.summary.score.ToString(2), "0.00");
  EXPECT_EQ(amended.summary.base, D("88.459211")) << "the base stays visible";
  EXPECT_EQ(amended.summary.without_veto, D("95.535948"));
  EXPECT_EQ(amended.grade, policy->FindScorecard("period_score")->grading->bands.back().id);
  const Publication second =
      *Amend(first, plan, amended, "information leak of 2025-03-20 confirmed", Shanghai("2025-04-05", 11));
  EXPECT_EQ(second.period, "2025-03");
  EXPECT_EQ(second.previous, first.digest);
  EXPECT_TRUE(VerifyChain({first, second}).ok()) << "both stay";

  // April is not touched: its result with the confirmed incident is the one that was published.
  const Score april_again = score_in({confirmed}, april);
  EXPECT_EQ(april_again.summary.score, D("95.535948"));
  EXPECT_EQ(Amend(april_result, plan, april_again, "why", Shanghai("2025-05-03", 9)).status().code(),
            absl::StatusCode::kFailedPrecondition);

  // P2-44: revoking restores 95.54.
  const Score restored =
      score_in({*confirmed.Revoke(Shanghai("2025-04-08", 10), "it was another store")}, march);
  EXPECT_EQ(restored.summary.score.ToString(2), "95.54");
  const Publication third = *Amend(second, plan, restored, "revoked", Shanghai("2025-04-08", 11));
  EXPECT_TRUE(VerifyChain({first, second, third}).ok());
}

}  // namespace
}  // namespace csat
