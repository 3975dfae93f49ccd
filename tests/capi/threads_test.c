/* Two threads share a plan, each with a record of its own, and get the bits that one thread gets; a child
 * made by fork() gets them too. Before that two threads come into the library at once as its first callers. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"
#include "table.h"

enum { kRounds = 20000 };

/* The score of round `i`, through a record that is filled again and again. */
static int64_t score_round(const csat_plan* plan, csat_record* record, int i) {
  csat_summary summary = CSAT_SUMMARY_INIT;
  const int32_t product = csat_plan_find_field(plan, "product_quality", 15);
  const int32_t service = csat_plan_find_field(plan, "service_quality", 15);
  const int32_t weighting = csat_plan_find_field(plan, "weighting", 9);
  if (csat_record_clear(record) != CSAT_OK ||
      csat_record_set_decimal(record, product, (int64_t)(i % 1000) * 100000) != CSAT_OK ||
      csat_record_set_int64(record, service, i % 101) != CSAT_OK ||
      (i % 2 == 0 && csat_record_set_text(record, weighting, "product_first", 13) != CSAT_OK) ||
      csat_plan_score(plan, record, &summary, NULL) != CSAT_OK) {
    return -1;
  }
  return summary.score_micros;
}

static uint64_t score_rounds(const csat_plan* plan) {
  csat_record* record = NULL;
  uint64_t hash = 14695981039346656037u;
  int i;
  if (csat_record_create(plan, &record, NULL) != CSAT_OK) return 0;
  for (i = 0; i < kRounds; ++i) {
    csat_score* score = NULL;
    hash = (hash ^ (uint64_t)score_round(plan, record, i)) * 1099511628211u;
    /* Handles of one kind made and freed by both threads at once. */
    if (i % 16 == 0 && csat_plan_explain(plan, record, &score, NULL) != CSAT_OK) return 0;
    csat_score_free(score);
  }
  csat_record_free(record);
  return hash;
}

/* Everything that the library sets up when it is first needed is set up by two threads at once. */
struct document {
  const char* json;
  size_t size;
  pthread_barrier_t* start;
  int good;
};

static void* read_document(void* argument) {
  struct document* document = (struct document*)argument;
  csat_policy* policy = NULL;
  csat_policy* broken = NULL;
  csat_plan* plan = NULL;
  csat_diagnostics* findings = NULL;
  csat_case_failures* failures = NULL;
  csat_error* error = NULL;
  pthread_barrier_wait(document->start);
  document->good = csat_policy_parse(document->json, document->size, &policy, NULL, NULL) == CSAT_OK &&
                   csat_policy_parse(document->json, document->size / 2, &broken, &findings, &error) ==
                       CSAT_INVALID_ARGUMENT &&
                   csat_diagnostics_count(findings) > 0 && csat_error_line(error) > 0 &&
                   csat_plan_compile(policy, "survey", 6, &plan, NULL) == CSAT_OK &&
                   csat_policy_run_cases(policy, &failures, NULL) == CSAT_OK &&
                   csat_case_failures_count(failures) == 0;
  csat_case_failures_free(failures);
  csat_plan_free(plan);
  csat_error_free(error);
  csat_diagnostics_free(findings);
  csat_policy_free(policy);
  return NULL;
}

static void test_first_callers(void) {
  struct document documents[2];
  pthread_t threads[2];
  pthread_barrier_t start;
  size_t size = 0;
  char* json = read_file(CSAT_SOURCE_DIR "/policies/annual-survey.json", &size);
  int i;
  EXPECT(pthread_barrier_init(&start, NULL, 2) == 0);
  for (i = 0; i < 2; ++i) {
    documents[i].json = json;
    documents[i].size = size;
    documents[i].start = &start;
    documents[i].good = 0;
    EXPECT(pthread_create(&threads[i], NULL, read_document, &documents[i]) == 0);
  }
  for (i = 0; i < 2; ++i) {
    EXPECT(pthread_join(threads[i], NULL) == 0);
    EXPECT(documents[i].good);
  }
  pthread_barrier_destroy(&start);
  free(json);
}

struct task {
  const csat_plan* plan;
  uint64_t hash;
};

static void* run(void* argument) {
  struct task* task = (struct task*)argument;
  task->hash = score_rounds(task->plan);
  return NULL;
}

