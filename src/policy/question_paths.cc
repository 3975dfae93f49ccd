// Item by item, the set of what later conditions can still tell apart of the answers so far: for each metric that one of
// them reads, in which piece of its range the answer lies. What no later condition reads is forgotten, so that the set
// stays small however many answers there are.
#include "policy/question_paths.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "csat/model/predicate.h"
#include "csat/policy/limits.h"
#include "policy/condition.h"

namespace csat::policy {
namespace {

// Per variable: kUnsaid, kMissing, or kFirstPiece and the number of a piece.
using State = std::vector<std::uint16_t>;
constexpr std::uint16_t kUnsaid = 0, kMissing = 1, kFirstPiece = 2;

struct Variable {
  std::string_view metric;
  std::vector<Assumption> pieces;
  int last_reader = -1;  // Item.
};

// A condition with its comparisons decided beforehand: a leaf knows its truth by the value of its variable.
struct Compiled {
  v1::Predicate::FormCase form = v1::Predicate::FORM_NOT_SET;
  std::vector<Compiled> of;
  int count = 0;
  int variable = -1;
  std::vector<Truth> truths;  // By value.
};

Truth JudgeCompiled(const Compiled& condition, const State& state) {
  switch (condition.form) {
    case v1::Predicate::kAll:
    case v1::Predicate::kAny: {
      const bool all = condition.form == v1::Predicate::kAll;
      Truth result = all ? Truth::kTrue : Truth::kFalse;
      for (const Compiled& part : condition.of) {
        const Truth truth = JudgeCompiled(part, state);
        result = all ? std::min(result, truth) : std::max(result, truth);
      }
      return result;
    }
    case v1::Predicate::kNot: {
      const Truth truth = JudgeCompiled(condition.of.front(), state);
      return truth == Truth::kTrue ? Truth::kFalse : truth == Truth::kFalse ? Truth::kTrue : Truth::kUnknown;
    }
    case v1::Predicate::kAtLeast: {
      int sure = 0, possible = 0;
      for (const Compiled& part : condition.of) {
        const Truth truth = JudgeCompiled(part, state);
        sure += truth == Truth::kTrue;
        possible += truth != Truth::kFalse;
      }
      return sure >= condition.count       ? Truth::kTrue
             : possible >= condition.count ? Truth::kUnknown
                                           : Truth::kFalse;
    }
    default:
      return condition.variable < 0 ? condition.truths.front()
                                    : condition.truths[state[static_cast<std::size_t>(condition.variable)]];
  }
}

using Values = std::vector<std::pair<std::size_t, std::uint16_t>>;  // By variable.

// How a state was come to.
struct Node {
  int least = 0, most = 0;
  // Of the way with the most questions: the node of the step before, and what was said last.
  std::size_t before = 0;
  Values said;
};
using Step = std::vector<Node>;

class Paths {
 public:
  Paths(const v1::Questionnaire& questionnaire, const PolicyIndex& index)
      : questionnaire_(questionnaire), index_(index) {}

  QuestionPaths Follow() {
    FindVariables();
    QuestionPaths paths;
    paths.items.resize(static_cast<std::size_t>(questionnaire_.items_size()));
    steps_.push_back({Node()});
    states_.emplace_back(variables_.size(), kUnsaid);
    for (const std::string& metric : questionnaire_.context()) {
      if (!Branch({metric}, nullptr, {})) return paths;
    }
    for (int i = 0; i < questionnaire_.items_size(); ++i) {
      if (!FollowItem(i, &paths.items[static_cast<std::size_t>(i)])) return paths;
    }
    const Step& last = steps_.back();
    const auto most = std::max_element(last.begin(), last.end(),
                                       [](const Node& a, const Node& b) { return a.most < b.most; });
    paths.counted = true;
    paths.least = std::min_element(last.begin(), last.end(), [](const Node& a, const Node& b) {
                    return a.least < b.least;
                  })->least;
    paths.most = most->most;
    paths.most_example = Example(steps_.size() - 1, static_cast<std::size_t>(most - last.begin()));
    return paths;
  }

