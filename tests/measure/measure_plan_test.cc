#include "csat/measure/measure_plan.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "arrow/foreign_table.h"
#include "csat/measure/two_samples.h"
#include "csat/policy/policy.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kHead[] =
    R"({"id":"p","version":"1","effective_from":"2025-01-01","zone":"Europe/Berlin","scales":[
         {"id":"likert5","min":1,"max":5,"integer":true,"direction":"HIGHER_IS_BETTER",
          "labels":[{"rank":1,"label":{"en":"bad","zh":"差"}},{"rank":2,"label":{"en":"poor"}},
                    {"rank":3,"label":{"en":"fair"}},{"rank":4,"label":{"en":"good"}},
                    {"rank":5,"label":{"en":"best"},"aliases":["great"]}]},
         {"id":"eleven","min":0,"max":10,"integer":true,"direction":"HIGHER_IS_BETTER"}],
       "metrics":[{"id":"rating","scale":"likert5","number":{},"missing_values":[9]},
                  {"id":"recommend","scale":"eleven","number":{}},
                  {"id":"channel","text":{"values":["phone","web"]}}],
       "measures":[)";

Policy PolicyWith(const std::string& measures) {
  const absl::StatusOr<Policy> policy = Policy::Parse(absl::StrCat(kHead, measures, "]}"));
  if (!policy.ok()) ADD_FAILURE() << policy.status();
  return *policy;
}

MeasurePlan PlanOf(const std::string& measures, const MeasureOptions& options = {}) {
  return *MeasurePlan::Compile(PolicyWith(measures), options);
}

const char* const kTop2 =
    R"({"id":"top2","share":{"of":{"compare":{"metric":"rating","op":"GE","value":4}}}})";
const char* const kPhone =
    R"({"id":"phone","where":{"compare":{"metric":"channel","op":"EQ","text":"phone"}},"mean":{"metric":"rating"}})";

struct Value {
  std::optional<double> rating;
  std::optional<std::string> channel;
};

std::unique_ptr<ForeignArray> TableOf(const std::vector<Value>& rows) {
  auto table = std::make_unique<ForeignArray>();
  std::vector<double> ratings;
  std::vector<bool> none;
  std::vector<std::optional<std::string>> channels;
  for (const Value& row : rows) {
    ratings.push_back(row.rating.value_or(0));
    none.push_back(!row.rating.has_value());
    channels.push_back(row.channel);
  }
  FillColumn(&table->parts.emplace_back(), "rating", "g", ratings, none);
  FillTexts(&table->parts.emplace_back(), "channel", "u", channels);
  FinishTable(table.get(), static_cast<std::int64_t>(rows.size()));
  return table;
}

TEST(MeasurePlanTest, ABadValueFailsTheCallOrKeepsItsRowOut) {
  struct Row {
    const char* name;
    const char* measure;
    Value bad;
    const char* words;
  };
  const Row rows[] = {
      {"above the scale, a share", kTop2, {6, "web"}, "row 1: column 'rating': 6 lies outside [1, 5]"},
      {"below the scale, a share", kTop2, {0, "web"}, "row 1: column 'rating': 0 lies outside [1, 5]"},
      {"between two ranks", kTop2, {3.5, "web"}, "row 1: column 'rating': 3.5 lies between two steps"},
      {"above the scale, of some records",
       kPhone,
       {6, "phone"},
       "row 1: column 'rating': 6 lies outside [1, 5]"},
      {"of a record that is not spoken of",
       kPhone,
       {6, "web"},
       "row 1: column 'rating': 6 lies outside [1, 5]"},
      {"a word of no list",
       kPhone,
       {3, "fax"},
       "row 1: column 'channel': 'fax' is none of the words of metric 'channel'"},
  };
  for (const Row& row : rows) {
    const MeasurePlan plan = PlanOf(row.measure);
    const auto table = TableOf({{5, "phone"}, row.bad, {4, "phone"}});
    Aggregates aggregates = *plan.NewAggregates();
    const std::string before = aggregates.ToBytes();
    const absl::Status status = plan.Add(table->schema, table->array, Aggregates::AddOptions(), &aggregates);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << row.name;
    EXPECT_THAT(std::string(status.message()), HasSubstr(row.words)) << row.name;
    EXPECT_EQ(aggregates.ToBytes(), before) << row.name;
    Aggregates::AddOptions options;
    options.bad_rows = Aggregates::AddOptions::BadRows::kRefuse;
    ASSERT_TRUE(plan.Add(table->schema, table->array, options, &aggregates).ok()) << row.name;
    EXPECT_EQ(aggregates.rows(), 2) << row.name;
    EXPECT_EQ(aggregates.refused(), 1) << row.name;
    EXPECT_EQ(plan.FigureOf(aggregates, 0, 0).n, 2) << row.name;
  }
}

