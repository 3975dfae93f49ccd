// The generated year of examples/demo: the same bytes everywhere, and every planted row gets what its truth says.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "csat/policy/canonical_object.h"
#include "csat/scoring/plan.h"
#include "gtest/gtest.h"
#include "scoring/csv_rows.h"

namespace csat {
namespace {

using Key = std::pair<std::string, std::string>;  // Person and period.

class DemoDataTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const std::filesystem::path source(CSAT_SOURCE_DIR);
    folder_ = std::filesystem::path(::testing::TempDir()) / absl::StrCat("csat_demo_data_", getpid());
    const std::string command =
        absl::StrCat("python3 '", (source / "examples" / "demo" / "generate.py").string(), "' --out '",
                     folder_.string(), "' > /dev/null");
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  static void TearDownTestSuite() { std::filesystem::remove_all(folder_); }

  static std::filesystem::path folder_;
};
std::filesystem::path DemoDataTest::folder_;

Key KeyOf(const Row& row) { return {row.at("person"), row.at("period")}; }

Plan Load() {
  const std::filesystem::path path =
      std::filesystem::path(CSAT_SOURCE_DIR) / "policies" / "retail-after-sales.json";
  absl::StatusOr<Policy> policy = Policy::Parse(Bytes(path));
  EXPECT_TRUE(policy.ok()) << policy.status();
  absl::StatusOr<Plan> plan = Plan::Compile(*policy, "period_score");
  EXPECT_TRUE(plan.ok()) << plan.status();
  return *std::move(plan);
}

// Scores one row; numbers are taken as the decimals that stand there.
Score Scored(const Plan& plan, const Row& row) {
  Record record = plan.NewRecord();
  std::vector<double> events;
  for (std::size_t slot = 0; slot < plan.fields().size(); ++slot) {
    const Field& field = plan.fields()[slot];
    const auto cell = row.find(field.name);
    if (cell == row.end() || cell->second.empty()) continue;
    if (field.type == FieldType::kText) {
      record.SetText(slot, cell->second);
    } else if (field.type == FieldType::kEvents) {
      for (const absl::string_view text : absl::StrSplit(cell->second, ';')) {
        double value = 0;
        EXPECT_TRUE(absl::SimpleAtod(text, &value));
        events.push_back(value);
      }
      record.SetEvents(slot, events);
    } else {
      const std::optional<Decimal> value = Decimal::Parse(cell->second);
      EXPECT_TRUE(value.has_value()) << cell->second;
      record.SetDecimal(slot, value.value_or(Decimal()));
    }
  }
  absl::StatusOr<Score> score = plan.Explain(record);
  EXPECT_TRUE(score.ok()) << score.status();
  return *std::move(score);
}

TEST_F(DemoDataTest, SameBytesOnEveryMachine) {
  const struct {
    const char* file;
    const char* sha256;
  } rows[] = {
      {"generated_year.csv", "0741b06b6f6766ec842d14df974029658e1b82963a727a6454d9d5e3e3a1fc6e"},
      {"generated_incidents.csv", "59012682a62e10dc9ac3694e9510ae70b683d39f1702663b0bbc7b961d371f6e"},
      {"generated_truth.csv", "0cca21e5701e302aafa4784caddb75cdf396ee6538db9d8acd3993016bff6112"},
      {"generated_stores.csv", "2d6108da95eb7d4d20d1e3b92a17a66172fbc40e0ea428ab3ed7c5b34a0565b4"},
  };
  for (const auto& row : rows) EXPECT_EQ(Sha256Hex(Bytes(folder_ / row.file)), row.sha256) << row.file;
}

TEST_F(DemoDataTest, PlantedRowsGetWhatTheirTruthSays) {
  const Plan plan = Load();
  std::map<Key, Row> truth;
  for (const Row& row : Rows(folder_ / "generated_truth.csv")) truth.emplace(KeyOf(row), row);
  EXPECT_EQ(truth.size(), 50u);
  std::set<std::string> kinds;
  for (const Row& row : Rows(folder_ / "generated_year.csv")) {
    const Score score = Scored(plan, row);
    const std::string outcome(OutcomeName(score.summary.outcome));
    const std::string name = absl::StrCat(row.at("person"), " in ", row.at("period"));
    const auto planted = truth.find(KeyOf(row));
    if (planted == truth.end()) {
      EXPECT_EQ(outcome, "scored") << name;
      continue;
    }
    const Row& expected = planted->second;
    kinds.insert(expected.at("planted"));
    EXPECT_EQ(outcome, expected.at("expected_outcome")) << name;
    if (!expected.at("expected_score").empty()) {
      EXPECT_EQ(score.summary.score.ToString(), expected.at("expected_score")) << name;
      EXPECT_EQ(score.grade, expected.at("expected_grade")) << name;
    }
    if (expected.at("planted") == "gate_held_attitude") {
      const auto attitude =
          std::find_if(score.ledger.begin(), score.ledger.end(),
                       [](const LedgerLine& line) { return line.id == "service_attitude"; });
      ASSERT_NE(attitude, score.ledger.end());
      EXPECT_EQ(attitude->points.ToString(), "8.99") << name;
      EXPECT_TRUE(attitude->gated) << name;
    }
  }
  EXPECT_EQ(kinds.size(), 13u);
}

TEST_F(DemoDataTest, CountsOfIncidentsAreThoseConfirmed) {
  std::map<std::pair<Key, std::string>, int> confirmed;
  for (const Row& row : Rows(folder_ / "generated_incidents.csv")) {
    confirmed[{KeyOf(row), row.at("code")}] += row.at("state") == "confirmed";
  }
  for (const Row& row : Rows(folder_ / "generated_year.csv")) {
    for (const char* code : {"information_leak", "promise_broken", "other_major_negligence"}) {
      if (row.at(code).empty()) continue;
      const auto found = confirmed.find({KeyOf(row), code});
      EXPECT_EQ(row.at(code), std::to_string(found == confirmed.end() ? 0 : found->second))
          << row.at("person");
    }
  }
}

}  // namespace
}  // namespace csat
