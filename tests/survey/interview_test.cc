// Interviews by hand: what comes next, and what is wrong with a set of answers.
#include "csat/survey/interview.h"

#include <optional>
#include <string>
#include <vector>

#include "csat/policy/policy.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kHead[] = R"("version": "1", "effective_from": "2025-01-01", "zone": "UTC",
  "scales": [{"id": "five", "min": 1, "max": 5, "integer": true, "direction": "HIGHER_IS_BETTER",
              "labels": [{"rank": 1, "label": {"en": "bad"}}, {"rank": 5, "label": {"en": "good", "zh": "好"}}]}],
  "metrics": [
    {"id": "overall", "scale": "five", "missing_values": [9], "number": {}},
    {"id": "worst", "text": {}},
    {"id": "best", "text": {}},
    {"id": "hours", "min": 0, "max": 24.5, "number": {"field": "hours_waited"}},
    {"id": "category", "text": {"values": ["fresh", "appliance"]}},
    {"id": "branch", "text": {"values": ["east", "west"]}},
    {"id": "channel_phone", "min": 0, "max": 1, "number": {}},
    {"id": "channel_mail", "min": 0, "max": 1, "number": {}},
    {"id": "channel_shop", "min": 0, "max": 1, "number": {}},
    {"id": "mail_rating", "scale": "five", "number": {}}
  ],
  "questionnaires": [{"id": "form", "version": "v1", "context": ["category"], "items": [
    {"id": "overall", "required": true},
    {"id": "worst", "shown_when": {"compare": {"metric": "overall", "op": "LE", "value": 2}}, "required": true,
     "max_characters": 5},
    {"id": "best", "shown_when": {"compare": {"metric": "overall", "op": "GT", "value": 2}}},
    {"id": "hours", "shown_when": {"compare": {"metric": "category", "op": "EQ", "text": "appliance"}}},
    {"id": "branch"},
    {"id": "channel", "several": {"at_least": 1, "at_most": 2},
     "options": [{"id": "phone"}, {"id": "mail"}, {"id": "shop"}]},
    {"id": "mail_rating", "shown_when": {"compare": {"metric": "channel_mail", "op": "EQ", "value": 1}}}
  ]}])";

Policy MakePolicy(const std::string& rest) {
  std::vector<Diagnostic> found;
  absl::StatusOr<Policy> policy = Policy::Parse("{\"id\": \"p\", " + rest + "}", &found);
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *policy;
}

const Questionnaire& Form() {
  static const Policy* const policy = new Policy(MakePolicy(kHead));
  return policy->questionnaires().front();
}

Decimal Number(const char* literal) { return *Decimal::Parse(literal); }

std::vector<std::string> Next(const Answers& answers) {
  std::vector<std::string> ids;
  for (const std::size_t i : NextItems(Form(), answers)) ids.push_back(Form().items[i].id);
  return ids;
}

TEST(Questionnaire, CountsTheQuestionsOfItsShortestAndItsLongestPath) {
  EXPECT_EQ(Form().least_questions, 4);
  EXPECT_EQ(Form().most_questions, 6);
  EXPECT_TRUE(Form().items[0].always_shown);
  EXPECT_FALSE(Form().items[1].always_shown);
  EXPECT_EQ(Form().items[0].kind, QuestionnaireItem::Kind::kRating);
  EXPECT_EQ(Form().items[1].kind, QuestionnaireItem::Kind::kOpen);
  EXPECT_EQ(Form().items[3].kind, QuestionnaireItem::Kind::kQuantity);
  EXPECT_EQ(Form().items[3].field, "hours_waited");
  EXPECT_EQ(Form().items[4].kind, QuestionnaireItem::Kind::kChoice);
  EXPECT_EQ(Form().items[5].kind, QuestionnaireItem::Kind::kSeveral);
  EXPECT_EQ(Form().items[5].options[1].metric, "channel_mail");
}

