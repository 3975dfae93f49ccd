#include <cmath>
#include <string>
#include <vector>

#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using ::testing::HasSubstr;
using namespace testing_plan;

// The functions on a figure of their own. `x` runs from -100 to 100,000 with up to nine places.
constexpr char kFigures[] = R"(
  {"id": "x", "unit": "ms", "direction": "LOWER_IS_BETTER", "min": -100, "max": 100000, "number": {}},
  {"id": "y", "unit": "percent", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 100, "number": {}},
  {"id": "r", "unit": "percent", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 100,
   "ratio": {"numerator": [{"field": "yes"}], "denominator": [{"field": "all"}], "times": 100}},
  {"id": "likert", "unit": "points", "scale": "likert5", "number": {}},
  {"id": "effort", "unit": "points", "scale": "effort7", "number": {}},
  {"id": "medal", "text": {"values": ["gold", "silver", "none"]}})";

constexpr char kScales[] = R"(, "scales": [
  {"id": "likert5", "min": 1, "max": 5, "integer": true, "direction": "HIGHER_IS_BETTER", "labels": [
    {"rank": 5, "label": {"en": "very satisfied", "zh": "非常满意"}, "points": 10}, {"rank": 4,
      "label": {"zh": "满意"}, "points": 9},
    {"rank": 3, "label": {"zh": "一般"}, "points": 6}, {"rank": 2, "label": {"zh": "不满意"}, "points": 3},
    {"rank": 1, "label": {"zh": "非常不满意"}, "aliases": ["很不满意"], "points": 0}]},
  {"id": "effort7", "min": 1, "max": 7, "integer": true, "direction": "LOWER_IS_BETTER"}])";

struct FunctionCase {
  const char* name;
  const char* metric;
  const char* function;
  std::vector<std::pair<const char*, const char*>> points;  // Record, points.
};

