// Tile programs: a compiled card as a straight list of operations on tiles, each a column of up to kTileRows rows.
//
// Every number of the exact computation is an integer below 2^50 in magnitude, held in an IEEE double. Sums and
// products of such integers are exact, and a quotient rounded to an integer is exact, too (tile_rounding.h), so one
// source makes vector code for every instruction set, with the same bits on each. What this arithmetic does not
// cover, whether a whole card or one row with a missing or refused figure, is left to the engine for single
// records, the one source of truth for semantics and errors.
//
// Plain data: the kernels are compiled for several instruction sets and must not share inline code.
#ifndef CSAT_SRC_SCORING_TILE_PROGRAM_H_
#define CSAT_SRC_SCORING_TILE_PROGRAM_H_

#include <cstdint>

namespace csat {

// Doubles between the beginnings of two tiles: kTileRows and a little, so that they do not fall on the same sets of
// the cache.
inline constexpr int kTileStride = 1040;

// a, b, c, d: tiles; k0...: constants; "flags": the row is left to the engine.
enum class TileOp : std::uint8_t {
  kLoad,       // out = column source in units of 1 / unit; flags nulls, values outside [low, high] and, with
               // kWhole, values that are not whole (out counts wholes then)
  kLoadLine,   // kLoad of a column of doubles or int32 (unit, low, high), then kLine of its result
  kLoadCodes,  // out (as int32) = the dictionary index or the number of the word; flags nulls
  kLookUp,     // out = table[code a]; flags NaN entries
  kFlagEqual,  // flags a == k0
  kFlagOutside,  // flags unless k0 <= a <= k1
  kLine,  // out = round((clamp(a, k0, k1) * k2 + k3) / D) with k4 = 1 / D and k5 the snap; + b with kAdd,
          // after multiplying by k6
  kAddScaled,   // out = a * k0 + b
  kAddProduct,  // out = a * b + c
  kProduct,     // out = a * b
  kDivide,      // out = round(a / b)
  kCompare,     // out = a >= k0 (or a == k0 with kEqual; the opposite with kNegate) ? 1 : 0
  kNot,         // out = 1 - a
  kMinimum,     // out = min(a, b); of truths: and
  kMaximum,     // out = max(a, b); of truths: or
  kAtMost,      // out = min(a, k0)
  kHold,        // out = c != 0 ? min(a, k0) : a (c == 0 with kNegate)
  kReplace,     // out = c != 0 ? k0 : a
  kFrom,        // out = a >= k0 ? b : c
  kFromConst,   // out = a >= k0 ? k1 : c
  kSteps,       // out = a > k0 ? k1 : k2 - k3 * max(a, 0)
  kPick,        // out = table[a], a small integer; `out` is not `a`
  kSet,         // out = k0
  kNote,        // out = a != 0 (or no a: never) ? a : c != 0 ? k0 : 0
  kNoteFrom,    // the same with c >= k1 (or c == k1 with kEqual; the opposite with kNegate) for c != 0
  kBinding,     // out = c != 0 and b > k1 ? k0 : 0
  kBands,       // out = the last of the table's pairs (from, grade) with a >= from, the first grade otherwise
  kBand,        // out = a >= k0 and (no c, or c != 0) ? k1 : b
  kBandFailed,  // out = a >= k0 ? (no c, or c != 0 ? 0 : k1) : b (no b: 0)
  kFirst,       // out = a != 0 ? a : b
  kRank,  // out, b: points lost and whose, of a rank; c, d: of the rank before (none: the first). Puts a, of
          // indicator k0, in its place
  kStorePoints,  // column source = a millionths
  kStoreInt8,    // column source = a
  kStoreTruth,   // column source (int8) = a != 0 ? 1 : 0
  kStoreInt16,   // column source = a
  kStoreRank,    // columns source, source + 1 = a, b; null where a < 0
};

// Bits of TileInstruction::mode.
enum TileMode : std::uint8_t {
  kWhole = 1,
  kClamp = 2,
  kRound = 4,  // Multiply by 1 / D and round; without it D is 1.
  kSnap = 8,   // Ties are possible: snap to the grid first.
  kAdd = 16,
  kEqual = 32,
  kNegate = 64,
};

inline constexpr std::uint16_t kNoTile = 0xFFFF;

struct TileInstruction {
  TileOp op;
  std::uint8_t mode;
  std::uint16_t out, a, b, c, d;
  std::int32_t source;
  double k0, k1, k2, k3, k4, k5, k6;
  double unit, low, high;  // Loads.
  const double* table;     // At least kLeastTable entries; those beyond table_size are 0.
  std::int32_t table_size;
};

inline constexpr int kLeastTable = 8;

// A word that a plan knows.
struct TileWord {
  const char* text;
  std::int64_t size;
};

// A column as the kernels see it (arrow/import.h: Column).
struct TileSource {
  std::uint8_t type;        // ColumnType.
  std::uint8_t index_type;  // ColumnType, dictionaries.
  std::int32_t width;       // Bytes of a value in `values`; 0: they are not of one width.
  std::int64_t offset;
  const std::uint8_t* validity;
  const void* values;
  const void* offsets;
  const void* const* variadic;
  // kDecimal128: ticks = value * multiply / divide_by, the latter only if that is whole.
  std::int64_t multiply, divide_by;
  // Codes of a dictionary lie below `codes`; texts have the number of their word, or `codes` - 1.
  std::int32_t codes;
  const TileWord* words;
};

struct TileOutput {
  void* values;
  std::uint8_t* validity;
};

struct TileRun {
  const TileInstruction* code;
  std::int32_t instructions;
  const TileSource* sources;
  std::int32_t source_count;
  std::int64_t bytes_a_row;  // Widths of all sources.
  const TileOutput* outputs;
  bool decimal;
  double* tiles;        // Scratch of the thread: kTileStride doubles for each tile, none of them NaN by luck.
  std::uint8_t* flags;  // kTileRows bytes, 0 on entry; 1: the row is left to the engine.
  std::int64_t row;     // First row.
  std::int32_t rows;    // 1 to kTileRows.
};

// Runs the program over rows [row, row + rows). true: some row is flagged. What is stored for flagged rows means
// nothing.
using TileKernel = bool (*)(const TileRun& run);
bool RunTileBaseline(const TileRun& run);
bool RunTileAvx2(const TileRun& run);
bool RunTileAvx512(const TileRun& run);

}  // namespace csat

#endif  // CSAT_SRC_SCORING_TILE_PROGRAM_H_
