// Kleene's logic over rows side by side.
#ifndef CSAT_MODEL_TRUTHS_H_
#define CSAT_MODEL_TRUTHS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "csat/model/predicate.h"

namespace csat {

// Truths as bytes, the numbers of Truth: 0 false, 1 unknown, 2 true.
inline std::uint8_t TruthOf(bool holds) {
  return static_cast<std::uint8_t>(holds ? Truth::kTrue : Truth::kFalse);
}

// What an all, any, not or at_least makes of the truths of its parts, for each row. Of no part: all is true, any is
// false, and so is at_least unless its count is 0.
class TruthCombiner {
 public:
  // `truths` of `rows` rows are borrowed, and hold the outcome after Finish(). `count` is that of an at_least.
  TruthCombiner(Predicate::Kind kind, int count, std::size_t rows, std::uint8_t* truths);
  // The next part; of a not, the only one.
  void Add(const std::uint8_t* part);
  void Finish();

 private:
  const Predicate::Kind kind_;
  const int count_;
  const std::size_t rows_;
  std::uint8_t* const truths_;
  std::vector<std::int32_t> sure_, possible_;  // kAtLeast: parts that hold, and that may.
};

}  // namespace csat

#endif  // CSAT_MODEL_TRUTHS_H_