TEST(ScoreFunctionTest, GivesPoints) {
  const FunctionCase cases[] = {
      {"P2-49, full steps",
       "x",
       R"({"step_deduction": {"full_points": 10, "limit": 10000, "step": 5000, "loss_per_step": 1,
         "steps": "FULL", "floor_points": 0}})",
       {{R"({"x": -100})", "10"},
        {R"({"x": 0})", "10"},
        {R"({"x": 10000})", "10"},
        {R"({"x": 14999})", "10"},
        {R"({"x": 14999.999999})", "10"},
        {R"({"x": 15000})", "9"},
        {R"({"x": 20000})", "8"},
        {R"({"x": 31000})", "6"},
        {R"({"x": 59999})", "1"},
        {R"({"x": 60000})", "0"},
        {R"({"x": 61000})", "0"},
        {R"({"x": 100000})", "0"}}},
      {"started steps",
       "x",
       R"({"step_deduction": {"full_points": 10, "limit": 10000, "step": 5000, "loss_per_step": 1,
         "steps": "STARTED", "floor_points": 0}})",
       {{R"({"x": 10000})", "10"},
        {R"({"x": 10000.000001})", "9"},
        {R"({"x": 15000})", "9"},
        {R"({"x": 15000.000001})", "8"},
        {R"({"x": 55000})", "1"},
        {R"({"x": 55001})", "0"}}},
      {"a floor",
       "x",
       R"({"step_deduction": {"full_points": 10, "limit": 10000, "step": 5000, "loss_per_step": 3,
         "steps": "FULL", "floor_points": 2}})",
       {{R"({"x": 20000})", "4"},
        {R"({"x": 24999})", "4"},
        {R"({"x": 25000})", "2"},
        {R"({"x": 100000})", "2"}}},
      {"steps below a limit",
       "y",
       R"({"step_deduction": {"full_points": 10, "limit": 95, "step": 5, "loss_per_step": 2, "steps": "FULL",
         "floor_points": 0, "beyond": "BELOW"}})",
       {{R"({"y": 100})", "10"},
        {R"({"y": 95})", "10"},
        {R"({"y": 90.000001})", "10"},
        {R"({"y": 90})", "8"},
        {R"({"y": 70})", "0"},
        {R"({"y": 0})", "0"}}},
      {"P2-50, share of a target",
       "y",
       R"({"share_of_target": {"target": 95, "full_points": 10}})",
       {{R"({"y": 100})", "10"},
        {R"({"y": 95})", "10"},
        {R"({"y": 94.999999})", "10"},
        {R"({"y": 94.99999})", "9.999999"},
        {R"({"y": 94})", "9.894737"},
        {R"({"y": 90})", "9.473684"},
        {R"({"y": 0})", "0"}}},
      {"P2-50, of counts",
       "r",
       R"({"share_of_target": {"target": 95, "full_points": 10}})",
       {{R"({"yes": 188, "all": 200})", "9.894737"},
        {R"({"yes": 190, "all": 200})", "10"},
        {R"({"yes": 1, "all": 3})", "3.508772"},
        {R"({"yes": 0, "all": 3})", "0"}}},
      {"a falling line",
       "x",
       R"({"linear": {"from": {"at": 0, "points": 10}, "to": {"at": 30000, "points": 0}}})",
       {{R"({"x": -1})", "10"},
        {R"({"x": 0})", "10"},
        {R"({"x": 15000})", "5"},
        {R"({"x": 10000})", "6.666667"},
        {R"({"x": 20000})", "3.333333"},
        {R"({"x": 30000})", "0"},
        {R"({"x": 30001})", "0"}}},
      {"ties go to the even one",
       "y",
       R"({"linear": {"from": {"at": 0, "points": 0}, "to": {"at": 100, "points": 10}}})",
       {{R"({"y": 0.000005})", "0"},
        {R"({"y": 0.000015})", "0.000002"},
        {R"({"y": 0.000025})", "0.000002"},
        {R"({"y": 0.000026})", "0.000003"}}},
      {"lines through points",
       "y",
       R"({"piecewise": {"anchors": [{"at": 20, "points": 0}, {"at": 60, "points": 2}, {"at": 80,
         "points": 9}, {"at": 90, "points": 10}]}})",
       {{R"({"y": 0})", "0"},
        {R"({"y": 20})", "0"},
        {R"({"y": 40})", "1"},
        {R"({"y": 60})", "2"},
        {R"({"y": 70})", "5.5"},
        {R"({"y": 80})", "9"},
        {R"({"y": 85})", "9.5"},
        {R"({"y": 90})", "10"},
        {R"({"y": 100})", "10"}}},
      {"bands",
       "y",
       R"({"bands": {"bands": [{"from": 10, "points": 2}, {"from": 60, "points": 5}, {"from": 90,
         "points": 10}]}})",
       {{R"({"y": 0})", "2"},
        {R"({"y": 10})", "2"},
        {R"({"y": 59.999999})", "2"},
        {R"({"y": 60})", "5"},
        {R"({"y": 89.999999999})", "5"},
        {R"({"y": 90})", "10"},
        {R"({"y": 100})", "10"}}},
      {"A-01, of max",
       "likert",
       R"({"likert": {"conversion": "OF_MAX"}})",
       {{R"({"likert": 5})", "10"},
        {R"({"likert": 4})", "8"},
        {R"({"likert": 3})", "6"},
        {R"({"likert": 2})", "4"},
        {R"({"likert": 1})", "2"},
        {R"({"likert": "非常满意"})", "10"},
        {R"({"likert": "very satisfied"})", "10"},
        {R"({"likert": "很不满意"})", "2"}}},
      {"A-01, min to max",
       "likert",
       R"({"likert": {"conversion": "MIN_MAX"}})",
       {{R"({"likert": 5})", "10"},
        {R"({"likert": 4})", "7.5"},
        {R"({"likert": 3})", "5"},
        {R"({"likert": 2})", "2.5"},
        {R"({"likert": 1})", "0"}}},
      {"A-01, label table",
       "likert",
       R"({"likert": {"conversion": "LABEL_TABLE"}})",
       {{R"({"likert": 5})", "10"},
        {R"({"likert": 4})", "9"},
        {R"({"likert": 3})", "6"},
        {R"({"likert": "不满意"})", "3"},
        {R"({"likert": 1})", "0"}}},
      {"of max where less is better",
       "effort",
       R"({"likert": {"conversion": "OF_MAX"}})",
       {{R"({"effort": 1})", "10"}, {R"({"effort": 4})", "5.714286"}, {R"({"effort": 7})", "1.428571"}}},
      {"min to max where less is better",
       "effort",
       R"({"likert": {"conversion": "MIN_MAX"}})",
       {{R"({"effort": 1})", "10"}, {R"({"effort": 4})", "5"}, {R"({"effort": 7})", "0"}}},
      {"words",
       "medal",
       R"({"lookup": {"entries": [{"text": "gold", "points": 10}, {"text": "silver", "points": 6},
         {"text": "none", "points": 0}]}})",
       {{R"({"medal": "gold"})", "10"}, {R"({"medal": "silver"})", "6"}, {R"({"medal": "none"})", "0"}}},
  };
  for (const FunctionCase& one : cases) {
    const Plan plan = PlanOf(
        PolicyOf(CardOf(absl::StrCat(R"({"id": "i", "max_points": 10, "metric": ")", one.metric,
                                     R"(", "missing": {"rule": "REFUSE"}, "score": )", one.function, "}")),
                 kFigures, kScales));
    for (const auto& [record, points] : one.points) {
      const Score score = ScoreOf(plan, record);
      EXPECT_EQ(LineOf(score, "i").points, D(points)) << one.name << ", " << record;
    }
  }
}

