// Counts of levels for AVX-512 VBMI. See cmake/Flags.cmake.
#if defined(__AVX512VBMI__)
#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace csat {
namespace {

struct Wide {
  using Vector = __m512i;
  static constexpr int kRows = 64;
  static Vector Load(const std::uint8_t* at) { return _mm512_loadu_si512(at); }
  static Vector Zero() { return _mm512_setzero_si512(); }
  static Vector WeaveLow(Vector a, Vector b) { return _mm512_unpacklo_epi8(a, b); }
  static Vector WeaveHigh(Vector a, Vector b) { return _mm512_unpackhi_epi8(a, b); }
  static void Store(Vector rows, std::uint8_t* at, int stride) {
    _mm_store_si128(reinterpret_cast<__m128i*>(at), _mm512_castsi512_si128(rows));
    _mm_store_si128(reinterpret_cast<__m128i*>(at + stride), _mm512_extracti32x4_epi32(rows, 1));
    _mm_store_si128(reinterpret_cast<__m128i*>(at + 2 * stride), _mm512_extracti32x4_epi32(rows, 2));
    _mm_store_si128(reinterpret_cast<__m128i*>(at + 3 * stride), _mm512_extracti32x4_epi32(rows, 3));
  }
};

}  // namespace
}  // namespace csat

#include "measure/level_rows.inc"

namespace csat {
namespace {

constexpr __mmask64 kRowCount = __mmask64{1} << 63;

// kWidth: bytes of a row.
template <int kWidth, bool kOneVector>
void CountRows(const LevelTask& t) {
  const LevelLanes& lanes = t.lanes;
  const __m512i one = _mm512_set1_epi8(1);
  alignas(64) std::uint8_t bytes[Wide::kRows * kWidth];
  const __m512i from0 = _mm512_loadu_si512(lanes.from), level0 = _mm512_loadu_si512(lanes.level);
  const std::size_t stride = (kOneVector ? 1 : static_cast<std::size_t>(lanes.vectors)) * 64;
  for (int row = 0; row < t.rows; row += Wide::kRows) {
    Gather(t, row, kWidth, bytes);
    t.meanwhile(t.self);
    const int end = t.rows - row < Wide::kRows ? t.rows - row : Wide::kRows;
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
