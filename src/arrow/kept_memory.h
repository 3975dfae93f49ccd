// Large pieces of memory that were given back, kept for the next batch: a fresh page costs more to be zeroed by the
// system than to be filled with scores.
#ifndef CSAT_SRC_ARROW_KEPT_MEMORY_H_
#define CSAT_SRC_ARROW_KEPT_MEMORY_H_

#include <cstddef>

namespace csat {

// Pieces of fewer bytes than this are neither kept nor handed out.
inline constexpr std::size_t kLeastKept = std::size_t{4} << 20;
// All that is kept by a process, in bytes.
inline constexpr std::size_t kMostKept = std::size_t{128} << 20;

// A piece that was made by std::aligned_alloc on a border of 2 MiB and has at least `bytes`, but not twice as many;
// nullptr: none is kept. `size` receives its bytes. What it holds means nothing.
void* TakeKept(std::size_t bytes, std::size_t* size);

// Takes over such a piece; false: it is too small or too much is kept already, and stays the caller's.
bool Keep(void* piece, std::size_t size);

}  // namespace csat

#endif  // CSAT_SRC_ARROW_KEPT_MEMORY_H_
