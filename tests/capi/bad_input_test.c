/* What may be wrong with the figures of a record and with foreign columns: every row of the tables gets its code
 * and one line with the thing, the value and the limit, from every function that scores; nothing is written on
 * failure, and any number of failures takes no memory. */
#include <malloc.h>
#include <math.h>

#include "expect.h"

static const char kGood[] =
    "{\"won\": 9, \"all\": 10, \"waits\": [5, 10], \"stars\": 4, \"effort\": 2, \"role\": \"a\","
    " \"praise\": 1, \"leaks\": 0}";

enum kind { kInteger, kDecimal, kDouble, kText, kEvents, kMissing };

/* One field of the good record replaced. */
struct figure_row {
  const char* name;
  const char* field;
  enum kind kind;
  double value; /* A decimal in millionths. The last of three events. */
  const char* text;
  const char* says; /* NULL: it is good. */
};

static const struct figure_row kFigures[] = {
    {"NaN", "effort", kDouble, NAN, "", "field 'effort': NaN is not a number"},
    {"infinity", "effort", kDouble, HUGE_VAL, "", "field 'effort': infinity is not a number"},
    {"minus infinity", "effort", kDouble, -HUGE_VAL, "", "field 'effort': -infinity is not a number"},
    {"beyond all scales", "effort", kDouble, 1e300, "", "field 'effort': 1e+300"},
    {"the top of a scale", "effort", kDouble, 10, "", NULL},
    {"above a scale", "effort", kDouble, 10.01, "", "field 'effort': 10.01 lies outside [0, 10]"},
    {"the bottom of a scale", "effort", kDecimal, 0, "", NULL},
    {"below a scale", "effort", kDecimal, -10000, "", "field 'effort': -0.01 lies outside [0, 10]"},
    {"a value that stands for none", "effort", kInteger, 99, "", NULL},
    {"no step of a scale", "stars", kDouble, 3.5, "", "field 'stars': 3.5 is not a whole number"},
    {"above the ranks", "stars", kInteger, 6, "", "field 'stars': 6 lies outside [1, 5]"},
    {"below the ranks", "stars", kInteger, 0, "", "field 'stars': 0 lies outside [1, 5]"},
    {"a label", "stars", kText, 0, "great", NULL},
    {"no label", "stars", kText, 0, "gr\neat", "field 'stars': 'gr\\neat' is no label of scale 'five'"},
    {"a word for a number", "praise", kText, 0, "many", "field 'praise': 'many' is not a number"},
    {"no word of the metric", "role", kText, 0, "c", "field 'role': 'c' is none of the 2 words"},
    {"a word that is no UTF-8", "role", kText, 0, "\xff", "field 'role': '\\xff' is none of the 2 words"},
    {"a negative count", "leaks", kInteger, -1, "", "field 'leaks': -1 lies outside [0, 1000]"},
    {"a negative numerator", "won", kInteger, -1, "", "field 'won': -1 is below 0"},
    {"a negative denominator", "all", kInteger, -1, "", "field 'all': -1 is below 0"},
    {"all of them", "won", kInteger, 10, "", NULL},
    {"a numerator above its denominator", "won", kInteger, 11, "",
     "metric 'rate': numerator 11 is above denominator 10"},
    {"a denominator below its numerator", "all", kDecimal, 8999999, "",
     "metric 'rate': numerator 9 is above denominator 8.999999"},
    {"NaN of a count", "all", kDouble, NAN, "", "field 'all': NaN is not a number"},
    {"infinitely many", "all", kDouble, HUGE_VAL, "", "field 'all': infinity is not a number"},
    {"a share above the whole", "rate", kDouble, 1.000001, "", "field 'rate': 1.000001 lies outside [0, 1]"},
    {"the last event", "waits", kEvents, 100000, "", NULL},
    {"an event off its scale", "waits", kEvents, 100000.000001, "",
     "field 'waits': 100000.000001 lies outside"},
    {"an event that is no number", "waits", kEvents, NAN, "", "field 'waits': NaN is not a number"},
    {"a negative event", "waits", kEvents, -1, "", "field 'waits': -1 lies outside [0, 100000]"},
};

