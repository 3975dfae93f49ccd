/* A program in the manner of a language binding: finds the library when it runs and takes from it only the
 * functions that it calls. Needs the headers of the C library, no link.
 *
 * usage: score LIBRARY POLICY.json SCORECARD RECORD-AS-JSON */
#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "csat_c.h"

/* The one way to turn an object pointer into a function pointer that C99 leaves: bytes. */
#define LOAD(name)                                                  \
  do {                                                              \
    void* found = dlsym(library, #name);                            \
    if (found == NULL) return fprintf(stderr, "no " #name "\n"), 1; \
    memcpy(&p_##name, &found, sizeof found);                        \
  } while (0)

int main(int argc, char** argv) {
  csat_status (*p_csat_policy_parse)(const char*, size_t, csat_policy**, csat_diagnostics**, csat_error**);
  csat_status (*p_csat_plan_compile)(const csat_policy*, const char*, size_t, csat_plan**, csat_error**);
  csat_status (*p_csat_record_create)(const csat_plan*, csat_record**, csat_error**);
  csat_status (*p_csat_record_set_json)(csat_record*, const char*, size_t, csat_error**);
  csat_status (*p_csat_plan_score)(const csat_plan*, const csat_record*, csat_summary*, csat_error**);
  csat_string_view (*p_csat_plan_grade)(const csat_plan*, int32_t);
  csat_string_view (*p_csat_plan_reason)(const csat_plan*, int32_t);
  csat_string_view (*p_csat_error_message)(const csat_error*);
  void (*p_csat_policy_free)(csat_policy*);
  void (*p_csat_plan_free)(csat_plan*);
  void (*p_csat_record_free)(csat_record*);
  void (*p_csat_error_free)(csat_error*);

  csat_policy* policy = NULL;
  csat_plan* plan = NULL;
  csat_record* record = NULL;
  csat_error* error = NULL;
  csat_summary summary = CSAT_SUMMARY_INIT;
  static char json[1 << 20];
  size_t size;
  FILE* file = argc == 5 ? fopen(argv[2], "rb") : NULL;
  void* library = argc == 5 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
  if (file == NULL || library == NULL) {
    fprintf(stderr, "usage: score LIBRARY POLICY.json SCORECARD RECORD-AS-JSON\n");
    return 2;
  }
  size = fread(json, 1, sizeof json, file);
  fclose(file);
  LOAD(csat_policy_parse);
  LOAD(csat_plan_compile);
  LOAD(csat_record_create);
  LOAD(csat_record_set_json);
  LOAD(csat_plan_score);
  LOAD(csat_plan_grade);
  LOAD(csat_plan_reason);
  LOAD(csat_error_message);
  LOAD(csat_policy_free);
  LOAD(csat_plan_free);
  LOAD(csat_record_free);
  LOAD(csat_error_free);
  if (p_csat_policy_parse(json, size, &policy, NULL, &error) == CSAT_OK &&
      p_csat_plan_compile(policy, argv[3], strlen(argv[3]), &plan, &error) == CSAT_OK &&
      p_csat_record_create(plan, &record, &error) == CSAT_OK &&
      p_csat_record_set_json(record, argv[4], strlen(argv[4]), &error) == CSAT_OK &&
      p_csat_plan_score(plan, record, &summary, &error) == CSAT_OK) {
    csat_string_view grade = p_csat_plan_grade(plan, summary.grade);
    csat_string_view reason = p_csat_plan_reason(plan, summary.reason);
    printf("%" PRId64 ".%06" PRId64 " %.*s [%.*s]\n", summary.score_micros / 1000000,
           summary.score_micros % 1000000, (int)grade.size, grade.data, (int)reason.size, reason.data);
  } else {
    fprintf(stderr, "%s\n", p_csat_error_message(error).data);
  }
  p_csat_record_free(record);
  p_csat_plan_free(plan);
  p_csat_policy_free(policy);
  p_csat_error_free(error);
  dlclose(library);
  return summary.outcome == CSAT_OUTCOME_REFUSED;
}
