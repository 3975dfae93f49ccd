#include "csat/survey/interview.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"
#include "survey/answer_text.h"

namespace csat {
namespace {

using Kind = QuestionnaireItem::Kind;
using Problem = AnswerProblem::Kind;
using survey::Characters;
using survey::IsBlank;

// What a condition can know of a metric.
struct Known {
  enum class State { kMissing, kPending, kNumber, kWord };
  State state = State::kMissing;
  Decimal number;
  std::string_view word;
};

// By metric; one that is not there is missing.
using Facts = std::map<std::string_view, Known>;

Known Find(const Facts& facts, std::string_view metric) {
  const auto found = facts.find(metric);
  return found == facts.end() ? Known() : found->second;
}

Truth TruthOf(bool holds) { return holds ? Truth::kTrue : Truth::kFalse; }

Truth Negated(Truth truth) {
  return truth == Truth::kTrue ? Truth::kFalse : truth == Truth::kFalse ? Truth::kTrue : Truth::kUnknown;
}

Truth Judge(const Predicate& condition, const Facts& facts) {
  switch (condition.kind) {
    case Predicate::Kind::kAll:
    case Predicate::Kind::kAny: {
      const bool all = condition.kind == Predicate::Kind::kAll;
      Truth result = TruthOf(all);
      for (const Predicate& part : condition.of) {
        const Truth truth = Judge(part, facts);
        result = all ? std::min(result, truth) : std::max(result, truth);
      }
      return result;
    }
    case Predicate::Kind::kNot: return Negated(Judge(condition.of.front(), facts));
    case Predicate::Kind::kAtLeast: {
      int sure = 0, possible = 0;
      for (const Predicate& part : condition.of) {
        const Truth truth = Judge(part, facts);
        sure += truth == Truth::kTrue;
        possible += truth != Truth::kFalse;
      }
      return sure >= condition.count       ? Truth::kTrue
             : possible >= condition.count ? Truth::kUnknown
                                           : Truth::kFalse;
    }
    case Predicate::Kind::kAnswered: {
      const Known known = Find(facts, condition.metric);
      if (known.state == Known::State::kPending) return Truth::kUnknown;
      return TruthOf(known.state != Known::State::kMissing);
    }
    case Predicate::Kind::kNumber: {
      const Known known = Find(facts, condition.metric);
      if (known.state != Known::State::kNumber) return Truth::kUnknown;
      const int order = known.number < condition.value ? -1 : condition.value < known.number ? 1 : 0;
      return TruthOf(Holds(order, condition.op));
    }
    case Predicate::Kind::kText: {
      const Known known = Find(facts, condition.metric);
      if (known.state != Known::State::kWord) return Truth::kUnknown;
      return TruthOf((known.word == condition.text) == (condition.op == ComparisonOp::kEqual));
    }
  }
  return Truth::kUnknown;
}

bool ReadsPending(const Predicate& condition, const Facts& facts) {
  switch (condition.kind) {
    case Predicate::Kind::kNumber:
    case Predicate::Kind::kText:
    case Predicate::Kind::kAnswered: return Find(facts, condition.metric).state == Known::State::kPending;
    default:
      return std::any_of(condition.of.begin(), condition.of.end(),
                         [&facts](const Predicate& part) { return ReadsPending(part, facts); });
  }
}

// What a single answer says, or why it says nothing.
struct Reading {
  Known known;                      // kMissing: left out.
  std::vector<std::size_t> chosen;  // kSeveral: options.
  std::optional<AnswerProblem> problem;
};

Reading Wrong(Problem kind, const std::string& field, std::string message, std::string message_zh) {
  Reading reading;
  reading.problem = AnswerProblem{kind, field, absl::StrCat("item ", Quoted(field), ": ", message),
                                  absl::StrCat("题目 ", Quoted(field), "：", message_zh)};
  return reading;
}

std::string Shown(const Answer& answer, bool chinese = false) {
  if (const auto* number = std::get_if<Decimal>(&answer)) return number->ToString();
  if (const auto* text = std::get_if<std::string>(&answer)) return Quoted(*text);
  if (const auto* list = std::get_if<std::vector<std::string>>(&answer))
    return chinese ? absl::StrCat(list->size(), " 项的列表") : absl::StrCat("a list of ", list->size());
  return chinese ? "空值" : "null";
}

Reading WrongType(const std::string& field, const Answer& answer, const char* wanted, const char* wanted_zh) {
  return Wrong(Problem::kWrongType, field, absl::StrCat(Shown(answer), " is not ", wanted),
               absl::StrCat(Shown(answer, true), " 不是", wanted_zh));
}

Reading ReadNumber(const std::string& field, const Metric& metric, const Answer& answer) {
  Reading reading;
  Decimal number;
  if (const auto* given = std::get_if<Decimal>(&answer)) {
    number = *given;
  } else {
    const auto* label = std::get_if<std::string>(&answer);
    if (label != nullptr && IsBlank(*label)) return reading;
    const std::optional<int> rank =
        label == nullptr || !metric.scale.has_value() ? std::nullopt : metric.scale->RankOf(*label);
    if (!rank.has_value()) {
      return metric.scale.has_value() && !metric.scale->labels().empty()
                 ? WrongType(field, answer, "a number or a label of its scale", "数值，也不是量表的标签")
                 : WrongType(field, answer, "a number", "数值");
    }
    number = Decimal::FromInteger(*rank);
  }
  if (std::find(metric.missing_values.begin(), metric.missing_values.end(), number) !=
      metric.missing_values.end())
    return reading;
  const bool whole = metric.scale.has_value() && metric.scale->integer();
  if ((metric.min.has_value() && number < *metric.min) || (metric.max.has_value() && *metric.max < number) ||
      (whole && number.micros() % Decimal::kOne != 0)) {
    const std::string range =
        absl::StrCat("[", metric.min.has_value() ? metric.min->ToString() : "-inf", ", ",
                     metric.max.has_value() ? metric.max->ToString() : "inf", "]");
    return Wrong(Problem::kOffScale, field,
                 absl::StrCat(number.ToString(), whole ? " is no whole rank of " : " lies outside ", range),
                 absl::StrCat(number.ToString(),
                              whole ? " 不是 " + range + " 的整数等级" : " 不在 " + range + " 之内"));
  }
  reading.known.state = Known::State::kNumber;
  reading.known.number = number;
  return reading;
}

Reading ReadText(const std::string& field, const Metric& metric, int most, const Answer& answer) {
  const auto* text = std::get_if<std::string>(&answer);
  if (text == nullptr) return WrongType(field, answer, "a text", "文字");
  const std::optional<std::int64_t> characters = Characters(*text);
  if (!characters.has_value()) return WrongType(field, answer, "UTF-8", " UTF-8");
  Reading reading;
  if (IsBlank(*text)) return reading;
  const std::vector<std::string>& values = std::get<TextForm>(metric.form).values;
  if (!values.empty() && std::find(values.begin(), values.end(), *text) == values.end()) {
    return Wrong(Problem::kUnknownOption, field,
                 absl::StrCat(Quoted(*text), " is none of its ", values.size(), " options"),
                 absl::StrCat(Quoted(*text), " 不是其 ", values.size(), " 个选项之一"));
  }
  if (most > 0 && *characters > most) {
    return Wrong(Problem::kTooLong, field,
                 absl::StrCat("a text of ", *characters, " characters; the limit is ", most),
                 absl::StrCat("文字共 ", *characters, " 个字符，上限为 ", most));
  }
  reading.known.state = Known::State::kWord;
  reading.known.word = *text;
  return reading;
}

Reading ReadSeveral(const QuestionnaireItem& item, const Answer& answer) {
  const auto* list = std::get_if<std::vector<std::string>>(&answer);
  if (list == nullptr) return WrongType(item.field, answer, "a list of options", "选项列表");
  Reading reading;
  std::set<std::string_view> seen;
  for (const std::string& id : *list) {
    const auto option = std::find_if(item.options.begin(), item.options.end(),
                                     [&id](const QuestionnaireOption& known) { return known.id == id; });
    if (option == item.options.end()) {
      return Wrong(Problem::kUnknownOption, item.field,
                   absl::StrCat(Quoted(id), " is none of its ", item.options.size(), " options"),
                   absl::StrCat(Quoted(id), " 不是其 ", item.options.size(), " 个选项之一"));
    }
    if (!seen.insert(id).second) {
      return Wrong(Problem::kOptionTwice, item.field, absl::StrCat(Quoted(id), " is chosen twice"),
                   absl::StrCat(Quoted(id), " 被选了两次"));
    }
    reading.chosen.push_back(static_cast<std::size_t>(option - item.options.begin()));
  }
  const int chosen = static_cast<int>(list->size());
  // Nothing chosen of a question that need not be answered is an answer: none of them.
  if (chosen < item.at_least) {
    return Wrong(Problem::kTooFewOptions, item.field,
                 absl::StrCat(chosen, " options are chosen; the least is ", item.at_least),
                 absl::StrCat("选了 ", chosen, " 项，至少 ", item.at_least, " 项"));
  }
  if (chosen > item.at_most) {
    return Wrong(Problem::kTooManyOptions, item.field,
                 absl::StrCat(chosen, " options are chosen; the most is ", item.at_most),
                 absl::StrCat("选了 ", chosen, " 项，至多 ", item.at_most, " 项"));
  }
  reading.known.state = Known::State::kWord;
  return reading;
}

Reading ReadAnswer(const QuestionnaireItem& item, const Answer& answer) {
  if (std::holds_alternative<std::monostate>(answer)) return Reading();
  switch (item.kind) {
    case Kind::kRating:
    case Kind::kQuantity: return ReadNumber(item.field, item.metric, answer);
    case Kind::kSeveral: return ReadSeveral(item, answer);
    case Kind::kChoice:
    case Kind::kOpen: return ReadText(item.field, item.metric, item.max_characters, answer);
  }
  return Reading();
}

// Whether something is answered, be it wrong.
bool SaysSomething(const QuestionnaireItem& item, const Answer& answer) {
  const auto* list = std::get_if<std::vector<std::string>>(&answer);
  if (list != nullptr && list->empty()) return false;
  const Reading reading = ReadAnswer(item, answer);
  return reading.problem.has_value() || reading.known.state != Known::State::kMissing;
}

const std::string& FieldOf(const Metric& metric) {
  const auto* text = std::get_if<TextForm>(&metric.form);
  return text != nullptr ? text->field : std::get<NumberForm>(metric.form).field;
}

Reading ReadContext(const Metric& metric, const Answer& answer) {
  if (std::holds_alternative<std::monostate>(answer)) return Reading();
  return std::holds_alternative<TextForm>(metric.form) ? ReadText(FieldOf(metric), metric, 0, answer)
                                                       : ReadNumber(FieldOf(metric), metric, answer);
}

// What is known before the first question; `problems` (may be null) receives what is wrong with it.
Facts FactsOf(const Questionnaire& questionnaire, const Answers& answers,
              std::vector<AnswerProblem>* problems) {
  Facts facts;
  for (const Metric& metric : questionnaire.context) {
    const auto answer = answers.find(FieldOf(metric));
    if (answer == answers.end()) continue;
    Reading reading = ReadContext(metric, answer->second);
    if (reading.problem.has_value()) {
      if (problems != nullptr) problems->push_back(*std::move(reading.problem));
    } else {
      facts[metric.id] = reading.known;
    }
  }
  return facts;
}

// Writes what an answer, or the wait for one, says to conditions.
void Learn(const QuestionnaireItem& item, const Reading& reading, Facts* facts) {
  if (item.kind != Kind::kSeveral) {
    (*facts)[item.metric.id] = reading.known;
    return;
  }
  Known known = reading.known;
  if (known.state == Known::State::kWord) known.state = Known::State::kNumber;
  for (const QuestionnaireOption& option : item.options) (*facts)[option.metric] = known;
  for (const std::size_t i : reading.chosen)
    (*facts)[item.options[i].metric].number = Decimal::FromInteger(1);
}

}  // namespace

std::vector<std::size_t> NextItems(const Questionnaire& questionnaire, const Answers& answers) {
  std::vector<std::size_t> due;
  Facts facts = FactsOf(questionnaire, answers, nullptr);
  for (std::size_t i = 0; i < questionnaire.items.size(); ++i) {
    const QuestionnaireItem& item = questionnaire.items[i];
    if (item.shown_when.has_value()) {
      const Truth truth = Judge(*item.shown_when, facts);
      if (truth == Truth::kUnknown && ReadsPending(*item.shown_when, facts)) break;
      if (truth != Truth::kTrue) continue;
    }
    const auto answer = answers.find(item.field);
    Reading reading;
    bool pending = answer == answers.end();
    if (!pending) {
      reading = ReadAnswer(item, answer->second);
      pending =
          reading.problem.has_value() || (item.required && reading.known.state == Known::State::kMissing);
    }
    if (pending) {
      due.push_back(i);
      reading = Reading();
      reading.known.state = Known::State::kPending;
    }
    Learn(item, reading, &facts);
  }
  return due;
}

std::string_view Word(AnswerProblem::Kind kind) {
  switch (kind) {
    case Problem::kUnknownItem: return "unknown_item";
    case Problem::kNotShown: return "not_shown";
    case Problem::kUnanswered: return "unanswered";
    case Problem::kWrongType: return "wrong_type";
    case Problem::kOffScale: return "off_scale";
    case Problem::kUnknownOption: return "unknown_option";
    case Problem::kOptionTwice: return "option_twice";
    case Problem::kTooFewOptions: return "too_few_options";
    case Problem::kTooManyOptions: return "too_many_options";
    case Problem::kTooLong: return "too_long";
    case Problem::kContradiction: return "contradiction";
  }
  return "";
}

std::string_view Word(AnswersReport::State state) {
  switch (state) {
    case AnswersReport::State::kComplete: return "complete";
    case AnswersReport::State::kIncomplete: return "incomplete";
    case AnswersReport::State::kInvalid: return "invalid";
  }
  return "";
}

AnswersReport CheckAnswers(const Questionnaire& questionnaire, const Answers& answers) {
  AnswersReport report;
  Facts facts = FactsOf(questionnaire, answers, &report.problems);
  std::set<std::string_view> known;
  for (const Metric& metric : questionnaire.context) known.insert(FieldOf(metric));
  for (std::size_t i = 0; i < questionnaire.items.size(); ++i) {
    const QuestionnaireItem& item = questionnaire.items[i];
    known.insert(item.field);
    const auto answer = answers.find(item.field);
    if (item.shown_when.has_value() && Judge(*item.shown_when, facts) != Truth::kTrue) {
      if (answer != answers.end() && SaysSomething(item, answer->second)) {
        report.problems.push_back(
            *Wrong(Problem::kNotShown, item.field,
                   absl::StrCat(Shown(answer->second),
                                " answers an item that the other answers do not lead to"),
                   absl::StrCat(Shown(answer->second), " 所答的题目按其他答案不会出现"))
                 .problem);
      }
      continue;
    }
    report.shown.push_back(i);
    Reading reading = answer == answers.end() ? Reading() : ReadAnswer(item, answer->second);
    if (reading.problem.has_value()) {
      report.problems.push_back(*std::move(reading.problem));
      continue;
    }
    if (item.required && reading.known.state == Known::State::kMissing) {
      report.problems.push_back(
          *Wrong(Problem::kUnanswered, item.field, "it has to be answered, and is not", "必答，但没有答案")
               .problem);
    }
    Learn(item, reading, &facts);
  }
  for (const auto& [field, answer] : answers) {
    if (known.count(field) != 0) continue;
    report.problems.push_back(
        *Wrong(Problem::kUnknownItem, field,
               absl::StrCat("questionnaire ", Quoted(questionnaire.id), " has no such item"),
               absl::StrCat("问卷 ", Quoted(questionnaire.id), " 没有此题"))
             .problem);
  }
  for (const AnswerProblem& problem : report.problems) {
    report.state =
        std::max(report.state, problem.kind == Problem::kUnanswered ? AnswersReport::State::kIncomplete
                                                                    : AnswersReport::State::kInvalid);
  }
  return report;
}

Offers OfferedOn(absl::Span<const Questionnaire> questionnaires, std::string_view event,
                 const Answers& context) {
  Offers offers;
  for (std::size_t i = 0; i < questionnaires.size(); ++i) {
    const Questionnaire& questionnaire = questionnaires[i];
    const std::vector<std::string>& triggers = questionnaire.triggers;
    if (!event.empty() && !triggers.empty() &&
        std::find(triggers.begin(), triggers.end(), event) == triggers.end())
      continue;
    const Truth truth = !questionnaire.offered_when.has_value()
                            ? Truth::kTrue
                            : Judge(*questionnaire.offered_when, FactsOf(questionnaire, context, nullptr));
    if (truth == Truth::kTrue) offers.offered.push_back(i);
    if (truth == Truth::kUnknown) offers.undecided.push_back(i);
  }
  return offers;
}

absl::Status MayStart(const Questionnaire& questionnaire, CalendarDate day) {
  if (!questionnaire.confirmed_every.has_value()) return absl::OkStatus();
  const Period period = Period::Containing(day, *questionnaire.confirmed_every);
  const bool confirmed =
      std::any_of(questionnaire.confirmations.begin(), questionnaire.confirmations.end(),
                  [&period](const QuestionnaireConfirmation& made) { return made.period == period; });
  if (confirmed) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("questionnaire ", Quoted(questionnaire.id), " version ",
                                                    Quoted(questionnaire.version), " is not confirmed for ",
                                                    period.ToString()));
}

