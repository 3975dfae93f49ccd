#include "scoring/case_table.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>
#include <variant>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "arrow/export.h"
#include "csat/measure/measure_plan.h"
#include "csat/model/foreign_text.h"

namespace csat {
namespace {

// false: no memory.
bool MakeColumn(const std::string& name, const std::vector<CaseValue>& values, OutColumn* out) {
  const std::size_t rows = values.size();
  const bool words = std::any_of(values.begin(), values.end(), [](const CaseValue& value) {
    return std::holds_alternative<std::string>(value.value);
  });
  out->name = name;
  out->format = words ? "i" : "d:38,6";
  out->length = static_cast<std::int64_t>(rows);
  out->has_dictionary = words;
  const std::size_t width = words ? sizeof(std::int32_t) : sizeof(absl::int128);
  out->validity = Buffer::Allocate(rows / 8 + 1);
  out->values = Buffer::Allocate(rows * width + 1);
  if (out->validity.data() == nullptr || out->values.data() == nullptr) return false;
  std::memset(out->validity.data(), 0, out->validity.size());
  std::memset(out->values.data(), 0, out->values.size());
  for (std::size_t i = 0; i < rows; ++i) {
    // A number among words is a word.
    const auto* number = std::get_if<Decimal>(&values[i].value);
    const std::string shown = words && number != nullptr ? number->ToString() : "";
    const auto* word = words && number != nullptr ? &shown : std::get_if<std::string>(&values[i].value);
    if (word == nullptr && number == nullptr) {
      ++out->null_count;
      continue;
    }
    out->validity.as<std::uint8_t>()[i / 8] |= static_cast<std::uint8_t>(1u << i % 8);
    if (word != nullptr) {
      const auto found = std::find(out->dictionary.begin(), out->dictionary.end(), *word);
      out->values.as<std::int32_t>()[i] = static_cast<std::int32_t>(found - out->dictionary.begin());
      if (found == out->dictionary.end()) out->dictionary.push_back(*word);
    } else {
      const absl::int128 wide = number->micros();
      const std::uint64_t halves[2] = {absl::Int128Low64(wide),
                                       static_cast<std::uint64_t>(absl::Int128High64(wide))};
      std::memcpy(out->values.as<char>() + i * width, halves, width);
    }
  }
  return true;
}

// Whole numbers as such, for instants, flags and keys, others as doubles; false: no memory.
bool MakePlainColumn(const std::string& name, const std::vector<CaseValue>& values, OutColumn* out) {
  if (!MakeColumn(name, values, out)) return false;
  if (out->has_dictionary) return true;
  const bool whole = std::none_of(values.begin(), values.end(), [](const CaseValue& value) {
    const auto* number = std::get_if<Decimal>(&value.value);
    return number != nullptr && number->micros() % Decimal::kOne != 0;
  });
  out->format = whole ? "l" : "g";
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto* number = std::get_if<Decimal>(&values[i].value);
    if (whole) {
      out->values.as<std::int64_t>()[i] = number == nullptr ? 0 : number->micros() / Decimal::kOne;
    } else {
      out->values.as<double>()[i] = number == nullptr ? 0 : number->ToDouble();
    }
  }
  return true;
}

absl::StatusOr<std::vector<ReviewDecision>> DecisionsOf(const PolicyCase& example) {
  std::vector<ReviewDecision> decisions;
  for (const auto& [response, given] : example.record) {
    const auto* word = std::get_if<std::string>(&given.value);
    ReviewDecision& decision = decisions.emplace_back();
    decision.response = response;
    if (word != nullptr && *word == "confirmed") {
      decision.outcome = ReviewDecision::Outcome::kConfirmed;
    } else if (word != nullptr && *word == "corrected") {
      decision.outcome = ReviewDecision::Outcome::kCorrected;
    } else if (word != nullptr && *word == "rejected") {
      decision.outcome = ReviewDecision::Outcome::kRejected;
    } else {
      return absl::InvalidArgumentError(absl::StrCat("the decision about ", Quoted(response),
                                                     " is none of confirmed, corrected, rejected"));
    }
  }
  return decisions;
}

// A table of ours, released when it goes.
struct Exported {
  ArrowSchema schema{};
  ArrowArray array{};
  ~Exported() {
    if (schema.release != nullptr) schema.release(&schema);
    if (array.release != nullptr) array.release(&array);
  }
};

using MakeTable = bool (*)(const std::string& name, const std::vector<CaseValue>& values, OutColumn* out);

// The columns of a case, each as `make` has it, as a table.
absl::Status Export(const std::map<std::string, std::vector<CaseValue>>& columns, MakeTable make,
                    Exported* out) {
  std::vector<OutColumn> made;
  std::size_t rows = 0;
  bool complete = true;
  for (const auto& [name, values] : columns) {
    rows = values.size();
    complete &= make(name, values, &made.emplace_back());
  }
  if (complete && ExportStruct(std::move(made), static_cast<std::int64_t>(rows), &out->schema, &out->array))
    return absl::OkStatus();
  return absl::ResourceExhaustedError("no memory");
}

}  // namespace

