/* Every function of scoring in turn on one policy, for tests that break one of its steps. */
#ifndef CSAT_TESTS_CAPI_SCORING_RUN_H_
#define CSAT_TESTS_CAPI_SCORING_RUN_H_

#include <errno.h>

#include "expect.h"
#include "made.h"
#include "table.h"

/* A batch of two rows in which every field of the plan is there and null, in static memory. */
enum { kMostFields = 256 };
static struct ArrowSchema null_schemas[kMostFields + 1];
static struct ArrowArray null_arrays[kMostFields + 1];
static struct ArrowSchema* null_schema_children[kMostFields];
static struct ArrowArray* null_array_children[kMostFields];
static char null_names[kMostFields][128];
static const void* no_validity[1];
static int null_given;

static void make_nulls(const csat_plan* plan) {
  const int32_t count = csat_plan_field_count(plan);
  int32_t i;
  memset(null_schemas, 0, sizeof null_schemas);
  memset(null_arrays, 0, sizeof null_arrays);
  EXPECT(count <= kMostFields);
  for (i = 0; i <= count; ++i) {
    null_schemas[i].name = "";
    null_schemas[i].release = no_release_schema;
    null_arrays[i].length = 2;
    null_arrays[i].release = no_release_array;
    if (i == count) continue;
    snprintf(null_names[i], sizeof null_names[i], "%.*s", (int)csat_plan_field_name(plan, i).size,
             csat_plan_field_name(plan, i).data);
    null_schemas[i].name = null_names[i];
    null_schemas[i].format = "n";
    null_arrays[i].null_count = 2;
    null_schema_children[i] = &null_schemas[i];
    null_array_children[i] = &null_arrays[i];
  }
  null_schemas[count].format = "+s";
  null_schemas[count].n_children = null_arrays[count].n_children = count;
  null_schemas[count].children = null_schema_children;
  null_arrays[count].children = null_array_children;
  null_arrays[count].n_buffers = 1;
  null_arrays[count].buffers = no_validity;
}

static int get_next(struct ArrowArrayStream* stream, struct ArrowArray* out) {
  const int32_t count = csat_plan_field_count((const csat_plan*)stream->private_data);
  *out = null_arrays[count];
  if (null_given++ > 0) out->release = NULL;
  return 0;
}

static int get_schema(struct ArrowArrayStream* stream, struct ArrowSchema* out) {
  *out = null_schemas[csat_plan_field_count((const csat_plan*)stream->private_data)];
  return 0;
}

static const char* get_last_error(struct ArrowArrayStream* stream) {
  (void)stream;
  return NULL;
}

/* Scores the stream of nulls and reads it to its end. */
static csat_status read_stream(struct made* m) {
  struct ArrowArrayStream in = {get_schema, get_next, get_last_error, no_release_stream, NULL};
  struct ArrowArray array;
  struct ArrowSchema schema;
  csat_status status;
  int code;
  in.private_data = m->plan;
  null_given = 0;
  status = csat_plan_score_stream(m->plan, &in, NULL, &m->stream, &m->error);
  if (status != CSAT_OK) return status;
  code = m->stream.get_schema(&m->stream, &schema);
  if (code == 0) schema.release(&schema);
  while (code == 0) {
    code = m->stream.get_next(&m->stream, &array);
    if (code != 0 || array.release == NULL) break;
    array.release(&array);
  }
  EXPECT(code == 0 || code == ENOMEM);
  return code == 0 ? CSAT_OK : CSAT_RESOURCE_EXHAUSTED;
}

/* An incident through its states and in JSON, what it feeds, and the chain of results that it amends. */
static csat_status run_incident(const struct scenario* scenario, struct made* m, const char** step) {
  const csat_incident* incidents[1];
  int64_t counted = 0;
  const csat_publication* chain[2];
  const int32_t fields = csat_plan_field_count(m->plan);
  csat_string_view text, key;
  csat_status status;
  STEP(csat_incident_propose("the first of all", 16, "a subject of some length", 24, "leak", 4, 0,
                             &m->proposed, &m->error));
  STEP(csat_incident_confirm(m->proposed, 1, "evidence of some length", 23, "approval", 8, &m->confirmed,
                             &m->error));
  STEP(csat_incident_revoke(m->confirmed, 2, "a reason of some length", 23, &m->revoked, &m->error));
  STEP(csat_incident_to_json(m->revoked, &m->texts[0], &m->error));
  text = csat_buffer_view(m->texts[0]);
  STEP(csat_incident_parse(text.data, text.size, &m->read_incident, &m->error));
  incidents[0] = m->confirmed;
  if (scenario->veto != NULL) {
    STEP(csat_plan_count_incidents(m->plan, scenario->veto, strlen(scenario->veto), incidents, 1,
                                   "a subject of some length", 24, "2025-03", 7, &counted, &m->error));
  }
  key = csat_plan_field_name(m->plan, 0);
  STEP(csat_plan_apply_incidents(m->plan, incidents, 1, &null_schemas[fields], &null_arrays[fields], key.data,
                                 key.size, key.data, key.size, &m->schemas[0], &m->arrays[0], &m->error));
  STEP(csat_score_publish(m->score, "a subject of some length", 24, "2025-03", 7, 0, &m->published,
                          &m->error));
  STEP(csat_publication_amend(m->published, m->none, "a reason of some length", 23, 1, &m->amended,
                              &m->error));
  chain[0] = m->published;
  chain[1] = m->amended;
  STEP(csat_publications_verify(chain, 2, &m->error));
  STEP(csat_publication_to_json(m->amended, &m->texts[1], &m->error));
  text = csat_buffer_view(m->texts[1]);
  STEP(csat_publication_parse(text.data, text.size, &m->read_publication, &m->error));
  return CSAT_OK;
}