TEST(MeasurePlanTest, LabelsInAnyLanguageAndAliasesAreTheirRanks) {
  const MeasurePlan plan = PlanOf(R"({"id":"mean","mean":{"metric":"rating"}})");
  ForeignArray table;
  FillTexts(&table.parts.emplace_back(), "rating", "u", {"bad", "差", "great", std::nullopt});
  FinishTable(&table, 4);
  Aggregates aggregates = *plan.NewAggregates();
  ASSERT_TRUE(plan.Add(table.schema, table.array, Aggregates::AddOptions(), &aggregates).ok());
  const MeasureFigure figure = plan.FigureOf(aggregates, 0, 0);
  EXPECT_EQ(figure.n, 3);
  EXPECT_EQ(figure.shown, "2.33");
}

// Instants, in seconds. In Berlin clocks go from 02:00 to 03:00 at 2025-03-30 01:00 UTC.
TEST(MeasurePlanTest, RecordsAreGroupedByTheClockOfThePolicysZone) {
  struct Row {
    const char* name;
    TimeBucket bucket;
    const char* format;
    std::vector<std::int64_t> times;
    std::vector<std::string> periods;
  };
  const std::int64_t march = 1'743'289'200;  // 2025-03-29 23:00:00 UTC, midnight of the 30th.
  const Row rows[] = {
      {"an instant and the one before midnight",
       TimeBucket::kDay,
       "tss:UTC",
       {march - 1, march},
       {"2025-03-29", "2025-03-30"}},
      {"a day of 23 hours",
       TimeBucket::kDay,
       "tss:UTC",
       {march + 82799, march + 82800},
       {"2025-03-30", "2025-03-31"}},
      {"clocks without a zone",
       TimeBucket::kDay,
       "tss:",
       {march - 1, march, march + 3600},
       {"2025-03-29", "2025-03-30"}},
      {"milliseconds before 1970", TimeBucket::kYear, "tsm:UTC", {-3'600'001, -3'600'000}, {"1969", "1970"}},
      {"months", TimeBucket::kMonth, "tss:UTC", {1'743'458'399, 1'743'458'400}, {"2025-03", "2025-04"}},
      {"weeks begin on Monday",
       TimeBucket::kWeek,
       "tss:UTC",
       {march + 82799, march + 82800},
       {"2025-W13", "2025-W14"}},
      {"quarters", TimeBucket::kQuarter, "tss:UTC", {1'743'458'399, 1'743'458'400}, {"2025-Q1", "2025-Q2"}},
      {"half-years",
       TimeBucket::kHalfYear,
       "tss:UTC",
       {1'751'320'799, 1'751'320'800},
       {"2025-H1", "2025-H2"}},
      {"minutes around the change of clocks",
       TimeBucket::kMinute,
       "tss:UTC",
       {1'743'296'399, 1'743'296'400, 1'743'296'459, 1'743'296'460},
       {"2025-03-30T01:59+01:00", "2025-03-30T03:00+02:00", "2025-03-30T03:01+02:00"}},
      {"hours",
       TimeBucket::kHour,
       "tsn:UTC",
       {1'743'299'999'999'999'999, 1'743'300'000'000'000'000},
       {"2025-03-30T03:00+02:00", "2025-03-30T04:00+02:00"}},
  };
  for (const Row& row : rows) {
    MeasureOptions options;
    options.time_column = "at";
    options.bucket = row.bucket;
    const MeasurePlan plan = PlanOf(R"({"id":"records","count":{}})", options);
    ForeignArray table;
    FillColumn(&table.parts.emplace_back(), "at", row.format, row.times);
    FinishTable(&table, static_cast<std::int64_t>(row.times.size()));
    Aggregates aggregates = *plan.NewAggregates();
    const absl::Status status = plan.Add(table.schema, table.array, Aggregates::AddOptions(), &aggregates);
    ASSERT_TRUE(status.ok()) << row.name << ": " << status;
    std::vector<std::string> periods;
    for (std::size_t i = 0; i < aggregates.groups(); ++i)
      periods.push_back(std::get<std::string>(aggregates.Keys(i).front()));
    EXPECT_EQ(periods, row.periods) << row.name;
  }
}

