/* Every function of the library in turn on one policy, for tests that break one of its steps, and the freeing of what it
 * made. */
#ifndef CSAT_TESTS_CAPI_WHOLE_RUN_H_
#define CSAT_TESTS_CAPI_WHOLE_RUN_H_

#include <errno.h>

#include "expect.h"
#include "table.h"

/* A policy, and of how many failing allocations in a row one is tried: every one of a small policy. */
struct scenario {
  const char* name;
  const char* veto; /* Fed by incidents, of the first case's scorecard; NULL: none is. */
  long stride;
  char* json;
  size_t json_size;
};

/* What one run has made. */
struct made {
  void (*before_incident)(void); /* Called where the incident of the run begins; NULL: nothing is. */
  csat_policy* policy;
  csat_diagnostics* loaded;
  csat_diagnostics* checked;
  csat_plan* plan;
  csat_record* record;
  csat_score* score;
  csat_score* none; /* Of an empty record. */
  csat_figures* figures;
  csat_least_changes* changes;
  csat_case_failures* failures;
  csat_buffer* words;
  csat_buffer* text;
  csat_buffer* example;
  csat_incident* proposed;
  csat_incident* confirmed;
  csat_incident* revoked;
  csat_incident* read_incident;
  csat_publication* published;
  csat_publication* amended;
  csat_publication* read_publication;
  csat_simulation* simulation;
  csat_policy* cleans;
  csat_cleaning* cleaning;
  csat_buffer* cleaning_texts[2];
  struct ArrowSchema verdicts_schema, cleaned_schema;
  struct ArrowArray verdicts_array, cleaned_array;
  csat_policy* asks;
  csat_questionnaire* questionnaire;
  csat_response_check* check;
  csat_buffer* question_texts[7];
  struct ArrowSchema states_schema, problems_schema;
  struct ArrowArray states_array, problems_array;
  csat_aggregates* aggregates;
  csat_aggregates* read_aggregates;
  csat_policy* measured_policy;
  csat_measure_plan* measures;
  csat_aggregates* measured;
  csat_buffer* texts[8];
  csat_error* error;
  struct ArrowSchema schema, changes_schema, figures_schema, groups_schema, levels_schema, measured_schema;
  struct ArrowArray array, changes_array, figures_array, groups_array, levels_array, measured_array;
  struct ArrowArrayStream stream;
};

/* A batch of two rows in which every field of the plan is there and null, in static memory. */
enum { kMostFields = 256 };
static struct ArrowSchema null_schemas[kMostFields + 1];
static struct ArrowArray null_arrays[kMostFields + 1];
static struct ArrowSchema* null_schema_children[kMostFields];
static struct ArrowArray* null_array_children[kMostFields];
static char null_names[kMostFields][128];
static const void* no_validity[1];
static int null_given;

static void make_nulls(const csat_plan* plan) {
  const int32_t count = csat_plan_field_count(plan);
  int32_t i;
  memset(null_schemas, 0, sizeof null_schemas);
  memset(null_arrays, 0, sizeof null_arrays);
  EXPECT(count <= kMostFields);
  for (i = 0; i <= count; ++i) {
    null_schemas[i].name = "";
    null_schemas[i].release = no_release_schema;
    null_arrays[i].length = 2;
    null_arrays[i].release = no_release_array;
    if (i == count) continue;
    snprintf(null_names[i], sizeof null_names[i], "%.*s", (int)csat_plan_field_name(plan, i).size,
             csat_plan_field_name(plan, i).data);
    null_schemas[i].name = null_names[i];
    null_schemas[i].format = "n";
    null_arrays[i].null_count = 2;
    null_schema_children[i] = &null_schemas[i];
    null_array_children[i] = &null_arrays[i];
  }
  null_schemas[count].format = "+s";
  null_schemas[count].n_children = null_arrays[count].n_children = count;
  null_schemas[count].children = null_schema_children;
  null_arrays[count].children = null_array_children;
  null_arrays[count].n_buffers = 1;
  null_arrays[count].buffers = no_validity;
}

static int get_next(struct ArrowArrayStream* stream, struct ArrowArray* out) {
  const int32_t count = csat_plan_field_count((const csat_plan*)stream->private_data);
  *out = null_arrays[count];
  if (null_given++ > 0) out->release = NULL;
  return 0;
}

