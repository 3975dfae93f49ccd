// Measures of a policy: records into aggregates, figures out.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <utility>
#include <vector>

#include "columns.h"
#include "handles.h"

namespace libcsat {
namespace {

struct MeasurePlan {
  MeasurePlanHandle handle;
};

std::vector<csat_string_view> Views(const std::vector<std::string>& texts) {
  std::vector<csat_string_view> views;
  for (const std::string& text : texts) views.push_back(View(text));
  return views;
}

MeasurePlan Compile(const Policy& policy, const std::vector<std::string>& measures,
                    const std::vector<std::string>& by, const std::string& time, int bucket) {
  const std::vector<csat_string_view> ids = Views(measures), keys = Views(by);
  csat_measure_options options = CSAT_MEASURE_OPTIONS_INIT;
  options.measures = ids.data();
  options.measures_count = ids.size();
  options.by = keys.data();
  options.by_count = keys.size();
  options.time_column = View(time);
  options.bucket = bucket;
  csat_measure_plan* made = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_measure_plan_compile(policy.handle.get(), &options, &made, &failure);
  Check(status, failure, "SpecError");
  return {MeasurePlanHandle(made)};
}

std::vector<std::string> ColumnsOf(const MeasurePlan& plan) {
  std::vector<std::string> names;
  for (int32_t i = 0; i < csat_measure_plan_column_count(plan.handle.get()); ++i) {
    const csat_string_view name = csat_measure_plan_column_name(plan.handle.get(), i);
    names.emplace_back(name.data, name.size);
  }
  return names;
}

Aggregates NewAggregates(const MeasurePlan& plan) {
  csat_aggregates* made = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_measure_plan_aggregates(plan.handle.get(), &made, &failure);
  Check(status, failure, "SpecError");
  return {AggregatesHandle(made)};
}

// `stream`: an object with __arrow_c_stream__.
void Add(const MeasurePlan& plan, Aggregates& aggregates, nb::object stream, int threads,
         bool refuse_bad_rows) {
  const nb::object capsule = stream.attr("__arrow_c_stream__")();
  auto* source = Pointer<ArrowArrayStream>(capsule, kStream);
  csat_aggregates_options options = CSAT_AGGREGATES_OPTIONS_INIT;
  options.threads = threads;
  options.bad_rows = refuse_bad_rows ? CSAT_BAD_ROWS_REFUSE : CSAT_BAD_ROWS_FAIL;
  csat_error* failure = nullptr;
  csat_status status;
  {
    nb::gil_scoped_release release;
    status =
        csat_measure_plan_add_stream(plan.handle.get(), aggregates.handle.get(), source, &options, &failure);
  }
  Check(status, failure, "TableError");
}

Columns Figures(const MeasurePlan& plan, const Aggregates& aggregates, double level) {
  Columns columns;
  Released<ArrowArray> batch;
  csat_error* failure = nullptr;
  const csat_status status = csat_measure_plan_figures(plan.handle.get(), aggregates.handle.get(), level,
                                                       &columns.schema.value, &batch.value, &failure);
  Check(status, failure, "SpecError");
  columns.batches.push_back(std::move(batch));
  return columns;
}

Columns FigureColumns(const MeasurePlan& plan, const Aggregates& aggregates) {
  Columns columns;
  Released<ArrowArray> batch;
  csat_error* failure = nullptr;
  const csat_status status = csat_measure_plan_columns(plan.handle.get(), aggregates.handle.get(),
                                                       &columns.schema.value, &batch.value, &failure);
  Check(status, failure, "SpecError");
  columns.batches.push_back(std::move(batch));
  return columns;
}

}  // namespace

void BindMeasures(nb::module_& module) {
  nb::class_<MeasurePlan>(module, "MeasurePlan")
      .def_static("compile", Compile, nb::arg("policy"), nb::kw_only(), nb::arg("measures"), nb::arg("by"),
                  nb::arg("time"), nb::arg("bucket"))
      .def("columns", ColumnsOf)
      .def("aggregates", NewAggregates)
      .def("add", Add, nb::arg("aggregates"), nb::arg("stream"), nb::kw_only(), nb::arg("threads"),
           nb::arg("refuse_bad_rows"))
      .def("figures", Figures, nb::arg("aggregates"), nb::arg("level"))
      .def("figure_columns", FigureColumns, nb::arg("aggregates"));
}

}  // namespace libcsat
