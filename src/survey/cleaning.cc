#include "csat/survey/cleaning.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "csat/model/foreign_text.h"
#include "csat/survey/allocation.h"
#include "csat/survey/selection.h"
#include "survey/predicate_mask.h"
#include "survey/response_columns.h"
#include "survey/rule_judge.h"

namespace csat {
namespace {

using survey::ItemColumn;
using survey::Judged;
using survey::ResponseColumns;

constexpr std::uint8_t kFalse = 0, kUnknown = 1, kTrue = 2, kNotApplicable = 3;
constexpr std::int16_t kNoRule = -1, kReviewer = -2;

bool Counts(Verdict verdict) { return verdict <= Verdict::kFlagged; }

// Sums of a figure over rows; exact.
struct Tally {
  std::int64_t answers = 0, sum = 0;
  Tally& operator+=(const Tally& other) {
    answers += other.answers;
    sum += other.sum;
    return *this;
  }
};
Tally operator-(Tally a, const Tally& b) { return {a.answers - b.answers, a.sum - b.sum}; }

class Cleaner {
 public:
  Cleaner(const Cleaning& cleaning, const CleaningOptions& options, ResponseColumns* columns)
      : cleaning_(cleaning), options_(options), columns_(*columns) {}

  absl::StatusOr<CleaningResult> Run() {
    result_.rows = columns_.rows();
    result_.settle_doubtful = cleaning_.settle_doubtful;
    result_.verdicts.assign(Rows(), Verdict::kKept);
    result_.deciding.assign(Rows(), kNoRule);
    for (const CleaningRule& rule : cleaning_.rules) {
      result_.rule_ids.push_back(rule.id);
      if (const auto* off_scale = std::get_if<OutOfRangeRule>(&rule.form)) {
        for (const std::string& item : off_scale->items) columns_.AllowOffScale(item);
      }
    }
    if (absl::Status status = ReadIds(); !status.ok()) return status;
    if (absl::Status status = JudgeAll(); !status.ok()) return status;
    Decide();
    const std::vector<Verdict> by_rules = result_.verdicts;
    const std::vector<std::int16_t> decided_by_rules = result_.deciding;
    if (absl::Status status = ApplyDecisions(); !status.ok()) return status;
    for (std::size_t row = 0; row < Rows(); ++row)
      ++result_.counts[static_cast<std::size_t>(result_.verdicts[row])];
    if (absl::Status status = CompareFigures(by_rules, decided_by_rules); !status.ok()) return status;
    if (absl::Status status = DrawReview(); !status.ok()) return status;
    return std::move(result_);
  }

 private:
  std::size_t Rows() const { return static_cast<std::size_t>(columns_.rows()); }

  absl::Status ReadIds() {
    const absl::StatusOr<Column> column = columns_.Field(cleaning_.response_id);
    if (!column.ok()) return column.status();
    const Column& words = column->type == ColumnType::kDictionary ? *column->of : *column;
    const bool texts = IsText(words.type);
    if (!texts && !IsInteger(column->type))
      return absl::InvalidArgumentError(
          absl::StrCat("column ", Quoted(column->name), ": response ids are texts or integers"));
    std::vector<std::string>& ids = result_.ids;
    ids.reserve(Rows());
    survey::FieldColumn numbers;
    if (!texts) {
      int kind = 0;
      absl::StatusOr<survey::FieldColumn> read = columns_.Whole(cleaning_.response_id, &kind);
      if (!read.ok()) return read.status();
      numbers = *std::move(read);
    }
    for (std::int64_t row = 0; row < columns_.rows(); ++row) {
      std::int64_t at = row;
      bool has = column->HasValue(row);
      if (has && column->type == ColumnType::kDictionary) {
        at = column->DictionaryIndex(row);
        has = words.HasValue(at);
      }
      if (has && texts) {
        ids.emplace_back(words.Text(at));
      } else if (has) {
        ids.push_back(absl::StrCat(static_cast<std::int64_t>(numbers.values[static_cast<std::size_t>(row)])));
      }
      if (!has || ids.back().empty() || ids.back().find('\0') != std::string::npos)
        return absl::InvalidArgumentError(absl::StrCat("row ", row, ": column ", Quoted(column->name),
                                                       ": the id is missing or holds a zero byte"));
    }
    row_of_.reserve(Rows());
    for (std::size_t row = 0; row < Rows(); ++row) {
      const auto [found, is_new] = row_of_.emplace(std::string_view(ids[row]), row);
      if (!is_new)
        return absl::InvalidArgumentError(absl::StrCat("row ", row, ": column ", Quoted(column->name),
                                                       ": id ", Quoted(ids[row]), " is that of row ",
                                                       found->second, " too"));
    }
    return absl::OkStatus();
  }

