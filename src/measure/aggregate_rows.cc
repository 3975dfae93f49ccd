#include "measure/aggregate_rows.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"

namespace csat {
namespace {

constexpr std::size_t kTile = kAggregateTile;
// From one column of codes to the next, in lines: not a power of two, at whose distances few places of a cache serve all.
constexpr std::size_t kColumnLines = kTile / 64 + 1;
constexpr int kMostLaneItems = 64, kMostVectors = 8;
// No item has this many levels.
constexpr std::uint8_t kNoLevel = 253;
// Of a byte in the sums of products.
constexpr int kMostByteLevels = 128;

// Group 0 takes the rows that are kept out.
constexpr std::uint32_t kFirstGroup = 1;

}  // namespace

AggregateRows::AggregateRows(const AggregateLayout& layout, const BoundItems& items, const KeyColumns& keys,
                             bool refuse)
    : layout_(layout), items_(items), refuse_(refuse), coder_(keys), byte_kernels_(FindByteKernels()) {
  std::size_t levels = 0;
  for (std::size_t i = 0; i < layout.items().size(); ++i) {
    if (layout.items()[i].levels == 0) {
      sum_items_.push_back(static_cast<int>(i));
      continue;
    }
    level_items_.push_back(static_cast<int>(i));
    level_slots_.push_back(static_cast<std::uint32_t>(1 + levels));
    levels += static_cast<std::size_t>(layout.items()[i].levels);
  }
  level_stride_ = levels + 2;
  for (const SetLayout& set : layout.sets()) {
    joint_offset_.push_back(joint_stride_);
    joint_stride_ += 1 + set.items.size() + Triangle(set.k());
  }
  set_products_.resize(layout.sets().size());
  for (const ItemReader& reader : items.readers) next_.AddColumn(reader.column());
  for (const KeyColumn& key : keys.columns()) next_.AddColumn(*key.column);
  code_lines_.resize(level_items_.size() * kColumnLines);
  for (std::size_t i = 0; i < level_items_.size(); ++i) {
    codes_.push_back(code_lines_[i * kColumnLines].of);
    std::fill(codes_[i], codes_[i] + kTile, kNoAnswer);
  }
  code_flags_.assign(level_items_.size(), 0);
  steps_.assign(sum_items_.size() * kTile, kNoAnswerStep);
  groups_.resize(kTile);
  dropped_.resize(kTile);

  lanes_kernel_ = FindCountLanes(static_cast<int>(level_items_.size()));
  // Lane 63 of the first vector counts rows, so that the levels fill the others in their order.
  const std::size_t vectors = (levels + 1 + 63) / 64;
  if (lanes_kernel_ == nullptr || level_items_.empty() || level_items_.size() > kMostLaneItems ||
      vectors > kMostVectors) {
    return;
  }
  lane_from_.assign(vectors * 64, 0);
  lane_level_.assign(vectors * 64, kNoLevel);
  std::size_t lane = 0;
  for (std::size_t i = 0; i < level_items_.size(); ++i) {
    for (int level = 0; level < layout.items()[static_cast<std::size_t>(level_items_[i])].levels; ++level) {
      if (lane == 63) ++lane;
      lane_from_[lane] = static_cast<std::uint8_t>(i);
      lane_level_[lane++] = static_cast<std::uint8_t>(level);
    }
  }
  lanes_ = {static_cast<int>(level_items_.size()), static_cast<int>(vectors), lane_from_.data(),
            lane_level_.data()};
}

bool AggregateRows::Grow() {
  const std::uint32_t needed = coder_.groups() + kFirstGroup;
  if (needed <= allocated_) return true;
  const std::uint32_t groups = allocated_ == 0 ? needed : std::max(needed, 2 * allocated_);
  level_counts_.resize(groups * level_stride_);
  sum_states_.resize(groups * sum_items_.size());
  joint_.resize(groups * joint_stride_);
  if (!partial_.empty()) partial_.resize(groups * layout_.partial());
  if (lanes_.vectors > 0) {
    const std::size_t row = static_cast<std::size_t>(lanes_.vectors) * 64;
    Buffer memory = Buffer::Allocate(groups * row);
    if (memory.data() == nullptr) return false;
    if (allocated_ > 0) std::memcpy(memory.data(), lane_memory_.data(), allocated_ * row);
    std::memset(memory.as<char>() + allocated_ * row, 0, (groups - allocated_) * row);
    lane_memory_ = std::move(memory);
  }
  allocated_ = groups;
  return true;
}

bool AggregateRows::ReadTile(std::int64_t row, int n) {
  int found = 0;
  for (std::size_t i = 0; i < level_items_.size(); ++i) {
    std::uint8_t* codes = codes_[i];
    code_flags_[i] = items_.readers[static_cast<std::size_t>(level_items_[i])].ReadLevels(row, n, codes);
    next_.Ask();
    found |= code_flags_[i];
    if (n < kAggregateTile) {
      std::fill(codes + n, codes + kTile, kNoAnswer);
      code_flags_[i] |= kSomeNone;
    }
  }
  for (std::size_t i = 0; i < sum_items_.size(); ++i)
    found |=
        items_.readers[static_cast<std::size_t>(sum_items_[i])].ReadSteps(row, n, steps_.data() + i * kTile);
  return (found & kSomeBad) != 0;
}

std::uint32_t AggregateRows::CodeTile(std::int64_t row, int n) {
  if (coder_.has_one_group() && !any_dropped_) {
    std::fill(groups_.begin() + one_group_rows_, groups_.end(), kFirstGroup);
    one_group_rows_ = kTile;
    return kFirstGroup;
  }
  one_group_rows_ = 0;
  coder_.Code(row, n, groups_.data());
  for (int i = 0; i < n; ++i) groups_[static_cast<std::size_t>(i)] += kFirstGroup;
  for (int i = 0; any_dropped_ && i < n; ++i) {
    if (dropped_[static_cast<std::size_t>(i)] != 0) groups_[static_cast<std::size_t>(i)] = 0;
  }
  std::uint32_t other = 0;
  for (int r = 1; r < n; ++r) other |= groups_[static_cast<std::size_t>(r)] ^ groups_[0];
  return other == 0 ? groups_[0] : 0;
}

absl::Status AggregateRows::DropBadRows(std::int64_t row, int n) {
  for (int r = 0; r < n; ++r) {
    int bad = -1;
    for (std::size_t i = 0; i < level_items_.size() && bad < 0; ++i) {
      if (codes_[i][r] == kBadValue) bad = level_items_[i];
    }
    for (std::size_t i = 0; i < sum_items_.size() && bad < 0; ++i) {
      if (steps_[i * kTile + static_cast<std::size_t>(r)] == kBadValueStep) bad = sum_items_[i];
    }
    if (bad < 0) continue;
    if (!refuse_) {
      return absl::InvalidArgumentError(
          absl::StrCat("row ", items_.first_row + row + r, ": ",
                       items_.readers[static_cast<std::size_t>(bad)].WhyBad(row + r)));
    }
    for (std::size_t i = 0; i < level_items_.size(); ++i) codes_[i][r] = kNoAnswer;
    for (std::size_t i = 0; i < sum_items_.size(); ++i)
      steps_[i * kTile + static_cast<std::size_t>(r)] = kNoAnswerStep;
    dropped_[static_cast<std::size_t>(r)] = 1;
    any_dropped_ = true;
    ++refused_;
  }
  return absl::OkStatus();
}

absl::Status AggregateRows::Add(std::int64_t from, std::int64_t to) {
  for (std::int64_t row = from; row < to; row += kAggregateTile) {
    const int n = static_cast<int>(std::min<std::int64_t>(kAggregateTile, to - row));
    next_.Start(row + n, kAggregateTile);
    const bool bad = ReadTile(row, n);
    any_dropped_ = false;
    if (bad) {
      std::fill(dropped_.begin(), dropped_.end(), 0);
      if (absl::Status status = DropBadRows(row, n); !status.ok()) return status;
    }
    const std::uint32_t one_group = CodeTile(row, n);
    if (!Grow()) return absl::ResourceExhaustedError("no memory for the groups of an aggregate");
    if (one_group != 0) {
      CountByColumn(n, one_group);
    } else {
      CountLevels(n);
    }
    if (!sum_items_.empty()) AddSums(n);
    for (std::size_t set = 0; set < layout_.sets().size(); ++set) AddSet(set, n, one_group);
  }
  for (std::uint32_t group = 0; lanes_.vectors > 0 && group < allocated_; ++group) Flush(group);
  for (std::size_t set = 0; set < set_products_.size(); ++set) FinishSet(set);
  return absl::OkStatus();
}

void AggregateRows::Flush(std::uint32_t group) {
  const std::size_t row = static_cast<std::size_t>(lanes_.vectors) * 64;
  std::uint8_t* lanes = lane_memory_.as<std::uint8_t>() + group * row;
  if (lanes[63] == 0) return;
  std::uint32_t* counts = level_counts_.data() + group * level_stride_;
  counts[0] += lanes[63];
  const std::size_t levels = level_stride_ - 2;
  for (std::size_t lane = 0; lane < 63 && lane < levels; ++lane) counts[1 + lane] += lanes[lane];
  for (std::size_t lane = 64; lane <= levels; ++lane) counts[lane] += lanes[lane];
  std::memset(lanes, 0, row);
}

void AggregateRows::CountLevels(int n) {
  if (lanes_.vectors == 0) return CountByRow(n);
  lanes_kernel_({lanes_, codes_.data(), groups_.data(), n, lane_memory_.as<std::uint8_t>(),
                 [](void* self, std::uint32_t group) { static_cast<AggregateRows*>(self)->Flush(group); },
                 [](void* self) { static_cast<AggregateRows*>(self)->next_.Ask(); }, this});
}

void AggregateRows::CountByRow(int n) {
  const std::uint32_t none = static_cast<std::uint32_t>(level_stride_ - 1);
  const std::size_t items = level_items_.size();
  for (int r = 0; r < n; ++r) {
    std::uint32_t* counts = level_counts_.data() + groups_[static_cast<std::size_t>(r)] * level_stride_;
    ++counts[0];
    for (std::size_t i = 0; i < items; ++i) {
      const std::uint8_t code = codes_[i][r];
      ++counts[code == kNoAnswer ? none : level_slots_[i] + code];
    }
  }
}

void AggregateRows::CountByColumn(int n, std::uint32_t group) {
  std::uint32_t* counts = level_counts_.data() + group * level_stride_;
  counts[0] += static_cast<std::uint32_t>(n);
  const int padded = (n + 63) / 64 * 64;
  for (std::size_t i = 0; i < level_items_.size(); ++i) {
    const int levels = layout_.items()[static_cast<std::size_t>(level_items_[i])].levels;
    byte_kernels_.count(codes_[i], padded, levels, counts + level_slots_[i]);
    next_.Ask();
  }
}

void AggregateRows::AddSums(int n) {
  for (std::size_t i = 0; i < sum_items_.size(); ++i) {
    const std::int64_t low = layout_.items()[static_cast<std::size_t>(sum_items_[i])].low;
    const std::int64_t* steps = steps_.data() + i * kTile;
    for (int r = 0; r < n; ++r) {
      if (steps[r] < 0) continue;
      const absl::int128 ticks = steps[r] + low;
      SumState& state = sum_states_[groups_[static_cast<std::size_t>(r)] * sum_items_.size() + i];
      ++state.answers;
      state.sum += ticks;
      state.squares += ticks * ticks;
    }
  }
}

void AggregateRows::AddSet(std::size_t set, int n, std::uint32_t one_group) {
  bool bytes = one_group != 0;
  for (const int item : layout_.sets()[set].items) {
    const int levels = layout_.items()[static_cast<std::size_t>(item)].levels;
    bytes = bytes && levels > 0 && levels <= kMostByteLevels;
  }
  if (bytes) {
    AddSetByColumns(set, n, one_group);
  } else {
    AddSetByRows(set, n);
  }
}

void AggregateRows::AddSetByColumns(std::size_t index, int n, std::uint32_t group) {
  const SetLayout& set = layout_.sets()[index];
  SetProducts& own = set_products_[index];
  const std::size_t k = set.items.size();
  const int padded = (n + 63) / 64 * 64;
  if (own.group != group) FinishSet(index);
  own.group = group;
  std::vector<const std::uint8_t*> columns(k);
  int flags = 0;
  for (std::size_t i = 0; i < k; ++i) {
    const auto at = std::find(level_items_.begin(), level_items_.end(), set.items[i]) - level_items_.begin();
    columns[i] = codes_[static_cast<std::size_t>(at)];
    flags |= code_flags_[static_cast<std::size_t>(at)];
  }
  const bool gaps = (flags & kSomeNone) != 0;
  std::uint8_t complete[kTile];
  if (gaps) byte_kernels_.complete(columns.data(), static_cast<std::int32_t>(k), padded, complete);

  std::vector<std::uint8_t> copies(gaps ? k * kTile : 0);
  std::vector<const std::uint8_t*> values = columns;
  for (std::size_t i = 0; gaps && i < k; ++i) {
    std::uint8_t* copy = copies.data() + i * kTile;
    for (int r = 0; r < padded; ++r) copy[r] = static_cast<std::uint8_t>(columns[i][r] & (0 - complete[r]));
    values[i] = copy;
  }
  if (!own.complete.has_value()) own.complete.emplace(static_cast<int>(k), true);
  own.complete->Add(values.data(), values.data(), padded, &next_);
  if (!gaps) {
    own.rows += n;
    return;
  }
  for (int r = 0; r < n; ++r) own.rows += complete[r];

  // The other rows: 1 where an item has an answer, and its level there.
  std::vector<std::uint8_t> marks(k * kTile);
  std::vector<const std::uint8_t*> there(k);
  std::uint8_t any = 0;
  for (std::size_t i = 0; i < k; ++i) {
    std::uint8_t *mark = marks.data() + i * kTile, *copy = copies.data() + i * kTile;
    for (int r = 0; r < padded; ++r) {
      mark[r] = static_cast<std::uint8_t>((complete[r] ^ 1) & (columns[i][r] != kNoAnswer ? 1 : 0));
      copy[r] = static_cast<std::uint8_t>(columns[i][r] & (0 - mark[r]));
      any |= mark[r];
    }
    there[i] = mark;
  }
  if (any == 0) return;
  if (!own.pairs.has_value()) {
    own.pairs.emplace(static_cast<int>(k), true);
    own.crossed.emplace(static_cast<int>(k), false);
  }
  if (partial_.empty()) partial_.resize(allocated_ * layout_.partial());
  std::int64_t* partial = partial_.data() + group * layout_.partial();
  const auto add_upper = [&](const std::uint8_t* const* of, std::size_t at) {
    own.pairs->Add(of, of, padded);
    const std::vector<std::int64_t>& products = own.pairs->Take();
    for (std::size_t i = 0; i < k; ++i) {
      for (std::size_t j = i; j < k; ++j) partial[at++] += products[i * (k + 1) + j];
    }
  };
  add_upper(there.data(), set.partial);
  const auto add_crossed = [&](const std::uint8_t* const* of, std::size_t at, int shift) {
    own.crossed->Add(of, there.data(), padded);
    const std::vector<std::int64_t>& products = own.crossed->Take();
    for (std::size_t i = 0; i < k; ++i) {
      for (std::size_t j = 0; j < k; ++j) partial[at++] += products[i * (k + 1) + j] << shift;
    }
  };
  add_crossed(values.data(), set.partial_sums(), 0);
  add_upper(values.data(), set.partial_products());
  // Squares in two bytes of seven bits.
  std::vector<std::uint8_t> halves(k * kTile);
  std::vector<const std::uint8_t*> half(k);
  for (const int shift : {7, 0}) {
    for (std::size_t i = 0; i < k; ++i) {
      std::uint8_t* bits = halves.data() + i * kTile;
      const std::uint8_t* value = values[i];
      for (int r = 0; r < padded; ++r)
        bits[r] = static_cast<std::uint8_t>((value[r] * value[r] >> shift) & 127);
      half[i] = bits;
    }
    add_crossed(half.data(), set.partial_squares(), shift);
  }
}

void AggregateRows::FinishSet(std::size_t index) {
  SetProducts& own = set_products_[index];
  if (own.group == 0) return;
  const std::size_t k = layout_.sets()[index].items.size();
  const std::vector<std::int64_t>& products = own.complete->Take();
  std::int64_t* joint = joint_.data() + own.group * joint_stride_ + joint_offset_[index];
  joint[0] += own.rows;
  std::int64_t* triangle = joint + 1 + k;
  for (std::size_t i = 0; i < k; ++i) {
    joint[1 + i] += products[i * (k + 1) + k];
    for (std::size_t j = i; j < k; ++j) *triangle++ += products[i * (k + 1) + j];
  }
  own.rows = 0;
  own.group = 0;
}

void AggregateRows::AddSetByRows(std::size_t index, int n) {
  const SetLayout& set = layout_.sets()[index];
  const std::size_t k = set.items.size();
  std::vector<std::int32_t> steps(static_cast<std::size_t>(n) * k);  // Row by row.
  for (std::size_t i = 0; i < k; ++i) {
    const auto level = std::find(level_items_.begin(), level_items_.end(), set.items[i]);
    const auto sum = std::find(sum_items_.begin(), sum_items_.end(), set.items[i]);
    for (std::size_t r = 0; r < static_cast<std::size_t>(n); ++r) {
      if (level != level_items_.end()) {
        const std::uint8_t code = codes_[static_cast<std::size_t>(level - level_items_.begin())][r];
        steps[r * k + i] = code == kNoAnswer ? -1 : code;
      } else {
        steps[r * k + i] =
            static_cast<std::int32_t>(steps_[static_cast<std::size_t>(sum - sum_items_.begin()) * kTile + r]);
      }
    }
  }
  for (std::size_t r = 0; r < static_cast<std::size_t>(n); ++r) {
    const std::uint32_t group = groups_[r];
    if (group == 0) continue;
    const std::int32_t* own = steps.data() + r * k;
    const bool complete = std::all_of(own, own + k, [](std::int32_t step) { return step >= 0; });
    if (complete) {
      std::int64_t* joint = joint_.data() + group * joint_stride_ + joint_offset_[index];
      ++joint[0];
      for (std::size_t i = 0; i < k; ++i) joint[1 + i] += own[i];
      std::int64_t* product = joint + 1 + k;
      for (std::size_t i = 0; i < k; ++i) {
        const std::int64_t left = own[i];
        for (std::size_t j = i; j < k; ++j) product[j - i] += left * own[j];
        product += k - i;
      }
      continue;
    }
    if (std::all_of(own, own + k, [](std::int32_t step) { return step < 0; })) continue;
    if (partial_.empty()) partial_.resize(allocated_ * layout_.partial());
    std::int64_t* partial = partial_.data() + group * layout_.partial();
    std::int64_t *rows = partial + set.partial, *sums = partial + set.partial_sums(),
                 *squares = partial + set.partial_squares(), *products = partial + set.partial_products();
    for (std::size_t i = 0; i < k; ++i) {
      for (std::size_t j = 0; j < k; ++j) {
        const bool both = own[i] >= 0 && own[j] >= 0;
        if (both) {
          sums[i * k + j] += own[i];
          squares[i * k + j] += static_cast<std::int64_t>(own[i]) * own[i];
        }
        if (j < i) continue;
        if (both) {
          ++*rows;
          *products += static_cast<std::int64_t>(own[i]) * own[j];
        }
        ++rows;
        ++products;
      }
    }
  }
}

void AggregateRows::AddTo(std::uint32_t group, std::int64_t* counts, absl::int128* sums,
                          std::int64_t* partial) const {
  const std::size_t at = group;
  const std::uint32_t* levels = level_counts_.data() + at * level_stride_;
  counts[0] += levels[0];
  for (std::size_t i = 0; i < level_items_.size(); ++i) {
    const ItemLayout& item = layout_.items()[static_cast<std::size_t>(level_items_[i])];
    for (int level = 0; level < item.levels; ++level)
      counts[item.counts + static_cast<std::size_t>(level)] +=
          levels[level_slots_[i] + static_cast<std::uint32_t>(level)];
  }
  for (std::size_t i = 0; i < sum_items_.size(); ++i) {
    const ItemLayout& item = layout_.items()[static_cast<std::size_t>(sum_items_[i])];
    const SumState& state = sum_states_[at * sum_items_.size() + i];
    counts[item.counts] += state.answers;
    sums[item.sums] += state.sum;
    sums[item.sums + 1] += state.squares;
  }
  for (std::size_t s = 0; s < layout_.sets().size(); ++s) {
    const SetLayout& set = layout_.sets()[s];
    const std::int64_t* joint = joint_.data() + at * joint_stride_ + joint_offset_[s];
    const std::size_t size = 1 + set.items.size() + Triangle(set.k());
    for (std::size_t i = 0; i < size; ++i) counts[set.complete + i] += joint[i];
  }
  if (!partial_.empty()) {
    const std::int64_t* own = partial_.data() + at * layout_.partial();
    for (std::size_t i = 0; i < layout_.partial(); ++i) partial[i] += own[i];
  }
}

}  // namespace csat
