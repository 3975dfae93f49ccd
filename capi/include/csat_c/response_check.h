/* Response checks: whole tables of responses to a questionnaire, and what is wrong with each. Nothing is dropped. */
#ifndef CSAT_C_RESPONSE_CHECK_H_
#define CSAT_C_RESPONSE_CHECK_H_

#include "csat_c/arrow.h"
#include "csat_c/base.h"
#include "csat_c/buffer.h"
#include "csat_c/error.h"
#include "csat_c/questionnaire.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What became of a response. */
enum {
  CSAT_ANSWERS_COMPLETE = 0,
  /** Nothing is wrong but that required answers are missing. */
  CSAT_ANSWERS_INCOMPLETE = 1,
  CSAT_ANSWERS_INVALID = 2
};

/** How responses are read. Set up with CSAT_RESPONSE_CHECK_OPTIONS_INIT. */
typedef struct csat_response_check_options {
  size_t struct_size;
  /** 1: the table holds texts, as a CSV file does. A text that is a number stands for it, true and false for 1 and 0,
   * and option ids between spaces, commas or semicolons for the list of them. 0: texts are texts. */
  int32_t texts;
  /** 0; anything else is refused. */
  int32_t reserved;
} csat_response_check_options;

#define CSAT_RESPONSE_CHECK_OPTIONS_INIT \
  { sizeof(csat_response_check_options), 0, 0 }

/** What was found in one table. Immutable. It keeps its policy. */
typedef struct csat_response_check csat_response_check;

/** Judges each row of a table as csat_questionnaire_check() judges one set of answers. A column is found by the "field" of
 * its item, and what is known beforehand by its own: numbers, bools, decimals, texts or dictionaries of texts; null is
 * not answered; other columns are passed over. A number with more than six places is off its scale. The item of several
 * options is a list of texts, or a column of 0 and 1 for each option under its "field": null in all of them is not
 * answered, in some of them 0. Where both are there the list counts, and a response of which the columns say otherwise
 * is a contradiction.
 *
 * @param schema   Type of the array. Borrowed: neither moved nor released.
 * @param array    The responses, a row each. Borrowed likewise, and not needed afterwards.
 * @param options  NULL for CSAT_RESPONSE_CHECK_OPTIONS_INIT. Copied.
 * @param out      Receives the result.
 * @return CSAT_OK, whatever is wrong with the answers; CSAT_INVALID_ARGUMENT: a column that is missing, there twice or
 *         of a type that can never answer its item.
 * @since 0.1 */
CSAT_API csat_status csat_questionnaire_check_table(const csat_questionnaire* questionnaire,
                                                    const struct ArrowSchema* schema,
                                                    const struct ArrowArray* array,
                                                    const csat_response_check_options* options,
                                                    csat_response_check** out, csat_error** error);

/** Frees a result. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_response_check_free(csat_response_check* check);

/** Number of responses.
 *
 * @since 0.1 */
CSAT_API int64_t csat_response_check_row_count(const csat_response_check* check);

/** Number of responses in a state, CSAT_ANSWERS_...
 *
 * @since 0.1 */
CSAT_API int64_t csat_response_check_state_count(const csat_response_check* check, int32_t state);

/** Gives a row for each response, in their order: state (dictionary of the texts complete, incomplete and invalid);
 * shown (int64: items on the path of its answers); problems (int64: how many).
 *
 * @param out_schema  Receives the type, for the caller to release; untouched on failure.
 * @param out_array   Receives the rows, likewise.
 * @since 0.1 */
CSAT_API csat_status csat_response_check_states(const csat_response_check* check,
                                                struct ArrowSchema* out_schema, struct ArrowArray* out_array,
                                                csat_error** error);

/** Gives a row for each problem, by response, then in the order of the items: row (int64, from 0); field, problem
 * (dictionaries of texts; the kinds of csat_questionnaire_check(), and "contradiction": a list of options says one thing,
 * the columns of the options another), detail (dictionary of texts): the answer and the limit,
 * in the words of csat_questionnaire_check() in English without the item; of a contradiction both answers.
 *
 * @since 0.1 */
CSAT_API csat_status csat_response_check_problems(const csat_response_check* check,
                                                  struct ArrowSchema* out_schema,
                                                  struct ArrowArray* out_array, csat_error** error);

/** Writes all but the rows as one JSON object: "policy" (id, version, digest), "questionnaire" (id, version), "rows",
 * "complete", "incomplete", "invalid", and "fields", what is known beforehand and then the items, in their order, with
 * "field", "shown" (responses whose path shows it), "answered" (of these, with an answer that is not wrong) and
 * "problems" (an object of counts by kind, those that occur).
 *
 * @param out  Receives the object.
 * @since 0.1 */
CSAT_API csat_status csat_response_check_to_json(const csat_response_check* check, csat_buffer** out,
                                                 csat_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_RESPONSE_CHECK_H_ */
