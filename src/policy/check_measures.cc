#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "csat/model/integers.h"
#include "policy/check_steps.h"
#include "policy/condition.h"
#include "policy/message_walk.h"
#include "policy/model_words.h"

namespace csat::policy {
namespace {

// Steps of a metric that an aggregate holds, either side of 0; and those of which it keeps a count for each.
constexpr std::int64_t kMostSteps = std::int64_t{1} << 40;
constexpr std::int64_t kMostCounted = 250;
// Of two conditions together; beyond, whether they share records is not looked for.
constexpr std::size_t kMostCells = 256;
// Pieces of a subgroup, as far as d2 is tabulated.
constexpr int kLeastPieces = 2, kMostPieces = 10;

// A metric as aggregates keep it: whole steps of 10^-places.
struct Steps {
  int places = 6;
  bool bounded = false;
  std::int64_t low = 0, high = 0;  // Bounded: of the range.
};

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

struct Range {
  Decimal low, high;
  std::string ToString() const { return "[" + low.ToString() + ", " + high.ToString() + "]"; }
};

class MeasureCheck {
 public:
  MeasureCheck(const PolicyIndex& index, Findings* findings) : index_(index), findings_(*findings) {
    for (int i = 0; i < index.message().measures_size(); ++i)
      places_.emplace(index.message().measures(i).id(), i);
  }

  void Check(int number) {
    if (findings_.full()) return;
    const v1::Measure& measure = index_.message().measures(number);
    const std::string path = At("", "measures", number);
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
      case v1::Measure::kCapability:
        CheckFigures(measure.capability().metric(), path + ".capability.metric");
        CheckLimits(measure.capability(), {measure.capability().metric()}, path + ".capability");
        break;
      case v1::Measure::kSubgroupCapability:
        CheckSubgroups(measure.subgroup_capability(), path + ".subgroup_capability");
        CheckLimits(
            measure.subgroup_capability(),
            {measure.subgroup_capability().metrics().begin(), measure.subgroup_capability().metrics().end()},
            path + ".subgroup_capability");
        break;
      case v1::Measure::kRatio:
        CheckTerms(measure.ratio().numerator(), path + ".ratio", "numerator");
        CheckTerms(measure.ratio().denominator(), path + ".ratio", "denominator");
        break;
      case v1::Measure::kProduct:
        CheckTwice(measure.product().measures(), path + ".product", "measures");
        break;
      case v1::Measure::kDifference: CheckDifference(number, path + ".difference"); break;
      default: break;
    }
    if (measure.has_where() && (measure.has_product() || measure.has_difference())) {
      NoEffect(At(path, "where"), "where", "products and differences are of whole measures",
               "乘积和差值只针对整个度量");
    }
    CheckTarget(measure, path);
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

  // A subgroup's sum, and its range or the differences of its pieces squared, are whole steps within the most there are.
  void CheckSubgroups(const v1::SubgroupCapabilityOf& capability, const std::string& path) {
    const int pieces = capability.metrics_size();
    if (pieces == 0) return;  // Found elsewhere.
    if (pieces < kLeastPieces || pieces > kMostPieces) {
      const std::string text = std::to_string(pieces), least = std::to_string(kLeastPieces),
                        most = std::to_string(kMostPieces);
      findings_.Error("value-off-range", path + ".metrics",
                      {"a subgroup of " + text + " pieces: not within " + least + " to " + most,
                       "子组有 " + text + " 件：不在 " + least + " 至 " + most + " 之内"},
                      {"name the metrics of its pieces", "请写出各件的指标"}, text);
      return;
    }
    if (CheckTwice(capability.metrics(), path, "metrics")) return;
    Steps all;
    for (int i = 0; i < pieces; ++i) {
      const MetricFacts* facts = CheckFigures(capability.metrics(i), At(path, "metrics", i));
      if (facts == nullptr) return;
      const Steps steps = StepsOf(*facts);
      if (i > 0 && steps.places != all.places) {
        findings_.Error("wrong-kind", At(path, "metrics", i),
                        {"metric " + Quoted(capability.metrics(i)) +
                             " has other decimal places than the first piece of the subgroup",
                         "指标 " + Quoted(capability.metrics(i)) + " 的小数位数与子组第一件不同"},
                        {"declare the same 'decimal_places'", "请声明相同的 decimal_places"},
                        capability.metrics(i));
        return;
      }
      all.low = i == 0 ? steps.low : std::min(all.low, steps.low);
      all.high = i == 0 ? steps.high : std::max(all.high, steps.high);
      all.places = steps.places;
      all.bounded = (i == 0 || all.bounded) && steps.bounded;
    }
    const double width = static_cast<double>(all.high) - static_cast<double>(all.low),
                 squares = pieces * pieces * width * width / 4;
    const double furthest = pieces * std::max(-static_cast<double>(all.low), static_cast<double>(all.high));
    const bool pooled = capability.within() == v1::SubgroupCapabilityOf::POOLED;
    if (all.bounded && std::max(furthest, pooled ? squares : width) <= static_cast<double>(kMostSteps))
      return;
    const std::string limit = std::to_string(kMostSteps);
    findings_.Error(
        "too-large", path + ".metrics",
        {"the pieces need min and max, so near that " +
             std::string(pooled ? "a quarter of the square of their number times their width"
                                : "their width and their sum") +
             " lies within " + limit + " steps",
         std::string("各件须有 min 和 max，且") + (pooled ? "件数与宽度之积的平方的四分之一" : "宽度与总和") +
             "在 " + limit + " 步以内"},
        {"declare min and max near the limits, and fewer 'decimal_places'",
         "请声明接近界限的 min 和 max，以及较少的 decimal_places"},
        std::to_string(pieces));
  }

