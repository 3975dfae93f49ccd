// The net promoter score and how sure it is. Score, standard errors and intervals in points: -100 to 100.
#ifndef CSAT_MEASURE_NPS_H_
#define CSAT_MEASURE_NPS_H_

#include <cstdint>

#include "csat/measure/estimate.h"
#include "csat/measure/frequencies.h"
#include "csat/measure/moments.h"
#include "csat/measure/test_result.h"
#include "csat/model/decimal.h"

namespace csat {

// The answers to "how likely are you to recommend us", in three classes.
struct NpsCounts {
  std::int64_t promoters = 0, passives = 0, detractors = 0;
};

// Promoters are at least `promoter_from` ticks, detractors at most `detractor_to`: 9 and 6 on 0..10. kInvalid where
// the classes overlap, and as said for Frequencies.
Measured<NpsCounts> NpsCountsOf(const Frequencies& frequencies, std::int64_t promoter_from,
                                std::int64_t detractor_to);

// (promoters - detractors) / n in points. kEmpty; kInvalid for a count below 0 or a sum beyond 2^40. So of every
// function below.
Measured<Ratio> ExactNps(const NpsCounts& counts);
Estimate Nps(const NpsCounts& counts);

// Of the score, by the multinomial distribution: the variance of the figures -1, 0, 1,
// p + d - (p - d)^2, over n (kPopulation), or the same by the sample variance, over n - 1 (kSample; kTooFew for one
// answer).
Estimate NpsStandardError(const NpsCounts& counts, Divisor divisor = Divisor::kPopulation);

// Intervals are cut at -100 and 100. kInvalid also: level not within (0, 1).
//
// The score with its standard error, by the normal distribution; [100, 100] for promoters alone, whatever their number.
Measured<Interval> NpsWaldInterval(const NpsCounts& counts, double level = 0.95,
                                   Divisor divisor = Divisor::kPopulation);
// Likewise by the sample variance and Student's t with n - 1 degrees of freedom.
Measured<Interval> NpsTInterval(const NpsCounts& counts, double level = 0.95);

// The adjusted Wald interval that Rocks, Interval estimation for the "net promoter score", The American Statistician
// 70 (2016) finds best of its kind: 3/4 is added to promoters and detractors, 3/2 to passives. It moves the centre.
struct AdjustedNps {
  double points = 0, standard_error = 0;
  Interval interval;
};
Measured<AdjustedNps> NpsAdjustedWald(const NpsCounts& counts, double level = 0.95);

// The scores that a score test does not reject, the variance taken at the constrained maximum of the likelihood:
// Tango, Equivalence test and confidence interval for the difference in proportions for the paired-sample design,
// Statistics in Medicine 17 (1998), for promoters and detractors as the two discordant counts. The one to use: sensible
// down to a single answer. With a Sampling, n is the effective size (proportion.h); a census gives the score itself,
// twice. kInvalid also: a Sampling out of range, a population below n.
Measured<Interval> NpsScoreInterval(const NpsCounts& counts, double level = 0.95,
                                    const Sampling& sampling = {});

// a - b of independent groups, with the interval and the z test by the multinomial variances over n. kConstant where
// neither group varies.
struct NpsDifference {
  double points = 0, standard_error = 0;
  Interval interval;
  TestResult test;
};
Measured<NpsDifference> CompareNps(const NpsCounts& a, const NpsCounts& b, double level = 0.95);

}  // namespace csat

#endif  // CSAT_MEASURE_NPS_H_
