/* The rules of a sampling plan put to tables through the C interface: what they say, and what they refuse. What each
 * form reads stands in docs/sampling.md; the clauses' examples are cases of the ready-made policies.
 * P0-34 P1-16 P1-19 P1-20 P2-25 P2-26 P2-30 */
#include "expect.h"
#include "table.h"

static const char kPolicy[] =
    "{'id': 'plan', 'version': '1', 'effective_from': '2025-01-01', 'zone': 'UTC', 'sampling': {'rules': ["
    "{'id': 'halves', 'every': {'period': 'HALF_YEAR'}},"
    "{'id': 'advised', 'level': 'SHOULD', 'every': {'period': 'YEAR', 'least': 2}},"
    "{'id': 'sold', 'each': {'event': 'a sale'}},"
    "{'id': 'recent', 'recent': {'months': 3}},"
    "{'id': 'quota', 'strata': {'method': 'EQUAL'}},"
    "{'id': 'invited', 'invitation': {'probability': 1}},"
    "{'id': 'who', 'list': {'every_value_of': ['industry']}},"
    "{'id': 'range', 'products': {}}]}}";

#define YEAR "\"from\": \"2025-01-01\", \"until\": \"2025-12-31\""

enum { kRows = 3 };

/* Columns of three texts, or one of whole numbers, named last. */
struct plan_row {
  const char* name;
  const char* rule;
  const char* given;
  const char* columns[kMostColumns];
  const char* texts[kMostColumns][kRows];
  const char* number_column;
  int64_t numbers[kRows];
  const char* says; /* Held by the document, or by the message of CSAT_INVALID_ARGUMENT. */
  int refused;
};

