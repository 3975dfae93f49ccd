#include "csat_c/cleaning.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "buffer_handle.h"
#include "csat/survey/cleaning.h"
#include "guard.h"
#include "json_writer.h"
#include "policy_handle.h"

using csat::CleaningOptions;
using csat::CleaningResult;
using csat::Policy;
using csat::ReviewDecision;
using csat::capi::Access;
using csat::capi::CheckHandle;
using csat::capi::CheckPointer;
using csat::capi::First;
using csat::capi::Guard;
using csat::capi::JsonWriter;

namespace csat::capi {

struct CleaningContent {
  Policy policy;
  CleaningResult result;
};

}  // namespace csat::capi

struct csat_cleaning : csat::capi::Handle<csat::capi::CleaningContent, csat::capi::HandleTag::kCleaning> {
  using Handle::Handle;
};

namespace {

// Size of the struct in release 0.1, below which no caller can be.
constexpr size_t kFirstOptions = offsetof(csat_cleaning_options, decision_count) + sizeof(size_t);

absl::Status ReadDecisions(const csat_cleaning_options& options, CleaningOptions* out) {
  absl::Status flaw =
      csat::capi::CheckList(options.decisions, "decisions", options.decision_count, "decision_count");
  if (!flaw.ok()) return flaw;
  for (size_t i = 0; i < options.decision_count; ++i) {
    const csat_review_decision& given = options.decisions[i];
    absl::Status wrong = csat::capi::CheckText(given.response.data, given.response.size, "response");
    if (!wrong.ok()) return wrong;
    if (given.outcome < CSAT_REVIEW_CONFIRMED || given.outcome > CSAT_REVIEW_REJECTED || given.reserved != 0)
      return absl::InvalidArgumentError(absl::StrCat("decisions[", i, "]: outcome ", given.outcome,
                                                     " and reserved ", given.reserved,
                                                     " lie outside [0, 2] and [0, 0]"));
    out->decisions.push_back({std::string(csat::capi::FromC(given.response.data, given.response.size)),
                              static_cast<ReviewDecision::Outcome>(given.outcome)});
  }
  return absl::OkStatus();
}

// Reads the caller's options as far as his struct goes. Threads are for the cleaning to judge.
absl::Status ReadOptions(const csat_cleaning_options* given, CleaningOptions* out) {
  if (given == nullptr) return absl::OkStatus();
  absl::Status wrong =
      csat::capi::CheckStructSize(given->struct_size, kFirstOptions, "csat_cleaning_options");
  if (!wrong.ok()) return wrong;
  csat_cleaning_options options = CSAT_CLEANING_OPTIONS_INIT;
  std::memcpy(&options, given, std::min(given->struct_size, sizeof(options)));
  wrong = csat::capi::CheckText(options.seed.data, options.seed.size, "seed");
  if (!wrong.ok()) return wrong;
  if (options.reserved != 0)
    return absl::InvalidArgumentError(absl::StrCat("reserved ", options.reserved, " is not 0"));
  out->threads = options.threads;
  out->seed = std::string(csat::capi::FromC(options.seed.data, options.seed.size));
  return ReadDecisions(options, out);
}

absl::Status CheckCleans(const Policy& policy) {
  if (policy.cleaning().has_value()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("policy '", policy.id(), "' has no cleaning"));
}

void WriteFigure(std::string_view key, const csat::FigureValue& figure, JsonWriter* json) {
  const absl::int128 sum = figure.value.has_value() ? figure.value->numerator() : 0;
  json->Key(key).BeginObject().Key("answers").Integer(figure.answers);
  json->Key("sum").Integer(static_cast<int64_t>(sum)).Key("value");
  if (figure.value.has_value()) {
    json->Number(figure.value->ToDecimal());
  } else {
    json->Null();
  }
  json->EndObject();
}

void WriteRules(const csat::Cleaning& cleaning, const CleaningResult& result, JsonWriter* json) {
  json->Key("rules").BeginArray();
  for (size_t i = 0; i < result.rules.size(); ++i) {
    const csat::CleaningRuleCount& count = result.rules[i];
    json->BeginObject().Key("id").Text(result.rule_ids[i]);
    json->Key("action").Text(csat::Word(cleaning.rules[i].action));
    json->Key("met").Integer(count.met).Key("decided").Integer(count.decided);
    json->Key("unknown")
        .Integer(count.unknown)
        .Key("not_applicable")
        .Integer(count.not_applicable)
        .Key("gap");
    if (count.gap.has_value()) {
      json->BeginObject().Key("reason").Text(csat::Word(count.gap->reason)).Key("items").BeginArray();
      const auto* form = std::get_if<csat::MahalanobisRule>(&cleaning.rules[i].form);
      for (const int item : count.gap->items) {
        if (form != nullptr) json->Text(form->items[static_cast<size_t>(item)]);
      }
      json->EndArray().EndObject();
    } else {
      json->Null();
    }
    json->EndObject();
  }
  json->EndArray();
}

std::string ToJson(const csat::capi::CleaningContent& content) {
  const CleaningResult& result = content.result;
  JsonWriter json;
  json.BeginObject().Key("policy").BeginObject();
  json.Key("id").Text(content.policy.id()).Key("version").Text(content.policy.version());
  json.Key("digest").Text(content.policy.digest()).EndObject();
  json.Key("rows").Integer(result.rows).Key("test_records").Integer(result.test_records);
  for (int verdict = CSAT_VERDICT_KEPT; verdict <= CSAT_VERDICT_EXCLUDED; ++verdict)
    json.Key(csat::Word(static_cast<csat::Verdict>(verdict)))
        .Integer(result.counts[static_cast<size_t>(verdict)]);
  json.Key("open").Integer(result.open).Key("settle_doubtful").Truth(result.settle_doubtful);
  WriteRules(*content.policy.cleaning(), result, &json);
  json.Key("figures").BeginArray();
  for (size_t i = 0; i < result.figures.size(); ++i) {
    const csat::FigureComparison& figure = result.figures[i];
    json.BeginObject().Key("id").Text(result.figure_ids[i]);
    WriteFigure("before", figure.before, &json);
    WriteFigure("after", figure.after, &json);
    WriteFigure("with_quarantined", figure.with_quarantined, &json);
    json.Key("rules").BeginArray();
    for (size_t rule = 0; rule < figure.step.size(); ++rule) {
      json.BeginObject();
      WriteFigure("without", figure.without[rule], &json);
      WriteFigure("step", figure.step[rule], &json);
      json.EndObject();
    }
    json.EndArray().EndObject();
  }
  json.EndArray().Key("review");
  if (!result.review.has_value()) return json.Null().EndObject().Take();
  const csat::ReviewSample& review = *result.review;
  json.BeginObject().Key("seed").Text(review.seed).Key("commitment").Text(review.commitment);
  for (const size_t stratum : {size_t{0}, size_t{1}}) {
    json.Key(stratum == 0 ? "kept" : "removed").BeginObject().Key("size").Integer(review.size[stratum]);
    json.Key("drawn").Integer(review.drawn[stratum]).EndObject();
  }
  return json.EndObject().EndObject().Take();
}

}  // namespace

