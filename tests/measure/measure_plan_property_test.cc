// Random measures of random records, against a plain evaluation of one record after the other; and the same bytes for
// any split, order and number of threads.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "arrow/foreign_table.h"
#include "csat/measure/measure_plan.h"
#include "csat/policy/policy.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

constexpr const char* kWords[] = {"phone", "web", "shop"};

struct Response {
  std::optional<std::int64_t> overall, recommend, amount, weight;  // amount in hundredths, weight in tenths.
  std::optional<int> channel;
};

class MeasureProperty {
 public:
  explicit MeasureProperty(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t Roll(std::uint64_t sides) { return engine_() % sides; }

  std::vector<Response> Responses(std::size_t count) {
    std::vector<Response> rows(count);
    for (Response& row : rows) {
      if (Roll(5) != 0) row.overall = 1 + static_cast<std::int64_t>(Roll(5));
      if (Roll(5) != 0) row.recommend = static_cast<std::int64_t>(Roll(11));
      if (Roll(5) != 0) row.amount = static_cast<std::int64_t>(Roll(2001)) - 1000;
      if (Roll(5) != 0) row.weight = static_cast<std::int64_t>(Roll(31));
      if (Roll(5) != 0) row.channel = static_cast<int>(Roll(3));
    }
    return rows;
  }

  // A condition as JSON.
  std::string Condition(int depth) {
    const std::uint64_t form = Roll(depth > 0 ? 8 : 4);
    const auto parts = [&](std::uint64_t count) {
      std::string text;
      for (std::uint64_t i = 0; i < count; ++i)
        absl::StrAppend(&text, i == 0 ? "" : ",", Condition(depth - 1));
      return text;
    };
    static constexpr const char* kOps[] = {"LT", "LE", "EQ", "NE", "GE", "GT"};
    switch (form) {
      case 0: return absl::StrCat(R"({"answered":")", Metric(), "\"}");
      case 1:
        return absl::StrCat(R"({"compare":{"metric":"channel","op":")", Roll(2) == 0 ? "EQ" : "NE",
                            R"(","text":")", kWords[Roll(3)], "\"}}");
      case 4: return absl::StrCat(R"({"all":{"of":[)", parts(1 + Roll(3)), "]}}");
      case 5: return absl::StrCat(R"({"any":{"of":[)", parts(1 + Roll(3)), "]}}");
      case 6: return absl::StrCat(R"({"not":)", Condition(depth - 1), "}");
      case 7: {
        const std::uint64_t count = 1 + Roll(4);
        return absl::StrCat(R"({"at_least":{"count":)", 1 + Roll(count), R"(,"of":[)", parts(count), "]}}");
      }
      default: {
        const std::uint64_t metric = Roll(3);
        // Now and then between two steps.
        const std::string value = metric == 0   ? absl::StrCat(1 + Roll(4), Roll(4) == 0 ? ".5" : "")
                                  : metric == 1 ? absl::StrCat(Roll(11))
                                                : absl::StrCat(static_cast<std::int64_t>(Roll(18)) - 9, ".",
                                                               Roll(10), Roll(4) == 0 ? "05" : "5");
        return absl::StrCat(R"({"compare":{"metric":")", kNumbers[metric], R"(","op":")", kOps[Roll(6)],
                            R"(","value":)", value, "}}");
      }
    }
  }

  std::string Policy() {
    std::string measures;
    for (int i = 0; i < 6; ++i) {
      std::string form;
      const std::uint64_t kind = Roll(6);
      switch (kind) {
        case 0: form = absl::StrCat(R"("share":{"of":)", Condition(2), "}"); break;
        case 1: form = absl::StrCat(R"("mean":{"metric":")", kNumbers[Roll(3)], "\"}"); break;
        case 2: form = R"("nps":{"metric":"recommend"})"; break;
        case 3: form = absl::StrCat(R"("sum":{"metric":")", kNumbers[Roll(3)], "\"}"); break;
        case 4: form = absl::StrCat(R"("count":{"of":)", Condition(2), "}"); break;
        default:
          form = absl::StrCat(
              R"("ratio":{"may_exceed_whole":true,"times":100,"numerator":[{"metric":"amount","times":2.5},)",
              R"({"count":)", Condition(1), R"(}],"denominator":[{"metric":"overall"}]})");
      }
      absl::StrAppend(&measures, i == 0 ? "" : ",", R"({"id":"m)", i, "\",", form);
      if (Roll(2) == 0) absl::StrAppend(&measures, R"(,"where":)", Condition(2));
      if (Roll(2) == 0 && (kind == 0 || kind == 2)) absl::StrAppend(&measures, R"(,"base":"RECORDS")");
      if (Roll(3) == 0 && kind <= 2) absl::StrAppend(&measures, R"(,"weight":"weight")");
      measures += '}';
    }
    // Differences of those before them.
    const std::uint64_t first = Roll(6), second = (first + 1 + Roll(5)) % 6;
    const std::string of =
        absl::StrCat(R"("difference":{"measure":"m)", first, R"(","minus":"m)", second, "\"");
    absl::StrAppend(&measures, R"(,{"id":"m6","direction":"LOWER_IS_BETTER","target":)",
                    static_cast<std::int64_t>(Roll(21)) - 10, ",", of, R"(,"independent":true}})");
    absl::StrAppend(&measures, R"(,{"id":"m7",)", of, R"(,"relative":true}})");
    absl::StrAppend(&measures, R"(,{"id":"m8","direction":"HIGHER_IS_BETTER","target":)", Roll(5), ".5,",
                    R"("difference":{"measure":"m)", first, R"(","minus_value":2.5}})");
    return absl::StrCat(
        R"({"id":"p","version":"1","effective_from":"2025-01-01","zone":"UTC","scales":[)",
        R"({"id":"five","min":1,"max":5,"integer":true,"direction":"HIGHER_IS_BETTER"},)",
        R"({"id":"eleven","min":0,"max":10,"integer":true,"direction":"HIGHER_IS_BETTER"}],"metrics":[)",
        R"({"id":"overall","scale":"five","number":{"field":"Q1"},"missing_values":[9]},)",
        R"({"id":"recommend","scale":"eleven","number":{}},)",
        R"({"id":"amount","number":{},"decimal_places":2,"min":-10,"max":10},)",
        R"({"id":"weight","number":{},"decimal_places":1,"min":0,"max":3},)",
        R"({"id":"channel","text":{"values":["phone","web","shop"]}}],"measures":[)", measures, "]}");
  }

 private:
  std::string Metric() { return Roll(4) == 0 ? "channel" : kNumbers[Roll(3)]; }
  static constexpr const char* kNumbers[] = {"overall", "recommend", "amount"};
  std::mt19937_64 engine_;
};

