#include <cmath>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/card_range.h"
#include "policy/check_steps.h"
#include "policy/model_words.h"

namespace csat::policy {
namespace {

std::string Text(const v1::Decimal& decimal) { return ToModel(decimal).ToString(); }
std::string Text(Position position) { return Decimal::FromMicros(position / 2).ToString(); }
std::string TextOfPoints(RawPoints points) {
  return Decimal::FromMicros(std::llround(points * 1e6)).ToString();
}

class FunctionCheck {
 public:
  FunctionCheck(const MetricFacts& facts, const v1::Indicator& indicator, std::string path,
                Findings* findings)
      : facts_(facts), indicator_(indicator), path_(std::move(path)), findings_(*findings) {}

  void Run(CardRanges* ranges) {
    const size_t before = findings_.errors();
    CheckForm();
    if (findings_.errors() != before || indicator_.max_points().micros() <= 0) return;
    if (facts_.text) return CheckLookupRange();
    const ScoreFunction* function = ranges->FunctionOf(indicator_);
    if (function == nullptr) return;
    const Region& region = indicator_.has_each() ? facts_.event : facts_.figure;
    if (!region.empty()) CheckShape(*function, region);
  }

 private:
  std::string ScorePath(const char* form) const { return At(path_ + ".score", form); }

  void CheckPoints(const v1::Decimal& points, std::string path) {
    if (points.micros() >= 0 && points.micros() <= indicator_.max_points().micros()) return;
    findings_.Error("points-out-of-range", std::move(path),
                    {Text(points) + " points lie outside [0, " + Text(indicator_.max_points()) +
                         "] of indicator " + Quoted(indicator_.id()),
                     Text(points) + " 分不在指标项 " + Quoted(indicator_.id()) + " 的 [0, " +
                         Text(indicator_.max_points()) + "] 之内"},
                    {"change the points or max_points", "请修改分值或 max_points"}, Text(points));
  }

  void RequirePositive(const v1::Decimal& value, std::string path) {
    if (value.micros() > 0) return;
    findings_.Error("not-positive", std::move(path),
                    {Text(value) + " is not above 0", Text(value) + " 不大于 0"},
                    {"write a number above 0", "请写大于 0 的数"}, Text(value));
  }

  void OrderFault(const char* code, std::string path, const v1::Decimal& at, const std::string& before) {
    findings_.Error(
        code, std::move(path),
        {Text(at) + " is not above the one before, " + before, Text(at) + " 不大于前一个 " + before},
        {"write them in rising order, each once", "请按升序书写，每个只写一次"}, Text(at));
  }

  void CheckForm() {
    const v1::ScoreFunction& score = indicator_.score();
    switch (score.form_case()) {
      case v1::ScoreFunction::kLinear: {
        const v1::Linear& linear = score.linear();
        CheckPoints(linear.from().points(), ScorePath("linear") + ".from.points");
        CheckPoints(linear.to().points(), ScorePath("linear") + ".to.points");
        if (linear.from().at().micros() == linear.to().at().micros()) {
          findings_.Error(
              "anchor-order", ScorePath("linear"),
              {"both anchors stand at " + Text(linear.to().at()), "两个锚点都在 " + Text(linear.to().at())},
              {"place them at two figures", "请把它们放在两个不同的值上"}, Text(linear.to().at()));
        }
        break;
      }
      case v1::ScoreFunction::kPiecewise: {
        const auto& anchors = score.piecewise().anchors();
        if (anchors.size() < 2) {
          findings_.Error("empty-list", ScorePath("piecewise"),
                          {"1 anchor; 2 are the least", "只有 1 个锚点，至少要 2 个"},
                          {"write two anchors or more", "请写两个以上锚点"}, "anchors");
        }
        for (int i = 0; i < anchors.size(); ++i) {
          const std::string at = At(ScorePath("piecewise"), "anchors", i);
          CheckPoints(anchors[i].points(), At(at, "points"));
          if (i > 0 && anchors[i].at().micros() <= anchors[i - 1].at().micros())
            OrderFault("anchor-order", at, anchors[i].at(), Text(anchors[i - 1].at()));
        }
        break;
      }
      case v1::ScoreFunction::kBands: {
        const auto& bands = score.bands().bands();
        for (int i = 0; i < bands.size(); ++i) {
          const std::string at = At(ScorePath("bands"), "bands", i);
          CheckPoints(bands[i].points(), At(at, "points"));
          if (i > 0 && bands[i].from().micros() <= bands[i - 1].from().micros())
            OrderFault("band-order", at, bands[i].from(), Text(bands[i - 1].from()));
        }
        break;
      }
      case v1::ScoreFunction::kStepDeduction: {
        const v1::StepDeduction& steps = score.step_deduction();
        RequirePositive(steps.step(), ScorePath("step_deduction") + ".step");
        RequirePositive(steps.loss_per_step(), ScorePath("step_deduction") + ".loss_per_step");
        CheckPoints(steps.full_points(), ScorePath("step_deduction") + ".full_points");
        if (steps.floor_points().micros() < 0 ||
            steps.floor_points().micros() > steps.full_points().micros()) {
          findings_.Error("points-out-of-range", ScorePath("step_deduction") + ".floor_points",
                          {"floor_points " + Text(steps.floor_points()) + " lie outside [0, " +
                               Text(steps.full_points()) + "]",
                           "floor_points " + Text(steps.floor_points()) + " 不在 [0, " +
                               Text(steps.full_points()) + "] 之内"},
                          {"write a floor from 0 to full_points", "请写 0 至 full_points 之间的下限"},
                          Text(steps.floor_points()));
        }
        break;
      }
      case v1::ScoreFunction::kShareOfTarget:
        RequirePositive(score.share_of_target().target(), ScorePath("share_of_target") + ".target");
        CheckPoints(score.share_of_target().full_points(), ScorePath("share_of_target") + ".full_points");
        break;
      case v1::ScoreFunction::kLikert: CheckLikert(); break;
      case v1::ScoreFunction::kLookup:
        for (int i = 0; i < score.lookup().entries_size(); ++i) {
          CheckPoints(score.lookup().entries(i).points(), At(ScorePath("lookup"), "entries", i) + ".points");
        }
        break;
      case v1::ScoreFunction::FORM_NOT_SET: CheckDirect(); break;
    }
  }

