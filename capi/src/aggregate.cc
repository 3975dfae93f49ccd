#include "csat_c/aggregate.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregates_handle.h"
#include "aggregates_options.h"
#include "buffer_handle.h"
#include "csat/measure/aggregate_spec_json.h"
#include "csat/measure/aggregate_table.h"
#include "csat/model/foreign_text.h"
#include "guard.h"
#include "reliability_json.h"

using csat::Aggregates;
using csat::capi::Access;
using csat::capi::CheckHandle;
using csat::capi::CheckPointer;
using csat::capi::CheckText;
using csat::capi::First;
using csat::capi::FromC;
using csat::capi::Give;
using csat::capi::Guard;
using csat::capi::MakeHandle;
using csat::capi::ReadOptions;
using csat::capi::ReadTexts;
using csat::capi::ReliabilityRequest;

namespace {

// Sizes of the structs in release 0.1, below which no caller can be.
constexpr size_t kFirstOptions = offsetof(csat_aggregates_options, bad_rows) + sizeof(int32_t);
constexpr size_t kFirstReliability = offsetof(csat_reliability_options, reversed_count) + sizeof(size_t);

absl::Status ReadReversed(const csat_reliability_options& options, const csat::AggregateItemSet& set,
                          ReliabilityRequest* out) {
  out->reversed.assign(set.items.size(), false);
  std::vector<std::string> ids;
  absl::Status wrong =
      ReadTexts(options.reversed, "reversed", options.reversed_count, "reversed_count", &ids);
  if (!wrong.ok()) return wrong;
  for (const std::string& id : ids) {
    const auto found = std::find(set.items.begin(), set.items.end(), id);
    const auto at = static_cast<size_t>(found - set.items.begin());
    if (found == set.items.end() || out->reversed[at]) {
      return absl::InvalidArgumentError(absl::StrCat(
          "reversed item ", csat::Quoted(id),
          found == set.items.end() ? " is none of set " : " is there twice for set ", csat::Quoted(set.id)));
    }
    out->reversed[at] = true;
  }
  return absl::OkStatus();
}

// Reads the caller's options as far as his struct goes.
absl::Status ReadRequest(const csat_reliability_options* given, const Aggregates& aggregates,
                         ReliabilityRequest* out) {
  csat_reliability_options options = CSAT_RELIABILITY_OPTIONS_INIT;
  if (given != nullptr) {
    absl::Status wrong =
        csat::capi::CheckStructSize(given->struct_size, kFirstReliability, "csat_reliability_options");
    if (!wrong.ok()) return wrong;
    std::memcpy(&options, given, std::min(given->struct_size, sizeof(options)));
  }
  if (options.missing != CSAT_MISSING_LISTWISE && options.missing != CSAT_MISSING_PAIRWISE) {
    return absl::InvalidArgumentError(absl::StrCat("missing ", options.missing, " lies outside [0, 1]"));
  }
  if (options.reserved != 0) {
    return absl::InvalidArgumentError(absl::StrCat("reserved ", options.reserved, " is not 0"));
  }
  if (!(options.level > 0 && options.level < 1)) {
    return absl::InvalidArgumentError(absl::StrCat("level ", options.level, " lies outside (0, 1)"));
  }
  out->pairwise = options.missing == CSAT_MISSING_PAIRWISE;
  out->level = options.level;
  return ReadReversed(options, aggregates.spec().sets[static_cast<size_t>(out->set)], out);
}

using Export = absl::Status (*)(const Aggregates&, ArrowSchema*, ArrowArray*);

csat_status ExportTable(const csat_aggregates* aggregates, Export write, struct ArrowSchema* out_schema,
                        struct ArrowArray* out_array, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(aggregates, "aggregates"), CheckPointer(out_schema, "out_schema"),
                               CheckPointer(out_array, "out_array"));
    return wrong.ok() ? write(aggregates->rep, out_schema, out_array) : wrong;
  });
}

}  // namespace

namespace csat::capi {

absl::Status ReadOptions(const csat_aggregates_options* given, Aggregates::AddOptions* out) {
  if (given == nullptr) return absl::OkStatus();
  absl::Status wrong =
      csat::capi::CheckStructSize(given->struct_size, kFirstOptions, "csat_aggregates_options");
  if (!wrong.ok()) return wrong;
  csat_aggregates_options options = CSAT_AGGREGATES_OPTIONS_INIT;
  std::memcpy(&options, given, std::min(given->struct_size, sizeof(options)));
  if (options.bad_rows != CSAT_BAD_ROWS_FAIL && options.bad_rows != CSAT_BAD_ROWS_REFUSE) {
    return absl::InvalidArgumentError(absl::StrCat("bad_rows ", options.bad_rows, " lies outside [0, 1]"));
  }
  out->threads = options.threads;
  out->bad_rows = options.bad_rows == CSAT_BAD_ROWS_REFUSE ? Aggregates::AddOptions::BadRows::kRefuse
                                                           : Aggregates::AddOptions::BadRows::kFail;
  return absl::OkStatus();
}

}  // namespace csat::capi

