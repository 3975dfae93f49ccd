#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "policy/check_steps.h"
#include "policy/model_words.h"

namespace csat::policy {
namespace {

std::string Text(const v1::Decimal& decimal) { return ToModel(decimal).ToString(); }
double Number(const v1::Decimal& decimal) { return ToModel(decimal).ToDouble(); }
std::string TextOf(double number) {
  return Decimal::FromMicros(std::llround(std::min(number, 9e12) * 1e6)).ToString();
}

class OverrideCheck {
 public:
  OverrideCheck(const PolicyIndex& index, const v1::Scorecard& card, std::string path, CardRanges* ranges,
                Findings* findings)
      : index_(index), card_(card), path_(std::move(path)), ranges_(*ranges), findings_(*findings) {}

  void Run() {
    std::string list = path_ + ".indicators";
    WalkIndicators(card_.indicators(), &list,
                   [this](const v1::Indicator& indicator, const std::string& place) {
                     max_points_.emplace(indicator.id(), &indicator.max_points());
                     if (indicator.has_gate()) CheckGate(indicator, At(place, "gate"));
                   });
    if (card_.has_bonus()) CheckBonus();
    const std::optional<PointRange> reach = ranges_.BeforeCaps(card_, Box(index_));
    for (int i = 0; i < card_.caps_size(); ++i) CheckCap(card_.caps(i), At(path_, "caps", i), reach);
    for (int i = 0; i < card_.vetoes_size(); ++i) CheckVeto(card_.vetoes(i), At(path_, "vetoes", i));
  }

 private:
  bool CheckWithin(const v1::Decimal& value, const v1::Decimal& max, std::string path) {
    if (value.micros() >= 0 && value.micros() <= max.micros()) return true;
    findings_.Error("points-out-of-range", std::move(path),
                    {Text(value) + " lies outside [0, " + Text(max) + "]",
                     Text(value) + " 不在 [0, " + Text(max) + "] 之内"},
                    {"keep it within the scale", "请写在量程之内"}, Text(value));
    return false;
  }

  void CheckVeto(const v1::Veto& veto, const std::string& path) {
    const v1::Decimal* max = &card_.max_score();
    if (veto.scope() == v1::Veto::INDICATOR) {
      const auto found = max_points_.find(veto.indicator());
      if (found != max_points_.end()) max = found->second;
    } else if (!veto.indicator().empty()) {
      findings_.Warning(
          "no-effect", At(path, "indicator"),
          {"'indicator' means nothing but for the scope INDICATOR", "“indicator”只对 INDICATOR 有意义"},
          {"take it out, or write the scope INDICATOR", "请删去，或把 scope 写为 INDICATOR"}, "indicator");
    }
    const bool caps = veto.effect_case() == v1::Veto::kCapAt;
    const v1::Decimal& effect = caps ? veto.cap_at() : veto.set_to();
    const std::string at = At(path, caps ? "cap_at" : "set_to");
    if (CheckWithin(effect, *max, at) && effect.micros() == max->micros()) {
      findings_.Warning(
          "veto-never-binds", at,
          {"veto " + Quoted(veto.id()) + (caps ? " caps at" : " sets") + " the maximum, " + Text(*max),
           "否决 " + Quoted(veto.id()) + (caps ? " 的上限等于最高分 " : " 设定的就是最高分 ") + Text(*max)},
          {caps ? "cap below the maximum" : "set what a vetoed score is worth, such as 0",
           caps ? "上限应低于最高分" : "请写被否决后的分数，如 0"},
          Text(*max));
    }
    const Verdict verdict = JudgeWithFigures(veto.when(), index_);
    if (!verdict.can_be_true) {
      findings_.Error(
          "veto-never-fires", At(path, "when"),
          {"veto " + Quoted(veto.id()) + " can never fire", "否决 " + Quoted(veto.id()) + " 永远不会触发"},
          {"correct the condition: compare with values that the metrics can have",
           "请更正条件：与指标可能取到的值比较"},
          verdict.false_example);
    } else if (!verdict.can_be_false) {
      findings_.Error(
          "veto-always-fires", At(path, "when"),
          {"veto " + Quoted(veto.id()) + " always fires", "否决 " + Quoted(veto.id()) + " 总会触发"},
          {"correct the condition: leave figures on which it does not hold",
           "请更正条件：应有使其不成立的数据"},
          verdict.true_example);
    }
  }

