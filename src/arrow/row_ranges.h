// Contiguous ranges of rows, each worked on by one thread.
#ifndef CSAT_SRC_ARROW_ROW_RANGES_H_
#define CSAT_SRC_ARROW_ROW_RANGES_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"

namespace csat {

// Calls work(index, from, to) for each range, which are whole tiles of `tile_rows` but for the last row; the calling
// thread takes the first one. Ranges depend on the numbers given alone. Gives back the failure of the earliest range
// that failed, so that the row named is the first bad one. ResourceExhausted: no memory.
absl::Status ForEachRange(std::int64_t rows, std::int64_t tile_rows, int threads,
                          const std::function<absl::Status(int, std::int64_t, std::int64_t)>& work);

}  // namespace csat

#endif  // CSAT_SRC_ARROW_ROW_RANGES_H_