std::optional<CalendarDate> LastDayOf(const FollowUp& follow_up, CalendarDate event) {
  const std::optional<CalendarDate> moved = event.PlusMonths(follow_up.months);
  if (!moved.has_value()) return std::nullopt;
  return CalendarDate::FromDayNumber(moved->DayNumber() + follow_up.days);
}

absl::Status CheckFollowUp(const Questionnaire& questionnaire, CalendarDate event,
                           std::optional<CalendarDate> answered_before, CalendarDate day) {
  if (!questionnaire.follow_up.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat("questionnaire ", Quoted(questionnaire.id), " follows no other"));
  }
  const FollowUp& follow_up = *questionnaire.follow_up;
  const std::string what = absl::StrCat("questionnaire ", Quoted(questionnaire.id), " on ", day.ToString());
  if (!answered_before.has_value()) {
    return absl::FailedPreconditionError(
        absl::StrCat(what, ": ", Quoted(follow_up.after), " has to be answered first, and is not"));
  }
  if (day < *answered_before) {
    return absl::FailedPreconditionError(absl::StrCat(what, ": ", Quoted(follow_up.after),
                                                      " has to be answered first, and was on ",
                                                      answered_before->ToString()));
  }
  if (day < event) {
    return absl::FailedPreconditionError(
        absl::StrCat(what, ": before ", Quoted(follow_up.since), " on ", event.ToString()));
  }
  const std::optional<CalendarDate> last = LastDayOf(follow_up, event);
  if (last.has_value() && *last < day) {
    return absl::FailedPreconditionError(absl::StrCat(what, ": the last day is ", last->ToString()));
  }
  return absl::OkStatus();
}

}  // namespace csat
