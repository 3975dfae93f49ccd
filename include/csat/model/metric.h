// Metrics: what is counted or measured, from which fields of a record, and which values are possible.
#ifndef CSAT_MODEL_METRIC_H_
#define CSAT_MODEL_METRIC_H_

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "csat/model/decimal.h"
#include "csat/model/label.h"
#include "csat/model/scale.h"

namespace csat {

enum class ComparisonOp { kLess, kLessOrEqual, kEqual, kNotEqual, kGreaterOrEqual, kGreater };

// `order` is the sign of left - right.
constexpr bool Holds(int order, ComparisonOp op) {
  switch (op) {
    case ComparisonOp::kLess: return order < 0;
    case ComparisonOp::kLessOrEqual: return order <= 0;
    case ComparisonOp::kEqual: return order == 0;
    case ComparisonOp::kNotEqual: return order != 0;
    case ComparisonOp::kGreaterOrEqual: return order >= 0;
    case ComparisonOp::kGreater: return order > 0;
  }
  return false;
}

// How many figures become one.
struct Aggregate {
  enum class Kind { kMean, kSum, kCount, kShare, kMin, kMax, kQuantile };
  Kind kind = Kind::kMean;
  // kShare: the share of figures that satisfy `op` `value`, in 0..1.
  ComparisonOp op = ComparisonOp::kLessOrEqual;
  Decimal value;
  // kQuantile, in (0, 1]: the smallest figure with at least this share at or below it (Hyndman and Fan type 1).
  Decimal quantile;
};

struct NumberForm {
  std::string field;
};
// times * (sum of numerator terms) / (sum of denominator terms); `field` may give the finished figure.
struct RatioForm {
  struct Term {
    std::string field;
    Decimal times = Decimal::FromInteger(1);
  };
  std::vector<Term> numerator, denominator;
  Decimal times = Decimal::FromInteger(1);
  bool may_exceed_whole = false;
  std::string field;
};
struct EventsForm {
  std::string field;
  Aggregate aggregate;
};
struct TextForm {
  std::string field;
  std::vector<std::string> values;  // Empty: any.
};

struct Metric {
  static constexpr int kMaxDecimalPlaces = 9;

  std::string id;
  Label label;
  std::string unit;
  Direction direction = Direction::kNeutral;
  std::optional<Scale> scale;
  // Inclusive; the scale's where there is one.
  std::optional<Decimal> min, max;
  // Raw values that stand for "no answer", also outside of the range: read as missing, dropped from a list of
  // events.
  std::vector<Decimal> missing_values;
  // A raw number is read once, as the nearest decimal with this many places (0..9), ties to the even one; all
  // that follows is integer arithmetic. A binary number x is read as rint(x * 10^places): one IEEE product,
  // one rounding. Counts of a ratio are read to six places.
  int decimal_places = kMaxDecimalPlaces;
  std::variant<NumberForm, RatioForm, EventsForm, TextForm> form;
};

}  // namespace csat

#endif  // CSAT_MODEL_METRIC_H_
