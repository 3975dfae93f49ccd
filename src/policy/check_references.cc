#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/check_steps.h"
#include "policy/message_walk.h"
#include "policy/question_paths.h"

namespace csat::policy {
namespace {

// Names among which the one that was meant is looked for.
constexpr size_t kMaxCandidates = 1000;

enum class FieldUse { kNumber, kEvents, kText };

const char* Name(FieldUse use) {
  return use == FieldUse::kNumber ? "a number" : use == FieldUse::kEvents ? "a list of events" : "a word";
}
const char* NameZh(FieldUse use) {
  return use == FieldUse::kNumber ? "数值" : use == FieldUse::kEvents ? "事件列表" : "词";
}

// Ids that may be referred to.
class Names {
 public:
  void Add(std::string_view name) {
    if (known_.insert(name).second) names_.push_back(name);
  }
  bool Has(std::string_view name) const { return known_.count(name) != 0; }
  const std::vector<std::string_view>& all() const { return names_; }

 private:
  std::vector<std::string_view> names_;
  std::set<std::string_view> known_;
};

class ReferenceCheck {
 public:
  ReferenceCheck(const PolicyIndex& index, Findings* findings)
      : index_(index),
        message_(index.message()),
        findings_(*findings),
        metric_ids_(index.MetricIds()),
        scorecard_ids_(index.ScorecardIds()) {}

  std::optional<std::vector<const v1::Scorecard*>> Run() {
    for (int i = 0; i < message_.metrics_size(); ++i) CheckMetric(message_.metrics(i), At("", "metrics", i));
    std::string path;
    WalkMessages(message_, &path, [this](const google::protobuf::Message& at, const std::string& place) {
      if (at.GetDescriptor() == v1::Comparison::descriptor())
        CheckComparison(static_cast<const v1::Comparison&>(at), place);
      if (at.GetDescriptor() == v1::Predicate::descriptor()) {
        const auto& predicate = static_cast<const v1::Predicate&>(at);
        if (predicate.form_case() == v1::Predicate::kAnswered)
          Use(predicate.answered(), At(place, "answered"));
      }
    });
    for (int i = 0; i < message_.scorecards_size(); ++i)
      CheckScorecard(message_.scorecards(i), At("", "scorecards", i));
    for (int i = 0; i < message_.targets_size(); ++i) CheckTarget(message_.targets(i), At("", "targets", i));
    for (int i = 0; i < message_.measures_size(); ++i)
      CheckMeasure(message_.measures(i), At("", "measures", i));
    for (int i = 0; i < message_.questionnaires_size(); ++i)
      CheckQuestionnaire(message_.questionnaires(i), At("", "questionnaires", i));
    path.clear();
    WalkMessages(message_.cleaning(), &path,
                 [this](const google::protobuf::Message& at, const std::string& place) {
                   if (at.GetDescriptor()->file() == v1::Cleaning::descriptor()->file())
                     UseItems(at, "cleaning." + place);
                 });
    for (const v1::Case& example : message_.cases()) {
      for (const auto& [metric, shown] : example.expect().shown()) used_.insert(metric);
    }
    CheckUnused();
    return FeedOrder();
  }

 private:
  void Unknown(const char* code, const char* thing, const char* thing_zh, std::string path,
               const std::string& id, const std::vector<std::string_view>& known) {
    if (findings_.full()) return;
    const std::string_view nearest = known.size() <= kMaxCandidates ? Nearest(id, known) : "";
    Findings::Words remedy = {"define it, or name another", "请定义它，或改写为已有的名称"};
    if (!nearest.empty()) remedy = {"write " + Quoted(nearest), "请写 " + Quoted(nearest)};
    findings_.Error(code, std::move(path),
                    {"there is no " + std::string(thing) + " " + Quoted(id),
                     "没有" + std::string(thing_zh) + " " + Quoted(id)},
                    std::move(remedy), id);
  }

