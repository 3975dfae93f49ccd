#include "arrow/stream.h"

#include <cerrno>

#include "absl/strings/str_cat.h"
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

absl::Status ForEachArray(
    ArrowArrayStream* stream,
    const std::function<absl::Status(const ArrowSchema&, const ArrowArray&, std::int64_t)>& visit) {
  if (stream->release == nullptr) return absl::InvalidArgumentError("the stream has been released");
  Received<ArrowSchema> schema;
  if (const int code = stream->get_schema(stream, &schema.value); code != 0) return Failed(stream, code);
  for (std::int64_t rows = 0;;) {
    Received<ArrowArray> array;
    if (const int code = stream->get_next(stream, &array.value); code != 0) return Failed(stream, code);
    if (array.value.release == nullptr) return absl::OkStatus();
    if (absl::Status status = visit(schema.value, array.value, rows); !status.ok()) return status;
    rows += array.value.length;
  }
}

}  // namespace csat
