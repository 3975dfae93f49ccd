#include "csat/measure/aggregates.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "arrow/import.h"
#include "arrow/row_ranges.h"
#include "csat/model/foreign_text.h"
#include "measure/aggregate_layout.h"
#include "measure/aggregate_rep.h"
#include "measure/aggregate_rows.h"
#include "measure/group_coder.h"
#include "measure/key_bytes.h"

namespace csat {
namespace {

// Bytes of the tables that all possible groups may take before groups are numbered as they come.
constexpr std::size_t kMostTableBytes = std::size_t{32} << 20;
constexpr std::uint32_t kMostDirectGroups = 1 << 16;
// A thread adds to 32-bit counts.
constexpr std::int64_t kMostRowsOfThread = std::int64_t{1} << 30;

absl::StatusOr<Column> ColumnOf(const Table& table, const std::string& name, const std::string& wanted_by) {
  const std::int64_t at = table.Find(name);
  if (at < 0) {
    return absl::InvalidArgumentError(absl::StrCat("column ", Quoted(name), " of ", wanted_by,
                                                   at == -2 ? " is there more than once" : " is missing"));
  }
  return table.View(at);
}

// What one group adds to another. Sums that cannot be beyond their bits: Rep::AddGroups limits the rows.
void AddNumbers(const AggregateLayout& layout, const GroupNumbers& from, std::int64_t* counts,
                absl::int128* sums, std::int64_t* partial) {
  for (std::size_t i = 0; i < layout.counts(); ++i) counts[i] += from.counts[i];
  for (std::size_t i = 0; i < layout.sums(); ++i) sums[i] += from.sums[i];
  if (from.partial == nullptr) return;
  for (std::size_t i = 0; i < layout.partial(); ++i) partial[i] += from.partial[i];
}

// From steps to ticks: the sum over n rows of (a + low_a)(b + low_b), of the sums of a, b and a * b.
absl::int128 ProductOfTicks(absl::int128 n, absl::int128 a, absl::int128 b, absl::int128 ab,
                            absl::int128 low_a, absl::int128 low_b) {
  return ab + low_a * b + low_b * a + n * low_a * low_b;
}

}  // namespace

bool operator==(const AggregateItem& a, const AggregateItem& b) {
  return a.id == b.id && a.field == b.field && a.min == b.min && a.max == b.max &&
         a.decimal_places == b.decimal_places && a.exact == b.exact && a.missing_values == b.missing_values &&
         a.labels == b.labels;
}

bool operator==(const AggregateItemSet& a, const AggregateItemSet& b) {
  return a.id == b.id && a.items == b.items;
}

bool operator==(const AggregateSpec& a, const AggregateSpec& b) {
  return a.by == b.by && a.items == b.items && a.sets == b.sets;
}

Aggregates::Aggregates(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
Aggregates::Aggregates(const Aggregates& other) : rep_(std::make_unique<Rep>(*other.rep_)) {}
Aggregates& Aggregates::operator=(const Aggregates& other) {
  if (this != &other) rep_ = std::make_unique<Rep>(*other.rep_);
  return *this;
}
Aggregates::Aggregates(Aggregates&&) noexcept = default;
Aggregates& Aggregates::operator=(Aggregates&&) noexcept = default;
Aggregates::~Aggregates() = default;

absl::StatusOr<Aggregates> Aggregates::Create(AggregateSpec spec) {
  absl::StatusOr<AggregateLayout> layout = AggregateLayout::Create(std::move(spec));
  if (!layout.ok()) return layout.status();
  auto rep = std::make_unique<Rep>();
  rep->layout = std::make_shared<const AggregateLayout>(*std::move(layout));
  return Aggregates(std::move(rep));
}

const AggregateSpec& Aggregates::spec() const { return rep_->layout->spec(); }

absl::Status Aggregates::Add(const ArrowSchema& schema, const ArrowArray& array, const AddOptions& options) {
  if (options.threads < 1 || options.threads > 256)
    return absl::InvalidArgumentError(absl::StrCat("threads ", options.threads, " lies outside [1, 256]"));
  const AggregateLayout& layout = *rep_->layout;
  const absl::StatusOr<Table> table = Table::Import(schema, array);
  if (!table.ok()) return table.status();
  std::vector<Column> columns, key_columns;
  columns.reserve(layout.items().size());
  key_columns.reserve(layout.spec().by.size());
  BoundItems items;
  items.first_row = options.first_row;
  for (std::size_t i = 0; i < layout.items().size(); ++i) {
    const AggregateItem& item = layout.spec().items[i];
    absl::StatusOr<Column> column =
        ColumnOf(*table, item.field.empty() ? item.id : item.field, absl::StrCat("item '", item.id, "'"));
    if (!column.ok()) return column.status();
    columns.push_back(*std::move(column));
    absl::StatusOr<ItemReader> reader = ItemReader::Bind(item, layout.items()[i], columns.back());
    if (!reader.ok()) return reader.status();
    items.readers.push_back(*std::move(reader));
  }
  for (const std::string& key : layout.spec().by) {
    absl::StatusOr<Column> column = ColumnOf(*table, key, "a key");
    if (!column.ok()) return column.status();
    key_columns.push_back(*std::move(column));
  }
  const std::size_t bytes_of_group = 12 * layout.counts() + 32 * layout.sums() + 8;
  const absl::StatusOr<KeyColumns> keys = KeyColumns::Bind(
      key_columns,
      static_cast<std::uint32_t>(std::min<std::size_t>(kMostDirectGroups, kMostTableBytes / bytes_of_group)),
      options.first_row);
  if (!keys.ok()) return keys.status();
  const std::int64_t rows = table->rows();
  if (rows > kMostRowsOfThread * options.threads) {
    return absl::InvalidArgumentError(absl::StrCat(rows, " rows of one array are more than ",
                                                   kMostRowsOfThread * options.threads, " for ",
                                                   options.threads, " threads"));
  }

  std::vector<std::unique_ptr<AggregateRows>> parts(static_cast<std::size_t>(options.threads));
  absl::Status status =
      ForEachRange(rows, kAggregateTile, options.threads,
                   [&](int index, std::int64_t from, std::int64_t to) -> absl::Status {
                     auto part = std::make_unique<AggregateRows>(
                         layout, items, *keys, options.bad_rows == AddOptions::BadRows::kRefuse);
                     absl::Status added = part->Add(from, to);
                     parts[static_cast<std::size_t>(index)] = std::move(part);
                     return added;
                   });
  if (!status.ok()) return status;
  // The parts come together in a state of their own: the last step is the only one that touches this one.
  Rep sum;
  sum.layout = rep_->layout;
  for (const std::unique_ptr<AggregateRows>& part : parts) {
    if (part == nullptr) continue;
    std::vector<std::uint32_t> groups;
    std::vector<std::string> group_keys;
    std::int64_t kept = 0;
    for (std::uint32_t group = 1; group <= part->groups(); ++group) {
      if (part->Rows(group) == 0) continue;
      groups.push_back(group);
      group_keys.push_back(part->KeyBytes(group));
      kept += part->Rows(group);
    }
    status = sum.AddGroups(std::move(group_keys), kept, part->has_partial(),
                           [&](std::size_t i, std::int64_t* counts, absl::int128* sums,
                               std::int64_t* partial) { part->AddTo(groups[i], counts, sums, partial); });
    if (!status.ok()) return status;
    sum.refused += part->refused();
  }
  if (rep_->groups() == 0) {
    sum.refused += rep_->refused;
    *rep_ = std::move(sum);
    return absl::OkStatus();
  }
  status =
      rep_->AddGroups(sum.keys, sum.rows, !sum.partial.empty(),
                      [&](std::size_t i, std::int64_t* counts, absl::int128* sums, std::int64_t* partial) {
                        AddNumbers(layout, sum.Numbers(i), counts, sums, partial);
                      });
  if (status.ok()) rep_->refused += sum.refused;
  return status;
}

absl::Status Aggregates::Merge(const Aggregates& other) {
  if (&other == this) return Merge(Aggregates(other));
  if (spec() != other.spec()) return absl::FailedPreconditionError("the other aggregate is of another spec");
  const Rep& from = *other.rep_;
  const absl::Status status =
      rep_->AddGroups(from.keys, from.rows, !from.partial.empty(),
                      [&](std::size_t i, std::int64_t* counts, absl::int128* sums, std::int64_t* partial) {
                        AddNumbers(*rep_->layout, from.Numbers(i), counts, sums, partial);
                      });
  if (status.ok()) rep_->refused += from.refused;
  return status;
}

absl::Status Aggregates::Subtract(const Aggregates& other) {
  if (spec() != other.spec()) return absl::FailedPreconditionError("the other aggregate is of another spec");
  const AggregateLayout& layout = *rep_->layout;
  const Rep& from = *other.rep_;
  const auto refuse = [] {
    return absl::FailedPreconditionError("the other aggregate holds rows that this one does not");
  };
  if (from.refused > rep_->refused) return refuse();
  // What is left of each group, checked, before anything changes.
  Rep left;
  left.layout = rep_->layout;
  left.refused = rep_->refused - from.refused;
  std::size_t found = 0;
  for (const std::uint32_t group : rep_->order) {
    const GroupNumbers own = rep_->Numbers(group);
    std::vector<std::int64_t> counts(own.counts, own.counts + layout.counts());
    std::vector<absl::int128> sums(own.sums, own.sums + layout.sums());
    std::vector<std::int64_t> partial(layout.partial());
    if (own.partial != nullptr) std::copy(own.partial, own.partial + layout.partial(), partial.begin());
    const std::uint32_t at = from.FindGroup(rep_->keys[group]);
    if (at != NumberTable::kNone) {
      ++found;
      const GroupNumbers theirs = from.Numbers(at);
      for (std::size_t i = 0; i < counts.size(); ++i) counts[i] -= theirs.counts[i];
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] -= theirs.sums[i];
      for (std::size_t i = 0; theirs.partial != nullptr && i < partial.size(); ++i)
        partial[i] -= theirs.partial[i];
    }
    const bool has_partial =
        std::any_of(partial.begin(), partial.end(), [](std::int64_t n) { return n != 0; });
    const bool empty = std::all_of(counts.begin(), counts.end(), [](std::int64_t n) { return n == 0; }) &&
                       std::all_of(sums.begin(), sums.end(), [](absl::int128 n) { return n == 0; }) &&
                       !has_partial;
    if (empty) continue;
    const GroupNumbers rest = {counts.data(), sums.data(), has_partial ? partial.data() : nullptr};
    if (!WhyNoGroup(layout, rest).empty()) return refuse();
    const absl::Status status = left.AddGroups({rep_->keys[group]}, counts[0], has_partial,
                                               [&](std::size_t, std::int64_t* c, absl::int128* s,
                                                   std::int64_t* p) { AddNumbers(layout, rest, c, s, p); });
    if (!status.ok()) return status;
  }
  if (found != from.groups()) return refuse();
  *rep_ = std::move(left);
  return absl::OkStatus();
}

std::int64_t Aggregates::rows() const { return rep_->rows; }
std::int64_t Aggregates::refused() const { return rep_->refused; }
std::size_t Aggregates::groups() const { return rep_->groups(); }

std::vector<AggregateKey> Aggregates::Keys(std::size_t group) const {
  std::vector<AggregateKey> keys;
  ReadKeys(rep_->keys[rep_->order[group]], spec().by.size(), &keys);
  return keys;
}

std::ptrdiff_t Aggregates::Find(const std::vector<AggregateKey>& keys) const {
  std::string bytes;
  for (const AggregateKey& key : keys) AppendKey(key, &bytes);
  if (rep_->FindGroup(bytes) == NumberTable::kNone) return -1;
  const auto at = std::lower_bound(
      rep_->order.begin(), rep_->order.end(), bytes,
      [this](std::uint32_t group, const std::string& key) { return rep_->keys[group] < key; });
  return at - rep_->order.begin();
}

std::int64_t Aggregates::Rows(std::size_t group) const { return rep_->Numbers(rep_->order[group]).counts[0]; }

int Aggregates::FindItem(std::string_view id) const {
  const std::vector<AggregateItem>& items = spec().items;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].id == id) return static_cast<int>(i);
  }
  return -1;
}