  // Whether an id stands twice in a list.
  template <typename Ids>
  bool CheckTwice(const Ids& ids, const std::string& path, const char* key) {
    std::set<std::string_view> seen;
    for (int i = 0; i < ids.size(); ++i) {
      if (seen.insert(ids[i]).second) continue;
      findings_.Error("duplicate-name", At(path, key, i),
                      {Quoted(ids[i]) + " stands twice", Quoted(ids[i]) + " 重复"},
                      {"keep one of them", "请只保留一个"}, ids[i]);
      return true;
    }
    return false;
  }

  // What figures of all of `metrics` lie within; nullopt: no one knows.
  std::optional<Range> RangeOf(const std::vector<std::string>& metrics) const {
    std::optional<Range> range;
    for (const std::string& id : metrics) {
      const MetricFacts* facts = index_.FindMetric(id);
      if (facts == nullptr || facts->text) return std::nullopt;
      const Steps steps = StepsOf(*facts);
      if (!steps.bounded || steps.places > kDecimalPlaces) return std::nullopt;
      const std::int64_t unit = PowerOfTen(kDecimalPlaces - steps.places);
      const Range one = {Decimal::FromMicros(steps.low * unit), Decimal::FromMicros(steps.high * unit)};
      range = range.has_value() ? Range{std::min(range->low, one.low), std::max(range->high, one.high)} : one;
    }
    return range;
  }

