// Weights with which a sample adds up to what is known of its population: post-stratification, by one margin,
// and raking, by several. They mend what the sample's shares show, and nothing else; their price is the
// design effect.
#ifndef CSAT_SURVEY_CALIBRATION_H_
#define CSAT_SURVEY_CALIBRATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/model/decimal.h"

namespace csat {

// How a population divides by one property: its categories, each with its count or share. Targets count in
// proportion to their sum: 30 beside 70 is 30 %, as is 0.3 beside 0.7. To post-stratify by several properties
// at once, make a category of each combination.
struct PopulationMargin {
  struct Category {
    std::string name;
    Decimal target;
  };
  std::string name;
  std::vector<Category> categories;
};

struct SampledRow {
  std::string id;                          // Unlike any other. It settles which of equal rows is rounded up.
  std::vector<int> categories;             // For each margin the index of the row's category in it.
  Decimal base = Decimal::FromInteger(1);  // The design weight, one over the chance to be drawn; above 0.
};

struct CalibrationRules {
  // What the weights add up to, exactly: the size of the population, say. Absent: the number of rows.
  std::optional<Decimal> total;
  // Trimming: no weight below `least` or above `greatest` times the mean weight; 0 <= least <= 1 <= greatest.
  std::optional<Decimal> least, greatest;
  // Of any category from its target, as a share of the total; 1e-12 to 0.01.
  double tolerance = 1e-9;
  int most_cycles = 1000;  // 1 to 100,000.
};

struct CalibratedWeights {
  // In the order of the rows, in millionths. The exact weights are shared out by the largest remainder, equal
  // remainders by category, base weight and id: the order of the rows has no part in it.
  std::vector<Decimal> weights;
  std::vector<std::vector<Decimal>> achieved;  // By margin and category: sums of `weights`.
  // Of these sums: the largest distance from a target, as a share of the total.
  double largest_deviation = 0;
  int cycles = 0;            // Over all margins; 1 for one margin.
  std::int64_t trimmed = 0;  // Rows at a limit.
  double design_effect = 1;  // n * sum w^2 / (sum w)^2: Kish, Survey Sampling, 1965, 11.7.
};

// The weights nearest to the base weights (by sum of w ln(w / base)) that meet all margins and limits: Deming
// and Stephan, On a least squares adjustment of a sampled frequency table when the expected marginal totals
// are known, Annals of Mathematical Statistics 11 (1940); with limits the truncated method of Deville,
// Särndal and Sautory, Generalized raking procedures in survey sampling, JASA 88 (1993), the limits being on
// weights. Each weight is base times one factor for each of its categories, or at a limit; category by
// category the factor is solved for in turn.
//
// InvalidArgument names what is out of range: no row or margin, equal names or ids, a target below 0, targets
// of 0 only, a row without a category, a base weight not above 0, limits, a total beyond 2^62 millionths or
// below one for each row. FailedPrecondition where no weights can be: a category with a target and no row, or
// with rows and no target; one whose target lies beyond what the limits leave to its rows; no convergence,
// with the category that is furthest off; a weight that would be 0.
absl::StatusOr<CalibratedWeights> Calibrate(const std::vector<PopulationMargin>& margins,
                                            const std::vector<SampledRow>& rows,
                                            const CalibrationRules& rules = {});

}  // namespace csat

#endif  // CSAT_SURVEY_CALIBRATION_H_
