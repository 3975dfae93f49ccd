// Types of columns that can be read.
#ifndef CSAT_SRC_ARROW_COLUMN_TYPE_H_
#define CSAT_SRC_ARROW_COLUMN_TYPE_H_

#include <cstdint>

namespace csat {

enum class ColumnType : std::uint8_t {
  kNull,
  kBool,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUInt8,
  kUInt16,
  kUInt32,
  kUInt64,
  kFloat,
  kDouble,
  kDecimal128,
  kText,       // utf8
  kLargeText,  // large utf8
  kTextView,   // utf8 view
  kDate32,     // Days, days in ms, instants: good as keys, never as figures.
  kDate64,
  kTimestamp,
  kDictionary,
  kList,
  kLargeList,
};

}  // namespace csat

#endif  // CSAT_SRC_ARROW_COLUMN_TYPE_H_
