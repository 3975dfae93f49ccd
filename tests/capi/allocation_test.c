/* Every allocation of a run through a room fails once: the call says so, nothing crashes, nothing leaks, and the same call
 * works afterwards. Then every allocation from the n-th on fails. */
#define _POSIX_C_SOURCE 200809L
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"
#include "failing_malloc.h"
#include "measuring_run.h"
#include "scoring_run.h"

/* Not 0: the allocation that fails, counted from where the incident of a run begins. */
static long in_incident;

static void arm_incident(void) {
  if (in_incident != 0) fail_at = allocations + in_incident;
}

/* One of so many allocations is tried: every one of a policy with every form, and of a room. */
struct tried {
  struct scenario scenario;
  long stride;
  long first_use_stride; /* 0: not tried in a process that has done nothing yet. */
};

static struct tried tries[] = {
    {{"tests/fuzz/corpus/policy/every_form.json", run_scoring, NULL, NULL, 0}, 1, 7},
    {{"policies/annual-survey.json", run_scoring, NULL, NULL, 0}, 37, 0},
    {{"policies/satisfaction-control.json", run_scoring, NULL, NULL, 0}, 37, 0},
    {{"policies/retail-after-sales.json", run_scoring, "information_leak", NULL, 0}, 211, 31},
    {{"cleaning", run_cleaning, NULL, NULL, 0}, 1, 7},
    {{"questionnaire", run_questionnaire, NULL, NULL, 0}, 1, 7},
    {{"aggregates", run_aggregates, NULL, NULL, 0}, 1, 7},
    {{"sampling", run_sampling, NULL, NULL, 0}, 1, 7},
    {{"measures", run_measures, NULL, NULL, 0}, 1, 7},
};

/* One run with the n-th allocation failing; 0: it made fewer. */
static int run_failing(const struct scenario* scenario, long n, int from_then_on, int count_blocks) {
  struct made m;
  const char* step = "";
  csat_status status;
  const long before = living;
  char row[160];
  memset(&m, 0, sizeof m);
  m.before_incident = arm_incident;
  allocations = 0;
  failed = 0;
  fail_on = from_then_on;
  fail_at = n;
  status = scenario->run(scenario, &m, &step);
  fail_at = 0;
  snprintf(row, sizeof row, "%s, allocation %ld%s, %.60s", scenario->name, n, from_then_on ? " and on" : "",
           step);
  if (!failed && status != CSAT_OK) printf("  %s\n", csat_error_message(m.error).data);
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
static void test_first_use(const struct scenario* scenario, long stride) {
  const int whole = scenario->veto == NULL;
  long n = 1;
  int more = 1;
  for (; more; n += stride) {
    int status = -1;
    pid_t child;
    fflush(stdout);
    child = fork();
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
  printf("first use, %s: one of %ld allocations failed, up to the %ldth%s\n", scenario->name, stride,
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
  enum { kTries = sizeof(tries) / sizeof(tries[0]) };
  size_t i;
  for (i = 0; i < kTries; ++i) {
    struct scenario* scenario = &tries[i].scenario;
    char path[1024];
    if (scenario->run != run_scoring) continue;
    snprintf(path, sizeof path, "%s/%s", CSAT_SOURCE_DIR, scenario->name);
    scenario->json = read_file(path, &scenario->json_size);
  }
  fflush(stdout);
  for (i = 0; i < kTries; ++i) {
    if (tries[i].first_use_stride > 0) test_first_use(&tries[i].scenario, tries[i].first_use_stride);
  }
  test_labels();
  for (i = 0; i < kTries; ++i) {
    const struct scenario* scenario = &tries[i].scenario;
    const long stride = tries[i].stride;
    long one = 1, on = 1;
    warm_up(scenario);
    while (run_failing(scenario, one, 0, 1)) one += stride;
    while (run_failing(scenario, on, 1, 1)) on += stride;
    printf("%s: one of %ld allocations failed, up to the %ldth; then all from there on, up to the %ldth\n",
           scenario->name, stride, one, on);
    EXPECT(one > 100);
    if (scenario->veto != NULL) {
      for (in_incident = 1; run_failing(scenario, 0, 0, 1);) in_incident += 13;
      in_incident = 0;
    }
    free(tries[i].scenario.json);
  }
  return expect_done();
}
