// Arrow arrays made here, handed to whoever takes them, freed by their release callbacks and by nothing else.
#ifndef CSAT_SRC_ARROW_EXPORT_H_
#define CSAT_SRC_ARROW_EXPORT_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "csat/arrow/c_data.h"

namespace csat {

// Uninitialised memory on a 64-byte border, as the format recommends; large pieces lie on huge pages where the
// system has them, and some are kept for later buffers when they are let go (kept_memory.h).
class Buffer {
 public:
  Buffer() = default;
  // size() is 0 and data() is nullptr where there is no memory.
  static Buffer Allocate(std::size_t bytes);
  Buffer(Buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        whole_(std::exchange(other.whole_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(whole_, other.whole_);
    return *this;
  }
  ~Buffer();

  void* data() const { return data_; }
  template <typename T>
  T* as() const {
    return static_cast<T*>(data_);
  }
  std::size_t size() const { return size_; }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0, whole_ = 0;  // Bytes asked for, and those of the piece.
};

// A column to be handed out.
struct OutColumn {
  std::string name;
  std::string format;  // Of the values; of the indices where there is a dictionary.
  std::int64_t length = 0;
  std::int64_t null_count = 0;
  bool nullable = true;  // false: there is never a null, whatever the rows.
  Buffer validity;       // Empty: no nulls.
  Buffer values;
  // With `dictionary`: the column is of words, `values` are indices into these.
  bool has_dictionary = false;
  std::vector<std::string> dictionary;
};

// A struct array of `columns`. Both structs are filled, each with a release callback of its own. false: no
// memory; nothing is filled.
bool ExportStruct(std::vector<OutColumn> columns, std::int64_t rows, ArrowSchema* schema, ArrowArray* array);
// The schema alone.
bool ExportStructSchema(const std::vector<OutColumn>& columns, ArrowSchema* schema);

}  // namespace csat

#endif  // CSAT_SRC_ARROW_EXPORT_H_