 private:
  void FindVariables() {
    std::vector<const v1::Predicate*> conditions;
    for (const v1::Item& item : questionnaire_.items()) {
      if (item.has_shown_when()) conditions.push_back(&item.shown_when());
    }
    std::vector<std::string> said(questionnaire_.context().begin(), questionnaire_.context().end());
    for (const v1::Item& item : questionnaire_.items()) {
      for (std::string& metric : MetricsOf(item)) said.push_back(std::move(metric));
    }
    for (int i = 0; i < questionnaire_.items_size(); ++i) {
      if (!questionnaire_.items(i).has_shown_when()) continue;
      WalkMetrics(questionnaire_.items(i).shown_when(), [&](const std::string& metric) {
        if (index_.FindMetric(metric) == nullptr || std::find(said.begin(), said.end(), metric) == said.end())
          return;
        const auto [found, inserted] = slots_.emplace(metric, variables_.size());
        if (inserted) variables_.push_back({found->first, PiecesOf(metric, index_, conditions)});
        variables_[found->second].last_reader = i;
      });
    }
  }

  Compiled Compile(const v1::Predicate& condition) const {
    Compiled compiled;
    compiled.form = condition.form_case();
    switch (condition.form_case()) {
      case v1::Predicate::kAll:
      case v1::Predicate::kAny:
        for (const v1::Predicate& part : (condition.has_all() ? condition.all() : condition.any()).of())
          compiled.of.push_back(Compile(part));
        return compiled;
      case v1::Predicate::kNot: compiled.of.push_back(Compile(condition.not_())); return compiled;
      case v1::Predicate::kAtLeast:
        compiled.count = condition.at_least().count();
        for (const v1::Predicate& part : condition.at_least().of()) compiled.of.push_back(Compile(part));
        return compiled;
      default: break;
    }
    const bool answered = condition.form_case() == v1::Predicate::kAnswered;
    const std::string& metric = answered ? condition.answered() : condition.compare().metric();
    const Truth missing = answered ? Truth::kFalse : Truth::kUnknown;
    compiled.truths = {missing, missing};
    const auto slot = slots_.find(metric);
    if (slot == slots_.end()) return compiled;
    compiled.variable = static_cast<int>(slot->second);
    for (const Assumption& piece : variables_[slot->second].pieces) {
      Box box(index_);
      box.Assume(metric, piece);
      compiled.truths.push_back(Judge(condition, index_, box).can_be_true ? Truth::kTrue : Truth::kFalse);
    }
    return compiled;
  }

  // All values that the metrics can have together where they are answered, or left out; one of each combination.
  std::vector<Values> WaysToAnswer(const std::vector<std::string>& metrics, const v1::Item* item) const {
    std::vector<Values> values;
    std::vector<std::size_t> read;
    for (const std::string& metric : metrics) {
      if (const auto slot = slots_.find(metric); slot != slots_.end()) read.push_back(slot->second);
    }
    if (item == nullptr || !item->required()) {
      values.emplace_back();
      for (const std::size_t slot : read) values.back().emplace_back(slot, kMissing);
    }
    if (read.empty()) {
      if (values.empty()) values.emplace_back();
      return values;
    }
    if (item == nullptr || !item->has_several()) {
      for (std::size_t piece = 0; piece < variables_[read[0]].pieces.size(); ++piece)
        values.push_back({{read[0], static_cast<std::uint16_t>(kFirstPiece + piece)}});
      return values;
    }
    const int options = item->options_size(), others = options - static_cast<int>(read.size());
    const int least = std::max(item->several().at_least(), item->required() ? 1 : 0);
    const int most = item->several().at_most() == 0 ? options : item->several().at_most();
    if (read.size() > 16) return {};  // More than kMaxAnswerStates by themselves.
    for (std::uint32_t chosen = 0; chosen < std::uint32_t{1} << read.size(); ++chosen) {
      Values value;
      int count = 0;
      for (std::size_t i = 0; i < read.size(); ++i) {
        const bool on = (chosen >> i & 1u) != 0;
        count += on;
        value.emplace_back(read[i], PieceWith(variables_[read[i]], on ? Decimal::kOne : 0));
      }
      if (count <= most && count + others >= least) values.push_back(std::move(value));
    }
    return values;
  }

  static std::uint16_t PieceWith(const Variable& variable, std::int64_t micros) {
    for (std::size_t piece = 0; piece < variable.pieces.size(); ++piece) {
      if (!variable.pieces[piece].region.Where(ComparisonOp::kEqual, micros).empty())
        return static_cast<std::uint16_t>(kFirstPiece + piece);
    }
    return kMissing;
  }

