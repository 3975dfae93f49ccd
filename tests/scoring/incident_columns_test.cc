// IncidentFigures and ApplyIncidents of csat/scoring/incident.h, and incidents as JSON.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "arrow/foreign_table.h"
#include "arrow/import.h"
#include "csat/scoring/incident.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Words = std::vector<std::optional<std::string>>;

std::string VetoJson(const std::string& id, const std::string& when, const std::string& rest) {
  return absl::StrCat(R"({"id": ")", id, R"(", "when": )", when,
                      R"(, "scope": "SUBJECT_PERIOD", "set_to": 0, "missing": {"rule": "REFUSE"}, )", rest,
                      "}");
}

std::string AtLeastOne(const std::string& metric) {
  return absl::StrCat(R"({"compare": {"metric": ")", metric, R"(", "op": "GE", "value": 1}})");
}

const char* const kLeak = R"("incident": "leak", "period": "OCCURRENCE")";

absl::StatusOr<Plan> MakePlan(const std::vector<std::string>& vetoes,
                              const std::string& period = R"("period": "MONTH",)") {
  std::string list;
  for (const std::string& veto : vetoes) absl::StrAppend(&list, list.empty() ? "" : ",", veto);
  const absl::StatusOr<Policy> policy = Policy::Parse(absl::StrCat(
      R"({"id": "small", "version": "1", "effective_from": "2025-01-01", "zone": "Asia/Shanghai", "metrics": [
      {"id": "quality", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 100, "number": {}},
      {"id": "leaks", "unit": "count", "direction": "LOWER_IS_BETTER", "min": 0, "number": {"field": "leak_count"}},
      {"id": "lies", "unit": "count", "direction": "LOWER_IS_BETTER", "min": 0, "number": {}},
      {"id": "share", "unit": "share", "direction": "LOWER_IS_BETTER", "ratio": {"numerator": [{"field": "a"}],
        "denominator": [{"field": "b"}]}}],
    "scorecards": [{"id": "card", "max_score": 100, )",
      period, R"("indicators": [{"id": "quality", "max_points": 100, "weight": 1, "metric": "quality",
        "score": {"linear": {"from": {"at": 0, "points": 0}, "to": {"at": 100, "points": 100}}},
        "missing": {"rule": "INSUFFICIENT"}}], "vetoes": [)",
      list, "]}]}"));
  if (!policy.ok()) return policy.status();
  return Plan::Compile(*policy, "card");
}

std::int64_t Instant(const char* day, int hour) {
  return CalendarDate::Parse(day)->DayNumber() * 86'400'000 + hour * std::int64_t{3'600'000};
}

Incident Confirmed(const std::string& id, const std::string& subject, std::int64_t occurred,
                   std::int64_t confirmed, const std::string& code = "leak",
                   const std::string& approval = "") {
  return *Incident::Propose(id, subject, code, occurred)->Confirm(confirmed, "evidence " + id, approval);
}

// The columns, each as "name: figures"; or the error.
std::vector<std::string> Applied(const absl::StatusOr<Plan>& plan, const std::vector<Incident>& incidents,
                                 const ForeignArray& table) {
  EXPECT_TRUE(plan.ok()) << plan.status();
  ArrowSchema schema{};
  ArrowArray array{};
  const absl::Status status =
      ApplyIncidents(*plan, incidents, table.schema, table.array, "who", "when", &schema, &array);
  if (!status.ok()) {
    EXPECT_EQ(schema.release, nullptr);
    return {std::string(status.message())};
  }
  const absl::StatusOr<Table> made = Table::Import(schema, array);
  EXPECT_TRUE(made.ok()) << made.status();
  std::vector<std::string> columns;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const Column column = *made->View(i);
    std::string text = column.name + ":";
    for (std::int64_t row = 0; row < made->rows(); ++row) {
      absl::StrAppend(
          &text, " ",
          column.HasValue(row) ? absl::StrCat(LoadValue<std::int64_t>(column.values, row)) : "null");
    }
    columns.push_back(text);
  }
  schema.release(&schema);
  array.release(&array);
  return columns;
}

void FillKeys(ForeignArray* table, const Words& who, const Words& when) {
  FillTexts(&table->parts.emplace_back(), "who", "u", who);
  FillTexts(&table->parts.emplace_back(), "when", "u", when);
  FinishTable(table, static_cast<std::int64_t>(who.size()));
}

