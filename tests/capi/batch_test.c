/* Columns in, columns out: ownership as the Arrow C data interface has it, the options' limits from both
 * sides, and the same results as record by record. */
#include <errno.h>

#include "expect.h"

enum { kRows = 4 };

/* A batch of the columns product_quality and service_quality, float64, and weighting, null in every row. */
struct table {
  struct ArrowSchema schema, columns[3];
  struct ArrowSchema* schema_children[3];
  struct ArrowArray array, values[3];
  struct ArrowArray* array_children[3];
  const void* buffers[2][2];
  const void* no_validity[1];
  double numbers[2][kRows];
  int schemas_released, arrays_released;
};

static void release_schema(struct ArrowSchema* schema) {
  ++((struct table*)schema->private_data)->schemas_released;
  schema->release = NULL;
}

static void release_array(struct ArrowArray* array) {
  ++((struct table*)array->private_data)->arrays_released;
  array->release = NULL;
}

static void make_table(struct table* t) {
  static const char* const kNames[3] = {"product_quality", "service_quality", "weighting"};
  static const double kNumbers[2][kRows] = {{86, 0, 100, 75.5}, {90, 0, 100, 60.25}};
  int i;
  memset(t, 0, sizeof *t);
  memcpy(t->numbers, kNumbers, sizeof kNumbers);
  t->schema.format = "+s";
  t->schema.name = "";
  t->schema.n_children = 3;
  t->schema.children = t->schema_children;
  t->schema.release = release_schema;
  t->schema.private_data = t;
  t->array.length = kRows;
  t->array.n_buffers = 1;
  t->array.buffers = t->no_validity;
  t->array.n_children = 3;
  t->array.children = t->array_children;
  t->array.release = release_array;
  t->array.private_data = t;
  for (i = 0; i < 3; ++i) {
    t->schema_children[i] = &t->columns[i];
    t->columns[i].format = i < 2 ? "g" : "n";
    t->columns[i].name = kNames[i];
    t->columns[i].flags = ARROW_FLAG_NULLABLE;
    t->columns[i].release = release_schema;
    t->columns[i].private_data = t;
    t->array_children[i] = &t->values[i];
    t->values[i].length = kRows;
    if (i < 2) {
      t->buffers[i][1] = t->numbers[i];
      t->values[i].n_buffers = 2;
      t->values[i].buffers = t->buffers[i];
    } else {
      t->values[i].null_count = kRows;
    }
    t->values[i].release = release_array;
    t->values[i].private_data = t;
  }
}

/* The column of a result, -1 if it has none of this name. */
static int64_t find_column(const struct ArrowSchema* schema, const char* name) {
  int64_t i;
  for (i = 0; i < schema->n_children; ++i) {
    if (strcmp(schema->children[i]->name, name) == 0) return i;
  }
  return -1;
}

static void test_same_as_records(const csat_plan* plan) {
  struct table t;
  struct ArrowSchema schema;
  struct ArrowArray array;
  csat_record* record = NULL;
  const double* scores;
  int64_t column;
  int i;
  make_table(&t);
  EXPECT(csat_plan_score_batch(plan, &t.schema, &t.array, NULL, &schema, &array, NULL) == CSAT_OK);
  EXPECT(array.length == kRows);
  column = find_column(&schema, "score");
  EXPECT(column >= 0 && strcmp(schema.children[column]->format, "g") == 0);
  EXPECT(schema.children[column]->flags == ARROW_FLAG_NULLABLE);
  EXPECT(schema.children[find_column(&schema, "grade")]->flags == ARROW_FLAG_NULLABLE);
  EXPECT(schema.children[find_column(&schema, "outcome")]->flags == 0);
  EXPECT(schema.children[find_column(&schema, "reason")]->flags == 0);
  scores = (const double*)array.children[column]->buffers[1] + array.children[column]->offset;
  EXPECT(csat_record_create(plan, &record, NULL) == CSAT_OK);
  for (i = 0; i < kRows; ++i) {
    csat_summary summary = CSAT_SUMMARY_INIT;
    const int32_t product = csat_plan_find_field(plan, "product_quality", 15);
    const int32_t service = csat_plan_find_field(plan, "service_quality", 15);
    EXPECT(csat_record_set_double(record, product, t.numbers[0][i]) == CSAT_OK);
    EXPECT(csat_record_set_double(record, service, t.numbers[1][i]) == CSAT_OK);
    EXPECT(csat_plan_score(plan, record, &summary, NULL) == CSAT_OK);
    EXPECT(scores[i] == (double)summary.score_micros / 1e6);
  }
  csat_record_free(record);
  /* Borrowed: what came in is as it was. The result needs none of it. */
  EXPECT(t.schemas_released == 0 && t.arrays_released == 0);
  memset(t.numbers, 0x5a, sizeof t.numbers);
  EXPECT(scores[0] == 88);
  schema.release(&schema);
  array.release(&array);
  EXPECT(schema.release == NULL && array.release == NULL);
}

