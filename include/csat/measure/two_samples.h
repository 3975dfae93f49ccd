// Do two independent groups differ: in a share, in a mean, in the order of their answers.
#ifndef CSAT_MEASURE_TWO_SAMPLES_H_
#define CSAT_MEASURE_TWO_SAMPLES_H_

#include "csat/measure/estimate.h"
#include "csat/measure/frequencies.h"
#include "csat/measure/moments.h"
#include "csat/measure/proportion.h"
#include "csat/measure/test_result.h"

namespace csat {

// Of two shares, by z with the pooled share's variance and no continuity correction; z^2 is Pearson's chi-square of
// the 2 by 2 table. Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd ed. 2003, 3.1.
// kConstant: all of both groups, or none, count. kEmpty, kInvalid as said for Proportion.
Measured<TestResult> CompareShares(const Proportion& a, const Proportion& b);
// Of the difference a - b: Newcombe's hybrid of two Wilson intervals, method 10 of Interval estimation for the
// difference between independent proportions, Statistics in Medicine 17 (1998). Within -+1, also where CompareShares()
// says kConstant.
Measured<Interval> NewcombeInterval(const Proportion& a, const Proportion& b, double level = 0.95);

// Of two means with variances of their own: Welch, The generalization of "Student's" problem, Biometrika 34 (1947),
// degrees of freedom by Welch and Satterthwaite. kTooFew: a group below 2 rows. kConstant: neither group varies.
struct MeanDifference {
  double difference = 0;  // a - b
  double standard_error = 0;
  Interval interval;
  TestResult test;
};
Measured<MeanDifference> CompareMeans(const Moments& a, const Moments& b, double level = 0.95);

// Of the order of two groups' answers: Mann and Whitney, Annals of Mathematical Statistics 18 (1947), by the normal
// distribution with the variance corrected for ties (Lehmann, Nonparametrics, 1975, 1.4) and, where asked for, the
// continuity correction of 1/2. kConstant: all answers are the same. kInvalid: tables of different units.
struct RankSum {
  // Pairs in which a's answer is higher, ties counting half: U of a. The share of them of all pairs: 0.5 where neither
  // group answers higher.
  double u = 0, superiority = 0;
  TestResult test;  // The sign of z is that of superiority - 0.5.
};
enum class Continuity : bool { kNone, kCorrected };
Measured<RankSum> CompareRanks(const Frequencies& a, const Frequencies& b,
                               Continuity continuity = Continuity::kCorrected);

}  // namespace csat

#endif  // CSAT_MEASURE_TWO_SAMPLES_H_
