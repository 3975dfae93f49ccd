/* Measures: the figures that a policy declares of many records, such as the responses of a month.
 *
 * A measure plan says, for one grouping, what of a table is counted. Records are added to aggregates, which are exact
 * and merge across threads, minutes and machines (csat_c/aggregate.h); from finished aggregates come the figures, each
 * with its uncertainty or with the reason why there is none. */
#ifndef CSAT_C_MEASURE_H_
#define CSAT_C_MEASURE_H_

#include "csat_c/aggregate.h"
#include "csat_c/arrow.h"
#include "csat_c/base.h"
#include "csat_c/error.h"
#include "csat_c/policy.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Measures of a policy, compiled. Immutable. */
typedef struct csat_measure_plan csat_measure_plan;

/** What records are grouped into by time. */
enum {
  CSAT_BUCKET_MINUTE = 0,
  CSAT_BUCKET_HOUR = 1,
  CSAT_BUCKET_DAY = 2,
  CSAT_BUCKET_WEEK = 3,
  CSAT_BUCKET_MONTH = 4,
  CSAT_BUCKET_QUARTER = 5,
  CSAT_BUCKET_HALF_YEAR = 6,
  CSAT_BUCKET_YEAR = 7
};

/** What is measured, and how records are grouped. Set up with CSAT_MEASURE_OPTIONS_INIT. */
typedef struct csat_measure_options {
  size_t struct_size;
  /** Ids of measures; none: all of the policy. */
  const csat_string_view* measures;
  size_t measures_count;
  /** Columns whose values make a group, as `by` of csat_aggregates_create(). */
  const csat_string_view* by;
  size_t by_count;
  /** Column of timestamps or days; empty: records are not grouped by time. Timestamps without a zone, and days, are
   * read as the clock of the policy's zone shows them. Adds the key "period", of words such as "2025-03" or
   * "2025-03-14T22:15+08:00". */
  csat_string_view time_column;
  /** CSAT_BUCKET_... */
  int32_t bucket;
  int32_t reserved;
} csat_measure_options;

#define CSAT_MEASURE_OPTIONS_INIT \
  { sizeof(csat_measure_options), NULL, 0, NULL, 0, {NULL, 0}, CSAT_BUCKET_MONTH, 0 }

/** Compiles measures of a policy.
 *
 * @param options  NULL for CSAT_MEASURE_OPTIONS_INIT: all measures, one group.
 * @param out      Receives the plan.
 * @return CSAT_OK; CSAT_NOT_FOUND: no such measure, or a zone that the tz database does not have;
 *         CSAT_INVALID_ARGUMENT: the policy has no measures, one is asked for twice, a key stands twice, or an option
 *         lies outside of its range.
 * @since 0.1 */
CSAT_API csat_status csat_measure_plan_compile(const csat_policy* policy, const csat_measure_options* options,
                                               csat_measure_plan** out, csat_error** error);

/** Frees a plan. NULL does nothing. Aggregates made with it stay.
 *
 * @since 0.1 */
CSAT_API void csat_measure_plan_free(csat_measure_plan* plan);

/** Number of columns that tables have to have: keys, the time column, and the fields of all metrics that are read.
 *
 * @since 0.1 */
CSAT_API int32_t csat_measure_plan_column_count(const csat_measure_plan* plan);

/** Name of such a column, 0 to csat_measure_plan_column_count() - 1.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_measure_plan_column_name(const csat_measure_plan* plan, int32_t index);

/** Makes aggregates without any record. Those of plans compiled from the same policy with the same options merge, also
 * by way of their bytes.
 *
 * @since 0.1 */
CSAT_API csat_status csat_measure_plan_aggregates(const csat_measure_plan* plan, csat_aggregates** out,
                                                  csat_error** error);

