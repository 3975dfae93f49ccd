/* Waves of a survey: who answered, whether the wave counts, and the weights with which its answers speak for their
 * population. Pure functions of what they are given. */
#ifndef CSAT_C_SURVEY_H_
#define CSAT_C_SURVEY_H_

#include "csat_c/base.h"
#include "csat_c/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The last state of every unit of the list, each in one of: AAPOR, Standard Definitions, 10th ed. 2023. Each 0 or
 * more. Set up with CSAT_SURVEY_DISPOSITIONS_INIT. */
typedef struct csat_survey_dispositions {
  size_t struct_size;
  /** I */
  int64_t complete;
  /** P: broken off, enough to count. */
  int64_t partial;
  /** R: said no, or broke off before. */
  int64_t refused;
  /** NC */
  int64_t not_reached;
  /** O: reached, without an answer for another reason. */
  int64_t other;
  /** UH + UO: never known whether they belonged to those to be asked. */
  int64_t unknown;
  /** Found not to belong to them; in no rate. */
  int64_t ineligible;
} csat_survey_dispositions;

#define CSAT_SURVEY_DISPOSITIONS_INIT \
  { sizeof(csat_survey_dispositions), 0, 0, 0, 0, 0, 0, 0 }

/** A quotient of counts; a denominator of 0: nobody is in it, and there is no rate. */
typedef struct csat_survey_rate {
  int64_t numerator;
  int64_t denominator;
} csat_survey_rate;

/** Set struct_size before the call: CSAT_SURVEY_RATES_INIT. */
typedef struct csat_survey_rates {
  size_t struct_size;
  /** RR1: I over all eligible or unknown. */
  csat_survey_rate least;
  /** RR2: I + P over the same. */
  csat_survey_rate with_partial;
  /** RR6: I + P over the eligible, the unknown counting as not. */
  csat_survey_rate most;
  /** COOP2: I + P over those who were reached. */
  csat_survey_rate cooperation;
  /** REF1: R over all eligible or unknown. */
  csat_survey_rate refusal;
  /** CON1: who was reached, over all eligible or unknown. */
  csat_survey_rate contact;
} csat_survey_rates;

