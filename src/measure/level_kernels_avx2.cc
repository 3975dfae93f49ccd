// Counts of levels for AVX2. See cmake/Flags.cmake.
#if defined(__AVX2__)
#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace csat {
namespace {

struct Wide {
  using Vector = __m256i;
  static constexpr int kRows = 32;
  static Vector Load(const std::uint8_t* at) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  }
  static Vector Zero() { return _mm256_setzero_si256(); }
  static Vector WeaveLow(Vector a, Vector b) { return _mm256_unpacklo_epi8(a, b); }
  static Vector WeaveHigh(Vector a, Vector b) { return _mm256_unpackhi_epi8(a, b); }
  static void Store(Vector rows, std::uint8_t* at, int stride) {
    _mm_store_si128(reinterpret_cast<__m128i*>(at), _mm256_castsi256_si128(rows));
    _mm_store_si128(reinterpret_cast<__m128i*>(at + stride), _mm256_extracti128_si256(rows, 1));
  }
};

}  // namespace
}  // namespace csat

#include "measure/level_rows.inc"

namespace csat {
namespace {

// Adds a row to 32 lanes. A shuffle stays within 16 bytes, which hold the whole row.
inline void AddRow(__m256i row, __m256i from, __m256i level, std::uint8_t* lanes) {
  auto* at = reinterpret_cast<__m256i*>(lanes);
  // A hit is -1.
  const __m256i hits = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(row, from), level);
  _mm256_store_si256(at, _mm256_sub_epi8(_mm256_load_si256(at), hits));
}

template <bool kOneVector>
void CountRows(const LevelTask& t) {
  alignas(32) std::uint8_t bytes[Wide::kRows * 16];
  // Lane 63 counts every row: a place beyond the row reads as 0.
  alignas(32) std::uint8_t from_of[64], level_of[64];
  std::memcpy(from_of, t.lanes.from, 64);
  std::memcpy(level_of, t.lanes.level, 64);
  from_of[63] = 0x80;
  level_of[63] = 0;
  const __m256i from0 = Wide::Load(from_of), from1 = Wide::Load(from_of + 32), level0 = Wide::Load(level_of),
                level1 = Wide::Load(level_of + 32);
  const std::size_t stride = (kOneVector ? 1 : static_cast<std::size_t>(t.lanes.vectors)) * 64;
  for (int row = 0; row < t.rows; row += Wide::kRows) {
    Gather(t, row, 16, bytes);
    t.meanwhile(t.self);
    const int end = t.rows - row < Wide::kRows ? t.rows - row : Wide::kRows;
    for (int i = 0; i < end; ++i) {
      const __m256i own =
          _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(bytes + i * 16)));
      const std::uint32_t group = t.groups[row + i];
      std::uint8_t* at = t.acc + group * stride;
      AddRow(own, from0, level0, at);
      AddRow(own, from1, level1, at + 32);
      for (std::size_t lane = 64; !kOneVector && lane < stride; lane += 32)
        AddRow(own, Wide::Load(t.lanes.from + lane), Wide::Load(t.lanes.level + lane), at + lane);
      if (__builtin_expect(at[63] == 255, 0)) t.full(t.self, group);
    }
  }
}

}  // namespace

void CountLanesAvx2(const LevelTask& task) {
  if (task.lanes.vectors > 1) return CountRows<false>(task);
  CountRows<true>(task);
}

}  // namespace csat
#endif
