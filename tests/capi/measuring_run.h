/* Every function of measuring in turn, room by room, for tests that break one of its steps. */
#ifndef CSAT_TESTS_CAPI_MEASURING_RUN_H_
#define CSAT_TESTS_CAPI_MEASURING_RUN_H_

#include "expect.h"
#include "made.h"
#include "table.h"

/* Two answers. */
static void make_answers(struct table* t) {
  static const int64_t kAnswers[2][2] = {{5, 3}, {4, 4}};
  begin_table(t, 2);
  add_column(t, "quality", "l", kAnswers[0]);
  add_column(t, "a name of some length", "l", kAnswers[1]);
}

/* In a batch and in a stream, added, merged, taken out again, written and read. */
static csat_status run_aggregates(const struct scenario* scenario, struct made* m, const char** step) {
  static const char kSpec[] =
      "{\"by\": [\"a name of some length\"], \"items\": [{\"id\": \"quality\", \"min\": 1, \"max\": 5},"
      " {\"id\": \"second\", \"field\": \"a name of some length\", \"min\": 0, \"max\": 9}],"
      " \"sets\": [{\"id\": \"both\", \"items\": [\"quality\", \"second\"]}]}";
  struct table answers;
  struct source source = {NULL, 1, 0, 0, NULL};
  struct ArrowArrayStream stream;
  csat_aggregates_options options = CSAT_AGGREGATES_OPTIONS_INIT;
  csat_string_view text;
  csat_status status;
  int i;
  (void)scenario;
  make_answers(&answers);
  source.table = &answers;
  options.threads = 2;
  STEP(csat_aggregates_create(kSpec, sizeof kSpec - 1, &m->aggregates, &m->error));
  for (i = 0; i < 2; ++i) {
    *step = "csat_aggregates_add_batch";
    status = csat_aggregates_add_batch(m->aggregates, &answers.schema, &answers.array, &options, &m->error);
    EXPECT(csat_aggregates_row_count(m->aggregates) == 2 * i + (status == CSAT_OK ? 2 : 0));
    if (status != CSAT_OK) return status;
  }
  stream = stream_of(&source);
  *step = "csat_aggregates_add_stream";
  status = csat_aggregates_add_stream(m->aggregates, &stream, &options, &m->error);
  EXPECT(csat_aggregates_row_count(m->aggregates) == (status == CSAT_OK ? 6 : 4));
  if (status != CSAT_OK) return status;
  STEP(csat_aggregates_to_bytes(m->aggregates, &m->texts[3], &m->error));
  text = csat_buffer_view(m->texts[3]);
  STEP(csat_aggregates_from_bytes(text.data, text.size, &m->other, &m->error));
  STEP(csat_aggregates_merge(m->aggregates, m->other, &m->error));
  STEP(csat_aggregates_subtract(m->aggregates, m->other, &m->error));
  csat_aggregates_free(m->other);
  STEP(csat_aggregates_copy(m->aggregates, &m->other, &m->error));
  EXPECT(csat_aggregates_row_count(m->other) == 6);
  STEP(csat_aggregates_spec(m->aggregates, &m->texts[4], &m->error));
  STEP(csat_aggregates_groups(m->aggregates, &m->schemas[0], &m->arrays[0], &m->error));
  STEP(csat_aggregates_levels(m->aggregates, &m->schemas[1], &m->arrays[1], &m->error));
  STEP(csat_aggregates_reliability(m->aggregates, 0, "both", 4, NULL, &m->texts[5], &m->error));
  return CSAT_OK;
}

