// Aggregates against a plain count of the same rows; and: no split, order, thread count or kind of machine changes a
// byte of them.
// P2-54
#include "csat/measure/aggregates.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "measure/random_rows.h"

namespace csat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Decimal D(const char* text) { return *Decimal::Parse(text); }

AggregateItem Item(const char* id, const char* min, const char* max, int places = 0) {
  AggregateItem item;
  item.id = id;
  item.min = D(min);
  item.max = D(max);
  item.decimal_places = places;
  return item;
}

AggregateSpec SmallSpec() {
  AggregateSpec spec;
  spec.by = {"shop", "month"};
  spec.items = {Item("q1", "1", "5"),         Item("q2", "1", "5"), Item("nps", "0", "10"),
                Item("score", "0", "100", 2), Item("t", "-2", "2"), Item("wait", "-50", "3600000", 3)};
  spec.sets = {{"quality", {"q1", "q2", "t"}}, {"mixed", {"nps", "score", "q1"}}};
  return spec;
}

Aggregates Made(const AggregateSpec& spec) {
  absl::StatusOr<Aggregates> made = Aggregates::Create(spec);
  EXPECT_TRUE(made.ok()) << made.status();
  return *std::move(made);
}

void AddRows(const AggregateSpec& spec, const std::vector<PlainRow>& rows, std::size_t from, std::size_t to,
             int threads, Aggregates* aggregate) {
  ForeignArray table;
  FillTable(spec, rows, from, to, &table);
  Aggregates::AddOptions options;
  options.threads = threads;
  const absl::Status status = aggregate->Add(table.schema, table.array, options);
  ASSERT_TRUE(status.ok()) << status;
}

// What a group is to hold, counted value by value.
struct PlainGroup {
  std::int64_t rows = 0;
  std::vector<std::map<std::int64_t, std::int64_t>> counts;
};

void CheckItems(const Aggregates& aggregate, std::size_t group, const PlainGroup& plain) {
  for (std::size_t i = 0; i < plain.counts.size(); ++i) {
    const int item = static_cast<int>(i);
    const AggregateItem& spec = aggregate.spec().items[i];
    std::int64_t unit = 1;
    for (int p = 0; p < spec.decimal_places; ++p) unit *= 10;
    Moments wanted;
    for (const auto& [ticks, count] : plain.counts[i]) {
      wanted.n += count;
      wanted.sum += absl::int128(ticks) * count;
      wanted.square_sum += absl::int128(ticks) * ticks * count;
    }
    const Moments moments = aggregate.MomentsOf(group, item);
    ASSERT_EQ(moments.n, wanted.n);
    ASSERT_EQ(moments.sum, wanted.sum);
    ASSERT_EQ(moments.square_sum, wanted.square_sum);
    ASSERT_EQ(moments.unit, unit);
    if (!aggregate.HasLevels(item)) continue;
    std::int64_t tick = spec.min.micros() * unit / Decimal::kOne;
    const Frequencies frequencies = aggregate.FrequenciesOf(group, item);
    ASSERT_EQ(frequencies.unit, unit);
    for (const Frequencies::Level& level : frequencies.levels) {
      ASSERT_EQ(level.value, tick++);
      const auto found = plain.counts[i].find(level.value);
      ASSERT_EQ(level.count, found == plain.counts[i].end() ? 0 : found->second);
    }
  }
}

void CheckSame(const CoMoments& moments, const CoMoments& wanted) {
  ASSERT_EQ(moments.items, wanted.items);
  ASSERT_EQ(moments.rows, wanted.rows);
  ASSERT_EQ(moments.units, wanted.units);
  ASSERT_EQ(moments.n, wanted.n);
  ASSERT_EQ(moments.sum, wanted.sum);
  ASSERT_EQ(moments.square, wanted.square);
  ASSERT_EQ(moments.product, wanted.product);
}