static void set_field(csat_record* record, const csat_plan* plan, const struct figure_row* row) {
  const int32_t slot = csat_plan_find_field(plan, row->field, strlen(row->field));
  csat_status status = CSAT_OK;
  double events[3];
  EXPECT_ROW(row->name, slot >= 0);
  switch (row->kind) {
    case kInteger: status = csat_record_set_int64(record, slot, (int64_t)row->value); break;
    case kDecimal: status = csat_record_set_decimal(record, slot, (int64_t)row->value); break;
    case kDouble: status = csat_record_set_double(record, slot, row->value); break;
    case kText: status = csat_record_set_text(record, slot, row->text, strlen(row->text)); break;
    case kEvents:
      events[0] = events[1] = 1;
      events[2] = row->value;
      status = csat_record_set_events(record, slot, events, 3);
      break;
    case kMissing: status = csat_record_set_missing(record, slot); break;
  }
  EXPECT_ROW(row->name, status == CSAT_OK);
}

/* Takes the error of a call that had to fail. */
static void expect_refusal(const char* name, const char* says, csat_status status, csat_error* error) {
  const csat_string_view message = csat_error_message(error);
  EXPECT_ROW(name, status == CSAT_INVALID_ARGUMENT && csat_error_code(error) == status);
  EXPECT_ROW(name, text_holds(message, says) && !text_holds(message, "\n"));
  if (!text_holds(message, says)) printf("  said: %s\n", message.data);
  csat_error_free(error);
}

static void test_figure(const csat_plan* plan, const struct figure_row* row) {
  csat_record* record = make_record(plan, kGood);
  csat_summary summary = CSAT_SUMMARY_INIT;
  csat_summary before;
  csat_score* score = NULL;
  csat_figures* figures = NULL;
  csat_least_changes* changes = NULL;
  csat_error* error = NULL;
  csat_status status;
  memset((char*)&summary + sizeof summary.struct_size, 0x5a, sizeof summary - sizeof summary.struct_size);
  before = summary;
  set_field(record, plan, row);
  status = csat_plan_score(plan, record, &summary, &error);
  if (row->says == NULL) {
    EXPECT_ROW(row->name, status == CSAT_OK && error == NULL);
    EXPECT_ROW(row->name, summary.outcome == CSAT_OUTCOME_SCORED);
    EXPECT_ROW(row->name, csat_plan_explain(plan, record, &score, NULL) == CSAT_OK);
  } else {
    expect_refusal(row->name, row->says, status, error);
    EXPECT_ROW(row->name, memcmp(&summary, &before, sizeof summary) == 0);
    error = NULL;
    status = csat_plan_explain(plan, record, &score, &error);
    expect_refusal(row->name, row->says, status, error);
    error = NULL;
    status = csat_plan_measure(plan, record, &figures, &error);
    expect_refusal(row->name, row->says, status, error);
    error = NULL;
    status = csat_plan_least_changes(plan, record, &changes, &error);
    expect_refusal(row->name, row->says, status, error);
    EXPECT_ROW(row->name, score == NULL && figures == NULL && changes == NULL);
  }
  csat_score_free(score);
  csat_record_free(record);
}

/* Columns for the same card, of two rows. */
enum { kRows = 2, kColumns = 8 };
enum { kWon, kAll, kWaits, kStars, kEffort, kRole, kPraise, kLeaks };

struct table {
  struct ArrowSchema schema, columns[kColumns], items;
  struct ArrowSchema* schema_children[kColumns];
  struct ArrowSchema* schema_items[1];
  struct ArrowArray array, values[kColumns], item_values;
  struct ArrowArray* array_children[kColumns];
  struct ArrowArray* array_items[1];
  const void* buffers[kColumns][3];
  const void* no_buffer[1];
  const void* item_buffers[2];
  uint8_t validity[1];
  int64_t won[kRows + 1], all[kRows + 1];
  double waits[3], effort[kRows + 1];
  int8_t stars[kRows + 1];
  int32_t wait_offsets[kRows + 2], role_offsets[kRows + 2];
  char roles[4];
  float praise[kRows + 1];
  uint16_t leaks[kRows + 1];
};

