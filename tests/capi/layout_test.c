/* Where the members of each struct lie in release 0.1 on a machine of 64 bits, and the values of its
 * constants. A later release may only add: no number here ever changes. */
#include "expect.h"

struct member {
  const char* name;
  size_t offset;
  size_t wanted;
};

#define MEMBER(type, name, wanted) \
  { #type "." #name, offsetof(type, name), wanted }

static const struct member kMembers[] = {
    MEMBER(csat_string_view, data, 0),
    MEMBER(csat_string_view, size, 8),
    MEMBER(csat_summary, struct_size, 0),
    MEMBER(csat_summary, outcome, 8),
    MEMBER(csat_summary, grade, 12),
    MEMBER(csat_summary, reason, 16),
    MEMBER(csat_summary, flags, 20),
    MEMBER(csat_summary, score_micros, 24),
    MEMBER(csat_summary, base_micros, 32),
    MEMBER(csat_summary, without_veto_micros, 40),
    MEMBER(csat_ledger_line, struct_size, 0),
    MEMBER(csat_ledger_line, kind, 8),
    MEMBER(csat_ledger_line, basis, 12),
    MEMBER(csat_ledger_line, depth, 16),
    MEMBER(csat_ledger_line, flags, 20),
    MEMBER(csat_ledger_line, level, 24),
    MEMBER(csat_ledger_line, reserved, 28),
    MEMBER(csat_ledger_line, id, 32),
    MEMBER(csat_ledger_line, value_micros, 48),
    MEMBER(csat_ledger_line, points_micros, 56),
    MEMBER(csat_ledger_line, max_points_micros, 64),
    MEMBER(csat_ledger_line, weight_micros, 72),
    MEMBER(csat_ledger_line, weight_sum_micros, 80),
    MEMBER(csat_ledger_line, amount_micros, 88),
    MEMBER(csat_least_change, struct_size, 0),
    MEMBER(csat_least_change, flags, 8),
    MEMBER(csat_least_change, reserved, 12),
    MEMBER(csat_least_change, indicator, 16),
    MEMBER(csat_least_change, grade, 32),
    MEMBER(csat_least_change, from_micros, 48),
    MEMBER(csat_least_change, to_micros, 56),
    MEMBER(csat_least_change, max_points_micros, 64),
    MEMBER(csat_least_change, value_from_micros, 72),
    MEMBER(csat_least_change, value_to_micros, 80),
    MEMBER(csat_least_change, score_micros, 88),
    MEMBER(csat_batch_options, struct_size, 0),
    MEMBER(csat_batch_options, threads, 8),
    MEMBER(csat_batch_options, bad_rows, 12),
    MEMBER(csat_batch_options, flags, 16),
    MEMBER(csat_batch_options, top_reasons, 20),
    MEMBER(csat_batch_options, subject_column, 24),
    MEMBER(csat_batch_options, period_column, 40),
    MEMBER(csat_batch_options, prefix, 56),
    MEMBER(csat_simulation_options, struct_size, 0),
    MEMBER(csat_simulation_options, threads, 8),
    MEMBER(csat_simulation_options, bad_rows, 12),
    MEMBER(csat_simulation_options, flags, 16),
    MEMBER(csat_simulation_options, reserved, 20),
    MEMBER(csat_simulation_options, max_changes, 24),
    MEMBER(csat_simulation_options, subject_column, 32),
    MEMBER(csat_simulation_options, period_column, 48),
    MEMBER(csat_aggregates_options, struct_size, 0),
    MEMBER(csat_aggregates_options, threads, 8),
    MEMBER(csat_aggregates_options, bad_rows, 12),
    MEMBER(csat_reliability_options, struct_size, 0),
    MEMBER(csat_reliability_options, missing, 8),
    MEMBER(csat_reliability_options, reserved, 12),
    MEMBER(csat_reliability_options, level, 16),
    MEMBER(csat_reliability_options, reversed, 24),
    MEMBER(csat_reliability_options, reversed_count, 32),
    MEMBER(csat_review_decision, response, 0),
    MEMBER(csat_review_decision, outcome, 16),
    MEMBER(csat_review_decision, reserved, 20),
    MEMBER(csat_cleaning_options, struct_size, 0),
    MEMBER(csat_cleaning_options, threads, 8),
    MEMBER(csat_cleaning_options, reserved, 12),
    MEMBER(csat_cleaning_options, seed, 16),
    MEMBER(csat_cleaning_options, decisions, 32),
    MEMBER(csat_cleaning_options, decision_count, 40),
    MEMBER(csat_sampling_size_inputs, struct_size, 0),
    MEMBER(csat_sampling_size_inputs, z_micros, 8),
    MEMBER(csat_sampling_size_inputs, margin_micros, 16),
    MEMBER(csat_sampling_size_inputs, share_micros, 24),
    MEMBER(csat_sampling_size_inputs, population, 32),
    MEMBER(csat_sampling_size_inputs, design_effect_micros, 40),
    MEMBER(csat_sampling_size_inputs, response_rate_micros, 48),
    MEMBER(csat_sampling_size_result, struct_size, 0),
    MEMBER(csat_sampling_size_result, unrounded, 8),
    MEMBER(csat_sampling_size_result, answers, 16),
    MEMBER(csat_sampling_size_result, invitations, 24),
    MEMBER(csat_survey_dispositions, struct_size, 0),
    MEMBER(csat_survey_dispositions, complete, 8),
    MEMBER(csat_survey_dispositions, partial, 16),
    MEMBER(csat_survey_dispositions, refused, 24),
    MEMBER(csat_survey_dispositions, not_reached, 32),
    MEMBER(csat_survey_dispositions, other, 40),
    MEMBER(csat_survey_dispositions, unknown, 48),
    MEMBER(csat_survey_dispositions, ineligible, 56),
    MEMBER(csat_survey_rate, numerator, 0),
    MEMBER(csat_survey_rate, denominator, 8),
    MEMBER(csat_survey_rates, struct_size, 0),
    MEMBER(csat_survey_rates, least, 8),
    MEMBER(csat_survey_rates, with_partial, 24),
    MEMBER(csat_survey_rates, most, 40),
    MEMBER(csat_survey_rates, cooperation, 56),
    MEMBER(csat_survey_rates, refusal, 72),
    MEMBER(csat_survey_rates, contact, 88),
    MEMBER(csat_survey_wave, struct_size, 0),
    MEMBER(csat_survey_wave, planned, 8),
    MEMBER(csat_survey_wave, answered, 16),
    MEMBER(csat_survey_wave, unanswered_by_customer, 24),
    MEMBER(csat_survey_wave, not_contacted, 32),
    MEMBER(csat_survey_margins, struct_size, 0),
    MEMBER(csat_survey_margins, names, 8),
    MEMBER(csat_survey_margins, category_counts, 16),
    MEMBER(csat_survey_margins, categories, 24),
    MEMBER(csat_survey_margins, targets_micros, 32),
    MEMBER(csat_survey_margins, count, 40),
    MEMBER(csat_survey_rows, struct_size, 0),
    MEMBER(csat_survey_rows, ids, 8),
    MEMBER(csat_survey_rows, categories, 16),
    MEMBER(csat_survey_rows, base_micros, 24),
    MEMBER(csat_survey_rows, count, 32),
    MEMBER(csat_survey_calibration_rules, struct_size, 0),
    MEMBER(csat_survey_calibration_rules, total_micros, 8),
    MEMBER(csat_survey_calibration_rules, least_micros, 16),
    MEMBER(csat_survey_calibration_rules, greatest_micros, 24),
    MEMBER(csat_survey_calibration_rules, tolerance, 32),
    MEMBER(csat_survey_calibration_rules, most_cycles, 40),
    MEMBER(csat_survey_calibration_rules, reserved, 44),
    MEMBER(csat_survey_calibration, struct_size, 0),
    MEMBER(csat_survey_calibration, largest_deviation, 8),
    MEMBER(csat_survey_calibration, design_effect, 16),
    MEMBER(csat_survey_calibration, trimmed, 24),
    MEMBER(csat_survey_calibration, cycles, 32),
    MEMBER(csat_survey_calibration, reserved, 36),
    MEMBER(csat_measure_options, struct_size, 0),
    MEMBER(csat_measure_options, measures, 8),
    MEMBER(csat_measure_options, measures_count, 16),
    MEMBER(csat_measure_options, by, 24),
    MEMBER(csat_measure_options, by_count, 32),
    MEMBER(csat_measure_options, time_column, 40),
    MEMBER(csat_measure_options, bucket, 56),
    MEMBER(csat_measure_options, reserved, 60),
    MEMBER(csat_response_check_options, struct_size, 0),
    MEMBER(csat_response_check_options, texts, 8),
    MEMBER(csat_response_check_options, reserved, 12),
};

struct constant {
  const char* name;
  int value;
  int wanted;
};

#define CONSTANT(name, wanted) \
  { #name, name, wanted }

/* Numbers that programs have compiled in. */
static const struct constant kConstants[] = {
    CONSTANT(CSAT_OK, 0),
    CONSTANT(CSAT_INVALID_ARGUMENT, 3),
    CONSTANT(CSAT_NOT_FOUND, 5),
    CONSTANT(CSAT_RESOURCE_EXHAUSTED, 8),
    CONSTANT(CSAT_FAILED_PRECONDITION, 9),
    CONSTANT(CSAT_OUT_OF_RANGE, 11),
    CONSTANT(CSAT_UNIMPLEMENTED, 12),
    CONSTANT(CSAT_INTERNAL, 13),
    CONSTANT(CSAT_DATA_LOSS, 15),
    CONSTANT(CSAT_BAD_ROWS_FAIL, 0),
    CONSTANT(CSAT_BAD_ROWS_REFUSE, 1),
    CONSTANT(CSAT_BATCH_BASE, 1),
    CONSTANT(CSAT_BATCH_CONTRIBUTIONS, 2),
    CONSTANT(CSAT_BATCH_DECIMAL_SCORES, 4),
    CONSTANT(CSAT_SIMULATION_SENSITIVITY, 1),
    CONSTANT(CSAT_MISSING_LISTWISE, 0),
    CONSTANT(CSAT_MISSING_PAIRWISE, 1),
    CONSTANT(CSAT_ALLOCATE_PROPORTIONAL, 0),
    CONSTANT(CSAT_ALLOCATE_EQUAL, 1),
    CONSTANT(CSAT_ALLOCATE_OPTIMAL, 2),
    CONSTANT(CSAT_SEVERITY_ERROR, 0),
    CONSTANT(CSAT_SEVERITY_WARNING, 1),
    CONSTANT(CSAT_SEVERITY_NOTE, 2),
    CONSTANT(CSAT_TARGET_MET, 0),
    CONSTANT(CSAT_TARGET_MISSED, 1),
    CONSTANT(CSAT_TARGET_NOT_MEASURABLE, 2),
    CONSTANT(CSAT_TARGET_NO_TARGET, 3),
    CONSTANT(CSAT_LEAST_CHANGE_HAS_VALUE, 1),
    CONSTANT(CSAT_FIELD_NUMBER, 0),
    CONSTANT(CSAT_FIELD_TEXT, 1),
    CONSTANT(CSAT_FIELD_EVENTS, 2),
    CONSTANT(CSAT_ID_SCORECARD, 0),
    CONSTANT(CSAT_ID_METRIC, 1),
    CONSTANT(CSAT_ID_INDICATOR, 2),
    CONSTANT(CSAT_ID_GRADE, 3),
    CONSTANT(CSAT_ID_VETO, 4),
    CONSTANT(CSAT_ID_CAP, 5),
    CONSTANT(CSAT_ID_BONUS_SOURCE, 6),
    CONSTANT(CSAT_ID_PROFILE, 7),
    CONSTANT(CSAT_ID_TARGET, 8),
    CONSTANT(CSAT_OUTCOME_SCORED, 0),
    CONSTANT(CSAT_OUTCOME_VETOED, 1),
    CONSTANT(CSAT_OUTCOME_INSUFFICIENT, 2),
    CONSTANT(CSAT_OUTCOME_REFUSED, 3),
    CONSTANT(CSAT_SUMMARY_HAS_BASE, 1),
    CONSTANT(CSAT_LEDGER_INDICATOR, 0),
    CONSTANT(CSAT_LEDGER_ROUNDING, 1),
    CONSTANT(CSAT_LEDGER_BONUS, 2),
    CONSTANT(CSAT_LEDGER_BONUS_CAP, 3),
    CONSTANT(CSAT_LEDGER_CAP, 4),
    CONSTANT(CSAT_LEDGER_SCALE, 5),
    CONSTANT(CSAT_LEDGER_VETO, 6),
    CONSTANT(CSAT_BASIS_GIVEN, 0),
    CONSTANT(CSAT_BASIS_WORST, 1),
    CONSTANT(CSAT_BASIS_LEFT_OUT, 2),
    CONSTANT(CSAT_BASIS_LAST_KNOWN, 3),
    CONSTANT(CSAT_BASIS_VETOED, 4),
    CONSTANT(CSAT_BASIS_REFUSED, 5),
    CONSTANT(CSAT_BASIS_INSUFFICIENT, 6),
    CONSTANT(CSAT_LEDGER_GATED, 1),
    CONSTANT(CSAT_LEDGER_BINDING, 2),
    CONSTANT(CSAT_LEDGER_HAS_VALUE, 4),
};

int main(void) {
  size_t i;
  for (i = 0; i < sizeof(kConstants) / sizeof(kConstants[0]); ++i) {
    EXPECT_ROW(kConstants[i].name, kConstants[i].value == kConstants[i].wanted);
  }
  if (sizeof(void*) != 8) {
    printf("skipped: offsets, not a machine of 64 bits\n");
    return expect_done();
  }
  for (i = 0; i < sizeof(kMembers) / sizeof(kMembers[0]); ++i) {
    EXPECT_ROW(kMembers[i].name, kMembers[i].offset == kMembers[i].wanted);
  }
  /* No smaller than in release 0.1. */
  EXPECT(sizeof(csat_summary) >= 48);
  EXPECT(sizeof(csat_ledger_line) >= 96);
  EXPECT(sizeof(csat_least_change) >= 96);
  EXPECT(sizeof(csat_batch_options) >= 72);
  EXPECT(sizeof(csat_simulation_options) >= 64);
  EXPECT(sizeof(csat_aggregates_options) >= 16);
  EXPECT(sizeof(csat_reliability_options) >= 40);
  EXPECT(sizeof(csat_review_decision) == 24);
  EXPECT(sizeof(csat_cleaning_options) >= 48);
  EXPECT(sizeof(csat_sampling_size_inputs) >= 56);
  EXPECT(sizeof(csat_sampling_size_result) >= 32);
  EXPECT(sizeof(csat_survey_dispositions) >= 64);
  EXPECT(sizeof(csat_survey_rate) == 16);
  EXPECT(sizeof(csat_survey_rates) >= 104);
  EXPECT(sizeof(csat_survey_wave) >= 40);
  EXPECT(sizeof(csat_survey_margins) >= 48);
  EXPECT(sizeof(csat_survey_rows) >= 40);
  EXPECT(sizeof(csat_survey_calibration_rules) >= 48);
  EXPECT(sizeof(csat_survey_calibration) >= 40);
  EXPECT(sizeof(csat_measure_options) >= 64);
  EXPECT(sizeof(csat_response_check_options) >= 16);
  return expect_done();
}
