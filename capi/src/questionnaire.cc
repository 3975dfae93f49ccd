#include "csat_c/questionnaire.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "answers_json.h"
#include "buffer_handle.h"
#include "csat/model/foreign_text.h"
#include "csat/survey/interview.h"
#include "guard.h"
#include "json_writer.h"
#include "policy_handle.h"
#include "questionnaire_handle.h"
#include "questionnaire_json.h"

using csat::Answers;
using csat::CalendarDate;
using csat::Policy;
using csat::Questionnaire;
using csat::capi::CheckHandle;
using csat::capi::CheckPointer;
using csat::capi::CheckText;
using csat::capi::First;
using csat::capi::FromC;
using csat::capi::Guard;
using csat::capi::JsonWriter;
using csat::capi::MakeHandle;
using csat::capi::Place;
using csat::capi::QuestionnaireContent;

namespace {

absl::Status ReadDay(std::string_view text, std::string_view name, std::optional<CalendarDate>* out) {
  *out = CalendarDate::Parse(text);
  if (out->has_value()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(std::string(name), " ", csat::Quoted(text),
                                                 " is no day YYYY-MM-DD of the years 1 to 9999"));
}

// Writes what `write` says of the answers.
template <typename Write>
csat_status OfAnswers(const csat_questionnaire* questionnaire, const char* answers, size_t answers_size,
                      csat_buffer** out, csat_error** error, Write write) {
  return Guard(error, out, [&](Place& place) -> absl::Status {
    absl::Status wrong = First(CheckHandle(questionnaire, "questionnaire"),
                               CheckText(answers, answers_size, "answers"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    const absl::StatusOr<Answers> read = csat::capi::ReadAnswers(FromC(answers, answers_size), &place);
    if (!read.ok()) return read.status();
    *out = MakeHandle<csat_buffer>(write(*questionnaire->rep.questionnaire, *read));
    return absl::OkStatus();
  });
}

}  // namespace

csat_status csat_policy_questionnaires(const csat_policy* policy, csat_buffer** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(policy, "policy"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    JsonWriter json;
    json.BeginArray();
    for (const Questionnaire& questionnaire : policy->rep.policy.questionnaires())
      json.Text(questionnaire.id);
    *out = MakeHandle<csat_buffer>(json.EndArray().Take());
    return absl::OkStatus();
  });
}

csat_status csat_policy_offers(const csat_policy* policy, const char* event, size_t event_size,
                               const char* context, size_t context_size, csat_buffer** out,
                               csat_error** error) {
  return Guard(error, out, [&](Place& place) -> absl::Status {
    absl::Status wrong = First(CheckHandle(policy, "policy"), CheckText(event, event_size, "event"),
                               CheckText(context, context_size, "context"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    const absl::StatusOr<Answers> known = csat::capi::ReadAnswers(FromC(context, context_size), &place);
    if (!known.ok()) return known.status();
    const std::vector<Questionnaire>& all = policy->rep.policy.questionnaires();
    const absl::StatusOr<csat::Offers> offers = csat::OfferedOn(all, FromC(event, event_size), *known);
    if (!offers.ok()) {
      const auto impossible = csat::ImpossibleContext(all, *known);
      if (impossible.has_value())
        place = csat::capi::PlaceOfAnswer(FromC(context, context_size), impossible->field);
      return offers.status();
    }
    JsonWriter json;
    json.BeginObject().Key("offered").BeginArray();
    for (const size_t i : offers->offered) json.Text(all[i].id);
    json.EndArray().Key("undecided").BeginArray();
    for (const size_t i : offers->undecided) json.Text(all[i].id);
    *out = MakeHandle<csat_buffer>(json.EndArray().EndObject().Take());
    return absl::OkStatus();
  });
}

csat_status csat_questionnaire_create(const csat_policy* policy, const char* id, size_t id_size,
                                      csat_questionnaire** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong =
        First(CheckHandle(policy, "policy"), CheckText(id, id_size, "id"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    const Policy& own = policy->rep.policy;
    const Questionnaire* found = own.FindQuestionnaire(FromC(id, id_size));
    if (found == nullptr) {
      return absl::NotFoundError(
          absl::StrCat("policy '", own.id(), "' has no questionnaire ", csat::Quoted(FromC(id, id_size))));
    }
    *out = MakeHandle<csat_questionnaire>(QuestionnaireContent{own, found});
    return absl::OkStatus();
  });
}

void csat_questionnaire_free(csat_questionnaire* questionnaire) { csat::capi::FreeHandle(questionnaire); }

csat_status csat_questionnaire_to_json(const csat_questionnaire* questionnaire, csat_buffer** out,
                                       csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(questionnaire, "questionnaire"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    JsonWriter json;
    csat::capi::WriteQuestionnaire(questionnaire->rep.policy, *questionnaire->rep.questionnaire, &json);
    *out = MakeHandle<csat_buffer>(json.Take());
    return absl::OkStatus();
  });
}

csat_status csat_questionnaire_next(const csat_questionnaire* questionnaire, const char* answers,
                                    size_t answers_size, csat_buffer** out, csat_error** error) {
  return OfAnswers(questionnaire, answers, answers_size, out, error,
                   [](const Questionnaire& asked, const Answers& given) {
                     return csat::capi::ItemIds(asked, csat::NextItems(asked, given));
                   });
}

csat_status csat_questionnaire_check(const csat_questionnaire* questionnaire, const char* answers,
                                     size_t answers_size, csat_buffer** out, csat_error** error) {
  return OfAnswers(questionnaire, answers, answers_size, out, error,
                   [](const Questionnaire& asked, const Answers& given) {
                     return csat::capi::ToJson(asked, csat::CheckAnswers(asked, given));
                   });
}

csat_status csat_questionnaire_may_start(const csat_questionnaire* questionnaire, const char* day,
                                         size_t day_size, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    std::optional<CalendarDate> read;
    absl::Status wrong = First(CheckHandle(questionnaire, "questionnaire"), CheckText(day, day_size, "day"));
    if (wrong.ok()) wrong = ReadDay(FromC(day, day_size), "day", &read);
    if (!wrong.ok()) return wrong;
    return csat::MayStart(*questionnaire->rep.questionnaire, *read);
  });
}

