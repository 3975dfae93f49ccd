// Counts of levels for AVX-512 VBMI. See cmake/Flags.cmake.
#if defined(__AVX512VBMI__)
#include <immintrin.h>

#include "measure/level_kernels.h"

namespace csat {
namespace {

// Bytes [column][row] of 16 columns become [row][column], in each 16 rows.
inline void Transpose(const __m512i in[16], __m512i out[16]) {
  __m512i a[16], b[16];
  const auto weave = [](const __m512i* from, __m512i* to) {
    for (int i = 0; i < 8; ++i) {
      to[2 * i] = _mm512_unpacklo_epi8(from[i], from[i + 8]);
      to[2 * i + 1] = _mm512_unpackhi_epi8(from[i], from[i + 8]);
    }
  };
  weave(in, a);
  weave(a, b);
  weave(b, a);
  weave(a, out);
}

// Rows [row, row + 64), `width` bytes each: 16, or 64 where there are more than 16 items.
void Gather(const LevelLanes& lanes, const std::uint8_t* const* codes, int row, int width,
            std::uint8_t* bytes) {
  for (int first = 0; first < lanes.items; first += 16) {
    __m512i in[16], out[16];
    for (int i = 0; i < 16; ++i)
      in[i] = first + i < lanes.items ? _mm512_loadu_si512(codes[first + i] + row) : _mm512_setzero_si512();
    Transpose(in, out);
    // Each lane of 128 bits has been transposed on its own.
    for (int i = 0; i < 16; ++i) {
      std::uint8_t* at = bytes + i * width + first;
      _mm_store_si128(reinterpret_cast<__m128i*>(at), _mm512_castsi512_si128(out[i]));
      _mm_store_si128(reinterpret_cast<__m128i*>(at + 16 * width), _mm512_extracti32x4_epi32(out[i], 1));
      _mm_store_si128(reinterpret_cast<__m128i*>(at + 32 * width), _mm512_extracti32x4_epi32(out[i], 2));
      _mm_store_si128(reinterpret_cast<__m128i*>(at + 48 * width), _mm512_extracti32x4_epi32(out[i], 3));
    }
  }
}

constexpr __mmask64 kRowCount = __mmask64{1} << 63;

// kWidth: bytes of a row.
template <int kWidth, bool kOneVector>
void CountRows(const LevelTask& t) {
  const LevelLanes& lanes = t.lanes;
  const __m512i one = _mm512_set1_epi8(1);
  alignas(64) std::uint8_t bytes[64 * kWidth];
  const __m512i from0 = _mm512_loadu_si512(lanes.from), level0 = _mm512_loadu_si512(lanes.level);
  const std::size_t stride = (kOneVector ? 1 : static_cast<std::size_t>(lanes.vectors)) * 64;
  for (int row = 0; row < t.rows; row += 64) {
    Gather(lanes, t.codes, row, kWidth, bytes);
    t.meanwhile(t.self);
    const int end = t.rows - row < 64 ? t.rows - row : 64;
    for (int i = 0; i < end; ++i) {
      const std::uint8_t* from_bytes = bytes + i * kWidth;
      const __m512i own =
          kWidth == 16 ? _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(from_bytes)))
                       : _mm512_load_si512(from_bytes);
      const std::uint32_t group = t.groups[row + i];
      std::uint8_t* at = t.acc + group * stride;
      const auto add = [&](const __m512i& from, const __m512i& level, __mmask64 always, std::uint8_t* to) {
        const __m512i sum = _mm512_load_si512(to);
        const __mmask64 hits = _mm512_cmpeq_epi8_mask(_mm512_permutexvar_epi8(from, own), level) | always;
        _mm512_store_si512(to, _mm512_mask_add_epi8(sum, hits, sum, one));
      };
      add(from0, level0, kRowCount, at);
      for (int v = 1; !kOneVector && v < lanes.vectors; ++v)
        add(_mm512_loadu_si512(lanes.from + v * 64), _mm512_loadu_si512(lanes.level + v * 64), 0,
            at + v * 64);
      if (__builtin_expect(at[63] == 255, 0)) t.full(t.self, group);
    }
  }
}

}  // namespace

void CountLanesVbmi(const LevelTask& task) {
  if (task.lanes.items > 16) return CountRows<64, false>(task);
  if (task.lanes.vectors > 1) return CountRows<16, false>(task);
  CountRows<16, true>(task);
}

}  // namespace csat
#endif
