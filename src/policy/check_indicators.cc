#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "policy/check_steps.h"
#include "policy/model_words.h"

namespace csat::policy {
namespace {

using Siblings = google::protobuf::RepeatedPtrField<v1::Indicator>;

std::string Text(std::int64_t micros) { return Decimal::FromMicros(micros).ToString(); }

// A sum of millionths that may be beyond int64.
std::string TextOfSum(absl::int128 micros) {
  return Text(
      static_cast<std::int64_t>(std::min<absl::int128>(std::max<absl::int128>(micros, -kHighest), kHighest)));
}

// The weights of the top-level indicators of a card, and what a profile changes about them.
class CardWeights {
 public:
  explicit CardWeights(const v1::Scorecard& card) {
    for (const v1::Indicator& indicator : card.indicators()) {
      const std::int64_t weight = indicator.has_weight() ? indicator.weight().micros() : Decimal::kOne;
      if (!by_indicator_.emplace(indicator.id(), Entry{weight, indicator.group()}).second) continue;
      sums_[""] += weight;
      if (!indicator.group().empty()) sums_[indicator.group()] += weight;
    }
  }

  struct Entry {
    std::int64_t weight = 0;
    std::string_view group;
  };
  // nullptr: no such indicator.
  const Entry* Find(std::string_view indicator) const {
    const auto found = by_indicator_.find(indicator);
    return found == by_indicator_.end() ? nullptr : &found->second;
  }
  bool HasGroup(std::string_view group) const { return sums_.count(group) > 0; }
  // Of a group, or of all if it is empty.
  absl::int128 Sum(std::string_view group) const {
    const auto found = sums_.find(group);
    return found == sums_.end() ? absl::int128(0) : found->second;
  }

 private:
  std::map<std::string_view, Entry> by_indicator_;
  std::map<std::string_view, absl::int128> sums_;
};

// The weights under one profile, or the card's own (nullptr).
class Weights {
 public:
  Weights(const CardWeights& card, const v1::Profile* profile) : card_(card) {
    if (profile == nullptr) return;
    for (const auto& [id, weight] : profile->weights()) {
      const CardWeights::Entry* own = card.Find(id);
      if (own == nullptr) continue;  // unknown-indicator
      changed_.emplace(id, weight.micros());
      const absl::int128 change = absl::int128(weight.micros()) - own->weight;
      changes_[""] += change;
      if (!own->group.empty()) changes_[own->group] += change;
    }
  }
  std::int64_t Of(std::string_view indicator) const {
    const auto found = changed_.find(indicator);
    if (found != changed_.end()) return found->second;
    const CardWeights::Entry* own = card_.Find(indicator);
    return own == nullptr ? 0 : own->weight;
  }
  absl::int128 Sum(std::string_view group) const {
    const auto found = changes_.find(group);
    return card_.Sum(group) + (found == changes_.end() ? absl::int128(0) : found->second);
  }
  // Ids of the indicators that the profile names, in their order.
  std::vector<std::string_view> Named() const {
    std::vector<std::string_view> named;
    for (const auto& [id, weight] : changed_) named.push_back(id);
    std::sort(named.begin(), named.end());
    return named;
  }

 private:
  const CardWeights& card_;
  std::map<std::string_view, std::int64_t> changed_;
  std::map<std::string_view, absl::int128> changes_;
};

class IndicatorCheck {
 public:
  IndicatorCheck(const v1::Scorecard& card, std::string path, Findings* findings)
      : card_(card), own_(card), path_(std::move(path)), findings_(*findings) {}

  void Run() {
    RequirePositive(card_.max_score(), At(path_, "max_score"));
    std::string list = path_ + ".indicators";
    WalkIndicators(card_.indicators(), &list,
                   [this](const v1::Indicator& indicator, const std::string& place) {
                     CheckOne(indicator, place);
                     if (indicator.has_children())
                       CheckSiblings(indicator.children().indicators(), indicator.children().combine(),
                                     place + ".children");
                   });
    CheckSiblings(card_.indicators(), card_.combine(), path_);
    CheckWeights(nullptr, path_);
    for (int i = 0; i < card_.profiles_size(); ++i)
      CheckWeights(&card_.profiles(i), At(path_, "profiles", i));
    for (int i = 0; i < card_.vetoes_size(); ++i) CheckVetoMissing(card_.vetoes(i), At(path_, "vetoes", i));
  }

