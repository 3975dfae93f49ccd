#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "csat/model/calendar.h"
#include "csat/model/foreign_text.h"
#include "policy/check_steps.h"
#include "policy/condition.h"
#include "policy/model_words.h"
#include "policy/question_paths.h"

namespace csat::policy {
namespace {

std::int64_t CharactersOf(std::string_view text) {
  std::int64_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(std::max<std::size_t>(Utf8Length(text), 1));
  return count;
}

class QuestionnaireCheck {
 public:
  QuestionnaireCheck(const v1::Questionnaire& questionnaire, std::string path, const PolicyIndex& index,
                     Findings* findings)
      : questionnaire_(questionnaire), path_(std::move(path)), index_(index), findings_(*findings) {
    for (int i = 0; i < questionnaire.items_size(); ++i) {
      for (const std::string& metric : MetricsOf(questionnaire.items(i))) asked_.emplace(metric, i);
    }
  }

  void Run() {
    for (int i = 0; i < questionnaire_.context_size(); ++i)
      CheckAnswerable(questionnaire_.context(i), Place("context", i));
    for (int i = 0; i < questionnaire_.items_size(); ++i)
      CheckItem(questionnaire_.items(i), Place("items", i));
    CheckFields();
    CheckConditions();
    CheckOffer();
    CheckTopics();
    CheckNumbers();
    CheckConfirmations();
    if (!sound_) return;
    CheckPaths();
    CheckWording();
  }

 private:
  std::string Place(const char* list, int i) const { return At(path_, list, i); }

  template <typename... Rest>
  void Error(const Rest&... rest) {
    sound_ = false;
    findings_.Error(rest...);
  }

  void BadRange(const std::string& path, std::int64_t value, const std::string& range) {
    const std::string text = std::to_string(value);
    Error("bad-range", path,
          Findings::Words{text + " is not within " + range, text + " 不在 " + range + " 之内"},
          Findings::Words{"write a number of " + range, "请写 " + range + " 之内的数"}, text);
  }

  // nullptr: no such metric, which CheckReferences() reports, or none that an answer can give.
  const MetricFacts* CheckAnswerable(const std::string& id, const std::string& path) {
    const MetricFacts* facts = index_.FindMetric(id);
    if (facts == nullptr) {
      sound_ = false;
      return nullptr;
    }
    if (facts->metric->has_number() || facts->metric->has_text()) return facts;
    Error("item-form", path,
          Findings::Words{"metric " + Quoted(id) + " cannot be asked: it needs the form number or text",
                          "指标 " + Quoted(id) + " 不能作题目：须为 number 或 text 形式"},
          Findings::Words{"ask for the figures that it is made of", "请改问构成该指标的数值"}, id);
    return nullptr;
  }

  void CheckItem(const v1::Item& item, const std::string& path) {
    for (const std::string& language :
         std::set<std::string>(questionnaire_.languages().begin(), questionnaire_.languages().end())) {
      RequireWords(item.label(), language, item.id(), path);
      for (int i = 0; i < item.options_size(); ++i)
        RequireWords(item.options(i).label(), language, item.options(i).id(), At(path, "options", i));
    }
    if (item.has_several()) return CheckSeveral(item, path);
    const MetricFacts* facts = CheckAnswerable(item.id(), At(path, "id"));
    if (facts == nullptr) return;
    const bool choice = facts->text && !facts->words.empty();
    if (item.options_size() > 0 && !choice) {
      Error(
          "options-without-choice", At(path, "options"),
          Findings::Words{"item " + Quoted(item.id()) + " is no choice: its metric has no list of values",
                          "题目 " + Quoted(item.id()) + " 不是选择题：其指标没有取值列表"},
          Findings::Words{"give the metric values, or write 'several'", "请为该指标写 values，或写 several"},
          item.id());
    } else if (item.options_size() > 0) {
      CheckChoice(item, *facts, path);
    }
    if (item.max_characters() != 0 && (!facts->text || choice)) {
      Error("length-without-text", At(path, "max_characters"),
            Findings::Words{"item " + Quoted(item.id()) + " is no open question: only a text has a length",
                            "题目 " + Quoted(item.id()) + " 不是开放题：只有文字才有长度"},
            Findings::Words{"take it out", "请删去"}, item.id());
    }
    if (item.max_characters() < 0)
      BadRange(At(path, "max_characters"), item.max_characters(), "[0, 2147483647]");
  }

