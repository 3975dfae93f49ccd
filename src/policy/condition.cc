// Every comparison cuts a metric's range into intervals on each of which it is true or false throughout. The
// combinations of the intervals of all metrics of a condition decide it exactly, taking the metrics for independent.
// Where they are too many, each part is judged on its own, which can only find more values possible: what is said to
// be impossible is impossible.
#include "policy/condition.h"

#include <algorithm>
#include <map>
#include <set>

#include "policy/model_words.h"

namespace csat::policy {
namespace {

// Combinations up to which a condition is judged exactly.
constexpr size_t kMaxCells = 256;

// Whether a word metric of which `excluded` words are ruled out can be `word`.
bool CanBe(const MetricFacts& facts, const std::vector<std::string_view>& excluded, std::string_view word) {
  return (facts.words.empty() || facts.words.count(word) != 0) &&
         std::find(excluded.begin(), excluded.end(), word) == excluded.end();
}

Truths JudgeComparison(const v1::Comparison& compare, const PolicyIndex& index, const Box& box) {
  const MetricFacts* facts = index.FindMetric(compare.metric());
  const bool word = compare.operand_case() == v1::Comparison::kText;
  if (facts == nullptr || facts->text != word) return {true, true, true};
  const Assumption assumed = box.Of(compare.metric());
  Truths truths;
  truths.can_be_unknown = assumed.state != Assumption::State::kPresent;
  if (assumed.state == Assumption::State::kMissing) return truths;
  if (facts->text) {
    const bool wants_equal = compare.op() == v1::Comparison::EQ;
    const bool can_equal = assumed.word.has_value() ? *assumed.word == compare.text()
                                                    : CanBe(*facts, assumed.excluded, compare.text());
    bool can_differ = assumed.word.has_value() ? *assumed.word != compare.text() : facts->words.empty();
    if (!assumed.word.has_value()) {
      // Of so many words one more is left over.
      can_differ |= facts->words.size() > assumed.excluded.size() + 1;
      for (const std::string_view word : facts->words) {
        if (can_differ) break;
        can_differ |= word != compare.text() && CanBe(*facts, assumed.excluded, word);
      }
    }
    truths.can_be_true = wants_equal ? can_equal : can_differ;
    truths.can_be_false = wants_equal ? can_differ : can_equal;
    return truths;
  }
  const ComparisonOp op = ToModel(compare.op());
  const std::int64_t value = compare.value().micros();
  truths.can_be_true = !assumed.region.Where(op, value).empty();
  truths.can_be_false = !assumed.region.Where(Opposite(op), value).empty();
  return truths;
}

// The pieces of one metric's range.
std::vector<Assumption> Pieces(const MetricFacts& facts, const std::set<Position>& cuts,
                               const std::set<std::string_view>& named) {
  std::vector<Assumption> pieces;
  Assumption piece;
  piece.state = Assumption::State::kPresent;
  if (facts.text) {
    for (const std::string_view word : named) {
      if (!facts.words.empty() && facts.words.count(word) == 0) continue;
      piece.word = word;
      pieces.push_back(piece);
    }
    Assumption rest;
    rest.state = Assumption::State::kPresent;
    rest.excluded.assign(named.begin(), named.end());
    const bool more = facts.words.empty() ||
                      std::any_of(facts.words.begin(), facts.words.end(),
                                  [&](std::string_view word) { return CanBe(facts, rest.excluded, word); });
    if (more) pieces.push_back(std::move(rest));
    return pieces;
  }
  const auto add = [&](Position low, Position high) {
    piece.region =
        Region{std::max(low, facts.figure.low), std::min(high, facts.figure.high), facts.figure.grid}
            .Settled();
    if (!piece.region.empty()) pieces.push_back(piece);
  };
  Position from = kLowest;
  for (const Position cut : cuts) {
    add(from, cut - 1);
    add(cut, cut);
    from = cut + 1;
  }
  add(from, kHighest);
  return pieces;
}

}  // namespace

Assumption Box::Of(std::string_view metric) const {
  const auto found = assumed_.find(metric);
  if (found != assumed_.end()) return found->second;
  Assumption nothing;
  const MetricFacts* facts = index_->FindMetric(metric);
  if (facts != nullptr) nothing.region = facts->figure;
  return nothing;
}

std::string Box::Example(bool named) const {
  std::map<std::string_view, std::string> shown;
  for (const auto& [metric, assumed] : assumed_) {
    const MetricFacts* facts = index_->FindMetric(metric);
    std::string value;
    if (assumed.state == Assumption::State::kMissing) {
      value = "null";
    } else if (facts == nullptr || !facts->text) {
      value = assumed.region.Example().ToString();
    } else if (assumed.word.has_value()) {
      value = std::string(*assumed.word);
    } else {
      value = "...";
      for (const std::string& word : facts->metric->text().values()) {
        if (!CanBe(*facts, assumed.excluded, word)) continue;
        value = word;
        break;
      }
    }
    shown.emplace(metric, value);
  }
  if (shown.size() == 1 && !named) return shown.begin()->second;
  std::string text;
  for (const auto& [metric, value] : shown)
    text.append(text.empty() ? "" : ", ").append(metric).append("=").append(value);
  return text;
}

Truths Judge(const v1::Predicate& condition, const PolicyIndex& index, const Box& box) {
  switch (condition.form_case()) {
    case v1::Predicate::kCompare: return JudgeComparison(condition.compare(), index, box);
    case v1::Predicate::kNot: {
      const Truths inner = Judge(condition.not_(), index, box);
      return {inner.can_be_false, inner.can_be_true, inner.can_be_unknown};
    }
    case v1::Predicate::kAll:
    case v1::Predicate::kAny: {
      // "Any" is "all" with true and false exchanged. All is false once a part is, true if every part is, and else
      // unknown.
      const bool all = condition.form_case() == v1::Predicate::kAll;
      bool any_decides = false, each_holds = true, each_not_decides = true, any_unknown = false;
      for (const v1::Predicate& part : (all ? condition.all() : condition.any()).of()) {
        const Truths truths = Judge(part, index, box);
        const bool holds = all ? truths.can_be_true : truths.can_be_false;
        any_decides |= all ? truths.can_be_false : truths.can_be_true;
        each_holds &= holds;
        each_not_decides &= holds || truths.can_be_unknown;
        any_unknown |= truths.can_be_unknown;
      }
      Truths result;
      (all ? result.can_be_false : result.can_be_true) = any_decides;
      (all ? result.can_be_true : result.can_be_false) = each_holds;
      result.can_be_unknown = any_unknown && each_not_decides;
      return result;
    }
    case v1::Predicate::kAnswered: {
      const Assumption::State state = box.Of(condition.answered()).state;
      return {state != Assumption::State::kMissing, state != Assumption::State::kPresent, false};
    }
    case v1::Predicate::kAtLeast: {
      int sure = 0, possible = 0, settled = 0;  // Parts that hold, can hold, and cannot be unknown.
      for (const v1::Predicate& part : condition.at_least().of()) {
        const Truths truths = Judge(part, index, box);
        sure += truths.can_be_true && !truths.can_be_false && !truths.can_be_unknown;
        possible += truths.can_be_true;
        settled += !truths.can_be_unknown;
      }
      const int count = condition.at_least().count();
      const int parts = condition.at_least().of_size();
      return {possible >= count, sure < count, settled < parts && sure < count};
    }
    case v1::Predicate::FORM_NOT_SET: break;
  }
  return {true, true, true};
}

std::vector<Assumption> PiecesOf(std::string_view metric, const PolicyIndex& index,
                                 const std::vector<const v1::Predicate*>& conditions) {
  std::set<Position> numbers;
  std::set<std::string_view> words;
  for (const v1::Predicate* condition : conditions) {
    WalkComparisons(*condition, [&](const v1::Comparison& compare) {
      if (compare.metric() != metric) return;
      if (compare.operand_case() == v1::Comparison::kText) {
        words.insert(compare.text());
      } else {
        numbers.insert(PositionOf(compare.value().micros()));
      }
    });
  }
  return Pieces(*index.FindMetric(metric), numbers, words);
}

bool ForEachCell(const PolicyIndex& index, const std::vector<const v1::Predicate*>& conditions, bool missing,
                 size_t limit, const std::function<void(const Box&)>& visit) {
  std::map<std::string_view, std::pair<std::set<Position>, std::set<std::string_view>>> cuts;
  bool known = true;
  for (const v1::Predicate* condition : conditions) {
    WalkComparisons(*condition, [&](const v1::Comparison& compare) {
      const MetricFacts* facts = index.FindMetric(compare.metric());
      const bool word = compare.operand_case() == v1::Comparison::kText;
      known &= facts != nullptr && facts->text == word;
      auto& [numbers, words] = cuts[compare.metric()];
      if (word) {
        words.insert(compare.text());
      } else {
        numbers.insert(PositionOf(compare.value().micros()));
      }
    });
  }
  if (!known) return false;
  std::vector<std::pair<std::string_view, std::vector<Assumption>>> pieces;
  size_t cells = 1;
  for (const auto& [metric, cut] : cuts) {
    pieces.emplace_back(metric, Pieces(*index.FindMetric(metric), cut.first, cut.second));
    if (missing) {
      Assumption absent;
      absent.state = Assumption::State::kMissing;
      pieces.back().second.push_back(absent);
    }
    cells *= pieces.back().second.size();
    if (cells > limit) return false;
  }
  if (cells == 0) return true;
  std::vector<size_t> at(pieces.size(), 0);
  for (;;) {
    Box box(index);
    for (size_t i = 0; i < pieces.size(); ++i) box.Assume(pieces[i].first, pieces[i].second[at[i]]);
    visit(box);
    size_t i = 0;
    while (i < at.size() && ++at[i] == pieces[i].second.size()) at[i++] = 0;
    if (i == at.size()) return true;
  }
}

Verdict JudgeWithFigures(const v1::Predicate& condition, const PolicyIndex& index) {
  Verdict verdict;
  const bool exact = ForEachCell(index, {&condition}, false, kMaxCells, [&](const Box& box) {
    const Truths truths = Judge(condition, index, box);
    if (truths.can_be_true && !verdict.can_be_true) verdict.true_example = box.Example();
    if (truths.can_be_false && !verdict.can_be_false) verdict.false_example = box.Example();
    verdict.can_be_true |= truths.can_be_true;
    verdict.can_be_false |= truths.can_be_false;
  });
  if (!exact) {
    const Truths truths = Judge(condition, index, Box(index));
    verdict.can_be_true = truths.can_be_true;
    verdict.can_be_false = truths.can_be_false;
  }
  return verdict;
}

}  // namespace csat::policy