TEST(MeasurePlanTest, TimesThatCannotBeAreNamed) {
  struct Row {
    const char* name;
    TimeBucket bucket;
    const char* format;
    std::int64_t time;
    const char* words;
  };
  const Row rows[] = {
      {"year 10000", TimeBucket::kDay, "tss:UTC", 253'402'300'800,
       "row 0: column 'at': a time outside of the years 1 to 9999"},
      {"the end of time", TimeBucket::kDay, "tss:UTC", INT64_MAX,
       "row 0: column 'at': a time outside of the years"},
      {"numbers", TimeBucket::kDay, "l", 5, "time column 'at' holds no timestamps or days"},
      {"days by the minute", TimeBucket::kMinute, "tdm", 0, "time column 'at' holds no timestamps"},
  };
  for (const Row& row : rows) {
    MeasureOptions options;
    options.time_column = "at";
    options.bucket = row.bucket;
    const MeasurePlan plan = PlanOf(R"({"id":"records","count":{}})", options);
    ForeignArray table;
    FillColumn(&table.parts.emplace_back(), "at", row.format, std::vector<std::int64_t>{row.time});
    FinishTable(&table, 1);
    Aggregates aggregates = *plan.NewAggregates();
    const absl::Status status = plan.Add(table.schema, table.array, Aggregates::AddOptions(), &aggregates);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << row.name;
    EXPECT_THAT(std::string(status.message()), HasSubstr(row.words)) << row.name;
  }
}

TEST(MeasurePlanTest, WhatCannotBeCompiledIsNamed) {
  struct Row {
    const char* name;
    MeasureOptions options;
    absl::StatusCode code;
    const char* words;
  };
  const Row rows[] = {
      {"no such measure",
       {{"top3"}, {}, "", TimeBucket::kDay},
       absl::StatusCode::kNotFound,
       "policy 'p' has no measure 'top3'"},
      {"asked for twice",
       {{"top2", "top2"}, {}, "", TimeBucket::kDay},
       absl::StatusCode::kInvalidArgument,
       "measure 'top2' is asked for twice"},
      {"a key twice",
       {{}, {"shop", "shop"}, "", TimeBucket::kDay},
       absl::StatusCode::kInvalidArgument,
       "key 'shop'"},
      {"period and a time",
       {{}, {"period"}, "at", TimeBucket::kDay},
       absl::StatusCode::kInvalidArgument,
       "key 'period'"},
  };
  const Policy policy = PolicyWith(kTop2);
  for (const Row& row : rows) {
    const absl::StatusOr<MeasurePlan> plan = MeasurePlan::Compile(policy, row.options);
    EXPECT_EQ(plan.status().code(), row.code) << row.name;
    EXPECT_THAT(std::string(plan.status().message()), HasSubstr(row.words)) << row.name;
  }
}

