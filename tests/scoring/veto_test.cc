#include <string>
#include <vector>

#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using namespace testing_plan;

std::string VetoOf(const char* id, const char* metric, const std::string& scope_and_effect,
                   const char* missing) {
  return absl::StrCat(R"({"id": ")", id, R"(", "when": {"compare": {"metric": ")", metric,
                      R"(", "op": "GE", "value": 1}}, )", scope_and_effect, R"(, "missing": {"rule": ")",
                      missing, R"("}})");
}

Plan WithVetoes(const std::string& vetoes, const char* more = "") {
  return PlanOf(
      PolicyOf(CardOf(Needed({{"a", "60"}, {"b", "40"}}),
                      absl::StrCat(R"(, "vetoes": [)", vetoes, R"(], "grading": {"basis": "EXACT", "bands": [
                                  {"id": "good", "from": 60}, {"id": "fair", "from": 30}, {"id": "lowest",
                                    "from": 0}]})",
                                   more))));
}

struct VetoCase {
  const char* name;
  const char* record;
  Outcome outcome;
  const char* score;
  const char* without;
  const char* grade;
  const char* reason;
  std::vector<std::string> vetoes;
};

void Check(const Plan& plan, const std::vector<VetoCase>& rows) {
  for (const VetoCase& row : rows) {
    const Score score = ScoreOf(plan, row.record);
    EXPECT_EQ(score.summary.outcome, row.outcome) << row.name;
    EXPECT_EQ(score.summary.score, D(row.score)) << row.name;
    EXPECT_EQ(score.summary.without_veto, D(row.without)) << row.name;
    EXPECT_EQ(score.grade, row.grade) << row.name;
    EXPECT_EQ(ReasonOf(plan, score), row.reason) << row.name;
    EXPECT_THAT(score.vetoes, ElementsAreArray(row.vetoes)) << row.name;
  }
}

// P2-44: major negligence makes the score zero, whatever the bonus; the base stays visible.
TEST(VetoTest, SetsTheScore) {
  const Plan plan = WithVetoes(
      VetoOf("leak", "leaks", R"("scope": "RECORD", "set_to": 0)", "REFUSE"),
      R"(, "bonus": {"mode": "RELATIVE", "cap": 15, "sources": [{"id": "praise", "metric": "praise",
        "each": 1}]})");
  Check(plan, {
                  {"P2-44, a leak",
                   R"({"a": 9, "b": 9, "leaks": 1, "praise": 8})",
                   Outcome::kVetoed,
                   "0",
                   "97.2",
                   "lowest",
                   "veto:leak",
                   {"leak"}},
                  {"P2-44, none, or revoked",
                   R"({"a": 9, "b": 9, "leaks": 0, "praise": 8})",
                   Outcome::kScored,
                   "97.2",
                   "97.2",
                   "good",
                   "",
                   {}},
                  {"several leaks",
                   R"({"a": 9, "b": 9, "leaks": 7, "praise": 0})",
                   Outcome::kVetoed,
                   "0",
                   "90",
                   "lowest",
                   "veto:leak",
                   {"leak"}},
                  {"nothing to take",
                   R"({"a": 0, "b": 0, "leaks": 1, "praise": 0})",
                   Outcome::kVetoed,
                   "0",
                   "0",
                   "lowest",
                   "veto:leak",
                   {"leak"}},
                  {"no figure: refused, never passed",
                   R"({"a": 9, "b": 9, "praise": 8})",
                   Outcome::kRefused,
                   "0",
                   "0",
                   "",
                   "unknown:leak",
                   {}},
                  {"no other figure either: the veto decides",
                   R"({"a": 9, "leaks": 1})",
                   Outcome::kVetoed,
                   "0",
                   "0",
                   "lowest",
                   "veto:leak",
                   {"leak"}},
                  {"no figure of an indicator, no leak",
                   R"({"a": 9, "leaks": 0})",
                   Outcome::kRefused,
                   "0",
                   "0",
                   "",
                   "missing:b",
                   {}},
              });
  const Score refused = ScoreOf(plan, R"({"a": 9, "b": 9, "praise": 8})");
  EXPECT_THAT(refused.refusal, HasSubstr("the figure of veto 'leak' is missing"));
  EXPECT_FALSE(refused.summary.has_base);
  const Score vetoed = ScoreOf(plan, R"({"a": 9, "b": 9, "leaks": 1, "praise": 8})");
  EXPECT_TRUE(vetoed.summary.has_base);
  EXPECT_EQ(vetoed.summary.base, D("90"));
  EXPECT_FALSE(ScoreOf(plan, R"({"a": 9, "leaks": 1})").summary.has_base);
}

