#include "csat_c/sampling_plan.h"

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "answers_json.h"
#include "buffer_handle.h"
#include "csat/model/foreign_text.h"
#include "csat/survey/sampling_plan.h"
#include "guard.h"
#include "json_writer.h"
#include "policy_handle.h"

using csat::Decimal;
using csat::SamplingGiven;
using csat::SamplingResult;
using csat::SamplingRule;
using csat::capi::CheckHandle;
using csat::capi::CheckPointer;
using csat::capi::CheckText;
using csat::capi::First;
using csat::capi::FromC;
using csat::capi::Guard;
using csat::capi::JsonWriter;
using csat::capi::MakeHandle;
using csat::capi::Place;

namespace {

std::string_view PeriodWord(csat::PeriodKind period) {
  switch (period) {
    case csat::PeriodKind::kDay: return "day";
    case csat::PeriodKind::kWeek: return "week";
    case csat::PeriodKind::kMonth: return "month";
    case csat::PeriodKind::kQuarter: return "quarter";
    case csat::PeriodKind::kHalfYear: return "half_year";
    case csat::PeriodKind::kYear: return "year";
  }
  return "";
}

std::string_view MethodWord(csat::StrataRule::Method method) {
  switch (method) {
    case csat::StrataRule::Method::kProportional: return "proportional";
    case csat::StrataRule::Method::kEqual: return "equal";
    case csat::StrataRule::Method::kOptimal: return "optimal";
  }
  return "";
}

// The member of a form, its name and its values.
struct WriteForm {
  JsonWriter* json;

  JsonWriter& Begin(std::string_view name) const { return json->Key(name).BeginObject(); }
  void operator()(const csat::EveryPeriodRule& form) const {
    Begin("every").Key("period").Text(PeriodWord(form.period)).Key("least").Integer(form.least);
  }
  void operator()(const csat::WithinMonthsRule& form) const {
    Begin("within").Key("months").Integer(form.months).Key("least").Integer(form.least);
  }
  void operator()(const csat::EachEventRule& form) const { Begin("each").Key("event").Text(form.event); }
  void operator()(const csat::RecentEventRule& form) const {
    Begin("recent").Key("months").Integer(form.months);
  }
  void operator()(const csat::SampleSizeRule& form) const {
    Begin("size").Key("z").Number(form.z).Key("margin").Number(form.margin).Key("share").Number(form.share);
    json->Key("design_effect").Number(form.design_effect).Key("response_rate").Number(form.response_rate);
  }
  void operator()(const csat::StrataRule& form) const {
    Begin("strata").Key("method").Text(MethodWord(form.method));
  }
  void operator()(const csat::InvitationRule& form) const {
    Begin("invitation").Key("probability");
    if (form.probability.has_value()) {
      json->Number(*form.probability);
    } else {
      json->Null();
    }
  }
  void operator()(const csat::SelectionListRule& form) const {
    Begin("list").Key("classes").Texts(form.classes).Key("every_value_of").Texts(form.every_value_of);
  }
  void operator()(const csat::ProductRangeRule&) const { Begin("products"); }
  void operator()(const csat::WaveRule& form) const {
    Begin("wave").Key("most_unanswered").Number(form.most_unanswered);
  }
};

absl::StatusOr<SamplingGiven> ReadGiven(std::string_view json, Place* place) {
  absl::StatusOr<csat::Answers> read = csat::capi::ReadAnswers(json, place);
  if (!read.ok()) return read.status();
  SamplingGiven given;
  for (auto& [name, value] : *read) {
    if (const auto* number = std::get_if<Decimal>(&value)) given.emplace(name, *number);
    if (auto* text = std::get_if<std::string>(&value)) given.emplace(name, std::move(*text));
    if (auto* texts = std::get_if<std::vector<std::string>>(&value)) given.emplace(name, std::move(*texts));
  }
  return given;
}

std::string ToJson(const SamplingResult& result) {
  JsonWriter json;
  json.BeginObject().Key("outcome").Text(result.outcome).Key("counts").BeginObject();
  for (const auto& [name, count] : result.counts) json.Key(name).Integer(count);
  json.EndObject().Key("shares").BeginObject();
  for (const auto& [name, share] : result.shares) {
    json.Key(name).BeginObject().Key("numerator").Integer(static_cast<int64_t>(share.numerator()));
    json.Key("denominator").Integer(static_cast<int64_t>(share.denominator()));
    json.Key("percent").Text(share.ToString(1, 100)).EndObject();
  }
  json.EndObject().Key("lists").BeginObject();
  for (const auto& [name, list] : result.lists) json.Key(name).Texts(list);
  return json.EndObject().EndObject().Take();
}

}  // namespace

csat_status csat_policy_sampling_rules(const csat_policy* policy, csat_buffer** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(policy, "policy"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    JsonWriter json;
    json.BeginArray();
    for (const SamplingRule& rule : policy->rep.policy.sampling().rules) {
      json.BeginObject().Key("id").Text(rule.id).Key("label").BeginObject();
      for (const auto& [language, text] : rule.label.by_language()) json.Key(language).Text(text);
      json.EndObject().Key("level").Text(rule.advised ? "should" : "must");
      std::visit(WriteForm{&json}, rule.form);
      json.EndObject().EndObject();
    }
    *out = MakeHandle<csat_buffer>(json.EndArray().Take());
    return absl::OkStatus();
  });
}

csat_status csat_policy_apply_sampling_rule(const csat_policy* policy, const char* rule, size_t rule_size,
                                            const char* given, size_t given_size,
                                            const struct ArrowSchema* schema, const struct ArrowArray* array,
                                            csat_buffer** out, csat_error** error) {
  return Guard(error, out, [&](Place& place) -> absl::Status {
    absl::Status wrong = First(CheckHandle(policy, "policy"), CheckText(rule, rule_size, "rule"),
                               CheckText(given, given_size, "given"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    if ((schema == nullptr) != (array == nullptr))
      return absl::InvalidArgumentError("schema and array: one is NULL, and the other is not");
    const std::string_view id = FromC(rule, rule_size);
    const SamplingRule* found = policy->rep.policy.sampling().Find(id);
    if (found == nullptr)
      return absl::NotFoundError(absl::StrCat("no rule of sampling is named ", csat::Quoted(id)));
    const absl::StatusOr<SamplingGiven> read = ReadGiven(FromC(given, given_size), &place);
    if (!read.ok()) return read.status();
    const absl::StatusOr<SamplingResult> result =
        csat::ApplySamplingRule(*found, *read, schema, array, policy->rep.policy.zone());
    if (!result.ok()) return result.status();
    *out = MakeHandle<csat_buffer>(ToJson(*result));
    return absl::OkStatus();
  });
}