// P2-44, A-44: the period of the occurrence, days counted in the policy's zone; only confirmed incidents count.
TEST(IncidentColumnsTest, CountsForTheSubjectAndPeriod) {
  ForeignArray table;
  FillKeys(&table, {"ann", "ann", "bob", std::nullopt, "ann", "ann"},
           {"2025-03", "2025-04", "2025-03", "2025-03", std::nullopt, "2025-Q2"});
  const Incident march = Confirmed("1", "ann", Instant("2025-03-20", 8), Instant("2025-04-05", 8));
  // 23:00 UTC of 31 March is April in Shanghai.
  const Incident april = Confirmed("2", "ann", Instant("2025-03-31", 23), Instant("2025-04-05", 8));
  const Incident proposed = *Incident::Propose("3", "bob", "leak", Instant("2025-03-20", 8));
  const Incident revoked = *Confirmed("4", "bob", Instant("2025-03-20", 8), Instant("2025-04-05", 8))
                                .Revoke(Instant("2025-04-06", 8), "not his");
  const Incident other = Confirmed("5", "bob", Instant("2025-03-20", 8), Instant("2025-04-05", 8), "lie");
  const std::vector<Incident> incidents{march, april, proposed, revoked, other};
  EXPECT_THAT(Applied(MakePlan({VetoJson("v", AtLeastOne("leaks"), kLeak)}), incidents, table),
              ElementsAre("leak_count: 1 1 0 null null 1"));
  EXPECT_THAT(
      Applied(
          MakePlan({VetoJson("v", AtLeastOne("leaks"), R"("incident": "leak", "period": "CONFIRMATION")")}),
          incidents, table),
      ElementsAre("leak_count: 0 2 0 null null 2"));
}

// A-44: further codes count only with an approval record.
TEST(IncidentColumnsTest, NeedsTheApproval) {
  ForeignArray table;
  FillKeys(&table, {"ann", "bob"}, {"2025-03", "2025-03"});
  const std::vector<Incident> incidents{
      Confirmed("1", "ann", Instant("2025-03-20", 8), Instant("2025-04-05", 8)),
      Confirmed("2", "bob", Instant("2025-03-20", 8), Instant("2025-04-05", 8), "leak", "approval 7")};
  EXPECT_THAT(
      Applied(MakePlan({VetoJson("v", AtLeastOne("leaks"),
                                 R"("incident": "leak", "period": "OCCURRENCE", "needs_approval": true)")}),
              incidents, table),
      ElementsAre("leak_count: 0 1"));
}

TEST(IncidentColumnsTest, OneColumnForEachField) {
  ForeignArray table;
  FillKeys(&table, {"ann"}, {"2025-03"});
  const std::vector<Incident> incidents{
      Confirmed("1", "ann", Instant("2025-03-20", 8), Instant("2025-04-05", 8)),
      Confirmed("2", "ann", Instant("2025-03-21", 8), Instant("2025-04-05", 8), "lie"),
      Confirmed("3", "ann", Instant("2025-03-22", 8), Instant("2025-04-05", 8), "theft")};
  const std::string lie = R"("incident": "lie", "period": "OCCURRENCE")";
  const std::string theft = R"("incident": "theft", "period": "OCCURRENCE")";
  EXPECT_THAT(
      Applied(
          MakePlan({VetoJson("v", AtLeastOne("leaks"), kLeak), VetoJson("w", AtLeastOne("lies"), lie),
                    VetoJson("x", AtLeastOne("leaks"), theft), VetoJson("y", AtLeastOne("leaks"), kLeak)}),
          incidents, table),
      ElementsAre("leak_count: 2", "lies: 1"));
}

TEST(IncidentColumnsTest, KeysOfOtherTypes) {
  ForeignArray table;
  FillColumn<std::uint16_t>(&table.parts.emplace_back(), "who", "S", {7, 8});
  // Days since 1970: 2025-03-01 and 2025-04-01.
  FillColumn<std::int32_t>(&table.parts.emplace_back(), "when", "tdD", {20148, 20179});
  FinishTable(&table, 2);
  const std::vector<Incident> incidents{
      Confirmed("1", "7", Instant("2025-03-20", 8), Instant("2025-04-05", 8))};
  const std::string veto = VetoJson("v", AtLeastOne("leaks"), kLeak);
  EXPECT_THAT(Applied(MakePlan({veto}), incidents, table), ElementsAre("leak_count: 1 0"));
  EXPECT_THAT(
      Applied(MakePlan({veto}, ""), incidents, table),
      ElementsAre("key column 'when' holds dates, and scorecard 'card' does not say which period is meant"));
}

struct WrongCase {
  const char* name;
  const char* who;
  const char* when;
  std::string veto;
  bool twice;
  const char* error;
};

class WrongIncidentTest : public testing::TestWithParam<WrongCase> {};