// What a missing figure does to a veto.
TEST(VetoTest, AMissingFigureNeverPasses) {
  struct Row {
    const char* rule;
    Outcome outcome;
    LedgerLine::Basis basis;
    bool fired;
  };
  const Row rows[] = {
      {"REFUSE", Outcome::kRefused, LedgerLine::Basis::kRefused, false},
      {"VETO", Outcome::kVetoed, LedgerLine::Basis::kVetoed, true},
      {"INSUFFICIENT", Outcome::kInsufficient, LedgerLine::Basis::kInsufficient, false},
  };
  for (const Row& row : rows) {
    const Plan plan =
        WithVetoes(VetoOf("leak", "leaks", R"("scope": "SUBJECT_PERIOD", "set_to": 0)", row.rule));
    const Score score = ScoreOf(plan, R"({"a": 9, "b": 9})");
    EXPECT_EQ(score.summary.outcome, row.outcome) << row.rule;
    EXPECT_EQ(ReasonOf(plan, score), "unknown:leak") << row.rule;
    EXPECT_EQ(LineOf(score, "leak", LedgerLine::Kind::kVeto).basis, row.basis) << row.rule;
    EXPECT_TRUE(LineOf(score, "leak", LedgerLine::Kind::kVeto).binding) << row.rule;
    EXPECT_EQ(!score.vetoes.empty(), row.fired) << row.rule;
    EXPECT_EQ(score.summary.score, Points()) << row.rule;
    EXPECT_EQ(ScoreOf(plan, R"({"a": 9, "b": 9, "leaks": 0})").summary.outcome, Outcome::kScored) << row.rule;
  }
}

TEST(VetoTest, CapsTheScore) {
  const Plan plan = WithVetoes(VetoOf("leak", "leaks", R"("scope": "RECORD", "cap_at": 40)", "VETO"));
  Check(plan, {
                  {"above the cap",
                   R"({"a": 9, "b": 9, "leaks": 1})",
                   Outcome::kVetoed,
                   "40",
                   "90",
                   "fair",
                   "veto:leak",
                   {"leak"}},
                  {"just above",
                   R"({"a": 4.00001, "b": 4, "leaks": 1})",
                   Outcome::kVetoed,
                   "40",
                   "40.00006",
                   "fair",
                   "veto:leak",
                   {"leak"}},
                  {"at the cap",
                   R"({"a": 4, "b": 4, "leaks": 1})",
                   Outcome::kVetoed,
                   "40",
                   "40",
                   "fair",
                   "veto:leak",
                   {"leak"}},
                  {"below: it lifts nothing",
                   R"({"a": 1, "b": 1, "leaks": 1})",
                   Outcome::kVetoed,
                   "10",
                   "10",
                   "lowest",
                   "veto:leak",
                   {"leak"}},
                  {"without a base a cap decides nothing",
                   R"({"a": 9, "leaks": 1})",
                   Outcome::kRefused,
                   "0",
                   "0",
                   "",
                   "missing:b",
                   {"leak"}},
              });
  EXPECT_FALSE(
      LineOf(ScoreOf(plan, R"({"a": 4, "b": 4, "leaks": 1})"), "leak", LedgerLine::Kind::kVeto).binding);
  EXPECT_TRUE(
      LineOf(ScoreOf(plan, R"({"a": 9, "b": 9, "leaks": 1})"), "leak", LedgerLine::Kind::kVeto).binding);
}

// Several vetoes: the lowest result, whatever their order; all that fired are named.
TEST(VetoTest, TheLowestOfSeveral) {
  const std::string caps = VetoOf("slip", "breaches", R"("scope": "RECORD", "cap_at": 40)", "REFUSE");
  const std::string zero = VetoOf("leak", "leaks", R"("scope": "RECORD", "set_to": 0)", "REFUSE");
  for (const bool caps_first : {true, false}) {
    const Plan plan = WithVetoes(caps_first ? caps + "," + zero : zero + "," + caps);
    const std::vector<std::string> both =
        caps_first ? std::vector<std::string>{"slip", "leak"} : std::vector<std::string>{"leak", "slip"};
    const char* first = caps_first ? "veto:slip" : "veto:leak";
    Check(plan, {
                    {"both", R"({"a": 9, "b": 9, "leaks": 1, "breaches": 1})", Outcome::kVetoed, "0", "90",
                     "lowest", first, both},
                    {"the cap alone",
                     R"({"a": 9, "b": 9, "leaks": 0, "breaches": 1})",
                     Outcome::kVetoed,
                     "40",
                     "90",
                     "fair",
                     "veto:slip",
                     {"slip"}},
                    {"zero, the cap unknown: nothing lower could come",
                     R"({"a": 9, "b": 9, "leaks": 1})",
                     Outcome::kVetoed,
                     "0",
                     "90",
                     "lowest",
                     "veto:leak",
                     {"leak"}},
                    {"the cap, zero unknown: it could be lower",
                     R"({"a": 9, "b": 9, "breaches": 1})",
                     Outcome::kRefused,
                     "0",
                     "0",
                     "",
                     "unknown:leak",
                     {"slip"}},
                    {"both unknown",
                     R"({"a": 9, "b": 9})",
                     Outcome::kRefused,
                     "0",
                     "0",
                     "",
                     caps_first ? "unknown:slip" : "unknown:leak",
                     {}},
                });
  }
}

