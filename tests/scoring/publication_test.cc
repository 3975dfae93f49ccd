#include "csat/scoring/publication.h"

#include <functional>
#include <string>
#include <vector>

#include "csat/policy/canonical_object.h"
#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using ::testing::HasSubstr;
using namespace testing_plan;

Plan Card(const char* id = "card") {
  return PlanOf(PolicyOf(absl::StrCat(R"({"id": ")", id, R"(", "max_score": 100, "indicators": [)",
                                      Needed({{"a", "1"}}), R"(],
    "vetoes": [{"id": "leak", "when": {"compare": {"metric": "leaks", "op": "GE", "value": 1}}, "scope": "SUBJECT_PERIOD", "set_to": 0, "missing": {"rule": "REFUSE"}}],
    "grading": {"basis": "EXACT", "bands": [{"id": "good", "from": 60}, {"id": "poor", "from": 0}]}})")),
                id);
}

// Published, amended to 0, restored.
std::vector<Publication> Chain(const Plan& plan) {
  const Score good = ScoreOf(plan, R"({"a": 9, "leaks": 0})"),
              vetoed = ScoreOf(plan, R"({"a": 9, "leaks": 1})");
  const Publication first = *Publish(plan, "store-4", "2025-03", good, 1000);
  const Publication second = *Amend(first, plan, vetoed, "a leak was confirmed", 2000);
  return {first, second, *Amend(second, plan, good, "it was revoked", 2000)};
}

TEST(PublicationTest, HoldsTheResult) {
  const Plan plan = Card();
  const std::vector<Publication> chain = Chain(plan);
  const Publication& second = chain[1];
  EXPECT_EQ(second.subject, "store-4");
  EXPECT_EQ(second.period, "2025-03");
  EXPECT_EQ(second.scorecard, "card");
  EXPECT_EQ(second.policy_id, "small");
  EXPECT_EQ(second.policy_version, "1");
  EXPECT_EQ(second.policy_digest, plan.policy().digest());
  EXPECT_EQ(second.sequence, 2);
  EXPECT_EQ(second.outcome, Outcome::kVetoed);
  EXPECT_EQ(second.score, Points());
  EXPECT_EQ(second.without_veto, D("90"));
  EXPECT_EQ(second.base, D("90"));
  EXPECT_EQ(second.grade, "poor");
  EXPECT_EQ(second.reason, "veto:leak");
  EXPECT_EQ(second.amendment, "a leak was confirmed");
  EXPECT_EQ(second.previous, chain[0].digest);
  EXPECT_EQ(second.digest, Sha256Hex(CanonicalJson(second)));
  EXPECT_EQ(chain[2].score, chain[0].score);
  EXPECT_NE(chain[2].digest, chain[0].digest);
  EXPECT_EQ(
      CanonicalJson(chain[0]),
      absl::StrCat(
          R"({"amendment":"","base":90,"grade":"good","outcome":"scored","period":"2025-03","policy_digest":")",
          plan.policy().digest(),
          R"(","policy_id":"small","policy_version":"1","previous":"","published_at":"1000","reason":"","score":90,"scorecard":"card","sequence":"1",)",
          R"("subject":"store-4","without_veto":90})"));
}

