// Random numbers that are the same on every machine: the n-th number of a seed is a hash of seed and n.
#ifndef CSAT_SCORING_RANDOM_H_
#define CSAT_SCORING_RANDOM_H_

#include <cstdint>
#include <vector>

namespace csat {

class Random {
 public:
  explicit Random(std::uint64_t seed) : key_(Mix(seed + 0x9E3779B97F4A7C15u)) {}

  // SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014) at position n.
  std::uint64_t Next() { return Mix(key_ + 0x9E3779B97F4A7C15u * ++position_); }
  // In [0, limit).
  int Below(int limit) { return static_cast<int>(Next() % static_cast<std::uint64_t>(limit)); }
  // In [low, high].
  std::int64_t Between(std::int64_t low, std::int64_t high) {
    const std::uint64_t span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
    return low + static_cast<std::int64_t>(Next() % span);
  }
  bool Chance(int percent) { return Below(100) < percent; }
  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[static_cast<std::size_t>(Below(static_cast<int>(from.size())))];
  }
  template <typename T>
  T Pick(std::initializer_list<T> from) {
    return from.begin()[Below(static_cast<int>(from.size()))];
  }

 private:
  static std::uint64_t Mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  std::uint64_t key_, position_ = 0;
};

}  // namespace csat

#endif  // CSAT_SCORING_RANDOM_H_
