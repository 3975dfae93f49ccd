/* The library opened by name at run time, used and closed, many times over: no unresolved symbol, nothing of
 * its insides to be seen, no memory that grows. */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <sys/resource.h>

#include "expect.h"

/* A function of the library, in a form that ISO C allows. */
static void find(void* library, const char* name, void* function) {
  void* symbol = dlsym(library, name);
  EXPECT_ROW(name, symbol != NULL);
  memcpy(function, &symbol, sizeof symbol);
}

static void use_once(const char* json, size_t size) {
  const char* (*version)(void) = NULL;
  csat_status (*parse)(const char*, size_t, csat_policy**, csat_diagnostics**, csat_error**) = NULL;
  void (*free_policy)(csat_policy*) = NULL;
  csat_string_view (*id)(const csat_policy*) = NULL;
  csat_policy* policy = NULL;
  void* library = dlopen(CSAT_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    printf("%s\n", dlerror());
    exit(1);
  }
  find(library, "csat_version", &version);
  find(library, "csat_policy_parse", &parse);
  find(library, "csat_policy_free", &free_policy);
  find(library, "csat_policy_id", &id);
  EXPECT(version != NULL && strcmp(version(), CSAT_WANTED_VERSION) == 0);
  EXPECT(parse != NULL && parse(json, size, &policy, NULL, NULL) == CSAT_OK);
  EXPECT(id != NULL && text_is(id(policy), "annual-survey"));
  free_policy(policy);
  EXPECT(dlsym(library, "_ZN6google8protobuf7MessageD1Ev") == NULL);
  EXPECT(dlclose(library) == 0);
}

static long peak_kib(void) {
  struct rusage usage;
  EXPECT(getrusage(RUSAGE_SELF, &usage) == 0);
  return usage.ru_maxrss;
}

int main(void) {
  size_t size = 0;
  char* json = read_file(CSAT_SOURCE_DIR "/policies/annual-survey.json", &size);
  long before;
  int i;
  for (i = 0; i < 20; ++i) use_once(json, size);
  before = peak_kib();
  for (i = 0; i < 100; ++i) use_once(json, size);
  printf("peak memory %ld KiB, %ld more after 100 further rounds\n", peak_kib(), peak_kib() - before);
  EXPECT(peak_kib() - before < 2048);
  free(json);
  return expect_done();
}
