#include "arrow/kept_memory.h"

#include <atomic>
#include <cstdlib>

namespace csat {
namespace {

// Sanitizers have to see each piece freed.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kKeeps = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
constexpr bool kKeeps = false;
#else
constexpr bool kKeeps = true;
#endif
#else
constexpr bool kKeeps = true;
#endif

constexpr int kMostPieces = 32;

struct Piece {
  void* memory;
  std::size_t size;
};

// Whoever finds it busy does without: no one waits here, neither a thread nor the child of a fork that happened while
// it was busy.
std::atomic_flag busy = ATOMIC_FLAG_INIT;
Piece pieces[kMostPieces];
int count = 0;
std::size_t total = 0;
bool ended = false;

class Turn {
 public:
  Turn() : has_(!busy.test_and_set(std::memory_order_acquire)) {}
  ~Turn() {
    if (has_) busy.clear(std::memory_order_release);
  }
  Turn(const Turn&) = delete;
  bool has() const { return has_; }

 private:
  const bool has_;
};

// Frees what is kept when the library is unloaded; what comes back later is not kept.
struct End {
  ~End() {
    const Turn turn;
    if (!turn.has()) return;
    ended = true;
    for (; count > 0; --count) std::free(pieces[count - 1].memory);
    total = 0;
  }
} end;

}  // namespace

void* TakeKept(std::size_t bytes, std::size_t* size) {
  if (!kKeeps || bytes < kLeastKept) return nullptr;
  const Turn turn;
  if (!turn.has()) return nullptr;
  int best = -1;
  for (int i = 0; i < count; ++i) {
    if (pieces[i].size < bytes || pieces[i].size / 2 >= bytes) continue;
    if (best < 0 || pieces[i].size < pieces[best].size) best = i;
  }
  if (best < 0) return nullptr;
  void* memory = pieces[best].memory;
  *size = pieces[best].size;
  total -= *size;
  pieces[best] = pieces[--count];
  return memory;
}

bool Keep(void* piece, std::size_t size) {
  if (!kKeeps || size < kLeastKept || size > kMostKept) return false;
  const Turn turn;
  if (!turn.has() || ended || count == kMostPieces || size > kMostKept - total) return false;
  pieces[count++] = {piece, size};
  total += size;
  return true;
}

}  // namespace csat
