/* Questionnaires: what a policy asks, of whom, in which order, and whether answers are whole.
 *
 * Answers are one JSON object: a member for each answer under the field of its item, and under the field of its metric
 * what is known before the first question. A number answers a rating or a quantity (true and false are 1 and 0; a label
 * of the scale stands for its rank), a text a choice or an open question, a list of texts a choice of several. null is
 * an item that was shown and left out; a member that is not there was not answered yet. */
#ifndef CSAT_C_QUESTIONNAIRE_H_
#define CSAT_C_QUESTIONNAIRE_H_

#include "csat_c/base.h"
#include "csat_c/buffer.h"
#include "csat_c/error.h"
#include "csat_c/policy.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One questionnaire of a policy. Immutable. It keeps its policy. */
typedef struct csat_questionnaire csat_questionnaire;

/** Ids of a policy's questionnaires as a JSON array, in document order.
 *
 * @param out  Receives the array.
 * @since 0.1 */
CSAT_API csat_status csat_policy_questionnaires(const csat_policy* policy, csat_buffer** out,
                                                csat_error** error);

/** Which questionnaires are offered after an event, as a JSON object: "offered" and, where what is known does not tell,
 * "undecided", both lists of ids in document order.
 *
 * @param event         Empty: whatever happened. One that no questionnaire names is offered those that name none.
 * @param context       What is known, as answers are given. Fields that no questionnaire knows are passed over.
 * @param out           Receives the object.
 * @return CSAT_OK; CSAT_INVALID_ARGUMENT: no such object, a number with more than six places, or a value that the field
 *         of a questionnaire can never have, such as a word that it does not list, with its place.
 * @since 0.1 */
CSAT_API csat_status csat_policy_offers(const csat_policy* policy, const char* event, size_t event_size,
                                        const char* context, size_t context_size, csat_buffer** out,
                                        csat_error** error);

/** Gives one questionnaire.
 *
 * @param id   Its id.
 * @param out  Receives it, to free with csat_questionnaire_free().
 * @return CSAT_OK; CSAT_NOT_FOUND: the policy has none of that id.
 * @since 0.1 */
CSAT_API csat_status csat_questionnaire_create(const csat_policy* policy, const char* id, size_t id_size,
                                               csat_questionnaire** out, csat_error** error);

/** Frees a questionnaire. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_questionnaire_free(csat_questionnaire* questionnaire);

/** The questionnaire as one JSON object. Texts for people are objects by language; conditions stand as in the policy
 * file; what is not limited or not there is null, a text that is not there "". It holds "id", "version", "label",
 * "purpose", "channel", "languages", "triggers", "offered_when"; "context", what is known before the first question, with
 * "id", "field", "label" and either "values" (words) or "min", "max", "unit", "scale"; "least_questions" and
 * "most_questions" that a path shows, "max_questions", "min_duration_ms", "requires_presence", "core_items", "topics";
 * "follow_up" ("after", "since", "months", "days"), "confirmed_every" ("quarter", "half_year", "year"),
 * "confirmations" ("period", "decision", "report"); and "items", each with "id", "field", "kind", "label", "help",
 * "required", "detail", "always_shown" (by every path), "shown_when", "section", "topic", "origin", "purpose" and, by
 * kind: rating and quantity "min", "max", "unit", "scale" (null, or "id" and "labels" of "rank" and "label"); choice
 * "options" ("id", "label"); several "at_least", "at_most" and "options" with "metric" and its "field" besides; open
 * "max_characters".
 *
 * @param out  Receives the object.
 * @since 0.1 */
CSAT_API csat_status csat_questionnaire_to_json(const csat_questionnaire* questionnaire, csat_buffer** out,
                                                csat_error** error);

/** The items due now, as a JSON array of ids in their order: those shown whatever is still answered, and not answered
 * yet, up to the first whose condition waits for one of them. Empty: nothing is left to ask.
 *
 * @param answers  As the head of this file says.
 * @param out      Receives the array.
 * @return CSAT_OK; CSAT_INVALID_ARGUMENT: no such object, or a number with more than six places, with its place.
 * @since 0.1 */
CSAT_API csat_status csat_questionnaire_next(const csat_questionnaire* questionnaire, const char* answers,
                                             size_t answers_size, csat_buffer** out, csat_error** error);

/** Everything that is wrong with a set of answers, as a JSON object: "state" ("complete"; "incomplete": nothing is wrong
 * but that required answers are missing; "invalid"), "shown" (ids of the items on the path of these answers) and
 * "problems", in the order of the items: "kind" ("unknown_item", "not_shown", "unanswered", "wrong_type", "off_scale",
 * "unknown_option", "option_twice", "too_few_options", "too_many_options", "too_long"), "field", and "message" with
 * "en" and "zh".
 *
 * @param answers  As the head of this file says.
 * @param out      Receives the object.
 * @return CSAT_OK, whatever is wrong with the answers; CSAT_INVALID_ARGUMENT: no such object, or a number with more
 *         than six places, with its place.
 * @since 0.1 */
CSAT_API csat_status csat_questionnaire_check(const csat_questionnaire* questionnaire, const char* answers,
                                              size_t answers_size, csat_buffer** out, csat_error** error);

/** Whether a wave may start on a day.
 *
 * @param day  YYYY-MM-DD.
 * @return CSAT_OK; CSAT_FAILED_PRECONDITION: it has to be confirmed for its period, and is not; CSAT_INVALID_ARGUMENT:
 *         no such day.
 * @since 0.1 */
CSAT_API csat_status csat_questionnaire_may_start(const csat_questionnaire* questionnaire, const char* day,
                                                  size_t day_size, csat_error** error);

/** The last day on which a follow-up counts: YYYY-MM-DD, empty beyond the year 9999.
 *
 * @param event  Day of the event that the time is counted from, YYYY-MM-DD.
 * @param out    Receives the day.
 * @return CSAT_OK; CSAT_FAILED_PRECONDITION: the questionnaire follows none; CSAT_INVALID_ARGUMENT: no such day.
 * @since 0.1 */
CSAT_API csat_status csat_questionnaire_last_day(const csat_questionnaire* questionnaire, const char* event,
                                                 size_t event_size, csat_buffer** out, csat_error** error);

/** Whether a follow-up that was answered on a day counts.
 *
 * @param event   Day of the event that the time is counted from, YYYY-MM-DD.
 * @param before  Day on which the questionnaire before it was answered; empty: it was not.
 * @param day     Day on which the follow-up was answered.
 * @return CSAT_OK; CSAT_FAILED_PRECONDITION: the one before is not answered, or later; the day lies before the event or
 *         beyond the last day; CSAT_INVALID_ARGUMENT: the questionnaire follows none, or no such day.
 * @since 0.1 */
CSAT_API csat_status csat_questionnaire_check_follow_up(const csat_questionnaire* questionnaire,
                                                        const char* event, size_t event_size,
                                                        const char* before, size_t before_size,
                                                        const char* day, size_t day_size, csat_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_QUESTIONNAIRE_H_ */
