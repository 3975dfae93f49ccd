// Numbers of things by their hashes: a hash table that stays whole where its growth finds no memory. (Abseil's are
// left broken by an allocator that throws.)
#ifndef CSAT_SRC_MEASURE_NUMBER_TABLE_H_
#define CSAT_SRC_MEASURE_NUMBER_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace csat {

// Numbers 0, 1, 2 ... below 2^32 - 1, each under the hash of its thing; the things are kept by the caller.
class NumberTable {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  std::size_t size() const { return size_; }

  // The number under this hash for which `same` holds; kNone: there is none.
  template <typename Same>
  std::uint32_t Find(std::uint64_t hash, Same same) const {
    if (size_ == 0) return kNone;
    const std::uint32_t mark = Mark(hash);
    for (std::size_t at = static_cast<std::uint32_t>(hash) & (slots_.size() - 1);;
         at = (at + 1) & (slots_.size() - 1)) {
      const Slot& slot = slots_[at];
      if (slot.number == kNone) return kNone;
      if (slot.mark == mark && same(slot.number)) return slot.number;
    }
  }

  // Room for `size` numbers. Throws std::bad_alloc: nothing has changed.
  void Reserve(std::size_t size) {
    if (2 * size <= slots_.size()) return;
    std::size_t wanted = slots_.empty() ? 16 : slots_.size();
    while (wanted < 2 * size) wanted *= 2;
    std::vector<Slot> slots(wanted);
    for (const Slot& slot : slots_) {
      if (slot.number != kNone) Put(slot, &slots);
    }
    slots_.swap(slots);
  }

  // A number that is not there yet. Only memory for growth can be missing; after Reserve() none is.
  void Add(std::uint64_t hash, std::uint32_t number) {
    Reserve(size_ + 1);
    Put({Mark(hash), static_cast<std::uint32_t>(hash), number}, &slots_);
    ++size_;
  }

 private:
  struct Slot {
    std::uint32_t mark = 0, place = 0;  // High and low half of the hash.
    std::uint32_t number = kNone;
  };
  static std::uint32_t Mark(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
  static void Put(const Slot& slot, std::vector<Slot>* slots) {
    std::size_t at = slot.place & (slots->size() - 1);
    while ((*slots)[at].number != kNone) at = (at + 1) & (slots->size() - 1);
    (*slots)[at] = slot;
  }

  std::vector<Slot> slots_;  // A power of two of them, at most half of them taken.
  std::size_t size_ = 0;
};

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_NUMBER_TABLE_H_
