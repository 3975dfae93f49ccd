// What the checker says about small random policies is true of every record that they can be given: the engine scores
// them all. Tests condition.h, card_range.h, point_range.h and the checks that rest on them.
#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "csat/policy/policy.h"
#include "csat/scoring/plan.h"
#include "csat/v1/policy.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/canonical.h"
#include "policy/check_policy.h"
#include "policy/policy_builder.h"

namespace csat {
namespace {

const std::vector<std::string> kNumbers = {"a", "b", "c"};
const std::vector<std::string> kWords = {"x", "y"};

// Draws a policy whose records are few: three ranks from 1 to `top`, and a word.
class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}

  v1::Policy Policy() {
    v1::Policy policy;
    policy.set_id("drawn");
    policy.set_version("1");
    policy.set_effective_from("2025-01-01");
    policy.set_zone("UTC");
    top_ = Between(2, 4);
    v1::Scale* scale = policy.add_scales();
    scale->set_id("ranks");
    Set(scale->mutable_min(), 1);
    Set(scale->mutable_max(), top_);
    scale->set_integer(true);
    scale->set_direction(v1::Scale::HIGHER_IS_BETTER);
    for (const std::string& id : kNumbers) {
      v1::Metric* metric = policy.add_metrics();
      metric->set_id(id);
      metric->set_scale("ranks");
      metric->set_direction(
          static_cast<v1::Metric::Direction>(Between(v1::Metric::HIGHER_IS_BETTER, v1::Metric::NEUTRAL)));
      metric->mutable_number();
    }
    v1::Metric* role = policy.add_metrics();
    role->set_id("role");
    for (const std::string& word : kWords) role->mutable_text()->add_values(word);
    Card(policy.add_scorecards());
    if (Chance(2)) {
      v1::Target* target = policy.add_targets();
      target->set_id("of_metric");
      target->set_metric(Any(kNumbers));
      target->set_op(AnyOp());
      Set(target->mutable_value(), Between(0, 5));
    }
    v1::Target* target = policy.add_targets();
    target->set_id("of_card");
    target->set_scorecard("card");
    target->set_op(AnyOp());
    Set(target->mutable_value(), 20 * Between(0, 5));
    return policy;
  }
  int top() const { return top_; }

