#include "scoring/batch_output.h"

#include <cstring>
#include <string>
#include <utility>

namespace csat {
namespace {

constexpr std::size_t kMostNarrowGrades = 127;

std::size_t WidthOf(const OutColumn& column) {
  switch (column.format[0]) {
    case 'c': return 1;
    case 's': return 2;
    case 'g': return 8;
    default: return 16;
  }
}

// Most columns have few nulls or none.
std::int64_t CountNulls(const std::uint8_t* bits, std::int64_t rows) {
  std::int64_t nulls = 0, row = 0;
  for (; row + 64 <= rows; row += 64) {
    std::uint64_t word;
    std::memcpy(&word, bits + row / 8, sizeof(word));
    if (word != ~std::uint64_t{0}) nulls += 64 - __builtin_popcountll(word);
  }
  for (; row < rows; ++row) nulls += (bits[row >> 3] >> (row & 7) & 1) ^ 1;
  return nulls;
}

}  // namespace

BatchOutput::BatchOutput(const CompiledPlan& plan, const BatchOptions& options)
    : prefix_(options.prefix),
      decimal_(options.decimal_scores),
      wide_grades_(plan.grades.size() > kMostNarrowGrades) {
  const char* points = decimal_ ? "d:18,6" : "g";
  const CompiledCard& card = plan.own();
  indicators_ = card.root.children.size();
  Add("score", points);
  AddWords(Add("grade", wide_grades_ ? "s" : "c"), plan.grades);
  std::vector<std::string> outcomes;
  for (const Outcome outcome :
       {Outcome::kScored, Outcome::kVetoed, Outcome::kInsufficient, Outcome::kRefused}) {
    outcomes.emplace_back(OutcomeName(outcome));
  }
  AddWords(Add("outcome", "c"), std::move(outcomes));
  AddWords(Add("reason", "s"), plan.reasons);
  for (const int column : {kOutcome, kReason}) columns_[static_cast<std::size_t>(column)].nullable = false;
  if (options.base) {
    base_ = Add("base", points);
    Add("without_veto", points);
  }
  std::vector<std::string> ids;
  for (const int child : card.root.children)
    ids.push_back(card.indicators[static_cast<std::size_t>(child)].indicator->id);
  if (options.contributions) {
    contributions_ = static_cast<int>(columns_.size());
    for (const std::string& id : ids) Add("contribution." + id, points);
  }
  if (options.top_reasons > 0) {
    reasons_ = static_cast<int>(columns_.size());
    top_reasons_ = options.top_reasons;
    for (int rank = 1; rank <= top_reasons_; ++rank) {
      AddWords(Add("reason_" + std::to_string(rank), "s"), ids);
      Add("lost_" + std::to_string(rank), points);
    }
  }
}

int BatchOutput::Add(std::string name, const char* format) {
  OutColumn column;
  column.name = prefix_ + std::move(name);
  column.format = format;
  columns_.push_back(std::move(column));
  return static_cast<int>(columns_.size() - 1);
}

void BatchOutput::AddWords(int column, std::vector<std::string> words) {
  OutColumn& added = columns_[static_cast<std::size_t>(column)];
  added.has_dictionary = true;
  added.dictionary = std::move(words);
}

bool BatchOutput::Allocate(std::int64_t rows) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    OutColumn& column = columns_[i];
    column.length = rows;
    column.values = Buffer::Allocate(static_cast<std::size_t>(rows) * WidthOf(column));
    if (column.values.data() == nullptr) return false;
    if (i == kOutcome || i == kReason) continue;
    column.validity = Buffer::Allocate((static_cast<std::size_t>(rows) + 7) / 8);
    if (column.validity.data() == nullptr) return false;
    std::memset(column.validity.data(), 0xFF, column.validity.size());
  }
  return true;
}

