/* What the C tests of this folder share: a count of failed expectations, and reading a file. */
#ifndef CSAT_TESTS_CAPI_EXPECT_H_
#define CSAT_TESTS_CAPI_EXPECT_H_

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csat_c.h"

static int expect_checked;
static int expect_failed;

/* Counts one expectation, and says where it failed. */
#define EXPECT(condition)                                             \
  do {                                                                \
    ++expect_checked;                                                 \
    if (!(condition)) {                                               \
      ++expect_failed;                                                \
      printf("%s:%d: expected %s\n", __FILE__, __LINE__, #condition); \
    }                                                                 \
  } while (0)

/* The same with the name of the table's row. */
#define EXPECT_ROW(row, condition)                                               \
  do {                                                                           \
    ++expect_checked;                                                            \
    if (!(condition)) {                                                          \
      ++expect_failed;                                                           \
      printf("%s:%d: %s: expected %s\n", __FILE__, __LINE__, (row), #condition); \
    }                                                                            \
  } while (0)

/* The last line of a test program. */
static inline int expect_done(void) {
  printf("%d checks, %d failed\n", expect_checked, expect_failed);
  return expect_failed == 0 ? 0 : 1;
}

static inline int text_is(csat_string_view text, const char* expected) {
  return text.size == strlen(expected) && memcmp(text.data, expected, text.size) == 0;
}

static inline int text_holds(csat_string_view text, const char* part) {
  const size_t size = strlen(part);
  size_t i;
  for (i = 0; i + size <= text.size; ++i) {
    if (memcmp(text.data + i, part, size) == 0) return 1;
  }
  return 0;
}

/* The bytes of a file, ended by a NUL, to be freed by free(); the program ends if there is no such file. */
static inline char* read_file(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  char* bytes = NULL;
  long length = -1;
  if (file != NULL && fseek(file, 0, SEEK_END) == 0) length = ftell(file);
  if (length >= 0 && fseek(file, 0, SEEK_SET) == 0) bytes = (char*)malloc((size_t)length + 1);
  if (bytes == NULL || fread(bytes, 1, (size_t)length, file) != (size_t)length) {
    printf("cannot read %s\n", path);
    exit(1);
  }
  fclose(file);
  bytes[length] = '\0';
  *size = (size_t)length;
  return bytes;
}

/* A policy that must load. */
static inline csat_policy* load_policy(const char* path) {
  size_t size = 0;
  char* json = read_file(path, &size);
  csat_policy* policy = NULL;
  csat_error* error = NULL;
  if (csat_policy_parse(json, size, &policy, NULL, &error) != CSAT_OK) {
    printf("%s: %s\n", path, csat_error_message(error).data);
    exit(1);
  }
  free(json);
  return policy;
}

/* A plan that must compile. */
static inline csat_plan* compile_plan(const csat_policy* policy, const char* scorecard) {
  csat_plan* plan = NULL;
  csat_error* error = NULL;
  if (csat_plan_compile(policy, scorecard, strlen(scorecard), &plan, &error) != CSAT_OK) {
    printf("%s: %s\n", scorecard, csat_error_message(error).data);
    exit(1);
  }
  return plan;
}

/* A record that must be read. */
static inline csat_record* make_record(const csat_plan* plan, const char* json) {
  csat_record* record = NULL;
  csat_error* error = NULL;
  if (csat_record_create(plan, &record, &error) != CSAT_OK ||
      csat_record_set_json(record, json, strlen(json), &error) != CSAT_OK) {
    printf("%s: %s\n", json, csat_error_message(error).data);
    exit(1);
  }
  return record;
}

#endif /* CSAT_TESTS_CAPI_EXPECT_H_ */