 private:
  int Between(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool Chance(int one_in) { return Between(1, one_in) == 1; }
  template <typename T>
  const T& Any(const std::vector<T>& of) {
    return of[static_cast<size_t>(Between(0, static_cast<int>(of.size()) - 1))];
  }
  static void Set(v1::Decimal* decimal, int whole) {
    decimal->set_micros(std::int64_t{whole} * Decimal::kOne);
  }
  v1::Comparison::Op AnyOp() {
    return static_cast<v1::Comparison::Op>(Between(v1::Comparison::LT, v1::Comparison::GT));
  }

  void Condition(v1::Predicate* predicate, int depth = 2) {
    if (depth > 0 && Chance(2)) {
      if (Chance(4)) return Condition(predicate->mutable_not_(), depth - 1);
      v1::PredicateList* list = Chance(2) ? predicate->mutable_all() : predicate->mutable_any();
      const int parts = Between(1, 3);
      for (int i = 0; i < parts; ++i) Condition(list->add_of(), depth - 1);
      return;
    }
    v1::Comparison* compare = predicate->mutable_compare();
    if (Chance(6)) {
      compare->set_metric("role");
      compare->set_op(Chance(2) ? v1::Comparison::EQ : v1::Comparison::NE);
      compare->set_text(Any(kWords));
      return;
    }
    compare->set_metric(Any(kNumbers));
    compare->set_op(AnyOp());
    Set(compare->mutable_value(), Between(1, top_));
  }

  void Function(v1::ScoreFunction* score, int max) {
    const auto points = [&] { return max * Between(0, 5) / 5; };
    switch (Between(0, 4)) {
      case 0: {
        const int at = Between(0, 3);
        Set(score->mutable_linear()->mutable_from()->mutable_at(), at);
        Set(score->mutable_linear()->mutable_from()->mutable_points(), points());
        Set(score->mutable_linear()->mutable_to()->mutable_at(), at + Between(1, 4));
        Set(score->mutable_linear()->mutable_to()->mutable_points(), points());
        return;
      }
      case 1:
        for (int at = Between(0, 2); at <= 5; at += Between(1, 2)) {
          v1::BandPoints::Band* band = score->mutable_bands()->add_bands();
          Set(band->mutable_from(), at);
          Set(band->mutable_points(), points());
        }
        return;
      case 2: {
        v1::StepDeduction* steps = score->mutable_step_deduction();
        Set(steps->mutable_full_points(), max);
        Set(steps->mutable_limit(), Between(0, 3));
        Set(steps->mutable_step(), Between(1, 2));
        Set(steps->mutable_loss_per_step(), Between(1, max));
        steps->set_steps(Chance(2) ? v1::StepDeduction::FULL : v1::StepDeduction::STARTED);
        steps->set_beyond(Chance(2) ? v1::StepDeduction::ABOVE : v1::StepDeduction::BELOW);
        return;
      }
      case 3:
        Set(score->mutable_share_of_target()->mutable_target(), Between(1, 6));
        Set(score->mutable_share_of_target()->mutable_full_points(), max);
        return;
      default: score->mutable_likert()->set_conversion(Chance(2) ? v1::Likert::OF_MAX : v1::Likert::MIN_MAX);
    }
  }

  v1::Missing::Rule AnyRule() {
    return Any<v1::Missing::Rule>({v1::Missing::REFUSE, v1::Missing::WORST, v1::Missing::LEAVE_OUT,
                                   v1::Missing::INSUFFICIENT, v1::Missing::VETO});
  }

  void Bands(v1::Grading* grading, int max) {
    std::set<int, std::greater<int>> from = {0};
    const int more = Between(1, 3);
    for (int i = 0; i < more; ++i) from.insert(max * Between(1, 10) / 10);
    if (Chance(3)) {
      grading->set_basis(v1::Grading::ROUNDED);
    }
    for (const int lower : from) {
      v1::Grading::Band* band = grading->add_bands();
      band->set_id(absl::StrCat("from_", lower));
      Set(band->mutable_from(), lower);
      if (lower > 0 && Chance(2)) Condition(band->mutable_condition());
    }
  }

  void Indicators(google::protobuf::RepeatedPtrField<v1::Indicator>* siblings, int depth) {
    const int count = Between(1, 3);
    const bool weighted = Chance(2);
    for (int i = 0; i < count; ++i) {
      v1::Indicator* indicator = siblings->Add();
      indicator->set_id(absl::StrCat("i", ++indicators_));
      const int max = Chance(2) ? 10 : 100;
      Set(indicator->mutable_max_points(), max);
      if (weighted) Set(indicator->mutable_weight(), i == 0 ? 1 : Between(0, 3));
      indicator->mutable_missing()->set_rule(AnyRule());
      if (depth > 0 && Chance(4)) {
        indicator->mutable_children()->set_combine(static_cast<v1::Indicator::Combine>(Between(1, 3)));
        Indicators(indicator->mutable_children()->mutable_indicators(), depth - 1);
      } else {
        indicator->set_metric(Any(kNumbers));
        Function(indicator->mutable_score(), max);
      }
      if (Chance(3)) {
        Condition(indicator->mutable_gate()->mutable_when());
        Set(indicator->mutable_gate()->mutable_cap_points(), max * Between(0, 10) / 10);
      }
      if (Chance(3)) Bands(indicator->mutable_levels(), max);
      ids_.push_back({indicator->id(), max});
    }
  }

  void Card(v1::Scorecard* card) {
    card->set_id("card");
    Set(card->mutable_max_score(), 100);
    if (Chance(3)) card->set_combine(static_cast<v1::Indicator::Combine>(Between(1, 3)));
    Indicators(card->mutable_indicators(), 1);
    if (Chance(4)) {
      card->set_profile_metric("role");
      for (const std::string& word : kWords) {
        v1::Profile* profile = card->add_profiles();
        profile->set_id(word);
        Set(&(*profile->mutable_weights())[card->indicators(0).id()], Between(1, 3));
      }
      if (Chance(2)) card->set_default_profile("x");
    }
    if (Chance(3)) {
      v1::Bonus* bonus = card->mutable_bonus();
      bonus->set_mode(Chance(2) ? v1::Bonus::RELATIVE : v1::Bonus::POINTS);
      Set(bonus->mutable_cap(), Between(1, 20));
      v1::Bonus::Source* source = bonus->add_sources();
      source->set_id("source");
      source->set_metric(Any(kNumbers));
      Set(source->mutable_each(), Between(0, 5));
      if (Chance(2)) Set(source->mutable_cap(), Between(1, 20));
    }
    if (Chance(2)) {
      v1::Cap* cap = card->add_caps();
      cap->set_id("cap");
      Condition(cap->mutable_when());
      Set(cap->mutable_max_score(), 10 * Between(1, 10));
    }
    const int vetoes = Between(0, 2);
    for (int i = 0; i < vetoes; ++i) {
      v1::Veto* veto = card->add_vetoes();
      veto->set_id(absl::StrCat("veto", i));
      Condition(veto->mutable_when());
      int max = 100;
      if (Chance(3)) {
        veto->set_scope(v1::Veto::INDICATOR);
        const auto& [id, points] = Any(ids_);
        veto->set_indicator(id);
        max = points;
      } else {
        veto->set_scope(v1::Veto::RECORD);
      }
      Set(Chance(2) ? veto->mutable_set_to() : veto->mutable_cap_at(), max * Between(0, 5) / 5);
      veto->mutable_missing()->set_rule(
          Any<v1::Missing::Rule>({v1::Missing::REFUSE, v1::Missing::VETO, v1::Missing::INSUFFICIENT}));
    }
    if (Chance(2)) Bands(card->mutable_grading(), 100);
  }

  std::mt19937 random_;
  int top_ = 2, indicators_ = 0;
  std::vector<std::pair<std::string, int>> ids_;
};

// What happened on all records of a policy.
struct Seen {
  std::set<std::string> grades, levels;  // Levels as "<indicator>/<level>".
  std::set<std::string> fired, spared;   // Vetoes, on records without a missing figure.
  std::set<std::string> bound_caps, gated;
  std::map<std::string, std::set<std::string>> targets;  // Statuses by id.
  bool bonus_capped = false, bonus_given = false;
  std::map<std::string, std::set<Decimal>> points;          // Of figures given, not gated.
  std::map<std::string, std::map<Decimal, Decimal>> curve;  // The same by figure.
};

Seen ScoreAll(const Policy& policy, int top) {
  Seen seen;
  const absl::StatusOr<Plan> plan = Plan::Compile(policy, "card");
  EXPECT_TRUE(plan.ok()) << plan.status();
  if (!plan.ok()) return seen;
  Record record = plan->NewRecord();
  const size_t ranks = static_cast<size_t>(top) + 1, words = kWords.size() + 1;
  for (size_t code = 0; code < ranks * ranks * ranks * words; ++code) {
    size_t rest = code;
    bool complete = true;
    record.Clear();
    for (const std::string& metric : kNumbers) {
      const size_t rank = rest % ranks;
      rest /= ranks;
      complete &= rank > 0;
      const int slot = plan->FindField(metric);
      if (rank > 0 && slot >= 0)
        record.SetInteger(static_cast<size_t>(slot), static_cast<std::int64_t>(rank));
    }
    complete &= rest > 0;
    const int slot = plan->FindField("role");
    if (rest > 0 && slot >= 0) record.SetText(static_cast<size_t>(slot), kWords[rest - 1]);
    const absl::StatusOr<Score> score = plan->Explain(record);
    EXPECT_TRUE(score.ok()) << score.status();
    if (!score.ok()) return seen;
    if (!score->grade.empty()) seen.grades.insert(std::string(score->grade));
    if (complete) {
      for (const Veto& veto : plan->scorecard()->vetoes) {
        const bool fired =
            std::find(score->vetoes.begin(), score->vetoes.end(), veto.id) != score->vetoes.end();
        (fired ? seen.fired : seen.spared).insert(veto.id);
      }
    }
    for (const LedgerLine& line : score->ledger) {
      const std::string id(line.id);
      if (line.kind == LedgerLine::Kind::kCap && line.binding) seen.bound_caps.insert(id);
      if (line.kind == LedgerLine::Kind::kBonusCap) seen.bonus_capped = true;
      if (line.kind == LedgerLine::Kind::kBonus && line.amount > Points()) seen.bonus_given = true;
      if (line.kind != LedgerLine::Kind::kIndicator) continue;
      if (line.gated) seen.gated.insert(id);
      if (line.level >= 0)
        seen.levels.insert(absl::StrCat(id, "/", plan->levels(id)[static_cast<size_t>(line.level)]));
      if (line.basis != LedgerLine::Basis::kGiven || line.gated) continue;
      seen.points[id].insert(line.points);
      if (line.has_value) seen.curve[id][line.value] = line.points;
    }
    const auto targets = plan->EvaluateTargets(record);
    EXPECT_TRUE(targets.ok()) << targets.status();
    if (!targets.ok()) return seen;
    for (const TargetResult& target : *targets)
      seen.targets[std::string(target.id)].insert(std::string(TargetStatusName(target.status)));
  }
  return seen;
}

// The message that a path of message fields and indexes leads to, and its id.
const google::protobuf::Message* At(const google::protobuf::Message& from, const std::string& path) {
  const google::protobuf::Message* at = &from;
  for (size_t start = 0; start < path.size();) {
    const size_t end = std::min(path.find('.', start), path.size());
    std::string step = path.substr(start, end - start);
    start = end + 1;
    int index = -1;
    if (const size_t bracket = step.find('['); bracket != std::string::npos) {
      index = std::stoi(step.substr(bracket + 1));
      step.resize(bracket);
    }
    const auto* field = at->GetDescriptor()->FindFieldByName(step);
    at = index >= 0 ? &at->GetReflection()->GetRepeatedMessage(*at, field, index)
                    : &at->GetReflection()->GetMessage(*at, field);
  }
  return at;
}

std::string IdAt(const v1::Policy& policy, const std::string& path) {
  const google::protobuf::Message* at = At(policy, path);
  return at->GetReflection()->GetString(*at, at->GetDescriptor()->FindFieldByName("id"));
}

std::string Up(const std::string& path, int steps = 1) {
  std::string up = path;
  for (int i = 0; i < steps; ++i) up.resize(up.rfind('.'));
  return up;
}

bool VetoedIndicator(const v1::Policy& policy, const std::string& id) {
  const auto& vetoes = policy.scorecards(0).vetoes();
  return std::any_of(vetoes.begin(), vetoes.end(),
                     [&id](const v1::Veto& veto) { return veto.indicator() == id; });
}

// Whether points fall (rise) somewhere as the figure rises.
bool Turns(const std::map<Decimal, Decimal>& curve, bool falls) {
  for (auto at = curve.begin(); at != curve.end() && std::next(at) != curve.end(); ++at) {
    const Decimal before = at->second, after = std::next(at)->second;
    if (falls ? after < before : before < after) return true;
  }
  return false;
}

// Whether a finding is true of what was seen; "" or what speaks against it. `judged` counts the findings that this
// test knows to judge.
std::string Contradicted(const v1::Policy& policy, const Diagnostic& found, const Seen& seen,
                         std::map<std::string, int>* judged) {
  const std::string& code = found.code;
  const std::string& path = found.path;
  const auto judge = [&](bool holds, const std::string& why) {
    ++(*judged)[code];
    return holds ? "" : why;
  };
  if (code == "veto-never-fires") return judge(seen.fired.count(IdAt(policy, Up(path))) == 0, "it fired");
  if (code == "veto-always-fires")
    return judge(seen.spared.count(IdAt(policy, Up(path))) == 0, "it did not fire");
  if (code == "cap-never-binds" && path.find("max_score") != std::string::npos) {
    return judge(seen.bound_caps.count(IdAt(policy, Up(path))) == 0, "it bound");
  }
  if (code == "gate-never-binds") return judge(seen.gated.count(IdAt(policy, Up(path, 2))) == 0, "it bound");
  if (code == "band-never-reached" || code == "condition-contradicts-band") {
    const std::string band = code == "band-never-reached" ? path : Up(path);
    const std::string id = IdAt(policy, band);
    if (band.find(".grading.") != std::string::npos)
      return judge(seen.grades.count(id) == 0, "a score is in the band");
    return judge(seen.levels.count(IdAt(policy, Up(band, 2)) + "/" + id) == 0, "points are in the band");
  }
  if (code == "score-decreases") {
    const auto& indicator = static_cast<const v1::Indicator&>(*At(policy, Up(path)));
    const auto curve = seen.curve.find(indicator.id());
    if (curve == seen.curve.end() || VetoedIndicator(policy, indicator.id()) || indicator.has_gate())
      return "";
    const auto metric = std::find_if(policy.metrics().begin(), policy.metrics().end(),
                                     [&](const v1::Metric& one) { return one.id() == indicator.metric(); });
    return judge(Turns(curve->second, metric->direction() == v1::Metric::HIGHER_IS_BETTER),
                 "points do not turn");
  }
  if (code == "score-constant" || code == "max-points-unreachable") {
    const std::string id = IdAt(policy, Up(path));
    const auto points = seen.points.find(id);
    if (points == seen.points.end() || VetoedIndicator(policy, id)) return "";
    if (code == "score-constant") return judge(points->second.size() == 1, "points differ");
    return judge(*points->second.rbegin() <= *Decimal::Parse(found.witness), "there were more points");
  }
  if (code == "target-never-met")
    return judge(seen.targets.at(IdAt(policy, Up(path))).count("met") == 0, "it was met");
  if (code == "target-always-met")
    return judge(seen.targets.at(IdAt(policy, Up(path))).count("missed") == 0, "it was missed");
  if (code == "bonus-never-binds" && path == "scorecards[0].bonus.cap")
    return judge(!seen.bonus_capped, "it bound");
  if (code == "bonus-never-counts") return judge(!seen.bonus_given, "it counted");
  return "";
}

TEST(CheckerBruteForce, WhatItSaysIsTrueOfEveryRecord) {
  constexpr unsigned kPolicies = 1500;
  std::map<std::string, int> judged;
  for (unsigned seed = 1; seed <= kPolicies; ++seed) {
    Draw draw(seed);
    const v1::Policy message = draw.Policy();
    std::vector<Diagnostic> findings;
    policy::CheckPolicy(message, policy::Places(), &findings);
    // The logic of a policy with findings can be judged all the same, once it is built past them.
    const absl::StatusOr<Policy> policy = PolicyBuilder::Build(message, {});
    ASSERT_TRUE(policy.ok()) << policy.status() << policy::PrettyJson(message);
    const Seen seen = ScoreAll(*policy, draw.top());
    std::set<std::string> never, always;
    for (const Diagnostic& found : findings) {
      const std::string against = Contradicted(message, found, seen, &judged);
      ASSERT_EQ(against, "") << "seed " << seed << ": " << ToLine(found, Language::kEnglish) << "\n"
                             << policy::PrettyJson(message);
      if (found.code == "veto-never-fires") never.insert(IdAt(message, Up(found.path)));
      if (found.code == "veto-always-fires") always.insert(IdAt(message, Up(found.path)));
    }
    // On spaces as small as these nothing about a condition is missed, either.
    for (const v1::Veto& veto : message.scorecards(0).vetoes()) {
      ASSERT_EQ(seen.fired.count(veto.id()) == 0, never.count(veto.id()) == 1)
          << "seed " << seed << " " << veto.id() << "\n"
          << policy::PrettyJson(message);
      ASSERT_EQ(seen.spared.count(veto.id()) == 0, always.count(veto.id()) == 1)
          << "seed " << seed << " " << veto.id() << "\n"
          << policy::PrettyJson(message);
    }
  }
  for (const char* code :
       {"score-decreases", "veto-never-fires", "veto-always-fires", "cap-never-binds", "gate-never-binds",
        "band-never-reached", "condition-contradicts-band", "score-constant", "max-points-unreachable",
        "target-never-met", "target-always-met", "bonus-never-binds", "bonus-never-counts"}) {
    EXPECT_GE(judged[code], 20) << code;
  }
}

}  // namespace
}  // namespace csat
