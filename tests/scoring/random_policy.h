// Random policies that use all that the schema offers, and random records that lie where scorers go wrong: at
// anchors, bounds and band edges, a step beside them, missing, and extreme.
#ifndef CSAT_SCORING_RANDOM_POLICY_H_
#define CSAT_SCORING_RANDOM_POLICY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "csat/model/decimal.h"
#include "csat/model/scale.h"
#include "scoring/random.h"
#include "scoring/reference_scorer.h"

namespace csat {

// What the maker of records knows about a metric.
struct RandomMetric {
  enum class Form { kNumber, kRatio, kEvents, kWord };
  std::string id;
  Form form = Form::kNumber;
  Direction direction = Direction::kNeutral;
  // Range of one raw value; `bounded` says whether the policy says so too.
  Decimal low, high;
  bool bounded = false;
  bool whole = false;  // Only whole ranks are answers.
  int places = 9;
  // Range of the figure: that of the raw values but for sums, counts, shares and ratios.
  Decimal figure_low, figure_high;
  bool direct = false;  // Figures are known to keep to their range.
  // Values worth trying, such as anchors and bounds.
  std::vector<Decimal> edges;
  std::vector<Decimal> missing_values;
  std::string scale;
  std::vector<std::string> words;  // Words, or spellings of ranks.
  // Fields: the number, the events, the word; kRatio: counts and, where it has one, the finished figure.
  std::string field;
  std::vector<std::string> numerator, denominator;
  bool may_exceed = false;
  // Fields of last known figures.
  std::vector<std::string> last_fields;
  // Read by nothing but score functions.
  bool only_scored = true;
};

class RandomPolicy {
 public:
  // `seed` names the policy. Not every one passes the checker: a veto may turn out never to fire.
  explicit RandomPolicy(std::uint64_t seed);

  const std::string& json() const { return json_; }
  // The card to score; others feed it.
  const std::string& scorecard() const { return scorecard_; }
  const std::vector<RandomMetric>& metrics() const { return metrics_; }

  FieldValues NewRecord(Random* random) const;
  // Puts a value into one field that nothing can read, or that lies off its range.
  void Spoil(Random* random, FieldValues* record) const;
  // The same record with a figure of one metric, which nothing but score functions reads, that is at least as good.
  // false: there is none to raise.
  bool Improve(Random* random, FieldValues* record) const;

 private:
  friend class PolicyMaker;
  std::string json_, scorecard_;
  std::vector<RandomMetric> metrics_;
  std::vector<std::string> age_fields_;
};

}  // namespace csat

#endif  // CSAT_SCORING_RANDOM_POLICY_H_