  // nullptr, after a finding: no such metric.
  const MetricFacts* Use(const std::string& id, std::string path) {
    const MetricFacts* facts = index_.FindMetric(id);
    if (facts == nullptr) {
      Unknown("unknown-metric", "metric", "指标", std::move(path), id, metric_ids_);
    } else {
      used_.insert(id);
    }
    return facts;
  }

  void UseNumber(const std::string& id, const std::string& path) {
    const MetricFacts* facts = Use(id, path);
    if (facts != nullptr && facts->text)
      WrongKind("wrong-kind", path, id, "is a word, and a number is asked for", "是词，而此处需要数值");
  }

  // The metrics that a part of the cleaning names: items and reversed, defaults, metric.
  void UseItems(const google::protobuf::Message& at, const std::string& path) {
    const google::protobuf::Reflection& reflection = *at.GetReflection();
    for (const char* const key : {"items", "reversed"}) {
      const google::protobuf::FieldDescriptor* field = at.GetDescriptor()->FindFieldByName(key);
      for (int i = 0; field != nullptr && i < reflection.FieldSize(at, field); ++i)
        UseNumber(reflection.GetRepeatedString(at, field, i), At(path, key, i));
    }
    if (at.GetDescriptor() == v1::CleaningFigure::descriptor())
      UseNumber(static_cast<const v1::CleaningFigure&>(at).metric(), At(path, "metric"));
    if (at.GetDescriptor() != v1::DefaultAnswers::descriptor()) return;
    std::set<std::string> items;  // Map order is not that of the document.
    for (const auto& [item, answer] : static_cast<const v1::DefaultAnswers&>(at).defaults())
      items.insert(item);
    for (const std::string& item : items) UseNumber(item, At(At(path, "defaults"), item));
  }

  void WrongKind(const char* code, std::string path, const std::string& metric, const std::string& what,
                 const std::string& what_zh) {
    findings_.Error(code, std::move(path),
                    {"metric " + Quoted(metric) + " " + what, "指标 " + Quoted(metric) + " " + what_zh},
                    {"name a metric of the other kind, or change the rule", "请换用另一类指标，或修改规则"},
                    metric);
  }

  void UseField(const std::string& field, FieldUse use, const std::string& path) {
    const auto [found, inserted] = fields_.emplace(field, std::make_pair(use, path));
    if (inserted || found->second.first == use) return;
    findings_.Error("field-type-clash", path,
                    {"field " + Quoted(field) + " is read as " + Name(use) + " here and as " +
                         Name(found->second.first) + " at " + found->second.second,
                     "字段 " + Quoted(field) + " 在此处按" + NameZh(use) + "读取，而在 " +
                         found->second.second + " 按" + NameZh(found->second.first) + "读取"},
                    {"give one of them a field of its own", "请为其中之一另设字段"}, field);
  }

  void CheckMetric(const v1::Metric& metric, const std::string& path) {
    if (!metric.scale().empty()) {
      if (index_.FindScale(metric.scale()) == nullptr) {
        std::vector<std::string_view> scales;
        for (const v1::Scale& scale : message_.scales()) scales.push_back(scale.id());
        Unknown("unknown-scale", "scale", "量表", At(path, "scale"), metric.scale(), scales);
      }
      used_scales_.insert(metric.scale());
      if (metric.has_text())
        WrongKind("wrong-kind", At(path, "scale"), metric.id(), "is a word and has no scale",
                  "是词，不能有量表");
    }
    const auto field_or_id = [&metric](const std::string& field) {
      return field.empty() ? metric.id() : field;
    };
    switch (metric.form_case()) {
      case v1::Metric::kNumber:
        UseField(field_or_id(metric.number().field()), FieldUse::kNumber, path);
        break;
      case v1::Metric::kEvents:
        UseField(field_or_id(metric.events().field()), FieldUse::kEvents, path);
        break;
      case v1::Metric::kText: UseField(field_or_id(metric.text().field()), FieldUse::kText, path); break;
      case v1::Metric::kRatio:
        for (const v1::Ratio::Term& term : metric.ratio().numerator())
          UseField(term.field(), FieldUse::kNumber, path);
        for (const v1::Ratio::Term& term : metric.ratio().denominator())
          UseField(term.field(), FieldUse::kNumber, path);
        if (!metric.ratio().field().empty()) UseField(metric.ratio().field(), FieldUse::kNumber, path);
        break;
      case v1::Metric::FORM_NOT_SET: break;
    }
  }

