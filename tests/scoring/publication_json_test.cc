// Publications as JSON: ToJson and ParsePublication of csat/scoring/publication.h.
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_replace.h"
#include "csat/scoring/owned_record.h"
#include "csat/scoring/publication.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::HasSubstr;

Plan MakePlan() {
  std::ifstream file(CSAT_SOURCE_DIR "/benchmarks/w1.json");
  const std::string json((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const absl::StatusOr<Policy> policy = Policy::Parse(json);
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *Plan::Compile(*policy, policy->scorecards()[0].id);
}

Score MakeScore(Outcome outcome, bool has_base) {
  Score score;
  score.summary.outcome = outcome;
  score.summary.has_base = has_base;
  score.summary.score = Points::FromMicros(95'540'000);
  score.summary.base = Points::FromMicros(88'460'000);
  score.summary.without_veto = Points::FromMicros(95'540'001);
  score.grade = "good";
  return score;
}

struct OutcomeCase {
  const char* name;
  Outcome outcome;
  bool has_base;
};

class PublicationJsonTest : public testing::TestWithParam<OutcomeCase> {};

TEST_P(PublicationJsonTest, ComesBackWithItsDigest) {
  const absl::StatusOr<Publication> made =
      Publish(MakePlan(), "ann \"3\" 张", "2025-03", MakeScore(GetParam().outcome, GetParam().has_base),
              1743811200000);
  ASSERT_TRUE(made.ok()) << made.status();
  const std::string json = ToJson(*made);
  const absl::StatusOr<Publication> back = ParsePublication(json);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(ToJson(*back), json);
  EXPECT_EQ(CanonicalJson(*back), CanonicalJson(*made));
  EXPECT_TRUE(VerifyChain({*back}).ok());
  // A record that was changed can be read, and is found.
  const absl::StatusOr<Publication> changed =
      ParsePublication(absl::StrReplaceAll(json, {{"2025-03", "2025-04"}}));
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(VerifyChain({*changed}).code(), absl::StatusCode::kDataLoss);
}

INSTANTIATE_TEST_SUITE_P(Outcomes, PublicationJsonTest,
                         testing::ValuesIn(std::vector<OutcomeCase>{
                             {"Scored", Outcome::kScored, true},
                             {"Vetoed", Outcome::kVetoed, true},
                             {"VetoedWithoutABase", Outcome::kVetoed, false},
                             {"Insufficient", Outcome::kInsufficient, false},
                             {"Refused", Outcome::kRefused, false},
                         }),
                         [](const auto& info) { return info.param.name; });

struct BadCase {
  const char* name;
  const char* from;
  const char* to;
  const char* error;
};

class BadPublicationTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadPublicationTest, IsRefused) {
  const absl::StatusOr<Publication> made =
      Publish(MakePlan(), "ann", "2025-03", MakeScore(Outcome::kScored, true), 5);
  const std::string json = absl::StrReplaceAll(ToJson(*made), {{GetParam().from, GetParam().to}});
  EXPECT_THAT(std::string(ParsePublication(json).status().message()), HasSubstr(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    Members, BadPublicationTest,
    testing::ValuesIn(std::vector<BadCase>{
        {"Missing", "\"reason\":\"\",", "", "publication: member 'reason' is missing"},
        {"Unknown",
         "\"reason\":", "\"remark\":\"\",\"reason\":", "publication: member 'remark' does not belong to it"},
        {"OtherType", "\"subject\":\"ann\"", "\"subject\":3", "publication: member 'subject' is not a text"},
        {"SevenPlaces", "95.54,", "95.5400001,",
         "publication: member 'score' is not a decimal with six places"},
        {"NoOutcome", "\"scored\"", "\"passed\"", "publication: outcome 'passed' is none"},
        {"ScoreOfARefusal", "\"scored\"", "\"refused\"", "publication: member 'score' does not belong to it"},
        {"NoInstant", "\"published_at\":\"5\"", "\"published_at\":\"05\"",
         "publication: member 'published_at' is not a whole number"},
        {"Cut", "}", "", "publication: "},
    }),
    [](const auto& info) { return info.param.name; });

TEST(PublicationJsonTest, SubjectsAreUtf8) {
  EXPECT_EQ(std::string(
                Publish(MakePlan(), "\xff", "2025", MakeScore(Outcome::kScored, true), 5).status().message()),
            "publication: a text is not valid UTF-8");
}

}  // namespace
}  // namespace csat
