/* Records: the figures of one thing to be scored. A record is made once and filled again and again:
 * csat_record_clear(), set, csat_plan_score(). After the first rounds filling allocates no memory. */
#ifndef CSAT_C_RECORD_H_
#define CSAT_C_RECORD_H_

#include "csat_c/base.h"
#include "csat_c/error.h"
#include "csat_c/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The values of one record, one for each field of a plan. Not for two threads at a time. */
typedef struct csat_record csat_record;

/** Makes a record of a plan with every field missing.
 *
 * @param out  Receives the record. It belongs to this plan and no other.
 * @since 0.1 */
CSAT_API csat_status csat_record_create(const csat_plan* plan, csat_record** out, csat_error** error);

/** Frees a record. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_record_free(csat_record* record);

/** Makes every field missing.
 *
 * @return CSAT_OK or CSAT_INVALID_ARGUMENT.
 * @since 0.1 */
CSAT_API csat_status csat_record_clear(csat_record* record);

/** Makes a field missing. The setters take a slot of csat_plan_find_field() and judge it alone; the value is
 * judged when the record is scored. They have no csat_error**: what can go wrong is in the status.
 *
 * @return CSAT_OK; CSAT_OUT_OF_RANGE: no such slot.
 * @since 0.1 */
CSAT_API csat_status csat_record_set_missing(csat_record* record, int32_t slot);

/** Sets a whole number.
 *
 * @return As csat_record_set_missing().
 * @since 0.1 */
CSAT_API csat_status csat_record_set_int64(csat_record* record, int32_t slot, int64_t value);

/** Sets an exact decimal, in millionths.
 *
 * @return As csat_record_set_missing().
 * @since 0.1 */
CSAT_API csat_status csat_record_set_decimal(csat_record* record, int32_t slot, int64_t value_micros);

/** Sets a binary number. It is read as the nearest decimal with the places that the metric declares; NaN and
 * infinities are refused when the record is scored.
 *
 * @return As csat_record_set_missing().
 * @since 0.1 */
CSAT_API csat_status csat_record_set_double(csat_record* record, int32_t slot, double value);

/** Sets a word: the value of a text field, or the label of a rating.
 *
 * @param text  Copied.
 * @return As csat_record_set_missing(); CSAT_RESOURCE_EXHAUSTED: no memory, the field is missing.
 * @since 0.1 */
CSAT_API csat_status csat_record_set_text(csat_record* record, int32_t slot, const char* text,
                                          size_t text_size);

/** Sets the list of a field of events.
 *
 * @param events  Copied. NULL only if `count` is 0.
 * @return As csat_record_set_text().
 * @since 0.1 */
CSAT_API csat_status csat_record_set_events(csat_record* record, int32_t slot, const double* events,
                                            size_t count);

/** Sets the list of a field of events by the labels of its rating scale: each counts as the rank that it stands
 * for. Unlike the setters before it judges what it is given.
 *
 * @param labels  Copied. NULL only if `count` is 0.
 * @return CSAT_OK; CSAT_OUT_OF_RANGE: no such slot; CSAT_INVALID_ARGUMENT: a word that is no label of the scale,
 *         or no metric with a labelled scale reads events in this field. The field is missing then.
 * @since 0.1 */
CSAT_API csat_status csat_record_set_labels(csat_record* record, int32_t slot, const csat_string_view* labels,
                                            size_t count, csat_error** error);

/** Sets all fields from a JSON object: names of fields with numbers, texts, true or false (1 or 0), lists of
 * numbers or of labels, or null for missing. Fields it does not name are missing. Numbers are read exactly.
 *
 * @param error  Its path names the field, if one is at fault.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: not one JSON object, a field that the policy does not know, a
 *         field given twice, or a value of a type that the field does not take. Every field is missing then.
 * @since 0.1 */
CSAT_API csat_status csat_record_set_json(csat_record* record, const char* json, size_t json_size,
                                          csat_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_RECORD_H_ */
