/* Aggregates through the C interface: spec, batches, streams that end in the middle, merging, bytes, tables and
 * reliability. P2-54 */
#include <errno.h>

#include "expect.h"
#include "table.h"

enum { kRows = 6, kColumns = 4 };

static const char kSpec[] =
    "{\"by\": [\"shop\"], \"items\": [{\"id\": \"q1\", \"min\": 1, \"max\": 5}, {\"id\": \"q2\", \"min\": 1,"
    " \"max\": 5}, {\"id\": \"against\", \"field\": \"q3\", \"min\": 1, \"max\": 5}],"
    " \"sets\": [{\"id\": \"both\", \"items\": [\"q1\", \"q2\"]},"
    " {\"id\": \"three\", \"items\": [\"q1\", \"q2\", \"against\"]}]}";

/* The columns shop, q1, q2 and q3. */
static void make_table(struct table* t) {
  static const char* const kNames[kColumns] = {"shop", "q1", "q2", "q3"};
  static const int64_t kNumbers[kColumns][kRows] = {
      {1, 1, 1, 2, 2, 2}, {5, 4, 3, 1, 2, 5}, {4, 5, 3, 1, 1, 5}, {1, 2, 3, 5, 4, 1}};
  int i;
  begin_table(t, kRows);
  for (i = 0; i < kColumns; ++i) add_column(t, kNames[i], "l", kNumbers[i]);
}

static csat_aggregates* make_aggregates(void) {
  csat_aggregates* made = NULL;
  csat_error* error = NULL;
  if (csat_aggregates_create(kSpec, strlen(kSpec), &made, &error) != CSAT_OK) {
    printf("%s\n", csat_error_message(error).data);
    exit(1);
  }
  return made;
}

static int same_bytes(const csat_aggregates* a, const csat_aggregates* b) {
  csat_buffer *first = NULL, *second = NULL;
  csat_string_view left, right;
  int same;
  EXPECT(csat_aggregates_to_bytes(a, &first, NULL) == CSAT_OK);
  EXPECT(csat_aggregates_to_bytes(b, &second, NULL) == CSAT_OK);
  left = csat_buffer_view(first);
  right = csat_buffer_view(second);
  same = left.size == right.size && memcmp(left.data, right.data, left.size) == 0;
  csat_buffer_free(first);
  csat_buffer_free(second);
  return same;
}

/* The call failed with this code and a message of one line that holds this text. Frees the error. */
static void expect_error(const char* row, csat_status got, csat_status wanted, csat_error** error,
                         const char* text) {
  EXPECT_ROW(row, got == wanted && csat_error_code(*error) == wanted);
  EXPECT_ROW(row, text_holds(csat_error_message(*error), text));
  EXPECT_ROW(row, !text_holds(csat_error_message(*error), "\n"));
  if (!text_holds(csat_error_message(*error), text)) printf("  said: %s\n", csat_error_message(*error).data);
  csat_error_free(*error);
  *error = NULL;
}

struct bad_spec {
  const char* name;
  const char* spec;
  const char* path;
  int32_t line;
  const char* text;
};

static const struct bad_spec kBadSpecs[] = {
    {"no JSON", "{", "", 1, ""},
    {"unknown key", "{\n\"item\": []}", "item", 2, "unknown key 'item'"},
    {"twice", "{\"by\": [], \"by\": []}", "by", 1, ""},
    {"word for a number", "{\"items\": [{\"id\": \"q\", \"min\": \"1\", \"max\": 5}]}", "items[0].min", 1,
     ""},
    {"seven places", "{\"items\": [{\"id\": \"q\", \"min\": 0.0000001, \"max\": 5}]}", "items[0].min", 1, ""},
    {"no max", "{\"items\": [\n{\"id\": \"q\", \"min\": 1}]}", "items[0].max", 2, "items[0].max: is missing"},
    {"no id", "{\"items\": [{\"min\": 1, \"max\": 2}]}", "items[0].id", 1, "is missing"},
    {"label of nothing",
     "{\"items\": [{\"id\": \"q\", \"min\": 1, \"max\": 2, \"labels\": [{\"word\": \"a\"}]}]}",
     "items[0].labels[0].value", 1, "is missing"},
    {"set without id", "{\"sets\": [{\"items\": []}]}", "sets[0].id", 1, "is missing"},
    {"empty range", "{\"items\": [{\"id\": \"q\", \"min\": 5, \"max\": 5}]}", "", 0,
     "the range [5, 5] is empty"},
    {"set of one", "{\"sets\": [{\"id\": \"s\", \"items\": [\"q\"]}]}", "", 0, "1 items lie outside [2, 64]"},
};

