/* Batches: columns in, columns out, through the Arrow C data interface.
 *
 * A batch is a struct array: one child for each column. Columns that the plan reads are found by name, and
 * those of csat_plan_field_required() have to be there; all others are left alone. Of the result:
 *   score      float64, or decimal128(18, 6) with CSAT_BATCH_DECIMAL_SCORES; null unless scored or vetoed
 *   grade, outcome, reason   dictionaries of texts; the words of csat_plan_grade(), csat_score_outcome() and
 *                            csat_plan_reason(). outcome and reason are never null, and their fields say so
 * and what the options ask for besides. The same bits whatever the order of rows, the size of batches and
 * the number of threads. A batch allocates its result and a fixed scratch for each thread, nothing for a
 * row. */
#ifndef CSAT_C_BATCH_H_
#define CSAT_C_BATCH_H_

#include "csat_c/arrow.h"
#include "csat_c/base.h"
#include "csat_c/error.h"
#include "csat_c/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a row does whose value csat_plan_score() would refuse. */
enum {
  /** The batch fails with an error that names the first such row. */
  CSAT_BAD_ROWS_FAIL = 0,
  /** The row has the outcome "refused" and the reason "bad_value". */
  CSAT_BAD_ROWS_REFUSE = 1
};

/** Bits of csat_batch_options.flags. */
enum {
  /** Columns base and without_veto. */
  CSAT_BATCH_BASE = 1,
  /** A column contribution.<id> for each top-level indicator. */
  CSAT_BATCH_CONTRIBUTIONS = 2,
  /** Scores as decimal128(18, 6) instead of the nearest float64. */
  CSAT_BATCH_DECIMAL_SCORES = 4
};

/** How a batch is scored. Set up with CSAT_BATCH_OPTIONS_INIT. */
typedef struct csat_batch_options {
  size_t struct_size;
  /** Threads that score, 1 to 256. */
  int32_t threads;
  /** CSAT_BAD_ROWS_... */
  int32_t bad_rows;
  /** CSAT_BATCH_... */
  int32_t flags;
  /** 0 to 16 pairs of columns reason_1, lost_1, ...: the indicators that lost most points. */
  int32_t top_reasons;
  /** Columns that say to whom and when a record belongs, for vetoes that reach all records of a subject in
   * a period. Both or none. */
  csat_string_view subject_column;
  csat_string_view period_column;
  /** Put before the names of the columns of the result. UTF-8. */
  csat_string_view prefix;
} csat_batch_options;

#define CSAT_BATCH_OPTIONS_INIT                                                          \
  {                                                                                      \
    sizeof(csat_batch_options), 1, CSAT_BAD_ROWS_FAIL, 0, 0, {"", 0}, {"", 0}, { "", 0 } \
  }

/** Scores the rows of a struct array.
 *
 * @param schema      Type of the array. Borrowed: neither moved nor released.
 * @param array       The rows. Borrowed likewise, and not needed by the result.
 * @param options     NULL for CSAT_BATCH_OPTIONS_INIT.
 * @param out_schema  Receives the type of the result, for the caller to release; untouched on failure.
 * @param out_array   Receives the rows of the result, as many as `array` has, likewise.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: a column that the plan needs is missing or has a type that it
 *         cannot read; lengths, offsets or null counts contradict each other; an option lies outside of its
 *         range; a row is bad.
 * @since 0.1 */
CSAT_API csat_status csat_plan_score_batch(const csat_plan* plan, const struct ArrowSchema* schema,
                                           const struct ArrowArray* array, const csat_batch_options* options,
                                           struct ArrowSchema* out_schema, struct ArrowArray* out_array,
                                           csat_error** error);

/** Scores a stream batch by batch, as the result is read.
 *
 * @param in       A stream of struct arrays. Moved: on success it belongs to `out` and in->release is NULL;
 *                 on failure it is left alone.
 * @param options  NULL for CSAT_BATCH_OPTIONS_INIT. Copied. subject_column and period_column must be empty:
 *                 the records of a subject may lie in several batches, which only one batch can overlook.
 * @param out      Receives the stream of results, for the caller to release; untouched on failure. Its
 *                 callbacks return EINVAL for what csat_plan_score_batch() refuses, ENOMEM for no memory,
 *                 and what `in` returned. One thread may read it at a time.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: a released stream, or an option outside of its range.
 * @since 0.1 */
CSAT_API csat_status csat_plan_score_stream(const csat_plan* plan, struct ArrowArrayStream* in,
                                            const csat_batch_options* options, struct ArrowArrayStream* out,
                                            csat_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_BATCH_H_ */
