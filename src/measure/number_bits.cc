#include "measure/number_bits.h"

namespace csat {
namespace {

// Of a number above 0.
int BitLength(absl::uint128 number) {
  const std::uint64_t high = absl::Uint128High64(number);
  return high != 0 ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll(absl::Uint128Low64(number));
}

}  // namespace

void NumberWriter::PutBits(std::uint64_t bits, int count) {
  for (; count > 32; count -= 32) PutBits(bits >> (count - 32) & 0xFFFFFFFF, 32);
  held_ = held_ << count | (bits & ((std::uint64_t{1} << count) - 1));
  count_ += count;
  for (; count_ >= 8; count_ -= 8) bytes_.push_back(static_cast<char>(held_ >> (count_ - 8)));
}

void NumberWriter::Put(absl::uint128 number, int order) {
  const absl::uint128 above = (number >> order) + 1;
  const int length = BitLength(above);
  const auto put = [&](absl::uint128 bits, int count) {
    if (count > 64) PutBits(absl::Uint128High64(bits), count - 64);
    PutBits(absl::Uint128Low64(bits), count < 64 ? count : 64);
  };
  put(0, length - 1);
  put(above, length);
  put(number, order);
}

std::string NumberWriter::Finish() {
  if (count_ > 0) PutBits(0, 8 - count_);
  return std::exchange(bytes_, std::string());
}

void NumberReader::Fill() {
  for (; count_ <= 56 && at_ < bytes_.size(); count_ += 8)
    held_ |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes_[at_++])) << (56 - count_);
}

bool NumberReader::GetBits(int count, std::uint64_t* bits) {
  *bits = 0;
  while (count > 0) {
    Fill();
    const int taken = count < 32 ? count : 32;
    if (count_ < taken) return false;
    *bits = *bits << taken | held_ >> (64 - taken);
    held_ <<= taken;
    count_ -= taken;
    count -= taken;
  }
  return true;
}

bool NumberReader::GetBit(bool* bit) {
  std::uint64_t bits = 0;
  const bool there = GetBits(1, &bits);
  *bit = bits != 0;
  return there;
}

bool NumberReader::Get(int order, absl::uint128* number) {
  int zeros = 0;
  for (Fill(); held_ == 0; Fill()) {
    if (count_ == 0 || zeros > 127) return false;
    zeros += count_;
    count_ = 0;
  }
  const int more = __builtin_clzll(held_);
  zeros += more;
  held_ <<= more;
  count_ -= more;
  if (zeros + order > 127) return false;
  const auto get = [&](int count, absl::uint128* bits) {
    std::uint64_t high = 0, low = 0;
    if (count > 64 && !GetBits(count - 64, &high)) return false;
    if (!GetBits(count < 64 ? count : 64, &low)) return false;
    *bits = absl::MakeUint128(high, low);
    return true;
  };
  absl::uint128 above = 0, below = 0;
  if (!get(zeros + 1, &above) || !get(order, &below)) return false;
  *number = (above - 1) << order | below;
  return true;
}

bool NumberReader::AtEnd() {
  Fill();
  return at_ == bytes_.size() && count_ < 8 && held_ == 0;
}

}  // namespace csat
