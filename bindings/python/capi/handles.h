// Owners of the C handles, and what every binding of a C function needs: texts, errors.
#ifndef LIBCSAT_PYTHON_CAPI_HANDLES_H_
#define LIBCSAT_PYTHON_CAPI_HANDLES_H_

#include <nanobind/nanobind.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "csat_c.h"

namespace libcsat {

namespace nb = nanobind;

template <typename T, void (*Free)(T*)>
struct Freed {
  void operator()(T* handle) const { Free(handle); }
};
template <typename T, void (*Free)(T*)>
using Handle = std::unique_ptr<T, Freed<T, Free>>;

using PolicyHandle = Handle<csat_policy, csat_policy_free>;
using PlanHandle = Handle<csat_plan, csat_plan_free>;
using RecordHandle = Handle<csat_record, csat_record_free>;
using ScoreHandle = Handle<csat_score, csat_score_free>;
using FiguresHandle = Handle<csat_figures, csat_figures_free>;
using DiagnosticsHandle = Handle<csat_diagnostics, csat_diagnostics_free>;
using CaseFailuresHandle = Handle<csat_case_failures, csat_case_failures_free>;
using LeastChangesHandle = Handle<csat_least_changes, csat_least_changes_free>;
using SimulationHandle = Handle<csat_simulation, csat_simulation_free>;
using CleaningHandle = Handle<csat_cleaning, csat_cleaning_free>;
using IncidentHandle = Handle<csat_incident, csat_incident_free>;
using PublicationHandle = Handle<csat_publication, csat_publication_free>;
using AggregatesHandle = Handle<csat_aggregates, csat_aggregates_free>;
using MeasurePlanHandle = Handle<csat_measure_plan, csat_measure_plan_free>;
using QuestionnaireHandle = Handle<csat_questionnaire, csat_questionnaire_free>;
using ResponseCheckHandle = Handle<csat_response_check, csat_response_check_free>;
using BufferHandle = Handle<csat_buffer, csat_buffer_free>;
using ErrorHandle = Handle<csat_error, csat_error_free>;

inline nb::str Text(csat_string_view text) { return nb::str(text.data, text.size); }
inline csat_string_view View(const std::string& text) { return {text.data(), text.size()}; }
inline nb::str Text(const BufferHandle& buffer) { return Text(csat_buffer_view(buffer.get())); }

// Sets the Python exception of a failed call and throws: class `type` of libcsat.error with code and place, or
// NotFoundError or MemoryError where the status says so.
[[noreturn]] void Raise(csat_status status, const ErrorHandle& error, const char* type);
[[noreturn]] void Raise(csat_status status, std::string_view message, const char* type);
// The same where the call failed. Takes the error over.
inline void Check(csat_status status, csat_error* failure, const char* type) {
  const ErrorHandle error(failure);
  if (status != CSAT_OK) Raise(status, error, type);
}

void BindPolicy(nb::module_& module);
void BindPlan(nb::module_& module);
void BindColumns(nb::module_& module);
void BindSimulation(nb::module_& module);
void BindCleaning(nb::module_& module);
void BindIncidents(nb::module_& module);
void BindPublications(nb::module_& module);
void BindAggregates(nb::module_& module);
void BindSampling(nb::module_& module);
void BindSamplingPlan(nb::module_& module);
void BindSurvey(nb::module_& module);
void BindMeasures(nb::module_& module);
void BindQuestionnaires(nb::module_& module);

struct Policy {
  PolicyHandle handle;
};

// A compiled scorecard with what scoring a Python dict needs ready. All but the handle is guarded by the GIL.
struct Plan {
  PlanHandle handle;
  // Field names by slot.
  std::vector<nb::object> names;
  // Slot by field name, for the keys of dicts.
  nb::dict slots;
  // Key and slot by position in the dict scored last: dicts that come one after another mostly share their key
  // objects and their order, and comparing a pointer is ten times quicker than a look-up. Slot -1: not read.
  std::vector<std::pair<nb::object, int32_t>> keys;
  // Records ready to be filled again.
  std::vector<RecordHandle> spare;
  std::vector<nb::object> grades, reasons, outcomes;
};

struct Aggregates {
  AggregatesHandle handle;
};

struct Publication {
  PublicationHandle handle;
};

}  // namespace libcsat

#endif  // LIBCSAT_PYTHON_CAPI_HANDLES_H_
