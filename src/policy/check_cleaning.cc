#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "policy/check_steps.h"
#include "policy/condition.h"
#include "policy/model_words.h"

namespace csat::policy {
namespace {

constexpr std::int64_t kMostRanks = 250;

class CleaningCheck {
 public:
  CleaningCheck(const PolicyIndex& index, Findings* findings)
      : index_(index), cleaning_(index.message().cleaning()), findings_(*findings) {}

  void Run() {
    for (int i = 0; i < cleaning_.rules_size() && !findings_.full(); ++i)
      CheckRule(cleaning_.rules(i), At("cleaning", "rules", i));
    for (int i = 0; i < cleaning_.figures_size() && !findings_.full(); ++i)
      CheckFigure(cleaning_.figures(i), At("cleaning", "figures", i));
    if (cleaning_.has_review()) {
      RequireWithin(cleaning_.review().share(), 0, Decimal::kOne, false, true, "(0, 1]",
                    "cleaning.review.share");
      if (cleaning_.review().seed().find('\0') != std::string::npos)
        BadRange("cleaning.review.seed", "the seed", "种子", "a text without zero bytes", "seed");
    }
  }

 private:
  void CheckRule(const v1::CleaningRule& rule, const std::string& path) {
    if (rule.has_test_records() && rule.action() != v1::CleaningRule::EXCLUDE) {
      findings_.Error("wrong-action", At(path, "action"),
                      {"test records are no responses: they cannot be kept", "测试记录不是答卷，不能保留"},
                      {"write EXCLUDE", "请写 EXCLUDE"}, v1::CleaningRule::Action_Name(rule.action()));
    }
    if (rule.unknown() == v1::CleaningRule::QUARANTINE || rule.unknown() == v1::CleaningRule::EXCLUDE) {
      findings_.Error("wrong-action", At(path, "unknown"),
                      {"what cannot be judged is flagged at most: a lack of evidence is no contradiction",
                       "无法判断的答卷最多只能标记：缺少证据不等于矛盾"},
                      {"write FLAG, or leave it out", "请写 FLAG，或删去"},
                      v1::CleaningRule::Action_Name(rule.unknown()));
    }
    if (rule.has_applies() && !CanHold(rule.applies()).can_be_true)
      Never(At(path, "applies"), rule, "the condition of the responses that it judges never holds",
            "所判答卷的条件永远不成立");
    const std::string form = FormPath(rule, path);
    switch (rule.form_case()) {
      case v1::CleaningRule::kContradiction: CheckContradiction(rule, form); break;
      case v1::CleaningRule::kOffScale: CheckItems(rule.off_scale().items(), At(form, "items"), false); break;
      case v1::CleaningRule::kStraightLine:
        CheckItems(rule.straight_line().items(), At(form, "items"), true);
        CheckLeast(rule, rule.straight_line().least_answers(), rule.straight_line().items_size(), form);
        break;
      case v1::CleaningRule::kAllExtreme:
        CheckItems(rule.all_extreme().items(), At(form, "items"), false);
        CheckLeast(rule, rule.all_extreme().least_answers(), rule.all_extreme().items_size(), form);
        break;
      case v1::CleaningRule::kLongString: CheckLongString(rule, form); break;
      case v1::CleaningRule::kVariability: CheckVariability(rule, form); break;
      case v1::CleaningRule::kEvenOdd: CheckEvenOdd(rule, form); break;
      case v1::CleaningRule::kMahalanobis:
        CheckItems(rule.mahalanobis().items(), At(form, "items"), false);
        if (rule.mahalanobis().items_size() < 2)
          TooFew(At(form, "items"), rule.mahalanobis().items_size(), "items", "题目");
        RequireWithin(rule.mahalanobis().confidence(), 0, Decimal::kOne, false, false, "(0, 1)",
                      At(form, "confidence"));
        break;
      case v1::CleaningRule::kSpeed: CheckSpeed(rule, form); break;
      case v1::CleaningRule::kDuplicates: CheckTwice(rule.duplicates().keys(), At(form, "keys")); break;
      case v1::CleaningRule::kDistance: CheckDistance(rule.distance(), form); break;
      case v1::CleaningRule::kDefaultAnswers: CheckDefaults(rule, form); break;
      default: break;
    }
  }

  static std::string FormPath(const v1::CleaningRule& rule, const std::string& path) {
    const google::protobuf::FieldDescriptor* form = rule.GetReflection()->GetOneofFieldDescriptor(
        rule, v1::CleaningRule::descriptor()->FindOneofByName("form"));
    return At(path, {form->name().data(), form->name().size()});
  }

  Truths CanHold(const v1::Predicate& condition) {
    Box box(index_);
    Truths truths = Judge(condition, index_, box);
    truths.can_be_true = truths.can_be_true && JudgeWithFigures(condition, index_).can_be_true;
    return truths;
  }