#define CSAT_SURVEY_RATES_INIT                                                  \
  {                                                                             \
    sizeof(csat_survey_rates), {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, { 0, 0 } \
  }

/** The rates of what became of those asked.
 *
 * @param out  Receives the rates; untouched on failure.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: a count below 0, or a sum beyond 2^40.
 * @since 0.1 */
CSAT_API csat_status csat_survey_response_rates(const csat_survey_dispositions* dispositions,
                                                csat_survey_rates* out, csat_error** error);

/** A wave by the slots of its approved list; they sum to `planned`. Set up with CSAT_SURVEY_WAVE_INIT. */
typedef struct csat_survey_wave {
  size_t struct_size;
  int64_t planned;
  /** With a valid answer, their own or a replacement's of the same stratum. */
  int64_t answered;
  /** Refused, not reachable, not returned. */
  int64_t unanswered_by_customer;
  /** For reasons of the company. */
  int64_t not_contacted;
} csat_survey_wave;

#define CSAT_SURVEY_WAVE_INIT \
  { sizeof(csat_survey_wave), 0, 0, 0, 0 }

/** Whether the result of a wave counts. */
enum {
  CSAT_WAVE_VALID = 0,
  /** Too many without an answer; replacements may still fill their slots. */
  CSAT_WAVE_SUPPLEMENT_REQUIRED = 1,
  /** Closed with too many: figures are kept, there is no grade. */
  CSAT_WAVE_INVALID = 2
};

/** 100 * unanswered_by_customer > percent * planned asks for supplementary measures; a wave closed so is invalid.
 *
 * @param percent_micros  0 to 100000000.
 * @param closed          0 or 1.
 * @param out             Receives CSAT_WAVE_...; untouched on failure.
 * @return CSAT_OK; CSAT_INVALID_ARGUMENT: counts below 0 or that do not sum to `planned`, no slot planned, a
 *         percentage outside of its range; CSAT_FAILED_PRECONDITION: closed while slots were not contacted.
 * @since 0.1 */
CSAT_API csat_status csat_survey_wave_state(const csat_survey_wave* wave, int64_t percent_micros,
                                            int32_t closed, int32_t* out, csat_error** error);

/** How many days lie from `start` through the same day so many months later (on the last day of a shorter month), both
 * included.
 *
 * @param start   Days since 1970-01-01, years 1 to 9999.
 * @param months  0 to 1200.
 * @param days    `count` days likewise, in any order.
 * @param out     Receives the number; untouched on failure.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: a day or a number of months outside of its range.
 * @since 0.1 */
CSAT_API csat_status csat_survey_count_within_months(int64_t start, int32_t months, const int64_t* days,
                                                     size_t count, int64_t* out, csat_error** error);

/** The properties by which a population is known, each divided into categories. Set up with
 * CSAT_SURVEY_MARGINS_INIT. */
typedef struct csat_survey_margins {
  size_t struct_size;
  /** `count` names, each once. */
  const csat_string_view* names;
  /** For each the number of its categories. */
  const size_t* category_counts;
  /** The names of all categories, those of the first margin first. */
  const csat_string_view* categories;
  /** Their counts or shares in the population, 0 or more: they count in proportion to their sum. */
  const int64_t* targets_micros;
  size_t count;
} csat_survey_margins;

#define CSAT_SURVEY_MARGINS_INIT \
  { sizeof(csat_survey_margins), NULL, NULL, NULL, NULL, 0 }

/** The rows of a sample. Set up with CSAT_SURVEY_ROWS_INIT. */
typedef struct csat_survey_rows {
  size_t struct_size;
  /** `count` ids, each once: they settle which of equal rows is rounded up. */
  const csat_string_view* ids;
  /** For each row and margin the index of the row's category in it: those of the first row first. */
  const int32_t* categories;
  /** Design weights, one over the chance to be drawn, above 0; NULL: 1 each. */
  const int64_t* base_micros;
  size_t count;
} csat_survey_rows;

#define CSAT_SURVEY_ROWS_INIT \
  { sizeof(csat_survey_rows), NULL, NULL, NULL, 0 }

/** Set up with CSAT_SURVEY_CALIBRATION_RULES_INIT: no limits, weights that sum to the number of rows. */
typedef struct csat_survey_calibration_rules {
  size_t struct_size;
  /** What the weights add up to, exactly; 0: the number of rows. */
  int64_t total_micros;
  /** No weight below this many times the mean weight, 0 to 1; -1: no limit. */
  int64_t least_micros;
  /** No weight above this many times the mean weight, 1 or more; -1: no limit. */
  int64_t greatest_micros;
  /** Of any category from its target, as a share of the total; 1e-12 to 0.01. */
  double tolerance;
  /** 1 to 100000. */
  int32_t most_cycles;
  /** 0 */
  int32_t reserved;
} csat_survey_calibration_rules;

#define CSAT_SURVEY_CALIBRATION_RULES_INIT \
  { sizeof(csat_survey_calibration_rules), 0, -1, -1, 1e-9, 1000, 0 }

/** Set struct_size before the call: CSAT_SURVEY_CALIBRATION_INIT. */
typedef struct csat_survey_calibration {
  size_t struct_size;
  /** The largest distance of a category from its target, as a share of the total. */
  double largest_deviation;
  /** n * sum of squared weights / (sum of weights)^2: Kish, Survey Sampling, 1965, 11.7. */
  double design_effect;
  /** Rows at a limit. */
  int64_t trimmed;
  /** Over all margins; 1 for one margin. */
  int32_t cycles;
  /** 0 */
  int32_t reserved;
} csat_survey_calibration;

#define CSAT_SURVEY_CALIBRATION_INIT \
  { sizeof(csat_survey_calibration), 0, 0, 0, 0, 0 }

/** The weights nearest to the base weights with which the sample adds up to the margins: post-stratification by one
 * margin, raking (Deming and Stephan 1940) by several, within limits the truncated method of Deville, Sarndal and
 * Sautory (1993). Whole millionths that add up to the total exactly, by the largest remainder; the order of the rows
 * has no part in it.
 *
 * @param rules                NULL for CSAT_SURVEY_CALIBRATION_RULES_INIT.
 * @param out_weights_micros   Receives a weight for each row; untouched on failure.
 * @param out_achieved_micros  Receives for each category, in the order of the margins, the sum of its weights; NULL if
 *                             not wanted.
 * @param out                  NULL if not wanted.
 * @return CSAT_OK; CSAT_INVALID_ARGUMENT names what is out of range; CSAT_FAILED_PRECONDITION says why there are no
 *         weights: a category with a target and no row, or with rows and no target; one whose target lies beyond what
 *         the limits leave to its rows; no convergence.
 * @since 0.1 */
CSAT_API csat_status csat_survey_calibrate(const csat_survey_margins* margins, const csat_survey_rows* rows,
                                           const csat_survey_calibration_rules* rules,
                                           int64_t* out_weights_micros, int64_t* out_achieved_micros,
                                           csat_survey_calibration* out, csat_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_SURVEY_H_ */
