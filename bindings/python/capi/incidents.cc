// Incidents, and the figures that they give.
#include <nanobind/stl/string.h>

#include <utility>

#include "columns.h"
#include "handles.h"

namespace libcsat {
namespace {

struct Incident {
  IncidentHandle handle;
};

// Makes an incident by a C function that takes `out` and `error` last.
template <typename Make>
Incident Made(Make make) {
  csat_incident* made = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = make(&made, &failure);
  Check(status, failure, "IncidentError");
  return {IncidentHandle(made)};
}

Incident Propose(const std::string& id, const std::string& subject, const std::string& code, int64_t at) {
  return Made([&](csat_incident** out, csat_error** error) {
    return csat_incident_propose(id.data(), id.size(), subject.data(), subject.size(), code.data(),
                                 code.size(), at, out, error);
  });
}

Incident Confirm(const Incident& incident, int64_t at, const std::string& evidence,
                 const std::string& approval) {
  return Made([&](csat_incident** out, csat_error** error) {
    return csat_incident_confirm(incident.handle.get(), at, evidence.data(), evidence.size(), approval.data(),
                                 approval.size(), out, error);
  });
}

Incident Revoke(const Incident& incident, int64_t at, const std::string& reason) {
  return Made([&](csat_incident** out, csat_error** error) {
    return csat_incident_revoke(incident.handle.get(), at, reason.data(), reason.size(), out, error);
  });
}

Incident Parse(nb::bytes json) {
  return Made([&](csat_incident** out, csat_error** error) {
    return csat_incident_parse(json.c_str(), json.size(), out, error);
  });
}

nb::str ToJson(const Incident& incident) {
  csat_buffer* buffer = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_incident_to_json(incident.handle.get(), &buffer, &failure);
  Check(status, failure, "CsatError");
  return Text(BufferHandle(buffer));
}

std::vector<const csat_incident*> Handles(nb::list incidents) {
  std::vector<const csat_incident*> handles;
  for (nb::handle incident : incidents) {
    handles.push_back(nb::cast<const Incident&>(incident).handle.get());
  }
  return handles;
}

int64_t Count(const Plan& plan, const std::string& veto, nb::list incidents, const std::string& subject,
              const std::string& period) {
  const std::vector<const csat_incident*> handles = Handles(incidents);
  int64_t count = 0;
  csat_error* failure = nullptr;
  const csat_status status = csat_plan_count_incidents(
      plan.handle.get(), veto.data(), veto.size(), handles.data(), handles.size(), subject.data(),
      subject.size(), period.data(), period.size(), &count, &failure);
  Check(status, failure, "IncidentError");
  return count;
}

// `batch`: an object with __arrow_c_array__.
Columns Apply(const Plan& plan, nb::list incidents, nb::object batch, const std::string& subject,
              const std::string& period) {
  const std::vector<const csat_incident*> handles = Handles(incidents);
  const nb::object pair = batch.attr("__arrow_c_array__")();
  const nb::object schema = pair[0], array = pair[1];
  const auto* type = Pointer<ArrowSchema>(schema, kSchema);
  const auto* rows = Pointer<ArrowArray>(array, kArray);
  Columns columns;
  Released<ArrowArray> made;
  csat_error* failure = nullptr;
  csat_status status;
  {
    nb::gil_scoped_release release;
    status = csat_plan_apply_incidents(plan.handle.get(), handles.data(), handles.size(), type, rows,
                                       subject.data(), subject.size(), period.data(), period.size(),
                                       &columns.schema.value, &made.value, &failure);
  }
  Check(status, failure, "TableError");
  columns.batches.push_back(std::move(made));
  return columns;
}

}  // namespace

void BindIncidents(nb::module_& module) {
  nb::class_<Incident>(module, "Incident")
      .def_static("propose", Propose)
      .def_static("parse", Parse)
      .def("confirm", Confirm)
      .def("revoke", Revoke)
      .def("to_json", ToJson);
  module.def("count_incidents", Count);
  module.def("apply_incidents", Apply);
}

}  // namespace libcsat
