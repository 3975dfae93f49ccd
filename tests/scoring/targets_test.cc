#include <string>
#include <vector>

#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using namespace testing_plan;

constexpr char kTargets[] = R"(, "targets": [
  {"id": "solved", "metric": "solved", "op": "GE", "value": 94.1},
  {"id": "waits", "metric": "waits", "op": "LE", "value": 10},
  {"id": "leaks", "metric": "leaks", "op": "EQ", "value": 0},
  {"id": "open", "metric": "praise", "op": "GE"},
  {"id": "score", "scorecard": "card", "op": "GE", "value": 90},
  {"id": "off", "metric": "a", "op": "GE", "value": 5, "disabled": true}])";

struct TargetCase {
  const char* name;
  const char* record;
  const char* target;
  TargetStatus status;
  const char* shown;
  const char* gap;  // nullptr: none.
};

// P0-30, V6: met or missed on the exact figure, shown half up.
TEST(TargetsTest, AreMetOrMissedExactly) {
  const Plan plan = PlanOf(PolicyOf(
      CardOf(
          Needed({{"a", "1"}}),
          R"(, "vetoes": [{"id": "leak", "when": {"compare": {"metric": "breaches", "op": "GE", "value": 1}},
    "scope": "RECORD", "set_to": 0, "missing": {"rule": "REFUSE"}}])"),
      kMetrics, kTargets));
  const TargetCase rows[] = {
      {"above", R"({"yes": 95, "all": 100})", "solved", TargetStatus::kMet, "95.0", "0.9"},
      {"at", R"({"yes": 941, "all": 1000})", "solved", TargetStatus::kMet, "94.1", "0"},
      {"V6, shown as the target and missed", R"({"yes": 94099, "all": 100000})", "solved",
       TargetStatus::kMissed, "94.1", "-0.001"},
      {"finished", R"({"solved": 94.1})", "solved", TargetStatus::kMet, "94.1", "0"},
      {"V8, nothing to measure", R"({"yes": 0, "all": 0})", "solved", TargetStatus::kNotMeasurable, "",
       nullptr},
      {"no figure", R"({})", "solved", TargetStatus::kNotMeasurable, "", nullptr},
      {"at most, at", R"({"waits": [5, 15]})", "waits", TargetStatus::kMet, "10.00", "0"},
      {"at most, above by a third", R"({"waits": [10, 10, 11]})", "waits", TargetStatus::kMissed, "10.33",
       "0.333333"},
      {"no events", R"({"waits": []})", "waits", TargetStatus::kNotMeasurable, "", nullptr},
      {"exactly", R"({"leaks": 0})", "leaks", TargetStatus::kMet, "0.00", "0"},
      {"not exactly", R"({"leaks": 1})", "leaks", TargetStatus::kMissed, "1.00", "1"},
      {"A-104, no value", R"({"praise": 4})", "open", TargetStatus::kNoTarget, "4.00", nullptr},
      {"A-104, no value and no figure", R"({})", "open", TargetStatus::kNoTarget, "", nullptr},
      {"P0-30, 81.20 of 90", R"({"a": 8.12, "breaches": 0})", "score", TargetStatus::kMissed, "81.20",
       "-8.8"},
      {"P0-30, 90.00", R"({"a": 9, "breaches": 0})", "score", TargetStatus::kMet, "90.00", "0"},
      {"P0-30, 89.999", R"({"a": 8.9999, "breaches": 0})", "score", TargetStatus::kMissed, "90.00", "-0.001"},
      {"a vetoed score", R"({"a": 9, "breaches": 1})", "score", TargetStatus::kMissed, "0.00", "-90"},
      {"a refused score", R"({"a": 9})", "score", TargetStatus::kNotMeasurable, "", nullptr},
  };
  for (const TargetCase& row : rows) {
    OwnedRecord record(plan);
    ASSERT_TRUE(record.SetJson(row.record).ok()) << row.name;
    const absl::StatusOr<std::vector<TargetResult>> results = plan.EvaluateTargets(record.record());
    ASSERT_TRUE(results.ok()) << row.name << ": " << results.status();
    ASSERT_EQ(results->size(), 5u) << "a target that is switched off is not evaluated";
    for (const TargetResult& result : *results) {
      if (result.id != row.target) continue;
      EXPECT_EQ(TargetStatusName(result.status), TargetStatusName(row.status)) << row.name;
      EXPECT_EQ(result.shown, row.shown) << row.name;
      EXPECT_EQ(result.gap, row.gap == nullptr ? std::optional<Decimal>() : D(row.gap)) << row.name;
    }
  }
}

// P0-30: a complaint rate of at most 1 %.
TEST(TargetsTest, OfShares) {
  constexpr char kRate[] = R"({"id": "complaint_rate", "unit": "share", "direction": "LOWER_IS_BETTER",
    "ratio": {"numerator": [{"field": "complaints"}], "denominator": [{"field": "transactions"}]}})";
  const Plan plan = *Plan::CompileMetrics(PolicyOf(
      "", kRate, R"(, "targets": [{"id": "rate", "metric": "complaint_rate", "op": "LE", "value": 0.01}])"));
  struct Row {
    int complaints, transactions;
    TargetStatus status;
    const char* shown;
  };
  const Row rows[] = {
      {12, 1200, TargetStatus::kMet, "1.0"},    {13, 1200, TargetStatus::kMissed, "1.1"},
      {0, 1200, TargetStatus::kMet, "0.0"},     {100'001, 10'000'000, TargetStatus::kMissed, "1.0"},
      {0, 0, TargetStatus::kNotMeasurable, ""},
  };
  for (const Row& row : rows) {
    OwnedRecord record(plan);
    ASSERT_TRUE(record
                    .SetJson(absl::StrCat(R"({"complaints": )", row.complaints, R"(, "transactions": )",
                                          row.transactions, "}"))
                    .ok());
    const TargetResult result = plan.EvaluateTargets(record.record())->front();
    EXPECT_EQ(TargetStatusName(result.status), TargetStatusName(row.status)) << row.complaints;
    EXPECT_EQ(result.shown, row.shown) << row.complaints;
  }
}

}  // namespace
}  // namespace csat
