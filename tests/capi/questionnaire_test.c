/* Questionnaires: what is asked, of whom, and whether answers are whole; whole tables of them. P0-42, P0-43, P1-26,
 * P2-52, P2-151, P3-37. */
#include "expect.h"
#include "table.h"

static csat_policy* make_policy(const char* path) {
  size_t size = 0;
  char* json = read_file(path, &size);
  csat_policy* policy = NULL;
  csat_error* error = NULL;
  if (csat_policy_parse(json, size, &policy, NULL, &error) != CSAT_OK) {
    printf("%s\n", csat_error_message(error).data);
    exit(1);
  }
  free(json);
  return policy;
}

static csat_questionnaire* make_questionnaire(const char* name, const char* id) {
  char path[512];
  csat_policy* policy;
  csat_questionnaire* questionnaire = NULL;
  snprintf(path, sizeof path, "%s/policies/%s.json", CSAT_SOURCE_DIR, name);
  policy = make_policy(path);
  EXPECT_ROW(id, csat_questionnaire_create(policy, id, strlen(id), &questionnaire, NULL) == CSAT_OK);
  /* It keeps its policy. */
  csat_policy_free(policy);
  return questionnaire;
}

static void test_description(void) {
  csat_questionnaire* instant = make_questionnaire("satisfaction-control", "instant");
  csat_buffer* json = NULL;
  EXPECT(csat_questionnaire_to_json(instant, &json, NULL) == CSAT_OK);
  EXPECT(text_holds(csat_buffer_view(json), "{\"id\":\"instant\",\"version\":"));
  EXPECT(text_holds(csat_buffer_view(json), "\"triggers\":[\"store_payment\",\"online_order\"]"));
  EXPECT(
      text_holds(csat_buffer_view(json), "\"least_questions\":2,\"most_questions\":2,\"max_questions\":5,"));
  EXPECT(text_holds(csat_buffer_view(json), "{\"id\":\"rating\",\"field\":\"rating\",\"kind\":\"rating\","));
  EXPECT(text_holds(csat_buffer_view(json), "\"min\":1,\"max\":5,"));
  csat_buffer_free(json);
  csat_questionnaire_free(instant);
  csat_questionnaire_free(NULL);
}

static void test_offers(void) {
  struct {
    const char* name;
    const char* policy;
    const char* event;
    const char* context;
    const char* offered;
  } const rows[] = {
      {"P0-42 in store", "satisfaction-control", "store_payment", "{}", "{\"offered\":[\"instant\"],"},
      {"P0-42 no such event", "satisfaction-control", "contract_signed", "{}", "{\"offered\":[],"},
      {"P2-151 fresh", "retail-after-sales", "", "{\"category\": \"fresh\"}", "\"fresh\""},
      {"nothing known", "retail-after-sales", "", "{}", "\"undecided\":[\"fresh\",\"appliance\""},
  };
  size_t i;
  for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
    char path[512];
    csat_policy* policy;
    csat_buffer* json = NULL;
    snprintf(path, sizeof path, "%s/policies/%s.json", CSAT_SOURCE_DIR, rows[i].policy);
    policy = make_policy(path);
    EXPECT_ROW(rows[i].name, csat_policy_offers(policy, rows[i].event, strlen(rows[i].event), rows[i].context,
                                                strlen(rows[i].context), &json, NULL) == CSAT_OK);
    EXPECT_ROW(rows[i].name, text_holds(csat_buffer_view(json), rows[i].offered));
    csat_buffer_free(json);
    csat_policy_free(policy);
  }
}

