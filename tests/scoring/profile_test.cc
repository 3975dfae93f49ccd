#include <string>

#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using ::testing::HasSubstr;
using namespace testing_plan;

// P2-46: attitude (a) and knowledge (b) are 25 of 100 together, divided by post; the core (c) keeps its own.
Plan ByRole(const char* default_profile) {
  return PlanOf(PolicyOf(CardOf(Needed({{"a", "15"}, {"b", "10"}, {"c", "75"}}),
                                absl::StrCat(R"(, "weights_sum": 100, "profile_metric": "role", "profiles": [
                                  {"id": "agent", "weights": {"a": 15, "b": 10}}, {"id": "manager",
                                    "weights": {"a": 10, "b": 15}},
                                  {"id": "guest", "weights": {}}])",
                                             default_profile))));
}

TEST(ProfileTest, ChoosesTheWeights) {
  struct Row {
    const char* name;
    const char* role;  // JSON.
    const char* profile;
    const char* score;
  };
  const Plan plan = ByRole(R"(, "default_profile": "agent")");
  const Row rows[] = {
      {"P2-46, reception: 1.05 + 0.95", R"("agent")", "agent", "20"},
      {"P2-46, technical: 0.70 + 1.425", R"("manager")", "manager", "21.25"},
      {"a profile without weights of its own", R"("guest")", "guest", "20"},
      {"no role, so the default", "null", "agent", "20"},
  };
  for (const Row& row : rows) {
    const Score score = ScoreOf(plan, absl::StrCat(R"({"a": 7, "b": 9.5, "c": 0, "role": )", row.role, "}"));
    EXPECT_EQ(score.profile, row.profile) << row.name;
    EXPECT_EQ(score.summary.score, D(row.score)) << row.name;
  }
}

TEST(ProfileTest, ARecordWithoutAProfileIsRefused) {
  const Plan strict = ByRole("");
  const Score nameless = ScoreOf(strict, R"({"a": 7, "b": 9.5, "c": 0})");
  EXPECT_EQ(nameless.summary.outcome, Outcome::kRefused);
  EXPECT_EQ(ReasonOf(strict, nameless), "profile");
  EXPECT_THAT(nameless.refusal, HasSubstr("the record names no profile in 'role'"));
  EXPECT_EQ(nameless.profile, "") << "nobody knows which weights";
  EXPECT_EQ(LineOf(nameless, "a").weight_sum, Decimal());
  const absl::StatusOr<Score> unknown = Explain(strict, R"({"a": 7, "b": 9.5, "c": 0, "role": "driver"})");
  EXPECT_EQ(unknown.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(unknown.status().message()),
              HasSubstr("'driver' is none of the 3 words of metric 'role'"));
}

TEST(ProfileTest, AWordThatIsNoProfileIsRefusedEvenWithADefault) {
  const Plan plan =
      PlanOf(PolicyOf(CardOf(Needed({{"a", "1"}}), R"(, "profile_metric": "role", "default_profile": "agent",
    "profiles": [{"id": "agent", "weights": {}}, {"id": "manager", "weights": {}}])")));
  const Score score = ScoreOf(plan, R"({"a": 7, "role": "guest"})");
  EXPECT_EQ(score.summary.outcome, Outcome::kRefused);
  EXPECT_EQ(ReasonOf(plan, score), "profile");
  EXPECT_THAT(score.refusal, HasSubstr("profile 'guest' is none of the 2 of scorecard 'card'"));
}

}  // namespace
}  // namespace csat