// Nine places, 53.2 wide and 189 points high: slope and offset each fit 63 bits, their sum does not.
TEST(ScoreFunctionTest, ASteepFallBeyond64Bits) {
  const Plan plan = PlanOf(PolicyOf(
      CardOf(R"({"id": "i", "max_points": 189.767169, "metric": "x", "missing": {"rule": "REFUSE"}, "score":
        {"piecewise": {"anchors": [{"at": -34.2, "points": 189.767169}, {"at": 19, "points": 0}]}}})"),
      kFigures, kScales));
  const std::pair<const char*, const char*> rows[] = {{"-34.200001", "189.767169"}, {"-34.2", "189.767169"},
                                                      {"-31.5", "180.136128"},      {"-26.163", "161.098772"},
                                                      {"18.999999", "0.000004"},    {"19", "0"}};
  for (const auto& [x, points] : rows) {
    const Score score = ScoreOf(plan, absl::StrCat(R"({"x": )", x, "}"));
    EXPECT_EQ(LineOf(score, "i").points, D(points)) << x;
  }
}

// Figures that a metric cannot have.
TEST(FigureTest, RefusesWhatCannotBe) {
  const Plan plan = PlanOf(PolicyOf(CardOf(R"(
      {"id": "x", "max_points": 10, "metric": "x", "missing": {"rule": "LEAVE_OUT"},
        "score": {"linear": {"from": {"at": 0, "points": 10}, "to": {"at": 9, "points": 0}}}},
      {"id": "r", "max_points": 10, "metric": "r", "missing": {"rule": "LEAVE_OUT"},
        "score": {"share_of_target": {"target": 95, "full_points": 10}}},
      {"id": "l", "max_points": 10, "metric": "likert", "missing": {"rule": "LEAVE_OUT"},
        "score": {"likert": {"conversion": "OF_MAX"}}},
      {"id": "m", "max_points": 10, "metric": "medal", "missing": {"rule": "WORST"},
       "score": {"lookup": {"entries": [{"text": "gold", "points": 10}, {"text": "silver", "points": 6},
         {"text": "none", "points": 0}]}}})"),
                                    kFigures, kScales));
  const std::pair<const char*, const char*> rows[] = {
      {R"({"x": -100})", ""},
      {R"({"x": -100.000001})", "field 'x': -100.000001 lies outside [-100, 100000] of metric 'x'"},
      {R"({"x": 100000})", ""},
      {R"({"x": 100000.000000001})", "field 'x': 100000.000000001 lies outside [-100, 100000]"},
      {R"({"x": 1e300})", "field 'x': 1e+300 is beyond the limit of 9200000000"},
      {R"({"yes": 3, "all": 3})", ""},
      {R"({"yes": 4, "all": 3})", "metric 'r': numerator 4 is above denominator 3"},
      {R"({"yes": -1, "all": 3})", "field 'yes': -1 is below 0, the least of a count"},
      {R"({"yes": 0, "all": -1})", "field 'all': -1 is below 0"},
      {R"({"likert": 1})", ""},
      {R"({"likert": 0})", "field 'likert': 0 lies outside [1, 5] of metric 'likert'"},
      {R"({"likert": 4.5})", "field 'likert': 4.5 is not a whole number, as metric 'likert' asks"},
      {R"({"likert": "还行"})", "field 'likert': '还行' is no label of scale 'likert5'"},
      {R"({"medal": "tin"})", "field 'medal': 'tin' is none of the 3 words of metric 'medal'"},
      {R"({"x": "fast"})", "field 'x': 'fast' is not a number"},
  };
  for (const auto& [record, words] : rows) {
    const absl::Status status = Explain(plan, record).status();
    EXPECT_EQ(status.code(), *words == '\0' ? absl::StatusCode::kOk : absl::StatusCode::kInvalidArgument)
        << record << ": " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(words)) << record;
  }
}

