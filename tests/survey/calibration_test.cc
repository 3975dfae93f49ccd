#include "csat/survey/calibration.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "scoring/random.h"

namespace csat {
namespace {

using ::testing::HasSubstr;
using Margins = std::vector<PopulationMargin>;
using Rows = std::vector<SampledRow>;

PopulationMargin Margin(const std::string& name, const std::vector<const char*>& targets) {
  PopulationMargin margin{name, {}};
  for (std::size_t c = 0; c < targets.size(); ++c)
    margin.categories.push_back({absl::StrCat(name, c), *Decimal::Parse(targets[c])});
  return margin;
}

// `count` rows of the same categories.
void Add(Rows* rows, int count, const std::vector<int>& categories, Decimal base = Decimal::FromInteger(1)) {
  for (int i = 0; i < count; ++i) rows->push_back({absl::StrCat("row", rows->size()), categories, base});
}

std::int64_t Sum(const CalibratedWeights& weights) {
  std::int64_t sum = 0;
  for (const Decimal weight : weights.weights) sum += weight.micros();
  return sum;
}

// One margin: the quotient of both shares, in one cycle.
TEST(CalibrationTest, PostStratification) {
  Rows rows;
  Add(&rows, 60, {0});
  Add(&rows, 40, {1});
  const CalibratedWeights result = *Calibrate({Margin("sex", {"49", "51"})}, rows);
  EXPECT_EQ(result.weights[0].ToString(), "0.816667");   // 49 / 60, rounded up
  EXPECT_EQ(result.weights[59].ToString(), "0.816666");  // and down.
  EXPECT_EQ(result.weights[60].ToString(), "1.275");     // 51 / 40
  EXPECT_EQ(Sum(result), 100'000'000);
  EXPECT_EQ(result.achieved[0][0].ToString(), "49");
  EXPECT_EQ(result.cycles, 1);
  EXPECT_EQ(result.trimmed, 0);
  EXPECT_LT(result.largest_deviation, 1e-15);
  // 100 (60 (49/60)^2 + 40 (51/40)^2) / 100^2
  EXPECT_NEAR(result.design_effect, (49.0 * 49 / 60 + 51.0 * 51 / 40) / 100, 1e-11);
}

// The 4 by 4 table of the article "Iterative proportional fitting" in Wikipedia, after its three cycles.
TEST(CalibrationTest, PublishedTable) {
  const int counts[4][4] = {{40, 30, 20, 10}, {35, 50, 100, 75}, {30, 80, 70, 120}, {20, 30, 40, 50}};
  const double want[4][4] = {{64.61, 46.28, 35.42, 3.83},
                             {49.95, 68.15, 156.49, 25.37},
                             {56.70, 144.40, 145.06, 53.76},
                             {28.74, 41.18, 63.03, 17.03}};
  Rows rows;
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 4; ++j) Add(&rows, counts[i][j], {i, j});
  }
  CalibrationRules rules;
  rules.total = Decimal::FromInteger(1000);
  rules.tolerance = 2e-4;
  const Margins margins{Margin("row", {"150", "300", "400", "150"}),
                        Margin("column", {"200", "300", "400", "100"})};
  const CalibratedWeights result = *Calibrate(margins, rows, rules);
  EXPECT_EQ(result.cycles, 3);
  EXPECT_NEAR(result.largest_deviation, 0.1286247 / 1000, 1e-8);
  std::map<std::vector<int>, double> cells;
  for (std::size_t i = 0; i < rows.size(); ++i) cells[rows[i].categories] += result.weights[i].ToDouble();
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 4; ++j) EXPECT_NEAR((cells[{i, j}]), want[i][j], 0.006) << i << " " << j;
  }
  // To the end: R 4.2.2, 200 cycles.
  rules.tolerance = 1e-12;
  const CalibratedWeights exact = *Calibrate(margins, rows, rules);
  EXPECT_NEAR(exact.weights[0].ToDouble(), 1.6139627444137090, 1e-6);
  EXPECT_NEAR(exact.weights[799].ToDouble(), 0.34067476523613371, 1e-6);
}