// The table of some responses; numbers as integers or as doubles, words as text or in a dictionary.
std::unique_ptr<ForeignArray> TableOf(const std::vector<Response>& rows, bool plain) {
  auto table = std::make_unique<ForeignArray>();
  const auto add = [&](const char* name, auto member, double scale, bool integer) {
    std::vector<double> reals;
    std::vector<std::int64_t> whole;
    std::vector<bool> nulls;
    for (const Response& row : rows) {
      const std::optional<std::int64_t>& value = row.*member;
      nulls.push_back(!value.has_value());
      reals.push_back(static_cast<double>(value.value_or(0)) / scale);
      whole.push_back(value.value_or(0));
    }
    if (integer) {
      FillColumn(&table->parts.emplace_back(), name, "l", whole, nulls);
    } else {
      FillColumn(&table->parts.emplace_back(), name, "g", reals, nulls);
    }
  };
  add("Q1", &Response::overall, 1, plain);
  add("recommend", &Response::recommend, 1, !plain);
  add("amount", &Response::amount, 100, false);
  add("weight", &Response::weight, 10, false);
  std::vector<std::optional<std::string>> words;
  std::vector<std::int8_t> codes;
  std::vector<bool> none;
  for (const Response& row : rows) {
    none.push_back(!row.channel.has_value());
    codes.push_back(static_cast<std::int8_t>(row.channel.value_or(0)));
    words.push_back(row.channel.has_value() ? std::optional<std::string>(kWords[*row.channel])
                                            : std::nullopt);
  }
  if (plain) {
    FillTexts(&table->parts.emplace_back(), "channel", "u", words);
  } else {
    FillDictionary(&table->parts.emplace_back(), "channel", "c", codes, {"phone", "web", "shop"}, none);
  }
  FinishTable(table.get(), static_cast<std::int64_t>(rows.size()));
  return table;
}

