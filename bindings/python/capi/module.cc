// libcsat._capi: the C interface as Python objects, one to one. What is idiomatic is in libcsat/*.py.
#include <string>

#include "handles.h"

namespace libcsat {
namespace {

[[noreturn]] void RaiseAt(csat_status status, std::string_view message, const char* type,
                          std::string_view path, int line, int column) {
  if (status == CSAT_RESOURCE_EXHAUSTED && message.empty()) {
    PyErr_NoMemory();
    throw nb::python_error();
  }
  if (status == CSAT_NOT_FOUND) type = "NotFoundError";
  nb::object exception = nb::module_::import_("libcsat.error").attr(type);
  nb::dict place;
  place["code"] = nb::str(csat_status_name(status));
  place["path"] = path.empty() ? nb::object(nb::none()) : nb::object(nb::str(path.data(), path.size()));
  place["line"] = line > 0 ? nb::object(nb::int_(line)) : nb::object(nb::none());
  place["column"] = column > 0 ? nb::object(nb::int_(column)) : nb::object(nb::none());
  nb::object raised = exception(nb::str(message.data(), message.size()), **place);
  PyErr_SetObject(exception.ptr(), raised.ptr());
  throw nb::python_error();
}

}  // namespace

void Raise(csat_status status, const ErrorHandle& error, const char* type) {
  const csat_string_view message = csat_error_message(error.get());
  const csat_string_view path = csat_error_path(error.get());
  RaiseAt(status, {message.data, message.size}, type, {path.data, path.size}, csat_error_line(error.get()),
          csat_error_column(error.get()));
}

void Raise(csat_status status, std::string_view message, const char* type) {
  RaiseAt(status, message, type, {}, 0, 0);
}

}  // namespace libcsat

// nanobind keeps its types once in a process: a second interpreter that ran its part of the initialisation would
// take them from the first. So this one comes before it.
#define PyInit__capi InitialiseOnce
NB_MODULE(_capi, module) {
  module.def(
      "version", [] { return csat_version(); }, "Release of libcsat.so.");
  libcsat::BindPolicy(module);
  libcsat::BindPlan(module);
  libcsat::BindColumns(module);
  libcsat::BindPublications(module);
  libcsat::BindSimulation(module);
  libcsat::BindCleaning(module);
  libcsat::BindIncidents(module);
  libcsat::BindAggregates(module);
  libcsat::BindSampling(module);
  libcsat::BindSamplingPlan(module);
  libcsat::BindSurvey(module);
  libcsat::BindMeasures(module);
  libcsat::BindQuestionnaires(module);
}
#undef PyInit__capi

extern "C" NB_EXPORT PyObject* PyInit__capi(void) {
  if (PyInterpreterState_GetID(PyInterpreterState_Get()) != 0) {
    PyErr_SetString(PyExc_ImportError,
                    "libcsat works in the main interpreter alone, not in a subinterpreter");
    return nullptr;
  }
  return InitialiseOnce();
}
