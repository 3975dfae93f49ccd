#include "measure/product_kernels.h"

namespace csat {

void AddProductsBaseline(const ProductTask& t) {
  const auto lane = [&](int i, int j) -> std::int32_t& {
    return t.lanes[(i * (t.k + 1) + j) * kProductLanes];
  };
  for (int i = 0; i < t.k; ++i) {
    for (int row = 0; t.upper && row < t.rows; ++row) lane(i, t.k) += t.a[i][row];
    for (int j = t.upper ? i : 0; j < t.k; ++j) {
      const std::uint8_t *a = t.a[i], *b = t.b[j];
      std::int32_t sum = 0;
      for (int row = 0; row < t.rows; ++row) sum += static_cast<std::int32_t>(a[row]) * b[row];
      lane(i, j) += sum;
    }
  }
}

AddProducts FindAddProducts() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512vnni") != 0) {
    return AddProductsVnni;
  }
  if (__builtin_cpu_supports("avx2") != 0) return AddProductsAvx2;
#endif
  return AddProductsBaseline;
}

}  // namespace csat
