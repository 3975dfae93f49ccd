#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/card_range.h"
#include "policy/check_steps.h"
#include "policy/model_words.h"

namespace csat::policy {
namespace {

// Combinations of figures on which a condition is tried against its band, and the total of indicators looked at for
// it in one document.
constexpr size_t kMaxCells = 64;
constexpr size_t kMaxWork = 1'000'000;

// A scale on which a bound between 0 and 1 is more likely a share than points.
constexpr std::int64_t kLeastScaleOfShares = 10;

std::string Text(std::int64_t micros) { return Decimal::FromMicros(micros).ToString(); }

// Bounds on scores, as a function of what is assumed of the record.
using RangeUnder = std::function<std::optional<PointRange>(const Box&)>;

class GradingCheck {
 public:
  GradingCheck(const PolicyIndex& index, const v1::Grading& grading, const v1::Decimal& max, std::string path,
               Findings* findings)
      : index_(index), grading_(grading), max_(max.micros()), path_(std::move(path)), findings_(*findings) {}

  // `cost` is what one call of `range` looks at; `work` is what is left for the document.
  void Run(const RangeUnder& range, size_t cost, size_t* work) {
    if (!SettleStep()) return;
    const size_t before = findings_.errors();
    for (int i = 0; i < bands().size(); ++i) CheckBand(i);
    if (findings_.errors() == before) CheckOrder();
    if (findings_.errors() == before) CheckCover();
    const int last = bands().size() - 1;
    if (bands()[last].has_condition()) {
      findings_.Error(
          "band-gap", BandPath(last),
          {"the last band " + Quoted(bands()[last].id()) + " has a condition, and nothing to fall to",
           "最后一档 " + Quoted(bands()[last].id()) + " 带有条件，却没有更低的档可退"},
          {"add a band without a condition below it", "请在其下增加一个无条件的档"},
          Text(bands()[last].from().micros()));
    }
    if (findings_.errors() != before) return;
    CheckShares();
    CheckReach(range, cost, work);
  }

 private:
  using Bands = google::protobuf::RepeatedPtrField<v1::Grading::Band>;
  const Bands& bands() const { return grading_.bands(); }
  std::string BandPath(int i) const { return At(path_, "bands", i); }

  // Scores that bands tell apart are `step_` millionths from each other.
  bool SettleStep() {
    const int places = grading_.places();
    if (grading_.basis() != v1::Grading::ROUNDED) {
      if (places != 0)
        findings_.Warning("no-effect", At(path_, "places"),
                          {"'places' means nothing but for the basis ROUNDED", "“places”只对 ROUNDED 有意义"},
                          {"take it out, or write the basis ROUNDED", "请删去，或把 basis 写为 ROUNDED"},
                          "places");
      return true;
    }
    if (places < 0 || places > Decimal::kPlaces) {
      findings_.Error("bad-range", At(path_, "places"),
                      {"places " + std::to_string(places) + " lies outside [0, 6]",
                       "places " + std::to_string(places) + " 不在 [0, 6] 之内"},
                      {"write 0 to 6", "请写 0 至 6"}, std::to_string(places));
      return false;
    }
    for (int place = places; place < Decimal::kPlaces; ++place) step_ *= 10;
    return true;
  }