// Over rows that have both of a pair; `complete`: over those that have all.
CoMoments PlainMoments(const AggregateSpec& spec, const std::vector<std::size_t>& items,
                       const std::vector<const PlainRow*>& rows, bool complete) {
  const std::size_t k = items.size();
  CoMoments moments;
  moments.items = static_cast<int>(k);
  moments.n.resize(k * k);
  for (std::vector<absl::int128>* matrix : {&moments.sum, &moments.square, &moments.product})
    matrix->resize(k * k);
  for (const std::size_t item : items) {
    moments.units.push_back(1);
    for (int p = 0; p < spec.items[item].decimal_places; ++p) moments.units.back() *= 10;
  }
  for (const PlainRow* row : rows) {
    const auto at = [&](std::size_t i) { return row->ticks[items[i]]; };
    bool all = true;
    for (std::size_t i = 0; i < k; ++i) all = all && at(i).has_value();
    if (complete && !all) continue;
    ++moments.rows;
    for (std::size_t i = 0; i < k; ++i) {
      for (std::size_t j = 0; j < k; ++j) {
        if (!at(i).has_value() || !at(j).has_value()) continue;
        ++moments.n[i * k + j];
        moments.sum[i * k + j] += *at(i);
        moments.square[i * k + j] += absl::int128(*at(i)) * *at(i);
        moments.product[i * k + j] += absl::int128(*at(i)) * *at(j);
      }
    }
  }
  return moments;
}

void CheckJoint(const Aggregates& aggregate, std::size_t group, int set,
                const std::vector<const PlainRow*>& rows) {
  const AggregateItemSet& spec = aggregate.spec().sets[static_cast<std::size_t>(set)];
  std::vector<std::size_t> items;
  for (const std::string& id : spec.items) items.push_back(static_cast<std::size_t>(aggregate.FindItem(id)));
  CheckSame(aggregate.Pairwise(group, set), PlainMoments(aggregate.spec(), items, rows, false));
  CheckSame(aggregate.Listwise(group, set), PlainMoments(aggregate.spec(), items, rows, true));
}

void CheckAgainstPlain(const Aggregates& aggregate, const std::vector<PlainRow>& rows) {
  std::map<std::vector<AggregateKey>, std::vector<const PlainRow*>> by_keys;
  for (const PlainRow& row : rows) by_keys[row.keys].push_back(&row);
  ASSERT_EQ(aggregate.groups(), by_keys.size());
  ASSERT_EQ(aggregate.rows(), static_cast<std::int64_t>(rows.size()));
  std::size_t group = 0;
  for (const auto& [keys, own] : by_keys) {
    ASSERT_EQ(aggregate.Keys(group), keys);
    ASSERT_EQ(aggregate.Find(keys), static_cast<std::ptrdiff_t>(group));
    ASSERT_EQ(aggregate.Rows(group), static_cast<std::int64_t>(own.size()));
    PlainGroup plain;
    plain.counts.resize(aggregate.spec().items.size());
    for (const PlainRow* row : own) {
      for (std::size_t i = 0; i < row->ticks.size(); ++i) {
        if (row->ticks[i].has_value()) ++plain.counts[i][*row->ticks[i]];
      }
    }
    CheckItems(aggregate, group, plain);
    for (std::size_t set = 0; set < aggregate.spec().sets.size(); ++set)
      CheckJoint(aggregate, group, static_cast<int>(set), own);
    ++group;
  }
}

TEST(AggregateTest, IsThePlainCount) {
  struct Case {
    const char* name;
    std::size_t keys, rows;
    int nulls, groups;
  };
  const Case cases[] = {
      {"one group, complete", 0, 5000, 0, 1},
      {"one group, gaps", 0, 5000, 7, 1},
      {"one row", 0, 1, 0, 1},
      {"words", 1, 3000, 5, 6},
      {"words and numbers", 2, 6000, 9, 4},
      {"wide numbers too", 3, 4000, 0, 3},
      {"no rows", 2, 0, 0, 3},
      {"nothing but gaps", 1, 400, 1, 2},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    AggregateSpec spec = SmallSpec();
    spec.by.assign({"shop", "month", "branch"});
    spec.by.resize(one.keys);
    RowMaker maker(spec, 20261122);
    const std::vector<PlainRow> rows = maker.Rows(one.rows, one.nulls, one.groups);
    Aggregates aggregate = Made(spec);
    AddRows(spec, rows, 0, rows.size(), 1, &aggregate);
    CheckAgainstPlain(aggregate, rows);
  }
}

