/* Simulation: what another policy, or another version of one, does to the same records. */
#ifndef CSAT_C_SIMULATION_H_
#define CSAT_C_SIMULATION_H_

#include "csat_c/arrow.h"
#include "csat_c/base.h"
#include "csat_c/batch.h"
#include "csat_c/buffer.h"
#include "csat_c/error.h"
#include "csat_c/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bits of csat_simulation_options.flags. */
enum {
  /** Find out what each weight of the second plan does. Costs two scorings of each row for each top-level
   * indicator. */
  CSAT_SIMULATION_SENSITIVITY = 1
};

/** How two plans are compared. Set up with CSAT_SIMULATION_OPTIONS_INIT. */
typedef struct csat_simulation_options {
  size_t struct_size;
  /** Threads that score, 1 to 256. The result does not depend on them. */
  int32_t threads;
  /** CSAT_BAD_ROWS_...: what a value does that one of the plans refuses. A refused row counts as such. */
  int32_t bad_rows;
  /** CSAT_SIMULATION_... */
  int32_t flags;
  /** 0; anything else is refused. */
  int32_t reserved;
  /** So many of the rows that change grade are kept, the first ones; 0 or more. */
  int64_t max_changes;
  /** As in csat_batch_options. */
  csat_string_view subject_column;
  csat_string_view period_column;
} csat_simulation_options;

#define CSAT_SIMULATION_OPTIONS_INIT                                                                         \
  {                                                                                                          \
    sizeof(csat_simulation_options), 1, CSAT_BAD_ROWS_FAIL, CSAT_SIMULATION_SENSITIVITY, 0, 1000, {"", 0}, { \
      "", 0                                                                                                  \
    }                                                                                                        \
  }

/** The same records scored by two plans: batches are added, and what was added so far can be read at any
 * time. */
typedef struct csat_simulation csat_simulation;

/** Begins a simulation, without any rows.
 *
 * @param before   The plan now in use.
 * @param after    The plan to be tried.
 * @param options  NULL for CSAT_SIMULATION_OPTIONS_INIT. Copied.
 * @param out      Receives the simulation.
 * @return CSAT_OK; CSAT_INVALID_ARGUMENT: an option lies outside of its range; CSAT_FAILED_PRECONDITION: a
 *         plan of csat_plan_compile_metrics().
 * @since 0.1 */
CSAT_API csat_status csat_simulation_create(const csat_plan* before, const csat_plan* after,
                                            const csat_simulation_options* options, csat_simulation** out,
                                            csat_error** error);

/** Scores the rows of a struct array with both plans. They follow the rows of the arrays added before: rows
 * are counted over all of them, and the result does not depend on how they are divided. The plans may read
 * different columns; each array holds those of both. On failure nothing of it was added.
 *
 * @param schema  Type of the array. Borrowed: neither moved nor released.
 * @param array   The rows. Borrowed likewise, and not needed afterwards.
 * @return As csat_plan_score_batch(), and CSAT_FAILED_PRECONDITION: a second array where the options name
 *         subject and period columns; a veto in one row reaches other rows, which only one array overlooks.
 * @since 0.1 */
CSAT_API csat_status csat_simulation_add_batch(csat_simulation* simulation, const struct ArrowSchema* schema,
                                               const struct ArrowArray* array, csat_error** error);

/** Frees a simulation. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_simulation_free(csat_simulation* simulation);

/** Number of rows.
 *
 * @since 0.1 */
CSAT_API int64_t csat_simulation_row_count(const csat_simulation* simulation);

/** Number of rows with a value that one of the plans refuses.
 *
 * @since 0.1 */
CSAT_API int64_t csat_simulation_bad_row_count(const csat_simulation* simulation);

/** Number of rows whose grade changes, or that gain or lose one; where a scorecard has no grades, rows whose
 * outcome changes.
 *
 * @since 0.1 */
CSAT_API int64_t csat_simulation_changed_count(const csat_simulation* simulation);

/** Writes all but the changed rows as one JSON object. It holds "rows", "bad_rows", "changed"; "mean_difference" of the
 * score over rows scored by both; "before" and "after", each with "policy" (id, version, digest),
 * "scorecard" and "grades", its grades best first and then the outcomes, for rows without a grade; "matrix",
 * where matrix[i][j] rows go from before.grades[i] to after.grades[j]; "by_line", a list of "line" and
 * "rows", most first: what did it, as csat_simulation_changes() says; "sensitivity", a list of "indicator",
 * "weight", "step" (a hundredth of the sum of weights), "changed_up" and "changed_down" (rows whose grade
 * changes with the weight one step higher and one lower), "mean_up" and "mean_down" (mean change of the
 * score), of the second plan.
 *
 * @param out  Receives the object.
 * @since 0.1 */
CSAT_API csat_status csat_simulation_to_json(const csat_simulation* simulation, csat_buffer** out,
                                             csat_error** error);

/** Gives the rows whose grade changes, in their order, as a struct array: row (int64, from 0); before, after
 * (dictionaries of texts: grades, or outcomes of rows without one); score_before, score_after
 * (decimal128(18, 6), null where there is none); line (dictionary of texts); difference (decimal128(18, 6)).
 * line is what did it. Both have a score: empty where the second plan gives the score of the first that grade
 * too, so that the bands or their conditions did it; else the ledger line of depth 0 whose amount moved most
 * the way the score moved, and by how much ("rounding", "bonus_cap" and "scale" for lines without an id). One
 * of them has none: its reason code.
 *
 * @param out_schema  Receives the type, for the caller to release; untouched on failure.
 * @param out_array   Receives the rows, likewise.
 * @since 0.1 */
CSAT_API csat_status csat_simulation_changes(const csat_simulation* simulation,
                                             struct ArrowSchema* out_schema, struct ArrowArray* out_array,
                                             csat_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_SIMULATION_H_ */
