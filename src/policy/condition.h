// Tested by tests/policy/checker_brute_force_test.cc.
#ifndef CSAT_POLICY_CONDITION_H_
#define CSAT_POLICY_CONDITION_H_

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "csat/v1/policy.pb.h"
#include "policy/policy_index.h"
#include "policy/region.h"

// What can be said about conditions without a record: whether they can be true or false, and where.
namespace csat::policy {

// What is assumed of one metric.
struct Assumption {
  enum class State { kEither, kPresent, kMissing };
  State state = State::kEither;
  Region region;  // Number metrics, unless missing.
  // Word metrics, unless missing: the word, or any but those excluded.
  std::optional<std::string_view> word;
  std::vector<std::string_view> excluded;
};

// A set of records: what is assumed of the metrics named, and nothing of the others.
class Box {
 public:
  explicit Box(const PolicyIndex& index) : index_(&index) {}
  void Assume(std::string_view metric, Assumption assumption) { assumed_[metric] = assumption; }
  // An unknown metric can be anything.
  Assumption Of(std::string_view metric) const;
  // "leaks=0, role=agent": a record of the box, metrics in order of their names; "0" if it speaks of one metric, unless
  // `named`.
  std::string Example(bool named = false) const;

 private:
  const PolicyIndex* index_;
  std::map<std::string_view, Assumption> assumed_;
};

// The truth values that a condition may have. Each is claimed only to be possible: `can_be_x` false is certain.
struct Truths {
  bool can_be_true = false, can_be_false = false, can_be_unknown = false;
};

// The truths of `condition` on the records of `box`, taking its parts for independent.
Truths Judge(const v1::Predicate& condition, const PolicyIndex& index, const Box& box);

// What the comparisons of `conditions` cut a metric of the policy into: on each piece every one of them is true, or
// false, throughout. All are present.
std::vector<Assumption> PiecesOf(std::string_view metric, const PolicyIndex& index,
                                 const std::vector<const v1::Predicate*>& conditions);

// Splits the records by every comparison of `conditions` (and, if `missing` is set, by whether each figure is there)
// and visits each combination that the metrics' ranges allow, so that Judge() is exact about `conditions` on each;
// lowest figures first. False, and nothing is visited, if they are more than `limit`.
bool ForEachCell(const PolicyIndex& index, const std::vector<const v1::Predicate*>& conditions, bool missing,
                 size_t limit, const std::function<void(const Box&)>& visit);

// Whether a condition can be true and can be false when all of its figures are there.
struct Verdict {
  bool can_be_true = false, can_be_false = false;
  // A record on which it is true, or false; empty: none, or none was looked for.
  std::string true_example, false_example;
};
Verdict JudgeWithFigures(const v1::Predicate& condition, const PolicyIndex& index);

}  // namespace csat::policy

#endif  // CSAT_POLICY_CONDITION_H_