struct option_row {
  const char* name;
  int32_t threads, bad_rows, flags, top_reasons;
  int good;
};

static const struct option_row kOptions[] = {
    {"the usual", 1, 0, 0, 0, 1},           {"no thread", 0, 0, 0, 0, 0},
    {"two threads", 2, 0, 0, 0, 1},         {"most threads", 256, 0, 0, 0, 1},
    {"a thread too many", 257, 0, 0, 0, 0}, {"bad rows refused", 1, CSAT_BAD_ROWS_REFUSE, 0, 0, 1},
    {"bad rows unknown", 1, 2, 0, 0, 0},    {"all columns", 1, 0, 7, 0, 1},
    {"an unknown column", 1, 0, 8, 0, 0},   {"fewest reasons", 1, 0, 0, 1, 1},
    {"most reasons", 1, 0, 0, 16, 1},       {"a reason too many", 1, 0, 0, 17, 0},
    {"reasons below none", 1, 0, 0, -1, 0},
};

static void test_options(const csat_plan* plan) {
  size_t i;
  for (i = 0; i < sizeof(kOptions) / sizeof(kOptions[0]); ++i) {
    const struct option_row* row = &kOptions[i];
    csat_batch_options options = CSAT_BATCH_OPTIONS_INIT;
    struct ArrowSchema schema;
    struct ArrowArray array;
    struct table t;
    csat_error* error = NULL;
    csat_status status;
    make_table(&t);
    schema.release = NULL;
    array.release = NULL;
    options.threads = row->threads;
    options.bad_rows = row->bad_rows;
    options.flags = row->flags;
    options.top_reasons = row->top_reasons;
    status = csat_plan_score_batch(plan, &t.schema, &t.array, &options, &schema, &array, &error);
    EXPECT_ROW(row->name, status == (row->good ? CSAT_OK : CSAT_INVALID_ARGUMENT));
    if (status == CSAT_OK) {
      EXPECT_ROW(row->name, (find_column(&schema, "base") >= 0) == ((row->flags & CSAT_BATCH_BASE) != 0));
      EXPECT_ROW(row->name, (find_column(&schema, "reason_1") >= 0) == (row->top_reasons > 0));
      schema.release(&schema);
      array.release(&array);
    } else {
      EXPECT_ROW(row->name, csat_error_message(error).size > 0);
      EXPECT_ROW(row->name, schema.release == NULL && array.release == NULL);
    }
    csat_error_free(error);
  }
}

static void test_option_sizes(const csat_plan* plan) {
  struct {
    csat_batch_options known;
    char later[16];
  } bigger;
  const csat_batch_options usual = CSAT_BATCH_OPTIONS_INIT;
  struct ArrowSchema schema;
  struct ArrowArray array;
  struct table t;
  make_table(&t);
  memset(&bigger, 0x5a, sizeof bigger);
  bigger.known = usual;
  bigger.known.struct_size = sizeof bigger;
  bigger.known.prefix.data = "csat_";
  bigger.known.prefix.size = 5;
  EXPECT(csat_plan_score_batch(plan, &t.schema, &t.array, &bigger.known, &schema, &array, NULL) == CSAT_OK);
  EXPECT(find_column(&schema, "csat_score") >= 0);
  schema.release(&schema);
  array.release(&array);
  bigger.known.struct_size = sizeof(csat_batch_options) - 1;
  EXPECT(csat_plan_score_batch(plan, &t.schema, &t.array, &bigger.known, &schema, &array, NULL) ==
         CSAT_INVALID_ARGUMENT);
  bigger.known.struct_size = sizeof(csat_batch_options);
  bigger.known.prefix.data = "\xe5\xae\xa2_\xe5\xae";
  bigger.known.prefix.size = 4;
  EXPECT(csat_plan_score_batch(plan, &t.schema, &t.array, &bigger.known, &schema, &array, NULL) == CSAT_OK);
  schema.release(&schema);
  array.release(&array);
  bigger.known.prefix.size = 6;
  csat_error* error = NULL;
  EXPECT(csat_plan_score_batch(plan, &t.schema, &t.array, &bigger.known, &schema, &array, &error) ==
         CSAT_INVALID_ARGUMENT);
  const csat_string_view words = csat_error_message(error);
  const char expected[] = "prefix '\xe5\xae\xa2_\\xe5\\xae' is not UTF-8: byte 5 begins no character";
  EXPECT(words.size == sizeof expected - 1 && memcmp(words.data, expected, words.size) == 0);
  csat_error_free(error);
  bigger.known.prefix.size = SIZE_MAX;
  EXPECT(csat_plan_score_batch(plan, &t.schema, &t.array, &bigger.known, &schema, &array, NULL) ==
         CSAT_INVALID_ARGUMENT);
}

