// Policies, their findings and their cases.
#include <nanobind/stl/string.h>

#include <string>

#include "handles.h"

namespace libcsat {
namespace {

// Findings as tuples (severity, code, path, line, column, message en, message zh, remedy en, remedy zh, witness).
nb::list Findings(const csat_diagnostics* findings) {
  nb::list list;
  if (findings == nullptr) return list;
  for (size_t i = 0; i < csat_diagnostics_count(findings); ++i) {
    list.append(nb::make_tuple(
        csat_diagnostics_severity(findings, i), Text(csat_diagnostics_code(findings, i)),
        Text(csat_diagnostics_path(findings, i)), csat_diagnostics_line(findings, i),
        csat_diagnostics_column(findings, i), Text(csat_diagnostics_message(findings, i, "en", 2)),
        Text(csat_diagnostics_message(findings, i, "zh", 2)),
        Text(csat_diagnostics_remedy(findings, i, "en", 2)),
        Text(csat_diagnostics_remedy(findings, i, "zh", 2)), Text(csat_diagnostics_witness(findings, i))));
  }
  return list;
}

// (policy or None, findings, error line or None)
nb::tuple Parse(nb::bytes json) {
  csat_policy* policy = nullptr;
  csat_diagnostics* findings = nullptr;
  csat_error* failure = nullptr;
  csat_status status;
  {
    nb::gil_scoped_release release;
    status = csat_policy_parse(json.c_str(), json.size(), &policy, &findings, &failure);
  }
  const DiagnosticsHandle owned(findings);
  const ErrorHandle error(failure);
  if (status == CSAT_OK)
    return nb::make_tuple(nb::cast(Policy{PolicyHandle(policy)}), Findings(findings), nb::none());
  if (status != CSAT_INVALID_ARGUMENT) Raise(status, error, "CsatError");
  return nb::make_tuple(nb::none(), Findings(findings), Text(csat_error_message(error.get())));
}

nb::list FindingsOf(const Policy& policy) {
  csat_diagnostics* findings = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_policy_check(policy.handle.get(), &findings, &failure);
  Check(status, failure, "CsatError");
  const DiagnosticsHandle owned(findings);
  return Findings(findings);
}

nb::list Assumed(const Policy& policy) {
  const csat_policy* handle = policy.handle.get();
  nb::list list;
  for (size_t i = 0; i < csat_policy_assumed_count(handle); ++i) {
    nb::list clauses;
    for (size_t c = 0; c < csat_policy_assumed_clause_count(handle, i); ++c) {
      clauses.append(Text(csat_policy_assumed_clause(handle, i, c)));
    }
    list.append(nb::make_tuple(Text(csat_policy_assumed_path(handle, i)), nb::tuple(clauses)));
  }
  return list;
}

nb::str CaseJson(const Policy& policy, size_t index,
                 csat_status (*write)(const csat_policy*, size_t, csat_buffer**, csat_error**)) {
  csat_buffer* buffer = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = write(policy.handle.get(), index, &buffer, &failure);
  Check(status, failure, "CsatError");
  return Text(BufferHandle(buffer));
}

// (name, scorecard, clauses, record, table and expectation as JSON, questionnaire, event, rule of sampling) of each case.
nb::list Cases(const Policy& policy) {
  const csat_policy* handle = policy.handle.get();
  nb::list list;
  for (size_t i = 0; i < csat_policy_case_count(handle); ++i) {
    nb::list clauses;
    for (size_t c = 0; c < csat_policy_case_clause_count(handle, i); ++c) {
      clauses.append(Text(csat_policy_case_clause(handle, i, c)));
    }
    list.append(nb::make_tuple(
        Text(csat_policy_case_name(handle, i)), Text(csat_policy_case_scorecard(handle, i)),
        nb::tuple(clauses), CaseJson(policy, i, csat_policy_case_record),
        CaseJson(policy, i, csat_policy_case_table), CaseJson(policy, i, csat_policy_case_expect),
        Text(csat_policy_case_questionnaire(handle, i)), Text(csat_policy_case_event(handle, i)),
        Text(csat_policy_case_sampling(handle, i))));
  }
  return list;
}

// (index of the case, what did not come out) of each failure.
nb::list RunCases(const Policy& policy) {
  csat_case_failures* failures = nullptr;
  csat_error* failure = nullptr;
  csat_status status;
  {
    nb::gil_scoped_release release;
    status = csat_policy_run_cases(policy.handle.get(), &failures, &failure);
  }
  Check(status, failure, "CsatError");
  const CaseFailuresHandle owned(failures);
  nb::list list;
  for (size_t i = 0; i < csat_case_failures_count(failures); ++i) {
    list.append(
        nb::make_tuple(csat_case_failures_case(failures, i), Text(csat_case_failures_message(failures, i))));
  }
  return list;
}

std::vector<const csat_policy*> Handles(nb::list versions) {
  std::vector<const csat_policy*> handles;
  for (nb::handle version : versions) handles.push_back(nb::cast<const Policy&>(version).handle.get());
  return handles;
}

nb::list CheckVersions(nb::list versions) {
  const std::vector<const csat_policy*> handles = Handles(versions);
  csat_diagnostics* findings = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_policy_check_versions(handles.data(), handles.size(), &findings, &failure);
  Check(status, failure, "CsatError");
  const DiagnosticsHandle owned(findings);
  return Findings(findings);
}

size_t InForce(nb::list versions, const std::string& day) {
  const std::vector<const csat_policy*> handles = Handles(versions);
  size_t index = 0;
  csat_error* failure = nullptr;
  const csat_status status =
      csat_policy_in_force(handles.data(), handles.size(), day.data(), day.size(), &index, &failure);
  Check(status, failure, "CsatError");
  return index;
}

nb::str JsonSchema() {
  csat_buffer* buffer = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_policy_json_schema(&buffer, &failure);
  Check(status, failure, "CsatError");
  return Text(BufferHandle(buffer));
}

}  // namespace

void BindPolicy(nb::module_& module) {
  nb::class_<Policy>(module, "Policy")
      .def_static("parse", Parse)
      .def("check", FindingsOf)
      .def("assumed", Assumed)
      .def("cases", Cases)
      .def("run_cases", RunCases)
      .def("label",
           [](const Policy& p, const std::string& language) {
             return Text(csat_policy_label(p.handle.get(), language.data(), language.size()));
           })
      .def("clauses",
           [](const Policy& p) {
             nb::list list;
             for (size_t i = 0; i < csat_policy_clause_count(p.handle.get()); ++i) {
               list.append(Text(csat_policy_clause(p.handle.get(), i)));
             }
             return list;
           })
      .def("scorecards",
           [](const Policy& p) {
             nb::list list;
             for (size_t i = 0; i < csat_policy_scorecard_count(p.handle.get()); ++i) {
               list.append(Text(csat_policy_scorecard_id(p.handle.get(), i)));
             }
             return list;
           })
      .def_prop_ro("id", [](const Policy& p) { return Text(csat_policy_id(p.handle.get())); })
      .def_prop_ro("version", [](const Policy& p) { return Text(csat_policy_version(p.handle.get())); })
      .def_prop_ro("effective_from",
                   [](const Policy& p) { return Text(csat_policy_effective_from(p.handle.get())); })
      .def_prop_ro("zone", [](const Policy& p) { return Text(csat_policy_zone(p.handle.get())); })
      .def_prop_ro("digest", [](const Policy& p) { return Text(csat_policy_digest(p.handle.get())); })
      .def_prop_ro("canonical_json",
                   [](const Policy& p) { return Text(csat_policy_canonical_json(p.handle.get())); });
  module.def("check_versions", CheckVersions);
  module.def("in_force", InForce);
  module.def("json_schema", JsonSchema);
}

}  // namespace libcsat
