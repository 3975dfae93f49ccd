// Counts of levels by group, for each row of a tile and each item.
#ifndef CSAT_SRC_MEASURE_LEVEL_KERNELS_H_
#define CSAT_SRC_MEASURE_LEVEL_KERNELS_H_

#include <cstdint>

namespace csat {

// Plain data: the kernels are compiled for several instruction sets and must not share inline code.
// By row: the bytes of up to 64 items lie side by side. A lane counts the rows whose byte `from` is `level`; lane 63 of
// the first vector counts all rows.
struct LevelLanes {
  int items;                  // 1 to 64.
  int vectors;                // Of 64 lanes.
  const std::uint8_t* from;   // [vectors * 64]
  const std::uint8_t* level;  // [vectors * 64]; a lane without use has a level that no item has.
};

// Adds rows to the lanes of their groups, acc[(group * vectors + v) * 64 + lane]. `full` is called with a group whose
// row count has come to 255 and has to clear its lanes; `meanwhile` now and then.
struct LevelTask {
  LevelLanes lanes;
  const std::uint8_t* const* codes;  // By item, up to a multiple of 64 rows.
  const std::uint32_t* groups;
  int rows;
  std::uint8_t* acc;
  void (*full)(void* self, std::uint32_t group);
  void (*meanwhile)(void* self);
  void* self;
};
using CountLanes = void (*)(const LevelTask& task);

// nullptr: this machine has no such instructions for so many items.
CountLanes FindCountLanes(int items);
void CountLanesVbmi(const LevelTask& task);
inline constexpr int kMostItemsAvx2 = 16;
void CountLanesAvx2(const LevelTask& task);

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_LEVEL_KERNELS_H_
