#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/check_steps.h"
#include "policy/model_words.h"

namespace csat::policy {
namespace {

using NameSet = std::set<std::string_view>;

// What a case may name of one scorecard.
struct CardNames {
  NameSet grades, vetoes;
  std::map<std::string_view, const v1::Indicator*> indicators;
  NameSet Ids() const {
    NameSet ids;
    for (const auto& [id, indicator] : indicators) ids.insert(id);
    return ids;
  }
};

// Keys of a map field in order, so that findings come out the same each time.
template <typename Map>
std::vector<std::string> Keys(const Map& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

class CaseCheck {
 public:
  CaseCheck(const PolicyIndex& index, Findings* findings) : index_(index), findings_(*findings) {
    for (const v1::Scorecard& card : index.message().scorecards()) {
      CardNames& names = cards_[card.id()];
      for (const v1::Grading::Band& band : card.grading().bands()) names.grades.insert(band.id());
      for (const v1::Veto& veto : card.vetoes()) names.vetoes.insert(veto.id());
      std::string path;
      WalkIndicators(card.indicators(), &path, [&](const v1::Indicator& indicator, const std::string&) {
        names.indicators.emplace(indicator.id(), &indicator);
        fields_.insert(indicator.missing().last_field());
        fields_.insert(indicator.missing().age_field());
      });
    }
    for (const v1::Metric& metric : index.message().metrics()) {
      const std::string& own = metric.has_number()   ? metric.number().field()
                               : metric.has_events() ? metric.events().field()
                               : metric.has_text()   ? metric.text().field()
                                                     : metric.ratio().field();
      if (!own.empty()) fields_.insert(own);
      if (own.empty() && !metric.has_ratio()) fields_.insert(metric.id());
      for (const v1::Ratio::Term& term : metric.ratio().numerator()) fields_.insert(term.field());
      for (const v1::Ratio::Term& term : metric.ratio().denominator()) fields_.insert(term.field());
    }
    for (const v1::Questionnaire& questionnaire : index.message().questionnaires()) {
      questionnaires_.emplace(questionnaire.id(), &questionnaire);
      for (const v1::Item& item : questionnaire.items()) {
        if (item.has_several()) fields_.insert(item.id());
      }
    }
    AddCleaningFields(index.message().cleaning());
  }

  void Check(const v1::Case& example, const std::string& path) {
    if (findings_.full()) return;
    const v1::Case::Expect& expect = example.expect();
    const std::string at = At(path, "expect");
    if (!example.sampling().empty()) return CheckSampling(example, path);
    CheckRecord(example, path);
    const bool any = !expect.outcome().empty() || expect.has_score() || expect.has_base() ||
                     expect.has_without_veto() || !expect.grade().empty() || !expect.points().empty() ||
                     !expect.levels().empty() || !expect.targets().empty() || !expect.shown().empty() ||
                     expect.has_vetoes() || !expect.error().empty() || expect.reasons_size() > 0 ||
                     !expect.measures().empty() || !expect.answers().empty() || expect.has_next() ||
                     !expect.problems().empty() || expect.has_offered() || Cleans(expect);
    if (!any)
      findings_.Warning("empty-expectation", at, {"the case expects nothing", "该例没有写出预期"},
                        {"write what has to come out", "请写出应有的结果"}, example.name());
    CheckTargetsAndShown(example, at);
    CheckTable(example, path);
    CheckAnswers(example, path);
    if (Cleans(expect)) CheckVerdicts(example, path);
    const CardNames* card = nullptr;
    if (example.scorecard().empty()) {
      if (!expect.outcome().empty() || expect.has_score() || expect.has_base() || expect.has_without_veto() ||
          !expect.grade().empty() || !expect.points().empty() || !expect.levels().empty() ||
          expect.has_vetoes() || expect.reasons_size() > 0) {
        findings_.Warning(
            "missing-field", path,
            {"'scorecard' is missing, and a score is expected", "预期了得分，却缺少“scorecard”"},
            {"name the scorecard", "请写明计分卡"}, "scorecard");
      }
      return;
    }
    const auto found = cards_.find(example.scorecard());
    if (found == cards_.end()) {
      const std::vector<std::string_view> ids = index_.ScorecardIds();
      return Unknown("unknown-scorecard", "scorecard", "计分卡", At(path, "scorecard"), example.scorecard(),
                     {ids.begin(), ids.end()});
    }
    card = &found->second;
    CheckScore(example, *card, at);
  }

 private:
  static bool Cleans(const v1::Case::Expect& expect) {
    return expect.verdicts_size() > 0 || expect.counts_size() > 0 || expect.has_reviewed();
  }

  // What a case says of a rule of sampling. What the rule reads, it says itself when the case runs.
  void CheckSampling(const v1::Case& example, const std::string& path) {
    NameSet known;
    for (const v1::SamplingRule& rule : index_.message().sampling().rules()) known.insert(rule.id());
    if (known.count(example.sampling()) == 0)
      Unknown("unknown-text", "rule of sampling", "抽样规则", At(path, "sampling"), example.sampling(),
              known);
    const v1::Case::Expect& expect = example.expect();
    const std::string at = At(path, "expect");
    if (expect.outcome().empty() && expect.counts().empty() && expect.shown().empty() &&
        expect.lists().empty() && expect.error().empty()) {
      findings_.Warning("empty-expectation", at, {"the case expects nothing", "该例没有写出预期"},
                        {"write what has to come out", "请写出应有的结果"}, example.name());
    }
    static const auto* const read = new NameSet{"outcome", "counts", "shown", "lists", "error"};
    std::vector<const google::protobuf::FieldDescriptor*> fields;
    expect.GetReflection()->ListFields(expect, &fields);
    for (const google::protobuf::FieldDescriptor* field : fields) {
      if (read->count({field->name().data(), field->name().size()}) > 0) continue;
      const std::string name(field->name());
      findings_.Warning(
          "unused-field", At(at, name),
          {"a rule of sampling says nothing of " + Quoted(name), "抽样规则不涉及 " + Quoted(name)},
          {"take it out", "请删去"}, name);
    }
  }

  // Columns that rules read besides those of metrics.
  void AddCleaningFields(const v1::Cleaning& cleaning) {
    const auto add = [&](const std::string& name, const char* otherwise = "") {
      fields_.insert(name.empty() ? std::string_view(otherwise) : std::string_view(name));
    };
    add(cleaning.response_id(), "response_id");
    for (const v1::CleaningRule& rule : cleaning.rules()) {
      if (rule.has_test_records()) add(rule.test_records().field(), "is_test");
      if (rule.has_speed()) {
        add(rule.speed().field(), "duration_ms");
        add(rule.speed().instrument());
      }
      for (const std::string& key : rule.duplicates().keys()) add(key);
      add(rule.duplicates().order());
      if (rule.has_stay()) add(rule.stay().submitted(), "submitted_at");
      for (const std::string* const name :
           {&rule.stay().from(), &rule.stay().until(), &rule.distance().latitude(),
            &rule.distance().longitude(), &rule.distance().store_latitude(),
            &rule.distance().store_longitude(), &rule.distance().radius_field()})
        add(*name);
    }
  }

  void Unknown(const char* code, const char* thing, const char* thing_zh, std::string path,
               const std::string& id, const NameSet& known) {
    if (findings_.full()) return;
    std::vector<std::string_view> names(known.begin(), known.end());
    std::sort(names.begin(), names.end());
    const std::string_view nearest = Nearest(id, names);
    findings_.Warning(code, std::move(path),
                      {"there is no " + std::string(thing) + " " + Quoted(id),
                       "没有" + std::string(thing_zh) + " " + Quoted(id)},
                      nearest.empty()
                          ? Findings::Words{"name one that is defined", "请写已有的名称"}
                          : Findings::Words{"write " + Quoted(nearest), "请写 " + Quoted(nearest)},
                      id);
  }

  void CheckRecord(const v1::Case& example, const std::string& path) {
    static const auto* const outcomes = new NameSet{"confirmed", "corrected", "rejected"};
    for (const std::string& field : Keys(example.record())) {
      const v1::Value& value = example.record().at(field);
      const std::string at = At(At(path, "record"), field);
      if (Cleans(example.expect())) {
        if (outcomes->count(value.text()) == 0)
          Unknown("unknown-text", "decision", "决定", at, value.text(), *outcomes);
        continue;
      }
      if (fields_.count(field) == 0) {
        findings_.Warning("unused-field", at,
                          {"no metric reads field " + Quoted(field), "没有指标读取字段 " + Quoted(field)},
                          {"correct the name, or take it out", "请更正名称，或删去"}, field);
      }
      // The first element says of what kind the list is.
      const bool words = value.list().of_size() > 0 && value.list().of(0).form_case() == v1::Value::kText;
      for (int i = 0; i < value.list().of_size(); ++i) {
        if (value.list().of(i).form_case() == (words ? v1::Value::kText : v1::Value::kNumber)) continue;
        std::string item = at;
        AppendIndex(static_cast<size_t>(i), &item);
        findings_.Error(
            "wrong-kind", std::move(item),
            {"a list of events holds numbers alone, or labels alone", "事件列表只能全部为数值，或全部为标签"},
            {"write one of the two", "请只写其中一种"}, field);
        break;
      }
    }
  }

  // The columns of a table, all of one length.
  void CheckTable(const v1::Case& example, const std::string& path) {
    for (const std::string& id : Keys(example.expect().measures())) {
      NameSet known;
      for (const v1::Measure& measure : index_.message().measures()) known.insert(measure.id());
      if (known.count(id) == 0)
        Unknown("unknown-measure", "measure", "度量", At(At(At(path, "expect"), "measures"), id), id, known);
    }
    int rows = -1;
    for (const std::string& field : Keys(example.table())) {
      const v1::Value& values = example.table().at(field);
      const std::string at = At(At(path, "table"), field);
      if (fields_.count(field) == 0) {
        findings_.Warning("unused-field", at,
                          {"no metric reads field " + Quoted(field), "没有指标读取字段 " + Quoted(field)},
                          {"correct the name, or take it out", "请更正名称，或删去"}, field);
      }
      if (rows < 0) rows = values.list().of_size();
      bool words = false, numbers = false;
      for (const v1::Value& value : values.list().of()) {
        words |= value.form_case() == v1::Value::kText;
        numbers |= value.form_case() == v1::Value::kNumber || value.form_case() == v1::Value::kTruth;
      }
      if (values.form_case() == v1::Value::kList && values.list().of_size() == rows && !(words && numbers))
        continue;
      findings_.Error("wrong-kind", at,
                      {"a column of a table is a list of numbers or of words, as long as the others",
                       "表的一列须为与其他列等长的数值列表或文字列表"},
                      {"write one value for each record, null where there is none",
                       "请为每条记录写一个值，没有则写 null"},
                      field);
    }
  }

  // What a case says of questionnaires.
  void CheckAnswers(const v1::Case& example, const std::string& path) {
    static const auto* const states = new NameSet{"complete", "incomplete", "invalid"};
    static const auto* const kinds =
        new NameSet{"unknown_item",   "not_shown",    "unanswered",      "wrong_type",       "off_scale",
                    "unknown_option", "option_twice", "too_few_options", "too_many_options", "too_long"};
    const v1::Case::Expect& expect = example.expect();
    const std::string at = At(path, "expect");
    NameSet known;
    for (const auto& [id, questionnaire] : questionnaires_) known.insert(id);
    for (int i = 0; i < expect.offered().of_size(); ++i) {
      const std::string& id = expect.offered().of(i);
      if (known.count(id) == 0)
        Unknown("unknown-questionnaire", "questionnaire", "问卷", At(at, "offered", i), id, known);
    }
    if (example.questionnaire().empty()) {
      if (expect.answers().empty() && !expect.has_next() && expect.problems().empty()) return;
      findings_.Warning(
          "missing-field", path,
          {"'questionnaire' is missing, and answers are expected", "预期了作答结果，却缺少“questionnaire”"},
          {"name the questionnaire", "请写明问卷"}, "questionnaire");
      return;
    }
    const auto found = questionnaires_.find(example.questionnaire());
    if (found == questionnaires_.end()) {
      return Unknown("unknown-questionnaire", "questionnaire", "问卷", At(path, "questionnaire"),
                     example.questionnaire(), known);
    }
    if (!expect.answers().empty() && states->count(expect.answers()) == 0)
      Unknown("unknown-text", "state", "状态", At(at, "answers"), expect.answers(), *states);
    NameSet items;
    for (const v1::Item& item : found->second->items()) items.insert(item.id());
    for (int i = 0; i < expect.next().of_size(); ++i) {
      const std::string& id = expect.next().of(i);
      if (items.count(id) == 0) Unknown("unknown-item", "item", "题目", At(at, "next", i), id, items);
    }
    for (const std::string& field : Keys(expect.problems())) {
      const std::string& kind = expect.problems().at(field);
      if (kinds->count(kind) == 0)
        Unknown("unknown-text", "problem", "问题", At(At(at, "problems"), field), kind, *kinds);
    }
  }

  // What a case says of cleaning: verdicts one for each record, of the rules that there are.
  void CheckVerdicts(const v1::Case& example, const std::string& path) {
    const auto& verdicts = example.expect().verdicts();
    const std::string at = At(path, "expect");
    const int rows = example.table().empty() ? 0 : example.table().begin()->second.list().of_size();
    if (verdicts.size() > 0 && verdicts.size() != rows) {
      const std::string count = std::to_string(verdicts.size()), wanted = std::to_string(rows);
      findings_.Error("wrong-kind", At(at, "verdicts"),
                      {count + " verdicts of a table with " + wanted + " records",
                       "表有 " + wanted + " 条记录，判定却有 " + count + " 个"},
                      {"write one for each record", "请为每条记录写一个判定"}, count);
    }
    static const auto* const words = new NameSet{"kept", "flagged", "quarantined", "excluded"};
    for (const std::string& verdict : Keys(example.expect().counts())) {
      if (words->count(verdict) == 0)
        Unknown("unknown-text", "verdict", "判定", At(At(at, "counts"), verdict), verdict, *words);
    }
    std::vector<std::string> judged;
    for (const v1::CleaningRule& rule : index_.message().cleaning().rules()) {
      for (const char* const verdict : {"flagged: ", "quarantined: ", "excluded: "})
        judged.push_back(verdict + rule.id());
    }
    NameSet known = {"kept", "flagged", "quarantined", "excluded"};  // Without a rule: by a decision.
    known.insert(judged.begin(), judged.end());
    for (int i = 0; i < verdicts.size(); ++i) {
      if (known.count(verdicts[i]) == 0)
        Unknown("unknown-text", "verdict", "判定", At(at, "verdicts", i), verdicts[i], known);
    }
  }

  void CheckTargetsAndShown(const v1::Case& example, const std::string& at) {
    const v1::Case::Expect& expect = example.expect();
    const bool of_table = example.table_size() > 0 || expect.measures_size() > 0;
    NameSet measures;
    for (const v1::Measure& measure : index_.message().measures()) measures.insert(measure.id());
    static const auto* const statuses = new NameSet{"met", "missed", "not_measurable", "no_target"};
    for (const std::string& id : Keys(expect.targets())) {
      const std::string place = At(At(at, "targets"), id);
      if (of_table && measures.count(id) == 0) {
        Unknown("unknown-measure", "measure", "度量", place, id, measures);
      } else if (!of_table && index_.FindTarget(id) == nullptr) {
        NameSet known;
        for (const v1::Target& target : index_.message().targets()) known.insert(target.id());
        Unknown("unknown-target", "target", "目标", place, id, known);
      } else if (statuses->count(expect.targets().at(id)) == 0) {
        Unknown("unknown-text", "status", "状态", place, expect.targets().at(id), *statuses);
      }
    }
    for (const std::string& id : Keys(expect.shown())) {
      if (index_.FindMetric(id) != nullptr) continue;
      const std::vector<std::string_view> ids = index_.MetricIds();
      Unknown("unknown-metric", "metric", "指标", At(At(at, "shown"), id), id, {ids.begin(), ids.end()});
    }
  }

  void CheckScore(const v1::Case& example, const CardNames& card, const std::string& at) {
    static const auto* const outcomes = new NameSet{"scored", "vetoed", "insufficient", "refused"};
    const v1::Case::Expect& expect = example.expect();
    if (!expect.outcome().empty() && outcomes->count(expect.outcome()) == 0)
      Unknown("unknown-text", "outcome", "结果", At(at, "outcome"), expect.outcome(), *outcomes);
    if (!expect.grade().empty() && card.grades.count(expect.grade()) == 0)
      Unknown("unknown-grade", "grade", "等级", At(at, "grade"), expect.grade(), card.grades);
    const v1::Decimal& max = index_.FindScorecard(example.scorecard())->max_score();
    for (const auto& [field, score] :
         {std::pair<const char*, const v1::Decimal*>{"score", expect.has_score() ? &expect.score() : nullptr},
          {"base", expect.has_base() ? &expect.base() : nullptr},
          {"without_veto", expect.has_without_veto() ? &expect.without_veto() : nullptr}}) {
      if (score != nullptr) CheckPoints(*score, max, At(at, field));
    }
    for (int i = 0; i < expect.vetoes().of_size(); ++i) {
      const std::string& id = expect.vetoes().of(i);
      if (card.vetoes.count(id) == 0)
        Unknown("unknown-veto", "veto", "否决", At(at, "vetoes", i), id, card.vetoes);
    }
    for (const std::string& id : Keys(expect.points())) {
      const std::string place = At(At(at, "points"), id);
      const auto found = card.indicators.find(id);
      if (found == card.indicators.end()) {
        Unknown("unknown-indicator", "indicator", "指标项", place, id, card.Ids());
      } else {
        CheckPoints(expect.points().at(id), found->second->max_points(), place);
      }
    }
    for (const std::string& id : Keys(expect.levels())) {
      const std::string place = At(At(at, "levels"), id);
      const auto found = card.indicators.find(id);
      if (found == card.indicators.end()) {
        Unknown("unknown-indicator", "indicator", "指标项", place, id, card.Ids());
        continue;
      }
      NameSet levels;
      for (const v1::Grading::Band& band : found->second->levels().bands()) levels.insert(band.id());
      if (levels.count(expect.levels().at(id)) == 0)
        Unknown("unknown-level", "level", "级别", place, expect.levels().at(id), levels);
    }
    for (int i = 0; i < expect.reasons_size(); ++i) {
      if (card.indicators.count(expect.reasons(i)) == 0)
        Unknown("unknown-indicator", "indicator", "指标项", At(at, "reasons", i), expect.reasons(i),
                card.Ids());
    }
  }

  void CheckPoints(const v1::Decimal& points, const v1::Decimal& max, std::string path) {
    if (points.micros() >= 0 && points.micros() <= max.micros()) return;
    const std::string text = ToModel(points).ToString(), limit = ToModel(max).ToString();
    findings_.Warning("points-out-of-range", std::move(path),
                      {text + " lies outside [0, " + limit + "]", text + " 不在 [0, " + limit + "] 之内"},
                      {"expect a number of the scale", "请写量程之内的数"}, text);
  }

  const PolicyIndex& index_;
  Findings& findings_;
  std::map<std::string_view, CardNames> cards_;
  std::map<std::string_view, const v1::Questionnaire*> questionnaires_;
  NameSet fields_;
};

}  // namespace

void CheckCases(const PolicyIndex& index, Findings* findings) {
  CaseCheck check(index, findings);
  for (int i = 0; i < index.message().cases_size(); ++i)
    check.Check(index.message().cases(i), At("", "cases", i));
}

}  // namespace csat::policy