TEST(MeasurePlanTest, AggregatesOfOtherMeasuresAreRefused) {
  const MeasurePlan plan = PlanOf(kTop2), other = PlanOf(kPhone);
  Aggregates aggregates = *other.NewAggregates();
  const auto table = TableOf({{5, "phone"}});
  const absl::Status status = plan.Add(table->schema, table->array, Aggregates::AddOptions(), &aggregates);
  EXPECT_THAT(std::string(status.message()), HasSubstr("of other measures"));
  EXPECT_FALSE(plan.Owns(aggregates));
  EXPECT_TRUE(other.Owns(aggregates));
}

// P2-54: minute 10:00 has the ratings 10, 9, 8, 3.
// The most rows that an aggregate of the measure holds are 2^40.
TEST(MeasurePlanTest, TooManyRowsAreNotTakenForOtherMeasures) {
  for (const char* measure : {kTop2, kPhone}) {
    const MeasurePlan plan = PlanOf(measure);
    const auto table = TableOf({{5, "phone"}});
    Aggregates aggregates = *plan.NewAggregates();
    ASSERT_TRUE(plan.Add(table->schema, table->array, Aggregates::AddOptions(), &aggregates).ok());
    while (aggregates.rows() < std::int64_t{1} << 40) ASSERT_TRUE(aggregates.Merge(aggregates).ok());
    const std::string before = aggregates.ToBytes();
    const absl::Status status = plan.Add(table->schema, table->array, Aggregates::AddOptions(), &aggregates);
    EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange) << measure;
    EXPECT_THAT(std::string(status.message()), HasSubstr("at most 1099511627776 rows")) << measure;
    EXPECT_EQ(aggregates.ToBytes(), before) << measure;
    EXPECT_TRUE(plan.Owns(aggregates)) << measure;
  }
}

