/* Sampling plans: what the rules of a policy say of a list, of surveys, or of a wave.
 *
 * A rule is asked on its own: given values as a JSON object (numbers, texts, lists of texts; days as "2025-03-14") and
 * columns through the Arrow C data interface go in, a JSON object comes out. A column of days may be one of timestamps: of
 * those with a zone the day counts that the policy's zone has at their instant. What each form of rule reads and gives
 * stands in docs/sampling.md. */
#ifndef CSAT_C_SAMPLING_PLAN_H_
#define CSAT_C_SAMPLING_PLAN_H_

#include "csat_c/arrow.h"
#include "csat_c/base.h"
#include "csat_c/buffer.h"
#include "csat_c/error.h"
#include "csat_c/policy.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The sampling rules of a policy as a JSON array in document order. Each has "id", "label" (by language), "level" (must,
 * should), and its form under the form's name (every, within, each, recent, size, strata, invitation, list, products,
 * wave) with all its values; one that the documents do not give is null.
 *
 * @param out  Receives the array.
 * @since 0.1 */
CSAT_API csat_status csat_policy_sampling_rules(const csat_policy* policy, csat_buffer** out,
                                                csat_error** error);

/** Puts values and a table to a sampling rule.
 *
 * @param rule    Its id.
 * @param given   A JSON object; "{}" for none. null is not given.
 * @param schema  Of a struct, borrowed; NULL, with `array`: no table.
 * @param array   Borrowed.
 * @param out     Receives an object: "outcome" (a text), "counts" (numbers by name), "shares" (by name objects with
 *                "numerator", "denominator" and "percent", a text with one decimal place, half up), "lists" (lists of
 *                texts by name, empty ones too).
 * @return CSAT_OK; CSAT_NOT_FOUND: no such rule; CSAT_INVALID_ARGUMENT: what the rule reads is not there or is of another
 *         kind, a given value that it does not read, no such object; CSAT_FAILED_PRECONDITION: a wave closed while slots
 *         were not contacted.
 * @since 0.1 */
CSAT_API csat_status csat_policy_apply_sampling_rule(const csat_policy* policy, const char* rule,
                                                     size_t rule_size, const char* given, size_t given_size,
                                                     const struct ArrowSchema* schema,
                                                     const struct ArrowArray* array, csat_buffer** out,
                                                     csat_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_SAMPLING_PLAN_H_ */
