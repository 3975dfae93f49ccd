#include "guard.h"

#include <exception>
#include <string>

#include "absl/strings/str_cat.h"
#include "error_handle.h"

namespace csat::capi {
namespace {

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

// Made when the library is loaded and never freed: there is no memory for it when it is needed. Its text is
// short enough to need none.
alignas(csat_error) unsigned char out_of_memory[sizeof(csat_error)];
csat_error* const kOutOfMemory = ::new (out_of_memory)
    csat_error(CSAT_RESOURCE_EXHAUSTED, std::string("out of memory"), std::string(), 0, 0);

void Give(csat_error** error, csat_status code, std::string_view message, const Place* place) noexcept {
  if (error == nullptr) return;
  try {
    *error =
        MakeHandle<csat_error>(code, std::string(message), place == nullptr ? std::string() : place->path,
                               place == nullptr ? 0 : place->line, place == nullptr ? 0 : place->column);
  } catch (...) {
    *error = kOutOfMemory;
  }
}

}  // namespace

bool IsOutOfMemoryError(const csat_error* error) { return error == kOutOfMemory; }

std::string_view HandleName(HandleTag tag) {
  switch (tag) {
    case HandleTag::kFreed: return "";
    case HandleTag::kError: return "error";
    case HandleTag::kBuffer: return "buffer";
    case HandleTag::kDiagnostics: return "diagnostics";
    case HandleTag::kPolicy: return "policy";
    case HandleTag::kFailures: return "case failures";
    case HandleTag::kPlan: return "plan";
    case HandleTag::kRecord: return "record";
    case HandleTag::kScore: return "score";
    case HandleTag::kFigures: return "figures";
    case HandleTag::kLeastChanges: return "least changes";
    case HandleTag::kSimulation: return "simulation";
    case HandleTag::kCleaning: return "cleaning";
    case HandleTag::kIncident: return "incident";
    case HandleTag::kPublication: return "publication";
    case HandleTag::kAggregates: return "aggregates";
    case HandleTag::kMeasurePlan: return "measure plan";
    case HandleTag::kQuestionnaire: return "questionnaire";
    case HandleTag::kResponseCheck: return "response check";
  }
  return "";
}

absl::Status WrongHandle(const HandleHeader* header, std::string_view name) {
  if (header == nullptr) return CheckPointer(nullptr, name);
  const HandleTag tag = header->tag.load(std::memory_order_relaxed);
  if (tag == HandleTag::kFreed) return absl::InvalidArgumentError(absl::StrCat(Absl(name), " was freed"));
  const std::string_view kind = HandleName(tag);
  return absl::InvalidArgumentError(
      absl::StrCat(Absl(name), " is a handle of another kind", kind.empty() ? "" : ": ", Absl(kind)));
}

absl::Status CheckPointer(const void* pointer, std::string_view name) {
  if (pointer != nullptr) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(Absl(name), " is NULL"));
}

absl::Status TooMany(std::size_t count, std::string_view name) {
  return absl::InvalidArgumentError(
      absl::StrCat("count ", count, " of ", Absl(name), " lies above CSAT_MAX_SIZE, ", CSAT_MAX_SIZE));
}

absl::Status CheckList(const void* list, std::string_view name, std::size_t count,
                       std::string_view count_name) {
  if (count > CSAT_MAX_SIZE) {
    return absl::InvalidArgumentError(
        absl::StrCat(Absl(count_name), " ", count, " lies above CSAT_MAX_SIZE, ", CSAT_MAX_SIZE));
  }
  if (list == nullptr && count > 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(Absl(name), " is NULL with ", Absl(count_name), " ", count));
  }
  return absl::OkStatus();
}

absl::Status ReadTexts(const csat_string_view* list, std::string_view name, std::size_t count,
                       std::string_view count_name, std::vector<std::string>* out) {
  if (absl::Status wrong = CheckList(list, name, count, count_name); !wrong.ok()) return wrong;
  for (std::size_t i = 0; i < count; ++i) {
    if (absl::Status wrong = CheckText(list[i].data, list[i].size, name); !wrong.ok()) return wrong;
    out->emplace_back(FromC(list[i].data, list[i].size));
  }
  return absl::OkStatus();
}

absl::Status CheckText(const char* data, std::size_t size, std::string_view name) {
  if (size > CSAT_MAX_SIZE) {
    return absl::InvalidArgumentError(
        absl::StrCat("size ", size, " of ", Absl(name), " lies above CSAT_MAX_SIZE, ", CSAT_MAX_SIZE));
  }
  if (data == nullptr && size != 0) {
    return absl::InvalidArgumentError(absl::StrCat(Absl(name), " is NULL with size ", size));
  }
  return absl::OkStatus();
}

absl::Status CheckStructSize(std::size_t given, std::size_t least, std::string_view name) {
  if (given >= least && given <= CSAT_MAX_SIZE) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("struct_size ", given, " of ", Absl(name), " lies outside [",
                                                 least, ", ", CSAT_MAX_SIZE,
                                                 "]; set it up with its _INIT macro"));
}

csat_status Fail(csat_error** error, const absl::Status& status, const Place* place) noexcept {
  const csat_status code = static_cast<csat_status>(status.raw_code());
  if (code == CSAT_RESOURCE_EXHAUSTED && status.message().empty()) return FailWithoutMemory(error);
  Give(error, code, {status.message().data(), status.message().size()}, place);
  return code;
}

csat_status FailWithoutMemory(csat_error** error) noexcept {
  if (error != nullptr) *error = kOutOfMemory;
  return CSAT_RESOURCE_EXHAUSTED;
}

csat_status FailByException(csat_error** error, const char* what) noexcept {
  Give(error, CSAT_INTERNAL, what == nullptr ? "an exception without a name" : what, nullptr);
  return CSAT_INTERNAL;
}

}  // namespace csat::capi
