#include "measure/aggregate_rep.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"

namespace csat {
namespace {

constexpr std::size_t kMostGroups = std::size_t{1} << 31;

template <typename T>
void ReserveFor(std::vector<T>* vector, std::size_t size) {
  if (size > vector->capacity()) vector->reserve(std::max(size, 2 * vector->capacity()));
}

absl::int128 Magnitude(absl::int128 value) { return value < 0 ? -value : value; }

std::int64_t WidthOf(const AggregateLayout& layout, const SetLayout& set, std::size_t i) {
  const ItemLayout& item = layout.items()[static_cast<std::size_t>(set.items[i])];
  return item.high - item.low;
}

std::string WhyNoSet(const AggregateLayout& layout, const SetLayout& set, const GroupNumbers& group) {
  const std::size_t k = set.items.size();
  const std::int64_t* joint = group.counts + set.complete;
  const std::int64_t rows = group.counts[0], complete = joint[0];
  if (complete < 0 || complete > rows) return "more complete rows than rows";
  std::size_t at = 1 + k;
  for (std::size_t i = 0; i < k; ++i) {
    const absl::int128 width = WidthOf(layout, set, i);
    if (joint[1 + i] < 0 || joint[1 + i] > width * complete) return "a sum beyond its range";
    for (std::size_t j = i; j < k; ++j, ++at) {
      if (joint[at] < 0 || joint[at] > width * WidthOf(layout, set, j) * complete)
        return "a product beyond its range";
    }
  }
  if (group.partial == nullptr) return "";
  std::size_t pair = 0;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = i; j < k; ++j, ++pair) {
      const std::int64_t both = group.partial[set.partial + pair];
      const absl::int128 left = WidthOf(layout, set, i), right = WidthOf(layout, set, j);
      const std::int64_t sum_left = group.partial[set.partial_sums() + i * k + j],
                         sum_right = group.partial[set.partial_sums() + j * k + i],
                         square_left = group.partial[set.partial_squares() + i * k + j],
                         square_right = group.partial[set.partial_squares() + j * k + i],
                         product = group.partial[set.partial_products() + pair];
      if (both < 0 || both > rows - complete) return "more rows of a pair than rows";
      if (sum_left < 0 || sum_left > left * both || sum_right < 0 || sum_right > right * both)
        return "a sum beyond its range";
      if (square_left < 0 || square_left > left * left * both || square_right < 0 ||
          square_right > right * right * both) {
        return "a square beyond its range";
      }
      if (product < 0 || product > left * right * both) return "a product beyond its range";
    }
  }
  return "";
}

}  // namespace

std::string WhyNoGroup(const AggregateLayout& layout, const GroupNumbers& group) {
  const std::int64_t rows = group.counts[0];
  if (rows < 1 || rows > layout.most_rows()) return absl::StrCat(rows, " rows");
  for (const ItemLayout& item : layout.items()) {
    if (item.levels > 0) {
      absl::int128 answers = 0;
      for (int level = 0; level < item.levels; ++level) {
        const std::int64_t count = group.counts[item.counts + static_cast<std::size_t>(level)];
        if (count < 0) return "a count below 0";
        answers += count;
      }
      if (answers > rows) return "more answers than rows";
      continue;
    }
    const std::int64_t answers = group.counts[item.counts];
    const absl::int128 sum = group.sums[item.sums], squares = group.sums[item.sums + 1],
                       most = std::max(Magnitude(item.low), Magnitude(item.high));
    if (answers < 0 || answers > rows) return "more answers than rows";
    if (sum < absl::int128(item.low) * answers || sum > absl::int128(item.high) * answers)
      return "a sum beyond its range";
    if (squares < 0 || squares > most * most * answers) return "a sum of squares beyond its range";
  }
  for (const SetLayout& set : layout.sets()) {
    if (std::string why = WhyNoSet(layout, set, group); !why.empty()) return why;
  }
  return "";
}

std::uint32_t Aggregates::Rep::FindGroup(const std::string& key_bytes) const {
  return index.Find(absl::HashOf(key_bytes), [&](std::uint32_t group) { return keys[group] == key_bytes; });
}

absl::Status Aggregates::Rep::AddGroups(
    std::vector<std::string> keys_added, std::int64_t rows_added, bool with_partial,
    const std::function<void(std::size_t, std::int64_t*, absl::int128*, std::int64_t*)>& add) {
  if (rows_added > layout->most_rows() - rows) {
    return absl::OutOfRangeError(
        absl::StrCat("an aggregate of this spec holds at most ", layout->most_rows(), " rows"));
  }
  // The number of each group; those that are new come after those that are there.
  std::vector<std::uint32_t> numbers(keys_added.size());
  std::size_t size = groups();
  for (std::size_t i = 0; i < keys_added.size(); ++i) {
    const std::uint32_t found = FindGroup(keys_added[i]);
    numbers[i] = found != NumberTable::kNone ? found : static_cast<std::uint32_t>(size++);
  }
  if (size > kMostGroups) return absl::OutOfRangeError(absl::StrCat("more than ", kMostGroups, " groups"));
  // All memory first; what follows cannot fail.
  const std::size_t old = groups();
  const bool partial_from_now = with_partial && partial.empty() && layout->partial() > 0;
  ReserveFor(&keys, size);
  ReserveFor(&counts, size * layout->counts());
  ReserveFor(&sums, size * layout->sums());
  if (with_partial || !partial.empty()) ReserveFor(&partial, size * layout->partial());
  ReserveFor(&order, size);
  std::vector<std::uint32_t> fresh(size - old);
  index.Reserve(size);
  for (std::size_t i = 0; i < keys_added.size(); ++i) {
    if (numbers[i] < old) continue;
    index.Add(absl::HashOf(keys_added[i]), numbers[i]);
    keys.push_back(std::move(keys_added[i]));
    fresh[numbers[i] - old] = numbers[i];
  }
  counts.resize(size * layout->counts());
  sums.resize(size * layout->sums());
  if (partial_from_now || !partial.empty()) partial.resize(size * layout->partial());
  const auto before = [this](std::uint32_t a, std::uint32_t b) { return keys[a] < keys[b]; };
  std::sort(fresh.begin(), fresh.end(), before);
  order.insert(order.end(), fresh.begin(), fresh.end());
  if (!fresh.empty() && old > 0 && before(fresh.front(), order[old - 1])) {
    std::inplace_merge(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(old), order.end(), before);
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::size_t at = numbers[i];
    add(i, counts.data() + at * layout->counts(), sums.data() + at * layout->sums(),
        partial.empty() ? nullptr : partial.data() + at * layout->partial());
  }
  rows += rows_added;
  return absl::OkStatus();
}

}  // namespace csat
