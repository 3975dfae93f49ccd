// A card written out in a test, and what it says about a record. The failures tested here are those of the
// closest relative of libcsat, the quality gates of Keptn: objectives with weights, some of them "key", which
// decide alone, and some "informational", which do not count.
#ifndef CSAT_ISSUES_EXPLAINED_H_
#define CSAT_ISSUES_EXPLAINED_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "csat/scoring/owned_record.h"
#include "csat/scoring/plan.h"
#include "gtest/gtest.h"

namespace csat {

// `scorecard` is the inside of one scorecard object without its id; it runs to 100. Metrics that it can name:
// speed, errors, traffic (0..100, higher is better), disk (0..100, lower is better), leaks (a count).
inline absl::StatusOr<Policy> ParseCard(std::string_view scorecard) {
  std::string metrics;
  for (const char* id : {"speed", "errors", "traffic"}) {
    absl::StrAppend(
        &metrics, R"({"id": ")", id,
        R"(", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 100, "number": {}},)");
  }
  return Policy::Parse(absl::StrCat(
      R"({"id": "issue", "version": "1", "effective_from": "2025-01-01", "zone": "UTC", "metrics": [)",
      metrics,
      R"({"id": "disk", "unit": "percent", "direction": "LOWER_IS_BETTER", "min": 0, "max": 100, "number": {}},
         {"id": "leaks", "unit": "count", "direction": "LOWER_IS_BETTER", "min": 0, "number": {}}],
       "scorecards": [{"id": "card", "max_score": 100, )",
      absl::string_view(scorecard.data(), scorecard.size()), "}]}"));
}

// A card ready to score. Its scores borrow from it.
class Card {
 public:
  explicit Card(std::string_view scorecard) {
    absl::StatusOr<Policy> policy = ParseCard(scorecard);
    EXPECT_TRUE(policy.ok()) << policy.status();
    absl::StatusOr<Plan> plan = Plan::Compile(*policy, "card");
    EXPECT_TRUE(plan.ok()) << plan.status();
    plan_ = *std::move(plan);
  }

  const Plan& plan() const { return *plan_; }

  Score Explain(std::string_view record_json) const {
    OwnedRecord record(*plan_);
    const absl::Status read = record.SetJson(record_json);
    EXPECT_TRUE(read.ok()) << read;
    absl::StatusOr<Score> score = plan_->Explain(record.record());
    EXPECT_TRUE(score.ok()) << score.status();
    Summary summary;
    EXPECT_TRUE(plan_->Evaluate(record.record(), &summary).ok());
    EXPECT_EQ(summary.score, score->summary.score);
    EXPECT_EQ(summary.outcome, score->summary.outcome);
    return *std::move(score);
  }

  const std::string& ReasonOf(const Score& score) const {
    return plan_->reasons()[static_cast<size_t>(score.summary.reason)];
  }

 private:
  absl::StatusOr<Plan> plan_;
};

// The first line of a kind with this id; a test failure and an empty line where there is none.
inline LedgerLine LineOf(const Score& score, LedgerLine::Kind kind, std::string_view id) {
  for (const LedgerLine& line : score.ledger) {
    if (line.kind == kind && line.id == id) return line;
  }
  ADD_FAILURE() << "no line of '" << id << "'";
  return {};
}

// What the lines of depth 0 add up to.
inline Points SumOfLines(const Score& score) {
  Points sum;
  for (const LedgerLine& line : score.ledger) {
    if (line.depth == 0) sum = sum + line.amount;
  }
  return sum;
}

}  // namespace csat

#endif  // CSAT_ISSUES_EXPLAINED_H_
