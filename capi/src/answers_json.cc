#include "answers_json.h"

#include <cstdint>
#include <limits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"
#include "csat/policy/json_fields.h"
#include "json_writer.h"

namespace csat::capi {
namespace {

constexpr std::int64_t kMostWhole = std::numeric_limits<std::int64_t>::max() / Decimal::kOne;

// "": *answer is what the field says; else why it says nothing that can be an answer.
std::string Read(JsonField* field, Answer* answer) {
  auto& value = field->value;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    if (*whole > kMostWhole || *whole < -kMostWhole)
      return absl::StrCat("number ", *whole, " lies outside [-", kMostWhole, ", ", kMostWhole, "]");
    *answer = Decimal::FromInteger(*whole);
  } else if (const auto* decimal = std::get_if<Decimal>(&value)) {
    *answer = *decimal;
  } else if (std::holds_alternative<double>(value)) {
    return absl::StrCat("number ", JsonWriter().Real(std::get<double>(value)).Take(),
                        " has more than six places or lies outside [-", kMostWhole, ", ", kMostWhole, "]");
  } else if (auto* text = std::get_if<std::string>(&value)) {
    *answer = std::move(*text);
  } else if (auto* options = std::get_if<std::vector<std::string>>(&value)) {
    *answer = std::move(*options);
  } else if (const auto* numbers = std::get_if<std::vector<double>>(&value)) {
    if (numbers->empty()) {
      *answer = std::vector<std::string>();
    } else {
      *answer = ListOfNumbers();
    }
  }
  return "";
}

void WriteIds(const Questionnaire& questionnaire, const std::vector<std::size_t>& items, JsonWriter* json) {
  json->BeginArray();
  for (const std::size_t item : items) json->Text(questionnaire.items[item].id);
  json->EndArray();
}

}  // namespace

absl::StatusOr<Answers> ReadAnswers(std::string_view json, Place* place) {
  Diagnostic fault;
  absl::StatusOr<std::vector<JsonField>> fields = ReadJsonFields(json, &fault);
  if (!fields.ok()) {
    *place = {fault.path, fault.line, fault.column};
    return fields.status();
  }
  Answers answers;
  for (JsonField& field : *fields) {
    Answer answer;
    const std::string wrong = Read(&field, &answer);
    if (!wrong.empty()) {
      *place = {PathOfField(field.name), field.line, field.column};
      return absl::InvalidArgumentError(absl::StrCat("field ", Quoted(field.name), ": ", wrong));
    }
    answers.emplace(std::move(field.name), std::move(answer));
  }
  return answers;
}

Place PlaceOfAnswer(std::string_view json, std::string_view field) {
  const absl::StatusOr<std::vector<JsonField>> fields = ReadJsonFields(json);
  for (std::size_t i = 0; fields.ok() && i < fields->size(); ++i) {
    const JsonField& found = (*fields)[i];
    if (found.name == field) return {PathOfField(field), found.line, found.column};
  }
  return {PathOfField(field), 0, 0};
}

std::string ItemIds(const Questionnaire& questionnaire, const std::vector<std::size_t>& items) {
  JsonWriter json;
  WriteIds(questionnaire, items, &json);
  return json.Take();
}

std::string ToJson(const Questionnaire& questionnaire, const AnswersReport& report) {
  JsonWriter json;
  json.BeginObject().Key("state").Text(Word(report.state)).Key("shown");
  WriteIds(questionnaire, report.shown, &json);
  json.Key("problems").BeginArray();
  for (const AnswerProblem& problem : report.problems) {
    json.BeginObject().Key("kind").Text(Word(problem.kind)).Key("field").Text(problem.field);
    json.Key("message").BeginObject().Key("en").Text(problem.message).Key("zh").Text(problem.message_zh);
    json.EndObject().EndObject();
  }
  return json.EndArray().EndObject().Take();
}

}  // namespace csat::capi
