// Sums of products for AVX2. See cmake/Flags.cmake.
#if defined(__AVX2__)
#include <immintrin.h>

#include <cstdint>

namespace csat {
namespace {

struct Lanes {
  static constexpr int kWidth = 32, kBlock = 3;
  using Bytes = __m256i;
  using Sum = __m256i;
  static Bytes Load(const std::uint8_t* at) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  }
  static Bytes Ones() { return _mm256_set1_epi8(1); }
  static Sum LoadSum(const std::int32_t* at) {
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(at));
  }
  static void StoreSum(std::int32_t* at, Sum sum) { _mm256_store_si256(reinterpret_cast<__m256i*>(at), sum); }
  // Two products of at most 127^2 fit 16 bits with their sign.
  static void AddProducts(Sum* sum, Bytes a, Bytes b) {
    *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), _mm256_set1_epi16(1)));
  }
};

}  // namespace
}  // namespace csat

#define CSAT_PRODUCT_KERNEL AddProductsAvx2
#include "measure/product_kernels.inc"
#endif