/* One flaw of a batch each. */
static void lose_column(struct table* t) { t->schema.n_children = t->array.n_children = 1; }
static void fewer_arrays(struct table* t) { t->array.n_children = 1; }
static void short_column(struct table* t) { t->values[1].length = kRows - 1; }
static void negative_length(struct table* t) { t->array.length = -1; }
static void negative_offset(struct table* t) { t->values[0].offset = -1; }
static void many_nulls(struct table* t) { t->values[0].null_count = kRows + 1; }
static void no_buffer(struct table* t) { t->buffers[0][1] = NULL; }
static void word_column(struct table* t) { t->columns[0].format = "nonsense"; }
static void not_a_struct(struct table* t) { t->schema.format = "g"; }
static void released_schema(struct table* t) { t->schema.release = NULL; }
static void released_array(struct table* t) { t->array.release = NULL; }
static void bad_row(struct table* t) { t->numbers[0][2] = 100.5; }

struct flaw_row {
  const char* name;
  void (*make)(struct table*);
  const char* says;
};

static const struct flaw_row kFlaws[] = {
    {"a column missing", lose_column, "service_quality"},
    {"fewer arrays than types", fewer_arrays, ""},
    {"a column too short", short_column, "service_quality"},
    {"a negative length", negative_length, "-1"},
    {"a negative offset", negative_offset, "product_quality"},
    {"more nulls than rows", many_nulls, "product_quality"},
    {"no buffer", no_buffer, "product_quality"},
    {"an unknown type", word_column, "nonsense"},
    {"not a struct", not_a_struct, ""},
    {"a released schema", released_schema, "released"},
    {"a released array", released_array, "released"},
    {"a row off the scale", bad_row, "100.5"},
};

static void test_flaws(const csat_plan* plan) {
  size_t i;
  for (i = 0; i < sizeof(kFlaws) / sizeof(kFlaws[0]); ++i) {
    struct ArrowSchema schema;
    struct ArrowArray array;
    struct table t;
    csat_error* error = NULL;
    make_table(&t);
    kFlaws[i].make(&t);
    schema.release = NULL;
    array.release = NULL;
    EXPECT_ROW(kFlaws[i].name, csat_plan_score_batch(plan, &t.schema, &t.array, NULL, &schema, &array,
                                                     &error) == CSAT_INVALID_ARGUMENT);
    EXPECT_ROW(kFlaws[i].name, text_holds(csat_error_message(error), kFlaws[i].says));
    if (!text_holds(csat_error_message(error), kFlaws[i].says)) {
      printf("  said: %s\n", csat_error_message(error).data);
    }
    EXPECT_ROW(kFlaws[i].name, schema.release == NULL && array.release == NULL);
    EXPECT_ROW(kFlaws[i].name, t.schemas_released == 0 && t.arrays_released == 0);
    csat_error_free(error);
  }
}

/* A stream that gives the table `chunks` times, and then fails if it is told to. */
struct source {
  struct table table;
  int chunks, given, fails, released;
};

static int get_schema(struct ArrowArrayStream* stream, struct ArrowSchema* out) {
  *out = ((struct source*)stream->private_data)->table.schema;
  return 0;
}

static int get_next(struct ArrowArrayStream* stream, struct ArrowArray* out) {
  struct source* source = (struct source*)stream->private_data;
  if (source->given == source->chunks) {
    out->release = NULL;
    return source->fails ? EPIPE : 0;
  }
  ++source->given;
  *out = source->table.array;
  return 0;
}

static const char* get_last_error(struct ArrowArrayStream* stream) {
  return ((struct source*)stream->private_data)->fails ? "the source broke" : NULL;
}

