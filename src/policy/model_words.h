#ifndef CSAT_POLICY_MODEL_WORDS_H_
#define CSAT_POLICY_MODEL_WORDS_H_

#include <map>
#include <optional>
#include <string>

#include "csat/model/calendar.h"
#include "csat/model/decimal.h"
#include "csat/model/indicator.h"
#include "csat/model/label.h"
#include "csat/model/metric.h"
#include "csat/v1/policy.pb.h"

// The plain values of the schema as values of the model. An UNSPECIFIED word becomes the default that the
// schema's comment names; where it names none, the checker has refused the document.
namespace csat::policy {

inline Decimal ToModel(const v1::Decimal& decimal) { return Decimal::FromMicros(decimal.micros()); }

template <typename Message>
std::optional<Decimal> DecimalIf(bool has, const Message& decimal) {
  if (!has) return std::nullopt;
  return ToModel(decimal);
}

template <typename Labels>
Label BuildLabel(const Labels& labels) {
  return Label(std::map<std::string, std::string>(labels.begin(), labels.end()));
}

inline ComparisonOp ToModel(v1::Comparison::Op op) {
  switch (op) {
    case v1::Comparison::LT: return ComparisonOp::kLess;
    case v1::Comparison::LE: return ComparisonOp::kLessOrEqual;
    case v1::Comparison::NE: return ComparisonOp::kNotEqual;
    case v1::Comparison::GE: return ComparisonOp::kGreaterOrEqual;
    case v1::Comparison::GT: return ComparisonOp::kGreater;
    default: return ComparisonOp::kEqual;
  }
}

inline Aggregate::Kind ToModel(v1::Aggregate::Kind kind) {
  switch (kind) {
    case v1::Aggregate::SUM: return Aggregate::Kind::kSum;
    case v1::Aggregate::COUNT: return Aggregate::Kind::kCount;
    case v1::Aggregate::SHARE: return Aggregate::Kind::kShare;
    case v1::Aggregate::MIN: return Aggregate::Kind::kMin;
    case v1::Aggregate::MAX: return Aggregate::Kind::kMax;
    case v1::Aggregate::QUANTILE: return Aggregate::Kind::kQuantile;
    default: return Aggregate::Kind::kMean;
  }
}

inline MissingRule ToModel(v1::Missing::Rule rule) {
  switch (rule) {
    case v1::Missing::WORST: return MissingRule::kWorst;
    case v1::Missing::VETO: return MissingRule::kVeto;
    case v1::Missing::LEAVE_OUT: return MissingRule::kLeaveOut;
    case v1::Missing::LAST_KNOWN: return MissingRule::kLastKnown;
    case v1::Missing::INSUFFICIENT: return MissingRule::kInsufficient;
    default: return MissingRule::kRefuse;
  }
}

inline Combine ToModel(v1::Indicator::Combine combine) {
  switch (combine) {
    case v1::Indicator::MIN: return Combine::kMin;
    case v1::Indicator::MAX: return Combine::kMax;
    default: return Combine::kWeightedMean;
  }
}

inline std::optional<PeriodKind> ToModel(v1::Scorecard::Period period) {
  switch (period) {
    case v1::Scorecard::DAY: return PeriodKind::kDay;
    case v1::Scorecard::WEEK: return PeriodKind::kWeek;
    case v1::Scorecard::MONTH: return PeriodKind::kMonth;
    case v1::Scorecard::QUARTER: return PeriodKind::kQuarter;
    case v1::Scorecard::HALF_YEAR: return PeriodKind::kHalfYear;
    case v1::Scorecard::YEAR: return PeriodKind::kYear;
    default: return std::nullopt;
  }
}

inline std::optional<PeriodKind> ToModel(v1::Questionnaire::Every every) {
  switch (every) {
    case v1::Questionnaire::QUARTER: return PeriodKind::kQuarter;
    case v1::Questionnaire::HALF_YEAR: return PeriodKind::kHalfYear;
    case v1::Questionnaire::YEAR: return PeriodKind::kYear;
    default: return std::nullopt;
  }
}

inline Direction ToModel(v1::Scale::Direction direction) {
  return direction == v1::Scale::LOWER_IS_BETTER ? Direction::kLowerIsBetter : Direction::kHigherIsBetter;
}

// The direction of `metric`: its own, else its scale's (may be null), else neutral.
inline Direction DirectionOf(const v1::Metric& metric, const v1::Scale* scale) {
  switch (metric.direction()) {
    case v1::Metric::HIGHER_IS_BETTER: return Direction::kHigherIsBetter;
    case v1::Metric::LOWER_IS_BETTER: return Direction::kLowerIsBetter;
    case v1::Metric::NEUTRAL: return Direction::kNeutral;
    default: return scale == nullptr ? Direction::kNeutral : ToModel(scale->direction());
  }
}

}  // namespace csat::policy

#endif  // CSAT_POLICY_MODEL_WORDS_H_
