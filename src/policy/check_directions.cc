// Whether vetoes, caps, gates and targets look the way their metrics do. A metric without a direction is NEUTRAL and
// has no wrong side.
#include <string>
#include <string_view>

#include "policy/check_steps.h"
#include "policy/model_words.h"

namespace csat::policy {
namespace {

std::string Text(const v1::Decimal& decimal) { return ToModel(decimal).ToString(); }

// The side of a figure on which a comparison holds.
enum class Side { kNone, kBetter, kWorse };

Side Opposite(Side side) {
  if (side == Side::kNone) return side;
  return side == Side::kBetter ? Side::kWorse : Side::kBetter;
}

// kNone: of equality, and of figures without a direction.
Side SideOf(v1::Comparison::Op op, Direction direction) {
  if (direction == Direction::kNeutral) return Side::kNone;
  const bool higher = direction == Direction::kHigherIsBetter;
  switch (op) {
    case v1::Comparison::GE:
    case v1::Comparison::GT: return higher ? Side::kBetter : Side::kWorse;
    case v1::Comparison::LE:
    case v1::Comparison::LT: return higher ? Side::kWorse : Side::kBetter;
    default: return Side::kNone;
  }
}

// What the comparisons of a condition, or of a part of it, have in common.
struct Sides {
  bool better = false, worse = false, equal = false;
  const v1::Comparison* first_better = nullptr;  // The first on the better side, and the first on the worse.
  const v1::Comparison* first_worse = nullptr;
  bool only(Side side) const {
    return !equal && (side == Side::kBetter ? better && !worse : worse && !better);
  }
};

class DirectionCheck {
 public:
  DirectionCheck(const PolicyIndex& index, Findings* findings) : index_(index), findings_(*findings) {}

  void Run() {
    for (int i = 0; i < index_.message().scorecards_size(); ++i) {
      const v1::Scorecard& card = index_.message().scorecards(i);
      const std::string path = At("", "scorecards", i);
      for (int j = 0; j < card.vetoes_size(); ++j) {
        const v1::Veto& veto = card.vetoes(j);
        Refuse("veto-on-better-side", veto.when(), Side::kBetter, At(At(path, "vetoes", j), "when"),
               {"veto " + Quoted(veto.id()) + " fires where", "否决 " + Quoted(veto.id()) + " 在"}, "触发");
      }
      for (int j = 0; j < card.caps_size(); ++j) {
        const v1::Cap& cap = card.caps(j);
        Refuse(
            "cap-on-better-side", cap.when(), Side::kBetter, At(At(path, "caps", j), "when"),
            {"cap " + Quoted(cap.id()) + " holds the score down where", "封顶 " + Quoted(cap.id()) + " 在"},
            "压低分数");
      }
      std::string list = path + ".indicators";
      WalkIndicators(card.indicators(), &list, [&](const v1::Indicator& one, const std::string& place) {
        if (!one.has_gate()) return;
        Refuse("gate-on-worse-side", one.gate().when(), Side::kWorse, At(At(place, "gate"), "when"),
               {"the gate of " + Quoted(one.id()) + " opens where", Quoted(one.id()) + " 的门槛在"}, "放行");
      });
    }
    for (int i = 0; i < index_.message().targets_size(); ++i)
      CheckTarget(index_.message().targets(i), At("", "targets", i));
  }

 private:
  void Collect(const v1::Predicate& part, bool negated, Sides* sides) const {
    switch (part.form_case()) {
      case v1::Predicate::kAll:
        for (const v1::Predicate& one : part.all().of()) Collect(one, negated, sides);
        break;
      case v1::Predicate::kAny:
        for (const v1::Predicate& one : part.any().of()) Collect(one, negated, sides);
        break;
      case v1::Predicate::kNot: Collect(part.not_(), !negated, sides); break;
      case v1::Predicate::kCompare: {
        const v1::Comparison& compare = part.compare();
        const MetricFacts* facts = index_.FindMetric(compare.metric());
        if (facts == nullptr || facts->text || facts->direction == Direction::kNeutral) break;
        Side side = SideOf(compare.op(), facts->direction);
        if (negated) side = Opposite(side);
        if (side == Side::kNone) sides->equal = true;
        if (side == Side::kBetter && !sides->better) sides->first_better = &compare;
        if (side == Side::kWorse && !sides->worse) sides->first_worse = &compare;
        sides->better |= side == Side::kBetter;
        sides->worse |= side == Side::kWorse;
        break;
      }
      case v1::Predicate::kAnswered:
      case v1::Predicate::kAtLeast:
      case v1::Predicate::FORM_NOT_SET: break;
    }
  }