static void release_schema(struct ArrowSchema* schema) { schema->release = NULL; }
static void release_array(struct ArrowArray* array) { array->release = NULL; }

static void make_table(struct table* t) {
  static const char* const kNames[kColumns] = {"won",    "all",  "waits",  "stars",
                                               "effort", "role", "praise", "leaks"};
  static const char* const kFormats[kColumns] = {"l", "l", "+l", "c", "g", "u", "f", "S"};
  int i;
  memset(t, 0, sizeof *t);
  t->validity[0] = 0xff;
  t->schema.format = "+s";
  t->schema.name = "";
  t->schema.n_children = kColumns;
  t->schema.children = t->schema_children;
  t->schema.release = release_schema;
  t->array.length = kRows;
  t->array.n_buffers = 1;
  t->array.buffers = t->no_buffer;
  t->array.n_children = kColumns;
  t->array.children = t->array_children;
  t->array.release = release_array;
  for (i = 0; i < kColumns; ++i) {
    t->schema_children[i] = &t->columns[i];
    t->columns[i].format = kFormats[i];
    t->columns[i].name = kNames[i];
    t->columns[i].flags = ARROW_FLAG_NULLABLE;
    t->columns[i].release = release_schema;
    t->array_children[i] = &t->values[i];
    t->values[i].length = kRows;
    t->values[i].n_buffers = i == kRole ? 3 : 2;
    t->values[i].buffers = t->buffers[i];
    t->values[i].release = release_array;
  }
  for (i = 0; i < kRows; ++i) {
    t->won[i] = 9;
    t->all[i] = 10;
    t->stars[i] = 4;
    t->effort[i] = 2;
    t->roles[i] = i == 0 ? 'a' : 'b';
    t->role_offsets[i + 1] = i + 1;
    t->wait_offsets[i + 1] = i == 0 ? 1 : 3;
  }
  for (i = 0; i < 3; ++i) t->waits[i] = 5;
  t->buffers[kWon][1] = t->won;
  t->buffers[kAll][1] = t->all;
  t->buffers[kWaits][1] = t->wait_offsets;
  t->buffers[kStars][1] = t->stars;
  t->buffers[kEffort][1] = t->effort;
  t->buffers[kRole][1] = t->role_offsets;
  t->buffers[kRole][2] = t->roles;
  t->buffers[kPraise][1] = t->praise;
  t->buffers[kLeaks][1] = t->leaks;
  t->schema_items[0] = &t->items;
  t->columns[kWaits].n_children = 1;
  t->columns[kWaits].children = t->schema_items;
  t->items.format = "g";
  t->items.name = "item";
  t->items.release = release_schema;
  t->array_items[0] = &t->item_values;
  t->values[kWaits].n_children = 1;
  t->values[kWaits].children = t->array_items;
  t->item_values.length = 3;
  t->item_values.n_buffers = 2;
  t->item_values.buffers = t->item_buffers;
  t->item_values.release = release_array;
  t->item_buffers[1] = t->waits;
}

