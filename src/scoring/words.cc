#include "csat/scoring/words.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scoring/compiled_plan.h"

namespace csat {
namespace {

using Kind = LedgerLine::Kind;
using Basis = LedgerLine::Basis;

// The name of anything with an id in a scorecard.
class Names {
 public:
  Names(const Scorecard& card, std::string_view language) : card_(card), language_(language) {}

  std::string Indicator(std::string_view id) const {
    const csat::Indicator* found = Find(card_.indicators, id);
    return found == nullptr ? std::string(id) : In(found->label, id);
  }
  std::string Veto(std::string_view id) const {
    for (const csat::Veto& veto : card_.vetoes) {
      if (veto.id == id) return In(veto.label, id);
    }
    return Indicator(id);
  }
  std::string Cap(std::string_view id) const {
    for (const csat::Cap& cap : card_.caps) {
      if (cap.id == id) return In(cap.label, id);
    }
    return std::string(id);
  }
  std::string Bonus(std::string_view id) const {
    if (card_.bonus.has_value()) {
      for (const csat::Bonus::Source& source : card_.bonus->sources) {
        if (source.id == id) return In(source.label, id);
      }
    }
    return std::string(id);
  }
  std::string Grade(std::string_view id) const {
    if (card_.grading.has_value()) {
      for (const GradeBand& band : card_.grading->bands) {
        if (band.id == id) return In(band.label, id);
      }
    }
    return std::string(id);
  }
  std::string Level(std::string_view indicator, int level) const {
    const csat::Indicator* found = Find(card_.indicators, indicator);
    if (found == nullptr || !found->levels.has_value() || level < 0) return {};
    const GradeBand& band = found->levels->bands[static_cast<std::size_t>(level)];
    return In(band.label, band.id);
  }
  std::string Profile(std::string_view id) const {
    for (const csat::Profile& profile : card_.profiles) {
      if (profile.id == id) return In(profile.label, id);
    }
    return std::string(id);
  }
  std::string Card() const { return In(card_.label, card_.id); }

 private:
  static const csat::Indicator* Find(const std::vector<csat::Indicator>& indicators, std::string_view id) {
    for (const csat::Indicator& indicator : indicators) {
      if (indicator.id == id) return &indicator;
      if (const auto* children = std::get_if<FromChildren>(&indicator.form)) {
        if (const csat::Indicator* found = Find(children->indicators, id); found != nullptr) return found;
      }
    }
    return nullptr;
  }
  std::string In(const Label& label, std::string_view otherwise) const {
    return std::string(label.In(language_, otherwise));
  }

  const Scorecard& card_;
  std::string_view language_;
};

std::string Signed(Points amount) { return absl::StrCat(amount < Points() ? "" : "+", amount.ToString()); }

class Writer {
 public:
  Writer(const Plan& plan, const Score& score, std::string_view language)
      : plan_(plan), score_(score), zh_(language == "zh"), names_(*plan.scorecard(), language) {}

  std::string Write() {
    Headline();
    for (const LedgerLine& line : score_.ledger) Line(line);
    Reasons();
    return std::move(out_);
  }

 private:
  std::string Say(std::string_view en, std::string_view zh) const { return std::string(zh_ ? zh : en); }
  void End() { out_ += "\n"; }

  void Headline() {
    const Summary& summary = score_.summary;
    absl::StrAppend(&out_, names_.Card(), Say(": ", "："));
    switch (summary.outcome) {
      case Outcome::kScored: absl::StrAppend(&out_, summary.score.ToString(2), Say(" points", " 分")); break;
      case Outcome::kVetoed:
        absl::StrAppend(&out_, summary.score.ToString(2), Say(" points, vetoed", " 分（一票否决）"));
        break;
      case Outcome::kInsufficient:
        absl::StrAppend(&out_, Say("not enough data: ", "数据不足："), Refusal());
        break;
      case Outcome::kRefused: absl::StrAppend(&out_, Say("refused: ", "不予评分："), Refusal()); break;
    }
    if (!score_.grade.empty())
      absl::StrAppend(&out_, Say(", grade ", "，等级："), names_.Grade(score_.grade));
    if (!score_.profile.empty())
      absl::StrAppend(&out_, Say(" (profile ", "（岗位："), names_.Profile(score_.profile), Say(")", "）"));
    End();
    if (summary.outcome == Outcome::kVetoed && summary.has_base) {
      absl::StrAppend(&out_, Say("Without the veto it would be ", "若无否决，得分为 "),
                      summary.without_veto.ToString(2), Say(" points.", " 分。"));
      End();
    }
    for (const std::string_view band : score_.failed_conditions) {
      absl::StrAppend(&out_, Say("The score reaches '", "分数已达到“"), names_.Grade(band),
                      Say("', but its condition is not met.", "”，但未满足其条件。"));
      End();
    }
  }

