#include "csat/model/response.h"

#include <string>
#include <vector>

#include "csat/model/standard_scales.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::HasSubstr;

Decimal D(const char* literal) { return *Decimal::Parse(literal); }

ItemList Overall() { return *ItemList::Create({{"overall", Likert5()}, {"recommend", Recommend10()}}); }
ItemList Seven() { return *ItemList::Create(Likert5(), {"i1", "i2", "i3", "i4", "i5", "i6", "i7"}); }

TEST(ItemListTest, CannotBeInvalid) {
  EXPECT_EQ(Seven().size(), 7u);
  EXPECT_EQ(Seven()[6].id, "i7");
  EXPECT_EQ(Seven().Find("i7"), 6u);
  EXPECT_EQ(Seven().Find("i8"), std::nullopt);
  const std::pair<std::vector<std::string>, const char*> rows[] = {{{}, "1 item is the least"},
                                                                   {{"a", "a"}, "item 'a' stands twice"},
                                                                   {{"a", ""}, "item ''"},
                                                                   {{"A"}, "item 'A'"}};
  for (const auto& [ids, words] : rows)
    EXPECT_THAT(std::string(ItemList::Create(Likert5(), ids).status().message()), HasSubstr(words));
}

TEST(ResponseTest, EveryAnswerLiesOnItsScale) {
  struct Row {
    const char* name;
    std::vector<Response::Given> given;
    const char* words;  // Of the error; "": there is none.
  };
  const Row rows[] = {
      {"nothing answered", {}, ""},
      {"ranks", {{"overall", D("5")}, {"recommend", D("0")}}, ""},
      {"a label", {{"overall", "非常满意"}}, ""},
      {"P0-10, 6 of 5",
       {{"overall", D("6")}},
       "item 'overall': answer 6 lies outside the whole numbers of [1, 5] of scale 'likert5'"},
      {"below", {{"overall", D("0")}}, "answer 0 lies outside"},
      {"between ranks", {{"overall", D("4.5")}}, "answer 4.5 lies outside the whole numbers"},
      {"11 of 10", {{"recommend", D("11")}}, "answer 11"},
      {"a label of no rank", {{"overall", "还行"}}, "'还行' is no label of scale 'likert5'"},
      {"a number as text", {{"overall", "5"}}, "'5' is no label"},
      {"an item that is not asked", {{"price", D("5")}}, "item 'price': not on the list"},
      {"an item twice", {{"overall", D("5")}, {"overall", D("5")}}, "item 'overall': answered twice"},
  };
  for (const Row& row : rows) {
    const absl::StatusOr<Response> response = Response::Create(Overall(), row.given);
    EXPECT_EQ(response.ok(), *row.words == '\0') << row.name;
    EXPECT_THAT(std::string(response.status().message()), HasSubstr(row.words)) << row.name;
  }
}

TEST(ResponseTest, LabelsBecomeRanks) {
  const Response response = *Response::Create(Overall(), {{"overall", "较满意"}});
  EXPECT_EQ(response.AnswerTo("overall"), D("4"));
  EXPECT_EQ(response.answer(0), D("4"));
  EXPECT_EQ(response.AnswerTo("recommend"), std::nullopt);
  EXPECT_EQ(response.AnswerTo("price"), std::nullopt);
  EXPECT_EQ(response.answered(), 1u);
}

// P3-26, A-89: five of seven items at "fairly satisfied" or better; a blank is not satisfied.
TEST(ResponseTest, CountsItemsAtLeastAsGood) {
  struct Row {
    const char* name;
    int satisfied, average;
    bool five_of_seven;
  };
  const Row rows[] = {{"P3-26, 5 of 7", 5, 2, true},
                      {"P3-26, 4 of 7", 4, 3, false},
                      {"P3-26, 5 and 2 blank", 5, 0, true},
                      {"P3-26, 4 and 3 blank", 4, 0, false},
                      {"all", 7, 0, true}};
  for (const Row& row : rows) {
    std::vector<Response::Given> given;
    for (int i = 0; i < row.satisfied + row.average; ++i) {
      given.push_back({"i" + std::to_string(i + 1), i < row.satisfied ? "较满意" : "一般"});
    }
    EXPECT_EQ(Response::Create(Seven(), given)->CountAtLeastAsGoodAs(D("4")) >= 5, row.five_of_seven)
        << row.name;
  }
}

TEST(ResponseTest, LessMayBeBetter) {
  const Scale effort = *Scale::Create("effort", D("1"), D("7"), true, Direction::kLowerIsBetter);
  const ItemList items = *ItemList::Create(effort, {"a", "b", "c"});
  const Response response = *Response::Create(items, {{"a", D("2")}, {"b", D("3")}, {"c", D("1")}});
  EXPECT_EQ(response.CountAtLeastAsGoodAs(D("2")), 2u);
}

}  // namespace
}  // namespace csat
