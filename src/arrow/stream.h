// Streams of arrays, read to their end.
#ifndef CSAT_SRC_ARROW_STREAM_H_
#define CSAT_SRC_ARROW_STREAM_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "csat/arrow/c_data.h"

namespace csat {

// Calls visit(schema, array, rows of the arrays before it) for each array, which is released afterwards; ends at the
// first failure. The stream is borrowed: read to its end, not released. InvalidArgument: a released stream; DataLoss: a callback failed, with its
// words; ResourceExhausted: it had no memory.
absl::Status ForEachArray(
    ArrowArrayStream* stream,
    const std::function<absl::Status(const ArrowSchema&, const ArrowArray&, std::int64_t)>& visit);

}  // namespace csat

#endif  // CSAT_SRC_ARROW_STREAM_H_
