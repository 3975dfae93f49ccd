/* Sampling through the C interface: sizes, allocations, draws that anyone can check, and what is refused.
 * P2-26 P2-27 P2-30 P1-22 */
#include "expect.h"

/* The call failed with this code and a message of one line that holds this text. Frees the error. */
static void expect_error(const char* row, csat_status got, csat_error** error, const char* text) {
  EXPECT_ROW(row, got == CSAT_INVALID_ARGUMENT && csat_error_code(*error) == got);
  EXPECT_ROW(row, text_holds(csat_error_message(*error), text));
  EXPECT_ROW(row, !text_holds(csat_error_message(*error), "\n"));
  if (!text_holds(csat_error_message(*error), text)) printf("  said: %s\n", csat_error_message(*error).data);
  csat_error_free(*error);
  *error = NULL;
}

struct size_row {
  const char* name;
  int64_t z, margin, share, population, effect, rate;
  int64_t answers, invitations; /* -1: refused with the text. */
  const char* text;
};

static const struct size_row kSizes[] = {
    {"large", 1960000, 50000, 500000, 0, 1000000, 1000000, 385, 385, ""},
    {"ten thousand", 1960000, 50000, 500000, 10000, 1000000, 1000000, 370, 370, ""},
    {"of whom a quarter answers", 1960000, 50000, 500000, 10000, 1000000, 250000, 370, 1480, ""},
    {"in clusters", 1960000, 50000, 500000, 0, 2000000, 1000000, 769, 769, ""},
    {"everybody", 10000000, 1, 500000, 30, 1000000, 1000000, 30, 30, ""},
    {"no z", 0, 50000, 500000, 0, 1000000, 1000000, -1, 0, "z 0 lies outside (0, 10]"},
    {"z above", 10000001, 50000, 500000, 0, 1000000, 1000000, -1, 0, "z 10.000001"},
    {"no margin", 1960000, 0, 500000, 0, 1000000, 1000000, -1, 0, "margin 0 lies outside (0, 1]"},
    {"margin above", 1960000, 1000001, 500000, 0, 1000000, 1000000, -1, 0, "margin 1.000001"},
    {"no share", 1960000, 50000, 0, 0, 1000000, 1000000, -1, 0, "share 0 lies outside (0, 1)"},
    {"whole share", 1960000, 50000, 1000000, 0, 1000000, 1000000, -1, 0, "share 1"},
    {"population below", 1960000, 50000, 500000, -1, 1000000, 1000000, -1, 0, "population -1"},
    {"population above", 1960000, 50000, 500000, 1000000001, 1000000, 1000000, -1, 0,
     "population 1000000001"},
    {"no effect", 1960000, 50000, 500000, 0, 0, 1000000, -1, 0, "design effect 0 lies outside (0, 100]"},
    {"effect above", 1960000, 50000, 500000, 0, 100000001, 1000000, -1, 0, "design effect 100.000001"},
    {"rate below", 1960000, 50000, 500000, 0, 1000000, 999, -1, 0, "response rate 0.000999"},
    {"rate above", 1960000, 50000, 500000, 0, 1000000, 1000001, -1, 0, "response rate 1.000001"},
};

static void test_sizes(void) {
  csat_sampling_size_inputs inputs = CSAT_SAMPLING_SIZE_INPUTS_INIT;
  csat_sampling_size_result size = CSAT_SAMPLING_SIZE_INIT;
  csat_error* error = NULL;
  size_t i;
  for (i = 0; i < sizeof(kSizes) / sizeof(kSizes[0]); ++i) {
    const struct size_row* row = &kSizes[i];
    csat_status status;
    inputs.z_micros = row->z;
    inputs.margin_micros = row->margin;
    inputs.share_micros = row->share;
    inputs.population = row->population;
    inputs.design_effect_micros = row->effect;
    inputs.response_rate_micros = row->rate;
    size.answers = -7;
    status = csat_sampling_size(&inputs, &size, &error);
    if (row->answers < 0) {
      EXPECT_ROW(row->name, size.answers == -7);
      expect_error(row->name, status, &error, row->text);
      continue;
    }
    EXPECT_ROW(row->name, status == CSAT_OK);
    EXPECT_ROW(row->name, size.answers == row->answers && size.invitations == row->invitations);
    EXPECT_ROW(row->name, size.unrounded <= (double)size.answers);
  }
  EXPECT(csat_sampling_size(NULL, &size, NULL) == CSAT_OK && size.answers == 385);
  EXPECT(size.unrounded > 384.15 && size.unrounded < 384.17);
  expect_error("no out", csat_sampling_size(NULL, NULL, &error), &error, "out is NULL");
  inputs.struct_size = 8;
  expect_error("inputs", csat_sampling_size(&inputs, &size, &error), &error,
               "struct_size 8 of csat_sampling_size_inputs");
  size.struct_size = 8;
  expect_error("result", csat_sampling_size(NULL, &size, &error), &error,
               "struct_size 8 of csat_sampling_size_result");
}