csat_status csat_policy_cleaning_fields(const csat_policy* policy, csat_buffer** out, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    if (out != nullptr) *out = nullptr;
    absl::Status wrong = First(CheckHandle(policy, "policy"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    const Policy& own = policy->rep.policy;
    wrong = CheckCleans(own);
    if (!wrong.ok()) return wrong;
    JsonWriter json;
    json.BeginArray();
    for (const csat::CleaningField& field : csat::CleaningFields(*own.cleaning(), own.metrics())) {
      using Type = csat::CleaningField::Type;
      json.BeginObject().Key("name").Text(field.name).Key("type");
      json.Text(field.type == Type::kText     ? "text"
                : field.type == Type::kNumber ? "number"
                                              : "any")
          .EndObject();
    }
    *out = csat::capi::MakeHandle<csat_buffer>(json.EndArray().Take());
    return absl::OkStatus();
  });
}

csat_status csat_policy_clean(const csat_policy* policy, const struct ArrowSchema* schema,
                              const struct ArrowArray* array, const csat_cleaning_options* options,
                              csat_cleaning** out, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    if (out != nullptr) *out = nullptr;
    CleaningOptions read;
    absl::Status wrong =
        First(CheckHandle(policy, "policy"), CheckPointer(schema, "schema"), CheckPointer(array, "array"),
              CheckPointer(out, "out"), ReadOptions(options, &read));
    if (!wrong.ok()) return wrong;
    const Policy& own = policy->rep.policy;
    wrong = CheckCleans(own);
    if (!wrong.ok()) return wrong;
    absl::StatusOr<CleaningResult> result =
        csat::Clean(*own.cleaning(), own.metrics(), *schema, *array, read);
    if (!result.ok()) return result.status();
    *out = csat::capi::MakeHandle<csat_cleaning>(csat::capi::CleaningContent{own, *std::move(result)});
    return absl::OkStatus();
  });
}

void csat_cleaning_free(csat_cleaning* cleaning) { csat::capi::FreeHandle(cleaning); }

int64_t csat_cleaning_row_count(const csat_cleaning* cleaning) {
  return Access(cleaning, int64_t{0},
                [](const csat::capi::CleaningContent& content) { return content.result.rows; });
}

int64_t csat_cleaning_verdict_count(const csat_cleaning* cleaning, int32_t verdict) {
  return Access(cleaning, int64_t{0}, [verdict](const csat::capi::CleaningContent& content) {
    return verdict < CSAT_VERDICT_KEPT || verdict > CSAT_VERDICT_EXCLUDED
               ? int64_t{0}
               : content.result.counts[static_cast<size_t>(verdict)];
  });
}

csat_status csat_cleaning_may_be_scored(const csat_cleaning* cleaning, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong = CheckHandle(cleaning, "cleaning");
    return wrong.ok() ? cleaning->rep.result.MayBeScored() : wrong;
  });
}

csat_status csat_cleaning_verdicts(const csat_cleaning* cleaning, struct ArrowSchema* out_schema,
                                   struct ArrowArray* out_array, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(cleaning, "cleaning"), CheckPointer(out_schema, "out_schema"),
                               CheckPointer(out_array, "out_array"));
    if (!wrong.ok()) return wrong;
    return csat::ExportVerdicts(cleaning->rep.result, out_schema, out_array);
  });
}

csat_status csat_cleaning_ledger(const csat_cleaning* cleaning, struct ArrowSchema* out_schema,
                                 struct ArrowArray* out_array, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(cleaning, "cleaning"), CheckPointer(out_schema, "out_schema"),
                               CheckPointer(out_array, "out_array"));
    if (!wrong.ok()) return wrong;
    return csat::ExportLedger(cleaning->rep.result, out_schema, out_array);
  });
}

csat_status csat_cleaning_to_json(const csat_cleaning* cleaning, csat_buffer** out, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    if (out != nullptr) *out = nullptr;
    absl::Status wrong = First(CheckHandle(cleaning, "cleaning"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    *out = csat::capi::MakeHandle<csat_buffer>(ToJson(cleaning->rep));
    return absl::OkStatus();
  });
}
