// What rules of a sampling plan read: kinds of columns, given values, and what they refuse. The examples of the clauses are
// cases of the ready-made policies.
#include "csat/survey/sampling_plan.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arrow/foreign_table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

SamplingRule Rule(decltype(SamplingRule::form) form) {
  SamplingRule rule;
  rule.id = "rule";
  rule.form = std::move(form);
  return rule;
}

const SamplingGiven& Year() {
  static const auto* const year = new SamplingGiven{{"from", std::string("2025-01-01")},
                                                    {"until", std::string("2025-12-31")},
                                                    {"as_of", std::string("2026-01-01")}};
  return *year;
}

// Days of 2025-02-10 and 2025-08-20, however they are written.
TEST(SamplingPlanTest, ReadsDaysOfEveryKind) {
  const SamplingRule rule = Rule(EveryPeriodRule{PeriodKind::kHalfYear, 1});
  const auto apply = [&](ForeignArray* table) {
    FinishTable(table, 3);
    return ApplySamplingRule(rule, Year(), &table->schema, &table->array);
  };
  constexpr std::int32_t kFebruary = 20129, kAugust = 20320;
  ForeignArray words, days, milliseconds, indices;
  FillTexts(&words.parts.emplace_back(), "date", "u", {"2025-02-10", "2025-08-20", std::nullopt});
  FillColumn(&days.parts.emplace_back(), "date", "tdD",
             std::vector<std::int32_t>{kFebruary, kAugust, kAugust});
  constexpr std::int64_t kDay = 86'400'000;
  FillColumn(&milliseconds.parts.emplace_back(), "date", "tdm",
             std::vector<std::int64_t>{kFebruary * kDay, kAugust * kDay, kAugust * kDay});
  FillDictionary(&indices.parts.emplace_back(), "date", "c", std::vector<std::int8_t>{1, 0, 2},
                 {"2025-08-20", "2025-02-10", std::nullopt});
  for (ForeignArray* table : {&words, &days, &milliseconds, &indices}) {
    const absl::StatusOr<SamplingResult> result = apply(table);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->outcome, "complete");
    EXPECT_EQ(result->counts.at("covered"), 2);
  }
}

TEST(SamplingPlanTest, RefusesWhatIsNoDay) {
  const SamplingRule rule = Rule(EveryPeriodRule{PeriodKind::kYear, 1});
  const auto message = [&](ForeignArray* table) {
    FinishTable(table, 1);
    return std::string(ApplySamplingRule(rule, Year(), &table->schema, &table->array).status().message());
  };
  ForeignArray beyond, within_day, number, real, twice;
  FillColumn(&beyond.parts.emplace_back(), "date", "tdD",
             std::vector<std::int32_t>{std::numeric_limits<std::int32_t>::max()});
  EXPECT_THAT(message(&beyond), HasSubstr("row 0: column 'date'"));
  FillColumn(&within_day.parts.emplace_back(), "date", "tdm", std::vector<std::int64_t>{1});
  EXPECT_THAT(message(&within_day), HasSubstr("is not a day such as 2025-03-14"));
  FillColumn(&number.parts.emplace_back(), "date", "L",
             std::vector<std::uint64_t>{std::numeric_limits<std::uint64_t>::max()});
  EXPECT_THAT(message(&number), HasSubstr("row 0: column 'date'"));
  FillColumn(&real.parts.emplace_back(), "date", "g", std::vector<double>{2.5});
  EXPECT_THAT(message(&real), HasSubstr("row 0: column 'date': 2.5 is not a day"));
  for (int i = 0; i < 2; ++i) FillTexts(&twice.parts.emplace_back(), "date", "u", {"2025-02-10"});
  EXPECT_THAT(message(&twice), HasSubstr("several columns are named 'date'"));
}

// A NaN is what pandas makes of no value; a flag may come as a number.
TEST(SamplingPlanTest, ReadsFlagsAndNumbersOfEveryKind) {
  ForeignArray asked;
  FillColumn(&asked.parts.emplace_back(), "asked", "g",
             std::vector<double>{1, 0, std::numeric_limits<double>::quiet_NaN()});
  FillColumn(&asked.parts.emplace_back(), "subject", "L", std::vector<std::uint64_t>{7, 8, 9});
  FinishTable(&asked, 3);
  const absl::StatusOr<SamplingResult> result =
      ApplySamplingRule(Rule(EachEventRule{"sold"}), {}, &asked.schema, &asked.array);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(result->lists.at("missing"), ElementsAre("8", "9"));
  EXPECT_EQ(result->shares.at("asked").ToString(1, 100), "33.3");

  // Neyman's allocation, sizes as doubles: 100 * 1 to 100 * 3.
  ForeignArray strata;
  FillTexts(&strata.parts.emplace_back(), "stratum", "u", {"a", "b"});
  FillColumn(&strata.parts.emplace_back(), "size", "g", std::vector<double>{100, 100});
  FillColumn(&strata.parts.emplace_back(), "deviation", "g", std::vector<double>{0.5, 1.5});
  FinishTable(&strata, 2);
  const absl::StatusOr<SamplingResult> shares =
      ApplySamplingRule(Rule(StrataRule{StrataRule::Method::kOptimal}),
                        {{"sample", Decimal::FromInteger(40)}}, &strata.schema, &strata.array);
  ASSERT_TRUE(shares.ok()) << shares.status();
  EXPECT_EQ(shares->counts.at("a"), 10);
  EXPECT_EQ(shares->counts.at("b"), 30);
}

TEST(SamplingPlanTest, AnEmptyTableHasNothingToShare) {
  ForeignArray table;
  FillBits(&table.parts.emplace_back(), "asked", {});
  FinishTable(&table, 0);
  const absl::StatusOr<SamplingResult> result =
      ApplySamplingRule(Rule(EachEventRule{"sold"}), {}, &table.schema, &table.array);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->outcome, "complete");
  EXPECT_TRUE(result->shares.empty());
}

TEST(SamplingPlanTest, AWaveIsNotClosedBeforeAllWereContacted) {
  const SamplingRule rule = Rule(WaveRule{Decimal::FromInteger(20)});
  SamplingGiven given = {{"planned", Decimal::FromInteger(3)},
                         {"answered", Decimal::FromInteger(2)},
                         {"unanswered_by_customer", Decimal::FromInteger(0)},
                         {"not_contacted", Decimal::FromInteger(1)}};
  EXPECT_EQ(ApplySamplingRule(rule, given, nullptr, nullptr)->outcome, "valid");
  given.emplace("closed", Decimal::FromInteger(1));
  EXPECT_EQ(ApplySamplingRule(rule, given, nullptr, nullptr).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace csat