static int get_schema(struct ArrowArrayStream* stream, struct ArrowSchema* out) {
  *out = null_schemas[csat_plan_field_count((const csat_plan*)stream->private_data)];
  return 0;
}

static const char* get_last_error(struct ArrowArrayStream* stream) {
  (void)stream;
  return NULL;
}

/* Scores the stream of nulls and reads it to its end. */
static csat_status read_stream(struct made* m) {
  struct ArrowArrayStream in = {get_schema, get_next, get_last_error, no_release_stream, NULL};
  struct ArrowArray array;
  struct ArrowSchema schema;
  csat_status status;
  int code;
  in.private_data = m->plan;
  null_given = 0;
  status = csat_plan_score_stream(m->plan, &in, NULL, &m->stream, &m->error);
  if (status != CSAT_OK) return status;
  code = m->stream.get_schema(&m->stream, &schema);
  if (code == 0) schema.release(&schema);
  while (code == 0) {
    code = m->stream.get_next(&m->stream, &array);
    if (code != 0 || array.release == NULL) break;
    array.release(&array);
  }
  EXPECT(code == 0 || code == ENOMEM);
  return code == 0 ? CSAT_OK : CSAT_RESOURCE_EXHAUSTED;
}

#define STEP(call)                        \
  do {                                    \
    *step = #call;                        \
    status = (call);                      \
    if (status != CSAT_OK) return status; \
  } while (0)

/* An incident through its states and in JSON, what it feeds, and the chain of results that it amends. */
static csat_status run_incident(const struct scenario* scenario, struct made* m, const char** step) {
  const csat_incident* incidents[1];
  int64_t counted = 0;
  const csat_publication* chain[2];
  const int32_t fields = csat_plan_field_count(m->plan);
  csat_string_view text, key;
  csat_status status;
  STEP(csat_incident_propose("the first of all", 16, "a subject of some length", 24, "leak", 4, 0,
                             &m->proposed, &m->error));
  STEP(csat_incident_confirm(m->proposed, 1, "evidence of some length", 23, "approval", 8, &m->confirmed,
                             &m->error));
  STEP(csat_incident_revoke(m->confirmed, 2, "a reason of some length", 23, &m->revoked, &m->error));
  STEP(csat_incident_to_json(m->revoked, &m->texts[0], &m->error));
  text = csat_buffer_view(m->texts[0]);
  STEP(csat_incident_parse(text.data, text.size, &m->read_incident, &m->error));
  incidents[0] = m->confirmed;
  if (scenario->veto != NULL) {
    STEP(csat_plan_count_incidents(m->plan, scenario->veto, strlen(scenario->veto), incidents, 1,
                                   "a subject of some length", 24, "2025-03", 7, &counted, &m->error));
  }
  key = csat_plan_field_name(m->plan, 0);
  STEP(csat_plan_apply_incidents(m->plan, incidents, 1, &null_schemas[fields], &null_arrays[fields], key.data,
                                 key.size, key.data, key.size, &m->figures_schema, &m->figures_array,
                                 &m->error));
  STEP(csat_score_publish(m->score, "a subject of some length", 24, "2025-03", 7, 0, &m->published,
                          &m->error));
  STEP(csat_publication_amend(m->published, m->none, "a reason of some length", 23, 1, &m->amended,
                              &m->error));
  chain[0] = m->published;
  chain[1] = m->amended;
  STEP(csat_publications_verify(chain, 2, &m->error));
  STEP(csat_publication_to_json(m->amended, &m->texts[1], &m->error));
  text = csat_buffer_view(m->texts[1]);
  STEP(csat_publication_parse(text.data, text.size, &m->read_publication, &m->error));
  return CSAT_OK;
}

/* Two batches; one that fails leaves the simulation as it was. */
static csat_status run_simulation(struct made* m, const char** step) {
  const int32_t fields = csat_plan_field_count(m->plan);
  csat_simulation_options options = CSAT_SIMULATION_OPTIONS_INIT;
  csat_status status;
  int i;
  options.threads = 2;
  STEP(csat_simulation_create(m->plan, m->plan, &options, &m->simulation, &m->error));
  for (i = 0; i < 2; ++i) {
    *step = "csat_simulation_add_batch";
    status = csat_simulation_add_batch(m->simulation, &null_schemas[fields], &null_arrays[fields], &m->error);
    EXPECT(csat_simulation_row_count(m->simulation) == 2 * i + (status == CSAT_OK ? 2 : 0));
    if (status != CSAT_OK) return status;
  }
  STEP(csat_simulation_to_json(m->simulation, &m->texts[2], &m->error));
  STEP(csat_simulation_changes(m->simulation, &m->changes_schema, &m->changes_array, &m->error));
  return CSAT_OK;
}

