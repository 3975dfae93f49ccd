#include "csat/survey/response_check.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "arrow/import.h"
#include "csat/model/foreign_text.h"
#include "csat/model/truths.h"
#include "survey/answer_columns.h"
#include "survey/answer_reading.h"
#include "survey/result_columns.h"

namespace csat {
namespace {

using survey::AnswerTile;
using survey::CodeOf;
using survey::FactTile;
using survey::kAnswerTile;
using survey::ProblemCode;
using survey::Tile;
using Problem = AnswerProblem::Kind;
using Kind = QuestionnaireItem::Kind;
using Truths = Tile<std::uint8_t>;

constexpr Problem kProblems[] = {Problem::kUnknownItem, Problem::kNotShown,      Problem::kUnanswered,
                                 Problem::kWrongType,   Problem::kOffScale,      Problem::kUnknownOption,
                                 Problem::kOptionTwice, Problem::kTooFewOptions, Problem::kTooManyOptions,
                                 Problem::kTooLong,     Problem::kContradiction};

const std::string& FieldOf(const Metric& metric) {
  const auto* text = std::get_if<TextForm>(&metric.form);
  return text != nullptr ? text->field : std::get<NumberForm>(metric.form).field;
}

// A condition with its metrics found.
struct Condition {
  const Predicate* predicate = nullptr;
  std::vector<Condition> of;
  const FactTile* fact = nullptr;  // nullptr: never known.
};

using FactsByMetric = std::map<std::string_view, const FactTile*>;

Condition Bind(const Predicate& predicate, const FactsByMetric& facts) {
  Condition bound;
  bound.predicate = &predicate;
  for (const Predicate& part : predicate.of) bound.of.push_back(Bind(part, facts));
  const auto found = facts.find(predicate.metric);
  if (found != facts.end()) bound.fact = found->second;
  return bound;
}

void JudgeLeaf(const Condition& condition, std::size_t count, Truths* out) {
  const Predicate& predicate = *condition.predicate;
  const bool answered = predicate.kind == Predicate::Kind::kAnswered;
  if (condition.fact == nullptr) {
    std::fill_n(out->begin(), count, answered ? TruthOf(false) : static_cast<std::uint8_t>(Truth::kUnknown));
    return;
  }
  const FactTile& fact = *condition.fact;
  const std::int64_t limit = predicate.value.micros();
  for (std::size_t i = 0; i < count; ++i) {
    auto truth = static_cast<std::uint8_t>(Truth::kUnknown);
    if (answered) {
      truth = TruthOf(fact.state[i] != FactTile::kMissing);
    } else if (predicate.kind == Predicate::Kind::kNumber && fact.state[i] == FactTile::kNumber) {
      truth = TruthOf(Holds((fact.micros[i] > limit) - (fact.micros[i] < limit), predicate.op));
    } else if (predicate.kind == Predicate::Kind::kText && fact.state[i] == FactTile::kWord) {
      truth = TruthOf((fact.words[i] == predicate.text) == (predicate.op == ComparisonOp::kEqual));
    }
    (*out)[i] = truth;
  }
}

void Judge(const Condition& condition, std::size_t count, Truths* out) {
  const Predicate& predicate = *condition.predicate;
  switch (predicate.kind) {
    case Predicate::Kind::kAnswered:
    case Predicate::Kind::kNumber:
    case Predicate::Kind::kText: return JudgeLeaf(condition, count, out);
    case Predicate::Kind::kAll:
    case Predicate::Kind::kAny:
    case Predicate::Kind::kNot:
    case Predicate::Kind::kAtLeast: break;
  }
  TruthCombiner combiner(predicate.kind, predicate.count, count, out->data());
  const auto part = std::make_unique<Truths>();
  for (const Condition& of : condition.of) {
    Judge(of, count, part.get());
    combiner.Add(part->data());
  }
  combiner.Finish();
}

// A field of the table with what its cells say in the rows at hand.
struct FieldReader {
  const QuestionnaireItem* item = nullptr;  // nullptr: known beforehand.
  std::variant<std::monostate, survey::NumberColumn, survey::TextColumn, survey::SeveralColumn> column;
  std::optional<Condition> shown_when;
  std::unique_ptr<AnswerTile> tile = std::make_unique<AnswerTile>();

