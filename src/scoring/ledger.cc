#include "scoring/ledger.h"

#include <algorithm>

#include "csat/model/unit.h"

namespace csat {
namespace {

class LedgerWriter {
 public:
  LedgerWriter(const CompiledPlan& plan, const CompiledCard& card, const Record& record, const Draft& draft,
               Score* score)
      : plan_(plan), card_(card), record_(record), draft_(draft), score_(*score) {}

  absl::Status Write() {
    // Indicators, one line for rounding, and the lines of bonus, scale, caps and vetoes.
    score_.ledger.reserve(2 * card_.indicators.size() + card_.bonus.size() + card_.caps.size() +
                          card_.vetoes.size() + 4);
    Points sum;
    if (absl::Status status = WriteGroup(card_.root, draft_.profile, draft_.has_base, draft_.base, 0, &sum);
        !status.ok()) {
      return status;
    }
    if (draft_.has_base) {
      WriteBonus();
      Write(LedgerLine::Kind::kScale, "", draft_.after_scale - draft_.after_bonus);
      WriteCaps();
    }
    WriteVetoes();
    return absl::OkStatus();
  }

 private:
  // A line that is only written when it changed something.
  void Write(LedgerLine::Kind kind, std::string_view id, Points amount, int depth = 0) {
    if (amount == Points()) return;
    LedgerLine line;
    line.kind = kind;
    line.id = id;
    line.amount = amount;
    line.depth = static_cast<std::int8_t>(depth);
    score_.ledger.push_back(line);
  }

  absl::Status WriteGroup(const CompiledGroup& group, int profile, bool counted, Points total, int depth,
                          Points* sum) {
    const std::vector<Decimal> unknown(profile < 0 ? group.children.size() : 0);
    const std::vector<Decimal>& declared =
        profile < 0 ? unknown : group.declared[static_cast<std::size_t>(profile)];
    Decimal weight_sum;
    for (std::size_t i = 0; i < group.children.size(); ++i) {
      if (ResultOf(group.children[i]).state == IndicatorResult::State::kPoints)
        weight_sum = weight_sum + declared[i];
    }
    for (std::size_t i = 0; i < group.children.size(); ++i) {
      const CompiledIndicator& compiled = card_.indicators[static_cast<std::size_t>(group.children[i])];
      const IndicatorResult& result = ResultOf(group.children[i]);
      const bool has_points = result.state == IndicatorResult::State::kPoints;
      LedgerLine line;
      line.id = compiled.indicator->id;
      line.depth = static_cast<std::int8_t>(std::min(depth, 127));
      line.basis = result.basis;
      line.gated = result.gated;
      line.has_value = result.has_value;
      line.value = result.value;
      line.points = result.points;
      line.max_points = compiled.indicator->max_points;
      if (group.combine == Combine::kWeightedMean && has_points) {
        line.weight = declared[i];
        line.weight_sum = weight_sum;
      }
      if (has_points && !compiled.levels.bands.empty()) {
        int level = -1;
        if (absl::Status status =
                ChooseBand(plan_, card_, compiled.levels, result.points, record_, &level, nullptr);
            !status.ok())
          return status;
        line.level = static_cast<std::int16_t>(level);
      }
      if (counted) line.amount = Contribution(group, profile, draft_.indicators, i);
      *sum = *sum + line.amount;
      score_.ledger.push_back(line);
      if (compiled.kind == CompiledIndicator::Kind::kGroup) {
        // What the children give together, and what the gate or a veto made of it.
        Points combined, inner;
        const bool plain = has_points && !IsRefused(compiled.group) &&
                           CombinePoints(compiled.group, 0, draft_.indicators, &combined);
        if (absl::Status status = WriteGroup(compiled.group, 0, plain, combined, depth + 1, &inner);
            !status.ok())
          return status;
        const bool vetoed = result.basis == LedgerLine::Basis::kVetoed;
        if (has_points)
          Write(vetoed ? LedgerLine::Kind::kVeto : LedgerLine::Kind::kCap, line.id, result.points - combined,
                depth + 1);
      }
    }
    if (counted) Write(LedgerLine::Kind::kRounding, "", total - *sum, depth);
    return absl::OkStatus();
  }

  void WriteBonus() {
    Points sum;
    for (std::size_t i = 0; i < draft_.bonus.size(); ++i) {
      LedgerLine line;
      line.kind = LedgerLine::Kind::kBonus;
      line.basis = draft_.bonus[i].missing ? LedgerLine::Basis::kLeftOut : LedgerLine::Basis::kGiven;
      line.id = card_.bonus[i].source->id;
      line.amount = draft_.bonus[i].points;
      score_.ledger.push_back(line);
      sum = sum + line.amount;
    }
    Write(LedgerLine::Kind::kBonusCap, "", draft_.bonus_total - draft_.bonus_sum);
    Write(LedgerLine::Kind::kRounding, "", draft_.bonus_sum - sum);
  }

