#include "arrow/row_ranges.h"

#include <algorithm>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

namespace csat {

absl::Status ForEachRange(std::int64_t rows, std::int64_t tile_rows, int threads,
                          const std::function<absl::Status(int, std::int64_t, std::int64_t)>& work) {
  const std::int64_t tiles = (rows + tile_rows - 1) / tile_rows;
  const std::int64_t ranges = std::max<std::int64_t>(1, std::min<std::int64_t>(threads, tiles));
  std::vector<absl::Status> results(static_cast<std::size_t>(ranges));
  const auto run = [&](std::int64_t index) {
    const std::int64_t from = tiles * index / ranges * tile_rows;
    const std::int64_t to = std::min(rows, tiles * (index + 1) / ranges * tile_rows);
    try {
      results[static_cast<std::size_t>(index)] = work(static_cast<int>(index), from, to);
    } catch (const std::bad_alloc&) {
      results[static_cast<std::size_t>(index)] = absl::ResourceExhaustedError("no memory for the rows");
    }
  };
  std::vector<std::thread> started;
  started.reserve(static_cast<std::size_t>(ranges));
  std::int64_t next = 1;
  for (; next < ranges; ++next) {
    try {
      started.emplace_back(run, next);
    } catch (const std::system_error&) {
      break;  // The system has no more threads: the rest is done here.
    }
  }
  run(0);
  for (; next < ranges; ++next) run(next);
  for (std::thread& thread : started) thread.join();
  for (const absl::Status& result : results) {
    if (!result.ok()) return result;
  }
  return absl::OkStatus();
}

}  // namespace csat