void BatchOutput::SetNull(int column, std::int64_t row) {
  OutColumn& out = columns_[static_cast<std::size_t>(column)];
  const std::size_t width = WidthOf(out);
  std::memset(out.values.as<char>() + static_cast<std::size_t>(row) * width, 0, width);
  std::uint8_t& byte = out.validity.as<std::uint8_t>()[row >> 3];
  byte = static_cast<std::uint8_t>(byte & ~(1 << (row & 7)));
}

void BatchOutput::SetValid(int column, std::int64_t row) {
  std::uint8_t& byte = columns_[static_cast<std::size_t>(column)].validity.as<std::uint8_t>()[row >> 3];
  byte = static_cast<std::uint8_t>(byte | 1 << (row & 7));
}

void BatchOutput::SetAllNull(int column) {
  OutColumn& out = columns_[static_cast<std::size_t>(column)];
  std::memset(out.values.data(), 0, out.values.size());
  std::memset(out.validity.data(), 0, out.validity.size());
}

void BatchOutput::SetPoints(int column, std::int64_t row, Points points) {
  OutColumn& out = columns_[static_cast<std::size_t>(column)];
  SetValid(column, row);
  if (decimal_) {
    std::int64_t* halves = out.values.as<std::int64_t>() + 2 * row;
    halves[0] = points.micros();
    halves[1] = points.micros() < 0 ? -1 : 0;
  } else {
    out.values.as<double>()[row] = points.ToDouble();
  }
}

void BatchOutput::SetGrade(std::int64_t row, std::int16_t grade) {
  if (grade < 0) {
    SetNull(kGrade, row);
    return;
  }
  SetValid(kGrade, row);
  if (wide_grades_) {
    columns_[kGrade].values.as<std::int16_t>()[row] = grade;
  } else {
    columns_[kGrade].values.as<std::int8_t>()[row] = static_cast<std::int8_t>(grade);
  }
}

void BatchOutput::Write(std::int64_t row, const RowResult& result) {
  const Summary& summary = result.summary;
  const bool published = summary.outcome == Outcome::kScored || summary.outcome == Outcome::kVetoed;
  if (published) {
    SetPoints(kScore, row, summary.score);
  } else {
    SetNull(kScore, row);
  }
  SetGrade(row, summary.grade);
  columns_[kOutcome].values.as<std::int8_t>()[row] = static_cast<std::int8_t>(summary.outcome);
  columns_[kReason].values.as<std::int16_t>()[row] = summary.reason;
  const bool has_base = published && summary.has_base;
  if (base_ >= 0) {
    if (has_base) {
      SetPoints(base(), row, summary.base);
      SetPoints(without_veto(), row, summary.without_veto);
    } else {
      SetNull(base(), row);
      SetNull(without_veto(), row);
    }
  }
  for (std::size_t i = 0; contributions_ >= 0 && i < indicators_; ++i) {
    if (has_base) {
      SetPoints(contribution(i), row, result.contributions[i]);
    } else {
      SetNull(contribution(i), row);
    }
  }
  for (int rank = 0; rank < top_reasons_; ++rank) {
    const std::int16_t indicator =
        has_base ? result.reasons[static_cast<std::size_t>(rank)] : std::int16_t{-1};
    if (indicator >= 0) {
      SetValid(reason(rank), row);
      columns_[static_cast<std::size_t>(reason(rank))].values.as<std::int16_t>()[row] = indicator;
      SetPoints(reason(rank) + 1, row, result.lost[static_cast<std::size_t>(rank)]);
    } else {
      SetNull(reason(rank), row);
      SetNull(reason(rank) + 1, row);
    }
  }
}

void BatchOutput::WriteRefused(std::int64_t row, std::int16_t reason) {
  RowResult refused;
  refused.summary.outcome = Outcome::kRefused;
  refused.summary.reason = reason;
  Write(row, refused);
}

std::vector<OutColumn> BatchOutput::Finish() {
  for (OutColumn& column : columns_) {
    if (column.validity.data() == nullptr) continue;
    column.null_count = CountNulls(column.validity.as<std::uint8_t>(), column.length);
    if (column.null_count == 0) column.validity = Buffer();
  }
  return std::move(columns_);
}

}  // namespace csat