  void CheckContradiction(const v1::CleaningRule& rule, const std::string& path) {
    const Truths truths = CanHold(rule.contradiction());
    if (!truths.can_be_true) {
      Never(path, rule, "its condition never holds", "条件永远不成立");
    } else if (!truths.can_be_false && !truths.can_be_unknown) {
      Always(path, rule, "its condition always holds", "条件总是成立");
    }
  }

  // nullptr: no such metric, which CheckReferences() reports, or no item.
  const v1::Scale* CheckItem(const std::string& id, const std::string& path) {
    const MetricFacts* facts = index_.FindMetric(id);
    if (facts == nullptr || facts->text) return nullptr;
    const v1::Scale* scale = facts->scale;
    if (facts->metric->has_number() && scale != nullptr && scale->integer() &&
        scale->max().micros() - scale->min().micros() < kMostRanks * Decimal::kOne)
      return scale;
    findings_.Error(
        "item-scale", path,
        {"metric " + Quoted(id) + " is no item: it needs the form number and a scale of at most " +
             std::to_string(kMostRanks) + " whole ranks",
         "指标 " + Quoted(id) + " 不能作题目：须为 number 形式，量表为不超过 " + std::to_string(kMostRanks) +
             " 级的整数等级"},
        {"give the metric such a scale", "请为该指标给出这样的量表"}, id);
    return nullptr;
  }

  template <typename Texts>
  void CheckTwice(const Texts& names, const std::string& path) {
    std::set<std::string> seen;
    for (int i = 0; i < names.size(); ++i) {
      if (seen.insert(names[i]).second) continue;
      findings_.Error("duplicate-name", Item(path, i),
                      {Quoted(names[i]) + " stands twice", Quoted(names[i]) + " 重复"},
                      {"keep one of them", "请只保留一个"}, names[i]);
    }
  }

  // The scale of the first item, or nullptr.
  template <typename Texts>
  const v1::Scale* CheckItems(const Texts& items, const std::string& path, bool one_scale) {
    const v1::Scale* first = nullptr;
    for (int i = 0; i < items.size(); ++i) {
      const v1::Scale* scale = CheckItem(items[i], Item(path, i));
      if (scale == nullptr) continue;
      if (first == nullptr) first = scale;
      const bool same =
          scale->min().micros() == first->min().micros() && scale->max().micros() == first->max().micros();
      if (!one_scale || same) continue;
      findings_.Error("item-scale", Item(path, i),
                      {"item " + Quoted(items[i]) + " is on scale " + Quoted(scale->id()) + " and not on " +
                           Quoted(first->id()) + ": equal answers mean nothing there",
                       "题目 " + Quoted(items[i]) + " 的量表为 " + Quoted(scale->id()) + "，与 " +
                           Quoted(first->id()) + " 不同：相同答案没有意义"},
                      {"make a rule for each scale", "请为每种量表各立一条规则"}, items[i]);
    }
    CheckTwice(items, path);
    return first;
  }

  static std::string Item(std::string path, int index) {
    AppendIndex(static_cast<size_t>(index), &path);
    return path;
  }

  void CheckLeast(const v1::CleaningRule& rule, int least, int items, const std::string& path) {
    if (least < 0) {
      BadRange(At(path, "least_answers"), "least_answers " + std::to_string(least),
               "least_answers " + std::to_string(least), "1 or more", std::to_string(least));
    } else if ((least == 0 ? 5 : least) > items) {
      Never(At(path, "least_answers"), rule,
            "it asks for " + std::to_string(least == 0 ? 5 : least) + " answers of " + std::to_string(items) +
                " items",
            "共 " + std::to_string(items) + " 题，却要求至少 " + std::to_string(least == 0 ? 5 : least) +
                " 个答案");
    } else if (least == 1) {
      Always(At(path, "least_answers"), rule, "one answer is always equal to itself", "一个答案总与自身相同");
    }
  }

  void CheckLongString(const v1::CleaningRule& rule, const std::string& path) {
    const v1::LongString& form = rule.long_string();
    CheckItems(form.items(), At(path, "items"), true);
    if (form.at_least() < 1) {
      const std::string text = std::to_string(form.at_least());
      BadRange(At(path, "at_least"), "at_least " + text, "at_least " + text, "1 or more", text);
    } else if (form.at_least() > form.items_size()) {
      Never(At(path, "at_least"), rule,
            "a run of " + std::to_string(form.at_least()) + " among " + std::to_string(form.items_size()) +
                " items",
            std::to_string(form.items_size()) + " 题中不可能连续 " + std::to_string(form.at_least()) + " 次");
    } else if (form.at_least() == 1) {
      Always(At(path, "at_least"), rule, "each answer is a run of one", "每个答案都是长度为 1 的连续");
    }
  }

