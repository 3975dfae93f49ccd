// The rules of ready-made sampling plans over a table and given values that the input fills: what is refused is refused
// in a line; what is said is said again, counts and shares hold together, and every list that the form has is there.
//
// Byte 0 names the rule, byte 1 the rows, then come the given values and the columns.
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "csat/survey/sampling_plan.h"
#include "fuzz/generated_table.h"

namespace csat {
namespace {

struct Subject {
  SamplingRule rule;
  std::vector<std::string> given, columns;
};

struct NamesOf {
  using Names = std::pair<std::vector<std::string>, std::vector<std::string>>;
  Names operator()(const EveryPeriodRule&) const {
    return {{"from", "until", "as_of", "subjects"}, {"date", "subject", "valid"}};
  }
  Names operator()(const WithinMonthsRule&) const {
    return {{"as_of"}, {"since", "date", "subject", "valid"}};
  }
  Names operator()(const EachEventRule&) const { return {{}, {"asked", "subject"}}; }
  Names operator()(const RecentEventRule&) const { return {{"reference"}, {"last_event", "subject"}}; }
  Names operator()(const SampleSizeRule&) const { return {{"population"}, {}}; }
  Names operator()(const StrataRule&) const { return {{"sample"}, {"stratum", "size", "deviation"}}; }
  Names operator()(const InvitationRule&) const { return {{"seed", "probability"}, {"id"}}; }
  Names operator()(const SelectionListRule& form) const {
    Names names{{"frame"},
                {"customer", "product_line", "class", "drawn", "nominated_by", "approved_by", "relation"}};
    for (const std::string& column : form.every_value_of) {
      names.first.push_back(column);
      names.second.push_back(column);
    }
    return names;
  }
  Names operator()(const ProductRangeRule&) const {
    return {{}, {"product_line", "mature", "surveyed", "strategic", "exception"}};
  }
  Names operator()(const WaveRule&) const {
    return {{"planned", "answered", "unanswered_by_customer", "not_contacted", "closed"}, {}};
  }
};

std::vector<Subject> Load() {
  std::vector<Subject> made;
  for (const char* const path :
       {"policies/annual-survey.json", "policies/feedback-handling.json", "policies/iso-monitoring.json",
        "policies/retail-after-sales.json", "policies/satisfaction-control.json"}) {
    const Policy policy = PolicyOf(path);
    for (const SamplingRule& rule : policy.sampling().rules) {
      auto [given, columns] = std::visit(NamesOf(), rule.form);
      made.push_back({rule, std::move(given), std::move(columns)});
    }
  }
  Require(!made.empty(), "there are rules");
  return made;
}

const std::vector<std::string>& Words() {
  static const auto* const words = new std::vector<std::string>{
      "", "a", "b", "key", "true", "false", "2025-03-14", "2025-06-30", "0205-01-01", "row 1"};
  return *words;
}

SamplingGiven GivenOf(const std::vector<std::string>& names, FuzzBytes* bytes) {
  SamplingGiven given;
  for (const std::string& name : names) {
    const std::uint8_t tag = bytes->Take<std::uint8_t>();
    const std::string& word = Words()[tag / 8 % Words().size()];
    switch (tag % 8) {
      case 0: break;
      case 1: given.emplace(name, Decimal::FromMicros(bytes->Take<std::int64_t>())); break;
      case 2:
      case 3: given.emplace(name, Decimal::FromInteger(bytes->Take<std::uint16_t>())); break;
      case 4: given.emplace(name, std::vector<std::string>{word, "a", "b"}); break;
      default: given.emplace(name, word);
    }
  }
  return given;
}

void RequireWhole(const SamplingResult& result, std::int64_t rows) {
  for (const auto& [name, share] : result.shares)
    Require(share.numerator() >= 0 && share.numerator() <= share.denominator(), "a share is a part");
  for (const auto& [name, count] : result.counts) Require(count >= 0, "a count is 0 or more");
  const auto part = result.shares.find("complete");
  if (part != result.shares.end() && part->second.numerator() != part->second.denominator())
    Require(result.outcome != "complete" && result.outcome != "none", "who is missing is not complete");
  if (rows == 0)
    Require(result.counts.count("events") == 0 || result.outcome == "none", "nobody is not complete");
}

}  // namespace
}  // namespace csat

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using csat::Require;
  static const auto* const subjects = new std::vector<csat::Subject>(csat::Load());
  csat::FuzzBytes bytes{data, size};
  const csat::Subject& subject = (*subjects)[bytes.Take<std::uint8_t>() % subjects->size()];
  const std::int64_t rows = bytes.Take<std::uint8_t>() % 24;
  const csat::SamplingGiven given = csat::GivenOf(subject.given, &bytes);
  csat::ForeignArray table;
  table.format = "+s";
  table.buffers = {nullptr};
  for (const std::string& name : subject.columns) {
    if (bytes.Take<std::uint8_t>() % 8 == 7) continue;
    csat::FillGenerated(&bytes, name, rows, csat::Words(), &table.parts.emplace_back());
  }
  table.Finish(rows);
  const bool with_table = !subject.columns.empty();
  absl::StatusOr<csat::SamplingResult> results[2] = {absl::UnknownError(""), absl::UnknownError("")};
  for (absl::StatusOr<csat::SamplingResult>& result : results) {
    result = csat::ApplySamplingRule(subject.rule, given, with_table ? &table.schema : nullptr,
                                     with_table ? &table.array : nullptr);
  }
  Require(results[0].status() == results[1].status(), "one answer");
  if (!results[0].ok()) {
    csat::RequireLine(results[0].status());
    return 0;
  }
  csat::RequireWhole(*results[0], rows);
  Require(results[0]->counts == results[1]->counts && results[0]->lists == results[1]->lists,
          "the same figures");
  return 0;
}
