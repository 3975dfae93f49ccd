// Answers to questionnaires, sound and not: an interview comes to an end, asks what is shown and nothing else, and is
// then whole; what is wrong with answers is said in a line; a table of responses is judged as each of them alone.
//
// Byte 0 names the questionnaire, byte 1 the rows of the table, then come the answers.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "csat/survey/interview.h"
#include "csat/survey/response_check.h"
#include "fuzz/generated_table.h"

namespace csat {
namespace {

using Kind = QuestionnaireItem::Kind;

// Every kind of item, and conditions on each of them and on what is known beforehand.
constexpr char kEveryKind[] = R"json({
  "id": "every-kind", "version": "1", "effective_from": "2025-01-01", "zone": "UTC",
  "scales": [{"id": "five", "min": 1, "max": 5, "integer": true, "direction": "HIGHER_IS_BETTER", "labels": [
    {"rank": 1, "label": {"en": "bad"}}, {"rank": 5, "label": {"en": "good", "zh": "好"}}]}],
  "metrics": [
    {"id": "segment", "text": {"values": ["new", "old"]}},
    {"id": "visits", "number": {}, "min": 0},
    {"id": "overall", "scale": "five", "number": {"field": "q1"}, "missing_values": [9]},
    {"id": "hours", "number": {}, "min": 0, "max": 24},
    {"id": "worst", "text": {"values": ["price", "staff"]}},
    {"id": "why", "text": {}},
    {"id": "by_web", "number": {"field": "web"}, "min": 0, "max": 1},
    {"id": "by_shop", "number": {"field": "shop"}, "min": 0, "max": 1},
    {"id": "web_rating", "scale": "five", "number": {}}],
  "questionnaires": [{"id": "form", "version": "1", "context": ["segment", "visits"],
    "triggers": ["a purchase"],
    "offered_when": {"compare": {"metric": "visits", "op": "GE", "value": 1}},
    "items": [
      {"id": "overall", "required": true},
      {"id": "hours", "shown_when": {"not": {"compare": {"metric": "segment", "op": "EQ", "text": "new"}}}},
      {"id": "worst", "required": true, "shown_when": {"compare": {"metric": "overall", "op": "LE", "value": 2}}},
      {"id": "why", "max_characters": 5, "shown_when": {"any": {"of": [
        {"compare": {"metric": "worst", "op": "EQ", "text": "staff"}},
        {"all": {"of": [{"compare": {"metric": "visits", "op": "GT", "value": 3}}, {"not": {"answered": "hours"}}]}}]}}},
      {"id": "bought", "required": true, "several": {"at_least": 1, "at_most": 1},
       "options": [{"id": "web", "metric": "by_web"}, {"id": "shop", "metric": "by_shop"}]},
      {"id": "web_rating", "shown_when": {"at_least": {"count": 2, "of": [
        {"compare": {"metric": "by_web", "op": "EQ", "value": 1}},
        {"compare": {"metric": "overall", "op": "GE", "value": 3}},
        {"compare": {"metric": "segment", "op": "NE", "text": "new"}}]}}}]}]})json";

constexpr char kNoUtf8[] = "\xFF";

struct Subject {
  Policy policy;
  std::size_t form;  // Which of its questionnaires.
  std::vector<std::string> words;

  const Questionnaire& asked() const { return policy.questionnaires()[form]; }
};

const std::string& FieldOf(const Metric& metric) {
  const auto* text = std::get_if<TextForm>(&metric.form);
  return text != nullptr ? text->field : std::get<NumberForm>(metric.form).field;
}

bool IsText(const Metric& metric) { return std::holds_alternative<TextForm>(metric.form); }

std::vector<Subject> Load() {
  std::vector<Policy> policies;
  absl::StatusOr<Policy> every_kind = Policy::Parse(kEveryKind);
  Require(every_kind.ok(), "the questionnaire of every kind");
  policies.push_back(*std::move(every_kind));
  for (const char* const path : {"policies/retail-after-sales.json", "policies/satisfaction-control.json"})
    policies.push_back(PolicyOf(path));
  std::vector<Subject> made;
  for (const Policy& policy : policies) {
    for (std::size_t form = 0; form < policy.questionnaires().size(); ++form) {
      std::vector<std::string> words = WordsOf(policy);
      words.insert(words.end(), {" ", "good", kNoUtf8, "a text that is too long for most"});
      for (const QuestionnaireItem& item : policy.questionnaires()[form].items) {
        for (const QuestionnaireOption& option : item.options) words.push_back(option.id);
      }
      made.push_back({policy, form, std::move(words)});
    }
  }
  return made;
}

