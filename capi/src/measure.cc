#include "csat_c/measure.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregates_handle.h"
#include "aggregates_options.h"
#include "csat/measure/measure_table.h"
#include "guard.h"
#include "measure_plan_handle.h"
#include "policy_handle.h"

using csat::Aggregates;
using csat::MeasurePlan;
using csat::TimeBucket;
using csat::capi::Access;
using csat::capi::AccessText;
using csat::capi::CheckHandle;
using csat::capi::CheckPointer;
using csat::capi::CheckText;
using csat::capi::First;
using csat::capi::FromC;
using csat::capi::Give;
using csat::capi::Guard;
using csat::capi::ReadOptions;
using csat::capi::ReadTexts;

namespace {

// The header's numbers are those of TimeBucket.
static_assert(static_cast<int>(TimeBucket::kMinute) == CSAT_BUCKET_MINUTE);
static_assert(static_cast<int>(TimeBucket::kMonth) == CSAT_BUCKET_MONTH);
static_assert(static_cast<int>(TimeBucket::kYear) == CSAT_BUCKET_YEAR);

// Size of the struct in release 0.1, below which no caller can be.
constexpr size_t kFirstOptions = offsetof(csat_measure_options, reserved) + sizeof(int32_t);

// Reads the caller's options as far as his struct goes.
absl::Status ReadMeasureOptions(const csat_measure_options* given, csat::MeasureOptions* out) {
  if (given == nullptr) return absl::OkStatus();
  absl::Status wrong = csat::capi::CheckStructSize(given->struct_size, kFirstOptions, "csat_measure_options");
  if (!wrong.ok()) return wrong;
  csat_measure_options options = CSAT_MEASURE_OPTIONS_INIT;
  std::memcpy(&options, given, std::min(given->struct_size, sizeof(options)));
  if (options.bucket < CSAT_BUCKET_MINUTE || options.bucket > CSAT_BUCKET_YEAR)
    return absl::InvalidArgumentError(absl::StrCat("bucket ", options.bucket, " lies outside [0, 7]"));
  if (options.reserved != 0)
    return absl::InvalidArgumentError(absl::StrCat("reserved ", options.reserved, " is not 0"));
  wrong =
      First(ReadTexts(options.measures, "measures", options.measures_count, "measures_count", &out->measures),
            ReadTexts(options.by, "by", options.by_count, "by_count", &out->by),
            CheckText(options.time_column.data, options.time_column.size, "time_column"));
  if (!wrong.ok()) return wrong;
  out->time_column = FromC(options.time_column.data, options.time_column.size);
  out->bucket = static_cast<TimeBucket>(options.bucket);
  return absl::OkStatus();
}

}  // namespace

csat_status csat_measure_plan_compile(const csat_policy* policy, const csat_measure_options* options,
                                      csat_measure_plan** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    csat::MeasureOptions read;
    absl::Status wrong =
        First(CheckHandle(policy, "policy"), CheckPointer(out, "out"), ReadMeasureOptions(options, &read));
    if (!wrong.ok()) return wrong;
    return Give(MeasurePlan::Compile(policy->rep.policy, read), out);
  });
}

void csat_measure_plan_free(csat_measure_plan* plan) { csat::capi::FreeHandle(plan); }

int32_t csat_measure_plan_column_count(const csat_measure_plan* plan) {
  return Access(plan, int32_t{0},
                [](const MeasurePlan& rep) { return static_cast<int32_t>(rep.columns().size()); });
}

csat_string_view csat_measure_plan_column_name(const csat_measure_plan* plan, int32_t index) {
  return AccessText(plan, [index](const MeasurePlan& rep) -> std::string_view {
    const std::vector<std::string>& names = rep.columns();
    return index >= 0 && static_cast<size_t>(index) < names.size()
               ? std::string_view(names[static_cast<size_t>(index)])
               : std::string_view();
  });
}

csat_status csat_measure_plan_aggregates(const csat_measure_plan* plan, csat_aggregates** out,
                                         csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(plan, "plan"), CheckPointer(out, "out"));
    return wrong.ok() ? Give(plan->rep.NewAggregates(), out) : wrong;
  });
}

csat_status csat_measure_plan_add_batch(const csat_measure_plan* plan, csat_aggregates* aggregates,
                                        const struct ArrowSchema* schema, const struct ArrowArray* array,
                                        const csat_aggregates_options* options, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    Aggregates::AddOptions read;
    absl::Status wrong =
        First(CheckHandle(plan, "plan"), CheckHandle(aggregates, "aggregates"),
              CheckPointer(schema, "schema"), CheckPointer(array, "array"), ReadOptions(options, &read));
    return wrong.ok() ? plan->rep.Add(*schema, *array, read, &aggregates->rep) : wrong;
  });
}

csat_status csat_measure_plan_add_stream(const csat_measure_plan* plan, csat_aggregates* aggregates,
                                         struct ArrowArrayStream* stream,
                                         const csat_aggregates_options* options, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    Aggregates::AddOptions read;
    absl::Status wrong = First(CheckHandle(plan, "plan"), CheckHandle(aggregates, "aggregates"),
                               CheckPointer(stream, "stream"), ReadOptions(options, &read));
    return wrong.ok() ? plan->rep.AddStream(stream, read, &aggregates->rep) : wrong;
  });
}

csat_status csat_measure_plan_figures(const csat_measure_plan* plan, const csat_aggregates* aggregates,
                                      double level, struct ArrowSchema* out_schema,
                                      struct ArrowArray* out_array, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(plan, "plan"), CheckHandle(aggregates, "aggregates"),
                               CheckPointer(out_schema, "out_schema"), CheckPointer(out_array, "out_array"));
    return wrong.ok() ? csat::ExportFigures(plan->rep, aggregates->rep, level, out_schema, out_array) : wrong;
  });
}

csat_status csat_measure_plan_columns(const csat_measure_plan* plan, const csat_aggregates* aggregates,
                                      struct ArrowSchema* out_schema, struct ArrowArray* out_array,
                                      csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(plan, "plan"), CheckHandle(aggregates, "aggregates"),
                               CheckPointer(out_schema, "out_schema"), CheckPointer(out_array, "out_array"));
    return wrong.ok() ? csat::ExportFigureColumns(plan->rep, aggregates->rep, out_schema, out_array) : wrong;
  });
}