  template <typename Labels>
  void RequireWords(const Labels& label, const std::string& language, const std::string& id,
                    const std::string& path) {
    if (label.count(language) != 0) return;
    Error("wording-absent", path,
          Findings::Words{Quoted(id) + " has no wording in the language " + Quoted(language),
                          Quoted(id) + " 没有语言 " + Quoted(language) + " 的措辞"},
          Findings::Words{"write label." + language, "请写 label." + language}, language);
  }

  void CheckChoice(const v1::Item& item, const MetricFacts& facts, const std::string& path) {
    std::set<std::string_view> offered;
    for (int i = 0; i < item.options_size(); ++i) {
      const std::string& id = item.options(i).id();
      offered.insert(id);
      if (facts.words.count(id) == 0) {
        Error("unknown-text", At(At(path, "options", i), "id"),
              Findings::Words{"there is no word " + Quoted(id), "没有词 " + Quoted(id)},
              Findings::Words{"write a word of the metric", "请写该指标的词"}, id);
      }
      if (!item.options(i).metric().empty()) {
        Error("options-without-choice", At(At(path, "options", i), "metric"),
              Findings::Words{"a choice of one has no metric for each option", "单选题的选项没有各自的指标"},
              Findings::Words{"take it out, or write 'several'", "请删去，或写 several"}, id);
      }
    }
    for (const std::string_view word : facts.words) {
      if (offered.count(word) != 0) continue;
      Error("option-absent", At(path, "options"),
            Findings::Words{
                "the word " + Quoted(word) + " of metric " + Quoted(item.id()) + " is not among the options",
                "指标 " + Quoted(item.id()) + " 的词 " + Quoted(word) + " 不在选项之中"},
            Findings::Words{"add an option for it, or leave all options out", "请补写该选项，或全部省略"},
            std::string(word));
    }
  }

  void CheckSeveral(const v1::Item& item, const std::string& path) {
    const int options = item.options_size();
    if (options == 0) {
      Error("empty-list", path,
            Findings::Words{"'options' has no item; 1 is the least", "“options”没有任何一项，至少要有 1 项"},
            Findings::Words{"write the options that may be chosen", "请写出可选的选项"}, "options");
      return;
    }
    const std::string range = "[0, " + std::to_string(options) + "]";
    const int least = item.several().at_least(), most = item.several().at_most();
    if (least < 0 || least > options) BadRange(At(path, "several") + ".at_least", least, range);
    if (most < 0 || most > options || (most != 0 && most < least)) {
      BadRange(At(path, "several") + ".at_most", most,
               "[" + std::to_string(std::max(least, 0)) + ", " + std::to_string(options) + "]");
    }
    const std::vector<std::string> metrics = MetricsOf(item);
    for (int i = 0; i < options; ++i) {
      const std::string place = At(path, "options", i);
      const MetricFacts* facts = CheckAnswerable(metrics[static_cast<std::size_t>(i)], place);
      if (facts == nullptr) continue;
      if (!facts->text && !facts->figure.Where(ComparisonOp::kEqual, 0).empty() &&
          !facts->figure.Where(ComparisonOp::kEqual, Decimal::kOne).empty())
        continue;
      Error("item-form", place,
            Findings::Words{"metric " + Quoted(metrics[static_cast<std::size_t>(i)]) +
                                " of an option has to take 0 and 1",
                            "选项的指标 " + Quoted(metrics[static_cast<std::size_t>(i)]) + " 须能取 0 和 1"},
            Findings::Words{"write a metric of form number with the range 0 to 1",
                            "请写 number 形式、范围 0 到 1 的指标"},
            metrics[static_cast<std::size_t>(i)]);
    }
  }