  template <typename Capability>
  void CheckLimits(const Capability& capability, const std::vector<std::string>& metrics,
                   const std::string& path) {
    if (const std::optional<Range> range = RangeOf(metrics); range.has_value()) {
      const auto check = [&](const char* key, Decimal limit) {
        if (limit >= range->low && limit <= range->high) return;
        findings_.Warning(
            "limit-off-range", At(path, key),
            {std::string("the limit ") + key + " " + limit.ToString() + " lies outside " + range->ToString() +
                 ", where every figure lies",
             std::string("界限 ") + key + " " + limit.ToString() + " 在数值范围 " + range->ToString() +
                 " 之外"},
            {"correct the limit, or min and max of the metric", "请更正界限，或更正指标的 min 和 max"},
            limit.ToString());
      };
      if (capability.has_lower()) check("lower", ToModel(capability.lower()));
      if (capability.has_upper()) check("upper", ToModel(capability.upper()));
    }
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

  // The measure of that id before measure `number`; nullptr: there is none.
  const v1::Measure* FindBefore(const std::string& id, int number) const {
    const auto found = places_.find(id);
    return found == places_.end() || found->second >= number ? nullptr
                                                             : &index_.message().measures(found->second);
  }

  // The metrics of which a record has to have one to count; none: every record counts.
  static std::set<std::string> MetricsOf(const v1::Measure& measure) {
    std::set<std::string> metrics;
    const auto add = [&](const std::string& metric) { metrics.insert(metric); };
    if (measure.base() == v1::Measure::RECORDS) return metrics;
    switch (measure.form_case()) {
      case v1::Measure::kShare: WalkMetrics(measure.share().of(), add); break;
      case v1::Measure::kMean: add(measure.mean().metric()); break;
      case v1::Measure::kNps: add(measure.nps().metric()); break;
      case v1::Measure::kSum: add(measure.sum().metric()); break;
      case v1::Measure::kQuantile: add(measure.quantile().metric()); break;
      case v1::Measure::kDeviation: add(measure.deviation().metric()); break;
      case v1::Measure::kCapability: add(measure.capability().metric()); break;
      case v1::Measure::kSubgroupCapability:
        for (const std::string& metric : measure.subgroup_capability().metrics()) add(metric);
        break;
      case v1::Measure::kRatio:
        for (const auto* terms : {&measure.ratio().numerator(), &measure.ratio().denominator()}) {
          for (const v1::RatioOfSums::Term& term : *terms) {
            if (term.of_case() == v1::RatioOfSums::Term::kMetric) add(term.metric());
            if (term.of_case() == v1::RatioOfSums::Term::kCount) WalkMetrics(term.count(), add);
          }
        }
        break;
      case v1::Measure::kCount: WalkMetrics(measure.count().of(), add); break;
      default: break;
    }
    return metrics;
  }

  // A record that counts for both; nullopt: there is none, or it is not certain that there can be one.
  std::optional<std::string> RecordOfBoth(const v1::Measure& a, const v1::Measure& b) const {
    for (const v1::Measure* measure : {&a, &b}) {
      if (measure->has_product() || measure->has_difference()) return std::nullopt;
    }
    const std::set<std::string> of_a = MetricsOf(a), of_b = MetricsOf(b);
    const bool read_one = std::any_of(of_a.begin(), of_a.end(),
                                      [&](const std::string& metric) { return of_b.count(metric) > 0; });
    if (!read_one && !of_a.empty() && !of_b.empty()) return std::nullopt;
    std::vector<const v1::Predicate*> conditions;
    for (const v1::Measure* measure : {&a, &b}) {
      if (measure->has_where()) conditions.push_back(&measure->where());
    }
    if (conditions.empty()) return "any";
    std::optional<std::string> example;
    ForEachCell(index_, conditions, false, kMostCells, [&](const Box& box) {
      if (example.has_value()) return;
      for (const v1::Predicate* condition : conditions) {
        const Truths truths = Judge(*condition, index_, box);
        if (truths.can_be_false || truths.can_be_unknown) return;
      }
      example = box.Example(true);
    });
    return example;
  }

  void CheckIndependent(int number, const std::string& path) {
    const v1::DifferenceOf& difference = index_.message().measures(number).difference();
    const v1::Measure *left = FindBefore(difference.measure(), number),
                      *right = FindBefore(difference.minus(), number);
    if (left == nullptr || right == nullptr || left == right) return;
    const std::optional<std::string> record = RecordOfBoth(*left, *right);
    if (!record.has_value()) return;
    findings_.Warning(
        "records-shared", path + ".independent",
        {"a record can count for " + Quoted(left->id()) + " and for " + Quoted(right->id()) +
             ", for example " + *record,
         "有记录可同时计入 " + Quoted(left->id()) + " 和 " + Quoted(right->id()) + "，例如 " + *record},
        {"tell their records apart by 'where', or take out 'independent'",
         "请用 where 区分两者的记录，或删去 independent"},
        *record);
  }

  void CheckUnits(int number, const std::string& path) {
    const v1::DifferenceOf& difference = index_.message().measures(number).difference();
    const v1::Measure *left = FindBefore(difference.measure(), number),
                      *right = FindBefore(difference.minus(), number);
    if (left == nullptr || right == nullptr || left->unit().empty() || right->unit().empty() ||
        left->unit() == right->unit())
      return;
    findings_.Error("unit-mismatch", path + ".minus",
                    {"measure " + Quoted(left->id()) + " is in " + Quoted(left->unit()) + " and " +
                         Quoted(right->id()) + " in " + Quoted(right->unit()),
                     "度量 " + Quoted(left->id()) + " 的单位为 " + Quoted(left->unit()) + "，" +
                         Quoted(right->id()) + " 的单位为 " + Quoted(right->unit())},
                    {"name measures of one unit", "请写单位相同的度量"}, right->unit());
  }

  void CheckDifference(int number, const std::string& path) {
    const v1::DifferenceOf& difference = index_.message().measures(number).difference();
    CheckUnits(number, path);
    if (difference.independent() && difference.subtrahend_case() == v1::DifferenceOf::kMinusValue) {
      NoEffect(path + ".independent", "independent", "a value has no records", "数值没有记录");
    } else if (difference.independent() && difference.relative()) {
      NoEffect(path + ".independent", "independent", "a relative difference has no interval",
               "相对差值没有区间");
    } else if (difference.independent()) {
      CheckIndependent(number, path);
    }
    if (!difference.minus().empty() && difference.minus() == difference.measure()) {
      findings_.Error("compared-with-itself", path + ".minus",
                      {"measure " + Quoted(difference.measure()) + " less itself is always 0",
                       "度量 " + Quoted(difference.measure()) + " 减自身总为 0"},
                      {"name another measure", "请写另一个度量"}, difference.minus());
    }
    if (difference.relative() && difference.subtrahend_case() == v1::DifferenceOf::kMinusValue &&
        difference.minus_value().micros() <= 0) {
      const std::string text = ToModel(difference.minus_value()).ToString();
      findings_.Error("value-off-range", path + ".minus_value",
                      {"there is no share of " + text, "没有 " + text + " 的份额"},
                      {"write a value above 0", "请写大于 0 的数值"}, text);
    }
  }

  // What the figure lies within; nullopt: it has no ends.
  std::optional<Range> FigureRange(const v1::Measure& measure) const {
    if (measure.has_nps()) return Range{Decimal::FromInteger(-100), Decimal::FromInteger(100)};
    if (measure.has_share()) return Range{Decimal(), Decimal::FromInteger(1)};
    if (measure.has_mean()) return RangeOf({measure.mean().metric()});
    if (measure.has_quantile()) return RangeOf({measure.quantile().metric()});
    return std::nullopt;
  }

  // A target that the figure reaches always or never.
  void CheckTarget(const v1::Measure& measure, const std::string& path) {
    if (!measure.has_target()) return;
    const std::string text = ToModel(measure.target()).ToString();
    const bool higher = measure.direction() == v1::Measure::HIGHER_IS_BETTER,
               lower = measure.direction() == v1::Measure::LOWER_IS_BETTER;
    if (!higher && !lower) {
      findings_.Error("target-without-direction", At(path, "target"),
                      {"the target " + text + " of " + Quoted(measure.id()) + " has no direction",
                       Quoted(measure.id()) + " 的目标 " + text + " 没有方向"},
                      {"write direction HIGHER_IS_BETTER or LOWER_IS_BETTER",
                       "请写明 direction 为 HIGHER_IS_BETTER 或 LOWER_IS_BETTER"},
                      text);
      return;
    }
    const std::optional<Range> figures = FigureRange(measure);
    if (!figures.has_value()) return;
    const auto [low, high] = *figures;
    const Decimal target = ToModel(measure.target());
    const bool always = higher ? target <= low : target >= high,
               never = higher ? target > high : target < low;
    if (!always && !never) return;
    const std::string range = figures->ToString();
    findings_.Warning(always ? "target-always-met" : "target-never-met", At(path, "target"),
                      {"the target of " + Quoted(measure.id()) + (always ? " is always" : " can never be") +
                           " met: the figure lies in " + range,
                       Quoted(measure.id()) + " 的目标" + (always ? "总能达到" : "永远无法达到") +
                           "：数值在 " + range + " 之内"},
                      {"aim at a value within; a share is 0 to 1", "请设定范围之内的目标；占比为 0 到 1"},
                      text);
  }

  template <typename Terms>
  void CheckTerms(const Terms& terms, const std::string& path, const char* key) {
    std::set<std::string_view> seen;
    for (int i = 0; i < terms.size(); ++i) {
      if (terms[i].of_case() != v1::RatioOfSums::Term::kMetric) continue;
      CheckFigures(terms[i].metric(), At(path, key, i) + ".metric");
      if (seen.insert(terms[i].metric()).second) continue;
      findings_.Warning("ratio-terms", At(path, key, i),
                        {"metric " + Quoted(terms[i].metric()) + " stands twice in the " + key,
                         "指标 " + Quoted(terms[i].metric()) + " 在 " + key + " 中出现两次"},
                        {"keep one of them, with 'times' where it counts more than once",
                         "请只保留一个；如需多次计入，请写“times”"},
                        terms[i].metric());
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
  std::map<std::string_view, int> places_;  // By id, the first.
};

}  // namespace

void CheckMeasures(const PolicyIndex& index, Findings* findings) {
  MeasureCheck check(index, findings);
  const v1::Policy& message = index.message();
  for (int i = 0; i < message.scorecards_size(); ++i)
    check.RefuseForms(message.scorecards(i), At("", "scorecards", i));
  for (int i = 0; i < message.measures_size(); ++i) check.Check(i);
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
