// Certified values of NIST's Statistical Reference Datasets (StRD, public domain): univariate summary statistics, and the
// correlation of a linear regression. Data typed in as published, or made by their published definition. (PiDigits is left
// out: what NIST certifies are not the first 5000 digits of pi, whose mean is 4.5358 and not 4.5348.)
#include <cstdint>
#include <utility>
#include <vector>

#include "csat/measure/co_moments.h"
#include "gtest/gtest.h"
#include "measure/agreement.h"
#include "measure/answers.h"

namespace csat {
namespace {

using Values = std::vector<std::int64_t>;

// New Jersey Pick-It lottery.
const Values& Lottery() {
  static const auto* const values = new Values{
      162, 671, 933, 414, 788, 730, 817, 33,  536, 875, 670, 236, 473, 167, 877, 980, 316, 950, 456, 92,
      517, 557, 956, 954, 104, 178, 794, 278, 147, 773, 437, 435, 502, 610, 582, 780, 689, 562, 964, 791,
      28,  97,  848, 281, 858, 538, 660, 972, 671, 613, 867, 448, 738, 966, 139, 636, 847, 659, 754, 243,
      122, 455, 195, 968, 793, 59,  730, 361, 574, 522, 97,  762, 431, 158, 429, 414, 22,  629, 788, 999,
      187, 215, 810, 782, 47,  34,  108, 986, 25,  644, 829, 630, 315, 567, 919, 331, 207, 412, 242, 607,
      668, 944, 749, 168, 864, 442, 533, 805, 372, 63,  458, 777, 416, 340, 436, 140, 919, 350, 510, 572,
      905, 900, 85,  389, 473, 758, 444, 169, 625, 692, 140, 897, 672, 288, 312, 860, 724, 226, 884, 508,
      976, 741, 476, 417, 831, 15,  318, 432, 241, 114, 799, 955, 833, 358, 935, 146, 630, 830, 440, 642,
      356, 373, 271, 715, 367, 393, 190, 669, 8,   861, 108, 795, 269, 590, 326, 866, 64,  523, 862, 840,
      219, 382, 998, 4,   628, 305, 747, 247, 34,  747, 729, 645, 856, 974, 24,  568, 24,  694, 608, 480,
      410, 729, 947, 293, 53,  930, 223, 203, 677, 227, 62,  455, 387, 318, 562, 242, 428, 968};
  return *values;
}

// Transmittance of a filter (Mavrodineaunu), in units of 0.0001 above 2.
const Values& Mavro() {
  static const auto* const values = new Values{
      18, 17, 18, 19, 18, 17, 15, 14, 15, 15, 17, 18, 18, 19, 19, 21, 20, 16, 14, 13, 13, 15, 15, 16, 15,
      14, 13, 14, 15, 14, 15, 16, 15, 16, 19, 20, 20, 21, 22, 23, 24, 25, 27, 26, 26, 26, 27, 26, 25, 24};
  return *values;
}

// Speed of light (Michelson), in km/s above 299,000.
const Values& Michelso() {
  static const auto* const values = new Values{
      850, 740, 900, 1070, 930, 850, 950, 980, 980, 880, 1000, 980, 930, 650, 760, 810, 1000, 1000, 960, 960,
      960, 940, 960, 940,  880, 800, 850, 880, 900, 840, 830,  790, 810, 880, 880, 830, 800,  790,  760, 800,
      880, 880, 880, 860,  720, 720, 620, 860, 970, 950, 880,  910, 850, 870, 840, 840, 850,  840,  840, 840,
      890, 810, 810, 820,  800, 770, 760, 740, 750, 760, 910,  920, 890, 860, 880, 720, 840,  850,  850, 780,
      890, 840, 780, 810,  760, 810, 790, 810, 820, 850, 870,  870, 810, 740, 810, 940, 950,  800,  810, 870};
  return *values;
}

// Ozone monitors (Norris), y and x in tenths.
const std::vector<std::pair<std::int64_t, std::int64_t>>& Norris() {
  static const auto* const pairs = new std::vector<std::pair<std::int64_t, std::int64_t>>{
      {1, 2},       {3388, 3374}, {1181, 1182}, {8880, 8846}, {92, 101},    {2281, 2265},
      {6685, 6663}, {9985, 9963}, {4491, 4486}, {7789, 7770}, {5592, 5582}, {3, 4},
      {1, 6},       {7781, 7755}, {6688, 6669}, {3393, 3380}, {4489, 4475}, {108, 116},
      {5577, 5560}, {2283, 2281}, {9980, 9958}, {8888, 8876}, {1196, 1202}, {3, 3},
      {6, 3},       {5576, 5568}, {3393, 3391}, {8880, 8872}, {9985, 9990}, {7789, 7790},
      {102, 111},   {1176, 1183}, {2289, 2292}, {6684, 6691}, {4492, 4489}, {2, 5}};
  return *pairs;
}

Values Shifted(const Values& values, std::int64_t by) {
  Values shifted;
  for (const std::int64_t value : values) shifted.push_back(value + by);
  return shifted;
}

// `first` and then 1000 values, `low` and `high` in turn: NumAcc2, 3 and 4.
Values Alternating(std::int64_t first, std::int64_t low, std::int64_t high) {
  Values values{first};
  for (int i = 0; i < 500; ++i) {
    values.push_back(low);
    values.push_back(high);
  }
  return values;
}

struct CertifiedCase {
  const char* name;
  Values ticks;
  std::int64_t unit;
  double mean, standard_deviation;
};
void PrintTo(const CertifiedCase& test, std::ostream* out) { *out << test.name; }

class CertifiedTest : public ::testing::TestWithParam<CertifiedCase> {};

// To the fifteen digits that are certified.
TEST_P(CertifiedTest, MeanAndStandardDeviation) {
  const CertifiedCase& test = GetParam();
  const Moments moments = MomentsOfColumn(test.ticks, test.unit);
  const Agreement agreement("StRD", Tool::kNist);
  agreement.Near("mean", Mean(moments), test.mean, 1e-15);
  agreement.Near("sd", StandardDeviation(moments), test.standard_deviation, 2e-15);
}

INSTANTIATE_TEST_SUITE_P(
    StRD, CertifiedTest,
    ::testing::ValuesIn<CertifiedCase>({
        {"Lottery", Lottery(), 1, 518.958715596330, 291.699727470969},
        {"Mavro", Shifted(Mavro(), 20000), 10000, 2.00185600000000, 0.000429123454003053},
        {"Michelso", Shifted(Michelso(), 299000), 1000, 299.852400000000, 0.0790105478190518},
        {"NumAcc1", {10000001, 10000003, 10000002}, 1, 10000002, 1},
        {"NumAcc2", Alternating(12, 11, 13), 10, 1.2, 0.1},
        {"NumAcc3", Alternating(10000002, 10000001, 10000003), 10, 1000000.2, 0.1},
        {"NumAcc4", Alternating(100000002, 100000001, 100000003), 10, 10000000.2, 0.1},
    }),
    [](const auto& info) { return info.param.name; });

TEST(CertifiedTest, CorrelationOfNorris) {
  Answers answers(2);
  for (const auto& [y, x] : Norris()) {
    answers[0].push_back(y);
    answers[1].push_back(x);
  }
  const Measured<ItemMatrix> r = CorrelationsOf(ListwiseMomentsOf(answers, 10));
  ASSERT_TRUE(r.has_value());
  Agreement("StRD", Tool::kNist).Near("R squared", (*r)(0, 1) * (*r)(0, 1), 0.999993745883712, 6e-16);
}

}  // namespace
}  // namespace csat