struct share_row {
  const char* name;
  int32_t method;
  int64_t sizes[3], deviations[3];
  int with_deviations;
  int64_t sample, shares[3];
  const char* text; /* NULL: it succeeds. */
};

static const struct share_row kShares[] = {
    {"proportional", 0, {1000, 3000, 6000}, {0, 0, 0}, 0, 333, {33, 100, 200}, NULL},
    {"nobody", 0, {1000, 3000, 6000}, {0, 0, 0}, 0, 0, {0, 0, 0}, NULL},
    {"equal", 1, {5, 300, 600}, {0, 0, 0}, 0, 100, {5, 48, 47}, NULL},
    {"optimal", 2, {1000, 1000, 1000}, {1000000, 2000000, 3000000}, 1, 60, {10, 20, 30}, NULL},
    {"method below", -1, {1, 1, 1}, {0, 0, 0}, 0, 1, {0, 0, 0}, "method -1 lies outside [0, 2]"},
    {"method above", 3, {1, 1, 1}, {0, 0, 0}, 0, 1, {0, 0, 0}, "method 3 lies outside [0, 2]"},
    {"deviations missing", 2, {1, 1, 1}, {0, 0, 0}, 0, 1, {0, 0, 0}, "deviations_micros is NULL"},
    {"deviations besides", 0, {1, 1, 1}, {0, 0, 0}, 1, 1, {0, 0, 0}, "method 0 takes none"},
    {"too many", 0, {1, 1, 1}, {0, 0, 0}, 0, 4, {0, 0, 0}, "4"},
    {"size below 0", 0, {-1, 1, 1}, {0, 0, 0}, 0, 1, {0, 0, 0}, "-1"},
};

static void test_shares(void) {
  csat_error* error = NULL;
  size_t i;
  for (i = 0; i < sizeof(kShares) / sizeof(kShares[0]); ++i) {
    const struct share_row* row = &kShares[i];
    int64_t shares[3] = {-7, -7, -7};
    const csat_status status =
        csat_sampling_allocate(row->method, row->sizes, row->with_deviations ? row->deviations : NULL, 3,
                               row->sample, shares, &error);
    if (row->text != NULL) {
      EXPECT_ROW(row->name, shares[0] == -7);
      expect_error(row->name, status, &error, row->text);
      continue;
    }
    EXPECT_ROW(row->name, status == CSAT_OK && memcmp(shares, row->shares, sizeof shares) == 0);
  }
  expect_error("no strata", csat_sampling_allocate(0, kShares[0].sizes, NULL, 0, 0, (int64_t*)&i, &error),
               &error, "");
  expect_error("sizes NULL", csat_sampling_allocate(0, NULL, NULL, 3, 0, NULL, &error), &error,
               "sizes is NULL");
}

static csat_string_view text(const char* words) {
  csat_string_view view;
  view.data = words;
  view.size = strlen(words);
  return view;
}

