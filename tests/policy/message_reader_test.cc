#include "policy/message_reader.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "csat/v1/policy.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/canonical.h"

namespace csat::policy {
namespace {

std::string Lines(const std::vector<Diagnostic>& found, Language language) {
  std::string lines;
  for (const Diagnostic& d : found) lines += (lines.empty() ? "" : "\n") + ToLine(d, language);
  return lines;
}

struct FaultCase {
  const char* name;
  const char* json;
  const char* want;  // English lines
};

class FaultTest : public testing::TestWithParam<FaultCase> {};

TEST_P(FaultTest, NamesThingPlaceAndRemedy) {
  csat::v1::Policy policy;
  policy.set_id("before");
  std::vector<Diagnostic> found;
  EXPECT_FALSE(ReadMessage(GetParam().json, &policy, &found));
  EXPECT_EQ(Lines(found, Language::kEnglish), GetParam().want);
  EXPECT_EQ(policy.ByteSizeLong(), 0u);
  for (const Diagnostic& d : found) {
    EXPECT_NE(d.message.zh, d.message.en);
    EXPECT_EQ(d.remedy.zh.empty(), d.remedy.en.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Faults, FaultTest,
    testing::ValuesIn<FaultCase>({
        {"UnknownKey", R"({"scorecards": [{"indicators": [{"wieght": 1}]}]})",
         "1:34: error[unknown-key]: scorecards[0].indicators[0].wieght: unknown key 'wieght' in Indicator; "
         "write 'weight'"},
        {"CamelCase", R"({"effectiveFrom": "2026-01-01"})",
         "1:2: error[unknown-key]: effectiveFrom: unknown key 'effectiveFrom' in Policy; write "
         "'effective_from'"},
        {"KeyLikeNoOther", R"({"scales": [{"qqqqqq": 1}]})",
         "1:14: error[unknown-key]: scales[0].qqqqqq: unknown key 'qqqqqq' in Scale; the keys are id, min, "
         "max, "
         "integer, direction, labels, label, source"},
        {"KeyLikeNoOtherOfMany", R"({"scorecards": [{"qqqqqq": 1}]})",
         "1:18: error[unknown-key]: scorecards[0].qqqqqq: unknown key 'qqqqqq' in Scorecard; the keys are "
         "id, "
         "label, max_score, combine, indicators, weights_sum, constraints, profile_metric, profiles, "
         "default_profile, bonus, caps, vetoes, grading, min_answers, period, ..."},
        {"KeyThatTurnsTheLine", R"({"effective_from\u202e\u007f": "a"})",
         "1:2: error[unknown-key]: [\"effective_from\\u202E\\u007F\"]: unknown key "
         "'effective_from\\u202e\\u007f' in Policy; write 'effective_from'"},
        {"KeyWithControls", "{\"scales\": [{\"a\\nb.c\": 1}]}",
         "1:14: error[unknown-key]: scales[0][\"a\\nb.c\"]: unknown key 'a\\nb.c' in Scale; the keys are id, "
         "min, max, integer, direction, labels, label, source"},
        {"DuplicateKey", "{\"id\": \"a\",\n \"id\": \"b\"}",
         "2:2: error[duplicate-key]: id: key 'id' stands a second time, first at 1:2; keep one of the two"},
        {"NotAnObject", "[1]", "1:1: error[wrong-type]: expected an object, found an array"},
        {"NumberForString", R"({"id": 7})",
         "1:8: error[wrong-type]: id: expected a string, found number '7'"},
        {"StringForNumber", R"({"scales": [{"min": "1"}]})",
         "1:21: error[wrong-type]: scales[0].min: expected a number, found string '1'"},
        {"ObjectForArray", R"({"scales": {}})",
         "1:12: error[wrong-type]: scales: expected an array, found an object"},
        {"ArrayForMap", R"({"label": []})",
         "1:11: error[wrong-type]: label: expected an object, found an array"},
        {"NumberForBool", R"({"scales": [{"integer": 1}]})",
         "1:25: error[wrong-type]: scales[0].integer: expected true or false, found number '1'"},
        {"Null", R"({"zone": null})",
         "1:10: error[null-value]: zone: expected a string, found null; leave the key out"},
        {"NullInMap", R"({"label": {"zh-Hans": null}})",
         "1:23: error[null-value]: label.zh-Hans: expected a string, found null; leave the key out"},
        {"ObjectForDecimal", R"({"scales": [{"min": {"micros": 1}}]})",
         "1:21: error[wrong-type]: scales[0].min: expected a number, found an object"},
        {"ObjectForValue", R"({"cases": [{"record": {"a": {}}}]})",
         "1:29: error[wrong-type]: cases[0].record.a: expected a number, a string, true, false, null or an "
         "array, found an object"},
        {"SeventhPlace", R"({"scales": [{"min": 0.0000001}]})",
         "1:21: error[lossy-number]: scales[0].min: number '0.0000001' has more than 6 decimal places; "
         "round it to 6 decimal places"},
        {"DecimalTooLarge", R"({"scales": [{"max": 9223372036854.775808}]})",
         "1:21: error[number-out-of-range]: scales[0].max: number '9223372036854.775808' lies outside "
         "[-9223372036854.775808, 9223372036854.775807]"},
        {"WholeNumberWithFraction", R"({"metrics": [{"decimal_places": 2.5}]})",
         "1:33: error[lossy-number]: metrics[0].decimal_places: number '2.5' is not a whole number"},
        {"Int32TooLarge", R"({"metrics": [{"decimal_places": 2147483648}]})",
         "1:33: error[number-out-of-range]: metrics[0].decimal_places: number '2147483648' lies outside "
         "[-2147483648, 2147483647]"},
        {"EnumByNumber", R"({"metrics": [{"direction": 1}]})",
         "1:28: error[wrong-type]: metrics[0].direction: expected a string, found number '1'"},
        {"EnumInLowerCase", R"({"metrics": [{"direction": "higher_is_better"}]})",
         "1:28: error[unknown-enum-value]: metrics[0].direction: 'higher_is_better' is no value of "
         "Direction; "
         "write 'HIGHER_IS_BETTER'"},
        {"EnumUnknown", R"({"scorecards": [{"grading": {"basis": "x"}}]})",
         "1:39: error[unknown-enum-value]: scorecards[0].grading.basis: 'x' is no value of Basis; write one "
         "of EXACT, ROUNDED"},
        {"EnumUnspecified", R"({"scorecards": [{"grading": {"basis": "BASIS_UNSPECIFIED"}}]})",
         "1:39: error[unknown-enum-value]: scorecards[0].grading.basis: 'BASIS_UNSPECIFIED' is no value of "
         "Basis; "
         "write one of EXACT, ROUNDED"},
        {"TwoOfAOneof", R"({"metrics": [{"number": {}, "ratio": {}}]})",
         "1:29: error[oneof-conflict]: metrics[0].ratio: key 'ratio' stands beside 'number', of which only "
         "one may stand; "
         "keep one of the two"},
        {"NulInString", R"({"id": "a\u0000"})", "1:8: error[nul-in-string]: id: a string contains U+0000"},
        {"NulInMapKey", R"({"label": {"\u0000": "x"}})",
         "1:12: error[nul-in-string]: label[\"\\u0000\"]: a string contains U+0000"},
        {"SeveralAtOnce", "{\"id\": 1,\n\"zone\": false,\n\"scales\": [{\"min\": \"x\"}, {\"maximum\": 2}]}",
         "1:8: error[wrong-type]: id: expected a string, found number '1'\n"
         "2:9: error[wrong-type]: zone: expected a string, found false\n"
         "3:20: error[wrong-type]: scales[0].min: expected a number, found string 'x'\n"
         "3:27: error[unknown-key]: scales[1].maximum: unknown key 'maximum' in Scale; the keys "
         "are id, min, max, integer, direction, labels, label, source"},
    }),
    [](const auto& info) { return info.param.name; });

TEST(MessageReaderTest, ReadsEveryKindOfField) {
  csat::v1::Policy policy;
  std::vector<Diagnostic> found;
  ASSERT_TRUE(ReadMessage(R"({
    "id": "p", "label": {"en": "Policy", "zh": "\u653f\u7b56", "a.b": ""},
    "metrics": [{"decimal_places": 0, "direction": "LOWER_IS_BETTER", "min": -1.5, "max": 1e1, "events": {}}],
    "scales": [{"integer": true, "labels": [{"rank": 5e0, "aliases": ["x", ""]}]}],
    "scorecards": [{"profiles": [{"weights": {"a": 30, "b": 0}}]}],
    "cases": [{"record": {"n": 1.25, "t": "word", "b": true, "m": null, "l": [1, "x", [false]]}}]})",
                          &policy, &found))
      << Lines(found, Language::kEnglish);
  EXPECT_EQ(policy.label().at("zh"), "政策");
  EXPECT_EQ(policy.label().at("a.b"), "");
  const csat::v1::Metric& metric = policy.metrics(0);
  EXPECT_TRUE(metric.has_decimal_places());
  EXPECT_EQ(metric.decimal_places(), 0);
  EXPECT_EQ(metric.direction(), csat::v1::Metric::LOWER_IS_BETTER);
  EXPECT_EQ(metric.min().micros(), -1500000);
  EXPECT_EQ(metric.max().micros(), 10000000);
  EXPECT_EQ(metric.form_case(), csat::v1::Metric::kEvents);
  EXPECT_EQ(policy.scales(0).labels(0).rank(), 5);
  EXPECT_THAT(policy.scales(0).labels(0).aliases(), testing::ElementsAre("x", ""));
  EXPECT_EQ(policy.scorecards(0).profiles(0).weights().at("a").micros(), 30000000);
  EXPECT_EQ(policy.scorecards(0).profiles(0).weights().at("b").micros(), 0);
  const auto& record = policy.cases(0).record();
  EXPECT_EQ(record.at("n").number().micros(), 1250000);
  EXPECT_EQ(record.at("t").text(), "word");
  EXPECT_TRUE(record.at("b").truth());
  EXPECT_TRUE(record.at("m").missing());
  ASSERT_EQ(record.at("l").list().of_size(), 3);
  EXPECT_FALSE(record.at("l").list().of(2).list().of(0).truth());
  EXPECT_TRUE(record.at("l").list().of(2).list().of(0).has_truth());
}

TEST(MessageReaderTest, StopsAtTheLimitOfFindingsAndSaysSo) {
  for (const auto& [faults, want] :
       std::vector<std::pair<size_t, size_t>>{{kMaxDiagnostics, kMaxDiagnostics},
                                              {kMaxDiagnostics + 1, kMaxDiagnostics + 1},
                                              {5000, kMaxDiagnostics + 1}}) {
    std::string json = "{\"scales\": [";
    for (size_t i = 0; i < faults; ++i) json += i == 0 ? "1" : ",1";
    csat::v1::Policy policy;
    std::vector<Diagnostic> found;
    EXPECT_FALSE(ReadMessage(json + "]}", &policy, &found));
    ASSERT_EQ(found.size(), want);
    EXPECT_EQ(found.back().code, faults > kMaxDiagnostics ? "more-findings" : "wrong-type");
  }
}

TEST(MessageReaderTest, ReadyMadePoliciesReadAndComeBack) {
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(CSAT_SOURCE_DIR) + "/policies")) {
    if (entry.path().extension() != ".json") continue;
    ++files;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string json{std::istreambuf_iterator<char>(in), {}};
    csat::v1::Policy policy, back;
    std::vector<Diagnostic> found;
    EXPECT_TRUE(ReadMessage(json, &policy, &found)) << entry.path() << "\n"
                                                    << Lines(found, Language::kEnglish);
    EXPECT_TRUE(ReadMessage(PrettyJson(policy), &back, &found));
    EXPECT_EQ(CanonicalDigest(policy), CanonicalDigest(back));
  }
  EXPECT_GE(files, 5u);
}