/* One flaw each, in the last row where it is one of a row. */
static void none(struct table* t) { (void)t; }
static void no_rows(struct table* t) {
  int i;
  t->array.length = 0;
  for (i = 0; i < kColumns; ++i) t->values[i].length = 0;
}
static void no_rows_no_buffers(struct table* t) {
  int i;
  no_rows(t);
  for (i = 0; i < kColumns; ++i) t->buffers[i][1] = NULL;
}
static void no_columns(struct table* t) { t->schema.n_children = t->array.n_children = 0; }
static void column_gone(struct table* t) { t->columns[kAll].name = "every"; }
static void column_twice(struct table* t) { t->columns[kLeaks].name = "won"; }
static void column_more(struct table* t) { t->columns[kLeaks].name = "more"; }
static void no_name(struct table* t) { t->columns[kLeaks].name = NULL; }
static void words_for_counts(struct table* t) {
  t->columns[kWon].format = "u";
  t->values[kWon].n_buffers = 3;
  t->buffers[kWon][1] = t->role_offsets;
  t->buffers[kWon][2] = t->roles;
}
static void numbers_for_words(struct table* t) {
  t->columns[kRole].format = "S";
  t->values[kRole].n_buffers = 2;
  t->buffers[kRole][1] = t->leaks;
}
static void numbers_for_events(struct table* t) {
  t->columns[kWaits].format = "l";
  t->columns[kWaits].n_children = t->values[kWaits].n_children = 0;
  t->buffers[kWaits][1] = t->won;
}
static void dates_for_counts(struct table* t) { t->columns[kLeaks].format = "tdD"; }
static void binary_for_words(struct table* t) { t->columns[kRole].format = "z"; }
static void half_floats(struct table* t) { t->columns[kLeaks].format = "e"; }
static void short_column(struct table* t) { t->values[kAll].length = kRows - 1; }
static void long_column(struct table* t) { t->values[kAll].length = kRows + 1; }
static void negative_length(struct table* t) { t->values[kAll].length = -1; }
static void huge_length(struct table* t) { t->array.length = INT64_MAX; }
static void negative_offset(struct table* t) { t->values[kAll].offset = -1; }
static void huge_offset(struct table* t) { t->array.offset = INT64_MAX; }
static void slice_past_the_end(struct table* t) { t->array.offset = 1; }
static void nulls_without_bits(struct table* t) { t->values[kAll].null_count = 1; }
static void fewer_nulls(struct table* t) {
  t->validity[0] = 1;
  t->buffers[kEffort][0] = t->validity;
}
static void more_nulls(struct table* t) {
  t->values[kEffort].null_count = 1;
  t->buffers[kEffort][0] = t->validity;
}
static void nulls_beyond(struct table* t) { t->values[kEffort].null_count = kRows + 1; }
static void nulls_uncounted(struct table* t) {
  t->validity[0] = 1;
  t->values[kEffort].null_count = -1;
  t->buffers[kEffort][0] = t->validity;
}
static void a_null_row(struct table* t) {
  t->validity[0] = 1;
  t->no_buffer[0] = t->validity;
  t->array.null_count = 1;
}
static void buffers_gone(struct table* t) { t->values[kEffort].buffers = NULL; }
static void values_gone(struct table* t) { t->buffers[kEffort][1] = NULL; }
static void buffer_too_many(struct table* t) { t->values[kEffort].n_buffers = 3; }
static void falling_word(struct table* t) { t->role_offsets[1] = 3; }
static void negative_word(struct table* t) { t->role_offsets[0] = -1; }
static void not_utf8(struct table* t) { t->roles[1] = (char)0xff; }
static void falling_list(struct table* t) { t->wait_offsets[1] = 4; }
static void list_past_its_items(struct table* t) { t->wait_offsets[2] = 4; }
static void list_of_nothing(struct table* t) { t->columns[kWaits].n_children = 0; }
static void null_event(struct table* t) {
  t->validity[0] = 3;
  t->item_buffers[0] = t->validity;
  t->item_values.null_count = 1;
}
static void dictionary_on_one_side(struct table* t) { t->columns[kRole].dictionary = &t->items; }
static void dictionary_within_itself(struct table* t) {
  t->columns[kLeaks].dictionary = &t->columns[kLeaks];
  t->values[kLeaks].dictionary = &t->values[kLeaks];
}
static void list_within_itself(struct table* t) {
  t->schema_items[0] = &t->columns[kWaits];
  t->array_items[0] = &t->values[kWaits];
}
static void released_column(struct table* t) { t->values[kAll].release = NULL; }
static void released_items(struct table* t) { t->item_values.release = NULL; }
static void nan_row(struct table* t) { t->effort[1] = NAN; }
static void infinite_row(struct table* t) { t->effort[1] = -HUGE_VAL; }
static void off_scale_row(struct table* t) { t->stars[1] = 6; }
static void negative_count_row(struct table* t) { t->won[1] = -1; }
static void above_whole_row(struct table* t) { t->won[1] = 11; }
static void count_beyond_row(struct table* t) { t->leaks[1] = 1001; }
static void unknown_word_row(struct table* t) { t->roles[1] = 'c'; }
static void bad_event_row(struct table* t) { t->waits[2] = -0.5; }

