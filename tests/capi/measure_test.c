/* Measures through the C interface: plans, records by batch and stream, merging, figures, columns that feed a scorecard
 * or another program, and what is refused. P2-54 */
#include <errno.h>

#include "expect.h"
#include "table.h"

enum { kRows = 4 };

static const char kPolicy[] =
    "{\"id\": \"p\", \"version\": \"1\", \"effective_from\": \"2025-01-01\", \"zone\": \"UTC\","
    " \"scales\": [{\"id\": \"eleven\", \"min\": 0, \"max\": 10, \"integer\": true,"
    " \"direction\": \"HIGHER_IS_BETTER\"}],"
    " \"metrics\": [{\"id\": \"recommend\", \"scale\": \"eleven\", \"number\": {}}],"
    " \"measures\": [{\"id\": \"nps\", \"unit\": \"points\", \"nps\": {\"metric\": \"recommend\"}},"
    " {\"id\": \"low\", \"share\": {\"of\": {\"compare\": {\"metric\": \"recommend\", \"op\": \"LE\","
    " \"value\": 2}}}}]}";

/* The columns at, seconds of UTC, and recommend: the minute 10:00 of P2-54 with 10, 9, 8, 3. */
static void make_table(struct table* t) {
  static const int64_t kAt[kRows] = {36000, 36010, 36020, 36059};
  static const int64_t kRecommend[kRows] = {10, 9, 8, 3};
  begin_table(t, kRows);
  add_column(t, "at", "tss:UTC", kAt);
  add_column(t, "recommend", "l", kRecommend);
}

static csat_policy* parse(void) {
  csat_policy* policy = NULL;
  csat_error* error = NULL;
  if (csat_policy_parse(kPolicy, strlen(kPolicy), &policy, NULL, &error) != CSAT_OK) {
    printf("%s\n", csat_error_message(error).data);
    exit(1);
  }
  return policy;
}

static csat_measure_plan* by_minute(const csat_policy* policy) {
  csat_measure_options options = CSAT_MEASURE_OPTIONS_INIT;
  csat_measure_plan* plan = NULL;
  options.time_column.data = "at";
  options.time_column.size = 2;
  options.bucket = CSAT_BUCKET_MINUTE;
  EXPECT(csat_measure_plan_compile(policy, &options, &plan, NULL) == CSAT_OK);
  return plan;
}

static const struct ArrowArray* column(const struct ArrowSchema* schema, const struct ArrowArray* array,
                                       const char* name, const char* format) {
  int64_t i;
  for (i = 0; i < schema->n_children; ++i) {
    if (strcmp(schema->children[i]->name, name) != 0) continue;
    EXPECT(strcmp(schema->children[i]->format, format) == 0);
    return array->children[i];
  }
  printf("no column %s\n", name);
  exit(1);
}

static int word_is(const struct ArrowArray* column, int64_t row, const char* word) {
  const int32_t code = ((const int32_t*)column->buffers[1])[row];
  const int32_t* offsets = (const int32_t*)column->dictionary->buffers[1];
  const char* bytes = (const char*)column->dictionary->buffers[2];
  const size_t size = (size_t)(offsets[code + 1] - offsets[code]);
  return size == strlen(word) && memcmp(bytes + offsets[code], word, size) == 0;
}

