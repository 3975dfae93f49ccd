#include "csat_c/cases.h"

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "buffer_handle.h"
#include "csat/policy/policy.h"
#include "csat/scoring/cases.h"
#include "guard.h"
#include "json_writer.h"
#include "policy_handle.h"

using csat::CaseFailure;
using csat::Decimal;
using csat::PolicyCase;
using csat::capi::Access;
using csat::capi::AccessText;
using csat::capi::CheckHandle;
using csat::capi::CheckPointer;
using csat::capi::First;
using csat::capi::Guard;
using csat::capi::JsonWriter;
using csat::capi::MakeHandle;
using csat::capi::PolicyContent;

struct csat_case_failures : csat::capi::Handle<std::vector<CaseFailure>, csat::capi::HandleTag::kFailures> {
  using Handle::Handle;
};

namespace {

template <typename Field>
csat_string_view Text(const csat_policy* policy, size_t index, Field field) {
  return AccessText(policy, [&](const PolicyContent& content) {
    const std::vector<PolicyCase>& cases = content.policy.cases();
    return index < cases.size() ? std::string_view(field(cases[index])) : std::string_view();
  });
}

// Gives a text made of one case.
template <typename Write>
csat_status WriteCase(const csat_policy* policy, size_t index, csat_buffer** out, csat_error** error,
                      Write write) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(policy, "policy"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    const std::vector<PolicyCase>& cases = policy->rep.policy.cases();
    if (index >= cases.size()) {
      return absl::OutOfRangeError(absl::StrCat("case ", index, " lies outside [0, ", cases.size(), ")"));
    }
    JsonWriter json;
    json.BeginObject();
    write(cases[index], &json);
    *out = MakeHandle<csat_buffer>(json.EndObject().Take());
    return absl::OkStatus();
  });
}

void WriteValue(const csat::CaseValue& given, JsonWriter* json) {
  if (const auto* number = std::get_if<Decimal>(&given.value)) {
    json->Number(*number);
  } else if (const auto* text = std::get_if<std::string>(&given.value)) {
    json->Text(*text);
  } else if (const auto* list = std::get_if<std::vector<Decimal>>(&given.value)) {
    json->BeginArray();
    for (const Decimal event : *list) json->Number(event);
    json->EndArray();
  } else if (const auto* labels = std::get_if<std::vector<std::string>>(&given.value)) {
    json->Texts(*labels);
  } else {
    json->Null();
  }
}

void WriteRecord(const PolicyCase& example, JsonWriter* json) {
  for (const auto& [name, given] : example.record) {
    json->Key(name);
    WriteValue(given, json);
  }
}

void WriteTable(const PolicyCase& example, JsonWriter* json) {
  for (const auto& [name, values] : example.table) {
    json->Key(name).BeginArray();
    for (const csat::CaseValue& value : values) WriteValue(value, json);
    json->EndArray();
  }
}

void WriteText(std::string_view key, const std::optional<std::string>& text, JsonWriter* json) {
  if (text.has_value()) json->Key(key).Text(*text);
}

void WriteNumber(std::string_view key, const std::optional<Decimal>& number, JsonWriter* json) {
  if (number.has_value()) json->Key(key).Number(*number);
}

void WriteTexts(std::string_view key, const std::map<std::string, std::string>& texts, JsonWriter* json) {
  if (texts.empty()) return;
  json->Key(key).BeginObject();
  for (const auto& [id, text] : texts) json->Key(id).Text(text);
  json->EndObject();
}

void WriteNumbers(std::string_view key, const std::map<std::string, Decimal>& numbers, JsonWriter* json) {
  if (numbers.empty()) return;
  json->Key(key).BeginObject();
  for (const auto& [id, number] : numbers) json->Key(id).Number(number);
  json->EndObject();
}