/* Two batches; one that fails leaves the simulation as it was. */
static csat_status run_simulation(struct made* m, const char** step) {
  const int32_t fields = csat_plan_field_count(m->plan);
  csat_simulation_options options = CSAT_SIMULATION_OPTIONS_INIT;
  csat_status status;
  int i;
  options.threads = 2;
  STEP(csat_simulation_create(m->plan, m->plan, &options, &m->simulation, &m->error));
  for (i = 0; i < 2; ++i) {
    *step = "csat_simulation_add_batch";
    status = csat_simulation_add_batch(m->simulation, &null_schemas[fields], &null_arrays[fields], &m->error);
    EXPECT(csat_simulation_row_count(m->simulation) == 2 * i + (status == CSAT_OK ? 2 : 0));
    if (status != CSAT_OK) return status;
  }
  STEP(csat_simulation_to_json(m->simulation, &m->texts[2], &m->error));
  STEP(csat_simulation_changes(m->simulation, &m->schemas[1], &m->arrays[1], &m->error));
  return CSAT_OK;
}

static csat_status run_scoring(const struct scenario* scenario, struct made* m, const char** step) {
  csat_summary summary = CSAT_SUMMARY_INIT;
  csat_batch_options options = CSAT_BATCH_OPTIONS_INIT;
  size_t version = 0;
  const csat_policy* versions[1];
  csat_string_view text;
  csat_status status;
  int32_t fields;
  options.flags = CSAT_BATCH_BASE | CSAT_BATCH_CONTRIBUTIONS;
  options.top_reasons = 2;
  STEP(csat_policy_parse(scenario->json, scenario->json_size, &m->policy, &m->loaded, &m->error));
  STEP(csat_policy_check(m->policy, &m->checked, &m->error));
  versions[0] = m->policy;
  STEP(csat_policy_in_force(versions, 1, "2030-01-01", 10, &version, &m->error));
  STEP(csat_policy_run_cases(m->policy, &m->failures, &m->error));
  STEP(csat_policy_case_record(m->policy, 0, &m->texts[4], &m->error));
  text = csat_policy_case_scorecard(m->policy, 0);
  STEP(csat_plan_compile(m->policy, text.data, text.size, &m->plan, &m->error));
  STEP(csat_record_create(m->plan, &m->record, &m->error));
  text = csat_buffer_view(m->texts[4]);
  STEP(csat_record_set_json(m->record, text.data, text.size, &m->error));
  STEP(csat_plan_score(m->plan, m->record, &summary, &m->error));
  STEP(csat_plan_explain(m->plan, m->record, &m->score, &m->error));
  STEP(csat_plan_measure(m->plan, m->record, &m->figures, &m->error));
  STEP(csat_plan_least_changes(m->plan, m->record, &m->changes, &m->error));
  STEP(csat_score_words(m->score, "zh", 2, &m->texts[5], &m->error));
  STEP(csat_score_to_json(m->score, &m->texts[6], &m->error));
  STEP(csat_record_set_text(m->record, 0, "a text that is too long to need no memory", 41));
  fields = csat_plan_field_count(m->plan);
  make_nulls(m->plan);
  STEP(csat_plan_score_batch(m->plan, &null_schemas[fields], &null_arrays[fields], &options, &m->schemas[2],
                             &m->arrays[2], &m->error));
  STEP(read_stream(m));
  STEP(csat_record_clear(m->record));
  STEP(csat_plan_explain(m->plan, m->record, &m->none, &m->error));
  if (m->before_incident != NULL) m->before_incident();
  if ((status = run_incident(scenario, m, step)) != CSAT_OK) return status;
  if ((status = run_simulation(m, step)) != CSAT_OK) return status;
  /* An accessor does without. */
  (void)csat_policy_label(m->policy, "a language whose tag needs memory", 33);
  *step = "";
  return CSAT_OK;
}

#endif /* CSAT_TESTS_CAPI_SCORING_RUN_H_ */
