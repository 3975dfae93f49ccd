#ifndef CSAT_POLICY_POLICY_INDEX_H_
#define CSAT_POLICY_POLICY_INDEX_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "csat/model/scale.h"
#include "csat/v1/policy.pb.h"
#include "policy/region.h"

namespace csat::policy {

// What the checker knows about one metric.
struct MetricFacts {
  const v1::Metric* metric = nullptr;
  const v1::Scale* scale = nullptr;  // nullptr: none, or unknown
  Direction direction = Direction::kNeutral;
  bool text = false;
  // A word metric's words; empty: any word.
  std::set<std::string_view> words;
  // The figures that targets and conditions can meet, and those of one event alone.
  Region figure, event;
};

// A policy's things by id. Where an id stands twice, the first counts. Keeps pointers into the message.
class PolicyIndex {
 public:
  explicit PolicyIndex(const v1::Policy& message);

  const v1::Policy& message() const { return message_; }
  // nullptr: no such id.
  const MetricFacts* FindMetric(std::string_view id) const;
  const v1::Scale* FindScale(std::string_view id) const;
  const v1::Scorecard* FindScorecard(std::string_view id) const;
  const v1::Target* FindTarget(std::string_view id) const;

  std::vector<std::string_view> MetricIds() const;
  std::vector<std::string_view> ScorecardIds() const;

 private:
  const v1::Policy& message_;
  std::map<std::string_view, MetricFacts> metrics_;
  std::map<std::string_view, const v1::Scale*> scales_;
  std::map<std::string_view, const v1::Scorecard*> scorecards_;
  std::map<std::string_view, const v1::Target*> targets_;
};

// Calls visit(indicator, path) for each of `siblings` and all their parts, outer before inner. `path` is that of
// the list, such as scorecards[0].indicators.
template <typename Visit>
void WalkIndicators(const google::protobuf::RepeatedPtrField<v1::Indicator>& siblings, std::string* path,
                    Visit&& visit) {
  const size_t list = path->size();
  for (int i = 0; i < siblings.size(); ++i) {
    path->append("[").append(std::to_string(i)).append("]");
    visit(siblings[i], *path);
    if (siblings[i].has_children()) {
      path->append(".children.indicators");
      WalkIndicators(siblings[i].children().indicators(), path, visit);
    }
    path->resize(list);
  }
}

// Calls visit(comparison) for each comparison of `predicate`.
template <typename Visit>
void WalkComparisons(const v1::Predicate& predicate, Visit&& visit) {
  switch (predicate.form_case()) {
    case v1::Predicate::kAll:
      for (const v1::Predicate& part : predicate.all().of()) WalkComparisons(part, visit);
      break;
    case v1::Predicate::kAny:
      for (const v1::Predicate& part : predicate.any().of()) WalkComparisons(part, visit);
      break;
    case v1::Predicate::kNot: WalkComparisons(predicate.not_(), visit); break;
    case v1::Predicate::kCompare: visit(predicate.compare()); break;
    case v1::Predicate::kAtLeast:
      for (const v1::Predicate& part : predicate.at_least().of()) WalkComparisons(part, visit);
      break;
    case v1::Predicate::kAnswered:
    case v1::Predicate::FORM_NOT_SET: break;
  }
}

// Calls visit(metric) for the metric of each comparison and of each `answered` of `predicate`.
template <typename Visit>
void WalkMetrics(const v1::Predicate& predicate, Visit&& visit) {
  switch (predicate.form_case()) {
    case v1::Predicate::kAll:
      for (const v1::Predicate& part : predicate.all().of()) WalkMetrics(part, visit);
      break;
    case v1::Predicate::kAny:
      for (const v1::Predicate& part : predicate.any().of()) WalkMetrics(part, visit);
      break;
    case v1::Predicate::kNot: WalkMetrics(predicate.not_(), visit); break;
    case v1::Predicate::kAtLeast:
      for (const v1::Predicate& part : predicate.at_least().of()) WalkMetrics(part, visit);
      break;
    case v1::Predicate::kCompare: visit(predicate.compare().metric()); break;
    case v1::Predicate::kAnswered: visit(predicate.answered()); break;
    case v1::Predicate::FORM_NOT_SET: break;
  }
}

}  // namespace csat::policy

#endif  // CSAT_POLICY_POLICY_INDEX_H_
