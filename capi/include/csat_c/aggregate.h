/* Exact aggregates: what groups of responses are to be known by, in integers that add up in any order.
 *
 * Responses are read once, as Arrow columns. States of shards, minutes or machines merge into the state of the
 * whole, byte for byte, however the rows were split, ordered or spread over threads. Of the finished state come
 * frequencies, means and deviations by group, and the reliability of sets of items: alpha, omega, KMO, Bartlett.
 *
 * A spec is a JSON document, read as strictly as a policy:
 *
 *     {"by": ["shop", "month"],
 *      "items": [{"id": "q1", "field": "Q1", "min": 1, "max": 5},
 *                {"id": "wait", "min": 0, "max": 3600, "decimal_places": 1, "missing_values": [-9]},
 *                {"id": "q2", "min": 1, "max": 5, "labels": [{"word": "good", "value": 5}]}],
 *      "sets": [{"id": "quality", "items": ["q1", "q2"]}]}
 *
 *   by      columns whose values make a group: bool, integers, words, days; up to 8
 *   items   up to 256 columns of figures, each on the grid of 10^-decimal_places (0 to 6) from min to max; `field`
 *           is the column's name, if not the id ([a-z0-9_]{1,64}). A number with more places is read as the nearest
 *           of the grid, ties to the even one, or, with "exact": true, is a bad value. An item of at most 250 grid
 *           points keeps a count for each.
 *   sets    up to 16 sets of 2 to 64 items whose joint moments are kept
 *
 * A value outside of the range, NaN, an infinity or a word that is no label is a bad value; null and the
 * missing_values are missing answers. */
#ifndef CSAT_C_AGGREGATE_H_
#define CSAT_C_AGGREGATE_H_

#include "csat_c/arrow.h"
#include "csat_c/base.h"
#include "csat_c/batch.h"
#include "csat_c/buffer.h"
#include "csat_c/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The states of all groups of a spec. */
typedef struct csat_aggregates csat_aggregates;

/** How rows are added. Set up with CSAT_AGGREGATES_OPTIONS_INIT. */
typedef struct csat_aggregates_options {
  size_t struct_size;
  /** Threads that count, 1 to 256. The result does not depend on it. */
  int32_t threads;
  /** CSAT_BAD_ROWS_FAIL: a bad value fails the call, which names its row. CSAT_BAD_ROWS_REFUSE: it keeps its
   * whole row out; csat_aggregates_refused_count() counts these. */
  int32_t bad_rows;
} csat_aggregates_options;

#define CSAT_AGGREGATES_OPTIONS_INIT \
  { sizeof(csat_aggregates_options), 1, CSAT_BAD_ROWS_FAIL }

/** Which rows the joint figures of a set are over. */
enum {
  /** Those that answer all of its items. */
  CSAT_MISSING_LISTWISE = 0,
  /** For each pair of items those that answer both. */
  CSAT_MISSING_PAIRWISE = 1
};

/** How a set of items is judged. Set up with CSAT_RELIABILITY_OPTIONS_INIT. */
typedef struct csat_reliability_options {
  size_t struct_size;
  /** CSAT_MISSING_... */
  int32_t missing;
  int32_t reserved;
  /** Coverage of the interval of alpha, within (0, 1): 0.95. */
  double level;
  /** Ids of the items of the set that are turned about in their range, because they are worded the other way. */
  const csat_string_view* reversed;
  size_t reversed_count;
} csat_reliability_options;

#define CSAT_RELIABILITY_OPTIONS_INIT \
  { sizeof(csat_reliability_options), CSAT_MISSING_LISTWISE, 0, 0.95, NULL, 0 }

/** Makes aggregates without any group.
 *
 * @param spec  JSON, as above.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: the spec cannot be read (the error has the place), or contradicts
 *         the limits above.
 * @since 0.1 */
CSAT_API csat_status csat_aggregates_create(const char* spec, size_t spec_size, csat_aggregates** out,
                                            csat_error** error);

/** Reads what csat_aggregates_to_bytes() wrote.
 *
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: no such bytes; truncated, changed, of a newer version, or
 *         contradicting themselves.
 * @since 0.1 */
CSAT_API csat_status csat_aggregates_from_bytes(const char* bytes, size_t bytes_size, csat_aggregates** out,
                                                csat_error** error);

/** A copy that does not depend on the original.
 *
 * @since 0.1 */
CSAT_API csat_status csat_aggregates_copy(const csat_aggregates* aggregates, csat_aggregates** out,
                                          csat_error** error);

/** Frees aggregates. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_aggregates_free(csat_aggregates* aggregates);

/** Adds the rows of a struct array. On failure nothing was added.
 *
 * @param schema   Type of the array. Borrowed: neither moved nor released.
 * @param array    The rows. Borrowed likewise. Columns that the spec does not name are left alone.
 * @param options  NULL for CSAT_AGGREGATES_OPTIONS_INIT.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: a column is missing, is there twice or has a type that cannot be
 *         read; the array contradicts itself; an option lies outside of its range; a bad value.
 * @since 0.1 */
CSAT_API csat_status csat_aggregates_add_batch(csat_aggregates* aggregates, const struct ArrowSchema* schema,
                                               const struct ArrowArray* array,
                                               const csat_aggregates_options* options, csat_error** error);

/** Adds the rows of all arrays of a stream. On failure, also midway, nothing was added.
 *
 * @param stream   Borrowed: read to its end or to the failure, and not released.
 * @param options  As for csat_aggregates_add_batch().
 * @return as csat_aggregates_add_batch(), rows counted over the whole stream; CSAT_INVALID_ARGUMENT also for a
 *         released stream; CSAT_DATA_LOSS: the stream failed, with its words; CSAT_RESOURCE_EXHAUSTED also: the
 *         stream had no memory.
 * @since 0.1 */
