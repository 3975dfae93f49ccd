// Whole tables of responses to a questionnaire: what is wrong with each, as CheckAnswers() says of one. Nothing is
// dropped: every response has a state, and a ledger says in which field it is wrong and how.
#ifndef CSAT_SURVEY_RESPONSE_CHECK_H_
#define CSAT_SURVEY_RESPONSE_CHECK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "csat/arrow/c_data.h"
#include "csat/model/metric.h"
#include "csat/model/questionnaire.h"
#include "csat/survey/interview.h"

namespace csat {

struct ResponseCheckOptions {
  // The table holds texts, as a CSV file does: a text that is a number stands for it (in a column of an option also
  // true and false), and one of options between spaces, commas or semicolons for the list of them.
  bool texts = false;
};

struct ResponseProblem {
  std::int64_t row = 0;
  std::int32_t field = 0;  // Index into `fields`.
  AnswerProblem::Kind kind = AnswerProblem::Kind::kUnanswered;
  // The answer and the limit, in the words of CheckAnswers() without the item: "6 is no whole rank of [1, 5]";
  // kContradiction: what both say, "list [web, shop], columns [web]".
  std::string detail;
};

// What was found in one field.
struct FieldCheck {
  std::string field;
  std::int64_t shown = 0;     // Responses whose path shows the item; of what is known beforehand: all.
  std::int64_t answered = 0;  // Of these, with an answer that is not wrong.
  std::array<std::int64_t, 11> problems{};  // By AnswerProblem::Kind.
};

struct ResponseCheck {
  std::int64_t rows = 0;
  std::array<std::int64_t, 3> counts{};      // By AnswersReport::State.
  std::vector<AnswersReport::State> states;  // By row.
  std::vector<std::int16_t> shown;           // By row: items on the path of its answers.
  std::vector<FieldCheck> fields;            // What is known beforehand, then the items, in their order.
  std::vector<ResponseProblem> problems;     // By row, then by field.
};

// Judges each row of a struct array, borrowed, as CheckAnswers() would. `metrics` are those of the questionnaire's
// policy. A column is found by the field of its item, and what is known beforehand by that of its metric; null is not
// answered; other columns are passed over. No number is rounded: one with more than six places, or that no decimal
// holds, is off its scale; one that is none is of a wrong type. The item of several options is a list of texts, or a
// column of 0 and 1 for each option, by the field of its metric: null in all of them is not answered, in some of them
// 0. Where both stand there and both say something, the list counts, and a response of which the columns say otherwise is
// a contradiction; where the list is null the columns count, if there is one for each option.
// InvalidArgument: a column that is missing, there twice or of a type that can never answer its item. P2-52.
absl::StatusOr<ResponseCheck> CheckResponses(const Questionnaire& questionnaire,
                                             const std::vector<Metric>& metrics, const ArrowSchema& schema,
                                             const ArrowArray& array, const ResponseCheckOptions& options);

// A row for each response: state (dictionary of texts), shown (int64: items on the path of its answers), problems
// (int64: how many).
absl::Status ExportStates(const ResponseCheck& check, ArrowSchema* schema, ArrowArray* array);
// A row for each problem: row (int64, from 0), field, problem, detail (dictionaries of texts).
absl::Status ExportProblems(const ResponseCheck& check, ArrowSchema* schema, ArrowArray* array);

}  // namespace csat

#endif  // CSAT_SURVEY_RESPONSE_CHECK_H_
