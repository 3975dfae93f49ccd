// P1-16, P1-17, P1-18, P1-20, P1-21, P1-22
#include "csat/survey/scheme.h"

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Units = std::vector<SurveyUnit>;

Units Nominated(int count, const std::string& customer_class = "other") {
  Units units;
  for (int i = 0; i < count; ++i)
    units.push_back(
        {absl::StrCat(customer_class, i), "mixers", customer_class, false, "manager", "leader", "buyer"});
  return units;
}

TEST(SchemeTest, NominatedAndDrawn) {
  struct Row {
    const char* name;
    int nominated, drawn;
    const char* note;
  };
  for (const Row& row :
       {Row{"P1-16", 40, 0, "nominated sample, not representative by design"},
        Row{"one by chance", 40, 1, "partly nominated: the nominated part is not representative by design"},
        Row{"all by chance", 0, 40, "drawn at random"}}) {
    Units units = Nominated(row.nominated);
    for (int i = 0; i < row.drawn; ++i)
      units.push_back({absl::StrCat("d", i), "mixers", "other", true, "", "leader", "user"});
    const SelectionRecord record = *RecordSelection(units, 400);
    EXPECT_EQ(record.nominated, row.nominated) << row.name;
    EXPECT_EQ(record.drawn, row.drawn) << row.name;
    EXPECT_EQ(SampleDesignNote(record.design()), row.note) << row.name;
    EXPECT_THAT(record.unapproved, IsEmpty()) << row.name;
  }
  EXPECT_EQ(RecordSelection(Nominated(40), 400)->ShareOfFrame().ToString(1, 100), "10.0");
}

// P1-18: 12 strategic, 20 industry, 8 other.
TEST(SchemeTest, SharesOfClasses) {
  Units units = Nominated(12, "strategic");
  for (const SurveyUnit& unit : Nominated(20, "industry_representative")) units.push_back(unit);
  for (const SurveyUnit& unit : Nominated(8)) units.push_back(unit);
  const SelectionRecord record = *RecordSelection(units, 40);
  std::vector<std::string> shares;
  for (const auto& of : record.classes)
    shares.push_back(absl::StrCat(of.name, " ", record.ShareOf(of).ToString(1, 100)));
  EXPECT_THAT(shares, ElementsAre("industry_representative 50.0", "other 20.0", "strategic 30.0"));
}

// P1-17: who is not approved is not asked. P1-21: three product lines are three units.
TEST(SchemeTest, Invitations) {
  const Units units{{"a", "mixers", "strategic", false, "manager", "leader", "buyer"},
                    {"a", "presses", "strategic", false, "manager", "", "buyer"},
                    {"a", "ovens", "strategic", false, "manager", "leader", "buyer"}};
  EXPECT_EQ(RecordSelection(units, 3)->nominated, 3);
  EXPECT_THAT(RecordSelection(units, 3)->unapproved, ElementsAre(1));
  EXPECT_TRUE(MayInvite(units, "a", "mixers").ok());
  const absl::Status unapproved = MayInvite(units, "a", "presses"),
                     unlisted = MayInvite(units, "b", "mixers");
  EXPECT_EQ(unapproved.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(unapproved.message(), "customer 'a', product line 'presses': on the list, and not approved");
  EXPECT_EQ(unlisted.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(unlisted.message(), "customer 'b', product line 'mixers': not on the list");
}

// P1-22
TEST(SchemeTest, RespondentsWithoutARelation) {
  Units units = Nominated(3);
  units[1].relation = "";
  EXPECT_THAT(RecordSelection(units, 3)->weak_relevance, ElementsAre(1));
}

// P1-20: nine of ten mature lines, the tenth with and without a reason.
TEST(SchemeTest, MatureProducts) {
  std::vector<OfferedProduct> products{{"prototype", false, true, ""}};
  Units units;
  for (int i = 0; i < 10; ++i) {
    products.push_back({absl::StrCat("line", i), true, i < 4, ""});
    if (i != 3)
      units.push_back({"a", absl::StrCat("line", i), "strategic", false, "manager", "leader", "buyer"});
  }
  const ProductCoverage unexplained = *CoverProducts(products, units);
  EXPECT_EQ(Ratio::Create(unexplained.covered, unexplained.mature)->ToString(1, 100), "90.0");
  EXPECT_EQ(unexplained.strategic, 4);
  EXPECT_EQ(unexplained.strategic_covered, 3);
  EXPECT_THAT(unexplained.unexplained, ElementsAre("line3"));
  EXPECT_FALSE(unexplained.IsComplete());
  products[4].exception = "discontinued in March";
  const ProductCoverage excepted = *CoverProducts(products, units);
  EXPECT_THAT(excepted.excepted, ElementsAre("line3"));
  EXPECT_TRUE(excepted.IsComplete());
  // Nominated alone covers nothing.
  units[0].approved_by = "";
  EXPECT_EQ(CoverProducts(products, units)->covered, 8);
}

struct Refusal {
  const char* name;
  std::function<void(Units*, std::int64_t*)> spoil;
  const char* message;
};
void PrintTo(const Refusal& test, std::ostream* out) { *out << test.name; }

class SchemeRefusalTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(SchemeRefusalTest, SaysWhy) {
  Units units = Nominated(3);
  std::int64_t frame = 3;
  ASSERT_TRUE(RecordSelection(units, frame).ok());
  GetParam().spoil(&units, &frame);
  const absl::Status status = RecordSelection(units, frame).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(Refusals, SchemeRefusalTest,
                         ::testing::ValuesIn<Refusal>({
                             {"Nobody", [](Units* u, std::int64_t*) { u->clear(); }, "units: there is none"},
                             {"NoCustomer", [](Units* u, std::int64_t*) { (*u)[1].customer = ""; },
                              "unit 1 ('', 'mixers'): no customer"},
                             {"NoProductLine", [](Units* u, std::int64_t*) { (*u)[1].product_line = ""; },
                              "unit 1 ('other1', ''): no product line"},
                             {"NoClass", [](Units* u, std::int64_t*) { (*u)[1].customer_class = ""; },
                              "unit 1 ('other1', 'mixers'): no class"},
                             {"Twice", [](Units* u, std::int64_t*) { (*u)[2].customer = "other0"; },
                              "unit 2 ('other0', 'mixers') is listed twice"},
                             {"FromNowhere", [](Units* u, std::int64_t*) { (*u)[1].nominated_by = ""; },
                              "unit 1 ('other1', 'mixers') was not drawn, and nobody nominated it"},
                             {"SmallFrame", [](Units*, std::int64_t* frame) { *frame = 2; },
                              "frame: 2 units, and 3 are listed"},
                         }),
                         [](const auto& info) { return info.param.name; });

TEST(SchemeTest, ProductsThatAreNone) {
  const auto message = [](const std::vector<OfferedProduct>& products) {
    return std::string(CoverProducts(products, {}).status().message());
  };
  EXPECT_EQ(message({}), "products: none of them is mature");
  EXPECT_EQ(message({{"a", false, true, ""}}), "products: none of them is mature");
  EXPECT_EQ(message({{"", true, true, ""}}), "products: one has no name");
  EXPECT_THAT(message({{"a", true, true, ""}, {"a", true, true, ""}}),
              HasSubstr("product line 'a' is there twice"));
}

}  // namespace
}  // namespace csat