/* What is known beforehand has to be possible. */
static void test_impossible_context(void) {
  struct {
    const char* name;
    const char* context;
    const char* words;
    int column;
  } const rows[] = {
      {"no such word", "{\"x\": 1, \"category\": \"fish\"}", "item 'category': 'fish' is none of its", 22},
      {"a number", "{\"category\": 5}", "item 'category': 5 is not a text", 14},
      {"a list", "{\"category\": [5]}", "item 'category': a list of numbers is not a text", 14},
  };
  csat_policy* policy = make_policy(CSAT_SOURCE_DIR "/policies/retail-after-sales.json");
  size_t i;
  for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
    csat_buffer* json = NULL;
    csat_error* error = NULL;
    EXPECT_ROW(rows[i].name, csat_policy_offers(policy, "", 0, rows[i].context, strlen(rows[i].context),
                                                &json, &error) == CSAT_INVALID_ARGUMENT);
    EXPECT_ROW(rows[i].name, json == NULL && text_holds(csat_error_message(error), rows[i].words));
    EXPECT_ROW(rows[i].name, text_is(csat_error_path(error), "category"));
    EXPECT_ROW(rows[i].name, csat_error_line(error) == 1 && csat_error_column(error) == rows[i].column);
    csat_error_free(error);
  }
  csat_policy_free(policy);
}

static void test_answers(void) {
  struct {
    const char* name;
    const char* answers;
    const char* next;
    const char* state;
    const char* problem; /* "": none. */
  } const rows[] = {
      {"nothing", "{}", "[\"after_sales_rating\"]", "incomplete", "\"kind\":\"unanswered\""},
      {"low", "{\"after_sales_rating\": 2}", "[\"most_dissatisfying\"", "incomplete",
       "\"field\":\"most_dissatisfying\""},
      {"not shown", "{\"after_sales_rating\": 2, \"most_satisfying\": \"speed\"}", "[\"most_dissatisfying\"",
       "invalid", "\"kind\":\"not_shown\",\"field\":\"most_satisfying\""},
      {"off scale", "{\"after_sales_rating\": 6}", "[\"after_sales_rating\"]", "invalid",
       "\"kind\":\"off_scale\""},
      {"a list", "{\"after_sales_rating\": []}", "[\"after_sales_rating\"]", "invalid",
       "\"kind\":\"wrong_type\""},
      {"a list of numbers", "{\"after_sales_rating\": [4]}", "[\"after_sales_rating\"]", "invalid",
       "a list of numbers is not a number"},
      {"unknown", "{\"mood\": true}", "[\"after_sales_rating\"]", "invalid", "\"kind\":\"unknown_item\""},
  };
  csat_questionnaire* core = make_questionnaire("retail-after-sales", "core_after_sales");
  size_t i;
  for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
    char state[64];
    csat_buffer* json = NULL;
    snprintf(state, sizeof state, "{\"state\":\"%s\",\"shown\":[\"after_sales_rating\"", rows[i].state);
    EXPECT_ROW(rows[i].name, csat_questionnaire_next(core, rows[i].answers, strlen(rows[i].answers), &json,
                                                     NULL) == CSAT_OK);
    EXPECT_ROW(rows[i].name, text_holds(csat_buffer_view(json), rows[i].next));
    csat_buffer_free(json);
    EXPECT_ROW(rows[i].name, csat_questionnaire_check(core, rows[i].answers, strlen(rows[i].answers), &json,
                                                      NULL) == CSAT_OK);
    EXPECT_ROW(rows[i].name, text_holds(csat_buffer_view(json), state));
    EXPECT_ROW(rows[i].name, text_holds(csat_buffer_view(json), rows[i].problem));
    csat_buffer_free(json);
  }
  csat_questionnaire_free(core);
}

