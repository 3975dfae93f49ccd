// Compiled scorecards, and single records scored by them.
#include <nanobind/stl/string.h>

#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "handles.h"

namespace libcsat {
namespace {

constexpr size_t kMostSpareRecords = 64;
constexpr size_t kMostKeys = 1024;
// The largest exponent of a decimal whose millionths are within 64 bits.
constexpr int kMostWhole = 12;

RecordHandle TakeRecord(Plan& plan) {
  if (!plan.spare.empty()) {
    RecordHandle record = std::move(plan.spare.back());
    plan.spare.pop_back();
    return record;
  }
  csat_record* record = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_record_create(plan.handle.get(), &record, &failure);
  Check(status, failure, "CsatError");
  return RecordHandle(record);
}

// A record scored. The ledger is made when it is first asked for, from the values kept in `record`.
struct Result {
  nb::object plan_object;
  Plan* plan;
  RecordHandle record;
  csat_summary summary = CSAT_SUMMARY_INIT;
  ScoreHandle score;
  FiguresHandle figures;

  Result(nb::object object, Plan* owner, RecordHandle taken)
      : plan_object(std::move(object)), plan(owner), record(std::move(taken)) {}
  Result(Result&&) = default;
  ~Result() {
    if (record != nullptr && plan->spare.size() < kMostSpareRecords) plan->spare.push_back(std::move(record));
  }
};

[[noreturn]] void RaiseValue(nb::handle name, PyObject* value, const char* wanted) {
  PyErr_Clear();
  const std::string message = std::string("value of type ") + nb::type_name(Py_TYPE(value)).c_str() +
                              " of field '" + nb::str(name).c_str() + "' is not " + wanted;
  Raise(CSAT_INVALID_ARGUMENT, message, "RecordError");
}

// pandas.NA and pandas.NaT, which stand for None in what pandas gives.
bool IsMissing(PyObject* value) {
  const nb::str name = nb::type_name(Py_TYPE(value));
  const std::string_view type = name.c_str();
  const std::string_view last = type.substr(type.rfind('.') + 1);
  return type.substr(0, 7) == "pandas." && (last == "NAType" || last == "NaTType");
}

// decimal.Decimal, or anything else with __float__.
csat_status SetOther(csat_record* record, int32_t slot, nb::handle name, PyObject* value) {
  if (IsMissing(value)) return csat_record_set_missing(record, slot);
  if (PyIndex_Check(value)) {
    const nb::object index = nb::steal(PyNumber_Index(value));
    if (!index.is_valid()) RaiseValue(name, value, "a number, a text or a list of numbers");
    const long long whole = PyLong_AsLongLong(index.ptr());
    if (whole == -1 && PyErr_Occurred()) RaiseValue(name, value, "a whole number within 64 bits");
    return csat_record_set_int64(record, slot, whole);
  }
  if (std::strcmp(Py_TYPE(value)->tp_name, "decimal.Decimal") == 0) {
    // An exact millionth stays exact; a longer one goes the way of a binary number.
    const nb::object decimal = nb::borrow(value);
    if (nb::cast<bool>(decimal.attr("is_finite")()) &&
        nb::cast<int>(decimal.attr("adjusted")()) <= kMostWhole) {
      const nb::object micros = decimal.attr("scaleb")(6);
      const nb::object whole = nb::steal(PyNumber_Long(micros.ptr()));
      if (whole.is_valid() && micros.equal(whole)) {
        int overflow = 0;
        const long long exact = PyLong_AsLongLongAndOverflow(whole.ptr(), &overflow);
        if (overflow == 0) return csat_record_set_decimal(record, slot, exact);
      }
    }
  }
  const double real = PyFloat_AsDouble(value);
  if (real == -1 && PyErr_Occurred()) RaiseValue(name, value, "a number, a text or a list of numbers");
  return csat_record_set_double(record, slot, real);
}

// A list of labels of a rating scale.
csat_status SetLabels(csat_record* record, int32_t slot, nb::handle name, PyObject* value, Py_ssize_t size) {
  std::vector<nb::object> owned;  // Keeps the texts.
  std::vector<csat_string_view> labels;
  for (Py_ssize_t i = 0; i < size; ++i) {
    owned.push_back(nb::steal(PySequence_GetItem(value, i)));
    if (!owned.back().is_valid()) RaiseValue(name, value, "a list of labels");
    if (!PyUnicode_Check(owned.back().ptr())) RaiseValue(name, owned.back().ptr(), "a label");
    Py_ssize_t length = 0;
    const char* text = PyUnicode_AsUTF8AndSize(owned.back().ptr(), &length);
    if (text == nullptr) RaiseValue(name, owned.back().ptr(), "text in UTF-8");
    labels.push_back({text, static_cast<size_t>(length)});
  }
  csat_error* failure = nullptr;
  const csat_status status = csat_record_set_labels(record, slot, labels.data(), labels.size(), &failure);
  if (status != CSAT_OK) Raise(status, ErrorHandle(failure), "RecordError");
  return status;
}

csat_status SetEvents(csat_record* record, int32_t slot, nb::handle name, PyObject* value) {
  const Py_ssize_t size = PySequence_Size(value);
  if (size < 0) RaiseValue(name, value, "a number, a text or a list of numbers");
  if (size > 0) {
    const nb::object first = nb::steal(PySequence_GetItem(value, 0));
    if (first.is_valid() && PyUnicode_Check(first.ptr())) return SetLabels(record, slot, name, value, size);
    PyErr_Clear();
  }
  std::vector<double> events;
  events.reserve(static_cast<size_t>(size));
  for (Py_ssize_t i = 0; i < size; ++i) {
    const nb::object item = nb::steal(PySequence_GetItem(value, i));
    if (!item.is_valid()) RaiseValue(name, value, "a list of numbers");
    const double real = PyFloat_AsDouble(item.ptr());
    if (real == -1 && PyErr_Occurred()) RaiseValue(name, item.ptr(), "a number");
    events.push_back(real);
  }
  return csat_record_set_events(record, slot, events.data(), events.size());
}

csat_status SetValue(csat_record* record, int32_t slot, nb::handle name, PyObject* value) {
  if (PyFloat_Check(value)) return csat_record_set_double(record, slot, PyFloat_AsDouble(value));
  if (PyLong_Check(value)) {
    int overflow = 0;
    const long long whole = PyLong_AsLongLongAndOverflow(value, &overflow);
    if (overflow != 0) RaiseValue(name, value, "a whole number within 64 bits");
    return csat_record_set_int64(record, slot, whole);
  }
  if (PyUnicode_Check(value)) {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(value, &size);
    if (text == nullptr) RaiseValue(name, value, "text in UTF-8");
    return csat_record_set_text(record, slot, text, static_cast<size_t>(size));
  }
  if (value == Py_None) return csat_record_set_missing(record, slot);
  if (PyList_Check(value) || PyTuple_Check(value)) return SetEvents(record, slot, name, value);
  if (PySequence_Check(value) && !PyBytes_Check(value) && !PyByteArray_Check(value)) {
    return SetEvents(record, slot, name, value);
  }
  return SetOther(record, slot, name, value);
}

// Evaluates what `fill` puts into a record of the plan.
template <typename Fill>
Result Evaluate(nb::handle self, Fill fill) {
  Plan& plan = nb::cast<Plan&>(self);
  Result result(nb::borrow(self), &plan, TakeRecord(plan));
  fill(plan, result.record.get());
  csat_error* failure = nullptr;
  const csat_status status =
      csat_plan_score(plan.handle.get(), result.record.get(), &result.summary, &failure);
  if (status != CSAT_OK) Raise(status, ErrorHandle(failure), "RecordError");
  return result;
}

int32_t SlotOf(Plan& plan, size_t position, PyObject* key) {
  if (position < plan.keys.size() && plan.keys[position].first.ptr() == key)
    return plan.keys[position].second;
  int32_t slot = -1;
  if (PyUnicode_Check(key)) {
    PyObject* found = PyDict_GetItemWithError(plan.slots.ptr(), key);
    if (found != nullptr) {
      slot = static_cast<int32_t>(PyLong_AsLong(found));
    } else if (PyErr_Occurred()) {
      throw nb::python_error();
    }
  }
  if (position < plan.keys.size()) {
    plan.keys[position] = {nb::borrow(key), slot};
  } else if (plan.keys.size() < kMostKeys) {
    plan.keys.emplace_back(nb::borrow(key), slot);
  }
  return slot;
}

Result ScoreDict(nb::handle self, nb::dict values) {
  return Evaluate(self, [&](Plan& plan, csat_record* record) {
    csat_record_clear(record);
    PyObject *key, *value;
    Py_ssize_t at = 0;
    for (size_t position = 0; PyDict_Next(values.ptr(), &at, &key, &value); ++position) {
      // Owned: a value's own conversion to a number may change the dict.
      const nb::object owned_key = nb::borrow(key), owned_value = nb::borrow(value);
      const int32_t slot = SlotOf(plan, position, key);
      if (slot < 0) continue;
      const nb::object& name = plan.names[static_cast<size_t>(slot)];
      const csat_status status = SetValue(record, slot, name, value);
      if (status == CSAT_OK) continue;
      Raise(status, "value of field '" + std::string(nb::str(name).c_str()) + "' cannot be stored",
            "RecordError");
    }
  });
}

Result ScoreJson(nb::handle self, nb::bytes json) {
  return Evaluate(self, [&](Plan&, csat_record* record) {
    csat_error* failure = nullptr;
    const csat_status status = csat_record_set_json(record, json.c_str(), json.size(), &failure);
    if (status != CSAT_OK) Raise(status, ErrorHandle(failure), "RecordError");
  });
}

const csat_score* Explained(Result& result) {
  if (result.score == nullptr) {
    csat_score* score = nullptr;
    csat_error* failure = nullptr;
    const csat_status status =
        csat_plan_explain(result.plan->handle.get(), result.record.get(), &score, &failure);
    Check(status, failure, "RecordError");
    result.score.reset(score);
  }
  return result.score.get();
}

const csat_figures* Measured(Result& result) {
  if (result.figures == nullptr) {
    csat_figures* figures = nullptr;
    csat_error* failure = nullptr;
    const csat_status status =
        csat_plan_measure(result.plan->handle.get(), result.record.get(), &figures, &failure);
    Check(status, failure, "RecordError");
    result.figures.reset(figures);
  }
  return result.figures.get();
}

// Lines as (kind, id, depth, value or None, points, max_points, weight, weight_sum, amount, basis, level,
// gated, binding), figures in millionths, level an id or "".
nb::list Ledger(Result& result) {
  const csat_score* score = Explained(result);
  nb::list list;
  for (size_t i = 0; i < csat_score_ledger_count(score); ++i) {
    csat_ledger_line line = CSAT_LEDGER_LINE_INIT;
    csat_score_ledger_line(score, i, &line);
    const nb::object value =
        line.flags & CSAT_LEDGER_HAS_VALUE ? nb::object(nb::int_(line.value_micros)) : nb::object(nb::none());
    const csat_string_view level =
        csat_plan_level(result.plan->handle.get(), line.id.data, line.id.size, line.level);
    list.append(nb::make_tuple(
        line.kind, Text(line.id), line.depth, value, line.points_micros, line.max_points_micros,
        line.weight_micros, line.weight_sum_micros, line.amount_micros, line.basis, Text(level),
        (line.flags & CSAT_LEDGER_GATED) != 0, (line.flags & CSAT_LEDGER_BINDING) != 0));
  }
  return list;
}

nb::list Reasons(Result& result) {
  const csat_score* score = Explained(result);
  nb::list list;
  for (size_t i = 0; i < csat_score_reason_count(score); ++i) {
    list.append(
        nb::make_tuple(Text(csat_score_reason_id(score, i)), csat_score_reason_lost_micros(score, i)));
  }
  return list;
}

nb::list Ids(const csat_score* score, size_t (*count)(const csat_score*),
             csat_string_view (*id)(const csat_score*, size_t)) {
  nb::list list;
  for (size_t i = 0; i < count(score); ++i) list.append(Text(id(score, i)));
  return list;
}

// Targets as (id, status, shown, gap in millionths or None).
nb::list Targets(Result& result) {
  const csat_figures* figures = Measured(result);
  nb::list list;
  for (size_t i = 0; i < csat_figures_target_count(figures); ++i) {
    int64_t gap = 0;
    const bool has_gap = csat_figures_target_gap_micros(figures, i, &gap) == 1;
    list.append(nb::make_tuple(Text(csat_figures_target_id(figures, i)),
                               csat_figures_target_status(figures, i),
                               Text(csat_figures_target_shown(figures, i)),
                               has_gap ? nb::object(nb::int_(gap)) : nb::object(nb::none())));
  }
  return list;
}

// Metrics as (id, value in millionths or None, shown).
nb::list Metrics(Result& result) {
  const csat_figures* figures = Measured(result);
  nb::list list;
  for (size_t i = 0; i < csat_figures_metric_count(figures); ++i) {
    const bool has_value = csat_figures_metric_measurable(figures, i) == 1;
    list.append(nb::make_tuple(Text(csat_figures_metric_id(figures, i)),
                               has_value ? nb::object(nb::int_(csat_figures_metric_value_micros(figures, i)))
                                         : nb::object(nb::none()),
                               Text(csat_figures_metric_shown(figures, i))));
  }
  return list;
}

// Ways to a better grade as (indicator, grade, from, to, max_points, value from and to or None, score).
nb::list LeastChanges(Result& result) {
  csat_least_changes* changes = nullptr;
  csat_error* failure = nullptr;
  const csat_status status =
      csat_plan_least_changes(result.plan->handle.get(), result.record.get(), &changes, &failure);
  Check(status, failure, "RecordError");
  const LeastChangesHandle owned(changes);
  nb::list list;
  for (size_t i = 0; i < csat_least_changes_count(changes); ++i) {
    csat_least_change change = CSAT_LEAST_CHANGE_INIT;
    csat_least_changes_get(changes, i, &change);
    nb::object values = nb::none();
    if (change.flags & CSAT_LEAST_CHANGE_HAS_VALUE) {
      values = nb::make_tuple(change.value_from_micros, change.value_to_micros);
    }
    list.append(nb::make_tuple(Text(change.indicator), Text(change.grade), change.from_micros,
                               change.to_micros, change.max_points_micros, values, change.score_micros));
  }
  return list;
}

nb::str Words(Result& result, const std::string& language) {
  csat_buffer* buffer = nullptr;
  csat_error* failure = nullptr;
  const csat_status status =
      csat_score_words(Explained(result), language.data(), language.size(), &buffer, &failure);
  Check(status, failure, "CsatError");
  return Text(BufferHandle(buffer));
}

nb::str ToJson(Result& result) {
  csat_buffer* buffer = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_score_to_json(Explained(result), &buffer, &failure);
  Check(status, failure, "CsatError");
  return Text(BufferHandle(buffer));
}

Publication Publish(Result& result, const std::string& subject, const std::string& period, int64_t at) {
  csat_publication* made = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_score_publish(Explained(result), subject.data(), subject.size(),
                                                period.data(), period.size(), at, &made, &failure);
  Check(status, failure, "RecordError");
  return {PublicationHandle(made)};
}

Publication Amend(Result& result, const Publication& previous, const std::string& why, int64_t at) {
  csat_publication* made = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_publication_amend(previous.handle.get(), Explained(result), why.data(),
                                                    why.size(), at, &made, &failure);
  Check(status, failure, "ChainError");
  return {PublicationHandle(made)};
}

Plan Compile(const Policy& policy, const std::string& scorecard) {
  csat_plan* handle = nullptr;
  csat_error* failure = nullptr;
  const csat_status status =
      csat_plan_compile(policy.handle.get(), scorecard.data(), scorecard.size(), &handle, &failure);
  Check(status, failure, "CsatError");
  Plan plan;
  plan.handle.reset(handle);
  for (int32_t slot = 0; slot < csat_plan_field_count(handle); ++slot) {
    const csat_string_view name = csat_plan_field_name(handle, slot);
    PyObject* text = PyUnicode_FromStringAndSize(name.data, static_cast<Py_ssize_t>(name.size));
    if (text == nullptr) throw nb::python_error();
    PyUnicode_InternInPlace(&text);
    plan.names.push_back(nb::steal(text));
    plan.slots[plan.names.back()] = slot;
  }
  plan.grades.push_back(nb::none());
  for (int32_t i = 0; i < csat_plan_grade_count(handle); ++i)
    plan.grades.push_back(Text(csat_plan_grade(handle, i)));
  for (int32_t i = 0; i < csat_plan_reason_count(handle); ++i)
    plan.reasons.push_back(Text(csat_plan_reason(handle, i)));
  for (const char* outcome : {"scored", "vetoed", "insufficient", "refused"}) {
    plan.outcomes.push_back(nb::str(outcome));
  }
  return plan;
}

nb::object At(const std::vector<nb::object>& words, int32_t index) {
  return index >= 0 && static_cast<size_t>(index) < words.size() ? words[static_cast<size_t>(index)]
                                                                 : nb::object(nb::none());
}

// Fields as (name, type, required).
nb::list Fields(const Plan& plan) {
  nb::list list;
  for (int32_t slot = 0; slot < csat_plan_field_count(plan.handle.get()); ++slot) {
    list.append(nb::make_tuple(plan.names[static_cast<size_t>(slot)],
                               csat_plan_field_type(plan.handle.get(), slot),
                               csat_plan_field_required(plan.handle.get(), slot) == 1));
  }
  return list;
}

nb::list Indicators(const Plan& plan) {
  nb::list list;
  for (int32_t i = 0; i < csat_plan_indicator_count(plan.handle.get()); ++i) {
    list.append(Text(csat_plan_indicator(plan.handle.get(), i)));
  }
  return list;
}

}  // namespace

void BindPlan(nb::module_& module) {
  nb::class_<Plan>(module, "Plan")
      .def_static("compile", Compile)
      .def("score_dict", ScoreDict)
      .def("score_json", ScoreJson)
      .def("fields", Fields)
      .def("indicators", Indicators)
      .def("grades",
           [](const Plan& p) {
             nb::list list;
             for (size_t i = 1; i < p.grades.size(); ++i) list.append(p.grades[i]);
             return list;
           })
      .def("reasons",
           [](const Plan& p) {
             nb::list list;
             for (const nb::object& reason : p.reasons) list.append(reason);
             return list;
           })
      .def("label",
           [](const Plan& p, int32_t kind, const std::string& id, const std::string& language) {
             return Text(csat_plan_label(p.handle.get(), kind, id.data(), id.size(), language.data(),
                                         language.size()));
           })
      .def("level_label",
           [](const Plan& p, const std::string& indicator, const std::string& level,
              const std::string& language) {
             for (int32_t i = 0;
                  i < csat_plan_level_count(p.handle.get(), indicator.data(), indicator.size()); ++i) {
               const csat_string_view id =
                   csat_plan_level(p.handle.get(), indicator.data(), indicator.size(), i);
               if (level == std::string_view(id.data, id.size)) {
                 return Text(csat_plan_level_label(p.handle.get(), indicator.data(), indicator.size(), i,
                                                   language.data(), language.size()));
               }
             }
             return nb::str(level.c_str());
           })
      .def_prop_ro("scorecard", [](const Plan& p) { return Text(csat_plan_scorecard_id(p.handle.get())); })
      .def_prop_ro("max_score_micros",
                   [](const Plan& p) { return csat_plan_max_score_micros(p.handle.get()); });
  nb::class_<Result>(module, "Result")
      .def("publish", Publish)
      .def("amend", Amend)
      .def_prop_ro("plan", [](const Result& r) { return r.plan_object; })
      .def_prop_ro("outcome", [](const Result& r) { return At(r.plan->outcomes, r.summary.outcome); })
      .def_prop_ro("grade", [](const Result& r) { return At(r.plan->grades, r.summary.grade + 1); })
      .def_prop_ro("reason", [](const Result& r) { return At(r.plan->reasons, r.summary.reason); })
      // The score's own figures exist for these two outcomes alone.
      .def_prop_ro("has_score",
                   [](const Result& r) {
                     return r.summary.outcome == CSAT_OUTCOME_SCORED ||
                            r.summary.outcome == CSAT_OUTCOME_VETOED;
                   })
      .def_prop_ro("has_base", [](const Result& r) { return (r.summary.flags & CSAT_SUMMARY_HAS_BASE) != 0; })
      .def_prop_ro("score_micros", [](const Result& r) { return r.summary.score_micros; })
      .def_prop_ro("base_micros", [](const Result& r) { return r.summary.base_micros; })
      .def_prop_ro("without_veto_micros", [](const Result& r) { return r.summary.without_veto_micros; })
      .def_prop_ro("profile", [](Result& r) { return Text(csat_score_profile(Explained(r))); })
      .def_prop_ro("refusal", [](Result& r) { return Text(csat_score_refusal(Explained(r))); })
      .def("ledger", Ledger)
      .def("reasons", Reasons)
      .def("vetoes", [](Result& r) { return Ids(Explained(r), csat_score_veto_count, csat_score_veto_id); })
      .def("failed_conditions",
           [](Result& r) {
             return Ids(Explained(r), csat_score_failed_condition_count, csat_score_failed_condition);
           })
      .def("targets", Targets)
      .def("metrics", Metrics)
      .def("least_changes", LeastChanges)
      .def("words", Words)
      .def("to_json", ToJson);
}

}  // namespace libcsat
