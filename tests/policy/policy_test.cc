#include "csat/policy/policy.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/model_words.h"
#include "policy/score_function_builder.h"

namespace csat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Decimal D(const char* literal) { return *Decimal::Parse(literal); }

constexpr char kDesk[] = R"({
  "id": "desk", "version": "3", "effective_from": "2025-01-01", "zone": "Asia/Shanghai",
  "label": {"en": "Service desk", "zh": "服务台"},
  "scales": [{"id": "likert5", "min": 1, "max": 5, "integer": true, "direction": "HIGHER_IS_BETTER",
              "labels": [{"rank": 5, "label": {"en": "very satisfied", "zh": "非常满意"}}]}],
  "metrics": [
    {"id": "csat", "unit": "points", "scale": "likert5", "events": {}},
    {"id": "solved", "unit": "share", "direction": "HIGHER_IS_BETTER",
     "ratio": {"numerator": [{"field": "solved_count"}], "denominator": [{"field": "problems"}]}},
    {"id": "leaks", "unit": "count", "direction": "LOWER_IS_BETTER", "min": 0, "number": {"field": "leak_count"}},
    {"id": "praise", "unit": "count", "min": 0, "missing_values": [-1], "number": {}},
    {"id": "role", "text": {"values": ["manager", "agent"]}}
  ],
  "scorecards": [{
    "id": "agent", "max_score": 100, "weights_sum": 100, "period": "MONTH",
    "indicators": [
      {"id": "rating", "weight": 60, "max_points": 100, "metric": "csat", "each": {"kind": "MEAN"},
       "score": {"likert": {"conversion": "OF_MAX"}}, "missing": {"rule": "LEAVE_OUT"}, "min_answers": 3,
       "source": {"clauses": ["P2-51"], "assumed": ["min_answers"]}},
      {"id": "work", "weight": 40, "max_points": 50, "missing": {"rule": "INSUFFICIENT"}, "children": {"indicators": [
        {"id": "solving", "max_points": 50, "metric": "solved", "missing": {"rule": "WORST"},
         "score": {"linear": {"from": {"at": 1, "points": 50}, "to": {"at": 0.5, "points": 0}}},
         "levels": {"bands": [{"id": "good", "from": 30}, {"id": "bad", "from": 0}]}}]}}
    ],
    "profile_metric": "role", "default_profile": "agent",
    "profiles": [{"id": "agent", "weights": {}}, {"id": "manager", "weights": {"rating": 50, "work": 50}}],
    "bonus": {"mode": "RELATIVE", "cap": 10, "sources": [{"id": "thanks", "metric": "praise", "each": 2, "cap": 6}]},
    "caps": [{"id": "slow", "when": {"compare": {"metric": "solved", "op": "LT", "value": 0.5}}, "max_score": 59}],
    "vetoes": [{"id": "leak", "when": {"any": {"of": [{"compare": {"metric": "leaks", "op": "GE", "value": 1}},
                                                     {"not": {"compare": {"metric": "leaks", "op": "LE", "value": 3}}}]}},
                "scope": "SUBJECT_PERIOD", "set_to": 0, "missing": {"rule": "REFUSE"}, "incident": "leak",
                "source": {"clauses": ["P2-44", "P2-43"]}}],
    "grading": {"basis": "EXACT", "bands": [
      {"id": "excellent", "from": 89.5, "through": 100,
       "condition": {"compare": {"metric": "role", "op": "NE", "text": "manager"}}},
      {"id": "pass", "from": 60, "below": 89.5}, {"id": "fail", "from": 0, "below": 60}]},
    "min_answers": {"metric": "praise", "count": 1}
  }],
  "targets": [{"id": "aim", "metric": "solved", "op": "GE", "value": 0.95, "period": "QUARTER", "set_by": "board"},
              {"id": "open", "scorecard": "agent", "op": "GE"}],
  "cases": [{"name": "one", "clauses": ["P2-43"], "scorecard": "agent",
             "record": {"csat": [5, 4], "praise": null, "role": "agent", "flag": true},
             "expect": {"outcome": "scored", "score": 75.5, "points": {"rating": 90}, "shown": {"csat": "4.50"}}},
            {"name": "two", "scorecard": "agent", "record": {"csat": ["good", "bad"]}, "expect": {"vetoes": []}}],
  "source": {"clauses": ["P2-1"], "assumed": ["zone"]}
})";

