/* Golden scenario G-1 from a published result to its amendment: a leak of March, confirmed in April, after the
 * March result was given out, and what the chain of publications proves (P2-44, A-44). */
#include "expect.h"

#define TEXT(literal) (literal), strlen(literal)

/* UTC milliseconds. */
static const int64_t kLeak = 1742457600000;      /* 2025-03-20 08:00 */
static const int64_t kPublished = 1743552000000; /* 2025-04-02 00:00 */
static const int64_t kConfirmed = 1743840000000; /* 2025-04-05 08:00 */
static const int64_t kRevoked = 1743926400000;   /* 2025-04-06 08:00 */

static const char* const kRecord =
    "{\"response_ms\": [8000, 12000, 15000, 31000], \"problems\": 200, \"problems_resolved\": 188,"
    " \"problems_resolved_first\": 150, \"attitude_feedback\": 8.8, \"attitude_mystery\": 8.4,"
    " \"written_test\": 92, \"scenario_simulation\": 88, \"complaints\": 0, \"active_praise\": 1,"
    " \"promise_broken\": 0, \"other_major_negligence\": 0, \"written_praise_percent\": 5,"
    " \"incentivised_praise_percent\": 0, \"service_innovation_percent\": 3, \"information_leak\": %d}";

static csat_incident* propose(const char* id) {
  csat_incident* incident = NULL;
  EXPECT(csat_incident_propose(id, strlen(id), TEXT("store-7"), TEXT("information_leak"), kLeak, &incident,
                               NULL) == CSAT_OK);
  return incident;
}

static csat_incident* confirm(const csat_incident* proposed) {
  csat_incident* incident = NULL;
  EXPECT(csat_incident_confirm(proposed, kConfirmed, TEXT("evidence-12"), TEXT(""), &incident, NULL) ==
         CSAT_OK);
  return incident;
}

static int64_t count(const csat_plan* plan, const csat_incident* incident, const char* subject,
                     const char* period) {
  int64_t counted = -1;
  EXPECT(csat_plan_count_incidents(plan, TEXT("information_leak"), &incident, 1, subject, strlen(subject),
                                   period, strlen(period), &counted, NULL) == CSAT_OK);
  return counted;
}

static csat_score* explain(const csat_plan* plan, int64_t leaks) {
  char json[1024];
  csat_record* record;
  csat_score* score = NULL;
  snprintf(json, sizeof json, kRecord, (int)leaks);
  record = make_record(plan, json);
  EXPECT(csat_plan_explain(plan, record, &score, NULL) == CSAT_OK);
  csat_record_free(record);
  return score;
}

static void expect_json(const csat_publication* publication, const char* part) {
  csat_buffer* json = NULL;
  EXPECT(csat_publication_to_json(publication, &json, NULL) == CSAT_OK);
  EXPECT_ROW(part, text_holds(csat_buffer_view(json), part));
  csat_buffer_free(json);
}

static csat_publication* parse_publication(const char* json, size_t size) {
  csat_publication* publication = NULL;
  EXPECT(csat_publication_parse(json, size, &publication, NULL) == CSAT_OK);
  return publication;
}

/* Stored and read again; with `from`, one letter of it is changed first. */
static csat_publication* stored(const csat_publication* publication, const char* from, char to) {
  csat_buffer* json = NULL;
  csat_publication* back;
  char* text;
  char* at;
  EXPECT(csat_publication_to_json(publication, &json, NULL) == CSAT_OK);
  text = (char*)malloc(csat_buffer_view(json).size + 1);
  memcpy(text, csat_buffer_view(json).data, csat_buffer_view(json).size + 1);
  if (from != NULL) {
    at = strstr(text, from);
    EXPECT(at != NULL);
    if (at != NULL) *at = to;
  }
  back = parse_publication(text, strlen(text));
  csat_buffer_free(json);
  free(text);
  return back;
}