TEST(MeasurePlanTest, MinutesOfShardsMerge) {
  MeasureOptions options;
  options.time_column = "at";
  options.bucket = TimeBucket::kMinute;
  const MeasurePlan plan = PlanOf(R"({"id":"nps","unit":"points","nps":{"metric":"recommend"}})", options);
  const auto add = [&](const std::vector<std::int64_t>& ratings, Aggregates* into) {
    ForeignArray table;
    FillColumn(&table.parts.emplace_back(), "at", "tss:UTC",
               std::vector<std::int64_t>(ratings.size(), 1'741'946'405));
    FillColumn(&table.parts.emplace_back(), "recommend", "l", ratings);
    FinishTable(&table, static_cast<std::int64_t>(ratings.size()));
    ASSERT_TRUE(plan.Add(table.schema, table.array, Aggregates::AddOptions(), into).ok());
  };
  Aggregates whole = *plan.NewAggregates(), first = whole, second = whole;
  add({10, 9, 8, 3}, &whole);
  add({8, 3}, &first);
  add({10, 9}, &second);
  ASSERT_TRUE(first.Merge(*Aggregates::FromBytes(second.ToBytes())).ok());
  EXPECT_EQ(first.ToBytes(), whole.ToBytes());
  const MeasureFigure figure = plan.FigureOf(first, 0, 0);
  EXPECT_EQ(figure.n, 4);
  EXPECT_EQ(figure.shown, "25.00");
  EXPECT_THAT(first.Keys(0), ElementsAre(AggregateKey(std::string("2025-03-14T11:00+01:00"))));
}

// The same answers, two figures: 3 promoters and 1 detractor of 5 who answered, of 8 who were asked.
TEST(MeasurePlanTest, TheBaseAloneMakesTwoNetPromoterScores) {
  const MeasurePlan plan = PlanOf(
      R"({"id":"answered","unit":"points","nps":{"metric":"recommend"}},
         {"id":"asked","unit":"points","base":"RECORDS","nps":{"metric":"recommend"}})");
  ForeignArray table;
  FillColumn(&table.parts.emplace_back(), "recommend", "l",
             std::vector<std::int64_t>{10, 9, 9, 7, 6, 0, 0, 0},
             {false, false, false, false, false, true, true, true});
  FinishTable(&table, 8);
  Aggregates aggregates = *plan.NewAggregates();
  ASSERT_TRUE(plan.Add(table.schema, table.array, Aggregates::AddOptions(), &aggregates).ok());
  EXPECT_EQ(plan.FigureOf(aggregates, 0, 0).shown, "40.00");
  EXPECT_EQ(plan.FigureOf(aggregates, 0, 1).shown, "25.00");
  EXPECT_EQ(plan.FigureOf(aggregates, 0, 1).n, 8);
}

TEST(MeasurePlanTest, AFigureIsTheSameWithoutItsInterval) {
  const MeasurePlan plan =
      PlanOf(absl::StrCat(kTop2, ",", kPhone, R"(,{"id":"both","product":{"measures":["top2","phone"]}})"));
  const auto table = TableOf({{5, "phone"}, {4, "phone"}, {1, "web"}});
  Aggregates aggregates = *plan.NewAggregates();
  ASSERT_TRUE(plan.Add(table->schema, table->array, Aggregates::AddOptions(), &aggregates).ok());
  for (std::size_t i = 0; i < plan.measures().size(); ++i) {
    const MeasureFigure with = plan.FigureOf(aggregates, 0, i),
                        without = plan.FigureOf(aggregates, 0, i, std::nullopt);
    EXPECT_EQ(with.interval.has_value(), i < 2);
    EXPECT_FALSE(without.interval.has_value());
    EXPECT_EQ(*with.value, *without.value);
    EXPECT_EQ(with.shown, without.shown);
    EXPECT_EQ(with.n, without.n);
  }
}

TEST(MeasurePlanTest, WhereThereIsNoIntervalThereIsAReason) {
  struct Row {
    const char* name;
    const char* measure;  // The last of these is looked at.
    std::vector<Value> rows;
    Gap::Reason reason;
  };
  const std::vector<Value> some = {{5, "phone"}, {4, "web"}, {2, "phone"}};
  const char* const kPhoneAndWeb =
      R"({"id":"phone","where":{"compare":{"metric":"channel","op":"EQ","text":"phone"}},"mean":{"metric":"rating"}},
         {"id":"web","where":{"compare":{"metric":"channel","op":"EQ","text":"web"}},"mean":{"metric":"rating"}},)";
  const auto after = [&](const char* last) { return absl::StrCat(kPhoneAndWeb, last); };
  const std::string growth =
                        after(R"({"id":"x","difference":{"measure":"phone","minus":"web","relative":true}})"),
                    shared = after(R"({"id":"x","difference":{"measure":"phone","minus":"web"}})"),
                    apart = after(
                        R"({"id":"x","difference":{"measure":"phone","minus":"web","independent":true}})"),
                    product = after(R"({"id":"x","product":{"measures":["phone","web"]}})");
  const Row rows[] = {
      {"a mean of one", R"({"id":"x","mean":{"metric":"rating"}})", {{5, "web"}}, Gap::Reason::kTooFew},
      {"a mean of none", R"({"id":"x","mean":{"metric":"rating"}})", {{{}, "web"}}, Gap::Reason::kEmpty},
      {"a sum", R"({"id":"x","sum":{"metric":"rating"}})", some, Gap::Reason::kNoMethod},
      {"a number", R"({"id":"x","count":{}})", some, Gap::Reason::kNoMethod},
      {"a ratio",
       R"({"id":"x","ratio":{"numerator":[{"metric":"rating"}],"denominator":[{"metric":"rating"}]}})", some,
       Gap::Reason::kNoMethod},
      {"a median", R"({"id":"x","quantile":{"metric":"rating","at":0.5}})", some, Gap::Reason::kNoMethod},
      {"a deviation", R"({"id":"x","deviation":{"metric":"rating"}})", some, Gap::Reason::kNoMethod},
      {"a deviation of one",
       R"({"id":"x","deviation":{"metric":"rating"}})",
       {{5, "web"}},
       Gap::Reason::kTooFew},
      {"a process performance", R"({"id":"x","capability":{"metric":"rating","lower":1}})", some,
       Gap::Reason::kNoMethod},
      {"one of what does not vary",
       R"({"id":"x","capability":{"metric":"rating","lower":1}})",
       {{5, "web"}, {5, "web"}},
       Gap::Reason::kConstant},
      {"a growth", growth.c_str(), some, Gap::Reason::kNoMethod},
      {"a difference of shared records", shared.c_str(), some, Gap::Reason::kNoMethod},
      {"a difference to one", apart.c_str(), some, Gap::Reason::kTooFew},
      {"a product", product.c_str(), some, Gap::Reason::kNoMethod},
  };
  for (const Row& row : rows) {
    const MeasurePlan plan = PlanOf(row.measure);
    const auto table = TableOf(row.rows);
    Aggregates aggregates = *plan.NewAggregates();
    ASSERT_TRUE(plan.Add(table->schema, table->array, Aggregates::AddOptions(), &aggregates).ok())
        << row.name;
    const MeasureFigure figure = plan.FigureOf(aggregates, 0, plan.measures().size() - 1);
    ASSERT_FALSE(figure.interval.has_value()) << row.name;
    EXPECT_EQ(Word(figure.interval.gap().reason), Word(row.reason)) << row.name;
  }
}

// Of two shares that are independent the interval is Newcombe's; of a value it is the measure's own, shifted.
TEST(MeasurePlanTest, ADifferenceHasTheIntervalOfItsParts) {
  const MeasurePlan plan = PlanOf(
      R"({"id":"phone","where":{"compare":{"metric":"channel","op":"EQ","text":"phone"}},
          "share":{"of":{"compare":{"metric":"rating","op":"GE","value":4}}}},
         {"id":"web","where":{"compare":{"metric":"channel","op":"EQ","text":"web"}},
          "share":{"of":{"compare":{"metric":"rating","op":"GE","value":4}}}},
         {"id":"gap","unit":"share","difference":{"measure":"phone","minus":"web","independent":true}},
         {"id":"together","unit":"share","difference":{"measure":"phone","minus":"web"}},
         {"id":"relative","unit":"share","difference":{"measure":"phone","minus":"web","relative":true}},
         {"id":"to_half","unit":"share","difference":{"measure":"phone","minus_value":0.5}})");
  std::vector<Value> rows;
  for (int i = 0; i < 10; ++i) rows.push_back({i < 7 ? 5.0 : 1.0, "phone"});
  for (int i = 0; i < 8; ++i) rows.push_back({i < 2 ? 4.0 : 3.0, "web"});
  const auto table = TableOf(rows);
  Aggregates aggregates = *plan.NewAggregates();
  ASSERT_TRUE(plan.Add(table->schema, table->array, Aggregates::AddOptions(), &aggregates).ok());
  const MeasureFigure gap = plan.FigureOf(aggregates, 0, 2, 0.9), own = plan.FigureOf(aggregates, 0, 0, 0.9),
                      to_half = plan.FigureOf(aggregates, 0, 5, 0.9);
  EXPECT_EQ(gap.shown, "+45.0");
  EXPECT_EQ(gap.n, 8);
  const Interval newcombe = *NewcombeInterval({7, 10}, {2, 8}, 0.9);
  ASSERT_TRUE(gap.interval.has_value());
  EXPECT_NEAR(gap.interval->low, newcombe.low, 1e-14);
  EXPECT_NEAR(gap.interval->high, newcombe.high, 1e-14);
  EXPECT_EQ(gap.interval->level, 0.9);
  EXPECT_FALSE(plan.FigureOf(aggregates, 0, 3).interval.has_value());
  EXPECT_FALSE(plan.FigureOf(aggregates, 0, 4).interval.has_value());
  EXPECT_EQ(plan.FigureOf(aggregates, 0, 4).shown, "+180.0");
  EXPECT_EQ(to_half.shown, "+20.0");
  ASSERT_TRUE(to_half.interval.has_value());
  EXPECT_NEAR(to_half.interval->low, own.interval->low - 0.5, 1e-15);
  EXPECT_NEAR(to_half.interval->high, own.interval->high - 0.5, 1e-15);
}