static void test_threads(const csat_plan* plan, uint64_t wanted) {
  struct task tasks[2];
  pthread_t threads[2];
  int i;
  for (i = 0; i < 2; ++i) {
    tasks[i].plan = plan;
    tasks[i].hash = 0;
    EXPECT(pthread_create(&threads[i], NULL, run, &tasks[i]) == 0);
  }
  for (i = 0; i < 2; ++i) {
    EXPECT(pthread_join(threads[i], NULL) == 0);
    EXPECT(tasks[i].hash == wanted);
  }
}

static void test_fork(csat_policy* policy, csat_plan* plan, uint64_t wanted) {
  int status = -1;
  const pid_t child = fork();
  if (child == 0) {
    const int same = score_rounds(plan) == wanted;
    csat_plan_free(plan);
    csat_policy_free(policy);
    _exit(same ? 0 : 1);
  }
  EXPECT(child > 0);
  EXPECT(waitpid(child, &status, 0) == child);
  EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Aggregates that two threads read at once: each copies them, merges them into its own and takes them out again. */
struct sharing {
  const csat_aggregates* shared;
  int good;
};

static void* share(void* argument) {
  struct sharing* sharing = (struct sharing*)argument;
  int i;
  sharing->good = 1;
  for (i = 0; i < 200; ++i) {
    csat_aggregates* own = NULL;
    csat_buffer *before = NULL, *after = NULL;
    csat_string_view a, b;
    if (csat_aggregates_copy(sharing->shared, &own, NULL) != CSAT_OK ||
        csat_aggregates_merge(own, sharing->shared, NULL) != CSAT_OK ||
        csat_aggregates_subtract(own, sharing->shared, NULL) != CSAT_OK ||
        csat_aggregates_to_bytes(sharing->shared, &before, NULL) != CSAT_OK ||
        csat_aggregates_to_bytes(own, &after, NULL) != CSAT_OK) {
      sharing->good = 0;
    }
    a = csat_buffer_view(before);
    b = csat_buffer_view(after);
    if (a.size != b.size || memcmp(a.data, b.data, a.size) != 0) sharing->good = 0;
    csat_buffer_free(before);
    csat_buffer_free(after);
    csat_aggregates_free(own);
  }
  return NULL;
}

static void test_shared_aggregates(void) {
  static const char kSpec[] = "{\"by\": [\"q\"], \"items\": [{\"id\": \"q\", \"min\": 0, \"max\": 99}]}";
  enum { kCount = 5000 };
  static int64_t numbers[kCount];
  const void* buffers[2] = {NULL, numbers};
  const void* whole[1] = {NULL};
  struct ArrowSchema field = {"l", "q", NULL, 0, 0, NULL, NULL, no_release_schema, NULL};
  struct ArrowSchema* fields[1] = {&field};
  struct ArrowSchema schema = {"+s", "", NULL, 0, 1, fields, NULL, no_release_schema, NULL};
  struct ArrowArray column = {kCount, 0, 0, 2, 0, buffers, NULL, NULL, no_release_array, NULL};
  struct ArrowArray* columns[1] = {&column};
  struct ArrowArray array = {kCount, 0, 0, 1, 1, whole, columns, NULL, no_release_array, NULL};
  csat_aggregates_options options = CSAT_AGGREGATES_OPTIONS_INIT;
  csat_aggregates* shared = NULL;
  struct sharing tasks[2];
  pthread_t threads[2];
  int i;
  for (i = 0; i < kCount; ++i) numbers[i] = i * 37 % 100;
  options.threads = 3;
  EXPECT(csat_aggregates_create(kSpec, sizeof kSpec - 1, &shared, NULL) == CSAT_OK);
  EXPECT(csat_aggregates_add_batch(shared, &schema, &array, &options, NULL) == CSAT_OK);
  EXPECT(csat_aggregates_group_count(shared) == 100);
  for (i = 0; i < 2; ++i) {
    tasks[i].shared = shared;
    EXPECT(pthread_create(&threads[i], NULL, share, &tasks[i]) == 0);
  }
  for (i = 0; i < 2; ++i) {
    EXPECT(pthread_join(threads[i], NULL) == 0);
    EXPECT(tasks[i].good);
  }
  csat_aggregates_free(shared);
}

int main(void) {
  csat_policy* policy;
  csat_plan* plan;
  uint64_t wanted;
  test_first_callers();
  policy = load_policy(CSAT_SOURCE_DIR "/policies/annual-survey.json");
  plan = compile_plan(policy, "survey");
  wanted = score_rounds(plan);
  EXPECT(wanted != 0);
  test_threads(plan, wanted);
  test_fork(policy, plan, wanted);
  test_shared_aggregates();
  csat_plan_free(plan);
  csat_policy_free(policy);
  return expect_done();
}