TEST(MessageReaderTest, ChineseLines) {
  csat::v1::Policy policy;
  std::vector<Diagnostic> found;
  EXPECT_FALSE(ReadMessage("{\"lable\": {}}", &policy, &found));
  EXPECT_EQ(ToLine(found[0], Language::kChinese, "policy.json"),
            "policy.json:1:2: 错误[unknown-key]: lable: Policy 中没有键 'lable'；应写作 'label'");
}

struct PlaceCase {
  const char* name;
  const char* path;
  int line, column;
};

class PlacesTest : public testing::TestWithParam<PlaceCase> {};

TEST_P(PlacesTest, FindsTheValueOrWhatIsAroundIt) {
  csat::v1::Policy policy;
  std::vector<Diagnostic> found;
  Places places;
  ASSERT_TRUE(
      ReadMessage("{\"label\": {\"a.b\": \"x\",\n  \"q\\\"]\": \"y\"},\n \"scales\": [\n  {\"id\": \"s\"},\n"
                  "  {\"id\": \"t\", \"labels\": [{\"rank\": 1}]}]}",
                  &policy, &found, &places));
  const LineColumn place = places.Find(GetParam().path);
  EXPECT_EQ(place.line, GetParam().line);
  EXPECT_EQ(place.column, GetParam().column);
}

