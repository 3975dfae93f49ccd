// What an aggregate refuses, and that a refusal changes nothing.
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "arrow/foreign_table.h"
#include "csat/measure/aggregates.h"
#include "csat/survey/selection.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

AggregateItem Item(const char* id, const char* min, const char* max, int places = 0) {
  AggregateItem item;
  item.id = id;
  item.min = *Decimal::Parse(min);
  item.max = *Decimal::Parse(max);
  item.decimal_places = places;
  return item;
}

TEST(AggregateSpecTest, NamesThePartAndTheLimit) {
  struct Row {
    const char* name;
    AggregateSpec spec;
    const char* words;
  };
  std::vector<AggregateItem> many;
  for (int i = 0; i < 257; ++i) many.push_back(Item(absl::StrCat("q", i).c_str(), "1", "5"));
  AggregateItem with_label = Item("q", "1", "5"), twice = with_label, missing = Item("q", "1", "5");
  with_label.labels = {{"good", *Decimal::Parse("6")}};
  twice.labels = {{"good", *Decimal::Parse("5")}, {"good", *Decimal::Parse("4")}};
  missing.missing_values = {*Decimal::Parse("0.5")};
  const Row rows[] = {
      {"nothing at all", {}, ""},
      {"most items", {{}, {many.begin(), many.end() - 1}, {}}, ""},
      {"one more", {{}, many, {}}, "items: 257 are more than 256"},
      {"a key twice", {{"a", "a"}, {}, {}}, "key 'a': is there twice"},
      {"a key without a name", {{""}, {}, {}}, "a key column has no name"},
      {"most keys", {{"a", "b", "c", "d", "e", "f", "g", "h"}, {}, {}}, ""},
      {"one more key", {{"a", "b", "c", "d", "e", "f", "g", "h", "i"}, {}, {}}, "keys: 9 are more than 8"},
      {"an item twice", {{}, {Item("q", "1", "5"), Item("q", "1", "5")}, {}}, "item 'q': is there twice"},
      {"an id", {{}, {Item("Q 1", "1", "5")}, {}}, "item 'Q 1': the id is not [a-z0-9_]{1,64}"},
      {"an empty range", {{}, {Item("q", "5", "5")}, {}}, "item 'q': the range [5, 5] is empty"},
      {"a range off the grid", {{}, {Item("q", "0", "0.25", 1)}, {}}, "has more than 1 decimal places"},
      {"places", {{}, {Item("q", "0", "1", 7)}, {}}, "decimal_places 7 lies outside [0, 6]"},
      {"the widest range", {{}, {Item("q", "-1099511.627776", "1099511.627776", 6)}, {}}, ""},
      {"a wider one", {{}, {Item("q", "0", "1099511.627777", 6)}, {}}, "reaches beyond 1099511627776 ticks"},
      {"one much wider",
       {{}, {Item("q", "0", "4000000000", 3)}, {}},
       "item 'q': the range [0, 4000000000] reaches beyond 1099511627776 ticks"},
      {"one below", {{}, {Item("q", "-9000000000000", "0", 0)}, {}}, "reaches beyond 1099511627776 ticks"},
      {"a label off the range", {{}, {with_label}, {}}, "the label 'good' stands for 6"},
      {"a label twice", {{}, {twice}, {}}, "the label 'good' is there twice"},
      {"a missing value off the grid", {{}, {missing}, {}}, "the missing value 0.5 is no tick"},
      {"a set of one", {{}, {Item("q", "1", "5")}, {{"s", {"q"}}}}, "set 's': 1 items lie outside [2, 64]"},
      {"a set of none that is there", {{}, {Item("q", "1", "5")}, {{"s", {"q", "r"}}}}, "'r' is no item"},
      {"an item twice in a set",
       {{}, {Item("q", "1", "5")}, {{"s", {"q", "q"}}}},
       "the item 'q' is there twice"},
      {"a set within its range",
       {{}, {Item("q", "1", "5"), Item("r", "0", "32768")}, {{"s", {"q", "r"}}}},
       ""},
      {"a set beyond it",
       {{}, {Item("q", "1", "5"), Item("r", "0", "32769")}, {{"s", {"q", "r"}}}},
       "the item 'r' reaches beyond 32768 ticks"},
  };
  for (const Row& row : rows) {
    const absl::StatusOr<Aggregates> made = Aggregates::Create(row.spec);
    if (*row.words == 0) {
      EXPECT_TRUE(made.ok()) << row.name << ": " << made.status();
      continue;
    }
    EXPECT_EQ(made.status().code(), absl::StatusCode::kInvalidArgument) << row.name;
    EXPECT_THAT(std::string(made.status().message()), HasSubstr(row.words)) << row.name;
  }
}