/* What chance decides, and a plan's rules on a list. */
static csat_status run_sampling(const struct scenario* scenario, struct made* m, const char** step) {
  enum { kUnits = 3 };
  static const char kPolicy[] =
      "{'id': 'a_policy_that_plans_a_sample', 'version': '1', 'effective_from': '2025-01-01', 'zone': 'UTC',"
      "'sampling': {'rules': [{'id': 'visits', 'every': {'period': 'QUARTER'}}, {'id': 'invited',"
      "'invitation': {}}, {'id': 'who', 'list': {'classes': ['a class of some length', 'the others', 'a "
      "third class'],"
      "'every_value_of': ['product_line']}}]}}";
  static const char kYear[] =
      "{\"from\": \"2025-01-01\", \"until\": \"2025-12-31\", \"as_of\": \"2026-01-01\","
      " \"subjects\": [\"a subject of some length\"]}";
  static const char kSeed[] = "{\"seed\": \"a seed of some length\", \"probability\": 0.5}";
  static const char kFrame[] =
      "{\"frame\": 9, \"product_line\": [\"pumps\", \"a product line of some length\"]}";
  static const char* const kColumns[][kUnits] = {
      {"a subject of some length", "a subject of some length", "another"},
      {"2025-02-10", "2025-08-20", "2025-06-30"},
      {"a class of some length", "the others", "a third class"},
      {"pumps", "a product line that nobody listed", "pumps"}};
  static const char* const kSurveyed[] = {"subject", "date", "id", "class"};
  static const char* const kListed[] = {"customer", "nominated_by", "class", "product_line"};
  static const int64_t kSizes[3] = {1000, 3000, 6000};
  const csat_string_view ids[2] = {{"an id that is too long to need no memory", 40},
                                   {"another of the kind", 19}};
  const csat_string_view stratum = {"a stratum of some length", 24};
  csat_sampling_size_result size = CSAT_SAMPLING_SIZE_INIT;
  struct table surveys, units;
  char json[sizeof kPolicy];
  int64_t shares[3];
  size_t drawn[2], i;
  int32_t invited;
  csat_status status;
  (void)scenario;
  STEP(csat_sampling_size(NULL, &size, &m->error));
  STEP(csat_sampling_allocate(CSAT_ALLOCATE_OPTIMAL, kSizes, kSizes, 3, 333, shares, &m->error));
  STEP(csat_sampling_draw("a seed of some length", 21, &stratum, ids, 2, 2, drawn, &m->error));
  STEP(csat_sampling_invites("a seed of some length", 21, ids[0].data, ids[0].size, 1, &invited, &m->error));
  STEP(csat_sampling_number("a seed of some length", 21, ids[0].data, ids[0].size, &m->texts[0], &m->error));
  STEP(csat_sampling_commitment("a seed of some length", 21, &m->texts[1], &m->error));
  for (i = 0; i < sizeof json; ++i) json[i] = kPolicy[i] == '\'' ? '"' : kPolicy[i];
  begin_table(&surveys, kUnits);
  begin_table(&units, kUnits);
  for (i = 0; i < 4; ++i) {
    add_texts(&surveys, kSurveyed[i], kColumns[i]);
    add_texts(&units, kListed[i], kColumns[i]);
  }
  STEP(csat_policy_parse(json, sizeof json - 1, &m->policy, NULL, &m->error));
  STEP(csat_policy_sampling_rules(m->policy, &m->texts[2], &m->error));
  STEP(csat_policy_apply_sampling_rule(m->policy, "visits", 6, kYear, sizeof kYear - 1, &surveys.schema,
                                       &surveys.array, &m->texts[3], &m->error));
  STEP(csat_policy_apply_sampling_rule(m->policy, "invited", 7, kSeed, sizeof kSeed - 1, &surveys.schema,
                                       &surveys.array, &m->texts[4], &m->error));
  STEP(csat_policy_apply_sampling_rule(m->policy, "who", 3, kFrame, sizeof kFrame - 1, &units.schema,
                                       &units.array, &m->texts[5], &m->error));
  return CSAT_OK;
}

static const char kCleaningPolicy[] =
    "{'id': 'c', 'version': '1', 'effective_from': '2025-01-01', 'zone': 'UTC', 'scales': [{'id': 's',"
    "'min': 1, 'max': 5, 'integer': true, 'direction': 'HIGHER_IS_BETTER'}], 'metrics': ["
    "{'id': 'a', 'scale': 's', 'number': {}}, {'id': 'b', 'scale': 's', 'number': {}}],"
    "'cleaning': {'response_id': 'id', 'figures': [{'id': 'f', 'metric': 'a'}], 'review': {'share': 0.5},"
    "'rules': [{'id': 'odd', 'action': 'EXCLUDE', 'contradiction': {'compare': {'metric': 'a', 'op': 'LT',"
    "'value': 2}}}, {'id': 'far', 'action': 'FLAG', 'mahalanobis': {'items': ['a', 'b'], 'confidence': 0.1}},"
    "{'id': 'same', 'action': 'QUARANTINE', 'straight_line': {'items': ['a', 'b'], 'least_answers': 2}},"
    "{'id': 'time', 'action': 'FLAG', 'speed': {'below_ms': 15}},"
    "{'id': 'twice', 'action': 'EXCLUDE', 'duplicates': {'keys': ['duration_ms'], 'keep': 'LAST'}}]}}";

