#include "questionnaire_json.h"

#include <optional>
#include <string_view>
#include <variant>

#include "csat/model/predicate.h"

namespace csat::capi {
namespace {

using Kind = QuestionnaireItem::Kind;

std::string_view Word(Kind kind) {
  switch (kind) {
    case Kind::kRating: return "rating";
    case Kind::kQuantity: return "quantity";
    case Kind::kChoice: return "choice";
    case Kind::kSeveral: return "several";
    case Kind::kOpen: return "open";
  }
  return "";
}

std::string_view Word(ComparisonOp op) {
  switch (op) {
    case ComparisonOp::kLess: return "LT";
    case ComparisonOp::kLessOrEqual: return "LE";
    case ComparisonOp::kEqual: return "EQ";
    case ComparisonOp::kNotEqual: return "NE";
    case ComparisonOp::kGreaterOrEqual: return "GE";
    case ComparisonOp::kGreater: return "GT";
  }
  return "";
}

std::string_view Word(PeriodKind kind) {
  switch (kind) {
    case PeriodKind::kDay: return "day";
    case PeriodKind::kWeek: return "week";
    case PeriodKind::kMonth: return "month";
    case PeriodKind::kQuarter: return "quarter";
    case PeriodKind::kHalfYear: return "half_year";
    case PeriodKind::kYear: return "year";
  }
  return "";
}

const std::string& FieldOf(const Metric& metric) {
  const auto* text = std::get_if<TextForm>(&metric.form);
  return text != nullptr ? text->field : std::get<NumberForm>(metric.form).field;
}

void WriteLabel(std::string_view key, const Label& label, JsonWriter* json) {
  json->Key(key).BeginObject();
  for (const auto& [language, text] : label.by_language()) json->Key(language).Text(text);
  json->EndObject();
}

void WriteBound(std::string_view key, const std::optional<Decimal>& bound, JsonWriter* json) {
  json->Key(key);
  if (bound.has_value()) {
    json->Number(*bound);
  } else {
    json->Null();
  }
}

void WritePredicate(const Predicate& predicate, JsonWriter* json);

void WriteParts(const Predicate& predicate, JsonWriter* json) {
  json->Key("of").BeginArray();
  for (const Predicate& part : predicate.of) WritePredicate(part, json);
  json->EndArray();
}

// As in a policy file.
void WritePredicate(const Predicate& predicate, JsonWriter* json) {
  json->BeginObject();
  switch (predicate.kind) {
    case Predicate::Kind::kAll:
    case Predicate::Kind::kAny:
      json->Key(predicate.kind == Predicate::Kind::kAll ? "all" : "any").BeginObject();
      WriteParts(predicate, json);
      json->EndObject();
      break;
    case Predicate::Kind::kNot:
      json->Key("not");
      WritePredicate(predicate.of.front(), json);
      break;
    case Predicate::Kind::kAtLeast:
      json->Key("at_least").BeginObject().Key("count").Integer(predicate.count);
      WriteParts(predicate, json);
      json->EndObject();
      break;
    case Predicate::Kind::kAnswered: json->Key("answered").Text(predicate.metric); break;
    case Predicate::Kind::kNumber:
    case Predicate::Kind::kText:
      json->Key("compare").BeginObject().Key("metric").Text(predicate.metric);
      json->Key("op").Text(Word(predicate.op));
      if (predicate.kind == Predicate::Kind::kNumber) {
        json->Key("value").Number(predicate.value);
      } else {
        json->Key("text").Text(predicate.text);
      }
      json->EndObject();
      break;
  }
  json->EndObject();
}

void WriteCondition(std::string_view key, const std::optional<Predicate>& condition, JsonWriter* json) {
  json->Key(key);
  if (condition.has_value()) {
    WritePredicate(*condition, json);
  } else {
    json->Null();
  }
}

void WriteScale(const std::optional<Scale>& scale, JsonWriter* json) {
  json->Key("scale");
  if (!scale.has_value()) {
    json->Null();
    return;
  }
  json->BeginObject().Key("id").Text(scale->id()).Key("labels").BeginArray();
  for (const Scale::RankLabel& rank : scale->labels()) {
    json->BeginObject().Key("rank").Integer(rank.rank);
    WriteLabel("label", rank.label, json);
    json->EndObject();
  }
  json->EndArray().EndObject();
}

void WriteNumbers(const Metric& metric, JsonWriter* json) {
  WriteBound("min", metric.min, json);
  WriteBound("max", metric.max, json);
  json->Key("unit").Text(metric.unit);
  WriteScale(metric.scale, json);
}

void WriteItem(const Policy& policy, const QuestionnaireItem& item, JsonWriter* json) {
  json->BeginObject().Key("id").Text(item.id).Key("field").Text(item.field).Key("kind").Text(Word(item.kind));
  WriteLabel("label", item.text, json);
  WriteLabel("help", item.help, json);
  json->Key("required").Truth(item.required).Key("detail").Truth(item.detail);
  json->Key("always_shown").Truth(item.always_shown);
  WriteCondition("shown_when", item.shown_when, json);
  json->Key("section").Text(item.section).Key("topic").Text(item.topic);
  json->Key("origin").Text(item.origin).Key("purpose").Text(item.purpose);
  switch (item.kind) {
    case Kind::kRating:
    case Kind::kQuantity: WriteNumbers(item.metric, json); break;
    case Kind::kSeveral:
      json->Key("at_least").Integer(item.at_least).Key("at_most").Integer(item.at_most);
      [[fallthrough]];
    case Kind::kChoice:
      json->Key("options").BeginArray();
      for (const QuestionnaireOption& option : item.options) {
        json->BeginObject().Key("id").Text(option.id);
        WriteLabel("label", option.label, json);
        if (item.kind == Kind::kSeveral) {
          json->Key("metric").Text(option.metric);
          json->Key("field").Text(FieldOf(*policy.FindMetric(option.metric)));
        }
        json->EndObject();
      }
      json->EndArray();
      break;
    case Kind::kOpen:
      json->Key("max_characters");
      if (item.max_characters > 0) {
        json->Integer(item.max_characters);
      } else {
        json->Null();
      }
      break;
  }
  json->EndObject();
}

// What is known beforehand, as an item without a question.
void WriteContext(const Metric& metric, JsonWriter* json) {
  const auto* text = std::get_if<TextForm>(&metric.form);
  json->BeginObject().Key("id").Text(metric.id);
  json->Key("field").Text(FieldOf(metric));
  WriteLabel("label", metric.label, json);
  if (text != nullptr) {
    json->Key("values").Texts(text->values);
  } else {
    WriteNumbers(metric, json);
  }
  json->EndObject();
}

void WriteFollowUp(const std::optional<FollowUp>& follow_up, JsonWriter* json) {
  json->Key("follow_up");
  if (!follow_up.has_value()) {
    json->Null();
    return;
  }
  json->BeginObject().Key("after").Text(follow_up->after).Key("since").Text(follow_up->since);
  json->Key("months").Integer(follow_up->months).Key("days").Integer(follow_up->days).EndObject();
}

void WriteConfirmations(const Questionnaire& questionnaire, JsonWriter* json) {
  json->Key("confirmed_every");
  if (questionnaire.confirmed_every.has_value()) {
    json->Text(Word(*questionnaire.confirmed_every));
  } else {
    json->Null();
  }
  json->Key("confirmations").BeginArray();
  for (const QuestionnaireConfirmation& made : questionnaire.confirmations) {
    json->BeginObject().Key("period").Text(made.period.ToString());
    json->Key("decision").Text(made.revised ? "revised" : "confirmed");
    json->Key("report").Text(made.report).EndObject();
  }
  json->EndArray();
}

}  // namespace

void WriteQuestionnaire(const Policy& policy, const Questionnaire& questionnaire, JsonWriter* json) {
  json->BeginObject().Key("id").Text(questionnaire.id).Key("version").Text(questionnaire.version);
  WriteLabel("label", questionnaire.label, json);
  json->Key("purpose").Text(questionnaire.purpose).Key("channel").Text(questionnaire.channel);
  json->Key("languages").Texts(questionnaire.languages);
  json->Key("triggers").Texts(questionnaire.triggers);
  WriteCondition("offered_when", questionnaire.offered_when, json);
  json->Key("context").BeginArray();
  for (const Metric& metric : questionnaire.context) WriteContext(metric, json);
  json->EndArray();
  json->Key("least_questions").Integer(questionnaire.least_questions);
  json->Key("most_questions").Integer(questionnaire.most_questions).Key("max_questions");
  if (questionnaire.max_questions > 0) {
    json->Integer(questionnaire.max_questions);
  } else {
    json->Null();
  }
  json->Key("min_duration_ms").Integer(questionnaire.min_duration_ms);
  json->Key("requires_presence").Truth(questionnaire.requires_presence);
  json->Key("core_items").Texts(questionnaire.core_items);
  json->Key("topics").Texts(questionnaire.topics);
  WriteFollowUp(questionnaire.follow_up, json);
  WriteConfirmations(questionnaire, json);
  json->Key("items").BeginArray();
  for (const QuestionnaireItem& item : questionnaire.items) WriteItem(policy, item, json);
  json->EndArray().EndObject();
}

}  // namespace csat::capi
