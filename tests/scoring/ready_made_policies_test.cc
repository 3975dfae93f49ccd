// The policies that ship, and those of the examples: each loads without a finding and does what its own cases
// say; every clause of scoring, veto, bonus and grading is proved by a case.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "csat/scoring/cases.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

Policy Load(const std::string& path) {
  std::ifstream file(std::filesystem::path(CSAT_SOURCE_DIR) / path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  std::stringstream text;
  text << file.rdbuf();
  std::vector<Diagnostic> findings;
  absl::StatusOr<Policy> policy = Policy::Parse(text.str(), &findings);
  EXPECT_TRUE(policy.ok()) << path << ": " << policy.status();
  for (const Diagnostic& finding : findings) ADD_FAILURE() << ToLine(finding, Language::kEnglish, path);
  return *std::move(policy);
}

std::vector<std::string> Paths() {
  std::vector<std::string> paths;
  const std::filesystem::path root(CSAT_SOURCE_DIR);
  for (const char* folder : {"policies", "examples"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() == ".json")
        paths.push_back(entry.path().lexically_relative(root).generic_string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

TEST(ReadyMadePoliciesTest, LoadWithoutAFindingAndKeepTheirOwnCases) {
  const std::vector<std::string> paths = Paths();
  ASSERT_GE(paths.size(), 8u);
  for (const std::string& path : paths) {
    const Policy policy = Load(path);
    EXPECT_GT(policy.cases().size(), 0u) << path;
    for (const CaseFailure& failure : RunCases(policy)) ADD_FAILURE() << path << ": " << failure.message;
  }
}

// The clauses of kinds scoring, veto, bonus and grading, by the policy that encodes them, and those of other
// kinds that give a figure or a target.
TEST(ReadyMadePoliciesTest, EveryClauseOfScoringHasACase) {
  const struct {
    const char* path;
    std::vector<const char*> clauses;
  } rows[] = {
      {"policies/satisfaction-control.json", {"P0-03", "P0-10", "P0-11", "P0-13", "P0-30", "P0-32"}},
      {"policies/annual-survey.json", {"P1-24", "P1-32"}},
      {"policies/retail-after-sales.json",
       {"P2-02", "P2-08", "P2-12",  "P2-31",  "P2-32",  "P2-33",  "P2-34", "P2-35", "P2-36",
        "P2-38", "P2-39", "P2-40",  "P2-44",  "P2-45",  "P2-46",  "P2-47", "P2-48", "P2-49",
        "P2-50", "P2-62", "P2-122", "P2-123", "P2-124", "P2-171", "P2-172"}},
      {"policies/iso-monitoring.json",
       {"P3-06", "P3-23", "P3-26", "P3-27", "P3-36", "P3-39", "P3-68", "P3-79", "P3-80", "P3-83", "P3-113"}},
      {"policies/feedback-handling.json", {"P4-22", "P4-44"}},
  };
  for (const auto& row : rows) {
    std::set<std::string> proved;
    const Policy policy = Load(row.path);
    for (const PolicyCase& example : policy.cases())
      proved.insert(example.clauses.begin(), example.clauses.end());
    for (const char* clause : row.clauses)
      EXPECT_EQ(proved.count(clause), 1u) << row.path << " has no case for " << clause;
  }
}

}  // namespace
}  // namespace csat