  void Read(std::int64_t from, std::size_t count) {
    if (auto* number = std::get_if<survey::NumberColumn>(&column)) number->Read(from, count, tile.get());
    if (auto* text = std::get_if<survey::TextColumn>(&column)) text->Read(from, count, tile.get());
    if (auto* several = std::get_if<survey::SeveralColumn>(&column)) several->Read(from, count, tile.get());
  }
  // What is wrong with the cell of a row.
  std::string WhyAt(std::int64_t row, std::size_t i, Problem kind) {
    if (kind == Problem::kUnanswered) return survey::Unanswered().words;
    if (kind == Problem::kContradiction) return tile->contradictions.at(i);
    const bool shown = kind != Problem::kNotShown;
    std::string words;
    const auto say = [&](auto& of) { words = shown ? of.WhyAt(row) : of.ShownAt(row); };
    if (auto* number = std::get_if<survey::NumberColumn>(&column)) say(*number);
    if (auto* text = std::get_if<survey::TextColumn>(&column)) say(*text);
    if (auto* several = std::get_if<survey::SeveralColumn>(&column)) say(*several);
    return shown ? words : survey::NotShown(words, words).words;
  }
  // What it says where its item is not shown.
  void Forget(std::size_t i) {
    tile->answer.state[i] = FactTile::kMissing;
    for (FactTile& option : tile->options) option.state[i] = FactTile::kMissing;
  }
};

class Checker {
 public:
  Checker(const Questionnaire& questionnaire, const std::vector<Metric>& metrics, Table table,
          const ResponseCheckOptions& options)
      : questionnaire_(questionnaire), metrics_(metrics), table_(std::move(table)), options_(options) {}

  absl::StatusOr<ResponseCheck> Run() {
    if (absl::Status status = BindFields(); !status.ok()) return status;
    check_.rows = table_.rows();
    check_.states.resize(static_cast<std::size_t>(table_.rows()));
    check_.shown.resize(static_cast<std::size_t>(table_.rows()));
    for (std::int64_t from = 0; from < table_.rows(); from += kAnswerTile)
      CheckTile(from, static_cast<std::size_t>(std::min<std::int64_t>(
                          table_.rows() - from, static_cast<std::int64_t>(kAnswerTile))));
    return std::move(check_);
  }

 private:
  absl::StatusOr<Column> View(const std::string& name) const {
    const std::int64_t index = table_.Find(name);
    if (index == -1) return absl::InvalidArgumentError(absl::StrCat("column ", Quoted(name), " is missing"));
    if (index == -2)
      return absl::InvalidArgumentError(absl::StrCat("column ", Quoted(name), " is there more than once"));
    return table_.View(index);
  }

  absl::Status BindMetric(const Metric& metric, int most_characters, FieldReader* reader) {
    absl::StatusOr<Column> column = View(FieldOf(metric));
    if (!column.ok()) return column.status();
    if (std::holds_alternative<TextForm>(metric.form)) {
      absl::StatusOr<survey::TextColumn> made =
          survey::TextColumn::Bind(metric, most_characters, *std::move(column));
      if (!made.ok()) return made.status();
      reader->column = *std::move(made);
    } else {
      absl::StatusOr<survey::NumberColumn> made =
          survey::NumberColumn::Bind(metric, *std::move(column), options_.texts);
      if (!made.ok()) return made.status();
      reader->column = *std::move(made);
    }
    facts_[metric.id] = &reader->tile->answer;
    return absl::OkStatus();
  }

