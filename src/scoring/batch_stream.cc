// ScoreStream. Tested by tests/scoring/batch_stream_test.cc.
#include <cerrno>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "arrow/export.h"
#include "csat/model/foreign_text.h"
#include "csat/scoring/batch.h"
#include "scoring/batch_output.h"

namespace csat {
namespace {

// What the result stream owns.
struct ScoredStream {
  ScoredStream(const Plan& p, const BatchOptions& o, const ArrowArrayStream& source)
      : plan(p), options(o), in(source) {}
  ~ScoredStream() {
    if (schema.release != nullptr) schema.release(&schema);
    if (in.release != nullptr) in.release(&in);
  }

  Plan plan;
  BatchOptions options;
  ArrowArrayStream in;
  ArrowSchema schema{};  // Of `in`, from its first chunk on.
  std::int64_t chunks = 0;
  std::string error;
};

ScoredStream& Of(ArrowArrayStream* stream) { return *static_cast<ScoredStream*>(stream->private_data); }

// The failure of a callback of `in`, with its words.
int Pass(ScoredStream* self, int code) {
  const char* words = self->in.get_last_error == nullptr ? nullptr : self->in.get_last_error(&self->in);
  self->error = words == nullptr ? absl::StrCat("the stream to be scored gave the error ", code) : words;
  return code;
}

// Runs a callback: what is thrown in it, or in a callback of `in`, is an error of the stream.
template <typename Body>
int Call(ScoredStream* self, Body body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    self->error.assign("out of memory");  // So short that it needs none.
    return ENOMEM;
  } catch (...) {
    self->error.clear();
    return EIO;
  }
}

int GetSchema(ArrowArrayStream* stream, ArrowSchema* out) {
  ScoredStream& self = Of(stream);
  return Call(&self, [&] {
    BatchOutput output(self.plan.compiled(), self.options);
    ExportStructSchema(output.columns(), out);
    return 0;
  });
}

int ScoreNext(ScoredStream* self, ArrowArray* out) {
  if (self->schema.release == nullptr) {
    if (const int code = self->in.get_schema(&self->in, &self->schema); code != 0) return Pass(self, code);
  }
  ArrowArray chunk{};
  if (const int code = self->in.get_next(&self->in, &chunk); code != 0) return Pass(self, code);
  if (chunk.release == nullptr) {
    *out = ArrowArray{};
    return 0;
  }
  struct Release {
    ArrowArray* array;
    ~Release() { array->release(array); }
  } release{&chunk};
  ArrowSchema schema{};
  const absl::Status status = ScoreBatch(self->plan, self->schema, chunk, self->options, &schema, out);
  if (status.ok()) {
    schema.release(&schema);
    ++self->chunks;
    return 0;
  }
  self->error = absl::StrCat("chunk ", self->chunks, ": ", status.message());
  return status.code() == absl::StatusCode::kResourceExhausted ? ENOMEM : EINVAL;
}

int GetNext(ArrowArrayStream* stream, ArrowArray* out) {
  return Call(&Of(stream), [&] { return ScoreNext(&Of(stream), out); });
}

const char* GetLastError(ArrowArrayStream* stream) {
  const std::string& error = Of(stream).error;
  return error.empty() ? nullptr : error.c_str();
}

void Release(ArrowArrayStream* stream) {
  delete &Of(stream);
  stream->release = nullptr;
}

}  // namespace

absl::Status ScoreStream(const Plan& plan, ArrowArrayStream* in, const BatchOptions& options,
                         ArrowArrayStream* out) {
  if (in->release == nullptr) return absl::InvalidArgumentError("the stream has been released");
  if (absl::Status status = CheckBatchOptions(plan, options); !status.ok()) return status;
  if (!options.subject_column.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("subject_column ", Quoted(options.subject_column),
                     ": a subject's records may lie in several chunks; score them as one batch"));
  }
  auto stream = std::make_unique<ScoredStream>(plan, options, *in);
  in->release = nullptr;
  *out = ArrowArrayStream{};
  out->get_schema = GetSchema;
  out->get_next = GetNext;
  out->get_last_error = GetLastError;
  out->release = Release;
  out->private_data = stream.release();
  return absl::OkStatus();
}

}  // namespace csat
