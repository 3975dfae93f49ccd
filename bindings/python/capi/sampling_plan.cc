// Sampling plans: what a policy's rules say.
#include <nanobind/stl/string.h>

#include <string>

#include "columns.h"
#include "handles.h"

namespace libcsat {
namespace {

nb::str Rules(const Policy& policy) {
  csat_buffer* buffer = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_policy_sampling_rules(policy.handle.get(), &buffer, &failure);
  Check(status, failure, "CsatError");
  return Text(BufferHandle(buffer));
}

// `batch`: an object with __arrow_c_array__, or None.
nb::str Apply(const Policy& policy, const std::string& rule, nb::bytes given, nb::object batch) {
  const ArrowSchema* schema = nullptr;
  const ArrowArray* array = nullptr;
  nb::object pair;
  if (!batch.is_none()) {
    pair = batch.attr("__arrow_c_array__")();
    const nb::object type = pair[0], rows = pair[1];
    schema = Pointer<ArrowSchema>(type, kSchema);
    array = Pointer<ArrowArray>(rows, kArray);
  }
  csat_buffer* buffer = nullptr;
  csat_error* failure = nullptr;
  csat_status status;
  {
    nb::gil_scoped_release release;
    status = csat_policy_apply_sampling_rule(policy.handle.get(), rule.data(), rule.size(), given.c_str(),
                                             given.size(), schema, array, &buffer, &failure);
  }
  Check(status, failure, batch.is_none() ? "RecordError" : "TableError");
  return Text(BufferHandle(buffer));
}

}  // namespace

void BindSamplingPlan(nb::module_& module) {
  module.def("sampling_rules", Rules);
  module.def("apply_sampling_rule", Apply, nb::arg("policy"), nb::arg("rule"), nb::arg("given"),
             nb::arg("batch").none());
}

}  // namespace libcsat
