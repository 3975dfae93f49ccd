// How fast do responses become exact aggregates? Workload W2: 10 rating items and a recommendation by 7,440 groups.
// Workload W3: the joint moments of 25 rating items.
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "csat/arrow/c_data.h"
#include "csat/measure/aggregates.h"

namespace csat {
namespace {

// Columns of bytes as an Arrow struct over memory that this holds.
class ByteTable {
 public:
  void Add(std::string name, std::vector<std::int8_t> values, std::vector<std::uint8_t> validity = {}) {
    columns_.push_back({std::move(name), std::move(values), std::move(validity), {}, {}, {}});
  }
  void Finish() {
    for (Held& held : columns_) {
      Fill(held.name.c_str(), "c", static_cast<std::int64_t>(held.values.size()), 2, &held.schema,
           &held.array);
      held.buffers[0] = held.validity.empty() ? nullptr : held.validity.data();
      held.buffers[1] = held.values.data();
      held.array.buffers = held.buffers;
      held.array.null_count = held.validity.empty() ? 0 : -1;
      schemas_.push_back(&held.schema);
      arrays_.push_back(&held.array);
    }
    const std::int64_t rows = static_cast<std::int64_t>(columns_.front().values.size());
    Fill("", "+s", rows, 1, &schema_, &array_);
    array_.buffers = &none_;
    schema_.n_children = array_.n_children = static_cast<std::int64_t>(columns_.size());
    schema_.children = schemas_.data();
    array_.children = arrays_.data();
  }
  std::int64_t rows() const { return array_.length; }
  const ArrowSchema& schema() const { return schema_; }
  const ArrowArray& array() const { return array_; }

 private:
  struct Held {
    std::string name;
    std::vector<std::int8_t> values;
    std::vector<std::uint8_t> validity;
    ArrowSchema schema;
    ArrowArray array;
    const void* buffers[2];
  };
  static void Fill(const char* name, const char* format, std::int64_t length, std::int64_t buffers,
                   ArrowSchema* schema, ArrowArray* array) {
    *schema = ArrowSchema{};
    schema->name = name;
    schema->format = format;
    schema->release = [](ArrowSchema*) {};
    *array = ArrowArray{};
    array->length = length;
    array->n_buffers = buffers;
    array->release = [](ArrowArray*) {};
  }
  std::vector<Held> columns_;
  std::vector<ArrowSchema*> schemas_;
  std::vector<ArrowArray*> arrays_;
  ArrowSchema schema_;
  ArrowArray array_;
  const void* none_ = nullptr;
};

std::vector<std::int8_t> Bytes(std::mt19937_64* engine, std::int64_t rows, int least, int most) {
  std::vector<std::int8_t> values(static_cast<std::size_t>(rows));
  for (std::int8_t& value : values)
    value = static_cast<std::int8_t>(least +
                                     static_cast<int>((*engine)() % static_cast<unsigned>(most - least + 1)));
  return values;
}

AggregateItem Item(std::string id, int min, int max) {
  AggregateItem item;
  item.id = std::move(id);
  item.min = Decimal::FromMicros(min * Decimal::kOne);
  item.max = Decimal::FromMicros(max * Decimal::kOne);
  return item;
}

AggregateSpec W2Spec() {
  AggregateSpec spec;
  spec.by = {"region", "product", "month"};
  for (int i = 1; i <= 10; ++i) spec.items.push_back(Item("q" + std::to_string(i), 1, 5));
  spec.items.push_back(Item("recommend", 0, 10));
  return spec;
}

const ByteTable& W2Table() {
  static const ByteTable* const table = [] {
    constexpr std::int64_t kRows = 4'000'000;
    std::mt19937_64 engine(2);
    auto* made = new ByteTable();
    made->Add("region", Bytes(&engine, kRows, 0, 30));
    made->Add("product", Bytes(&engine, kRows, 0, 19));
    made->Add("month", Bytes(&engine, kRows, 0, 11));
    for (int i = 1; i <= 10; ++i) {
      std::vector<std::uint8_t> validity(kRows / 8, 0xFF);
      for (std::int64_t r = 0; r < kRows; ++r) {
        if (engine() % 50 == 0)
          validity[static_cast<std::size_t>(r / 8)] &= static_cast<std::uint8_t>(~(1 << (r % 8)));
      }
      made->Add("q" + std::to_string(i), Bytes(&engine, kRows, 1, 5), std::move(validity));
    }
    made->Add("recommend", Bytes(&engine, kRows, 0, 10));
    made->Finish();
    return made;
  }();
  return *table;
}

void AddTable(benchmark::State& state, const AggregateSpec& spec, const ByteTable& table) {
  Aggregates::AddOptions options;
  options.threads = static_cast<int>(state.range(0));
  for (auto _ : state) {
    absl::StatusOr<Aggregates> aggregate = Aggregates::Create(spec);
    if (!aggregate.ok() || !aggregate->Add(table.schema(), table.array(), options).ok()) std::abort();
    benchmark::DoNotOptimize(aggregate);
  }
  state.counters["ns_per_row"] =
      benchmark::Counter(static_cast<double>(state.iterations() * table.rows()) / 1e9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void BM_GroupedRatings(benchmark::State& state) { AddTable(state, W2Spec(), W2Table()); }
BENCHMARK(BM_GroupedRatings)
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

AggregateSpec W3Spec() {
  AggregateSpec spec;
  spec.sets.push_back({"scale", {}});
  for (int i = 1; i <= 25; ++i) {
    spec.items.push_back(Item("q" + std::to_string(i), 1, 5));
    spec.sets.front().items.push_back(spec.items.back().id);
  }
  return spec;
}

void BM_JointMoments(benchmark::State& state) {
  static const ByteTable* const table = [] {
    std::mt19937_64 engine(3);
    auto* made = new ByteTable();
    for (int i = 1; i <= 25; ++i) made->Add("q" + std::to_string(i), Bytes(&engine, 1'000'000, 1, 5));
    made->Finish();
    return made;
  }();
  AddTable(state, W3Spec(), *table);
}
BENCHMARK(BM_JointMoments)->Arg(1)->Arg(2)->ArgName("threads")->UseRealTime()->Unit(benchmark::kMillisecond);

// 10,000 groups of 25 items with their joint moments.
void BM_Merge(benchmark::State& state) {
  AggregateSpec spec = W3Spec();
  spec.by = {"group", "part"};
  std::mt19937_64 engine(4);
  ByteTable table;
  table.Add("group", Bytes(&engine, 100'000, 0, 99));
  table.Add("part", Bytes(&engine, 100'000, 0, 99));
  for (int i = 1; i <= 25; ++i) table.Add("q" + std::to_string(i), Bytes(&engine, 100'000, 1, 5));
  table.Finish();
  absl::StatusOr<Aggregates> one = Aggregates::Create(spec);
  if (!one.ok() || !one->Add(table.schema(), table.array()).ok()) std::abort();
  Aggregates sum = *one;
  for (auto _ : state) {
    if (!sum.Merge(*one).ok()) std::abort();
  }
  state.counters["groups"] = static_cast<double>(one->groups());
  state.counters["bytes"] = static_cast<double>(one->ToBytes().size());
}
BENCHMARK(BM_Merge)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace csat

BENCHMARK_MAIN();
