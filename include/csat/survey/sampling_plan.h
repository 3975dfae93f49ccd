// What a rule of a sampling plan says of a list, of surveys, or of a wave.
#ifndef CSAT_SURVEY_SAMPLING_PLAN_H_
#define CSAT_SURVEY_SAMPLING_PLAN_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/arrow/c_data.h"
#include "csat/model/decimal.h"
#include "csat/model/sampling.h"

namespace csat {

// Named values beside the table: numbers, words (days as "2025-03-14"), lists of words.
using SamplingGiven = std::map<std::string, std::variant<Decimal, std::string, std::vector<std::string>>>;

// What a rule says. By rule, with what it reads: `given` values, then columns of the table; those in brackets may be
// absent. Days are dates, words, or instants: of one without a zone the day that it shows, of one with a zone the day
// that the policy's zone has then; flags are bools, 0 and 1, or "true" and
// "false"; names are texts or whole numbers. Without a column of subjects there is only one. Numbers have at most six
// places; deviations are rounded to six.
//
// every       from, until, as_of [subjects]; date [subject, valid]
//             counts subjects, complete, covered, missing, open (periods); share complete; lists missing, open. A survey
//             counts if it is not after as_of and, where there is a column, known to be valid
// within      as_of; since, date (may be null) [subject, valid]
//             counts subjects, complete, missing, open; share complete; lists missing, open. Surveys count as in every
// each        -; asked [subject]
//             counts events, asked; share asked; list missing
// recent      reference; last_event (may be null) [subject]
//             counts eligible, too_old, unknown; lists cut, eligible, too_old, unknown. Of several events of a subject
//             the last
// size        [population]; no table
//             counts answers, invitations
// strata      sample; stratum, size, and deviation for the optimal shares
//             counts by stratum; equal remainders go to the stratum whose name comes first
// invitation  seed [probability]; id
//             counts listed, invited; list invited
// list        frame [every column's name: its values]; customer, product_line, class [drawn, nominated_by, approved_by,
//             relation, every column]
//             counts units, nominated, drawn; share of each class, frame; lists unapproved, weak_relevance, and the gaps
//             of every column under its name; outcome: the note on the design
// products    -; product_line, mature, surveyed [strategic, exception]
//             counts mature, covered, strategic, strategic_covered; shares covered, strategic_covered; lists excepted,
//             unexplained
// wave        planned, answered, unanswered_by_customer, not_contacted [closed]; no table
//
// Lists are there, if empty. A row without a subject is named "row 0", "row 1", ...
struct SamplingResult {
  // Of `every`, `within`, `each`: "complete"; "open" where some are not due yet and none is missing; "missing", or, of
  // a rule that is only advised, "advised"; "none" where there is neither subject nor event. Of `products`: "complete" or "incomplete". Of `wave`: its state. Of `list`:
  // the note. Of others empty.
  std::string outcome;
  std::map<std::string, std::int64_t> counts;
  std::map<std::string, Ratio> shares;  // Where there is anything to share.
  std::map<std::string, std::vector<std::string>> lists;
};

// `schema` and `array`, a struct of columns, are nullptr where there is no table. InvalidArgument: what the rule reads is
// not there, is of another kind, or contradicts itself, with its name and row; a given value that it does not
// read. FailedPrecondition: a wave closed while slots were not contacted. NotFound: `zone`, that of the policy, is not
// in the tz database. Without it an instant of a zone is refused.
absl::StatusOr<SamplingResult> ApplySamplingRule(const SamplingRule& rule, const SamplingGiven& given,
                                                 const ArrowSchema* schema, const ArrowArray* array,
                                                 std::string_view zone = {});

}  // namespace csat

#endif  // CSAT_SURVEY_SAMPLING_PLAN_H_
