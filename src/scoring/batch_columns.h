// The columns of a table in the slots of a plan.
#ifndef CSAT_SRC_SCORING_BATCH_COLUMNS_H_
#define CSAT_SRC_SCORING_BATCH_COLUMNS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "arrow/import.h"
#include "scoring/compiled_plan.h"

namespace csat {

struct BoundColumns {
  std::int64_t rows = 0;
  // By slot of the plan. A column that the plan can do without and the table does not have is of type kNull.
  std::vector<Column> columns;
};

// InvalidArgument: a required column is missing or there twice, or one has a type that its field cannot take.
absl::StatusOr<BoundColumns> BindColumns(const CompiledPlan& plan, const Table& table);

// Memory for the events of one row; kept from row to row.
using EventScratch = std::vector<std::vector<double>>;
EventScratch MakeEventScratch(const BoundColumns& bound);

// Fills all slots of the record from a row. Borrows texts and events of the columns and of `scratch`.
void FillRecord(const BoundColumns& bound, std::int64_t row, EventScratch* scratch, Record* record);

// One value as a cell. Floats are widened; a decimal keeps its value if millionths can hold it and is the
// nearest double otherwise; what lies beyond int64 is a double.
Cell CellOf(const Column& column, std::int64_t row);

}  // namespace csat

#endif  // CSAT_SRC_SCORING_BATCH_COLUMNS_H_