  absl::Status BindSeveral(const QuestionnaireItem& item, FieldReader* reader) {
    const bool listed = table_.Find(item.field) != -1;
    std::vector<survey::OptionColumn> columns;
    std::string missing;  // The first option without a column.
    for (std::size_t i = 0; i < item.options.size(); ++i) {
      const Metric* metric = &*std::find_if(metrics_.begin(), metrics_.end(), [&](const Metric& of) {
        return of.id == item.options[i].metric;
      });
      if (table_.Find(FieldOf(*metric)) == -1) {
        if (missing.empty()) missing = FieldOf(*metric);
        continue;
      }
      absl::StatusOr<Column> column = View(FieldOf(*metric));
      if (!column.ok()) return column.status();
      columns.push_back({i, metric, *std::move(column)});
    }
    absl::StatusOr<survey::SeveralColumn> made = absl::UnknownError("");
    if (!listed && !columns.empty()) {
      if (!missing.empty()) return View(missing).status();
      made = survey::SeveralColumn::BindOptions(item, std::move(columns), options_.texts);
    } else {
      absl::StatusOr<Column> column = View(item.field);
      if (!column.ok()) return column.status();
      made = survey::SeveralColumn::BindList(item, *std::move(column), std::move(columns), options_.texts);
    }
    if (!made.ok()) return made.status();
    reader->column = *std::move(made);
    reader->tile->options.resize(item.options.size());
    for (std::size_t i = 0; i < item.options.size(); ++i)
      facts_[item.options[i].metric] = &reader->tile->options[i];
    return absl::OkStatus();
  }

  absl::Status BindFields() {
    readers_.resize(questionnaire_.context.size() + questionnaire_.items.size());
    auto reader = readers_.begin();
    for (const Metric& metric : questionnaire_.context) {
      check_.fields.emplace_back().field = FieldOf(metric);
      if (absl::Status status = BindMetric(metric, 0, &*reader++); !status.ok()) return status;
    }
    for (const QuestionnaireItem& item : questionnaire_.items) {
      check_.fields.emplace_back().field = item.field;
      reader->item = &item;
      if (item.shown_when.has_value()) reader->shown_when = Bind(*item.shown_when, facts_);
      absl::Status status = item.kind == Kind::kSeveral
                                ? BindSeveral(item, &*reader)
                                : BindMetric(item.metric, item.max_characters, &*reader);
      if (!status.ok()) return status;
      ++reader;
    }
    return absl::OkStatus();
  }

  // Settles what an item says, by whether it is shown; counts it.
  void Settle(FieldReader* reader, std::size_t count, FieldCheck* found) {
    AnswerTile& tile = *reader->tile;
    if (reader->shown_when.has_value()) {
      Judge(*reader->shown_when, count, &truths_);
    } else {
      std::fill_n(truths_.begin(), count, TruthOf(true));
    }
    const bool required = reader->item != nullptr && reader->item->required;
    for (std::size_t i = 0; i < count; ++i) {
      if (truths_[i] == TruthOf(true)) {
        ++found->shown;
        if (reader->item != nullptr) ++shown_[i];
        if (required && tile.problem[i] == 0 && tile.answer.state[i] == FactTile::kMissing)
          tile.problem[i] = CodeOf(Problem::kUnanswered);
        found->answered += tile.answer.state[i] != FactTile::kMissing;
      } else {
        tile.problem[i] = tile.given[i] ? CodeOf(Problem::kNotShown) : ProblemCode{0};
        reader->Forget(i);
      }
      any_[i] = static_cast<std::uint8_t>(any_[i] | tile.problem[i]);
    }
  }

