// The checker on whole policies: every planted defect is found where it was planted and nothing else is; good
// policies, and those that only look like a defect, pass.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "csat/policy/policy.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = CSAT_SOURCE_DIR;
const fs::path kBroken = kSource / "tests/policy/broken";

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

std::vector<fs::path> JsonFilesIn(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<Diagnostic> FindingsOn(const fs::path& path) {
  std::vector<Diagnostic> findings;
  if (!fs::is_directory(path)) {
    (void)Policy::Parse(ReadFile(path), &findings);
    return findings;
  }
  std::vector<Policy> versions;
  for (const fs::path& file : JsonFilesIn(path)) {
    absl::StatusOr<Policy> version = Policy::Parse(ReadFile(file), &findings);
    EXPECT_TRUE(version.ok()) << file << ": " << version.status();
    if (version.ok()) versions.push_back(*std::move(version));
  }
  return CheckVersions(versions);
}

std::string NameOf(const std::string& file) {
  std::string name;
  for (const char c : fs::path(file).stem().string())
    name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

struct Expected {
  std::string code, path, witness;
};

// By file or folder of tests/policy/broken.
std::map<std::string, std::vector<Expected>> ReadExpected() {
  std::map<std::string, std::vector<Expected>> expected;
  const std::vector<std::string> lines = Split(ReadFile(kBroken / "EXPECTED.tsv"), '\n');
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string> cells = Split(lines[i], '\t');
    if (cells.size() < 4) continue;
    expected[cells[0]].push_back({cells[1], cells[2], cells[3]});
  }
  return expected;
}

std::vector<std::string> BrokenNames() {
  std::vector<std::string> names;
  for (const auto& [name, rows] : ReadExpected()) names.push_back(name);
  return names;
}

// Both languages, a line each, as `csat check` prints them.
std::string Lines(const std::vector<Diagnostic>& findings, const std::string& file) {
  std::string lines;
  for (const Language language : {Language::kEnglish, Language::kChinese}) {
    for (const Diagnostic& found : findings) lines += ToLine(found, language, file) + "\n";
  }
  return lines;
}

class BrokenPolicyTest : public testing::TestWithParam<std::string> {};

// P3-80 and the other clauses of EXPECTED.tsv.
TEST_P(BrokenPolicyTest, HasTheFindingsOfItsRowsAndNoOthers) {
  const std::vector<Diagnostic> findings = FindingsOn(kBroken / GetParam());
  std::vector<Expected> rows = ReadExpected()[GetParam()];
  for (const Diagnostic& found : findings) {
    const auto row = std::find_if(rows.begin(), rows.end(), [&found](const Expected& want) {
      return want.code == found.code && (want.path == "*" || want.path == found.path) &&
             (want.witness == "*" || want.witness == found.witness);
    });
    EXPECT_NE(row, rows.end()) << "not expected: " << ToLine(found, Language::kEnglish) << " (witness '"
                               << found.witness << "')";
    if (row != rows.end()) rows.erase(row);
  }
  for (const Expected& missed : rows)
    ADD_FAILURE() << "not found: " << missed.code << " at " << missed.path << " with " << missed.witness;
}

// The wording is data: a change shows in review. CSAT_UPDATE_BASELINES=1 writes what the checker says now.
TEST_P(BrokenPolicyTest, SaysItInTheWordsOfItsBaseline) {
  const std::string lines = Lines(FindingsOn(kBroken / GetParam()), GetParam());
  const fs::path baseline = kBroken / (fs::path(GetParam()).stem().string() + ".txt");
  if (std::getenv("CSAT_UPDATE_BASELINES") != nullptr) std::ofstream(baseline, std::ios::binary) << lines;
  EXPECT_EQ(ReadFile(baseline), lines);
}

TEST_P(BrokenPolicyTest, NamesAPlaceAndARemedyInBothLanguages) {
  for (const Diagnostic& found : FindingsOn(kBroken / GetParam())) {
    EXPECT_EQ(found.line > 0, !fs::is_directory(kBroken / GetParam())) << found.code;
    EXPECT_FALSE(found.message.en.empty()) << found.code;
    EXPECT_FALSE(found.message.zh.empty()) << found.code;
    EXPECT_NE(found.message.en, found.message.zh);
    EXPECT_EQ(found.remedy.en.empty(), found.remedy.zh.empty()) << found.code;
  }
}

INSTANTIATE_TEST_SUITE_P(Corpus, BrokenPolicyTest, testing::ValuesIn(BrokenNames()),
                         [](const auto& info) { return NameOf(info.param); });

TEST(BrokenPolicies, AreAllInTheTable) {
  const std::map<std::string, std::vector<Expected>> expected = ReadExpected();
  for (const auto& entry : fs::directory_iterator(kBroken)) {
    if (entry.path().extension() != ".json" && !entry.is_directory()) continue;
    EXPECT_EQ(expected.count(entry.path().filename().string()), 1u) << entry.path();
  }
}

// A terminal gets neither a control character nor one that turns the line, whatever the document holds.
TEST(DiagnosticLine, ShowsForeignTextByItsNumbers) {
  std::vector<Diagnostic> findings;
  EXPECT_FALSE(Policy::Parse(R"({"id": "\u001b[31m", "zone": "\u202e"})", &findings).ok());
  const std::string lines = Lines(findings, "");
  EXPECT_THAT(lines, testing::HasSubstr("id '\\u001b[31m' is not of the form"));
  for (const char* unseen : {"\x1b", "\x07", "\u202e"})
    EXPECT_THAT(lines, testing::Not(testing::HasSubstr(unseen)));
}

std::vector<fs::path> GoodPolicies() {
  std::vector<fs::path> files = JsonFilesIn(kSource / "policies");
  for (const fs::path& file : JsonFilesIn(kSource / "tests/policy/accepted")) files.push_back(file);
  for (const auto& example : fs::directory_iterator(kSource / "examples")) {
    if (!example.is_directory()) continue;
    for (const fs::path& file : JsonFilesIn(example.path())) files.push_back(file);
  }
  std::sort(files.begin(), files.end());
  return files;
}

class GoodPolicyTest : public testing::TestWithParam<fs::path> {};

TEST_P(GoodPolicyTest, HasNoFindings) {
  for (const Diagnostic& found : FindingsOn(GetParam()))
    ADD_FAILURE() << ToLine(found, Language::kEnglish, GetParam().filename().string());
}

INSTANTIATE_TEST_SUITE_P(Corpus, GoodPolicyTest, testing::ValuesIn(GoodPolicies()),
                         [](const auto& info) { return NameOf(info.param.filename().string()); });

}  // namespace
}  // namespace csat
