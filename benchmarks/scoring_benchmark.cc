// How fast are policies read and records scored? On workload W1 (docs/benchmarks): eleven fields, five indicators,
// profiles, a bonus, two vetoes, five grades, one of them with a condition.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "csat/arrow/c_data.h"
#include "csat/policy/policy.h"
#include "csat/scoring/batch.h"
#include "csat/scoring/plan.h"
#include "w1_rows.h"

namespace csat {
namespace {

const Plan& W1Plan() {
  static const Plan* const plan = [] {
    const absl::StatusOr<Policy> policy = Policy::Parse(Read("benchmarks/w1.json"));
    if (!policy.ok()) std::abort();
    return new Plan(*Plan::Compile(*policy, policy->scorecards().back().id));
  }();
  return *plan;
}

// The columns of W1 as Arrow arrays over memory that this holds: 61 bytes a row.
class W1Table {
 public:
  explicit W1Table(std::int64_t rows) : rows_(rows) {
    RowSource source;
    for (std::int64_t i = 0; i < rows; ++i) {
      const Row row = source.Next();
      const double doubles[] = {row.response_seconds, row.resolution_rate, row.first_contact_rate,
                                row.attitude, row.knowledge};
      const std::int32_t counts[] = {row.info_leaks, row.broken_promises, row.written_praise, row.suggestions,
                                     row.complaints};
      for (int k = 0; k < 5; ++k) doubles_[k].push_back(doubles[k]);
      for (int k = 0; k < 5; ++k) counts_[k].push_back(counts[k]);
      roles_.push_back(row.role);
    }
    const char* const names[] = {
        "response_seconds", "resolution_rate", "first_contact_rate", "attitude",   "knowledge", "info_leaks",
        "broken_promises",  "written_praise",  "suggestions",        "complaints", "role"};
    for (int k = 0; k < 11; ++k) {
      const char* format = k < 5 ? "g" : k < 10 ? "i" : "c";
      const void* values = k < 5    ? static_cast<const void*>(doubles_[k].data())
                           : k < 10 ? counts_[k - 5].data()
                                    : static_cast<const void*>(roles_.data());
      Fill(names[k], format, rows, {nullptr, values}, &schemas_[k], &arrays_[k], buffers_[k]);
      schema_pointers_[k] = &schemas_[k];
      array_pointers_[k] = &arrays_[k];
    }
    for (const char* role : kRoles) {
      words_ += role;
      offsets_.push_back(static_cast<std::int32_t>(words_.size()));
    }
    Fill("", "u", 3, {nullptr, offsets_.data(), words_.data()}, &words_schema_, &words_array_,
         words_buffers_);
    schemas_[10].dictionary = &words_schema_;
    arrays_[10].dictionary = &words_array_;
    Fill("", "+s", rows, {nullptr}, &schema_, &array_, struct_buffers_);
    schema_.n_children = array_.n_children = 11;
    schema_.children = schema_pointers_;
    array_.children = array_pointers_;
  }
  W1Table(const W1Table&) = delete;

  std::int64_t rows() const { return rows_; }
  const ArrowSchema& schema() const { return schema_; }
  const ArrowArray& array() const { return array_; }

 private:
  static void Fill(const char* name, const char* format, std::int64_t length,
                   std::initializer_list<const void*> buffers, ArrowSchema* schema, ArrowArray* array,
                   const void** held) {
    *schema = ArrowSchema{};
    schema->name = name;
    schema->format = format;
    schema->release = [](ArrowSchema*) {};
    *array = ArrowArray{};
    array->length = length;
    array->n_buffers = static_cast<std::int64_t>(buffers.size());
    std::size_t at = 0;
    for (const void* buffer : buffers) held[at++] = buffer;
    array->buffers = held;
    array->release = [](ArrowArray*) {};
  }

