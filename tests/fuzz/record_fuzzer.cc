// Any bytes as one record of a ready-made policy. What is refused is refused by both ways of scoring; what is
// scored has the same result by both, inside the scale, and a ledger that adds up.
//
// Byte 0 names the plan, then each field takes a tag byte and its value.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/policy/policy.h"
#include "csat/scoring/plan.h"

namespace {

std::vector<csat::Plan> CompileAll() {
  std::vector<std::filesystem::path> files = {CSAT_SOURCE_DIR "/tests/fuzz/corpus/policy/every_form.json"};
  for (const auto& entry : std::filesystem::directory_iterator(CSAT_SOURCE_DIR "/policies")) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<csat::Plan> plans;
  for (const std::filesystem::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    const absl::StatusOr<csat::Policy> policy = csat::Policy::Parse(text);
    if (!policy.ok()) std::abort();
    for (const csat::Scorecard& card : policy->scorecards()) {
      absl::StatusOr<csat::Plan> plan = csat::Plan::Compile(*policy, card.id);
      if (!plan.ok()) std::abort();
      plans.push_back(*std::move(plan));
    }
  }
  return plans;
}

// Reads values off the input; past its end everything is 0.
struct Bytes {
  const std::uint8_t* data;
  std::size_t size;

  template <typename T>
  T Take() {
    T value{};
    const std::size_t taken = size < sizeof value ? size : sizeof value;
    if (taken > 0) std::memcpy(&value, data, taken);
    data += taken;
    size -= taken;
    return value;
  }
};

void Fill(const csat::Plan& plan, Bytes bytes, csat::Record* record, std::vector<std::string>* texts,
          std::vector<std::vector<double>>* events) {
  texts->resize(record->size());
  events->resize(record->size());
  for (std::size_t slot = 0; slot < record->size(); ++slot) {
    const std::uint8_t tag = bytes.Take<std::uint8_t>();
    switch (tag % 8) {
      case 0: record->SetMissing(slot); break;
      case 1: record->SetInteger(slot, bytes.Take<std::int8_t>()); break;
      case 2: record->SetInteger(slot, bytes.Take<std::int64_t>()); break;
      case 3: record->SetDecimal(slot, csat::Decimal::FromMicros(bytes.Take<std::int32_t>())); break;
      case 4: record->SetDouble(slot, bytes.Take<double>()); break;
      case 5: record->SetDouble(slot, bytes.Take<std::uint8_t>() / 16.0); break;
      case 6: {
        const std::size_t count = bytes.Take<std::uint8_t>() % 16;
        for (std::size_t i = 0; i < count; ++i) {
          (*events)[slot].push_back(tag & 8 ? bytes.Take<double>() : bytes.Take<std::uint16_t>() / 8.0);
        }
        record->SetEvents(slot, (*events)[slot]);
        break;
      }
      default: {
        const std::size_t length = bytes.Take<std::uint8_t>() % 24;
        for (std::size_t i = 0; i < length; ++i) (*texts)[slot].push_back(bytes.Take<char>());
        record->SetText(slot, (*texts)[slot]);
      }
    }
  }
}

// Names what did not hold, then ends the run.
void Require(bool held, const char* what) {
  if (held) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<csat::Plan>* const plans = new std::vector<csat::Plan>(CompileAll());
  Bytes bytes{data, size};
  const csat::Plan& plan = (*plans)[bytes.Take<std::uint8_t>() % plans->size()];
  csat::Record record = plan.NewRecord();
  std::vector<std::string> texts;
  std::vector<std::vector<double>> events;
  Fill(plan, bytes, &record, &texts, &events);

  csat::Summary summary;
  const absl::Status status = plan.Evaluate(record, &summary);
  const absl::StatusOr<csat::Score> score = plan.Explain(record);
  Require(status.code() == score.status().code(), "one verdict");
  if (!score.ok()) {
    Require(!status.message().empty() && status.message() == score.status().message(), "one message");
    return 0;
  }
  const csat::Summary& told = score->summary;
  Require(summary.outcome == told.outcome, "one outcome");
  Require(summary.grade == told.grade && summary.reason == told.reason, "one grade and reason");
  Require(
      summary.score == told.score && summary.base == told.base && summary.without_veto == told.without_veto,
      "one score");
  if (summary.outcome == csat::Outcome::kScored || summary.outcome == csat::Outcome::kVetoed) {
    Require(csat::Points() <= summary.score && summary.score <= plan.scorecard()->max_score,
            "score on its scale");
    csat::Points sum;
    for (const csat::LedgerLine& line : score->ledger) {
      if (line.depth == 0) sum = sum + line.amount;
    }
    Require(sum == summary.score, "the ledger adds up");
  }
  return 0;
}