  void CheckCap(const v1::Cap& cap, const std::string& path, const std::optional<PointRange>& reach) {
    if (CheckWithin(cap.max_score(), card_.max_score(), At(path, "max_score")) && reach.has_value() &&
        Number(cap.max_score()) >= reach->high + kPointSlack / 4) {
      ReportCannotBind(cap, path, reach->high);
    } else if (cap.max_score().micros() == card_.max_score().micros()) {
      ReportCannotBind(cap, path, Number(card_.max_score()));
    }
    const Verdict verdict = JudgeWithFigures(cap.when(), index_);
    if (!verdict.can_be_true) {
      findings_.Warning("cap-never-binds", At(path, "when"),
                        {"the condition of cap " + Quoted(cap.id()) + " never holds",
                         "封顶 " + Quoted(cap.id()) + " 的条件永远不成立"},
                        {"correct the condition, or take the cap out", "请更正条件，或删去该封顶"},
                        verdict.false_example);
    } else if (!verdict.can_be_false) {
      findings_.Warning("cap-always-applies", At(path, "when"),
                        {"the condition of cap " + Quoted(cap.id()) + " always holds",
                         "封顶 " + Quoted(cap.id()) + " 的条件总是成立"},
                        {"correct the condition, or lower max_score of the scorecard",
                         "请更正条件，或降低计分卡的 max_score"},
                        verdict.true_example);
    }
  }

  void ReportCannotBind(const v1::Cap& cap, const std::string& path, double most) {
    findings_.Warning("cap-never-binds", At(path, "max_score"),
                      {"cap " + Quoted(cap.id()) + " at " + Text(cap.max_score()) +
                           " never binds: no score is above " + TextOf(most),
                       "封顶 " + Quoted(cap.id()) + " 为 " + Text(cap.max_score()) +
                           "，永远不起作用：分数最高为 " + TextOf(most)},
                      {"cap below what can be reached", "封顶应低于可达到的分数"}, TextOf(most));
  }

  void CheckGate(const v1::Indicator& indicator, const std::string& path) {
    const v1::Gate& gate = indicator.gate();
    const std::optional<PointRange> reach = ranges_.BeforeGate(card_, indicator);
    if (CheckWithin(gate.cap_points(), indicator.max_points(), At(path, "cap_points")) && reach.has_value() &&
        Number(gate.cap_points()) >= reach->high - kPointSlack / 4) {
      findings_.Warning("gate-never-binds", At(path, "cap_points"),
                        {"the gate of indicator " + Quoted(indicator.id()) + " caps at " +
                             Text(gate.cap_points()) + ", and no points are above " + TextOf(reach->high),
                         "指标项 " + Quoted(indicator.id()) + " 的门槛封顶为 " + Text(gate.cap_points()) +
                             "，而分值最高为 " + TextOf(reach->high)},
                        {"cap below what can be reached", "封顶应低于可达到的分值"}, TextOf(reach->high));
    }
    const Verdict verdict = JudgeWithFigures(gate.when(), index_);
    if (!verdict.can_be_true) {
      findings_.Warning("gate-never-met", At(path, "when"),
                        {"the gate of indicator " + Quoted(indicator.id()) + " is never met",
                         "指标项 " + Quoted(indicator.id()) + " 的门槛永远达不到"},
                        {"correct the condition", "请更正条件"}, verdict.false_example);
    } else if (!verdict.can_be_false) {
      findings_.Warning(
          "gate-always-met", At(path, "when"),
          {"the gate of indicator " + Quoted(indicator.id()) + " is always met where its figures are there",
           "只要数据齐全，指标项 " + Quoted(indicator.id()) + " 的门槛总能达到"},
          {"correct the condition, or take the gate out", "请更正条件，或删去门槛"}, verdict.true_example);
    }
  }

  void CheckBonus() {
    const v1::Bonus& bonus = card_.bonus();
    const std::string path = path_ + ".bonus";
    double sum = 0;
    for (int i = 0; i < bonus.sources_size(); ++i) {
      const v1::Bonus::Source& source = bonus.sources(i);
      const std::string at = At(path, "sources", i);
      CheckSource(source, at);
      sum += MostOf(source, index_);
    }
    if (bonus.cap().micros() <= 0) {
      findings_.Error("bonus-never-counts", At(path, "cap"),
                      {"the cap " + Text(bonus.cap()) + " of the bonus is not above 0",
                       "加分上限 " + Text(bonus.cap()) + " 不大于 0"},
                      {"write a cap above 0, or take the bonus out", "请写大于 0 的上限，或删去加分"},
                      Text(bonus.cap()));
    } else if (sum > 0 && sum <= Number(bonus.cap())) {
      findings_.Warning(
          "bonus-never-binds", At(path, "cap"),
          {"the cap " + Text(bonus.cap()) + " of the bonus never binds: its sources give " + TextOf(sum) +
               " at most",
           "加分上限 " + Text(bonus.cap()) + " 永远不起作用：各来源合计最多 " + TextOf(sum)},
          {"lower the cap, or raise what the sources can give", "请降低上限，或提高各来源的上限"},
          TextOf(sum));
    }
  }

