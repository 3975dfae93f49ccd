// The cleaning rules of ready-made policies over a table that the input fills: what is refused is refused in a line;
// what is judged is the same on one thread and on two, every response has one verdict, and the counts add up.
//
// Byte 0 names the policy, byte 1 the settings, byte 2 the rows, then come the columns.
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "csat/survey/cleaning.h"
#include "fuzz/generated_table.h"

namespace csat {
namespace {

struct Subject {
  Policy policy;
  std::vector<CleaningField> fields;
  std::vector<std::string> words;
};

std::vector<Subject> Load() {
  std::vector<Subject> made;
  for (const char* const path :
       {"policies/annual-survey.json", "policies/iso-monitoring.json", "policies/retail-after-sales.json",
        "examples/airline/airline.json", "examples/personality/personality.json"}) {
    Policy policy = PolicyOf(path);
    Require(policy.cleaning().has_value(), path);
    std::vector<CleaningField> fields = CleaningFields(*policy.cleaning(), policy.metrics());
    std::vector<std::string> words = WordsOf(policy);
    made.push_back({std::move(policy), std::move(fields), std::move(words)});
  }
  return made;
}

void RequireBalance(const CleaningResult& result, std::int64_t rows) {
  std::int64_t counted = 0;
  for (const std::int64_t count : result.counts) counted += count;
  Require(result.rows == rows && counted == rows, "each response has one verdict");
  Require(result.verdicts.size() == static_cast<std::size_t>(rows), "a verdict for each response");
  Require(result.test_records <= rows && result.open <= rows, "no more than there are");
  std::int64_t decided = 0;
  for (const CleaningLine& line : result.ledger) {
    decided += line.deciding ? 1 : 0;
    Require(line.row >= 0 && line.row < rows, "a line is about a response");
    Require(!line.value.has_value() || std::isfinite(*line.value), "what was compared is finite");
  }
  const std::int64_t kept = result.counts[static_cast<std::size_t>(Verdict::kKept)];
  Require(decided <= rows && rows - kept <= decided, "who is not kept has a rule that decided");
}

}  // namespace
}  // namespace csat

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using csat::Require;
  static const auto* const subjects = new std::vector<csat::Subject>(csat::Load());
  csat::FuzzBytes bytes{data, size};
  const csat::Subject& subject = (*subjects)[bytes.Take<std::uint8_t>() % subjects->size()];
  const std::uint8_t settings = bytes.Take<std::uint8_t>();
  const std::int64_t rows = bytes.Take<std::uint8_t>() % 64;
  csat::ForeignArray table;
  table.format = "+s";
  table.buffers = {nullptr};
  const std::string id = subject.policy.cleaning()->response_id;
  for (const csat::CleaningField& field : subject.fields) {
    csat::ForeignArray* const column = &table.parts.emplace_back();
    if (field.name == id && !(settings & 1)) {
      // Ids, each once, in an order that the input says.
      std::vector<std::int64_t> ids;
      const std::uint8_t turn = bytes.Take<std::uint8_t>();
      for (std::int64_t i = 0; i < rows; ++i) ids.push_back((i ^ (turn % 64)) * 7 + 1);
      csat::FillColumn(column, id, "l", ids);
    } else {
      csat::FillGenerated(&bytes, field.name, rows, subject.words, column);
    }
  }
  table.Finish(rows);
  csat::CleaningOptions options;
  if (settings & 2) options.seed = "wave 7";
  absl::StatusOr<csat::CleaningResult> results[2] = {absl::UnknownError(""), absl::UnknownError("")};
  for (int i = 0; i < 2; ++i) {
    options.threads = i + 1;
    results[i] =
        csat::Clean(*subject.policy.cleaning(), subject.policy.metrics(), table.schema, table.array, options);
  }
  Require(results[0].ok() == results[1].ok(), "one answer on one thread and on two");
  if (!results[0].ok()) {
    csat::RequireLine(results[0].status());
    Require(results[0].status().message() == results[1].status().message(), "one reason");
    return 0;
  }
  csat::RequireBalance(*results[0], rows);
  Require(results[0]->verdicts == results[1]->verdicts && results[0]->deciding == results[1]->deciding,
          "the same verdicts on one thread and on two");
  Require(results[0]->ledger.size() == results[1]->ledger.size(), "the same ledger");
  ArrowSchema schema{};
  ArrowArray array{};
  Require(csat::ExportVerdicts(*results[0], &schema, &array).ok() && array.length == rows,
          "verdicts are a table");
  array.release(&array);
  schema.release(&schema);
  return 0;
}