// Whatever a host might hand over; nullopt: nothing.
std::optional<Answer> TakeAnswer(FuzzBytes* bytes, const std::vector<std::string>& words) {
  const auto tag = bytes->Take<std::uint8_t>();
  const auto word = [&] { return words[bytes->Take<std::uint8_t>() % words.size()]; };
  switch (tag % 8) {
    case 0: return std::nullopt;
    case 1: return Answer();
    case 2:
    case 3: return Decimal::FromInteger(tag / 8 % 12 - 1);
    case 4: return Decimal::FromMicros(bytes->Take<std::int64_t>() / 2);
    case 5: return word();
    case 6: {
      std::string text;
      for (int i = tag / 8; i > 0; --i) text.push_back(bytes->Take<char>());
      return text;
    }
    default: {
      std::vector<std::string> list;
      for (int i = tag / 8 % 4; i > 0; --i) list.push_back(word());
      return list;
    }
  }
}

void RequireLines(const AnswersReport& report, const Questionnaire& asked) {
  bool incomplete = false, invalid = false;
  for (const AnswerProblem& problem : report.problems) {
    (problem.kind == AnswerProblem::Kind::kUnanswered ? incomplete : invalid) = true;
    for (const std::string* message : {&problem.message, &problem.message_zh})
      RequireLine(absl::InvalidArgumentError(*message));
  }
  Require(report.state == (invalid      ? AnswersReport::State::kInvalid
                           : incomplete ? AnswersReport::State::kIncomplete
                                        : AnswersReport::State::kComplete),
          "the state is what the problems make it");
  Require(std::adjacent_find(report.shown.begin(), report.shown.end(),
                             [](std::size_t left, std::size_t right) { return left >= right; }) ==
              report.shown.end(),
          "items are shown once, in their order");
  Require(report.shown.empty() || report.shown.back() < asked.items.size(), "what is shown is an item");
}

// Answers of which one has to be accepted.
std::vector<Answer> SoundAnswers(const QuestionnaireItem& item) {
  switch (item.kind) {
    case Kind::kRating:
    case Kind::kQuantity: {
      const Decimal least = item.metric.min.value_or(Decimal::FromInteger(0));
      return {least, item.metric.max.value_or(least)};
    }
    case Kind::kSeveral: {
      std::vector<std::string> chosen;
      const int count = std::max(item.at_least, 1);
      for (int i = 0; i < count; ++i) chosen.push_back(item.options[static_cast<std::size_t>(i)].id);
      return {chosen};
    }
    case Kind::kChoice: return {std::get<TextForm>(item.metric.form).values.front()};
    case Kind::kOpen: return {std::string("x")};
  }
  return {};
}

bool IsDue(const Questionnaire& asked, const Answers& answers, std::size_t item) {
  const std::vector<std::size_t> due = NextItems(asked, answers);
  return std::find(due.begin(), due.end(), item) != due.end();
}

// Asks until nothing is left to ask. Each item is answered as the input says and, if that is refused, soundly.
void Interview(const Subject& subject, FuzzBytes bytes, Answers answers) {
  const Questionnaire& asked = subject.asked();
  std::vector<std::size_t> answered;
  for (std::vector<std::size_t> due = NextItems(asked, answers); !due.empty();
       due = NextItems(asked, answers)) {
    for (const std::size_t i : due) {
      const QuestionnaireItem& item = asked.items[i];
      Require(std::find(answered.begin(), answered.end(), i) == answered.end(), "no item is asked twice");
      if (const std::optional<Answer> answer = TakeAnswer(&bytes, subject.words))
        answers[item.field] = *answer;
      for (const Answer& sound : SoundAnswers(item)) {
        if (!IsDue(asked, answers, i)) break;
        answers[item.field] = sound;
      }
      Require(!IsDue(asked, answers, i), "a sound answer is accepted");
      answered.push_back(i);
    }
  }
  std::sort(answered.begin(), answered.end());
  const AnswersReport report = CheckAnswers(asked, answers);
  RequireLines(report, asked);
  Require(report.shown == answered, "what is shown is what was asked");
  for (const AnswerProblem& problem : report.problems) {
    const bool known = std::any_of(asked.context.begin(), asked.context.end(),
                                   [&](const Metric& metric) { return FieldOf(metric) == problem.field; });
    Require(known, "an interview that has ended is whole");
  }
}

