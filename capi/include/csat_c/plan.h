/* Plans: a scorecard of a policy made ready for scoring. */
#ifndef CSAT_C_PLAN_H_
#define CSAT_C_PLAN_H_

#include "csat_c/base.h"
#include "csat_c/error.h"
#include "csat_c/policy.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A compiled scorecard. Immutable. */
typedef struct csat_plan csat_plan;

/** Type of a field of a record. */
enum { CSAT_FIELD_NUMBER = 0, CSAT_FIELD_TEXT = 1, CSAT_FIELD_EVENTS = 2 };

/** Kind of thing that an id names; see csat_plan_label(). */
enum {
  CSAT_ID_SCORECARD = 0,
  CSAT_ID_METRIC = 1,
  CSAT_ID_INDICATOR = 2,
  CSAT_ID_GRADE = 3,
  CSAT_ID_VETO = 4,
  CSAT_ID_CAP = 5,
  CSAT_ID_BONUS_SOURCE = 6,
  CSAT_ID_PROFILE = 7,
  CSAT_ID_TARGET = 8
};

/** Compiles a scorecard of a policy, with those that feed it.
 *
 * @param scorecard  Its id.
 * @param out        Receives the plan.
 * @return CSAT_OK; CSAT_NOT_FOUND: the policy has no such scorecard; CSAT_INVALID_ARGUMENT: the scorecard is
 *         beyond the range of exact arithmetic.
 * @since 0.1 */
CSAT_API csat_status csat_plan_compile(const csat_policy* policy, const char* scorecard,
                                       size_t scorecard_size, csat_plan** out, csat_error** error);

/** Compiles the metrics and targets of a policy without a scorecard. Such a plan measures; scoring with it is
 * CSAT_FAILED_PRECONDITION, and it has no grades, reasons and indicators.
 *
 * @param out  Receives the plan.
 * @return As csat_plan_compile().
 * @since 0.1 */
CSAT_API csat_status csat_plan_compile_metrics(const csat_policy* policy, csat_plan** out,
                                               csat_error** error);

/** Frees a plan. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_plan_free(csat_plan* plan);

/** Id of the scorecard; empty for a plan of metrics.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_plan_scorecard_id(const csat_plan* plan);

/** Digest of the policy; see csat_policy_digest().
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_plan_policy_digest(const csat_plan* plan);

/** Highest score in millionths; the lowest is 0. 0 for a plan of metrics.
 *
 * @since 0.1 */
CSAT_API int64_t csat_plan_max_score_micros(const csat_plan* plan);

/** Number of fields of a record, which is the number of its slots.
 *
 * @since 0.1 */
CSAT_API int32_t csat_plan_field_count(const csat_plan* plan);

/** Name of the field of a slot.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_plan_field_name(const csat_plan* plan, int32_t slot);

/** CSAT_FIELD_... of a slot; -1: no such slot.
 *
 * @since 0.1 */
CSAT_API int32_t csat_plan_field_type(const csat_plan* plan, int32_t slot);

/** 1: nothing but a missing rule can score a record without this field. 0: other fields can stand in.
 * -1: no such slot.
 *
 * @since 0.1 */
CSAT_API int32_t csat_plan_field_required(const csat_plan* plan, int32_t slot);

/** Slot of a field; -1: the plan reads no such field.
 *
 * @since 0.1 */
CSAT_API int32_t csat_plan_find_field(const csat_plan* plan, const char* name, size_t name_size);

/** Number of grades.
 *
 * @since 0.1 */
CSAT_API int32_t csat_plan_grade_count(const csat_plan* plan);

/** Id of a grade, best first; the index is that of csat_summary.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_plan_grade(const csat_plan* plan, int32_t grade);

/** Number of reason codes, the empty one included.
 *
 * @since 0.1 */
CSAT_API int32_t csat_plan_reason_count(const csat_plan* plan);

/** Reason code by the index of csat_summary: "" for 0, "veto:<id>", "cap:<id>", "condition:<grade>",
 * "missing:<indicator>", "unknown:<veto>", "min_answers", "profile".
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_plan_reason(const csat_plan* plan, int32_t reason);

/** Number of top-level indicators.
 *
 * @since 0.1 */
CSAT_API int32_t csat_plan_indicator_count(const csat_plan* plan);

/** Id of a top-level indicator, in the order of the document.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_plan_indicator(const csat_plan* plan, int32_t index);

/** Number of levels of an indicator, at any depth; 0 where it has none.
 *
 * @since 0.1 */
CSAT_API int32_t csat_plan_level_count(const csat_plan* plan, const char* indicator, size_t indicator_size);

/** Id of a level of an indicator, best first; the index is that of csat_ledger_line.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_plan_level(const csat_plan* plan, const char* indicator, size_t indicator_size,
                                          int32_t level);

/** Name of anything that has an id; languages as for csat_policy_label(). Without a name, the id.
 *
 * @param kind  CSAT_ID_...
 * @param id    Its id. Indicators, grades, vetoes, caps, bonus sources and profiles are those of the plan's
 *              own scorecard.
 * @return Empty: nothing of that kind has this id.
 * @since 0.1 */
CSAT_API csat_string_view csat_plan_label(const csat_plan* plan, int32_t kind, const char* id, size_t id_size,
                                          const char* language, size_t language_size);

/** Name of a level of an indicator; languages as for csat_policy_label().
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_plan_level_label(const csat_plan* plan, const char* indicator,
                                                size_t indicator_size, int32_t level, const char* language,
                                                size_t language_size);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_PLAN_H_ */