  void CheckComparison(const v1::Comparison& compare, const std::string& path) {
    const MetricFacts* facts = Use(compare.metric(), At(path, "metric"));
    if (facts == nullptr) return;
    if (compare.operand_case() == v1::Comparison::kText) {
      if (!facts->text)
        return WrongKind("operand-mismatch", path, compare.metric(),
                         "is a number, and is compared with a word", "是数值，却与词比较");
      if (compare.op() != v1::Comparison::EQ && compare.op() != v1::Comparison::NE) {
        return WrongKind("operand-mismatch", path, compare.metric(),
                         "is a word: EQ and NE are the comparisons of words", "是词：词只能用 EQ 和 NE 比较");
      }
      CheckWord(*facts, compare.text(), At(path, "text"));
    } else if (facts->text) {
      WrongKind("operand-mismatch", path, compare.metric(), "is a word, and is compared with a number",
                "是词，却与数值比较");
    }
  }

  void CheckWord(const MetricFacts& facts, const std::string& word, std::string path) {
    if (facts.words.empty() || facts.words.count(word) != 0) return;
    const auto& values = facts.metric->text().values();
    Unknown("unknown-text", "word", "词", std::move(path), word, {values.begin(), values.end()});
  }

  void CheckScorecard(const v1::Scorecard& card, const std::string& path) {
    Names indicators, top, groups;
    std::string list = path + ".indicators";
    WalkIndicators(card.indicators(), &list, [&](const v1::Indicator& indicator, const std::string& place) {
      indicators.Add(indicator.id());
      CheckIndicator(indicator, place);
    });
    for (const v1::Indicator& indicator : card.indicators()) {
      top.Add(indicator.id());
      if (!indicator.group().empty()) groups.Add(indicator.group());
    }
    CheckConstraints(card.constraints(), path, top, groups);
    CheckProfiles(card, path, top, groups);
    for (int i = 0; i < card.bonus().sources_size(); ++i) {
      const v1::Bonus::Source& source = card.bonus().sources(i);
      const std::string at = At(path + ".bonus", "sources", i);
      UseNumber(source.metric(), At(at, "metric"));
      if (!source.excluding().empty()) UseNumber(source.excluding(), At(at, "excluding"));
    }
    for (int i = 0; i < card.vetoes_size(); ++i) {
      const v1::Veto& veto = card.vetoes(i);
      const std::string at = At(path, "vetoes", i);
      if (veto.scope() == v1::Veto::INDICATOR && veto.indicator().empty()) {
        findings_.Error("missing-field", at,
                        {"'indicator' is missing, which scope INDICATOR speaks of",
                         "缺少“indicator”，而 scope 为 INDICATOR"},
                        {"name the indicator", "请写明该指标项"}, "indicator");
      } else if (!veto.indicator().empty() && !indicators.Has(veto.indicator())) {
        Unknown("unknown-indicator", "indicator", "指标项", At(at, "indicator"), veto.indicator(),
                indicators.all());
      }
    }
    if (card.has_min_answers()) UseNumber(card.min_answers().metric(), path + ".min_answers.metric");
  }