  void CheckLikert() {
    const std::string path = ScorePath("likert");
    if (facts_.scale == nullptr) {
      if (!facts_.metric->scale().empty()) return;  // unknown-scale
      findings_.Error(
          "scale-absent", path,
          {"metric " + Quoted(facts_.metric->id()) + " has no scale whose ranks could be converted",
           "指标 " + Quoted(facts_.metric->id()) + " 没有可换算等级的量表"},
          {"name a scale in the metric, or use another score function",
           "请在指标中写明量表，或改用其他计分函数"},
          facts_.metric->id());
      return;
    }
    const v1::Scale& scale = *facts_.scale;
    if (indicator_.score().likert().conversion() == v1::Likert::OF_MAX &&
        (scale.min().micros() < 0 || scale.max().micros() <= 0)) {
      findings_.Error("bad-range", path,
                      {"OF_MAX divides by the highest rank, and scale " + Quoted(scale.id()) + " runs from " +
                           Text(scale.min()) + " to " + Text(scale.max()),
                       "OF_MAX 以最高等级为除数，而量表 " + Quoted(scale.id()) + " 为 " + Text(scale.min()) +
                           " 至 " + Text(scale.max())},
                      {"use MIN_MAX", "请用 MIN_MAX"}, Text(scale.min()));
    }
    if (indicator_.score().likert().conversion() != v1::Likert::LABEL_TABLE) return;
    if (!scale.integer()) {
      findings_.Error(
          "wrong-kind", path,
          {"LABEL_TABLE asks for whole ranks, and scale " + Quoted(scale.id()) + " takes any number",
           "LABEL_TABLE 需要整数等级，而量表 " + Quoted(scale.id()) + " 可取任意数"},
          {"write \"integer\": true in the scale", "请在量表中写 \"integer\": true"}, scale.id());
      return;
    }
    std::set<std::int64_t> with_points;
    for (const v1::Scale::Label& label : scale.labels()) {
      if (!label.has_points()) continue;
      with_points.insert(label.rank());
      CheckPoints(label.points(), path);
    }
    for (std::int64_t rank = scale.min().micros() / Decimal::kOne;
         rank <= scale.max().micros() / Decimal::kOne; ++rank) {
      if (with_points.count(rank) != 0) continue;
      findings_.Error("label-points-absent", path,
                      {"rank " + std::to_string(rank) + " of scale " + Quoted(scale.id()) + " has no points",
                       "量表 " + Quoted(scale.id()) + " 的等级 " + std::to_string(rank) + " 没有分值"},
                      {"write 'points' at each label of the scale", "请为量表的每个等级写“points”"},
                      std::to_string(rank));
      break;
    }
  }

