/* Least changes: which single indicator, raised by how much, reaches a better grade. */
#ifndef CSAT_C_LEAST_CHANGE_H_
#define CSAT_C_LEAST_CHANGE_H_

#include "csat_c/base.h"
#include "csat_c/error.h"
#include "csat_c/plan.h"
#include "csat_c/record.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The ways to a better grade that need one indicator only. Immutable. */
typedef struct csat_least_changes csat_least_changes;

/** Raising `indicator` alone to `to_micros` gives `grade`; a millionth of a point less does not give a better
 * grade than the record has. Set up with CSAT_LEAST_CHANGE_INIT. */
typedef struct csat_least_change {
  size_t struct_size;
  /** CSAT_LEAST_CHANGE_HAS_VALUE. */
  int32_t flags;
  /** 0. */
  int32_t reserved;
  /** Id of the indicator. Borrowed from the list, like `grade`. */
  csat_string_view indicator;
  /** Id of the grade that it gives. */
  csat_string_view grade;
  /** Points of the indicator now, then, and at most. */
  int64_t from_micros;
  int64_t to_micros;
  int64_t max_points_micros;
  /** Its raw figure now and then; 0 without CSAT_LEAST_CHANGE_HAS_VALUE. */
  int64_t value_from_micros;
  int64_t value_to_micros;
  /** The score that it gives. */
  int64_t score_micros;
} csat_least_change;

#define CSAT_LEAST_CHANGE_INIT \
  { sizeof(csat_least_change), 0, 0, {"", 0}, {"", 0}, 0, 0, 0, 0, 0, 0 }

/** Bits of csat_least_change.flags. */
enum {
  /** The indicator reads one finished figure, and value_from_micros and value_to_micros say which. */
  CSAT_LEAST_CHANGE_HAS_VALUE = 1
};

/** Finds the least change of each indicator that alone reaches a better grade, the smallest share of its
 * scale first.
 *
 * @param record  A record of this plan; not needed afterwards.
 * @param out     Receives the list. Empty: the record has the best grade, has no score or is vetoed, or no
 *                single indicator is enough.
 * @return As csat_plan_score().
 * @since 0.1 */
CSAT_API csat_status csat_plan_least_changes(const csat_plan* plan, const csat_record* record,
                                             csat_least_changes** out, csat_error** error);

/** Frees a list. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_least_changes_free(csat_least_changes* changes);

/** Number of changes.
 *
 * @since 0.1 */
CSAT_API size_t csat_least_changes_count(const csat_least_changes* changes);

/** Gives a change.
 *
 * @param out  Untouched on failure.
 * @return CSAT_OK; CSAT_OUT_OF_RANGE: no such change.
 * @since 0.1 */
CSAT_API csat_status csat_least_changes_get(const csat_least_changes* changes, size_t index,
                                            csat_least_change* out);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_LEAST_CHANGE_H_ */
