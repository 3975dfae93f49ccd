// Handles: what a csat_... pointer points to. Every handle begins with a tag that says of what kind it is and
// whether it lives, so that a freed handle or one of another kind is an error and not a crash.
//
// A freed handle's content is destroyed at once; its memory, with the tag, waits in a queue until 256 more of
// its kind have been freed. Within that time a second free and every use are recognised without touching
// memory that is not ours.
#ifndef CSAT_CAPI_HANDLES_H_
#define CSAT_CAPI_HANDLES_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "csat_c/base.h"

namespace csat::capi {

// The tags spell the kind, so that a dump of memory can be read.
enum class HandleTag : std::uint64_t {
  kFreed = 0x6465657266736363,          // "ccsfreed"
  kError = 0x726f727265736363,          // "ccserror"
  kBuffer = 0x6566667562736363,         // "ccsbuffe"
  kDiagnostics = 0x6e67616964736363,    // "ccsdiagn"
  kPolicy = 0x63696c6f70736363,         // "ccspolic"
  kFailures = 0x756c696166736363,       // "ccsfailu"
  kPlan = 0x6e616c7070736363,           // "ccspplan"
  kRecord = 0x726f636572736363,         // "ccsrecor"
  kScore = 0x65726f6373736363,          // "ccsscore"
  kFigures = 0x7275676966736363,        // "ccsfigur"
  kLeastChanges = 0x7361656c73736363,   // "ccssleas"
  kSimulation = 0x6c756d6973736363,     // "ccssimul"
  kCleaning = 0x6e61656c63736363,       // "ccsclean"
  kIncident = 0x6469636e69736363,       // "ccsincid"
  kPublication = 0x696c627570736363,    // "ccspubli"
  kAggregates = 0x7267676173736363,     // "ccssaggr"
  kMeasurePlan = 0x727361656d736363,    // "ccsmeasr"
  kQuestionnaire = 0x7473657571736363,  // "ccsquest"
  kResponseCheck = 0x6370736572736363,  // "ccsrespc"
};

// "policy", "plan" ...; "" for what is no tag of a live handle.
std::string_view HandleName(HandleTag tag);

struct HandleHeader {
  std::atomic<HandleTag> tag;
};

// Memory of freed handles of one kind.
class Quarantine {
 public:
  static constexpr std::size_t kBlocks = 256;
  ~Quarantine() {
    for (std::atomic<void*>& block : blocks_) ::operator delete(block.exchange(nullptr));
  }
  void Push(void* block) noexcept {
    std::atomic<void*>& place = blocks_[next_.fetch_add(1, std::memory_order_relaxed) % kBlocks];
    ::operator delete(place.exchange(block, std::memory_order_acq_rel));
  }

 private:
  std::atomic<void*> blocks_[kBlocks] = {};
  std::atomic<std::size_t> next_{0};
};

template <typename Rep, HandleTag tag>
struct Handle {
  static constexpr HandleTag kTag = tag;

  HandleHeader header;
  Rep rep;

  template <typename... Args>
  explicit Handle(Args&&... args) : header{{tag}}, rep{std::forward<Args>(args)...} {}

  bool Lives() const { return header.tag.load(std::memory_order_relaxed) == tag; }
};

// The handle exists and is of its kind.
template <typename H>
bool Lives(const H* handle) {
  return handle != nullptr && handle->Lives();
}

// Makes a handle of type H from what its content is made of. Throws std::bad_alloc.
template <typename H, typename... Args>
H* MakeHandle(Args&&... args) {
  void* block = ::operator new(sizeof(H));
  try {
    return ::new (block) H(std::forward<Args>(args)...);
  } catch (...) {
    ::operator delete(block);
    throw;
  }
}

// Does nothing for NULL, a handle that was freed, or one of another kind.
template <typename H>
void FreeHandle(H* handle) noexcept {
  static Quarantine quarantine;
  if (handle == nullptr) return;
  HandleTag expected = H::kTag;
  if (!handle->header.tag.compare_exchange_strong(expected, HandleTag::kFreed)) return;
  using Rep = decltype(handle->rep);
  handle->rep.~Rep();
  quarantine.Push(handle);
}

// What is wrong with a handle that does not live: "plan is NULL", "plan was freed", "plan is a handle of
// another kind: policy".
absl::Status WrongHandle(const HandleHeader* header, std::string_view name);

template <typename H>
absl::Status CheckHandle(const H* handle, std::string_view name) {
  if (Lives(handle)) return absl::OkStatus();
  return WrongHandle(reinterpret_cast<const HandleHeader*>(handle), name);
}

}  // namespace csat::capi

#endif  // CSAT_CAPI_HANDLES_H_
