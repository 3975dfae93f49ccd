/* Incidents: misconduct that feeds a veto once somebody confirmed it. An incident is proposed, then confirmed
 * with evidence, and may be revoked; nothing else. Only a confirmed one counts. Instants are milliseconds
 * since 1970-01-01 UTC and come from the caller. */
#ifndef CSAT_C_INCIDENT_H_
#define CSAT_C_INCIDENT_H_

#include "csat_c/arrow.h"
#include "csat_c/base.h"
#include "csat_c/buffer.h"
#include "csat_c/error.h"
#include "csat_c/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One incident in one state. Immutable: each step makes another one. */
typedef struct csat_incident csat_incident;

/** Proposes an incident.
 *
 * @param id           Of the caller's choice, one for each incident.
 * @param subject      Whom or what the scores are of: person, team, store.
 * @param code         What it is; the "incident" of the vetoes that it feeds.
 * @param occurred_at  When it happened.
 * @param out          Receives the incident.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: an empty text, or one that is not UTF-8.
 * @since 0.1 */
CSAT_API csat_status csat_incident_propose(const char* id, size_t id_size, const char* subject,
                                           size_t subject_size, const char* code, size_t code_size,
                                           int64_t occurred_at, csat_incident** out, csat_error** error);

/** Confirms a proposed incident.
 *
 * @param incident  Stays as it is.
 * @param evidence  Id of the evidence.
 * @param approval  Id of an approval record, for vetoes that need one; may be empty.
 * @param out       Receives the confirmed incident.
 * @return CSAT_OK; CSAT_FAILED_PRECONDITION: not proposed; CSAT_INVALID_ARGUMENT: no evidence, or confirmed
 *         before it happened.
 * @since 0.1 */
CSAT_API csat_status csat_incident_confirm(const csat_incident* incident, int64_t confirmed_at,
                                           const char* evidence, size_t evidence_size, const char* approval,
                                           size_t approval_size, csat_incident** out, csat_error** error);

/** Revokes a confirmed incident.
 *
 * @param incident  Stays as it is.
 * @param reason    Why; not empty.
 * @param out       Receives the revoked incident.
 * @return CSAT_OK; CSAT_FAILED_PRECONDITION: not confirmed; CSAT_INVALID_ARGUMENT: no reason, or revoked
 *         before it was confirmed.
 * @since 0.1 */
CSAT_API csat_status csat_incident_revoke(const csat_incident* incident, int64_t revoked_at,
                                          const char* reason, size_t reason_size, csat_incident** out,
                                          csat_error** error);

/** Reads what csat_incident_to_json() wrote.
 *
 * @param out  Receives the incident.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: not one JSON object with the members that its state has, or a
 *         state that could not have been reached.
 * @since 0.1 */
CSAT_API csat_status csat_incident_parse(const char* json, size_t json_size, csat_incident** out,
                                         csat_error** error);

/** Writes an incident as one JSON object: "id", "subject", "code", "state" ("proposed", "confirmed" or
 * "revoked"), "occurred_at"; confirmed "confirmed_at", "evidence_id", "approval_id"; revoked "revoked_at",
 * "revocation_reason". Instants are texts of whole numbers.
 *
 * @param out  Receives the object.
 * @since 0.1 */
CSAT_API csat_status csat_incident_to_json(const csat_incident* incident, csat_buffer** out,
                                           csat_error** error);

/** Frees an incident. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_incident_free(csat_incident* incident);

/** Counts the confirmed incidents that feed a veto for a subject in a period: the figure of the veto's metric.
 * The veto says whether the day of the occurrence or of the confirmation decides, in the policy's zone, for
 * which the tz database of the system is read, and whether an approval record is needed.
 *
 * @param veto       Id of a veto of the plan's own scorecard.
 * @param incidents  `count` incidents, each in its latest state. NULL only if `count` is 0.
 * @param period     "2025-03-14", "2025-W11", "2025-03", "2025-Q1", "2025-H1" or "2025".
 * @param out        Receives the number; untouched on failure.
 * @return CSAT_OK; CSAT_NOT_FOUND: no such veto, or a zone that the tz database does not have;
 *         CSAT_INVALID_ARGUMENT: no incidents feed the veto, one incident is there twice, no such period;
 *         CSAT_FAILED_PRECONDITION: a plan of csat_plan_compile_metrics().
 * @since 0.1 */
CSAT_API csat_status csat_plan_count_incidents(const csat_plan* plan, const char* veto, size_t veto_size,
                                               const csat_incident* const* incidents, size_t count,
                                               const char* subject, size_t subject_size, const char* period,
                                               size_t period_size, int64_t* out, csat_error** error);

/** Counts the incidents for the subject and period of each row of a struct array, for all vetoes of the plan
 * that incidents feed.
 *
 * @param incidents       As for csat_plan_count_incidents().
 * @param schema          Type of the array. Borrowed: neither moved nor released.
 * @param array           The rows; only the two key columns are read. Borrowed likewise.
 * @param subject_column  Name of a column of texts or integers.
 * @param period_column   Name of a column of texts as for csat_plan_count_incidents(), or of dates, which
 *                        stand for the scorecard's period around them.
 * @param out_schema      Receives the type of the result, for the caller to release; untouched on failure.
 * @param out_array       Receives the rows: one int64 column for each field that such a veto reads, under
 *                        its name, null where the row lacks a key. Likewise.
 * @return CSAT_OK; as csat_plan_count_incidents(), and CSAT_INVALID_ARGUMENT: a key column is missing or of
 *         another type, a row's period is none, or a veto's condition reads anything but one number.
 * @since 0.1 */
CSAT_API csat_status csat_plan_apply_incidents(const csat_plan* plan, const csat_incident* const* incidents,
                                               size_t count, const struct ArrowSchema* schema,
                                               const struct ArrowArray* array, const char* subject_column,
                                               size_t subject_column_size, const char* period_column,
                                               size_t period_column_size, struct ArrowSchema* out_schema,
                                               struct ArrowArray* out_array, csat_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_INCIDENT_H_ */
