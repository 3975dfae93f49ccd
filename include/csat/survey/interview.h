// Interviews: which items of a questionnaire come next, and whether a set of answers is whole.
#ifndef CSAT_SURVEY_INTERVIEW_H_
#define CSAT_SURVEY_INTERVIEW_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "csat/model/calendar.h"
#include "csat/model/decimal.h"
#include "csat/model/questionnaire.h"

namespace csat {

// A list of numbers, or of one: no item takes it.
struct ListOfNumbers {
  friend bool operator==(ListOfNumbers, ListOfNumbers) { return true; }
};

// What was answered: nothing, where an item was shown and left out; a number; a word or a text; a list of options; a list
// of what no options are.
using Answer = std::variant<std::monostate, Decimal, std::string, std::vector<std::string>, ListOfNumbers>;
// By field of the item, with what is known beforehand by field of its metric. An item that is not there was not
// answered yet.
using Answers = std::map<std::string, Answer, std::less<>>;

// The items due now, in their order: those shown whatever is still answered, and not answered yet, up to the first
// whose condition waits for one of them. An answer that CheckAnswers() would refuse is asked for again, and so is a
// required one that was left out. Empty: nothing is left to ask. P2-52.
std::vector<std::size_t> NextItems(const Questionnaire& questionnaire, const Answers& answers);

// What is wrong with one answer.
struct AnswerProblem {
  enum class Kind {
    kUnknownItem,    // Neither an item nor known beforehand.
    kNotShown,       // Answered, and no path that fits the other answers shows it.
    kUnanswered,     // Shown, required, and not answered.
    kWrongType,      // A text for a number, a list of numbers, and the like.
    kOffScale,       // Outside of the range, or between the ranks.
    kUnknownOption,  // No word of the choice.
    kOptionTwice,    // In one list.
    kTooFewOptions,
    kTooManyOptions,
    kTooLong,        // Characters of an open answer.
    kContradiction,  // Of a table: the list of options says one thing, the columns of the options another.
  };
  Kind kind = Kind::kUnknownItem;
  std::string field;
  // One line that names the item, the answer and the limit.
  std::string message, message_zh;
};
// "unknown_item", "not_shown", "unanswered", "wrong_type", "off_scale", "unknown_option", "option_twice",
// "too_few_options", "too_many_options", "too_long", "contradiction".
std::string_view Word(AnswerProblem::Kind kind);

struct AnswersReport {
  // kIncomplete: nothing is wrong but that required answers are missing.
  enum class State { kComplete, kIncomplete, kInvalid };
  State state = State::kComplete;
  std::vector<std::size_t> shown;  // Items on the path of these answers.
  // In the order of the items, then those of fields that are no item, by name.
  std::vector<AnswerProblem> problems;
};
// "complete", "incomplete", "invalid".
std::string_view Word(AnswersReport::State state);

// Everything that is wrong with a set of answers, as one that is handed in. An answer of blanks alone, or that the
// metric counts as missing, is none; a label of the scale stands for its rank. What is wrong is no answer to the
// conditions after it. P2-52, P4-04.
AnswersReport CheckAnswers(const Questionnaire& questionnaire, const Answers& answers);

// Which questionnaires, by position, are offered after an event ("": whatever happened).
struct Offers {
  std::vector<std::size_t> offered;
  // What is known does not tell.
  std::vector<std::size_t> undecided;
};
// `context` by field of the metric; fields that no questionnaire knows are passed over. InvalidArgument: what is known is
// not possible, ImpossibleContext(). P0-42, P0-47, P2-29, P2-128, P2-151.
absl::StatusOr<Offers> OfferedOn(absl::Span<const Questionnaire> questionnaires, std::string_view event,
                                 const Answers& context);

// What is wrong with a value that one of the questionnaires knows beforehand, whatever the event: a word that its field does
// not have, a number off its range. nullopt: nothing.
std::optional<AnswerProblem> ImpossibleContext(absl::Span<const Questionnaire> questionnaires,
                                               const Answers& context);

// Whether a wave may start on `day`. FailedPrecondition: not confirmed for its period. P1-26.
absl::Status MayStart(const Questionnaire& questionnaire, CalendarDate day);

// The last day on which a follow-up counts. nullopt: beyond the year 9999. P3-37.
std::optional<CalendarDate> LastDayOf(const FollowUp& follow_up, CalendarDate event);

// Whether a follow-up that was answered on `day` counts. FailedPrecondition: the one before is not answered, or later;
// `day` lies before the event or beyond the last day. InvalidArgument: the questionnaire follows none. P3-37.
absl::Status CheckFollowUp(const Questionnaire& questionnaire, CalendarDate event,
                           std::optional<CalendarDate> answered_before, CalendarDate day);

}  // namespace csat

#endif  // CSAT_SURVEY_INTERVIEW_H_
