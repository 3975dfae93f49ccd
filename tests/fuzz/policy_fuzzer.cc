// Any bytes as a policy file: errors of one line with a place, or a policy whose canonical form is read back as the
// same policy, whose scorecards compile or are refused in a line, and whose cases run.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/policy/diagnostic.h"
#include "csat/policy/policy.h"
#include "csat/scoring/cases.h"
#include "csat/scoring/plan.h"

namespace {

// Names what did not hold, then ends the run.
void Require(bool held, const char* what) {
  if (held) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

void RequireLine(std::string_view message) {
  Require(!message.empty() && message.find('\n') == std::string_view::npos, "a message is one line");
}

// Scores a record in which everything is missing, both ways.
void ScoreNothing(const csat::Plan& plan) {
  const csat::Record record = plan.NewRecord();
  csat::Summary summary;
  const absl::Status status = plan.Evaluate(record, &summary);
  const absl::StatusOr<csat::Score> score = plan.Explain(record);
  Require(status.ok() && score.ok(), "a record of nothing is sound");
  Require(score->summary.outcome == summary.outcome && score->summary.score == summary.score,
          "one result of nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<csat::Diagnostic> diagnostics;
  const absl::StatusOr<csat::Policy> policy =
      csat::Policy::Parse(std::string_view(reinterpret_cast<const char*>(data), size), &diagnostics);
  for (const csat::Diagnostic& found : diagnostics) {
    RequireLine(csat::ToLine(found, csat::Language::kEnglish));
    RequireLine(csat::ToLine(found, csat::Language::kChinese));
  }
  if (!policy.ok()) {
    Require(!diagnostics.empty() && diagnostics.front().line > 0, "an error has a place");
    return 0;
  }
  const absl::StatusOr<csat::Policy> again = csat::Policy::Parse(policy->canonical_json());
  Require(again.ok() && again->digest() == policy->digest(), "the canonical form is the same policy");
  for (const csat::Scorecard& card : policy->scorecards()) {
    const absl::StatusOr<csat::Plan> plan = csat::Plan::Compile(*policy, card.id);
    if (plan.ok()) {
      ScoreNothing(*plan);
    } else {
      RequireLine({plan.status().message().data(), plan.status().message().size()});
    }
  }
  for (const csat::CaseFailure& failure : csat::RunCases(*policy)) RequireLine(failure.message);
  return 0;
}
