#include "csat/model/truths.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace csat {
namespace {

using Kind = Predicate::Kind;

// Truths as letters: f, u, t.
std::vector<std::uint8_t> Read(const std::string& letters) {
  std::vector<std::uint8_t> truths;
  for (const char letter : letters) truths.push_back(letter == 'f' ? 0 : letter == 'u' ? 1 : 2);
  return truths;
}

struct TruthsCase {
  const char* name;
  Kind kind;
  int count;
  std::vector<const char*> parts;  // A letter for each row.
  const char* wanted;
};

class TruthCombinerTest : public testing::TestWithParam<TruthsCase> {};

TEST_P(TruthCombinerTest, ByRow) {
  const std::string wanted = GetParam().wanted;
  std::vector<std::uint8_t> made(wanted.size(), 7);
  TruthCombiner combiner(GetParam().kind, GetParam().count, made.size(), made.data());
  for (const char* part : GetParam().parts) combiner.Add(Read(part).data());
  combiner.Finish();
  EXPECT_EQ(made, Read(wanted));
}

// Two parts: all nine pairs of truths.
INSTANTIATE_TEST_SUITE_P(Truths, TruthCombinerTest,
                         testing::ValuesIn<TruthsCase>({
                             {"Not", Kind::kNot, 0, {"fut"}, "tuf"},
                             {"AllOfNone", Kind::kAll, 0, {}, "tt"},
                             {"AnyOfNone", Kind::kAny, 0, {}, "ff"},
                             {"All", Kind::kAll, 0, {"fffuuuttt", "futfutfut"}, "ffffuufut"},
                             {"Any", Kind::kAny, 0, {"fffuuuttt", "futfutfut"}, "futuutttt"},
                             {"AtLeastNoneOfNone", Kind::kAtLeast, 0, {}, "tt"},
                             {"AtLeastOneOfNone", Kind::kAtLeast, 1, {}, "ff"},
                             {"AtLeastOneIsAny", Kind::kAtLeast, 1, {"fffuuuttt", "futfutfut"}, "futuutttt"},
                             {"AtLeastAllIsAll", Kind::kAtLeast, 2, {"fffuuuttt", "futfutfut"}, "ffffuufut"},
                             {"AtLeastTwoOfThree", Kind::kAtLeast, 2, {"ttttt", "ffuut", "futut"}, "futut"},
                             {"AtLeastMoreThanThereAre", Kind::kAtLeast, 3, {"ttt", "fut"}, "fff"},
                         }),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(TruthOf, IsTheNumberOfItsTruth) {
  EXPECT_EQ(TruthOf(false), static_cast<std::uint8_t>(Truth::kFalse));
  EXPECT_EQ(TruthOf(true), static_cast<std::uint8_t>(Truth::kTrue));
}

}  // namespace
}  // namespace csat
