/* Every allocation of a whole run fails once: the call says so, nothing crashes, nothing leaks, and the same call
 * works afterwards. Then every allocation from the n-th on fails.
 *
 * The program's own malloc() stands before the C library's, so operator new inside libcsat ends here too. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t count, size_t size);
extern void* __libc_realloc(void* block, size_t size);
extern void* __libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void* block);

static long allocations; /* Since armed. */
static long fail_at;     /* 1: the next. 0: none. */
static int fail_on;      /* And all that follow. */
static long living;      /* Blocks not yet freed. */
static int failed;       /* One was refused since armed. */
static long in_incident; /* Not 0: so many after the incident of a run begins. */

/* Counts an allocation; 1: it has to fail. */
static int refuse(void) {
  ++allocations;
  if (fail_at == 0 || (fail_on ? allocations < fail_at : allocations != fail_at)) return 0;
  failed = 1;
  return 1;
}

void* malloc(size_t size) {
  if (refuse()) return NULL;
  ++living;
  return __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
  if (refuse()) return NULL;
  ++living;
  return __libc_calloc(count, size);
}

void* realloc(void* block, size_t size) {
  if (refuse()) return NULL;
  if (block == NULL) ++living;
  return __libc_realloc(block, size);
}

void* aligned_alloc(size_t alignment, size_t size) {
  if (refuse()) return NULL;
  ++living;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void** out, size_t alignment, size_t size) {
  if (refuse()) return 12; /* ENOMEM */
  *out = __libc_memalign(alignment, size);
  if (*out != NULL) ++living;
  return *out == NULL ? 12 : 0;
}

void free(void* block) {
  if (block != NULL) --living;
  __libc_free(block);
}

/* A policy, and of how many failing allocations in a row one is tried: every one of a small policy. */
struct scenario {
  const char* name;
  const char* veto; /* Fed by incidents, of the first case's scorecard; NULL: none is. */
  long stride;
  char* json;
  size_t json_size;
};

static struct scenario scenarios[] = {
    {"annual-survey", NULL, 1, NULL, 0},
    {"satisfaction-control", NULL, 7, NULL, 0},
    {"retail-after-sales", "information_leak", 211, NULL, 0},
};

