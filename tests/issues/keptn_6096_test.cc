// What went wrong (keptn/keptn#6096, #7190, #9146): an evaluation passed although the figure that should have
// stopped it could not be fetched; without data the objective was left out as if it had not been asked for. A
// vetoing metric without data must neither pass nor vanish.
// P2-44

#include "gmock/gmock.h"
#include "issues/explained.h"

namespace csat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Card WithMissingRule(const char* rule) {
  return Card(absl::StrCat(R"(
    "indicators": [{"id": "speed", "max_points": 100, "metric": "speed", "missing": {"rule": "REFUSE"}}],
    "vetoes": [{"id": "leak", "when": {"compare": {"metric": "leaks", "op": "GE", "value": 1}}, "scope": "RECORD",
      "set_to": 0, "missing": {"rule": ")",
                           rule, R"("}}],
    "grading": {"basis": "EXACT", "bands": [{"id": "pass", "from": 75}, {"id": "fail", "from": 0}]})"));
}

TEST(Keptn6096Test, AVetoWithoutDataDoesNotPass) {
  const struct {
    const char* name;
    const char* rule;
    Outcome outcome;
    const char* reason;
    const char* grade;
    bool fired;
    LedgerLine::Basis basis;
  } rows[] = {
      {"it refuses", "REFUSE", Outcome::kRefused, "unknown:leak", "", false, LedgerLine::Basis::kRefused},
      {"it vetoes", "VETO", Outcome::kVetoed, "unknown:leak", "fail", true, LedgerLine::Basis::kVetoed},
      {"there is not enough", "INSUFFICIENT", Outcome::kInsufficient, "unknown:leak", "", false,
       LedgerLine::Basis::kInsufficient},
  };
  for (const auto& row : rows) {
    const Card card = WithMissingRule(row.rule);
    for (const char* record : {R"({"speed": 100})", R"({"speed": 100, "leaks": null})"}) {
      const Score score = card.Explain(record);
      EXPECT_EQ(score.summary.outcome, row.outcome) << row.name;
      EXPECT_EQ(score.summary.score, Points()) << row.name;
      EXPECT_EQ(score.grade, row.grade) << row.name;
      EXPECT_EQ(card.ReasonOf(score), row.reason) << row.name;
      if (row.fired) {
        EXPECT_THAT(score.vetoes, ElementsAre("leak")) << row.name;
      } else {
        EXPECT_THAT(score.vetoes, IsEmpty()) << row.name;
        EXPECT_THAT(score.refusal, HasSubstr("leak")) << row.name;
      }
      // The line of the veto is there whatever the rule.
      const LedgerLine line = LineOf(score, LedgerLine::Kind::kVeto, "leak");
      EXPECT_EQ(line.basis, row.basis) << row.name;
      EXPECT_TRUE(line.binding) << row.name;
      EXPECT_EQ(SumOfLines(score), Points()) << row.name;
    }
  }
}

TEST(Keptn6096Test, TheSameVetoWithDataLetsPass) {
  for (const char* rule : {"REFUSE", "VETO", "INSUFFICIENT"}) {
    const Card card = WithMissingRule(rule);
    const Score score = card.Explain(R"({"speed": 100, "leaks": 0})");
    EXPECT_EQ(score.summary.outcome, Outcome::kScored) << rule;
    EXPECT_EQ(score.grade, "pass") << rule;
    EXPECT_THAT(score.vetoes, IsEmpty()) << rule;
  }
}

// A veto that fired and set a score must not hide another one, lower, whose data are missing.
TEST(Keptn6096Test, AVetoWithoutDataDoesNotVanishBehindAnother) {
  const auto card = [](const char* first, const char* second) {
    return Card(absl::StrCat(R"(
      "indicators": [{"id": "speed", "max_points": 100, "metric": "speed", "missing": {"rule": "REFUSE"}}],
      "vetoes": [
        {"id": "full", "when": {"compare": {"metric": "disk", "op": "GE", "value": 100}}, "scope": "RECORD",
         "missing": {"rule": "REFUSE"}, )",
                             first, R"(},
        {"id": "leak", "when": {"compare": {"metric": "leaks", "op": "GE", "value": 1}}, "scope": "RECORD",
         "missing": {"rule": "INSUFFICIENT"}, )",
                             second, "}]"));
  };
  const struct {
    const char* name;
    const char* first;
    const char* second;
    Outcome outcome;
    Points score;
  } rows[] = {
      {"it would be lower", R"("set_to": 50)", R"("set_to": 49)", Outcome::kInsufficient, Points()},
      {"it would be the same", R"("set_to": 50)", R"("set_to": 50)", Outcome::kVetoed,
       Points::FromInteger(50)},
      {"it would be higher", R"("set_to": 50)", R"("cap_at": 51)", Outcome::kVetoed, Points::FromInteger(50)},
      {"nothing is lower", R"("set_to": 0)", R"("set_to": 0)", Outcome::kVetoed, Points()},
      {"the first one only caps", R"("cap_at": 50)", R"("set_to": 50)", Outcome::kInsufficient, Points()},
  };
  for (const auto& row : rows) {
    const Card made = card(row.first, row.second);
    const Score score = made.Explain(R"({"speed": 90, "disk": 100})");
    EXPECT_EQ(score.summary.outcome, row.outcome) << row.name;
    EXPECT_EQ(score.summary.score, row.score) << row.name;
    EXPECT_EQ(SumOfLines(score), row.score) << row.name;
    EXPECT_EQ(LineOf(score, LedgerLine::Kind::kVeto, "leak").binding, row.outcome == Outcome::kInsufficient)
        << row.name;
  }
}

TEST(Keptn6096Test, AnIndicatorWithoutDataDoesNotVanish) {
  const Card card(R"("indicators": [
    {"id": "speed", "weight": 1, "max_points": 100, "metric": "speed", "missing": {"rule": "REFUSE"}},
    {"id": "errors", "weight": 3, "max_points": 100, "metric": "errors", "missing": {"rule": "LEAVE_OUT"}}])");
  const Score score = card.Explain(R"({"speed": 80})");
  EXPECT_EQ(score.summary.score, Points::FromInteger(80));
  const LedgerLine line = LineOf(score, LedgerLine::Kind::kIndicator, "errors");
  EXPECT_EQ(line.basis, LedgerLine::Basis::kLeftOut);
  EXPECT_EQ(line.amount, Points());
}

}  // namespace
}  // namespace csat
