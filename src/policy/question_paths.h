// Tested by tests/policy/question_paths_test.cc.
#ifndef CSAT_POLICY_QUESTION_PATHS_H_
#define CSAT_POLICY_QUESTION_PATHS_H_

#include <string>
#include <vector>

#include "csat/v1/policy.pb.h"
#include "policy/policy_index.h"

namespace csat::policy {

// The metrics that a questionnaire's item answers: its own, or one of each option.
std::vector<std::string> MetricsOf(const v1::Item& item);

// What all paths through a questionnaire have in common, whatever is known beforehand and answered.
struct QuestionPaths {
  struct Item {
    bool shown_somewhere = false, shown_everywhere = true;
    // Answers on whose path it is not shown; "" where there are none.
    std::string hidden_example;
  };
  // Whether they could be counted: at most kMaxAnswerStates combinations of answers. Else the rest is what is certain
  // without: each condition may hold or not.
  bool counted = false;
  // The fewest and the most questions shown; details do not count.
  int least = 0, most = 0;
  // Answers that lead to the most.
  std::string most_example;
  std::vector<Item> items;
};

// Exact: every combination of answers that the conditions tell apart is followed. Conditions on what is neither known
// beforehand nor answered before count it as missing.
QuestionPaths FollowPaths(const v1::Questionnaire& questionnaire, const PolicyIndex& index);

}  // namespace csat::policy

#endif  // CSAT_POLICY_QUESTION_PATHS_H_