AggregateSpec Spec() {
  AggregateSpec spec;
  spec.by = {"shop"};
  spec.items = {Item("q", "1", "5"), Item("wait", "0", "100000", 3)};
  spec.items[0].missing_values = {Decimal()};
  return spec;
}

std::vector<std::int64_t> Levels(const Aggregates& aggregate, std::size_t group, int item) {
  std::vector<std::int64_t> counts;
  const Frequencies frequencies = aggregate.FrequenciesOf(group, item);
  for (const Frequencies::Level& level : frequencies.levels) counts.push_back(level.count);
  return counts;
}

// Rows of shop 1: ratings and waits.
template <typename T>
absl::Status AddColumns(Aggregates* aggregate, const char* format, std::vector<T> ratings,
                        std::vector<double> waits, Aggregates::AddOptions options = {}) {
  ForeignArray table;
  const std::size_t rows = ratings.size();
  FillColumn(&table.parts.emplace_back(), "shop", "l", std::vector<std::int64_t>(rows, 1));
  FillColumn(&table.parts.emplace_back(), "q", format, ratings);
  FillColumn(&table.parts.emplace_back(), "wait", "g", waits);
  FinishTable(&table, static_cast<std::int64_t>(rows));
  return aggregate->Add(table.schema, table.array, options);
}

// Adds one rating of a type to an exact item of tenths from -1 to 5.
template <typename T>
absl::Status AddExactly(const char* format, T value) {
  AggregateItem item = Item("q", "-1", "5", 1);
  item.exact = true;
  ForeignArray table;
  FillColumn(&table.parts.emplace_back(), "q", format, std::vector<T>{value});
  FinishTable(&table, 1);
  Aggregates aggregate = *Aggregates::Create(AggregateSpec{{}, {item}, {}});
  return aggregate.Add(table.schema, table.array, {});
}