static csat_status run_cleaning(const struct scenario* scenario, struct made* m, const char** step) {
  enum { kResponses = 4 };
  static const char* const kNames[] = {"id", "a", "b", "duration_ms"};
  static const int64_t kNumbers[][kResponses] = {
      {1000001, 1000002, 1000003, 1000004}, {1, 5, 3, 2}, {2, 5, 1, 4}, {10, 20, 30, 40}};
  struct table responses;
  char json[sizeof kCleaningPolicy];
  csat_cleaning_options options = CSAT_CLEANING_OPTIONS_INIT;
  csat_review_decision decision = {{"1000002", 7}, CSAT_REVIEW_CONFIRMED, 0};
  csat_status status;
  size_t i;
  (void)scenario;
  for (i = 0; i < sizeof json; ++i) json[i] = kCleaningPolicy[i] == '\'' ? '"' : kCleaningPolicy[i];
  begin_table(&responses, kResponses);
  for (i = 0; i < sizeof kNames / sizeof kNames[0]; ++i) add_column(&responses, kNames[i], "l", kNumbers[i]);
  options.seed.data = "a seed of some length, which needs memory";
  options.seed.size = 41;
  options.decisions = &decision;
  options.decision_count = 1;
  STEP(csat_policy_parse(json, sizeof json - 1, &m->policy, NULL, &m->error));
  STEP(csat_policy_cleaning_fields(m->policy, &m->texts[0], &m->error));
  STEP(csat_policy_clean(m->policy, &responses.schema, &responses.array, &options, &m->cleaning, &m->error));
  STEP(csat_cleaning_to_json(m->cleaning, &m->texts[1], &m->error));
  STEP(csat_cleaning_verdicts(m->cleaning, &m->schemas[0], &m->arrays[0], &m->error));
  STEP(csat_cleaning_ledger(m->cleaning, &m->schemas[1], &m->arrays[1], &m->error));
  return CSAT_OK;
}

/* A questionnaire asked of one customer, and the answers of three to it. */
static csat_status run_questionnaire(const struct scenario* scenario, struct made* m, const char** step) {
  enum { kResponses = 3 };
  static const char kPolicy[] =
      "{'id': 'a_policy_that_asks_questions', 'version': '1', 'effective_from': '2025-01-01', 'zone': 'UTC',"
      "'metrics': [{'id': 'a', 'number': {}, 'min': 1, 'max': 5}, {'id': 'why', 'text': {}},"
      "{'id': 'used_web', 'number': {}, 'min': 0, 'max': 1}, {'id': 'used_it', 'number': {}, 'min': 0, "
      "'max': 1}],"
      "'questionnaires': [{'id': 'first', 'version': '1', 'items': [{'id': 'why'}]},"
      "{'id': 'second', 'version': '1', 'label': {'en': 'How was it at the place to which you went?'},"
      "'offered_when': {'not': {'compare': {'metric': 'a', 'op': 'GT', 'value': 4}}}, 'context': ['a'],"
      "'follow_up': {'after': 'first', 'since': 'the event that began it', 'months': 1},"
      "'items': [{'id': 'used', 'several': {}, 'options': [{'id': 'web'}, {'id': 'it'}]},"
      "{'id': 'why', 'shown_when': {'any': {'of': [{'compare': {'metric': 'used_web', 'op': 'EQ', 'value': "
      "1}},"
      "{'at_least': {'count': 1, 'of': [{'answered': 'a'}]}}]}}}]}]}";
  static const char kAnswers[] =
      "{\"a\": 6, \"used\": [\"web\", \"web\"], \"why\": \"for this long reason\", \"what\": null}";
  static const char kKnown[] = "{\"a\": 5, \"what\": null}"; /* What is known has to be possible. */
  static const char* const kNames[] = {"a", "used_web", "used_it", "why"};
  static const int64_t kNumbers[][kResponses] = {{1, 6, 5}, {0, 1, 0}, {1, 1, 0}, {0, 0, 0}};
  struct table responses;
  char json[sizeof kPolicy];
  csat_status status;
  size_t i;
  (void)scenario;
  for (i = 0; i < sizeof json; ++i) json[i] = kPolicy[i] == '\'' ? '"' : kPolicy[i];
  begin_table(&responses, kResponses);
  for (i = 0; i < sizeof kNames / sizeof kNames[0]; ++i) add_column(&responses, kNames[i], "l", kNumbers[i]);
  /* All of them null. */
  responses.fields[3].format = "n";
  responses.columns[3].n_buffers = 0;
  responses.columns[3].null_count = kResponses;
  STEP(csat_policy_parse(json, sizeof json - 1, &m->policy, NULL, &m->error));
  STEP(csat_policy_questionnaires(m->policy, &m->texts[0], &m->error));
  STEP(csat_policy_offers(m->policy, "a visit", 7, kKnown, sizeof kKnown - 1, &m->texts[1], &m->error));
  STEP(csat_questionnaire_create(m->policy, "second", 6, &m->questionnaire, &m->error));
  STEP(csat_questionnaire_to_json(m->questionnaire, &m->texts[2], &m->error));
  STEP(csat_questionnaire_next(m->questionnaire, "{}", 2, &m->texts[3], &m->error));
  STEP(csat_questionnaire_check(m->questionnaire, kAnswers, sizeof kAnswers - 1, &m->texts[4], &m->error));
  STEP(csat_questionnaire_may_start(m->questionnaire, "2025-01-01", 10, &m->error));
  STEP(csat_questionnaire_last_day(m->questionnaire, "2025-01-31", 10, &m->texts[5], &m->error));
  STEP(csat_questionnaire_check_follow_up(m->questionnaire, "2025-01-31", 10, "2025-02-01", 10, "2025-02-28",
                                          10, &m->error));
  STEP(csat_questionnaire_check_table(m->questionnaire, &responses.schema, &responses.array, NULL, &m->check,
                                      &m->error));
  STEP(csat_response_check_states(m->check, &m->schemas[0], &m->arrays[0], &m->error));
  STEP(csat_response_check_problems(m->check, &m->schemas[1], &m->arrays[1], &m->error));
  STEP(csat_response_check_to_json(m->check, &m->texts[6], &m->error));
  return CSAT_OK;
}