/* Two answers. */
static void make_answers(struct table* t) {
  static const int64_t kAnswers[2][2] = {{5, 3}, {4, 4}};
  begin_table(t, 2);
  add_column(t, "quality", "l", kAnswers[0]);
  add_column(t, "a name of some length", "l", kAnswers[1]);
}

/* In a batch and in a stream, added, merged, taken out again, written and read. */
static csat_status run_aggregates(struct made* m, const char** step) {
  static const char kSpec[] =
      "{\"by\": [\"a name of some length\"], \"items\": [{\"id\": \"quality\", \"min\": 1, \"max\": 5},"
      " {\"id\": \"second\", \"field\": \"a name of some length\", \"min\": 0, \"max\": 9}],"
      " \"sets\": [{\"id\": \"both\", \"items\": [\"quality\", \"second\"]}]}";
  struct table answers;
  struct source source = {NULL, 1, 0, 0, NULL};
  struct ArrowArrayStream stream;
  csat_aggregates_options options = CSAT_AGGREGATES_OPTIONS_INIT;
  csat_string_view text;
  csat_status status;
  int i;
  make_answers(&answers);
  source.table = &answers;
  options.threads = 2;
  STEP(csat_aggregates_create(kSpec, sizeof kSpec - 1, &m->aggregates, &m->error));
  for (i = 0; i < 2; ++i) {
    *step = "csat_aggregates_add_batch";
    status = csat_aggregates_add_batch(m->aggregates, &answers.schema, &answers.array, &options, &m->error);
    EXPECT(csat_aggregates_row_count(m->aggregates) == 2 * i + (status == CSAT_OK ? 2 : 0));
    if (status != CSAT_OK) return status;
  }
  stream = stream_of(&source);
  *step = "csat_aggregates_add_stream";
  status = csat_aggregates_add_stream(m->aggregates, &stream, &options, &m->error);
  EXPECT(csat_aggregates_row_count(m->aggregates) == (status == CSAT_OK ? 6 : 4));
  if (status != CSAT_OK) return status;
  STEP(csat_aggregates_to_bytes(m->aggregates, &m->texts[3], &m->error));
  text = csat_buffer_view(m->texts[3]);
  STEP(csat_aggregates_from_bytes(text.data, text.size, &m->read_aggregates, &m->error));
  STEP(csat_aggregates_merge(m->aggregates, m->read_aggregates, &m->error));
  STEP(csat_aggregates_subtract(m->aggregates, m->read_aggregates, &m->error));
  csat_aggregates_free(m->read_aggregates);
  STEP(csat_aggregates_copy(m->aggregates, &m->read_aggregates, &m->error));
  EXPECT(csat_aggregates_row_count(m->read_aggregates) == 6);
  STEP(csat_aggregates_spec(m->aggregates, &m->texts[4], &m->error));
  STEP(csat_aggregates_groups(m->aggregates, &m->groups_schema, &m->groups_array, &m->error));
  STEP(csat_aggregates_levels(m->aggregates, &m->levels_schema, &m->levels_array, &m->error));
  STEP(csat_aggregates_reliability(m->aggregates, 0, "both", 4, NULL, &m->texts[5], &m->error));
  return CSAT_OK;
}

static csat_status run_sampling(struct made* m, const char** step) {
  static const int64_t kSizes[3] = {1000, 3000, 6000};
  const csat_string_view ids[2] = {{"an id that is too long to need no memory", 40},
                                   {"another of the kind", 19}};
  const csat_string_view stratum = {"a stratum of some length", 24};
  csat_sampling_size_result size = CSAT_SAMPLING_SIZE_INIT;
  int64_t shares[3];
  size_t drawn[2];
  int32_t invited;
  csat_status status;
  STEP(csat_sampling_size(NULL, &size, &m->error));
  STEP(csat_sampling_allocate(CSAT_ALLOCATE_OPTIMAL, kSizes, kSizes, 3, 333, shares, &m->error));
  STEP(csat_sampling_draw("a seed of some length", 21, &stratum, ids, 2, 2, drawn, &m->error));
  STEP(csat_sampling_invites("a seed of some length", 21, ids[0].data, ids[0].size, 1, &invited, &m->error));
  STEP(csat_sampling_number("a seed of some length", 21, ids[0].data, ids[0].size, &m->texts[6], &m->error));
  STEP(csat_sampling_commitment("a seed of some length", 21, &m->texts[7], &m->error));
  return CSAT_OK;
}

