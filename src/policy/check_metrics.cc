#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "absl/numeric/int128.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "csat/model/foreign_text.h"
#include "policy/check_steps.h"
#include "policy/message_walk.h"
#include "policy/model_words.h"

namespace csat::policy {
namespace {

std::string Text(const v1::Decimal& decimal) { return ToModel(decimal).ToString(); }

// Labels at the ends alone, or here and there, are a style of scales; all ranks but one are a slip.
void ReportForgottenRank(const v1::Scale& scale, const std::map<int, int>& labelled, const std::string& path,
                         Findings* findings) {
  const std::int64_t first = scale.min().micros() / Decimal::kOne,
                     last = scale.max().micros() / Decimal::kOne;
  const std::int64_t count = last - first + 1;
  if (!scale.integer() || count < 4 || static_cast<std::int64_t>(labelled.size()) != count - 1) return;
  std::int64_t rank = first;
  while (labelled.count(static_cast<int>(rank)) > 0) ++rank;
  const std::string text = std::to_string(rank);
  findings->Warning("scale-labels", At(path, "labels"),
                    {"rank " + text + " alone of scale " + Quoted(scale.id()) + " has no label",
                     "量表 " + Quoted(scale.id()) + " 只有等级 " + text + " 没有名称"},
                    {"label it, or narrow the scale", "请为它命名，或缩小量表"}, text);
}

// The number that a cell of a table holds if `text` is in it; nullopt: a word.
std::optional<double> ReadsAs(std::string_view text) {
  if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return std::nullopt;
  double number = 0;
  if (!absl::SimpleAtod(absl::string_view(text.data(), text.size()), &number)) return std::nullopt;
  return number;
}

// Bytes of the white space, seen or unseen, that `text` begins with; 0: none.
size_t SpaceLength(std::string_view text) {
  static constexpr std::string_view kSpaces[] = {
      " ",      "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
      "\u2007", "\u2008", "\u2009", "\u200a", "\u200b", "\u202f", "\u205f", "\u3000", "\ufeff"};
  for (const std::string_view space : kSpaces) {
    if (text.substr(0, space.size()) == space) return space.size();
  }
  return 0;
}

bool HasSpaceAround(std::string_view text) {
  if (SpaceLength(text) > 0) return true;
  size_t last = 0;
  for (size_t at = 0; at < text.size(); at += std::max<size_t>(1, Utf8Length(text.substr(at)))) last = at;
  return SpaceLength(text.substr(last)) > 0;
}

// A spelling of a rank that no cell of a table can hold, or that a cell holds where it means a number.
void CheckSpelling(const std::string& text, int rank, const std::string& path, Findings* findings) {
  const std::string own = std::to_string(rank);
  if (text.empty() || HasSpaceAround(text)) {
    findings->Error(
        "scale-labels", path,
        {"label " + Quoted(text) + " of rank " + own +
             (text.empty() ? " is empty, and an empty answer is a missing one"
                           : " begins or ends with a space, and answers are read without"),
         "等级 " + own + " 的名称 " + Quoted(text) +
             (text.empty() ? " 为空，而空的回答表示缺失" : " 首尾有空格，而读取回答时会去掉空格")},
        {text.empty() ? "take it out" : "write it without", text.empty() ? "请删去" : "请去掉空格"},
        Quoted(text));
    return;
  }
  const std::optional<double> number = ReadsAs(text);
  if (!number.has_value() || *number == rank) return;
  findings->Error(
      "scale-labels", path,
      {"label " + Quoted(text) + " of rank " + own + " reads as a number, and a number is a rank",
       "等级 " + own + " 的名称 " + Quoted(text) + " 会被读作数字，而数字即等级"},
      {"label ranks with words; of numbers, only with its own", "请用文字命名；数字只能是该等级本身"}, text);
}

void CheckScale(const v1::Scale& scale, const std::string& path, Findings* findings) {
  const std::string range = "[" + Text(scale.min()) + ", " + Text(scale.max()) + "]";
  if (scale.min().micros() >= scale.max().micros()) {
    findings->Error("scale-empty", path,
                    {"min " + Text(scale.min()) + " is not below max " + Text(scale.max()),
                     "min " + Text(scale.min()) + " 不小于 max " + Text(scale.max())},
                    {"let min be the lower end", "请让 min 为下限"}, Text(scale.min()));
    return;
  }
  for (const char* bound : {"min", "max"}) {
    const v1::Decimal& end = bound[1] == 'i' ? scale.min() : scale.max();
    if (!scale.integer() || end.micros() % Decimal::kOne == 0) continue;
    findings->Error("bad-range", At(path, bound),
                    {std::string(bound) + " " + Text(end) + " of a scale of whole ranks is not whole",
                     "整数等级量表的 " + std::string(bound) + " " + Text(end) + " 不是整数"},
                    {"write a whole number, or leave 'integer' out", "请写整数，或去掉“integer”"}, Text(end));
  }
  std::map<int, int> ranks;
  std::map<std::string, int> spellings;
  for (int i = 0; i < scale.labels_size(); ++i) {
    const v1::Scale::Label& label = scale.labels(i);
    const std::string at = At(path, "labels", i), rank = std::to_string(label.rank());
    const std::int64_t micros = std::int64_t{label.rank()} * Decimal::kOne;
    if (micros < scale.min().micros() || micros > scale.max().micros()) {
      findings->Error(
          "scale-labels", at,
          {"rank " + rank + " lies outside " + range, "等级 " + rank + " 不在 " + range + " 之内"},
          {"label only ranks of the scale", "只为量表内的等级命名"}, rank);
    }
    if (!ranks.emplace(label.rank(), i).second) {
      findings->Error(
          "scale-labels", at, {"rank " + rank + " has two labels", "等级 " + rank + " 有两个名称"},
          {"keep one entry for each rank, with aliases", "每个等级只保留一项，其余写作 aliases"}, rank);
    }
    std::set<std::string> own(label.aliases().begin(), label.aliases().end());
    for (const auto& [language, text] : label.label()) own.insert(text);
    for (const std::string& text : own) {
      CheckSpelling(text, label.rank(), at, findings);
      const auto [found, inserted] = spellings.emplace(text, label.rank());
      if (inserted || found->second == label.rank()) continue;
      findings->Error(
          "scale-labels", at,
          {"label " + Quoted(text) + " stands for ranks " + std::to_string(found->second) + " and " + rank,
           "名称 " + Quoted(text) + " 同时表示等级 " + std::to_string(found->second) + " 和 " + rank},
          {"give each rank labels of its own", "每个等级应有各自的名称"}, text);
    }
  }
  ReportForgottenRank(scale, ranks, path, findings);
}

void CheckAggregate(const v1::Aggregate& aggregate, const std::string& path, Findings* findings) {
  const auto missing = [&](const char* field, const char* why, const char* why_zh) {
    findings->Error("missing-field", path,
                    {"'" + std::string(field) + "' is missing, which " + why,
                     "缺少“" + std::string(field) + "”，" + why_zh},
                    {"write '" + std::string(field) + "'", "请写明“" + std::string(field) + "”"}, field);
  };
  const bool share = aggregate.kind() == v1::Aggregate::SHARE,
             quantile = aggregate.kind() == v1::Aggregate::QUANTILE;
  if (share && aggregate.op() == v1::Comparison::OP_UNSPECIFIED)
    missing("op", "SHARE compares with", "SHARE 需要它");
  if (share && !aggregate.has_value()) missing("value", "SHARE compares with", "SHARE 需要它");
  if (quantile && !aggregate.has_quantile()) missing("quantile", "QUANTILE asks for", "QUANTILE 需要它");
  if (quantile && aggregate.has_quantile() &&
      (aggregate.quantile().micros() <= 0 || aggregate.quantile().micros() > Decimal::kOne)) {
    findings->Error("bad-range", At(path, "quantile"),
                    {"quantile " + Text(aggregate.quantile()) + " lies outside (0, 1]",
                     "分位数 " + Text(aggregate.quantile()) + " 不在 (0, 1] 之内"},
                    {"write a share, such as 0.9", "请写份额，如 0.9"}, Text(aggregate.quantile()));
  }
  const auto no_effect = [&](const char* field) {
    findings->Warning("no-effect", At(path, field),
                      {"'" + std::string(field) + "' means nothing for this kind of aggregate",
                       "“" + std::string(field) + "”对这种汇总方式没有意义"},
                      {"take it out", "请删去"}, field);
  };
  if (!share && aggregate.op() != v1::Comparison::OP_UNSPECIFIED) no_effect("op");
  if (!share && aggregate.has_value()) no_effect("value");
  if (!quantile && aggregate.has_quantile()) no_effect("quantile");
}

class MetricCheck {
 public:
  MetricCheck(const MetricFacts& facts, std::string path, Findings* findings)
      : facts_(facts), metric_(*facts.metric), path_(std::move(path)), findings_(*findings) {}