  // Test records first: nothing else sees them.
  absl::Status JudgeAll() {
    counts_.assign(Rows(), 1);
    judged_.resize(cleaning_.rules.size());
    result_.rules.resize(cleaning_.rules.size());
    for (const bool tests : {true, false}) {
      for (std::size_t i = 0; i < cleaning_.rules.size(); ++i) {
        const bool is_test = std::holds_alternative<TestRecordRule>(cleaning_.rules[i].form);
        if (is_test != tests) continue;
        if (absl::Status status = JudgeRule(i); !status.ok()) return status;
      }
      if (!tests) break;
      for (std::size_t i = 0; i < cleaning_.rules.size(); ++i) {
        if (!std::holds_alternative<TestRecordRule>(cleaning_.rules[i].form)) continue;
        for (std::size_t row = 0; row < Rows(); ++row) {
          if (judged_[i].truth[row] == kTrue) counts_[row] = 0;
        }
      }
    }
    result_.test_records = std::count(counts_.begin(), counts_.end(), std::uint8_t{0});
    return absl::OkStatus();
  }

  absl::Status JudgeRule(std::size_t index) {
    const CleaningRule& rule = cleaning_.rules[index];
    Judged& judged = judged_[index];
    survey::RuleJudge judge(&columns_, result_.ids, counts_);
    absl::StatusOr<std::optional<Gap>> gap = judge.Judge(rule, &judged);
    if (!gap.ok()) return gap.status();
    result_.rules[index].gap = *std::move(gap);
    if (rule.applies.has_value()) {
      const absl::StatusOr<std::vector<std::uint8_t>> applies = survey::MaskOf(*rule.applies, &columns_);
      if (!applies.ok())
        return absl::Status(applies.status().code(),
                            absl::StrCat(applies.status().message(), " (rule ", Quoted(rule.id), ")"));
      for (std::size_t row = 0; row < Rows(); ++row) {
        std::uint8_t& truth = judged.truth[row];
        const std::uint8_t applied = (*applies)[row];
        truth = applied == kFalse ? kNotApplicable : applied == kUnknown && truth == kTrue ? kUnknown : truth;
      }
    }
    if (!std::holds_alternative<TestRecordRule>(rule.form)) {
      for (std::size_t row = 0; row < Rows(); ++row) {
        if (counts_[row] == 0) judged.truth[row] = kNotApplicable;
      }
    }
    CleaningRuleCount& count = result_.rules[index];
    std::int64_t of[4] = {};
    for (const std::uint8_t truth : judged.truth) ++of[truth];
    count.unknown = of[kUnknown];
    count.met = of[kTrue];
    count.not_applicable = of[kNotApplicable];
    return absl::OkStatus();
  }

  // What a rule makes of a row; kKept: nothing.
  Verdict Says(std::size_t rule, std::size_t row) const {
    const std::uint8_t truth = judged_[rule].truth[row];
    return truth == kTrue      ? cleaning_.rules[rule].action
           : truth == kUnknown ? cleaning_.rules[rule].unknown
                               : Verdict::kKept;
  }

  // The gravest verdict counts; of several rules that say it the first one decides.
  void Decide() {
    std::vector<std::uint8_t> touched(Rows(), 0);
    for (std::size_t i = 0; i < cleaning_.rules.size(); ++i) {
      for (std::size_t row = 0; row < Rows(); ++row) {
        const Verdict verdict = Says(i, row);
        if (verdict == Verdict::kKept) continue;
        touched[row] = 1;
        if (verdict <= result_.verdicts[row]) continue;
        result_.verdicts[row] = verdict;
        result_.deciding[row] = static_cast<std::int16_t>(i);
      }
    }
    for (std::size_t row = 0; row < Rows(); ++row) {
      if (touched[row] == 0) continue;
      ++result_.rules[static_cast<std::size_t>(result_.deciding[row])].decided;
      for (std::size_t i = 0; i < cleaning_.rules.size(); ++i) {
        const Verdict verdict = Says(i, row);
        if (verdict == Verdict::kKept) continue;
        CleaningLine line;
        line.row = static_cast<std::int64_t>(row);
        line.rule = static_cast<int>(i);
        line.verdict = verdict;
        line.deciding = result_.deciding[row] == static_cast<std::int16_t>(i);
        line.unknown = judged_[i].truth[row] == kUnknown;
        if (!judged_[i].has_value.empty() && judged_[i].has_value[row] != 0)
          line.value = judged_[i].value[row];
        result_.ledger.push_back(line);
      }
    }
  }