static void release_stream(struct ArrowArrayStream* stream) {
  ++((struct source*)stream->private_data)->released;
  stream->release = NULL;
}

static struct ArrowArrayStream make_source(struct source* source, int chunks, int fails) {
  struct ArrowArrayStream stream;
  memset(source, 0, sizeof *source);
  make_table(&source->table);
  source->chunks = chunks;
  source->fails = fails;
  stream.get_schema = get_schema;
  stream.get_next = get_next;
  stream.get_last_error = get_last_error;
  stream.release = release_stream;
  stream.private_data = source;
  return stream;
}

static void test_stream(const csat_plan* plan) {
  int chunks;
  for (chunks = 0; chunks <= 2; ++chunks) {
    struct source source;
    struct ArrowArrayStream in = make_source(&source, chunks, 0);
    struct ArrowArrayStream out;
    struct ArrowSchema schema;
    struct ArrowArray array;
    int read = 0;
    EXPECT(csat_plan_score_stream(plan, &in, NULL, &out, NULL) == CSAT_OK);
    EXPECT(in.release == NULL && source.released == 0 && source.given == 0);
    EXPECT(out.get_schema(&out, &schema) == 0);
    EXPECT(find_column(&schema, "score") >= 0);
    schema.release(&schema);
    while (out.get_next(&out, &array) == 0 && array.release != NULL) {
      EXPECT(array.length == kRows);
      array.release(&array);
      ++read;
    }
    EXPECT(array.release == NULL && read == chunks);
    EXPECT(source.table.arrays_released == chunks);
    EXPECT(out.get_last_error(&out) == NULL);
    out.release(&out);
    EXPECT(out.release == NULL && source.released == 1);
  }
}

static void test_stream_errors(const csat_plan* plan) {
  csat_batch_options options = CSAT_BATCH_OPTIONS_INIT;
  struct source source;
  struct ArrowArrayStream in = make_source(&source, 1, 1);
  struct ArrowArrayStream out;
  struct ArrowArray array;
  csat_error* error = NULL;
  memset(&out, 0, sizeof out);
  memset(&array, 0, sizeof array);

  /* Refused: the stream still belongs to the caller. */
  options.threads = 0;
  EXPECT(csat_plan_score_stream(plan, &in, &options, &out, NULL) == CSAT_INVALID_ARGUMENT);
  options.threads = 1;
  options.subject_column.data = options.period_column.data = "product_quality";
  options.subject_column.size = options.period_column.size = 15;
  EXPECT(csat_plan_score_stream(plan, &in, &options, &out, &error) == CSAT_INVALID_ARGUMENT);
  EXPECT(text_holds(csat_error_message(error), "subject_column"));
  csat_error_free(error);
  EXPECT(csat_plan_score_stream(plan, NULL, NULL, &out, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(csat_plan_score_stream(plan, &in, NULL, NULL, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(in.release != NULL && source.released == 0 && out.release == NULL);

  /* What the source says is passed on. */
  EXPECT(csat_plan_score_stream(plan, &in, NULL, &out, NULL) == CSAT_OK);
  EXPECT(csat_plan_score_stream(plan, &in, NULL, &out, NULL) == CSAT_INVALID_ARGUMENT);
  EXPECT(out.get_next(&out, &array) == 0);
  array.release(&array);
  EXPECT(out.get_next(&out, &array) == EPIPE);
  EXPECT(out.get_last_error(&out) != NULL && strcmp(out.get_last_error(&out), "the source broke") == 0);
  out.release(&out);
  EXPECT(source.released == 1);

  /* A bad row ends the stream with an error that names it. */
  in = make_source(&source, 2, 0);
  bad_row(&source.table);
  EXPECT(csat_plan_score_stream(plan, &in, NULL, &out, NULL) == CSAT_OK);
  EXPECT(out.get_next(&out, &array) == EINVAL);
  EXPECT(strstr(out.get_last_error(&out), "100.5") != NULL);
  out.release(&out);
}

int main(void) {
  csat_policy* policy = load_policy(CSAT_SOURCE_DIR "/policies/annual-survey.json");
  csat_plan* plan = compile_plan(policy, "survey");
  test_same_as_records(plan);
  test_options(plan);
  test_option_sizes(plan);
  test_flaws(plan);
  test_stream(plan);
  test_stream_errors(plan);
  csat_plan_free(plan);
  csat_policy_free(policy);
  return expect_done();
}
