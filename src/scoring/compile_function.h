// Score functions made ready: lines and bands as segments with integer coefficients.
#ifndef CSAT_SRC_SCORING_COMPILE_FUNCTION_H_
#define CSAT_SRC_SCORING_COMPILE_FUNCTION_H_

#include <string_view>

#include "absl/status/status.h"
#include "scoring/compiled_plan.h"
#include "scoring/figure.h"

namespace csat {

// InvalidArgument: a coefficient is beyond the range of exact arithmetic.
absl::Status CompileFunction(const Indicator& indicator, const CompiledMetric& metric, CompiledFunction* out);

// Points of a figure, half-even at the sixth place. Not for lookups.
Points PointsOf(const CompiledFunction& function, absl::int128 numerator, absl::int128 denominator);

// The same for a figure in ticks of a number metric.
Points PointsOfTicks(const CompiledFunction& function, const CompiledMetric& metric, std::int64_t ticks);

// Points of a word; false: the word has none.
bool PointsOf(const CompiledFunction& function, std::string_view word, Points* out);

}  // namespace csat

#endif  // CSAT_SRC_SCORING_COMPILE_FUNCTION_H_