// Splits, orders and threads; merged in any tree.
TEST(AggregateTest, NoSplitChangesAByte) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    AggregateSpec spec = SmallSpec();
    RowMaker maker(spec, seed);
    spec.by.resize(maker.Roll(3));
    std::vector<PlainRow> rows =
        maker.Rows(maker.Roll(9000), static_cast<int>(maker.Roll(8)), 1 + static_cast<int>(maker.Roll(5)));
    Aggregates whole = Made(spec);
    AddRows(spec, rows, 0, rows.size(), 1, &whole);
    const std::string bytes = whole.ToBytes();

    for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[maker.Roll(i)]);
    std::vector<Aggregates> parts;
    for (std::size_t from = 0; from < rows.size() || parts.empty();) {
      const std::size_t to = std::min(rows.size(), from + 1 + maker.Roll(5000));
      parts.push_back(Made(spec));
      AddRows(spec, rows, from, to, 1 + static_cast<int>(maker.Roll(8)), &parts.back());
      if (maker.Roll(2) == 0) {  // Through bytes, as between processes.
        absl::StatusOr<Aggregates> read = Aggregates::FromBytes(parts.back().ToBytes());
        ASSERT_TRUE(read.ok()) << read.status();
        parts.back() = *std::move(read);
      }
      from = to;
    }
    while (parts.size() > 1) {
      const std::size_t a = maker.Roll(parts.size());
      std::size_t b = maker.Roll(parts.size() - 1);
      b += b >= a ? 1 : 0;
      ASSERT_TRUE(parts[a].Merge(parts[b]).ok());
      parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(b));
    }
    ASSERT_EQ(parts.front().ToBytes(), bytes);

    // One after another into the same state.
    Aggregates grown = Made(spec);
    for (std::size_t from = 0; from < rows.size();) {
      const std::size_t to = std::min(rows.size(), from + 1 + maker.Roll(2000));
      AddRows(spec, rows, from, to, 1, &grown);
      from = to;
    }
    ASSERT_EQ(grown.ToBytes(), bytes);
  }
}

TEST(AggregateTest, SubtractUndoesMerge) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    const AggregateSpec spec = SmallSpec();
    RowMaker maker(spec, seed);
    const std::vector<PlainRow> rows = maker.Rows(3000, static_cast<int>(maker.Roll(6)), 4);
    const std::size_t cut = maker.Roll(rows.size());
    Aggregates first = Made(spec), second = Made(spec);
    AddRows(spec, rows, 0, cut, 1, &first);
    AddRows(spec, rows, cut, rows.size(), 1, &second);
    Aggregates both = first;
    ASSERT_TRUE(both.Merge(second).ok());
    const std::string whole = both.ToBytes();
    ASSERT_TRUE(both.Subtract(second).ok());
    EXPECT_EQ(both.ToBytes(), first.ToBytes());
    ASSERT_TRUE(both.Subtract(first).ok());
    EXPECT_EQ(both.groups(), 0u);
    EXPECT_EQ(both.rows(), 0);
    // What is not there cannot be taken out, and nothing has changed.
    const std::string before = first.ToBytes();
    Aggregates all = first;
    ASSERT_TRUE(all.Merge(second).ok());
    const absl::Status status = first.Subtract(all);
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
    EXPECT_EQ(first.ToBytes(), before);
    EXPECT_EQ(all.ToBytes(), whole);
  }
}

// P2-54: ratings 10, 9, 8, 3 of one minute, in two shards.
TEST(AggregateTest, ShardsOfAMinute) {
  AggregateSpec spec;
  spec.by = {"minute"};
  spec.items = {Item("nps", "0", "10")};
  const auto shard = [&](std::vector<std::int8_t> ratings) {
    ForeignArray table;
    table.format = "+s";
    FillTexts(&table.parts.emplace_back(), "minute", "u",
              std::vector<std::optional<std::string>>(ratings.size(), std::string("10:00")));
    FillColumn(&table.parts.emplace_back(), "nps", "c", ratings);
    table.buffers = {nullptr};
    table.Finish(static_cast<std::int64_t>(ratings.size()));
    Aggregates made = Made(spec);
    EXPECT_TRUE(made.Add(table.schema, table.array).ok());
    return made;
  };
  Aggregates one = shard({10, 9}), other = shard({8, 3});
  const Aggregates all = shard({10, 9, 8, 3});
  ASSERT_TRUE(other.Merge(one).ok());
  EXPECT_EQ(other.ToBytes(), all.ToBytes());
  EXPECT_EQ(all.MomentsOf(0, 0).n, 4);
  std::vector<std::int64_t> counts;
  const Frequencies frequencies = all.FrequenciesOf(0, 0);
  for (const Frequencies::Level& level : frequencies.levels) counts.push_back(level.count);
  EXPECT_THAT(counts, ElementsAre(0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1));
}

}  // namespace
}  // namespace csat
