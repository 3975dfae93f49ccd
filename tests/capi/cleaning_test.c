/* Responses judged by a policy: verdicts, ledger, JSON, decisions, options from both sides of their limits. P2-84,
 * P1-31. */
#include "expect.h"
#include "table.h"

enum { kRows = 3 };

static void make_table(struct table* t) {
  static const int64_t kIds[kRows] = {7, 8, 9};
  static const int64_t kDurations[kRows] = {29999, 30000, 40000};
  begin_table(t, kRows);
  add_column(t, "id", "l", kIds);
  add_column(t, "duration_ms", "l", kDurations);
}

static csat_policy* make_policy(const char* cleaning) {
  char json[1024];
  csat_policy* policy = NULL;
  csat_error* error = NULL;
  snprintf(json, sizeof json,
           "{\"id\": \"c\", \"version\": \"1\", \"effective_from\": \"2025-01-01\", \"zone\": \"UTC\"%s}",
           cleaning);
  if (csat_policy_parse(json, strlen(json), &policy, NULL, &error) != CSAT_OK) {
    printf("%s\n", csat_error_message(error).data);
    exit(1);
  }
  return policy;
}

static const char kCleaning[] =
    ", \"cleaning\": {\"response_id\": \"id\", \"settle_doubtful\": true, \"review\": {\"share\": 0.5}, "
    "\"rules\": ["
    "{\"id\": \"time\", \"action\": \"EXCLUDE\", \"speed\": {\"below_ms\": 30000}},"
    "{\"id\": \"slow\", \"action\": \"FLAG\", \"speed\": {\"below_ms\": 40000}}]}";

static void test_cleaning(void) {
  csat_policy* policy = make_policy(kCleaning);
  csat_cleaning_options options = CSAT_CLEANING_OPTIONS_INIT;
  csat_review_decision decision = {{"8", 1}, CSAT_REVIEW_CONFIRMED, 0};
  csat_cleaning* cleaning = NULL;
  csat_buffer* json = NULL;
  csat_error* error = NULL;
  struct ArrowSchema schema;
  struct ArrowArray array;
  struct table t;
  make_table(&t);
  EXPECT(csat_policy_cleaning_fields(policy, &json, NULL) == CSAT_OK);
  EXPECT(text_is(csat_buffer_view(json),
                 "[{\"name\":\"id\",\"type\":\"text\"},{\"name\":\"duration_ms\",\"type\":\"any\"}]"));
  csat_buffer_free(json);
  EXPECT(csat_policy_clean(policy, &t.schema, &t.array, NULL, &cleaning, NULL) == CSAT_OK);
  EXPECT(csat_cleaning_row_count(cleaning) == 3);
  EXPECT(csat_cleaning_verdict_count(cleaning, CSAT_VERDICT_KEPT) == 1);
  EXPECT(csat_cleaning_verdict_count(cleaning, CSAT_VERDICT_FLAGGED) == 1);
  EXPECT(csat_cleaning_verdict_count(cleaning, CSAT_VERDICT_EXCLUDED) == 1);
  EXPECT(csat_cleaning_verdict_count(cleaning, -1) == 0 && csat_cleaning_verdict_count(cleaning, 4) == 0);
  EXPECT(csat_cleaning_may_be_scored(cleaning, &error) == CSAT_FAILED_PRECONDITION);
  EXPECT(text_holds(csat_error_message(error), "1 of 3 responses are doubtful and not settled"));
  csat_error_free(error);
  csat_cleaning_free(cleaning);
  options.threads = 2;
  options.seed.data = "wave";
  options.seed.size = 4;
  options.decisions = &decision;
  options.decision_count = 1;
  EXPECT(csat_policy_clean(policy, &t.schema, &t.array, &options, &cleaning, NULL) == CSAT_OK);
  /* It keeps its policy, and the table outlives it. */
  csat_policy_free(policy);
  EXPECT(csat_cleaning_may_be_scored(cleaning, NULL) == CSAT_OK);
  EXPECT(csat_cleaning_to_json(cleaning, &json, NULL) == CSAT_OK);
  EXPECT(text_holds(csat_buffer_view(json), "\"rows\":3,\"test_records\":0,\"kept\":2,\"flagged\":0,"));
  EXPECT(
      text_holds(csat_buffer_view(json), "{\"id\":\"slow\",\"action\":\"flagged\",\"met\":2,\"decided\":0,"));
  EXPECT(text_holds(csat_buffer_view(json), "\"seed\":\"wave\""));
  csat_buffer_free(json);
  EXPECT(csat_cleaning_verdicts(cleaning, &schema, &array, NULL) == CSAT_OK);
  EXPECT(array.length == 3 && array.n_children == 3);
  EXPECT(((const int32_t*)array.children[0]->buffers[1])[0] == CSAT_VERDICT_EXCLUDED);
  schema.release(&schema);
  array.release(&array);
  EXPECT(csat_cleaning_ledger(cleaning, &schema, &array, NULL) == CSAT_OK);
  csat_cleaning_free(cleaning);
  EXPECT(array.length == 4 && array.n_children == 7);
  EXPECT(((const double*)array.children[6]->buffers[1])[0] == 29999);
  schema.release(&schema);
  array.release(&array);
}

