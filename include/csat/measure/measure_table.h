// Figures of measures as Arrow tables.
#ifndef CSAT_MEASURE_MEASURE_TABLE_H_
#define CSAT_MEASURE_MEASURE_TABLE_H_

#include "absl/status/status.h"
#include "csat/arrow/c_data.h"
#include "csat/measure/aggregates.h"
#include "csat/measure/measure_plan.h"

namespace csat {

// One row for each group and measure, by the groups' keys, then in the order of the plan. Of a plan without keys there
// always is one group, also of no records.
//
//   <key> ...      as in ExportGroups()
//   measure        words: ids
//   n              int64: the answers that the figure is made of
//   value          float64; null where there is no figure
//   low, high      float64: the interval; null where there is none
//   interval       words: how it was made: "wilson", "student_t", "score", "effective_size", "mover" (of a difference);
//                  null where there is none
//   design_effect  float64: what weights cost; null where it cannot be said
//   shown          words: the figure as it is printed, or why there is none
//   target         words: "met", "missed", "not_measurable"; null where the measure has none
//   reason         words: why there is none; null where there is a figure
//   no_interval    words: why there is no interval; null where there is one
//
// Both structs are filled, each to be released by itself; on failure neither is touched. InvalidArgument: the
// aggregates are not the plan's, `level` lies outside (0, 1), or a key has the name of another column.
absl::Status ExportFigures(const MeasurePlan& plan, const Aggregates& aggregates, double level,
                           ArrowSchema* schema, ArrowArray* array);

// One row for each group, as scorecards and other measures read them:
//
//   <key> ...    as above
//   <measure>    decimal128(38, 6), half-even at the sixth place; null where there is no figure
//   <measure>.n  int64
//
// OutOfRange: a figure that is beyond 64 bits of millionths. Otherwise as above.
absl::Status ExportFigureColumns(const MeasurePlan& plan, const Aggregates& aggregates, ArrowSchema* schema,
                                 ArrowArray* array);

}  // namespace csat

#endif  // CSAT_MEASURE_MEASURE_TABLE_H_