// Plain evaluation.
Truth Evaluate(const Predicate& predicate, const Response& row) {
  switch (predicate.kind) {
    case Predicate::Kind::kAll:
    case Predicate::Kind::kAny:
    case Predicate::Kind::kAtLeast: {
      int sure = 0, never = 0;
      for (const Predicate& part : predicate.of) {
        const Truth truth = Evaluate(part, row);
        sure += truth == Truth::kTrue;
        never += truth == Truth::kFalse;
      }
      const int parts = static_cast<int>(predicate.of.size());
      const int wanted = predicate.kind == Predicate::Kind::kAll   ? parts
                         : predicate.kind == Predicate::Kind::kAny ? 1
                                                                   : predicate.count;
      return sure >= wanted ? Truth::kTrue : parts - never < wanted ? Truth::kFalse : Truth::kUnknown;
    }
    case Predicate::Kind::kNot: {
      const Truth truth = Evaluate(predicate.of.front(), row);
      return truth == Truth::kUnknown ? truth : truth == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
    }
    case Predicate::Kind::kText: {
      if (!row.channel.has_value()) return Truth::kUnknown;
      const bool same = predicate.text == kWords[*row.channel];
      return same == (predicate.op == ComparisonOp::kEqual) ? Truth::kTrue : Truth::kFalse;
    }
    default: break;
  }
  if (predicate.kind == Predicate::Kind::kAnswered && predicate.metric == "channel")
    return row.channel.has_value() ? Truth::kTrue : Truth::kFalse;
  const std::optional<std::int64_t>& value = predicate.metric == "overall"     ? row.overall
                                             : predicate.metric == "recommend" ? row.recommend
                                                                               : row.amount;
  if (predicate.kind == Predicate::Kind::kAnswered) return value.has_value() ? Truth::kTrue : Truth::kFalse;
  if (!value.has_value()) return Truth::kUnknown;
  const std::int64_t micros = *value * (predicate.metric == "amount" ? 10'000 : 1'000'000);
  const std::int64_t other = predicate.value.micros();
  return Holds(micros < other ? -1 : micros > other ? 1 : 0, predicate.op) ? Truth::kTrue : Truth::kFalse;
}

// Numerator, denominator and number of answers.
struct Plain {
  std::int64_t numerator = 0, denominator = 0, n = 0;
};

Plain Figure(const Measure& measure, const std::vector<Response>& rows) {
  Plain plain;
  const bool weighted = !measure.weight.empty(), all = measure.base == Measure::Base::kRecords;
  const auto ticks = [](const std::string& metric, const Response& row) {
    return metric == "overall" ? row.overall : metric == "recommend" ? row.recommend : row.amount;
  };
  // A sum and a count of nothing are 0.
  if (const auto* sum = std::get_if<SumMeasure>(&measure.form))
    plain.denominator = sum->metric == "amount" ? 100 : 1;
  if (std::holds_alternative<CountMeasure>(measure.form)) plain.denominator = 1;
  for (const Response& row : rows) {
    if (measure.where.has_value() && Evaluate(*measure.where, row) != Truth::kTrue) continue;
    std::optional<std::int64_t> figure;
    std::int64_t unit = 1;
    if (const auto* share = std::get_if<ShareMeasure>(&measure.form)) {
      const Truth truth = Evaluate(share->of, row);
      if (truth != Truth::kUnknown || all) figure = truth == Truth::kTrue ? 1 : 0;
    } else if (const auto* mean = std::get_if<MeanMeasure>(&measure.form)) {
      figure = ticks(mean->metric, row);
      unit = mean->metric == "amount" ? 100 : 1;
    } else if (std::holds_alternative<NpsMeasure>(measure.form)) {
      if (row.recommend.has_value()) {
        figure = *row.recommend >= 9 ? 100 : *row.recommend <= 6 ? -100 : 0;
      } else if (all) {
        figure = 0;
      }
    } else if (const auto* sum = std::get_if<SumMeasure>(&measure.form)) {
      figure = ticks(sum->metric, row);
      plain.numerator += figure.value_or(0);
      plain.n += figure.has_value();
      continue;
    } else if (const auto* count = std::get_if<CountMeasure>(&measure.form)) {
      const Truth truth = Evaluate(count->of, row);
      plain.numerator += truth == Truth::kTrue;
      plain.n += truth != Truth::kUnknown;
      continue;
    } else if (const auto* ratio = std::get_if<RatioMeasure>(&measure.form)) {
      const Truth truth = Evaluate(ratio->numerator[1].condition, row);
      if (truth == Truth::kUnknown || !row.amount.has_value() || !row.overall.has_value()) continue;
      ++plain.n;
      // 100 * (2.5 * amount / 100 + 1) over the sum of ratings.
      plain.numerator += 5 * *row.amount + 200 * (truth == Truth::kTrue);
      plain.denominator += 2 * *row.overall;
      continue;
    }
    if (!figure.has_value()) continue;
    const std::int64_t weight = weighted ? row.weight.value_or(0) : 1;
    if (weight == 0) continue;
    ++plain.n;
    plain.numerator += weight * *figure;
    plain.denominator += weight * unit;
  }
  return plain;
}

// Of any of the measures, of which each difference comes after its parts.
Plain FigureOfAny(const Measure& measure, const std::vector<const Measure*>& all,
                  const std::vector<Response>& rows) {
  const auto* difference = std::get_if<DifferenceMeasure>(&measure.form);
  if (difference == nullptr) return Figure(measure, rows);
  const auto find = [&](const std::string& id) {
    return **std::find_if(all.begin(), all.end(), [&](const Measure* one) { return one->id == id; });
  };
  const Plain a = Figure(find(difference->measure), rows);
  Plain b{difference->minus_value.micros(), 1'000'000, a.n};
  if (!difference->minus.empty()) b = Figure(find(difference->minus), rows);
  Plain plain{a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator,
              std::min(a.n, b.n)};
  if (difference->relative) {
    plain.denominator = a.denominator * b.numerator;
    if (b.numerator <= 0 || b.denominator == 0) plain.denominator = 0;
  }
  return plain;
}

TEST(MeasurePlanPropertyTest, RandomMeasuresAreThoseOfAPlainEvaluation) {
  int figures = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    MeasureProperty random(seed);
    const std::string json = random.Policy();
    const absl::StatusOr<Policy> policy = Policy::Parse(json);
    ASSERT_TRUE(policy.ok()) << policy.status() << "\n" << json;
    const absl::StatusOr<MeasurePlan> plan = MeasurePlan::Compile(*policy, {});
    ASSERT_TRUE(plan.ok()) << plan.status();
    const std::vector<Response> rows = random.Responses(1 + random.Roll(seed % 10 == 0 ? 6000 : 60));
    const auto table = TableOf(rows, seed % 2 == 0);
    Aggregates whole = *plan->NewAggregates();
    const absl::Status added = plan->Add(table->schema, table->array, Aggregates::AddOptions(), &whole);
    ASSERT_TRUE(added.ok()) << added << "\n" << json;
    const std::vector<const Measure*> measures = plan->measures();
    for (std::size_t i = 0; i < measures.size(); ++i) {
      const Plain expected = FigureOfAny(*measures[i], measures, rows);
      const MeasureFigure figure = plan->FigureOf(whole, 0, i);
      EXPECT_EQ(figure.n, expected.n) << "seed " << seed << " " << measures[i]->id << "\n" << json;
      const std::optional<Decimal>& target = measures[i]->target;
      if (expected.denominator == 0) {
        EXPECT_EQ(figure.target, target.has_value() ? TargetStatus::kNotMeasurable : TargetStatus::kNoTarget);
        EXPECT_FALSE(figure.value.has_value()) << seed << " " << measures[i]->id << "\n" << json;
        continue;
      }
      ASSERT_TRUE(figure.exact.has_value()) << seed << " " << measures[i]->id << " " << figure.shown << "\n"
                                            << json;
      EXPECT_EQ(figure.exact->numerator() * expected.denominator,
                figure.exact->denominator() * expected.numerator)
          << seed << " " << measures[i]->id << " " << figure.shown << "\n"
          << json;
      if (target.has_value()) {
        const absl::int128 left = absl::int128(expected.numerator) * Decimal::kOne,
                           right = absl::int128(expected.denominator) * target->micros();
        const bool higher = measures[i]->direction == Direction::kHigherIsBetter;
        EXPECT_EQ(figure.target,
                  (higher ? left >= right : left <= right) ? TargetStatus::kMet : TargetStatus::kMissed)
            << seed << " " << measures[i]->id << " " << figure.shown;
      } else {
        EXPECT_EQ(figure.target, TargetStatus::kNoTarget);
      }
      if (figure.interval.has_value()) {
        EXPECT_LE(figure.interval->low, *figure.value + 1e-9);
        EXPECT_GE(figure.interval->high, *figure.value - 1e-9);
      }
      ++figures;
    }
    // In other words: shuffled, in parts, by several threads.
    std::vector<Response> shuffled = rows;
    std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937_64(seed));
    Aggregates sum = *plan->NewAggregates();
    for (std::size_t from = 0; from < shuffled.size();) {
      const std::size_t to = std::min(shuffled.size(), from + 1 + random.Roll(shuffled.size()));
      const auto part = TableOf({shuffled.begin() + static_cast<std::ptrdiff_t>(from),
                                 shuffled.begin() + static_cast<std::ptrdiff_t>(to)},
                                random.Roll(2) == 0);
      Aggregates::AddOptions options;
      options.threads = 1 + static_cast<int>(random.Roll(4));
      ASSERT_TRUE(plan->Add(part->schema, part->array, options, &sum).ok());
      from = to;
    }
    EXPECT_EQ(sum.ToBytes(), whole.ToBytes()) << seed;
  }
  EXPECT_GT(figures, 1000);
}

}  // namespace
}  // namespace csat
