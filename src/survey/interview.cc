#include "csat/survey/interview.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"
#include "survey/answer_reading.h"

namespace csat {
namespace {

using Kind = QuestionnaireItem::Kind;
using Problem = AnswerProblem::Kind;
using survey::Known;
using survey::ReadAnswer;
using survey::ReadContext;
using survey::Reading;
using survey::Shown;

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

AnswerProblem ProblemOf(const std::string& field, const survey::Flaw& flaw) {
  return {flaw.kind, field, absl::StrCat("item ", Quoted(field), ": ", flaw.words),
          absl::StrCat("题目 ", Quoted(field), "：", flaw.words_zh)};
}

// Whether something is answered, be it wrong.
bool SaysSomething(const QuestionnaireItem& item, const Answer& answer) {
  const auto* list = std::get_if<std::vector<std::string>>(&answer);
  if (list != nullptr && list->empty()) return false;
  const Reading reading = ReadAnswer(item, answer);
  return reading.flaw.has_value() || reading.known.state != Known::State::kMissing;
}

const std::string& FieldOf(const Metric& metric) {
  const auto* text = std::get_if<TextForm>(&metric.form);
  return text != nullptr ? text->field : std::get<NumberForm>(metric.form).field;
}

// What is known before the first question; `problems` (may be null) receives what is wrong with it.
Facts FactsOf(const Questionnaire& questionnaire, const Answers& answers,
              std::vector<AnswerProblem>* problems) {
  Facts facts;
  for (const Metric& metric : questionnaire.context) {
    const auto answer = answers.find(FieldOf(metric));
    if (answer == answers.end()) continue;
    const Reading reading = ReadContext(metric, answer->second);
    if (reading.flaw.has_value()) {
      if (problems != nullptr) problems->push_back(ProblemOf(FieldOf(metric), *reading.flaw));
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
      pending = reading.flaw.has_value() || (item.required && reading.known.state == Known::State::kMissing);
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
            ProblemOf(item.field, survey::NotShown(Shown(answer->second), Shown(answer->second, true))));
      }
      continue;
    }
    report.shown.push_back(i);
    const Reading reading = answer == answers.end() ? Reading() : ReadAnswer(item, answer->second);
    if (reading.flaw.has_value()) {
      report.problems.push_back(ProblemOf(item.field, *reading.flaw));
      continue;
    }
    if (item.required && reading.known.state == Known::State::kMissing) {
      report.problems.push_back(ProblemOf(item.field, survey::Unanswered()));
    }
    Learn(item, reading, &facts);
  }
  for (const auto& [field, answer] : answers) {
    if (known.count(field) != 0) continue;
    report.problems.push_back(ProblemOf(
        field,
        {Problem::kUnknownItem, absl::StrCat("questionnaire ", Quoted(questionnaire.id), " has no such item"),
         absl::StrCat("问卷 ", Quoted(questionnaire.id), " 没有此题")}));
  }
  for (const AnswerProblem& problem : report.problems) {
    report.state =
        std::max(report.state, problem.kind == Problem::kUnanswered ? AnswersReport::State::kIncomplete
                                                                    : AnswersReport::State::kInvalid);
  }
  return report;
}

std::optional<AnswerProblem> ImpossibleContext(absl::Span<const Questionnaire> questionnaires,
                                               const Answers& context) {
  for (const Questionnaire& questionnaire : questionnaires) {
    std::vector<AnswerProblem> problems;
    FactsOf(questionnaire, context, &problems);
    if (!problems.empty()) return std::move(problems.front());
  }
  return std::nullopt;
}

absl::StatusOr<Offers> OfferedOn(absl::Span<const Questionnaire> questionnaires, std::string_view event,
                                 const Answers& context) {
  const std::optional<AnswerProblem> impossible = ImpossibleContext(questionnaires, context);
  if (impossible.has_value()) return absl::InvalidArgumentError(impossible->message);
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
