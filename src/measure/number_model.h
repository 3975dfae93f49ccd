// What the numbers of a group are expected to be, so that few bits say what they are.
#ifndef CSAT_SRC_MEASURE_NUMBER_MODEL_H_
#define CSAT_SRC_MEASURE_NUMBER_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"
#include "measure/number_bits.h"

namespace csat {

// A number of all groups: its total, and how far those of groups lie from their share of it.
// Of a group with r of all R rows the number is expected to be the nearest integer to total * r / R. What it is beyond
// that is about as wide as the square root of r times a spread that all groups have in common: its code is of order
// spread + half the bits of r.
class NumberModel {
 public:
  // `rows` is R, from 1 to 2^62.
  NumberModel(absl::int128 total, std::int64_t rows);

  // First every group is looked at, then the spread is settled, then every group is written; or the spread is set.
  void Look(absl::int128 value, std::int64_t group_rows);
  void Settle();
  bool SetSpread(absl::uint128 spread);  // As spread() gives it. false: beyond what there is.
  absl::uint128 spread() const { return static_cast<absl::uint128>(spread_ - kLeastSpread); }

  void Write(absl::int128 value, std::int64_t group_rows, NumberWriter* writer) const;
  // false: the bits end.
  bool Read(std::int64_t group_rows, NumberReader* reader, absl::int128* value) const;

 private:
  static constexpr int kFractionBits = 24, kLeastSpread = -1 - kFractionBits, kMostSpread = 127;
  absl::uint128 Expected(std::int64_t group_rows) const;
  absl::uint128 Beyond(absl::int128 value, std::int64_t group_rows) const;
  int Order(std::int64_t group_rows) const;

  absl::int128 whole_;  // total / R, rounded down.
  std::uint64_t rest_;  // total - whole * R
  std::uint64_t rows_;
  int spread_ = kLeastSpread;
  absl::uint128 looked_ = 0;  // The sum over groups of what is beyond, without the root of their rows.
  std::uint64_t groups_ = 0;
};

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_NUMBER_MODEL_H_
