/* Policies: what is measured, how it is scored and what overrules what, read from one JSON document. */
#ifndef CSAT_C_POLICY_H_
#define CSAT_C_POLICY_H_

#include "csat_c/base.h"
#include "csat_c/buffer.h"
#include "csat_c/diagnostic.h"
#include "csat_c/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A checked, versioned policy. Immutable. */
typedef struct csat_policy csat_policy;

/** Reads and checks a policy document.
 *
 * @param json         The document.
 * @param out          Receives the policy.
 * @param diagnostics  NULL if not wanted. Receives all findings, also when the document is refused, and the
 *                     warnings of one that is not. NULL when no memory is left.
 * @param error        The first finding that refused the document, with its path, line and column.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: the document has an error.
 * @since 0.1 */
CSAT_API csat_status csat_policy_parse(const char* json, size_t json_size, csat_policy** out,
                                       csat_diagnostics** diagnostics, csat_error** error);

/** Frees a policy. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_policy_free(csat_policy* policy);

/** Gives all findings of the checker about a policy that was read: warnings and notes.
 *
 * @param out  Receives the findings; the list may be empty.
 * @since 0.1 */
CSAT_API csat_status csat_policy_check(const csat_policy* policy, csat_diagnostics** out, csat_error** error);

/** The policy's id.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_id(const csat_policy* policy);

/** The policy's version.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_version(const csat_policy* policy);

/** First day on which this version is in force, "YYYY-MM-DD".
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_effective_from(const csat_policy* policy);

/** IANA name of the time zone that days are counted in.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_zone(const csat_policy* policy);

/** The policy's name in a language ("en", "zh"); without it in English, in any, or the id.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_label(const csat_policy* policy, const char* language,
                                            size_t language_size);

/** SHA-256 of the canonical JSON, 64 lower-case hexadecimal digits.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_digest(const csat_policy* policy);

/** The document in canonical form (RFC 8785): the same bytes for the same content.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_canonical_json(const csat_policy* policy);

/** Number of scorecards.
 *
 * @since 0.1 */
CSAT_API size_t csat_policy_scorecard_count(const csat_policy* policy);

/** Id of a scorecard, in the order of the document.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_scorecard_id(const csat_policy* policy, size_t index);

/** Name of a scorecard; languages as for csat_policy_label().
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_scorecard_label(const csat_policy* policy, size_t index,
                                                      const char* language, size_t language_size);

/** Number of metrics.
 *
 * @since 0.1 */
CSAT_API size_t csat_policy_metric_count(const csat_policy* policy);

/** Id of a metric, in the order of the document.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_metric_id(const csat_policy* policy, size_t index);

/** Name of a metric; languages as for csat_policy_label().
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_metric_label(const csat_policy* policy, size_t index,
                                                   const char* language, size_t language_size);

/** Unit of a metric, such as "minutes"; may be empty.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_metric_unit(const csat_policy* policy, size_t index);

/** Number of values that the documents behind the policy do not give and that it assumes.
 *
 * @since 0.1 */
CSAT_API size_t csat_policy_assumed_count(const csat_policy* policy);

/** Field path of an assumed value, such as "scorecards[0].vetoes[1].scope".
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_assumed_path(const csat_policy* policy, size_t index);

/** Number of clauses that an assumed value interprets.
 *
 * @since 0.1 */
CSAT_API size_t csat_policy_assumed_clause_count(const csat_policy* policy, size_t index);

/** Id of such a clause.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_assumed_clause(const csat_policy* policy, size_t index, size_t clause);

/** Number of clauses that the policy names.
 *
 * @since 0.1 */
CSAT_API size_t csat_policy_clause_count(const csat_policy* policy);

/** Id of a clause, in sorted order.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_policy_clause(const csat_policy* policy, size_t index);

/** Checks versions of one policy against each other: different ids, one version text for two, a date of
 * effect that is not after the one before.
 *
 * @param versions  In the order in which they were issued.
 * @param out       Receives the findings; the list may be empty.
 * @since 0.1 */
CSAT_API csat_status csat_policy_check_versions(const csat_policy* const* versions, size_t count,
                                                csat_diagnostics** out, csat_error** error);

/** Finds the version in force on a day: the one with the latest date of effect not after it.
 *
 * @param versions  Versions of one policy, in any order.
 * @param day       "YYYY-MM-DD".
 * @param out       Receives the index of the version.
 * @return CSAT_OK; CSAT_NOT_FOUND: none is in force yet; CSAT_INVALID_ARGUMENT: two versions with one date,
 *         policies with different ids, or no such day.
 * @since 0.1 */
CSAT_API csat_status csat_policy_in_force(const csat_policy* const* versions, size_t count, const char* day,
                                          size_t day_size, size_t* out, csat_error** error);

/** The JSON Schema of policy documents, for editors.
 *
 * @param out  Receives the schema.
 * @since 0.1 */
CSAT_API csat_status csat_policy_json_schema(csat_buffer** out, csat_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_POLICY_H_ */