  // Two answers under one field would be one answer.
  void CheckFields() {
    std::map<std::string, std::string> owners;
    const auto own = [&](const std::string& field, const std::string& who, const std::string& path) {
      const auto [found, inserted] = owners.emplace(field, who);
      if (inserted) return;
      Error("field-asked-twice", path,
            Findings::Words{"field " + Quoted(field) + " already holds " + Quoted(found->second),
                            "字段 " + Quoted(field) + " 已用于 " + Quoted(found->second)},
            Findings::Words{"ask for it once", "请只问一次"}, field);
    };
    const auto field_of = [this](const std::string& id) {
      const MetricFacts* facts = index_.FindMetric(id);
      if (facts == nullptr) return id;
      const std::string& field =
          facts->text ? facts->metric->text().field() : facts->metric->number().field();
      return field.empty() ? id : field;
    };
    for (int i = 0; i < questionnaire_.context_size(); ++i)
      own(field_of(questionnaire_.context(i)), questionnaire_.context(i), Place("context", i));
    std::set<std::string> metrics;
    for (int i = 0; i < questionnaire_.items_size(); ++i) {
      const v1::Item& item = questionnaire_.items(i);
      own(item.has_several() ? item.id() : field_of(item.id()), item.id(), Place("items", i));
      for (const std::string& metric : MetricsOf(item)) {
        if (metrics.insert(metric).second || !item.has_several()) continue;
        Error("field-asked-twice", Place("items", i),
              Findings::Words{"metric " + Quoted(metric) + " is answered twice",
                              "指标 " + Quoted(metric) + " 被问了两次"},
              Findings::Words{"ask for it once", "请只问一次"}, metric);
      }
    }
  }

  bool IsContext(const std::string& metric) const {
    return std::find(questionnaire_.context().begin(), questionnaire_.context().end(), metric) !=
           questionnaire_.context().end();
  }

  // Conditions read what is known by then.
  void CheckConditions() {
    // Items that an item's condition waits for.
    std::vector<std::set<int>> waits(static_cast<std::size_t>(questionnaire_.items_size()));
    for (int i = 0; i < questionnaire_.items_size(); ++i) {
      WalkMetrics(questionnaire_.items(i).shown_when(), [&](const std::string& metric) {
        if (const auto item = asked_.find(metric); item != asked_.end())
          waits[static_cast<std::size_t>(i)].insert(item->second);
      });
    }
    for (int i = 0; i < questionnaire_.items_size(); ++i) {
      const v1::Item& item = questionnaire_.items(i);
      const std::string path = At(Place("items", i), "shown_when");
      std::set<std::string> reported;
      WalkMetrics(item.shown_when(), [&](const std::string& metric) {
        if (index_.FindMetric(metric) == nullptr || !reported.insert(metric).second) return;
        const auto asked = asked_.find(metric);
        if (asked == asked_.end()) return RequireKnown(metric, path);
        if (asked->second < i) return;
        const std::string& later = questionnaire_.items(asked->second).id();
        const std::string circle = CircleFrom(i, asked->second, waits);
        if (!circle.empty()) {
          Error("cyclic-reference", path,
                Findings::Words{"items wait for each other in a circle", "题目相互等待，形成循环"},
                Findings::Words{"let a condition read items before its own", "条件只应引用本题之前的题目"},
                circle);
        } else {
          Error(
              "later-item", path,
              Findings::Words{"the condition of item " + Quoted(item.id()) + " reads " + Quoted(later) +
                                  ", which comes later",
                              "题目 " + Quoted(item.id()) + " 的条件引用了其后的 " + Quoted(later)},
              Findings::Words{"move " + Quoted(later) + " before it", "请把 " + Quoted(later) + " 移到其前"},
              later);
        }
      });
    }
  }

  // "a -> b -> a" where item `to` waits for `from` in the end; "" where it does not.
  std::string CircleFrom(int from, int to, const std::vector<std::set<int>>& waits) const {
    std::vector<int> before(waits.size(), -1), stack = {to};
    std::vector<bool> seen(waits.size(), false);
    seen[static_cast<std::size_t>(to)] = true;
    while (!stack.empty() && stack.back() != from) {
      const int at = stack.back();
      stack.pop_back();
      for (const int next : waits[static_cast<std::size_t>(at)]) {
        if (seen[static_cast<std::size_t>(next)]) continue;
        seen[static_cast<std::size_t>(next)] = true;
        before[static_cast<std::size_t>(next)] = at;
        stack.push_back(next);
      }
    }
    if (stack.empty()) return "";
    std::string circle = questionnaire_.items(from).id();
    for (int at = from; at != -1; at = at == to ? -1 : before[static_cast<std::size_t>(at)])
      circle = (at == from ? "" : questionnaire_.items(at).id() + " -> ") + circle;
    return questionnaire_.items(from).id() + " -> " + circle;
  }

  void RequireKnown(const std::string& metric, const std::string& path) {
    if (IsContext(metric)) return;
    Error("never-known", path,
          Findings::Words{"metric " + Quoted(metric) + " is neither asked before nor part of the context",
                          "指标 " + Quoted(metric) + " 既未在此前问到，也不在 context 之中"},
          Findings::Words{"ask for it, or name it in 'context'", "请设题询问，或写入 context"}, metric);
  }