  absl::Status ApplyDecisions() {
    std::vector<std::uint8_t> settled(Rows(), 0);
    for (const ReviewDecision& decision : options_.decisions) {
      const auto found = row_of_.find(std::string_view(decision.response));
      if (found == row_of_.end())
        return absl::InvalidArgumentError(
            absl::StrCat("decision: there is no response ", Quoted(decision.response)));
      const std::size_t row = found->second;
      if (settled[row] != 0)
        return absl::InvalidArgumentError(
            absl::StrCat("decision: two about response ", Quoted(decision.response)));
      Verdict& verdict = result_.verdicts[row];
      if (verdict != Verdict::kFlagged && verdict != Verdict::kQuarantined)
        return absl::InvalidArgumentError(absl::StrCat("decision: response ", Quoted(decision.response),
                                                       " is ", std::string(Word(verdict)), ", not doubtful"));
      settled[row] = 1;
      --result_.rules[static_cast<std::size_t>(result_.deciding[row])].decided;
      verdict = decision.outcome == ReviewDecision::Outcome::kRejected ? Verdict::kExcluded : Verdict::kKept;
      result_.deciding[row] = kReviewer;
    }
    for (std::size_t row = 0; row < Rows(); ++row) {
      const Verdict verdict = result_.verdicts[row];
      result_.open += verdict == Verdict::kFlagged || verdict == Verdict::kQuarantined;
    }
    if (options_.decisions.empty()) return absl::OkStatus();
    std::vector<CleaningLine> with;
    for (std::size_t i = 0; i < result_.ledger.size(); ++i) {
      CleaningLine& line = result_.ledger[i];
      const auto row = static_cast<std::size_t>(line.row);
      if (settled[row] != 0) line.deciding = false;
      with.push_back(line);
      const bool last = i + 1 == result_.ledger.size() || result_.ledger[i + 1].row != line.row;
      if (last && settled[row] != 0) {
        CleaningLine reviewed;
        reviewed.row = line.row;
        reviewed.rule = -1;
        reviewed.verdict = result_.verdicts[row];
        reviewed.deciding = true;
        with.push_back(reviewed);
      }
    }
    result_.ledger = std::move(with);
    return absl::OkStatus();
  }

  absl::Status CompareFigures(const std::vector<Verdict>& by_rules,
                              const std::vector<std::int16_t>& decided) {
    for (const CleaningFigure& figure : cleaning_.figures) {
      result_.figure_ids.push_back(figure.id);
      const absl::StatusOr<const ItemColumn*> read = columns_.Item(figure.metric);
      if (!read.ok())
        return absl::Status(read.status().code(),
                            absl::StrCat(read.status().message(), " (figure ", Quoted(figure.id), ")"));
      const ItemColumn& item = **read;
      // What each step adds: the step itself, or 1, 0 or -1.
      std::int64_t adds[256] = {};
      for (int step = 0; step < item.levels; ++step) {
        const Decimal rank = Decimal::FromInteger(item.low + step);
        adds[step] = !figure.at_least.has_value() && !figure.at_most.has_value() ? step
                     : figure.at_least.has_value() && figure.at_most.has_value()
                         ? (rank >= *figure.at_least) - (rank <= *figure.at_most)
                     : figure.at_least.has_value() ? rank >= *figure.at_least
                                                   : rank <= *figure.at_most;
      }
      const bool mean = !figure.at_least.has_value() && !figure.at_most.has_value();
      const std::size_t rules = cleaning_.rules.size();
      Tally all, of_verdict[4];
      std::vector<Tally> met(rules), decided_by(rules);
      for (std::size_t row = 0; row < Rows(); ++row) {
        if (counts_[row] == 0 || item.steps[row] >= survey::kOffScale) continue;
        const Tally one{1, adds[item.steps[row]]};
        all += one;
        of_verdict[static_cast<std::size_t>(result_.verdicts[row])] += one;
        if (decided[row] == kNoRule) continue;
        if (!Counts(by_rules[row])) decided_by[static_cast<std::size_t>(decided[row])] += one;
        for (std::size_t i = 0; i < rules; ++i) {
          if (!Counts(Says(i, row))) met[i] += one;
        }
      }
      const auto value = [&](const Tally& tally) {
        FigureValue made;
        made.answers = tally.answers;
        const absl::int128 sum =
            absl::int128(tally.sum) + (mean ? absl::int128(item.low) * tally.answers : 0);
        made.value = Ratio::Create(sum, tally.answers);
        return made;
      };
      FigureComparison comparison;
      comparison.before = value(all);
      Tally kept = of_verdict[0];
      kept += of_verdict[1];
      comparison.after = value(kept);
      kept += of_verdict[2];
      comparison.with_quarantined = value(kept);
      Tally left = all;
      for (std::size_t i = 0; i < rules; ++i) {
        comparison.without.push_back(value(all - met[i]));
        left = left - decided_by[i];
        comparison.step.push_back(value(left));
      }
      result_.figures.push_back(std::move(comparison));
    }
    return absl::OkStatus();
  }