CSAT_API csat_status csat_aggregates_add_stream(csat_aggregates* aggregates, struct ArrowArrayStream* stream,
                                                const csat_aggregates_options* options, csat_error** error);

/** Adds the groups of `other`, which may be the same aggregates. On failure nothing was added.
 *
 * @return CSAT_OK; CSAT_FAILED_PRECONDITION: it has another spec; CSAT_OUT_OF_RANGE: more rows or groups than
 *         can be counted.
 * @since 0.1 */
CSAT_API csat_status csat_aggregates_merge(csat_aggregates* aggregates, const csat_aggregates* other,
                                           csat_error** error);

/** Takes the rows of `other` out again; groups without rows vanish. On failure nothing was taken out.
 *
 * @return CSAT_OK, or CSAT_FAILED_PRECONDITION: it has another spec, or rows that these aggregates cannot hold.
 * @since 0.1 */
CSAT_API csat_status csat_aggregates_subtract(csat_aggregates* aggregates, const csat_aggregates* other,
                                              csat_error** error);

/** The canonical bytes, with the spec: the same groups give the same bytes, however they came together.
 *
 * @since 0.1 */
CSAT_API csat_status csat_aggregates_to_bytes(const csat_aggregates* aggregates, csat_buffer** out,
                                              csat_error** error);

/** The spec as JSON in one text for all spellings of it.
 *
 * @since 0.1 */
CSAT_API csat_status csat_aggregates_spec(const csat_aggregates* aggregates, csat_buffer** out,
                                          csat_error** error);

/** Rows that were counted.
 *
 * @since 0.1 */
CSAT_API int64_t csat_aggregates_row_count(const csat_aggregates* aggregates);

/** Rows that were kept out for a bad value.
 *
 * @since 0.1 */
CSAT_API int64_t csat_aggregates_refused_count(const csat_aggregates* aggregates);

/** Number of groups.
 *
 * @since 0.1 */
CSAT_API size_t csat_aggregates_group_count(const csat_aggregates* aggregates);

/** One row for each group, in the order of the keys: by type (null, bool, integers, days, words), then by value.
 *
 *   <key> ...     bool, int64, date32 or words in a dictionary, null for null; words for all where a key column
 *                 held several types
 *   rows          int64
 *   <id>.n        int64: rows with a value, for each item of the spec
 *   <id>.missing  int64: rows without
 *   <id>.mean     float64, the nearest to the exact mean; null without a value
 *   <id>.sd       float64, divided by n - 1; null below two values
 *
 * @param out_schema  Receives the type, for the caller to release; untouched on failure.
 * @param out_array   Receives the rows, likewise.
 * @return CSAT_OK, CSAT_INVALID_ARGUMENT: a key has the name of one of the other columns, or
 *         CSAT_OUT_OF_RANGE: the words of a key take more than 2 GiB.
 * @since 0.1 */
CSAT_API csat_status csat_aggregates_groups(const csat_aggregates* aggregates, struct ArrowSchema* out_schema,
                                            struct ArrowArray* out_array, csat_error** error);

/** One row for each value that occurs in a group, of the items that keep counts, by group, item and value.
 *
 *   <key> ...  as for csat_aggregates_groups()
 *   item       id of the item, in a dictionary
 *   value      decimal128(19, 6)
 *   count      int64, above 0
 *
 * Parameters and failures are those of csat_aggregates_groups().
 *
 * @since 0.1 */
CSAT_API csat_status csat_aggregates_levels(const csat_aggregates* aggregates, struct ArrowSchema* out_schema,
                                            struct ArrowArray* out_array, csat_error** error);

/** Whether the items of a set measure one thing, in one group: a JSON object.
 *
 *   set, items, reversed, missing ("listwise" or "pairwise"), level
 *   rows, complete        rows of the group, and those that answer all items
 *   n                     rows that the interval of alpha takes
 *   alpha                 Cronbach's, of covariances; with alpha_interval {"low", "high"} by Feldt
 *   standardised_alpha, average_correlation
 *   omega_total, omega_of_model   McDonald's, of one factor by minimum residuals; heywood: items at its limit
 *   kmo                   sampling adequacy of Kaiser, Meyer and Olkin
 *   bartlett              {"chi_square", "df", "p", "log10_p", "n"}
 *   eigenvalues           of the correlations, descending
 *   correlations          rows of the matrix
 *   by_item               for each item: id, n, mean, sd, item_rest, alpha_if_dropped,
 *                         standardised_alpha_if_dropped, loading, kmo
 *   findings              what is wrong with the items, whatever could be computed
 *
 * A figure that there is none of is {"reason": "constant", "items": ["q2"]} in its place: empty, too_few, constant,
 * duplicate, singular, indefinite, not_measurable, no_convergence or invalid, with the items at fault; never NaN,
 * never an infinity. Definitions and sources are those of include/csat/measure; docs/aggregates.md lists them.
 *
 * @param group    0 to csat_aggregates_group_count() - 1, in the order of csat_aggregates_groups().
 * @param set      Id of a set of the spec.
 * @param options  NULL for CSAT_RELIABILITY_OPTIONS_INIT.
 * @return CSAT_OK; CSAT_NOT_FOUND: no such set; CSAT_OUT_OF_RANGE: no such group; CSAT_INVALID_ARGUMENT: an
 *         option lies outside of its range, or `reversed` names what is no item of the set, or one twice.
 * @since 0.1 */
CSAT_API csat_status csat_aggregates_reliability(const csat_aggregates* aggregates, size_t group,
                                                 const char* set, size_t set_size,
                                                 const csat_reliability_options* options, csat_buffer** out,
                                                 csat_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_AGGREGATE_H_ */
