#include "csat_c/record.h"

#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "csat/scoring/owned_record.h"
#include "guard.h"
#include "record_handle.h"

using csat::OwnedRecord;
using csat::capi::CheckHandle;
using csat::capi::CheckPointer;
using csat::capi::CheckText;
using csat::capi::First;
using csat::capi::FromC;
using csat::capi::Guard;

namespace {

// Sets one slot by `set(OwnedRecord&, slot)`.
template <typename Set>
csat_status SetSlot(csat_record* record, int32_t slot, Set set) noexcept {
  if (!csat::capi::Lives(record)) return CSAT_INVALID_ARGUMENT;
  if (slot < 0 || static_cast<size_t>(slot) >= record->rep.size()) return CSAT_OUT_OF_RANGE;
  try {
    set(record->rep, static_cast<size_t>(slot));
    return CSAT_OK;
  } catch (...) {
    return CSAT_RESOURCE_EXHAUSTED;
  }
}

}  // namespace

namespace csat::capi {

absl::Status CheckPair(const csat_plan* plan, const csat_record* record) {
  absl::Status wrong = First(CheckHandle(plan, "plan"), CheckHandle(record, "record"));
  if (!wrong.ok() || Belongs(record, plan)) return wrong;
  return absl::InvalidArgumentError("the record was made for another plan");
}

}  // namespace csat::capi

csat_status csat_record_create(const csat_plan* plan, csat_record** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(plan, "plan"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    *out = csat::capi::MakeHandle<csat_record>(plan->rep);
    return absl::OkStatus();
  });
}

void csat_record_free(csat_record* record) { csat::capi::FreeHandle(record); }

csat_status csat_record_clear(csat_record* record) {
  if (!csat::capi::Lives(record)) return CSAT_INVALID_ARGUMENT;
  record->rep.Clear();
  return CSAT_OK;
}

csat_status csat_record_set_missing(csat_record* record, int32_t slot) {
  return SetSlot(record, slot, [](OwnedRecord& r, size_t s) { r.SetMissing(s); });
}

csat_status csat_record_set_int64(csat_record* record, int32_t slot, int64_t value) {
  return SetSlot(record, slot, [=](OwnedRecord& r, size_t s) { r.SetInteger(s, value); });
}

csat_status csat_record_set_decimal(csat_record* record, int32_t slot, int64_t value_micros) {
  return SetSlot(record, slot,
                 [=](OwnedRecord& r, size_t s) { r.SetDecimal(s, csat::Decimal::FromMicros(value_micros)); });
}

csat_status csat_record_set_double(csat_record* record, int32_t slot, double value) {
  return SetSlot(record, slot, [=](OwnedRecord& r, size_t s) { r.SetDouble(s, value); });
}

csat_status csat_record_set_text(csat_record* record, int32_t slot, const char* text, size_t text_size) {
  if (text_size > CSAT_MAX_SIZE || (text == nullptr && text_size != 0)) return CSAT_INVALID_ARGUMENT;
  return SetSlot(record, slot, [=](OwnedRecord& r, size_t s) { r.SetText(s, FromC(text, text_size)); });
}

csat_status csat_record_set_events(csat_record* record, int32_t slot, const double* events, size_t count) {
  if (count > CSAT_MAX_SIZE || (events == nullptr && count != 0)) return CSAT_INVALID_ARGUMENT;
  return SetSlot(record, slot,
                 [=](OwnedRecord& r, size_t s) { r.SetEvents(s, absl::MakeConstSpan(events, count)); });
}

csat_status csat_record_set_labels(csat_record* record, int32_t slot, const csat_string_view* labels,
                                   size_t count, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    if (absl::Status wrong = CheckHandle(record, "record"); !wrong.ok()) return wrong;
    if (slot < 0 || static_cast<size_t>(slot) >= record->rep.size()) {
      return absl::OutOfRangeError(
          absl::StrCat("slot ", slot, " lies outside [0, ", record->rep.size(), ")"));
    }
    if (count > CSAT_MAX_SIZE) {
      return absl::InvalidArgumentError(
          absl::StrCat("count ", count, " of labels lies above CSAT_MAX_SIZE, ", CSAT_MAX_SIZE));
    }
    if (count != 0) {
      if (absl::Status wrong = CheckPointer(labels, "labels"); !wrong.ok()) return wrong;
    }
    std::vector<std::string_view> views;
    views.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      absl::Status wrong = CheckText(labels[i].data, labels[i].size, absl::StrCat("labels[", i, "]"));
      if (!wrong.ok()) return wrong;
      views.push_back(FromC(labels[i].data, labels[i].size));
    }
    return record->rep.SetLabels(static_cast<size_t>(slot), absl::MakeConstSpan(views));
  });
}

csat_status csat_record_set_json(csat_record* record, const char* json, size_t json_size,
                                 csat_error** error) {
  return Guard(error, [&](csat::capi::Place& place) -> absl::Status {
    absl::Status wrong = First(CheckHandle(record, "record"), CheckText(json, json_size, "json"));
    if (!wrong.ok()) return wrong;
    csat::Diagnostic fault;
    absl::Status status = record->rep.SetJson(FromC(json, json_size), &fault);
    if (!status.ok()) place = {fault.path, fault.line, fault.column};
    return status;
  });
}