  absl::Status DrawReview() {
    if (!cleaning_.review.has_value()) return absl::OkStatus();
    const std::string& seed = options_.seed.empty() ? cleaning_.review->seed : options_.seed;
    if (seed.empty()) return absl::OkStatus();
    ReviewSample sample;
    sample.seed = seed;
    sample.commitment = SeedCommitment(seed);
    std::vector<Stratum> strata(2);
    strata[0].name = "kept";
    strata[1].name = "removed";
    std::vector<std::int64_t> rows[2];
    for (std::size_t row = 0; row < Rows(); ++row) {
      if (counts_[row] == 0) continue;
      const std::size_t stratum = Counts(result_.verdicts[row]) ? 0 : 1;
      strata[stratum].ids.push_back(result_.ids[row]);
      rows[stratum].push_back(static_cast<std::int64_t>(row));
    }
    const std::vector<std::int64_t> sizes{static_cast<std::int64_t>(rows[0].size()),
                                          static_cast<std::int64_t>(rows[1].size())};
    const absl::int128 share = absl::int128(cleaning_.review->share.micros()) * (sizes[0] + sizes[1]);
    const auto wanted = static_cast<std::int64_t>((share + Decimal::kOne - 1) / Decimal::kOne);
    const absl::StatusOr<std::vector<std::int64_t>> drawn = AllocateProportionally(sizes, wanted);
    if (!drawn.ok()) return drawn.status();
    for (std::size_t i = 0; i < 2; ++i) {
      sample.size[i] = sizes[i];
      sample.drawn[i] = (*drawn)[i];
      strata[i].count = static_cast<std::size_t>((*drawn)[i]);
    }
    const absl::StatusOr<std::vector<std::vector<std::size_t>>> selected = SelectByStratum(seed, strata);
    if (!selected.ok()) return selected.status();
    for (std::size_t i = 0; i < 2; ++i) {
      for (const std::size_t at : (*selected)[i]) sample.rows.push_back(rows[i][at]);
    }
    result_.review = std::move(sample);
    return absl::OkStatus();
  }

  const Cleaning& cleaning_;
  const CleaningOptions& options_;
  ResponseColumns& columns_;
  CleaningResult result_;
  std::vector<std::uint8_t> counts_;
  std::vector<Judged> judged_;
  // Not of Abseil: its tables do not stand an allocation that fails.
  std::unordered_map<std::string_view, std::size_t> row_of_;
};

}  // namespace

absl::Status CleaningResult::MayBeScored() const {
  if (!settle_doubtful || open == 0) return absl::OkStatus();
  const std::int64_t doubtful = counts[1] + counts[2];
  return absl::FailedPreconditionError(
      absl::StrCat(open, " of ", rows, " responses are doubtful and not settled, where 0 is the limit (",
                   counts[1], " flagged, ", doubtful - counts[1], " quarantined)"));
}

absl::StatusOr<CleaningResult> Clean(const Cleaning& cleaning, const std::vector<Metric>& metrics,
                                     const ArrowSchema& schema, const ArrowArray& array,
                                     const CleaningOptions& options) {
  if (options.threads < 1 || options.threads > 256)
    return absl::InvalidArgumentError(absl::StrCat("threads ", options.threads, " lies outside [1, 256]"));
  if (!options.seed.empty() && !cleaning.review.has_value())
    return absl::InvalidArgumentError(
        absl::StrCat("seed ", Quoted(options.seed), ": the cleaning draws no review"));
  absl::StatusOr<ResponseColumns> columns = ResponseColumns::Bind(metrics, schema, array, options.threads);
  if (!columns.ok()) return columns.status();
  return Cleaner(cleaning, options, &*columns).Run();
}

std::optional<Ratio> ReviewAccuracy(std::int64_t reviewed, std::int64_t agreed) {
  if (agreed < 0 || agreed > reviewed) return std::nullopt;
  return Ratio::Create(agreed, reviewed);
}

}  // namespace csat
