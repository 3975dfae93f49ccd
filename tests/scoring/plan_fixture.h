// Plans and scores for the tests of the scoring steps, each from a few lines of JSON.
#ifndef CSAT_TESTS_SCORING_PLAN_FIXTURE_H_
#define CSAT_TESTS_SCORING_PLAN_FIXTURE_H_

#include <cstdlib>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "csat/policy/policy.h"
#include "csat/scoring/owned_record.h"
#include "csat/scoring/plan.h"
#include "csat/scoring/score.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {

inline void PrintTo(Decimal decimal, std::ostream* out) { *out << decimal.ToString(); }

namespace testing_plan {

// a to e are figures of 0 to 10, better high; the others are what the steps read besides.
inline constexpr char kMetrics[] = R"(
  {"id": "a", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 10, "number": {}},
  {"id": "b", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 10, "number": {}},
  {"id": "c", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 10, "number": {}},
  {"id": "d", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 10, "number": {}},
  {"id": "e", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 10, "number": {}},
  {"id": "leaks", "unit": "count", "direction": "LOWER_IS_BETTER", "min": 0, "number": {}},
  {"id": "breaches", "unit": "count", "direction": "LOWER_IS_BETTER", "min": 0, "number": {}},
  {"id": "praise", "unit": "count", "direction": "HIGHER_IS_BETTER", "min": 0, "number": {}},
  {"id": "paid", "unit": "count", "direction": "NEUTRAL", "min": 0, "number": {}},
  {"id": "ideas", "unit": "count", "direction": "HIGHER_IS_BETTER", "min": 0, "number": {}},
  {"id": "answers", "unit": "count", "direction": "NEUTRAL", "min": 0, "number": {}},
  {"id": "role", "text": {"values": ["agent", "manager", "guest"]}},
  {"id": "solved", "unit": "percent", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 100,
   "ratio": {"numerator": [{"field": "yes"}], "denominator": [{"field": "all"}], "times": 100, "field": "solved"}},
  {"id": "waits", "unit": "ms", "direction": "LOWER_IS_BETTER", "min": 0, "missing_values": [-1], "events": {}})";

inline Decimal D(std::string_view literal) {
  const std::optional<Decimal> read = Decimal::Parse(literal);
  EXPECT_TRUE(read.has_value()) << literal;
  return read.value_or(Decimal());
}

// `scorecards` and `metrics` are JSON lists without their brackets; `more` is further members of the policy, each
// after a comma.
inline Policy PolicyOf(std::string_view scorecards, std::string_view metrics = kMetrics,
                       std::string_view more = "") {
  const std::string json = absl::StrCat(
      R"({"id": "small", "version": "1", "effective_from": "2025-01-01", "zone": "Asia/Shanghai", "metrics": [)",
      std::string(metrics), R"(], "scorecards": [)", std::string(scorecards), "]", std::string(more), "}");
  absl::StatusOr<Policy> policy = Policy::Parse(json);
  if (!policy.ok()) {
    ADD_FAILURE() << policy.status() << "\n" << json;
    std::abort();
  }
  return *std::move(policy);
}

inline Plan PlanOf(const Policy& policy, std::string_view scorecard = "card") {
  absl::StatusOr<Plan> plan = Plan::Compile(policy, scorecard);
  if (!plan.ok()) {
    ADD_FAILURE() << plan.status();
    std::abort();
  }
  return *std::move(plan);
}

// A scorecard "card" of 0 to 100. `indicators` as a list without brackets, `more` after a comma.
inline std::string CardOf(std::string_view indicators, std::string_view more = "") {
  return absl::StrCat(R"({"id": "card", "max_score": 100, "indicators": [)", std::string(indicators), "]",
                      std::string(more), "}");
}

// Indicators over metrics of 0 to 10 that are their own points, all of them needed: {"a", 60} and so on.
inline std::string Needed(const std::vector<std::pair<const char*, const char*>>& weights) {
  std::string list;
  for (const auto& [metric, weight] : weights) {
    absl::StrAppend(&list, list.empty() ? "" : ", ", R"({"id": ")", metric, R"(", "weight": )", weight,
                    R"(, "max_points": 10, "metric": ")", metric, R"(", "missing": {"rule": "REFUSE"}})");
  }
  return list;
}

inline Points LedgerSum(const Score& score) {
  Points sum;
  for (const LedgerLine& line : score.ledger) {
    if (line.depth == 0) sum = sum + line.amount;
  }
  return sum;
}

// The line of that kind and id; the test fails where there is none.
inline LedgerLine LineOf(const Score& score, std::string_view id,
                         LedgerLine::Kind kind = LedgerLine::Kind::kIndicator) {
  for (const LedgerLine& line : score.ledger) {
    if (line.id == id && line.kind == kind) return line;
  }
  ADD_FAILURE() << "no line of '" << std::string(id) << "'";
  return LedgerLine();
}

// The score of a record in JSON with its explanation, found both ways: with reasons and without. The ledger of every
// score in these tests adds up.
inline absl::StatusOr<Score> Explain(const Plan& plan, std::string_view json) {
  OwnedRecord record(plan);
  if (absl::Status status = record.SetJson(json); !status.ok()) return status;
  Summary summary;
  const absl::Status status = plan.Evaluate(record.record(), &summary);
  absl::StatusOr<Score> score = plan.Explain(record.record());
  EXPECT_EQ(status, score.status()) << std::string(json);
  if (!score.ok()) return score;
  EXPECT_EQ(summary.outcome, score->summary.outcome) << std::string(json);
  EXPECT_EQ(summary.score, score->summary.score) << std::string(json);
  EXPECT_EQ(summary.base, score->summary.base) << std::string(json);
  EXPECT_EQ(summary.without_veto, score->summary.without_veto) << std::string(json);
  EXPECT_EQ(summary.grade, score->summary.grade) << std::string(json);
  EXPECT_EQ(summary.reason, score->summary.reason) << std::string(json);
  if (summary.outcome == Outcome::kScored || summary.outcome == Outcome::kVetoed) {
    EXPECT_EQ(LedgerSum(*score), summary.score) << std::string(json);
  }
  return score;
}

// The same where no error is expected.
inline Score ScoreOf(const Plan& plan, std::string_view json) {
  absl::StatusOr<Score> score = Explain(plan, json);
  if (!score.ok()) {
    ADD_FAILURE() << score.status() << " of " << std::string(json);
    return Score();
  }
  return *std::move(score);
}

inline std::string ReasonOf(const Plan& plan, const Score& score) {
  return plan.reasons()[static_cast<std::size_t>(score.summary.reason)];
}

}  // namespace testing_plan
}  // namespace csat

#endif  // CSAT_TESTS_SCORING_PLAN_FIXTURE_H_
