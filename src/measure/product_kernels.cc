#include "measure/product_kernels.h"

namespace csat {

void SumProductsBaseline(const ProductTask& t) {
  for (int i = 0; i < t.k; ++i) {
    for (int j = t.upper ? i : 0; j < t.k; ++j) {
      const std::uint8_t *a = t.a[i], *b = t.b[j];
      std::int32_t sum = 0;
      for (int row = 0; row < t.rows; ++row) sum += static_cast<std::int32_t>(a[row]) * b[row];
      t.out[i * t.k + j] += sum;
    }
  }
}

SumProducts FindSumProducts() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512vnni") != 0) {
    return SumProductsVnni;
  }
  if (__builtin_cpu_supports("avx2") != 0) return SumProductsAvx2;
#endif
  return SumProductsBaseline;
}

}  // namespace csat