static void test_refusals(void) {
  struct {
    const char* name;
    const char* answers;
    const char* path;
    const char* words;
  } const rows[] = {
      {"no object", "[]", "", "object"},
      {"no JSON", "{", "", ""},
      {"a key twice", "{\"a\": 1, \"a\": 2}", "a", "'a'"},
      {"seven places", "{\"a\": 1.0000001}", "a", "field 'a': number 1.0000001 has more than six places"},
      {"too large", "{\"a\": 9223372036855}", "a", "number 9223372036855 lies outside"},
      {"far too large", "{\"a\": 1e300}", "a", "field 'a': number 1e"},
      {"a list of both", "{\"a\": [1, \"x\"]}", "a[1]", "a number"},
      {"an object", "{\"a\": {}}", "a", "a"},
  };
  static const char kWidest[] = "{\"a\": 9223372036854, \"b\": 1.000001}";
  csat_questionnaire* core = make_questionnaire("retail-after-sales", "core_after_sales");
  csat_questionnaire* none = (csat_questionnaire*)1;
  csat_buffer* json = (csat_buffer*)1;
  csat_error* error = NULL;
  csat_policy* policy = make_policy(CSAT_SOURCE_DIR "/policies/satisfaction-control.json");
  size_t i;
  for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
    EXPECT_ROW(rows[i].name, csat_questionnaire_check(core, rows[i].answers, strlen(rows[i].answers), &json,
                                                      &error) == CSAT_INVALID_ARGUMENT);
    EXPECT_ROW(rows[i].name, json == NULL && text_holds(csat_error_message(error), rows[i].words));
    EXPECT_ROW(rows[i].name, text_is(csat_error_path(error), rows[i].path) && csat_error_line(error) == 1);
    csat_error_free(error);
  }
  /* What a decimal just holds. */
  EXPECT(csat_questionnaire_check(core, kWidest, sizeof kWidest - 1, &json, NULL) == CSAT_OK);
  csat_buffer_free(json);
  EXPECT(csat_questionnaire_create(policy, "web", 3, &none, &error) == CSAT_NOT_FOUND && none == NULL);
  EXPECT(text_is(csat_error_message(error), "policy 'satisfaction-control' has no questionnaire 'web'"));
  csat_error_free(error);
  csat_policy_free(policy);
  csat_questionnaire_free(core);
}

static void test_days(void) {
  struct {
    const char* name;
    const char* event;
    const char* before;
    const char* day;
    csat_status status;
  } const rows[] = {
      {"last day of February", "2025-01-31", "2025-02-01", "2025-02-28", CSAT_OK},
      {"a day late", "2025-01-31", "2025-02-01", "2025-03-01", CSAT_FAILED_PRECONDITION},
      {"the first is missing", "2025-01-31", "", "2025-02-28", CSAT_FAILED_PRECONDITION},
      {"no such day", "2025-01-31", "2025-02-30", "2025-02-28", CSAT_INVALID_ARGUMENT},
  };
  csat_questionnaire* second = make_questionnaire("iso-monitoring", "sales_callback_2");
  csat_questionnaire* yearly = make_questionnaire("annual-survey", "product_a");
  csat_buffer* day = NULL;
  csat_error* error = NULL;
  size_t i;
  for (i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
    EXPECT_ROW(rows[i].name,
               csat_questionnaire_check_follow_up(second, rows[i].event, strlen(rows[i].event),
                                                  rows[i].before, strlen(rows[i].before), rows[i].day,
                                                  strlen(rows[i].day), NULL) == rows[i].status);
  }
  EXPECT(csat_questionnaire_last_day(second, "2025-01-31", 10, &day, NULL) == CSAT_OK);
  EXPECT(text_is(csat_buffer_view(day), "2025-02-28"));
  csat_buffer_free(day);
  EXPECT(csat_questionnaire_last_day(second, "9999-12-31", 10, &day, NULL) == CSAT_OK);
  EXPECT(text_is(csat_buffer_view(day), ""));
  csat_buffer_free(day);
  EXPECT(csat_questionnaire_last_day(yearly, "2025-01-31", 10, &day, NULL) == CSAT_FAILED_PRECONDITION);
  EXPECT(csat_questionnaire_may_start(second, "2025-01-31", 10, NULL) == CSAT_OK);
  EXPECT(csat_questionnaire_may_start(second, "2025-1-31", 9, &error) == CSAT_INVALID_ARGUMENT);
  EXPECT(text_holds(csat_error_message(error), "day '2025-1-31' is no day"));
  csat_error_free(error);
  csat_questionnaire_free(second);
  csat_questionnaire_free(yearly);
}