// A score that is set, beside a veto whose figure is missing: what could still reach lower leaves no result, however
// low the score is without it.
TEST(VetoTest, ASetScoreBesideAnUnknownVeto) {
  struct Row {
    const char* name;
    std::string unknown;
    Outcome outcome;
    const char* score;
  };
  const auto record = [](const char* effect) {
    return VetoOf("leak", "leaks", absl::StrCat(R"("scope": "RECORD", )", effect), "REFUSE");
  };
  const auto within = [](const char* effect) {
    return VetoOf("leak", "leaks", absl::StrCat(R"("scope": "INDICATOR", "indicator": "a", )", effect),
                  "REFUSE");
  };
  const Row rows[] = {
      {"reaches just lower", record(R"("cap_at": 39.999999)"), Outcome::kRefused, "0"},
      {"reaches as low", record(R"("cap_at": 40)"), Outcome::kVetoed, "40"},
      {"sets it as low", record(R"("set_to": 40)"), Outcome::kVetoed, "40"},
      {"sets it lower", record(R"("set_to": 0)"), Outcome::kRefused, "0"},
      {"within an indicator", within(R"("cap_at": 5)"), Outcome::kRefused, "0"},
  };
  for (const Row& row : rows) {
    const Plan plan = WithVetoes(VetoOf("slip", "breaches", R"("scope": "RECORD", "set_to": 40)", "REFUSE") +
                                 "," + row.unknown);
    const Score score = ScoreOf(plan, R"({"a": 9, "b": 9, "breaches": 1})");
    EXPECT_EQ(score.summary.outcome, row.outcome) << row.name;
    EXPECT_EQ(score.summary.score, D(row.score)) << row.name;
    const Score low = ScoreOf(plan, R"({"a": 1, "b": 1, "breaches": 1})");
    EXPECT_EQ(low.summary.outcome, row.outcome) << row.name << ", below all of them";
  }
}

// One indicator's points, before weighting.
TEST(VetoTest, OfOneIndicator) {
  const Plan zero =
      WithVetoes(VetoOf("leak", "leaks", R"("scope": "INDICATOR", "indicator": "a", "set_to": 0)", "VETO"));
  Check(zero,
        {
            {"it fires",
             R"({"a": 9, "b": 9, "leaks": 1})",
             Outcome::kVetoed,
             "36",
             "90",
             "fair",
             "veto:leak",
             {"leak"}},
            {"it does not", R"({"a": 9, "b": 9, "leaks": 0})", Outcome::kScored, "90", "90", "good", "", {}},
            {"it fires where the indicator has no figure",
             R"({"b": 9, "leaks": 1})",
             Outcome::kVetoed,
             "36",
             "0",
             "fair",
             "veto:leak",
             {"leak"}},
            {"its figure is missing",
             R"({"a": 9, "b": 9})",
             Outcome::kVetoed,
             "36",
             "90",
             "fair",
             "unknown:leak",
             {"leak"}},
        });
  EXPECT_EQ(LineOf(ScoreOf(zero, R"({"a": 9, "b": 9, "leaks": 1})"), "a").basis, LedgerLine::Basis::kVetoed);
  const Plan cap =
      WithVetoes(VetoOf("leak", "leaks", R"("scope": "INDICATOR", "indicator": "a", "cap_at": 5)", "REFUSE"));
  Check(cap, {
                 {"above the cap",
                  R"({"a": 9, "b": 9, "leaks": 1})",
                  Outcome::kVetoed,
                  "66",
                  "90",
                  "good",
                  "veto:leak",
                  {"leak"}},
                 {"below the cap",
                  R"({"a": 4, "b": 9, "leaks": 1})",
                  Outcome::kVetoed,
                  "60",
                  "60",
                  "good",
                  "veto:leak",
                  {"leak"}},
                 {"a cap gives no points where there are none",
                  R"({"b": 9, "leaks": 1})",
                  Outcome::kRefused,
                  "0",
                  "0",
                  "",
                  "missing:a",
                  {"leak"}},
             });
}

// A figure off its scale is an error, also where a veto would decide without it.
TEST(VetoTest, DoesNotHideAnError) {
  const Plan plan = WithVetoes(VetoOf("leak", "leaks", R"("scope": "RECORD", "set_to": 0)", "REFUSE"));
  EXPECT_EQ(Explain(plan, R"({"a": 11, "b": 9, "leaks": 1})").status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Explain(plan, R"({"a": 9, "b": 9, "leaks": -1})").status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace csat
