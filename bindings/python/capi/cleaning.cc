// Cleaning: responses in, a verdict for each.
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <utility>

#include "columns.h"
#include "handles.h"

namespace libcsat {
namespace {

struct Cleaning {
  CleaningHandle handle;
};

nb::str Fields(const Policy& policy) {
  csat_buffer* buffer = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_policy_cleaning_fields(policy.handle.get(), &buffer, &failure);
  Check(status, failure, "CsatError");
  return Text(BufferHandle(buffer));
}

// `batch`: an object with __arrow_c_array__. `decisions`: ids of responses and numbers of outcomes.
Cleaning Run(const Policy& policy, nb::object batch, int threads, const std::string& seed,
             const std::vector<std::pair<std::string, int>>& decisions) {
  const nb::object pair = batch.attr("__arrow_c_array__")();
  const nb::object schema = pair[0], array = pair[1];
  const auto* type = Pointer<ArrowSchema>(schema, kSchema);
  const auto* rows = Pointer<ArrowArray>(array, kArray);
  std::vector<csat_review_decision> given;
  for (const auto& [response, outcome] : decisions) given.push_back({View(response), outcome, 0});
  csat_cleaning_options options = CSAT_CLEANING_OPTIONS_INIT;
  options.threads = threads;
  options.seed = View(seed);
  options.decisions = given.data();
  options.decision_count = given.size();
  csat_cleaning* made = nullptr;
  csat_error* failure = nullptr;
  csat_status status;
  {
    nb::gil_scoped_release release;
    status = csat_policy_clean(policy.handle.get(), type, rows, &options, &made, &failure);
  }
  const ErrorHandle error(failure);
  if (status != CSAT_OK)
    Raise(status, error, status == CSAT_FAILED_PRECONDITION ? "CsatError" : "TableError");
  return {CleaningHandle(made)};
}

void MayBeScored(const Cleaning& cleaning) {
  csat_error* failure = nullptr;
  const csat_status status = csat_cleaning_may_be_scored(cleaning.handle.get(), &failure);
  Check(status, failure, "CsatError");
}

template <csat_status (*Give)(const csat_cleaning*, ArrowSchema*, ArrowArray*, csat_error**)>
Columns Rows(const Cleaning& cleaning) {
  Columns columns;
  Released<ArrowArray> batch;
  csat_error* failure = nullptr;
  const csat_status status = Give(cleaning.handle.get(), &columns.schema.value, &batch.value, &failure);
  Check(status, failure, "CsatError");
  columns.batches.push_back(std::move(batch));
  return columns;
}

nb::str ToJson(const Cleaning& cleaning) {
  csat_buffer* buffer = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_cleaning_to_json(cleaning.handle.get(), &buffer, &failure);
  Check(status, failure, "CsatError");
  return Text(BufferHandle(buffer));
}

}  // namespace

void BindCleaning(nb::module_& module) {
  module.def("cleaning_fields", Fields);
  nb::class_<Cleaning>(module, "Cleaning")
      .def_static("run", Run, nb::arg("policy"), nb::arg("batch"), nb::kw_only(), nb::arg("threads"),
                  nb::arg("seed"), nb::arg("decisions"))
      .def("may_be_scored", MayBeScored)
      .def("verdicts", Rows<csat_cleaning_verdicts>)
      .def("ledger", Rows<csat_cleaning_ledger>)
      .def("to_json", ToJson);
}

}  // namespace libcsat
