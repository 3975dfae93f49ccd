// Aggregates::AddStream. Tested by tests/measure/aggregate_stream_test.cc.
#include "arrow/stream.h"
#include "csat/measure/aggregates.h"

namespace csat {

absl::Status Aggregates::AddStream(ArrowArrayStream* stream, const AddOptions& options) {
  // What has come so far, apart from what there was.
  absl::StatusOr<Aggregates> sum = Create(spec());
  if (!sum.ok()) return sum.status();
  const auto add = [&](const ArrowSchema& schema, const ArrowArray& array, std::int64_t rows_before) {
    AddOptions numbered = options;
    numbered.first_row += rows_before;
    return sum->Add(schema, array, numbered);
  };
  if (absl::Status status = ForEachArray(stream, add); !status.ok()) return status;
  return Merge(*sum);
}

}  // namespace csat