// One column of numbers or words, and the same in the answers of each row.
void FillField(FuzzBytes* bytes, const Metric& metric, const std::vector<std::string>& words,
               std::vector<Answers>* rows, ForeignArray* column) {
  const bool real = bytes->Take<std::uint8_t>() % 2 == 1;
  std::vector<bool> nulls;
  std::vector<std::int64_t> whole;
  std::vector<double> numbers;
  std::vector<std::optional<std::string>> texts;
  for (Answers& answers : *rows) {
    const auto tag = bytes->Take<std::uint8_t>();
    nulls.push_back(tag % 4 == 0);
    whole.push_back(tag / 4 % 13 - 1);
    numbers.push_back(static_cast<double>(whole.back()) + (real && tag >= 240 ? 0.5 : 0));
    const std::string& word = words[tag / 4 % words.size()];
    // A column of texts that are not UTF-8 is refused.
    texts.push_back(nulls.back() ? std::nullopt : std::make_optional(word == kNoUtf8 ? "x" : word));
    if (nulls.back()) continue;
    if (IsText(metric)) {
      answers[FieldOf(metric)] = *texts.back();
    } else {
      answers[FieldOf(metric)] =
          Decimal::FromMicros(static_cast<std::int64_t>(numbers.back() * Decimal::kOne));
    }
  }
  if (IsText(metric)) {
    FillTexts(column, FieldOf(metric), "u", texts);
  } else if (real) {
    FillColumn(column, FieldOf(metric), "g", numbers, nulls);
  } else {
    FillColumn(column, FieldOf(metric), "l", whole, nulls);
  }
}

// A column of 0, 1 and null for each option.
void FillOptions(FuzzBytes* bytes, const Subject& subject, const QuestionnaireItem& item,
                 std::vector<Answers>* rows, ForeignArray* table) {
  std::vector<std::vector<std::string>> chosen(rows->size());
  std::vector<bool> answered(rows->size());
  for (const QuestionnaireOption& option : item.options) {
    std::vector<std::int64_t> values;
    std::vector<bool> nulls;
    for (std::size_t row = 0; row < rows->size(); ++row) {
      const auto tag = bytes->Take<std::uint8_t>();
      values.push_back(tag % 2);
      nulls.push_back(tag % 8 >= 6);
      if (nulls.back()) continue;
      answered[row] = true;
      if (values.back() == 1) chosen[row].push_back(option.id);
    }
    const Metric* const metric =
        &*std::find_if(subject.policy.metrics().begin(), subject.policy.metrics().end(),
                       [&](const Metric& one) { return one.id == option.metric; });
    FillColumn(&table->parts.emplace_back(), FieldOf(*metric), "l", values, nulls);
  }
  for (std::size_t row = 0; row < rows->size(); ++row) {
    if (answered[row]) (*rows)[row][item.field] = chosen[row];
  }
}