/* What one run has made. */
struct made {
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

static void release_schema(struct ArrowSchema* schema) { schema->release = NULL; }
static void release_array(struct ArrowArray* array) { array->release = NULL; }

static void make_nulls(const csat_plan* plan) {
  const int32_t count = csat_plan_field_count(plan);
  int32_t i;
  memset(null_schemas, 0, sizeof null_schemas);
  memset(null_arrays, 0, sizeof null_arrays);
  EXPECT(count <= kMostFields);
  for (i = 0; i <= count; ++i) {
    null_schemas[i].name = "";
    null_schemas[i].release = release_schema;
    null_arrays[i].length = 2;
    null_arrays[i].release = release_array;
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

static void release_stream(struct ArrowArrayStream* stream) { stream->release = NULL; }

/* Scores the stream of nulls and reads it to its end. */
static csat_status read_stream(struct made* m) {
  struct ArrowArrayStream in = {get_schema, get_next, get_last_error, release_stream, NULL};
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

/* Two answers in a batch and in a stream, added, merged, taken out again, written and read. */
static int64_t answers[2][2] = {{5, 3}, {4, 4}};
static const void* answer_buffers[2][2] = {{NULL, answers[0]}, {NULL, answers[1]}};
static struct ArrowSchema answer_fields[2] = {
    {"l", "quality", NULL, 0, 0, NULL, NULL, release_schema, NULL},
    {"l", "a name of some length", NULL, 0, 0, NULL, NULL, release_schema, NULL}};
static struct ArrowSchema* answer_field_list[2] = {&answer_fields[0], &answer_fields[1]};
static struct ArrowArray answer_columns[2] = {
    {2, 0, 0, 2, 0, answer_buffers[0], NULL, NULL, release_array, NULL},
    {2, 0, 0, 2, 0, answer_buffers[1], NULL, NULL, release_array, NULL}};
static struct ArrowArray* answer_column_list[2] = {&answer_columns[0], &answer_columns[1]};
static struct ArrowSchema answer_schema = {"+s",           "",  NULL, 0, 2, answer_field_list, NULL,
                                           release_schema, NULL};
static struct ArrowArray answer_array = {
    2, 0, 0, 1, 2, no_validity, answer_column_list, NULL, release_array, NULL};

static int get_answers_schema(struct ArrowArrayStream* stream, struct ArrowSchema* out) {
  (void)stream;
  *out = answer_schema;
  return 0;
}

static int get_answers(struct ArrowArrayStream* stream, struct ArrowArray* out) {
  (void)stream;
  *out = answer_array;
  if (null_given++ > 0) out->release = NULL;
  return 0;
}

static csat_status run_aggregates(struct made* m, const char** step) {
  static const char kSpec[] =
      "{\"by\": [\"a name of some length\"], \"items\": [{\"id\": \"quality\", \"min\": 1, \"max\": 5},"
      " {\"id\": \"second\", \"field\": \"a name of some length\", \"min\": 0, \"max\": 9}],"
      " \"sets\": [{\"id\": \"both\", \"items\": [\"quality\", \"second\"]}]}";
  struct ArrowArrayStream stream = {get_answers_schema, get_answers, get_last_error, release_stream, NULL};
  csat_aggregates_options options = CSAT_AGGREGATES_OPTIONS_INIT;
  csat_string_view text;
  csat_status status;
  int i;
  options.threads = 2;
  STEP(csat_aggregates_create(kSpec, sizeof kSpec - 1, &m->aggregates, &m->error));
  for (i = 0; i < 2; ++i) {
    *step = "csat_aggregates_add_batch";
    status = csat_aggregates_add_batch(m->aggregates, &answer_schema, &answer_array, &options, &m->error);
    EXPECT(csat_aggregates_row_count(m->aggregates) == 2 * i + (status == CSAT_OK ? 2 : 0));
    if (status != CSAT_OK) return status;
  }
  null_given = 0;
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

/* Four responses: columns id, a, b and duration_ms, int64. */
enum { kCleaningColumns = 4, kResponses = 4 };
static const int64_t kResponsesGiven[kCleaningColumns][kResponses] = {
    {1000001, 1000002, 1000003, 1000004}, {1, 5, 3, 2}, {2, 5, 1, 4}, {10, 20, 30, 40}};
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
  static const char* const kNames[kCleaningColumns] = {"id", "a", "b", "duration_ms"};
  struct ArrowSchema schema, fields[kCleaningColumns], *field_list[kCleaningColumns];
  struct ArrowArray array, columns[kCleaningColumns], *column_list[kCleaningColumns];
  const void* buffers[kCleaningColumns][2];
  char json[sizeof kCleaningPolicy];
  csat_cleaning_options options = CSAT_CLEANING_OPTIONS_INIT;
  csat_review_decision decision = {{"1000002", 7}, CSAT_REVIEW_CONFIRMED, 0};
  csat_status status;
  size_t i;
  for (i = 0; i < sizeof json; ++i) json[i] = kCleaningPolicy[i] == '\'' ? '"' : kCleaningPolicy[i];
  memset(&schema, 0, sizeof schema);
  memset(&array, 0, sizeof array);
  memset(fields, 0, sizeof fields);
  memset(columns, 0, sizeof columns);
  schema.format = "+s";
  schema.n_children = array.n_children = kCleaningColumns;
  schema.children = field_list;
  schema.release = release_schema;
  array.length = kResponses;
  array.n_buffers = 1;
  array.buffers = no_validity;
  array.children = column_list;
  array.release = release_array;
  for (i = 0; i < kCleaningColumns; ++i) {
    fields[i].format = "l";
    fields[i].name = kNames[i];
    fields[i].release = release_schema;
    field_list[i] = &fields[i];
    buffers[i][0] = NULL;
    buffers[i][1] = kResponsesGiven[i];
    columns[i].length = kResponses;
    columns[i].n_buffers = 2;
    columns[i].buffers = buffers[i];
    columns[i].release = release_array;
    column_list[i] = &columns[i];
  }
  options.seed.data = "a seed of some length, which needs memory";
  options.seed.size = 41;
  options.decisions = &decision;
  options.decision_count = 1;
  STEP(csat_policy_parse(json, sizeof json - 1, &m->cleans, NULL, &m->error));
  STEP(csat_policy_cleaning_fields(m->cleans, &m->cleaning_texts[0], &m->error));
  STEP(csat_policy_clean(m->cleans, &schema, &array, &options, &m->cleaning, &m->error));
  STEP(csat_cleaning_to_json(m->cleaning, &m->cleaning_texts[1], &m->error));
  STEP(csat_cleaning_verdicts(m->cleaning, &m->verdicts_schema, &m->verdicts_array, &m->error));
  STEP(csat_cleaning_ledger(m->cleaning, &m->cleaned_schema, &m->cleaned_array, &m->error));
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
  struct ArrowArrayStream stream = {get_answers_schema, get_answers, get_last_error, release_stream, NULL};
  csat_measure_options options = CSAT_MEASURE_OPTIONS_INIT;
  csat_aggregates_options adding = CSAT_AGGREGATES_OPTIONS_INIT;
  csat_status status;
  options.by = &kKey;
  options.by_count = 1;
  adding.threads = 2;
  STEP(csat_policy_parse(kPolicy, sizeof kPolicy - 1, &m->measured_policy, NULL, &m->error));
  STEP(csat_measure_plan_compile(m->measured_policy, &options, &m->measures, &m->error));
  STEP(csat_measure_plan_aggregates(m->measures, &m->measured, &m->error));
  *step = "csat_measure_plan_add_batch";
  status = csat_measure_plan_add_batch(m->measures, m->measured, &answer_schema, &answer_array, &adding,
                                       &m->error);
  EXPECT(csat_aggregates_row_count(m->measured) == (status == CSAT_OK ? 2 : 0));
  if (status != CSAT_OK) return status;
  null_given = 0;
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
  if (in_incident != 0) fail_at = allocations + in_incident;
  if ((status = run_incident(scenario, m, step)) != CSAT_OK) return status;
  if ((status = run_simulation(m, step)) != CSAT_OK) return status;
  if ((status = run_cleaning(m, step)) != CSAT_OK) return status;
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

/* One run with the n-th allocation failing; 0: it made fewer. */
static int run_failing(const struct scenario* scenario, long n, int from_then_on, int count_blocks) {
  struct made m;
  const char* step = "";
  csat_status status;
  const long before = living;
  char row[160];
  memset(&m, 0, sizeof m);
  allocations = 0;
  failed = 0;
  fail_on = from_then_on;
  fail_at = n;
  status = run_steps(scenario, &m, &step);
  fail_at = 0;
  snprintf(row, sizeof row, "%s, allocation %ld%s, %.60s", scenario->name, n, from_then_on ? " and on" : "",
           step);
  if (failed) {
    EXPECT_ROW(row, status == CSAT_RESOURCE_EXHAUSTED || status == CSAT_OK);
    if (status != CSAT_OK && m.error != NULL) {
      EXPECT_ROW(row, csat_error_code(m.error) == status);
      EXPECT_ROW(row, csat_error_message(m.error).size > 0);
    }
    if (status != CSAT_OK && status != CSAT_RESOURCE_EXHAUSTED) {
      printf("  status %d: %s\n", (int)status, csat_error_message(m.error).data);
    }
  } else {
    EXPECT_ROW(row, status == CSAT_OK);
  }
  free_made(&m);
  if (count_blocks) {
    EXPECT_ROW(row, living == before);
    if (living != before) printf("  %ld blocks leaked\n", living - before);
  }
  return failed;
}

/* Runs that begin in a process in which the library has done nothing yet: what it makes once, it makes here. */
static void test_first_use(const struct scenario* scenario) {
  const int whole = scenario->veto == NULL;
  const int stride = whole ? 7 : 31;
  long n = 1;
  int more = 1;
  for (; more; n += stride) {
    int status = -1;
    const pid_t child = fork();
    if (child == 0) {
      expect_failed = 0;
      in_incident = whole ? 0 : n;
      more = run_failing(scenario, whole ? n : 0, 0, 0);
      in_incident = 0;
      run_failing(scenario, 0, 0, 0); /* It goes on as if nothing had happened. */
      _exit(expect_failed > 0 ? 1 : more ? 2 : 0);
    }
    EXPECT(child > 0 && waitpid(child, &status, 0) == child);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) != 1);
    if (!WIFEXITED(status)) printf("  first use: allocation %ld: signal %d\n", n, WTERMSIG(status));
    more = child > 0 && !(WIFEXITED(status) && WEXITSTATUS(status) == 0) && n < 100000;
  }
  printf("first use, %s: one of %d allocations failed, up to the %ldth%s\n", scenario->name, stride,
         n - stride, whole ? "" : " from its incident on");
}

/* Fills the queues of freed handles, and makes all that is made once. */
static void warm_up(const struct scenario* scenario) {
  int i;
  for (i = 0; i < 300; ++i) {
    csat_error* error = NULL;
    run_failing(scenario, 0, 0, 0);
    EXPECT(csat_plan_score(NULL, NULL, NULL, &error) == CSAT_INVALID_ARGUMENT);
    csat_error_free(error);
  }
}

/* Labels into a record: none of the ready-made policies has events on a scale with labels. */
static void test_labels(void) {
  static const char kPolicy[] =
      "{\"id\": \"labels\", \"version\": \"1\", \"effective_from\": \"2025-01-01\", \"zone\": \"UTC\","
      " \"scales\": [{\"id\": \"two\", \"min\": 1, \"max\": 2, \"direction\": \"HIGHER_IS_BETTER\","
      "   \"labels\": [{\"rank\": 2, \"label\": {\"en\": \"a label of some length\"}}]}],"
      " \"metrics\": [{\"id\": \"stars\", \"unit\": \"rank\", \"direction\": \"HIGHER_IS_BETTER\", "
      "\"scale\": \"two\","
      "   \"events\": {}}]}";
  const csat_string_view labels[2] = {{"a label of some length", 22},
                                      {"a word that is no label of the scale", 36}};
  csat_policy* policy = NULL;
  csat_plan* plan = NULL;
  csat_error* error = NULL;
  long n;
  int count;
  EXPECT(csat_policy_parse(kPolicy, strlen(kPolicy), &policy, NULL, &error) == CSAT_OK);
  if (policy == NULL) printf("%s\n", csat_error_message(error).data);
  EXPECT(csat_plan_compile_metrics(policy, &plan, NULL) == CSAT_OK);
  for (count = 1; count <= 2; ++count) {
    for (n = 1, failed = 1; failed; ++n) {
      csat_record* record = NULL;
      csat_status status;
      EXPECT(csat_record_create(plan, &record, NULL) == CSAT_OK);
      error = NULL;
      allocations = failed = fail_on = 0;
      fail_at = n;
      status = csat_record_set_labels(record, 0, labels, (size_t)count, &error);
      fail_at = 0;
      if (!failed) {
        EXPECT(status == (count == 1 ? CSAT_OK : CSAT_INVALID_ARGUMENT));
      } else {
        EXPECT(status == CSAT_RESOURCE_EXHAUSTED || (count == 2 && status == CSAT_INVALID_ARGUMENT));
      }
      csat_error_free(error);
      csat_record_free(record);
    }
    EXPECT(n > 3);
  }
  csat_plan_free(plan);
  csat_policy_free(policy);
}

int main(void) {
  size_t i;
  for (i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); ++i) {
    char path[1024];
    snprintf(path, sizeof path, "%s/policies/%s.json", CSAT_SOURCE_DIR, scenarios[i].name);
    scenarios[i].json = read_file(path, &scenarios[i].json_size);
  }
  fflush(stdout);
  test_first_use(&scenarios[0]);
  test_first_use(&scenarios[2]);
  warm_up(&scenarios[0]);
  test_labels();
  for (i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); ++i) {
    struct scenario* scenario = &scenarios[i];
    long one = 1, on = 1;
    run_failing(scenario, 0, 0, 0);
    while (run_failing(scenario, one, 0, 1)) one += scenario->stride;
    while (run_failing(scenario, on, 1, 1)) on += scenario->stride;
    printf("%s: one of %ld allocations failed, up to the %ldth; then all from there on, up to the %ldth\n",
           scenario->name, scenario->stride, one, on);
    EXPECT(one > 500);
    if (scenario->veto != NULL) {
      for (in_incident = 1; run_failing(scenario, 0, 0, 1);) in_incident += 13;
      in_incident = 0;
    }
    free(scenario->json);
  }
  return expect_done();
}