int Aggregates::FindSet(std::string_view id) const {
  const std::vector<AggregateItemSet>& sets = spec().sets;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (sets[i].id == id) return static_cast<int>(i);
  }
  return -1;
}

bool Aggregates::HasLevels(int item) const {
  return rep_->layout->items()[static_cast<std::size_t>(item)].levels > 0;
}

Frequencies Aggregates::FrequenciesOf(std::size_t group, int item) const {
  const ItemLayout& layout = rep_->layout->items()[static_cast<std::size_t>(item)];
  const std::int64_t* counts = rep_->Numbers(rep_->order[group]).counts + layout.counts;
  Frequencies frequencies;
  frequencies.unit = layout.unit;
  for (int level = 0; level < layout.levels; ++level)
    frequencies.levels.push_back({layout.low + level, counts[level]});
  return frequencies;
}

Moments Aggregates::MomentsOf(std::size_t group, int item) const {
  const ItemLayout& layout = rep_->layout->items()[static_cast<std::size_t>(item)];
  const GroupNumbers numbers = rep_->Numbers(rep_->order[group]);
  Moments moments;
  moments.unit = layout.unit;
  if (layout.levels == 0) {
    moments.n = numbers.counts[layout.counts];
    moments.sum = numbers.sums[layout.sums];
    moments.square_sum = numbers.sums[layout.sums + 1];
    return moments;
  }
  for (int level = 0; level < layout.levels; ++level) {
    const std::int64_t count = numbers.counts[layout.counts + static_cast<std::size_t>(level)];
    const absl::int128 ticks = layout.low + level;
    moments.n += count;
    moments.sum += ticks * count;
    moments.square_sum += ticks * ticks * count;
  }
  return moments;
}

