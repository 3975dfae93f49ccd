// Aggregates::AddStream. Tested by tests/measure/aggregate_stream_test.cc.
#include <cerrno>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "csat/measure/aggregates.h"
#include "csat/model/foreign_text.h"

namespace csat {
namespace {

// A struct of the stream, released when it goes.
template <typename T>
struct Received {
  T value{};
  ~Received() {
    if (value.release != nullptr) value.release(&value);
  }
};

// The failure of a callback, with its words.
absl::Status Failed(ArrowArrayStream* stream, int code) {
  if (code == ENOMEM) return absl::ResourceExhaustedError("the stream had no memory");
  const char* words = stream->get_last_error == nullptr ? nullptr : stream->get_last_error(stream);
  if (words == nullptr) return absl::DataLossError(absl::StrCat("the stream gave the error ", code));
  return absl::DataLossError(absl::StrCat("the stream gave the error ", code, ": ", Quoted(words)));
}

}  // namespace

absl::Status Aggregates::AddStream(ArrowArrayStream* stream, const AddOptions& options) {
  if (stream->release == nullptr) return absl::InvalidArgumentError("the stream has been released");
  Received<ArrowSchema> schema;
  if (const int code = stream->get_schema(stream, &schema.value); code != 0) return Failed(stream, code);
  // What has come so far, apart from what there was.
  absl::StatusOr<Aggregates> sum = Create(spec());
  if (!sum.ok()) return sum.status();
  AddOptions numbered = options;
  while (true) {
    Received<ArrowArray> array;
    if (const int code = stream->get_next(stream, &array.value); code != 0) return Failed(stream, code);
    if (array.value.release == nullptr) break;
    if (absl::Status status = sum->Add(schema.value, array.value, numbered); !status.ok()) return status;
    numbered.first_row += array.value.length;
  }
  return Merge(*sum);
}

}  // namespace csat
