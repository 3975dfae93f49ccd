// Arrow structs with owners, and the capsules they travel in.
#ifndef LIBCSAT_PYTHON_CAPI_COLUMNS_H_
#define LIBCSAT_PYTHON_CAPI_COLUMNS_H_

#include <vector>

#include "handles.h"

namespace libcsat {

// An Arrow struct that is released when it goes, unless it was moved on.
template <typename T>
struct Released {
  T value{};
  Released() = default;
  Released(Released&& other) noexcept : value(other.Move()) {}
  Released& operator=(Released&&) = delete;
  ~Released() {
    if (value.release != nullptr) value.release(&value);
  }
  T Move() {
    T moved = value;
    value.release = nullptr;
    return moved;
  }
};

// Result columns: batches of one type, to be taken once.
struct Columns {
  Released<ArrowSchema> schema;
  std::vector<Released<ArrowArray>> batches;
  bool taken = false;
};

inline constexpr char kSchema[] = "arrow_schema";
inline constexpr char kArray[] = "arrow_array";
inline constexpr char kStream[] = "arrow_array_stream";

template <typename T>
T* Pointer(nb::handle capsule, const char* name) {
  auto* pointer = static_cast<T*>(PyCapsule_GetPointer(capsule.ptr(), name));
  if (pointer == nullptr) throw nb::python_error();
  return pointer;
}

}  // namespace libcsat

#endif  // LIBCSAT_PYTHON_CAPI_COLUMNS_H_