// P2-02, both sides of each target; of a deviation, which is no quotient, by its nearest millionth.
TEST(MeasurePlanTest, ATargetIsMetMissedOrNotMeasurable) {
  struct Row {
    const char* name;
    const char* measure;
    std::vector<Value> rows;
    TargetStatus status;
  };
  const char* const top = R"({"id":"m","direction":"HIGHER_IS_BETTER","target":0.6,
      "share":{"of":{"compare":{"metric":"rating","op":"GE","value":4}}}})";
  const char* const low =
      R"({"id":"m","direction":"LOWER_IS_BETTER","target":2.5,"mean":{"metric":"rating"}})";
  const char* const spread =
      R"({"id":"m","direction":"LOWER_IS_BETTER","target":1.414213,"deviation":{"metric":"rating"}})";
  const char* const wider =
      R"({"id":"m","direction":"LOWER_IS_BETTER","target":1.414214,"deviation":{"metric":"rating"}})";
  const Row rows[] = {
      {"three of five", top, {{5, ""}, {4, ""}, {4, ""}, {1, ""}, {3, ""}}, TargetStatus::kMet},
      {"four of seven",
       top,
       {{5, ""}, {4, ""}, {4, ""}, {5, ""}, {3, ""}, {3, ""}, {3, ""}},
       TargetStatus::kMissed},
      {"of none", top, {{{}, ""}}, TargetStatus::kNotMeasurable},
      {"at most", low, {{2, ""}, {3, ""}}, TargetStatus::kMet},
      {"above", low, {{2, ""}, {3, ""}, {3, ""}}, TargetStatus::kMissed},
      {"a root above", spread, {{1, ""}, {3, ""}}, TargetStatus::kMissed},
      {"a root at", wider, {{1, ""}, {3, ""}}, TargetStatus::kMet},
      {"none", kTop2, {{5, ""}}, TargetStatus::kNoTarget},
  };
  for (const Row& row : rows) {
    const MeasurePlan plan = PlanOf(row.measure);
    const auto table = TableOf(row.rows);
    Aggregates aggregates = *plan.NewAggregates();
    ASSERT_TRUE(plan.Add(table->schema, table->array, Aggregates::AddOptions(), &aggregates).ok())
        << row.name;
    EXPECT_EQ(plan.FigureOf(aggregates, 0, 0).target, row.status) << row.name;
  }
}

