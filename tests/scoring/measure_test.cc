#include <string>
#include <vector>

#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using namespace testing_plan;

constexpr char kFigures[] = R"(
  {"id": "share", "unit": "share", "direction": "NEUTRAL", "ratio": {"numerator": [{"field": "n"}], "denominator": [{"field": "d"}]}},
  {"id": "percent", "unit": "percent", "direction": "NEUTRAL", "ratio": {"numerator": [{"field": "n"}], "denominator": [{"field": "d"}], "times": 100, "field": "p"}},
  {"id": "nps", "unit": "points", "direction": "NEUTRAL", "ratio": {"numerator": [{"field": "promoters"}, {"field": "detractors", "times": -1}],
     "denominator": [{"field": "promoters"}, {"field": "passives"}, {"field": "detractors"}], "times": 100}},
  {"id": "per_head", "unit": "count", "direction": "NEUTRAL", "ratio": {"numerator": [{"field": "n"}], "denominator": [{"field": "heads"}], "may_exceed_whole": true}},
  {"id": "mean", "unit": "points", "scale": "five", "missing_values": [0], "events": {"field": "ratings"}},
  {"id": "twenty", "unit": "points", "direction": "NEUTRAL", "ratio": {"numerator": [{"field": "sum", "times": 20}], "denominator": [{"field": "d"}], "may_exceed_whole": true}},
  {"id": "total", "unit": "count", "direction": "NEUTRAL", "missing_values": [0], "events": {"field": "list", "aggregate": {"kind": "SUM"}}},
  {"id": "count", "unit": "count", "direction": "NEUTRAL", "missing_values": [0], "events": {"field": "list", "aggregate": {"kind": "COUNT"}}},
  {"id": "top", "unit": "share", "direction": "NEUTRAL", "missing_values": [0], "events": {"field": "list", "aggregate": {"kind": "SHARE", "op": "GE", "value": 4}}},
  {"id": "least", "unit": "points", "direction": "NEUTRAL", "missing_values": [0], "events": {"field": "list", "aggregate": {"kind": "MIN"}}},
  {"id": "most", "unit": "points", "direction": "NEUTRAL", "missing_values": [0], "events": {"field": "list", "aggregate": {"kind": "MAX"}}},
  {"id": "p90", "unit": "points", "direction": "NEUTRAL", "missing_values": [0], "events": {"field": "list", "aggregate": {"kind": "QUANTILE", "quantile": 0.9}}},
  {"id": "role", "text": {"values": ["agent", "manager"]}},
  {"id": "one_place", "unit": "points", "direction": "NEUTRAL", "decimal_places": 1, "missing_values": [-1], "number": {"field": "x"}})";

struct MeasureCase {
  const char* name;
  const char* metric;
  const char* record;
  const char* shown;  // "": not measurable.
  const char* value;
};

