// Numbers as bits, the first bit of a byte being its highest.
#ifndef CSAT_SRC_MEASURE_NUMBER_BITS_H_
#define CSAT_SRC_MEASURE_NUMBER_BITS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/numeric/int128.h"

namespace csat {

// Exponential Golomb codes of an order from 0 to 127 (J. Teuhola, A compression method for clustered bit-vectors,
// Information Processing Letters 7, 1978): 2^order numbers have order + 1 bits, the next 2^(order + 1) two more, and so
// on. Each number of at most 127 bits has one code.
class NumberWriter {
 public:
  void Put(absl::uint128 number, int order);
  void PutBit(bool bit) { PutBits(bit ? 1 : 0, 1); }
  // What was put, filled up with bits of 0 to a whole byte.
  std::string Finish();

 private:
  void PutBits(std::uint64_t bits, int count);

  std::string bytes_;
  std::uint64_t held_ = 0;  // The lowest count_ bits, fewer than 8.
  int count_ = 0;
};

class NumberReader {
 public:
  explicit NumberReader(std::string_view bytes) : bytes_(bytes) {}
  // false: the bits end, or are no code.
  bool Get(int order, absl::uint128* number);
  bool GetBit(bool* bit);
  // What is left is what Finish() fills up with.
  bool AtEnd();

 private:
  void Fill();
  bool GetBits(int count, std::uint64_t* bits);

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::uint64_t held_ = 0;  // The highest count_ bits; the others are 0.
  int count_ = 0;
};

// 0, -1, 1, -2, ... as 0, 1, 2, 3, ...
inline absl::uint128 FoldSign(absl::int128 value) {
  const absl::uint128 bits = static_cast<absl::uint128>(value);
  return bits << 1 ^ (value < 0 ? ~absl::uint128(0) : absl::uint128(0));
}
inline absl::uint128 UnfoldSign(absl::uint128 folded) {
  return folded >> 1 ^ ((folded & 1) != 0 ? ~absl::uint128(0) : absl::uint128(0));
}

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_NUMBER_BITS_H_
