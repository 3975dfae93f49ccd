// From the cells of a record to exact figures of metrics.
#ifndef CSAT_SRC_SCORING_FIGURE_H_
#define CSAT_SRC_SCORING_FIGURE_H_

#include <string_view>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "csat/model/decimal.h"
#include "scoring/compiled_plan.h"

namespace csat {

// An exact quotient numerator / denominator, or nothing. `answers` counts what it rests on, in millionths: events, or
// the denominator of a ratio.
struct Figure {
  bool missing = true;
  absl::int128 numerator = 0, denominator = 1;
  absl::int128 answers = 0;
  bool counted = false;  // `answers` is known: not for a finished figure that comes without its counts.

  static Figure Of(absl::int128 numerator, absl::int128 denominator) {
    Figure figure;
    figure.missing = false;
    figure.numerator = numerator;
    figure.denominator = denominator;
    return figure;
  }
  Decimal ToDecimal() const {
    return Decimal::FromMicros(
        static_cast<std::int64_t>(DivideHalfEven(numerator * Decimal::kOne, denominator)));
  }
  // Sign of this - other.
  int Compare(Decimal other) const {
    const absl::int128 left = numerator * Decimal::kOne, right = absl::int128(other.micros()) * denominator;
    return left < right ? -1 : left > right ? 1 : 0;
  }
};

// Ticks of 1 / metric.unit of a number within the range of a metric without exceptions; false: it takes more than
// this to tell. Adding and taking away 1.5 * 2^52 rounds what is below 2^51 by IEEE addition, half-even.
inline bool ReadPlainTicks(const CompiledMetric& metric, const Cell& cell, std::int64_t* ticks) {
  constexpr double kRounder = 6755399441055744.0, kLimit = 2251799813685248.0;
  if (cell.kind == Cell::Kind::kDouble) {
    const double scaled = cell.real * static_cast<double>(metric.unit);
    if (!(scaled < kLimit && scaled > -kLimit)) return false;
    *ticks = static_cast<std::int64_t>((scaled + kRounder) - kRounder);
  } else if (cell.kind != Cell::Kind::kInteger || __builtin_mul_overflow(cell.integer, metric.unit, ticks)) {
    return false;
  }
  return *ticks >= metric.min_ticks && *ticks <= metric.max_ticks && !metric.integer &&
         metric.missing_ticks.empty();
}

// Reads a number as ticks of 1 / metric.unit. `missing` is set for an empty cell and for a missing value of the
// metric. InvalidArgument names the field, the value and the limit.
absl::Status ReadAnyTicks(const CompiledPlan& plan, const CompiledMetric& metric, int slot, const Cell& cell,
                          std::int64_t* ticks, bool* missing);
inline absl::Status ReadTicks(const CompiledPlan& plan, const CompiledMetric& metric, int slot,
                              const Cell& cell, std::int64_t* ticks, bool* missing) {
  *missing = false;
  if (ReadPlainTicks(metric, cell, ticks)) return absl::OkStatus();
  return ReadAnyTicks(plan, metric, slot, cell, ticks, missing);
}

// Days since a figure was known, in millionths, not below 0. `missing` for an empty cell.
absl::Status ReadAge(const CompiledPlan& plan, int slot, const Cell& cell, std::int64_t* days, bool* missing);

// One event of a list, under the same rules.
absl::Status ReadEvent(const CompiledPlan& plan, const CompiledMetric& metric, double value,
                       std::int64_t* ticks, bool* missing);

// The figure of a number, ratio or events metric; missing where there is nothing to measure (never 0, never 100 %).
absl::Status ReadFigure(const CompiledPlan& plan, const CompiledMetric& metric, const Record& record,
                        Figure* out);

// The word of a text metric; `missing` for an empty cell.
absl::Status ReadText(const CompiledPlan& plan, const CompiledMetric& metric, const Record& record,
                      std::string_view* out, bool* missing);

// Three-valued truth of a condition.
absl::Status EvaluatePredicate(const CompiledPlan& plan, const CompiledPredicate& predicate,
                               const Record& record, Truth* out);

}  // namespace csat

#endif  // CSAT_SRC_SCORING_FIGURE_H_
