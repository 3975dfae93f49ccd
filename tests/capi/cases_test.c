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

/* `text` begins at `at` with `part`; both are JSON without spaces. */
static int begins(csat_string_view text, const char* at, const char* part) {
  return at != NULL && (size_t)(text.data + text.size - at) >= strlen(part) &&
         memcmp(at, part, strlen(part)) == 0;
}

/* Where `"key":` ends in `text`, or NULL. */
static const char* after_key(csat_string_view text, const char* key) {
  char wanted[64];
  size_t at, size;
  snprintf(wanted, sizeof wanted, "\"%s\":", key);
  size = strlen(wanted);
  for (at = 0; at + size <= text.size; ++at) {
    if (memcmp(text.data + at, wanted, size) == 0) return text.data + at + size;
  }
  return NULL;
}

/* The list of ids that `expect` has under `key` is that of `found`, which begins with it. */
static int same_list(csat_string_view expect, const char* key, csat_string_view found) {
  const char* wanted = after_key(expect, key);
  const char* end = wanted;
  while (end != NULL && end < expect.data + expect.size && *end != ']') ++end;
  return wanted != NULL && (size_t)(end - wanted) < found.size &&
         memcmp(found.data, wanted, (size_t)(end - wanted) + 1) == 0;
}

/* A rule of sampling put to the values of a case. One with a table is run by the library's own runner. */
static void check_sampling(const csat_policy* policy, size_t index, const char* name,
                           csat_string_view expected) {
  const csat_string_view rule = csat_policy_case_sampling(policy, index);
  csat_buffer *record = NULL, *table = NULL, *out = NULL;
  csat_string_view given;
  csat_status status;
  EXPECT_ROW(name, csat_policy_case_record(policy, index, &record, NULL) == CSAT_OK);
  EXPECT_ROW(name, csat_policy_case_table(policy, index, &table, NULL) == CSAT_OK);
  given = csat_buffer_view(record);
  if (text_is(csat_buffer_view(table), "{}")) {
    status = csat_policy_apply_sampling_rule(policy, rule.data, rule.size, given.data, given.size, NULL, NULL,
                                             &out, NULL);
    EXPECT_ROW(name, (status == CSAT_OK) == !text_holds(expected, "\"error\":"));
    if (status == CSAT_OK && text_holds(expected, "\"outcome\":")) {
      const csat_string_view found = csat_buffer_view(out);
      const char *wanted = after_key(expected, "outcome"), *is = after_key(found, "outcome");
      const char* end = memchr(wanted + 1, '"', (size_t)(expected.data + expected.size - wanted - 1));
      EXPECT_ROW(name, is != NULL && memcmp(wanted, is, (size_t)(end - wanted) + 1) == 0);
    }
  }
  csat_buffer_free(out);
  csat_buffer_free(table);
  csat_buffer_free(record);
}

/* Answers of a case: what comes next, what is wrong, what is offered. */
static void check_answers(const csat_policy* policy, size_t index, const char* name,
                          csat_string_view expected) {
  const csat_string_view id = csat_policy_case_questionnaire(policy, index);
  const csat_string_view event = csat_policy_case_event(policy, index);
  csat_questionnaire* questionnaire = NULL;
  csat_buffer *record = NULL, *out = NULL;
  csat_string_view answers;
  EXPECT_ROW(name, csat_policy_case_record(policy, index, &record, NULL) == CSAT_OK);
  answers = csat_buffer_view(record);
  if (after_key(expected, "offered") != NULL) {
    csat_string_view offers;
    EXPECT_ROW(name, csat_policy_offers(policy, event.data, event.size, answers.data, answers.size, &out,
                                        NULL) == CSAT_OK);
    offers = csat_buffer_view(out);
    EXPECT_ROW(name, begins(offers, offers.data, "{\"offered\":"));
    offers.data += strlen("{\"offered\":");
    offers.size -= strlen("{\"offered\":");
    EXPECT_ROW(name, same_list(expected, "offered", offers));
    csat_buffer_free(out);
    out = NULL;
  }
  if (id.size > 0) {
    EXPECT_ROW(name, csat_questionnaire_create(policy, id.data, id.size, &questionnaire, NULL) == CSAT_OK);
    if (after_key(expected, "next") != NULL) {
      EXPECT_ROW(name,
                 csat_questionnaire_next(questionnaire, answers.data, answers.size, &out, NULL) == CSAT_OK);
      EXPECT_ROW(name, same_list(expected, "next", csat_buffer_view(out)));
      csat_buffer_free(out);
      out = NULL;
    }
    EXPECT_ROW(name,
               csat_questionnaire_check(questionnaire, answers.data, answers.size, &out, NULL) == CSAT_OK);
    if (after_key(expected, "answers") != NULL) {
      char wanted[64];
      const char* state = after_key(expected, "answers");
      snprintf(wanted, sizeof wanted, "\"state\":%.*s", (int)(strchr(state + 1, '"') + 1 - state), state);
      EXPECT_ROW(name, text_holds(csat_buffer_view(out), wanted));
    }
    csat_buffer_free(out);
    csat_questionnaire_free(questionnaire);
  }
  csat_buffer_free(record);
}