static const char kCleaningPolicy[] =
    "{'id': 'c', 'version': '1', 'effective_from': '2025-01-01', 'zone': 'UTC', 'scales': [{'id': 's',"
    "'min': 1, 'max': 5, 'integer': true, 'direction': 'HIGHER_IS_BETTER'}], 'metrics': ["
    "{'id': 'a', 'scale': 's', 'number': {}}, {'id': 'b', 'scale': 's', 'number': {}}],"
    "'cleaning': {'response_id': 'id', 'figures': [{'id': 'f', 'metric': 'a'}], 'review': {'share': 0.5},"
    "'rules': [{'id': 'odd', 'action': 'EXCLUDE', 'contradiction': {'compare': {'metric': 'a', 'op': 'LT',"
    "'value': 2}}}, {'id': 'far', 'action': 'FLAG', 'mahalanobis': {'items': ['a', 'b'], 'confidence': 0.1}},"
    "{'id': 'same', 'action': 'QUARANTINE', 'straight_line': {'items': ['a', 'b'], 'least_answers': 2}},"
    "{'id': 'time', 'action': 'FLAG', 'speed': {'below_ms': 15}},"
    "{'id': 'twice', 'action': 'EXCLUDE', 'duplicates': {'keys': ['duration_ms'], 'keep': 'LAST'}}]}}";

static csat_status run_cleaning(struct made* m, const char** step) {
  enum { kResponses = 4 };
  static const char* const kNames[] = {"id", "a", "b", "duration_ms"};
  static const int64_t kNumbers[][kResponses] = {
      {1000001, 1000002, 1000003, 1000004}, {1, 5, 3, 2}, {2, 5, 1, 4}, {10, 20, 30, 40}};
  struct table responses;
  char json[sizeof kCleaningPolicy];
  csat_cleaning_options options = CSAT_CLEANING_OPTIONS_INIT;
  csat_review_decision decision = {{"1000002", 7}, CSAT_REVIEW_CONFIRMED, 0};
  csat_status status;
  size_t i;
  for (i = 0; i < sizeof json; ++i) json[i] = kCleaningPolicy[i] == '\'' ? '"' : kCleaningPolicy[i];
  begin_table(&responses, kResponses);
  for (i = 0; i < sizeof kNames / sizeof kNames[0]; ++i) add_column(&responses, kNames[i], "l", kNumbers[i]);
  options.seed.data = "a seed of some length, which needs memory";
  options.seed.size = 41;
  options.decisions = &decision;
  options.decision_count = 1;
  STEP(csat_policy_parse(json, sizeof json - 1, &m->cleans, NULL, &m->error));
  STEP(csat_policy_cleaning_fields(m->cleans, &m->cleaning_texts[0], &m->error));
  STEP(csat_policy_clean(m->cleans, &responses.schema, &responses.array, &options, &m->cleaning, &m->error));
  STEP(csat_cleaning_to_json(m->cleaning, &m->cleaning_texts[1], &m->error));
  STEP(csat_cleaning_verdicts(m->cleaning, &m->verdicts_schema, &m->verdicts_array, &m->error));
  STEP(csat_cleaning_ledger(m->cleaning, &m->cleaned_schema, &m->cleaned_array, &m->error));
  return CSAT_OK;
}

