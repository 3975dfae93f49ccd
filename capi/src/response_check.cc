#include "csat_c/response_check.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "buffer_handle.h"
#include "csat/survey/response_check.h"
#include "guard.h"
#include "json_writer.h"
#include "questionnaire_handle.h"

using csat::ResponseCheck;
using csat::ResponseCheckOptions;
using csat::capi::Access;
using csat::capi::CheckHandle;
using csat::capi::CheckPointer;
using csat::capi::First;
using csat::capi::Guard;
using csat::capi::JsonWriter;

namespace csat::capi {

struct ResponseCheckContent {
  QuestionnaireContent asked;
  ResponseCheck check;
};

}  // namespace csat::capi

struct csat_response_check
    : csat::capi::Handle<csat::capi::ResponseCheckContent, csat::capi::HandleTag::kResponseCheck> {
  using Handle::Handle;
};

namespace {

// Size of the struct in release 0.1, below which no caller can be.
constexpr size_t kFirstOptions = offsetof(csat_response_check_options, reserved) + sizeof(int32_t);

absl::Status ReadOptions(const csat_response_check_options* given, ResponseCheckOptions* out) {
  if (given == nullptr) return absl::OkStatus();
  absl::Status wrong =
      csat::capi::CheckStructSize(given->struct_size, kFirstOptions, "csat_response_check_options");
  if (!wrong.ok()) return wrong;
  csat_response_check_options options = CSAT_RESPONSE_CHECK_OPTIONS_INIT;
  std::memcpy(&options, given, std::min(given->struct_size, sizeof(options)));
  if (options.texts < 0 || options.texts > 1)
    return absl::InvalidArgumentError(absl::StrCat("texts ", options.texts, " lies outside [0, 1]"));
  if (options.reserved != 0)
    return absl::InvalidArgumentError(absl::StrCat("reserved ", options.reserved, " is not 0"));
  out->texts = options.texts == 1;
  return absl::OkStatus();
}

std::string ToJson(const csat::capi::ResponseCheckContent& content) {
  const csat::Policy& policy = content.asked.policy;
  const ResponseCheck& check = content.check;
  JsonWriter json;
  json.BeginObject().Key("policy").BeginObject();
  json.Key("id").Text(policy.id()).Key("version").Text(policy.version());
  json.Key("digest").Text(policy.digest()).EndObject();
  json.Key("questionnaire").BeginObject().Key("id").Text(content.asked.questionnaire->id);
  json.Key("version").Text(content.asked.questionnaire->version).EndObject();
  json.Key("rows").Integer(check.rows);
  for (size_t state = 0; state < check.counts.size(); ++state)
    json.Key(csat::Word(static_cast<csat::AnswersReport::State>(state))).Integer(check.counts[state]);
  json.Key("fields").BeginArray();
  for (const csat::FieldCheck& field : check.fields) {
    json.BeginObject().Key("field").Text(field.field).Key("shown").Integer(field.shown);
    json.Key("answered").Integer(field.answered).Key("problems").BeginObject();
    for (size_t kind = 0; kind < field.problems.size(); ++kind) {
      if (field.problems[kind] == 0) continue;
      json.Key(csat::Word(static_cast<csat::AnswerProblem::Kind>(kind))).Integer(field.problems[kind]);
    }
    json.EndObject().EndObject();
  }
  return json.EndArray().EndObject().Take();
}

}  // namespace

csat_status csat_questionnaire_check_table(const csat_questionnaire* questionnaire,
                                           const struct ArrowSchema* schema, const struct ArrowArray* array,
                                           const csat_response_check_options* options,
                                           csat_response_check** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    ResponseCheckOptions read;
    absl::Status wrong =
        First(CheckHandle(questionnaire, "questionnaire"), CheckPointer(schema, "schema"),
              CheckPointer(array, "array"), CheckPointer(out, "out"), ReadOptions(options, &read));
    if (!wrong.ok()) return wrong;
    const csat::capi::QuestionnaireContent& own = questionnaire->rep;
    absl::StatusOr<ResponseCheck> check =
        csat::CheckResponses(*own.questionnaire, own.policy.metrics(), *schema, *array, read);
    if (!check.ok()) return check.status();
    *out =
        csat::capi::MakeHandle<csat_response_check>(csat::capi::ResponseCheckContent{own, *std::move(check)});
    return absl::OkStatus();
  });
}

void csat_response_check_free(csat_response_check* check) { csat::capi::FreeHandle(check); }

int64_t csat_response_check_row_count(const csat_response_check* check) {
  return Access(check, int64_t{0},
                [](const csat::capi::ResponseCheckContent& content) { return content.check.rows; });
}

int64_t csat_response_check_state_count(const csat_response_check* check, int32_t state) {
  return Access(check, int64_t{0}, [state](const csat::capi::ResponseCheckContent& content) {
    return state < CSAT_ANSWERS_COMPLETE || state > CSAT_ANSWERS_INVALID
               ? int64_t{0}
               : content.check.counts[static_cast<size_t>(state)];
  });
}

csat_status csat_response_check_states(const csat_response_check* check, struct ArrowSchema* out_schema,
                                       struct ArrowArray* out_array, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(check, "check"), CheckPointer(out_schema, "out_schema"),
                               CheckPointer(out_array, "out_array"));
    return wrong.ok() ? csat::ExportStates(check->rep.check, out_schema, out_array) : wrong;
  });
}

csat_status csat_response_check_problems(const csat_response_check* check, struct ArrowSchema* out_schema,
                                         struct ArrowArray* out_array, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(check, "check"), CheckPointer(out_schema, "out_schema"),
                               CheckPointer(out_array, "out_array"));
    return wrong.ok() ? csat::ExportProblems(check->rep.check, out_schema, out_array) : wrong;
  });
}

csat_status csat_response_check_to_json(const csat_response_check* check, csat_buffer** out,
                                        csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(check, "check"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    *out = csat::capi::MakeHandle<csat_buffer>(ToJson(check->rep));
    return absl::OkStatus();
  });
}
