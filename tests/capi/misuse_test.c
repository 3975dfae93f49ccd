/* What a caller can do wrong, and what he gets for it: an error, never a crash. Each row of the tables holds
 * one mistake. */
#include <float.h>
#include <locale.h>
#include <math.h>

#include "expect.h"

static const char kRecord[] =
    "{\"product_quality\": 86, \"service_quality\": 90, \"weighting\": \"product_first\"}";

/* A call has to fail with this code and a message of one line that holds this text. */
static void expect_error(const char* row, csat_status got, csat_status wanted, csat_error* error,
                         const char* text) {
  EXPECT_ROW(row, got == wanted);
  EXPECT_ROW(row, csat_error_code(error) == wanted);
  EXPECT_ROW(row, text_holds(csat_error_message(error), text));
  EXPECT_ROW(row, !text_holds(csat_error_message(error), "\n"));
  if (!text_holds(csat_error_message(error), text)) printf("  said: %s\n", csat_error_message(error).data);
  csat_error_free(error);
}

static void test_nulls(const csat_policy* policy, const csat_plan* plan, const csat_record* record) {
  csat_error* error = NULL;
  csat_plan* no_plan = (csat_plan*)1;
  csat_summary summary = CSAT_SUMMARY_INIT;
  csat_score* score = NULL;
  csat_buffer* buffer = NULL;
  csat_status status;

  status = csat_policy_parse("{}", 2, NULL, NULL, &error);
  expect_error("parse without out", status, CSAT_INVALID_ARGUMENT, error, "out is NULL");
  error = NULL;
  status = csat_plan_compile(NULL, "survey", 6, &no_plan, &error);
  expect_error("compile no policy", status, CSAT_INVALID_ARGUMENT, error, "policy is NULL");
  EXPECT(no_plan == NULL);
  error = NULL;
  status = csat_plan_compile(policy, NULL, 6, &no_plan, &error);
  expect_error("compile NULL with a size", status, CSAT_INVALID_ARGUMENT, error,
               "scorecard is NULL with size 6");
  error = NULL;
  status = csat_plan_compile(policy, NULL, 0, &no_plan, &error);
  expect_error("compile the empty name", status, CSAT_NOT_FOUND, error, "''");
  error = NULL;
  status = csat_plan_score(NULL, record, &summary, &error);
  expect_error("score without plan", status, CSAT_INVALID_ARGUMENT, error, "plan is NULL");
  error = NULL;
  status = csat_plan_score(plan, NULL, &summary, &error);
  expect_error("score without record", status, CSAT_INVALID_ARGUMENT, error, "record is NULL");
  error = NULL;
  status = csat_plan_score(plan, record, NULL, &error);
  expect_error("score without out", status, CSAT_INVALID_ARGUMENT, error, "out is NULL");
  error = NULL;
  status = csat_score_words(NULL, "en", 2, &buffer, &error);
  expect_error("words of no score", status, CSAT_INVALID_ARGUMENT, error, "score is NULL");
  error = NULL;
  status = csat_plan_explain(plan, record, NULL, &error);
  expect_error("explain without out", status, CSAT_INVALID_ARGUMENT, error, "out is NULL");
  /* Nobody has to want the error. */
  EXPECT(csat_plan_score(NULL, NULL, NULL, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_plan_explain(plan, NULL, &score, NULL) == CSAT_INVALID_ARGUMENT && score == NULL);

  /* Accessors of nothing. */
  EXPECT(csat_policy_scorecard_count(NULL) == 0);
  EXPECT(csat_policy_id(NULL).size == 0 && csat_policy_id(NULL).data != NULL);
  EXPECT(csat_plan_find_field(NULL, "x", 1) == -1);
  EXPECT(csat_plan_find_field(plan, NULL, 7) == -1);
  EXPECT(csat_plan_field_type(plan, -1) == -1);
  EXPECT(csat_plan_field_type(plan, csat_plan_field_count(plan)) == -1);
  EXPECT(csat_plan_field_type(plan, csat_plan_field_count(plan) - 1) >= 0);
  EXPECT(csat_plan_reason(plan, INT32_MIN).size == 0);
  EXPECT(csat_policy_scorecard_id(policy, SIZE_MAX).size == 0);
  EXPECT(csat_policy_assumed_clause(policy, 0, SIZE_MAX).size == 0);
  EXPECT(csat_record_clear(NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_record_set_int64(NULL, 0, 1) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_score_summary(NULL, &summary) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_error_code(NULL) == CSAT_OK);
  EXPECT(csat_error_message(NULL).size == 0);

  csat_policy_free(NULL);
  csat_plan_free(NULL);
  csat_record_free(NULL);
  csat_score_free(NULL);
  csat_figures_free(NULL);
  csat_least_changes_free(NULL);
  csat_diagnostics_free(NULL);
  csat_case_failures_free(NULL);
  csat_buffer_free(NULL);
  csat_error_free(NULL);
}

static void test_wrong_handles(const csat_policy* policy) {
  csat_plan* plan = compile_plan(policy, "survey");
  csat_record* record = make_record(plan, kRecord);
  csat_summary summary = CSAT_SUMMARY_INIT;
  csat_error* error = NULL;
  csat_error* second = NULL;
  csat_plan* other_plan = compile_plan(policy, "survey");
  csat_status status;

  status = csat_plan_score((const csat_plan*)policy, record, &summary, &error);
  expect_error("a policy for a plan", status, CSAT_INVALID_ARGUMENT, error,
               "plan is a handle of another kind: policy");
  error = NULL;
  status = csat_plan_score(plan, (const csat_record*)plan, &summary, &error);
  expect_error("a plan for a record", status, CSAT_INVALID_ARGUMENT, error,
               "record is a handle of another kind: plan");
  error = NULL;
  status = csat_plan_score(other_plan, record, &summary, &error);
  expect_error("a record of another plan", status, CSAT_INVALID_ARGUMENT, error, "made for another plan");
  EXPECT(csat_plan_grade_count((const csat_plan*)record) == 0);
  csat_plan_free((csat_plan*)record);
  EXPECT(csat_record_set_missing(record, 0) == CSAT_OK); /* It lives: it is not a plan's to free. */

  /* In any order: the record keeps its plan, the plan its policy. */
  csat_plan_free(other_plan);
  csat_plan_free(plan);
  error = NULL;
  status = csat_plan_score(plan, record, &summary, &error);
  expect_error("a freed plan", status, CSAT_INVALID_ARGUMENT, error, "plan was freed");
  EXPECT(csat_plan_scorecard_id(plan).size == 0);
  csat_plan_free(plan); /* Twice: nothing happens. */
  EXPECT(csat_record_set_json(record, kRecord, strlen(kRecord), NULL) == CSAT_OK);
  csat_record_free(record);
  EXPECT(csat_record_set_double(record, 0, 1) == CSAT_INVALID_ARGUMENT);
  csat_record_free(record);

  error = NULL;
  EXPECT(csat_plan_score(NULL, NULL, NULL, &error) == CSAT_INVALID_ARGUMENT);
  csat_error_free(error);
  EXPECT(csat_error_message(error).size == 0);
  csat_error_free(error);
  EXPECT(second == NULL);
}

/* A freed handle is recognised until 256 more of its kind were freed. */
static void test_quarantine(const csat_policy* policy) {
  csat_plan* plan = compile_plan(policy, "survey");
  csat_record* freed = make_record(plan, kRecord);
  int i;
  csat_record_free(freed);
  for (i = 0; i < 255; ++i) csat_record_free(make_record(plan, kRecord));
  EXPECT(csat_record_clear(freed) == CSAT_INVALID_ARGUMENT);
  csat_plan_free(plan);
}

static void test_struct_sizes(const csat_plan* plan, const csat_record* record) {
  struct {
    csat_summary known;
    char later[16]; /* What a header of a later release may add. */
  } bigger;
  csat_summary summary = CSAT_SUMMARY_INIT;
  csat_ledger_line line = CSAT_LEDGER_LINE_INIT;
  csat_error* error = NULL;
  csat_score* score = NULL;
  csat_status status;

  EXPECT(csat_plan_score(plan, record, &summary, NULL) == CSAT_OK);
  EXPECT(summary.struct_size == sizeof(csat_summary));
  EXPECT(summary.score_micros == 87600000);

  memset(&bigger, 0x5a, sizeof bigger);
  bigger.known.struct_size = sizeof bigger;
  EXPECT(csat_plan_score(plan, record, &bigger.known, NULL) == CSAT_OK);
  EXPECT(bigger.known.score_micros == 87600000);
  EXPECT(bigger.known.struct_size == sizeof bigger);
  EXPECT(bigger.later[0] == 0x5a && bigger.later[15] == 0x5a);

  summary.struct_size = sizeof(csat_summary) - 1;
  summary.score_micros = -1;
  status = csat_plan_score(plan, record, &summary, &error);
  expect_error("one byte too small", status, CSAT_INVALID_ARGUMENT, error, "struct_size 47 of csat_summary");
  EXPECT(summary.score_micros == -1);
  summary.struct_size = 0;
  EXPECT(csat_plan_score(plan, record, &summary, NULL) == CSAT_INVALID_ARGUMENT);
  summary.struct_size = SIZE_MAX;
  EXPECT(csat_plan_score(plan, record, &summary, NULL) == CSAT_INVALID_ARGUMENT);

  EXPECT(csat_plan_explain(plan, record, &score, NULL) == CSAT_OK);
  EXPECT(csat_score_ledger_line(score, csat_score_ledger_count(score), &line) == CSAT_OUT_OF_RANGE);
  EXPECT(csat_score_ledger_line(score, csat_score_ledger_count(score) - 1, &line) == CSAT_OK);
  line.struct_size -= 1;
  EXPECT(csat_score_ledger_line(score, 0, &line) == CSAT_INVALID_ARGUMENT);
  csat_score_free(score);
}

static void test_sizes(csat_record* record) {
  csat_policy* policy = NULL;
  csat_error* error = NULL;
  double event = 1;
  csat_status status = csat_policy_parse("{}", SIZE_MAX, &policy, NULL, &error);
  expect_error("a size of SIZE_MAX", status, CSAT_INVALID_ARGUMENT, error, "lies above CSAT_MAX_SIZE");
  error = NULL;
  status = csat_policy_parse("{}", CSAT_MAX_SIZE + 1, &policy, NULL, &error);
  expect_error("one above the limit", status, CSAT_INVALID_ARGUMENT, error, "size 2147483648 of json");
  error = NULL;
  status = csat_record_set_json(record, "{}", SIZE_MAX, &error);
  expect_error("a record of SIZE_MAX", status, CSAT_INVALID_ARGUMENT, error, "lies above CSAT_MAX_SIZE");
  EXPECT(csat_record_set_text(record, 0, "x", SIZE_MAX) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_record_set_text(record, 0, NULL, 1) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_record_set_events(record, 0, &event, SIZE_MAX) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_record_set_events(record, 0, NULL, 1) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_record_set_int64(record, -1, 0) == CSAT_OUT_OF_RANGE);
  EXPECT(csat_record_set_int64(record, INT32_MAX, 0) == CSAT_OUT_OF_RANGE);
}

/* Texts need no NUL, and a NUL in one is a byte like any other. */
static void test_nul(const csat_policy* policy, const csat_plan* plan) {
  const char exact[] = {'s', 'u', 'r', 'v', 'e', 'y'};
  csat_plan* found = NULL;
  csat_error* error = NULL;
  csat_record* record = NULL;
  csat_status status;
  EXPECT(csat_plan_compile(policy, exact, sizeof exact, &found, NULL) == CSAT_OK);
  csat_plan_free(found);
  status = csat_plan_compile(policy, "survey\0x", 8, &found, &error);
  expect_error("a NUL in a name", status, CSAT_NOT_FOUND, error, "survey");
  EXPECT(csat_record_create(plan, &record, NULL) == CSAT_OK);
  EXPECT(csat_record_set_json(record, "{}\0", 3, NULL) == CSAT_INVALID_ARGUMENT);
  csat_record_free(record);
}

struct record_row {
  const char* name;
  const char* json;
  const char* says;
  const char* path;
};

static const struct record_row kBadRecords[] = {
    {"empty", "", "", ""},
    {"cut off", "{\"product_quality\": 8", "", ""},
    {"a list", "[1]", "JSON object", ""},
    {"two objects", "{}{}", "", ""},
    {"not UTF-8", "{\"weighting\": \"\xff\"}", "UTF-8", ""},
    {"an unknown field", "{\"product_qualty\": 86}", "product_qualty", "product_qualty"},
    {"a field with a line in its name", "{\"a\\nb\": 1}", "'a\\nb'", "[\"a\\nb\"]"},
    {"a field twice", "{\"product_quality\": 86, \"product_quality\": 87}", "product_quality",
     "product_quality"},
    {"an object in it", "{\"product_quality\": {}}", "object", "product_quality"},
    {"a list for a number", "{\"product_quality\": [86]}", "takes one number", "product_quality"},
    {"a number for a word", "{\"weighting\": 1}", "takes a word", "weighting"},
    {"beyond a double", "{\"product_quality\": 1e999}", "", ""},
};

static void test_bad_records(const csat_plan* plan) {
  size_t i;
  for (i = 0; i < sizeof(kBadRecords) / sizeof(kBadRecords[0]); ++i) {
    const struct record_row* row = &kBadRecords[i];
    csat_record* record = make_record(plan, kRecord);
    csat_error* error = NULL;
    csat_summary summary = CSAT_SUMMARY_INIT;
    const csat_status status = csat_record_set_json(record, row->json, strlen(row->json), &error);
    EXPECT_ROW(row->name, text_is(csat_error_path(error), row->path));
    expect_error(row->name, status, CSAT_INVALID_ARGUMENT, error, row->says);
    /* Nothing of it was kept, nor of what was there before. */
    EXPECT_ROW(row->name, csat_plan_score(plan, record, &summary, NULL) == CSAT_OK);
    EXPECT_ROW(row->name, summary.outcome == CSAT_OUTCOME_REFUSED);
    csat_record_free(record);
  }
}

struct value_row {
  const char* name;
  double value;
  int good;
};

static void test_bad_values(const csat_plan* plan) {
  const struct value_row rows[] = {
      {"least", 0, 1},
      {"below", -0.000001, 0},
      {"most", 100, 1},
      {"above", 100.000001, 0},
      {"NaN", NAN, 0},
      {"infinity", HUGE_VAL, 0},
      {"minus infinity", -HUGE_VAL, 0},
      {"largest", DBL_MAX, 0},
      {"minus zero", -0.0, 1},
  };
  const int32_t slot = csat_plan_find_field(plan, "product_quality", strlen("product_quality"));
  size_t i;
  EXPECT(slot >= 0);
  for (i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
    csat_record* record = make_record(plan, kRecord);
    csat_summary summary = CSAT_SUMMARY_INIT;
    csat_error* error = NULL;
    csat_status status;
    EXPECT_ROW(rows[i].name, csat_record_set_double(record, slot, rows[i].value) == CSAT_OK);
    status = csat_plan_score(plan, record, &summary, &error);
    if (rows[i].good) {
      EXPECT_ROW(rows[i].name, status == CSAT_OK && error == NULL);
    } else {
      expect_error(rows[i].name, status, CSAT_INVALID_ARGUMENT, error, "product_quality");
      EXPECT_ROW(rows[i].name, summary.score_micros == 0 && summary.grade == -1);
    }
    csat_record_free(record);
  }
}

/* Numbers are read and written the same in a locale with a comma for the decimal point. */
static void test_locale(const char* json, size_t size) {
  static const char* const kLocales[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "fr_FR.utf8",
                                         "nl_NL.UTF-8"};
  size_t i;
  int found = 0;
  for (i = 0; i < sizeof(kLocales) / sizeof(kLocales[0]) && !found; ++i) {
    found = setlocale(LC_ALL, kLocales[i]) != NULL;
  }
  if (found) {
    csat_policy* policy = NULL;
    csat_plan* plan;
    csat_record* record;
    csat_score* score = NULL;
    csat_buffer* text = NULL;
    EXPECT(strcmp(localeconv()->decimal_point, ",") == 0);
    EXPECT(csat_policy_parse(json, size, &policy, NULL, NULL) == CSAT_OK);
    plan = compile_plan(policy, "survey");
    record = make_record(plan, "{\"product_quality\": 86.5, \"service_quality\": 90.25}");
    EXPECT(csat_plan_explain(plan, record, &score, NULL) == CSAT_OK);
    EXPECT(csat_score_to_json(score, &text, NULL) == CSAT_OK);
    EXPECT(text_holds(csat_buffer_view(text), "\"score\":88.375,"));
    csat_buffer_free(text);
    csat_score_free(score);
    csat_record_free(record);
    csat_plan_free(plan);
    csat_policy_free(policy);
    setlocale(LC_ALL, "C");
  } else {
    printf("skipped: no locale with a decimal comma is installed\n");
  }
}

static void test_errors_of_documents(void) {
  static const char kBroken[] = "{\n  \"id\": \"x\",\n  \"wrong\": 1\n}";
  csat_policy* policy = (csat_policy*)1;
  csat_diagnostics* findings = NULL;
  csat_error* error = NULL;
  csat_buffer* line = NULL;
  EXPECT(csat_policy_parse(kBroken, strlen(kBroken), &policy, &findings, &error) == CSAT_INVALID_ARGUMENT);
  EXPECT(policy == NULL);
  EXPECT(csat_error_line(error) > 0 && csat_error_column(error) > 0);
  EXPECT(csat_diagnostics_count(findings) > 0);
  EXPECT(csat_diagnostics_severity(findings, 0) == CSAT_SEVERITY_ERROR);
  EXPECT(csat_diagnostics_severity(findings, csat_diagnostics_count(findings)) == -1);
  EXPECT(csat_diagnostics_message(findings, 0, "en", 2).size > 0);
  EXPECT(csat_diagnostics_message(findings, 0, "zh", 2).size > 0);
  EXPECT(csat_diagnostics_line_text(findings, 0, "en", 2, "p.json", 6, &line, NULL) == CSAT_OK);
  EXPECT(text_holds(csat_buffer_view(line), "p.json:"));
  csat_buffer_free(line);
  EXPECT(csat_diagnostics_line_text(findings, SIZE_MAX, "en", 2, NULL, 0, &line, NULL) == CSAT_OUT_OF_RANGE);
  EXPECT(line == NULL);
  csat_error_free(error);
  csat_diagnostics_free(findings);
}

int main(void) {
  size_t size = 0;
  char* json = read_file(CSAT_SOURCE_DIR "/policies/annual-survey.json", &size);
  csat_policy* policy = load_policy(CSAT_SOURCE_DIR "/policies/annual-survey.json");
  csat_plan* plan = compile_plan(policy, "survey");
  csat_record* record = make_record(plan, kRecord);
  test_nulls(policy, plan, record);
  test_wrong_handles(policy);
  test_quarantine(policy);
  test_struct_sizes(plan, record);
  test_sizes(record);
  test_nul(policy, plan);
  test_bad_records(plan);
  test_bad_values(plan);
  test_locale(json, size);
  test_errors_of_documents();
  csat_record_free(record);
  csat_plan_free(plan);
  csat_policy_free(policy);
  free(json);
  return expect_done();
}
