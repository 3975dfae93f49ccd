// Random questionnaires, asked in every way that they can be answered: what the checker says of all paths is what the
// interviews find, and an interview comes out the same however many items are asked at a time.
#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "csat/policy/policy.h"
#include "csat/survey/interview.h"
#include "csat/v1/policy.pb.h"
#include "gtest/gtest.h"
#include "policy/canonical.h"
#include "policy/policy_index.h"
#include "policy/question_paths.h"
#include "policy/questionnaire_builder.h"

namespace csat {
namespace {

constexpr int kRanks = 3;

class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}

  // One of few answers: ranks, words, options. Conditions read what stands before, and now and then what does not.
  v1::Policy Policy() {
    v1::Policy policy;
    v1::Scale* scale = policy.add_scales();
    scale->set_id("ranks");
    scale->mutable_min()->set_micros(Decimal::kOne);
    scale->mutable_max()->set_micros(kRanks * Decimal::kOne);
    scale->set_integer(true);
    scale->set_direction(v1::Scale::HIGHER_IS_BETTER);
    v1::Questionnaire* questionnaire = policy.add_questionnaires();
    questionnaire->set_id("form");
    questionnaire->set_version("1");
    AddWord(&policy, "known");
    questionnaire->add_context("known");
    readable_ = {"known"};
    const int items = Between(2, 5);
    for (int i = 0; i < items; ++i) {
      v1::Item* item = questionnaire->add_items();
      const std::string id = "i" + std::to_string(i);
      item->set_id(id);
      if (Chance(2)) *item->mutable_shown_when() = Condition(2);
      item->set_required(Chance(2));
      item->set_detail(Chance(5));
      switch (Between(0, 3)) {
        case 0:
          AddWord(&policy, id);
          readable_.push_back(id);
          break;
        case 1: {
          const int options = Between(2, 3);
          item->mutable_several()->set_at_least(Between(0, 2));
          item->mutable_several()->set_at_most(std::max(item->several().at_least(), Between(0, 2)));
          for (int option = 0; option < options; ++option) {
            item->add_options()->set_id("o" + std::to_string(option));
            v1::Metric* metric = policy.add_metrics();
            metric->set_id(id + "_o" + std::to_string(option));
            metric->mutable_min()->set_micros(0);
            metric->mutable_max()->set_micros(Decimal::kOne);
            metric->mutable_number();
            readable_.push_back(metric->id());
          }
          break;
        }
        default: {
          v1::Metric* metric = policy.add_metrics();
          metric->set_id(id);
          metric->set_scale("ranks");
          metric->mutable_number();
          readable_.push_back(id);
        }
      }
    }
    return policy;
  }

