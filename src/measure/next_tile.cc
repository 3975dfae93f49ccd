#include "measure/next_tile.h"

namespace csat {

void NextTile::AddColumn(const Column& column) {
  const int width = WidthOf(column.type == ColumnType::kDictionary ? column.index_type : column.type);
  if (width == 0 || column.values == nullptr) return;
  const auto stride = static_cast<std::uintptr_t>(width);
  streams_.push_back(
      {reinterpret_cast<std::uintptr_t>(column.values) + static_cast<std::uintptr_t>(column.offset) * stride,
       stride});
}

void NextTile::Start(std::int64_t row, int rows) {
  std::uintptr_t lines = 0;
  for (const Stream& stream : streams_) lines += static_cast<std::uintptr_t>(rows) * stream.width / kLine + 1;
  share_ = calls_ == 0 ? 0 : static_cast<int>(lines / static_cast<std::uintptr_t>(calls_)) + 1;
  row_ = row;
  rows_ = rows;
  stream_ = 0;
  at_ = end_ = 0;
  calls_ = 0;
}

void NextTile::Ask() {
  ++calls_;
  for (int i = 0; i < share_; ++i) {
    if (at_ == end_) {
      if (stream_ == streams_.size()) return;
      const Stream& stream = streams_[stream_++];
      at_ = (stream.begin + static_cast<std::uintptr_t>(row_) * stream.width) / kLine * kLine;
      end_ = at_ + static_cast<std::uintptr_t>(rows_) * stream.width / kLine * kLine;
    }
    if (at_ == end_) continue;
    __builtin_prefetch(reinterpret_cast<const void*>(at_), 0, 2);
    at_ += kLine;
  }
}

}  // namespace csat
