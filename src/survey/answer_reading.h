// What a single answer says to conditions, or what is wrong with it, in words: the same for one that is handed in and
// for a cell of a table. Tested by tests/survey/interview_test.cc.
#ifndef CSAT_SRC_SURVEY_ANSWER_READING_H_
#define CSAT_SRC_SURVEY_ANSWER_READING_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "csat/model/decimal.h"
#include "csat/model/metric.h"
#include "csat/model/questionnaire.h"
#include "csat/survey/interview.h"

namespace csat::survey {

// What a condition can know of a metric.
struct Known {
  enum class State { kMissing, kPending, kNumber, kWord };
  State state = State::kMissing;
  Decimal number;
  std::string_view word;
};

// What is wrong, naming the answer and the limit; not the item.
struct Flaw {
  AnswerProblem::Kind kind = AnswerProblem::Kind::kUnknownItem;
  std::string words, words_zh;
};

struct Reading {
  Known known;                      // kMissing: left out. Its word lies in the answer.
  std::vector<std::size_t> chosen;  // kSeveral: options.
  std::optional<Flaw> flaw;
};

// "4.5", "'price'", "a list of 2", "a list of numbers", "null".
std::string Shown(const Answer& answer, bool chinese = false);

// Of an answer as it is shown; `least` and `most` where the metric has no limit.
Flaw OffScale(const Metric& metric, const std::string& shown, const char* least = "-inf",
              const char* most = "inf");
Flaw NotShown(const std::string& shown, const std::string& shown_zh);
Flaw Unanswered();

// `most`: characters; 0: any number.
Reading ReadNumber(const Metric& metric, const Answer& answer);
Reading ReadText(const Metric& metric, int most, const Answer& answer);
Reading ReadSeveral(const QuestionnaireItem& item, const Answer& answer);
Reading ReadAnswer(const QuestionnaireItem& item, const Answer& answer);
// What is known beforehand.
Reading ReadContext(const Metric& metric, const Answer& answer);

}  // namespace csat::survey

#endif  // CSAT_SRC_SURVEY_ANSWER_READING_H_
