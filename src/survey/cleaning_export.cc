// Tested by tests/survey/cleaning_test.cc.
#include <cstring>
#include <utility>

#include "arrow/export.h"
#include "csat/survey/cleaning.h"

namespace csat {
namespace {

constexpr Verdict kVerdicts[] = {Verdict::kKept, Verdict::kFlagged, Verdict::kQuarantined,
                                 Verdict::kExcluded};

std::vector<std::string> VerdictWords() {
  std::vector<std::string> words;
  for (const Verdict verdict : kVerdicts) words.emplace_back(Word(verdict));
  return words;
}

// Columns of the given length; every buffer is asked for here, and one that is not there is remembered.
class Columns {
 public:
  explicit Columns(std::size_t rows) : rows_(rows) {}

  // `at(row)` gives the value, and whether there is one.
  template <typename T, typename At>
  OutColumn& Add(std::string name, std::string format, At at) {
    OutColumn& column = columns_.emplace_back();
    column.name = std::move(name);
    column.format = std::move(format);
    column.length = static_cast<std::int64_t>(rows_);
    column.values = Buffer::Allocate(rows_ * sizeof(T));
    column.validity = Buffer::Allocate((rows_ + 7) / 8);
    if (column.values.data() == nullptr || column.validity.data() == nullptr) {
      complete_ = false;
      return column;
    }
    std::memset(column.validity.data(), 0, column.validity.size());
    for (std::size_t row = 0; row < rows_; ++row) {
      const std::optional<T> value = at(row);
      column.values.template as<T>()[row] = value.value_or(T{});
      if (value.has_value()) {
        column.validity.as<std::uint8_t>()[row >> 3] |= static_cast<std::uint8_t>(1U << (row & 7));
      } else {
        ++column.null_count;
      }
    }
    return column;
  }
  template <typename At>
  void AddWords(std::string name, std::vector<std::string> words, At at) {
    OutColumn& column = Add<std::int32_t>(std::move(name), "i", at);
    column.has_dictionary = true;
    column.dictionary = std::move(words);
  }
  template <typename At>
  void AddBits(std::string name, At at) {
    OutColumn& column = columns_.emplace_back();
    column.name = std::move(name);
    column.format = "b";
    column.nullable = false;
    column.length = static_cast<std::int64_t>(rows_);
    column.values = Buffer::Allocate((rows_ + 7) / 8);
    if (column.values.data() == nullptr) {
      complete_ = false;
      return;
    }
    std::memset(column.values.data(), 0, column.values.size());
    for (std::size_t row = 0; row < rows_; ++row) {
      if (at(row)) column.values.as<std::uint8_t>()[row >> 3] |= static_cast<std::uint8_t>(1U << (row & 7));
    }
  }

  absl::Status Export(ArrowSchema* schema, ArrowArray* array) {
    if (!complete_ || !ExportStruct(std::move(columns_), static_cast<std::int64_t>(rows_), schema, array))
      return absl::ResourceExhaustedError("no memory for the result");
    return absl::OkStatus();
  }

 private:
  std::size_t rows_;
  std::vector<OutColumn> columns_;
  bool complete_ = true;
};

// Rules by index, and "" for a reviewer.
std::vector<std::string> RuleWords(const CleaningResult& result) {
  std::vector<std::string> words = result.rule_ids;
  words.emplace_back();
  return words;
}

}  // namespace

absl::Status ExportVerdicts(const CleaningResult& result, ArrowSchema* schema, ArrowArray* array) {
  const auto rules = static_cast<std::int32_t>(result.rule_ids.size());
  Columns columns(result.verdicts.size());
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
  Columns columns(lines.size());
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
