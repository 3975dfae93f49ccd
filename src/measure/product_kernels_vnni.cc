// Sums of products for AVX-512 VNNI. See cmake/Flags.cmake.
#if defined(__AVX512VNNI__)
#include <immintrin.h>

#include <cstdint>

namespace csat {
namespace {

struct Lanes {
  static constexpr int kWidth = 64, kBlock = 5;
  using Bytes = __m512i;
  using Sum = __m512i;
  static Sum Zero() { return _mm512_setzero_si512(); }
  static Bytes Load(const std::uint8_t* at) { return _mm512_loadu_si512(at); }
  // Four products of at most 127^2 a lane; 2^16 rows stay far below 2^31.
  static Sum AddProducts(Sum sum, Bytes a, Bytes b) { return _mm512_dpbusd_epi32(sum, a, b); }
  static std::int64_t Total(Sum sum) { return _mm512_reduce_add_epi32(sum); }
};

}  // namespace
}  // namespace csat

#define CSAT_PRODUCT_KERNEL SumProductsVnni
#include "measure/product_kernels.inc"
#endif