static void test_table(void) {
  static const char* const kNames[] = {"product_quality_rating", "service_efficiency_rating",
                                       "support_rating"};
  static const int64_t kNumbers[3][3] = {{5, 6, 1}, {4, 4, 4}, {1, 2, 3}};
  csat_questionnaire* asked = make_questionnaire("iso-monitoring", "regular_questionnaire");
  csat_response_check_options options = CSAT_RESPONSE_CHECK_OPTIONS_INIT;
  csat_response_check* check = NULL;
  csat_buffer* json = NULL;
  csat_error* error = NULL;
  struct ArrowSchema schema;
  struct ArrowArray array;
  struct table t;
  size_t i;
  begin_table(&t, 3);
  for (i = 0; i < 3; ++i) add_column(&t, kNames[i], "l", kNumbers[i]);
  EXPECT(csat_questionnaire_check_table(asked, &t.schema, &t.array, &options, &check, NULL) == CSAT_OK);
  EXPECT(csat_response_check_row_count(check) == 3);
  EXPECT(csat_response_check_state_count(check, CSAT_ANSWERS_COMPLETE) == 2);
  EXPECT(csat_response_check_state_count(check, CSAT_ANSWERS_INVALID) == 1);
  EXPECT(csat_response_check_state_count(check, -1) == 0 && csat_response_check_state_count(check, 3) == 0);
  EXPECT(csat_response_check_states(check, &schema, &array, NULL) == CSAT_OK);
  EXPECT(array.length == 3 && array.n_children == 3);
  EXPECT(((const int32_t*)array.children[0]->buffers[1])[1] == CSAT_ANSWERS_INVALID);
  schema.release(&schema);
  array.release(&array);
  EXPECT(csat_response_check_problems(check, &schema, &array, NULL) == CSAT_OK);
  EXPECT(csat_response_check_to_json(check, &json, NULL) == CSAT_OK);
  csat_response_check_free(check);
  EXPECT(array.length == 1 && ((const int64_t*)array.children[0]->buffers[1])[0] == 1);
  EXPECT(text_holds(csat_buffer_view(json), "\"rows\":3,\"complete\":2,\"incomplete\":0,\"invalid\":1,"));
  EXPECT(text_holds(csat_buffer_view(json), "\"shown\":3,\"answered\":2,\"problems\":{\"off_scale\":1}}"));
  csat_buffer_free(json);
  schema.release(&schema);
  array.release(&array);
  options.texts = 2;
  EXPECT(csat_questionnaire_check_table(asked, &t.schema, &t.array, &options, &check, &error) ==
         CSAT_INVALID_ARGUMENT);
  EXPECT(check == NULL && text_is(csat_error_message(error), "texts 2 lies outside [0, 1]"));
  csat_error_free(error);
  options.texts = 1;
  options.reserved = 1;
  EXPECT(csat_questionnaire_check_table(asked, &t.schema, &t.array, &options, &check, NULL) ==
         CSAT_INVALID_ARGUMENT);
  options.reserved = 0;
  options.struct_size = 8;
  EXPECT(csat_questionnaire_check_table(asked, &t.schema, &t.array, &options, &check, NULL) ==
         CSAT_INVALID_ARGUMENT);
  t.fields[2].name = "mood";
  EXPECT(csat_questionnaire_check_table(asked, &t.schema, &t.array, NULL, &check, &error) ==
         CSAT_INVALID_ARGUMENT);
  EXPECT(text_is(csat_error_message(error), "column 'support_rating' is missing"));
  csat_error_free(error);
  csat_questionnaire_free(asked);
}

int main(void) {
  test_description();
  test_offers();
  test_impossible_context();
  test_answers();
  test_refusals();
  test_days();
  test_table();
  return expect_done();
}