  void CheckDirect() {
    if (facts_.text) return;  // wrong-kind
    const Region& region = indicator_.has_each() ? facts_.event : facts_.figure;
    if (region.low >= 0 && region.high <= PositionOf(indicator_.max_points().micros())) return;
    const bool below = region.low < 0;
    const Position end = below ? region.low : region.high;
    const std::string witness = end == kLowest ? "-1"
                                : end == kHighest
                                    ? Text(PositionOf(indicator_.max_points().micros() + Decimal::kOne))
                                    : Text(end);
    findings_.Error(
        "score-absent", path_,
        {"without 'score' the figure is the points, and metric " + Quoted(facts_.metric->id()) +
             " runs over " + ToText(region) + ", outside [0, " + Text(indicator_.max_points()) + "]",
         "没有“score”时数值即分值，而指标 " + Quoted(facts_.metric->id()) + " 的范围 " + ToText(region) +
             " 超出 [0, " + Text(indicator_.max_points()) + "]"},
        {"write a score function, or give the metric a min and a max", "请写计分函数，或为指标写 min 和 max"},
        witness);
  }

  void CheckLookupRange() {
    const v1::Lookup& lookup = indicator_.score().lookup();
    RawPoints low = ToModel(indicator_.max_points()).ToDouble(), high = 0;
    for (const v1::Lookup::Entry& entry : lookup.entries()) {
      const RawPoints points = ToModel(entry.points()).ToDouble();
      low = std::min(low, points);
      high = std::max(high, points);
    }
    ReportRange({low, high}, lookup.entries_size() < 2);
  }

  // One of the two at most: a function that gives one value falls short of the rest by itself.
  void ReportRange(PointRange range, bool single) {
    if (!single && range.high - range.low <= kPointSlack) {
      findings_.Warning(
          "score-constant", At(path_, "score"),
          {"every figure of metric " + Quoted(facts_.metric->id()) + " gets " + TextOfPoints(range.low) +
               " points",
           "指标 " + Quoted(facts_.metric->id()) + " 的任何值都得 " + TextOfPoints(range.low) + " 分"},
          {"let the points depend on the figure; check its unit and range",
           "请让分值随数值变化；并核对其单位和范围"},
          TextOfPoints(range.low));
    } else if (range.high < ToModel(indicator_.max_points()).ToDouble() - kPointSlack) {
      findings_.Warning("max-points-unreachable", At(path_, "score"),
                        {"no figure of metric " + Quoted(facts_.metric->id()) + " gets more than " +
                             TextOfPoints(range.high) + " of " + Text(indicator_.max_points()) + " points",
                         "指标 " + Quoted(facts_.metric->id()) + " 最多只能得 " + TextOfPoints(range.high) +
                             " 分，满分为 " + Text(indicator_.max_points())},
                        {"let the best figure get max_points", "请让最好的值得到 max_points"},
                        TextOfPoints(range.high));
    }
  }

  void CheckShape(const ScoreFunction& function, const Region& region) {
    if (facts_.direction != Direction::kNeutral) {
      const bool higher = facts_.direction == Direction::kHigherIsBetter;
      if (const std::optional<WrongTurn> turn = FindTurn(function, region, !higher)) {
        const std::string from = Text(turn->from), to = Text(turn->to);
        const std::string from_points = TextOfPoints(PointsAt(function, turn->from)),
                          to_points = TextOfPoints(PointsAt(function, turn->to));
        findings_.Error(
            "score-decreases", At(path_, "score"),
            {std::string(higher ? "higher" : "lower") + " is better for metric " +
                 Quoted(facts_.metric->id()) + ", yet " + from + " gets " + from_points + " points and " +
                 to + " gets " + to_points,
             "指标 " + Quoted(facts_.metric->id()) + (higher ? " 越高越好" : " 越低越好") + "，但 " + from +
                 " 得 " + from_points + " 分，" + to + " 得 " + to_points + " 分"},
            {"turn the function round, or correct the metric's direction",
             "请反转计分函数，或更正指标的方向"},
            to);
        return;
      }
    }
    const bool spread = indicator_.has_each() && (indicator_.each().kind() == v1::Aggregate::SUM ||
                                                  indicator_.each().kind() == v1::Aggregate::COUNT ||
                                                  indicator_.each().kind() == v1::Aggregate::SHARE);
    if (!spread) ReportRange(RangeOf(function, region), region.single());
  }

  const MetricFacts& facts_;
  const v1::Indicator& indicator_;
  const std::string path_;
  Findings& findings_;
};

}  // namespace

void CheckScoreFunctions(const PolicyIndex& index, CardRanges* ranges, Findings* findings) {
  for (int i = 0; i < index.message().scorecards_size(); ++i) {
    std::string path = At("", "scorecards", i) + ".indicators";
    WalkIndicators(index.message().scorecards(i).indicators(), &path,
                   [&](const v1::Indicator& indicator, const std::string& place) {
                     if (indicator.form_case() != v1::Indicator::kMetric) return;
                     const MetricFacts* facts = index.FindMetric(indicator.metric());
                     if (facts != nullptr) FunctionCheck(*facts, indicator, place, findings).Run(ranges);
                   });
  }
}

}  // namespace csat::policy