/* The same two answers under a policy's measures. */
static csat_status run_measures(const struct scenario* scenario, struct made* m, const char** step) {
  static const char kPolicy[] =
      "{\"id\": \"p\", \"version\": \"1\", \"effective_from\": \"2025-01-01\", \"zone\": \"UTC\", "
      "\"metrics\": ["
      "{\"id\": \"quality\", \"number\": {}, \"min\": 1, \"max\": 5, \"decimal_places\": 0}],"
      " \"measures\": [{\"id\": \"mean\", \"mean\": {\"metric\": \"quality\"}}, {\"id\": \"high\","
      " \"where\": {\"answered\": \"quality\"}, \"share\": {\"of\": {\"compare\": {\"metric\": \"quality\","
      " \"op\": \"GE\", \"value\": 4}}}}]}";
  static const csat_string_view kKey = {"a name of some length", 21};
  struct table answers;
  struct source source = {NULL, 1, 0, 0, NULL};
  struct ArrowArrayStream stream;
  csat_measure_options options = CSAT_MEASURE_OPTIONS_INIT;
  csat_aggregates_options adding = CSAT_AGGREGATES_OPTIONS_INIT;
  csat_status status;
  (void)scenario;
  options.by = &kKey;
  options.by_count = 1;
  make_answers(&answers);
  source.table = &answers;
  adding.threads = 2;
  STEP(csat_policy_parse(kPolicy, sizeof kPolicy - 1, &m->policy, NULL, &m->error));
  STEP(csat_measure_plan_compile(m->policy, &options, &m->measures, &m->error));
  STEP(csat_measure_plan_aggregates(m->measures, &m->aggregates, &m->error));
  *step = "csat_measure_plan_add_batch";
  status = csat_measure_plan_add_batch(m->measures, m->aggregates, &answers.schema, &answers.array, &adding,
                                       &m->error);
  EXPECT(csat_aggregates_row_count(m->aggregates) == (status == CSAT_OK ? 2 : 0));
  if (status != CSAT_OK) return status;
  stream = stream_of(&source);
  *step = "csat_measure_plan_add_stream";
  status = csat_measure_plan_add_stream(m->measures, m->aggregates, &stream, &adding, &m->error);
  EXPECT(csat_aggregates_row_count(m->aggregates) == (status == CSAT_OK ? 4 : 2));
  if (status != CSAT_OK) return status;
  STEP(csat_measure_plan_figures(m->measures, m->aggregates, 0.95, &m->schemas[0], &m->arrays[0], &m->error));
  STEP(csat_measure_plan_columns(m->measures, m->aggregates, &m->schemas[1], &m->arrays[1], &m->error));
  return CSAT_OK;
}

#endif /* CSAT_TESTS_CAPI_MEASURING_RUN_H_ */
