// Sums of products of columns of bytes.
#ifndef CSAT_SRC_MEASURE_PRODUCT_KERNELS_H_
#define CSAT_SRC_MEASURE_PRODUCT_KERNELS_H_

#include <cstdint>

namespace csat {

// out[i * k + j] += the sum over all rows of a[i][row] * b[j][row], for i <= j, or for all i and j. Bytes are at most
// 127; `rows` is a multiple of 64, at most 2^16.
struct ProductTask {
  const std::uint8_t* const* a;
  const std::uint8_t* const* b;
  int k;
  int rows;
  bool upper;  // i <= j only.
  std::int64_t* out;
};
using SumProducts = void (*)(const ProductTask& task);

// The best one for this machine; all give the same sums.
SumProducts FindSumProducts();
void SumProductsBaseline(const ProductTask& task);
void SumProductsAvx2(const ProductTask& task);
void SumProductsVnni(const ProductTask& task);

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_PRODUCT_KERNELS_H_