/* A questionnaire asked of one customer, and the answers of three to it. */
static csat_status run_questionnaire(struct made* m, const char** step) {
  enum { kResponses = 3 };
  static const char kPolicy[] =
      "{'id': 'a_policy_that_asks_questions', 'version': '1', 'effective_from': '2025-01-01', 'zone': 'UTC',"
      "'metrics': [{'id': 'a', 'number': {}, 'min': 1, 'max': 5}, {'id': 'why', 'text': {}},"
      "{'id': 'used_web', 'number': {}, 'min': 0, 'max': 1}, {'id': 'used_it', 'number': {}, 'min': 0, "
      "'max': 1}],"
      "'questionnaires': [{'id': 'first', 'version': '1', 'items': [{'id': 'why'}]},"
      "{'id': 'second', 'version': '1', 'label': {'en': 'How was it at the place to which you went?'},"
      "'offered_when': {'not': {'compare': {'metric': 'a', 'op': 'GT', 'value': 4}}}, 'context': ['a'],"
      "'follow_up': {'after': 'first', 'since': 'the event that began it', 'months': 1},"
      "'items': [{'id': 'used', 'several': {}, 'options': [{'id': 'web'}, {'id': 'it'}]},"
      "{'id': 'why', 'shown_when': {'any': {'of': [{'compare': {'metric': 'used_web', 'op': 'EQ', 'value': "
      "1}},"
      "{'at_least': {'count': 1, 'of': [{'answered': 'a'}]}}]}}}]}]}";
  static const char kAnswers[] =
      "{\"a\": 6, \"used\": [\"web\", \"web\"], \"why\": \"for this long reason\", \"what\": null}";
  static const char* const kNames[] = {"a", "used_web", "used_it", "why"};
  static const int64_t kNumbers[][kResponses] = {{1, 6, 5}, {0, 1, 0}, {1, 1, 0}, {0, 0, 0}};
  struct table responses;
  char json[sizeof kPolicy];
  csat_status status;
  size_t i;
  for (i = 0; i < sizeof json; ++i) json[i] = kPolicy[i] == '\'' ? '"' : kPolicy[i];
  begin_table(&responses, kResponses);
  for (i = 0; i < sizeof kNames / sizeof kNames[0]; ++i) add_column(&responses, kNames[i], "l", kNumbers[i]);
  /* All of them null. */
  responses.fields[3].format = "n";
  responses.columns[3].n_buffers = 0;
  responses.columns[3].null_count = kResponses;
  STEP(csat_policy_parse(json, sizeof json - 1, &m->asks, NULL, &m->error));
  STEP(csat_policy_questionnaires(m->asks, &m->question_texts[0], &m->error));
  STEP(csat_policy_offers(m->asks, "a visit", 7, kAnswers, sizeof kAnswers - 1, &m->question_texts[1],
                          &m->error));
  STEP(csat_questionnaire_create(m->asks, "second", 6, &m->questionnaire, &m->error));
  STEP(csat_questionnaire_to_json(m->questionnaire, &m->question_texts[2], &m->error));
  STEP(csat_questionnaire_next(m->questionnaire, "{}", 2, &m->question_texts[3], &m->error));
  STEP(csat_questionnaire_check(m->questionnaire, kAnswers, sizeof kAnswers - 1, &m->question_texts[4],
                                &m->error));
  STEP(csat_questionnaire_may_start(m->questionnaire, "2025-01-01", 10, &m->error));
  STEP(csat_questionnaire_last_day(m->questionnaire, "2025-01-31", 10, &m->question_texts[5], &m->error));
  STEP(csat_questionnaire_check_follow_up(m->questionnaire, "2025-01-31", 10, "2025-02-01", 10, "2025-02-28",
                                          10, &m->error));
  STEP(csat_questionnaire_check_table(m->questionnaire, &responses.schema, &responses.array, NULL, &m->check,
                                      &m->error));
  STEP(csat_response_check_states(m->check, &m->states_schema, &m->states_array, &m->error));
  STEP(csat_response_check_problems(m->check, &m->problems_schema, &m->problems_array, &m->error));
  STEP(csat_response_check_to_json(m->check, &m->question_texts[6], &m->error));
  return CSAT_OK;
}