  void CheckIndicator(const v1::Indicator& indicator, const std::string& path) {
    const v1::ScoreFunction::FormCase form = indicator.score().form_case();
    if (indicator.form_case() == v1::Indicator::kScorecard &&
        index_.FindScorecard(indicator.scorecard()) == nullptr) {
      Unknown("unknown-scorecard", "scorecard", "计分卡", At(path, "scorecard"), indicator.scorecard(),
              scorecard_ids_);
    }
    if (indicator.form_case() != v1::Indicator::kMetric) return;
    const MetricFacts* facts = Use(indicator.metric(), At(path, "metric"));
    if (facts == nullptr) return;
    const std::string& metric = indicator.metric();
    if (indicator.has_each() && !facts->metric->has_events()) {
      WrongKind("each-without-events", At(path, "each"), metric, "has no events to score one by one",
                "没有可逐一计分的事件");
    }
    if (indicator.has_min_answers() && !facts->metric->has_events() && !facts->metric->has_ratio()) {
      WrongKind("wrong-kind", At(path, "min_answers"), metric,
                "counts no answers: it is neither events nor a ratio", "没有答复计数：既非事件也非比率");
    }
    if (facts->text && form != v1::ScoreFunction::kLookup) {
      WrongKind("wrong-kind", At(path, "score"), metric,
                "is a word, and only 'lookup' gives points for words", "是词，只有“lookup”能为词计分");
    }
    if (!facts->text && form == v1::ScoreFunction::kLookup) {
      WrongKind("wrong-kind", At(path, "score"), metric, "is a number, and 'lookup' gives points for words",
                "是数值，而“lookup”为词计分");
    }
    if (facts->text && form == v1::ScoreFunction::kLookup) CheckLookup(*facts, indicator, path);
  }

  void CheckLookup(const MetricFacts& facts, const v1::Indicator& indicator, const std::string& path) {
    const v1::Lookup& lookup = indicator.score().lookup();
    std::set<std::string_view> words;
    for (int i = 0; i < lookup.entries_size(); ++i) {
      const std::string at = At(path + ".score.lookup", "entries", i) + ".text";
      if (!words.insert(lookup.entries(i).text()).second) {
        findings_.Error(
            "duplicate-word", at,
            {Quoted(lookup.entries(i).text()) + " stands twice", Quoted(lookup.entries(i).text()) + " 重复"},
            {"keep one entry for each word", "每个词只保留一项"}, lookup.entries(i).text());
      }
      CheckWord(facts, lookup.entries(i).text(), at);
    }
    for (const std::string& word : facts.metric->text().values()) {
      if (words.count(word) != 0) continue;
      findings_.Error("lookup-incomplete", path + ".score.lookup",
                      {"word " + Quoted(word) + " of metric " + Quoted(facts.metric->id()) + " has no points",
                       "指标 " + Quoted(facts.metric->id()) + " 的词 " + Quoted(word) + " 没有分值"},
                      {"add an entry for it", "请为它加一项"}, word);
    }
  }

  void CheckConstraints(const google::protobuf::RepeatedPtrField<v1::WeightConstraint>& constraints,
                        const std::string& path, const Names& indicators, const Names& groups) {
    const auto check = [this](const char* code, const char* thing, const char* thing_zh,
                              const std::string& name, std::string at, const Names& known) {
      if (!known.Has(name)) Unknown(code, thing, thing_zh, std::move(at), name, known.all());
    };
    for (int i = 0; i < constraints.size(); ++i) {
      const std::string at = At(path, "constraints", i);
      const v1::WeightConstraint& one = constraints[i];
      if (one.has_sum() && !one.sum().group().empty())
        check("unknown-group", "group", "组", one.sum().group(), at + ".sum.group", groups);
      if (one.has_fixed())
        check("unknown-group", "group", "组", one.fixed().group(), at + ".fixed.group", groups);
      if (one.has_order()) {
        check("unknown-indicator", "top-level indicator", "顶层指标项", one.order().greater(),
              at + ".order.greater", indicators);
        check("unknown-indicator", "top-level indicator", "顶层指标项", one.order().less(),
              at + ".order.less", indicators);
      }
    }
  }

