/* Every case of the ready-made policies through the C interface: once by the library's own runner, and once
 * by hand through records, scores and figures, as a binding would do it. */
#include "expect.h"

static const char* const kPolicies[] = {"satisfaction-control", "annual-survey", "retail-after-sales",
                                        "iso-monitoring", "feedback-handling"};

/* Scores a case by hand. Gives the message of the error, if there was one. */
static int score_case(const csat_policy* policy, size_t index, csat_score** score, csat_figures** figures,
                      csat_error** error) {
  const csat_string_view card = csat_policy_case_scorecard(policy, index);
  csat_plan* plan = NULL;
  csat_record* record = NULL;
  csat_buffer* json = NULL;
  int ok = (card.size == 0 ? csat_plan_compile_metrics(policy, &plan, error)
                           : csat_plan_compile(policy, card.data, card.size, &plan, error)) == CSAT_OK &&
           csat_record_create(plan, &record, error) == CSAT_OK &&
           csat_policy_case_record(policy, index, &json, error) == CSAT_OK &&
           csat_record_set_json(record, csat_buffer_view(json).data, csat_buffer_view(json).size, error) ==
               CSAT_OK &&
           (card.size == 0 || csat_plan_explain(plan, record, score, error) == CSAT_OK) &&
           csat_plan_measure(plan, record, figures, error) == CSAT_OK;
  if (ok && *score != NULL) {
    /* The short way gives the same. */
    csat_summary brief = CSAT_SUMMARY_INIT;
    csat_summary full = CSAT_SUMMARY_INIT;
    EXPECT(csat_plan_score(plan, record, &brief, error) == CSAT_OK);
    EXPECT(csat_score_summary(*score, &full) == CSAT_OK);
    EXPECT(memcmp(&brief, &full, sizeof(brief)) == 0);
    EXPECT(text_is(csat_plan_grade(plan, brief.grade), "") == (csat_score_grade(*score).size == 0));
  }
  csat_buffer_free(json);
  csat_record_free(record);
  csat_plan_free(plan);
  return ok;
}

/* The lines of depth 0 add up to the score, with no tolerance. */
static void check_ledger(const char* name, const csat_score* score) {
  csat_summary summary = CSAT_SUMMARY_INIT;
  int64_t sum = 0;
  size_t i;
  EXPECT_ROW(name, csat_score_summary(score, &summary) == CSAT_OK);
  for (i = 0; i < csat_score_ledger_count(score); ++i) {
    csat_ledger_line line = CSAT_LEDGER_LINE_INIT;
    EXPECT_ROW(name, csat_score_ledger_line(score, i, &line) == CSAT_OK);
    if (line.depth == 0) sum += line.amount_micros;
  }
  if (summary.outcome == CSAT_OUTCOME_SCORED || summary.outcome == CSAT_OUTCOME_VETOED) {
    EXPECT_ROW(name, sum == summary.score_micros);
  }
}

/* `expect` holds `"key":"value"`. */
static int expects(csat_string_view expect, const char* key, csat_string_view value) {
  char wanted[512];
  snprintf(wanted, sizeof wanted, "\"%s\":\"%.*s\"", key, (int)value.size, value.data);
  return text_holds(expect, wanted);
}

static void check_case(const csat_policy* policy, size_t index) {
  const csat_string_view view = csat_policy_case_name(policy, index);
  csat_buffer* expect = NULL;
  csat_score* score = NULL;
  csat_figures* figures = NULL;
  csat_error* error = NULL;
  csat_string_view expected;
  char name[256];
  int ok;
  snprintf(name, sizeof name, "%.*s", (int)view.size, view.data);
  EXPECT_ROW(name, csat_policy_case_expect(policy, index, &expect, NULL) == CSAT_OK);
  expected = csat_buffer_view(expect);
  ok = score_case(policy, index, &score, &figures, &error);
  EXPECT_ROW(name, ok == !text_holds(expected, "\"error\":"));
  if (ok && score != NULL) {
    check_ledger(name, score);
    if (text_holds(expected, "\"outcome\":"))
      EXPECT_ROW(name, expects(expected, "outcome", csat_score_outcome(score)));
    if (text_holds(expected, "\"grade\":"))
      EXPECT_ROW(name, expects(expected, "grade", csat_score_grade(score)));
  }
  csat_error_free(error);
  csat_figures_free(figures);
  csat_score_free(score);
  csat_buffer_free(expect);
}

int main(void) {
  size_t p, i;
  for (p = 0; p < sizeof(kPolicies) / sizeof(kPolicies[0]); ++p) {
    char path[1024];
    csat_policy* policy;
    csat_case_failures* failures = NULL;
    snprintf(path, sizeof path, "%s/policies/%s.json", CSAT_SOURCE_DIR, kPolicies[p]);
    policy = load_policy(path);
    EXPECT_ROW(kPolicies[p], csat_policy_case_count(policy) > 0);
    EXPECT_ROW(kPolicies[p], csat_policy_run_cases(policy, &failures, NULL) == CSAT_OK);
    EXPECT_ROW(kPolicies[p], csat_case_failures_count(failures) == 0);
    for (i = 0; i < csat_case_failures_count(failures); ++i) {
      const csat_string_view message = csat_case_failures_message(failures, i);
      printf("%s: %.*s\n", kPolicies[p], (int)message.size, message.data);
    }
    for (i = 0; i < csat_policy_case_count(policy); ++i) check_case(policy, i);
    csat_case_failures_free(failures);
    csat_policy_free(policy);
  }
  return expect_done();
}