csat_status csat_aggregates_create(const char* spec, size_t spec_size, csat_aggregates** out,
                                   csat_error** error) {
  return Guard(error, [&](csat::capi::Place& place) -> absl::Status {
    if (out != nullptr) *out = nullptr;
    absl::Status wrong = First(CheckText(spec, spec_size, "spec"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    csat::Diagnostic fault;
    absl::StatusOr<csat::AggregateSpec> read = csat::ReadAggregateSpec(FromC(spec, spec_size), &fault);
    if (!read.ok()) {
      place = {fault.path, fault.line, fault.column};
      return read.status();
    }
    return Give(Aggregates::Create(*std::move(read)), out);
  });
}

csat_status csat_aggregates_from_bytes(const char* bytes, size_t bytes_size, csat_aggregates** out,
                                       csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    if (out != nullptr) *out = nullptr;
    absl::Status wrong = First(CheckText(bytes, bytes_size, "bytes"), CheckPointer(out, "out"));
    return wrong.ok() ? Give(Aggregates::FromBytes(FromC(bytes, bytes_size)), out) : wrong;
  });
}

csat_status csat_aggregates_copy(const csat_aggregates* aggregates, csat_aggregates** out,
                                 csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    if (out != nullptr) *out = nullptr;
    absl::Status wrong = First(CheckHandle(aggregates, "aggregates"), CheckPointer(out, "out"));
    return wrong.ok() ? Give(absl::StatusOr<Aggregates>(aggregates->rep), out) : wrong;
  });
}

void csat_aggregates_free(csat_aggregates* aggregates) { csat::capi::FreeHandle(aggregates); }

csat_status csat_aggregates_add_batch(csat_aggregates* aggregates, const struct ArrowSchema* schema,
                                      const struct ArrowArray* array, const csat_aggregates_options* options,
                                      csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    Aggregates::AddOptions read;
    absl::Status wrong = First(CheckHandle(aggregates, "aggregates"), CheckPointer(schema, "schema"),
                               CheckPointer(array, "array"), ReadOptions(options, &read));
    return wrong.ok() ? aggregates->rep.Add(*schema, *array, read) : wrong;
  });
}

csat_status csat_aggregates_add_stream(csat_aggregates* aggregates, struct ArrowArrayStream* stream,
                                       const csat_aggregates_options* options, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    Aggregates::AddOptions read;
    absl::Status wrong = First(CheckHandle(aggregates, "aggregates"), CheckPointer(stream, "stream"),
                               ReadOptions(options, &read));
    return wrong.ok() ? aggregates->rep.AddStream(stream, read) : wrong;
  });
}

csat_status csat_aggregates_merge(csat_aggregates* aggregates, const csat_aggregates* other,
                                  csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(aggregates, "aggregates"), CheckHandle(other, "other"));
    return wrong.ok() ? aggregates->rep.Merge(other->rep) : wrong;
  });
}

csat_status csat_aggregates_subtract(csat_aggregates* aggregates, const csat_aggregates* other,
                                     csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(aggregates, "aggregates"), CheckHandle(other, "other"));
    return wrong.ok() ? aggregates->rep.Subtract(other->rep) : wrong;
  });
}

csat_status csat_aggregates_to_bytes(const csat_aggregates* aggregates, csat_buffer** out,
                                     csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    if (out != nullptr) *out = nullptr;
    absl::Status wrong = First(CheckHandle(aggregates, "aggregates"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    *out = MakeHandle<csat_buffer>(aggregates->rep.ToBytes());
    return absl::OkStatus();
  });
}

csat_status csat_aggregates_spec(const csat_aggregates* aggregates, csat_buffer** out, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    if (out != nullptr) *out = nullptr;
    absl::Status wrong = First(CheckHandle(aggregates, "aggregates"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    *out = MakeHandle<csat_buffer>(csat::AggregateSpecJson(aggregates->rep.spec()));
    return absl::OkStatus();
  });
}

int64_t csat_aggregates_row_count(const csat_aggregates* aggregates) {
  return Access(aggregates, int64_t{0}, [](const Aggregates& rep) { return rep.rows(); });
}

int64_t csat_aggregates_refused_count(const csat_aggregates* aggregates) {
  return Access(aggregates, int64_t{0}, [](const Aggregates& rep) { return rep.refused(); });
}

size_t csat_aggregates_group_count(const csat_aggregates* aggregates) {
  return Access(aggregates, size_t{0}, [](const Aggregates& rep) { return rep.groups(); });
}

csat_status csat_aggregates_groups(const csat_aggregates* aggregates, struct ArrowSchema* out_schema,
                                   struct ArrowArray* out_array, csat_error** error) {
  return ExportTable(aggregates, csat::ExportGroups, out_schema, out_array, error);
}

csat_status csat_aggregates_levels(const csat_aggregates* aggregates, struct ArrowSchema* out_schema,
                                   struct ArrowArray* out_array, csat_error** error) {
  return ExportTable(aggregates, csat::ExportLevels, out_schema, out_array, error);
}

csat_status csat_aggregates_reliability(const csat_aggregates* aggregates, size_t group, const char* set,
                                        size_t set_size, const csat_reliability_options* options,
                                        csat_buffer** out, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    if (out != nullptr) *out = nullptr;
    absl::Status wrong = First(CheckHandle(aggregates, "aggregates"), CheckText(set, set_size, "set"),
                               CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    const Aggregates& rep = aggregates->rep;
    ReliabilityRequest request;
    request.set = rep.FindSet(FromC(set, set_size));
    if (request.set < 0) {
      return absl::NotFoundError(absl::StrCat("the spec has no set ", csat::Quoted(FromC(set, set_size))));
    }
    if (group >= rep.groups()) {
      return absl::OutOfRangeError(absl::StrCat("group ", group, " is none of ", rep.groups()));
    }
    wrong = ReadRequest(options, rep, &request);
    if (!wrong.ok()) return wrong;
    *out = MakeHandle<csat_buffer>(csat::capi::ReliabilityJson(rep, group, request));
    return absl::OkStatus();
  });
}
