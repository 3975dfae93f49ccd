// The columns that measures derive from the metrics of each row.
#ifndef CSAT_SRC_MEASURE_DERIVED_COLUMNS_H_
#define CSAT_SRC_MEASURE_DERIVED_COLUMNS_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "arrow/import.h"
#include "measure/measure_layout.h"

namespace csat {

// Fills one column of table.rows() numbers for each derived column of the layout, measure by measure, and then that of
// the guard. InvalidArgument: a column of a metric is missing, or of a type that cannot be read; without `refuse` also
// the first row with a bad value, rows counted from `first_row`. ResourceExhausted: no memory. The numbers do not depend
// on `threads`.
absl::Status DeriveColumns(const MeasureLayout& layout, const Table& table, int threads, bool refuse,
                           std::int64_t first_row, std::vector<std::vector<std::int64_t>>* columns);

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_DERIVED_COLUMNS_H_
