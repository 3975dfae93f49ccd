/* Waves and weights through the C interface: rates, validity, months and calibration, and what is refused.
 * P2-25 P3-77 P3-83 P1-22 */
#include "expect.h"

static void expect_error(const char* row, csat_status got, csat_status want, csat_error** error,
                         const char* text) {
  EXPECT_ROW(row, got == want && csat_error_code(*error) == got);
  EXPECT_ROW(row, text_holds(csat_error_message(*error), text));
  EXPECT_ROW(row, !text_holds(csat_error_message(*error), "\n"));
  if (!text_holds(csat_error_message(*error), text)) printf("  said: %s\n", csat_error_message(*error).data);
  csat_error_free(*error);
  *error = NULL;
}

/* 500 complete, 50 partial, 200 refused, 100 not reached, 50 others, 100 unknown. */
static void test_rates(void) {
  csat_survey_dispositions given = CSAT_SURVEY_DISPOSITIONS_INIT;
  csat_survey_rates rates = CSAT_SURVEY_RATES_INIT;
  csat_error* error = NULL;
  given.complete = 500;
  given.partial = 50;
  given.refused = 200;
  given.not_reached = 100;
  given.other = 50;
  given.unknown = 100;
  given.ineligible = 7;
  EXPECT(csat_survey_response_rates(&given, &rates, &error) == CSAT_OK);
  EXPECT(rates.least.numerator * 1000 == 500 * rates.least.denominator);
  EXPECT(rates.with_partial.numerator * 1000 == 550 * rates.with_partial.denominator);
  EXPECT(rates.most.numerator * 900 == 550 * rates.most.denominator);
  EXPECT(rates.cooperation.numerator * 800 == 550 * rates.cooperation.denominator);
  EXPECT(rates.refusal.numerator * 1000 == 200 * rates.refusal.denominator);
  EXPECT(rates.contact.numerator * 1000 == 800 * rates.contact.denominator);
  given = (csat_survey_dispositions)CSAT_SURVEY_DISPOSITIONS_INIT;
  EXPECT(csat_survey_response_rates(&given, &rates, &error) == CSAT_OK);
  EXPECT(rates.least.denominator == 0);
  given.refused = -1;
  expect_error("below 0", csat_survey_response_rates(&given, &rates, &error), CSAT_INVALID_ARGUMENT, &error,
               "-1");
  given.struct_size = 8;
  expect_error("small struct", csat_survey_response_rates(&given, &rates, &error), CSAT_INVALID_ARGUMENT,
               &error, "dispositions");
  expect_error("no counts", csat_survey_response_rates(NULL, &rates, &error), CSAT_INVALID_ARGUMENT, &error,
               "dispositions");
}

struct wave_row {
  const char* name;
  int64_t planned, answered, unanswered, not_contacted;
  int32_t closed;
  int32_t want; /* -1: invalid argument, -2: failed precondition. */
  const char* text;
};

static const struct wave_row kWaves[] = {
    {"20 of 100", 100, 80, 20, 0, 1, CSAT_WAVE_VALID, ""},
    {"21 of 100, open", 100, 79, 21, 0, 0, CSAT_WAVE_SUPPLEMENT_REQUIRED, ""},
    {"21 of 100, closed", 100, 79, 21, 0, 1, CSAT_WAVE_INVALID, ""},
    {"1 of 7", 7, 6, 1, 0, 1, CSAT_WAVE_VALID, ""},
    {"2 of 7", 7, 5, 2, 0, 1, CSAT_WAVE_INVALID, ""},
    {"not contacted", 100, 90, 0, 10, 1, -2, "10"},
    {"no sum", 100, 90, 0, 0, 1, -1, "100"},
    {"none planned", 0, 0, 0, 0, 1, -1, ""},
    {"closed is 2", 100, 100, 0, 0, 2, -1, "closed 2 is neither 0 nor 1"},
};

static void test_waves(void) {
  csat_error* error = NULL;
  size_t i;
  for (i = 0; i < sizeof(kWaves) / sizeof(kWaves[0]); ++i) {
    const struct wave_row* row = &kWaves[i];
    csat_survey_wave wave = CSAT_SURVEY_WAVE_INIT;
    int32_t state = -7;
    csat_status status;
    wave.planned = row->planned;
    wave.answered = row->answered;
    wave.unanswered_by_customer = row->unanswered;
    wave.not_contacted = row->not_contacted;
    status = csat_survey_wave_state(&wave, 20000000, row->closed, &state, &error);
    if (row->want >= 0) {
      EXPECT_ROW(row->name, status == CSAT_OK && state == row->want);
    } else {
      EXPECT_ROW(row->name, state == -7);
      expect_error(row->name, status, row->want == -1 ? CSAT_INVALID_ARGUMENT : CSAT_FAILED_PRECONDITION,
                   &error, row->text);
    }
  }
}