CoMoments Aggregates::Listwise(std::size_t group, int index) const {
  const AggregateLayout& layout = *rep_->layout;
  const SetLayout& set = layout.sets()[static_cast<std::size_t>(index)];
  const std::int64_t* joint = rep_->Numbers(rep_->order[group]).counts + set.complete;
  const std::size_t k = set.items.size();
  const std::int64_t rows = joint[0];
  std::vector<std::int64_t> units;
  std::vector<absl::int128> lows, sums, products(k * k);
  for (std::size_t i = 0; i < k; ++i) {
    const ItemLayout& item = layout.items()[static_cast<std::size_t>(set.items[i])];
    units.push_back(item.unit);
    lows.push_back(item.low);
    sums.push_back(joint[1 + i] + lows[i] * rows);
  }
  for (std::size_t i = 0, pair = 1 + k; i < k; ++i) {
    for (std::size_t j = i; j < k; ++j, ++pair) {
      products[i * k + j] = products[j * k + i] =
          ProductOfTicks(rows, joint[1 + i], joint[1 + j], joint[pair], lows[i], lows[j]);
    }
  }
  CoMoments moments = CoMoments::Listwise(rows, std::move(units), sums, products);
  const GroupNumbers numbers = rep_->Numbers(rep_->order[group]);
  if (rows == 0 && numbers.counts[0] > 0) {
    const int items = set.k();
    for (int i = 0; i < items; ++i) {
      const std::size_t own = set.partial + TriangleIndex(items, i, i);
      if (numbers.partial == nullptr || numbers.partial[own] == 0) moments.unanswered.push_back(i);
    }
  }
  return moments;
}

