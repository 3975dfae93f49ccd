#include "measure/number_model.h"

#include <algorithm>

namespace csat {
namespace {

// Wider ones count as this wide: the sum over 2^31 groups stays within its bits.
constexpr int kWidestBits = 70;

// Half the bits of a number of rows.
int RootBits(std::int64_t rows) { return (64 - __builtin_clzll(static_cast<std::uint64_t>(rows))) / 2; }

}  // namespace

NumberModel::NumberModel(absl::int128 total, std::int64_t rows)
    : whole_(total / rows), rest_(0), rows_(static_cast<std::uint64_t>(rows)) {
  absl::int128 rest = total % rows;
  if (rest < 0) {
    rest += rows;
    whole_ -= 1;
  }
  rest_ = static_cast<std::uint64_t>(rest);
}

absl::uint128 NumberModel::Expected(std::int64_t group_rows) const {
  const auto own = static_cast<std::uint64_t>(group_rows);
  std::uint64_t doubled = 0;
  absl::uint128 share;
  if (!__builtin_mul_overflow(2 * rest_, own, &doubled) &&
      !__builtin_add_overflow(doubled, rows_, &doubled)) {
    share = doubled / (2 * rows_);
  } else {
    share = (absl::uint128(2 * rest_) * own + rows_) / (2 * rows_);
  }
  return static_cast<absl::uint128>(whole_) * own + share;
}

absl::uint128 NumberModel::Beyond(absl::int128 value, std::int64_t group_rows) const {
  return FoldSign(static_cast<absl::int128>(static_cast<absl::uint128>(value) - Expected(group_rows)));
}

int NumberModel::Order(std::int64_t group_rows) const {
  return std::clamp(spread_ + RootBits(group_rows), 0, kMostSpread);
}

void NumberModel::Look(absl::int128 value, std::int64_t group_rows) {
  const absl::uint128 beyond = std::min(Beyond(value, group_rows), absl::uint128(1) << kWidestBits);
  looked_ += beyond << kFractionBits >> RootBits(group_rows);
  ++groups_;
}

// Codes of an order of about log2(1.25 of the mean) are the shortest where deviations are normal.
void NumberModel::Settle() {
  absl::uint128 wide = groups_ == 0 ? 0 : looked_ / groups_ * 7 / 4;
  for (spread_ = kLeastSpread; wide != 0; wide >>= 1) ++spread_;
}

bool NumberModel::SetSpread(absl::uint128 spread) {
  if (spread > static_cast<absl::uint128>(kMostSpread - kLeastSpread)) return false;
  spread_ = static_cast<int>(spread) + kLeastSpread;
  return true;
}

void NumberModel::Write(absl::int128 value, std::int64_t group_rows, NumberWriter* writer) const {
  writer->Put(Beyond(value, group_rows), Order(group_rows));
}

bool NumberModel::Read(std::int64_t group_rows, NumberReader* reader, absl::int128* value) const {
  absl::uint128 beyond = 0;
  if (!reader->Get(Order(group_rows), &beyond)) return false;
  *value = static_cast<absl::int128>(UnfoldSign(beyond) + Expected(group_rows));
  return true;
}

}  // namespace csat