/* Moved in on 2025-03-01, day 20148; 2026-03-01 is day 20513. */
static void test_months(void) {
  const int64_t days[4] = {20147, 20148, 20513, 20514};
  csat_error* error = NULL;
  int64_t count = -1;
  EXPECT(csat_survey_count_within_months(20148, 12, days, 4, &count, &error) == CSAT_OK && count == 2);
  EXPECT(csat_survey_count_within_months(20148, 12, NULL, 0, &count, &error) == CSAT_OK && count == 0);
  expect_error("months", csat_survey_count_within_months(20148, 1201, days, 4, &count, &error),
               CSAT_INVALID_ARGUMENT, &error, "months 1201 lies outside [0, 1200]");
  expect_error("start", csat_survey_count_within_months(10000000, 1, days, 4, &count, &error),
               CSAT_INVALID_ARGUMENT, &error, "day 10000000");
  expect_error("no days", csat_survey_count_within_months(20148, 1, NULL, 1, &count, &error),
               CSAT_INVALID_ARGUMENT, &error, "days");
}

/* Six women and four men of a population of 49 to 51. */
static void test_weights(void) {
  const csat_string_view name = {"sex", 3}, categories[2] = {{"f", 1}, {"m", 1}};
  const size_t category_count = 2;
  const int64_t targets[2] = {49000000, 51000000};
  const char letters[] = "abcdefghij";
  csat_string_view ids[10];
  int32_t of[10];
  int64_t weights[10] = {0}, achieved[2] = {0}, sum = 0;
  csat_survey_margins margins = CSAT_SURVEY_MARGINS_INIT;
  csat_survey_rows rows = CSAT_SURVEY_ROWS_INIT;
  csat_survey_calibration_rules rules = CSAT_SURVEY_CALIBRATION_RULES_INIT;
  csat_survey_calibration made = CSAT_SURVEY_CALIBRATION_INIT;
  csat_error* error = NULL;
  size_t i;
  for (i = 0; i < 10; ++i) {
    ids[i].data = letters + i;
    ids[i].size = 1;
    of[i] = i < 6 ? 0 : 1;
  }
  margins.names = &name;
  margins.category_counts = &category_count;
  margins.categories = categories;
  margins.targets_micros = targets;
  margins.count = 1;
  rows.ids = ids;
  rows.categories = of;
  rows.count = 10;
  EXPECT(csat_survey_calibrate(&margins, &rows, NULL, weights, achieved, &made, &error) == CSAT_OK);
  for (i = 0; i < 10; ++i) sum += weights[i];
  EXPECT(sum == 10000000);
  EXPECT(weights[9] == 1275000 && achieved[0] == 4900000 && achieved[1] == 5100000);
  EXPECT(made.cycles == 1 && made.trimmed == 0 && made.design_effect > 1.05 && made.design_effect < 1.0505);
  EXPECT(csat_survey_calibrate(&margins, &rows, NULL, weights, NULL, NULL, &error) == CSAT_OK);
  rules.total_micros = 100000000;
  EXPECT(csat_survey_calibrate(&margins, &rows, &rules, weights, achieved, &made, &error) == CSAT_OK);
  EXPECT(achieved[0] == 49000000);
  rules.greatest_micros = 1100000;
  expect_error("limits", csat_survey_calibrate(&margins, &rows, &rules, weights, achieved, &made, &error),
               CSAT_FAILED_PRECONDITION, &error, "'m'");
  of[9] = 2;
  expect_error("category", csat_survey_calibrate(&margins, &rows, NULL, weights, NULL, NULL, &error),
               CSAT_INVALID_ARGUMENT, &error, "2");
  rows.ids = NULL;
  expect_error("no ids", csat_survey_calibrate(&margins, &rows, NULL, weights, NULL, NULL, &error),
               CSAT_INVALID_ARGUMENT, &error, "rows: ids");
  margins.targets_micros = NULL;
  expect_error("no targets", csat_survey_calibrate(&margins, &rows, NULL, weights, NULL, NULL, &error),
               CSAT_INVALID_ARGUMENT, &error, "margins: targets_micros");
  expect_error("nowhere", csat_survey_calibrate(&margins, &rows, NULL, NULL, NULL, NULL, &error),
               CSAT_INVALID_ARGUMENT, &error, "out_weights_micros");
}

int main(void) {
  test_rates();
  test_waves();
  test_months();
  test_weights();
  return expect_done();
}
