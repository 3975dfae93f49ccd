// Scores one record with a policy file through the C++ API. Usage: score policy.json
#include <fstream>
#include <iostream>
#include <sstream>

#include "csat/scoring/plan.h"
#include "csat/scoring/words.h"

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: score policy.json\n", 2;
  std::ifstream file(argv[1]);
  std::ostringstream json;
  if (!(json << file.rdbuf())) return std::cerr << argv[1] << ": cannot be read, or is empty\n", 2;

  const absl::StatusOr<csat::Policy> policy = csat::Policy::Parse(json.str());
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