/* The same two answers under a policy's measures. */
static csat_status run_measures(struct made* m, const char** step) {
  static const char kPolicy[] =
      "{\"id\": \"p\", \"version\": \"1\", \"effective_from\": \"2025-01-01\", \"zone\": \"UTC\", "
      "\"metrics\": ["
      "{\"id\": \"quality\", \"number\": {}, \"min\": 1, \"max\": 5, \"decimal_places\": 0}],"
      " \"measures\": [{\"id\": \"mean\", \"mean\": {\"metric\": \"quality\"}}, {\"id\": \"high\","
      " \"where\": {\"answered\": \"quality\"}, \"share\": {\"of\": {\"compare\": {\"metric\": \"quality\","
      " \"op\": \"GE\", \"value\": 4}}}}]}";
  static const csat_string_view kKey = {"a name of some length", 21};
  struct table answers;
  struct source source = {NULL, 1, 0, 0, NULL};
  struct ArrowArrayStream stream;
  csat_measure_options options = CSAT_MEASURE_OPTIONS_INIT;
  csat_aggregates_options adding = CSAT_AGGREGATES_OPTIONS_INIT;
  csat_status status;
  options.by = &kKey;
  options.by_count = 1;
  make_answers(&answers);
  source.table = &answers;
  adding.threads = 2;
  STEP(csat_policy_parse(kPolicy, sizeof kPolicy - 1, &m->measured_policy, NULL, &m->error));
  STEP(csat_measure_plan_compile(m->measured_policy, &options, &m->measures, &m->error));
  STEP(csat_measure_plan_aggregates(m->measures, &m->measured, &m->error));
  *step = "csat_measure_plan_add_batch";
  status = csat_measure_plan_add_batch(m->measures, m->measured, &answers.schema, &answers.array, &adding,
                                       &m->error);
  EXPECT(csat_aggregates_row_count(m->measured) == (status == CSAT_OK ? 2 : 0));
  if (status != CSAT_OK) return status;
  stream = stream_of(&source);
  *step = "csat_measure_plan_add_stream";
  status = csat_measure_plan_add_stream(m->measures, m->measured, &stream, &adding, &m->error);
  EXPECT(csat_aggregates_row_count(m->measured) == (status == CSAT_OK ? 4 : 2));
  if (status != CSAT_OK) return status;
  STEP(csat_measure_plan_figures(m->measures, m->measured, 0.95, &m->measured_schema, &m->measured_array,
                                 &m->error));
  m->measured_schema.release(&m->measured_schema);
  m->measured_array.release(&m->measured_array);
  STEP(csat_measure_plan_columns(m->measures, m->measured, &m->measured_schema, &m->measured_array,
                                 &m->error));
  return CSAT_OK;
}

/* The functions in turn, up to the first that fails; gives its status, and says which it was. */
static csat_status run_steps(const struct scenario* scenario, struct made* m, const char** step) {
  csat_summary summary = CSAT_SUMMARY_INIT;
  csat_batch_options options = CSAT_BATCH_OPTIONS_INIT;
  size_t version = 0;
  const csat_policy* versions[1];
  csat_string_view text;
  csat_status status;
  int32_t fields;
  options.flags = CSAT_BATCH_BASE | CSAT_BATCH_CONTRIBUTIONS;
  options.top_reasons = 2;
  STEP(csat_policy_parse(scenario->json, scenario->json_size, &m->policy, &m->loaded, &m->error));
  STEP(csat_policy_check(m->policy, &m->checked, &m->error));
  versions[0] = m->policy;
  STEP(csat_policy_in_force(versions, 1, "2030-01-01", 10, &version, &m->error));
  STEP(csat_policy_run_cases(m->policy, &m->failures, &m->error));
  STEP(csat_policy_case_record(m->policy, 0, &m->example, &m->error));
  text = csat_policy_case_scorecard(m->policy, 0);
  STEP(csat_plan_compile(m->policy, text.data, text.size, &m->plan, &m->error));
  STEP(csat_record_create(m->plan, &m->record, &m->error));
  text = csat_buffer_view(m->example);
  STEP(csat_record_set_json(m->record, text.data, text.size, &m->error));
  STEP(csat_plan_score(m->plan, m->record, &summary, &m->error));
  STEP(csat_plan_explain(m->plan, m->record, &m->score, &m->error));
  STEP(csat_plan_measure(m->plan, m->record, &m->figures, &m->error));
  STEP(csat_plan_least_changes(m->plan, m->record, &m->changes, &m->error));
  STEP(csat_score_words(m->score, "zh", 2, &m->words, &m->error));
  STEP(csat_score_to_json(m->score, &m->text, &m->error));
  STEP(csat_record_set_text(m->record, 0, "a text that is too long to need no memory", 41));
  fields = csat_plan_field_count(m->plan);
  make_nulls(m->plan);
  STEP(csat_plan_score_batch(m->plan, &null_schemas[fields], &null_arrays[fields], &options, &m->schema,
                             &m->array, &m->error));
  STEP(read_stream(m));
  STEP(csat_record_clear(m->record));
  STEP(csat_plan_explain(m->plan, m->record, &m->none, &m->error));
  if (m->before_incident != NULL) m->before_incident();
  if ((status = run_incident(scenario, m, step)) != CSAT_OK) return status;
  if ((status = run_simulation(m, step)) != CSAT_OK) return status;
  if ((status = run_cleaning(m, step)) != CSAT_OK) return status;
  if ((status = run_questionnaire(m, step)) != CSAT_OK) return status;
  if ((status = run_aggregates(m, step)) != CSAT_OK) return status;
  if ((status = run_sampling(m, step)) != CSAT_OK) return status;
  if ((status = run_measures(m, step)) != CSAT_OK) return status;
  /* An accessor does without. */
  (void)csat_policy_label(m->policy, "a language whose tag needs memory", 33);
  *step = "";
  return CSAT_OK;
}