  void CheckBand(int i) {
    const v1::Grading::Band& band = bands()[i];
    const std::int64_t from = band.from().micros();
    const auto off_scale = [&](const char* field, std::int64_t value) {
      findings_.Error("band-off-scale", At(BandPath(i), field),
                      {std::string(field) + " " + Text(value) + " of band " + Quoted(band.id()) +
                           " lies outside [0, " + Text(max_) + "]",
                       "档 " + Quoted(band.id()) + " 的 " + field + " " + Text(value) + " 不在 [0, " +
                           Text(max_) + "] 之内"},
                      {"keep bands within the scale", "档应在量程之内"}, Text(value));
    };
    if (from < 0 || from > max_) off_scale("from", from);
    if (band.has_through() && band.through().micros() > max_) off_scale("through", band.through().micros());
    if (band.has_below() && band.below().micros() > max_ + step_) off_scale("below", band.below().micros());
    if (band.has_through() && band.has_below()) {
      findings_.Error("band-two-ends", BandPath(i),
                      {"band " + Quoted(band.id()) + " has both 'through' and 'below'",
                       "档 " + Quoted(band.id()) + " 同时写了“through”和“below”"},
                      {"keep one of them", "请只保留其一"}, band.id());
    } else if ((band.has_through() && band.through().micros() < from) ||
               (band.has_below() && band.below().micros() <= from)) {
      const std::string end = Text(band.has_through() ? band.through().micros() : band.below().micros());
      findings_.Error("band-empty", BandPath(i),
                      {"band " + Quoted(band.id()) + " begins at " + Text(from) + " and ends at " + end,
                       "档 " + Quoted(band.id()) + " 从 " + Text(from) + " 开始，却在 " + end + " 结束"},
                      {"let it end above where it begins", "上界应高于下界"}, Text(from));
    }
  }

  void CheckOrder() {
    for (int i = 1; i < bands().size(); ++i) {
      const std::int64_t better = bands()[i - 1].from().micros(), from = bands()[i].from().micros();
      if (from < better) continue;
      findings_.Error(
          "band-order", BandPath(i),
          {"band " + Quoted(bands()[i].id()) + " begins at " + Text(from) + ", not below " + Text(better) +
               " of the band before it",
           "档 " + Quoted(bands()[i].id()) + " 从 " + Text(from) + " 开始，不低于前一档的 " + Text(better)},
          {"write the best band first", "请从最好的档写起"}, Text(from));
      return;
    }
  }

  // Bounds such as 0.9 and 0.75 on a scale up to 100 are shares of it that were meant as its points: the best band
  // takes nearly every score.
  void CheckShares() {
    const std::int64_t best = bands()[0].from().micros();
    if (max_ < kLeastScaleOfShares * Decimal::kOne || best > Decimal::kOne) return;
    const bool shares = std::any_of(bands().begin(), bands().end(), [](const v1::Grading::Band& band) {
      return band.from().micros() > 0 && band.from().micros() < Decimal::kOne;
    });
    if (!shares) return;
    findings_.Warning("bands-as-shares", BandPath(0),
                      {"all bands begin at " + Text(best) + " or below on a scale up to " + Text(max_) +
                           ": " + Quoted(bands()[0].id()) + " takes nearly every score",
                       "量程到 " + Text(max_) + "，而各档的起点都不高于 " + Text(best) +
                           "：几乎所有分数都落入 " + Quoted(bands()[0].id())},
                      {"write bounds in points of the scale", "请用该量程的分值写界限"}, Text(best));
  }

  // The highest score of a band whose end is written.
  std::optional<std::int64_t> Highest(const v1::Grading::Band& band) const {
    if (band.has_through()) return band.through().micros();
    if (band.has_below()) return band.below().micros() - step_;
    return std::nullopt;
  }

  // The middle of what lies above `from` and below `to`, on a step.
  std::string Middle(std::int64_t from, std::int64_t to) const {
    std::int64_t middle = from + (to - from) / 2;
    middle -= middle % step_;
    return Text(middle <= from ? from + step_ : middle);
  }

