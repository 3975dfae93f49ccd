// Numbers as bits, and what the bytes of an aggregate cost beside the information in them.
#include "measure/number_bits.h"

#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "arrow/foreign_table.h"
#include "csat/measure/aggregates.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "measure/number_model.h"

namespace csat {
namespace {

constexpr absl::uint128 kMost = ~absl::uint128(0);

TEST(NumberBitsTest, CodesAsPublished) {
  struct Row {
    std::uint64_t number;
    int order;
    const char* code;
  };
  const Row rows[] = {
      {0, 0, "1"},     {1, 0, "010"},     {2, 0, "011"},     {3, 0, "00100"},
      {6, 0, "00111"}, {7, 0, "0001000"}, {0, 1, "10"},      {1, 1, "11"},
      {2, 1, "0100"},  {5, 1, "0111"},    {6, 1, "001000"},  {0, 3, "1000"},
      {7, 3, "1111"},  {8, 3, "010000"},  {23, 3, "011111"}, {24, 3, "00100000"},
  };
  for (const Row& row : rows) {
    NumberWriter writer;
    writer.Put(row.number, row.order);
    const std::string bytes = writer.Finish();
    std::string bits;
    for (const char byte : bytes) {
      for (int bit = 7; bit >= 0; --bit) bits += (byte >> bit & 1) != 0 ? '1' : '0';
    }
    const std::string code = row.code;
    EXPECT_EQ(bits.substr(0, code.size()), code) << row.number << " of order " << row.order;
    EXPECT_EQ(bits.find('1', code.size()), std::string::npos);
    EXPECT_EQ(bytes.size(), (code.size() + 7) / 8);
  }
}

TEST(NumberBitsTest, ReadsWhatItWrites) {
  std::mt19937_64 engine(5);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::pair<absl::uint128, int>> put;
    NumberWriter writer;
    for (std::size_t i = 0, n = engine() % 20; i < n; ++i) {
      const int order = static_cast<int>(engine() % 128);
      const auto shift = 1 + static_cast<int>(engine() % 127);
      put.emplace_back(absl::MakeUint128(engine(), engine()) >> shift, order);
      writer.Put(put.back().first, order);
      writer.PutBit((order & 1) != 0);
    }
    const std::string bytes = writer.Finish();
    NumberReader reader(bytes);
    for (const auto& [number, order] : put) {
      absl::uint128 found = 0;
      bool bit = false;
      ASSERT_TRUE(reader.Get(order, &found) && reader.GetBit(&bit)) << order;
      ASSERT_EQ(found, number);
      ASSERT_EQ(bit, (order & 1) != 0);
    }
    EXPECT_TRUE(reader.AtEnd());
  }
}

TEST(NumberBitsTest, RefusesWhatIsNoCode) {
  struct Row {
    const char* name;
    std::string bytes;
    int order;
  };
  const Row rows[] = {
      {"nothing", "", 0},
      {"only zeros", std::string(8, '\0'), 0},
      {"zeros without end", std::string(100, '\0'), 0},
      {"129 bits", std::string(16, '\0') + std::string(17, '\xFF'), 0},
      {"beyond 127 bits by its order", std::string(1, '\x01') + std::string(40, '\xFF'), 121},
      {"cut off", std::string(1, '\x01'), 0},
      {"cut off in the lowest bits", std::string(1, '\xFF'), 8},
  };
  for (const Row& row : rows) {
    NumberReader reader(row.bytes);
    absl::uint128 number = 0;
    EXPECT_FALSE(reader.Get(row.order, &number)) << row.name;
  }
  const std::string with_zeros("\x80", 1), another_byte("\x80\0", 2), another_bit("\xC0", 1);
  NumberReader filled(with_zeros), more(another_byte), ones(another_bit);
  absl::uint128 number = 0;
  for (NumberReader* reader : {&filled, &more, &ones}) ASSERT_TRUE(reader->Get(0, &number));
  EXPECT_TRUE(filled.AtEnd());
  EXPECT_FALSE(more.AtEnd());
  EXPECT_FALSE(ones.AtEnd());
}

TEST(NumberBitsTest, FoldsSigns) {
  const std::int64_t signs[] = {0, -1, 1, -2, 2};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(FoldSign(signs[i]), absl::uint128(i));
    EXPECT_EQ(static_cast<absl::int128>(UnfoldSign(i)), absl::int128(signs[i]));
  }
  const absl::int128 least = absl::Int128Min(), most = absl::Int128Max();
  EXPECT_EQ(FoldSign(least), kMost);
  EXPECT_EQ(static_cast<absl::int128>(UnfoldSign(FoldSign(least))), least);
  EXPECT_EQ(static_cast<absl::int128>(UnfoldSign(FoldSign(most))), most);
}