  void Run() {
    CheckRange();
    CheckUnit();
    CheckDirection();
    if (metric_.has_decimal_places() &&
        (metric_.decimal_places() < 0 || metric_.decimal_places() > Metric::kMaxDecimalPlaces)) {
      const std::string places = std::to_string(metric_.decimal_places());
      findings_.Error("bad-range", At(path_, "decimal_places"),
                      {"decimal_places " + places + " lies outside [0, 9]",
                       "decimal_places " + places + " 不在 [0, 9] 之内"},
                      {"write 0 to 9", "请写 0 至 9"}, places);
    }
    if (metric_.has_text()) CheckWords();
    if (metric_.has_ratio()) CheckTerms();
  }

 private:
  void Mismatch(std::string path, const std::string& what, const std::string& what_zh, Findings::Words remedy,
                std::string witness) {
    findings_.Error(
        "unit-mismatch", std::move(path),
        {"metric " + Quoted(metric_.id()) + " " + what, "指标 " + Quoted(metric_.id()) + " " + what_zh},
        std::move(remedy), std::move(witness));
  }

  void CheckRange() {
    if (metric_.has_text()) {
      for (const char* field : {"min", "max"}) {
        const bool set = field[1] == 'i' ? metric_.has_min() : metric_.has_max();
        if (!set) continue;
        findings_.Warning("no-effect", At(path_, field),
                          {"'" + std::string(field) + "' means nothing for a word",
                           "“" + std::string(field) + "”对词没有意义"},
                          {"take it out", "请删去"}, field);
      }
      return;
    }
    if (metric_.has_min() && metric_.has_max() && metric_.min().micros() >= metric_.max().micros()) {
      findings_.Error("range-empty", path_,
                      {"min " + Text(metric_.min()) + " is not below max " + Text(metric_.max()),
                       "min " + Text(metric_.min()) + " 不小于 max " + Text(metric_.max())},
                      {"let min be the lower end", "请让 min 为下限"}, Text(metric_.min()));
    }
    if (facts_.scale == nullptr) return;
    const v1::Scale& scale = *facts_.scale;
    for (const char* field : {"min", "max"}) {
      const bool lower = field[1] == 'i';
      if (!(lower ? metric_.has_min() : metric_.has_max())) continue;
      const v1::Decimal& bound = lower ? metric_.min() : metric_.max();
      if (bound.micros() >= scale.min().micros() && bound.micros() <= scale.max().micros()) continue;
      findings_.Error("scale-mismatch", path_,
                      {std::string(field) + " " + Text(bound) + " lies outside [" + Text(scale.min()) + ", " +
                           Text(scale.max()) + "] of scale " + Quoted(scale.id()),
                       std::string(field) + " " + Text(bound) + " 不在量表 " + Quoted(scale.id()) + " 的 [" +
                           Text(scale.min()) + ", " + Text(scale.max()) + "] 之内"},
                      {"leave it out: the scale gives the range", "请删去：范围由量表给出"}, Text(bound));
    }
  }