static void expect_loss(const csat_publication* const* chain, size_t size, const char* message) {
  csat_error* error = NULL;
  EXPECT_ROW(message, csat_publications_verify(chain, size, &error) == CSAT_DATA_LOSS);
  EXPECT_ROW(message, text_holds(csat_error_message(error), message));
  csat_error_free(error);
}

static void test_scenario(const csat_plan* plan) {
  csat_incident* proposed = propose("leak-1");
  csat_incident* confirmed = confirm(proposed);
  csat_incident* revoked = NULL;
  csat_score* clean = explain(plan, count(plan, proposed, "store-7", "2025-03"));
  csat_score* vetoed = explain(plan, count(plan, confirmed, "store-7", "2025-03"));
  csat_score* restored;
  csat_publication* chain[3] = {NULL, NULL, NULL};
  const csat_publication* view[3];
  csat_publication* april = NULL;
  csat_publication* changed;
  csat_error* error = NULL;
  EXPECT(csat_incident_revoke(confirmed, kRevoked, TEXT("the file was public"), &revoked, NULL) == CSAT_OK);
  EXPECT(count(plan, proposed, "store-7", "2025-03") == 0);
  EXPECT(count(plan, confirmed, "store-7", "2025-03") == 1);
  EXPECT(count(plan, confirmed, "store-7", "2025-Q1") == 1);
  EXPECT(count(plan, confirmed, "store-7", "2025-04") == 0);
  EXPECT(count(plan, confirmed, "store-8", "2025-03") == 0);
  EXPECT(count(plan, revoked, "store-7", "2025-03") == 0);

  EXPECT(csat_score_publish(clean, TEXT("store-7"), TEXT("2025-03"), kPublished, &chain[0], NULL) == CSAT_OK);
  EXPECT(csat_publication_amend(chain[0], vetoed, TEXT("leak-1 confirmed: evidence-12"), kConfirmed,
                                &chain[1], NULL) == CSAT_OK);
  restored = explain(plan, count(plan, revoked, "store-7", "2025-03"));
  EXPECT(csat_publication_amend(chain[1], restored, TEXT("leak-1 revoked"), kRevoked, &chain[2], NULL) ==
         CSAT_OK);
  expect_json(chain[0], "\"score\":95.535948,");
  expect_json(chain[1], "\"score\":0,");
  expect_json(chain[1], "\"base\":88.459211,");
  expect_json(chain[1], "\"without_veto\":95.535948}");
  expect_json(chain[1], "\"reason\":\"veto:information_leak\",");
  expect_json(chain[1], "\"grade\":\"very_poor\",");
  expect_json(chain[2], "\"score\":95.535948,");
  expect_json(chain[2], "\"sequence\":\"3\",");
  view[0] = chain[0];
  view[1] = chain[1];
  view[2] = chain[2];
  EXPECT(csat_publications_verify(view, 3, NULL) == CSAT_OK);
  EXPECT(csat_publications_verify(view, 1, NULL) == CSAT_OK);
  EXPECT(csat_publications_verify(NULL, 0, NULL) == CSAT_OK);

  /* Dropped, put elsewhere, changed. */
  view[1] = chain[2];
  expect_loss(view, 2, "publication 2 of the chain is missing");
  view[1] = chain[1];
  expect_loss(view + 1, 2, "publication 1 of the chain is missing");
  changed = stored(chain[1], "store-7", 'S');
  view[1] = changed;
  expect_loss(view, 3, "publication 2 of 'Store-7' in 2025-03 was changed: its digest does not match");
  csat_publication_free(changed);
  changed = stored(chain[1], NULL, 0);
  view[1] = changed;
  EXPECT(csat_publications_verify(view, 3, NULL) == CSAT_OK);
  csat_publication_free(changed);

  /* An amendment that changes nothing, or comes too early, is none. */
  EXPECT(csat_publication_amend(chain[2], clean, TEXT("again"), kRevoked, &changed, NULL) ==
         CSAT_FAILED_PRECONDITION);
  EXPECT(changed == NULL);
  EXPECT(csat_publication_amend(chain[2], vetoed, TEXT(""), kRevoked, &changed, NULL) ==
         CSAT_INVALID_ARGUMENT);
  EXPECT(csat_publication_amend(chain[2], vetoed, TEXT("early"), kRevoked - 1, &changed, &error) ==
         CSAT_INVALID_ARGUMENT);
  EXPECT(text_holds(csat_error_message(error), "before it was published"));
  csat_error_free(error);

  /* April is not touched: another chain. */
  EXPECT(csat_score_publish(clean, TEXT("store-7"), TEXT("2025-04"), kRevoked, &april, NULL) == CSAT_OK);
  view[1] = april;
  expect_loss(view, 2, "publication 2 of the chain is missing");

  csat_publication_free(april);
  csat_publication_free(chain[0]);
  csat_publication_free(chain[1]);
  csat_publication_free(chain[2]);
  csat_score_free(clean);
  csat_score_free(vetoed);
  csat_score_free(restored);
  csat_incident_free(proposed);
  csat_incident_free(confirmed);
  csat_incident_free(revoked);
}