  void CheckOffer() {
    const std::string path = At(path_, "offered_when");
    std::set<std::string> reported;
    WalkMetrics(questionnaire_.offered_when(), [&](const std::string& metric) {
      if (index_.FindMetric(metric) != nullptr && reported.insert(metric).second) RequireKnown(metric, path);
    });
    if (questionnaire_.has_offered_when() && sound_ &&
        !JudgeWithFigures(questionnaire_.offered_when(), index_).can_be_true) {
      findings_.Warning(
          "never-offered", path,
          {"questionnaire " + Quoted(questionnaire_.id()) + " is never offered: its condition never holds",
           "问卷 " + Quoted(questionnaire_.id()) + " 永远不会发出：其条件永远不成立"},
          {"correct the condition", "请更正条件"}, questionnaire_.id());
    }
  }

  void CheckTopics() {
    for (int i = 0; i < questionnaire_.topics_size(); ++i) {
      const std::string& topic = questionnaire_.topics(i);
      if (std::any_of(questionnaire_.items().begin(), questionnaire_.items().end(),
                      [&topic](const v1::Item& item) { return item.topic() == topic; }))
        continue;
      Error("topic-not-asked", Place("topics", i),
            Findings::Words{"no item is on the topic " + Quoted(topic),
                            "没有关于 " + Quoted(topic) + " 的题目"},
            Findings::Words{"add an item, or name the topic of one", "请增加题目，或写明题目的 topic"},
            topic);
    }
  }

  void CheckNumbers() {
    if (questionnaire_.max_questions() < 0)
      BadRange(At(path_, "max_questions"), questionnaire_.max_questions(), "[0, 2147483647]");
    if (questionnaire_.min_duration_ms() < 0)
      BadRange(At(path_, "min_duration_ms"), questionnaire_.min_duration_ms(), "[0, 2147483647]");
    const v1::FollowUp& follow_up = questionnaire_.follow_up();
    if (follow_up.months() < 0 || follow_up.months() > 1200)
      BadRange(At(path_, "follow_up") + ".months", follow_up.months(), "[0, 1200]");
    if (follow_up.days() < 0 || follow_up.days() > 36500)
      BadRange(At(path_, "follow_up") + ".days", follow_up.days(), "[0, 36500]");
    if (questionnaire_.has_wording() && questionnaire_.wording().max_characters() < 0)
      BadRange(At(path_, "wording") + ".max_characters", questionnaire_.wording().max_characters(),
               "[0, 2147483647]");
  }

  void CheckConfirmations() {
    const std::optional<PeriodKind> every = ToModel(questionnaire_.confirmed_every());
    for (int i = 0; i < questionnaire_.confirmations_size(); ++i) {
      const std::string& text = questionnaire_.confirmations(i).period();
      const std::optional<Period> period = Period::Parse(text);
      if (period.has_value() && every.has_value() && period->kind() == *every) continue;
      Error("invalid-period", At(Place("confirmations", i), "period"),
            Findings::Words{Quoted(text) + " is no period of 'confirmed_every'",
                            Quoted(text) + " 不是 confirmed_every 的周期"},
            Findings::Words{"write 2025, 2025-H1 or 2025-Q1", "请写 2025、2025-H1 或 2025-Q1"}, text);
    }
  }