  // Units are words to the engine, but "share" and "percent" have one meaning: 1 and 100 are the whole.
  void CheckUnit() {
    const bool share = metric_.unit() == "share", percent = metric_.unit() == "percent";
    if (!share && !percent) return;
    const std::int64_t whole = share ? Decimal::kOne : 100 * Decimal::kOne;
    const std::string whole_text = share ? "1" : "100";
    if (metric_.has_ratio()) {
      const std::int64_t times =
          metric_.ratio().has_times() ? metric_.ratio().times().micros() : Decimal::kOne;
      if (times != whole) {
        const std::string got = Decimal::FromMicros(times).ToString();
        Mismatch(path_ + ".ratio",
                 "has the unit " + metric_.unit() + ", whose whole is " + whole_text +
                     ", and a ratio times " + got,
                 "的单位是 " + metric_.unit() + "，全部应为 " + whole_text + "，而比率乘以 " + got,
                 {"let 'times' be " + whole_text, "请把“times”写为 " + whole_text}, got);
      }
    }
    if (share && metric_.has_max() && metric_.max().micros() > whole && !metric_.ratio().may_exceed_whole()) {
      Mismatch(At(path_, "max"), "has the unit share, whose whole is 1, and a max of " + Text(metric_.max()),
               "的单位是 share，全部为 1，而 max 为 " + Text(metric_.max()),
               {"write max 1, or the unit percent", "请把 max 写为 1，或把单位写为 percent"},
               Text(metric_.max()));
    }
    if (percent && metric_.events().aggregate().kind() == v1::Aggregate::SHARE) {
      Mismatch(path_ + ".events.aggregate", "has the unit percent, and SHARE gives 0 to 1",
               "的单位是 percent，而 SHARE 给出 0 至 1", {"write the unit share", "请把单位写为 share"}, "1");
    }
  }

