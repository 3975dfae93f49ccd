#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>

#include "policy/check_steps.h"
#include "policy/model_words.h"

namespace csat::policy {
namespace {

constexpr int kMostMonths = 1200, kMostTimes = 1000;

class SamplingCheck {
 public:
  SamplingCheck(const v1::Sampling& sampling, Findings* findings)
      : sampling_(sampling), findings_(*findings) {}

  void Run() {
    for (int i = 0; i < sampling_.rules_size() && !findings_.full(); ++i)
      CheckRule(sampling_.rules(i), At("sampling", "rules", i));
  }

 private:
  void CheckRule(const v1::SamplingRule& rule, const std::string& path) {
    switch (rule.form_case()) {
      case v1::SamplingRule::kEvery:
        if (rule.every().has_least()) CheckTimes(rule.every().least(), At(path, "every"));
        break;
      case v1::SamplingRule::kWithin:
        CheckMonths(rule.within().months(), At(path, "within"));
        if (rule.within().has_least()) CheckTimes(rule.within().least(), At(path, "within"));
        break;
      case v1::SamplingRule::kRecent: CheckMonths(rule.recent().months(), At(path, "recent")); break;
      case v1::SamplingRule::kSize: CheckSize(rule.size(), At(path, "size")); break;
      case v1::SamplingRule::kInvitation:
        if (rule.invitation().has_probability()) {
          RequireWithin(rule.invitation().probability(), 0, Decimal::kOne, false, true, "(0, 1]",
                        At(At(path, "invitation"), "probability"));
        }
        break;
      case v1::SamplingRule::kList:
        CheckTwice(rule.list().classes(), At(At(path, "list"), "classes"));
        CheckTwice(rule.list().every_value_of(), At(At(path, "list"), "every_value_of"));
        CheckTaken(rule.list().classes(), At(At(path, "list"), "classes"), {"frame"});
        CheckTaken(rule.list().every_value_of(), At(At(path, "list"), "every_value_of"),
                   {"frame", "unapproved", "weak_relevance"});
        break;
      case v1::SamplingRule::kWave:
        RequireWithin(rule.wave().most_unanswered(), 0, 100 * Decimal::kOne, true, true, "[0, 100]",
                      At(At(path, "wave"), "most_unanswered"));
        break;
      default: break;
    }
    const bool asks = rule.has_every() || rule.has_within() || rule.has_each();
    if (rule.level() == v1::SamplingRule::SHOULD && !asks) {
      findings_.Error("wrong-kind", At(path, "level"),
                      {"only what is to be done so often can be advised", "只有规定次数的规则才能是建议性的"},
                      {"leave it out", "请删去"}, rule.id());
    }
  }

  void CheckSize(const v1::SizeOfSample& size, const std::string& path) {
    const auto check = [&](bool has, const char* key, const v1::Decimal& value, std::int64_t low,
                           std::int64_t high, bool low_in, bool high_in, const char* range) {
      if (has) RequireWithin(value, low, high, low_in, high_in, range, At(path, key));
    };
    const std::int64_t one = Decimal::kOne;
    check(size.has_z(), "z", size.z(), 0, 10 * one, false, true, "(0, 10]");
    check(size.has_margin(), "margin", size.margin(), 0, one, false, true, "(0, 1]");
    check(size.has_share(), "share", size.share(), 0, one, false, false, "(0, 1)");
    check(size.has_design_effect(), "design_effect", size.design_effect(), 0, 100 * one, false, true,
          "(0, 100]");
    check(size.has_response_rate(), "response_rate", size.response_rate(), one / 1000, one, true, true,
          "[0.001, 1]");
  }

  void CheckMonths(int months, const std::string& path) {
    if (months < 1 || months > kMostMonths)
      BadRange(At(path, "months"), std::to_string(months), "[1, " + std::to_string(kMostMonths) + "]");
  }
  void CheckTimes(int least, const std::string& path) {
    if (least < 1 || least > kMostTimes)
      BadRange(At(path, "least"), std::to_string(least), "[1, " + std::to_string(kMostTimes) + "]");
  }

  template <typename Texts>
  void CheckTwice(const Texts& names, const std::string& path) {
    std::set<std::string> seen;
    for (int i = 0; i < names.size(); ++i) {
      if (seen.insert(names[i]).second) continue;
      std::string at = path;
      AppendIndex(static_cast<std::size_t>(i), &at);
      findings_.Error("duplicate-name", at, {Quoted(names[i]) + " stands twice", Quoted(names[i]) + " 重复"},
                      {"keep one of them", "请只保留一个"}, names[i]);
    }
  }

  // What the rule says would be under the same name twice.
  template <typename Texts>
  void CheckTaken(const Texts& names, const std::string& path,
                  std::initializer_list<std::string_view> taken) {
    for (int i = 0; i < names.size(); ++i) {
      if (std::find(taken.begin(), taken.end(), names[i]) == taken.end()) continue;
      std::string at = path;
      AppendIndex(static_cast<std::size_t>(i), &at);
      findings_.Error("duplicate-name", at,
                      {Quoted(names[i]) + " is the name of a figure of the rule itself",
                       Quoted(names[i]) + " 是该规则自身一项结果的名称"},
                      {"take another name", "请换一个名称"}, names[i]);
    }
  }

  void RequireWithin(const v1::Decimal& value, std::int64_t low, std::int64_t high, bool low_in, bool high_in,
                     const std::string& range, const std::string& path) {
    const std::int64_t micros = value.micros();
    if ((low_in ? micros >= low : micros > low) && (high_in ? micros <= high : micros < high)) return;
    BadRange(path, ToModel(value).ToString(), range);
  }
  void BadRange(const std::string& path, const std::string& value, const std::string& range) {
    findings_.Error("bad-range", path, {value + " is not within " + range, value + " 不在范围内：" + range},
                    {"write a number within " + range, "请写 " + range + " 之内的数"}, value);
  }

  const v1::Sampling& sampling_;
  Findings& findings_;
};

}  // namespace

void CheckSampling(const PolicyIndex& index, Findings* findings) {
  SamplingCheck(index.message().sampling(), findings).Run();
}

}  // namespace csat::policy
