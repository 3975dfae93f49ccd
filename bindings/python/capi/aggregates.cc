// Exact aggregates: columns in, states that merge, tables and documents out.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <utility>
#include <vector>

#include "columns.h"
#include "handles.h"

namespace libcsat {
namespace {

using Give = csat_status (*)(const csat_aggregates*, csat_buffer**, csat_error**);
using Export = csat_status (*)(const csat_aggregates*, ArrowSchema*, ArrowArray*, csat_error**);

Aggregates Create(const std::string& spec) {
  csat_aggregates* made = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_aggregates_create(spec.data(), spec.size(), &made, &failure);
  Check(status, failure, "SpecError");
  return {AggregatesHandle(made)};
}

Aggregates FromBytes(nb::bytes bytes) {
  csat_aggregates* made = nullptr;
  csat_error* failure = nullptr;
  csat_status status;
  {
    nb::gil_scoped_release release;
    status = csat_aggregates_from_bytes(bytes.c_str(), bytes.size(), &made, &failure);
  }
  Check(status, failure, "SpecError");
  return {AggregatesHandle(made)};
}

Aggregates Copy(const Aggregates& aggregates) {
  csat_aggregates* made = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_aggregates_copy(aggregates.handle.get(), &made, &failure);
  Check(status, failure, "CsatError");
  return {AggregatesHandle(made)};
}

// `stream`: an object with __arrow_c_stream__.
void Add(Aggregates& aggregates, nb::object stream, int threads, bool refuse_bad_rows) {
  const nb::object capsule = stream.attr("__arrow_c_stream__")();
  auto* source = Pointer<ArrowArrayStream>(capsule, kStream);
  csat_aggregates_options options = CSAT_AGGREGATES_OPTIONS_INIT;
  options.threads = threads;
  options.bad_rows = refuse_bad_rows ? CSAT_BAD_ROWS_REFUSE : CSAT_BAD_ROWS_FAIL;
  csat_error* failure = nullptr;
  csat_status status;
  {
    nb::gil_scoped_release release;
    status = csat_aggregates_add_stream(aggregates.handle.get(), source, &options, &failure);
  }
  Check(status, failure, "TableError");
}

template <csat_status (*Combine)(csat_aggregates*, const csat_aggregates*, csat_error**)>
void With(Aggregates& aggregates, const Aggregates& other) {
  csat_error* failure = nullptr;
  const csat_status status = Combine(aggregates.handle.get(), other.handle.get(), &failure);
  Check(status, failure, "SpecError");
}

BufferHandle Given(const Aggregates& aggregates, Give give) {
  csat_buffer* buffer = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = give(aggregates.handle.get(), &buffer, &failure);
  Check(status, failure, "CsatError");
  return BufferHandle(buffer);
}

nb::bytes ToBytes(const Aggregates& aggregates) {
  const BufferHandle buffer = Given(aggregates, csat_aggregates_to_bytes);
  const csat_string_view bytes = csat_buffer_view(buffer.get());
  return nb::bytes(bytes.data, bytes.size);
}

template <Export Write>
Columns Table(const Aggregates& aggregates) {
  Columns columns;
  Released<ArrowArray> batch;
  csat_error* failure = nullptr;
  const csat_status status = Write(aggregates.handle.get(), &columns.schema.value, &batch.value, &failure);
  Check(status, failure, "TableError");
  columns.batches.push_back(std::move(batch));
  return columns;
}

nb::str Reliability(const Aggregates& aggregates, size_t group, const std::string& set, bool pairwise,
                    const std::vector<std::string>& reversed, double level) {
  std::vector<csat_string_view> names;
  for (const std::string& name : reversed) names.push_back(View(name));
  csat_reliability_options options = CSAT_RELIABILITY_OPTIONS_INIT;
  options.missing = pairwise ? CSAT_MISSING_PAIRWISE : CSAT_MISSING_LISTWISE;
  options.level = level;
  options.reversed = names.data();
  options.reversed_count = names.size();
  csat_buffer* buffer = nullptr;
  csat_error* failure = nullptr;
  csat_status status;
  {
    nb::gil_scoped_release release;
    status = csat_aggregates_reliability(aggregates.handle.get(), group, set.data(), set.size(), &options,
                                         &buffer, &failure);
  }
  Check(status, failure, "SpecError");
  return Text(BufferHandle(buffer));
}

}  // namespace

void BindAggregates(nb::module_& module) {
  nb::class_<Aggregates>(module, "Aggregates")
      .def_static("create", Create)
      .def_static("from_bytes", FromBytes)
      .def("copy", Copy)
      .def("add", Add, nb::arg("stream"), nb::kw_only(), nb::arg("threads"), nb::arg("refuse_bad_rows"))
      .def("merge", With<csat_aggregates_merge>)
      .def("subtract", With<csat_aggregates_subtract>)
      .def("to_bytes", ToBytes)
      .def("spec", [](const Aggregates& a) { return Text(Given(a, csat_aggregates_spec)); })
      .def_prop_ro("rows", [](const Aggregates& a) { return csat_aggregates_row_count(a.handle.get()); })
      .def_prop_ro("refused",
                   [](const Aggregates& a) { return csat_aggregates_refused_count(a.handle.get()); })
      .def_prop_ro("groups", [](const Aggregates& a) { return csat_aggregates_group_count(a.handle.get()); })
      .def("groups_table", Table<csat_aggregates_groups>)
      .def("levels_table", Table<csat_aggregates_levels>)
      .def("reliability", Reliability, nb::arg("group"), nb::arg("set"), nb::kw_only(), nb::arg("pairwise"),
           nb::arg("reversed"), nb::arg("level"));
}

}  // namespace libcsat