  void CheckTile(std::int64_t from, std::size_t count) {
    shown_.fill(0);
    any_.fill(0);
    for (std::size_t f = 0; f < readers_.size(); ++f) {
      readers_[f].Read(from, count);
      Settle(&readers_[f], count, &check_.fields[f]);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t row = from + static_cast<std::int64_t>(i);
      auto state = AnswersReport::State::kComplete;
      for (std::size_t f = 0; any_[i] != 0 && f < readers_.size(); ++f) {
        const ProblemCode code = readers_[f].tile->problem[i];
        if (code == 0) continue;
        const Problem kind = kProblems[code - 1];
        ResponseProblem& problem = check_.problems.emplace_back();
        problem.row = row;
        problem.field = static_cast<std::int32_t>(f);
        problem.kind = kind;
        problem.detail = readers_[f].WhyAt(row, i, kind);
        ++check_.fields[f].problems[static_cast<std::size_t>(kind)];
        state = std::max(state, kind == Problem::kUnanswered ? AnswersReport::State::kIncomplete
                                                             : AnswersReport::State::kInvalid);
      }
      check_.states[static_cast<std::size_t>(row)] = state;
      check_.shown[static_cast<std::size_t>(row)] = shown_[i];
      ++check_.counts[static_cast<std::size_t>(state)];
    }
  }

  const Questionnaire& questionnaire_;
  const std::vector<Metric>& metrics_;
  Table table_;
  ResponseCheckOptions options_;
  std::vector<FieldReader> readers_;
  FactsByMetric facts_;
  Truths truths_;
  Tile<std::int16_t> shown_;
  Tile<std::uint8_t> any_;
  ResponseCheck check_;
};

}  // namespace

absl::StatusOr<ResponseCheck> CheckResponses(const Questionnaire& questionnaire,
                                             const std::vector<Metric>& metrics, const ArrowSchema& schema,
                                             const ArrowArray& array, const ResponseCheckOptions& options) {
  absl::StatusOr<Table> table = Table::Import(schema, array);
  if (!table.ok()) return table.status();
  return Checker(questionnaire, metrics, *std::move(table), options).Run();
}

absl::Status ExportStates(const ResponseCheck& check, ArrowSchema* schema, ArrowArray* array) {
  std::vector<std::string> words;
  for (const auto state :
       {AnswersReport::State::kComplete, AnswersReport::State::kIncomplete, AnswersReport::State::kInvalid})
    words.emplace_back(Word(state));
  std::vector<std::int64_t> problems(check.states.size());
  for (const ResponseProblem& problem : check.problems) ++problems[static_cast<std::size_t>(problem.row)];
  survey::ResultColumns columns(check.states.size());
  columns.AddWords("state", std::move(words), [&](std::size_t row) {
    return std::optional<std::int32_t>(static_cast<std::int32_t>(check.states[row]));
  });
  columns.Add<std::int64_t>("shown", "l",
                            [&](std::size_t row) { return std::optional<std::int64_t>(check.shown[row]); });
  columns.Add<std::int64_t>("problems", "l",
                            [&](std::size_t row) { return std::optional<std::int64_t>(problems[row]); });
  return columns.Export(schema, array);
}

absl::Status ExportProblems(const ResponseCheck& check, ArrowSchema* schema, ArrowArray* array) {
  std::vector<std::string> fields, words;
  for (const FieldCheck& field : check.fields) fields.push_back(field.field);
  for (const Problem kind : kProblems) words.emplace_back(Word(kind));
  const std::vector<ResponseProblem>& lines = check.problems;
  survey::ResultColumns columns(lines.size());
  columns.Add<std::int64_t>("row", "l",
                            [&](std::size_t i) { return std::optional<std::int64_t>(lines[i].row); });
  columns.AddWords("field", std::move(fields),
                   [&](std::size_t i) { return std::optional<std::int32_t>(lines[i].field); });
  columns.AddWords("problem", std::move(words), [&](std::size_t i) {
    return std::optional<std::int32_t>(static_cast<std::int32_t>(lines[i].kind));
  });
  std::map<std::string_view, std::int32_t> places;
  std::vector<std::string> details;
  for (const ResponseProblem& line : lines) {
    if (!line.detail.empty() && places.emplace(line.detail, static_cast<std::int32_t>(details.size())).second)
      details.push_back(line.detail);
  }
  columns.AddWords("detail", std::move(details), [&](std::size_t i) {
    return lines[i].detail.empty() ? std::nullopt : std::optional<std::int32_t>(places.at(lines[i].detail));
  });
  return columns.Export(schema, array);
}

}  // namespace csat
