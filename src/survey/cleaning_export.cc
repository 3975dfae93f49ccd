// Tested by tests/survey/cleaning_test.cc.
#include <optional>

#include "csat/survey/cleaning.h"
#include "survey/result_columns.h"

namespace csat {
namespace {

constexpr Verdict kVerdicts[] = {Verdict::kKept, Verdict::kFlagged, Verdict::kQuarantined,
                                 Verdict::kExcluded};

std::vector<std::string> VerdictWords() {
  std::vector<std::string> words;
  for (const Verdict verdict : kVerdicts) words.emplace_back(Word(verdict));
  return words;
}

// Rules by index, and "" for a reviewer.
std::vector<std::string> RuleWords(const CleaningResult& result) {
  std::vector<std::string> words = result.rule_ids;
  words.emplace_back();
  return words;
}

}  // namespace

absl::Status ExportVerdicts(const CleaningResult& result, ArrowSchema* schema, ArrowArray* array) {
  const auto rules = static_cast<std::int32_t>(result.rule_ids.size());
  survey::ResultColumns columns(result.verdicts.size());
  columns.AddWords("verdict", VerdictWords(), [&](std::size_t row) {
    return std::optional<std::int32_t>(static_cast<std::int32_t>(result.verdicts[row]));
  });
  columns.AddWords("deciding_rule", RuleWords(result), [&](std::size_t row) -> std::optional<std::int32_t> {
    const std::int16_t rule = result.deciding[row];
    if (rule == -1) return std::nullopt;
    return rule == -2 ? rules : rule;
  });
  std::vector<std::int64_t> place(result.verdicts.size(), -1);
  if (result.review.has_value()) {
    std::int64_t next = 0;
    for (const std::int64_t row : result.review->rows) place[static_cast<std::size_t>(row)] = next++;
  }
  columns.Add<std::int64_t>("in_review", "l", [&](std::size_t row) -> std::optional<std::int64_t> {
    if (place[row] < 0) return std::nullopt;
    return place[row];
  });
  return columns.Export(schema, array);
}

absl::Status ExportLedger(const CleaningResult& result, ArrowSchema* schema, ArrowArray* array) {
  const std::vector<CleaningLine>& lines = result.ledger;
  const auto rules = static_cast<std::int32_t>(result.rule_ids.size());
  survey::ResultColumns columns(lines.size());
  columns.Add<std::int64_t>("row", "l",
                            [&](std::size_t i) { return std::optional<std::int64_t>(lines[i].row); });
  // The words are the ids of the rows in the ledger, each once.
  std::vector<std::string> ids;
  std::vector<std::int32_t> id_of;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == 0 || lines[i].row != lines[i - 1].row)
      ids.push_back(result.ids[static_cast<std::size_t>(lines[i].row)]);
    id_of.push_back(static_cast<std::int32_t>(ids.size() - 1));
  }
  columns.AddWords("response_id", std::move(ids),
                   [&](std::size_t i) { return std::optional<std::int32_t>(id_of[i]); });
  columns.AddWords("rule", RuleWords(result), [&](std::size_t i) {
    return std::optional<std::int32_t>(lines[i].rule < 0 ? rules : lines[i].rule);
  });
  columns.AddWords("verdict", VerdictWords(), [&](std::size_t i) {
    return std::optional<std::int32_t>(static_cast<std::int32_t>(lines[i].verdict));
  });
  columns.AddBits("deciding", [&](std::size_t i) { return lines[i].deciding; });
  columns.AddBits("unknown", [&](std::size_t i) { return lines[i].unknown; });
  columns.Add<double>("value", "g", [&](std::size_t i) { return lines[i].value; });
  return columns.Export(schema, array);
}

}  // namespace csat
