// Indices of how a form was answered, one response beside the other. Definitions as in the R package careless (Yentes
// and Wilhelm), but for blanks: a blank is no answer and never equal to one.
//
// Every function judges rows [from, from + n), n <= kTile, of its outputs, which hold all rows: `truth` 0, 1 (cannot be
// judged) or 2, as Truth; `value` and `has_value` where it has them.
#ifndef CSAT_SRC_SURVEY_ANSWER_INDICES_H_
#define CSAT_SRC_SURVEY_ANSWER_INDICES_H_

#include <cstdint>
#include <vector>

#include "csat/model/cleaning.h"
#include "survey/response_columns.h"

namespace csat::survey {

using Items = std::vector<const ItemColumn*>;

struct Judged {
  std::vector<std::uint8_t> truth;
  // Empty: the rule compares no number.
  std::vector<double> value;
  std::vector<std::uint8_t> has_value;
};

// Huang, Curran, Keeney, Poposki and DeShon (2012), J. Business and Psychology 27: the same answer throughout.
void JudgeStraightLine(const Items& items, int least_answers, std::int64_t from, int n, Judged* out);
void JudgeAllExtreme(const Items& items, int least_answers, std::int64_t from, int n, Judged* out);
// Johnson (2005), J. Research in Personality 39: the longest run.
void JudgeLongString(const Items& items, int at_least, std::int64_t from, int n, Judged* out);
// Dunn, Heggestad, Shanock and Theilgard (2018), J. Business and Psychology 33. The limits are compared exactly.
void JudgeVariability(const Items& items, const VariabilityRule& rule, std::int64_t from, int n, Judged* out);
// Johnson (2005), after Jackson (1976). careless from 1.2.0 on gives the same number times -1.
struct EvenOddPart {
  Items items;
  std::vector<bool> reversed;
};
void JudgeEvenOdd(const std::vector<EvenOddPart>& parts, Decimal below, std::int64_t from, int n,
                  Judged* out);
// `defaults[i]`: the step of item i that the form had filled in.
void JudgeDefaultAnswers(const Items& items, const std::vector<std::uint8_t>& defaults,
                         const DefaultAnswerRule& rule, std::int64_t from, int n, Judged* out);
void JudgeOffScale(const Items& items, std::int64_t from, int n, Judged* out);

}  // namespace csat::survey

#endif  // CSAT_SRC_SURVEY_ANSWER_INDICES_H_
