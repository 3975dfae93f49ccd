// The clauses on statistics and on cleaning that the ready-made policies encode: each acceptance example is a case of its
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

std::string ReadPolicy(const std::string& name) {
  std::ifstream in(CSAT_SOURCE_DIR "/policies/" + name + ".json", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The cases that name the clause and are of the kind wanted are there, and hold.
void ExpectCases(const Clause& clause, bool (*wanted)(const PolicyCase&)) {
  const absl::StatusOr<Policy> policy = Policy::Parse(ReadPolicy(clause.policy));
  ASSERT_TRUE(policy.ok()) << policy.status();
  std::vector<std::size_t> examples;
  for (std::size_t i = 0; i < policy->cases().size(); ++i) {
    const PolicyCase& example = policy->cases()[i];
    const bool named =
        std::find(example.clauses.begin(), example.clauses.end(), clause.id) != example.clauses.end();
    if (named && wanted(example)) examples.push_back(i);
  }
  EXPECT_FALSE(examples.empty()) << clause.id << " has no such case in " << clause.policy;
  for (const CaseFailure& failure : RunCases(*policy)) {
    EXPECT_EQ(std::count(examples.begin(), examples.end(), failure.index), 0) << failure.message;
  }
}

std::string NameOf(const testing::TestParamInfo<Clause>& info) {
  std::string name = info.param.id;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

class MeasuredClauseTest : public testing::TestWithParam<Clause> {};

TEST_P(MeasuredClauseTest, HasCasesThatHold) {
  ExpectCases(GetParam(), [](const PolicyCase& example) { return !example.measures.empty(); });
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
                         NameOf);

class CleaningClauseTest : public testing::TestWithParam<Clause> {};

TEST_P(CleaningClauseTest, HasCasesThatHold) {
  ExpectCases(GetParam(), [](const PolicyCase& example) { return example.cleans(); });
}

INSTANTIATE_TEST_SUITE_P(Policies, CleaningClauseTest,
                         testing::ValuesIn(std::vector<Clause>{
                             {"P1-30", "annual-survey"},
                             {"P1-31", "annual-survey"},
                             {"P2-57", "retail-after-sales"},
                             {"P2-58", "retail-after-sales"},
                             {"P2-59", "retail-after-sales"},
                             {"P2-60", "retail-after-sales"},
                             {"P2-61", "retail-after-sales"},
                             {"P2-84", "retail-after-sales"},
                         }),
                         NameOf);

// P2-11: spend above 100,000 and satisfaction of at least 90. The policy's own thresholds are empty: its case says
// no_target of both, so nobody is listed. Here they are set as a company's version of it would.
TEST(HighValueClauseTest, ACustomerIsListedWhoMeetsBothThresholds) {
  struct Row {
    const char* name;
    const char* record;
    const char *spend, *satisfaction;
  };
  const Row rows[] = {
      {"both", R"("customer_spend": 100000.01, "customer_satisfaction": 90)", "met", "met"},
      {"spend at the threshold", R"("customer_spend": 100000, "customer_satisfaction": 90)", "missed", "met"},
      {"satisfaction below its own", R"("customer_spend": 250000, "customer_satisfaction": 89.99)", "met",
       "missed"},
      {"neither", R"("customer_spend": 0, "customer_satisfaction": 0)", "missed", "missed"},
      {"satisfaction not known", R"("customer_spend": 250000)", "met", "not_measurable"},
  };
  const auto replace = [](std::string* text, const std::string& from, const std::string& to) {
    const std::size_t at = text->find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text->replace(at, from.size(), to);
  };
  for (const Row& row : rows) {
    std::string json = ReadPolicy("retail-after-sales");
    replace(&json, R"("metric": "customer_spend",)", R"("metric": "customer_spend", "value": 100000,)");
    replace(&json, R"("metric": "customer_satisfaction",)",
            R"("metric": "customer_satisfaction", "value": 90,)");
    replace(&json, R"("customer_spend": 100000.01, "customer_satisfaction": 90)", row.record);
    replace(&json, R"("high_value_spend": "no_target", "high_value_satisfaction": "no_target")",
            std::string(R"("high_value_spend": ")") + row.spend + R"(", "high_value_satisfaction": ")" +
                row.satisfaction + "\"");
    const absl::StatusOr<Policy> policy = Policy::Parse(json);
    ASSERT_TRUE(policy.ok()) << policy.status();
    for (const CaseFailure& failure : RunCases(*policy)) ADD_FAILURE() << row.name << ": " << failure.message;
  }
}

}  // namespace
}  // namespace csat