 private:
  void RefuseAbove(const v1::Decimal& value, std::string path) {
    if (value.micros() / Decimal::kOne < kMaxPoints || value.micros() == kMaxPoints * Decimal::kOne) return;
    const std::string text = Text(value.micros()), limit = std::to_string(kMaxPoints);
    findings_.Error("too-large", std::move(path),
                    {text + " is above the limit of " + limit, text + " 超过上限 " + limit},
                    {"choose a smaller unit of points or weights", "请选用较小的分值或权重"}, text);
  }

  void RequirePositive(const v1::Decimal& value, std::string path) {
    if (value.micros() > 0) return RefuseAbove(value, std::move(path));
    const std::string text = Text(value.micros());
    findings_.Error("not-positive", std::move(path), {text + " is not above 0", text + " 不大于 0"},
                    {"write a number above 0", "请写大于 0 的数"}, text);
  }

  void CheckOne(const v1::Indicator& indicator, const std::string& path) {
    RequirePositive(indicator.max_points(), At(path, "max_points"));
    if (indicator.has_weight()) RefuseNegative(indicator.weight(), At(path, "weight"));
    if (indicator.has_missing()) {
      CheckMissing(indicator, path);
    } else if (!indicator.has_children()) {
      findings_.Error("missing-rule-absent", path,
                      {"indicator " + Quoted(indicator.id()) + " does not say what a missing figure means",
                       "指标项 " + Quoted(indicator.id()) + " 未说明数据缺失时如何处理"},
                      {"write \"missing\": {\"rule\": ...}, such as REFUSE, INSUFFICIENT, WORST or LEAVE_OUT",
                       "请写“missing”，如 REFUSE、INSUFFICIENT、WORST 或 LEAVE_OUT"},
                      "missing");
    }
    const auto no_effect = [&](const char* field, const char* what, const char* what_zh) {
      findings_.Warning("no-effect", At(path, field),
                        {"'" + std::string(field) + "' means nothing for " + what,
                         "“" + std::string(field) + "”对" + what_zh + "没有意义"},
                        {"take it out", "请删去"}, field);
    };
    if (indicator.form_case() != v1::Indicator::kMetric) {
      const bool group = indicator.has_children();
      const char* what = group ? "a group" : "a scorecard's score";
      const char* what_zh = group ? "一组指标项" : "计分卡得分";
      if (indicator.has_score()) no_effect("score", what, what_zh);
      if (indicator.has_each()) no_effect("each", what, what_zh);
      if (indicator.has_min_answers()) no_effect("min_answers", what, what_zh);
    }
  }

  void RefuseNegative(const v1::Decimal& weight, std::string path) {
    if (weight.micros() >= 0) return RefuseAbove(weight, std::move(path));
    findings_.Error(
        "weight-negative", std::move(path),
        {"weight " + Text(weight.micros()) + " is below 0", "权重 " + Text(weight.micros()) + " 小于 0"},
        {"write 0 or more", "请写不小于 0 的数"}, Text(weight.micros()));
  }

  void WrongRule(std::string path, const std::string& rule, const char* allowed, const char* why,
                 const char* why_zh) {
    findings_.Error("missing-rule-not-allowed", std::move(path),
                    {"missing rule " + rule + " " + why, "缺失规则 " + rule + " " + why_zh},
                    {"write " + std::string(allowed), "请写 " + std::string(allowed)}, rule);
  }