  bool FollowItem(int i, QuestionPaths::Item* out) {
    const v1::Item& item = questionnaire_.items(i);
    std::vector<bool> shown(steps_.back().size(), true);
    if (item.has_shown_when()) {
      const Compiled condition = Compile(item.shown_when());
      for (std::size_t at = 0; at < shown.size(); ++at)
        shown[at] = JudgeCompiled(condition, states_[at]) == Truth::kTrue;
    }
    out->shown_somewhere = std::find(shown.begin(), shown.end(), true) != shown.end();
    const auto hidden = std::find(shown.begin(), shown.end(), false);
    out->shown_everywhere = hidden == shown.end();
    if (!out->shown_everywhere)
      out->hidden_example = Example(steps_.size() - 1, static_cast<std::size_t>(hidden - shown.begin()));
    for (std::size_t slot = 0; slot < variables_.size(); ++slot) {
      if (variables_[slot].last_reader == i) forgotten_.push_back(slot);
    }
    return Branch(MetricsOf(item), &item, shown);
  }

  // The next step: each node with each value, or with none where the item is not shown. `item` nullptr: the metric is
  // known beforehand, or missing.
  bool Branch(const std::vector<std::string>& metrics, const v1::Item* item, const std::vector<bool>& shown) {
    const std::vector<Values> values = WaysToAnswer(metrics, item);
    if (values.empty()) return false;
    Values none;
    for (const std::string& metric : metrics) {
      if (const auto slot = slots_.find(metric); slot != slots_.end())
        none.emplace_back(slot->second, kMissing);
    }
    const int question = item != nullptr && !item->detail() ? 1 : 0;
    std::map<State, Node> next;
    const Step& now = steps_.back();
    for (std::size_t at = 0; at < now.size(); ++at) {
      const bool is_shown = item == nullptr || shown[at];
      const int counts = is_shown ? question : 0;
      const std::size_t ways = is_shown ? values.size() : 1;
      for (std::size_t way = 0; way < ways; ++way) {
        const Values& said = is_shown ? values[way] : none;
        State state = states_[at];
        for (const auto& [slot, value] : said) state[slot] = value;
        for (const std::size_t slot : forgotten_) state[slot] = kUnsaid;
        const auto [found, inserted] = next.try_emplace(std::move(state));
        Node& node = found->second;
        if (inserted && (cost_ += 1 + variables_.size() / 100) > kMaxAnswerStates) return false;
        if (inserted || now[at].most + counts > node.most) {
          node.most = now[at].most + counts;
          node.before = at;
          node.said = said;
        }
        node.least = inserted ? now[at].least + counts : std::min(node.least, now[at].least + counts);
      }
    }
    states_.clear();
    Step step;
    step.reserve(next.size());
    while (!next.empty()) {
      auto first = next.extract(next.begin());
      states_.push_back(std::move(first.key()));
      step.push_back(std::move(first.mapped()));
    }
    steps_.push_back(std::move(step));
    return true;
  }

  // The answers on the way to a node, as far as conditions read them.
  std::string Example(std::size_t step, std::size_t at) const {
    Box box(index_);
    bool any = false;
    for (; step > 0; at = steps_[step--][at].before) {
      for (const auto& [slot, value] : steps_[step][at].said) {
        any = true;
        Assumption assumed;
        assumed.state = Assumption::State::kMissing;
        if (value != kMissing) assumed = variables_[slot].pieces[value - kFirstPiece];
        box.Assume(variables_[slot].metric, assumed);
      }
    }
    return any ? box.Example(true) : "";
  }

  const v1::Questionnaire& questionnaire_;
  const PolicyIndex& index_;
  std::vector<Variable> variables_;
  std::map<std::string, std::size_t, std::less<>> slots_;
  std::vector<std::size_t> forgotten_;  // Variables that no condition from here on reads.
  std::vector<Step> steps_;
  std::vector<State> states_;  // Of the nodes of the last step.
  std::size_t cost_ = 0;       // States so far; those of many variables count more.
};

}  // namespace

std::vector<std::string> MetricsOf(const v1::Item& item) {
  if (!item.has_several()) return {item.id()};
  std::vector<std::string> metrics;
  for (const v1::Item::Option& option : item.options())
    metrics.push_back(option.metric().empty() ? item.id() + "_" + option.id() : option.metric());
  return metrics;
}

QuestionPaths FollowPaths(const v1::Questionnaire& questionnaire, const PolicyIndex& index) {
  QuestionPaths paths = Paths(questionnaire, index).Follow();
  if (paths.counted) return paths;
  paths = QuestionPaths();
  for (const v1::Item& item : questionnaire.items()) {
    paths.items.push_back({true, !item.has_shown_when(), ""});
    if (item.detail()) continue;
    ++paths.most;
    if (!item.has_shown_when()) ++paths.least;
  }
  return paths;
}

}  // namespace csat::policy