void CheckTable(const Subject& subject, std::size_t count, FuzzBytes bytes) {
  const Questionnaire& asked = subject.asked();
  std::vector<Answers> rows(count);
  ForeignArray table;
  table.format = "+s";
  table.buffers = {nullptr};
  for (const Metric& metric : asked.context)
    FillField(&bytes, metric, subject.words, &rows, &table.parts.emplace_back());
  for (const QuestionnaireItem& item : asked.items) {
    if (item.kind == Kind::kSeveral) {
      FillOptions(&bytes, subject, item, &rows, &table);
    } else {
      FillField(&bytes, item.metric, subject.words, &rows, &table.parts.emplace_back());
    }
  }
  table.Finish(static_cast<std::int64_t>(count));
  const absl::StatusOr<ResponseCheck> check =
      CheckResponses(asked, subject.policy.metrics(), table.schema, table.array, {});
  Require(check.ok(), check.status().ToString().c_str());
  std::size_t at = 0;
  for (std::size_t row = 0; row < count; ++row) {
    const AnswersReport alone = CheckAnswers(asked, rows[row]);
    Require(check->states[row] == alone.state, "a response has the state that it has alone");
    Require(static_cast<std::size_t>(check->shown[row]) == alone.shown.size(), "on the same path");
    std::vector<std::pair<std::string, AnswerProblem::Kind>> one, other;
    for (const AnswerProblem& problem : alone.problems) one.emplace_back(problem.field, problem.kind);
    for (; at < check->problems.size() && check->problems[at].row == static_cast<std::int64_t>(row); ++at) {
      const ResponseProblem& problem = check->problems[at];
      other.emplace_back(check->fields[static_cast<std::size_t>(problem.field)].field, problem.kind);
    }
    std::sort(one.begin(), one.end());
    std::sort(other.begin(), other.end());
    Require(one == other, "with the same problems");
  }
  Require(at == check->problems.size(), "a problem belongs to a response");
  ArrowSchema schema{};
  ArrowArray array{};
  Require(ExportProblems(*check, &schema, &array).ok() &&
              array.length == static_cast<std::int64_t>(check->problems.size()),
          "problems are a table");
  array.release(&array);
  schema.release(&schema);
}

// Columns of any type: refused in a line, or judged.
void CheckAnyTable(const Subject& subject, std::size_t count, FuzzBytes bytes) {
  ForeignArray table;
  table.format = "+s";
  table.buffers = {nullptr};
  ResponseCheckOptions options;
  options.texts = count % 2 == 1;
  const auto add = [&](const std::string& name) {
    FillGenerated(&bytes, name, static_cast<std::int64_t>(count), subject.words, &table.parts.emplace_back());
  };
  for (const Metric& metric : subject.asked().context) add(FieldOf(metric));
  for (const QuestionnaireItem& item : subject.asked().items) add(item.field);
  table.Finish(static_cast<std::int64_t>(count));
  const absl::StatusOr<ResponseCheck> check =
      CheckResponses(subject.asked(), subject.policy.metrics(), table.schema, table.array, options);
  if (!check.ok()) return RequireLine(check.status());
  std::int64_t counted = 0;
  for (const std::int64_t state : check->counts) counted += state;
  Require(counted == static_cast<std::int64_t>(count), "each response has one state");
}

}  // namespace
}  // namespace csat

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using csat::Require;
  static const auto* const subjects = new std::vector<csat::Subject>(csat::Load());
  csat::FuzzBytes bytes{data, size};
  const csat::Subject& subject = (*subjects)[bytes.Take<std::uint8_t>() % subjects->size()];
  const csat::Questionnaire& asked = subject.asked();
  const std::size_t rows = bytes.Take<std::uint8_t>() % 16;
  csat::CheckTable(subject, rows, bytes);
  csat::CheckAnyTable(subject, rows, bytes);

  csat::Answers known;
  for (const csat::Metric& metric : asked.context) {
    if (auto answer = csat::TakeAnswer(&bytes, subject.words)) known[csat::FieldOf(metric)] = *answer;
  }
  const auto offers =
      csat::OfferedOn(subject.policy.questionnaires(), rows % 2 == 0 ? "" : "a purchase", known);
  const std::size_t questionnaires = subject.policy.questionnaires().size();
  Require(!offers.ok() || offers->offered.size() + offers->undecided.size() <= questionnaires,
          "a questionnaire is offered or undecided");
  Require(offers.ok() == !csat::ImpossibleContext(subject.policy.questionnaires(), known).has_value(),
          "what is known and impossible is refused");
  csat::Interview(subject, bytes, known);

  csat::Answers answers = known;
  for (const csat::QuestionnaireItem& item : asked.items) {
    if (auto answer = csat::TakeAnswer(&bytes, subject.words)) answers[item.field] = *answer;
  }
  if (auto answer = csat::TakeAnswer(&bytes, subject.words))
    answers[subject.words[rows % subject.words.size()]] = *answer;
  const csat::AnswersReport report = csat::CheckAnswers(asked, answers);
  csat::RequireLines(report, asked);
  const bool left = !csat::NextItems(asked, answers).empty();
  Require(left || report.state != csat::AnswersReport::State::kIncomplete, "what is missing is asked for");
  return 0;
}
