// Rows of a tile.
#ifndef CSAT_SRC_SCORING_TILE_ROWS_H_
#define CSAT_SRC_SCORING_TILE_ROWS_H_

#include <cstdint>

namespace csat {

// A multiple of 8, so that no two threads write one byte of a validity buffer when rows are handed out in tiles.
inline constexpr std::int64_t kTileRows = 1024;

}  // namespace csat

#endif  // CSAT_SRC_SCORING_TILE_ROWS_H_