/** Adds the records of a struct array. On failure nothing was added.
 *
 * @param aggregates  Of this plan.
 * @param schema      Type of the array. Borrowed: neither moved nor released.
 * @param array       The records. Borrowed likewise.
 * @param options     NULL for CSAT_AGGREGATES_OPTIONS_INIT.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: aggregates of other measures; a column that a metric or a key reads is
 *         missing, is there twice or has a type that cannot be read; the array contradicts itself; an option lies
 *         outside of its range; a value that its metric refuses, with its row. CSAT_OUT_OF_RANGE: more rows or groups
 *         than aggregates hold.
 * @since 0.1 */
CSAT_API csat_status csat_measure_plan_add_batch(const csat_measure_plan* plan, csat_aggregates* aggregates,
                                                 const struct ArrowSchema* schema,
                                                 const struct ArrowArray* array,
                                                 const csat_aggregates_options* options, csat_error** error);

/** Adds the records of all arrays of a stream. On failure, also midway, nothing was added.
 *
 * @param stream  Borrowed: read to its end or to the failure, and not released.
 * @return as csat_measure_plan_add_batch(), rows counted over the whole stream; otherwise as
 *         csat_aggregates_add_stream().
 * @since 0.1 */
CSAT_API csat_status csat_measure_plan_add_stream(const csat_measure_plan* plan, csat_aggregates* aggregates,
                                                  struct ArrowArrayStream* stream,
                                                  const csat_aggregates_options* options, csat_error** error);

/** One row for each group and measure, by the groups' keys, then in the order asked for. Without keys there always is
 * one group, also of no record.
 *
 *   <key> ...      as for csat_aggregates_groups()
 *   measure        its id, in a dictionary
 *   n              int64: the answers that the figure is made of: records with an answer, or with base RECORDS all; of
 *                  a ratio the records that have all of its terms; of a product or difference the fewest of its parts
 *   value          float64: a share in 0..1, a net promoter score in points; null where there is none
 *   low, high      float64: the interval; null where there is none
 *   interval       how it was made, in a dictionary: "wilson" (shares), "student_t" (means), "score" (net promoter
 *                  scores), "effective_size" (weighted), "mover" (differences)
 *   design_effect  float64: n over the number of equal records that would say as much; 1 without weights
 *   shown          the figure as it is printed, half up, in a dictionary; or why there is none
 *   target         how it stands to the measure's target: "met", "missed", "not_measurable"; null where it has none
 *   reason         why there is none: "empty", "too_few", "constant", "not_measurable", "invalid"; null where there is
 *                  a figure
 *   no_interval    why there is no interval: as "reason", or of a figure "too_few", "constant", or "no_method" (no way is
 *                  known here to say how sure it is); null where there is one
 *
 * @param level       Coverage of the intervals, within (0, 1): 0.95.
 * @param out_schema  Receives the type, for the caller to release; untouched on failure.
 * @param out_array   Receives the rows, likewise.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: aggregates of other measures, a level outside of its range, a key with the
 *         name of one of the other columns.
 * @since 0.1 */
CSAT_API csat_status csat_measure_plan_figures(const csat_measure_plan* plan,
                                               const csat_aggregates* aggregates, double level,
                                               struct ArrowSchema* out_schema, struct ArrowArray* out_array,
                                               csat_error** error);

/** One row for each group, as csat_plan_score_batch() reads them where a metric's field is named like the measure.
 *
 *   <key> ...    as for csat_aggregates_groups()
 *   <measure>    decimal128(38, 6), half-even at the sixth place; null where there is no figure
 *   <measure>.n  int64
 *
 * @return CSAT_OK; CSAT_INVALID_ARGUMENT as csat_measure_plan_figures(); CSAT_OUT_OF_RANGE: a figure beyond 64 bits of
 *         millionths.
 * @since 0.1 */
CSAT_API csat_status csat_measure_plan_columns(const csat_measure_plan* plan,
                                               const csat_aggregates* aggregates,
                                               struct ArrowSchema* out_schema, struct ArrowArray* out_array,
                                               csat_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_MEASURE_H_ */