struct NextCase {
  const char* name;
  Answers answers;
  std::vector<std::string> next;
};
class NextTest : public testing::TestWithParam<NextCase> {};
// P2-52.
TEST_P(NextTest, AsksWhatIsSureToBeShown) { EXPECT_EQ(Next(GetParam().answers), GetParam().next); }

INSTANTIATE_TEST_SUITE_P(
    Table, NextTest,
    testing::ValuesIn<NextCase>({
        {"WaitsForTheFirstAnswer", {}, {"overall"}},
        {"AtTheLimitOfACondition", {{"overall", Number("2")}}, {"worst", "branch", "channel"}},
        {"BeyondIt", {{"overall", Number("3")}}, {"best", "branch", "channel"}},
        {"ByItsLabel", {{"overall", std::string("好")}}, {"best", "branch", "channel"}},
        {"RequiredAndLeftOut", {{"overall", std::monostate()}}, {"overall"}},
        {"ValueThatMeansMissing", {{"overall", Number("9")}}, {"overall"}},
        {"OffTheScaleIsAskedAgain", {{"overall", Number("6")}}, {"overall"}},
        {"ByItsContext",
         {{"overall", Number("3")}, {"category", std::string("appliance")}},
         {"best", "hours", "branch", "channel"}},
        {"OptionalAndLeftOut",
         {{"overall", Number("3")}, {"best", std::monostate()}, {"branch", std::monostate()}},
         {"channel"}},
        {"BlankIsLeftOut",
         {{"overall", Number("3")}, {"best", std::string(" \t\u3000")}, {"branch", std::monostate()}},
         {"channel"}},
        {"OptionThatLeadsOn",
         {{"overall", Number("3")},
          {"best", std::string("staff")},
          {"branch", std::string("east")},
          {"channel", std::vector<std::string>{"mail", "shop"}}},
         {"mail_rating"}},
        {"OptionThatDoesNot",
         {{"overall", Number("3")},
          {"best", std::string("staff")},
          {"branch", std::string("east")},
          {"channel", std::vector<std::string>{"phone"}}},
         {}},
        {"LeftOutLeadsNowhere",
         {{"overall", Number("3")},
          {"best", std::monostate()},
          {"branch", std::monostate()},
          {"channel", std::monostate()}},
         {}},
        {"StrangersAreNoAnswers", {{"color", Number("1")}}, {"overall"}},
    }),
    [](const auto& info) { return info.param.name; });

