#include "csat/model/scale.h"

#include <map>
#include <string>
#include <vector>

#include "csat/model/standard_scales.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::HasSubstr;

Decimal D(const char* literal) { return *Decimal::Parse(literal); }
Label Chinese(const char* zh) { return Label(std::map<std::string, std::string>{{"zh", zh}}); }
Scale::RankLabel Named(int rank, const char* zh, std::vector<std::string> aliases = {}) {
  return {rank, Chinese(zh), std::move(aliases), std::nullopt};
}

TEST(ScaleTest, CannotBeInvalid) {
  struct Row {
    const char* name;
    const char* id;
    const char* min;
    const char* max;
    std::vector<Scale::RankLabel> labels;
    const char* words;  // Of the error; "": there is none.
  };
  const Row rows[] = {
      {"without labels", "s", "1", "5", {}, ""},
      {"a label at each end", "s", "1", "5", {Named(1, "差"), Named(5, "好")}, ""},
      {"one spelling twice for one rank", "s", "1", "5", {Named(5, "好", {"好"})}, ""},
      {"no id", "", "1", "5", {}, "the id is empty"},
      {"upside down", "s", "5", "1", {}, "min 5 is not below max 1"},
      {"of one point", "s", "3", "3", {}, "min 3 is not below max 3"},
      {"just above one point", "s", "3", "3.000001", {}, ""},
      {"a label below", "s", "1", "5", {Named(0, "无")}, "label rank 0 lies outside [1, 5]"},
      {"a label above", "s", "1", "5", {Named(6, "超")}, "label rank 6 lies outside [1, 5]"},
      {"two labels of one rank", "s", "1", "5", {Named(4, "好"), Named(4, "满意")}, "rank 4 has two labels"},
      {"one label for two ranks",
       "s",
       "1",
       "5",
       {Named(4, "好"), Named(5, "好")},
       "'好' stands for two ranks"},
      {"an alias that is another's label",
       "s",
       "1",
       "5",
       {Named(4, "好"), Named(5, "很好", {"好"})},
       "'好' stands for two ranks"},
  };
  for (const Row& row : rows) {
    const absl::StatusOr<Scale> scale =
        Scale::Create(row.id, D(row.min), D(row.max), true, Direction::kHigherIsBetter, row.labels);
    EXPECT_EQ(scale.ok(), *row.words == '\0') << row.name;
    EXPECT_THAT(std::string(scale.status().message()), HasSubstr(row.words)) << row.name;
  }
}

// P0-10: 1..5, a rating of 6 is refused.
TEST(ScaleTest, Contains) {
  const Scale whole = *Scale::Create("whole", D("1"), D("5"), true, Direction::kHigherIsBetter);
  const Scale any = *Scale::Create("any", D("0"), D("10"), false, Direction::kHigherIsBetter);
  for (const char* answer : {"1", "3", "5"}) EXPECT_TRUE(whole.Contains(D(answer))) << answer;
  for (const char* answer : {"0", "0.999999", "1.5", "5.000001", "6", "-1"})
    EXPECT_FALSE(whole.Contains(D(answer))) << answer;
  for (const char* answer : {"0", "8.6", "10"}) EXPECT_TRUE(any.Contains(D(answer))) << answer;
  for (const char* answer : {"-0.000001", "10.000001"}) EXPECT_FALSE(any.Contains(D(answer))) << answer;
}

// P2-24, A-125, A-126: the words of all documents stand for the same ranks.
TEST(StandardScalesTest, LabelsMapToRanks) {
  struct Row {
    const char* label;
    std::optional<int> rank;
  };
  const Row likert[] = {
      {"very satisfied", 5},
      {"非常满意", 5},
      {"很满意", 5},
      {"非常滿意", 5},
      {"satisfied", 4},
      {"满意", 4},
      {"较满意", 4},
      {"fairly satisfied", 4},
      {"neutral", 3},
      {"average", 3},
      {"一般", 3},
      {"dissatisfied", 2},
      {"不满意", 2},
      {"不滿意", 2},
      {"very dissatisfied", 1},
      {"非常不满意", 1},
      {"很不满意", 1},
      {"", std::nullopt},
      {"Satisfied", std::nullopt},
      {"满意 ", std::nullopt},
      {"5", std::nullopt},
  };
  for (const Row& row : likert) EXPECT_EQ(Likert5().RankOf(row.label), row.rank) << row.label;
  EXPECT_EQ(Star5().RankOf("★★★★★"), 5);
  EXPECT_EQ(Star5().RankOf("一星"), 1);
  EXPECT_EQ(Recommend10().RankOf("非常愿意"), 10);
  EXPECT_EQ(Recommend10().RankOf("not at all likely"), 0);
}

TEST(StandardScalesTest, HaveTheirRange) {
  struct Row {
    Scale scale;
    const char* id;
    int min, max;
    std::size_t labels;
  };
  const Row rows[] = {
      {Likert5(), "likert5", 1, 5, 5}, {Star5(), "star5", 1, 5, 5}, {Recommend10(), "recommend10", 0, 10, 2}};
  for (const Row& row : rows) {
    EXPECT_EQ(row.scale.id(), row.id);
    EXPECT_EQ(row.scale.min(), Decimal::FromInteger(row.min));
    EXPECT_EQ(row.scale.max(), Decimal::FromInteger(row.max));
    EXPECT_TRUE(row.scale.integer());
    EXPECT_EQ(row.scale.direction(), Direction::kHigherIsBetter);
    EXPECT_EQ(row.scale.labels().size(), row.labels);
    for (const Scale::RankLabel& label : row.scale.labels()) {
      EXPECT_EQ(label.label.by_language().count("en") + label.label.by_language().count("zh"), 2u)
          << row.id << " " << label.rank;
    }
  }
}

// P0-11: promoters 9 and 10, passives 7 and 8, detractors 0 to 6.
static_assert(!RecommenderOf(-1).has_value() && !RecommenderOf(11).has_value());
static_assert(*RecommenderOf(0) == Recommender::kDetractor && *RecommenderOf(6) == Recommender::kDetractor);
static_assert(*RecommenderOf(7) == Recommender::kPassive && *RecommenderOf(8) == Recommender::kPassive);
static_assert(*RecommenderOf(9) == Recommender::kPromoter && *RecommenderOf(10) == Recommender::kPromoter);

TEST(LabelTest, FallsBack) {
  const Label both({{"en", "good"}, {"zh", "良"}}), chinese = Chinese("良");
  EXPECT_EQ(both.In("zh", "id"), "良");
  EXPECT_EQ(both.In("de", "id"), "good");
  EXPECT_EQ(chinese.In("en", "id"), "良");
  EXPECT_EQ(Label().In("en", "id"), "id");
}

}  // namespace
}  // namespace csat