  std::string Refusal() const {
    const std::string& reason = plan_.reasons()[static_cast<std::size_t>(score_.summary.reason)];
    if (!zh_) return score_.refusal;
    const std::size_t colon = reason.find(':');
    const std::string_view id =
        colon == std::string::npos ? std::string_view() : std::string_view(reason).substr(colon + 1);
    if (reason == "min_answers") return "有效答卷数不足";
    if (reason == "profile") return "未指明岗位或岗位未知";
    if (reason.rfind("unknown:", 0) == 0) return absl::StrCat("否决项“", names_.Veto(id), "”缺少数据");
    return absl::StrCat("指标“", names_.Indicator(id), "”缺少数据");
  }

  void Line(const LedgerLine& line) {
    out_.append(2 + 2 * static_cast<std::size_t>(line.depth), ' ');
    switch (line.kind) {
      case Kind::kIndicator: Indicator(line); break;
      case Kind::kRounding: absl::StrAppend(&out_, Say("rounding", "舍入"), " ", Signed(line.amount)); break;
      case Kind::kBonus:
        absl::StrAppend(&out_, Say("bonus ", "加分项 "), names_.Bonus(line.id), " ", Signed(line.amount));
        if (line.basis == Basis::kLeftOut) out_ += Say(" (no figure, no bonus)", "（无数据，不加分）");
        break;
      case Kind::kBonusCap:
        absl::StrAppend(&out_, Say("cap on all bonuses ", "加分上限 "), Signed(line.amount));
        break;
      case Kind::kScale:
        absl::StrAppend(&out_, Say("top of the scale ", "满分封顶 "), Signed(line.amount));
        break;
      case Kind::kCap:
        absl::StrAppend(&out_, Say("cap ", "封顶 "), names_.Cap(line.id), " ", Signed(line.amount),
                        line.binding ? "" : Say(" (did not bind)", "（未起作用）"));
        break;
      case Kind::kVeto:
        absl::StrAppend(&out_, Say("veto ", "否决 "), names_.Veto(line.id), " ", Signed(line.amount));
        if (line.basis != Basis::kGiven) out_ += Say(" (its figure is missing)", "（缺少数据）");
        if (!line.binding) out_ += Say(" (did not bind)", "（未起作用）");
        break;
    }
    End();
  }

  void Indicator(const LedgerLine& line) {
    absl::StrAppend(&out_, names_.Indicator(line.id), Say(": ", "："));
    switch (line.basis) {
      case Basis::kLeftOut:
        out_ += Say("no figure, left out and its weight shared out", "无数据，剔除并重新分配权重");
        return;
      case Basis::kRefused: out_ += Say("no figure, so no score", "无数据，不予评分"); return;
      case Basis::kInsufficient:
        out_ += Say("no figure, not enough for a score", "无数据，不足以评分");
        return;
      case Basis::kWorst: out_ += Say("no figure, counted as worst; ", "无数据，按最差计；"); break;
      case Basis::kLastKnown: out_ += Say("last known figure; ", "沿用最近数据；"); break;
      case Basis::kVetoed: out_ += Say("vetoed; ", "被否决；"); break;
      case Basis::kGiven: break;
    }
    if (line.has_value) absl::StrAppend(&out_, line.value.ToString(), Say(" -> ", " → "));
    absl::StrAppend(&out_, line.points.ToString(), Say(" of ", " / "), line.max_points.ToString());
    if (line.gated) out_ += Say(", held down by its gate", "，受条件限制封顶");
    if (line.level >= 0) absl::StrAppend(&out_, Say(", ", "，"), names_.Level(line.id, line.level));
    if (line.weight_sum > Decimal()) {
      absl::StrAppend(&out_, Say(", weight ", "，权重 "), line.weight.ToString(), Say(" of ", " / "),
                      line.weight_sum.ToString());
    }
    absl::StrAppend(&out_, Say(": ", "："), Signed(line.amount));
  }

  void Reasons() {
    if (score_.reasons.empty()) return;
    out_ += Say("Most points lost on: ", "失分最多：");
    const std::size_t shown = std::min<std::size_t>(score_.reasons.size(), 3);
    for (std::size_t i = 0; i < shown; ++i) {
      absl::StrAppend(&out_, i == 0 ? "" : Say(", ", "、"), names_.Indicator(score_.reasons[i].id), " (",
                      score_.reasons[i].lost.ToString(2), ")");
    }
    End();
  }

  const Plan& plan_;
  const Score& score_;
  const bool zh_;
  const Names names_;
  std::string out_;
};

}  // namespace

std::string InWords(const Plan& plan, const Score& score, std::string_view language) {
  return plan.scorecard() == nullptr ? std::string() : Writer(plan, score, language).Write();
}

}  // namespace csat
