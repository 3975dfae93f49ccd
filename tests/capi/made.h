/* What the runs of scoring_run.h and measuring_run.h make, and the freeing of it. */
#ifndef CSAT_TESTS_CAPI_MADE_H_
#define CSAT_TESTS_CAPI_MADE_H_

#include "csat_c.h"

struct made;

/* Functions that are called in turn, up to the first that fails; gives its status, and says which it was. */
struct scenario {
  const char* name;
  csat_status (*run)(const struct scenario* scenario, struct made* m, const char** step);
  /* Of run_scoring() alone: a policy. */
  const char* veto; /* Fed by incidents, of the first case's scorecard; NULL: none is. */
  char* json;
  size_t json_size;
};

/* What one run has made. */
struct made {
  void (*before_incident)(void); /* Called where the incident of a run begins; NULL: nothing is. */
  csat_policy* policy;
  csat_diagnostics* loaded;
  csat_diagnostics* checked;
  csat_plan* plan;
  csat_record* record;
  csat_score* score;
  csat_score* none; /* Of an empty record. */
  csat_figures* figures;
  csat_least_changes* changes;
  csat_case_failures* failures;
  csat_incident* proposed;
  csat_incident* confirmed;
  csat_incident* revoked;
  csat_incident* read_incident;
  csat_publication* published;
  csat_publication* amended;
  csat_publication* read_publication;
  csat_simulation* simulation;
  csat_cleaning* cleaning;
  csat_questionnaire* questionnaire;
  csat_response_check* check;
  csat_aggregates* aggregates;
  csat_aggregates* other;
  csat_measure_plan* measures;
  csat_buffer* texts[8];
  csat_error* error;
  struct ArrowSchema schemas[3];
  struct ArrowArray arrays[3];
  struct ArrowArrayStream stream;
};

#define STEP(call)                        \
  do {                                    \
    *step = #call;                        \
    status = (call);                      \
    if (status != CSAT_OK) return status; \
  } while (0)

static void free_made(struct made* m) {
  int i;
  if (m->stream.release != NULL) m->stream.release(&m->stream);
  for (i = 0; i < 3; ++i) {
    if (m->schemas[i].release != NULL) m->schemas[i].release(&m->schemas[i]);
    if (m->arrays[i].release != NULL) m->arrays[i].release(&m->arrays[i]);
  }
  for (i = 0; i < 8; ++i) csat_buffer_free(m->texts[i]);
  csat_error_free(m->error);
  csat_aggregates_free(m->other);
  csat_aggregates_free(m->aggregates);
  csat_measure_plan_free(m->measures);
  csat_response_check_free(m->check);
  csat_questionnaire_free(m->questionnaire);
  csat_cleaning_free(m->cleaning);
  csat_simulation_free(m->simulation);
  csat_publication_free(m->read_publication);
  csat_publication_free(m->amended);
  csat_publication_free(m->published);
  csat_incident_free(m->read_incident);
  csat_incident_free(m->revoked);
  csat_incident_free(m->confirmed);
  csat_incident_free(m->proposed);
  csat_case_failures_free(m->failures);
  csat_least_changes_free(m->changes);
  csat_figures_free(m->figures);
  csat_score_free(m->none);
  csat_score_free(m->score);
  csat_record_free(m->record);
  csat_plan_free(m->plan);
  csat_diagnostics_free(m->checked);
  csat_diagnostics_free(m->loaded);
  csat_policy_free(m->policy);
}

#endif /* CSAT_TESTS_CAPI_MADE_H_ */
