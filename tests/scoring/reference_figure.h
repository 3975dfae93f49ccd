// Figures and conditions of the reference scorer: from the values of a record to exact fractions.
#ifndef CSAT_SCORING_REFERENCE_FIGURE_H_
#define CSAT_SCORING_REFERENCE_FIGURE_H_

#include <optional>
#include <string>
#include <vector>

#include "csat/model/indicator.h"
#include "csat/model/metric.h"
#include "csat/model/predicate.h"
#include "scoring/rational.h"
#include "scoring/reference_scorer.h"

namespace csat {

// What a metric says about a record.
struct ReferenceFigure {
  // nullopt: missing, or a word.
  std::optional<Rational> number;
  // nullopt: missing, or a number.
  std::optional<std::string> word;
  // Events: each that is an answer.
  std::vector<Rational> events;
  // Answers behind the figure; nullopt: not known.
  std::optional<Rational> answers;
};

// Reads the values of one record. A value that is refused counts as missing here and is remembered.
class ReferenceReader {
 public:
  ReferenceReader(const Policy& policy, const FieldValues& record) : policy_(policy), record_(record) {}

  ReferenceFigure Read(const Metric& metric) const;
  ReferenceFigure Read(const std::string& metric) const { return Read(*policy_.FindMetric(metric)); }
  // A finished figure of the metric that stands in another field.
  ReferenceFigure ReadFinished(const Metric& metric, const std::string& field) const;
  // A number that belongs to no metric, such as an age.
  std::optional<Rational> ReadPlain(const std::string& field) const;
  Truth Evaluate(const Predicate& predicate) const;
  // Field of the first bad value that was read; "": none.
  const std::string& bad_field() const { return bad_field_; }

 private:
  const FieldValue& Find(const std::string& field) const;
  void Refuse(const std::string& field) const;
  // The number in a field; nullopt: missing, a value that stands for it, or refused.
  std::optional<Rational> ReadNumber(const Metric& metric, const std::string& field, bool finished) const;
  std::optional<Rational> ReadSum(const Metric& metric, const std::vector<RatioForm::Term>& terms) const;
  bool InRange(const Metric& metric, Rational figure) const;
  ReferenceFigure ReadRatio(const Metric& metric, const RatioForm& ratio) const;
  ReferenceFigure ReadEvents(const Metric& metric, const EventsForm& events) const;
  ReferenceFigure ReadWord(const TextForm& text) const;

  const Policy& policy_;
  const FieldValues& record_;
  mutable std::string bad_field_;
};

// Many figures as one; nullopt: there is none.
std::optional<Rational> AggregateOf(const Aggregate& aggregate, const std::vector<Rational>& figures);

// Points of a number or word, before rounding.
std::optional<Rational> PointsByReference(const ScoreFunction& function, const ReferenceFigure& figure);

}  // namespace csat

#endif  // CSAT_SCORING_REFERENCE_FIGURE_H_