  void CheckPaths() {
    const QuestionPaths paths = FollowPaths(questionnaire_, index_);
    if (!paths.counted) {
      const std::string limit = std::to_string(kMaxAnswerStates);
      findings_.Warning("too-many-paths", At(path_, "items"),
                        {"the conditions tell more than " + limit +
                             " combinations of answers apart: not all paths are followed",
                         "条件所区分的答案组合超过 " + limit + " 种，未能逐一检查"},
                        {"let fewer conditions read many items at once", "请减少同时引用许多题目的条件"},
                        limit);
    }
    std::map<std::string_view, int> position;
    for (int i = 0; i < questionnaire_.items_size(); ++i) {
      const v1::Item& item = questionnaire_.items(i);
      position.emplace(item.id(), i);
      const QuestionPaths::Item& found = paths.items[static_cast<std::size_t>(i)];
      const std::string at = At(Place("items", i), "shown_when");
      if (!found.shown_somewhere) {
        Error("item-never-shown", at,
              Findings::Words{"no answers lead to item " + Quoted(item.id()),
                              "没有任何答案会引出题目 " + Quoted(item.id())},
              Findings::Words{"correct the condition, or take the item out", "请更正条件，或删去该题"},
              item.id());
      } else if (paths.counted && found.shown_everywhere && item.has_shown_when()) {
        findings_.Warning("item-always-shown", at,
                          {"item " + Quoted(item.id()) + " is shown whatever is answered",
                           "题目 " + Quoted(item.id()) + " 无论如何作答都会出现"},
                          {"correct the condition, or take it out", "请更正条件，或删去条件"}, item.id());
      }
    }
    CheckCore(paths, position);
    if (questionnaire_.max_questions() > 0 && paths.most > questionnaire_.max_questions()) {
      const std::string most = std::to_string(paths.most),
                        limit = std::to_string(questionnaire_.max_questions());
      Error("too-many-questions", At(path_, "max_questions"),
            Findings::Words{"up to " + most + " questions are shown; the limit is " + limit,
                            "最多会显示 " + most + " 题，上限为 " + limit},
            Findings::Words{"take questions out, or show fewer of them together",
                            "请删减题目，或减少同时出现的题目"},
            paths.most_example.empty() ? most : paths.most_example);
    }
  }

  void CheckCore(const QuestionPaths& paths, const std::map<std::string_view, int>& position) {
    for (int i = 0; i < questionnaire_.core_items_size(); ++i) {
      const std::string& core = questionnaire_.core_items(i);
      const auto item = position.find(core);
      if (item == position.end()) {
        Error("core-item", Place("core_items", i),
              Findings::Words{"core item " + Quoted(core) + " is not asked", "未设核心题目 " + Quoted(core)},
              Findings::Words{"add the item", "请增加该题"}, core);
      } else if (const QuestionPaths::Item& found = paths.items[static_cast<std::size_t>(item->second)];
                 !found.shown_everywhere) {
        Error("core-item", Place("core_items", i),
              Findings::Words{"core item " + Quoted(core) + " is not shown on every path",
                              "核心题目 " + Quoted(core) + " 并非总会出现"},
              Findings::Words{"take its condition out", "请删去其条件"},
              found.hidden_example.empty() ? core : found.hidden_example);
      }
    }
  }

  void CheckWording() {
    const v1::Wording& wording = questionnaire_.wording();
    for (int i = 0; i < questionnaire_.items_size(); ++i) {
      const v1::Item& item = questionnaire_.items(i);
      const std::string path = Place("items", i);
      if (wording.purposes() && item.purpose().empty() && !item.detail()) {
        findings_.Warning("item-without-purpose", path,
                          {"item " + Quoted(item.id()) + " does not say what it is for",
                           "题目 " + Quoted(item.id()) + " 未说明用途"},
                          {"write 'purpose', or take the item out", "请写 purpose，或删去该题"}, item.id());
      }
      if (item.detail()) continue;
      for (const auto& [language, text] :
           std::map<std::string, std::string>(item.label().begin(), item.label().end()))
        CheckQuestion(wording, text, At(At(path, "label"), language));
    }
  }

  void CheckQuestion(const v1::Wording& wording, const std::string& text, const std::string& path) {
    const std::int64_t characters = CharactersOf(text);
    if (wording.max_characters() > 0 && characters > wording.max_characters()) {
      const std::string count = std::to_string(characters), limit = std::to_string(wording.max_characters());
      findings_.Warning("long-question", path,
                        {"a question of " + count + " characters; the limit is " + limit,
                         "题目共 " + count + " 个字符，上限为 " + limit},
                        {"say it in fewer words", "请用更少的字"}, count);
    }
    for (const std::string& word : wording.joining_words()) {
      if (text.find(word) == std::string::npos) continue;
      findings_.Warning(
          "double-question", path,
          {Quoted(word) + " joins two questions into one", Quoted(word) + " 把两个问题合成一个"},
          {"ask them one by one", "请分开提问"}, word);
    }
  }

  const v1::Questionnaire& questionnaire_;
  const std::string path_;
  const PolicyIndex& index_;
  Findings& findings_;
  std::map<std::string, int> asked_;  // Item by metric; the first.
  bool sound_ = true;
};

}  // namespace

void CheckQuestionnaires(const PolicyIndex& index, Findings* findings) {
  for (int i = 0; i < index.message().questionnaires_size() && !findings->full(); ++i)
    QuestionnaireCheck(index.message().questionnaires(i), At("", "questionnaires", i), index, findings).Run();
}

}  // namespace csat::policy