  void CheckMissing(const v1::Indicator& indicator, const std::string& path) {
    const v1::Missing& missing = indicator.missing();
    const std::string at = At(path, "missing");
    if (missing.rule() != v1::Missing::LAST_KNOWN) {
      for (const auto& [field, set] :
           {std::pair<const char*, bool>{"last_field", !missing.last_field().empty()},
            {"age_field", !missing.age_field().empty()},
            {"max_age_days", missing.max_age_days() != 0},
            {"otherwise", missing.otherwise() != v1::Missing::RULE_UNSPECIFIED}}) {
        if (!set) continue;
        findings_.Warning("no-effect", At(at, field),
                          {"'" + std::string(field) + "' means nothing but for LAST_KNOWN",
                           "“" + std::string(field) + "”只对 LAST_KNOWN 有意义"},
                          {"take it out", "请删去"}, field);
      }
      return;
    }
    constexpr char kOthers[] = "REFUSE, WORST, VETO, LEAVE_OUT or INSUFFICIENT";
    if (indicator.form_case() != v1::Indicator::kMetric) {
      WrongRule(At(at, "rule"), "LAST_KNOWN", kOthers, "is for metrics", "只用于指标");
      return;
    }
    std::string absent;
    for (const auto& [field, set] :
         {std::pair<const char*, bool>{"last_field", !missing.last_field().empty()},
          {"age_field", !missing.age_field().empty()},
          {"max_age_days", missing.max_age_days() != 0},
          {"otherwise", missing.otherwise() != v1::Missing::RULE_UNSPECIFIED}}) {
      if (!set) absent += (absent.empty() ? "" : ", ") + std::string(field);
    }
    if (!absent.empty()) {
      findings_.Error("missing-rule-incomplete", at,
                      {"LAST_KNOWN asks for " + absent, "LAST_KNOWN 还需要 " + absent},
                      {"write what is absent", "请补写所缺的字段"}, absent);
    } else if (missing.max_age_days() < 0) {
      const std::string days = std::to_string(missing.max_age_days());
      findings_.Error("not-positive", At(at, "max_age_days"),
                      {"max_age_days " + days + " is not above 0", "max_age_days " + days + " 不大于 0"},
                      {"write 1 or more", "请写不小于 1 的整数"}, days);
    }
    if (missing.otherwise() == v1::Missing::LAST_KNOWN)
      WrongRule(At(at, "otherwise"), "LAST_KNOWN", kOthers, "cannot stand in for itself", "不能以自身作后备");
  }

  void CheckVetoMissing(const v1::Veto& veto, const std::string& path) {
    if (!veto.has_missing()) {
      findings_.Error("missing-rule-absent", path,
                      {"veto " + Quoted(veto.id()) + " does not say what a missing figure means",
                       "否决 " + Quoted(veto.id()) + " 未说明数据缺失时如何处理"},
                      {"write \"missing\": {\"rule\": ...} with REFUSE, VETO or INSUFFICIENT",
                       "请写“missing”：REFUSE、VETO 或 INSUFFICIENT"},
                      "missing");
      return;
    }
    const v1::Missing::Rule rule = veto.missing().rule();
    if (rule == v1::Missing::REFUSE || rule == v1::Missing::VETO || rule == v1::Missing::INSUFFICIENT) return;
    WrongRule(path + ".missing.rule", v1::Missing::Rule_Name(rule), "REFUSE, VETO or INSUFFICIENT",
              "would let a veto pass without its figure", "会使否决在缺数据时被放过");
  }

  // One list of siblings: all with weights, or none.
  void CheckSiblings(const Siblings& siblings, v1::Indicator::Combine combine, const std::string& path) {
    int with = 0;
    absl::int128 sum = 0;
    for (const v1::Indicator& sibling : siblings) {
      with += sibling.has_weight() ? 1 : 0;
      sum += sibling.weight().micros();
    }
    if (with == 0) return;
    if (with < siblings.size()) {
      for (int i = 0; i < siblings.size(); ++i) {
        if (siblings[i].has_weight()) continue;
        findings_.Error("weights-mixed", At(path, "indicators", i),
                        {"indicator " + Quoted(siblings[i].id()) + " has no weight, and a sibling has one",
                         "指标项 " + Quoted(siblings[i].id()) + " 没有权重，而同级项有"},
                        {"give all siblings a weight, or none", "同级项要么都有权重，要么都没有"},
                        siblings[i].id());
        break;
      }
      return;
    }
    if (combine == v1::Indicator::MIN || combine == v1::Indicator::MAX) {
      findings_.Warning(
          "weights-unused", At(path, "indicators", 0) + ".weight",
          {"weights mean nothing where the parts combine by " + v1::Indicator::Combine_Name(combine),
           "按 " + v1::Indicator::Combine_Name(combine) + " 合并时权重没有意义"},
          {"take the weights out, or combine by WEIGHTED_MEAN", "请删去权重，或改用 WEIGHTED_MEAN"},
          Text(siblings[0].weight().micros()));
    } else if (sum == 0) {
      findings_.Error("weights-zero", path, {"all weights are 0", "权重全部为 0"},
                      {"give one of them a weight above 0", "至少一项权重应大于 0"}, "0");
    }
  }