static void figures_of_a_minute(void) {
  csat_policy* policy = parse();
  csat_measure_plan* plan = by_minute(policy);
  csat_aggregates *whole = NULL, *first = NULL, *second = NULL;
  struct table table;
  struct source source = {NULL, 1, 0, 0, NULL};
  struct ArrowArrayStream stream;
  struct ArrowSchema schema;
  struct ArrowArray array;
  csat_policy_free(policy); /* The plan stays. */
  EXPECT(csat_measure_plan_column_count(plan) == 2);
  EXPECT(text_is(csat_measure_plan_column_name(plan, 0), "at"));
  EXPECT(text_is(csat_measure_plan_column_name(plan, 1), "recommend"));
  EXPECT(text_is(csat_measure_plan_column_name(plan, 2), ""));
  EXPECT(text_is(csat_measure_plan_column_name(plan, -1), ""));
  make_table(&table);
  EXPECT(csat_measure_plan_aggregates(plan, &whole, NULL) == CSAT_OK);
  EXPECT(csat_measure_plan_aggregates(plan, &first, NULL) == CSAT_OK);
  EXPECT(csat_measure_plan_aggregates(plan, &second, NULL) == CSAT_OK);
  EXPECT(csat_measure_plan_add_batch(plan, whole, &table.schema, &table.array, NULL, NULL) == CSAT_OK);
  /* Two shards of it, the second as a stream. */
  table.array.length = 2;
  EXPECT(csat_measure_plan_add_batch(plan, first, &table.schema, &table.array, NULL, NULL) == CSAT_OK);
  table.array.offset = 2;
  source.table = &table;
  stream = stream_of(&source);
  EXPECT(csat_measure_plan_add_stream(plan, second, &stream, NULL, NULL) == CSAT_OK);
  EXPECT(csat_aggregates_merge(second, first, NULL) == CSAT_OK);
  EXPECT(csat_aggregates_row_count(second) == 4);

  EXPECT(csat_measure_plan_figures(plan, second, 0.95, &schema, &array, NULL) == CSAT_OK);
  EXPECT(array.length == 2);
  EXPECT(word_is(column(&schema, &array, "period", "i"), 0, "1970-01-01T10:00+00:00"));
  EXPECT(word_is(column(&schema, &array, "measure", "i"), 0, "nps"));
  EXPECT(word_is(column(&schema, &array, "measure", "i"), 1, "low"));
  EXPECT(((const int64_t*)column(&schema, &array, "n", "l")->buffers[1])[0] == 4);
  EXPECT(((const double*)column(&schema, &array, "value", "g")->buffers[1])[0] == 25.0);
  EXPECT(((const double*)column(&schema, &array, "low", "g")->buffers[1])[0] < 25.0);
  EXPECT(word_is(column(&schema, &array, "interval", "i"), 0, "score"));
  EXPECT(word_is(column(&schema, &array, "interval", "i"), 1, "wilson"));
  EXPECT(word_is(column(&schema, &array, "shown", "i"), 0, "25.00"));
  EXPECT(word_is(column(&schema, &array, "shown", "i"), 1, "0.0"));
  EXPECT(column(&schema, &array, "reason", "i")->null_count == 2);
  EXPECT(column(&schema, &array, "no_interval", "i")->null_count == 2);
  schema.release(&schema);
  array.release(&array);

  EXPECT(csat_measure_plan_columns(plan, whole, &schema, &array, NULL) == CSAT_OK);
  EXPECT(array.length == 1);
  EXPECT(((const int64_t*)column(&schema, &array, "nps", "d:38,6")->buffers[1])[0] == 25000000);
  EXPECT(((const int64_t*)column(&schema, &array, "nps.n", "l")->buffers[1])[0] == 4);
  schema.release(&schema);
  array.release(&array);
  csat_aggregates_free(whole);
  csat_aggregates_free(first);
  csat_aggregates_free(second);
  csat_measure_plan_free(plan);
}

/* Without a key there is a group of no record: it has reasons in place of figures. */
static void figures_of_nothing(void) {
  csat_policy* policy = parse();
  csat_measure_plan* plan = NULL;
  csat_aggregates* none = NULL;
  struct ArrowSchema schema;
  struct ArrowArray array;
  EXPECT(csat_measure_plan_compile(policy, NULL, &plan, NULL) == CSAT_OK);
  EXPECT(csat_measure_plan_aggregates(plan, &none, NULL) == CSAT_OK);
  EXPECT(csat_measure_plan_figures(plan, none, 0.95, &schema, &array, NULL) == CSAT_OK);
  EXPECT(array.length == 2);
  EXPECT(column(&schema, &array, "value", "g")->null_count == 2);
  EXPECT(word_is(column(&schema, &array, "reason", "i"), 0, "empty"));
  EXPECT(word_is(column(&schema, &array, "no_interval", "i"), 0, "empty"));
  EXPECT(word_is(column(&schema, &array, "shown", "i"), 1, "empty"));
  schema.release(&schema);
  array.release(&array);
  csat_aggregates_free(none);
  csat_measure_plan_free(plan);
  csat_policy_free(policy);
}

static void refused(csat_status status, csat_error* error, const char* row, csat_status wanted,
                    const char* words) {
  EXPECT_ROW(row, status == wanted);
  EXPECT_ROW(row, error != NULL && text_holds(csat_error_message(error), words));
  if (error != NULL && !text_holds(csat_error_message(error), words))
    printf("%s\n", csat_error_message(error).data);
  csat_error_free(error);
}

