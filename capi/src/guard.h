// The guard: the one way into the library. No exception passes it, and every check of an argument is inside.
#ifndef CSAT_CAPI_GUARD_H_
#define CSAT_CAPI_GUARD_H_

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "csat_c/base.h"
#include "csat_c/error.h"
#include "handles.h"

namespace csat::capi {

// Where in the caller's document a fault is.
struct Place {
  std::string path;
  int line = 0;
  int column = 0;
};

// Fills *error (if wanted) from a status that is not OK, and gives its code. Never throws; without memory the
// error is the one that was set aside when the library was loaded.
csat_status Fail(csat_error** error, const absl::Status& status, const Place* place = nullptr) noexcept;
csat_status FailWithoutMemory(csat_error** error) noexcept;
// `what` may be NULL.
csat_status FailByException(csat_error** error, const char* what) noexcept;

// Runs `body`, which gives an absl::Status and may take a Place& to say where the fault is.
template <typename Body>
csat_status Guard(csat_error** error, Body&& body) noexcept {
  try {
    if constexpr (std::is_invocable_v<Body, Place&>) {
      Place place;
      const absl::Status status = body(place);
      return status.ok() ? CSAT_OK : Fail(error, status, &place);
    } else {
      const absl::Status status = body();
      return status.ok() ? CSAT_OK : Fail(error, status);
    }
  } catch (const std::bad_alloc&) {
    return FailWithoutMemory(error);
  } catch (const std::exception& e) {
    return FailByException(error, e.what());
  } catch (...) {
    return FailByException(error, nullptr);
  }
}

// The same for a function that gives something: *out is nullptr (or 0) unless it does.
template <typename T, typename Body>
csat_status Guard(csat_error** error, T* out, Body&& body) noexcept {
  if (out != nullptr) *out = T();
  return Guard(error, std::forward<Body>(body));
}

// Gives a handle to what was made, or says why it was not. Throws std::bad_alloc.
template <typename H, typename Rep>
absl::Status Give(absl::StatusOr<Rep> made, H** out) {
  if (!made.ok()) return made.status();
  *out = MakeHandle<H>(*std::move(made));
  return absl::OkStatus();
}

// InvalidArgument: "<name> is NULL".
absl::Status CheckPointer(const void* pointer, std::string_view name);

// InvalidArgument: "count 5 of versions lies above CSAT_MAX_SIZE, ...".
absl::Status TooMany(std::size_t count, std::string_view name);

// Reads a list of handles, which is called `name`, by `rep_of` each. Throws std::bad_alloc.
template <typename H, typename Rep, typename RepOf>
absl::Status ReadHandles(const H* const* handles, std::size_t count, std::string_view name, RepOf rep_of,
                         std::vector<Rep>* out) {
  if (count > CSAT_MAX_SIZE) return TooMany(count, name);
  if (count == 0) return absl::OkStatus();
  if (absl::Status wrong = CheckPointer(handles, name); !wrong.ok()) return wrong;
  for (std::size_t i = 0; i < count; ++i) {
    absl::Status wrong = CheckHandle(handles[i], std::string(name) + "[" + std::to_string(i) + "]");
    if (!wrong.ok()) return wrong;
    out->push_back(rep_of(handles[i]->rep));
  }
  return absl::OkStatus();
}

// An accessor's guard: `body` gives the value; `otherwise` stands for a wrong handle or an exception.
template <typename H, typename Value, typename Body>
Value Access(const H* handle, Value otherwise, Body&& body) noexcept {
  try {
    return Lives(handle) ? static_cast<Value>(body(handle->rep)) : otherwise;
  } catch (...) {
    return otherwise;
  }
}

inline csat_string_view ToC(std::string_view text) { return {text.empty() ? "" : text.data(), text.size()}; }

// The same for texts: empty is what stands for everything wrong.
template <typename H, typename Body>
csat_string_view AccessText(const H* handle, Body&& body) noexcept {
  try {
    return Lives(handle) ? ToC(body(handle->rep)) : csat_string_view{"", 0};
  } catch (...) {
    return {"", 0};
  }
}

// A text of the caller; "" unless CheckText() holds.
inline std::string_view FromC(const char* data, std::size_t size) {
  return data == nullptr || size > CSAT_MAX_SIZE ? std::string_view() : std::string_view(data, size);
}
absl::Status CheckText(const char* data, std::size_t size, std::string_view name);

// InvalidArgument: a list of a struct of options is NULL although its count is not 0, or the count is beyond
// CSAT_MAX_SIZE. Both by their members' names.
absl::Status CheckList(const void* list, std::string_view name, std::size_t count,
                       std::string_view count_name);
// Reads such a list of texts. Throws std::bad_alloc.
absl::Status ReadTexts(const csat_string_view* list, std::string_view name, std::size_t count,
                       std::string_view count_name, std::vector<std::string>* out);

// The first that is not OK.
template <typename... Statuses>
absl::Status First(absl::Status status, Statuses... others) {
  if constexpr (sizeof...(others) == 0) {
    return status;
  } else {
    return status.ok() ? First(std::move(others)...) : status;
  }
}

// InvalidArgument unless `given` holds the struct as the first release had it.
absl::Status CheckStructSize(std::size_t given, std::size_t least, std::string_view name);

// Copies a struct that begins with struct_size to the caller's, as far as his goes.
template <typename Struct>
void CopyOut(const Struct& from, Struct* to) {
  const std::size_t size = std::min(to->struct_size, sizeof(Struct));
  std::memcpy(reinterpret_cast<char*>(to) + sizeof(std::size_t),
              reinterpret_cast<const char*>(&from) + sizeof(std::size_t), size - sizeof(std::size_t));
}

}  // namespace csat::capi

#endif  // CSAT_CAPI_GUARD_H_