// Schools of California, the cluster sample apiclus1: the example of rake() in R's survey package (Lumley
// 2004). Weights by survey 4.1.1.
TEST(CalibrationTest, PublishedSample) {
  const struct {
    int count, type, wide;
    double want;
  } cells[] = {{12, 0, 0, 39.83923624712978},  {3, 1, 0, 67.12552924119470},  {8, 2, 0, 49.06907216385732},
               {132, 0, 1, 29.87067549268469}, {11, 1, 1, 50.32940111603923}, {17, 2, 1, 36.79102486406996}};
  Rows rows;
  for (const auto& cell : cells) Add(&rows, cell.count, {cell.type, cell.wide}, *Decimal::Parse("33.846996"));
  CalibrationRules rules;
  rules.total = Decimal::FromInteger(6194);
  rules.tolerance = 1e-12;
  const CalibratedWeights result =
      *Calibrate({Margin("type", {"4421", "755", "1018"}), Margin("wide", {"1072", "5122"})}, rows, rules);
  EXPECT_EQ(Sum(result), 6'194'000'000);
  std::size_t i = 0;
  for (const auto& cell : cells) {
    for (int k = 0; k < cell.count; ++k) EXPECT_NEAR(result.weights[i++].ToDouble(), cell.want, 1e-6);
  }
  EXPECT_NEAR(result.design_effect, 1.051656695603833, 1e-8);
}

// Within limits: row by row, each factor by bisection, in long double.
std::vector<double> SlowWeights(const Margins& margins, const Rows& rows, long double least,
                                long double greatest) {
  const auto n = static_cast<long double>(rows.size());
  std::vector<long double> weights;
  long double sum = 0;
  for (const SampledRow& row : rows) sum += static_cast<long double>(row.base.micros());
  for (const SampledRow& row : rows) weights.push_back(static_cast<long double>(row.base.micros()) * n / sum);
  const auto cut = [&](long double weight) { return std::min(std::max(weight, least), greatest); };
  for (int cycle = 0; cycle < 3000; ++cycle) {
    long double furthest = 0;
    for (std::size_t m = 0; m < margins.size(); ++m) {
      long double whole = 0;
      for (const auto& category : margins[m].categories)
        whole += static_cast<long double>(category.target.micros());
      for (std::size_t c = 0; c < margins[m].categories.size(); ++c) {
        const long double target =
            n * static_cast<long double>(margins[m].categories[c].target.micros()) / whole;
        const auto of = [&](long double factor) {
          long double total = 0;
          for (std::size_t i = 0; i < rows.size(); ++i) {
            if (rows[i].categories[m] == static_cast<int>(c)) total += cut(weights[i] * factor);
          }
          return total;
        };
        furthest = std::max(furthest, std::fabs(of(1) - target) / n);
        long double low = 1e-6L, high = 1e6L;
        for (int i = 0; i < 120; ++i) {
          const long double middle = std::sqrt(low * high);
          (of(middle) < target ? low : high) = middle;
        }
        for (std::size_t i = 0; i < rows.size(); ++i) {
          if (rows[i].categories[m] == static_cast<int>(c)) weights[i] *= low;
        }
      }
    }
    if (furthest < 1e-13L) break;
  }
  std::vector<double> result;
  for (const long double weight : weights) result.push_back(static_cast<double>(cut(weight)));
  return result;
}

TEST(CalibrationTest, BesideThePlainWay) {
  Random random(1940);
  int made = 0, trimmed = 0;
  for (int round = 0; round < 60; ++round) {
    Margins margins;
    const int count = 1 + random.Below(3);
    for (int m = 0; m < count; ++m) {
      PopulationMargin margin{absl::StrCat("m", m), {}};
      for (int c = 2 + random.Below(3); c > 0; --c)
        margin.categories.push_back(
            {absl::StrCat("c", c), Decimal::FromMicros(random.Between(200'000, 900'000))});
      margins.push_back(margin);
    }
    Rows rows;
    for (int i = 20 + random.Below(40); i > 0; --i) {
      std::vector<int> categories;
      for (const auto& margin : margins)
        categories.push_back(random.Below(static_cast<int>(margin.categories.size())));
      Add(&rows, 1, categories, Decimal::FromMicros(random.Pick({1'000'000, 1'500'000, 700'000})));
    }
    CalibrationRules rules;
    rules.tolerance = 1e-12;
    rules.most_cycles = 3000;
    const bool limited = random.Chance(60);
    if (limited) {
      rules.least = Decimal::Parse("0.4");
      rules.greatest = Decimal::Parse("2.2");
    }
    const absl::StatusOr<CalibratedWeights> result = Calibrate(margins, rows, rules);
    if (!result.ok()) continue;  // Limits too narrow, categories without rows.
    ++made;
    trimmed += result->trimmed > 0;
    const std::vector<double> want = SlowWeights(margins, rows, limited ? 0.4L : 0, limited ? 2.2L : 1e9L);
    for (std::size_t i = 0; i < rows.size(); ++i)
      EXPECT_NEAR(result->weights[i].ToDouble(), want[i], 1.5e-6) << round << " " << i;
    EXPECT_EQ(Sum(*result), static_cast<std::int64_t>(rows.size()) * 1'000'000);
    EXPECT_LT(result->largest_deviation, 1.1e-6) << round;
  }
  EXPECT_GT(made, 30);
  EXPECT_GT(trimmed, 10);
}

// Whatever the order of the rows, each id has its weight, to the last millionth.
TEST(CalibrationTest, OrderHasNoPart) {
  Random random(7);
  Rows rows;
  Add(&rows, 7, {0, 1});
  Add(&rows, 11, {1, 0}, *Decimal::Parse("1.3"));
  Add(&rows, 5, {1, 1});
  Add(&rows, 9, {0, 0}, *Decimal::Parse("0.7"));
  const Margins margins{Margin("a", {"3", "4"}), Margin("b", {"0.35", "0.65"})};
  std::map<std::string, Decimal> first;
  for (int round = 0; round < 20; ++round) {
    const CalibratedWeights result = *Calibrate(margins, rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto [at, is_new] = first.emplace(rows[i].id, result.weights[i]);
      EXPECT_EQ(at->second, result.weights[i]) << rows[i].id;
    }
    for (std::size_t i = rows.size() - 1; i > 0; --i)
      std::swap(rows[i], rows[static_cast<std::size_t>(random.Below(static_cast<int>(i) + 1))]);
  }
}

TEST(CalibrationTest, Trimming) {
  Rows rows;
  Add(&rows, 90, {0, 0});
  Add(&rows, 2, {1, 1});
  Add(&rows, 8, {1, 0});
  const Margins margins{Margin("a", {"80", "20"}), Margin("b", {"94", "6"})};
  CalibrationRules rules;
  const CalibratedWeights free = *Calibrate(margins, rows, rules);
  EXPECT_EQ(free.weights[90].ToString(), "3");
  EXPECT_EQ(free.trimmed, 0);
  rules.greatest = Decimal::FromInteger(3);  // As much as is needed, and no more.
  EXPECT_EQ(Calibrate(margins, rows, rules)->weights[90].ToString(), "3");
  rules.greatest = Decimal::Parse("2.999");
  EXPECT_THAT(
      std::string(Calibrate(margins, rows, rules).status().message()),
      HasSubstr("margin 'b', category 'b1': the target is 0.06 of the total, the limits leave [0, 0.05998] "
                "to its 2 rows"));
  // Where the others can make up for it, those at the limit are counted.
  Rows skewed;
  Add(&skewed, 80, {0});
  Add(&skewed, 10, {1}, Decimal::FromInteger(1));
  Add(&skewed, 10, {1}, Decimal::FromInteger(9));
  rules.greatest = Decimal::FromInteger(4);
  const CalibratedWeights cut = *Calibrate({Margin("a", {"50", "50"})}, skewed, rules);
  EXPECT_EQ(cut.trimmed, 10);
  EXPECT_EQ(cut.weights[90].ToString(), "4");
  EXPECT_EQ(cut.weights[80].ToString(), "1");
  EXPECT_EQ(cut.cycles, 1);
}

TEST(CalibrationTest, Extremes) {
  const Margins one{Margin("a", {"1"})};
  EXPECT_EQ(Calibrate(one, {{"x", {0}}})->weights[0].ToString(), "1");
  // The greatest total, shared by three.
  Rows rows;
  Add(&rows, 3, {0});
  CalibrationRules rules;
  rules.total = Decimal::FromMicros(std::int64_t{1} << 62);
  const CalibratedWeights large = *Calibrate(one, rows, rules);
  EXPECT_EQ(Sum(large), std::int64_t{1} << 62);
  EXPECT_LE(large.weights[0].micros() - large.weights[2].micros(), 1);
  EXPECT_NEAR(large.design_effect, 1, 1e-15);
  // The least one: a millionth each.
  rules.total = Decimal::FromMicros(3);
  EXPECT_EQ(Calibrate(one, rows, rules)->weights[2].micros(), 1);
  // Base weights as far apart as they go.
  rows[0].base = Decimal::FromMicros(1);
  rows[1].base = Decimal::FromMicros(9'000'000'000'000'000'000);
  rules.total = Decimal::FromInteger(1000);
  EXPECT_THAT(std::string(Calibrate(one, rows, rules).status().message()),
              HasSubstr("row 'row0': its weight is below a millionth"));
  rules.least = Decimal::Parse("0.1");
  const CalibratedWeights kept = *Calibrate(one, rows, rules);
  EXPECT_NEAR(kept.weights[0].ToDouble(), 1000 / 30.0, 1e-6);
  EXPECT_EQ(kept.trimmed, 2);
}

struct Refusal {
  const char* name;
  std::function<void(Margins*, Rows*, CalibrationRules*)> spoil;
  absl::StatusCode code;
  const char* message;
};
void PrintTo(const Refusal& test, std::ostream* out) { *out << test.name; }

class CalibrationRefusalTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(CalibrationRefusalTest, SaysWhy) {
  Margins margins{Margin("a", {"1", "1"}), Margin("b", {"1", "2", "0"})};
  Rows rows;
  Add(&rows, 3, {0, 0});
  Add(&rows, 3, {0, 1});
  Add(&rows, 3, {1, 0});
  Add(&rows, 3, {1, 1});
  CalibrationRules rules;
  ASSERT_TRUE(Calibrate(margins, rows, rules).ok());
  GetParam().spoil(&margins, &rows, &rules);
  const absl::Status status = Calibrate(margins, rows, rules).status();
  EXPECT_EQ(status.code(), GetParam().code) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(GetParam().message));
}

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument, kNot = absl::StatusCode::kFailedPrecondition;

INSTANTIATE_TEST_SUITE_P(
    Refusals, CalibrationRefusalTest,
    ::testing::ValuesIn<Refusal>({
        {"NoMargin", [](Margins* m, Rows*, CalibrationRules*) { m->clear(); }, kInvalid, "margins: there is none"},
        {"EqualMargins", [](Margins* m, Rows*, CalibrationRules*) { (*m)[1].name = "a"; }, kInvalid,
         "margin 'a': there are two of it"},
        {"EqualCategories", [](Margins* m, Rows*, CalibrationRules*) { (*m)[0].categories[1].name = "a0"; }, kInvalid,
         "margin 'a': there are two categories 'a0'"},
        {"NoCategory", [](Margins* m, Rows*, CalibrationRules*) { (*m)[0].categories.clear(); }, kInvalid,
         "margin 'a': no target is above 0"},
        {"NegativeTarget",
         [](Margins* m, Rows*, CalibrationRules*) { (*m)[0].categories[1].target = Decimal::FromMicros(-1); }, kInvalid,
         "margin 'a', category 'a1': the target -0.000001 is below 0"},
        {"TargetsTooLarge",
         [](Margins* m, Rows*, CalibrationRules*) {
           (*m)[0].categories[1].target = Decimal::FromMicros(std::int64_t{1} << 62);
         },
         kInvalid, "margin 'a': its targets sum beyond 2^62 millionths"},
        {"NoRow", [](Margins*, Rows* r, CalibrationRules*) { r->clear(); }, kInvalid, "rows: there is none"},
        {"EqualIds", [](Margins*, Rows* r, CalibrationRules*) { (*r)[5].id = "row0"; }, kInvalid,
         "row 'row0': there are two of it"},
        {"CategoriesShort", [](Margins*, Rows* r, CalibrationRules*) { (*r)[5].categories.pop_back(); }, kInvalid,
         "row 'row5': 1 categories for 2 margins"},
        {"CategoryMissing", [](Margins*, Rows* r, CalibrationRules*) { (*r)[5].categories[0] = -1; }, kInvalid,
         "row 'row5': there is no category -1 in margin 'a'"},
        {"CategoryBeyond", [](Margins*, Rows* r, CalibrationRules*) { (*r)[5].categories[0] = 2; }, kInvalid,
         "row 'row5': there is no category 2 in margin 'a'"},
        {"BaseOfZero", [](Margins*, Rows* r, CalibrationRules*) { (*r)[5].base = Decimal(); }, kInvalid,
         "row 'row5': the base weight 0 is not above 0"},
        {"TotalTooSmall", [](Margins*, Rows*, CalibrationRules* u) { u->total = Decimal::FromMicros(11); }, kInvalid,
         "total: 0.000011 lies outside of [12 millionths, 2^62 millionths]"},
        {"TotalTooLarge",
         [](Margins*, Rows*, CalibrationRules* u) { u->total = Decimal::FromMicros((std::int64_t{1} << 62) + 1); },
         kInvalid, "2^62 millionths]"},
        {"LeastAboveOne", [](Margins*, Rows*, CalibrationRules* u) { u->least = Decimal::FromMicros(1'000'001); },
         kInvalid, "least: 1.000001 lies outside of [0, 1]"},
        {"GreatestBelowOne", [](Margins*, Rows*, CalibrationRules* u) { u->greatest = Decimal::FromMicros(999'999); },
         kInvalid, "greatest: 0.999999 is below 1"},
        {"ToleranceTooSmall", [](Margins*, Rows*, CalibrationRules* u) { u->tolerance = 0.9e-12; }, kInvalid,
         "lies outside of [1e-12, 0.01]"},
        {"ToleranceNotANumber", [](Margins*, Rows*, CalibrationRules* u) { u->tolerance = std::nan(""); }, kInvalid,
         "lies outside of [1e-12, 0.01]"},
        {"NoCycle", [](Margins*, Rows*, CalibrationRules* u) { u->most_cycles = 0; }, kInvalid,
         "most_cycles: 0 lies outside of [1, 100000]"},
        {"TargetWithoutRow",
         [](Margins* m, Rows*, CalibrationRules*) { (*m)[1].categories[2].target = *Decimal::Parse("12.5"); }, kNot,
         "margin 'b', category 'b2': the target 12.5 and no row"},
        {"RowsWithoutTarget", [](Margins*, Rows* r, CalibrationRules*) { (*r)[5].categories[1] = 2; }, kNot,
         "margin 'b', category 'b2': 1 rows and the target 0"},
        {"LeastTooMuch",
         [](Margins* m, Rows*, CalibrationRules* u) {
           (*m)[0].categories[0].target = *Decimal::Parse("0.1");
           u->least = *Decimal::Parse("0.5");
         },
         kNot, "margin 'a', category 'a0': the target is 0.0909091 of the total, the limits leave [0.25, 1] to its 6 rows"},
        // All of a0 is of b0 and the other way round, and the margins want different shares.
        {"Contradiction",
         [](Margins*, Rows* r, CalibrationRules*) {
           for (SampledRow& row : *r) row.categories[1] = row.categories[0];
         },
         kNot, "after 1000 cycles still 0.166667 of the total off its target, the tolerance is 1e-09"},
        {"ContradictionWithinLimits",
         [](Margins*, Rows* r, CalibrationRules* u) {
           for (SampledRow& row : *r) row.categories[1] = row.categories[0];
           u->greatest = *Decimal::Parse("1.5");
           u->least = *Decimal::Parse("0.5");
         },
         kNot, "after 1000 cycles still 0.166667 of the total off its target"},
    }),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace csat