static void test_specs(void) {
  size_t i;
  csat_aggregates* made = NULL;
  csat_buffer *spec = NULL, *again = NULL;
  csat_string_view text;
  csat_aggregates* second = NULL;
  for (i = 0; i < sizeof(kBadSpecs) / sizeof(kBadSpecs[0]); ++i) {
    const struct bad_spec* row = &kBadSpecs[i];
    csat_error* error = NULL;
    csat_status status = csat_aggregates_create(row->spec, strlen(row->spec), &made, &error);
    EXPECT_ROW(row->name, made == NULL);
    EXPECT_ROW(row->name, text_is(csat_error_path(error), row->path));
    EXPECT_ROW(row->name, csat_error_line(error) == row->line);
    expect_error(row->name, status, CSAT_INVALID_ARGUMENT, &error, row->text);
  }
  /* The text of a spec makes it again. */
  made = make_aggregates();
  EXPECT(csat_aggregates_spec(made, &spec, NULL) == CSAT_OK);
  text = csat_buffer_view(spec);
  EXPECT(text_holds(text, "{\"by\":[\"shop\"],\"items\":[{\"id\":\"q1\",\"max\":5,\"min\":1},"));
  EXPECT(csat_aggregates_create(text.data, text.size, &second, NULL) == CSAT_OK);
  EXPECT(csat_aggregates_spec(second, &again, NULL) == CSAT_OK);
  EXPECT(text_is(csat_buffer_view(again), text.data));
  EXPECT(csat_aggregates_merge(made, second, NULL) == CSAT_OK);
  csat_buffer_free(spec);
  csat_buffer_free(again);
  csat_aggregates_free(made);
  csat_aggregates_free(second);
}

static void test_tables(const csat_aggregates* whole) {
  struct ArrowSchema schema;
  struct ArrowArray array;
  const double* mean;
  EXPECT(csat_aggregates_groups(whole, &schema, &array, NULL) == CSAT_OK);
  EXPECT(array.length == 2 && array.n_children == 2 + 3 * 4);
  EXPECT(strcmp(schema.children[0]->name, "shop") == 0 && strcmp(schema.children[0]->format, "l") == 0);
  EXPECT(((const int64_t*)array.children[0]->buffers[1])[1] == 2);
  EXPECT(strcmp(schema.children[1]->name, "rows") == 0);
  EXPECT(((const int64_t*)array.children[1]->buffers[1])[0] == 3);
  EXPECT(strcmp(schema.children[4]->name, "q1.mean") == 0);
  mean = (const double*)array.children[4]->buffers[1];
  EXPECT(mean[0] == 4.0 && mean[1] == 8.0 / 3);
  EXPECT(strcmp(schema.children[5]->name, "q1.sd") == 0);
  EXPECT(((const double*)array.children[5]->buffers[1])[0] == 1.0);
  schema.release(&schema);
  array.release(&array);
  EXPECT(csat_aggregates_levels(whole, &schema, &array, NULL) == CSAT_OK);
  EXPECT(array.n_children == 4 && strcmp(schema.children[2]->name, "value") == 0);
  /* Shop 1: three levels of q1, three of q2, three of the third; shop 2: three, two, three. */
  EXPECT(array.length == 17);
  EXPECT(((const int64_t*)array.children[2]->buffers[1])[0] == 3000000);
  EXPECT(((const int64_t*)array.children[3]->buffers[1])[12] == 2);
  schema.release(&schema);
  array.release(&array);
}