struct column_row {
  const char* name;
  void (*make)(struct table*);
  const char* says; /* NULL: it is good. */
  int of_a_row;     /* The last row is refused where bad rows are. */
};

static const struct column_row kFlaws[] = {
    {"sound columns", none, NULL, 0},
    {"no rows", no_rows, NULL, 0},
    {"no rows and no buffers", no_rows_no_buffers, NULL, 0},
    {"no columns", no_columns, "column 'rate' is missing", 0},
    {"a column missing", column_gone, "column 'rate' is missing", 0},
    {"a column twice", column_twice, "column 'won' is there twice", 0},
    {"a column too many", column_more, "column 'leaks' is missing", 0},
    {"a column without a name", no_name, "column 'leaks' is missing", 0},
    {"words for counts", words_for_counts, "column 'won' has words, the plan reads numbers", 0},
    {"numbers for words", numbers_for_words, "column 'role' has numbers, the plan reads words", 0},
    {"numbers for events", numbers_for_events, "column 'waits' has numbers, the plan reads lists", 0},
    {"dates for counts", dates_for_counts, "column 'leaks'", 0},
    {"binary for words", binary_for_words, "column 'role': format 'z'", 0},
    {"half floats", half_floats, "column 'leaks': format 'e'", 0},
    {"a column too short", short_column, "column 'all': length 1 is below", 0},
    {"a column longer than the table", long_column, NULL, 0},
    {"a negative length", negative_length, "column 'all': length -1 lies outside", 0},
    {"a huge length", huge_length, "table: length 9223372036854775807 lies outside", 0},
    {"a negative offset", negative_offset, "column 'all': offset -1 lies outside", 0},
    {"a huge offset", huge_offset, "table: offset 9223372036854775807 lies outside", 0},
    {"a slice past the end", slice_past_the_end, "length 2 is below the table's offset + rows, 3", 0},
    {"nulls without a bitmap", nulls_without_bits, "column 'all': null count 1 without a validity buffer", 0},
    {"fewer nulls than in the bitmap", fewer_nulls, "column 'effort': null count 0, but", 0},
    {"more nulls than in the bitmap", more_nulls, "column 'effort': null count 1, but", 0},
    {"more nulls than rows", nulls_beyond, "column 'effort': null count 3 lies outside [-1, 2]", 0},
    {"nulls not counted", nulls_uncounted, NULL, 0},
    {"a row null as a whole", a_null_row, "row 1 is null as a whole", 0},
    {"no list of buffers", buffers_gone, "column 'effort': the array has 2 buffers", 0},
    {"no values", values_gone, "column 'effort': buffer 1 (values or offsets) is NULL", 0},
    {"a buffer too many", buffer_too_many, "column 'effort': format 'g' has 2 buffers, not 3", 0},
    {"a word that ends before it begins", falling_word, "column 'role': row 1 ends at offset 2", 0},
    {"a word that begins below 0", negative_word, "column 'role': offset -1 of row 0 is below 0", 0},
    {"a word that is no UTF-8", not_utf8, "column 'role': row 1 is not UTF-8", 0},
    {"a list that ends before it begins", falling_list, "column 'waits': row 1 ends at offset 3", 0},
    {"a list beyond its items", list_past_its_items, "column 'waits': the last row ends at item 4 of 3", 0},
    {"a list without items", list_of_nothing, "column 'waits': a list has 1 child", 0},
    {"a null in a list", null_event, "field 'waits'", 1},
    {"a dictionary on one side", dictionary_on_one_side, "column 'role': the schema has a dictionary", 0},
    {"a dictionary of itself", dictionary_within_itself, "column 'leaks'", 0},
    {"a list of itself", list_within_itself, "column 'waits'", 0},
    {"a released column", released_column, "column 'all': the array has been released", 0},
    {"released items", released_items, "column 'waits'", 0},
    {"NaN", nan_row, "field 'effort': NaN is not a number", 1},
    {"minus infinity", infinite_row, "field 'effort': -infinity is not a number", 1},
    {"off the scale", off_scale_row, "field 'stars': 6 lies outside [1, 5]", 1},
    {"a negative count", negative_count_row, "field 'won': -1 is below 0", 1},
    {"a numerator above its denominator", above_whole_row, "numerator 11 is above denominator 10", 1},
    {"a count beyond its limit", count_beyond_row, "field 'leaks': 1001 lies outside [0, 1000]", 1},
    {"an unknown word", unknown_word_row, "field 'role': 'c' is none of the 2 words", 1},
    {"a negative event", bad_event_row, "field 'waits': -0.5 lies outside", 1},
};