 private:
  int Between(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool Chance(int one_in) { return Between(1, one_in) == 1; }

  void AddWord(v1::Policy* policy, const std::string& id) {
    v1::Metric* metric = policy->add_metrics();
    metric->set_id(id);
    metric->mutable_text()->add_values("x");
    metric->mutable_text()->add_values("y");
    words_.insert(id);
  }

  v1::Predicate Condition(int depth) {
    v1::Predicate predicate;
    switch (depth == 0 ? Between(3, 7) : Between(0, 7)) {
      case 0: *predicate.mutable_not_() = Condition(depth - 1); return predicate;
      case 1:
      case 2: {
        const bool all = Chance(2);
        v1::PredicateList* list = all ? predicate.mutable_all() : predicate.mutable_any();
        for (int i = Between(1, 3); i > 0; --i) *list->add_of() = Condition(depth - 1);
        return predicate;
      }
      case 3: {
        predicate.mutable_at_least()->set_count(Between(1, 2));
        for (int i = Between(2, 3); i > 0; --i) *predicate.mutable_at_least()->add_of() = Compare();
        return predicate;
      }
      case 4: predicate.set_answered(Metric()); return predicate;
      default: return Compare();
    }
  }

  std::string Metric() {
    return readable_[static_cast<std::size_t>(Between(0, static_cast<int>(readable_.size()) - 1))];
  }

  v1::Predicate Compare() {
    v1::Predicate predicate;
    v1::Comparison* compare = predicate.mutable_compare();
    compare->set_metric(Metric());
    if (words_.count(compare->metric()) != 0) {
      compare->set_op(Chance(2) ? v1::Comparison::EQ : v1::Comparison::NE);
      compare->set_text(Chance(2) ? "x" : "y");
    } else {
      compare->set_op(static_cast<v1::Comparison::Op>(Between(v1::Comparison::LT, v1::Comparison::GT)));
      compare->mutable_value()->set_micros(Between(0, 2 * kRanks) * Decimal::kOne / 2);
    }
    return predicate;
  }

  std::mt19937 random_;
  std::set<std::string> words_;
  std::vector<std::string> readable_;
};

std::vector<Answer> WaysToAnswer(const QuestionnaireItem& item) {
  std::vector<Answer> ways;
  if (!item.required) ways.emplace_back(std::monostate());
  switch (item.kind) {
    case QuestionnaireItem::Kind::kChoice:
      ways.insert(ways.end(), {std::string("x"), std::string("y")});
      break;
    case QuestionnaireItem::Kind::kSeveral:
      for (unsigned chosen = 0; chosen < 1u << item.options.size(); ++chosen) {
        std::vector<std::string> list;
        for (std::size_t i = 0; i < item.options.size(); ++i) {
          if ((chosen >> i & 1u) != 0) list.push_back(item.options[i].id);
        }
        const int count = static_cast<int>(list.size());
        if (count >= item.at_least && count <= item.at_most) ways.emplace_back(std::move(list));
      }
      break;
    default:
      for (int rank = 1; rank <= kRanks; ++rank) ways.emplace_back(Decimal::FromInteger(rank));
  }
  return ways;
}

// Everything that all interviews find.
struct Found {
  int least = 1000, most = -1;
  std::set<std::size_t> shown_somewhere, hidden_somewhere;
  long interviews = 0;
};

void Interview(const Questionnaire& questionnaire, Answers* answers, Found* found) {
  const std::vector<std::size_t> due = NextItems(questionnaire, *answers);
  if (due.empty()) {
    const AnswersReport report = CheckAnswers(questionnaire, *answers);
    ASSERT_EQ(report.state, AnswersReport::State::kComplete) << report.problems.front().message;
    int questions = 0;
    for (const std::size_t i : report.shown) questions += !questionnaire.items[i].detail;
    found->least = std::min(found->least, questions);
    found->most = std::max(found->most, questions);
    const std::set<std::size_t> shown(report.shown.begin(), report.shown.end());
    for (std::size_t i = 0; i < questionnaire.items.size(); ++i)
      (shown.count(i) != 0 ? found->shown_somewhere : found->hidden_somewhere).insert(i);
    // What was shown is what was asked.
    std::set<std::string> asked;
    for (const auto& [field, answer] : *answers) asked.insert(field);
    asked.erase("known");
    std::set<std::string> fields;
    for (const std::size_t i : report.shown) fields.insert(questionnaire.items[i].field);
    ASSERT_EQ(asked, fields);
    ++found->interviews;
    return;
  }
  const QuestionnaireItem& item = questionnaire.items[due.front()];
  for (const Answer& answer : WaysToAnswer(item)) {
    (*answers)[item.field] = answer;
    // The items due with it stay due, whatever it is.
    const std::vector<std::size_t> then = NextItems(questionnaire, *answers);
    ASSERT_LE(due.size() - 1, then.size());
    ASSERT_TRUE(std::equal(due.begin() + 1, due.end(), then.begin()));
    Interview(questionnaire, answers, found);
    answers->erase(item.field);
  }
}

// P0-43, P2-52.
TEST(InterviewProperty, FindsOnAllPathsWhatTheCheckerSaysOfThem) {
  long interviews = 0;
  int unreachable = 0, narrow = 0;
  for (unsigned seed = 1; seed <= 1500; ++seed) {
    const v1::Policy policy = Draw(seed).Policy();
    SCOPED_TRACE(policy::CanonicalJson(policy));
    const policy::PolicyIndex index(policy);
    const policy::QuestionPaths paths = policy::FollowPaths(policy.questionnaires(0), index);
    ASSERT_TRUE(paths.counted);
    std::vector<Metric> metrics;
    const absl::StatusOr<Scale> scale = Scale::Create(
        "ranks", Decimal::FromInteger(1), Decimal::FromInteger(kRanks), true, Direction::kHigherIsBetter);
    for (const v1::Metric& metric : policy.metrics()) {
      Metric& built = metrics.emplace_back();
      built.id = metric.id();
      if (metric.has_text()) {
        built.form = TextForm{metric.id(), {"x", "y"}};
      } else {
        built.form = NumberForm{metric.id()};
        if (!metric.scale().empty()) built.scale = *scale;
        built.min = Decimal::FromInteger(metric.scale().empty() ? 0 : 1);
        built.max = Decimal::FromInteger(metric.scale().empty() ? 1 : kRanks);
      }
    }
    const Questionnaire questionnaire = policy::BuildQuestionnaire(policy.questionnaires(0), index, metrics);
    Found found;
    for (const char* const known : {"", "x", "y"}) {
      Answers answers;
      if (known[0] != '\0') answers["known"] = std::string(known);
      Interview(questionnaire, &answers, &found);
      if (HasFatalFailure()) return;
    }
    EXPECT_EQ(paths.least, found.least);
    EXPECT_EQ(paths.most, found.most);
    for (std::size_t i = 0; i < paths.items.size(); ++i) {
      EXPECT_EQ(paths.items[i].shown_somewhere, found.shown_somewhere.count(i) != 0) << i;
      EXPECT_EQ(paths.items[i].shown_everywhere, found.hidden_somewhere.count(i) == 0) << i;
      EXPECT_EQ(paths.items[i].hidden_example.empty(), paths.items[i].shown_everywhere) << i;
      unreachable += !paths.items[i].shown_somewhere;
    }
    narrow += paths.least < paths.most;
    interviews += found.interviews;
    if (HasFailure()) return;
  }
  EXPECT_GT(interviews, 50'000);
  EXPECT_GT(unreachable, 20);
  EXPECT_GT(narrow, 300);
}

}  // namespace
}  // namespace csat