static void test_aggregates(void) {
  struct table t;
  csat_aggregates* whole = make_aggregates();
  csat_aggregates* parts = make_aggregates();
  csat_aggregates* other = NULL;
  csat_aggregates* copy = NULL;
  csat_buffer* bytes = NULL;
  csat_string_view text;
  csat_error* error = NULL;
  int i;
  make_table(&t);
  EXPECT(csat_aggregates_add_batch(whole, &t.schema, &t.array, NULL, NULL) == CSAT_OK);
  EXPECT(t.schema.release != NULL && t.array.release != NULL);
  EXPECT(csat_aggregates_row_count(whole) == kRows && csat_aggregates_group_count(whole) == 2);
  for (i = kRows - 1; i >= 0; --i) {
    t.array.offset = i;
    t.array.length = 1;
    EXPECT(csat_aggregates_copy(parts, &other, NULL) == CSAT_OK);
    EXPECT(csat_aggregates_subtract(other, parts, NULL) == CSAT_OK);
    EXPECT(csat_aggregates_add_batch(other, &t.schema, &t.array, NULL, NULL) == CSAT_OK);
    EXPECT(csat_aggregates_merge(parts, other, NULL) == CSAT_OK);
    csat_aggregates_free(other);
  }
  EXPECT(same_bytes(whole, parts));
  EXPECT(csat_aggregates_to_bytes(whole, &bytes, NULL) == CSAT_OK);
  text = csat_buffer_view(bytes);
  EXPECT(csat_aggregates_from_bytes(text.data, text.size, &copy, NULL) == CSAT_OK);
  EXPECT(same_bytes(whole, copy));
  expect_error("truncated", csat_aggregates_from_bytes(text.data, text.size - 1, &other, &error),
               CSAT_INVALID_ARGUMENT, &error, "cut off or changed");
  EXPECT(other == NULL);
  csat_buffer_free(bytes);
  test_tables(whole);
  EXPECT(csat_aggregates_merge(copy, copy, NULL) == CSAT_OK);
  EXPECT(csat_aggregates_row_count(copy) == 2 * kRows);
  EXPECT(csat_aggregates_subtract(copy, whole, NULL) == CSAT_OK);
  EXPECT(same_bytes(whole, copy));
  EXPECT(csat_aggregates_subtract(copy, whole, NULL) == CSAT_OK);
  EXPECT(csat_aggregates_row_count(copy) == 0 && csat_aggregates_group_count(copy) == 0);
  expect_error("nothing to take out", csat_aggregates_subtract(copy, whole, &error), CSAT_FAILED_PRECONDITION,
               &error, "rows that this one does not");
  EXPECT(csat_aggregates_create("{}", 2, &other, NULL) == CSAT_OK);
  expect_error("another spec", csat_aggregates_merge(whole, other, &error), CSAT_FAILED_PRECONDITION, &error,
               "of another spec");
  csat_aggregates_free(other);
  csat_aggregates_free(copy);
  csat_aggregates_free(parts);
  csat_aggregates_free(whole);
}

struct stream_row {
  const char* name;
  int arrays, code;
  const char* words;
  csat_status status;
  const char* text;
};

static const struct stream_row kStreams[] = {
    {"empty", 0, 0, NULL, CSAT_OK, ""},
    {"two arrays", 2, 0, NULL, CSAT_OK, ""},
    {"fails at once", 0, EIO, "the disk is\ngone", CSAT_DATA_LOSS, "'the disk is\\ngone'"},
    {"fails in the middle", 2, EIO, NULL, CSAT_DATA_LOSS, "the stream gave the error 5"},
    {"no memory", 1, ENOMEM, NULL, CSAT_RESOURCE_EXHAUSTED, "the stream had no memory"},
};

