// Asks memory for the tile that comes next while this one is worked on. Columns are read in turns, a tile of each: no
// hardware sees a stream in that, and asking for all of it at once would make the work wait.
#ifndef CSAT_SRC_MEASURE_NEXT_TILE_H_
#define CSAT_SRC_MEASURE_NEXT_TILE_H_

#include <cstdint>
#include <vector>

#include "arrow/import.h"

namespace csat {

class NextTile {
 public:
  // Columns whose values have no width of their own are left out.
  void AddColumn(const Column& column);
  // The tile is the rows [row, row + rows), to be asked for by as many calls of Ask() as there were since the last
  // Start(); what is left is not asked for. Lines behind the end of a column are no fault to ask for.
  void Start(std::int64_t row, int rows);
  void Ask();

 private:
  static constexpr std::uintptr_t kLine = 64;
  struct Stream {
    std::uintptr_t begin, width;
  };
  std::vector<Stream> streams_;
  std::int64_t row_ = 0;
  int rows_ = 0;
  // The stream and the line that come next; lines of one call.
  std::size_t stream_ = 0;
  std::uintptr_t at_ = 0, end_ = 0;
  int calls_ = 0, share_ = 0;
};

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_NEXT_TILE_H_