static void test_refusals(void) {
  static const char kMany[] = "8";
  csat_policy* policy = make_policy(kCleaning);
  csat_policy* without = make_policy("");
  csat_cleaning* cleaning = NULL;
  csat_error* error = NULL;
  csat_buffer* json = NULL;
  struct table t;
  size_t i;
  struct {
    const char* name;
    int32_t threads, reserved, outcome;
    size_t decisions, size;
    const char* words;
  } const rows[] = {
      {"no threads", 0, 0, 0, 0, sizeof(csat_cleaning_options), "threads 0 lies outside [1, 256]"},
      {"too many", 257, 0, 0, 0, sizeof(csat_cleaning_options), "threads 257 lies outside [1, 256]"},
      {"reserved", 1, 1, 0, 0, sizeof(csat_cleaning_options), "reserved 1 is not 0"},
      {"no outcome", 1, 0, 3, 1, sizeof(csat_cleaning_options), "outcome 3"},
      {"below none", 1, 0, -1, 1, sizeof(csat_cleaning_options), "outcome -1"},
      {"not doubtful", 1, 0, 0, 2, sizeof(csat_cleaning_options), "two about response '8'"},
      {"a size of nothing", 1, 0, 0, 0, 8, "struct_size 8"},
  };
  make_table(&t);
  for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
    csat_cleaning_options options = CSAT_CLEANING_OPTIONS_INIT;
    csat_review_decision decisions[2];
    memset(decisions, 0, sizeof decisions);
    decisions[0].response.data = decisions[1].response.data = kMany;
    decisions[0].response.size = decisions[1].response.size = 1;
    decisions[0].outcome = decisions[1].outcome = rows[i].outcome;
    options.struct_size = rows[i].size;
    options.threads = rows[i].threads;
    options.reserved = rows[i].reserved;
    options.decisions = decisions;
    options.decision_count = rows[i].decisions;
    EXPECT_ROW(rows[i].name, csat_policy_clean(policy, &t.schema, &t.array, &options, &cleaning, &error) ==
                                 CSAT_INVALID_ARGUMENT);
    EXPECT_ROW(rows[i].name, cleaning == NULL && text_holds(csat_error_message(error), rows[i].words));
    csat_error_free(error);
  }
  EXPECT(csat_policy_clean(without, &t.schema, &t.array, NULL, &cleaning, NULL) == CSAT_FAILED_PRECONDITION);
  EXPECT(csat_policy_cleaning_fields(without, &json, NULL) == CSAT_FAILED_PRECONDITION && json == NULL);
  t.fields[1].name = "seconds";
  EXPECT(csat_policy_clean(policy, &t.schema, &t.array, NULL, &cleaning, &error) == CSAT_INVALID_ARGUMENT);
  EXPECT(text_is(csat_error_message(error), "column 'duration_ms' is missing (rule 'time')"));
  csat_error_free(error);
  csat_policy_free(without);
  csat_policy_free(policy);
}

int main(void) {
  test_cleaning();
  test_refusals();
  return expect_done();
}
