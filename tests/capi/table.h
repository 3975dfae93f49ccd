/* Batches of a few columns of texts or of 8 bytes a value, and streams of them, for the C tests. Nobody releases them. */
#ifndef CSAT_TESTS_CAPI_TABLE_H_
#define CSAT_TESTS_CAPI_TABLE_H_

#include <stdint.h>
#include <string.h>

#include "csat_c.h"

enum { kMostColumns = 6, kMostRows = 6, kMostTexts = 256 };

struct table {
  struct ArrowSchema schema, fields[kMostColumns];
  struct ArrowSchema* field_list[kMostColumns];
  struct ArrowArray array, columns[kMostColumns];
  struct ArrowArray* column_list[kMostColumns];
  const void* buffers[kMostColumns][3];
  const void* whole[1];
  int64_t numbers[kMostColumns][kMostRows]; /* The values; see set_real() for a column of float64. */
  int32_t offsets[kMostColumns][kMostRows + 1];
  char texts[kMostColumns][kMostTexts];
};

static inline void no_release_schema(struct ArrowSchema* schema) { schema->release = NULL; }
static inline void no_release_array(struct ArrowArray* array) { array->release = NULL; }

/* Without a column yet. */
static inline void begin_table(struct table* t, int64_t rows) {
  memset(t, 0, sizeof *t);
  t->schema.format = "+s";
  t->schema.children = t->field_list;
  t->schema.release = no_release_schema;
  t->array.length = rows;
  t->array.n_buffers = 1;
  t->array.buffers = t->whole;
  t->array.children = t->column_list;
  t->array.release = no_release_array;
}

static inline int64_t name_column(struct table* t, const char* name, const char* format,
                                  int64_t buffer_count) {
  const int64_t i = t->schema.n_children++;
  ++t->array.n_children;
  t->fields[i].format = format;
  t->fields[i].name = name;
  t->fields[i].release = no_release_schema;
  t->field_list[i] = &t->fields[i];
  t->columns[i].length = t->array.length;
  t->columns[i].n_buffers = buffer_count;
  t->columns[i].buffers = t->buffers[i];
  t->columns[i].release = no_release_array;
  t->column_list[i] = &t->columns[i];
  return i;
}

/* `format`: of 8 bytes a value, "l", "g" or a timestamp. `values`: one for each row, copied. */
static inline void add_column(struct table* t, const char* name, const char* format, const void* values) {
  const int64_t i = name_column(t, name, format, 2);
  memcpy(t->numbers[i], values, (size_t)t->array.length * sizeof t->numbers[i][0]);
  t->buffers[i][1] = t->numbers[i];
}

/* `values`: one for each row, copied, less than kMostTexts bytes together. */
static inline void add_texts(struct table* t, const char* name, const char* const* values) {
  const int64_t i = name_column(t, name, "u", 3);
  int64_t row;
  for (row = 0; row < t->array.length; ++row) {
    memcpy(t->texts[i] + t->offsets[i][row], values[row], strlen(values[row]));
    t->offsets[i][row + 1] = t->offsets[i][row] + (int32_t)strlen(values[row]);
  }
  t->buffers[i][1] = t->offsets[i];
  t->buffers[i][2] = t->texts[i];
}

/* A value of a column of float64. */
static inline void set_real(struct table* t, int column, int row, double value) {
  memcpy(&t->numbers[column][row], &value, sizeof value);
}

/* A stream that gives the table `arrays` times and then ends, or fails with `code`. */
struct source {
  struct table* table;
  int arrays, given, code;
  const char* words;
};

static inline int source_schema(struct ArrowArrayStream* stream, struct ArrowSchema* out) {
  *out = ((struct source*)stream->private_data)->table->schema;
  return 0;
}

static inline int source_next(struct ArrowArrayStream* stream, struct ArrowArray* out) {
  struct source* source = (struct source*)stream->private_data;
  if (source->given == source->arrays && source->code != 0) return source->code;
  *out = source->table->array;
  if (source->given++ == source->arrays) out->release = NULL;
  return 0;
}

static inline const char* source_error(struct ArrowArrayStream* stream) {
  return ((struct source*)stream->private_data)->words;
}

static inline void no_release_stream(struct ArrowArrayStream* stream) { stream->release = NULL; }

static inline struct ArrowArrayStream stream_of(struct source* source) {
  struct ArrowArrayStream stream = {source_schema, source_next, source_error, no_release_stream, NULL};
  stream.private_data = source;
  return stream;
}

#endif /* CSAT_TESTS_CAPI_TABLE_H_ */
