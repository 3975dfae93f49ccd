// The examples of the clauses on questionnaires that speak of days and versions, on the ready-made policies; those on
// answers are cases of the policies themselves.
#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "csat/policy/policy.h"
#include "csat/survey/interview.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using testing::ElementsAre;

std::string Read(const std::string& name) {
  std::ifstream in(std::string(CSAT_SOURCE_DIR) + "/policies/" + name + ".json", std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Policy Load(const std::string& name) { return *Policy::Parse(Read(name)); }

std::vector<std::string> Offered(const Policy& policy, std::string_view event, const Answers& context) {
  std::vector<std::string> ids;
  const absl::StatusOr<Offers> offers = OfferedOn(policy.questionnaires(), event, context);
  EXPECT_TRUE(offers.ok()) << offers.status();
  for (std::size_t k = 0; offers.ok() && k < offers->offered.size(); ++k)
    ids.push_back(policy.questionnaires()[offers->offered[k]].id);
  return ids;
}

// The codes of what the checker finds after `from` was replaced by `to` once.
std::vector<std::string> CodesWithout(std::string json, const std::string& from, const std::string& to) {
  const std::size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  json.replace(at, from.size(), to);
  std::vector<Diagnostic> findings;
  (void)Policy::Parse(json, &findings);
  std::vector<std::string> codes;
  for (const Diagnostic& found : findings) codes.push_back(found.code);
  return codes;
}

CalendarDate Day(const char* text) { return *CalendarDate::Parse(text); }

// P0-42, P0-47.
TEST(QuestionnaireClauses, ARetailTransactionBringsTheInstantQuestionnaireAndAnApplianceACall) {
  const Policy policy = Load("satisfaction-control");
  EXPECT_THAT(Offered(policy, "online_order", {{"product_category", std::string("daily_goods")}}),
              ElementsAre("instant"));
  EXPECT_THAT(Offered(policy, "contract_signed", {{"product_category", std::string("daily_goods")}}),
              ElementsAre());
  EXPECT_THAT(Offered(policy, "goods_received", {{"product_category", std::string("home_appliance")}}),
              ElementsAre("phone_callback"));
}

// P0-43, P0-44.
TEST(QuestionnaireClauses, TheInstantQuestionnaireIsShortAndHasItsCore) {
  const Policy policy = Load("satisfaction-control");
  const Questionnaire& instant = *policy.FindQuestionnaire("instant");
  EXPECT_EQ(instant.max_questions, 5);
  EXPECT_EQ(instant.most_questions, 2);
  EXPECT_THAT(CodesWithout(Read("satisfaction-control"), R"("max_questions": 5)", R"("max_questions": 1)"),
              ElementsAre("too-many-questions"));
  EXPECT_THAT(
      CodesWithout(Read("satisfaction-control"), R"(["rating", "best_and_worst"])", R"(["rating", "worst"])"),
      ElementsAre("core-item"));
}

// P0-49: the wording of a call is part of the version that answers are kept with.
TEST(QuestionnaireClauses, ACallHasTwoNeutralOpenQuestionsOfOneVersion) {
  const Policy policy = Load("satisfaction-control");
  const Questionnaire& call = *policy.FindQuestionnaire("phone_callback");
  EXPECT_EQ(call.version, "1");
  ASSERT_EQ(call.most_questions, 2);
  for (const std::size_t i : {0, 1}) {
    EXPECT_EQ(call.items[i].kind, QuestionnaireItem::Kind::kOpen);
    EXPECT_FALSE(call.items[i].text.In("zh", "").empty());
  }
}

// P1-25.
TEST(QuestionnaireClauses, EachProductTypeHasItsOwnItems) {
  const Policy policy = Load("annual-survey");
  EXPECT_THAT(Offered(policy, "", {{"product_type", std::string("A")}}), ElementsAre("product_a"));
  EXPECT_THAT(Offered(policy, "", {{"product_type", std::string("B")}}), ElementsAre("product_b"));
  const AnswersReport report =
      CheckAnswers(*policy.FindQuestionnaire("product_a"), {{"b_product_quality", Decimal::FromInteger(80)}});
  EXPECT_EQ(report.state, AnswersReport::State::kInvalid);
  EXPECT_EQ(report.problems.back().kind, AnswerProblem::Kind::kUnknownItem);
}

// P1-26.
TEST(QuestionnaireClauses, AWaveWantsTheConfirmationOfItsYear) {
  const Policy policy = Load("annual-survey");
  const Questionnaire& form = *policy.FindQuestionnaire("product_a");
  EXPECT_TRUE(MayStart(form, Day("2025-12-31")).ok());
  EXPECT_EQ(MayStart(form, Day("2026-01-01")).message(),
            "questionnaire 'product_a' version '2025' is not confirmed for 2026");
}

// P2-22, P2-23, P2-24, P2-128.
TEST(QuestionnaireClauses, TheAfterSalesQuestionnaireIsChecked) {
  const std::string json = Read("retail-after-sales");
  EXPECT_THAT(
      CodesWithout(json, "How satisfied are you with the attitude of our staff?", std::string(120, 'x')),
      ElementsAre("long-question"));
  EXPECT_THAT(CodesWithout(json, R"("topic": "problem_solving_efficiency")", R"("topic": "price")"),
              ElementsAre("topic-not-asked"));
  const Policy policy = Load("retail-after-sales");
  const Questionnaire& form = *policy.FindQuestionnaire("core_after_sales");
  EXPECT_EQ(form.items[0].metric.scale->labels().size(), 5u);
  EXPECT_EQ(form.items[0].metric.scale->RankOf("非常满意"), 5);
  EXPECT_EQ(form.items[0].metric.scale->RankOf("非常不满意"), 1);
  EXPECT_EQ(form.min_duration_ms, 30'000);
  EXPECT_EQ(policy.FindQuestionnaire("star_qr")->min_duration_ms, 0);
  for (const char* const id : {"fresh", "appliance"}) {
    const Questionnaire& scenario = *policy.FindQuestionnaire(id);
    EXPECT_EQ(scenario.items.back().id, "open_improvement");
    EXPECT_TRUE(scenario.items.back().required);
    EXPECT_TRUE(scenario.items.back().always_shown);
  }
}

// P3-37.
TEST(QuestionnaireClauses, TheSecondCallComesWithinAMonthOfTheSaleAndAfterTheFirst) {
  const Policy policy = Load("iso-monitoring");
  const Questionnaire& second = *policy.FindQuestionnaire("sales_callback_2");
  EXPECT_EQ(LastDayOf(*second.follow_up, Day("2025-01-31"))->ToString(), "2025-02-28");
  EXPECT_EQ(LastDayOf(*second.follow_up, Day("2025-03-03"))->ToString(), "2025-04-03");
  EXPECT_FALSE(CheckFollowUp(second, Day("2025-03-03"), std::nullopt, Day("2025-03-20")).ok());
  EXPECT_TRUE(CheckFollowUp(second, Day("2025-03-03"), Day("2025-03-06"), Day("2025-03-20")).ok());
}

// Where the paths are too many to follow, the bounds that hold without.
TEST(Questionnaire, HasBoundsWhereItsPathsAreTooMany) {
  const Policy policy = Load("../tests/policy/broken/questionnaire-too-entangled");
  const Questionnaire& form = policy.questionnaires()[0];
  EXPECT_FALSE(form.paths_followed);
  EXPECT_EQ(form.least_questions, 19);
  EXPECT_EQ(form.most_questions, 22);
  EXPECT_FALSE(form.items.back().always_shown);
  EXPECT_TRUE(form.items[0].always_shown);
  EXPECT_TRUE(Load("feedback-handling").questionnaires()[0].paths_followed);
}

// P3-40, P3-47, P3-51, P3-88.
TEST(QuestionnaireClauses, ItemsSayWhereTheyComeFromWhatTheyAreOnAndWhatTheyAreFor) {
  const Policy policy = Load("iso-monitoring");
  EXPECT_EQ(policy.FindQuestionnaire("sales_callback_2")->items[0].origin, "oem");
  EXPECT_EQ(policy.FindQuestionnaire("sales_callback_2")->items[1].origin, "css_weakness");
  for (const QuestionnaireItem& item : policy.FindQuestionnaire("customer_survey")->items)
    EXPECT_FALSE(item.purpose.empty()) << item.id;
  EXPECT_THAT(policy.FindQuestionnaire("customer_survey")->topics,
              ElementsAre("product", "service_quality", "delivery", "after_sales"));
  EXPECT_THAT(policy.FindQuestionnaire("regular_questionnaire")->topics,
              ElementsAre("product_quality", "service_efficiency", "after_sales_support"));
  EXPECT_THAT(CodesWithout(Read("iso-monitoring"), R"("topic": "delivery")", R"("topic": "price")"),
              ElementsAre("topic-not-asked"));
  EXPECT_THAT(CodesWithout(Read("iso-monitoring"), R"("purpose": "compare product lines",)", ""),
              ElementsAre("item-without-purpose"));
}

}  // namespace
}  // namespace csat
