// From finished aggregates to the figure of a measure.
#ifndef CSAT_SRC_MEASURE_MEASURE_FIGURES_H_
#define CSAT_SRC_MEASURE_MEASURE_FIGURES_H_

#include <cstddef>
#include <optional>

#include "csat/measure/aggregates.h"
#include "csat/measure/measure_plan.h"
#include "measure/measure_layout.h"

namespace csat {

// Measure `index` of the layout in group `group`; `group` < 0: of no record. `level`: of the interval; nullopt: none is
// wanted.
MeasureFigure ReadMeasure(const MeasureLayout& layout, const Aggregates& aggregates, std::ptrdiff_t group,
                          std::size_t index, std::optional<double> level);

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_MEASURE_FIGURES_H_
