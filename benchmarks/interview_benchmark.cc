// How long does it take to say what a questionnaire asks next, and to check what was answered, as a web form does
// between two clicks? Of 10, 25 and 100 items, every second of which is shown after a low answer to the one before it.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "csat/policy/policy.h"
#include "csat/survey/interview.h"

namespace csat {
namespace {

Policy MakePolicy(std::int64_t items) {
  std::string metrics, asked;
  for (std::int64_t i = 0; i < items; ++i) {
    const std::string comma = i == 0 ? "" : ",", id = "\"q" + std::to_string(i) + "\"";
    metrics += comma + R"({"id": )" + id + R"(, "scale": "five", "number": {}})";
    asked += comma + R"({"id": )" + id + R"(, "required": true)";
    if (i % 2 == 1) {
      asked += R"(, "shown_when": {"compare": {"metric": "q)" + std::to_string(i - 1) +
               R"(", "op": "LE", "value": 2}})";
    }
    asked += "}";
  }
  absl::StatusOr<Policy> policy = Policy::Parse(
      R"({"id": "p", "version": "1", "effective_from": "2025-01-01", "zone": "UTC",
          "scales": [{"id": "five", "min": 1, "max": 5, "integer": true, "direction": "HIGHER_IS_BETTER"}],
          "metrics": [)" +
      metrics + R"(], "questionnaires": [{"id": "form", "version": "1", "items": [)" + asked + "]}]}");
  if (!policy.ok()) {
    std::fprintf(stderr, "%s\n", policy.status().ToString().c_str());
    std::abort();
  }
  return *std::move(policy);
}

// Low and high in turn, so that every other condition holds.
Answer AnswerTo(std::size_t item) { return Decimal::FromInteger(item % 4 == 0 ? 2 : 4); }

// The answers of a whole interview, up to `most` of them.
Answers Answered(const Questionnaire& asked, std::size_t most) {
  Answers answers;
  for (std::vector<std::size_t> due = NextItems(asked, answers); !due.empty() && answers.size() < most;
       due = NextItems(asked, answers)) {
    answers[asked.items[due.front()].field] = AnswerTo(due.front());
  }
  return answers;
}

void NextOfHalf(benchmark::State& state) {
  const Policy policy = MakePolicy(state.range(0));
  const Questionnaire& asked = policy.questionnaires().front();
  const Answers answers = Answered(asked, Answered(asked, asked.items.size()).size() / 2);
  for (auto _ : state) benchmark::DoNotOptimize(NextItems(asked, answers));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(NextOfHalf)->Arg(10)->Arg(25)->Arg(100)->Unit(benchmark::kMicrosecond);

void WholeInterview(benchmark::State& state) {
  const Policy policy = MakePolicy(state.range(0));
  const Questionnaire& asked = policy.questionnaires().front();
  for (auto _ : state) benchmark::DoNotOptimize(Answered(asked, asked.items.size()));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(WholeInterview)->Arg(10)->Arg(25)->Arg(100)->Unit(benchmark::kMicrosecond);

void CheckWhole(benchmark::State& state) {
  const Policy policy = MakePolicy(state.range(0));
  const Questionnaire& asked = policy.questionnaires().front();
  const Answers answers = Answered(asked, asked.items.size());
  for (auto _ : state) {
    const AnswersReport report = CheckAnswers(asked, answers);
    if (report.state != AnswersReport::State::kComplete) {
      state.SkipWithError("the answers are not whole");
      break;
    }
    benchmark::DoNotOptimize(report);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(CheckWhole)->Arg(10)->Arg(25)->Arg(100)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace csat

BENCHMARK_MAIN();
