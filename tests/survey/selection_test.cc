// P2-27, P2-30, P2-59, P2-113
#include "csat/survey/selection.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::HasSubstr;

std::vector<std::string> Ids(int count) {
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) ids.push_back(absl::StrCat("customer-", i));
  return ids;
}

std::string Hex(const std::string& bytes) {
  return absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size()));
}

// As any other tool computes them: printf 'csat.selection.v1\0wave-7\0customer-0' | sha256sum
TEST(SelectionTest, NumbersAreSha256) {
  EXPECT_EQ(Hex(*SelectionNumber("wave-7", "customer-0")),
            "ddc96829f66ce1bbd68f1ff7083c7e5f9e303ce290c93ff0399f3a23347cc004");
  EXPECT_EQ(SeedCommitment("wave-7"), "504b067f19926080adaee90aca7bcaa5765ed96284c17d6ab9f5fcdd06900ae3");
}

TEST(SelectionTest, DependsOnSeedAndIdsAlone) {
  const std::vector<std::string> ids = Ids(500);
  const std::vector<std::size_t> drawn = *Select("wave-7", ids, 100);
  std::set<std::string> names;
  for (const std::size_t i : drawn) names.insert(ids[i]);
  EXPECT_EQ(names.size(), 100u);
  std::vector<std::string> turned(ids.rbegin(), ids.rend());
  std::vector<std::string> again;
  const std::vector<std::size_t> drawn_again = *Select("wave-7", turned, 100);
  for (const std::size_t i : drawn_again) again.push_back(turned[i]);
  for (std::size_t k = 0; k < drawn.size(); ++k) EXPECT_EQ(again[k], ids[drawn[k]]);
  // A smaller sample is the beginning of a larger one: the rest are replacements in their order.
  const std::vector<std::size_t> fewer = *Select("wave-7", ids, 40);
  EXPECT_TRUE(std::equal(fewer.begin(), fewer.end(), drawn.begin()));
  EXPECT_NE(*Select("wave-8", ids, 100), drawn);
  EXPECT_EQ(Select("wave-7", ids, 500)->size(), 500u);
  EXPECT_TRUE(Select("wave-7", {}, 0)->empty());
}

// Each id is drawn as often as the others: chi-square of 20 ids over 4,000 seeds, 19 degrees of freedom.
TEST(SelectionTest, IsFair) {
  const std::vector<std::string> ids = Ids(20);
  std::vector<int> drawn(20);
  int invited = 0;
  for (int seed = 0; seed < 4000; ++seed) {
    const std::vector<std::size_t> five = *Select(absl::StrCat("seed ", seed), ids, 5);
    for (const std::size_t i : five) ++drawn[i];
    invited += *IsInvited("terminal", absl::StrCat("visit ", seed), *Decimal::Parse("0.1")) ? 1 : 0;
  }
  double chi_square = 0;
  for (const int count : drawn) chi_square += (count - 1000.0) * (count - 1000.0) / 1000;
  EXPECT_LT(chi_square, 43.8);    // 0.999 quantile; drawing without replacement varies less.
  EXPECT_NEAR(invited, 400, 63);  // 3.3 standard deviations.
}

TEST(SelectionTest, InvitationsReplay) {
  const auto p = [](const char* text) { return *Decimal::Parse(text); };
  for (const char* visit : {"a", "b", "c", "d"}) {
    EXPECT_EQ(*IsInvited("s", visit, p("0.1")), *IsInvited("s", visit, p("0.1"))) << visit;
    EXPECT_FALSE(*IsInvited("s", visit, p("0"))) << visit;
    EXPECT_TRUE(*IsInvited("s", visit, p("1"))) << visit;
    // Whoever is invited at a lower probability is at a higher one.
    if (*IsInvited("s", visit, p("0.3"))) {
      EXPECT_TRUE(*IsInvited("s", visit, p("0.7"))) << visit;
    }
  }
}

TEST(SelectionTest, Strata) {
  const std::vector<Stratum> strata = {{"high", Ids(30), 3}, {"low", Ids(30), 3}};
  const std::vector<std::vector<std::size_t>> drawn = *SelectByStratum("wave-7", strata);
  ASSERT_EQ(drawn.size(), 2u);
  EXPECT_EQ(drawn[0], *Select("wave-7/high", Ids(30), 3));
  EXPECT_NE(drawn[0], drawn[1]);
}

TEST(SelectionTest, Refuses) {
  const auto words = [](const auto& result) { return std::string(result.status().message()); };
  EXPECT_THAT(words(Select("s", Ids(3), 4)), HasSubstr("sample: 4 of 3 cannot be drawn"));
  EXPECT_THAT(words(Select("s", {"a", "b", "a"}, 1)), HasSubstr("id 'a': it is there twice"));
  EXPECT_THAT(words(Select("s", {""}, 1)), HasSubstr("id: it is empty"));
  EXPECT_THAT(words(Select("", {"a"}, 1)), HasSubstr("seed: it is empty"));
  EXPECT_THAT(words(Select("s", {std::string("a\0b", 3)}, 1)), HasSubstr("it holds a zero byte"));
  EXPECT_THAT(words(IsInvited("s", "a", *Decimal::Parse("1.000001"))),
              HasSubstr("probability: 1.000001 lies outside [0, 1]"));
  EXPECT_THAT(words(SelectByStratum("s", {{"x", {"a"}, 2}})),
              HasSubstr("stratum 'x': sample: 2 of 1 cannot be drawn"));
}

}  // namespace
}  // namespace csat