// What JSON cannot write.
TEST(FigureTest, RefusesNumbersThatAreNone) {
  const Plan plan = PlanOf(PolicyOf(CardOf(Needed({{"a", "1"}}))));
  const std::pair<double, const char*> rows[] = {
      {10, ""},
      {0, ""},
      {-0.0, ""},
      {std::nan(""), "field 'a': NaN is not a number; leave the field empty if it is missing"},
      {HUGE_VAL, "field 'a': infinity is not a number"},
      {-HUGE_VAL, "field 'a': -infinity is not a number"},
      {10.000000001, "lies outside [0, 10]"},
      {10.0000000004, ""},  // 10 at the ninth place.
  };
  for (const auto& [value, words] : rows) {
    Record record = plan.NewRecord();
    record.SetDouble(static_cast<std::size_t>(plan.FindField("a")), value);
    Summary summary;
    const absl::Status status = plan.Evaluate(record, &summary);
    EXPECT_EQ(status.ok(), *words == '\0') << value;
    EXPECT_THAT(std::string(status.message()), HasSubstr(words)) << value;
  }
}

TEST(FigureTest, AnExactNumberStaysExact) {
  const Plan plan = PlanOf(PolicyOf(CardOf(Needed({{"a", "1"}}))));
  const std::size_t slot = static_cast<std::size_t>(plan.FindField("a"));
  Record record = plan.NewRecord();
  Summary summary;
  record.SetInteger(slot, 7);
  ASSERT_TRUE(plan.Evaluate(record, &summary).ok());
  EXPECT_EQ(summary.score, D("70"));
  record.SetDecimal(slot, D("7.550001"));
  ASSERT_TRUE(plan.Evaluate(record, &summary).ok());
  EXPECT_EQ(summary.score, D("75.50001"));
  record.SetDouble(slot, 7.55);
  ASSERT_TRUE(plan.Evaluate(record, &summary).ok());
  EXPECT_EQ(summary.score, D("75.5"));
}

}  // namespace
}  // namespace csat
