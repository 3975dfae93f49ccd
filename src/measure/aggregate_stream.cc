// Aggregates::AddStream. Tested by tests/measure/aggregate_stream_test.cc.
#include "arrow/stream.h"
#include "csat/measure/aggregates.h"

namespace csat {

absl::Status Aggregates::AddStream(ArrowArrayStream* stream, const AddOptions& options) {
  // What has come so far, apart from what there was.
  absl::StatusOr<Aggregates> sum = Create(spec());
  if (!sum.ok()) return sum.status();
  AddOptions numbered = options;
  const auto add = [&](const ArrowSchema& schema, const ArrowArray& array) {
    absl::Status status = sum->Add(schema, array, numbered);
    numbered.first_row += array.length;
    return status;
  };
  if (absl::Status status = ForEachArray(stream, add); !status.ok()) return status;
  return Merge(*sum);
}

}  // namespace csat
