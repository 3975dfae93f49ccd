// The table of a case: its records as Arrow columns, and the figures of its measures.
#ifndef CSAT_SRC_SCORING_CASE_TABLE_H_
#define CSAT_SRC_SCORING_CASE_TABLE_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "csat/measure/measure_plan.h"
#include "csat/policy/policy.h"
#include "csat/survey/cleaning.h"
#include "csat/survey/sampling_plan.h"

namespace csat {

// The figure of each measure of which the case expects one, or how it stands to its target, over all records of its
// table, by id. InvalidArgument, NotFound: the table cannot be measured.
absl::StatusOr<std::map<std::string, MeasureFigure>> MeasureCase(const Policy& policy,
                                                                 const PolicyCase& example);

// What its rule of sampling says of its record and table. InvalidArgument: no such rule, or what the rule refuses.
absl::StatusOr<SamplingResult> SampleCase(const Policy& policy, const PolicyCase& example);

// What cleaning makes of its table and its decisions, with a review of a fixed seed where the policy draws one.
// InvalidArgument: the table cannot be cleaned, a decision that is none, or the policy has no cleaning.
absl::StatusOr<CleaningResult> CleanCase(const Policy& policy, const PolicyCase& example);

}  // namespace csat

#endif  // CSAT_SRC_SCORING_CASE_TABLE_H_
