// Counts of levels for AVX-512 VBMI. See cmake/Flags.cmake.
#if defined(__AVX512VBMI__)
#include <immintrin.h>

#include "measure/level_kernels.h"

namespace csat {
namespace {

// Bytes [column][row] of 16 columns become [row][column].
inline void Transpose(const __m128i in[16], __m128i out[16]) {
  __m128i a[16], b[16];
  const auto weave = [](const __m128i* from, __m128i* to) {
    for (int i = 0; i < 8; ++i) {
      to[2 * i] = _mm_unpacklo_epi8(from[i], from[i + 8]);
      to[2 * i + 1] = _mm_unpackhi_epi8(from[i], from[i + 8]);
    }
  };
  weave(in, a);
  weave(a, b);
  weave(b, a);
  weave(a, out);
}

// Rows [row, row + 16), `width` bytes each: 16, or 64 where there are more than 16 items.
void Gather(const LevelLanes& lanes, const std::uint8_t* const* codes, int row, int width,
            std::uint8_t* bytes) {
  for (int first = 0; first < lanes.items; first += 16) {
    __m128i in[16], out[16];
    for (int i = 0; i < 16; ++i) {
      in[i] = first + i < lanes.items
                  ? _mm_loadu_si128(reinterpret_cast<const __m128i*>(codes[first + i] + row))
                  : _mm_setzero_si128();
    }
    Transpose(in, out);
    for (int i = 0; i < 16; ++i) {
      _mm_store_si128(reinterpret_cast<__m128i*>(bytes + i * width + first), out[i]);
    }
  }
}

constexpr __mmask64 kRowCount = __mmask64{1} << 63;

}  // namespace

// The tiles behind `codes` reach to a multiple of 16 rows.
void CountLanesVbmi(const LevelLanes& lanes, const std::uint8_t* const* codes, const std::uint32_t* groups,
                    int rows, std::uint8_t* acc, void (*full)(void* self, std::uint32_t group), void* self) {
  const __m512i one = _mm512_set1_epi8(1);
  const int width = lanes.items <= 16 ? 16 : 64;
  alignas(64) std::uint8_t bytes[16 * 64];
  const __m512i from0 = _mm512_loadu_si512(lanes.from), level0 = _mm512_loadu_si512(lanes.level);
  for (int row = 0; row < rows; row += 16) {
    Gather(lanes, codes, row, width, bytes);
    const int end = rows - row < 16 ? rows - row : 16;
    for (int i = 0; i < end; ++i) {
      const __m512i own =
          width == 16
              ? _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(bytes + i * 16)))
              : _mm512_load_si512(bytes + i * 64);
      std::uint8_t* at =
          acc + static_cast<std::size_t>(groups[row + i]) * static_cast<std::size_t>(lanes.vectors) * 64;
      __m512i sum = _mm512_load_si512(at);
      const __mmask64 hits = _mm512_cmpeq_epi8_mask(_mm512_permutexvar_epi8(from0, own), level0) | kRowCount;
      sum = _mm512_mask_add_epi8(sum, hits, sum, one);
      _mm512_store_si512(at, sum);
      for (int v = 1; v < lanes.vectors; ++v) {
        const __m512i from = _mm512_loadu_si512(lanes.from + v * 64),
                      level = _mm512_loadu_si512(lanes.level + v * 64);
        __m512i more = _mm512_load_si512(at + v * 64);
        const __mmask64 mask = _mm512_cmpeq_epi8_mask(_mm512_permutexvar_epi8(from, own), level);
        more = _mm512_mask_add_epi8(more, mask, more, one);
        _mm512_store_si512(at + v * 64, more);
      }
      if (__builtin_expect(at[63] == 255, 0)) full(self, groups[row + i]);
    }
  }
}

}  // namespace csat
#endif