  // How often each field counts, in millionths; reports one that stands twice.
  using Terms = google::protobuf::RepeatedPtrField<v1::Ratio::Term>;
  std::map<std::string, absl::int128> CountTerms(const Terms& terms, const char* list, const char* list_zh) {
    std::map<std::string, absl::int128> counts;
    for (int i = 0; i < terms.size(); ++i) {
      const std::int64_t times = terms[i].has_times() ? terms[i].times().micros() : Decimal::kOne;
      const auto [found, inserted] = counts.emplace(terms[i].field(), times);
      if (inserted) continue;
      found->second += times;
      findings_.Warning("ratio-terms", At(path_ + ".ratio", list, i),
                        {"field " + Quoted(terms[i].field()) + " stands twice in the " + list,
                         "字段 " + Quoted(terms[i].field()) + " 在" + list_zh + "中出现两次"},
                        {"keep one of them, with 'times' where it counts more than once",
                         "请只保留一个；如需多次计入，请写“times”"},
                        terms[i].field());
    }
    return counts;
  }

  void CheckTerms() {
    const std::map<std::string, absl::int128> above =
        CountTerms(metric_.ratio().numerator(), "numerator", "分子");
    if (above != CountTerms(metric_.ratio().denominator(), "denominator", "分母")) return;
    const std::string whole = metric_.ratio().has_times() ? Text(metric_.ratio().times()) : "1";
    findings_.Warning(
        "ratio-terms", At(path_, "ratio"),
        {"numerator and denominator are the same: metric " + Quoted(metric_.id()) + " is always " + whole,
         "分子与分母相同：指标 " + Quoted(metric_.id()) + " 总是 " + whole},
        {"count in the numerator only what is part of the whole", "分子只应计入整体中的一部分"}, whole);
  }

  void CheckDirection() {
    if (facts_.scale == nullptr) return;
    const bool against = (metric_.direction() == v1::Metric::HIGHER_IS_BETTER &&
                          facts_.scale->direction() == v1::Scale::LOWER_IS_BETTER) ||
                         (metric_.direction() == v1::Metric::LOWER_IS_BETTER &&
                          facts_.scale->direction() == v1::Scale::HIGHER_IS_BETTER);
    if (!against) return;
    const std::string own = v1::Metric::Direction_Name(metric_.direction()),
                      other = v1::Scale::Direction_Name(facts_.scale->direction());
    findings_.Error("scale-mismatch", path_,
                    {own + ", but scale " + Quoted(facts_.scale->id()) + " says " + other,
                     own + "，而量表 " + Quoted(facts_.scale->id()) + " 为 " + other},
                    {"leave the direction to the scale", "请由量表决定方向"}, own);
  }

  void CheckWords() {
    std::set<std::string> seen;
    for (int i = 0; i < metric_.text().values_size(); ++i) {
      const std::string& word = metric_.text().values(i);
      if (seen.insert(word).second) continue;
      findings_.Error("duplicate-word", At(path_ + ".text", "values", i),
                      {Quoted(word) + " stands twice", Quoted(word) + " 重复"},
                      {"keep one of them", "请只保留一个"}, word);
    }
  }

  const MetricFacts& facts_;
  const v1::Metric& metric_;
  const std::string path_;
  Findings& findings_;
};

}  // namespace

void CheckMetrics(const PolicyIndex& index, Findings* findings) {
  const v1::Policy& message = index.message();
  for (int i = 0; i < message.scales_size(); ++i)
    CheckScale(message.scales(i), At("", "scales", i), findings);
  for (int i = 0; i < message.metrics_size(); ++i) {
    MetricCheck(*index.FindMetric(message.metrics(i).id()), At("", "metrics", i), findings).Run();
  }
  std::string path;
  WalkMessages(message, &path, [findings](const google::protobuf::Message& at, const std::string& place) {
    if (at.GetDescriptor() == v1::Aggregate::descriptor())
      CheckAggregate(static_cast<const v1::Aggregate&>(at), place, findings);
  });
}

}  // namespace csat::policy