TEST(Policy, TurnsTheWholeDocumentIntoTheModel) {
  std::vector<Diagnostic> findings;
  const absl::StatusOr<Policy> policy = Policy::Parse(kDesk, &findings);
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->id(), "desk");
  EXPECT_EQ(policy->version(), "3");
  EXPECT_EQ(policy->effective_from().ToString(), "2025-01-01");
  EXPECT_EQ(policy->zone(), "Asia/Shanghai");
  EXPECT_EQ(policy->label().In("zh", ""), "服务台");
  EXPECT_EQ(policy->digest().size(), 64u);

  ASSERT_EQ(policy->metrics().size(), 5u);
  const Metric& csat = policy->metrics()[0];
  EXPECT_EQ(csat.direction, Direction::kHigherIsBetter);  // the scale's
  EXPECT_EQ(csat.min, D("1"));
  EXPECT_EQ(csat.max, D("5"));
  EXPECT_EQ(csat.scale->RankOf("非常满意"), 5);
  EXPECT_EQ(std::get<EventsForm>(csat.form).field, "csat");
  EXPECT_EQ(std::get<EventsForm>(csat.form).aggregate.kind, Aggregate::Kind::kMean);
  const RatioForm& solved = std::get<RatioForm>(policy->metrics()[1].form);
  EXPECT_EQ(solved.numerator[0].times, D("1"));
  EXPECT_EQ(solved.times, D("1"));
  EXPECT_EQ(std::get<NumberForm>(policy->metrics()[2].form).field, "leak_count");
  EXPECT_THAT(policy->metrics()[3].missing_values, ElementsAre(D("-1")));
  EXPECT_THAT(std::get<TextForm>(policy->metrics()[4].form).values, ElementsAre("manager", "agent"));
  EXPECT_EQ(policy->FindMetric("leaks"), &policy->metrics()[2]);
  EXPECT_EQ(policy->FindMetric("leak"), nullptr);

  ASSERT_EQ(policy->scorecards().size(), 1u);
  const Scorecard& card = *policy->FindScorecard("agent");
  EXPECT_EQ(card.period, PeriodKind::kMonth);
  const Indicator& rating = card.indicators[0];
  EXPECT_EQ(rating.weight, D("60"));
  EXPECT_EQ(rating.each->kind, Aggregate::Kind::kMean);
  EXPECT_EQ(rating.missing.rule, MissingRule::kLeaveOut);
  EXPECT_EQ(rating.min_answers, D("3"));
  EXPECT_EQ(std::get<Piecewise>(rating.score).anchors()[1].at, D("5"));
  const Indicator& solving = std::get<FromChildren>(card.indicators[1].form).indicators[0];
  EXPECT_EQ(solving.weight, D("1"));
  EXPECT_EQ(std::get<Piecewise>(solving.score).anchors()[0].at, D("0.5"));  // sorted
  EXPECT_EQ(solving.levels->bands[0].from, D("30"));
  EXPECT_EQ(card.profiles[1].weights.at("work"), D("50"));
  EXPECT_EQ(card.bonus->sources[0].cap, D("6"));
  EXPECT_EQ(card.caps[0].when.op, ComparisonOp::kLess);
  EXPECT_EQ(card.vetoes[0].scope, Veto::Scope::kSubjectPeriod);
  EXPECT_EQ(card.vetoes[0].missing, MissingRule::kRefuse);
  EXPECT_EQ(card.vetoes[0].when.kind, Predicate::Kind::kAny);
  EXPECT_EQ(card.vetoes[0].when.of[1].of[0].value, D("3"));
  EXPECT_EQ(card.grading->bands[0].condition->text, "manager");
  EXPECT_EQ(card.grading->bands[2].from, D("0"));
  EXPECT_EQ(card.min_answers_metric, "praise");

  EXPECT_EQ(policy->targets()[0].value, D("0.95"));
  EXPECT_EQ(policy->targets()[1].value, std::nullopt);
  const PolicyCase& example = policy->cases()[0];
  EXPECT_THAT(std::get<std::vector<Decimal>>(example.record.at("csat").value), ElementsAre(D("5"), D("4")));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(example.record.at("praise").value));
  EXPECT_EQ(std::get<Decimal>(example.record.at("flag").value), D("1"));
  EXPECT_EQ(example.score, D("75.5"));
  EXPECT_EQ(example.vetoes, std::nullopt);
  const PolicyCase& second = policy->cases()[1];
  EXPECT_THAT(std::get<std::vector<std::string>>(second.record.at("csat").value), ElementsAre("good", "bad"));
  ASSERT_TRUE(second.vetoes.has_value());
  EXPECT_THAT(*second.vetoes, testing::IsEmpty());

  EXPECT_THAT(policy->clauses(), ElementsAre("P2-1", "P2-43", "P2-44", "P2-51"));
  ASSERT_EQ(policy->assumed_values().size(), 2u);
  EXPECT_EQ(policy->assumed_values()[0].path, "scorecards[0].indicators[0].min_answers");
  EXPECT_EQ(policy->assumed_values()[1].path, "zone");
}

