/* Two plans over the same columns: counts, JSON, changed rows, options from both sides of their limits. */
#include "expect.h"
#include "table.h"

enum { kRows = 4 };

/* Scores with weights 50 and 50, and with 80 and 20: 60 and 84; 60 and 36; 70 and 70; 10 and 16. */
static void make_table(struct table* t) {
  static const double kQuality[kRows] = {100, 20, 70, 20};
  static const double kSpeed[kRows] = {20, 100, 70, 0};
  begin_table(t, kRows);
  add_column(t, "quality", "g", kQuality);
  add_column(t, "speed", "g", kSpeed);
}

static csat_plan* make_plan(int quality, int speed) {
  static const char* const kPolicy =
      "{\"id\": \"two\", \"version\": \"%d\", \"effective_from\": \"2025-01-01\", \"zone\": \"UTC\", "
      "\"metrics\": ["
      "{\"id\": \"quality\", \"unit\": \"points\", \"direction\": \"HIGHER_IS_BETTER\", \"min\": 0, \"max\": "
      "100,"
      " \"number\": {}},"
      "{\"id\": \"speed\", \"unit\": \"points\", \"direction\": \"HIGHER_IS_BETTER\", \"min\": 0, \"max\": "
      "100,"
      " \"number\": {}}],"
      "\"scorecards\": [{\"id\": \"card\", \"max_score\": 100, \"indicators\": ["
      "{\"id\": \"quality\", \"max_points\": 100, \"weight\": %d, \"metric\": \"quality\", \"score\": "
      "{\"linear\":"
      " {\"from\": {\"at\": 0, \"points\": 0}, \"to\": {\"at\": 100, \"points\": 100}}},"
      " \"missing\": {\"rule\": \"INSUFFICIENT\"}},"
      "{\"id\": \"speed\", \"max_points\": 100, \"weight\": %d, \"metric\": \"speed\", \"score\": "
      "{\"linear\":"
      " {\"from\": {\"at\": 0, \"points\": 0}, \"to\": {\"at\": 100, \"points\": 100}}},"
      " \"missing\": {\"rule\": \"INSUFFICIENT\"}}],"
      "\"grading\": {\"basis\": \"EXACT\", \"bands\": [{\"id\": \"good\", \"from\": 60}, {\"id\": \"poor\","
      " \"from\": 0}]}}]}";
  char json[4096];
  csat_policy* policy = NULL;
  csat_plan* plan;
  csat_error* error = NULL;
  snprintf(json, sizeof json, kPolicy, quality, quality, speed);
  if (csat_policy_parse(json, strlen(json), &policy, NULL, &error) != CSAT_OK) {
    printf("%s\n", csat_error_message(error).data);
    exit(1);
  }
  plan = compile_plan(policy, "card");
  csat_policy_free(policy);
  return plan;
}

/* A simulation of the whole table, or NULL. */
static csat_simulation* simulate(const csat_plan* before, const csat_plan* after, const struct table* t,
                                 const csat_simulation_options* options, csat_status* status,
                                 csat_error** error) {
  csat_simulation* simulation = NULL;
  *status = csat_simulation_create(before, after, options, &simulation, error);
  EXPECT((simulation != NULL) == (*status == CSAT_OK));
  if (*status == CSAT_OK) *status = csat_simulation_add_batch(simulation, &t->schema, &t->array, error);
  return simulation;
}

static void expect_simulation(const csat_simulation* simulation) {
  csat_buffer* json = NULL;
  csat_string_view text;
  EXPECT(csat_simulation_row_count(simulation) == 4);
  EXPECT(csat_simulation_bad_row_count(simulation) == 0);
  EXPECT(csat_simulation_changed_count(simulation) == 1);
  EXPECT(csat_simulation_to_json(simulation, &json, NULL) == CSAT_OK);
  text = csat_buffer_view(json);
  EXPECT(text_holds(text, "{\"rows\":4,\"bad_rows\":0,\"changed\":1,\"mean_difference\":1.5,"));
  EXPECT(text_holds(text, "\"matrix\":[[2,1,0,0,0,0],[0,1,0,0,0,0],"));
  EXPECT(text_holds(text, "\"by_line\":[{\"line\":\"speed\",\"rows\":1}]"));
  EXPECT(text_holds(text, "\"before\":{\"policy\":{\"id\":\"two\",\"version\":\"50\","));
  EXPECT(text_holds(text, "{\"indicator\":\"quality\",\"weight\":80,\"step\":1,"));
  csat_buffer_free(json);
}