  void WriteCaps() {
    Points score = draft_.after_scale;
    for (std::size_t i = 0; i < draft_.caps.size(); ++i) {
      if (!draft_.caps[i].fired) continue;
      LedgerLine line;
      line.kind = LedgerLine::Kind::kCap;
      line.id = card_.caps[i].cap->id;
      line.binding = draft_.caps[i].binding;
      if (line.binding) {
        line.amount = card_.caps[i].cap->max_score - score;
        score = card_.caps[i].cap->max_score;
      }
      score_.ledger.push_back(line);
    }
  }

  void WriteVetoes() {
    const bool decided =
        score_.summary.outcome == Outcome::kVetoed || score_.summary.outcome == Outcome::kScored;
    Points score = draft_.has_base ? draft_.after_caps : Points();
    for (std::size_t i = 0; i < draft_.vetoes.size(); ++i) {
      if (!draft_.vetoes[i].fired && !draft_.vetoes[i].unknown) continue;
      LedgerLine line;
      line.kind = LedgerLine::Kind::kVeto;
      line.id = card_.vetoes[i].veto->id;
      line.basis = BasisOf(card_.vetoes[i], draft_.vetoes[i]);
      line.binding = draft_.vetoes[i].fired ? decided && draft_.vetoes[i].binding
                                            : !decided && draft_.reason == card_.vetoes[i].unknown_reason;
      if (decided && line.binding && card_.vetoes[i].indicator < 0) {
        const Points after = draft_.has_base ? std::min(score, card_.vetoes[i].veto->value) : draft_.score;
        line.amount = after - score;
        score = after;
      }
      score_.ledger.push_back(line);
    }
    if (draft_.indicator_veto < 0) return;
    LedgerLine line;
    line.kind = LedgerLine::Kind::kVeto;
    line.basis = LedgerLine::Basis::kVetoed;
    line.id = card_.indicators[static_cast<std::size_t>(draft_.indicator_veto)].indicator->id;
    line.amount = draft_.score - score;
    score_.ledger.push_back(line);
  }

  static LedgerLine::Basis BasisOf(const CompiledVeto& veto, const Firing& firing) {
    if (!firing.unknown) return LedgerLine::Basis::kGiven;
    if (firing.fired) return LedgerLine::Basis::kVetoed;
    return veto.veto->missing == MissingRule::kInsufficient ? LedgerLine::Basis::kInsufficient
                                                            : LedgerLine::Basis::kRefused;
  }

  // Whether the missing rule of a part decides for the whole group.
  bool IsRefused(const CompiledGroup& group) const {
    return std::any_of(group.children.begin(), group.children.end(), [this](int child) {
      const IndicatorResult::State state = ResultOf(child).state;
      return state != IndicatorResult::State::kPoints && state != IndicatorResult::State::kLeftOut;
    });
  }

  const IndicatorResult& ResultOf(int index) const {
    return draft_.indicators[static_cast<std::size_t>(index)];
  }

  const CompiledPlan& plan_;
  const CompiledCard& card_;
  const Record& record_;
  const Draft& draft_;
  Score& score_;
};

}  // namespace

absl::Status WriteLedger(const CompiledPlan& plan, const CompiledCard& card, const Record& record,
                         const Draft& draft, Score* score) {
  return LedgerWriter(plan, card, record, draft, score).Write();
}

Points LostOn(const CompiledCard& card, Draft* draft, std::size_t i) {
  const CompiledGroup& root = card.root;
  const std::size_t at = static_cast<std::size_t>(root.children[i]);
  IndicatorResult& result = draft->indicators[at];
  if (result.state != IndicatorResult::State::kPoints || root.combine != Combine::kWeightedMean)
    return Points();
  const Points own = result.points, contribution = Contribution(root, draft->profile, draft->indicators, i);
  result.points = card.indicators[at].indicator->max_points;
  const Points lost = Contribution(root, draft->profile, draft->indicators, i) - contribution;
  result.points = own;
  return lost;
}

std::vector<Reason> RankReasons(const CompiledCard& card, Draft* draft) {
  std::vector<Reason> reasons;
  if (!draft->has_base) return reasons;
  for (std::size_t i = 0; i < card.root.children.size(); ++i) {
    const Points lost = LostOn(card, draft, i);
    if (lost > Points())
      reasons.push_back(
          {card.indicators[static_cast<std::size_t>(card.root.children[i])].indicator->id, lost});
  }
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const Reason& a, const Reason& b) { return a.lost > b.lost; });
  return reasons;
}

std::string ShowFigure(const Metric& metric, const Figure& figure) {
  const std::optional<Ratio> ratio = Ratio::Create(figure.numerator, figure.denominator);
  return ShownInUnit(*ratio, metric.unit);
}

}  // namespace csat