static void test_draws(void) {
  enum { kCount = 100 };
  static char names[kCount][16];
  csat_string_view ids[kCount];
  csat_string_view stratum = text("high");
  size_t drawn[kCount], backwards[kCount], i;
  csat_buffer* number = NULL;
  csat_error* error = NULL;
  int32_t invited = -1;
  char last[65] = "";
  for (i = 0; i < kCount; ++i) {
    snprintf(names[i], sizeof names[i], "customer-%d", (int)i);
    ids[i] = text(names[i]);
  }
  EXPECT(csat_sampling_draw("wave-7", 6, NULL, ids, kCount, kCount, drawn, NULL) == CSAT_OK);
  /* In the order of their numbers. */
  for (i = 0; i < kCount; ++i) {
    EXPECT(csat_sampling_number("wave-7", 6, ids[drawn[i]].data, ids[drawn[i]].size, &number, NULL) ==
           CSAT_OK);
    EXPECT(csat_buffer_view(number).size == 64 && strcmp(last, csat_buffer_view(number).data) < 0);
    snprintf(last, sizeof last, "%s", csat_buffer_view(number).data);
    csat_buffer_free(number);
  }
  /* The first ten are the sample of ten, whatever the order of the list. */
  for (i = 0; i < kCount; ++i) ids[i] = text(names[kCount - 1 - i]);
  EXPECT(csat_sampling_draw("wave-7", 6, NULL, ids, kCount, 10, backwards, NULL) == CSAT_OK);
  for (i = 0; i < 10; ++i) EXPECT(kCount - 1 - backwards[i] == drawn[i]);
  /* A stratum has a seed of its own. */
  EXPECT(csat_sampling_draw("wave-7", 6, &stratum, ids, kCount, 10, drawn, NULL) == CSAT_OK);
  EXPECT(memcmp(drawn, backwards, 10 * sizeof drawn[0]) != 0);
  EXPECT(csat_sampling_draw("wave-7/high", 11, NULL, ids, kCount, 10, backwards, NULL) == CSAT_OK);
  EXPECT(memcmp(drawn, backwards, 10 * sizeof drawn[0]) == 0);
  /* printf 'csat.selection.v1\0wave-7\0customer-0' | sha256sum */
  EXPECT(csat_sampling_number("wave-7", 6, "customer-0", 10, &number, NULL) == CSAT_OK);
  EXPECT(
      text_is(csat_buffer_view(number), "ddc96829f66ce1bbd68f1ff7083c7e5f9e303ce290c93ff0399f3a23347cc004"));
  csat_buffer_free(number);
  /* printf wave-7 | sha256sum */
  EXPECT(csat_sampling_commitment("wave-7", 6, &number, NULL) == CSAT_OK);
  EXPECT(
      text_is(csat_buffer_view(number), "504b067f19926080adaee90aca7bcaa5765ed96284c17d6ab9f5fcdd06900ae3"));
  csat_buffer_free(number);
  EXPECT(csat_sampling_draw("s", 1, NULL, NULL, 0, 0, NULL, NULL) == CSAT_OK);

  expect_error("too many", csat_sampling_draw("s", 1, NULL, ids, 3, 4, drawn, &error), &error, "4 of 3");
  ids[1] = ids[0];
  expect_error("twice", csat_sampling_draw("s", 1, NULL, ids, 3, 1, drawn, &error), &error, "there twice");
  expect_error("no seed", csat_sampling_draw("", 0, NULL, ids, 1, 1, drawn, &error), &error,
               "seed: it is empty");
  expect_error("no seed, stratum", csat_sampling_draw("", 0, &stratum, ids, 1, 1, drawn, &error), &error,
               "seed: it is empty");
  expect_error("ids NULL", csat_sampling_draw("s", 1, NULL, NULL, 1, 1, drawn, &error), &error,
               "ids is NULL");
  expect_error("out NULL", csat_sampling_draw("s", 1, NULL, ids, 1, 1, NULL, &error), &error,
               "out_indices is NULL");
  ids[0] = text("");
  expect_error("empty id", csat_sampling_draw("s", 1, NULL, ids, 1, 1, drawn, &error), &error,
               "id: it is empty");
  expect_error("number", csat_sampling_number("s", 1, "", 0, &number, &error), &error, "id: it is empty");
  expect_error("zero", csat_sampling_number("a\0b", 3, "x", 1, &number, &error), &error, "zero byte");
  expect_error("commitment", csat_sampling_commitment("", 0, &number, &error), &error, "seed: it is empty");

  EXPECT(csat_sampling_invites("s", 1, "visit", 5, 0, &invited, NULL) == CSAT_OK && invited == 0);
  EXPECT(csat_sampling_invites("s", 1, "visit", 5, 1000000, &invited, NULL) == CSAT_OK && invited == 1);
  expect_error("above 1", csat_sampling_invites("s", 1, "visit", 5, 1000001, &invited, &error), &error,
               "probability: 1.000001");
  expect_error("below 0", csat_sampling_invites("s", 1, "visit", 5, -1, &invited, &error), &error,
               "probability");
  EXPECT(invited == 1);
}

int main(void) {
  test_sizes();
  test_shares();
  test_draws();
  return expect_done();
}
