// Aggregates as Arrow tables: what a group is known by, one row for each.
#ifndef CSAT_MEASURE_AGGREGATE_TABLE_H_
#define CSAT_MEASURE_AGGREGATE_TABLE_H_

#include "absl/status/status.h"
#include "csat/arrow/c_data.h"
#include "csat/measure/aggregates.h"

namespace csat {

// One row for each group, in the order of their keys:
//
//   <key> ...     as the key column was: bool, int64, date32 or words; words for all where a column held several types;
//                 null as null
//   rows          int64
//   <id>.n        int64: rows with a value, for each item
//   <id>.missing  int64: rows without
//   <id>.mean     float64, the nearest to the exact mean; null for no value
//   <id>.sd       float64: divided by n - 1; null below two values
//
// Both structs are filled, each to be released by itself; on failure neither is touched. InvalidArgument: a key has the
// name of one of the other columns; OutOfRange: the words of a key are longer than 2 GiB; ResourceExhausted.
absl::Status ExportGroups(const Aggregates& aggregates, ArrowSchema* schema, ArrowArray* array);

// One row for each level of an item that occurs in a group, by group, item and value:
//
//   <key> ...     as above
//   item          words: ids of the items that keep levels
//   value         decimal128(19, 6)
//   count         int64, above 0
absl::Status ExportLevels(const Aggregates& aggregates, ArrowSchema* schema, ArrowArray* array);

}  // namespace csat

#endif  // CSAT_MEASURE_AGGREGATE_TABLE_H_
