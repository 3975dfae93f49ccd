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
  static Sum Zero() { return _mm256_setzero_si256(); }
  static Bytes Load(const std::uint8_t* at) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  }
  // Two products of at most 127^2 fit 16 bits with their sign.
  static Sum AddProducts(Sum sum, Bytes a, Bytes b) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), _mm256_set1_epi16(1)));
  }
  static std::int64_t Total(Sum sum) {
    const __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    const __m128i quarter = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
    return _mm_cvtsi128_si32(_mm_add_epi32(quarter, _mm_shuffle_epi32(quarter, 0xB1)));
  }
};

}  // namespace
}  // namespace csat

#define CSAT_PRODUCT_KERNEL SumProductsAvx2
#include "measure/product_kernels.inc"
#endif