  // No sample of answers a range R apart has a deviation above R / sqrt(2), that of the two ends.
  void CheckVariability(const v1::CleaningRule& rule, const std::string& path) {
    const v1::Variability& form = rule.variability();
    const v1::Scale* scale = CheckItems(form.items(), At(path, "items"), true);
    if (form.items_size() < 2) TooFew(At(path, "items"), form.items_size(), "items", "题目");
    if (!form.has_below() && !form.has_above()) {
      findings_.Error("missing-field", path, {"neither below nor above is given", "below 和 above 均未给出"},
                      {"write at least one of the limits", "请至少写出一个界限"}, "below, above");
    }
    if (form.has_below() && form.below().micros() <= 0)
      Never(At(path, "below"), rule, "no deviation is below " + Text(form.below()),
            "离散度不可能低于 " + Text(form.below()));
    if (!form.has_above() || scale == nullptr) return;
    const absl::int128 range = absl::int128(scale->max().micros()) - scale->min().micros();
    const absl::int128 above = form.above().micros();
    if (above < 0) {
      Always(At(path, "above"), rule, "every deviation is above " + Text(form.above()),
             "离散度总高于 " + Text(form.above()));
    } else if (2 * above * above >= range * range) {
      Never(At(path, "above"), rule,
            "no deviation of answers from " + Text(scale->min()) + " to " + Text(scale->max()) +
                " is above " + Text(form.above()),
            Text(scale->min()) + " 至 " + Text(scale->max()) + " 的答案，其离散度不可能高于 " +
                Text(form.above()));
    }
  }

  void CheckEvenOdd(const v1::CleaningRule& rule, const std::string& path) {
    const v1::EvenOdd& form = rule.even_odd();
    if (form.parts_size() < 2) TooFew(At(path, "parts"), form.parts_size(), "parts", "部分");
    std::set<std::string> all;
    for (int i = 0; i < form.parts_size(); ++i) {
      const auto& items = form.parts(i).items();
      const std::string at = At(At(path, "parts", i), "items");
      CheckItems(items, at, true);
      if (items.size() < 2) TooFew(at, items.size(), "items", "题目");
      all.insert(items.begin(), items.end());
    }
    for (int i = 0; i < form.reversed_size(); ++i) {
      if (all.count(form.reversed(i)) > 0) continue;
      findings_.Error("unknown-metric", At(path, "reversed", i),
                      {Quoted(form.reversed(i)) + " is no item of the parts",
                       Quoted(form.reversed(i)) + " 不是各部分的题目"},
                      {"take it out", "请删去"}, form.reversed(i));
    }
    const std::int64_t below = form.below().micros();
    if (below <= -Decimal::kOne) {
      Never(At(path, "below"), rule, "no agreement is below -1", "一致性不可能低于 -1");
    } else if (below > Decimal::kOne) {
      Always(At(path, "below"), rule, "every agreement is below " + Text(form.below()),
             "一致性总低于 " + Text(form.below()));
    }
  }

  void CheckSpeed(const v1::CleaningRule& rule, const std::string& path) {
    const v1::Speed& form = rule.speed();
    bool binds = form.below_ms() > 0;
    std::map<std::string, std::int64_t> limits(form.by_instrument().begin(), form.by_instrument().end());
    for (const auto& [instrument, limit] : limits) {
      binds |= limit > 0;
      if (limit < 0)
        BadRange(At(At(path, "by_instrument"), instrument), "limit " + std::to_string(limit),
                 "时限 " + std::to_string(limit), "0 or more", std::to_string(limit));
    }
    if (form.below_ms() < 0) {
      const std::string text = std::to_string(form.below_ms());
      BadRange(At(path, "below_ms"), "below_ms " + text, "below_ms " + text, "0 or more", text);
    } else if (!binds) {
      Never(path, rule, "no limit is above 0 ms", "没有高于 0 毫秒的时限");
    }
    if (limits.empty() != form.instrument().empty()) {
      findings_.Error(
          "missing-field", path,
          {"'instrument' and 'by_instrument' go together", "“instrument”和“by_instrument”须同时给出"},
          {"write both, or neither", "请同时写出，或都不写"},
          limits.empty() ? "by_instrument" : "instrument");
    }
  }

  void CheckDistance(const v1::Distance& form, const std::string& path) {
    if (!form.has_radius_m() && form.radius_field().empty()) {
      findings_.Error("missing-field", path,
                      {"neither radius_m nor radius_field is given", "radius_m 和 radius_field 均未给出"},
                      {"write at least one of them", "请至少写出一个"}, "radius_m, radius_field");
    } else if (form.has_radius_m() && form.radius_m().micros() < 0) {
      BadRange(At(path, "radius_m"), "radius_m " + Text(form.radius_m()), "radius_m " + Text(form.radius_m()),
               "0 or more", Text(form.radius_m()));
    }
  }