static void test_simulation(void) {
  csat_plan* before = make_plan(50, 50);
  csat_plan* after = make_plan(80, 20);
  struct table t;
  csat_status status;
  csat_simulation* simulation;
  struct ArrowSchema schema;
  struct ArrowArray array;
  make_table(&t);
  simulation = simulate(before, after, &t, NULL, &status, NULL);
  EXPECT(status == CSAT_OK);
  EXPECT(t.schema.release != NULL && t.array.release != NULL);
  expect_simulation(simulation);
  memset(&schema, 0, sizeof schema);
  memset(&array, 0, sizeof array);
  /* It keeps its plans, and the table outlives it. */
  csat_plan_free(before);
  csat_plan_free(after);
  EXPECT(csat_simulation_changes(simulation, &schema, &array, NULL) == CSAT_OK);
  csat_simulation_free(simulation);
  EXPECT(array.length == 1 && array.n_children == 7);
  EXPECT(strcmp(schema.children[5]->name, "line") == 0);
  EXPECT(((const int64_t*)array.children[0]->buffers[1])[0] == 1);
  EXPECT(((const int64_t*)array.children[6]->buffers[1])[0] == -30000000);
  schema.release(&schema);
  array.release(&array);
}

/* Rows are counted over all batches, and a batch that fails adds nothing. */
static void test_batches(const csat_plan* before, const csat_plan* after) {
  struct table t;
  csat_simulation* simulation = NULL;
  csat_error* error = NULL;
  struct ArrowSchema schema;
  struct ArrowArray array;
  csat_buffer* json = NULL;
  int32_t i;
  make_table(&t);
  EXPECT(csat_simulation_create(before, after, NULL, &simulation, NULL) == CSAT_OK);
  EXPECT(csat_simulation_row_count(simulation) == 0);
  EXPECT(csat_simulation_to_json(simulation, &json, NULL) == CSAT_OK);
  EXPECT(
      text_holds(csat_buffer_view(json), "{\"rows\":0,\"bad_rows\":0,\"changed\":0,\"mean_difference\":0,"));
  csat_buffer_free(json);
  EXPECT(csat_simulation_changes(simulation, &schema, &array, NULL) == CSAT_OK);
  EXPECT(array.length == 0 && array.n_children == 7);
  schema.release(&schema);
  array.release(&array);
  for (i = 0; i < kRows; ++i) {
    t.array.offset = i;
    t.array.length = 1;
    EXPECT(csat_simulation_add_batch(simulation, &t.schema, &t.array, NULL) == CSAT_OK);
  }
  expect_simulation(simulation);
  set_real(&t, 0, 3, -1);
  EXPECT(csat_simulation_add_batch(simulation, &t.schema, &t.array, &error) == CSAT_INVALID_ARGUMENT);
  EXPECT(text_holds(csat_error_message(error), "row 4: "));
  csat_error_free(error);
  expect_simulation(simulation);
  csat_simulation_free(simulation);
}

/* A veto in one row reaches the subject's other rows, so one batch has to hold them all. */
static void test_keys(const csat_plan* before, const csat_plan* after) {
  struct table t;
  csat_simulation_options options = CSAT_SIMULATION_OPTIONS_INIT;
  csat_status status;
  csat_simulation* simulation;
  csat_error* error = NULL;
  make_table(&t);
  options.subject_column.data = "quality"; /* Numbers with a fraction are no keys. */
  options.subject_column.size = 7;
  options.period_column = options.subject_column;
  simulation = simulate(before, after, &t, &options, &status, &error);
  EXPECT(status == CSAT_INVALID_ARGUMENT);
  EXPECT(text_holds(csat_error_message(error), "key column 'quality' holds no keys"));
  csat_error_free(error);
  t.fields[0].format = "l"; /* The bytes of the numbers are read as integers: any keys will do. */
  csat_simulation_free(simulation);
  t.array.length = 0;
  simulation = simulate(before, after, &t, &options, &status, NULL);
  EXPECT(status == CSAT_OK);
  error = NULL;
  EXPECT(csat_simulation_add_batch(simulation, &t.schema, &t.array, &error) == CSAT_FAILED_PRECONDITION);
  EXPECT(text_holds(csat_error_message(error), "subject_column 'quality': "));
  csat_error_free(error);
  csat_simulation_free(simulation);
}

struct option_row {
  const char* name;
  int32_t threads, bad_rows, flags;
  int64_t max_changes;
  int32_t reserved;
  csat_status status;
};

static const struct option_row kOptions[] = {
    {"least", 1, 0, 0, 0, 0, CSAT_OK},
    {"most", 256, 1, 1, INT64_MAX, 0, CSAT_OK},
    {"no thread", 0, 0, 0, 0, 0, CSAT_INVALID_ARGUMENT},
    {"too many threads", 257, 0, 0, 0, 0, CSAT_INVALID_ARGUMENT},
    {"bad_rows below", 1, -1, 0, 0, 0, CSAT_INVALID_ARGUMENT},
    {"bad_rows above", 1, 2, 0, 0, 0, CSAT_INVALID_ARGUMENT},
    {"unknown flag", 1, 0, 2, 0, 0, CSAT_INVALID_ARGUMENT},
    {"negative changes", 1, 0, 0, -1, 0, CSAT_INVALID_ARGUMENT},
    {"reserved", 1, 0, 0, 0, 1, CSAT_INVALID_ARGUMENT},
};

