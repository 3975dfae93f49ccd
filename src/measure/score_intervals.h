// Intervals of shares that a score test does not reject, for a size n that need not be whole: an effective one.
#ifndef CSAT_SRC_MEASURE_SCORE_INTERVALS_H_
#define CSAT_SRC_MEASURE_SCORE_INTERVALS_H_

#include "csat/measure/estimate.h"

namespace csat {

// Wilson's, of the share p, q being 1 - p; within [0, 1]. 0 < level < 1.
Interval WilsonOf(double p, double q, double n, double level);

// Tango's, of the difference between the shares of promoters and detractors in points; `up` and `down` of n.
Interval TangoOf(double up, double down, double n, double level);

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_SCORE_INTERVALS_H_