// The figures of a record, exact, and as V6 shows them.
TEST(MeasureTest, Figures) {
  const Plan plan = *Plan::CompileMetrics(PolicyOf(
      "", kFigures,
      R"(, "scales": [{"id": "five", "min": 1, "max": 5, "integer": true, "direction": "HIGHER_IS_BETTER"}])"));
  EXPECT_EQ(plan.scorecard(), nullptr);
  const MeasureCase rows[] = {
      {"A-02, a share", "share", R"({"n": 27, "d": 32})", "84.4", "0.84375"},
      {"A-02, a tie", "share", R"({"n": 1, "d": 16})", "6.3", "0.0625"},
      {"A-02, another tie", "percent", R"({"n": 49, "d": 400})", "12.3", "12.25"},
      {"P0-03, churn", "share", R"({"n": 30, "d": 1000})", "3.0", "0.03"},
      {"a third", "percent", R"({"n": 1, "d": 3})", "33.3", "33.333333"},
      {"V8, an empty denominator", "share", R"({"n": 0, "d": 0})", "", "0"},
      {"no denominator", "share", R"({"n": 1})", "", "0"},
      {"a finished figure", "percent", R"({"p": 94.05})", "94.1", "94.05"},
      {"a finished figure goes before counts", "percent", R"({"p": 50, "n": 1, "d": 3})", "50.0", "50"},
      {"P0-11, NPS", "nps", R"({"promoters": 62, "passives": 28, "detractors": 10})", "52.00", "52"},
      {"P0-11, NPS below 0", "nps", R"({"promoters": 1, "passives": 1, "detractors": 3})", "-40.00", "-40"},
      {"P0-11, nobody answered", "nps", R"({"promoters": 0, "passives": 0, "detractors": 0})", "", "0"},
      {"more than the whole where allowed", "per_head", R"({"n": 7, "heads": 2})", "3.50", "3.5"},
      {"P0-10, the mean of 100 ratings", "twenty", R"({"sum": 406, "d": 100})", "81.20", "81.2"},
      {"P0-10, the mean", "mean", R"({"ratings": [5, 5, 4, 2, 0]})", "4.00", "4"},
      {"a mean of three", "mean", R"({"ratings": [5, 5, 4]})", "4.67", "4.666667"},
      {"no answers", "mean", R"({"ratings": [0, 0]})", "", "0"},
      {"no list", "mean", R"({})", "", "0"},
      {"a sum", "total", R"({"list": [5, 0, 2.5]})", "7.50", "7.5"},
      {"the sum of nothing", "total", R"({"list": []})", "0.00", "0"},
      {"a count", "count", R"({"list": [5, 0, 2]})", "2.00", "2"},
      {"no list to count", "count", R"({})", "", "0"},
      {"the top two boxes", "top", R"({"list": [5, 4, 3, 0]})", "66.7", "0.666667"},
      {"the least", "least", R"({"list": [5, 4, 3, 0]})", "3.00", "3"},
      {"the most", "most", R"({"list": [1, 4, 3, 0]})", "4.00", "4"},
      {"nine of ten", "p90", R"({"list": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]})", "9.00", "9"},
      {"nine of eleven", "p90", R"({"list": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]})", "10.00", "10"},
      {"the first of one", "p90", R"({"list": [1]})", "1.00", "1"},
      {"a word", "role", R"({"role": "agent"})", "agent", "0"},
      {"no word", "role", R"({})", "", "0"},
      {"read at one place, a tie to the even one", "one_place", R"({"x": 6.25})", "6.20", "6.2"},
      {"and to the other", "one_place", R"({"x": 6.35})", "6.40", "6.4"},
      {"a missing value", "one_place", R"({"x": -1})", "", "0"},
  };
  for (const MeasureCase& row : rows) {
    OwnedRecord record(plan);
    ASSERT_TRUE(record.SetJson(row.record).ok()) << row.name;
    const absl::StatusOr<std::vector<MetricResult>> results = plan.Measure(record.record());
    ASSERT_TRUE(results.ok()) << row.name << ": " << results.status();
    for (const MetricResult& result : *results) {
      if (result.id != row.metric) continue;
      EXPECT_EQ(result.shown, row.shown) << row.name;
      EXPECT_EQ(result.value, D(row.value)) << row.name;
      EXPECT_EQ(result.measurable, *row.shown != '\0' && result.id != "role") << row.name;
    }
  }
}

TEST(MeasureTest, APlanOfMetricsScoresNothing) {
  const Plan plan = *Plan::CompileMetrics(PolicyOf(
      "", kFigures,
      R"(, "scales": [{"id": "five", "min": 1, "max": 5, "integer": true, "direction": "HIGHER_IS_BETTER"}])"));
  Summary summary;
  EXPECT_EQ(plan.Evaluate(plan.NewRecord(), &summary).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(plan.Explain(plan.NewRecord()).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(plan.Measure(Record(1)).status().code(), absl::StatusCode::kInvalidArgument)
      << "a record of another plan";
}

}  // namespace
}  // namespace csat
