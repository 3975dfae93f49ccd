/* Publications: results that were given out. A publication is never changed: an amended result is a new one
 * that names the one before by its digest (SHA-256), so that both stay and an outsider can check the chain.
 * That proves that a record was not changed after it was written, not that it was true. */
#ifndef CSAT_C_PUBLICATION_H_
#define CSAT_C_PUBLICATION_H_

#include "csat_c/base.h"
#include "csat_c/buffer.h"
#include "csat_c/error.h"
#include "csat_c/score.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A result as it was published for a subject and a period. Immutable. */
typedef struct csat_publication csat_publication;

/** Makes the first publication of a result.
 *
 * @param score         The result; not needed afterwards.
 * @param subject       Whom or what it is of; not empty.
 * @param period        For which period, in any words; not empty.
 * @param published_at  Milliseconds since 1970-01-01 UTC.
 * @param out           Receives the publication.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: an empty text, or one that is not UTF-8.
 * @since 0.1 */
CSAT_API csat_status csat_score_publish(const csat_score* score, const char* subject, size_t subject_size,
                                        const char* period, size_t period_size, int64_t published_at,
                                        csat_publication** out, csat_error** error);

/** Makes the publication of an amended result, chained to the one before.
 *
 * @param previous  The latest publication of the subject and period. Stays as it is.
 * @param score     The new result, of the same scorecard; the policy may be of another version.
 * @param why       The reason; not empty.
 * @param out       Receives the publication.
 * @return CSAT_OK; CSAT_INVALID_ARGUMENT: no reason, another scorecard, earlier than the one before, or
 *         `previous` does not match its digest; CSAT_FAILED_PRECONDITION: nothing changed.
 * @since 0.1 */
CSAT_API csat_status csat_publication_amend(const csat_publication* previous, const csat_score* score,
                                            const char* why, size_t why_size, int64_t published_at,
                                            csat_publication** out, csat_error** error);

/** Reads what csat_publication_to_json() wrote. A record that was changed since can be read:
 * csat_publications_verify() finds it.
 *
 * @param out  Receives the publication.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: not one JSON object with the members of a publication.
 * @since 0.1 */
CSAT_API csat_status csat_publication_parse(const char* json, size_t json_size, csat_publication** out,
                                            csat_error** error);

/** Writes a publication as one JSON object in canonical form (RFC 8785): "subject", "period", "scorecard",
 * "policy_id", "policy_version", "policy_digest", "sequence" (1, 2, ...), "published_at", "outcome",
 * "grade", "reason", "amendment" (why; empty for the first), "previous" (digest of the one before; empty
 * for the first); "score" of results that have one; "base" and "without_veto" of those with a base;
 * "digest". The digest is the SHA-256 of this object without the member "digest". "sequence" and
 * "published_at" are texts of whole numbers.
 *
 * @param out  Receives the object.
 * @since 0.1 */
CSAT_API csat_status csat_publication_to_json(const csat_publication* publication, csat_buffer** out,
                                              csat_error** error);

/** Frees a publication. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_publication_free(csat_publication* publication);

/** Checks all publications of one subject, period and scorecard, from the first on. That the last ones are
 * missing only shows to somebody who knows of them.
 *
 * @param publications  `count` publications. NULL only if `count` is 0.
 * @return CSAT_OK, or CSAT_DATA_LOSS: the error names the first one that was changed, dropped or put
 *         elsewhere.
 * @since 0.1 */
CSAT_API csat_status csat_publications_verify(const csat_publication* const* publications, size_t count,
                                              csat_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_PUBLICATION_H_ */
