// The sums of products of columns of bytes over any number of tiles.
#ifndef CSAT_SRC_MEASURE_PRODUCT_SUMS_H_
#define CSAT_SRC_MEASURE_PRODUCT_SUMS_H_

#include <cstdint>
#include <vector>

#include "measure/next_tile.h"
#include "measure/product_kernels.h"

namespace csat {

// Sums for pairs of k columns, i <= j only (`upper`) or all of them, in 32 bits that pass into 64 before they are full.
class ProductSums {
 public:
  ProductSums(int k, bool upper);

  // The products of `rows` rows, a multiple of 64 up to kMostProductRows. Bytes are at most 127. `next`, unless it is nullptr, is asked for meanwhile.
  void Add(const std::uint8_t* const* a, const std::uint8_t* const* b, int rows, NextTile* next = nullptr);
  // Of all rows since the last call, valid until the next Add: [i * (k + 1) + j] is the sum of the products of a[i] and
  // b[j], and, of upper ones, [i * (k + 1) + k] the sum of a[i].
  const std::vector<std::int64_t>& Take();

 private:
  struct alignas(64) Lanes {
    std::int32_t of[kProductLanes];
  };
  void Widen();

  AddProducts kernel_;
  int k_, rows_ = 0;
  bool upper_, taken_ = false;
  std::vector<Lanes> lanes_;        // [i * (k + 1) + j]
  std::vector<std::int64_t> sums_;  // The same.
};

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_PRODUCT_SUMS_H_