static int64_t find_column(const struct ArrowSchema* schema, const char* name) {
  int64_t i;
  for (i = 0; i < schema->n_children; ++i) {
    if (strcmp(schema->children[i]->name, name) == 0) return i;
  }
  return -1;
}

static void test_columns(const csat_plan* plan, const struct column_row* row, int threads) {
  csat_batch_options options = CSAT_BATCH_OPTIONS_INIT;
  struct ArrowSchema schema;
  struct ArrowArray array;
  struct table t;
  csat_error* error = NULL;
  csat_status status;
  make_table(&t);
  row->make(&t);
  options.threads = threads;
  memset(&schema, 0, sizeof schema);
  memset(&array, 0, sizeof array);
  status = csat_plan_score_batch(plan, &t.schema, &t.array, &options, &schema, &array, &error);
  if (row->says == NULL) {
    EXPECT_ROW(row->name, status == CSAT_OK && array.length == t.array.length);
    if (status != CSAT_OK) printf("  said: %s\n", csat_error_message(error).data);
  } else {
    expect_refusal(row->name, row->says, status, error);
    EXPECT_ROW(row->name, schema.release == NULL && array.release == NULL);
    options.bad_rows = CSAT_BAD_ROWS_REFUSE;
    error = NULL;
    status = csat_plan_score_batch(plan, &t.schema, &t.array, &options, &schema, &array, &error);
    if (row->of_a_row) {
      EXPECT_ROW(row->name, status == CSAT_OK && array.length == kRows);
    } else {
      expect_refusal(row->name, row->says, status, error);
    }
  }
  if (status == CSAT_OK) {
    const struct ArrowArray* scores = array.children[find_column(&schema, "score")];
    const uint8_t* valid = (const uint8_t*)scores->buffers[0];
    /* Of a bad row there is nothing but that it was refused. */
    EXPECT_ROW(row->name, scores->null_count == row->of_a_row);
    if (row->of_a_row) EXPECT_ROW(row->name, valid != NULL && (valid[0] & 3) == 1);
    schema.release(&schema);
    array.release(&array);
  }
  EXPECT_ROW(row->name, schema.release == NULL && array.release == NULL);
}

static void test_once(const csat_plan* plan) {
  size_t i;
  for (i = 0; i < sizeof kFigures / sizeof kFigures[0]; ++i) test_figure(plan, &kFigures[i]);
  for (i = 0; i < sizeof kFlaws / sizeof kFlaws[0]; ++i) {
    test_columns(plan, &kFlaws[i], 1);
    test_columns(plan, &kFlaws[i], 2);
  }
}

/* Bytes in use; 0 under a sanitizer, which looks for leaks itself. */
static size_t bytes_in_use(void) { return mallinfo2().uordblks; }

int main(void) {
  csat_policy* policy = load_policy(CSAT_SOURCE_DIR "/tests/fuzz/corpus/policy/every_form.json");
  csat_plan* plan = compile_plan(policy, "card");
  size_t before, after;
  int i;
  for (i = 0; i < 40; ++i) test_once(plan); /* Freed handles wait, 256 of a kind. */
  before = bytes_in_use();
  for (i = 0; i < 1000; ++i) test_once(plan);
  after = bytes_in_use();
  printf("%zu bytes in use, %ld more after 1000 further rounds\n", after, (long)after - (long)before);
  EXPECT(after <= before + 16000); /* What a leak of 16 bytes in a round comes to. */
  csat_plan_free(plan);
  csat_policy_free(policy);
  return expect_done();
}
