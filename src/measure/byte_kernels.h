// Columns of bytes on their way to levels, counts of levels of one column, and codes of groups.
#ifndef CSAT_SRC_MEASURE_BYTE_KERNELS_H_
#define CSAT_SRC_MEASURE_BYTE_KERNELS_H_

#include <cstdint>

namespace csat {

// Plain data: the kernels are compiled for several instruction sets and must not share inline code.
struct ByteTask {
  const std::uint8_t* values;
  std::int32_t rows;
  std::uint8_t low;              // The value of level 0.
  std::uint8_t levels;           // 1 to 250.
  std::uint8_t missing;          // A value that is no answer; `low` where there is none.
  const std::uint8_t* validity;  // nullptr: every row has a value. Bit `first` is that of row 0.
  std::int64_t first;
  std::uint8_t* out;  // Levels, kNoAnswer, kBadValue.
};

// Another key column of integers of `width` bytes: codes[row] = codes[row] * bound + value + shift.
struct CodeTask {
  const void* values;
  std::int32_t rows;
  std::int32_t width;  // 1, 2, 4.
  bool has_sign;
  std::uint32_t bound, shift;
  std::uint32_t* codes;
};

struct ByteKernels {
  // Bit 0: some are kBadValue; bit 1: some are kNoAnswer.
  int (*read)(const ByteTask& task);
  // The same bits for levels that were read in another way.
  int (*look)(const std::uint8_t* codes, std::int32_t rows);
  // counts[level] += rows with that level, for a multiple of 64 rows.
  void (*count)(const std::uint8_t* codes, std::int32_t rows, std::int32_t levels, std::uint32_t* counts);
  // out[row] = 1 where all of `items` columns have an answer, 0 elsewhere.
  void (*complete)(const std::uint8_t* const* codes, std::int32_t items, std::int32_t rows,
                   std::uint8_t* out);
  void (*code)(const CodeTask& task);
};

// The best ones for this machine; all give the same bytes.
const ByteKernels& FindByteKernels();
extern const ByteKernels kByteKernelsBaseline, kByteKernelsAvx2, kByteKernelsAvx512;

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_BYTE_KERNELS_H_