static void test_streams(void) {
  struct table t;
  csat_aggregates* before = make_aggregates();
  struct source source;
  struct ArrowArrayStream stream;
  csat_aggregates_options options = CSAT_AGGREGATES_OPTIONS_INIT;
  csat_error* error = NULL;
  size_t i;
  make_table(&t);
  memset(&source, 0, sizeof source);
  source.table = &t;
  EXPECT(csat_aggregates_add_batch(before, &t.schema, &t.array, NULL, NULL) == CSAT_OK);
  for (i = 0; i < sizeof(kStreams) / sizeof(kStreams[0]); ++i) {
    const struct stream_row* row = &kStreams[i];
    csat_aggregates* made = NULL;
    csat_status status;
    EXPECT(csat_aggregates_copy(before, &made, NULL) == CSAT_OK);
    source.arrays = row->arrays;
    source.given = 0;
    source.code = row->code;
    source.words = row->words;
    stream = stream_of(&source);
    error = NULL;
    status = csat_aggregates_add_stream(made, &stream, NULL, &error);
    EXPECT_ROW(row->name, stream.release != NULL);
    EXPECT_ROW(row->name, status == row->status);
    EXPECT_ROW(row->name,
               csat_aggregates_row_count(made) == kRows * (1 + (status == CSAT_OK ? row->arrays : 0)));
    if (status != CSAT_OK) {
      expect_error(row->name, status, row->status, &error, row->text);
      EXPECT_ROW(row->name, same_bytes(made, before));
    }
    csat_aggregates_free(made);
  }
  /* Rows are counted over the whole stream. */
  t.numbers[1][4] = 6;
  source.arrays = 2;
  source.given = source.code = 0;
  t.array.length = 4;
  t.array.offset = 1;
  stream = stream_of(&source);
  expect_error("bad row", csat_aggregates_add_stream(before, &stream, NULL, &error), CSAT_INVALID_ARGUMENT,
               &error, "row 3: ");
  source.given = 0;
  options.bad_rows = CSAT_BAD_ROWS_REFUSE;
  options.threads = 256;
  EXPECT(csat_aggregates_add_stream(before, &stream, &options, NULL) == CSAT_OK);
  EXPECT(csat_aggregates_row_count(before) == kRows + 6 && csat_aggregates_refused_count(before) == 2);
  stream.release = NULL;
  expect_error("released", csat_aggregates_add_stream(before, &stream, NULL, &error), CSAT_INVALID_ARGUMENT,
               &error, "released");
  csat_aggregates_free(before);
}

struct option_row {
  const char* name;
  int32_t threads, bad_rows;
  csat_status status;
};

static const struct option_row kOptions[] = {
    {"least", 1, 0, CSAT_OK},
    {"most", 256, 1, CSAT_OK},
    {"no thread", 0, 0, CSAT_INVALID_ARGUMENT},
    {"too many threads", 257, 0, CSAT_INVALID_ARGUMENT},
    {"bad_rows below", 1, -1, CSAT_INVALID_ARGUMENT},
    {"bad_rows above", 1, 2, CSAT_INVALID_ARGUMENT},
};

static void test_options(void) {
  struct table t;
  size_t i;
  csat_aggregates_options options = CSAT_AGGREGATES_OPTIONS_INIT;
  csat_aggregates* made = make_aggregates();
  csat_error* error = NULL;
  make_table(&t);
  for (i = 0; i < sizeof(kOptions) / sizeof(kOptions[0]); ++i) {
    const struct option_row* row = &kOptions[i];
    options.threads = row->threads;
    options.bad_rows = row->bad_rows;
    EXPECT_ROW(row->name,
               csat_aggregates_add_batch(made, &t.schema, &t.array, &options, NULL) == row->status);
  }
  EXPECT(csat_aggregates_row_count(made) == 2 * kRows);
  options.struct_size = 8;
  expect_error("struct_size", csat_aggregates_add_batch(made, &t.schema, &t.array, &options, &error),
               CSAT_INVALID_ARGUMENT, &error, "struct_size 8 of csat_aggregates_options");
  t.array.n_children = t.schema.n_children = 2;
  expect_error("no column", csat_aggregates_add_batch(made, &t.schema, &t.array, NULL, &error),
               CSAT_INVALID_ARGUMENT, &error, "column 'q2' of item 'q2' is missing");
  csat_aggregates_free(made);
}

struct reliability_row {
  const char* name;
  size_t group;
  const char* set;
  int32_t missing, reserved;
  double level;
  const char* reversed[2];
  csat_status status;
  const char* text;
};