TEST(AggregateAddTest, AnExactItemTakesWhatIsOnItsGrid) {
  struct Row {
    const char* name;
    absl::Status status;
    const char* words;  // "": good.
  };
  const Row rows[] = {
      {"a tenth", AddExactly("g", 4.1), ""},
      {"the nearest double to three tenths", AddExactly("g", 0.3), ""},
      {"the next double", AddExactly("g", 0.1 + 0.2),
       "row 0: column 'q': 0.30000000000000004 lies between two steps of 0.1 of item 'q'"},
      {"a twentieth", AddExactly("g", 4.15),
       "row 0: column 'q': 4.15 lies between two steps of 0.1 of item 'q'"},
      {"above", AddExactly("g", 5.05), "row 0: column 'q': 5.05 lies outside [-1, 5] of item 'q'"},
      {"below zero", AddExactly("g", -0.25), "row 0: column 'q': -0.25 lies between two steps of 0.1"},
      {"a float, a tenth", AddExactly("f", 4.1F), ""},
      {"a float, a twentieth", AddExactly("f", 4.15F),
       "row 0: column 'q': 4.15 lies between two steps of 0.1"},
      {"a decimal, a tenth", AddExactly("d:38,3", absl::int128(4100)), ""},
      {"a decimal, a twentieth", AddExactly("d:38,3", absl::int128(4150)),
       "row 0: column 'q': 4.150 lies between two steps of 0.1"},
      {"a decimal below zero", AddExactly("d:38,3", absl::int128(-50)),
       "row 0: column 'q': -0.050 lies between two steps of 0.1"},
      {"a decimal at the top", AddExactly("d:38,3", absl::int128(5000)), ""},
      {"a decimal above it", AddExactly("d:38,3", absl::int128(5001)),
       "row 0: column 'q': 5.001 lies outside [-1, 5]"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(row.status.ok(), *row.words == '\0') << row.name << ": " << row.status;
    EXPECT_THAT(std::string(row.status.message()), HasSubstr(row.words)) << row.name;
  }
}

TEST(AggregateAddTest, ABadValueFailsTheCallOrItsRow) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN(),
                   kInfinity = std::numeric_limits<double>::infinity();
  struct Row {
    const char* name;
    double rating, wait;
    const char* words;  // "": good.
  };
  const Row rows[] = {
      {"the least", 1, 0, ""},
      {"the most", 5, 100000, ""},
      {"no answer", 0, 1, ""},
      {"to the nearest tick", 5.4999, 100000.0004, ""},
      {"above", 5.5001, 1, "row 1: column 'q': 5.5001 lies outside [1, 5] of item 'q'"},
      {"below", -1, 1, "row 1: column 'q': -1 lies outside [1, 5] of item 'q'"},
      {"NaN", kNan, 1, "row 1: column 'q': NaN lies outside"},
      {"infinity", 3, kInfinity, "row 1: column 'wait': infinity lies outside [0, 100000] of item 'wait'"},
      {"beyond all", 3, -1e300, "row 1: column 'wait': -1e+300 lies outside"},
      {"above the most", 3, 100000.0006, "row 1: column 'wait': 100000"},
  };
  for (const Row& row : rows) {
    Aggregates aggregate = *Aggregates::Create(Spec());
    const std::string before = aggregate.ToBytes();
    const absl::Status status =
        AddColumns(&aggregate, "g", std::vector<double>{3, row.rating, 4}, {10, row.wait, 20});
    if (*row.words == 0) {
      EXPECT_TRUE(status.ok()) << row.name << ": " << status;
      EXPECT_EQ(aggregate.rows(), 3) << row.name;
      continue;
    }
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << row.name;
    EXPECT_THAT(std::string(status.message()), HasSubstr(row.words)) << row.name;
    EXPECT_EQ(aggregate.ToBytes(), before) << row.name;
    Aggregates::AddOptions refuse;
    refuse.bad_rows = Aggregates::AddOptions::BadRows::kRefuse;
    ASSERT_TRUE(
        AddColumns(&aggregate, "g", std::vector<double>{3, row.rating, 4}, {10, row.wait, 20}, refuse).ok());
    EXPECT_EQ(aggregate.rows(), 2) << row.name;
    EXPECT_EQ(aggregate.refused(), 1) << row.name;
    EXPECT_THAT(Levels(aggregate, 0, 0), ElementsAre(0, 0, 1, 1, 0)) << row.name;
    EXPECT_EQ(aggregate.MomentsOf(0, 1).sum, 30000) << row.name;
  }
}