static void test_options(const csat_plan* before, const csat_plan* after) {
  struct table t;
  size_t i;
  make_table(&t);
  for (i = 0; i < sizeof(kOptions) / sizeof(kOptions[0]); ++i) {
    const struct option_row* row = &kOptions[i];
    csat_simulation_options options = CSAT_SIMULATION_OPTIONS_INIT;
    csat_status status;
    csat_simulation* simulation;
    struct ArrowSchema schema;
    struct ArrowArray array;
    options.threads = row->threads;
    options.bad_rows = row->bad_rows;
    options.flags = row->flags;
    options.max_changes = row->max_changes;
    options.reserved = row->reserved;
    simulation = simulate(before, after, &t, &options, &status, NULL);
    EXPECT_ROW(row->name, status == row->status);
    if (status == CSAT_OK) {
      EXPECT_ROW(row->name, csat_simulation_changed_count(simulation) == 1);
      EXPECT_ROW(row->name, csat_simulation_changes(simulation, &schema, &array, NULL) == CSAT_OK);
      EXPECT_ROW(row->name, array.length == (row->max_changes > 0));
      schema.release(&schema);
      array.release(&array);
    }
    csat_simulation_free(simulation);
  }
}

static void test_bad_rows(const csat_plan* before, const csat_plan* after) {
  struct table t;
  csat_simulation_options options = CSAT_SIMULATION_OPTIONS_INIT;
  csat_status status;
  csat_simulation* simulation;
  csat_error* error = NULL;
  make_table(&t);
  set_real(&t, 0, 2, 100.01);
  simulation = simulate(before, after, &t, &options, &status, &error);
  EXPECT(status == CSAT_INVALID_ARGUMENT);
  EXPECT(text_holds(csat_error_message(error), "row 2: "));
  EXPECT(csat_simulation_row_count(simulation) == 0);
  csat_simulation_free(simulation);
  csat_error_free(error);
  options.bad_rows = CSAT_BAD_ROWS_REFUSE;
  simulation = simulate(before, after, &t, &options, &status, NULL);
  EXPECT(status == CSAT_OK);
  EXPECT(csat_simulation_bad_row_count(simulation) == 1);
  csat_simulation_free(simulation);
}

static void test_misuse(const csat_plan* before, csat_plan* after) {
  struct table t;
  csat_simulation_options options = CSAT_SIMULATION_OPTIONS_INIT;
  csat_simulation* simulation = NULL;
  csat_error* error = NULL;
  make_table(&t);
  EXPECT(csat_simulation_create(NULL, after, NULL, &simulation, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_simulation_create(before, NULL, NULL, &simulation, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_simulation_create(before, after, NULL, NULL, NULL) == CSAT_INVALID_ARGUMENT);
  options.struct_size = 8;
  EXPECT(csat_simulation_create(before, after, &options, &simulation, &error) == CSAT_INVALID_ARGUMENT);
  EXPECT(text_holds(csat_error_message(error), "struct_size 8 of csat_simulation_options"));
  csat_error_free(error);
  EXPECT(simulation == NULL);
  EXPECT(csat_simulation_create(before, after, NULL, &simulation, NULL) == CSAT_OK);
  EXPECT(csat_simulation_add_batch(simulation, NULL, &t.array, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_simulation_add_batch(simulation, &t.schema, NULL, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_simulation_add_batch(NULL, &t.schema, &t.array, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_simulation_add_batch((csat_simulation*)after, &t.schema, &t.array, &error) ==
         CSAT_INVALID_ARGUMENT);
  EXPECT(text_is(csat_error_message(error), "simulation is a handle of another kind: plan"));
  csat_error_free(error);
  t.schema.n_children = 1; /* A column that the plans need is missing. */
  t.array.n_children = 1;
  EXPECT(csat_simulation_add_batch(simulation, &t.schema, &t.array, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_simulation_row_count(simulation) == 0);
  EXPECT(csat_simulation_changes(simulation, NULL, NULL, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_simulation_to_json(simulation, NULL, NULL) == CSAT_INVALID_ARGUMENT);
  csat_simulation_free(simulation);
  EXPECT(csat_simulation_row_count(simulation) == 0);
  EXPECT(csat_simulation_add_batch(simulation, &t.schema, &t.array, &error) == CSAT_INVALID_ARGUMENT);
  EXPECT(text_is(csat_error_message(error), "simulation was freed"));
  csat_error_free(error);
  EXPECT(csat_simulation_row_count(NULL) == 0);
  EXPECT(csat_simulation_bad_row_count(NULL) == 0);
  EXPECT(csat_simulation_changed_count(NULL) == 0);
  EXPECT(csat_simulation_to_json(NULL, NULL, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_simulation_changes(NULL, NULL, NULL, NULL) == CSAT_INVALID_ARGUMENT);
  csat_simulation_free(NULL);
  csat_plan_free(after);
  EXPECT(csat_simulation_create(before, after, NULL, &simulation, NULL) == CSAT_INVALID_ARGUMENT);
}

int main(void) {
  csat_plan* before = make_plan(50, 50);
  csat_plan* after = make_plan(80, 20);
  test_simulation();
  test_batches(before, after);
  test_keys(before, after);
  test_options(before, after);
  test_bad_rows(before, after);
  test_misuse(before, after);
  csat_plan_free(before);
  return expect_done();
}