TEST(NumberModelTest, ReadsWhatItWritesForAnyTotal) {
  std::mt19937_64 engine(6);
  for (int round = 0; round < 5000; ++round) {
    const std::int64_t rows = 1 + static_cast<std::int64_t>(engine() >> (2 + engine() % 62));
    const auto any = [&] {
      return static_cast<absl::int128>(absl::MakeUint128(engine(), engine())) >>
             (2 + static_cast<int>(engine() % 125));
    };
    const std::int64_t group_rows =
        1 + static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(rows));
    NumberModel model(any(), rows);
    const absl::int128 value = any();
    model.Look(value, group_rows);
    if (engine() % 2 == 0) model.Settle();
    NumberWriter writer;
    model.Write(value, group_rows, &writer);
    const std::string bytes = writer.Finish();
    NumberReader reader(bytes);
    absl::int128 found = 0;
    ASSERT_TRUE(model.Read(group_rows, &reader, &found));
    ASSERT_EQ(found, value);
  }
}

TEST(NumberModelTest, ExpectsTheNearestShare) {
  struct Row {
    std::int64_t total, rows, group_rows, expected;
  };
  const Row rows[] = {{10, 100, 10, 1},
                      {10, 100, 4, 0},
                      {10, 100, 5, 1},
                      {-10, 100, 10, -1},
                      {-10, 100, 5, 0},
                      {-10, 100, 6, -1},
                      {250, 100, 3, 8},
                      {0, 7, 7, 0},
                      {1LL << 40, 1LL << 40, 1LL << 39, 1LL << 39},
                      {3, 1LL << 40, 1LL << 40, 3}};
  for (const Row& row : rows) {
    const NumberModel model(row.total, row.rows);
    NumberWriter writer;
    model.Write(row.expected, row.group_rows, &writer);
    EXPECT_EQ(static_cast<unsigned char>(writer.Finish()[0]) >> 7, 1) << row.total << " of " << row.rows;
  }
}

// Groups of so many responses to ten items and a recommendation: the bytes of a group beside the entropy of each of its
// numbers over the groups.
TEST(AggregateBytesTest, StayWithinTwiceTheirInformation) {
  for (const int group_rows : {12, 60, 500, 3000}) {
    constexpr int kGroups = 400;
    std::mt19937_64 engine(static_cast<std::uint64_t>(group_rows));
    AggregateSpec spec;
    spec.by = {"group"};
    ForeignArray table;
    const auto n = static_cast<std::size_t>(group_rows) * kGroups;
    std::vector<std::int64_t> groups(n);
    for (std::int64_t& group : groups) group = static_cast<std::int64_t>(engine() % kGroups);
    FillColumn(&table.parts.emplace_back(), "group", "l", groups);
    for (int i = 0; i < 11; ++i) {
      std::vector<std::int8_t> values(n);
      const unsigned levels = i == 10 ? 11 : 5;
      for (std::int8_t& value : values)
        value = static_cast<std::int8_t>((engine() % levels + engine() % levels) / 2 + 1);
      AggregateItem item;
      item.id = "q" + std::to_string(i);
      item.min = *Decimal::Parse("1");
      item.max = *Decimal::Parse(std::to_string(levels));
      spec.items.push_back(item);
      FillColumn(&table.parts.emplace_back(), item.id, "c", values);
    }
    FinishTable(&table, static_cast<std::int64_t>(n));
    Aggregates aggregate = *Aggregates::Create(spec);
    ASSERT_TRUE(aggregate.Add(table.schema, table.array).ok());
    std::vector<std::map<std::int64_t, int>> seen;
    for (std::size_t group = 0; group < aggregate.groups(); ++group) {
      std::size_t at = 0;
      const auto see = [&](std::int64_t number) {
        if (at == seen.size()) seen.emplace_back();
        ++seen[at++][number];
      };
      see(aggregate.Rows(group));
      for (int item = 0; item < 11; ++item) {
        for (const auto& level : aggregate.FrequenciesOf(group, item).levels) see(level.count);
      }
    }
    double bits = 0;
    for (const std::map<std::int64_t, int>& number : seen) {
      for (const auto& [value, count] : number)
        bits -= count * std::log2(count / static_cast<double>(aggregate.groups()));
    }
    const double information = bits / 8, bytes = static_cast<double>(aggregate.ToBytes().size());
    EXPECT_LT(bytes, 2 * information) << "groups of " << group_rows;
    RecordProperty("bytes_per_information_" + std::to_string(group_rows),
                   std::to_string(bytes / information));
  }
}

}  // namespace
}  // namespace csat