static void check_case(const csat_policy* policy, size_t index) {
  const csat_string_view view = csat_policy_case_name(policy, index);
  csat_buffer *expect = NULL, *table = NULL;
  csat_score* score = NULL;
  csat_figures* figures = NULL;
  csat_error* error = NULL;
  csat_string_view expected;
  char name[256];
  int ok;
  snprintf(name, sizeof name, "%.*s", (int)view.size, view.data);
  EXPECT_ROW(name, csat_policy_case_expect(policy, index, &expect, NULL) == CSAT_OK);
  expected = csat_buffer_view(expect);
  EXPECT_ROW(name, csat_policy_case_table(policy, index, &table, NULL) == CSAT_OK);
  if (csat_policy_case_sampling(policy, index).size > 0) {
    check_sampling(policy, index, name, expected);
    csat_buffer_free(table);
    csat_buffer_free(expect);
    return;
  }
  /* Cases of measures and of cleaning have a table; the library's own runner has measured or cleaned it. */
  if (!text_is(csat_buffer_view(table), "{}")) {
    EXPECT_ROW(name, text_holds(expected, "\"measures\":{") || text_holds(expected, "\"verdicts\":[") ||
                         text_holds(expected, "\"counts\":{") || text_holds(expected, "\"reviewed\":"));
    csat_buffer_free(table);
    csat_buffer_free(expect);
    return;
  }
  csat_buffer_free(table);
  if (csat_policy_case_questionnaire(policy, index).size > 0 || after_key(expected, "offered") != NULL) {
    check_answers(policy, index, name, expected);
    csat_buffer_free(expect);
    return;
  }
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

/* A list of labels, and vetoes that may not fire; the second case expects what does not come out. */
static const char kLabels[] =
    "{\"id\": \"labels\", \"version\": \"1\", \"effective_from\": \"2025-01-01\", \"zone\": \"UTC\","
    " \"scales\": [{\"id\": \"star3\", \"min\": 1, \"max\": 3, \"integer\": true, \"direction\": "
    "\"HIGHER_IS_BETTER\","
    "   \"labels\": [{\"rank\": 1, \"label\": {\"en\": \"bad\"}}, {\"rank\": 3, \"label\": {\"en\": "
    "\"good\"}}]}],"
    " \"metrics\": [{\"id\": \"stars\", \"unit\": \"rank\", \"direction\": \"HIGHER_IS_BETTER\", \"scale\": "
    "\"star3\","
    "   \"events\": {}},"
    "  {\"id\": \"leaks\", \"unit\": \"count\", \"direction\": \"LOWER_IS_BETTER\", \"min\": 0, \"number\": "
    "{}}],"
    " \"scorecards\": [{\"id\": \"card\", \"max_score\": 100, \"indicators\": [{\"id\": \"stars\", "
    "\"max_points\": 100,"
    "   \"metric\": \"stars\", \"score\": {\"likert\": {\"conversion\": \"MIN_MAX\"}}, \"missing\": "
    "{\"rule\": \"REFUSE\"}}],"
    "  \"vetoes\": [{\"id\": \"leak\", \"when\": {\"compare\": {\"metric\": \"leaks\", \"op\": \"GE\", "
    "\"value\": 1}},"
    "   \"scope\": \"RECORD\", \"set_to\": 0, \"missing\": {\"rule\": \"REFUSE\"}}]}],"
    " \"cases\": ["
    "  {\"name\": \"holds\", \"scorecard\": \"card\", \"record\": {\"stars\": [\"good\", \"bad\"], "
    "\"leaks\": 0},"
    "   \"expect\": {\"score\": 50, \"vetoes\": []}},"
    "  {\"name\": \"fails\", \"scorecard\": \"card\", \"record\": {\"stars\": [\"good\"], \"leaks\": 1},"
    "   \"expect\": {\"vetoes\": []}}]}";

static void test_labels_and_no_veto(void) {
  csat_policy* policy = NULL;
  csat_case_failures* failures = NULL;
  csat_buffer* json = NULL;
  csat_plan* plan;
  csat_record* record = NULL;
  csat_error* error = NULL;
  csat_summary summary = CSAT_SUMMARY_INIT;
  csat_string_view labels[2];
  int32_t stars;
  EXPECT(csat_policy_parse(kLabels, strlen(kLabels), &policy, NULL, &error) == CSAT_OK);
  if (policy == NULL) printf("%s\n", csat_error_message(error).data);
  EXPECT(csat_policy_run_cases(policy, &failures, NULL) == CSAT_OK);
  EXPECT(csat_case_failures_count(failures) == 1);
  EXPECT(text_is(csat_case_failures_message(failures, 0), "case 'fails': vetoes: expected none, got leak"));
  csat_case_failures_free(failures);
  EXPECT(csat_policy_case_record(policy, 0, &json, NULL) == CSAT_OK);
  EXPECT(text_is(csat_buffer_view(json), "{\"leaks\":0,\"stars\":[\"good\",\"bad\"]}"));
  csat_buffer_free(json);
  EXPECT(csat_policy_case_expect(policy, 0, &json, NULL) == CSAT_OK);
  EXPECT(text_holds(csat_buffer_view(json), "\"vetoes\":[]"));
  csat_buffer_free(json);
  check_case(policy, 0);
  check_case(policy, 1);

  /* The same by slot. */
  plan = compile_plan(policy, "card");
  record = make_record(plan, "{\"leaks\": 0}");
  stars = csat_plan_find_field(plan, "stars", 5);
  labels[0].data = "good";
  labels[0].size = 4;
  labels[1].data = "bad";
  labels[1].size = 3;
  EXPECT(csat_record_set_labels(record, stars, labels, 2, NULL) == CSAT_OK);
  EXPECT(csat_plan_score(plan, record, &summary, NULL) == CSAT_OK);
  EXPECT(summary.score_micros == 50000000);
  labels[1].data = "sad";
  EXPECT(csat_record_set_labels(record, stars, labels, 2, &error) == CSAT_INVALID_ARGUMENT);
  EXPECT(text_is(csat_error_message(error), "field 'stars': 'sad' is no label of scale 'star3'"));
  csat_error_free(error);
  EXPECT(csat_plan_score(plan, record, &summary, NULL) == CSAT_OK);
  EXPECT(summary.outcome == CSAT_OUTCOME_REFUSED); /* The field is missing now. */
  labels[1].size = CSAT_MAX_SIZE + 1;
  EXPECT(csat_record_set_labels(record, stars, labels, 2, &error) == CSAT_INVALID_ARGUMENT);
  EXPECT(text_holds(csat_error_message(error), "of labels[1] lies above CSAT_MAX_SIZE"));
  csat_error_free(error);
  EXPECT(csat_record_set_labels(record, stars, NULL, 1, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_record_set_labels(record, stars, NULL, 0, NULL) == CSAT_OK);
  EXPECT(csat_record_set_labels(record, stars, labels, CSAT_MAX_SIZE + 1, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_record_set_labels(record, -1, labels, 1, NULL) == CSAT_OUT_OF_RANGE);
  EXPECT(csat_record_set_labels(record, csat_plan_field_count(plan), labels, 1, NULL) == CSAT_OUT_OF_RANGE);
  EXPECT(csat_record_set_labels(NULL, stars, labels, 1, NULL) == CSAT_INVALID_ARGUMENT);
  csat_record_free(record);
  csat_plan_free(plan);
  csat_policy_free(policy);
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
  test_labels_and_no_veto();
  return expect_done();
}