  void CheckWeights(const v1::Profile* profile, const std::string& path) {
    const Weights weights(own_, profile);
    if (profile != nullptr) {
      for (const std::string_view id : weights.Named()) {
        RefuseNegative(profile->weights().at(std::string(id)), At(path + ".weights", id));
      }
      if (weights.Sum("") == 0) {
        findings_.Error("weights-zero", path,
                        {"all weights of profile " + Quoted(profile->id()) + " are 0",
                         "方案 " + Quoted(profile->id()) + " 的权重全部为 0"},
                        {"give one of them a weight above 0", "至少一项权重应大于 0"}, "0");
      }
    }
    const bool weighted = card_.indicators_size() > 0 && card_.indicators(0).has_weight();
    if (card_.has_weights_sum() && (weighted || profile != nullptr) &&
        weights.Sum("") != card_.weights_sum().micros()) {
      ReportSum("weights-sum", path, "", weights, card_.weights_sum().micros());
    }
    CheckConstraints("weight-constraint", card_.constraints(), path_, weights, profile);
    if (profile != nullptr)
      CheckConstraints("profile-constraint", profile->constraints(), path, weights, profile);
  }

  void ReportSum(const char* code, std::string path, const std::string& group, const Weights& weights,
                 std::int64_t want) {
    if (findings_.full()) return;
    std::string parts;
    int shown = 0;
    for (const v1::Indicator& indicator : card_.indicators()) {
      if (!group.empty() && indicator.group() != group) continue;
      if (++shown > 8) {
        parts += " + ...";
        break;
      }
      parts += (parts.empty() ? "" : " + ") + Text(weights.Of(indicator.id()));
    }
    const std::string sum = TextOfSum(weights.Sum(group)),
                      of = group.empty() ? "" : " of group " + Quoted(group);
    const std::string of_zh = group.empty() ? "" : "组 " + Quoted(group) + " 的";
    findings_.Error(code, std::move(path),
                    {"the weights" + of + " are " + parts + " = " + sum + ", not " + Text(want),
                     of_zh + "权重为 " + parts + " = " + sum + "，而不是 " + Text(want)},
                    {"change the weights or the sum", "请修改权重或总和"}, sum);
  }

  // The card's own constraints hold for every profile, too; a finding then names the profile.
  void CheckConstraints(const char* code,
                        const google::protobuf::RepeatedPtrField<v1::WeightConstraint>& constraints,
                        const std::string& path, const Weights& weights, const v1::Profile* profile) {
    const std::string under = profile == nullptr ? "" : " in profile " + Quoted(profile->id());
    const std::string under_zh = profile == nullptr ? "" : "（方案 " + Quoted(profile->id()) + "）";
    for (int i = 0; i < constraints.size(); ++i) {
      const v1::WeightConstraint& one = constraints[i];
      const std::string at = At(path, "constraints", i);
      if (one.has_sum() && own_.HasGroup(one.sum().group()) &&
          weights.Sum(one.sum().group()) != one.sum().equals().micros()) {
        ReportSum(code, at, one.sum().group(), weights, one.sum().equals().micros());
      }
      if (one.has_order() && weights.Of(one.order().greater()) <= weights.Of(one.order().less())) {
        const std::string greater = Text(weights.Of(one.order().greater())),
                          less = Text(weights.Of(one.order().less()));
        findings_.Error(code, at,
                        {"weight " + greater + " of " + Quoted(one.order().greater()) +
                             " is not above weight " + less + " of " + Quoted(one.order().less()) + under,
                         Quoted(one.order().greater()) + " 的权重 " + greater + " 不大于 " +
                             Quoted(one.order().less()) + " 的权重 " + less + under_zh},
                        {"change the weights or the order", "请修改权重或次序"},
                        one.order().greater() + "=" + greater + " " + one.order().less() + "=" + less);
      }
      if (!one.has_fixed()) continue;
      for (const std::string_view id : weights.Named()) {
        const CardWeights::Entry& before = *own_.Find(id);
        if (before.group != one.fixed().group() || weights.Of(id) == before.weight) continue;
        const std::string weight = Text(weights.Of(id)), own = Text(before.weight);
        findings_.Error(
            code, at,
            {"weight " + weight + " of " + Quoted(id) + " differs from the scorecard's own, " + own + under,
             Quoted(id) + " 的权重 " + weight + " 与计分卡的 " + own + " 不同" + under_zh},
            {"leave the weights of group " + Quoted(one.fixed().group()) + " as they are",
             "请保持组 " + Quoted(one.fixed().group()) + " 的权重不变"},
            std::string(id));
      }
    }
  }

  const v1::Scorecard& card_;
  const CardWeights own_;
  const std::string path_;
  Findings& findings_;
};

}  // namespace

void CheckIndicators(const PolicyIndex& index, Findings* findings) {
  for (int i = 0; i < index.message().scorecards_size(); ++i) {
    IndicatorCheck(index.message().scorecards(i), At("", "scorecards", i), findings).Run();
  }
}

}  // namespace csat::policy
