// Tables: Arrow arrays and streams in through the PyCapsule interface, result columns out the same way.
#include <nanobind/stl/string.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "columns.h"
#include "handles.h"

namespace libcsat {
namespace {

// Gives the batches of a Columns, one after another.
struct Stream {
  Released<ArrowSchema> schema;
  std::vector<Released<ArrowArray>> batches;
  size_t next = 0;
};

// A schema of its own with the same content. Only what csat_plan_score_batch() makes is copied: formats, names,
// dictionaries; it has no metadata.
struct SchemaCopy {
  std::string format, name;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
  ArrowSchema dictionary{};
};

void ReleaseSchemaCopy(ArrowSchema* schema) {
  auto* copy = static_cast<SchemaCopy*>(schema->private_data);
  for (ArrowSchema& child : copy->children) {
    if (child.release != nullptr) child.release(&child);
  }
  if (copy->dictionary.release != nullptr) copy->dictionary.release(&copy->dictionary);
  delete copy;
  schema->release = nullptr;
}

void CopySchema(const ArrowSchema& from, ArrowSchema* to) {
  auto* copy = new SchemaCopy;
  copy->format = from.format;
  copy->name = from.name != nullptr ? from.name : "";
  copy->children.resize(static_cast<size_t>(from.n_children));
  for (size_t i = 0; i < copy->children.size(); ++i) {
    CopySchema(*from.children[i], &copy->children[i]);
    copy->pointers.push_back(&copy->children[i]);
  }
  *to = ArrowSchema{};
  to->format = copy->format.c_str();
  to->name = copy->name.c_str();
  to->flags = from.flags;
  to->n_children = from.n_children;
  to->children = copy->pointers.data();
  if (from.dictionary != nullptr) {
    CopySchema(*from.dictionary, &copy->dictionary);
    to->dictionary = &copy->dictionary;
  }
  to->release = ReleaseSchemaCopy;
  to->private_data = copy;
}

int StreamSchema(ArrowArrayStream* stream, ArrowSchema* out) {
  CopySchema(static_cast<Stream*>(stream->private_data)->schema.value, out);
  return 0;
}

int StreamNext(ArrowArrayStream* stream, ArrowArray* out) {
  auto* state = static_cast<Stream*>(stream->private_data);
  *out = ArrowArray{};
  if (state->next < state->batches.size()) *out = state->batches[state->next++].Move();
  return 0;
}

const char* StreamError(ArrowArrayStream*) { return nullptr; }

void ReleaseStream(ArrowArrayStream* stream) {
  delete static_cast<Stream*>(stream->private_data);
  stream->release = nullptr;
}

template <typename T>
void ReleaseCapsule(PyObject* capsule, const char* name) {
  auto* value = static_cast<T*>(PyCapsule_GetPointer(capsule, name));
  if (value == nullptr) {
    PyErr_Clear();
    return;
  }
  if (value->release != nullptr) value->release(value);
  delete value;
}

// A capsule that owns `value`; `name` is one of the three above.
template <typename T, const char* name>
nb::object Capsule(T value) {
  auto* owned = new T(value);
  PyObject* capsule = PyCapsule_New(owned, name, [](PyObject* object) { ReleaseCapsule<T>(object, name); });
  if (capsule == nullptr) {
    owned->release(owned);
    delete owned;
    throw nb::python_error();
  }
  return nb::steal(capsule);
}

nb::object ToStream(Columns& columns, nb::object) {
  if (columns.taken) Raise(CSAT_FAILED_PRECONDITION, "these result columns were taken before", "TableError");
  columns.taken = true;
  ArrowArrayStream stream{};
  stream.get_schema = StreamSchema;
  stream.get_next = StreamNext;
  stream.get_last_error = StreamError;
  stream.release = ReleaseStream;
  stream.private_data = new Stream{std::move(columns.schema), std::move(columns.batches), 0};
  return Capsule<ArrowArrayStream, kStream>(stream);
}

// The message of a failed batch; "row 3: ..." counts from the first row of the table, of which `before` came in
// earlier batches.
std::string MessageOf(const ErrorHandle& error, int64_t before) {
  const csat_string_view text = csat_error_message(error.get());
  const std::string message(text.data, text.size);
  constexpr std::string_view kRow = "row ";
  if (message.compare(0, kRow.size(), kRow) != 0) return message;
  char* end = nullptr;
  const long long row = std::strtoll(message.c_str() + kRow.size(), &end, 10);
  return end == message.c_str() + kRow.size() ? message
                                              : std::string(kRow) + std::to_string(before + row) + end;
}

void ScoreArray(const Plan& plan, const ArrowSchema* schema, const ArrowArray* array, int64_t before,
                const csat_batch_options& options, Columns* columns) {
  csat_error* failure = nullptr;
  csat_status status;
  Released<ArrowSchema> type;
  Released<ArrowArray> batch;
  {
    nb::gil_scoped_release release;
    status = csat_plan_score_batch(plan.handle.get(), schema, array, &options, &type.value, &batch.value,
                                   &failure);
  }
  const ErrorHandle error(failure);
  if (status != CSAT_OK) Raise(status, MessageOf(error, before), "TableError");
  if (columns->batches.empty()) columns->schema.value = type.Move();
  columns->batches.push_back(std::move(batch));
}

[[noreturn]] void RaiseStream(ArrowArrayStream* stream, int code) {
  if (code == ENOMEM) {
    PyErr_NoMemory();
    throw nb::python_error();
  }
  const char* message = stream->get_last_error(stream);
  Raise(code == EINVAL ? CSAT_INVALID_ARGUMENT : CSAT_INTERNAL,
        message != nullptr ? std::string(message) : std::string(std::strerror(code)), "TableError");
}

// Batch by batch, so that an error can say which row of the table it speaks of.
void ScoreStream(const Plan& plan, ArrowArrayStream* in, const csat_batch_options& options,
                 Columns* columns) {
  Released<ArrowSchema> schema;
  if (const int code = in->get_schema(in, &schema.value); code != 0) RaiseStream(in, code);
  for (int64_t before = 0;;) {
    Released<ArrowArray> batch;
    int code;
    {
      nb::gil_scoped_release release;
      code = in->get_next(in, &batch.value);
    }
    if (code != 0) RaiseStream(in, code);
    if (batch.value.release == nullptr) break;
    ScoreArray(plan, &schema.value, &batch.value, before, options, columns);
    before += batch.value.length;
  }
  if (!columns->batches.empty()) return;
  // No batch, no result to take the type of: an exhausted stream still has one.
  Released<ArrowArrayStream> out;
  csat_batch_options without_keys = options;
  without_keys.subject_column = without_keys.period_column = {"", 0};
  csat_error* failure = nullptr;
  const csat_status status =
      csat_plan_score_stream(plan.handle.get(), in, &without_keys, &out.value, &failure);
  Check(status, failure, "TableError");
  if (const int code = out.value.get_schema(&out.value, &columns->schema.value); code != 0) {
    RaiseStream(&out.value, code);
  }
}

// Scores a table: an object with __arrow_c_array__ or __arrow_c_stream__.
Columns ScoreTable(const Plan& plan, nb::object table, int threads, bool refuse_bad_rows, bool base,
                   bool contributions, bool exact, int top_reasons, const std::string& subject,
                   const std::string& period, const std::string& prefix) {
  csat_batch_options options = CSAT_BATCH_OPTIONS_INIT;
  options.threads = threads;
  options.bad_rows = refuse_bad_rows ? CSAT_BAD_ROWS_REFUSE : CSAT_BAD_ROWS_FAIL;
  options.flags = (base ? CSAT_BATCH_BASE : 0) | (contributions ? CSAT_BATCH_CONTRIBUTIONS : 0) |
                  (exact ? CSAT_BATCH_DECIMAL_SCORES : 0);
  options.top_reasons = top_reasons;
  options.subject_column = View(subject);
  options.period_column = View(period);
  options.prefix = View(prefix);
  Columns columns;
  if (nb::hasattr(table, "__arrow_c_array__")) {
    const nb::object pair = table.attr("__arrow_c_array__")();
    const nb::object schema = pair[0], array = pair[1];
    ScoreArray(plan, Pointer<ArrowSchema>(schema, kSchema), Pointer<ArrowArray>(array, kArray), 0, options,
               &columns);
  } else {
    const nb::object stream = table.attr("__arrow_c_stream__")();
    ScoreStream(plan, Pointer<ArrowArrayStream>(stream, kStream), options, &columns);
  }
  return columns;
}

}  // namespace

void BindColumns(nb::module_& module) {
  nb::class_<Columns>(module, "Columns")
      .def("__arrow_c_stream__", ToStream, nb::arg("requested_schema") = nb::none())
      .def_prop_ro("batch_count", [](const Columns& c) { return c.batches.size(); });
  module.def("score_table", ScoreTable, nb::arg("plan"), nb::arg("table"), nb::kw_only(), nb::arg("threads"),
             nb::arg("refuse_bad_rows"), nb::arg("base"), nb::arg("contributions"), nb::arg("exact"),
             nb::arg("top_reasons"), nb::arg("subject"), nb::arg("period"), nb::arg("prefix"));
}

}  // namespace libcsat