TEST(Policy, DigestIsThatOfTheContentNotOfTheText) {
  std::string spaced = kDesk;
  spaced.insert(1, "\n\n");
  std::string other = kDesk;
  other.replace(other.find("89.5"), 4, "89.6");
  other.replace(other.rfind("89.5"), 4, "89.6");
  ASSERT_TRUE(Policy::Parse(other).ok());
  EXPECT_EQ(Policy::Parse(kDesk)->digest(), Policy::Parse(spaced)->digest());
  EXPECT_NE(Policy::Parse(kDesk)->digest(), Policy::Parse(other)->digest());
}

// The points of each rank under the Likert conversions, on scales of both directions. P3-90, P3-91.
struct LikertCase {
  const char* name;
  v1::Likert::Conversion conversion;
  v1::Scale::Direction direction;
  std::vector<Anchor> want;
};

class LikertTest : public testing::TestWithParam<LikertCase> {};

TEST_P(LikertTest, IsALineOverTheRanks) {
  v1::Scale scale;
  scale.set_id("likert5");
  scale.mutable_min()->set_micros(1'000'000);
  scale.mutable_max()->set_micros(5'000'000);
  scale.set_direction(GetParam().direction);
  v1::ScoreFunction function;
  function.mutable_likert()->set_conversion(GetParam().conversion);
  v1::Decimal full;
  full.set_micros(100'000'000);
  const absl::StatusOr<ScoreFunction> built = policy::BuildScoreFunction(function, &scale, full);
  ASSERT_TRUE(built.ok()) << built.status();
  const std::vector<Anchor>& anchors = std::get<Piecewise>(*built).anchors();
  ASSERT_EQ(anchors.size(), GetParam().want.size());
  for (size_t i = 0; i < anchors.size(); ++i) {
    EXPECT_EQ(anchors[i].at, GetParam().want[i].at);
    EXPECT_EQ(anchors[i].points, GetParam().want[i].points);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Conversions, LikertTest,
    testing::ValuesIn<LikertCase>({
        {"OfMax", v1::Likert::OF_MAX, v1::Scale::HIGHER_IS_BETTER, {{D("0"), D("0")}, {D("5"), D("100")}}},
        {"MinMax", v1::Likert::MIN_MAX, v1::Scale::HIGHER_IS_BETTER, {{D("1"), D("0")}, {D("5"), D("100")}}},
        {"OfMaxMirrored",
         v1::Likert::OF_MAX,
         v1::Scale::LOWER_IS_BETTER,
         {{D("1"), D("100")}, {D("6"), D("0")}}},
        {"MinMaxMirrored",
         v1::Likert::MIN_MAX,
         v1::Scale::LOWER_IS_BETTER,
         {{D("1"), D("100")}, {D("5"), D("0")}}},
    }),
    [](const auto& info) { return info.param.name; });

Policy Version(const std::string& version, const std::string& day, const std::string& id = "desk") {
  return *Policy::Parse(R"({"id": ")" + id + R"(", "version": ")" + version + R"(", "effective_from": ")" +
                        day + R"(", "zone": "UTC"})");
}

TEST(InForce, TakesTheLatestVersionNotAfterTheDay) {
  const std::vector<Policy> versions = {Version("2", "2025-07-01"), Version("1", "2025-01-01")};
  const auto on = [&versions](const char* day) { return InForce(versions, *CalendarDate::Parse(day)); };
  EXPECT_EQ(on("2024-12-31").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(on("2025-01-01")->version(), "1");
  EXPECT_EQ(on("2025-06-30")->version(), "1");
  EXPECT_EQ(on("2025-07-01")->version(), "2");
  EXPECT_EQ(InForce({}, *CalendarDate::Parse("2025-01-01")).status().code(), absl::StatusCode::kNotFound);
}

TEST(InForce, RefusesTwoVersionsOfOneDayAndForeignVersions) {
  const CalendarDate day = *CalendarDate::Parse("2025-08-01");
  const absl::Status twice = InForce({Version("1", "2025-01-01"), Version("2", "2025-01-01")}, day).status();
  EXPECT_EQ(twice.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(twice.message()), HasSubstr("2025-01-01"));
  EXPECT_EQ(InForce({Version("1", "2025-01-01"), Version("2", "2025-02-01", "shop")}, day).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(CheckVersions, FindsDatesOutOfOrderAndRepeatedVersions) {
  EXPECT_THAT(CheckVersions({Version("1", "2025-01-01"), Version("2", "2025-07-01")}), IsEmpty());
  const std::vector<Diagnostic> order =
      CheckVersions({Version("1", "2025-07-01"), Version("2", "2025-01-01")});
  ASSERT_EQ(order.size(), 1u);
  EXPECT_EQ(order[0].code, "effective-date-order");
  EXPECT_EQ(order[0].witness, "2025-01-01");
  const std::vector<Diagnostic> twice =
      CheckVersions({Version("1", "2025-01-01"), Version("1", "2025-07-01")});
  ASSERT_EQ(twice.size(), 1u);
  EXPECT_EQ(twice[0].code, "duplicate-version");
}

}  // namespace
}  // namespace csat
