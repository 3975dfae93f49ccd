/* Scores: a record scored by a plan, in short (csat_summary) or with the whole explanation (csat_score). */
#ifndef CSAT_C_SCORE_H_
#define CSAT_C_SCORE_H_

#include "csat_c/base.h"
#include "csat_c/buffer.h"
#include "csat_c/error.h"
#include "csat_c/plan.h"
#include "csat_c/record.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What became of a record. A veto and too few answers are outcomes, not failures. */
enum {
  /** It has a score. */
  CSAT_OUTCOME_SCORED = 0,
  /** It has a score that a veto decided. */
  CSAT_OUTCOME_VETOED = 1,
  /** Too few answers for a score. */
  CSAT_OUTCOME_INSUFFICIENT = 2,
  /** A figure is missing without which the policy gives no score. */
  CSAT_OUTCOME_REFUSED = 3
};

/** A result without its explanation. Set up with CSAT_SUMMARY_INIT. */
typedef struct csat_summary {
  size_t struct_size;
  /** CSAT_OUTCOME_... */
  int32_t outcome;
  /** Index for csat_plan_grade(); -1: none. */
  int32_t grade;
  /** Index for csat_plan_reason(): what decided the result other than its points; 0: nothing. */
  int32_t reason;
  /** CSAT_SUMMARY_HAS_BASE. */
  int32_t flags;
  /** The score; 0 unless the outcome is SCORED or VETOED. */
  int64_t score_micros;
  /** The weighted mean before bonus, caps and vetoes. Like the next 0 without CSAT_SUMMARY_HAS_BASE. */
  int64_t base_micros;
  /** What the score would be if no veto had fired. */
  int64_t without_veto_micros;
} csat_summary;

/** Bits of csat_summary.flags. */
enum {
  /** A base was found. A veto can decide although figures for a base are missing. */
  CSAT_SUMMARY_HAS_BASE = 1
};

#define CSAT_SUMMARY_INIT \
  { sizeof(csat_summary), CSAT_OUTCOME_REFUSED, -1, 0, 0, 0, 0, 0 }

/** Scores one record. Allocates no memory unless it fails.
 *
 * @param record  A record of this plan.
 * @param out     Receives the result; untouched on failure.
 * @return CSAT_OK; CSAT_INVALID_ARGUMENT: a record of another plan, or a value that the policy refuses: NaN,
 *         an infinity, a value off its scale, a negative count, a numerator above its denominator, a word
 *         where a number is wanted; CSAT_FAILED_PRECONDITION: a plan of csat_plan_compile_metrics().
 * @since 0.1 */
CSAT_API csat_status csat_plan_score(const csat_plan* plan, const csat_record* record, csat_summary* out,
                                     csat_error** error);

/** A result with its ledger. Immutable. */
typedef struct csat_score csat_score;

/** Scores one record and explains the result. Bit for bit the result of csat_plan_score().
 *
 * @param record  A record of this plan; not needed afterwards.
 * @param out     Receives the score.
 * @return As csat_plan_score().
 * @since 0.1 */
CSAT_API csat_status csat_plan_explain(const csat_plan* plan, const csat_record* record, csat_score** out,
                                       csat_error** error);

/** Frees a score. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_score_free(csat_score* score);

/** Gives the result without its explanation.
 *
 * @return CSAT_OK or CSAT_INVALID_ARGUMENT.
 * @since 0.1 */
CSAT_API csat_status csat_score_summary(const csat_score* score, csat_summary* out);

/** "scored", "vetoed", "insufficient" or "refused".
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_score_outcome(const csat_score* score);

/** Id of the grade; empty: none.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_score_grade(const csat_score* score);

/** Id of the profile whose weights were used; empty: none.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_score_profile(const csat_score* score);

/** What kept the record from being scored, on one line; empty: it was scored.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_score_refusal(const csat_score* score);

/** Kind of a ledger line. */
enum {
  CSAT_LEDGER_INDICATOR = 0,
  CSAT_LEDGER_ROUNDING = 1,
  CSAT_LEDGER_BONUS = 2,
  CSAT_LEDGER_BONUS_CAP = 3,
  CSAT_LEDGER_CAP = 4,
  CSAT_LEDGER_SCALE = 5,
  CSAT_LEDGER_VETO = 6
};