  void CheckProfiles(const v1::Scorecard& card, const std::string& path, const Names& indicators,
                     const Names& groups) {
    const MetricFacts* facts = nullptr;
    if (!card.profile_metric().empty()) {
      facts = Use(card.profile_metric(), At(path, "profile_metric"));
      if (facts != nullptr && !facts->text) {
        WrongKind("wrong-kind", At(path, "profile_metric"), card.profile_metric(),
                  "is a number, and a word selects the profile", "是数值，而选择方案需要词");
        facts = nullptr;
      }
    } else if (card.profiles_size() > 0) {
      findings_.Error("missing-field", path,
                      {"'profile_metric' is missing, which selects one of the profiles",
                       "缺少选择方案的“profile_metric”"},
                      {"name a text metric", "请写明一个词类指标"}, "profile_metric");
    }
    Names profiles;
    for (int i = 0; i < card.profiles_size(); ++i) {
      const v1::Profile& profile = card.profiles(i);
      const std::string at = At(path, "profiles", i);
      profiles.Add(profile.id());
      if (facts != nullptr && !facts->words.empty() && facts->words.count(profile.id()) == 0) {
        findings_.Error(
            "profile-never-selected", at,
            {Quoted(profile.id()) + " is no word of metric " + Quoted(card.profile_metric()) +
                 ": nothing selects this profile",
             Quoted(profile.id()) + " 不是指标 " + Quoted(card.profile_metric()) +
                 " 的词：该方案永远不会被选中"},
            {"add the word to the metric, or take the profile out", "请把该词加入指标，或删去该方案"},
            profile.id());
      }
      std::vector<std::string>
          named;  // Map order is not that of the document; sorted, findings are the same each time.
      for (const auto& [indicator, weight] : profile.weights()) named.push_back(indicator);
      std::sort(named.begin(), named.end());
      for (const std::string& indicator : named) {
        if (indicators.Has(indicator)) continue;
        Unknown("unknown-indicator", "top-level indicator", "顶层指标项", At(At(at, "weights"), indicator),
                indicator, indicators.all());
      }
      CheckConstraints(profile.constraints(), at, indicators, groups);
    }
    if (!card.default_profile().empty() && !profiles.Has(card.default_profile())) {
      Unknown("unknown-profile", "profile", "方案", At(path, "default_profile"), card.default_profile(),
              profiles.all());
    }
    if (facts == nullptr) return;
    for (const std::string& word : facts->metric->text().values()) {
      if (profiles.Has(word)) continue;
      findings_.Warning("word-without-profile", At(path, "profile_metric"),
                        {"a record whose " + Quoted(card.profile_metric()) + " is " + Quoted(word) +
                             " has no profile and is refused",
                         Quoted(card.profile_metric()) + " 为 " + Quoted(word) + " 的记录没有方案，将被拒绝"},
                        {"add a profile of that id, or drop the word", "请增加同名方案，或删去该词"}, word);
    }
  }

  void CheckMeasure(const v1::Measure& measure, const std::string& path) {
    const auto use_terms = [&](const auto& terms, const char* key) {
      for (int i = 0; i < terms.size(); ++i) {
        if (terms[i].of_case() == v1::RatioOfSums::Term::kMetric)
          UseNumber(terms[i].metric(), At(path + ".ratio", key, i) + ".metric");
      }
    };
    switch (measure.form_case()) {
      case v1::Measure::kMean: UseNumber(measure.mean().metric(), path + ".mean.metric"); break;
      case v1::Measure::kNps: UseNumber(measure.nps().metric(), path + ".nps.metric"); break;
      case v1::Measure::kSum: UseNumber(measure.sum().metric(), path + ".sum.metric"); break;
      case v1::Measure::kQuantile: UseNumber(measure.quantile().metric(), path + ".quantile.metric"); break;
      case v1::Measure::kDeviation:
        UseNumber(measure.deviation().metric(), path + ".deviation.metric");
        break;
      case v1::Measure::kCapability:
        UseNumber(measure.capability().metric(), path + ".capability.metric");
        break;
      case v1::Measure::kSubgroupCapability:
        for (int i = 0; i < measure.subgroup_capability().metrics_size(); ++i)
          UseNumber(measure.subgroup_capability().metrics(i),
                    At(path + ".subgroup_capability", "metrics", i));
        break;
      case v1::Measure::kRatio:
        use_terms(measure.ratio().numerator(), "numerator");
        use_terms(measure.ratio().denominator(), "denominator");
        break;
      default: break;
    }
    if (!measure.weight().empty()) UseNumber(measure.weight(), At(path, "weight"));
    Names before;
    for (const v1::Measure& other : message_.measures()) {
      if (&other == &measure) break;
      before.Add(other.id());
    }
    const auto use_measure = [&](const std::string& id, std::string place) {
      if (before.Has(id)) return;
      Unknown("unknown-measure", "measure before this one that is called", "位于此前、名为此的度量",
              std::move(place), id, before.all());
    };
    for (int i = 0; i < measure.product().measures_size(); ++i)
      use_measure(measure.product().measures(i), At(path + ".product", "measures", i));
    if (measure.has_difference() && !measure.difference().measure().empty())
      use_measure(measure.difference().measure(), path + ".difference.measure");
    if (!measure.difference().minus().empty())
      use_measure(measure.difference().minus(), path + ".difference.minus");
  }