static const struct plan_row kPlans[] = {
    {"every",
     "halves",
     "{" YEAR ", \"as_of\": \"2026-01-01\"}",
     {"subject", "date"},
     {{"south", "north", "north"}, {"2025-06-30", "2025-02-10", "2025-08-20"}},
     NULL,
     {0},
     "\"missing\":[\"south: 2025-H2\"]",
     0},
    {"every, not due",
     "halves",
     "{" YEAR ", \"as_of\": \"2025-12-31\"}",
     {"subject", "date"},
     {{"south", "north", "north"}, {"2025-06-30", "2025-02-10", "2025-08-20"}},
     NULL,
     {0},
     "\"outcome\":\"open\"",
     0},
    {"advised",
     "advised",
     "{" YEAR ", \"as_of\": \"2026-01-01\"}",
     {"subject", "date"},
     {{"a", "b", "b"}, {"2025-06-30", "2025-02-10", "2025-08-20"}},
     NULL,
     {0},
     "\"outcome\":\"advised\"",
     0},
    {"no day",
     "halves",
     "{" YEAR ", \"as_of\": \"2026-01-01\"}",
     {"date"},
     {{"2025-02-10", "2025-02-30", "2025-08-20"}},
     NULL,
     {0},
     "row 1: column 'date': '2025-02-30' is not a day such as 2025-03-14",
     1},
    {"not given",
     "halves",
     "{" YEAR "}",
     {"date"},
     {{"2025-02-10", "2025-02-11", "2025-02-12"}},
     NULL,
     {0},
     "'as_of' is not given: a day such as 2025-03-14",
     1},
    {"not read",
     "sold",
     "{\"as_of\": \"2026-01-01\"}",
     {NULL},
     {{NULL}},
     "asked",
     {1, 1, 1},
     "'as_of' is given, and the rule does not read it",
     1},
    {"each",
     "sold",
     "{}",
     {"subject"},
     {{"a", "b", "c"}},
     "asked",
     {1, 0, 1},
     "{\"outcome\":\"missing\",\"counts\":{\"asked\":2,\"events\":3},\"shares\":{\"asked\":{\"numerator\":2,"
     "\"denominator\":3,\"percent\":\"66.7\"}},\"lists\":{\"missing\":[\"b\"]}}",
     0},
    {"each, no flag",
     "sold",
     "{}",
     {NULL},
     {{NULL}},
     "asked",
     {1, 2, 1},
     "row 1: column 'asked': 2 is neither true nor false",
     1},
    {"recent",
     "recent",
     "{\"reference\": \"2025-05-31\"}",
     {"subject", "last_event"},
     {{"in", "out", "in"}, {"2025-02-28", "2025-02-27", "2024-01-01"}},
     NULL,
     {0},
     "\"lists\":{\"cut\":[\"2025-02-28\"],\"eligible\":[\"in\"],\"too_old\":[\"out\"],\"unknown\":[]}",
     0},
    {"strata",
     "quota",
     "{\"sample\": 10}",
     {"stratum"},
     {{"c", "a", "b"}},
     "size",
     {90, 50, 70},
     "\"counts\":{\"a\":4,\"b\":3,\"c\":3}",
     0},
    {"strata, below zero",
     "quota",
     "{\"sample\": 10}",
     {"stratum"},
     {{"c", "a", "b"}},
     "size",
     {90, -1, 70},
     "row 1: column 'size': not a whole number of 0 or more",
     1},
    {"invitation of all",
     "invited",
     "{\"seed\": \"2026-01\"}",
     {"id"},
     {{"v1", "v2", "v3"}},
     NULL,
     {0},
     "\"lists\":{\"invited\":[\"v1\",\"v2\",\"v3\"]}",
     0},
    {"an id twice",
     "invited",
     "{\"seed\": \"2026-01\"}",
     {"id"},
     {{"v1", "v2", "v1"}},
     NULL,
     {0},
     "row 2: column 'id': 'v1' is there twice",
     1},
    {"products",
     "range",
     "{}",
     {"product_line", "mature", "surveyed", "exception"},
     {{"p", "q", "r"}, {"true", "true", "false"}, {"true", "false", "false"}, {"", "phased out", ""}},
     NULL,
     {0},
     "\"lists\":{\"excepted\":[\"q\"],\"unexplained\":[]}",
     0},
    {"a column is missing",
     "range",
     "{}",
     {"product_line", "mature"},
     {{"p", "q", "r"}, {"true", "true", "true"}},
     NULL,
     {0},
     "column 'surveyed' is missing",
     1},
};

static void test_plans(const csat_policy* policy) {
  size_t i;
  for (i = 0; i < sizeof(kPlans) / sizeof(kPlans[0]); ++i) {
    const struct plan_row* row = &kPlans[i];
    struct table t;
    csat_buffer* out = NULL;
    csat_error* error = NULL;
    csat_status status;
    csat_string_view said;
    int column;
    begin_table(&t, kRows);
    for (column = 0; column < kMostColumns && row->columns[column] != NULL; ++column)
      add_texts(&t, row->columns[column], row->texts[column]);
    if (row->number_column != NULL) add_column(&t, row->number_column, "l", row->numbers);
    status = csat_policy_apply_sampling_rule(policy, row->rule, strlen(row->rule), row->given,
                                             strlen(row->given), &t.schema, &t.array, &out, &error);
    EXPECT_ROW(row->name, status == (row->refused ? CSAT_INVALID_ARGUMENT : CSAT_OK));
    EXPECT_ROW(row->name, (out == NULL) == (row->refused != 0));
    said = status == CSAT_OK ? csat_buffer_view(out) : csat_error_message(error);
    EXPECT_ROW(row->name, text_holds(said, row->says));
    if (!text_holds(said, row->says)) printf("  said: %.*s\n", (int)said.size, said.data);
    csat_buffer_free(out);
    csat_error_free(error);
  }
}