csat_status csat_questionnaire_last_day(const csat_questionnaire* questionnaire, const char* event,
                                        size_t event_size, csat_buffer** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    std::optional<CalendarDate> read;
    absl::Status wrong = First(CheckHandle(questionnaire, "questionnaire"),
                               CheckText(event, event_size, "event"), CheckPointer(out, "out"));
    if (wrong.ok()) wrong = ReadDay(FromC(event, event_size), "event", &read);
    if (!wrong.ok()) return wrong;
    const Questionnaire& own = *questionnaire->rep.questionnaire;
    if (!own.follow_up.has_value()) {
      return absl::FailedPreconditionError(
          absl::StrCat("questionnaire ", csat::Quoted(own.id), " follows no other"));
    }
    const std::optional<CalendarDate> last = csat::LastDayOf(*own.follow_up, *read);
    *out = MakeHandle<csat_buffer>(last.has_value() ? last->ToString() : std::string());
    return absl::OkStatus();
  });
}

csat_status csat_questionnaire_check_follow_up(const csat_questionnaire* questionnaire, const char* event,
                                               size_t event_size, const char* before, size_t before_size,
                                               const char* day, size_t day_size, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    std::optional<CalendarDate> happened, answered_before, answered;
    absl::Status wrong =
        First(CheckHandle(questionnaire, "questionnaire"), CheckText(event, event_size, "event"),
              CheckText(before, before_size, "before"), CheckText(day, day_size, "day"));
    if (wrong.ok()) wrong = ReadDay(FromC(event, event_size), "event", &happened);
    if (wrong.ok() && before_size > 0)
      wrong = ReadDay(FromC(before, before_size), "before", &answered_before);
    if (wrong.ok()) wrong = ReadDay(FromC(day, day_size), "day", &answered);
    if (!wrong.ok()) return wrong;
    return csat::CheckFollowUp(*questionnaire->rep.questionnaire, *happened, answered_before, *answered);
  });
}