// P3-105: Cpk of random subgroups of 2 to 10 pieces beside a plain evaluation, and the same bytes for any split.
TEST(MeasurePlanTest, CapabilityOfSubgroups) {
  constexpr double kD2[] = {1.128, 1.693, 2.059, 2.326, 2.534, 2.704, 2.847, 2.970, 3.078};
  std::mt19937 engine(105);
  for (std::size_t pieces = 2; pieces <= 10; ++pieces) {
    std::string metrics, names;
    for (std::size_t p = 0; p < pieces; ++p) {
      absl::StrAppend(&metrics, p == 0 ? "" : ",", R"({"id":"p)", p,
                      R"(","number":{},"min":-1,"max":11,"decimal_places":3})");
      absl::StrAppend(&names, p == 0 ? "" : ",", "\"p", p, "\"");
    }
    const auto form = [&](const char* id, const char* within) {
      return absl::StrCat(R"({"id":")", id, R"(","subgroup_capability":{"metrics":[)", names,
                          R"(],"within":")", within, R"(","lower":-2,"upper":12.5}})");
    };
    const absl::StatusOr<Policy> policy = Policy::Parse(absl::StrCat(
        R"({"id":"p","version":"1","effective_from":"2025-01-01","zone":"UTC","metrics":[)", metrics,
        R"(],"measures":[)", form("ranges", "RANGES"), ",", form("pooled", "POOLED"), "]}"));
    ASSERT_TRUE(policy.ok()) << policy.status();
    const MeasurePlan plan = *MeasurePlan::Compile(*policy, {});
    const std::size_t rows = 1 + engine() % 300;
    std::vector<std::vector<double>> values(pieces, std::vector<double>(rows));
    std::vector<std::vector<bool>> nulls(pieces, std::vector<bool>(rows));
    double sum = 0, ranges = 0, squares = 0, whole = 0;
    for (std::size_t r = 0; r < rows; ++r) {
      bool complete = true;
      double low = 1e9, high = -1e9, total = 0;
      for (std::size_t p = 0; p < pieces; ++p) {
        values[p][r] = static_cast<double>(static_cast<int>(engine() % 12001) - 1000) / 1000;
        nulls[p][r] = r > 0 && engine() % 40 == 0;
        complete = complete && !nulls[p][r];
        low = std::min(low, values[p][r]);
        high = std::max(high, values[p][r]);
        total += values[p][r];
      }
      if (!complete) continue;
      ++whole;
      sum += total;
      ranges += high - low;
      for (std::size_t p = 0; p < pieces; ++p) {
        const double off = values[p][r] - total / static_cast<double>(pieces);
        squares += off * off;
      }
    }
    const double mean = sum / (whole * static_cast<double>(pieces)), nearer = std::min(12.5 - mean, mean + 2);
    const double deviations[] = {ranges / whole / kD2[pieces - 2],
                                 std::sqrt(squares / (whole * static_cast<double>(pieces - 1)))};
    const auto add = [&](std::size_t from, std::size_t to, Aggregates* into) {
      ForeignArray table;
      for (std::size_t p = 0; p < pieces; ++p) {
        const auto at = static_cast<std::ptrdiff_t>(from), end = static_cast<std::ptrdiff_t>(to);
        FillColumn(&table.parts.emplace_back(), absl::StrCat("p", p), "g",
                   std::vector<double>(values[p].begin() + at, values[p].begin() + end),
                   std::vector<bool>(nulls[p].begin() + at, nulls[p].begin() + end));
      }
      FinishTable(&table, static_cast<std::int64_t>(to - from));
      ASSERT_TRUE(plan.Add(table.schema, table.array, Aggregates::AddOptions(), into).ok());
    };
    Aggregates once = *plan.NewAggregates(), parts = *plan.NewAggregates();
    add(0, rows, &once);
    add(rows / 3, rows, &parts);
    add(0, rows / 3, &parts);
    EXPECT_EQ(once.ToBytes(), parts.ToBytes());
    for (std::size_t i = 0; i < 2; ++i) {
      const MeasureFigure figure = plan.FigureOf(once, 0, i);
      EXPECT_EQ(figure.n, static_cast<std::int64_t>(whole));
      ASSERT_TRUE(figure.value.has_value()) << pieces;
      EXPECT_NEAR(*figure.value, nearer / (3 * deviations[i]), 1e-11) << pieces;
      EXPECT_FALSE(figure.interval.has_value());
    }
  }
}

TEST(MeasurePlanTest, ThereIsAFigureFromTheLeastNumberOfAnswersOn) {
  const MeasurePlan plan = PlanOf(R"({"id":"mean","min_answers":3,"mean":{"metric":"rating"}})");
  struct Row {
    std::vector<Value> rows;
    const char* shown;
  };
  for (const Row& row : {Row{{{5, ""}, {4, ""}, {3, ""}}, "4.00"},
                         Row{{{5, ""}, {4, ""}, {{}, ""}}, "too_few"}, Row{{{{}, ""}}, "empty"}}) {
    const auto table = TableOf(row.rows);
    Aggregates aggregates = *plan.NewAggregates();
    ASSERT_TRUE(plan.Add(table->schema, table->array, Aggregates::AddOptions(), &aggregates).ok());
    EXPECT_EQ(plan.FigureOf(aggregates, 0, 0).shown, row.shown);
  }
  EXPECT_EQ(plan.FigureOfNone(0).shown, "empty");
}

}  // namespace
}  // namespace csat
