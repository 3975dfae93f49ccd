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
  static Bytes Load(const std::uint8_t* at) { return _mm512_loadu_si512(at); }
  static Bytes Ones() { return _mm512_set1_epi8(1); }
  static Sum LoadSum(const std::int32_t* at) { return _mm512_load_si512(at); }
  static void StoreSum(std::int32_t* at, Sum sum) { _mm512_store_si512(at, sum); }
  // Four products a lane. Not the intrinsic: GCC 12 copies its sum to and fro.
  static void AddProducts(Sum* sum, Bytes a, Bytes b) {
    __asm__("vpdpbusd %2, %1, %0" : "+v"(*sum) : "v"(a), "v"(b));
  }
};

}  // namespace
}  // namespace csat

#define CSAT_PRODUCT_KERNEL AddProductsVnni
#include "measure/product_kernels.inc"
#endif
