// What every test of significance in this room gives.
#ifndef CSAT_MEASURE_TEST_RESULT_H_
#define CSAT_MEASURE_TEST_RESULT_H_

namespace csat {

// `p` is two-sided, for chi-square the upper tail. Where it underflows to 0, log10_p still says how small it is:
// print "p < 1e-300" or 10^log10_p. `df` is 0 for a z test.
struct TestResult {
  double statistic = 0;
  double df = 0;
  double p = 1;
  double log10_p = 0;
};

}  // namespace csat

#endif  // CSAT_MEASURE_TEST_RESULT_H_