TEST(PublicationTest, OneChainOfOneSubjectAndPeriod) {
  const Plan plan = Card(), other = Card("other");
  const Score good = ScoreOf(plan, R"({"a": 9, "leaks": 0})"),
              vetoed = ScoreOf(plan, R"({"a": 9, "leaks": 1})");
  const Publication first = *Publish(plan, "store-4", "2025-03", good, 1000);
  Publication touched = first;
  touched.score = D("91");
  struct Row {
    const char* name;
    absl::Status status;
    absl::StatusCode code;
    const char* words;
  };
  const Row rows[] = {
      {"no subject", Publish(plan, "", "2025-03", good, 1000).status(), absl::StatusCode::kInvalidArgument,
       "the subject is empty"},
      {"no period", Publish(plan, "store-4", "", good, 1000).status(), absl::StatusCode::kInvalidArgument,
       "the period is empty"},
      {"no reason", Amend(first, plan, vetoed, "", 2000).status(), absl::StatusCode::kInvalidArgument,
       "needs a reason"},
      {"another scorecard",
       Amend(first, other, ScoreOf(other, R"({"a": 9, "leaks": 1})"), "why", 2000).status(),
       absl::StatusCode::kInvalidArgument, "is of scorecard 'card'"},
      {"a publication that was changed", Amend(touched, plan, vetoed, "why", 2000).status(),
       absl::StatusCode::kInvalidArgument, "does not match its digest"},
      {"a millisecond earlier", Amend(first, plan, vetoed, "why", 999).status(),
       absl::StatusCode::kInvalidArgument, "before it was published at 1000"},
      {"at the same time", Amend(first, plan, vetoed, "why", 1000).status(), absl::StatusCode::kOk, ""},
      {"nothing changed", Amend(first, plan, good, "why", 2000).status(),
       absl::StatusCode::kFailedPrecondition, "nothing changed"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(row.status.code(), row.code) << row.name;
    EXPECT_THAT(std::string(row.status.message()), HasSubstr(row.words)) << row.name;
  }
}

TEST(VerifyChainTest, FindsTheFirstThatWasChanged) {
  const std::vector<Publication> chain = Chain(Card());
  EXPECT_TRUE(VerifyChain(chain).ok());
  EXPECT_TRUE(VerifyChain({chain[0]}).ok());
  EXPECT_TRUE(VerifyChain({}).ok());
  // Every field of the second one.
  const std::pair<const char*, std::function<void(Publication*)>> fields[] = {
      {"subject", [](Publication* p) { p->subject = "store-5"; }},
      {"period", [](Publication* p) { p->period = "2025-04"; }},
      {"scorecard", [](Publication* p) { p->scorecard = "other"; }},
      {"policy_id", [](Publication* p) { p->policy_id = "large"; }},
      {"policy_version", [](Publication* p) { p->policy_version = "2"; }},
      {"policy_digest", [](Publication* p) { p->policy_digest[0] ^= 1; }},
      {"sequence", [](Publication* p) { p->sequence = 3; }},
      {"published_at", [](Publication* p) { ++p->published_at; }},
      {"outcome", [](Publication* p) { p->outcome = Outcome::kScored; }},
      {"score", [](Publication* p) { p->score = Points::FromMicros(1); }},
      {"base", [](Publication* p) { p->base = D("89.999999"); }},
      {"without_veto", [](Publication* p) { p->without_veto = D("90.000001"); }},
      {"has_base", [](Publication* p) { p->has_base = false; }},
      {"grade", [](Publication* p) { p->grade = "good"; }},
      {"reason", [](Publication* p) { p->reason.clear(); }},
      {"amendment", [](Publication* p) { p->amendment += "."; }},
      {"previous", [](Publication* p) { p->previous.clear(); }},
      {"digest", [](Publication* p) { p->digest[63] ^= 1; }},
  };
  for (const auto& [field, change] : fields) {
    std::vector<Publication> touched = chain;
    change(&touched[1]);
    const absl::Status status = VerifyChain(touched);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << field;
    EXPECT_THAT(std::string(status.message()), HasSubstr("was changed: its digest does not match")) << field;
  }
}

TEST(VerifyChainTest, FindsWhatIsMissingOrMoved) {
  const std::vector<Publication> chain = Chain(Card());
  // One that was changed and given a new digest no longer fits the next.
  std::vector<Publication> forged = chain;
  forged[1].score = D("50");
  forged[1].digest = Sha256Hex(CanonicalJson(forged[1]));
  std::vector<Publication> stranger = chain;
  stranger[0].subject = "store-5";
  stranger[0].digest = Sha256Hex(CanonicalJson(stranger[0]));
  struct Row {
    const char* name;
    std::vector<Publication> chain;
    const char* words;
  };
  const Row rows[] = {
      {"the first dropped", {chain[1], chain[2]}, "publication 1 of the chain is missing; publication 2"},
      {"the middle one dropped",
       {chain[0], chain[2]},
       "publication 2 of the chain is missing; publication 3"},
      {"reordered", {chain[1], chain[0], chain[2]}, "publication 1 of the chain is missing"},
      {"one twice", {chain[0], chain[0]}, "publication 2 of the chain is missing"},
      {"forged with its digest", forged,
       "publication 3 of 'store-4' in 2025-03 does not follow the one before it"},
      {"another subject's first", stranger,
       "publication 2 of 'store-4' in 2025-03 does not follow the one before it"},
  };
  for (const Row& row : rows) {
    const absl::Status status = VerifyChain(row.chain);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << row.name;
    EXPECT_THAT(std::string(status.message()), HasSubstr(row.words)) << row.name;
  }
}

// The period keys: a chain of results without a score.
TEST(PublicationTest, OfResultsWithoutAScore) {
  const Plan plan = Card();
  const Score refused = ScoreOf(plan, R"({"a": 9})");
  const Publication first = *Publish(plan, "store-4", "2025-03", refused, 1000);
  EXPECT_THAT(CanonicalJson(first), HasSubstr(R"("outcome":"refused")"));
  EXPECT_THAT(CanonicalJson(first), Not(HasSubstr("\"score\"")));
  EXPECT_THAT(CanonicalJson(first), Not(HasSubstr("\"base\"")));
  EXPECT_TRUE(VerifyChain({first, *Amend(first, plan, ScoreOf(plan, R"({"a": 9, "leaks": 0})"),
                                         "the figure came", 2000)})
                  .ok());
}

}  // namespace
}  // namespace csat
