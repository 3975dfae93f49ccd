// Measures: what is counted of many records, such as the responses of a month.
#ifndef CSAT_MODEL_MEASURE_H_
#define CSAT_MODEL_MEASURE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "csat/model/decimal.h"
#include "csat/model/label.h"
#include "csat/model/metric.h"
#include "csat/model/predicate.h"

namespace csat {

// Metrics are named by id, of forms number and text.

// Share of the records on which `of` holds, 0..1.
struct ShareMeasure {
  Predicate of;
};
struct MeanMeasure {
  std::string metric;
};
// Share of promoters less share of detractors, -100..100, on a scale from 0 to 10.
struct NpsMeasure {
  std::string metric;
  int promoters_from = 9, detractors_through = 6;
};
// times * (sum of numerator terms) / (sum of denominator terms).
struct RatioMeasure {
  struct Term {
    std::string metric;   // Its sum; or, where it is empty,
    Predicate condition;  // the number of records on which this holds.
    Decimal times = Decimal::FromInteger(1);
  };
  std::vector<Term> numerator, denominator;
  Decimal times = Decimal::FromInteger(1);
  bool may_exceed_whole = false;
};
struct SumMeasure {
  std::string metric;
};
// Records on which `of` holds; all where it says nothing.
struct CountMeasure {
  Predicate of;
};
// Type 7 of Hyndman and Fan.
struct QuantileMeasure {
  std::string metric;
  Decimal at;
};
struct DeviationMeasure {
  std::string metric;
  bool population = false;
};
// Ppk, by the overall sample deviation. At least one of the limits.
struct CapabilityMeasure {
  std::string metric;
  std::optional<Decimal> lower, upper;
};
// Cpk, by the deviation within subgroups; each record is one. At least one of the limits.
struct SubgroupCapabilityMeasure {
  enum class Within { kRanges, kPooled };
  std::vector<std::string> metrics;  // The pieces: 2 to 10.
  Within within = Within::kRanges;
  std::optional<Decimal> lower, upper;
};
struct ProductMeasure {
  std::vector<std::string> measures;
};
// `measure` less `minus` or, where that is empty, less `minus_value`; with `relative` as a share of what is subtracted.
struct DifferenceMeasure {
  std::string measure, minus;
  Decimal minus_value;
  bool independent = false;  // The two are of different records.
  bool relative = false;
};

struct Measure {
  // What a share and a net promoter score are of.
  enum class Base { kAnswered, kRecords };

  std::string id;
  Label label;
  std::string unit;
  Direction direction = Direction::kNeutral;
  std::optional<Predicate> where;  // Records on which it holds; nullopt: all.
  Base base = Base::kAnswered;
  std::string weight;  // Metric; "": each record counts once.
  std::int64_t min_answers = 1;
  // Reached by at least this where higher is better, by at most this where lower is.
  std::optional<Decimal> target;
  std::variant<ShareMeasure, MeanMeasure, NpsMeasure, RatioMeasure, SumMeasure, CountMeasure, QuantileMeasure,
               DeviationMeasure, CapabilityMeasure, ProductMeasure, DifferenceMeasure,
               SubgroupCapabilityMeasure>
      form;
};

// The measures that a product or a difference is made of; none of any other.
std::vector<std::string> PartsOf(const Measure& measure);

}  // namespace csat

#endif  // CSAT_MODEL_MEASURE_H_