static const struct reliability_row kReliability[] = {
    /* Variances 1 and 1, covariance 1/2: alpha 2 (1 - 2/3). */
    {"worked", 0, "both", 0, 0, 0.95, {NULL, NULL}, CSAT_OK, "\"alpha\":0.666666666666666"},
    {"pairwise", 0, "both", 1, 0, 0.95, {NULL, NULL}, CSAT_OK, "\"missing\":\"pairwise\",\"level\":0.95,"},
    {"two items have no omega",
     0,
     "both",
     0,
     0,
     0.5,
     {NULL, NULL},
     CSAT_OK,
     "\"omega_total\":{\"reason\":\"too_few\",\"items\":[]}"},
    /* against is 6 - q1: turned about, it says the same. */
    {"reversed",
     1,
     "three",
     0,
     0,
     0.95,
     {"against", NULL},
     CSAT_OK,
     "\"average_correlation\":0.98048356226276"},
    {"no set", 0, "none", 0, 0, 0.95, {NULL, NULL}, CSAT_NOT_FOUND, "the spec has no set 'none'"},
    {"no group", 2, "both", 0, 0, 0.95, {NULL, NULL}, CSAT_OUT_OF_RANGE, "group 2 is none of 2"},
    {"missing above", 0, "both", 2, 0, 0.95, {NULL, NULL}, CSAT_INVALID_ARGUMENT, "missing 2"},
    {"missing below", 0, "both", -1, 0, 0.95, {NULL, NULL}, CSAT_INVALID_ARGUMENT, "missing -1"},
    {"reserved", 0, "both", 0, 1, 0.95, {NULL, NULL}, CSAT_INVALID_ARGUMENT, "reserved 1"},
    {"level 0", 0, "both", 0, 0, 0, {NULL, NULL}, CSAT_INVALID_ARGUMENT, "level 0"},
    {"level 1", 0, "both", 0, 0, 1, {NULL, NULL}, CSAT_INVALID_ARGUMENT, "level 1"},
    {"reversed of another set",
     0,
     "both",
     0,
     0,
     0.95,
     {"against", NULL},
     CSAT_INVALID_ARGUMENT,
     "reversed item 'against' is none of set 'both'"},
    {"reversed twice", 0, "both", 0, 0, 0.95, {"q1", "q1"}, CSAT_INVALID_ARGUMENT, "'q1' is there twice"},
};

static void test_reliability(void) {
  struct table t;
  csat_aggregates* made = make_aggregates();
  csat_buffer* json = NULL;
  csat_error* error = NULL;
  csat_reliability_options options = CSAT_RELIABILITY_OPTIONS_INIT;
  csat_string_view reversed[2];
  size_t i, j;
  make_table(&t);
  EXPECT(csat_aggregates_add_batch(made, &t.schema, &t.array, NULL, NULL) == CSAT_OK);
  for (i = 0; i < sizeof(kReliability) / sizeof(kReliability[0]); ++i) {
    const struct reliability_row* row = &kReliability[i];
    csat_status status;
    options.missing = row->missing;
    options.reserved = row->reserved;
    options.level = row->level;
    options.reversed = reversed;
    for (j = 0; j < 2 && row->reversed[j] != NULL; ++j) {
      reversed[j].data = row->reversed[j];
      reversed[j].size = strlen(row->reversed[j]);
    }
    options.reversed_count = j;
    error = NULL;
    status =
        csat_aggregates_reliability(made, row->group, row->set, strlen(row->set), &options, &json, &error);
    EXPECT_ROW(row->name, (json != NULL) == (status == CSAT_OK));
    if (row->status == CSAT_OK) {
      EXPECT_ROW(row->name, status == CSAT_OK);
      EXPECT_ROW(row->name, text_holds(csat_buffer_view(json), row->text));
      EXPECT_ROW(row->name, !text_holds(csat_buffer_view(json), "nan"));
      EXPECT_ROW(row->name, !text_holds(csat_buffer_view(json), "inf"));
      if (!text_holds(csat_buffer_view(json), row->text)) printf("%s\n", csat_buffer_view(json).data);
    } else {
      expect_error(row->name, status, row->status, &error, row->text);
    }
    csat_buffer_free(json);
    json = NULL;
  }
  options.reversed = NULL;
  options.reversed_count = 1;
  options.level = 0.95;
  options.missing = options.reserved = 0;
  expect_error("reversed NULL", csat_aggregates_reliability(made, 0, "both", 4, &options, &json, &error),
               CSAT_INVALID_ARGUMENT, &error, "reversed is NULL with reversed_count 1");
  options.struct_size = 16;
  expect_error("struct_size", csat_aggregates_reliability(made, 0, "both", 4, &options, &json, &error),
               CSAT_INVALID_ARGUMENT, &error, "struct_size 16 of csat_reliability_options");
  EXPECT(csat_aggregates_reliability(made, 0, "both", 4, NULL, &json, NULL) == CSAT_OK);
  csat_buffer_free(json);
  csat_aggregates_free(made);
}

int main(void) {
  test_specs();
  test_aggregates();
  test_streams();
  test_options();
  test_reliability();
  return expect_done();
}