/* The list of a wave: one of two industries has an approved unit. */
static void test_list(const csat_policy* policy) {
  static const char* const kNames[] = {"customer", "product_line", "class", "industry", "approved_by"};
  static const char* const kTexts[][kRows] = {{"c1", "c2", "c3"},
                                              {"pumps", "pumps", "pumps"},
                                              {"key", "key", "other"},
                                              {"steel", "rail", "food"},
                                              {"head of sales", "", "head of sales"}};
  static const int64_t kDrawn[kRows] = {1, 1, 1};
  static const char kGiven[] = "{\"frame\": 6, \"industry\": [\"steel\", \"rail\"]}";
  struct table t;
  csat_buffer* out = NULL;
  csat_error* error = NULL;
  int i;
  begin_table(&t, kRows);
  for (i = 0; i < 5; ++i) add_texts(&t, kNames[i], kTexts[i]);
  EXPECT(csat_policy_apply_sampling_rule(policy, "who", 3, kGiven, sizeof kGiven - 1, &t.schema, &t.array,
                                         &out, &error) == CSAT_INVALID_ARGUMENT);
  EXPECT(
      text_holds(csat_error_message(error), "unit 0 ('c1', 'pumps') was not drawn, and nobody nominated it"));
  csat_error_free(error);
  EXPECT(out == NULL);
  add_column(&t, "drawn", "l", kDrawn);
  EXPECT(csat_policy_apply_sampling_rule(policy, "who", 3, kGiven, sizeof kGiven - 1, &t.schema, &t.array,
                                         &out, NULL) == CSAT_OK);
  EXPECT(text_holds(csat_buffer_view(out), "\"outcome\":\"drawn at random\""));
  EXPECT(text_holds(csat_buffer_view(out),
                    "\"frame\":{\"numerator\":3,\"denominator\":6,\"percent\":\"50.0\"}"));
  EXPECT(
      text_holds(csat_buffer_view(out), "\"lists\":{\"industry\":[\"rail\"],\"unapproved\":[\"c2: pumps\"]"));
  csat_buffer_free(out);
}

static void test_misuse(const csat_policy* policy) {
  csat_buffer* out = NULL;
  csat_error* error = NULL;
  EXPECT(csat_policy_apply_sampling_rule(policy, "what", 4, "{}", 2, NULL, NULL, &out, &error) ==
         CSAT_NOT_FOUND);
  EXPECT(text_holds(csat_error_message(error), "'what'"));
  csat_error_free(error);
  EXPECT(csat_policy_apply_sampling_rule(policy, "sold", 4, "{}", 2, NULL, NULL, &out, &error) ==
         CSAT_INVALID_ARGUMENT);
  EXPECT(text_holds(csat_error_message(error), "a table with the column 'asked' is missing"));
  csat_error_free(error);
  EXPECT(csat_policy_apply_sampling_rule(policy, "sold", 4, "[]", 2, NULL, NULL, &out, &error) != CSAT_OK);
  csat_error_free(error);
  EXPECT(csat_policy_apply_sampling_rule(NULL, "sold", 4, "{}", 2, NULL, NULL, &out, NULL) ==
         CSAT_INVALID_ARGUMENT);
  EXPECT(csat_policy_apply_sampling_rule(policy, "sold", 4, "{}", 2, NULL, NULL, NULL, NULL) ==
         CSAT_INVALID_ARGUMENT);
  EXPECT(out == NULL);
}

int main(void) {
  char json[sizeof kPolicy];
  csat_policy* policy = NULL;
  csat_error* error = NULL;
  size_t i;
  for (i = 0; i < sizeof json; ++i) json[i] = kPolicy[i] == '\'' ? '"' : kPolicy[i];
  EXPECT(csat_policy_parse(json, sizeof json - 1, &policy, NULL, &error) == CSAT_OK);
  if (policy == NULL) printf("%.*s\n", (int)csat_error_message(error).size, csat_error_message(error).data);
  test_plans(policy);
  test_list(policy);
  test_misuse(policy);
  csat_policy_free(policy);
  return expect_done();
}