struct ProblemCase {
  const char* name;
  const char* field;
  Answer answer;
  const char* kind;     // nullptr: nothing is wrong.
  const char* message;  // After the name of the item.
};
class ProblemTest : public testing::TestWithParam<ProblemCase> {};
// P2-52, P4-04.
TEST_P(ProblemTest, IsNamedWithItsItemAndItsLimit) {
  Answers answers = {
      {"overall", Number("2")}, {"worst", std::string("wait")}, {"category", std::string("appliance")}};
  answers[GetParam().field] = GetParam().answer;
  const AnswersReport report = CheckAnswers(Form(), answers);
  const AnswerProblem* found = nullptr;
  for (const AnswerProblem& problem : report.problems) {
    if (problem.field == GetParam().field) found = &problem;
  }
  if (GetParam().kind == nullptr) {
    EXPECT_THAT(report.problems, IsEmpty()) << report.problems.front().message;
    return;
  }
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(Word(found->kind), GetParam().kind);
  EXPECT_EQ(found->message, "item '" + std::string(GetParam().field) + "': " + GetParam().message);
  EXPECT_NE(found->message, found->message_zh);
  EXPECT_EQ(found->message.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ProblemTest,
    testing::ValuesIn<ProblemCase>({
        {"LowestRank", "overall", Number("1"), nullptr, ""},
        {"BelowIt", "overall", Number("0"), "off_scale", "0 is no whole rank of [1, 5]"},
        {"BetweenRanks", "overall", Number("1.5"), "off_scale", "1.5 is no whole rank of [1, 5]"},
        {"HighestNumber", "hours_waited", Number("24.5"), nullptr, ""},
        {"AboveIt", "hours_waited", Number("24.500001"), "off_scale", "24.500001 lies outside [0, 24.5]"},
        {"TextForARating", "overall", std::string("fine"), "wrong_type",
         "'fine' is not a number or a label of its scale"},
        {"TextForANumber", "hours_waited", std::string("two"), "wrong_type", "'two' is not a number"},
        {"NumberForAText", "worst", Number("1"), "wrong_type", "1 is not a text"},
        {"ListForAText", "worst", std::vector<std::string>{"a"}, "wrong_type", "a list of 1 is not a text"},
        {"NoUtf8", "worst", std::string("\xff"), "wrong_type", "'\\xff' is not UTF-8"},
        {"FiveCharacters", "worst", std::string("等得太久了"), nullptr, ""},
        {"SixCharacters", "worst", std::string("等得太久了。"), "too_long",
         "a text of 6 characters; the limit is 5"},
        {"RequiredAndLeftOut", "worst", std::monostate(), "unanswered", "it has to be answered, and is not"},
        {"RequiredAndBlank", "worst", std::string("  "), "unanswered", "it has to be answered, and is not"},
        {"NotShown", "best", std::string("staff"), "not_shown",
         "'staff' answers an item that the other answers do not lead to"},
        {"NotShownAndLeftOut", "best", std::monostate(), nullptr, ""},
        {"Word", "branch", std::string("east"), nullptr, ""},
        {"NoWord", "branch", std::string("north"), "unknown_option", "'north' is none of its 2 options"},
        {"ContextOfNoWord", "category", std::string("frozen"), "unknown_option",
         "'frozen' is none of its 2 options"},
        {"NoOption", "channel", std::vector<std::string>{}, "too_few_options",
         "0 options are chosen; the least is 1"},
        {"TwoOptions", "channel", std::vector<std::string>{"phone", "shop"}, nullptr, ""},
        {"ThreeOptions", "channel", std::vector<std::string>{"phone", "shop", "mail"}, "too_many_options",
         "3 options are chosen; the most is 2"},
        {"OptionTwice", "channel", std::vector<std::string>{"phone", "phone"}, "option_twice",
         "'phone' is chosen twice"},
        {"UnknownOption", "channel", std::vector<std::string>{"fax"}, "unknown_option",
         "'fax' is none of its 3 options"},
        {"OneTextForAList", "channel", std::string("phone"), "wrong_type",
         "'phone' is not a list of options"},
        {"Stranger", "colour", Number("1"), "unknown_item", "questionnaire 'form' has no such item"},
    }),
    [](const auto& info) { return info.param.name; });

TEST(CheckAnswers, SaysWhetherTheyAreWhole) {
  EXPECT_EQ(CheckAnswers(Form(), {{"overall", Number("3")}}).state, AnswersReport::State::kComplete);
  const AnswersReport incomplete = CheckAnswers(Form(), {{"overall", Number("2")}});
  EXPECT_EQ(incomplete.state, AnswersReport::State::kIncomplete);
  EXPECT_THAT(incomplete.shown, ElementsAre(0, 1, 4, 5));
  EXPECT_EQ(CheckAnswers(Form(), {{"overall", Number("2")}, {"colour", Number("1")}}).state,
            AnswersReport::State::kInvalid);
}

// What is wrong leads nowhere: one mistake, one finding.
TEST(CheckAnswers, TakesAWrongAnswerForNone) {
  const AnswersReport report =
      CheckAnswers(Form(), {{"overall", Number("7")}, {"best", std::string("staff")}});
  ASSERT_EQ(report.problems.size(), 2u);
  EXPECT_EQ(report.problems[0].kind, AnswerProblem::Kind::kOffScale);
  EXPECT_EQ(report.problems[1].kind, AnswerProblem::Kind::kNotShown);
}

// P2-128, P2-151, P2-29.
TEST(OfferedOn, GoesByTheEventAndByWhatIsKnown) {
  const Policy policy = MakePolicy(R"("version": "1", "effective_from": "2025-01-01", "zone": "UTC",
    "metrics": [{"id": "category", "text": {"values": ["fresh", "appliance"]}},
                {"id": "price", "min": 0, "max": 100000, "number": {}}, {"id": "why", "text": {}}],
    "questionnaires": [
      {"id": "any", "version": "1", "items": [{"id": "why"}]},
      {"id": "paid", "version": "1", "triggers": ["payment"], "items": [{"id": "why"}]},
      {"id": "dear", "version": "1", "context": ["category", "price"], "items": [{"id": "why"}],
       "offered_when": {"any": {"of": [{"compare": {"metric": "category", "op": "EQ", "text": "appliance"}},
                                       {"compare": {"metric": "price", "op": "GE", "value": 1000}}]}}}])");
  struct Row {
    const char* event;
    Answers context;
    std::vector<std::size_t> offered, undecided;
  };
  const std::vector<Row> rows = {
      {"payment", {{"category", std::string("fresh")}, {"price", Number("999.99")}}, {0, 1}, {}},
      {"payment", {{"category", std::string("fresh")}, {"price", Number("1000")}}, {0, 1, 2}, {}},
      {"return", {{"category", std::string("appliance")}}, {0, 2}, {}},
      {"return", {{"category", std::string("fresh")}}, {0}, {2}},
      {"return", {{"price", Number("0")}, {"colour", std::string("red")}}, {0}, {2}},
      {"", {}, {0, 1}, {2}},
  };
  for (const Row& row : rows) {
    const absl::StatusOr<Offers> offers = OfferedOn(policy.questionnaires(), row.event, row.context);
    ASSERT_TRUE(offers.ok()) << offers.status();
    EXPECT_EQ(offers->offered, row.offered) << row.event;
    EXPECT_EQ(offers->undecided, row.undecided) << row.event;
    EXPECT_FALSE(ImpossibleContext(policy.questionnaires(), row.context).has_value()) << row.event;
  }
  // Of a questionnaire that the event does not select, too.
  const struct {
    const char* name;
    Answers context;
    const char* message;
  } refused[] = {
      {"below the range", {{"price", Number("-1")}}, "item 'price': -1 lies outside [0, 100000]"},
      {"above the range",
       {{"price", Number("100000.01")}},
       "item 'price': 100000.01 lies outside [0, 100000]"},
      {"no such word",
       {{"category", std::string("fish")}},
       "item 'category': 'fish' is none of its 2 options"},
      {"a number for a word", {{"category", Number("5")}}, "item 'category': 5 is not a text"},
      {"a list", {{"price", ListOfNumbers()}}, "item 'price': a list of numbers is not a number"},
  };
  for (const auto& row : refused) {
    const absl::Status status = OfferedOn(policy.questionnaires(), "return", row.context).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << row.name;
    EXPECT_EQ(status.message(), row.message) << row.name;
  }
}

CalendarDate Day(const char* text) { return *CalendarDate::Parse(text); }

// P1-26: a wave of 2025 with the version confirmed for 2024 alone is refused.
TEST(MayStart, NeedsTheConfirmationOfThePeriod) {
  Questionnaire questionnaire = Form();
  EXPECT_TRUE(MayStart(questionnaire, Day("2025-03-01")).ok());
  questionnaire.confirmed_every = PeriodKind::kYear;
  questionnaire.confirmations.push_back({*Period::Parse("2024"), false, "report 2023"});
  EXPECT_TRUE(MayStart(questionnaire, Day("2024-12-31")).ok());
  EXPECT_EQ(MayStart(questionnaire, Day("2025-01-01")).message(),
            "questionnaire 'form' version 'v1' is not confirmed for 2025");
  questionnaire.confirmations.push_back({*Period::Parse("2025"), true, "report 2024"});
  EXPECT_TRUE(MayStart(questionnaire, Day("2025-01-01")).ok());
}

// P3-37.
TEST(FollowUp, CountsThroughTheSameDayOfTheNextMonth) {
  Questionnaire questionnaire = Form();
  EXPECT_EQ(CheckFollowUp(questionnaire, Day("2025-01-31"), Day("2025-02-03"), Day("2025-02-28")).message(),
            "questionnaire 'form' follows no other");
  questionnaire.follow_up = FollowUp{"first", "vehicle_sold", 1, 0};
  EXPECT_EQ(LastDayOf(*questionnaire.follow_up, Day("2025-01-31"))->ToString(), "2025-02-28");
  EXPECT_EQ(LastDayOf(*questionnaire.follow_up, Day("2025-03-03"))->ToString(), "2025-04-03");
  EXPECT_EQ(LastDayOf(*questionnaire.follow_up, Day("9999-12-01")), std::nullopt);
  struct Row {
    const char* event;
    std::optional<CalendarDate> before;
    const char* day;
    const char* refused;  // "": counts.
  };
  const std::vector<Row> rows = {
      {"2025-01-31", Day("2025-02-03"), "2025-02-28", ""},
      {"2025-01-31", Day("2025-02-03"), "2025-03-01", "on 2025-03-01: the last day is 2025-02-28"},
      {"2025-03-03", Day("2025-03-05"), "2025-04-03", ""},
      {"2025-03-03", Day("2025-03-05"), "2025-03-05", ""},
      {"2025-03-03", Day("2025-03-05"), "2025-03-04",
       "on 2025-03-04: 'first' has to be answered first, and was on 2025-03-05"},
      {"2025-03-03", std::nullopt, "2025-03-04",
       "on 2025-03-04: 'first' has to be answered first, and is not"},
      {"2025-03-03", Day("2025-03-01"), "2025-03-02", "on 2025-03-02: before 'vehicle_sold' on 2025-03-03"},
  };
  for (const Row& row : rows) {
    const absl::Status status = CheckFollowUp(questionnaire, Day(row.event), row.before, Day(row.day));
    EXPECT_EQ(std::string(status.message()),
              row.refused[0] == '\0' ? "" : "questionnaire 'form' " + std::string(row.refused));
  }
}

// P3-40: a second version asks more; answers to the first stay whole under the first.
TEST(Questionnaire, KeepsTheAnswersOfAnEarlierVersionWhole) {
  const std::string metrics = R"("effective_from": "2025-01-01", "zone": "UTC",
    "scales": [{"id": "five", "min": 1, "max": 5, "integer": true, "direction": "HIGHER_IS_BETTER"}],
    "metrics": [{"id": "car", "scale": "five", "number": {}})";
  const Policy first =
      MakePolicy(R"("version": "1", )" + metrics + R"(], "questionnaires": [{"id": "callback",
    "version": "1", "items": [{"id": "car", "required": true, "origin": "oem"}]}])");
  const Policy second = MakePolicy(R"("version": "2", )" + metrics + R"(, {"id": "drive", "scale": "five",
    "number": {}}], "questionnaires": [{"id": "callback", "version": "2", "items": [{"id": "car", "required": true,
    "origin": "oem"}, {"id": "drive", "required": true, "origin": "css_weakness"}]}])");
  const Answers answers = {{"car", Number("4")}};
  EXPECT_EQ(CheckAnswers(first.questionnaires()[0], answers).state, AnswersReport::State::kComplete);
  EXPECT_EQ(CheckAnswers(second.questionnaires()[0], answers).state, AnswersReport::State::kIncomplete);
  EXPECT_EQ(second.questionnaires()[0].items[1].origin, "css_weakness");
}

}  // namespace
}  // namespace csat
