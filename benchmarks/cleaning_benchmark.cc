// How long does it take to clean a wave of 129,880 responses of 22 columns by all rules, on one thread? As many as the
// airline set has; answers by a fixed generator.
#include <algorithm>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "csat/arrow/c_data.h"
#include "csat/model/cleaning.h"
#include "csat/model/metric.h"
#include "csat/survey/cleaning.h"

namespace csat {
namespace {

constexpr std::int64_t kRows = 129'880;
constexpr int kItems = 14;

// Columns as an Arrow struct over memory that this holds.
class Wave {
 public:
  Wave() {
    std::mt19937 random(1);
    const auto below = [&random](std::uint32_t bound) { return random() % bound; };
    std::vector<std::uint32_t> usual(kRows);
    for (std::uint32_t& one : usual) one = below(6);
    for (int item = 0; item < kItems; ++item) {
      std::vector<std::int8_t> answers(kRows);
      for (std::size_t row = 0; row < answers.size(); ++row)  // 0 is no answer, as in the airline set.
        answers[row] = static_cast<std::int8_t>(below(3) == 0    ? usual[row]
                                                : below(50) == 0 ? 0
                                                                 : 1 + below(5));
      Add("q" + std::to_string(item), "c", answers);
    }
    std::vector<std::int64_t> ids(kRows), duration(kRows), when(kRows), from(kRows), until(kRows), who(kRows);
    std::vector<double> latitude(kRows), longitude(kRows);
    for (std::size_t row = 0; row < ids.size(); ++row) {
      ids[row] = static_cast<std::int64_t>(row);
      duration[row] = below(600'000);
      when[row] = below(86'400);
      from[row] = when[row] - below(3600);
      until[row] =
          std::max<std::int64_t>(from[row], when[row] + below(3600) - 60);  // One in 60 submitted after it.
      who[row] = below(120'000);
      latitude[row] = 31.2 + below(1000) * 1e-5;
      longitude[row] = 121.5 + below(1000) * 1e-5;
    }
    Add("response_id", "l", ids);
    Add("duration_ms", "l", duration);
    Add("submitted_at", "l", when);
    Add("stay_from", "l", from);
    Add("stay_until", "l", until);
    Add("who", "l", who);
    Add("lat", "g", latitude);
    Add("lon", "g", longitude);
    Finish();
  }
  const ArrowSchema& schema() const { return schema_; }
  const ArrowArray& array() const { return array_; }

 private:
  struct Held {
    std::string name;
    std::vector<char> values;
    ArrowSchema schema{};
    ArrowArray array{};
    const void* buffers[2] = {};
  };
  template <typename T>
  void Add(std::string name, const char* format, const std::vector<T>& values) {
    Held& held = columns_.emplace_back();
    held.name = std::move(name);
    const char* bytes = reinterpret_cast<const char*>(values.data());
    held.values.assign(bytes, bytes + values.size() * sizeof(T));
    held.buffers[1] = held.values.data();
    held.schema.format = format;
    held.schema.name = held.name.c_str();
    held.array.n_buffers = 2;
    held.array.buffers = held.buffers;
  }
  void Finish() {
    for (Held& held : columns_) {
      Complete(&held.schema, &held.array);
      schemas_.push_back(&held.schema);
      arrays_.push_back(&held.array);
    }
    schema_.format = "+s";
    schema_.name = "";
    schema_.n_children = array_.n_children = static_cast<std::int64_t>(columns_.size());
    schema_.children = schemas_.data();
    array_.children = arrays_.data();
    array_.n_buffers = 1;
    array_.buffers = &none_;
    Complete(&schema_, &array_);
  }
  static void Complete(ArrowSchema* schema, ArrowArray* array) {
    array->length = kRows;
    schema->release = [](ArrowSchema*) {};
    array->release = [](ArrowArray*) {};
  }

  std::deque<Held> columns_;
  std::vector<ArrowSchema*> schemas_;
  std::vector<ArrowArray*> arrays_;
  ArrowSchema schema_{};
  ArrowArray array_{};
  const void* none_ = nullptr;
};

std::vector<std::string> Items(int from = 0, int to = kItems) {
  std::vector<std::string> ids;
  for (int i = from; i < to; ++i) ids.push_back("q" + std::to_string(i));
  return ids;
}

std::vector<Metric> Metrics() {
  const Scale scale = *Scale::Create("five", Decimal::FromInteger(1), Decimal::FromInteger(5), true,
                                     Direction::kHigherIsBetter);
  std::vector<Metric> metrics;
  for (const std::string& id : Items()) {
    Metric metric;
    metric.id = id;
    metric.scale = scale;
    metric.min = scale.min();
    metric.max = scale.max();
    metric.missing_values = {Decimal()};
    metric.form = NumberForm{id};
    metrics.push_back(metric);
  }
  return metrics;
}

Cleaning AllRules() {
  Cleaning cleaning;
  cleaning.response_id = "response_id";
  const auto add = [&](const char* id, Verdict action, auto form) {
    CleaningRule rule;
    rule.id = id;
    rule.action = action;
    rule.form = std::move(form);
    cleaning.rules.push_back(std::move(rule));
  };
  Predicate best, worst, both;
  best.kind = worst.kind = Predicate::Kind::kNumber;
  best.metric = "q0";
  best.value = Decimal::FromInteger(5);
  worst.metric = "q1";
  worst.value = Decimal::FromInteger(1);
  both.of = {best, worst};
  EvenOddRule halves;
  halves.parts = {Items(0, 4), Items(4, 8), Items(8, 11), Items(11, 14)};
  halves.below = *Decimal::Parse("-0.5");
  DefaultAnswerRule defaults;
  for (const std::string& id : Items()) defaults.defaults.emplace(id, Decimal::FromInteger(3));
  defaults.at_least = *Decimal::Parse("0.9");
  add("contradiction", Verdict::kExcluded, ContradictionRule{both});
  add("range", Verdict::kExcluded, OutOfRangeRule{Items()});
  add("line", Verdict::kQuarantined, StraightLineRule{Items(), 5});
  add("extreme", Verdict::kQuarantined, AllExtremeRule{Items(), 5});
  add("run", Verdict::kFlagged, LongStringRule{Items(), 7});
  add("still", Verdict::kFlagged, VariabilityRule{Items(), *Decimal::Parse("0.3"), std::nullopt});
  add("halves", Verdict::kFlagged, halves);
  add("far", Verdict::kFlagged, MahalanobisRule{Items(), *Decimal::Parse("0.999")});
  add("time", Verdict::kExcluded, SpeedRule{"duration_ms", 30000, "", {}});
  add("double", Verdict::kExcluded, DuplicateRule{{"who"}, DuplicateRule::Keep::kLast, "submitted_at"});
  add("stay", Verdict::kExcluded, StayRule{"submitted_at", "stay_from", "stay_until"});
  add("place", Verdict::kExcluded, DistanceRule{"lat", "lon", "lat", "lon", "", *Decimal::Parse("500")});
  add("lazy", Verdict::kQuarantined, defaults);
  cleaning.figures = {{"mean", Label(), "q0", std::nullopt, std::nullopt},
                      {"top", Label(), "q0", Decimal::FromInteger(4), std::nullopt}};
  return cleaning;
}

void CleanWave(benchmark::State& state, const Cleaning& cleaning) {
  static const Wave* const wave = new Wave;
  const std::vector<Metric> metrics = Metrics();
  CleaningOptions options;
  if (cleaning.review.has_value()) options.seed = "wave";
  for (auto _ : state) {
    absl::StatusOr<CleaningResult> result = Clean(cleaning, metrics, wave->schema(), wave->array(), options);
    if (!result.ok()) {
      state.SkipWithError(std::string(result.status().message()).c_str());
      break;
    }
    benchmark::DoNotOptimize(result);
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}

void AllRulesAndReview(benchmark::State& state) {
  Cleaning cleaning = AllRules();
  cleaning.review = ReviewPlan{*Decimal::Parse("0.1"), "seed"};
  CleanWave(state, cleaning);
}
BENCHMARK(AllRulesAndReview)->Unit(benchmark::kMillisecond);

void EachRule(benchmark::State& state) {
  Cleaning cleaning = AllRules();
  cleaning.rules = {cleaning.rules[static_cast<std::size_t>(state.range(0))]};
  state.SetLabel(cleaning.rules[0].id);
  CleanWave(state, cleaning);
}
BENCHMARK(EachRule)->DenseRange(0, 12)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace csat

BENCHMARK_MAIN();