  // Looks for a part that alone makes the condition true and has comparisons on `wrong` only: words and figures
  // without a direction only choose among records, and one comparison on the right side makes it a range.
  const v1::Comparison* FindWrong(const v1::Predicate& part, bool negated, Side wrong) const {
    if (part.form_case() == v1::Predicate::kNot) return FindWrong(part.not_(), !negated, wrong);
    if (part.form_case() == (negated ? v1::Predicate::kAll : v1::Predicate::kAny)) {
      for (const v1::Predicate& one : (negated ? part.all() : part.any()).of()) {
        if (const v1::Comparison* found = FindWrong(one, negated, wrong); found != nullptr) return found;
      }
      return nullptr;
    }
    Sides sides;
    Collect(part, negated, &sides);
    if (!sides.only(wrong)) return nullptr;
    return wrong == Side::kBetter ? sides.first_better : sides.first_worse;
  }

  // The end of the range on `side` if it has one; else `value`.
  static std::string EndOf(const MetricFacts& facts, Side side, const v1::Decimal& value) {
    const bool high = (facts.direction == Direction::kHigherIsBetter) == (side == Side::kBetter);
    const Position end = high ? facts.figure.high : facts.figure.low;
    if (facts.figure.empty() || (high ? end == kHighest : end == kLowest)) return Text(value);
    return Decimal::FromMicros(end / 2).ToString();
  }

  static std::string WordOf(Direction direction) {
    return direction == Direction::kHigherIsBetter ? "HIGHER_IS_BETTER" : "LOWER_IS_BETTER";
  }

  void Refuse(const char* code, const v1::Predicate& when, Side wrong, std::string path,
              const Findings::Words& who, const std::string& does_zh) {
    const v1::Comparison* found = FindWrong(when, false, wrong);
    if (found == nullptr) return;
    const Verdict verdict = JudgeWithFigures(when, index_);
    if (!verdict.can_be_true || !verdict.can_be_false) return;  // veto-never-fires and the like
    const MetricFacts& facts = *index_.FindMetric(found->metric());
    const bool better = wrong == Side::kBetter;
    findings_.Warning(code, std::move(path),
                      {who.en + " " + found->metric() + " is on the " + (better ? "better" : "worse") +
                           " side of " + Text(found->value()) + ": the metric is " + WordOf(facts.direction),
                       who.zh + " " + found->metric() + " " + (better ? "优于 " : "劣于 ") +
                           Text(found->value()) + " 时" + does_zh + "：该指标为 " + WordOf(facts.direction)},
                      {"turn the comparison round, or correct the metric's direction",
                       "请改变比较的方向，或更正指标的方向"},
                      EndOf(facts, wrong, found->value()));
  }

  // Another target on the same figure that looks the other way makes the two a corridor.
  bool IsCorridor(const v1::Target& target, Direction direction) const {
    for (const v1::Target& other : index_.message().targets()) {
      if (other.of_case() == target.of_case() && other.metric() == target.metric() &&
          other.scorecard() == target.scorecard() && other.has_value() && !other.disabled() &&
          SideOf(other.op(), direction) == Side::kBetter)
        return true;
    }
    return false;
  }

  void CheckTarget(const v1::Target& target, const std::string& path) {
    if (!target.has_value() || target.disabled()) return;
    Direction direction = Direction::kHigherIsBetter;
    std::string of = target.scorecard(), worst = "0";
    if (target.of_case() == v1::Target::kMetric) {
      const MetricFacts* facts = index_.FindMetric(target.metric());
      if (facts == nullptr || facts->text) return;
      direction = facts->direction;
      of = target.metric();
      worst = EndOf(*facts, Side::kWorse, target.value());
    }
    if (SideOf(target.op(), direction) != Side::kWorse || IsCorridor(target, direction)) return;
    findings_.Warning("target-on-worse-side", At(path, "op"),
                      {"target " + Quoted(target.id()) + " is met where " + of + " is on the worse side of " +
                           Text(target.value()) + ": the figure is " + WordOf(direction),
                       "目标 " + Quoted(target.id()) + " 在 " + of + " 劣于 " + Text(target.value()) +
                           " 时即算达到：该数值为 " + WordOf(direction)},
                      {"turn the comparison round, or correct the metric's direction",
                       "请改变比较的方向，或更正指标的方向"},
                      worst);
  }

  const PolicyIndex& index_;
  Findings& findings_;
};

}  // namespace

void CheckDirections(const PolicyIndex& index, Findings* findings) { DirectionCheck(index, findings).Run(); }

}  // namespace csat::policy