static void test_states(void) {
  csat_incident* proposed = propose("1");
  csat_incident* confirmed = confirm(proposed);
  csat_incident* other = NULL;
  csat_buffer* json = NULL;
  EXPECT(csat_incident_confirm(confirmed, kConfirmed, TEXT("e"), TEXT(""), &other, NULL) ==
         CSAT_FAILED_PRECONDITION);
  EXPECT(csat_incident_revoke(proposed, kRevoked, TEXT("r"), &other, NULL) == CSAT_FAILED_PRECONDITION);
  EXPECT(csat_incident_confirm(proposed, kConfirmed, TEXT(""), TEXT(""), &other, NULL) ==
         CSAT_INVALID_ARGUMENT);
  EXPECT(csat_incident_confirm(proposed, kLeak - 1, TEXT("e"), TEXT(""), &other, NULL) ==
         CSAT_INVALID_ARGUMENT);
  EXPECT(csat_incident_propose(TEXT(""), TEXT("s"), TEXT("c"), 0, &other, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(other == NULL);
  EXPECT(csat_incident_to_json(confirmed, &json, NULL) == CSAT_OK);
  EXPECT(text_is(csat_buffer_view(json),
                 "{\"approval_id\":\"\",\"code\":\"information_leak\",\"confirmed_at\":\"1743840000000\","
                 "\"evidence_id\":\"evidence-12\",\"id\":\"1\",\"occurred_at\":\"1742457600000\","
                 "\"state\":\"confirmed\",\"subject\":\"store-7\"}"));
  EXPECT(csat_incident_parse(csat_buffer_view(json).data, csat_buffer_view(json).size, &other, NULL) ==
         CSAT_OK);
  csat_incident_free(other);
  EXPECT(csat_incident_parse(TEXT("{}"), &other, NULL) == CSAT_INVALID_ARGUMENT);
  csat_buffer_free(json);
  csat_incident_free(proposed);
  csat_incident_free(confirmed);
}

static void test_misuse(const csat_plan* plan) {
  csat_incident* proposed = propose("1");
  csat_incident* confirmed = confirm(proposed);
  const csat_incident* twice[2];
  const csat_incident* none[1] = {NULL};
  csat_publication* publication = NULL;
  int64_t counted = -7;
  csat_error* error = NULL;
  twice[0] = proposed;
  twice[1] = confirmed;
  EXPECT(csat_plan_count_incidents(plan, TEXT("information_leak"), twice, 2, TEXT("s"), TEXT("2025"),
                                   &counted, &error) == CSAT_INVALID_ARGUMENT);
  EXPECT(text_holds(csat_error_message(error), "incident '1' is there twice"));
  csat_error_free(error);
  EXPECT(csat_plan_count_incidents(plan, TEXT("no_such"), twice, 1, TEXT("s"), TEXT("2025"), &counted,
                                   NULL) == CSAT_NOT_FOUND);
  EXPECT(csat_plan_count_incidents(plan, TEXT("information_leak"), twice, 1, TEXT("s"), TEXT("March"),
                                   &counted, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_plan_count_incidents(plan, TEXT("information_leak"), none, 1, TEXT("s"), TEXT("2025"), &counted,
                                   &error) == CSAT_INVALID_ARGUMENT);
  EXPECT(text_is(csat_error_message(error), "incidents[0] is NULL"));
  csat_error_free(error);
  EXPECT(csat_plan_count_incidents(plan, TEXT("information_leak"), NULL, 1, TEXT("s"), TEXT("2025"), &counted,
                                   NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(counted == -7);
  EXPECT(csat_plan_count_incidents(plan, TEXT("information_leak"), NULL, 0, TEXT("s"), TEXT("2025"), &counted,
                                   NULL) == CSAT_OK);
  EXPECT(counted == 0);
  EXPECT(csat_publication_parse(TEXT("[]"), &publication, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(publication == NULL);
  EXPECT(csat_score_publish(NULL, TEXT("s"), TEXT("p"), 0, &publication, NULL) == CSAT_INVALID_ARGUMENT);
  csat_incident_free(confirmed);
  EXPECT(csat_incident_to_json(confirmed, NULL, &error) == CSAT_INVALID_ARGUMENT);
  EXPECT(text_is(csat_error_message(error), "incident was freed"));
  csat_error_free(error);
  csat_incident_free(proposed);
  EXPECT(csat_incident_revoke((const csat_incident*)plan, 0, TEXT("r"), &confirmed, &error) ==
         CSAT_INVALID_ARGUMENT);
  EXPECT(confirmed == NULL);
  EXPECT(text_is(csat_error_message(error), "incident is a handle of another kind: plan"));
  csat_error_free(error);
  csat_incident_free(NULL);
}

static void test_publication_misuse(const csat_plan* plan) {
  csat_score* score = explain(plan, 0);
  csat_publication* publication = NULL;
  csat_publication* amended = NULL;
  const csat_publication* chain[2];
  csat_error* error = NULL;
  EXPECT(csat_score_publish(score, TEXT(""), TEXT("p"), 0, &publication, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_score_publish(score, TEXT("s"), TEXT(""), 0, &publication, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_score_publish(score, TEXT("\xff"), TEXT("p"), 0, &publication, &error) ==
         CSAT_INVALID_ARGUMENT);
  EXPECT(text_holds(csat_error_message(error), "UTF-8"));
  csat_error_free(error);
  EXPECT(csat_score_publish(score, "s", CSAT_MAX_SIZE + 1, TEXT("p"), 0, &publication, NULL) ==
         CSAT_INVALID_ARGUMENT);
  EXPECT(csat_score_publish(score, TEXT("s"), TEXT("p"), 0, NULL, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(publication == NULL);
  EXPECT(csat_score_publish(score, TEXT("s"), TEXT("p"), 0, &publication, NULL) == CSAT_OK);
  EXPECT(csat_publication_amend(NULL, score, TEXT("why"), 0, &amended, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_publication_amend(publication, NULL, TEXT("why"), 0, &amended, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_publication_amend(publication, score, NULL, 3, 0, &amended, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_publication_to_json(publication, NULL, NULL) == CSAT_INVALID_ARGUMENT);
  chain[0] = publication;
  chain[1] = NULL;
  EXPECT(csat_publications_verify(chain, 2, &error) == CSAT_INVALID_ARGUMENT);
  EXPECT(text_is(csat_error_message(error), "publications[1] is NULL"));
  csat_error_free(error);
  EXPECT(csat_publications_verify(NULL, 1, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_publications_verify(chain, CSAT_MAX_SIZE + 1, NULL) == CSAT_INVALID_ARGUMENT);
  csat_publication_free(publication);
  EXPECT(csat_publications_verify(chain, 1, &error) == CSAT_INVALID_ARGUMENT);
  EXPECT(text_is(csat_error_message(error), "publications[0] was freed"));
  csat_error_free(error);
  csat_publication_free(publication); /* Twice: nothing happens. */
  csat_publication_free(NULL);
  csat_score_free(score);
}

/* The figures of a table of two rows: store-7 in March and in April. */
static void test_columns(const csat_plan* plan) {
  static const int32_t kSubjectEnds[3] = {0, 7, 14}, kPeriodEnds[3] = {0, 7, 14};
  const void* subjects[3];
  const void* periods[3];
  const void* whole[1] = {NULL};
  struct ArrowSchema schema, fields[2];
  struct ArrowSchema* field_list[2];
  struct ArrowArray array, columns[2];
  struct ArrowArray* column_list[2];
  struct ArrowSchema out_schema;
  struct ArrowArray out_array;
  csat_incident* proposed = propose("1");
  csat_incident* confirmed = confirm(proposed);
  const csat_incident* list[1];
  int i;
  list[0] = confirmed;
  memset(&schema, 0, sizeof schema);
  memset(&array, 0, sizeof array);
  memset(fields, 0, sizeof fields);
  memset(columns, 0, sizeof columns);
  memset(&out_schema, 0, sizeof out_schema);
  memset(&out_array, 0, sizeof out_array);
  subjects[0] = NULL;
  subjects[1] = kSubjectEnds;
  subjects[2] = "store-7store-7";
  periods[0] = NULL;
  periods[1] = kPeriodEnds;
  periods[2] = "2025-032025-04";
  for (i = 0; i < 2; ++i) {
    fields[i].format = "u";
    fields[i].name = i == 0 ? "store" : "month";
    fields[i].release = (void (*)(struct ArrowSchema*))1; /* Borrowed: nobody calls it. */
    field_list[i] = &fields[i];
    columns[i].length = 2;
    columns[i].n_buffers = 3;
    columns[i].buffers = i == 0 ? subjects : periods;
    columns[i].release = (void (*)(struct ArrowArray*))1;
    column_list[i] = &columns[i];
  }
  schema.format = "+s";
  schema.n_children = 2;
  schema.children = field_list;
  schema.release = fields[0].release;
  array.length = 2;
  array.n_buffers = 1;
  array.buffers = whole;
  array.n_children = 2;
  array.children = column_list;
  array.release = columns[0].release;
  EXPECT(csat_plan_apply_incidents(plan, list, 1, &schema, &array, TEXT("store"), TEXT("month"), &out_schema,
                                   &out_array, NULL) == CSAT_OK);
  EXPECT(out_schema.n_children == 3 && out_array.length == 2);
  if (out_schema.n_children == 3) {
    EXPECT(strcmp(out_schema.children[0]->name, "information_leak") == 0);
    EXPECT(strcmp(out_schema.children[0]->format, "l") == 0);
    EXPECT(((const int64_t*)out_array.children[0]->buffers[1])[0] == 1);
    EXPECT(((const int64_t*)out_array.children[0]->buffers[1])[1] == 0);
    EXPECT(strcmp(out_schema.children[1]->name, "promise_broken") == 0);
    EXPECT(((const int64_t*)out_array.children[1]->buffers[1])[0] == 0);
    out_schema.release(&out_schema);
    out_array.release(&out_array);
  }
  EXPECT(csat_plan_apply_incidents(plan, list, 1, &schema, &array, TEXT("shop"), TEXT("month"), &out_schema,
                                   &out_array, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(out_schema.release == NULL);
  csat_incident_free(proposed);
  csat_incident_free(confirmed);
}

int main(void) {
  csat_policy* policy = load_policy(CSAT_SOURCE_DIR "/policies/retail-after-sales.json");
  csat_plan* plan = compile_plan(policy, "period_score");
  test_scenario(plan);
  test_states();
  test_misuse(plan);
  test_publication_misuse(plan);
  test_columns(plan);
  csat_plan_free(plan);
  csat_policy_free(policy);
  return expect_done();
}
