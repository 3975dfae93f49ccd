#include "csat/model/feedback.h"

#include <functional>
#include <string>

#include "csat/model/standard_scales.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::HasSubstr;

Response Rated(std::vector<Response::Given> given) {
  return *Response::Create(*ItemList::Create(Likert5(), {"overall"}), given);
}

Feedback::Fields Complaint() {
  Feedback::Fields fields;
  fields.id = "f-1";
  fields.kind = FeedbackKind::kComplaint;
  fields.channel = "online_consultation";
  fields.collector = "desk-3";
  fields.customer = "c-9";
  fields.subject = "store-4";
  fields.event_time = 1'741'339'800'000;  // 2025-03-07 17:30 in Shanghai.
  fields.entry_time = 1'741'343'400'000;
  fields.text = "late delivery";
  return fields;
}

TEST(FeedbackTest, IsWholeAndTraceable) {
  struct Row {
    const char* name;
    std::function<void(Feedback::Fields*)> change;
    const char* words;  // Of the error; "": there is none.
  };
  const Row rows[] = {
      {"a complaint in words", [](Feedback::Fields*) {}, ""},
      {"P0-12, a rating of 5 and a complaint",
       [](Feedback::Fields* f) {
         f->rating = Rated({{"overall", Decimal::FromInteger(5)}});
       },
       ""},
      {"P0-46, no customer id", [](Feedback::Fields* f) { f->customer.clear(); }, ""},
      {"about nobody in particular", [](Feedback::Fields* f) { f->subject.clear(); }, ""},
      {"a rating without text",
       [](Feedback::Fields* f) {
         f->kind = FeedbackKind::kRating;
         f->rating = Rated({{"overall", "满意"}});
         f->text.reset();
       },
       ""},
      {"entered at once", [](Feedback::Fields* f) { f->entry_time = f->event_time; }, ""},
      {"before 1970", [](Feedback::Fields* f) { f->event_time = -1; }, ""},
      {"P0-01, neither rating nor text", [](Feedback::Fields* f) { f->text.reset(); },
       "incomplete: neither a rating nor a text"},
      {"P0-01, an empty text", [](Feedback::Fields* f) { f->text = ""; }, "incomplete"},
      {"P0-01, a rating with nothing answered",
       [](Feedback::Fields* f) {
         f->rating = Rated({});
         f->text.reset();
       },
       "incomplete"},
      {"P0-46, a rating in words alone", [](Feedback::Fields* f) { f->kind = FeedbackKind::kRating; },
       "incomplete: a rating without an answer"},
      {"P0-46, no time", [](Feedback::Fields* f) { f->event_time.reset(); },
       "feedback 'f-1': the event time is missing"},
      {"P0-01, no entry time", [](Feedback::Fields* f) { f->entry_time.reset(); },
       "the entry time is missing"},
      {"entered before it was voiced", [](Feedback::Fields* f) { f->entry_time = *f->event_time - 1; },
       "before the event"},
      {"P0-01, no channel", [](Feedback::Fields* f) { f->channel.clear(); }, "the channel is missing"},
      {"a channel in words", [](Feedback::Fields* f) { f->channel = "Online chat"; },
       "channel 'Online chat'"},
      {"P0-01, no collector", [](Feedback::Fields* f) { f->collector.clear(); }, "the collector is missing"},
      {"a customer with a name", [](Feedback::Fields* f) { f->customer = "Li Wei"; }, "customer 'Li Wei'"},
      {"a subject with a space", [](Feedback::Fields* f) { f->subject = "store 4"; }, "subject 'store 4'"},
      {"no id", [](Feedback::Fields* f) { f->id.clear(); }, "the id is missing"},
  };
  for (const Row& row : rows) {
    Feedback::Fields fields = Complaint();
    row.change(&fields);
    const absl::StatusOr<Feedback> feedback = Feedback::Create(std::move(fields));
    EXPECT_EQ(feedback.ok(), *row.words == '\0') << row.name;
    EXPECT_THAT(std::string(feedback.status().message()), HasSubstr(row.words)) << row.name;
  }
}

TEST(FeedbackTest, KeepsWhatItWasGiven) {
  Feedback::Fields fields = Complaint();
  fields.rating = Rated({{"overall", "不满意"}});
  fields.incentivised = true;
  const Feedback feedback = *Feedback::Create(fields);
  EXPECT_EQ(feedback.id(), "f-1");
  EXPECT_EQ(feedback.kind(), FeedbackKind::kComplaint);
  EXPECT_EQ(feedback.channel(), "online_consultation");
  EXPECT_EQ(feedback.collector(), "desk-3");
  EXPECT_EQ(feedback.customer(), "c-9");
  EXPECT_FALSE(feedback.anonymous());
  EXPECT_EQ(feedback.subject(), "store-4");
  EXPECT_EQ(feedback.event_time(), 1'741'339'800'000);
  EXPECT_EQ(feedback.entry_time(), 1'741'343'400'000);
  EXPECT_EQ(feedback.rating()->AnswerTo("overall"), Decimal::FromInteger(2));
  EXPECT_EQ(feedback.text(), "late delivery");
  EXPECT_TRUE(feedback.incentivised());
  EXPECT_FALSE(feedback.test());
  fields.customer.clear();
  EXPECT_TRUE(Feedback::Create(fields)->anonymous());
}

//
TEST(FeedbackKindTest, NamesReadBack) {
  const std::pair<FeedbackKind, const char*> rows[] = {
      {FeedbackKind::kComplaint, "complaint"}, {FeedbackKind::kSuggestion, "suggestion"},
      {FeedbackKind::kOpinion, "opinion"},     {FeedbackKind::kInquiry, "inquiry"},
      {FeedbackKind::kPraise, "praise"},       {FeedbackKind::kRating, "rating"}};
  for (const auto& [kind, name] : rows) {
    EXPECT_EQ(FeedbackKindName(kind), name);
    EXPECT_EQ(ParseFeedbackKind(name), kind);
  }
  EXPECT_EQ(ParseFeedbackKind("consultation"), std::nullopt);
}

}  // namespace
}  // namespace csat
