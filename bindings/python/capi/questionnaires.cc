// Questionnaires: what is asked, and what answers say.
#include <nanobind/stl/string.h>

#include <utility>

#include "columns.h"
#include "handles.h"

namespace libcsat {
namespace {

struct Questionnaire {
  QuestionnaireHandle handle;
};

struct ResponseCheck {
  ResponseCheckHandle handle;
};

// The text that a C function gives, which takes `out` and `error` last.
template <typename Give>
nb::str Given(Give give, const char* type) {
  csat_buffer* buffer = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = give(&buffer, &failure);
  const ErrorHandle error(failure);
  if (status != CSAT_OK) Raise(status, error, type);
  return Text(BufferHandle(buffer));
}

nb::str Ids(const Policy& policy) {
  return Given(
      [&](csat_buffer** out, csat_error** error) {
        return csat_policy_questionnaires(policy.handle.get(), out, error);
      },
      "CsatError");
}

nb::str Offers(const Policy& policy, const std::string& event, nb::bytes context) {
  return Given(
      [&](csat_buffer** out, csat_error** error) {
        return csat_policy_offers(policy.handle.get(), event.data(), event.size(), context.c_str(),
                                  context.size(), out, error);
      },
      "RecordError");
}

Questionnaire Create(const Policy& policy, const std::string& id) {
  csat_questionnaire* made = nullptr;
  csat_error* failure = nullptr;
  const csat_status status =
      csat_questionnaire_create(policy.handle.get(), id.data(), id.size(), &made, &failure);
  const ErrorHandle error(failure);
  if (status != CSAT_OK) Raise(status, error, "CsatError");
  return {QuestionnaireHandle(made)};
}

nb::str Describe(const Questionnaire& questionnaire) {
  return Given(
      [&](csat_buffer** out, csat_error** error) {
        return csat_questionnaire_to_json(questionnaire.handle.get(), out, error);
      },
      "CsatError");
}

template <csat_status (*Judge)(const csat_questionnaire*, const char*, size_t, csat_buffer**, csat_error**)>
nb::str OfAnswers(const Questionnaire& questionnaire, nb::bytes answers) {
  return Given(
      [&](csat_buffer** out, csat_error** error) {
        return Judge(questionnaire.handle.get(), answers.c_str(), answers.size(), out, error);
      },
      "RecordError");
}

void MayStart(const Questionnaire& questionnaire, const std::string& day) {
  csat_error* failure = nullptr;
  const csat_status status =
      csat_questionnaire_may_start(questionnaire.handle.get(), day.data(), day.size(), &failure);
  const ErrorHandle error(failure);
  if (status != CSAT_OK) Raise(status, error, "CsatError");
}

nb::str LastDay(const Questionnaire& questionnaire, const std::string& event) {
  return Given(
      [&](csat_buffer** out, csat_error** error) {
        return csat_questionnaire_last_day(questionnaire.handle.get(), event.data(), event.size(), out,
                                           error);
      },
      "CsatError");
}

// `before`: "" where the questionnaire before was not answered.
void CheckFollowUp(const Questionnaire& questionnaire, const std::string& event, const std::string& before,
                   const std::string& day) {
  csat_error* failure = nullptr;
  const csat_status status =
      csat_questionnaire_check_follow_up(questionnaire.handle.get(), event.data(), event.size(),
                                         before.data(), before.size(), day.data(), day.size(), &failure);
  const ErrorHandle error(failure);
  if (status != CSAT_OK) Raise(status, error, "CsatError");
}

// `batch`: an object with __arrow_c_array__.
ResponseCheck CheckTable(const Questionnaire& questionnaire, nb::object batch, bool texts) {
  const nb::object pair = batch.attr("__arrow_c_array__")();
  const nb::object schema = pair[0], array = pair[1];
  const auto* type = Pointer<ArrowSchema>(schema, kSchema);
  const auto* rows = Pointer<ArrowArray>(array, kArray);
  csat_response_check_options options = CSAT_RESPONSE_CHECK_OPTIONS_INIT;
  options.texts = texts ? 1 : 0;
  csat_response_check* made = nullptr;
  csat_error* failure = nullptr;
  csat_status status;
  {
    nb::gil_scoped_release release;
    status =
        csat_questionnaire_check_table(questionnaire.handle.get(), type, rows, &options, &made, &failure);
  }
  const ErrorHandle error(failure);
  if (status != CSAT_OK) Raise(status, error, "TableError");
  return {ResponseCheckHandle(made)};
}

template <csat_status (*Give)(const csat_response_check*, ArrowSchema*, ArrowArray*, csat_error**)>
Columns Rows(const ResponseCheck& check) {
  Columns columns;
  Released<ArrowArray> batch;
  csat_error* failure = nullptr;
  const csat_status status = Give(check.handle.get(), &columns.schema.value, &batch.value, &failure);
  const ErrorHandle error(failure);
  if (status != CSAT_OK) Raise(status, error, "CsatError");
  columns.batches.push_back(std::move(batch));
  return columns;
}

nb::str Summary(const ResponseCheck& check) {
  return Given(
      [&](csat_buffer** out, csat_error** error) {
        return csat_response_check_to_json(check.handle.get(), out, error);
      },
      "CsatError");
}

}  // namespace

void BindQuestionnaires(nb::module_& module) {
  module.def("questionnaires", Ids);
  module.def("offers", Offers);
  nb::class_<Questionnaire>(module, "Questionnaire")
      .def_static("create", Create)
      .def("to_json", Describe)
      .def("next", OfAnswers<csat_questionnaire_next>)
      .def("check", OfAnswers<csat_questionnaire_check>)
      .def("may_start", MayStart)
      .def("last_day", LastDay)
      .def("check_follow_up", CheckFollowUp)
      .def("check_table", CheckTable, nb::arg("batch"), nb::kw_only(), nb::arg("texts"));
  nb::class_<ResponseCheck>(module, "ResponseCheck")
      .def("states", Rows<csat_response_check_states>)
      .def("problems", Rows<csat_response_check_problems>)
      .def("to_json", Summary);
}

}  // namespace libcsat