TEST_P(WrongIncidentTest, IsRefused) {
  const WrongCase& row = GetParam();
  ForeignArray table;
  FillTexts(&table.parts.emplace_back(), row.who, "u", {"ann"});
  FillTexts(&table.parts.emplace_back(), "when", "u", {row.when});
  FinishTable(&table, 1);
  std::vector<Incident> incidents{Confirmed("1", "ann", Instant("2025-03-20", 8), Instant("2025-04-05", 8))};
  if (row.twice) incidents.push_back(*incidents[0].Revoke(Instant("2025-04-06", 8), "not hers"));
  EXPECT_THAT(Applied(MakePlan({row.veto}), incidents, table), ElementsAre(HasSubstr(row.error)));
}

INSTANTIATE_TEST_SUITE_P(
    Keys, WrongIncidentTest,
    testing::ValuesIn(std::vector<WrongCase>{
        {"NoSubjectColumn", "person", "2025-03", VetoJson("v", AtLeastOne("leaks"), kLeak), false,
         "key column 'who' is missing"},
        {"NoPeriod", "who", "March", VetoJson("v", AtLeastOne("leaks"), kLeak), false,
         "row 0: period 'March' is none"},
        {"OneIncidentTwice", "who", "2025-03", VetoJson("v", AtLeastOne("leaks"), kLeak), true,
         "incident '1' is there twice"},
        {"TwoMetrics", "who", "2025-03",
         VetoJson("v",
                  absl::StrCat(R"({"any": {"of": [)", AtLeastOne("leaks"), ",", AtLeastOne("lies"), "]}}"),
                  kLeak),
         false, "veto 'v' is fed by incidents, and its condition reads 2 metrics instead of one"},
        {"ARatio", "who", "2025-03", VetoJson("v", AtLeastOne("share"), kLeak), false,
         "veto 'v' is fed by incidents, and its condition reads metric 'share', which is no number"},
    }),
    [](const auto& info) { return info.param.name; });

TEST(IncidentJsonTest, EachStateComesBack) {
  const Incident proposed = *Incident::Propose("1", "ann", "leak", -5);
  const Incident confirmed = *proposed.Confirm(6, "e\"1", "a1");
  const Incident revoked = *confirmed.Revoke(7, "误报");
  EXPECT_EQ(
      revoked.ToJson(),
      R"({"approval_id":"a1","code":"leak","confirmed_at":"6","evidence_id":"e\"1","id":"1","occurred_at":"-5",)"
      R"("revocation_reason":"误报","revoked_at":"7","state":"revoked","subject":"ann"})");
  for (const Incident& incident : {proposed, confirmed, revoked}) {
    const absl::StatusOr<Incident> back = Incident::FromJson(incident.ToJson());
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(back->ToJson(), incident.ToJson());
    EXPECT_EQ(back->state(), incident.state());
  }
}

struct BadJson {
  const char* name;
  const char* json;
  const char* error;
};

class BadIncidentJsonTest : public testing::TestWithParam<BadJson> {};

TEST_P(BadIncidentJsonTest, IsRefused) {
  EXPECT_THAT(std::string(Incident::FromJson(GetParam().json).status().message()),
              HasSubstr(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    Json, BadIncidentJsonTest,
    testing::ValuesIn(std::vector<BadJson>{
        {"NoObject", "[]", "incident: "},
        {"NoState", R"({"id":"1","subject":"a","code":"c","occurred_at":1})",
         "incident: member 'state' is missing"},
        {"UnknownState", R"({"id":"1","subject":"a","code":"c","occurred_at":1,"state":"closed"})",
         "incident: state 'closed' is none of proposed, confirmed, revoked"},
        {"FractionOfAnInstant", R"({"id":"1","subject":"a","code":"c","occurred_at":1.5,"state":"proposed"})",
         "incident: member 'occurred_at' is not a whole number"},
        {"MemberOfALaterState",
         R"({"id":"1","subject":"a","code":"c","occurred_at":1,"state":"proposed","revoked_at":2})",
         "incident: member 'revoked_at' does not belong to it"},
        {"ConfirmedWithoutEvidence",
         R"({"id":"1","subject":"a","code":"c","occurred_at":1,"state":"confirmed","confirmed_at":2,"evidence_id":""})",
         "incident '1': confirming it needs the id of its evidence"},
        {"ConfirmedTooEarly",
         R"({"id":"1","subject":"a","code":"c","occurred_at":2,"state":"confirmed","confirmed_at":1,"evidence_id":"e"})",
         "incident '1': confirmed at 1, before it occurred at 2"},
    }),
    [](const auto& info) { return info.param.name; });

TEST(IncidentJsonTest, TextsAreUtf8) {
  EXPECT_EQ(std::string(Incident::Propose("1", "\xff", "leak", 0).status().message()),
            "incident: a text is not valid UTF-8");
}

}  // namespace
}  // namespace csat
