/* Cases: the examples that a policy carries, records with what must come out of them. */
#ifndef CSAT_C_CASES_H_
#define CSAT_C_CASES_H_

#include "csat_c/base.h"
#include "csat_c/buffer.h"
#include "csat_c/error.h"
#include "csat_c/policy.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Number of cases of a policy.
 *
 * @since 0.1 */
CSAT_API size_t csat_policy_case_count(const csat_policy* policy);

/** Name of a case, in the order of the document.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_case_name(const csat_policy* policy, size_t index);

/** Scorecard of a case. Empty: it expects targets and figures only; see csat_plan_compile_metrics().
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_case_scorecard(const csat_policy* policy, size_t index);

/** Questionnaire of which the record of a case holds the answers. Empty: of none.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_case_questionnaire(const csat_policy* policy, size_t index);

/** Event after which a case expects questionnaires to be offered; empty: whatever happened.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_case_event(const csat_policy* policy, size_t index);

/** Rule of sampling that the record and the table of a case are put to (csat_policy_apply_sampling_rule()); empty: none.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_case_sampling(const csat_policy* policy, size_t index);

/** Number of clauses that a case proves.
 *
 * @since 0.1 */
CSAT_API size_t csat_policy_case_clause_count(const csat_policy* policy, size_t index);

/** Id of such a clause.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_case_clause(const csat_policy* policy, size_t index, size_t clause);

/** Writes the record of a case as a JSON object that csat_record_set_json() reads.
 *
 * @param out  Receives the object.
 * @return CSAT_OK, or CSAT_OUT_OF_RANGE: no such case.
 * @since 0.1 */
CSAT_API csat_status csat_policy_case_record(const csat_policy* policy, size_t index, csat_buffer** out,
                                             csat_error** error);

/** Writes the table of a case as a JSON object: by field a list of numbers, texts and null, one for each record, for
 * the measures or the verdicts of cleaning that it expects. Empty for a case of one record.
 *
 * @param out  Receives the object.
 * @return CSAT_OK, or CSAT_OUT_OF_RANGE: no such case.
 * @since 0.1 */
CSAT_API csat_status csat_policy_case_table(const csat_policy* policy, size_t index, csat_buffer** out,
                                            csat_error** error);

/** Writes what a case expects as a JSON object with those of these members that it speaks of: "outcome",
 * "grade", "error" (texts); "score", "base", "without_veto" (numbers); "points" (numbers by indicator),
 * "levels" (by indicator), "targets" (by target), "shown" (texts by metric), "measures" (texts by
 * measure); "vetoes", "reasons" (lists of ids); of questionnaires "answers" (a text), "next", "offered"
 * (lists of ids), "problems" (texts by field); of cleaning "verdicts" (a list of texts, one for each record of the table),
 * "counts" (numbers by verdict), "reviewed" (a number); of sampling "outcome", "counts" (numbers by name), "shown" (shares
 * in percent), "lists" (lists of texts by name).
 *
 * @param out  Receives the object.
 * @return CSAT_OK, or CSAT_OUT_OF_RANGE: no such case.
 * @since 0.1 */
CSAT_API csat_status csat_policy_case_expect(const csat_policy* policy, size_t index, csat_buffer** out,
                                             csat_error** error);

/** What did not come out as a policy's cases expect. Immutable. */
typedef struct csat_case_failures csat_case_failures;

/** Runs all cases of a policy.
 *
 * @param out  Receives the failures; an empty list when all cases pass.
 * @return CSAT_OK, also when cases fail.
 * @since 0.1 */
CSAT_API csat_status csat_policy_run_cases(const csat_policy* policy, csat_case_failures** out,
                                           csat_error** error);

/** Frees a list of failures. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_case_failures_free(csat_case_failures* failures);

/** Number of failures; a case can have several.
 *
 * @since 0.1 */
CSAT_API size_t csat_case_failures_count(const csat_case_failures* failures);

/** Index of the case that failed; SIZE_MAX: no such failure.
 *
 * @since 0.1 */
CSAT_API size_t csat_case_failures_case(const csat_case_failures* failures, size_t index);

/** What was expected and what came out, on one line.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_case_failures_message(const csat_case_failures* failures, size_t index);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_CASES_H_ */
