#include "policy/policy_builder.h"

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "csat/policy/canonical_object.h"
#include "policy/canonical.h"
#include "policy/cleaning_builder.h"
#include "policy/measure_builder.h"
#include "policy/model_words.h"
#include "policy/policy_content.h"
#include "policy/policy_index.h"
#include "policy/predicate_builder.h"
#include "policy/questionnaire_builder.h"
#include "policy/sampling_builder.h"
#include "policy/score_function_builder.h"
#include "policy/sources.h"

namespace csat {
namespace {

using policy::BuildLabel;
using policy::DecimalIf;
using policy::ToModel;

// The scale that each metric names, by metric id; nullptr: none.
using ScalesOfMetrics = std::map<std::string_view, const v1::Scale*>;

const std::string& FieldOr(const std::string& field, const std::string& id) {
  return field.empty() ? id : field;
}

absl::Status Within(std::string_view kind, const std::string& id, const absl::Status& status) {
  return absl::Status(status.code(), std::string(kind) + " '" + id + "': " + std::string(status.message()));
}

absl::StatusOr<Weight> BuildWeight(const std::string& indicator, Decimal parts) {
  const std::optional<Weight> weight = Weight::Create(parts);
  if (weight.has_value()) return *weight;
  return absl::InvalidArgumentError("indicator '" + indicator + "': weight " + parts.ToString() +
                                    " lies outside [0, " + std::to_string(Weight::kMostParts) + "]");
}

Aggregate BuildAggregate(const v1::Aggregate& aggregate) {
  return {ToModel(aggregate.kind()), ToModel(aggregate.op()), ToModel(aggregate.value()),
          ToModel(aggregate.quantile())};
}

absl::StatusOr<Scale> BuildScale(const v1::Scale& scale) {
  std::vector<Scale::RankLabel> labels;
  for (const v1::Scale::Label& label : scale.labels()) {
    labels.push_back({label.rank(),
                      BuildLabel(label.label()),
                      {label.aliases().begin(), label.aliases().end()},
                      DecimalIf(label.has_points(), label.points())});
  }
  return Scale::Create(scale.id(), ToModel(scale.min()), ToModel(scale.max()), scale.integer(),
                       ToModel(scale.direction()), std::move(labels));
}

RatioForm BuildRatio(const v1::Ratio& ratio) {
  RatioForm built;
  const auto build_terms = [](const auto& terms, std::vector<RatioForm::Term>* out) {
    for (const v1::Ratio::Term& term : terms) {
      out->push_back(
          {term.field(), DecimalIf(term.has_times(), term.times()).value_or(Decimal::FromInteger(1))});
    }
  };
  build_terms(ratio.numerator(), &built.numerator);
  build_terms(ratio.denominator(), &built.denominator);
  if (ratio.has_times()) built.times = ToModel(ratio.times());
  built.may_exceed_whole = ratio.may_exceed_whole();
  built.field = ratio.field();
  return built;
}

Metric BuildMetric(const v1::Metric& metric, const v1::Scale* scale, const Scale* built_scale) {
  Metric built;
  built.id = metric.id();
  built.label = BuildLabel(metric.label());
  built.unit = metric.unit();
  built.direction = policy::DirectionOf(metric, scale);
  built.min = DecimalIf(metric.has_min(), metric.min());
  built.max = DecimalIf(metric.has_max(), metric.max());
  if (built_scale != nullptr) {
    built.scale = *built_scale;
    if (!built.min.has_value()) built.min = built.scale->min();
    if (!built.max.has_value()) built.max = built.scale->max();
  }
  if (metric.has_decimal_places()) built.decimal_places = metric.decimal_places();
  for (const v1::Decimal& missing : metric.missing_values()) built.missing_values.push_back(ToModel(missing));
  switch (metric.form_case()) {
    case v1::Metric::kRatio: built.form = BuildRatio(metric.ratio()); break;
    case v1::Metric::kEvents:
      built.form = EventsForm{FieldOr(metric.events().field(), metric.id()),
                              BuildAggregate(metric.events().aggregate())};
      break;
    case v1::Metric::kText:
      built.form = TextForm{FieldOr(metric.text().field(), metric.id()),
                            {metric.text().values().begin(), metric.text().values().end()}};
      break;
    default: built.form = NumberForm{FieldOr(metric.number().field(), metric.id())};
  }
  return built;
}

// From printed bands, which the checker found total and disjoint, to lower bounds.
Grading BuildGrading(const v1::Grading& grading) {
  Grading built;
  if (grading.basis() == v1::Grading::ROUNDED) built.rounded_places = grading.places();
  for (const v1::Grading::Band& band : grading.bands()) {
    GradeBand made{band.id(), BuildLabel(band.label()), ToModel(band.from()), std::nullopt};
    if (band.has_condition()) made.condition = policy::BuildPredicate(band.condition());
    built.bands.push_back(std::move(made));
  }
  return built;
}

Missing BuildMissing(const v1::Missing& missing) {
  return {ToModel(missing.rule()), missing.last_field(), missing.age_field(), missing.max_age_days(),
          ToModel(missing.otherwise())};
}

absl::StatusOr<std::vector<Indicator>> BuildIndicators(
    const google::protobuf::RepeatedPtrField<v1::Indicator>& siblings, const ScalesOfMetrics& metrics);

absl::StatusOr<Indicator> BuildIndicator(const v1::Indicator& indicator, const ScalesOfMetrics& metrics) {
  Indicator built;
  built.id = indicator.id();
  built.label = BuildLabel(indicator.label());
  built.group = indicator.group();
  if (indicator.has_weight()) {
    const absl::StatusOr<Weight> weight = BuildWeight(indicator.id(), ToModel(indicator.weight()));
    if (!weight.ok()) return weight.status();
    built.weight = *weight;
  }
  built.max_points = ToModel(indicator.max_points());
  const v1::Scale* scale = nullptr;
  switch (indicator.form_case()) {
    case v1::Indicator::kChildren: {
      absl::StatusOr<std::vector<Indicator>> children =
          BuildIndicators(indicator.children().indicators(), metrics);
      if (!children.ok()) return children.status();
      built.form = FromChildren{ToModel(indicator.children().combine()), *std::move(children)};
      break;
    }
    case v1::Indicator::kScorecard: built.form = FromScorecard{indicator.scorecard()}; break;
    default: {
      built.form = FromMetric{indicator.metric()};
      const auto found = metrics.find(indicator.metric());
      if (found != metrics.end()) scale = found->second;
    }
  }
  absl::StatusOr<ScoreFunction> score =
      policy::BuildScoreFunction(indicator.score(), scale, indicator.max_points());
  if (!score.ok()) return Within("indicator", indicator.id(), score.status());
  built.score = *std::move(score);
  if (indicator.has_each()) built.each = BuildAggregate(indicator.each());
  built.missing = BuildMissing(indicator.missing());
  if (indicator.has_gate()) {
    built.gate =
        Gate{policy::BuildPredicate(indicator.gate().when()), ToModel(indicator.gate().cap_points())};
  }
  if (indicator.has_levels()) built.levels = BuildGrading(indicator.levels());
  built.min_answers = DecimalIf(indicator.has_min_answers(), indicator.min_answers());
  return built;
}

absl::StatusOr<std::vector<Indicator>> BuildIndicators(
    const google::protobuf::RepeatedPtrField<v1::Indicator>& siblings, const ScalesOfMetrics& metrics) {
  std::vector<Indicator> built;
  built.reserve(static_cast<size_t>(siblings.size()));
  for (const v1::Indicator& indicator : siblings) {
    absl::StatusOr<Indicator> made = BuildIndicator(indicator, metrics);
    if (!made.ok()) return made.status();
    built.push_back(*std::move(made));
  }
  return built;
}

Bonus BuildBonus(const v1::Bonus& bonus) {
  Bonus built;
  built.mode = bonus.mode() == v1::Bonus::POINTS ? Bonus::Mode::kPoints : Bonus::Mode::kRelative;
  built.cap = ToModel(bonus.cap());
  for (const v1::Bonus::Source& source : bonus.sources()) {
    built.sources.push_back({source.id(), BuildLabel(source.label()), source.metric(), ToModel(source.each()),
                             DecimalIf(source.has_cap(), source.cap()), source.excluding()});
  }
  return built;
}

Veto BuildVeto(const v1::Veto& veto) {
  Veto built;
  built.id = veto.id();
  built.label = BuildLabel(veto.label());
  built.when = policy::BuildPredicate(veto.when());
  built.scope = veto.scope() == v1::Veto::INDICATOR        ? Veto::Scope::kIndicator
                : veto.scope() == v1::Veto::SUBJECT_PERIOD ? Veto::Scope::kSubjectPeriod
                                                           : Veto::Scope::kRecord;
  built.indicator = veto.indicator();
  const bool caps = veto.effect_case() == v1::Veto::kCapAt;
  built.effect = caps ? Veto::Effect::kCapAt : Veto::Effect::kSetTo;
  built.value = ToModel(caps ? veto.cap_at() : veto.set_to());
  built.missing = ToModel(veto.missing().rule());
  built.incident = veto.incident();
  built.period =
      veto.period() == v1::Veto::CONFIRMATION ? Veto::PeriodOf::kConfirmation : Veto::PeriodOf::kOccurrence;
  built.needs_approval = veto.needs_approval();
  return built;
}

absl::StatusOr<Scorecard> BuildScorecard(const v1::Scorecard& card, const ScalesOfMetrics& metrics) {
  Scorecard built;
  built.id = card.id();
  built.label = BuildLabel(card.label());
  built.max_score = ToModel(card.max_score());
  built.combine = ToModel(card.combine());
  absl::StatusOr<std::vector<Indicator>> indicators = BuildIndicators(card.indicators(), metrics);
  if (!indicators.ok()) return indicators.status();
  built.indicators = *std::move(indicators);
  built.profile_metric = card.profile_metric();
  for (const v1::Profile& profile : card.profiles()) {
    Profile made{profile.id(), BuildLabel(profile.label()), {}};
    for (const auto& [id, parts] : profile.weights()) {
      const absl::StatusOr<Weight> weight = BuildWeight(id, ToModel(parts));
      if (!weight.ok()) return Within("profile", profile.id(), weight.status());
      made.weights.emplace(id, *weight);
    }
    built.profiles.push_back(std::move(made));
  }
  built.default_profile = card.default_profile();
  if (card.has_bonus()) built.bonus = BuildBonus(card.bonus());
  for (const v1::Cap& cap : card.caps()) {
    built.caps.push_back(
        {cap.id(), BuildLabel(cap.label()), policy::BuildPredicate(cap.when()), ToModel(cap.max_score())});
  }
  for (const v1::Veto& veto : card.vetoes()) built.vetoes.push_back(BuildVeto(veto));
  if (card.has_grading()) built.grading = BuildGrading(card.grading());
  built.min_answers_metric = card.min_answers().metric();
  built.min_answers = ToModel(card.min_answers().count());
  built.period = ToModel(card.period());
  return built;
}

Target BuildTarget(const v1::Target& target) {
  return {target.id(),
          BuildLabel(target.label()),
          target.metric(),
          target.scorecard(),
          ToModel(target.op()),
          DecimalIf(target.has_value(), target.value()),
          ToModel(target.period()),
          target.set_by(),
          target.disabled()};
}

CaseValue BuildValue(const v1::Value& value) {
  switch (value.form_case()) {
    case v1::Value::kNumber: return {ToModel(value.number())};
    case v1::Value::kText: return {value.text()};
    case v1::Value::kTruth: return {Decimal::FromInteger(value.truth() ? 1 : 0)};
    case v1::Value::kList: {
      if (value.list().of_size() > 0 && value.list().of(0).form_case() == v1::Value::kText) {
        std::vector<std::string> words;
        for (const v1::Value& item : value.list().of()) words.push_back(item.text());
        return {std::move(words)};
      }
      std::vector<Decimal> list;
      for (const v1::Value& item : value.list().of()) list.push_back(ToModel(item.number()));
      return {std::move(list)};
    }
    default: return {};
  }
}

PolicyCase BuildCase(const v1::Case& example) {
  PolicyCase built;
  const v1::Case::Expect& expect = example.expect();
  const auto text_if = [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
  };
  built.name = example.name();
  built.clauses.assign(example.clauses().begin(), example.clauses().end());
  built.scorecard = example.scorecard();
  for (const auto& [field, value] : example.record()) built.record.emplace(field, BuildValue(value));
  built.outcome = text_if(expect.outcome());
  built.grade = text_if(expect.grade());
  built.score = DecimalIf(expect.has_score(), expect.score());
  built.base = DecimalIf(expect.has_base(), expect.base());
  built.without_veto = DecimalIf(expect.has_without_veto(), expect.without_veto());
  for (const auto& [id, points] : expect.points()) built.points.emplace(id, ToModel(points));
  built.levels.insert(expect.levels().begin(), expect.levels().end());
  built.targets.insert(expect.targets().begin(), expect.targets().end());
  built.shown.insert(expect.shown().begin(), expect.shown().end());
  if (expect.has_vetoes()) built.vetoes.emplace(expect.vetoes().of().begin(), expect.vetoes().of().end());
  built.reasons.assign(expect.reasons().begin(), expect.reasons().end());
  built.measures.insert(expect.measures().begin(), expect.measures().end());
  built.questionnaire = example.questionnaire();
  built.answers = text_if(expect.answers());
  if (expect.has_next()) built.next.emplace(expect.next().of().begin(), expect.next().of().end());
  built.problems.insert(expect.problems().begin(), expect.problems().end());
  built.event = example.event();
  if (expect.has_offered()) built.offered.emplace(expect.offered().of().begin(), expect.offered().of().end());
  built.verdicts.assign(expect.verdicts().begin(), expect.verdicts().end());
  for (const auto& [verdict, count] : expect.counts()) built.counts[verdict] = ToModel(count);
  if (expect.has_reviewed()) built.reviewed = ToModel(expect.reviewed());
  built.sampling = example.sampling();
  for (const auto& [name, list] : expect.lists())
    built.lists[name].assign(list.of().begin(), list.of().end());
  built.error = expect.error();
  for (const auto& [field, values] : example.table()) {
    std::vector<CaseValue>& column = built.table[field];
    for (const v1::Value& value : values.list().of()) column.push_back(BuildValue(value));
  }
  return built;
}

}  // namespace

absl::StatusOr<Policy> PolicyBuilder::Build(const v1::Policy& message, std::vector<Diagnostic> findings) {
  const std::optional<CalendarDate> effective_from = CalendarDate::Parse(message.effective_from());
  if (!effective_from.has_value()) {
    return absl::InvalidArgumentError("effective_from: '" + message.effective_from() +
                                      "' is no day of the calendar");
  }
  auto content = std::make_shared<Policy::Content>();
  content->id = message.id();
  content->version = message.version();
  content->zone = message.zone();
  content->effective_from = effective_from;
  content->label = BuildLabel(message.label());
  content->canonical_json = policy::CanonicalJson(message);
  content->digest = Sha256Hex(content->canonical_json);

  // Each scale is built once and shared by its metrics.
  std::map<std::string_view, std::pair<const v1::Scale*, Scale>> scales;
  for (const v1::Scale& scale : message.scales()) {
    absl::StatusOr<Scale> built = BuildScale(scale);
    if (!built.ok()) return built.status();
    scales.emplace(scale.id(), std::make_pair(&scale, *std::move(built)));
  }
  ScalesOfMetrics metrics;
  content->metrics.reserve(static_cast<size_t>(message.metrics_size()));
  for (const v1::Metric& metric : message.metrics()) {
    const auto found = scales.find(metric.scale());
    const bool scaled = found != scales.end();
    metrics.emplace(metric.id(), scaled ? found->second.first : nullptr);
    content->metrics.push_back(BuildMetric(metric, scaled ? found->second.first : nullptr,
                                           scaled ? &found->second.second : nullptr));
  }
  content->scorecards.reserve(static_cast<size_t>(message.scorecards_size()));
  for (const v1::Scorecard& card : message.scorecards()) {
    absl::StatusOr<Scorecard> built = BuildScorecard(card, metrics);
    if (!built.ok()) return Within("scorecard", card.id(), built.status());
    content->scorecards.push_back(*std::move(built));
  }
  for (const v1::Target& target : message.targets()) content->targets.push_back(BuildTarget(target));
  for (const v1::Measure& measure : message.measures())
    content->measures.push_back(policy::BuildMeasure(measure));
  if (message.has_cleaning()) content->cleaning = policy::BuildCleaning(message.cleaning());
  content->sampling = policy::BuildSampling(message.sampling());
  const policy::PolicyIndex index(message);
  for (const v1::Questionnaire& questionnaire : message.questionnaires())
    content->questionnaires.push_back(policy::BuildQuestionnaire(questionnaire, index, content->metrics));
  for (const v1::Case& example : message.cases()) content->cases.push_back(BuildCase(example));

  policy::Sources sources = policy::CollectSources(message);
  content->assumed_values = std::move(sources.assumed_values);
  content->clauses = std::move(sources.clauses);
  content->diagnostics = std::move(findings);
  for (size_t i = 0; i < content->metrics.size(); ++i)
    content->metric_index.emplace(content->metrics[i].id, i);
  for (size_t i = 0; i < content->measures.size(); ++i)
    content->measure_index.emplace(content->measures[i].id, i);
  for (size_t i = 0; i < content->scorecards.size(); ++i)
    content->scorecard_index.emplace(content->scorecards[i].id, i);
  return Policy(std::move(content));
}

}  // namespace csat
