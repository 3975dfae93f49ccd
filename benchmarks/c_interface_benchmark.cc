// What one record costs through the C interface, on workload W1.
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "csat_c.h"
#include "w1_rows.h"

namespace csat {
namespace {

void Check(csat_status status) {
  if (status != CSAT_OK) std::abort();
}

const csat_plan* W1Plan() {
  static const csat_plan* const plan = [] {
    const std::string json = Read("benchmarks/w1.json");
    csat_policy* policy = nullptr;
    csat_plan* made = nullptr;
    Check(csat_policy_parse(json.data(), json.size(), &policy, nullptr, nullptr));
    const csat_string_view card = csat_policy_scorecard_id(policy, csat_policy_scorecard_count(policy) - 1);
    Check(csat_plan_compile(policy, card.data, card.size, &made, nullptr));
    csat_policy_free(policy);
    return made;
  }();
  return plan;
}

struct Slots {
  std::int32_t doubles[5], role, counts[5];
};

Slots FindSlots() {
  const auto find = [](const char* name) { return csat_plan_find_field(W1Plan(), name, std::strlen(name)); };
  return {{find("response_seconds"), find("resolution_rate"), find("first_contact_rate"), find("attitude"),
           find("knowledge")},
          find("role"),
          {find("info_leaks"), find("broken_promises"), find("written_praise"), find("suggestions"),
           find("complaints")}};
}

void Fill(csat_record* record, const Slots& slots, const Row& row) {
  const double doubles[] = {row.response_seconds, row.resolution_rate, row.first_contact_rate, row.attitude,
                            row.knowledge};
  const std::int32_t counts[] = {row.info_leaks, row.broken_promises, row.written_praise, row.suggestions,
                                 row.complaints};
  Check(csat_record_clear(record));
  for (int k = 0; k < 5; ++k) Check(csat_record_set_double(record, slots.doubles[k], doubles[k]));
  Check(csat_record_set_text(record, slots.role, kRoles[row.role], std::strlen(kRoles[row.role])));
  for (int k = 0; k < 5; ++k) Check(csat_record_set_int64(record, slots.counts[k], counts[k]));
}

// Records that live as long as the program.
const std::vector<csat_record*>& Records() {
  static const std::vector<csat_record*> records = [] {
    const Slots slots = FindSlots();
    RowSource source;
    std::vector<csat_record*> made(1024);
    for (csat_record*& record : made) {
      Check(csat_record_create(W1Plan(), &record, nullptr));
      Fill(record, slots, source.Next());
    }
    return made;
  }();
  return records;
}

void BM_CRecord(benchmark::State& state) {
  const std::vector<csat_record*>& records = Records();
  std::size_t i = 0;
  for (auto _ : state) {
    csat_summary summary = CSAT_SUMMARY_INIT;
    Check(csat_plan_score(W1Plan(), records[i++ & 1023], &summary, nullptr));
    benchmark::DoNotOptimize(summary);
  }
}
BENCHMARK(BM_CRecord);

void BM_CRecordFilledAndScored(benchmark::State& state) {
  const Slots slots = FindSlots();
  RowSource source;
  std::vector<Row> rows(1024);
  for (Row& row : rows) row = source.Next();
  csat_record* record = nullptr;
  Check(csat_record_create(W1Plan(), &record, nullptr));
  std::size_t i = 0;
  for (auto _ : state) {
    Fill(record, slots, rows[i++ & 1023]);
    csat_summary summary = CSAT_SUMMARY_INIT;
    Check(csat_plan_score(W1Plan(), record, &summary, nullptr));
    benchmark::DoNotOptimize(summary);
  }
  csat_record_free(record);
}
BENCHMARK(BM_CRecordFilledAndScored);

void BM_CRecordWithLedger(benchmark::State& state) {
  const std::vector<csat_record*>& records = Records();
  std::size_t i = 0;
  for (auto _ : state) {
    csat_score* score = nullptr;
    Check(csat_plan_explain(W1Plan(), records[i++ & 1023], &score, nullptr));
    benchmark::DoNotOptimize(score);
    csat_score_free(score);
  }
}
BENCHMARK(BM_CRecordWithLedger);

}  // namespace
}  // namespace csat

BENCHMARK_MAIN();