static void refusals(void) {
  csat_policy* policy = parse();
  csat_measure_plan *plan = by_minute(policy), *made = NULL;
  csat_aggregates *aggregates = NULL, *others = NULL;
  csat_measure_options options = CSAT_MEASURE_OPTIONS_INIT;
  csat_aggregates_options adding = CSAT_AGGREGATES_OPTIONS_INIT;
  csat_string_view name = {"csat", 4};
  struct table table;
  struct source source = {NULL, 1, 0, EIO, "the disk is gone"};
  struct ArrowArrayStream stream;
  struct ArrowSchema schema;
  struct ArrowArray array;
  csat_error* error = NULL;
  csat_status status;
  make_table(&table);
  EXPECT(csat_measure_plan_aggregates(plan, &aggregates, NULL) == CSAT_OK);
  EXPECT(csat_aggregates_create("{}", 2, &others, NULL) == CSAT_OK);

  options.measures = &name;
  options.measures_count = 1;
  status = csat_measure_plan_compile(policy, &options, &made, &error);
  refused(status, error, "no such measure", CSAT_NOT_FOUND, "policy 'p' has no measure 'csat'");
  options.measures = NULL;
  error = NULL;
  status = csat_measure_plan_compile(policy, &options, &made, &error);
  refused(status, error, "NULL with a count", CSAT_INVALID_ARGUMENT,
          "measures is NULL with measures_count 1");
  options.measures_count = 0;
  options.bucket = 8;
  error = NULL;
  status = csat_measure_plan_compile(policy, &options, &made, &error);
  refused(status, error, "no such bucket", CSAT_INVALID_ARGUMENT, "bucket 8 lies outside [0, 7]");
  options.bucket = -1;
  error = NULL;
  status = csat_measure_plan_compile(policy, &options, &made, &error);
  refused(status, error, "below the buckets", CSAT_INVALID_ARGUMENT, "bucket -1 lies outside [0, 7]");
  options.bucket = 0;
  options.struct_size = 8;
  error = NULL;
  status = csat_measure_plan_compile(policy, &options, &made, &error);
  refused(status, error, "a small struct", CSAT_INVALID_ARGUMENT, "struct_size");
  error = NULL;
  status = csat_measure_plan_compile(NULL, NULL, &made, &error);
  refused(status, error, "no policy", CSAT_INVALID_ARGUMENT, "policy is NULL");
  EXPECT(made == NULL);

  table.numbers[1][3] = 11;
  error = NULL;
  status = csat_measure_plan_add_batch(plan, aggregates, &table.schema, &table.array, NULL, &error);
  refused(status, error, "off the scale", CSAT_INVALID_ARGUMENT,
          "row 3: column 'recommend': 11 lies outside [0, 10]");
  EXPECT(csat_aggregates_row_count(aggregates) == 0);
  adding.bad_rows = CSAT_BAD_ROWS_REFUSE;
  EXPECT(csat_measure_plan_add_batch(plan, aggregates, &table.schema, &table.array, &adding, NULL) ==
         CSAT_OK);
  EXPECT(csat_aggregates_row_count(aggregates) == 3);
  EXPECT(csat_aggregates_refused_count(aggregates) == 1);
  table.numbers[1][3] = 3;

  error = NULL;
  status = csat_measure_plan_add_batch(plan, others, &table.schema, &table.array, NULL, &error);
  refused(status, error, "aggregates of others", CSAT_INVALID_ARGUMENT,
          "the aggregates are of other measures");
  error = NULL;
  status = csat_measure_plan_figures(plan, others, 0.95, &schema, &array, &error);
  refused(status, error, "figures of others", CSAT_INVALID_ARGUMENT, "the aggregates are of other measures");
  error = NULL;
  status = csat_measure_plan_figures(plan, aggregates, 1.0, &schema, &array, &error);
  refused(status, error, "a level of 1", CSAT_INVALID_ARGUMENT, "level 1 lies outside (0, 1)");
  error = NULL;
  source.table = &table;
  stream = stream_of(&source);
  status = csat_measure_plan_add_stream(plan, aggregates, &stream, NULL, &error);
  refused(status, error, "a stream that fails", CSAT_DATA_LOSS, "the disk is gone");
  EXPECT(csat_aggregates_row_count(aggregates) == 3);
  table.fields[1].name = "recommended";
  error = NULL;
  status = csat_measure_plan_add_batch(plan, aggregates, &table.schema, &table.array, NULL, &error);
  refused(status, error, "a column gone", CSAT_INVALID_ARGUMENT,
          "column 'recommend' of metric 'recommend' is missing");

  csat_aggregates_free(others);
  csat_measure_plan_free(plan);
  error = NULL;
  status = csat_measure_plan_aggregates(plan, &others, &error);
  refused(status, error, "a freed plan", CSAT_INVALID_ARGUMENT, "plan was freed");
  csat_aggregates_free(aggregates);
  csat_policy_free(policy);
}

int main(void) {
  figures_of_a_minute();
  figures_of_nothing();
  refusals();
  return expect_done();
}
