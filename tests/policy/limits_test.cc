// Each limit of csat/policy/limits.h, at it and one beyond.
#include "csat/policy/limits.h"

#include <time.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "csat/v1/policy.pb.h"
#include "gtest/gtest.h"
#include "policy/message_reader.h"

namespace csat::policy {
namespace {

// The code of the first error in `json`, or "ok"; only the syntax is asked about.
std::string Code(const std::string& json) {
  std::vector<Diagnostic> found;
  JsonDocument::Parse(json, &found);
  return found.empty() ? "ok" : found.front().code;
}

std::string Times(size_t n, std::string_view text) {
  std::string out;
  out.reserve(n * text.size());
  for (size_t i = 0; i < n; ++i) out += text;
  return out;
}

struct LimitCase {
  const char* name;
  size_t limit;
  const char* code;
  std::function<std::string(size_t)> document;  // one whose measure is n
};

class LimitTest : public testing::TestWithParam<LimitCase> {};

TEST_P(LimitTest, HoldsOnBothSides) {
  EXPECT_EQ(Code(GetParam().document(GetParam().limit)), "ok");
  EXPECT_EQ(Code(GetParam().document(GetParam().limit + 1)), GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    Limits, LimitTest,
    testing::ValuesIn<LimitCase>({
        {"Bytes", kMaxDocumentBytes, "document-too-large",
         [](size_t n) { return "{}" + std::string(n - 2, ' '); }},
        {"Arrays", kMaxNesting, "too-deep", [](size_t n) { return Times(n, "[") + Times(n, "]"); }},
        {"Objects", kMaxNesting, "too-deep",
         [](size_t n) { return Times(n - 1, "{\"a\":") + "{}" + Times(n - 1, "}"); }},
        {"ScalarAtTheBottom", kMaxNesting, "too-deep",
         [](size_t n) { return Times(n, "[") + "1" + Times(n, "]"); }},
        {"Scalars", kMaxDocumentValues, "too-many-values",
         [](size_t n) { return "[1" + Times(n - 2, ",1") + "]"; }},
        {"Containers", kMaxDocumentValues, "too-many-values",
         [](size_t n) { return "[[]" + Times(n - 2, ",[]") + "]"; }},
        {"String", kMaxStringBytes, "string-too-long",
         [](size_t n) { return "[\"" + std::string(n, 'a') + "\"]"; }},
        {"StringOfCharacters", kMaxStringBytes, "string-too-long",
         [](size_t n) { return "[\"" + Times(n / 2, "\u00e9") + std::string(n % 2, 'a') + "\"]"; }},
        {"StringOfEscapes", kMaxStringBytes, "string-too-long",
         [](size_t n) { return "[\"" + Times(n, "\\u0061") + "\"]"; }},
        {"StringAfterEscape", kMaxStringBytes, "string-too-long",
         [](size_t n) { return "[\"\\n" + std::string(n - 1, 'a') + "\"]"; }},
        {"Key", kMaxKeyBytes, "key-too-long", [](size_t n) { return "{\"" + std::string(n, 'k') + "\":1}"; }},
    }),
    [](const auto& info) { return info.param.name; });

TEST(LimitTest, FarBeyondIsRefusedToo) {
  EXPECT_EQ(Code(Times(1000000, "[")), "too-deep");
  EXPECT_EQ(Code(Times(700000, "{\"a\":")), "too-deep");
  EXPECT_EQ(Code("[\"" + std::string(4000000, 'a') + "\"]"), "string-too-long");
}

TEST(LimitTest, TenThousandIndicatorsLoad) {
  std::string json = "{\"scorecards\":[{\"indicators\":[";
  for (int i = 0; i < 10000; ++i) {
    json += i == 0 ? "" : ",";
    json += "{\"id\":\"i" + std::to_string(i) + R"(","label":{"zh":"名称"},"weight":1.25,"max_points":100,)" +
            R"("metric":"m","score":{"linear":{"from":{"at":0,"points":0},"to":{"at":1,"points":100}}},)" +
            R"("missing":{"rule":"LAST_KNOWN","otherwise":"REFUSE"},)" +
            R"("source":{"clauses":["P2-1"],"assumed":["missing"]}})";
  }
  csat::v1::Policy policy;
  std::vector<Diagnostic> found;
  ASSERT_TRUE(ReadMessage(json + "]}]}", &policy, &found)) << ToLine(found[0], Language::kEnglish);
  EXPECT_EQ(policy.scorecards(0).indicators_size(), 10000);
}

struct ShapeCase {
  const char* name;
  size_t n;                                     // the larger size
  std::function<std::string(size_t)> document;  // grows in proportion to n
};

class LinearTimeTest : public testing::TestWithParam<ShapeCase> {};

double Milliseconds(const std::string& json) {
  double least = 1e9;
  for (int i = 0; i < 5; ++i) {
    timespec begin, end;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
    csat::v1::Policy policy;
    std::vector<Diagnostic> found;
    ReadMessage(json, &policy, &found);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    least = std::min(least, 1e3 * static_cast<double>(end.tv_sec - begin.tv_sec) +
                                1e-6 * static_cast<double>(end.tv_nsec - begin.tv_nsec));
  }
  return least;
}

// Eight times the input may take thirty-two times as long (caches that others empty, sorting), not sixty-four times as
// long, as a reader would take whose time grows with the square.
TEST_P(LinearTimeTest, EightTimesTheInputIsNotSixtyFourTimesTheTime) {
  double small = 0, large = 0;
  // A neighbour that empties the cache during one measurement is not the reader's time.
  for (int attempt = 0; attempt < 5 && (attempt == 0 || large >= 32 * small + 2); ++attempt) {
    small = Milliseconds(GetParam().document(GetParam().n / 8));
    large = Milliseconds(GetParam().document(GetParam().n));
  }
  RecordProperty("milliseconds", std::to_string(large));
  EXPECT_LT(large, 32 * small + 2) << small << " ms and " << large << " ms";
}

std::string Keys(size_t n, bool same) {
  std::string json = "{\"label\":{";
  for (size_t i = 0; i < n; ++i)
    json += (i == 0 ? "\"" : ",\"") + (same ? "k" : "k" + std::to_string(i)) + "\":\"\"";
  return json + "}}";
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, LinearTimeTest,
    testing::ValuesIn<ShapeCase>({
        {"Deep", 4000000, [](size_t n) { return Times(n, "["); }},
        {"ManyNested", 60000,
         [](size_t n) { return "[" + Times(n / 60, Times(60, "[") + Times(60, "]") + ",") + "1]"; }},
        {"Wide", 260000, [](size_t n) { return "{\"scales\":[1" + Times(n, ",1") + "]}"; }},
        {"EmptyObjects", 250000, [](size_t n) { return "{\"scales\":[{}" + Times(n, ",{}") + "]}"; }},
        {"ManyKeys", 200000, [](size_t n) { return Keys(n, false); }},
        {"SameKeys", 250000, [](size_t n) { return Keys(n, true); }},
        {"UnknownKeys", 200000, [](size_t n) { return "{\"x" + Keys(n, false).substr(2); }},
        {"LongNumber", 4000000,
         [](size_t n) { return "{\"scales\":[{\"min\":0." + std::string(n, '1') + "}]}"; }},
        {"LongZeros", 4000000,
         [](size_t n) { return "{\"scales\":[{\"min\":1." + std::string(n, '0') + "1}]}"; }},
        {"LongExponent", 4000000,
         [](size_t n) { return "{\"scales\":[{\"min\":1e-" + std::string(n, '9') + "}]}"; }},
        {"LongStrings", 60,
         [](size_t n) {
           return "{\"document\":{\"references\":[\"\"" + Times(n, ",\"" + std::string(65000, 'a') + "\"") +
                  "]}}";
         }},
        {"Escapes", 60,
         [](size_t n) {
           return "{\"document\":{\"references\":[\"\"" + Times(n, ",\"" + Times(10000, "\\u5ba2") + "\"") +
                  "]}}";
         }},
        {"LineFeeds", 4000000, [](size_t n) { return std::string(n, '\n') + "{}"; }},
        {"InvalidAtTheEnd", 4000000, [](size_t n) { return "[\"" + std::string(n, ' ') + "\xFF"; }},
        {"LongEnumName", 60,
         [](size_t n) {
           return "{\"scales\":[{}" + Times(n, ",{\"direction\":\"" + std::string(65000, 'H') + "\"}") + "]}";
         }},
    }),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace csat::policy