  void CheckCover() {
    const int last = bands().size() - 1;
    const auto gap = [&](int i, std::string witness, const std::string& what, const std::string& what_zh) {
      findings_.Error("band-gap", BandPath(i),
                      {"no band takes the scores " + what, "没有任何档包含" + what_zh + "的分数"},
                      {"let each band end where the next better one begins", "请让每一档止于上一档的起点"},
                      std::move(witness));
    };
    if (const std::optional<std::int64_t> top = Highest(bands()[0]);
        top.has_value() && *top + step_ <= max_) {
      gap(0, Middle(*top, max_ + step_), "above " + Text(*top) + " up to the maximum " + Text(max_),
          "高于 " + Text(*top) + "、至最高分 " + Text(max_));
    }
    for (int i = 1; i <= last; ++i) {
      const v1::Grading::Band &better = bands()[i - 1], &band = bands()[i];
      const std::int64_t next = better.from().micros();
      const std::optional<std::int64_t> high = Highest(band);
      if (!high.has_value()) continue;
      if (*high + step_ < next) {
        const bool through = band.has_through();
        const std::int64_t end = through ? band.through().micros() : band.below().micros();
        gap(i, Middle(end, next),
            std::string(through ? "above " : "from ") + Text(end) + " and below " + Text(next) +
                ", between " + Quoted(band.id()) + " and " + Quoted(better.id()),
            std::string(through ? "高于 " : "不低于 ") + Text(end) + "、低于 " + Text(next) + "（" +
                Quoted(band.id()) + " 与 " + Quoted(better.id()) + " 之间）");
      } else if (*high >= next) {
        const bool one = *high == next;
        const std::string scores =
            one ? "the score " + Text(next) : "the scores from " + Text(next) + " to " + Text(*high);
        const std::string scores_zh =
            one ? "分数 " + Text(next) : " " + Text(next) + " 至 " + Text(*high) + " 的分数";
        findings_.Error(
            "band-overlap", BandPath(i),
            {"bands " + Quoted(better.id()) + " and " + Quoted(band.id()) + " both take " + scores,
             "档 " + Quoted(better.id()) + " 与 " + Quoted(band.id()) + " 都包含" + scores_zh},
            {"let each band end where the next better one begins", "请让每一档止于上一档的起点"}, Text(next));
      }
    }
    if (const std::int64_t bottom = bands()[last].from().micros(); bottom > 0) {
      gap(last, Middle(0, bottom), "below " + Text(bottom), "低于 " + Text(bottom));
    }
  }

  // Where each band ends, exclusive: bands whose condition fails hand their scores down. Of the best, beyond the
  // maximum.
  void SettleEnds() {
    double end = static_cast<double>(max_) / 1e6 + 1;
    for (int i = 0; i < bands().size(); ++i) {
      if (i > 0 && !bands()[i - 1].has_condition()) {
        end = static_cast<double>(bands()[i - 1].from().micros()) / 1e6;
      }
      ends_.push_back(end);
    }
  }

  bool Meets(const PointRange& range, int i) const {
    const double slack =
        kPointSlack + (grading_.basis() == v1::Grading::ROUNDED ? static_cast<double>(step_) / 2e6 : 0);
    return range.high + slack >= static_cast<double>(bands()[i].from().micros()) / 1e6 &&
           range.low - slack < ends_[static_cast<size_t>(i)];
  }

  void CheckReach(const RangeUnder& range_under, size_t cost, size_t* work) {
    SettleEnds();
    const std::optional<PointRange> all = range_under(Box(index_));
    for (int i = 0; i < bands().size(); ++i) {
      const v1::Grading::Band& band = bands()[i];
      if (all.has_value() && !Meets(*all, i)) {
        const bool above = static_cast<double>(band.from().micros()) / 1e6 > all->high;
        const std::string end =
            Decimal::FromMicros(static_cast<std::int64_t>((above ? all->high : all->low) * 1e6 + 0.5))
                .ToString();
        findings_.Warning(
            "band-never-reached", BandPath(i),
            {"no score falls into band " + Quoted(band.id()) + ": scores go no " +
                 (above ? "higher" : "lower") + " than " + end,
             "没有分数落入档 " + Quoted(band.id()) + "：分数最" + (above ? "高" : "低") + "为 " + end},
            {"move the band, or let the indicators reach it", "请调整该档，或使指标项能够达到"}, end);
      }
      if (band.has_condition()) CheckCondition(i, range_under, all.has_value() && Meets(*all, i), cost, work);
    }
  }