  void CheckSource(const v1::Bonus::Source& source, const std::string& path) {
    const v1::Bonus& bonus = card_.bonus();
    const MetricFacts* facts = index_.FindMetric(source.metric());
    const MetricFacts* excluding = index_.FindMetric(source.excluding());
    if (facts != nullptr && excluding != nullptr && facts->metric->unit() != excluding->metric->unit()) {
      findings_.Error(
          "unit-mismatch", At(path, "excluding"),
          {"metric " + Quoted(source.excluding()) + " in " + Quoted(excluding->metric->unit()) +
               " is taken from " + Quoted(source.metric()) + " in " + Quoted(facts->metric->unit()),
           "从单位为 " + Quoted(facts->metric->unit()) + " 的 " + Quoted(source.metric()) + " 中扣除单位为 " +
               Quoted(excluding->metric->unit()) + " 的 " + Quoted(source.excluding())},
          {"name two metrics of one unit", "请使用单位相同的两个指标"}, excluding->metric->unit());
    }
    if (source.each().micros() < 0) {
      findings_.Error("bonus-negative", At(path, "each"),
                      {"each " + Text(source.each()) + " is below 0, and a bonus raises the score",
                       "each " + Text(source.each()) + " 小于 0，而加分只会提高得分"},
                      {"write a number above 0; a loss is an indicator's or a cap's",
                       "请写大于 0 的数；扣分应由指标项或封顶表示"},
                      Text(source.each()));
      return;
    }
    if (source.has_cap() && source.cap().micros() < 0) {
      findings_.Error(
          "bonus-negative", At(path, "cap"),
          {"the cap " + Text(source.cap()) + " is below 0", "上限 " + Text(source.cap()) + " 小于 0"},
          {"write a cap above 0", "请写大于 0 的上限"}, Text(source.cap()));
      return;
    }
    if (MostOf(source, index_) <= 0) {
      const std::string at = source.each().micros() == 0                      ? At(path, "each")
                             : source.has_cap() && source.cap().micros() == 0 ? At(path, "cap")
                                                                              : path;
      findings_.Warning("bonus-never-counts", at,
                        {"bonus source " + Quoted(source.id()) + " never gives anything",
                         "加分来源 " + Quoted(source.id()) + " 永远不会加分"},
                        {"check 'each', the cap and the metric's range", "请核对“each”、上限和指标范围"},
                        "0");
      return;
    }
    if (!source.has_cap() || facts == nullptr) return;
    // Copied into an object that is whole: a copy constructor that runs out of memory leaves what it took so far.
    v1::Bonus::Source uncapped;
    uncapped.CopyFrom(source);
    uncapped.clear_cap();
    const double most = MostOf(uncapped, index_);
    if (most < Number(source.cap())) {
      findings_.Warning("bonus-never-binds", At(path, "cap"),
                        {"the cap " + Text(source.cap()) + " of bonus source " + Quoted(source.id()) +
                             " never binds: it gives " + TextOf(most) + " at most",
                         "加分来源 " + Quoted(source.id()) + " 的上限 " + Text(source.cap()) +
                             " 永远不起作用：最多 " + TextOf(most)},
                        {"lower the cap, or take it out", "请降低或删去上限"}, TextOf(most));
    } else if (source.cap().micros() > bonus.cap().micros() && bonus.cap().micros() > 0) {
      findings_.Warning("bonus-never-binds", At(path, "cap"),
                        {"the cap " + Text(source.cap()) + " of bonus source " + Quoted(source.id()) +
                             " never binds: all sources together are capped at " + Text(bonus.cap()),
                         "加分来源 " + Quoted(source.id()) + " 的上限 " + Text(source.cap()) +
                             " 永远不起作用：合计上限为 " + Text(bonus.cap())},
                        {"lower the cap, or take it out", "请降低或删去上限"}, Text(bonus.cap()));
    }
  }

  const PolicyIndex& index_;
  const v1::Scorecard& card_;
  const std::string path_;
  CardRanges& ranges_;
  Findings& findings_;
  std::map<std::string_view, const v1::Decimal*> max_points_;  // By indicator.
};

}  // namespace

void CheckOverrides(const PolicyIndex& index, CardRanges* ranges, Findings* findings) {
  for (int i = 0; i < index.message().scorecards_size(); ++i) {
    OverrideCheck(index, index.message().scorecards(i), At("", "scorecards", i), ranges, findings).Run();
  }
}

}  // namespace csat::policy