INSTANTIATE_TEST_SUITE_P(Paths, PlacesTest,
                         testing::ValuesIn<PlaceCase>({
                             {"Document", "", 1, 1},
                             {"Member", "label", 1, 11},
                             {"QuotedKey", "label[\"a.b\"]", 1, 19},
                             {"QuotedKeyWithQuote", "label[\"q\\\"]\"]", 2, 11},
                             {"Element", "scales[1]", 5, 3},
                             {"Inner", "scales[1].labels[0].rank", 5, 35},
                             {"NotWritten", "scales[1].min", 5, 3},
                             {"BeyondTheEnd", "scales[2].min", 3, 12},
                             {"NotAnIndex", "scales[x]", 3, 12},
                             {"HugeIndex", "scales[99999999999999999999]", 3, 12},
                             {"NotClosed", "scales[1", 3, 12},
                             {"IndexOfAnObject", "label[0]", 1, 11},
                         }),
                         [](const auto& info) { return info.param.name; });

TEST(PlacesTest, KnowsNothingWithoutADocument) {
  EXPECT_EQ(Places().Find("a").line, 0);
  csat::v1::Policy policy;
  std::vector<Diagnostic> found;
  Places places;
  EXPECT_FALSE(ReadMessage("{", &policy, &found, &places));
  EXPECT_EQ(places.Find("a").line, 0);
}

}  // namespace
}  // namespace csat::policy
