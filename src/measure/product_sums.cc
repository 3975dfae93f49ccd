#include "measure/product_sums.h"

#include <algorithm>

namespace csat {

ProductSums::ProductSums(int k, bool upper)
    : kernel_(FindAddProducts()),
      k_(k),
      upper_(upper),
      lanes_(static_cast<std::size_t>(k) * static_cast<std::size_t>(k + 1)),
      sums_(lanes_.size()) {}

void ProductSums::Add(const std::uint8_t* const* a, const std::uint8_t* const* b, int rows, NextTile* next) {
  if (taken_) std::fill(sums_.begin(), sums_.end(), 0);
  taken_ = false;
  if (rows > kMostProductRows - rows_) Widen();
  const auto ask = [](void* self) { static_cast<NextTile*>(self)->Ask(); };
  kernel_({a, b, k_, rows, upper_, lanes_.data()->of, next == nullptr ? nullptr : +ask, next});
  rows_ += rows;
}

const std::vector<std::int64_t>& ProductSums::Take() {
  Widen();
  taken_ = true;
  return sums_;
}

void ProductSums::Widen() {
  for (std::size_t i = 0; rows_ > 0 && i < lanes_.size(); ++i) {
    std::int64_t sum = 0;
    for (std::int32_t& lane : lanes_[i].of) {
      sum += lane;
      lane = 0;
    }
    sums_[i] += sum;
  }
  rows_ = 0;
}

}  // namespace csat
