// The frequency table of a figure, and what is read off it: shares, boxes, mode, quantiles, shape.
#ifndef CSAT_MEASURE_FREQUENCIES_H_
#define CSAT_MEASURE_FREQUENCIES_H_

#include <cstdint>
#include <vector>

#include "csat/measure/estimate.h"
#include "csat/measure/moments.h"
#include "csat/measure/proportion.h"

namespace csat {

// How often each value occurred. Values in ticks of 1/`unit`, strictly ascending, within -+2^40; counts not negative,
// 2^40 in all at most. A level nobody chose may stand there with 0 or be left out. The functions below say kInvalid,
// naming the level, of a table that is otherwise, and kEmpty where nothing was counted.
struct Frequencies {
  struct Level {
    std::int64_t value;
    std::int64_t count;
  };
  std::int64_t unit = 1;
  std::vector<Level> levels;
};

// Exact.
Measured<Moments> MomentsOf(const Frequencies& frequencies);

// The values that occur most often, ascending: more than one where they tie.
Measured<std::vector<double>> Modes(const Frequencies& frequencies);

// By linear interpolation between order statistics at (n - 1) * p: type 7 of Hyndman and Fan, Sample quantiles in
// statistical packages, The American Statistician 50 (1996), the default of R, NumPy and Excel. kInvalid: p not
// within [0, 1].
Estimate Quantile(const Frequencies& frequencies, double p);
Estimate Median(const Frequencies& frequencies);

// g1 = m3 / m2^1.5 and g2 = m4 / m2^2 - 3 of the values themselves (moments about the mean divided by n), in the
// notation of Joanes and Gill, Comparing measures of sample skewness and kurtosis, The Statistician 47 (1998): type 1
// of R's e1071, the default of SciPy. kConstant where nothing varies.
Estimate Skewness(const Frequencies& frequencies);
Estimate ExcessKurtosis(const Frequencies& frequencies);

// How many of all are at least, or at most, `value` ticks.
Measured<Proportion> AtLeast(const Frequencies& frequencies, std::int64_t value);
Measured<Proportion> AtMost(const Frequencies& frequencies, std::int64_t value);

// The `boxes` highest levels of a scale of whole numbers that ends at `highest` ticks: top-2 of 1..5 counts 4 and 5,
// whether or not anybody chose 5. Bottom boxes likewise from `lowest`. kInvalid: boxes below 1.
Measured<Proportion> TopBox(const Frequencies& frequencies, std::int64_t highest, int boxes);
Measured<Proportion> BottomBox(const Frequencies& frequencies, std::int64_t lowest, int boxes);

}  // namespace csat

#endif  // CSAT_MEASURE_FREQUENCIES_H_
