#include "policy/json_document.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat::policy {
namespace {

namespace fs = std::filesystem;

// The finding as "line:column code path", or "ok".
std::string Verdict(std::string_view text) {
  std::vector<Diagnostic> found;
  const bool parsed = JsonDocument::Parse(text, &found) != nullptr;
  EXPECT_EQ(parsed, found.empty()) << text;
  std::string verdict;
  for (const Diagnostic& d : found) {
    if (!verdict.empty()) verdict += " | ";
    verdict += std::to_string(d.line) + ":" + std::to_string(d.column) + " " + d.code;
    if (!d.path.empty()) verdict += " " + d.path;
    EXPECT_FALSE(d.message.en.empty());
    EXPECT_FALSE(d.message.zh.empty());
    EXPECT_EQ(d.message.en.find('\n'), std::string::npos);
  }
  return verdict.empty() ? "ok" : verdict;
}

struct SyntaxCase {
  const char* name;
  std::string text;
  const char* want;
};

class JsonSyntaxTest : public testing::TestWithParam<SyntaxCase> {};

TEST_P(JsonSyntaxTest, SaysWhereAndWhy) { EXPECT_EQ(Verdict(GetParam().text), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(Syntax, JsonSyntaxTest,
                         testing::ValuesIn<SyntaxCase>({
                             {"Empty", "", "1:1 json-syntax"},
                             {"OnlySpace", " \n ", "2:2 json-syntax"},
                             {"Object", "{\"a\": [1, 2.5e3, true, false, null, \"x\"]}", "ok"},
                             {"CommaAtEnd", "{\"a\": 1,\n}", "2:1 json-syntax"},
                             {"CommaInArray", "{\"a\": [1,]}", "1:10 json-syntax a"},
                             {"NoColon", "{\"a\" 1}", "1:6 json-syntax"},
                             {"NoComma", "[1 2]", "1:4 json-syntax"},
                             {"KeyWithoutQuotes", "{a: 1}", "1:2 json-syntax"},
                             {"NotClosed", "{\"a\": {\"b\": [0, {", "1:18 json-syntax a.b[1]"},
                             {"WrongClose", "[1}", "1:3 json-syntax"},
                             {"StringNotClosed", "[\"abc", "1:2 json-syntax"},
                             {"LineFeedInString", "[\"ab\nc\"]", "1:5 json-syntax"},
                             {"UnknownEscape", "[\"\\x\"]", "1:3 json-syntax"},
                             {"ShortEscape", "[\"\\u12\"]", "1:3 json-syntax"},
                             {"LoneSurrogate", "[\"\\ud800\"]", "1:3 json-syntax"},
                             {"LoneLowSurrogate", "[\"\\udc00\"]", "1:3 json-syntax"},
                             {"SurrogatePair", "[\"\\ud83d\\ude00\"]", "ok"},
                             {"Comment", "{} // x", "1:4 trailing-content"},
                             {"TwoValues", "{} {}", "1:4 trailing-content"},
                             {"NulAfterEnd", std::string("{}\0", 3), "1:3 trailing-content"},
                             {"Word", "[nul]", "1:2 json-syntax"},
                             {"Nan", "[NaN]", "1:2 json-syntax"},
                             {"Infinity", "[-Infinity]", "1:3 json-syntax"},
                             {"LeadingZero", "[01]", "1:2 json-syntax"},
                             {"Plus", "[+1]", "1:2 json-syntax"},
                             {"Hex", "[0x1]", "1:3 json-syntax"},
                             {"PointWithoutDigit", "[1.]", "1:4 json-syntax"},
                             {"ExponentWithoutDigit", "[1e]", "1:4 json-syntax"},
                             {"ColumnsCountCharacters", "{\"满意度\": x}", "1:9 json-syntax"},
                             {"CarriageReturns", "{\r\n \"a\": x}", "2:7 json-syntax"},
                             {"ByteOrderMark", "\xEF\xBB\xBF{}", "1:1 byte-order-mark"},
                             {"InvalidUtf8", "{\n\"客\": \"\xFF\"}", "2:7 invalid-utf8"},
                             {"OverlongUtf8", "[\"\xC0\xAF\"]", "1:3 invalid-utf8"},
                             {"SurrogateInUtf8", "[\"\xED\xA0\x80\"]", "1:3 invalid-utf8"},
                             {"Utf16", std::string("\xFF\xFE{\0}\0", 6), "1:1 invalid-utf8"},
                             {"DuplicateKey", "{\"a\": 1,\n \"b\": {\"c\": 1, \"c\": 2}, \"a\": 3}",
                              "2:16 duplicate-key b.c | 2:25 duplicate-key a"},
                             {"DuplicateKeyByEscape", "{\"a\": 1, \"\\u0061\": 2}", "1:10 duplicate-key a"},
                             {"DuplicateKeyThreeTimes", "[{\"a\":1,\"a\":2,\"a\":3}]",
                              "1:9 duplicate-key [0].a | 1:15 duplicate-key [0].a"},
                             {"LargestInteger", "[18446744073709551615]", "ok"},
                             {"IntegerTooLarge", "[18446744073709551616]", "1:2 number-out-of-range"},
                             {"SmallestInteger", "[-9223372036854775808]", "ok"},
                             {"IntegerTooSmall", "[-9223372036854775809]", "1:2 number-out-of-range"},
                             {"LargestDouble", "[1.7976931348623157e308]", "ok"},
                             {"DoubleTooLarge", "[1.8e308]", "1:2 number-out-of-range"},
                             {"Underflow", "[1e-400]", "ok"},
                         }),
                         [](const auto& info) { return info.param.name; });

TEST(JsonDocumentTest, KeepsTextAndPlaces) {
  std::vector<Diagnostic> found;
  const auto document = JsonDocument::Parse(
      "{\n  \"zh\\u0041\": [1.50, \"a\\n\\u00e9\\ud83d\\ude00\"],\n  \"b\": null}", &found);
  ASSERT_NE(document, nullptr);
  const JsonValue* list = document->FindMember(document->root(), "zhA");
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(list->key_line, 2);
  EXPECT_EQ(list->key_column, 3);
  EXPECT_EQ(list->column, 15);
  ASSERT_EQ(list->count, 2u);
  EXPECT_EQ(document->child(*list, 0).text, "1.50");
  EXPECT_EQ(document->child(*list, 1).text, "a\n\xC3\xA9\xF0\x9F\x98\x80");
  EXPECT_EQ(document->child(*list, 1).column, 22);
  EXPECT_EQ(document->FindMember(document->root(), "b")->kind, JsonKind::kNull);
  EXPECT_EQ(document->FindMember(document->root(), "c"), nullptr);
  EXPECT_EQ(document->FindMember(*list, "c"), nullptr);
}

std::string Contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

fs::path HostileJson(const char* folder) {
  return fs::path(CSAT_SOURCE_DIR) / ".." / "shared" / "conformance" / "hostile" / "json" / folder;
}

// What we decided about the files for which RFC 8259 leaves the choice: name, "accept" or the code.
std::map<std::string, std::string> Decisions() {
  std::ifstream in(fs::path(CSAT_SOURCE_DIR) / "tests/policy/json_i_cases.txt");
  std::map<std::string, std::string> decisions;
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::string name, decision;
    words >> name >> decision;
    decisions[name] = decision;
  }
  return decisions;
}

TEST(JsonHostileTest, ParsingSuite) {
  const fs::path folder = HostileJson("test_parsing");
  if (!fs::exists(folder)) GTEST_SKIP() << "the shared conformance files are not here";
  std::map<std::string, std::string> decisions = Decisions();
  size_t files = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    ++files;
    std::vector<Diagnostic> found;
    const bool parsed = JsonDocument::Parse(Contents(entry.path()), &found) != nullptr;
    const std::string verdict = parsed ? "accept" : found.empty() ? "no finding" : found.front().code;
    if (name[0] == 'n') {
      EXPECT_NE(verdict, "accept") << name;
    } else if (decisions.count(name) > 0) {
      EXPECT_EQ(verdict, decisions[name]) << name;
      decisions.erase(name);
    } else {
      EXPECT_EQ(name[0], 'y') << "no decision on " << name << ": " << verdict;
      EXPECT_EQ(verdict, "accept") << name;
    }
  }
  EXPECT_EQ(files, 318u);
  for (const auto& [name, decision] : decisions) ADD_FAILURE() << "no such file: " << name << " " << decision;
}

TEST(JsonHostileTest, TransformSuite) {
  const fs::path folder = HostileJson("test_transform");
  if (!fs::exists(folder)) GTEST_SKIP() << "the shared conformance files are not here";
  const std::map<std::string, const char*> refused = {
      {"number_-9223372036854775809.json", "number-out-of-range"},
      {"object_same_key_different_values.json", "duplicate-key"},
      {"object_same_key_same_value.json", "duplicate-key"},
      {"object_same_key_unclear_values.json", "duplicate-key"},
      {"string_1_escaped_invalid_codepoint.json", "json-syntax"},
      {"string_2_escaped_invalid_codepoints.json", "json-syntax"},
      {"string_3_escaped_invalid_codepoints.json", "json-syntax"},
      {"string_1_invalid_codepoint.json", "invalid-utf8"},
      {"string_2_invalid_codepoints.json", "invalid-utf8"},
      {"string_3_invalid_codepoints.json", "invalid-utf8"},
  };
  size_t files = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    ++files;
    std::vector<Diagnostic> found;
    const bool parsed = JsonDocument::Parse(Contents(entry.path()), &found) != nullptr;
    const auto want = refused.find(name);
    EXPECT_EQ(parsed ? "accept" : found.front().code, want == refused.end() ? "accept" : want->second)
        << name;
  }
  EXPECT_EQ(files, 22u);
}

}  // namespace
}  // namespace csat::policy
