// How long do finished aggregates take to become figures: a scale of 25 items, a share with its interval, a table of
// ranks?
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "csat/measure/factorability.h"
#include "csat/measure/nps.h"
#include "csat/measure/one_factor.h"
#include "csat/measure/proportion.h"
#include "csat/measure/reliability.h"
#include "csat/measure/two_samples.h"

namespace csat {
namespace {

// A million rows of k items that correlate by a half.
CoMoments Scale(int k) {
  const auto items = static_cast<std::size_t>(k);
  const absl::int128 n = 1'000'000;
  std::vector<absl::int128> sums(items), products(items * items);
  for (std::size_t i = 0; i < items; ++i) sums[i] = n * 3 + static_cast<std::int64_t>(i * i * 1013);
  for (std::size_t i = 0; i < items; ++i) {
    for (std::size_t j = 0; j < items; ++j) {
      const std::int64_t spread =
          i == j ? 2'000'000 : 1'000'000 + static_cast<std::int64_t>((i + 1) * (j + 1) * 97);
      products[i * items + j] = sums[i] * sums[j] / n + spread;
    }
  }
  return CoMoments::Listwise(1'000'000, std::vector<std::int64_t>(items, 1), sums, products);
}

void BM_Reliability(benchmark::State& state) {
  const CoMoments moments = Scale(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(ReliabilityOf(moments));
}
BENCHMARK(BM_Reliability)->Arg(5)->Arg(25)->Arg(64);

void BM_KmoAndBartlett(benchmark::State& state) {
  const CoMoments moments = Scale(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(FactorabilityOf(*CorrelationsOf(moments)));
}
BENCHMARK(BM_KmoAndBartlett)->Arg(5)->Arg(25)->Arg(64);

void BM_Eigenvalues(benchmark::State& state) {
  const ItemMatrix correlations = *CorrelationsOf(Scale(static_cast<int>(state.range(0))));
  for (auto _ : state) benchmark::DoNotOptimize(Eigenvalues(correlations));
}
BENCHMARK(BM_Eigenvalues)->Arg(5)->Arg(25)->Arg(64);

void BM_Omega(benchmark::State& state) {
  const ItemMatrix correlations = *CorrelationsOf(Scale(static_cast<int>(state.range(0))));
  for (auto _ : state) benchmark::DoNotOptimize(OneFactorOf(correlations));
}
BENCHMARK(BM_Omega)->Arg(5)->Arg(25)->Arg(64);

void BM_Wilson(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(WilsonInterval({2293, 2993}));
}
BENCHMARK(BM_Wilson);

void BM_ClopperPearson(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(ClopperPearsonInterval({2293, 2993}));
}
BENCHMARK(BM_ClopperPearson);

void BM_NpsScore(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(NpsScoreInterval({65, 99, 86}));
}
BENCHMARK(BM_NpsScore);

void BM_MeanInterval(benchmark::State& state) {
  const Moments moments{250, 1000, 4500, 1};
  for (auto _ : state) benchmark::DoNotOptimize(MeanInterval(moments));
}
BENCHMARK(BM_MeanInterval);

void BM_Ranks(benchmark::State& state) {
  const Frequencies a{1, {{1, 5}, {2, 4}, {3, 9}, {4, 20}, {5, 12}}},
      b{1, {{1, 8}, {2, 6}, {3, 15}, {4, 14}, {5, 5}}};
  for (auto _ : state) benchmark::DoNotOptimize(CompareRanks(a, b));
}
BENCHMARK(BM_Ranks);

}  // namespace
}  // namespace csat

BENCHMARK_MAIN();