// Every numeric type of column reads the same; bytes go another way than the others.
TEST(AggregateAddTest, TypesOfColumns) {
  const auto add = [](const char* format, auto zero) {
    using T = decltype(zero);
    Aggregates aggregate = *Aggregates::Create(Spec());
    const absl::Status status =
        AddColumns(&aggregate, format, std::vector<T>{T{1}, T{5}, T{0}, T{3}, T{3}}, {1, 2, 3, 4, 5});
    EXPECT_TRUE(status.ok()) << format << ": " << status;
    EXPECT_THAT(Levels(aggregate, 0, 0), ElementsAre(1, 0, 2, 0, 1)) << format;
    const absl::Status bad = AddColumns(&aggregate, format, std::vector<T>{T{1}, T{6}}, {1, 2});
    EXPECT_THAT(std::string(bad.message()), HasSubstr("row 1: column 'q': 6 lies outside [1, 5]")) << format;
    EXPECT_EQ(aggregate.rows(), 5) << format;
  };
  add("c", std::int8_t{});
  add("C", std::uint8_t{});
  add("s", std::int16_t{});
  add("S", std::uint16_t{});
  add("i", std::int32_t{});
  add("I", std::uint32_t{});
  add("l", std::int64_t{});
  add("L", std::uint64_t{});
  add("f", float{});
  add("g", double{});
}

TEST(AggregateAddTest, WordsStandForValues) {
  AggregateSpec spec;
  spec.items = {Item("q", "1", "5")};
  spec.items[0].labels = {{"非常满意", *Decimal::Parse("5")}, {"一般", *Decimal::Parse("3")}};
  for (const bool dictionary : {false, true}) {
    Aggregates aggregate = *Aggregates::Create(spec);
    ForeignArray table, bad;
    if (dictionary) {
      FillDictionary(&table.parts.emplace_back(), "q", "c", std::vector<std::int8_t>{1, 0, 1, 2},
                     {"非常满意", "一般", std::nullopt});
    } else {
      FillTexts(&table.parts.emplace_back(), "q", "u", {"一般", "非常满意", "一般", std::nullopt});
    }
    FinishTable(&table, 4);
    const absl::Status status = aggregate.Add(table.schema, table.array);
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_THAT(Levels(aggregate, 0, 0), ElementsAre(0, 0, 2, 0, 1));
    EXPECT_EQ(aggregate.Rows(0), 4);
    FillTexts(&bad.parts.emplace_back(), "q", "u", {"满意"});
    FinishTable(&bad, 1);
    EXPECT_THAT(std::string(aggregate.Add(bad.schema, bad.array).message()),
                HasSubstr("row 0: column 'q': '满意' is no label of item 'q'"));
  }
}

TEST(AggregateAddTest, ColumnsThatAreNotThere) {
  Aggregates aggregate = *Aggregates::Create(Spec());
  ForeignArray table;
  FillColumn(&table.parts.emplace_back(), "shop", "l", std::vector<std::int64_t>{1});
  FillColumn(&table.parts.emplace_back(), "q", "l", std::vector<std::int64_t>{1});
  FinishTable(&table, 1);
  EXPECT_THAT(std::string(aggregate.Add(table.schema, table.array).message()),
              HasSubstr("column 'wait' of item 'wait' is missing"));
  FillTexts(&table.parts.emplace_back(), "wait", "u", {"x"});
  FinishTable(&table, 1);
  EXPECT_THAT(std::string(aggregate.Add(table.schema, table.array).message()),
              HasSubstr("column 'wait': item 'wait' needs numbers"));
  table.parts[0].format = "g";
  FinishTable(&table, 1);
  table.parts[0].schema.format = "g";
  FillColumn(&table.parts[2], "wait", "g", std::vector<double>{1});
  FinishTable(&table, 1);
  EXPECT_THAT(std::string(aggregate.Add(table.schema, table.array).message()),
              HasSubstr("column 'shop': a key is a bool, an integer, a word or a day"));
  for (const int threads : {0, 257}) {
    Aggregates::AddOptions options;
    options.threads = threads;
    EXPECT_THAT(std::string(aggregate.Add(table.schema, table.array, options).message()),
                HasSubstr(absl::StrCat("threads ", threads, " lies outside [1, 256]")));
  }
}