CoMoments Aggregates::Pairwise(std::size_t group, int index) const {
  const AggregateLayout& layout = *rep_->layout;
  const SetLayout& set = layout.sets()[static_cast<std::size_t>(index)];
  const GroupNumbers numbers = rep_->Numbers(rep_->order[group]);
  CoMoments moments = Listwise(group, index);
  moments.rows = numbers.counts[0];
  if (numbers.partial == nullptr) return moments;
  const std::size_t k = set.items.size();
  const std::int64_t* partial = numbers.partial;
  for (std::size_t i = 0, pair = 0; i < k; ++i) {
    const absl::int128 low_i = layout.items()[static_cast<std::size_t>(set.items[i])].low;
    for (std::size_t j = i; j < k; ++j, ++pair) {
      const absl::int128 low_j = layout.items()[static_cast<std::size_t>(set.items[j])].low;
      const std::int64_t both = partial[set.partial + pair];
      const std::size_t ij = i * k + j, ji = j * k + i;
      const absl::int128 sum_i = partial[set.partial_sums() + ij], sum_j = partial[set.partial_sums() + ji];
      const absl::int128 product =
          ProductOfTicks(both, sum_i, sum_j, partial[set.partial_products() + pair], low_i, low_j);
      moments.n[ij] += both;
      moments.sum[ij] += sum_i + low_i * both;
      moments.square[ij] +=
          ProductOfTicks(both, sum_i, sum_i, partial[set.partial_squares() + ij], low_i, low_i);
      moments.product[ij] += product;
      if (i == j) continue;
      moments.n[ji] += both;
      moments.sum[ji] += sum_j + low_j * both;
      moments.square[ji] +=
          ProductOfTicks(both, sum_j, sum_j, partial[set.partial_squares() + ji], low_j, low_j);
      moments.product[ji] += product;
    }
  }
  return moments;
}

}  // namespace csat
