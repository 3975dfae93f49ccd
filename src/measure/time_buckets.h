// Instants and days of a column as the periods in which they fall.
#ifndef CSAT_SRC_MEASURE_TIME_BUCKETS_H_
#define CSAT_SRC_MEASURE_TIME_BUCKETS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "csat/arrow/c_data.h"
#include "csat/measure/measure_plan.h"

namespace csat {

// The period of each row: a position among `names`, -1 for none.
struct BucketColumn {
  std::vector<std::int32_t> codes;
  std::vector<std::string> names;
};

// Of column `name` of a struct array whose table has been imported. Timestamps with a zone are instants; those without,
// and days, are read as the clock of `zone` shows them. InvalidArgument: no such column, or one of another type; a time
// outside of the years 1 to 9999, with its row, counted from `first_row`.
absl::Status BucketTimes(const ArrowSchema& schema, const ArrowArray& array, std::string_view name,
                         TimeBucket bucket, const absl::TimeZone& zone, std::int64_t first_row,
                         BucketColumn* out);

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_TIME_BUCKETS_H_
