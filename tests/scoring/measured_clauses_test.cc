// The statistics clauses that the ready-made policies encode as measures: each acceptance example is a case of its
// policy, with a table, and holds.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "csat/policy/policy.h"
#include "csat/scoring/cases.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

struct Clause {
  const char* id;
  const char* policy;
};

class MeasuredClauseTest : public testing::TestWithParam<Clause> {};

TEST_P(MeasuredClauseTest, HasCasesThatHold) {
  std::ifstream in(std::string(CSAT_SOURCE_DIR "/policies/") + GetParam().policy + ".json", std::ios::binary);
  const std::string json{std::istreambuf_iterator<char>(in), {}};
  const absl::StatusOr<Policy> policy = Policy::Parse(json);
  ASSERT_TRUE(policy.ok()) << policy.status();
  std::vector<std::size_t> examples;
  for (std::size_t i = 0; i < policy->cases().size(); ++i) {
    const PolicyCase& example = policy->cases()[i];
    const bool named =
        std::find(example.clauses.begin(), example.clauses.end(), GetParam().id) != example.clauses.end();
    if (named && !example.measures.empty()) examples.push_back(i);
  }
  EXPECT_FALSE(examples.empty()) << GetParam().id << " has no measured case in " << GetParam().policy;
  for (const CaseFailure& failure : RunCases(*policy)) {
    EXPECT_EQ(std::count(examples.begin(), examples.end(), failure.index), 0) << failure.message;
  }
}

INSTANTIATE_TEST_SUITE_P(Policies, MeasuredClauseTest,
                         testing::ValuesIn(std::vector<Clause>{
                             {"P0-10", "satisfaction-control"}, {"P0-11", "satisfaction-control"},
                             {"P0-24", "satisfaction-control"}, {"P1-33", "annual-survey"},
                             {"P2-54", "retail-after-sales"},   {"P2-68", "retail-after-sales"},
                             {"P2-69", "retail-after-sales"},   {"P2-70", "retail-after-sales"},
                             {"P2-112", "retail-after-sales"},  {"P3-26", "iso-monitoring"},
                             {"P3-27", "iso-monitoring"},       {"P3-65", "iso-monitoring"},
                             {"P3-92", "iso-monitoring"},       {"P3-99", "iso-monitoring"},
                             {"P3-100", "iso-monitoring"},      {"P3-101", "iso-monitoring"},
                             {"P3-102", "iso-monitoring"},      {"P3-103", "iso-monitoring"},
                             {"P3-104", "iso-monitoring"},      {"P3-105", "iso-monitoring"},
                             {"P3-106", "iso-monitoring"},
                         }),
                         [](const auto& info) {
                           std::string name = info.param.id;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace csat