static void free_made(struct made* m) {
  int i;
  if (m->stream.release != NULL) m->stream.release(&m->stream);
  if (m->schema.release != NULL) m->schema.release(&m->schema);
  if (m->array.release != NULL) m->array.release(&m->array);
  if (m->changes_schema.release != NULL) m->changes_schema.release(&m->changes_schema);
  if (m->changes_array.release != NULL) m->changes_array.release(&m->changes_array);
  if (m->figures_schema.release != NULL) m->figures_schema.release(&m->figures_schema);
  if (m->figures_array.release != NULL) m->figures_array.release(&m->figures_array);
  if (m->groups_schema.release != NULL) m->groups_schema.release(&m->groups_schema);
  if (m->groups_array.release != NULL) m->groups_array.release(&m->groups_array);
  if (m->levels_schema.release != NULL) m->levels_schema.release(&m->levels_schema);
  if (m->levels_array.release != NULL) m->levels_array.release(&m->levels_array);
  if (m->measured_schema.release != NULL) m->measured_schema.release(&m->measured_schema);
  if (m->measured_array.release != NULL) m->measured_array.release(&m->measured_array);
  csat_aggregates_free(m->measured);
  csat_measure_plan_free(m->measures);
  csat_policy_free(m->measured_policy);
  csat_aggregates_free(m->read_aggregates);
  csat_aggregates_free(m->aggregates);
  if (m->verdicts_schema.release != NULL) m->verdicts_schema.release(&m->verdicts_schema);
  if (m->verdicts_array.release != NULL) m->verdicts_array.release(&m->verdicts_array);
  if (m->cleaned_schema.release != NULL) m->cleaned_schema.release(&m->cleaned_schema);
  if (m->cleaned_array.release != NULL) m->cleaned_array.release(&m->cleaned_array);
  if (m->states_schema.release != NULL) m->states_schema.release(&m->states_schema);
  if (m->states_array.release != NULL) m->states_array.release(&m->states_array);
  if (m->problems_schema.release != NULL) m->problems_schema.release(&m->problems_schema);
  if (m->problems_array.release != NULL) m->problems_array.release(&m->problems_array);
  for (i = 0; i < 7; ++i) csat_buffer_free(m->question_texts[i]);
  csat_response_check_free(m->check);
  csat_questionnaire_free(m->questionnaire);
  csat_policy_free(m->asks);
  for (i = 0; i < 2; ++i) csat_buffer_free(m->cleaning_texts[i]);
  csat_cleaning_free(m->cleaning);
  csat_policy_free(m->cleans);
  csat_simulation_free(m->simulation);
  csat_publication_free(m->read_publication);
  csat_publication_free(m->amended);
  csat_publication_free(m->published);
  csat_incident_free(m->read_incident);
  csat_incident_free(m->revoked);
  csat_incident_free(m->confirmed);
  csat_incident_free(m->proposed);
  for (i = 0; i < 8; ++i) csat_buffer_free(m->texts[i]);
  csat_error_free(m->error);
  csat_buffer_free(m->example);
  csat_buffer_free(m->text);
  csat_buffer_free(m->words);
  csat_case_failures_free(m->failures);
  csat_least_changes_free(m->changes);
  csat_figures_free(m->figures);
  csat_score_free(m->none);
  csat_score_free(m->score);
  csat_record_free(m->record);
  csat_plan_free(m->plan);
  csat_diagnostics_free(m->checked);
  csat_diagnostics_free(m->loaded);
  csat_policy_free(m->policy);
}

#endif /* CSAT_TESTS_CAPI_WHOLE_RUN_H_ */
