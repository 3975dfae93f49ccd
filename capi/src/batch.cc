#include "csat_c/batch.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"
#include "csat/scoring/batch.h"
#include "guard.h"
#include "plan_handle.h"

using csat::BatchOptions;
using csat::capi::CheckHandle;
using csat::capi::CheckPointer;
using csat::capi::First;
using csat::capi::Guard;

namespace {

// Size of the struct in release 0.1, below which no caller can be.
constexpr size_t kFirstOptions = offsetof(csat_batch_options, prefix) + sizeof(csat_string_view);
constexpr int32_t kKnownFlags = CSAT_BATCH_BASE | CSAT_BATCH_CONTRIBUTIONS | CSAT_BATCH_DECIMAL_SCORES;

absl::Status CheckRange(int32_t value, int32_t least, int32_t most, absl::string_view name) {
  if (value >= least && value <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(name, " ", value, " lies outside [", least, ", ", most, "]"));
}

// Names of Arrow columns are UTF-8. `text` has passed CheckText().
absl::Status CheckName(csat_string_view text, const char* name) {
  const std::string_view all = csat::capi::FromC(text.data, text.size);
  for (std::string_view rest = all; !rest.empty(); rest.remove_prefix(csat::Utf8Length(rest))) {
    if (csat::Utf8Length(rest) > 0) continue;
    return absl::InvalidArgumentError(absl::StrCat(name, " ", csat::Quoted(all), " is not UTF-8: byte ",
                                                   all.size() - rest.size() + 1, " begins no character"));
  }
  return absl::OkStatus();
}

// Reads the caller's options as far as his struct goes.
absl::Status ReadOptions(const csat_batch_options* given, BatchOptions* out) {
  if (given == nullptr) return absl::OkStatus();
  absl::Status wrong = csat::capi::CheckStructSize(given->struct_size, kFirstOptions, "csat_batch_options");
  if (!wrong.ok()) return wrong;
  csat_batch_options options = CSAT_BATCH_OPTIONS_INIT;
  std::memcpy(&options, given, std::min(given->struct_size, sizeof(options)));
  wrong =
      First(CheckRange(options.threads, 1, 256, "threads"),
            CheckRange(options.bad_rows, CSAT_BAD_ROWS_FAIL, CSAT_BAD_ROWS_REFUSE, "bad_rows"),
            CheckRange(options.top_reasons, 0, 16, "top_reasons"),
            csat::capi::CheckText(options.subject_column.data, options.subject_column.size, "subject_column"),
            csat::capi::CheckText(options.period_column.data, options.period_column.size, "period_column"),
            csat::capi::CheckText(options.prefix.data, options.prefix.size, "prefix"));
  if (wrong.ok()) wrong = CheckName(options.prefix, "prefix");
  if (!wrong.ok()) return wrong;
  if ((options.flags & ~kKnownFlags) != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("flags ", options.flags, " has bits that are none of CSAT_BATCH_..., ", kKnownFlags));
  }
  const auto text = [](csat_string_view view) {
    return std::string(csat::capi::FromC(view.data, view.size));
  };
  out->threads = options.threads;
  out->bad_rows = options.bad_rows == CSAT_BAD_ROWS_REFUSE ? BatchOptions::BadRows::kRefuse
                                                           : BatchOptions::BadRows::kFail;
  out->base = (options.flags & CSAT_BATCH_BASE) != 0;
  out->contributions = (options.flags & CSAT_BATCH_CONTRIBUTIONS) != 0;
  out->decimal_scores = (options.flags & CSAT_BATCH_DECIMAL_SCORES) != 0;
  out->top_reasons = options.top_reasons;
  out->subject_column = text(options.subject_column);
  out->period_column = text(options.period_column);
  out->prefix = text(options.prefix);
  return absl::OkStatus();
}

}  // namespace

csat_status csat_plan_score_batch(const csat_plan* plan, const struct ArrowSchema* schema,
                                  const struct ArrowArray* array, const csat_batch_options* options,
                                  struct ArrowSchema* out_schema, struct ArrowArray* out_array,
                                  csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    BatchOptions read;
    absl::Status wrong = First(CheckHandle(plan, "plan"), CheckPointer(schema, "schema"),
                               CheckPointer(array, "array"), CheckPointer(out_schema, "out_schema"),
                               CheckPointer(out_array, "out_array"), ReadOptions(options, &read));
    if (!wrong.ok()) return wrong;
    return csat::ScoreBatch(plan->rep, *schema, *array, read, out_schema, out_array);
  });
}

csat_status csat_plan_score_stream(const csat_plan* plan, struct ArrowArrayStream* in,
                                   const csat_batch_options* options, struct ArrowArrayStream* out,
                                   csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    BatchOptions read;
    absl::Status wrong = First(CheckHandle(plan, "plan"), CheckPointer(in, "in"), CheckPointer(out, "out"),
                               ReadOptions(options, &read));
    if (!wrong.ok()) return wrong;
    return csat::ScoreStream(plan->rep, in, read, out);
  });
}
