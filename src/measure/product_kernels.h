// Sums of products of columns of bytes.
#ifndef CSAT_SRC_MEASURE_PRODUCT_KERNELS_H_
#define CSAT_SRC_MEASURE_PRODUCT_KERNELS_H_

#include <cstdint>

namespace csat {

// Plain data: the kernels are compiled for several instruction sets and must not share inline code.
// The lanes of (i, j) together grow by the sum over all rows of a[i][row] * b[j][row], for i <= j, or for all i and j;
// in the first case those of (i, k) by that of a[i][row]. Bytes are at most 127; `rows` is a multiple of 64; lanes that
// start from 0 hold kMostProductRows.
struct ProductTask {
  const std::uint8_t* const* a;
  const std::uint8_t* const* b;
  int k;
  int rows;
  bool upper;           // i <= j only, and sums.
  std::int32_t* lanes;  // [(i * (k + 1) + j) * kProductLanes + lane], on a border of 64 bytes.
  // Called now and then, unless it is nullptr.
  void (*meanwhile)(void* self);
  void* self;
};
inline constexpr int kProductLanes = 16;
inline constexpr int kMostProductRows = 1 << 16;  // 127^2 * 2^16 < 2^31
using AddProducts = void (*)(const ProductTask& task);

// The best one for this machine; all give the same sums.
AddProducts FindAddProducts();
void AddProductsBaseline(const ProductTask& task);
void AddProductsAvx2(const ProductTask& task);
void AddProductsVnni(const ProductTask& task);

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_PRODUCT_KERNELS_H_
