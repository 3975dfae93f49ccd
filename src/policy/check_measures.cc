#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "policy/check_steps.h"
#include "policy/condition.h"
#include "policy/message_walk.h"
#include "policy/model_words.h"

namespace csat::policy {
namespace {

// Steps of a metric that an aggregate holds, either side of 0; and those of which it keeps a count for each.
constexpr std::int64_t kMostSteps = std::int64_t{1} << 40;
constexpr std::int64_t kMostCounted = 250;

// A metric as aggregates keep it: whole steps of 10^-places.
struct Steps {
  int places = 6;
  bool bounded = false;
  std::int64_t low = 0, high = 0;  // Bounded: of the range.
};

std::int64_t PowerOfTen(int exponent) {
  std::int64_t power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

Steps StepsOf(const MetricFacts& facts) {
  Steps steps;
  const v1::Metric& metric = *facts.metric;
  if (metric.has_decimal_places()) {
    steps.places = metric.decimal_places();
  } else if (facts.scale != nullptr && facts.scale->integer()) {
    steps.places = 0;
  }
  const bool has_low = metric.has_min() || facts.scale != nullptr;
  const bool has_high = metric.has_max() || facts.scale != nullptr;
  steps.bounded = has_low && has_high;
  if (steps.places > kDecimalPlaces) return steps;
  const std::int64_t unit = PowerOfTen(kDecimalPlaces - steps.places);
  if (has_low) steps.low = (metric.has_min() ? metric.min() : facts.scale->min()).micros() / unit;
  if (has_high) steps.high = (metric.has_max() ? metric.max() : facts.scale->max()).micros() / unit;
  return steps;
}

class MeasureCheck {
 public:
  MeasureCheck(const PolicyIndex& index, Findings* findings) : index_(index), findings_(*findings) {}

  void Check(const v1::Measure& measure, const std::string& path) {
    if (findings_.full()) return;
    switch (measure.form_case()) {
      case v1::Measure::kShare:
        CheckCondition(measure, measure.share().of(), path + ".share.of", "share", "占比");
        break;
      case v1::Measure::kMean: CheckFigures(measure.mean().metric(), path + ".mean.metric"); break;
      case v1::Measure::kNps: CheckNps(measure.nps(), path + ".nps"); break;
      case v1::Measure::kSum: CheckFigures(measure.sum().metric(), path + ".sum.metric"); break;
      case v1::Measure::kQuantile: CheckQuantile(measure.quantile(), path + ".quantile"); break;
      case v1::Measure::kDeviation:
        CheckFigures(measure.deviation().metric(), path + ".deviation.metric");
        break;
      case v1::Measure::kCapability: CheckCapability(measure.capability(), path + ".capability"); break;
      case v1::Measure::kRatio:
        CheckTerms(measure.ratio().numerator(), path + ".ratio", "numerator");
        CheckTerms(measure.ratio().denominator(), path + ".ratio", "denominator");
        break;
      default: break;
    }
    if (measure.has_where()) CheckCondition(measure, measure.where(), At(path, "where"), "where", "范围");
    CheckSettings(measure, path);
  }

  // Outside of measures, what is missing has its rules; `path` is that of a part in which they hold.
  void RefuseForms(const google::protobuf::Message& part, std::string path) {
    WalkMessages(part, &path, [this](const google::protobuf::Message& at, const std::string& place) {
      if (at.GetDescriptor() != v1::Predicate::descriptor()) return;
      const v1::Predicate::FormCase form = static_cast<const v1::Predicate&>(at).form_case();
      if (form != v1::Predicate::kAnswered && form != v1::Predicate::kAtLeast) return;
      const std::string name = form == v1::Predicate::kAnswered ? "answered" : "at_least";
      findings_.Error("condition-not-allowed", At(place, name),
                      {"'" + name + "' does not stand in a scorecard", "计分卡中不能使用“" + name + "”"},
                      {"say by the missing rule what no figure means", "请用缺失规则说明没有数值时怎么办"},
                      name);
    });
  }

 private:
  void CheckCondition(const v1::Measure& measure, const v1::Predicate& condition, std::string path,
                      const std::string& what, const std::string& what_zh) {
    Box box(index_);
    const Truths truths = Judge(condition, index_, box);
    const Verdict verdict = JudgeWithFigures(condition, index_);
    const bool never = !truths.can_be_true || !verdict.can_be_true;
    // Of a share of answers, what is unknown does not count.
    const bool of_answers = &condition != &measure.where() && measure.base() != v1::Measure::RECORDS;
    const bool always =
        !truths.can_be_false && !verdict.can_be_false && (of_answers || !truths.can_be_unknown);
    if (!never && !always) return;
    findings_.Warning(never ? "measure-never-counts" : "measure-always-counts", std::move(path),
                      {"the condition of " + what + " of " + Quoted(measure.id()) +
                           (never ? " never holds" : " always holds"),
                       Quoted(measure.id()) + " 的" + what_zh + "条件" + (never ? "永远不成立" : "总是成立")},
                      {"correct the condition", "请更正条件"}, measure.id());
  }

  // The metric as steps; nullptr, passed over elsewhere: there is none such, or it is a word.
  const MetricFacts* CheckFigures(const std::string& id, std::string path) {
    const MetricFacts* facts = index_.FindMetric(id);
    if (facts == nullptr || facts->text) return nullptr;
    if (!facts->metric->has_number()) {
      findings_.Error(
          "wrong-kind", std::move(path),
          {"metric " + Quoted(id) + " is a " + (facts->metric->has_ratio() ? "ratio" : "list of events") +
               ": a measure counts finished figures, one of each record",
           "指标 " + Quoted(id) + " 是" + (facts->metric->has_ratio() ? "比率" : "事件列表") +
               "：度量只统计每条记录的一个数值"},
          {"name a metric of form 'number'", "请写形式为 number 的指标"}, id);
      return nullptr;
    }
    const Steps steps = StepsOf(*facts);
    if (steps.places > kDecimalPlaces || steps.low < -kMostSteps || steps.high > kMostSteps) {
      const std::string limit = std::to_string(kMostSteps), places = std::to_string(steps.places);
      findings_.Error(
          "too-large", std::move(path),
          {"metric " + Quoted(id) + " of " + places + " decimal places is more than " + limit +
               " steps from 0, or has more than 6 places",
           "指标 " + Quoted(id) + " 有 " + places + " 位小数，距 0 超过 " + limit + " 步，或超过 6 位"},
          {"declare fewer 'decimal_places' of the metric", "请为该指标声明较少的 decimal_places"}, id);
      return nullptr;
    }
    return facts;
  }

  void CheckNps(const v1::NetPromoterScore& nps, const std::string& path) {
    const MetricFacts* facts = CheckFigures(nps.metric(), path + ".metric");
    if (facts == nullptr) return;
    const Steps steps = StepsOf(*facts);
    if (steps.places != 0 || !steps.bounded || steps.low != 0 || steps.high != 10) {
      findings_.Error(
          "nps-scale", path + ".metric",
          {"metric " + Quoted(nps.metric()) + " does not run from 0 to 10 in whole numbers",
           "指标 " + Quoted(nps.metric()) + " 不是 0 到 10 的整数"},
          {"ask on a scale from 0 to 10, or measure a share", "请使用 0 到 10 的量表，或改用占比度量"},
          nps.metric());
    }
    const int promoters = nps.has_promoters_from() ? nps.promoters_from() : 9;
    const int detractors = nps.has_detractors_through() ? nps.detractors_through() : 6;
    if (detractors < 0 || promoters > 10 || promoters <= detractors) {
      const std::string text = std::to_string(detractors) + ", " + std::to_string(promoters);
      findings_.Error("nps-scale", path,
                      {"detractors through " + std::to_string(detractors) + " and promoters from " +
                           std::to_string(promoters) + " are not apart within 0 to 10",
                       "贬损者至 " + std::to_string(detractors) + " 与推荐者自 " + std::to_string(promoters) +
                           " 起在 0 到 10 内没有分开"},
                      {"as a rule 6 and 9", "通常为 6 和 9"}, text);
    }
  }

  void CheckQuantile(const v1::QuantileOf& quantile, const std::string& path) {
    const std::int64_t at = quantile.at().micros();
    if (at < 0 || at > Decimal::kOne) {
      const std::string text = ToModel(quantile.at()).ToString();
      findings_.Error("value-off-range", path + ".at",
                      {"quantile " + text + " lies outside [0, 1]", "分位 " + text + " 不在 [0, 1] 之内"},
                      {"0.5 is the median", "0.5 为中位数"}, text);
    }
    const MetricFacts* facts = CheckFigures(quantile.metric(), path + ".metric");
    if (facts == nullptr) return;
    const Steps steps = StepsOf(*facts);
    if (steps.bounded && steps.high - steps.low < kMostCounted) return;
    findings_.Error(
        "too-large", path + ".metric",
        {"metric " + Quoted(quantile.metric()) + " has more than " + std::to_string(kMostCounted) +
             " steps, the most of which a quantile is kept",
         "指标 " + Quoted(quantile.metric()) + " 超过 " + std::to_string(kMostCounted) + " 步，无法求分位"},
        {"declare its range, and coarser 'decimal_places'", "请声明其范围和较粗的 decimal_places"},
        quantile.metric());
  }

  void CheckCapability(const v1::CapabilityOf& capability, const std::string& path) {
    CheckFigures(capability.metric(), path + ".metric");
    if (!capability.has_lower() && !capability.has_upper()) {
      findings_.Error("missing-field", path, {"neither lower nor upper is given", "lower 和 upper 均未给出"},
                      {"write at least one of the limits", "请至少写出一个界限"}, "lower, upper");
    } else if (capability.has_lower() && capability.has_upper() &&
               capability.lower().micros() >= capability.upper().micros()) {
      findings_.Error("range-empty", path,
                      {"lower " + ToModel(capability.lower()).ToString() + " is not below upper " +
                           ToModel(capability.upper()).ToString(),
                       "lower " + ToModel(capability.lower()).ToString() + " 不小于 upper " +
                           ToModel(capability.upper()).ToString()},
                      {"exchange them", "请交换两者"}, ToModel(capability.lower()).ToString());
    }
  }

  template <typename Terms>
  void CheckTerms(const Terms& terms, const std::string& path, const char* key) {
    for (int i = 0; i < terms.size(); ++i) {
      if (terms[i].of_case() == v1::RatioOfSums::Term::kMetric)
        CheckFigures(terms[i].metric(), At(path, key, i) + ".metric");
    }
  }

  void CheckSettings(const v1::Measure& measure, const std::string& path) {
    const bool nps = measure.has_nps(), share = measure.has_share(), mean = measure.has_mean();
    if (measure.base() == v1::Measure::RECORDS && !share && !nps)
      NoEffect(At(path, "base"), "base", "only a share and a net promoter score have a base",
               "只有占比和净推荐值有基数");
    if (measure.min_answers() < 0) {
      const std::string text = std::to_string(measure.min_answers());
      findings_.Error("value-off-range", At(path, "min_answers"),
                      {"min_answers " + text + " is below 0", "min_answers " + text + " 小于 0"},
                      {"write the least number of answers", "请写最少答复数"}, text);
    }
    if (measure.weight().empty()) return;
    if (!share && !nps && !mean) {
      return NoEffect(At(path, "weight"), "weight", "only shares, means and net promoter scores are weighted",
                      "只有占比、均值和净推荐值可以加权");
    }
    const MetricFacts* facts = CheckFigures(measure.weight(), At(path, "weight"));
    if (facts == nullptr) return;
    const Steps steps = StepsOf(*facts);
    const MetricFacts* figures = mean ? index_.FindMetric(measure.mean().metric()) : nullptr;
    const Steps of = figures == nullptr || figures->text ? Steps{0, true, 0, 1} : StepsOf(*figures);
    const double most = std::max(-static_cast<double>(of.low), static_cast<double>(of.high));
    if (!steps.bounded || steps.low < 0 || !of.bounded ||
        static_cast<double>(steps.high) * std::max(1.0, most * most) > static_cast<double>(kMostSteps)) {
      findings_.Error(
          "weight-range", At(path, "weight"),
          {"metric " + Quoted(measure.weight()) + " is no weight here: it needs min 0 or more, a max, and " +
               "max times the square of the figure within " + std::to_string(kMostSteps) + " steps",
           "指标 " + Quoted(measure.weight()) +
               " 不能作权重：须有不小于 0 的 min、有 max，且 max 乘以数值平方在 " +
               std::to_string(kMostSteps) + " 步以内"},
          {"declare min, max and fewer 'decimal_places' of the weight",
           "请为权重声明 min、max 和较少的 decimal_places"},
          measure.weight());
    }
  }

  void NoEffect(std::string path, const std::string& key, const std::string& why, const std::string& why_zh) {
    findings_.Warning("no-effect", std::move(path), {"'" + key + "': " + why, "“" + key + "”：" + why_zh},
                      {"take it out", "请删去"}, key);
  }

  const PolicyIndex& index_;
  Findings& findings_;
};

}  // namespace

void CheckMeasures(const PolicyIndex& index, Findings* findings) {
  MeasureCheck check(index, findings);
  const v1::Policy& message = index.message();
  for (int i = 0; i < message.scorecards_size(); ++i)
    check.RefuseForms(message.scorecards(i), At("", "scorecards", i));
  for (int i = 0; i < message.measures_size(); ++i) check.Check(message.measures(i), At("", "measures", i));
  std::string path;
  WalkMessages(message, &path, [&](const google::protobuf::Message& at, const std::string& place) {
    if (at.GetDescriptor() != v1::AtLeast::descriptor()) return;
    const auto& some = static_cast<const v1::AtLeast&>(at);
    if (some.count() >= 1 && some.count() <= some.of_size()) return;
    const std::string text = std::to_string(some.count()), parts = std::to_string(some.of_size());
    findings->Error("value-off-range", At(place, "count"),
                    {"at least " + text + " of " + parts + " parts: not within 1 to " + parts,
                     "“至少 " + text + " 项”不在 1 到 " + parts + " 之内"},
                    {"write a number of parts", "请写部分的数目"}, text);
  });
}

}  // namespace csat::policy
