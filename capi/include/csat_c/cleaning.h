/* Cleaning: which responses count, which are looked at again, which do not count, and by which rule. */
#ifndef CSAT_C_CLEANING_H_
#define CSAT_C_CLEANING_H_

#include "csat_c/arrow.h"
#include "csat_c/base.h"
#include "csat_c/buffer.h"
#include "csat_c/error.h"
#include "csat_c/policy.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What became of a response. */
enum {
  CSAT_VERDICT_KEPT = 0,
  CSAT_VERDICT_FLAGGED = 1,
  CSAT_VERDICT_QUARANTINED = 2,
  CSAT_VERDICT_EXCLUDED = 3
};

/** What a person found out about a doubtful response, one that is flagged or quarantined. */
enum {
  /** It stands as it is, and is kept. */
  CSAT_REVIEW_CONFIRMED = 0,
  /** The table holds it as corrected, and it is kept. */
  CSAT_REVIEW_CORRECTED = 1,
  /** It is excluded. */
  CSAT_REVIEW_REJECTED = 2
};

typedef struct csat_review_decision {
  /** Id of the response. */
  csat_string_view response;
  /** CSAT_REVIEW_... */
  int32_t outcome;
  /** 0; anything else is refused. */
  int32_t reserved;
} csat_review_decision;

/** How responses are cleaned. Set up with CSAT_CLEANING_OPTIONS_INIT. */
typedef struct csat_cleaning_options {
  size_t struct_size;
  /** 1 to 256. The result does not depend on them. */
  int32_t threads;
  /** 0; anything else is refused. */
  int32_t reserved;
  /** Of the review sample; empty: the policy's. Without either none is drawn. Refused where the policy has no review. */
  csat_string_view seed;
  /** NULL where there are none. */
  const csat_review_decision* decisions;
  size_t decision_count;
} csat_cleaning_options;

#define CSAT_CLEANING_OPTIONS_INIT \
  { sizeof(csat_cleaning_options), 1, 0, {"", 0}, NULL, 0 }

/** The result of one cleaning. Immutable. */
typedef struct csat_cleaning csat_cleaning;

/** The columns that a policy's cleaning reads, as a JSON array of objects with "name" and "type", each once: "number" for
 * figures or the labels of their scale, "text" for words and ids, "any" for what may be numbers, instants, or true
 * and false.
 *
 * @param out  Receives the array.
 * @return CSAT_OK; CSAT_FAILED_PRECONDITION: the policy has no cleaning.
 * @since 0.1 */
CSAT_API csat_status csat_policy_cleaning_fields(const csat_policy* policy, csat_buffer** out,
                                                 csat_error** error);

/** Judges responses by a policy's cleaning rules. Nothing is deleted: the result says of each row what became of
 * it. Rows are judged together, so all responses of a wave belong into one array.
 *
 * @param schema   Type of the array. Borrowed: neither moved nor released.
 * @param array    The responses, a row each. Borrowed likewise, and not needed afterwards.
 * @param options  NULL for CSAT_CLEANING_OPTIONS_INIT. Copied.
 * @param out      Receives the result.
 * @return CSAT_OK; CSAT_FAILED_PRECONDITION: the policy has no cleaning; CSAT_INVALID_ARGUMENT: a column that is
 *         missing, there twice or of a type that cannot be read, an id that is null or there twice, an answer
 *         off its scale that no rule speaks of, a decision about a response that is not doubtful, a seed without a review.
 * @since 0.1 */
CSAT_API csat_status csat_policy_clean(const csat_policy* policy, const struct ArrowSchema* schema,
                                       const struct ArrowArray* array, const csat_cleaning_options* options,
                                       csat_cleaning** out, csat_error** error);

/** Frees a result. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_cleaning_free(csat_cleaning* cleaning);

/** Number of responses.
 *
 * @since 0.1 */
CSAT_API int64_t csat_cleaning_row_count(const csat_cleaning* cleaning);

/** Number of responses with a verdict, CSAT_VERDICT_...
 *
 * @since 0.1 */
CSAT_API int64_t csat_cleaning_verdict_count(const csat_cleaning* cleaning, int32_t verdict);

/** Whether the responses may be scored.
 *
 * @return CSAT_OK; CSAT_FAILED_PRECONDITION: the policy wants every doubtful response settled, and some are not.
 * @since 0.1 */
CSAT_API csat_status csat_cleaning_may_be_scored(const csat_cleaning* cleaning, csat_error** error);

/** Gives a row for each response, in their order: verdict (dictionary of the texts kept, flagged, quarantined and
 * excluded); deciding_rule (dictionary of texts: the rule's id, empty where a reviewer decided, null where the
 * response is kept); in_review (int64: 0, 1, 2 ... in the order drawn, null where not drawn).
 *
 * @param out_schema  Receives the type, for the caller to release; untouched on failure.
 * @param out_array   Receives the rows, likewise.
 * @since 0.1 */
CSAT_API csat_status csat_cleaning_verdicts(const csat_cleaning* cleaning, struct ArrowSchema* out_schema,
                                            struct ArrowArray* out_array, csat_error** error);

/** Gives a row for each rule that a response met: row (int64, from 0); response_id, rule, verdict (dictionaries of
 * texts; the rule is empty for a reviewer); deciding (bool: of the rules of a response one decides); unknown
 * (bool: the rule could not judge it); value (float64: what was compared, null where it is no number).
 *
 * @since 0.1 */
CSAT_API csat_status csat_cleaning_ledger(const csat_cleaning* cleaning, struct ArrowSchema* out_schema,
                                          struct ArrowArray* out_array, csat_error** error);

/** Writes all but the rows as one JSON object. It holds "policy" (id, version, digest); "rows", "test_records",
 * "kept", "flagged", "quarantined", "excluded", "open" (doubtful and not settled), "settle_doubtful"; "rules", in
 * policy order, with "id", "action", "met", "decided", "unknown", "not_applicable" (numbers of responses), "gap"
 * (null, or why the rule could judge none: "reason" and "items"); "figures", with "id", "before" (all
 * responses), "after" (those kept or flagged), "with_quarantined", each with "answers", "sum" (a whole number) and
 * "value" (their quotient, null where there are no answers), and "rules", a list of "without" (without what this rule alone takes away) and "step"
 * (after it and the rules before it); "review", null or "seed", "commitment", "kept" and "removed" (each "size"
 * and "drawn").
 *
 * @param out  Receives the object.
 * @since 0.1 */
CSAT_API csat_status csat_cleaning_to_json(const csat_cleaning* cleaning, csat_buffer** out,
                                           csat_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_CLEANING_H_ */