  void CheckQuestionnaire(const v1::Questionnaire& questionnaire, const std::string& path) {
    for (int i = 0; i < questionnaire.context_size(); ++i)
      Use(questionnaire.context(i), At(path, "context", i));
    for (int i = 0; i < questionnaire.items_size(); ++i) {
      const v1::Item& item = questionnaire.items(i);
      const std::string place = At(path, "items", i);
      const std::vector<std::string> metrics = MetricsOf(item);
      for (size_t j = 0; j < metrics.size(); ++j) {
        Use(metrics[j], !item.has_several() ? At(place, "id")
                        : item.options(static_cast<int>(j)).metric().empty()
                            ? At(place, "options", static_cast<int>(j))
                            : At(At(place, "options", static_cast<int>(j)), "metric"));
      }
    }
    if (!questionnaire.has_follow_up()) return;
    Names known;
    for (const v1::Questionnaire& other : message_.questionnaires()) {
      if (&other != &questionnaire) known.Add(other.id());
    }
    if (!known.Has(questionnaire.follow_up().after())) {
      Unknown("unknown-questionnaire", "other questionnaire", "其他问卷", At(path, "follow_up") + ".after",
              questionnaire.follow_up().after(), known.all());
    }
  }

  void CheckTarget(const v1::Target& target, const std::string& path) {
    if (target.of_case() == v1::Target::kMetric) {
      UseNumber(target.metric(), At(path, "metric"));
    } else if (index_.FindScorecard(target.scorecard()) == nullptr) {
      Unknown("unknown-scorecard", "scorecard", "计分卡", At(path, "scorecard"), target.scorecard(),
              scorecard_ids_);
    }
  }

