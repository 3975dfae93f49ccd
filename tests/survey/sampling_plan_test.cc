// What rules of a sampling plan read: kinds of columns, given values, and what they refuse. The examples of the clauses are
// cases of the ready-made policies.
#include "csat/survey/sampling_plan.h"

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
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

// 2025-06-30 17:00 UTC is the first of July in Shanghai, whatever zone the column is shown in; a clock without a zone
// shows its own day.
TEST(SamplingPlanTest, ReadsTimesOfEveryKind) {
  const SamplingRule rule = Rule(EveryPeriodRule{PeriodKind::kHalfYear, 1});
  constexpr std::int64_t kAt = 1'751'302'800;
  const struct {
    const char* name;
    const char* format;
    std::int64_t per_second;
    const char* zone;
    const char* missing;
  } cases[] = {
      {"seconds in UTC", "tss:UTC", 1, "Asia/Shanghai", "2025-H1"},
      {"milliseconds of New York", "tsm:America/New_York", 1'000, "Asia/Shanghai", "2025-H1"},
      {"microseconds by offset", "tsu:+05:00", 1'000'000, "Asia/Shanghai", "2025-H1"},
      {"nanoseconds in UTC", "tsn:UTC", 1'000'000'000, "Asia/Shanghai", "2025-H1"},
      {"a policy in UTC", "tss:UTC", 1, "UTC", "2025-H2"},
      {"no zone", "tsu:", 1'000'000, "Asia/Shanghai", "2025-H2"},
      {"no zone, and none of the policy is needed", "tss:", 1, "Nowhere/At_all", "2025-H2"},
  };
  for (const auto& test : cases) {
    ForeignArray table;
    FillColumn(&table.parts.emplace_back(), "date", test.format,
               std::vector<std::int64_t>{kAt * test.per_second});
    FinishTable(&table, 1);
    const absl::StatusOr<SamplingResult> result =
        ApplySamplingRule(rule, Year(), &table.schema, &table.array, test.zone);
    ASSERT_TRUE(result.ok()) << test.name << result.status();
    EXPECT_THAT(result->lists.at("missing"), ElementsAre(test.missing)) << test.name;
  }
  ForeignArray table;
  FillColumn(&table.parts.emplace_back(), "date", "tss:UTC", std::vector<std::int64_t>{kAt});
  FinishTable(&table, 1);
  EXPECT_EQ(ApplySamplingRule(rule, Year(), &table.schema, &table.array, "Nowhere/At_all").status().message(),
            "zone 'Nowhere/At_all' is not in the tz database");
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

// A column of texts for a table, nullopt: no value.
using Cells = std::vector<std::optional<std::string>>;

struct RuleCase {
  const char* name;
  decltype(SamplingRule::form) form;
  SamplingGiven given;
  std::vector<std::pair<std::string, Cells>> columns;
  std::size_t rows;
  std::string outcome;  // Or the error.
  std::map<std::string, std::int64_t> counts;
  std::map<std::string, std::vector<std::string>> lists;
};

class SamplingRuleTest : public testing::TestWithParam<RuleCase> {};

TEST_P(SamplingRuleTest, SaysSo) {
  const RuleCase& row = GetParam();
  ForeignArray table;
  for (const auto& [name, cells] : row.columns) FillTexts(&table.parts.emplace_back(), name, "u", cells);
  FinishTable(&table, static_cast<std::int64_t>(row.rows));
  const absl::StatusOr<SamplingResult> result =
      ApplySamplingRule(Rule(row.form), row.given, &table.schema, &table.array);
  if (!result.ok()) {
    EXPECT_EQ(result.status().message(), row.outcome);
    return;
  }
  EXPECT_EQ(result->outcome, row.outcome);
  for (const auto& [name, count] : row.counts) EXPECT_EQ(result->counts.at(name), count) << name;
  for (const auto& [name, list] : row.lists) EXPECT_EQ(result->lists.at(name), list) << name;
}

const std::string kOf2025 = "2025-06-30";

SamplingGiven YearOf(std::vector<std::string> subjects) {
  SamplingGiven given = Year();
  given.emplace("subjects", std::move(subjects));
  return given;
}

SamplingGiven AsOf(const char* day) {
  SamplingGiven given = Year();
  given["as_of"] = std::string(day);
  return given;
}

SamplingGiven Sample(std::int64_t size) { return {{"sample", Decimal::FromInteger(size)}}; }

INSTANTIATE_TEST_SUITE_P(
    Rules, SamplingRuleTest,
    testing::ValuesIn<RuleCase>({
        // Where there is nobody, nothing is complete.
        {"EveryOfNobody",
         EveryPeriodRule{PeriodKind::kYear, 1},
         Year(),
         {{"subject", {}}, {"date", {}}},
         0,
         "none",
         {{"subjects", 0}, {"covered", 0}, {"missing", 0}},
         {}},
        {"EveryOfAnEmptyListOfSubjects",
         EveryPeriodRule{PeriodKind::kYear, 1},
         YearOf({}),
         {{"subject", {"a"}}, {"date", {kOf2025}}},
         1,
         "none",
         {{"subjects", 0}},
         {}},
        {"EveryOfOneListedWithoutARow",
         EveryPeriodRule{PeriodKind::kYear, 1},
         YearOf({"a"}),
         {{"subject", {}}, {"date", {}}},
         0,
         "missing",
         {{"subjects", 1}},
         {{"missing", {"a: 2025"}}}},
        {"EveryOfTheOnlySubjectWithoutARow",
         EveryPeriodRule{PeriodKind::kYear, 1},
         Year(),
         {{"date", {}}},
         0,
         "missing",
         {{"subjects", 1}},
         {{"missing", {"2025"}}}},
        {"WithinOfNobody",
         WithinMonthsRule{12, 1},
         {{"as_of", std::string("2026-01-01")}},
         {{"since", {}}, {"date", {}}},
         0,
         "none",
         {{"subjects", 0}},
         {}},
        {"EachOfNoEvent",
         EachEventRule{"sold"},
         {},
         {{"asked", {}}},
         0,
         "none",
         {{"events", 0}},
         {{"missing", {}}}},
        // A survey counts from its day, and if it is known to be valid.
        {"EveryOnItsDay",
         EveryPeriodRule{PeriodKind::kYear, 1},
         AsOf("2025-06-30"),
         {{"date", {kOf2025}}},
         1,
         "complete",
         {{"covered", 1}},
         {}},
        {"EveryBeforeItsDay",
         EveryPeriodRule{PeriodKind::kYear, 1},
         AsOf("2025-06-29"),
         {{"date", {kOf2025}}},
         1,
         "open",
         {{"covered", 0}},
         {{"open", {"2025"}}}},
        {"WithinBeforeItsDay",
         WithinMonthsRule{12, 1},
         {{"as_of", std::string("2025-06-29")}},
         {{"since", {"2025-01-01"}}, {"date", {kOf2025}}},
         1,
         "open",
         {{"complete", 0}},
         {}},
        {"ValidByFlag",
         EveryPeriodRule{PeriodKind::kYear, 1},
         Year(),
         {{"date", {kOf2025}}, {"valid", {"true"}}},
         1,
         "complete",
         {},
         {}},
        {"ValidUnknown",
         EveryPeriodRule{PeriodKind::kYear, 1},
         Year(),
         {{"date", {kOf2025}}, {"valid", {std::nullopt}}},
         1,
         "missing",
         {},
         {}},
        {"WithinValidUnknown",
         WithinMonthsRule{3, 1},
         {{"as_of", std::string("2026-01-01")}},
         {{"since", {kOf2025}}, {"date", {kOf2025}}, {"valid", {std::nullopt}}},
         1,
         "missing",
         {},
         {}},
        // Rows and their subjects.
        {"NoSubject",
         EachEventRule{"sold"},
         {},
         {{"subject", {"2", std::nullopt}}, {"asked", {"false", "false"}}},
         2,
         "row 1: column 'subject': no value",
         {},
         {}},
        {"RowsWithoutSubjects",
         EachEventRule{"sold"},
         {},
         {{"asked", {"true", "false", std::nullopt}}},
         3,
         "missing",
         {{"asked", 1}},
         {{"missing", {"row 1", "row 2"}}}},
        {"TheLastEventOfASubject",
         RecentEventRule{3},
         {{"reference", std::string("2025-06-30")}},
         {{"subject", {"b", "a", "b", "b"}},
          {"last_event", {"2024-01-01", std::nullopt, "2025-06-01", std::nullopt}}},
         4,
         "",
         {{"eligible", 1}, {"too_old", 0}, {"unknown", 1}},
         {{"eligible", {"b"}}, {"too_old", {}}, {"unknown", {"a"}}}},
        // Products of which something is not known.
        {"MatureUnknown",
         ProductRangeRule{},
         {},
         {{"product_line", {"p", "q"}}, {"mature", {"true", std::nullopt}}, {"surveyed", {"true", "false"}}},
         2,
         "row 1: column 'mature': no value",
         {},
         {}},
        {"StrategicUnknown",
         ProductRangeRule{},
         {},
         {{"product_line", {"p"}},
          {"mature", {"true"}},
          {"surveyed", {"true"}},
          {"strategic", {std::nullopt}}},
         1,
         "row 0: column 'strategic': no value",
         {},
         {}},
        {"SurveyedUnknown",
         ProductRangeRule{},
         {},
         {{"product_line", {"p", "q"}}, {"mature", {"true", "true"}}, {"surveyed", {"true", std::nullopt}}},
         2,
         "incomplete",
         {{"covered", 1}, {"mature", 2}},
         {{"unexplained", {"q"}}, {"excepted", {}}}},
        // Names that a figure of the rule has itself.
        {"AClassNamedFrame",
         SelectionListRule{},
         {{"frame", Decimal::FromInteger(9)}},
         {{"customer", {"a"}}, {"product_line", {"p"}}, {"class", {"frame"}}, {"nominated_by", {"sales"}}},
         1,
         "column 'class': 'frame' is the name of the share of the frame, not of a class",
         {},
         {}},
        // Inputs are refused of an empty list, too.
        {"NoChance",
         InvitationRule{},
         {{"seed", std::string("s")}, {"probability", Decimal::FromInteger(2)}},
         {{"id", {}}},
         0,
         "probability: 2 lies outside [0, 1]",
         {},
         {}},
    }),
    [](const testing::TestParamInfo<RuleCase>& info) { return std::string(info.param.name); });

TEST(SamplingPlanTest, PeriodsOfAllSubjectsAreLimitedTogether) {
  Cells subjects, dates;
  for (int i = 0; i < 11; ++i) {
    subjects.push_back(std::to_string(i));
    dates.push_back(kOf2025);
  }
  SamplingGiven given = Year();
  given["from"] = std::string("0205-01-01");
  ForeignArray table;
  FillTexts(&table.parts.emplace_back(), "subject", "u", subjects);
  FillTexts(&table.parts.emplace_back(), "date", "u", dates);
  FinishTable(&table, 11);
  EXPECT_EQ(ApplySamplingRule(Rule(EveryPeriodRule{PeriodKind::kWeek, 1}), given, &table.schema, &table.array)
                .status()
                .message(),
            "95016 periods from 0205-01-01 through 2025-12-31 of 11 subjects are more than 1000000 together");
}

// Strata with equal remainders, in any order of the rows; sizes and deviations as databases and packages give them.
TEST(SamplingPlanTest, StrataDoNotHangOnTheOrderOfRows) {
  const auto apply = [](const Cells& names, const std::vector<absl::int128>& sizes,
                        const std::vector<double>& spread) {
    ForeignArray table;
    FillTexts(&table.parts.emplace_back(), "stratum", "u", names);
    FillColumn(&table.parts.emplace_back(), "size", "d:38,2", sizes);
    FillColumn(&table.parts.emplace_back(), "deviation", "g", spread);
    FinishTable(&table, static_cast<std::int64_t>(names.size()));
    return ApplySamplingRule(Rule(StrataRule{StrataRule::Method::kOptimal}), Sample(4), &table.schema,
                             &table.array);
  };
  for (const Cells& names : {Cells{"b", "a", "c"}, Cells{"c", "b", "a"}}) {
    const absl::StatusOr<SamplingResult> result =
        apply(names, {10000, 10000, 10000}, {1. / 3, 1. / 3, 1. / 3});
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_THAT(result->counts,
                testing::ElementsAre(testing::Pair("a", 2), testing::Pair("b", 1), testing::Pair("c", 1)));
  }
  EXPECT_EQ(apply({"a"}, {150}, {1}).status().message(),
            "row 0: column 'size': not a whole number of 0 or more");
  EXPECT_EQ(apply({"a"}, {100}, {1e-9}).status().message(),
            "row 0: column 'deviation': 1e-09 is not a number up to 2^40, in places of a millionth");
}

// Ids of every kind, of which pandas makes doubles where one is missing, and hashes 64 bits without a sign.
TEST(SamplingPlanTest, ReadsNamesOfEveryKind) {
  const auto missing = [](ForeignArray* table, std::int64_t rows) -> std::vector<std::string> {
    FillColumn(&table->parts.emplace_back(), "asked", "c",
               std::vector<std::int8_t>(static_cast<std::size_t>(rows)));
    FinishTable(table, rows);
    const absl::StatusOr<SamplingResult> result =
        ApplySamplingRule(Rule(EachEventRule{"sold"}), {}, &table->schema, &table->array);
    return result.ok() ? result->lists.at("missing")
                       : std::vector<std::string>{std::string(result.status().message())};
  };
  ForeignArray reals, hashes, flags, fraction;
  FillColumn(&reals.parts.emplace_back(), "subject", "g", std::vector<double>{7, -9007199254740992});
  EXPECT_THAT(missing(&reals, 2), ElementsAre("7", "-9007199254740992"));
  FillColumn(&hashes.parts.emplace_back(), "subject", "L",
             std::vector<std::uint64_t>{std::numeric_limits<std::uint64_t>::max()});
  EXPECT_THAT(missing(&hashes, 1), ElementsAre("18446744073709551615"));
  FillBits(&flags.parts.emplace_back(), "subject", {true, false});
  EXPECT_THAT(missing(&flags, 2), ElementsAre("true", "false"));
  FillColumn(&fraction.parts.emplace_back(), "subject", "g", std::vector<double>{1.5});
  EXPECT_THAT(missing(&fraction, 1),
              ElementsAre("row 0: column 'subject': 1.5 is neither a text nor a whole number"));
}

// The day of an instant without a zone, also before 1970; one of a zone has none without the policy's.
TEST(SamplingPlanTest, ReadsTheDayOfAnInstantWithoutAZone) {
  const auto apply = [](const char* format, std::int64_t at, const char* reference) {
    ForeignArray table;
    FillColumn(&table.parts.emplace_back(), "last_event", format, std::vector<std::int64_t>{at});
    FinishTable(&table, 1);
    return ApplySamplingRule(Rule(RecentEventRule{1}), {{"reference", std::string(reference)}}, &table.schema,
                             &table.array);
  };
  constexpr std::int64_t kLast = 20129 * std::int64_t{86'400} + 86'399;  // 2025-02-10T23:59:59.
  EXPECT_EQ(apply("tss:", kLast, "2025-02-10")->counts.at("eligible"), 1);
  EXPECT_EQ(apply("tsn:", kLast * 1'000'000'000, "2025-03-10")->counts.at("eligible"), 1);
  EXPECT_EQ(apply("tsu:", kLast * 1'000'000, "2025-03-11")->counts.at("too_old"), 1);
  EXPECT_EQ(apply("tsm:", -1, "1970-01-01")->counts.at("eligible"), 1);  // 1969-12-31, and not a day later:
  EXPECT_EQ(apply("tsm:", -1, "1970-02-01")->counts.at("too_old"), 1);
  EXPECT_THAT(std::string(apply("tsu:Europe/Berlin", kLast, "2025-02-10").status().message()),
              HasSubstr("row 0: column 'last_event': an instant of a zone has no day of its own"));
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
