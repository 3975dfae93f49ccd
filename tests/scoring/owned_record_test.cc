#include "csat/scoring/owned_record.h"

#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

// Events under four readings: with a labelled scale; with two that agree on "good" and differ on "fair"; without.
constexpr char kPolicy[] = R"({
  "id": "labels", "version": "1", "effective_from": "2025-01-01", "zone": "UTC",
  "scales": [
    {"id": "star3", "min": 1, "max": 3, "integer": true, "direction": "HIGHER_IS_BETTER", "labels": [
      {"rank": 1, "label": {"en": "bad", "zh": "差"}},
      {"rank": 2, "label": {"en": "fair", "zh": "一般"}},
      {"rank": 3, "label": {"en": "good", "zh": "好"}, "aliases": ["great"]}]},
    {"id": "other3", "min": 1, "max": 3, "integer": true, "direction": "HIGHER_IS_BETTER", "labels": [
      {"rank": 1, "label": {"en": "fair"}}, {"rank": 3, "label": {"en": "good"}}]}],
  "metrics": [
    {"id": "stars", "unit": "rank", "direction": "HIGHER_IS_BETTER", "scale": "star3", "events": {}},
    {"id": "mean", "unit": "rank", "direction": "HIGHER_IS_BETTER", "scale": "star3", "events": {"field": "both"}},
    {"id": "least", "unit": "rank", "direction": "HIGHER_IS_BETTER", "scale": "other3",
     "events": {"field": "both", "aggregate": {"kind": "MIN"}}},
    {"id": "times", "unit": "ms", "direction": "LOWER_IS_BETTER", "min": 0, "events": {}},
    {"id": "rating", "unit": "rank", "direction": "HIGHER_IS_BETTER", "scale": "star3", "number": {}}],
  "scorecards": [{"id": "card", "max_score": 100, "indicators": [
    {"id": "stars", "max_points": 100, "metric": "stars", "score": {"likert": {"conversion": "MIN_MAX"}},
     "missing": {"rule": "REFUSE"}}]}]})";

Plan Metrics() {
  const absl::StatusOr<Policy> policy = Policy::Parse(kPolicy);
  EXPECT_TRUE(policy.ok()) << policy.status();
  absl::StatusOr<Plan> plan = Plan::CompileMetrics(*policy);
  EXPECT_TRUE(plan.ok()) << plan.status();
  return *std::move(plan);
}

std::vector<double> EventsOf(const OwnedRecord& record, std::size_t slot) {
  const Cell& cell = record.record()[slot];
  if (cell.kind != Cell::Kind::kEvents) return {-1};
  return {cell.events, cell.events + cell.size};
}

struct LabelCase {
  const char* name;
  const char* field;
  std::vector<std::string_view> labels;
  std::vector<double> events;  // {-1}: missing.
  const char* error;           // "": none.
};

class SetLabelsTest : public testing::TestWithParam<LabelCase> {};

TEST_P(SetLabelsTest, CountAsTheirRanks) {
  const LabelCase& row = GetParam();
  const Plan plan = Metrics();
  OwnedRecord record(plan);
  const auto slot = static_cast<std::size_t>(plan.FindField(row.field));
  record.SetInteger(slot, 7);
  const absl::Status status = record.SetLabels(slot, absl::MakeConstSpan(row.labels));
  EXPECT_EQ(std::string(status.message()), row.error);
  EXPECT_EQ(status.code(), *row.error == 0 ? absl::StatusCode::kOk : absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(EventsOf(record, slot), row.events);
}

INSTANTIATE_TEST_SUITE_P(
    Labels, SetLabelsTest,
    testing::ValuesIn(std::vector<LabelCase>{
        {"OfAnyLanguage", "stars", {"good", "差", "great", "fair"}, {3, 1, 3, 2}, ""},
        {"None", "stars", {}, {}, ""},
        {"NoneWithoutAScale", "times", {}, {}, ""},
        {"SameOnBothScales", "both", {"good", "good"}, {3, 3}, ""},
        {"Unknown", "stars", {"good", "so so"}, {-1}, "field 'stars': 'so so' is no label of scale 'star3'"},
        {"TheEmptyWord", "stars", {""}, {-1}, "field 'stars': '' is no label of scale 'star3'"},
        {"DifferentRanks",
         "both",
         {"good", "fair"},
         {-1},
         "field 'both': 'fair' has different ranks on the scales of its metrics"},
        {"OnOneScaleOnly", "both", {"bad"}, {-1}, "field 'both': 'bad' is no label of scale 'other3'"},
        {"WithoutAScale",
         "times",
         {"good"},
         {-1},
         "field 'times': 'good' is no number, and the field has no scale with labels"},
        {"NoEvents",
         "rating",
         {"good"},
         {-1},
         "field 'rating': 'good' is no number, and the field has no scale with labels"},
    }),
    [](const auto& info) { return info.param.name; });

struct JsonCase {
  const char* name;
  const char* json;
  std::vector<double> events;
  const char* error;
  const char* path;
};

class JsonLabelsTest : public testing::TestWithParam<JsonCase> {};

TEST_P(JsonLabelsTest, AreReadOrNamed) {
  const JsonCase& row = GetParam();
  const Plan plan = Metrics();
  OwnedRecord record(plan);
  Diagnostic fault;
  const absl::Status status = record.SetJson(row.json, &fault);
  EXPECT_EQ(status.ok(), *row.error == 0) << status;
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr(row.error));
  EXPECT_EQ(fault.path, row.path);
  EXPECT_EQ(EventsOf(record, static_cast<std::size_t>(plan.FindField("stars"))), row.events);
}

INSTANTIATE_TEST_SUITE_P(
    Lists, JsonLabelsTest,
    testing::ValuesIn(std::vector<JsonCase>{
        {"Labels", R"({"stars": ["good", "差"]})", {3, 1}, "", ""},
        {"Numbers", R"({"stars": [3, 1]})", {3, 1}, "", ""},
        {"NumbersThenALabel", R"({"stars": [3, "bad"]})", {-1}, "an event has to be a number", "stars[1]"},
        {"LabelsThenANumber", R"({"stars": ["bad", 3]})", {-1}, "an event has to be a text", "stars[1]"},
        {"LabelsThenNull", R"({"stars": ["bad", null]})", {-1}, "an event has to be a text", "stars[1]"},
        {"Unknown", R"({"stars": ["so so"]})", {-1}, "'so so' is no label of scale 'star3'", "stars"},
        {"NothingIsKept", R"({"stars": ["good"], "times": ["good"]})", {-1}, "is no number", "times"},
        {"AWordForAList", R"({"stars": "good"})", {-1}, "takes a list", "stars"},
        {"AListForAWord", R"({"rating": ["good"]})", {-1}, "takes one number", "rating"},
        {"AnObjectUnderANameOfTwoLines",
         R"({"a\nb": {}})",
         {-1},
         R"(["a\nb"]: a field of a record cannot be an object)",
         R"(["a\nb"])"},
        {"AListUnderANameOfTwoLines",
         R"({"a\nb": [1, null]})",
         {-1},
         R"(["a\nb"][1]: an event has to be a number)",
         R"(["a\nb"][1])"},
        {"UnknownNameOfTwoLines",
         R"({"a\nb": 1})",
         {-1},
         R"(field 'a\nb' is read by no metric)",
         R"(["a\nb"])"},
    }),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace csat
