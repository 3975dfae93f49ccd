#include <cmath>
#include <string>

#include "policy/check_steps.h"
#include "policy/message_walk.h"
#include "policy/model_words.h"

namespace csat::policy {
namespace {

std::string Text(const v1::Decimal& decimal) { return ToModel(decimal).ToString(); }

void CheckTarget(const v1::Target& target, const std::string& path, const PolicyIndex& index,
                 CardRanges* ranges, Findings* findings) {
  if (!target.has_value() || target.disabled()) return;
  Region region;
  if (target.of_case() == v1::Target::kMetric) {
    const MetricFacts* facts = index.FindMetric(target.metric());
    if (facts == nullptr || facts->text) return;
    region = facts->figure;
  } else {
    const v1::Scorecard* card = index.FindScorecard(target.scorecard());
    if (card == nullptr) return;
    const std::optional<PointRange> range = ranges->Published(*card);
    if (!range.has_value()) return;
    // Widened, so that nothing hangs on a rounding.
    const auto micros = [](RawPoints points) { return std::llround(points * 1e6); };
    region =
        Region::Of(std::max<std::int64_t>(0, micros(range->low - kPointSlack)),
                   std::min(card->max_score().micros(), std::int64_t{micros(range->high + kPointSlack)}));
  }
  if (region.empty()) return;
  const ComparisonOp op = ToModel(target.op());
  const std::int64_t value = target.value().micros();
  const Region met = region.Where(op, value);
  if (met.empty()) {
    findings->Warning(
        "target-never-met", At(path, "value"),
        {"target " + Quoted(target.id()) + " can never be met: the figure lies in " + ToText(region),
         "目标 " + Quoted(target.id()) + " 永远无法达到：数值在 " + ToText(region) + " 之内"},
        {"aim at a value that can be reached; check its unit", "请设定可达到的目标；并核对单位"},
        Text(target.value()));
  } else if (region.Where(Opposite(op), value).empty()) {
    findings->Warning(
        "target-always-met", At(path, "value"),
        {"target " + Quoted(target.id()) + " is always met: the figure lies in " + ToText(region),
         "目标 " + Quoted(target.id()) + " 总能达到：数值在 " + ToText(region) + " 之内"},
        {"aim at a value that can be missed; check its unit", "请设定可能达不到的目标；并核对单位"},
        Text(target.value()));
  }
}

}  // namespace

void CheckTargets(const PolicyIndex& index, CardRanges* ranges, Findings* findings) {
  for (int i = 0; i < index.message().targets_size(); ++i)
    CheckTarget(index.message().targets(i), At("", "targets", i), index, ranges, findings);
}

void CheckComparisons(const PolicyIndex& index, Findings* findings) {
  std::string path;
  WalkMessages(index.message(), &path, [&](const google::protobuf::Message& at, const std::string& place) {
    if (at.GetDescriptor() != v1::Comparison::descriptor()) return;
    const v1::Comparison& compare = static_cast<const v1::Comparison&>(at);
    const MetricFacts* facts = index.FindMetric(compare.metric());
    if (facts == nullptr || facts->text || compare.operand_case() != v1::Comparison::kValue ||
        facts->figure.empty())
      return;
    const Position value = PositionOf(compare.value().micros());
    if (value >= facts->figure.low && value <= facts->figure.high) return;
    const std::string text = Text(compare.value()), range = ToText(facts->figure);
    findings->Error("value-off-range", At(place, "value"),
                    {text + " lies outside " + range + ", the range of metric " + Quoted(compare.metric()),
                     text + " 不在指标 " + Quoted(compare.metric()) + " 的范围 " + range + " 之内"},
                    {"compare with a value that the figure can have; check its unit",
                     "请与该数值可能取到的值比较；并核对单位"},
                    text);
  });
}

}  // namespace csat::policy
