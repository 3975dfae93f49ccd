#include "policy/questionnaire_builder.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "policy/model_words.h"
#include "policy/predicate_builder.h"
#include "policy/question_paths.h"

namespace csat::policy {
namespace {

template <typename Texts>
std::vector<std::string> Words(const Texts& texts) {
  return {texts.begin(), texts.end()};
}

const Metric& MetricOf(const std::string& id, const std::vector<Metric>& metrics) {
  return *std::find_if(metrics.begin(), metrics.end(),
                       [&id](const Metric& metric) { return metric.id == id; });
}

void BuildAnswer(const v1::Item& item, const std::vector<Metric>& metrics, QuestionnaireItem* built) {
  using Kind = QuestionnaireItem::Kind;
  for (const v1::Item::Option& option : item.options())
    built->options.push_back({option.id(), BuildLabel(option.label()), ""});
  if (item.has_several()) {
    built->kind = Kind::kSeveral;
    built->field = item.id();
    const std::vector<std::string> ids = MetricsOf(item);
    for (std::size_t i = 0; i < ids.size(); ++i) built->options[i].metric = ids[i];
    built->at_least = std::max(item.several().at_least(), item.required() ? 1 : 0);
    built->at_most = item.several().at_most() == 0 ? item.options_size() : item.several().at_most();
    return;
  }
  built->metric = MetricOf(item.id(), metrics);
  if (const auto* text = std::get_if<TextForm>(&built->metric.form)) {
    built->field = text->field;
    built->kind = text->values.empty() ? Kind::kOpen : Kind::kChoice;
    if (!built->options.empty()) return;
    for (const std::string& word : text->values) built->options.push_back({word, Label(), ""});
    return;
  }
  built->field = std::get<NumberForm>(built->metric.form).field;
  built->kind =
      built->metric.scale.has_value() && built->metric.scale->integer() ? Kind::kRating : Kind::kQuantity;
}

QuestionnaireItem BuildItem(const v1::Item& item, const std::vector<Metric>& metrics) {
  QuestionnaireItem built;
  built.id = item.id();
  built.text = BuildLabel(item.label());
  built.help = BuildLabel(item.help());
  BuildAnswer(item, metrics, &built);
  if (item.has_shown_when()) built.shown_when = BuildPredicate(item.shown_when());
  built.required = item.required();
  built.detail = item.detail();
  built.section = item.section();
  built.topic = item.topic();
  built.origin = item.origin();
  built.purpose = item.purpose();
  built.max_characters = item.max_characters();
  return built;
}

}  // namespace

Questionnaire BuildQuestionnaire(const v1::Questionnaire& questionnaire, const PolicyIndex& index,
                                 const std::vector<Metric>& metrics) {
  Questionnaire built;
  built.id = questionnaire.id();
  built.version = questionnaire.version();
  built.label = BuildLabel(questionnaire.label());
  built.purpose = questionnaire.purpose();
  built.channel = questionnaire.channel();
  built.languages = Words(questionnaire.languages());
  built.triggers = Words(questionnaire.triggers());
  for (const std::string& id : questionnaire.context()) built.context.push_back(MetricOf(id, metrics));
  if (questionnaire.has_offered_when()) built.offered_when = BuildPredicate(questionnaire.offered_when());
  for (const v1::Item& item : questionnaire.items()) built.items.push_back(BuildItem(item, metrics));
  built.core_items = Words(questionnaire.core_items());
  built.topics = Words(questionnaire.topics());
  built.max_questions = questionnaire.max_questions();
  built.min_duration_ms = questionnaire.min_duration_ms();
  built.requires_presence = questionnaire.requires_presence();
  if (questionnaire.has_follow_up()) {
    const v1::FollowUp& follow_up = questionnaire.follow_up();
    built.follow_up = FollowUp{follow_up.after(), follow_up.since(), follow_up.months(), follow_up.days()};
  }
  built.confirmed_every = ToModel(questionnaire.confirmed_every());
  for (const v1::Confirmation& made : questionnaire.confirmations()) {
    if (const std::optional<Period> period = Period::Parse(made.period()); period.has_value())
      built.confirmations.push_back({*period, made.decision() == v1::Confirmation::REVISED, made.report()});
  }
  const QuestionPaths paths = FollowPaths(questionnaire, index);
  built.paths_followed = paths.counted;
  built.least_questions = paths.least;
  built.most_questions = paths.most;
  for (std::size_t i = 0; i < built.items.size(); ++i)
    built.items[i].always_shown = paths.items[i].shown_everywhere;
  return built;
}

}  // namespace csat::policy