  // Depth first over "feeds"; a card met again while it is under way closes a cycle, which is reported once, at the
  // card of the cycle that stands first.
  std::optional<std::vector<const v1::Scorecard*>> FeedOrder() {
    enum class State { kNew, kUnderWay, kDone };
    struct Visit {
      std::string_view id;
      std::vector<std::string_view> feeds;
      size_t next = 0;
    };
    std::map<std::string_view, State> state;
    std::map<std::string_view, int> position;
    const auto feeds = [this](std::string_view id) {
      std::vector<std::string_view> fed;
      const v1::Scorecard* card = index_.FindScorecard(id);
      std::string path;
      WalkIndicators(card->indicators(), &path, [&](const v1::Indicator& indicator, const std::string&) {
        if (indicator.form_case() == v1::Indicator::kScorecard &&
            index_.FindScorecard(indicator.scorecard()) != nullptr) {
          fed.push_back(indicator.scorecard());
        }
      });
      return fed;
    };
    for (int i = 0; i < message_.scorecards_size(); ++i) position.emplace(message_.scorecards(i).id(), i);
    std::vector<const v1::Scorecard*> order;
    bool sound = true;
    for (const v1::Scorecard& root : message_.scorecards()) {
      if (state[root.id()] != State::kNew) continue;
      std::vector<Visit> stack;
      stack.push_back({root.id(), feeds(root.id())});
      state[root.id()] = State::kUnderWay;
      while (!stack.empty()) {
        Visit& top = stack.back();
        if (top.next == top.feeds.size()) {
          state[top.id] = State::kDone;
          order.push_back(index_.FindScorecard(top.id));
          stack.pop_back();
          continue;
        }
        const std::string_view next = top.feeds[top.next++];
        if (state[next] == State::kNew) {
          state[next] = State::kUnderWay;
          stack.push_back({next, feeds(next)});
        } else if (state[next] == State::kUnderWay) {
          ReportCycle(stack, next, position);
          sound = false;
        }
      }
    }
    if (!sound) return std::nullopt;
    std::map<std::string_view, int> depth;
    for (const v1::Scorecard* card : order) {
      int deepest = 0;
      for (const std::string_view fed : feeds(card->id())) deepest = std::max(deepest, depth[fed]);
      depth[card->id()] = deepest + 1;
      if (deepest + 1 <= kMaxScorecardDepth) continue;
      const std::string limit = std::to_string(kMaxScorecardDepth);
      findings_.Error(
          "scorecard-depth", At("", "scorecards", position.at(card->id())),
          {"scorecard " + Quoted(card->id()) + " is fed through more than " + limit + " scorecards in a row",
           "计分卡 " + Quoted(card->id()) + " 的逐级引用超过 " + limit + " 层"},
          {"let fewer scorecards feed one another", "请减少逐级引用"}, card->id());
      return std::nullopt;
    }
    return order;
  }

  template <typename Stack>
  void ReportCycle(const Stack& stack, std::string_view back_to,
                   const std::map<std::string_view, int>& position) {
    std::vector<std::string_view> cycle;
    for (const auto& visit : stack) {
      if (!cycle.empty() || visit.id == back_to) cycle.push_back(visit.id);
    }
    std::rotate(cycle.begin(),
                std::min_element(cycle.begin(), cycle.end(),
                                 [&position](std::string_view a, std::string_view b) {
                                   return position.at(a) < position.at(b);
                                 }),
                cycle.end());
    std::string round;
    for (const std::string_view id : cycle) round.append(id).append(" -> ");
    round.append(cycle.front());
    findings_.Error("cyclic-reference", At("", "scorecards", position.at(cycle.front())),
                    {"scorecards feed each other in a circle", "计分卡相互引用，形成循环"},
                    {"take one of the references out", "请去掉其中一处引用"}, round);
  }

  void CheckUnused() {
    for (int i = 0; i < message_.metrics_size(); ++i) {
      const std::string& id = message_.metrics(i).id();
      if (used_.count(id) != 0) continue;
      findings_.Warning(
          "unused-metric", At("", "metrics", i),
          {"nothing uses metric " + Quoted(id), "指标 " + Quoted(id) + " 无处使用"},
          {"use it in a scorecard or a target, or take it out", "请在计分卡或目标中使用，或删去"}, id);
    }
    for (int i = 0; i < message_.scales_size(); ++i) {
      const std::string& id = message_.scales(i).id();
      if (used_scales_.count(id) != 0) continue;
      findings_.Warning("unused-scale", At("", "scales", i),
                        {"no metric uses scale " + Quoted(id), "没有指标使用量表 " + Quoted(id)},
                        {"name it in a metric, or take it out", "请在指标中引用，或删去"}, id);
    }
  }

  const PolicyIndex& index_;
  const v1::Policy& message_;
  Findings& findings_;
  const std::vector<std::string_view> metric_ids_, scorecard_ids_;
  std::set<std::string, std::less<>> used_, used_scales_;
  std::map<std::string, std::pair<FieldUse, std::string>, std::less<>> fields_;
};

}  // namespace

std::optional<std::vector<const v1::Scorecard*>> CheckReferences(const PolicyIndex& index,
                                                                 Findings* findings) {
  return ReferenceCheck(index, findings).Run();
}

}  // namespace csat::policy