TEST(AggregateBytesTest, RefusesWhatIsNotItsOwn) {
  AggregateSpec spec = Spec();
  spec.sets = {{"both", {"q", "w"}}};
  spec.items.push_back(Item("w", "0", "3"));
  Aggregates aggregate = *Aggregates::Create(spec);
  ForeignArray table;
  FillColumn(&table.parts.emplace_back(), "shop", "l", std::vector<std::int64_t>{1, 2, 2});
  FillColumn(&table.parts.emplace_back(), "q", "l", std::vector<std::int64_t>{1, 0, 5});
  FillColumn(&table.parts.emplace_back(), "wait", "g", std::vector<double>{1, 2.5, 3});
  FillColumn(&table.parts.emplace_back(), "w", "l", std::vector<std::int64_t>{0, 3, 2});
  FinishTable(&table, 3);
  ASSERT_TRUE(aggregate.Add(table.schema, table.array).ok());
  const std::string bytes = aggregate.ToBytes();
  ASSERT_TRUE(Aggregates::FromBytes(bytes).ok());
  EXPECT_EQ(Aggregates::FromBytes(bytes)->ToBytes(), bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(Aggregates::FromBytes(bytes.substr(0, size)).ok()) << size;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x20);
    EXPECT_FALSE(Aggregates::FromBytes(changed).ok()) << at;
  }
  std::string newer = bytes;
  newer[7] = 2;
  EXPECT_THAT(std::string(Aggregates::FromBytes(newer).status().message()), HasSubstr("version 2 is not 1"));
  EXPECT_THAT(std::string(Aggregates::FromBytes("PAR1").status().message()),
              HasSubstr("they do not start as such"));
  Aggregates other = *Aggregates::Create(Spec());
  EXPECT_EQ(other.Merge(aggregate).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(other.Subtract(aggregate).code(), absl::StatusCode::kFailedPrecondition);
}

// A text that is no UTF-8, under the digest that it needs: refused, and nothing is printed.
// What Protobuf would read as the same message.
TEST(AggregateBytesTest, AreWrittenInOneWay) {
  constexpr std::size_t kHead = 8 + 32;
  const std::string bytes = Aggregates::Create(Spec())->ToBytes(), body = bytes.substr(kHead);
  const auto read = [&](const std::string& other) {
    // The commitment of a seed is its SHA-256.
    const std::string whole = bytes.substr(0, 8) + absl::HexStringToBytes(SeedCommitment(other)) + other;
    return std::string(Aggregates::FromBytes(whole).status().message());
  };
  ASSERT_EQ(body[0], '\x0A');  // Field 1, the spec, and its length in one byte.
  ASSERT_LT(static_cast<unsigned char>(body[1]), 0x80);
  const struct {
    const char* name;
    std::string body, words;
  } rows[] = {
      {"as written", body, ""},
      {"a field that is not known", body + std::string("\xF8\x07\x01", 3),
       "aggregate bytes: not as this library writes them"},
      {"a field that is nothing", body + std::string("\x10\x00", 2),
       "aggregate bytes: not as this library writes them"},
      {"a length in two bytes",
       body.substr(0, 1) + static_cast<char>(body[1] | 0x80) + std::string(1, '\0') + body.substr(2),
       "aggregate bytes: not as this library writes them"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(read(row.body), row.words);
  }
}

TEST(AggregateBytesTest, PrintsNothing) {
  constexpr std::size_t kHead = 8 + 32;
  const std::string bytes = Aggregates::Create(Spec())->ToBytes();
  std::string body = bytes.substr(kHead);
  const std::size_t at = body.find("shop");
  ASSERT_NE(at, std::string::npos);
  body[at] = '\xFF';
  // The commitment of a seed is its SHA-256.
  const std::string changed = bytes.substr(0, 8) + absl::HexStringToBytes(SeedCommitment(body)) + body;
  testing::internal::CaptureStderr();
  const absl::StatusOr<Aggregates> read = Aggregates::FromBytes(changed);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_THAT(std::string(read.status().message()), HasSubstr("no csat.v1.AggregateState"));
}

}  // namespace
}  // namespace csat