void WriteExpect(const PolicyCase& example, JsonWriter* json) {
  if (!example.error.empty()) json->Key("error").Text(example.error);
  WriteText("outcome", example.outcome, json);
  WriteNumber("score", example.score, json);
  WriteNumber("base", example.base, json);
  WriteNumber("without_veto", example.without_veto, json);
  WriteText("grade", example.grade, json);
  WriteNumbers("points", example.points, json);
  WriteTexts("levels", example.levels, json);
  WriteTexts("targets", example.targets, json);
  WriteTexts("shown", example.shown, json);
  WriteTexts("measures", example.measures, json);
  if (example.vetoes.has_value()) json->Key("vetoes").Texts(*example.vetoes);
  if (!example.reasons.empty()) json->Key("reasons").Texts(example.reasons);
  WriteText("answers", example.answers, json);
  if (example.next.has_value()) json->Key("next").Texts(*example.next);
  WriteTexts("problems", example.problems, json);
  if (example.offered.has_value()) json->Key("offered").Texts(*example.offered);
  if (!example.verdicts.empty()) json->Key("verdicts").Texts(example.verdicts);
  WriteNumbers("counts", example.counts, json);
  WriteNumber("reviewed", example.reviewed, json);
  if (example.lists.empty()) return;
  json->Key("lists").BeginObject();
  for (const auto& [name, list] : example.lists) json->Key(name).Texts(list);
  json->EndObject();
}

}  // namespace

size_t csat_policy_case_count(const csat_policy* policy) {
  return Access(policy, size_t{0},
                [](const PolicyContent& content) { return content.policy.cases().size(); });
}

csat_string_view csat_policy_case_name(const csat_policy* policy, size_t index) {
  return Text(policy, index, [](const PolicyCase& example) -> const std::string& { return example.name; });
}

csat_string_view csat_policy_case_scorecard(const csat_policy* policy, size_t index) {
  return Text(policy, index,
              [](const PolicyCase& example) -> const std::string& { return example.scorecard; });
}

csat_string_view csat_policy_case_questionnaire(const csat_policy* policy, size_t index) {
  return Text(policy, index,
              [](const PolicyCase& example) -> const std::string& { return example.questionnaire; });
}

csat_string_view csat_policy_case_event(const csat_policy* policy, size_t index) {
  return Text(policy, index, [](const PolicyCase& example) -> const std::string& { return example.event; });
}

csat_string_view csat_policy_case_sampling(const csat_policy* policy, size_t index) {
  return Text(policy, index,
              [](const PolicyCase& example) -> const std::string& { return example.sampling; });
}

size_t csat_policy_case_clause_count(const csat_policy* policy, size_t index) {
  return Access(policy, size_t{0}, [&](const PolicyContent& content) {
    const std::vector<PolicyCase>& cases = content.policy.cases();
    return index < cases.size() ? cases[index].clauses.size() : size_t{0};
  });
}

csat_string_view csat_policy_case_clause(const csat_policy* policy, size_t index, size_t clause) {
  return Text(policy, index, [&](const PolicyCase& example) {
    return clause < example.clauses.size() ? std::string_view(example.clauses[clause]) : std::string_view();
  });
}

csat_status csat_policy_case_record(const csat_policy* policy, size_t index, csat_buffer** out,
                                    csat_error** error) {
  return WriteCase(policy, index, out, error, WriteRecord);
}

csat_status csat_policy_case_table(const csat_policy* policy, size_t index, csat_buffer** out,
                                   csat_error** error) {
  return WriteCase(policy, index, out, error, WriteTable);
}

csat_status csat_policy_case_expect(const csat_policy* policy, size_t index, csat_buffer** out,
                                    csat_error** error) {
  return WriteCase(policy, index, out, error, WriteExpect);
}

csat_status csat_policy_run_cases(const csat_policy* policy, csat_case_failures** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(policy, "policy"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    *out = MakeHandle<csat_case_failures>(csat::RunCases(policy->rep.policy));
    return absl::OkStatus();
  });
}

void csat_case_failures_free(csat_case_failures* failures) { csat::capi::FreeHandle(failures); }

size_t csat_case_failures_count(const csat_case_failures* failures) {
  return Access(failures, size_t{0}, [](const std::vector<CaseFailure>& list) { return list.size(); });
}

size_t csat_case_failures_case(const csat_case_failures* failures, size_t index) {
  return Access(failures, size_t{SIZE_MAX}, [&](const std::vector<CaseFailure>& list) {
    return index < list.size() ? list[index].index : size_t{SIZE_MAX};
  });
}

csat_string_view csat_case_failures_message(const csat_case_failures* failures, size_t index) {
  return AccessText(failures, [&](const std::vector<CaseFailure>& list) {
    return index < list.size() ? std::string_view(list[index].message) : std::string_view();
  });
}