absl::StatusOr<std::map<std::string, MeasureFigure>> MeasureCase(const Policy& policy,
                                                                 const PolicyCase& example) {
  MeasureOptions options;
  for (const auto& [id, shown] : example.measures) options.measures.push_back(id);
  for (const auto& [id, status] : example.targets) {
    if (example.measures.count(id) == 0) options.measures.push_back(id);
  }
  const absl::StatusOr<MeasurePlan> plan = MeasurePlan::Compile(policy, options);
  if (!plan.ok()) return plan.status();
  Exported table;
  if (absl::Status status = Export(example.table, MakeColumn, &table); !status.ok()) return status;
  absl::StatusOr<Aggregates> aggregates = plan->NewAggregates();
  if (!aggregates.ok()) return aggregates.status();
  const absl::Status status = plan->Add(table.schema, table.array, Aggregates::AddOptions(), &*aggregates);
  if (!status.ok()) return status;
  std::map<std::string, MeasureFigure> figures;
  for (std::size_t i = 0; i < options.measures.size(); ++i) {
    figures.emplace(options.measures[i], aggregates->groups() == 0
                                             ? plan->FigureOfNone(i)
                                             : plan->FigureOf(*aggregates, 0, i, std::nullopt));
  }
  return figures;
}

absl::StatusOr<SamplingResult> SampleCase(const Policy& policy, const PolicyCase& example) {
  const SamplingRule* rule = policy.sampling().Find(example.sampling);
  if (rule == nullptr)
    return absl::InvalidArgumentError(
        absl::StrCat("no rule of sampling is named ", Quoted(example.sampling)));
  SamplingGiven given;
  for (const auto& [name, value] : example.record) {
    if (const auto* number = std::get_if<Decimal>(&value.value)) given.emplace(name, *number);
    if (const auto* word = std::get_if<std::string>(&value.value)) given.emplace(name, *word);
    if (const auto* words = std::get_if<std::vector<std::string>>(&value.value)) given.emplace(name, *words);
    if (std::holds_alternative<std::vector<Decimal>>(value.value))
      return absl::InvalidArgumentError(absl::StrCat(Quoted(name), " is a list of numbers"));
  }
  if (example.table.empty()) return ApplySamplingRule(*rule, given, nullptr, nullptr, policy.zone());
  Exported table;
  if (absl::Status status = Export(example.table, MakePlainColumn, &table); !status.ok()) return status;
  return ApplySamplingRule(*rule, given, &table.schema, &table.array, policy.zone());
}

absl::StatusOr<CleaningResult> CleanCase(const Policy& policy, const PolicyCase& example) {
  if (!policy.cleaning().has_value()) return absl::InvalidArgumentError("the policy has no cleaning");
  const Cleaning& cleaning = *policy.cleaning();
  CleaningOptions options;
  absl::StatusOr<std::vector<ReviewDecision>> decisions = DecisionsOf(example);
  if (!decisions.ok()) return decisions.status();
  options.decisions = *std::move(decisions);
  if (cleaning.review.has_value() && cleaning.review->seed.empty()) options.seed = "case";
  std::map<std::string, std::vector<CaseValue>> columns = example.table;
  const std::size_t rows = columns.empty() ? 0 : columns.begin()->second.size();
  const auto [ids, unnumbered] = columns.try_emplace(cleaning.response_id, rows);
  for (std::size_t i = 0; unnumbered && i < rows; ++i)
    ids->second[i].value = Decimal::FromInteger(static_cast<std::int64_t>(i) + 1);
  Exported table;
  if (absl::Status status = Export(columns, MakePlainColumn, &table); !status.ok()) return status;
  return Clean(cleaning, policy.metrics(), table.schema, table.array, options);
}

}  // namespace csat
