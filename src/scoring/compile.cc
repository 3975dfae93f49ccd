// Plan::Compile: from a scorecard of the model to slots, integers and an order of steps.
#include <algorithm>
#include <functional>
#include <iterator>
#include <limits>
#include <numeric>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"
#include "csat/model/integers.h"
#include "csat/scoring/plan.h"
#include "scoring/compile_function.h"
#include "scoring/compiled_plan.h"

namespace csat {
namespace {

constexpr std::int64_t kMaxFactor = std::int64_t{1} << 62;

absl::Status Beyond(std::string_view id, std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("'", std::string(id), "': ", std::string(what),
                                                 " is beyond the range of exact arithmetic"));
}

class Compiler {
 public:
  explicit Compiler(CompiledPlan* plan) : plan_(*plan), policy_(plan->policy) {}

  absl::Status AddMetrics() {
    for (const Metric& metric : policy_.metrics()) {
      if (absl::Status status = AddMetric(metric); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  // The card and, before it, those that feed it.
  absl::Status AddCard(std::string_view id, bool own) {
    const Scorecard* card = policy_.FindScorecard(id);
    if (card == nullptr) {
      return absl::NotFoundError(absl::StrCat("policy '", policy_.id(), "' has no scorecard ", Quoted(id)));
    }
    if (!under_way_.insert(card->id).second)
      return absl::InvalidArgumentError(absl::StrCat("scorecard '", card->id, "' feeds itself"));
    if (absl::Status status = AddFeeders(card->indicators); !status.ok()) return status;
    CompiledCard compiled;
    compiled.card = card;
    own_ = own;
    if (absl::Status status = FillCard(&compiled); !status.ok()) return status;
    card_index_[card->id] = static_cast<int>(plan_.cards.size());
    plan_.cards.push_back(std::move(compiled));
    under_way_.erase(card->id);
    return absl::OkStatus();
  }

  void AddTargets() {
    for (const Target& target : policy_.targets()) {
      if (target.disabled) continue;
      CompiledTarget compiled;
      compiled.target = &target;
      if (!target.metric.empty()) {
        compiled.metric = MetricIndex(target.metric);
        if (compiled.metric < 0) continue;
      } else if (plan_.cards.empty() || target.scorecard != plan_.own().card->id) {
        continue;
      }
      plan_.targets.push_back(compiled);
    }
  }

  // A field is required when a figure that the scorecard itself uses needs it.
  void MarkRequired() {
    std::set<int> used;
    const std::function<void(const CompiledPredicate&)> visit = [&](const CompiledPredicate& p) {
      if (p.metric >= 0) used.insert(p.metric);
      for (const CompiledPredicate& part : p.of) visit(part);
    };
    for (const CompiledCard& card : plan_.cards) {
      for (const CompiledIndicator& indicator : card.indicators) {
        if (indicator.metric >= 0) used.insert(indicator.metric);
      }
      for (const CompiledPredicate& predicate : card.predicates) visit(predicate);
      for (const CompiledBonusSource& source : card.bonus) {
        used.insert(source.metric);
        if (source.excluding >= 0) used.insert(source.excluding);
      }
      if (card.profile_metric >= 0) used.insert(card.profile_metric);
      if (card.min_answers_metric >= 0) used.insert(card.min_answers_metric);
    }
    for (const int index : used) {
      const CompiledMetric& metric = plan_.metrics[static_cast<std::size_t>(index)];
      if (metric.kind == CompiledMetric::Kind::kRatio) {
        for (const CompiledMetric::Term& term : metric.numerator) Require(term.slot);
        for (const CompiledMetric::Term& term : metric.denominator) Require(term.slot);
      }
      if (metric.slot >= 0) Require(metric.slot);
    }
  }

 private:
  void Require(int slot) { plan_.fields[static_cast<std::size_t>(slot)].required = true; }

  int Slot(const std::string& name, FieldType type) {
    const auto [entry, added] = plan_.slots.emplace(name, static_cast<int>(plan_.fields.size()));
    if (added) plan_.fields.push_back({name, type, false});
    return entry->second;
  }

  int MetricIndex(std::string_view id) const {
    const auto found = metric_index_.find(std::string(id));
    return found == metric_index_.end() ? -1 : found->second;
  }

  std::int16_t AddReason(std::string text) {
    plan_.reasons.push_back(std::move(text));
    return static_cast<std::int16_t>(plan_.reasons.size() - 1);
  }

  // The greatest ticks at or below `value`; `exact`: whether they are the value.
  absl::Status Ticks(const Metric& metric, Decimal value, std::int64_t unit, std::int64_t* ticks,
                     bool* exact) {
    const absl::int128 scaled = absl::int128(value.micros()) * unit;
    absl::int128 quotient = scaled / Decimal::kOne;
    if (quotient * Decimal::kOne > scaled) quotient -= 1;
    if (quotient > kMaxFactor || quotient < -kMaxFactor)
      return Beyond(metric.id, absl::StrCat("the value ", value.ToString()));
    *exact = quotient * Decimal::kOne == scaled;
    *ticks = static_cast<std::int64_t>(quotient);
    return absl::OkStatus();
  }

  absl::Status AddMetric(const Metric& metric) {
    CompiledMetric compiled;
    compiled.metric = &metric;
    compiled.unit = PowerOfTen(metric.decimal_places);
    compiled.integer = metric.scale.has_value() && metric.scale->integer();
    compiled.min_ticks = std::numeric_limits<std::int64_t>::min();
    compiled.max_ticks = std::numeric_limits<std::int64_t>::max();
    std::optional<Decimal> min = metric.min, max = metric.max;
    if (metric.scale.has_value()) {
      if (!min.has_value()) min = metric.scale->min();
      if (!max.has_value()) max = metric.scale->max();
    }
    absl::Status status;
    bool exact = true;
    if (min.has_value()) status = Ticks(metric, *min, compiled.unit, &compiled.min_ticks, &exact);
    if (!exact) ++compiled.min_ticks;
    if (status.ok() && max.has_value())
      status = Ticks(metric, *max, compiled.unit, &compiled.max_ticks, &exact);
    for (const Decimal value : metric.missing_values) {
      std::int64_t ticks = 0;
      if (status.ok()) status = Ticks(metric, value, compiled.unit, &ticks, &exact);
      if (exact) compiled.missing_ticks.push_back(ticks);
    }
    if (!status.ok()) return status;
    const auto named = [&metric](const std::string& field) { return field.empty() ? metric.id : field; };
    if (const auto* number = std::get_if<NumberForm>(&metric.form)) {
      compiled.kind = CompiledMetric::Kind::kNumber;
      compiled.slot = Slot(named(number->field), FieldType::kNumber);
    } else if (const auto* ratio = std::get_if<RatioForm>(&metric.form)) {
      compiled.kind = CompiledMetric::Kind::kRatio;
      compiled.may_exceed_whole = ratio->may_exceed_whole;
      if (!ratio->field.empty()) compiled.slot = Slot(ratio->field, FieldType::kNumber);
      AddTerms(*ratio, &compiled);
    } else if (const auto* events = std::get_if<EventsForm>(&metric.form)) {
      compiled.kind = CompiledMetric::Kind::kEvents;
      compiled.slot = Slot(named(events->field), FieldType::kEvents);
      compiled.aggregate = events->aggregate;
    } else {
      compiled.kind = CompiledMetric::Kind::kText;
      compiled.slot = Slot(named(std::get<TextForm>(metric.form).field), FieldType::kText);
    }
    metric_index_[metric.id] = static_cast<int>(plan_.metrics.size());
    plan_.metrics.push_back(std::move(compiled));
    return absl::OkStatus();
  }

  // Whole multipliers: all times are divided by what they have in common.
  void AddTerms(const RatioForm& ratio, CompiledMetric* compiled) {
    std::int64_t common = 0;
    for (const RatioForm::Term& term : ratio.numerator) common = std::gcd(common, term.times.micros());
    for (const RatioForm::Term& term : ratio.denominator) common = std::gcd(common, term.times.micros());
    if (common == 0) common = 1;
    compiled->common = common;
    for (const RatioForm::Term& term : ratio.numerator) {
      compiled->numerator.push_back({Slot(term.field, FieldType::kNumber), term.times.micros() / common});
    }
    for (const RatioForm::Term& term : ratio.denominator) {
      compiled->denominator.push_back({Slot(term.field, FieldType::kNumber), term.times.micros() / common});
    }
    const std::int64_t times = std::gcd(ratio.times.micros(), Decimal::kOne);
    compiled->times_numerator = ratio.times.micros() / times;
    compiled->times_denominator = Decimal::kOne / times;
  }

  absl::Status AddFeeders(const std::vector<Indicator>& indicators) {
    for (const Indicator& indicator : indicators) {
      if (const auto* feeder = std::get_if<FromScorecard>(&indicator.form)) {
        if (card_index_.count(feeder->scorecard) == 0) {
          if (absl::Status status = AddCard(feeder->scorecard, false); !status.ok()) return status;
        }
      } else if (const auto* children = std::get_if<FromChildren>(&indicator.form)) {
        if (absl::Status status = AddFeeders(children->indicators); !status.ok()) return status;
      }
    }
    return absl::OkStatus();
  }

  absl::Status FillPredicate(const Predicate& from, CompiledPredicate* to) {
    if (from.kind == Predicate::Kind::kAnswered || from.kind == Predicate::Kind::kAtLeast)
      return absl::InvalidArgumentError("a scorecard's condition knows neither 'answered' nor 'at_least'");
    to->kind = from.kind;
    to->op = from.op;
    to->value = from.value;
    to->text = from.text;
    if (from.kind == Predicate::Kind::kNumber || from.kind == Predicate::Kind::kText) {
      to->metric = MetricIndex(from.metric);
      if (to->metric < 0)
        return absl::InvalidArgumentError(absl::StrCat("condition on unknown metric '", from.metric, "'"));
    }
    for (const Predicate& part : from.of) {
      to->of.emplace_back();
      if (absl::Status status = FillPredicate(part, &to->of.back()); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status AddPredicate(CompiledCard* card, const Predicate& from, int* index) {
    CompiledPredicate compiled;
    if (absl::Status status = FillPredicate(from, &compiled); !status.ok()) return status;
    *index = static_cast<int>(card->predicates.size());
    card->predicates.push_back(std::move(compiled));
    return absl::OkStatus();
  }

  absl::Status FillBands(CompiledCard* card, const Grading& grading, bool own_grades, CompiledBands* out) {
    if (grading.rounded_places.has_value())
      out->rounding = PowerOfTen(Decimal::kPlaces - *grading.rounded_places);
    for (const GradeBand& band : grading.bands) {
      CompiledBands::Band compiled;
      compiled.from = band.from;
      if (band.condition.has_value()) {
        if (absl::Status status = AddPredicate(card, *band.condition, &compiled.condition); !status.ok())
          return status;
        if (own_grades) compiled.reason = AddReason("condition:" + band.id);
      }
      if (own_grades) plan_.grades.push_back(band.id);
      out->bands.push_back(compiled);
    }
    return absl::OkStatus();
  }

  absl::Status FillGroup(std::string_view id, Points max_points, Combine combine,
                         const std::vector<Indicator>& indicators, std::vector<int> children,
                         const std::vector<Profile>& profiles, CompiledGroup* out) {
    out->combine = combine;
    out->children = std::move(children);
    // max_points / child maximum = factor / divisor with one divisor for all.
    std::int64_t divisor = 1;
    for (const Indicator& child : indicators) {
      const std::int64_t most = child.max_points.micros();
      const std::int64_t part = most / std::gcd(most, max_points.micros());
      const absl::int128 lcm = absl::int128(divisor) / std::gcd(divisor, part) * part;
      if (lcm > kMaxFactor) return Beyond(id, "the common multiple of the maxima");
      divisor = static_cast<std::int64_t>(lcm);
    }
    out->divisor = divisor;
    for (const Indicator& child : indicators) {
      const absl::int128 factor = absl::int128(max_points.micros()) * divisor / child.max_points.micros();
      if (factor > kMaxFactor) return Beyond(id, "the ratio of the maxima");
      out->factor.push_back(static_cast<std::int64_t>(factor));
    }
    std::int64_t common = divisor;
    for (const std::int64_t factor : out->factor) common = std::gcd(common, factor);
    out->divisor /= common;
    for (std::int64_t& factor : out->factor) factor /= common;

    const auto add_row = [&](const Profile* profile) {
      std::vector<Decimal> declared;
      for (const Indicator& child : indicators) {
        Decimal weight = child.weight;
        if (profile != nullptr) {
          const auto own = profile->weights.find(child.id);
          if (own != profile->weights.end()) weight = own->second;
        }
        declared.push_back(weight);
      }
      out->weights.push_back(WholeWeights(declared));
      out->declared.push_back(std::move(declared));
    };
    if (profiles.empty()) add_row(nullptr);
    for (const Profile& profile : profiles) add_row(&profile);
    for (const std::vector<std::int64_t>& row : out->weights) {
      absl::int128 sum = 0, most = 0;
      for (std::size_t i = 0; i < row.size(); ++i) {
        sum += row[i];
        most += absl::int128(row[i]) * out->factor[i] * indicators[i].max_points.micros();
        if (most > (absl::int128(1) << 120)) return Beyond(id, "the weighted sum");
      }
      if (sum * out->divisor > kMaxFactor) return Beyond(id, "the sum of the weights");
    }
    return absl::OkStatus();
  }

  absl::Status AddIndicator(CompiledCard* card, const Indicator& indicator, int depth, int* index) {
    CompiledIndicator compiled;
    compiled.indicator = &indicator;
    compiled.depth = depth;
    if (const auto* from = std::get_if<FromMetric>(&indicator.form)) {
      compiled.kind = CompiledIndicator::Kind::kMetric;
      compiled.metric = MetricIndex(from->metric);
      if (compiled.metric < 0)
        return absl::InvalidArgumentError(
            absl::StrCat("indicator '", indicator.id, "' speaks of unknown metric '", from->metric, "'"));
      compiled.each = indicator.each.has_value();
      if (absl::Status status = CompileFunction(
              indicator, plan_.metrics[static_cast<std::size_t>(compiled.metric)], &compiled.function);
          !status.ok()) {
        return status;
      }
    } else if (const auto* feeder = std::get_if<FromScorecard>(&indicator.form)) {
      compiled.kind = CompiledIndicator::Kind::kScorecard;
      compiled.card = card_index_.at(feeder->scorecard);
    } else {
      compiled.kind = CompiledIndicator::Kind::kGroup;
      const FromChildren& group = std::get<FromChildren>(indicator.form);
      std::vector<int> children;
      for (const Indicator& child : group.indicators) {
        int at = 0;
        if (absl::Status status = AddIndicator(card, child, depth + 1, &at); !status.ok()) return status;
        children.push_back(at);
      }
      if (absl::Status status = FillGroup(indicator.id, indicator.max_points, group.combine, group.indicators,
                                          children, {}, &compiled.group);
          !status.ok()) {
        return status;
      }
    }
    if (indicator.gate.has_value()) {
      if (absl::Status status = AddPredicate(card, indicator.gate->when, &compiled.gate); !status.ok())
        return status;
    }
    if (indicator.levels.has_value()) {
      if (absl::Status status = FillBands(card, *indicator.levels, false, &compiled.levels); !status.ok())
        return status;
    }
    if (indicator.levels.has_value() && own_) {
      std::vector<std::string>& names = plan_.levels[indicator.id];
      for (const GradeBand& band : indicator.levels->bands) names.push_back(band.id);
    }
    if (indicator.missing.rule == MissingRule::kLastKnown) {
      compiled.last_slot = Slot(indicator.missing.last_field, FieldType::kNumber);
      compiled.age_slot = Slot(indicator.missing.age_field, FieldType::kNumber);
    }
    if (own_) compiled.missing_reason = AddReason("missing:" + indicator.id);
    *index = static_cast<int>(card->indicators.size());
    card->indicators.push_back(std::move(compiled));
    return absl::OkStatus();
  }

  absl::Status FillCard(CompiledCard* card) {
    const Scorecard& source = *card->card;
    if (source.vetoes.size() + source.caps.size() > 10000) return Beyond(source.id, "the number of rules");
    for (const Veto& veto : source.vetoes) {
      CompiledVeto compiled;
      compiled.veto = &veto;
      if (absl::Status status = AddPredicate(card, veto.when, &compiled.when); !status.ok()) return status;
      if (own_) {
        compiled.reason = AddReason("veto:" + veto.id);
        compiled.unknown_reason = AddReason("unknown:" + veto.id);
      }
      card->vetoes.push_back(compiled);
    }
    std::vector<int> children;
    for (const Indicator& indicator : source.indicators) {
      int index = 0;
      if (absl::Status status = AddIndicator(card, indicator, 0, &index); !status.ok()) return status;
      children.push_back(index);
    }
    if (absl::Status status = FillGroup(source.id, source.max_score, source.combine, source.indicators,
                                        children, source.profiles, &card->root);
        !status.ok()) {
      return status;
    }
    for (std::size_t v = 0; v < card->vetoes.size(); ++v) {
      if (card->vetoes[v].veto->scope != Veto::Scope::kIndicator) continue;
      for (std::size_t i = 0; i < card->indicators.size(); ++i) {
        if (card->indicators[i].indicator->id != card->vetoes[v].veto->indicator) continue;
        card->vetoes[v].indicator = static_cast<int>(i);
        card->indicators[i].vetoes.push_back(static_cast<int>(v));
      }
    }
    if (!source.profile_metric.empty()) {
      card->profile_metric = MetricIndex(source.profile_metric);
      for (std::size_t i = 0; i < source.profiles.size(); ++i) {
        if (source.profiles[i].id == source.default_profile) card->default_profile = static_cast<int>(i);
      }
      if (own_) card->profile_reason = AddReason("profile");
    }
    if (source.bonus.has_value()) {
      for (const Bonus::Source& bonus : source.bonus->sources) {
        card->bonus.push_back(
            {&bonus, MetricIndex(bonus.metric), bonus.excluding.empty() ? -1 : MetricIndex(bonus.excluding)});
      }
    }
    for (const Cap& cap : source.caps) {
      CompiledCap compiled;
      compiled.cap = &cap;
      if (absl::Status status = AddPredicate(card, cap.when, &compiled.when); !status.ok()) return status;
      if (own_) compiled.reason = AddReason("cap:" + cap.id);
      card->caps.push_back(compiled);
    }
    if (!source.min_answers_metric.empty()) {
      card->min_answers_metric = MetricIndex(source.min_answers_metric);
      if (own_) card->min_answers_reason = AddReason("min_answers");
    }
    if (source.grading.has_value()) {
      if (absl::Status status = FillBands(card, *source.grading, own_, &card->grading); !status.ok())
        return status;
    }
    FindOptionalReads(card);
    if (plan_.reasons.size() > 30000) return Beyond(source.id, "the number of reasons");
    return absl::OkStatus();
  }

  static void AddMetricsOf(const CompiledPredicate& predicate, std::vector<int>* metrics) {
    if (predicate.metric >= 0) metrics->push_back(predicate.metric);
    for (const CompiledPredicate& part : predicate.of) AddMetricsOf(part, metrics);
  }

  // Metrics that conditions and bonuses may or may not come to read, less those that are read in any case.
  static void FindOptionalReads(CompiledCard* card) {
    std::vector<int> sure, conditional, after_base;
    for (const CompiledIndicator& indicator : card->indicators) {
      if (indicator.metric >= 0) sure.push_back(indicator.metric);
    }
    if (card->min_answers_metric >= 0) sure.push_back(card->min_answers_metric);
    if (card->profile_metric >= 0) sure.push_back(card->profile_metric);
    const auto add = [card](int predicate, std::vector<int>* metrics) {
      if (predicate >= 0) AddMetricsOf(card->predicates[static_cast<std::size_t>(predicate)], metrics);
    };
    for (const CompiledVeto& veto : card->vetoes) add(veto.when, &sure);
    for (const CompiledCap& cap : card->caps) add(cap.when, &after_base);
    for (const CompiledBonusSource& source : card->bonus) {
      after_base.push_back(source.metric);
      if (source.excluding >= 0) after_base.push_back(source.excluding);
    }
    for (const CompiledIndicator& indicator : card->indicators) {
      add(indicator.gate, &conditional);
      for (const CompiledBands::Band& band : indicator.levels.bands) add(band.condition, &conditional);
    }
    for (const CompiledBands::Band& band : card->grading.bands) add(band.condition, &conditional);
    std::sort(sure.begin(), sure.end());
    const auto without_sure = [&sure](std::vector<int> metrics) {
      std::sort(metrics.begin(), metrics.end());
      metrics.erase(std::unique(metrics.begin(), metrics.end()), metrics.end());
      std::vector<int> kept;
      std::set_difference(metrics.begin(), metrics.end(), sure.begin(), sure.end(), std::back_inserter(kept));
      return kept;
    };
    card->read_by_conditions = without_sure(std::move(conditional));
    card->read_after_base = without_sure(std::move(after_base));
  }

  CompiledPlan& plan_;
  const Policy& policy_;
  std::map<std::string, int> metric_index_, card_index_;
  std::set<std::string> under_way_;
  bool own_ = false;
};

}  // namespace

std::vector<std::int64_t> WholeWeights(const std::vector<Decimal>& declared) {
  std::int64_t common = 0;
  for (const Decimal weight : declared) common = std::gcd(common, weight.micros());
  std::vector<std::int64_t> weights;
  for (const Decimal weight : declared) weights.push_back(common == 0 ? 0 : weight.micros() / common);
  return weights;
}

absl::StatusOr<Plan> Plan::Compile(const Policy& policy, std::string_view scorecard) {
  auto compiled = std::make_shared<CompiledPlan>(policy);
  compiled->reasons.push_back("");
  Compiler compiler(compiled.get());
  if (absl::Status status = compiler.AddMetrics(); !status.ok()) return status;
  if (absl::Status status = compiler.AddCard(scorecard, true); !status.ok()) return status;
  compiler.AddTargets();
  compiler.MarkRequired();
  compiled->reasons.push_back("bad_value");
  return Plan(std::move(compiled));
}

absl::StatusOr<Plan> Plan::CompileMetrics(const Policy& policy) {
  auto compiled = std::make_shared<CompiledPlan>(policy);
  compiled->reasons.push_back("");
  Compiler compiler(compiled.get());
  if (absl::Status status = compiler.AddMetrics(); !status.ok()) return status;
  compiler.AddTargets();
  return Plan(std::move(compiled));
}

}  // namespace csat