/** How an indicator's figure was found. */
enum {
  CSAT_BASIS_GIVEN = 0,
  CSAT_BASIS_WORST = 1,
  CSAT_BASIS_LEFT_OUT = 2,
  CSAT_BASIS_LAST_KNOWN = 3,
  CSAT_BASIS_VETOED = 4,
  CSAT_BASIS_REFUSED = 5,
  CSAT_BASIS_INSUFFICIENT = 6
};

/** Bits of csat_ledger_line.flags. */
enum {
  /** The indicator's gate capped its points. */
  CSAT_LEDGER_GATED = 1,
  /** A veto or cap that changed the score. */
  CSAT_LEDGER_BINDING = 2,
  /** value_micros is set. */
  CSAT_LEDGER_HAS_VALUE = 4
};

/** One line of a ledger. The lines of depth 0 add up to the score, exactly; the lines of depth d + 1 that
 * follow a line add up to that line's points. Set up with CSAT_LEDGER_LINE_INIT. */
typedef struct csat_ledger_line {
  size_t struct_size;
  /** CSAT_LEDGER_... */
  int32_t kind;
  /** CSAT_BASIS_... */
  int32_t basis;
  int32_t depth;
  /** CSAT_LEDGER_GATED, _BINDING, _HAS_VALUE. */
  int32_t flags;
  /** Index for csat_plan_level(); -1: none. */
  int32_t level;
  /** 0. */
  int32_t reserved;
  /** Of the indicator, bonus source, cap or veto; empty for others. Borrowed from the score. */
  csat_string_view id;
  /** The raw figure, after aggregation. */
  int64_t value_micros;
  /** Points on the indicator's own scale, and the maximum of that scale. */
  int64_t points_micros;
  int64_t max_points_micros;
  /** Weight among the siblings, and their sum. 0 and 0 where there is none. */
  int64_t weight_micros;
  int64_t weight_sum_micros;
  /** What the line adds to the score, or to its parent's points. */
  int64_t amount_micros;
} csat_ledger_line;

#define CSAT_LEDGER_LINE_INIT \
  { sizeof(csat_ledger_line), 0, 0, 0, 0, -1, 0, {"", 0}, 0, 0, 0, 0, 0, 0 }

/** Number of ledger lines.
 *
 * @since 0.1 */
CSAT_API size_t csat_score_ledger_count(const csat_score* score);

/** Gives a ledger line.
 *
 * @param out  Untouched on failure.
 * @return CSAT_OK; CSAT_OUT_OF_RANGE: no such line.
 * @since 0.1 */
CSAT_API csat_status csat_score_ledger_line(const csat_score* score, size_t index, csat_ledger_line* out);

/** Number of reasons: top-level indicators that lost points.
 *
 * @since 0.1 */
CSAT_API size_t csat_score_reason_count(const csat_score* score);

/** Id of the indicator of a reason, most points lost first.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_score_reason_id(const csat_score* score, size_t index);

/** Points of the score that the indicator lost against its maximum, in millionths.
 *
 * @since 0.1 */
CSAT_API int64_t csat_score_reason_lost_micros(const csat_score* score, size_t index);

/** Number of vetoes that fired, also those that changed nothing.
 *
 * @since 0.1 */
CSAT_API size_t csat_score_veto_count(const csat_score* score);

/** Id of a veto that fired, in the order of the document.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_score_veto_id(const csat_score* score, size_t index);

/** Number of grades whose score was reached and whose condition failed.
 *
 * @since 0.1 */
CSAT_API size_t csat_score_failed_condition_count(const csat_score* score);

/** Id of such a grade, best first.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_score_failed_condition(const csat_score* score, size_t index);

/** Tells the score in words, line by line of the ledger.
 *
 * @param language  "zh" for Chinese; any other, or empty, for English.
 * @param out       Receives the text.
 * @since 0.1 */
CSAT_API csat_status csat_score_words(const csat_score* score, const char* language, size_t language_size,
                                      csat_buffer** out, csat_error** error);

/** Writes the score with its ledger as one JSON object; decimals are JSON numbers with all their places.
 *
 * @param out  Receives the object.
 * @since 0.1 */
CSAT_API csat_status csat_score_to_json(const csat_score* score, csat_buffer** out, csat_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_SCORE_H_ */