  void CheckDefaults(const v1::CleaningRule& rule, const std::string& path) {
    const v1::DefaultAnswers& form = rule.default_answers();
    std::map<std::string, v1::Decimal> defaults(form.defaults().begin(), form.defaults().end());
    for (const auto& [item, answer] : defaults) {
      const std::string at = At(At(path, "defaults"), item);
      const v1::Scale* scale = CheckItem(item, at);
      if (scale == nullptr) continue;
      if (answer.micros() >= scale->min().micros() && answer.micros() <= scale->max().micros() &&
          answer.micros() % Decimal::kOne == 0)
        continue;
      findings_.Error("value-off-range", at,
                      {"default " + Text(answer) + " is no rank of scale " + Quoted(scale->id()),
                       "默认值 " + Text(answer) + " 不是量表 " + Quoted(scale->id()) + " 的等级"},
                      {"write a rank of the scale", "请写量表中的等级"}, Text(answer));
    }
    CheckLeast(rule, form.least_answers() == 1 ? 2 : form.least_answers(), form.defaults_size(), path);
    RequireWithin(form.at_least(), 0, Decimal::kOne, false, true, "(0, 1]", At(path, "at_least"));
  }

  void CheckFigure(const v1::CleaningFigure& figure, const std::string& path) {
    const v1::Scale* scale = CheckItem(figure.metric(), At(path, "metric"));
    if (scale == nullptr) return;
    for (const bool least : {true, false}) {
      if (!(least ? figure.has_at_least() : figure.has_at_most())) continue;
      const v1::Decimal& bound = least ? figure.at_least() : figure.at_most();
      if (bound.micros() >= scale->min().micros() && bound.micros() <= scale->max().micros()) continue;
      findings_.Error("value-off-range", At(path, least ? "at_least" : "at_most"),
                      {Text(bound) + " lies outside [" + Text(scale->min()) + ", " + Text(scale->max()) +
                           "] of scale " + Quoted(scale->id()),
                       Text(bound) + " 不在量表 " + Quoted(scale->id()) + " 的 [" + Text(scale->min()) +
                           ", " + Text(scale->max()) + "] 之内"},
                      {"write a rank of the scale", "请写量表中的等级"}, Text(bound));
    }
    if (figure.has_at_least() && figure.has_at_most() &&
        figure.at_least().micros() <= figure.at_most().micros())
      BadRange(path, "at_least " + Text(figure.at_least()) + " and at_most " + Text(figure.at_most()),
               "at_least " + Text(figure.at_least()) + " 与 at_most " + Text(figure.at_most()),
               "two ranges that are apart", Text(figure.at_least()));
  }

  void RequireWithin(const v1::Decimal& value, std::int64_t low, std::int64_t high, bool low_in, bool high_in,
                     const std::string& range, const std::string& path) {
    const std::int64_t micros = value.micros();
    if ((low_in ? micros >= low : micros > low) && (high_in ? micros <= high : micros < high)) return;
    BadRange(path, Text(value), Text(value), range, Text(value));
  }
  void BadRange(const std::string& path, const std::string& what, const std::string& what_zh,
                const std::string& range, const std::string& witness) {
    findings_.Error("bad-range", path, {what + " is not within " + range, what_zh + " 不在范围内：" + range},
                    {"write " + range, "请写 " + range}, witness);
  }
  void TooFew(const std::string& path, int count, const std::string& what, const std::string& what_zh) {
    BadRange(path, std::to_string(count) + " " + what, std::to_string(count) + " 个" + what_zh, "2 or more",
             std::to_string(count));
  }
  void Never(const std::string& path, const v1::CleaningRule& rule, const std::string& why,
             const std::string& why_zh) {
    findings_.Warning("rule-never-met", path,
                      {"rule " + Quoted(rule.id()) + " is never met: " + why,
                       "规则 " + Quoted(rule.id()) + " 永远不会触发：" + why_zh},
                      {"correct the limit, or take the rule out", "请更正界限，或删去该规则"}, rule.id());
  }
  void Always(const std::string& path, const v1::CleaningRule& rule, const std::string& why,
              const std::string& why_zh) {
    findings_.Warning("rule-always-met", path,
                      {"rule " + Quoted(rule.id()) + " is always met: " + why,
                       "规则 " + Quoted(rule.id()) + " 总会触发：" + why_zh},
                      {"correct the limit", "请更正界限"}, rule.id());
  }
  static std::string Text(const v1::Decimal& decimal) { return ToModel(decimal).ToString(); }

  const PolicyIndex& index_;
  const v1::Cleaning& cleaning_;
  Findings& findings_;
};

}  // namespace

void CheckCleaning(const PolicyIndex& index, Findings* findings) {
  if (index.message().has_cleaning()) CleaningCheck(index, findings).Run();
}

}  // namespace csat::policy
