// Scores one record with a policy file through the C++ API. Usage: score policy.json
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "csat/scoring/plan.h"
#include "csat/scoring/words.h"

int main(int argc, char** argv) {
  std::ifstream file(argc == 2 ? argv[1] : "");
  const std::string json{std::istreambuf_iterator<char>(file), {}};

  const absl::StatusOr<csat::Policy> policy = csat::Policy::Parse(json);
  if (!policy.ok()) return std::cerr << policy.status().message() << "\n", 1;
  const absl::StatusOr<csat::Plan> plan = csat::Plan::Compile(*policy, "month");
  if (!plan.ok()) return std::cerr << plan.status().message() << "\n", 1;

  csat::Record record = plan->NewRecord();
  record.SetInteger(plan->FindField("reply_minutes"), 21);
  record.SetInteger(plan->FindField("solved"), 171);
  record.SetInteger(plan->FindField("tickets"), 190);
  record.SetDouble(plan->FindField("rating"), 4.2);
  record.SetInteger(plan->FindField("leaks"), 0);

  const absl::StatusOr<csat::Score> score = plan->Explain(record);
  if (!score.ok()) return std::cerr << score.status().message() << "\n", 1;
  std::cout << csat::InWords(*plan, *score, "en");
}
