/* Scores one record with a policy file through the C interface. Usage: score policy.json */
#include <stdio.h>
#include <string.h>

#include <csat_c.h>

int main(int argc, char** argv) {
  static char json[1 << 20];
  if (argc != 2) {
    fprintf(stderr, "usage: score policy.json\n");
    return 2;
  }
  FILE* file = fopen(argv[1], "rb");
  const size_t size = file == NULL ? 0 : fread(json, 1, sizeof json, file);
  const int unread = file == NULL || ferror(file) || size == sizeof json;
  if (file != NULL) fclose(file);
  if (unread) {
    fprintf(stderr, "%s: cannot be read, or is larger than a mebibyte\n", argv[1]);
    return 2;
  }

  csat_policy* policy = NULL;
  csat_plan* plan = NULL;
  csat_record* record = NULL;
  csat_score* score = NULL;
  csat_buffer* words = NULL;
  csat_error* error = NULL;
  const char* figures =
      "{\"reply_minutes\": 21, \"solved\": 171, \"tickets\": 190, \"rating\": 4.2, \"leaks\": 0}";
  int status = 0;
  if (csat_policy_parse(json, size, &policy, NULL, &error) == CSAT_OK &&
      csat_plan_compile(policy, "month", 5, &plan, &error) == CSAT_OK &&
      csat_record_create(plan, &record, &error) == CSAT_OK &&
      csat_record_set_json(record, figures, strlen(figures), &error) == CSAT_OK &&
      csat_plan_explain(plan, record, &score, &error) == CSAT_OK &&
      csat_score_words(score, "en", 2, &words, &error) == CSAT_OK) {
    const csat_string_view text = csat_buffer_view(words);
    fwrite(text.data, 1, text.size, stdout);
  } else {
    const csat_string_view message = csat_error_message(error);
    fprintf(stderr, "%.*s\n", (int)message.size, message.data);
    status = 1;
  }
  csat_error_free(error);
  csat_buffer_free(words);
  csat_score_free(score);
  csat_record_free(record);
  csat_plan_free(plan);
  csat_policy_free(policy);
  return status;
}
