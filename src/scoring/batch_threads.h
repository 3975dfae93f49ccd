// Contiguous ranges of rows, each worked on by one thread.
#ifndef CSAT_SRC_SCORING_BATCH_THREADS_H_
#define CSAT_SRC_SCORING_BATCH_THREADS_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "scoring/tile_rows.h"

namespace csat {

// Calls work(index, from, to) for each range, which are whole tiles; the calling thread takes the first one. Ranges depend on `rows` and
// `threads` alone. Gives back the failure of the earliest range that failed, so that the row named is the first
// bad one of the batch. ResourceExhausted: no memory.
absl::Status ForEachRange(std::int64_t rows, int threads,
                          const std::function<absl::Status(int, std::int64_t, std::int64_t)>& work);

}  // namespace csat

#endif  // CSAT_SRC_SCORING_BATCH_THREADS_H_