  void CheckCondition(int i, const RangeUnder& range_under, bool reached, size_t cost, size_t* work) {
    const v1::Grading::Band& band = bands()[i];
    const std::string path = At(BandPath(i), "condition");
    const Verdict verdict = JudgeWithFigures(band.condition(), index_);
    if (!verdict.can_be_true) {
      findings_.Error("condition-contradicts-band", path,
                      {"the condition of band " + Quoted(band.id()) + " never holds",
                       "档 " + Quoted(band.id()) + " 的条件永远不成立"},
                      {"correct the condition, or take the band out", "请更正条件，或删去该档"},
                      verdict.false_example);
      return;
    }
    if (!verdict.can_be_false) {
      findings_.Warning(
          "condition-always-holds", path,
          {"the condition of band " + Quoted(band.id()) + " always holds where its figures are there",
           "只要数据齐全，档 " + Quoted(band.id()) + " 的条件总是成立"},
          {"take it out, or correct it", "请删去或更正"}, verdict.true_example);
    }
    if (!reached) return;
    // Is there a record on which the condition holds and whose score may lie in the band?
    bool fits = false, out_of_work = false;
    std::string example;
    const bool tried = ForEachCell(index_, {&band.condition()}, true, kMaxCells, [&](const Box& box) {
      if (fits || out_of_work || !Judge(band.condition(), index_, box).can_be_true) return;
      out_of_work = *work < cost;
      if (out_of_work) return;
      *work -= cost;
      if (example.empty()) example = box.Example();
      const std::optional<PointRange> range = range_under(box);
      fits = range.has_value() && Meets(*range, i);
    });
    if (!tried || fits || out_of_work) return;
    findings_.Error("condition-contradicts-band", path,
                    {"no score in band " + Quoted(band.id()) +
                         " goes with its condition: where the condition holds, the score lies elsewhere",
                     "档 " + Quoted(band.id()) + " 的条件与其分数矛盾：条件成立时，分数不在该档"},
                    {"correct the condition or the band", "请更正条件或该档"}, example);
  }

  const PolicyIndex& index_;
  const v1::Grading& grading_;
  const std::int64_t max_;
  const std::string path_;
  Findings& findings_;
  std::int64_t step_ = 1;
  std::vector<double> ends_;  // By band.
};

size_t CountIndicators(const v1::Indicator& indicator) {
  size_t count = 1;
  for (const v1::Indicator& part : indicator.children().indicators()) count += CountIndicators(part);
  return count;
}

}  // namespace

void CheckGradings(const PolicyIndex& index, CardRanges* ranges, Findings* findings) {
  size_t work = kMaxWork;
  for (int i = 0; i < index.message().scorecards_size(); ++i) {
    const v1::Scorecard& card = index.message().scorecards(i);
    const std::string path = At("", "scorecards", i);
    std::string list = path + ".indicators";
    WalkIndicators(card.indicators(), &list, [&](const v1::Indicator& indicator, const std::string& place) {
      if (!indicator.has_levels()) return;
      GradingCheck(index, indicator.levels(), indicator.max_points(), At(place, "levels"), findings)
          .Run([&](const Box& box) { return ranges->OfPoints(card, indicator, box); },
               CountIndicators(indicator), &work);
    });
    if (!card.has_grading()) continue;
    size_t cost = 1 + static_cast<size_t>(card.vetoes_size() + card.caps_size());
    for (const v1::Indicator& indicator : card.indicators()) cost += CountIndicators(indicator);
    GradingCheck(index, card.grading(), card.max_score(), At(path, "grading"), findings)
        .Run([&](const Box& box) { return ranges->Published(card, box); }, cost, &work);
  }
}

}  // namespace csat::policy
