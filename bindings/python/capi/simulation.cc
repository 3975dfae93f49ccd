// Two plans over the same columns, batch after batch.
#include <nanobind/stl/string.h>

#include <utility>

#include "columns.h"
#include "handles.h"

namespace libcsat {
namespace {

struct Simulation {
  SimulationHandle handle;
};

Simulation Create(const Plan& before, const Plan& after, int threads, bool refuse_bad_rows, bool sensitivity,
                  int64_t max_changes, const std::string& subject, const std::string& period) {
  csat_simulation_options options = CSAT_SIMULATION_OPTIONS_INIT;
  options.threads = threads;
  options.bad_rows = refuse_bad_rows ? CSAT_BAD_ROWS_REFUSE : CSAT_BAD_ROWS_FAIL;
  options.flags = sensitivity ? CSAT_SIMULATION_SENSITIVITY : 0;
  options.max_changes = max_changes;
  options.subject_column = View(subject);
  options.period_column = View(period);
  csat_simulation* made = nullptr;
  csat_error* failure = nullptr;
  const csat_status status =
      csat_simulation_create(before.handle.get(), after.handle.get(), &options, &made, &failure);
  Check(status, failure, "TableError");
  return {SimulationHandle(made)};
}

// `batch`: an object with __arrow_c_array__.
void Add(Simulation& simulation, nb::object batch) {
  const nb::object pair = batch.attr("__arrow_c_array__")();
  const nb::object schema = pair[0], array = pair[1];
  const auto* type = Pointer<ArrowSchema>(schema, kSchema);
  const auto* rows = Pointer<ArrowArray>(array, kArray);
  csat_error* failure = nullptr;
  csat_status status;
  {
    nb::gil_scoped_release release;
    status = csat_simulation_add_batch(simulation.handle.get(), type, rows, &failure);
  }
  Check(status, failure, "TableError");
}

nb::str ToJson(const Simulation& simulation) {
  csat_buffer* buffer = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_simulation_to_json(simulation.handle.get(), &buffer, &failure);
  Check(status, failure, "CsatError");
  return Text(BufferHandle(buffer));
}

Columns Changes(const Simulation& simulation) {
  Columns columns;
  Released<ArrowArray> batch;
  csat_error* failure = nullptr;
  const csat_status status =
      csat_simulation_changes(simulation.handle.get(), &columns.schema.value, &batch.value, &failure);
  Check(status, failure, "CsatError");
  columns.batches.push_back(std::move(batch));
  return columns;
}

}  // namespace

void BindSimulation(nb::module_& module) {
  nb::class_<Simulation>(module, "Simulation")
      .def_static("create", Create, nb::arg("before"), nb::arg("after"), nb::kw_only(), nb::arg("threads"),
                  nb::arg("refuse_bad_rows"), nb::arg("sensitivity"), nb::arg("max_changes"),
                  nb::arg("subject"), nb::arg("period"))
      .def("add", Add)
      .def("to_json", ToJson)
      .def("changes", Changes);
}

}  // namespace libcsat
