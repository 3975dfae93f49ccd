// Tested by tests/policy/checker_brute_force_test.cc.
#ifndef CSAT_POLICY_CARD_RANGE_H_
#define CSAT_POLICY_CARD_RANGE_H_

#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "csat/model/score_function.h"
#include "csat/v1/policy.pb.h"
#include "policy/condition.h"
#include "policy/point_range.h"
#include "policy/policy_index.h"

namespace csat::policy {

// Bounds on what a scorecard can give, found without a record: every score lies within them, but not every number
// within them need be a score.
class CardRanges {
 public:
  // `order` holds every scorecard after those that feed it.
  CardRanges(const PolicyIndex& index, const std::vector<const v1::Scorecard*>& order) : index_(index) {
    for (const v1::Scorecard* card : order) Published(*card);
  }

  // Before caps and vetoes, bonus included, on the records of `box`; nullopt: no such record has a score.
  std::optional<PointRange> BeforeCaps(const v1::Scorecard& card, const Box& box);
  // Published scores.
  std::optional<PointRange> Published(const v1::Scorecard& card, const Box& box);
  // Published scores of any record; kept.
  std::optional<PointRange> Published(const v1::Scorecard& card);
  // An indicator's own points before its gate, and as they count.
  std::optional<PointRange> BeforeGate(const v1::Scorecard& card, const v1::Indicator& indicator);
  std::optional<PointRange> OfPoints(const v1::Scorecard& card, const v1::Indicator& indicator,
                                     const Box& box);

  // The function of a metric indicator; nullptr: it has none that can be built.
  const ScoreFunction* FunctionOf(const v1::Indicator& indicator);

 private:
  // What an indicator can come to, as shares of its maximum.
  struct Share {
    bool possible = false;  // It can have points, of which these are the bounds.
    double low = 0, high = 0;
    bool left_out = false;  // It can be left out.
    bool vetoed = false;    // Its being missing can veto the whole.
    void Include(double share);
    void Include(const Share& other);
  };
  Share OfIndicator(const v1::Scorecard& card, const v1::Indicator& indicator, const Box& box);
  Share Figure(const v1::Scorecard& card, const v1::Indicator& indicator, const Box& box,
               bool* may_be_missing);
  using Siblings = google::protobuf::RepeatedPtrField<v1::Indicator>;
  std::vector<Share> OfSiblings(const v1::Scorecard& card, const Siblings& siblings, const Box& box);
  static Share Combine(const Siblings& siblings, const std::vector<Share>& shares,
                       v1::Indicator::Combine combine, const v1::Profile* profile);
  void ApplyMissing(const v1::Indicator& indicator, Share* share);
  void ApplyVetoes(const v1::Scorecard& card, const v1::Indicator& indicator, const Box& box, Share* share);
  double MostBonus(const v1::Bonus& bonus) const;

  const PolicyIndex& index_;
  std::map<const v1::Indicator*, std::unique_ptr<const ScoreFunction>> functions_;
  std::map<const v1::Scorecard*, std::optional<PointRange>> published_;
  // Vetoes of scope INDICATOR by card and indicator.
  std::map<const v1::Scorecard*, std::map<std::string_view, std::vector<const v1::Veto*>>> vetoes_;
};

// The most that a bonus source, or all of them under their caps, can give in percent or points; infinity: no bound.
double MostOf(const v1::Bonus::Source& source, const PolicyIndex& index);

}  // namespace csat::policy

#endif  // CSAT_POLICY_CARD_RANGE_H_
