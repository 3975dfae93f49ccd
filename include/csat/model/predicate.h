// Conditions on metrics as data: total, bounded, without code.
#ifndef CSAT_MODEL_PREDICATE_H_
#define CSAT_MODEL_PREDICATE_H_

#include <string>
#include <vector>

#include "csat/model/decimal.h"
#include "csat/model/metric.h"

namespace csat {

// Three-valued logic of Kleene: a comparison with a figure that is missing is unknown, and stays so unless
// the rest of the condition decides.
enum class Truth { kFalse, kUnknown, kTrue };

struct Predicate {
  // kAnswered and kAtLeast do not occur in scorecards.
  enum class Kind { kAll, kAny, kNot, kNumber, kText, kAnswered, kAtLeast };
  Kind kind = Kind::kAll;
  std::vector<Predicate> of;  // kAll, kAny, kAtLeast: any number; kNot: one.
  int count = 0;              // kAtLeast: so many parts hold.
  // kNumber, kText: metric `op` value. kText knows kEqual and kNotEqual. kAnswered: the metric has a figure.
  std::string metric;
  ComparisonOp op = ComparisonOp::kEqual;
  Decimal value;
  std::string text;
};

}  // namespace csat

#endif  // CSAT_MODEL_PREDICATE_H_