  const std::int64_t rows_;
  std::vector<double> doubles_[5];
  std::vector<std::int32_t> counts_[5], offsets_{0};
  std::vector<std::int8_t> roles_;
  std::string words_;
  ArrowSchema schema_, schemas_[11], words_schema_, *schema_pointers_[11];
  ArrowArray array_, arrays_[11], words_array_, *array_pointers_[11];
  const void *buffers_[11][3], *words_buffers_[3], *struct_buffers_[1];
};

const W1Table& Table() {
  static const W1Table* const table = new W1Table(4'000'000);
  return *table;
}

void ScoreTable(benchmark::State& state, const BatchOptions& options) {
  const W1Table& table = Table();
  for (auto _ : state) {
    ArrowSchema schema;
    ArrowArray array;
    if (!ScoreBatch(W1Plan(), table.schema(), table.array(), options, &schema, &array).ok()) std::abort();
    benchmark::DoNotOptimize(array.children[0]->buffers[1]);
    array.release(&array);
    schema.release(&schema);
  }
  state.counters["ns_per_row"] =
      benchmark::Counter(static_cast<double>(state.iterations() * table.rows()) / 1e9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void BM_Batch(benchmark::State& state) {
  BatchOptions options;
  options.threads = static_cast<int>(state.range(0));
  ScoreTable(state, options);
}
BENCHMARK(BM_Batch)->Arg(1)->Arg(2)->ArgName("threads")->UseRealTime()->Unit(benchmark::kMillisecond);

void BM_BatchExplained(benchmark::State& state) {
  BatchOptions options;
  options.threads = static_cast<int>(state.range(0));
  options.contributions = true;
  options.top_reasons = 3;
  ScoreTable(state, options);
}
BENCHMARK(BM_BatchExplained)
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void BM_BatchDecimal(benchmark::State& state) {
  BatchOptions options;
  options.decimal_scores = true;
  ScoreTable(state, options);
}
BENCHMARK(BM_BatchDecimal)->UseRealTime()->Unit(benchmark::kMillisecond);

void BM_SmallBatch(benchmark::State& state) {
  const W1Table table(state.range(0));
  for (auto _ : state) {
    ArrowSchema schema;
    ArrowArray array;
    if (!ScoreBatch(W1Plan(), table.schema(), table.array(), {}, &schema, &array).ok()) std::abort();
    array.release(&array);
    schema.release(&schema);
  }
}
BENCHMARK(BM_SmallBatch)->Arg(1)->Arg(100)->Arg(1000)->Arg(10000)->ArgName("rows");

std::vector<Record> Records(int count) {
  const Plan& plan = W1Plan();
  const auto slot = [&](const char* name) { return static_cast<std::size_t>(plan.FindField(name)); };
  RowSource source;
  std::vector<Record> records;
  for (int i = 0; i < count; ++i) {
    const Row row = source.Next();
    Record& record = records.emplace_back(plan.NewRecord());
    record.SetDouble(slot("response_seconds"), row.response_seconds);
    record.SetDouble(slot("resolution_rate"), row.resolution_rate);
    record.SetDouble(slot("first_contact_rate"), row.first_contact_rate);
    record.SetDouble(slot("attitude"), row.attitude);
    record.SetDouble(slot("knowledge"), row.knowledge);
    record.SetText(slot("role"), kRoles[row.role]);
    record.SetInteger(slot("info_leaks"), row.info_leaks);
    record.SetInteger(slot("broken_promises"), row.broken_promises);
    record.SetInteger(slot("written_praise"), row.written_praise);
    record.SetInteger(slot("suggestions"), row.suggestions);
    record.SetInteger(slot("complaints"), row.complaints);
  }
  return records;
}

void BM_OneRecord(benchmark::State& state) {
  const std::vector<Record> records = Records(1024);
  std::size_t i = 0;
  for (auto _ : state) {
    Summary summary;
    if (!W1Plan().Evaluate(records[i++ & 1023], &summary).ok()) std::abort();
    benchmark::DoNotOptimize(summary);
  }
}
BENCHMARK(BM_OneRecord);

void BM_OneRecordWithLedger(benchmark::State& state) {
  const std::vector<Record> records = Records(1024);
  std::size_t i = 0;
  for (auto _ : state) {
    const absl::StatusOr<Score> score = W1Plan().Explain(records[i++ & 1023]);
    if (!score.ok()) std::abort();
    benchmark::DoNotOptimize(score);
  }
}
BENCHMARK(BM_OneRecordWithLedger);

// Read, checked and compiled.
void BM_Policy(benchmark::State& state, const char* path) {
  const std::string json = Read(path);
  for (auto _ : state) {
    const absl::StatusOr<Policy> policy = Policy::Parse(json);
    if (!policy.ok()) std::abort();
    for (const Scorecard& card : policy->scorecards()) {
      if (!Plan::Compile(*policy, card.id).ok()) std::abort();
    }
  }
}
BENCHMARK_CAPTURE(BM_Policy, w1, "benchmarks/w1.json")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_Policy, retail_after_sales, "policies/retail-after-sales.json")
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace csat

BENCHMARK_MAIN();
