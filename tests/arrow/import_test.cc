#include "arrow/import.h"

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "arrow/foreign_table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using Words = std::vector<std::optional<std::string>>;

struct Broken {
  const char* name;
  std::function<void(ForeignArray* column)> fill;  // 3 rows.
  std::function<void(ForeignArray* table)> harm;   // Done to the finished table; may be empty.
  const char* message;                             // Part of the refusal.
};

class ImportTest : public testing::TestWithParam<Broken> {};

void Numbers(ForeignArray* column) { FillColumn<double>(column, "x", "g", {1, 2, 3}); }
void Texts(ForeignArray* column) { FillTexts(column, "w", "u", {"ab", "c", "d"}); }
void Views(ForeignArray* column) { FillTexts(column, "w", "vu", {"a word beyond 12 bytes", "c", "d"}); }
void Lists(ForeignArray* column) { FillLists<double>(column, "l", "+l", "g", {{1, 2}, {3}, {}}); }

// Word `i` of a buffer of the first column.
template <typename T>
T& At(ForeignArray* table, std::size_t buffer, std::size_t i) {
  return static_cast<T*>(const_cast<void*>(table->parts[0].buffers[buffer]))[i];
}

// Every refusal is one line with the column, the value and the limit.
TEST_P(ImportTest, Refuses) {
  ForeignArray table;
  GetParam().fill(&table.parts.emplace_back());
  FinishTable(&table, 3);
  if (GetParam().harm) GetParam().harm(&table);
  absl::Status status;
  const absl::StatusOr<Table> read = Table::Import(table.schema, table.array);
  status = read.status();
  if (read.ok()) status = read->View(0).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const std::string message(status.message());
  EXPECT_THAT(message, testing::HasSubstr(GetParam().message));
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

std::string NameOf(const testing::TestParamInfo<Broken>& info) { return info.param.name; }

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

INSTANTIATE_TEST_SUITE_P(
    Tables, ImportTest,
    testing::ValuesIn<Broken>({
        {"ReleasedArray", Numbers, [](ForeignArray* t) { t->array.release = nullptr; },
         "table: the array has been released"},
        {"ReleasedSchema", Numbers, [](ForeignArray* t) { t->schema.release = nullptr; },
         "table: the schema has been released"},
        {"NoFormat", Numbers, [](ForeignArray* t) { t->schema.format = nullptr; },
         "table: the schema has no format"},
        {"NotAStruct", Numbers, [](ForeignArray* t) { t->schema.format = "i"; }, "format 'i' is not '+s'"},
        {"LengthNegative", Numbers, [](ForeignArray* t) { t->array.length = -1; }, "length -1 lies outside"},
        {"LengthHuge", Numbers, [](ForeignArray* t) { t->array.length = kMost; }, "lies outside [0, 2^48]"},
        {"OffsetNegative", Numbers, [](ForeignArray* t) { t->array.offset = -2; }, "offset -2 lies outside"},
        {"OffsetHuge", Numbers, [](ForeignArray* t) { t->array.offset = kMost; }, "lies outside [0, 2^48]"},
        {"ChildrenNegative", Numbers, [](ForeignArray* t) { t->schema.n_children = -1; },
         "-1 children, below 0"},
        {"NoChildren", Numbers, [](ForeignArray* t) { t->array.children = nullptr; },
         "1 children, and their list is NULL"},
        {"NoSchemaChildren", Numbers, [](ForeignArray* t) { t->schema.children = nullptr; },
         "1 children, but their list is NULL"},
        {"SchemaAndArrayDiffer", Numbers, [](ForeignArray* t) { t->schema.n_children = 0; },
         "the schema has 0 columns, the array has 1"},
        {"NullChild", Numbers, [](ForeignArray* t) { t->array_pointers[0] = nullptr; }, "column 0 is NULL"},
        {"NoBuffers", Numbers, [](ForeignArray* t) { t->array.buffers = nullptr; },
         "1 buffers, and their list is NULL"},
        {"TwoBuffers", Numbers, [](ForeignArray* t) { t->array.n_buffers = 2; },
         "a struct has 1 buffer, not 2"},
        {"ShortChild", Numbers, [](ForeignArray* t) { t->parts[0].array.length = 2; },
         "column 'x': length 2 is below the table's offset + rows, 3"},
        {"SlicePastTheEnd", Numbers, [](ForeignArray* t) { t->array.offset = 1; },
         "column 'x': length 3 is below the table's offset + rows, 4"},
        {"NullRow", Numbers,
         [](ForeignArray* t) {
           t->buffers[0] = t->KeepBits({true, false, true});
           t->array.null_count = -1;
         },
         "row 1 is null as a whole"},
    }),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Columns, ImportTest,
    testing::ValuesIn<Broken>({
        {"Released", Numbers, [](ForeignArray* t) { t->parts[0].array.release = nullptr; },
         "column 'x': the array has been released"},
        {"UnknownFormat", Numbers, [](ForeignArray* t) { t->parts[0].schema.format = "zz"; },
         "column 'x': format 'zz' is none of"},
        {"EmptyFormat", Numbers, [](ForeignArray* t) { t->parts[0].schema.format = ""; },
         "format '' is none of"},
        {"FormatWithBell", Numbers, [](ForeignArray* t) { t->parts[0].schema.format = "g\a"; },
         R"(format 'g\u0007')"},
        {"NullCountBelow", Numbers, [](ForeignArray* t) { t->parts[0].array.null_count = -2; },
         "null count -2 lies outside [-1, 3]"},
        {"NullCountAbove", Numbers, [](ForeignArray* t) { t->parts[0].array.null_count = 4; },
         "null count 4 lies outside [-1, 3]"},
        {"NullsWithoutBits", Numbers, [](ForeignArray* t) { t->parts[0].array.null_count = 1; },
         "null count 1 without a validity buffer"},
        {"NullCountWrong",
         [](ForeignArray* c) {
           FillColumn<double>(c, "x", "g", {1, 2, 3}, {false, true, false});
         },
         [](ForeignArray* t) { t->parts[0].array.null_count = 0; },
         "null count 0, but the validity buffer has 1 nulls"},
        {"NoValues", Numbers, [](ForeignArray* t) { t->parts[0].buffers[1] = nullptr; },
         "buffer 1 (values or offsets) is NULL for 3 rows"},
        {"OneBuffer", Numbers, [](ForeignArray* t) { t->parts[0].array.n_buffers = 1; },
         "has 2 buffers, not 1"},
        {"BuffersNegative", Numbers, [](ForeignArray* t) { t->parts[0].array.n_buffers = -1; }, "-1 buffers"},
        {"ChildOfANumber", Numbers,
         [](ForeignArray* t) {
           t->parts[0].array.n_children = 1;
           t->parts[0].array.children = t->array.children;
         },
         "has 1 children, where 0 is the limit"},
        {"DictionaryOnOneSide", Numbers,
         [](ForeignArray* t) { t->parts[0].array.dictionary = &t->parts[0].array; },
         "the array has a dictionary, the schema has none"},
        {"DecimalOf256",
         [](ForeignArray* c) {
           FillColumn<std::int64_t>(c, "x", "d:9,2,256", {1, 2, 3});
         },
         {},
         "format 'd:9,2,256'"},
        {"DecimalNoScale",
         [](ForeignArray* c) {
           FillColumn<std::int64_t>(c, "x", "d:9", {1, 2, 3});
         },
         {},
         "format 'd:9'"},
        {"DecimalTooWide",
         [](ForeignArray* c) {
           FillColumn<std::int64_t>(c, "x", "d:39,2", {1, 2, 3});
         },
         {},
         "format 'd:39,2'"},
        {"DecimalTooDeep",
         [](ForeignArray* c) {
           FillColumn<std::int64_t>(c, "x", "d:38,39", {1, 2, 3});
         },
         {},
         "format 'd:38,39'"},
        {"DecimalTrailing",
         [](ForeignArray* c) {
           FillColumn<std::int64_t>(c, "x", "d:38,3,", {1, 2, 3});
         },
         {},
         "format 'd:38,3,'"},
    }),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Words, ImportTest,
    testing::ValuesIn<Broken>({
        {"OffsetsFall", Texts, [](ForeignArray* t) { At<std::int32_t>(t, 1, 2) = 1; },
         "column 'w': row 1 ends at offset 1, before its begin 2"},
        {"OffsetNegative", Texts, [](ForeignArray* t) { At<std::int32_t>(t, 1, 0) = -1; },
         "offset -1 of row 0 is below 0"},
        {"NoBytes", Texts, [](ForeignArray* t) { t->parts[0].buffers[2] = nullptr; },
         "the data buffer is NULL for 4 bytes"},
        {"NoOffsets", Texts, [](ForeignArray* t) { t->parts[0].buffers[1] = nullptr; },
         "buffer 1 (values or offsets) is NULL"},
        {"NotUtf8",
         [](ForeignArray* c) {
           FillTexts(c, "w", "u", {"ab", "\xff", "d"});
         },
         {},
         "row 1 is not UTF-8"},
        {"Surrogate",
         [](ForeignArray* c) {
           FillTexts(c, "w", "U", {"ab", "c", "\xed\xa0\x80"});
         },
         {},
         "row 2 is not UTF-8"},
        {"Overlong",
         [](ForeignArray* c) {
           FillTexts(c, "w", "u", {"\xe0\x9f\xbf", "c", "d"});
         },
         {},
         "row 0 is not UTF-8"},
        {"BeyondUnicode",
         [](ForeignArray* c) {
           FillTexts(c, "w", "u", {"\xf4\x90\x80\x80", "c", "d"});
         },
         {},
         "row 0 is not UTF-8"},
        {"CutInACharacter",
         [](ForeignArray* c) {
           FillTexts(c, "w", "u", {"\xc3", "\xa9", "d"});
         },
         {},
         "row 0 is not UTF-8"},
        {"ViewSizeNegative", Views, [](ForeignArray* t) { At<std::int32_t>(t, 1, 4) = -7; },
         "row 1 has -7 bytes, below 0"},
        {"ViewBufferUnknown", Views, [](ForeignArray* t) { At<std::int32_t>(t, 1, 2) = 1; },
         "row 0 lies in data buffer 1 of 1"},
        {"ViewPastTheEnd", Views, [](ForeignArray* t) { At<std::int32_t>(t, 1, 3) = 5; },
         "row 0 ends at byte 27 of a data buffer of 24"},
        {"ViewOfTwoBuffers", Views, [](ForeignArray* t) { t->parts[0].array.n_buffers = 2; },
         "format 'vu' has"},
        {"ViewNotUtf8",
         [](ForeignArray* c) {
           FillTexts(c, "w", "vu", {"ab", "\xc0\x80", "d"});
         },
         {},
         "row 1 is not UTF-8"},
    }),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Nested, ImportTest,
    testing::ValuesIn<Broken>({
        {"IndexTooHigh",
         [](ForeignArray* c) {
           FillDictionary<std::int8_t>(c, "k", "c", {0, 2, 1}, Words{"a", "b"});
         },
         {},
         "column 'k': index 2 of row 1 lies outside the dictionary of 2 values"},
        {"IndexNegative",
         [](ForeignArray* c) {
           FillDictionary<std::int32_t>(c, "k", "i", {0, 1, -1}, Words{"a", "b"});
         },
         {},
         "index -1 of row 2 lies outside the dictionary of 2 values"},
        {"IndexBeyondInt64",
         [](ForeignArray* c) {
           FillDictionary<std::uint64_t>(c, "k", "L", {0, ~std::uint64_t{0}, 0}, Words{"a"});
         },
         {},
         "of row 1 lies outside the dictionary of 1 values"},
        {"IndexNotInteger",
         [](ForeignArray* c) {
           FillDictionary<double>(c, "k", "g", {0, 1, 0}, Words{"a", "b"});
         },
         {},
         "format 'g' of the indices is not an integer"},
        {"DictionaryNotUtf8",
         [](ForeignArray* c) {
           FillDictionary<std::int8_t>(c, "k", "c", {0, 0, 0}, Words{"\xfe"});
         },
         {},
         "dictionary of column 'k': row 0 is not UTF-8"},
        {"DictionaryReleased",
         [](ForeignArray* c) {
           FillDictionary<std::int8_t>(c, "k", "c", {0, 0, 0}, Words{"a"});
         },
         [](ForeignArray* t) { t->parts[0].parts[0].array.release = nullptr; },
         "dictionary of column 'k': the array has been released"},
        {"ListOffsetsFall", Lists, [](ForeignArray* t) { At<std::int32_t>(t, 1, 2) = 1; },
         "column 'l': row 1 ends at offset 1, before its begin 2"},
        {"ListPastItsItems", Lists, [](ForeignArray* t) { t->parts[0].parts[0].array.length = 2; },
         "the last row ends at item 3 of 2"},
        {"ListWithoutItems", Lists, [](ForeignArray* t) { t->parts[0].array.n_children = 0; },
         "a list has 1 child, not 0"},
        {"ListOfLists", Lists, [](ForeignArray* t) { t->parts[0].parts[0].schema.format = "+l"; },
         "is nested deeper than 1 list"},
        {"ListWithoutOffsets", Lists, [](ForeignArray* t) { t->parts[0].buffers[1] = nullptr; },
         "the offsets are NULL for 3 rows"},
    }),
    NameOf);

TEST(Import, ReadsTextsOfAllForms) {
  for (const char* format : {"u", "U", "vu"}) {
    ForeignArray table;
    FillTexts(&table.parts.emplace_back(), "w", format,
              {"", std::nullopt, "\xe5\xae\xa2\xe6\x88\xb7", "a word beyond 12 bytes"});
    FinishTable(&table, 4);
    const absl::StatusOr<Table> read = Table::Import(table.schema, table.array);
    ASSERT_TRUE(read.ok()) << read.status();
    const absl::StatusOr<Column> column = read->View(0);
    ASSERT_TRUE(column.ok()) << format << column.status();
    EXPECT_TRUE(column->HasValue(0));
    EXPECT_EQ(column->Text(0), "");
    EXPECT_FALSE(column->HasValue(1));
    EXPECT_EQ(column->Text(2), "\xe5\xae\xa2\xe6\x88\xb7");
    EXPECT_EQ(column->Text(3), "a word beyond 12 bytes");
  }
}

// A slice of the table and a slice of the column add up.
TEST(Import, OffsetsAddUp) {
  ForeignArray table;
  FillColumn<std::int32_t>(&table.parts.emplace_back(), "x", "i", {0, 1, 2, 3, 4, 5},
                           {false, false, false, true, false, false});
  table.parts[0].array.length = 5;
  table.parts[0].array.offset = 1;
  FinishTable(&table, 2);
  table.array.offset = 2;
  const absl::StatusOr<Table> read = Table::Import(table.schema, table.array);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->rows(), 2);
  const absl::StatusOr<Column> column = read->View(0);
  ASSERT_TRUE(column.ok()) << column.status();
  EXPECT_FALSE(column->HasValue(0));
  EXPECT_EQ(LoadValue<std::int32_t>(column->values, column->offset + 1), 4);
}

// A null row may hold any index, and a null text any bytes.
TEST(Import, NullRowsMayHoldAnything) {
  ForeignArray table;
  FillDictionary<std::int16_t>(&table.parts.emplace_back(), "k", "s", {0, 99, 1}, Words{"a", "b"},
                               {false, true, false});
  FillTexts(&table.parts.emplace_back(), "w", "u", {"a", "\xff", "b"});
  table.parts[1].buffers[0] = table.KeepBits({true, false, true});
  table.parts[1].array.null_count = 1;
  FinishTable(&table, 3);
  const absl::StatusOr<Table> read = Table::Import(table.schema, table.array);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(read->View(0).ok()) << read->View(0).status();
  EXPECT_TRUE(read->View(1).ok()) << read->View(1).status();
}

TEST(Import, NullCountMayBeUnknown) {
  ForeignArray table;
  FillColumn<double>(&table.parts.emplace_back(), "x", "g", {1, 2, 3}, {false, true, false});
  table.parts[0].array.null_count = -1;
  FinishTable(&table, 3);
  const absl::StatusOr<Table> read = Table::Import(table.schema, table.array);
  ASSERT_TRUE(read.ok());
  const absl::StatusOr<Column> column = read->View(0);
  ASSERT_TRUE(column.ok());
  EXPECT_FALSE(column->HasValue(1));
}

// Polars writes nulls with the validity bitmap that they had before Arrow 1.0.
TEST(Import, NullsHaveNoBuffersOrOne) {
  for (const std::int64_t buffers : {0, 1, 2}) {
    ForeignArray table;
    FillColumn<double>(&table.parts.emplace_back(), "x", "n", {0, 0, 0});
    table.parts[0].array.n_buffers = buffers;
    table.parts[0].array.null_count = 3;
    FinishTable(&table, 3);
    const absl::StatusOr<Table> read = Table::Import(table.schema, table.array);
    ASSERT_TRUE(read.ok());
    const absl::StatusOr<Column> column = read->View(0);
    ASSERT_EQ(column.ok(), buffers < 2) << buffers << ": " << column.status();
    if (!column.ok()) continue;
    EXPECT_EQ(column->type, ColumnType::kNull);
    EXPECT_EQ(column->length, 3);
  }
}

TEST(Import, EmptyTableNeedsNoBuffers) {
  ForeignArray table;
  FillColumn<double>(&table.parts.emplace_back(), "x", "g", {});
  table.parts[0].buffers = {nullptr, nullptr};
  table.parts[0].Finish(0);
  FinishTable(&table, 0);
  const absl::StatusOr<Table> read = Table::Import(table.schema, table.array);
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->View(0).ok());
}

TEST(Import, FindsColumnsByName) {
  ForeignArray table;
  for (const char* name : {"a", "b", "b"}) FillColumn<double>(&table.parts.emplace_back(), name, "g", {1});
  FinishTable(&table, 1);
  const absl::StatusOr<Table> read = Table::Import(table.schema, table.array);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->Find("a"), 0);
  EXPECT_EQ(read->Find("b"), -2);
  EXPECT_EQ(read->Find("c"), -1);
}

TEST(Import, ReadsLists) {
  ForeignArray table;
  FillLists<float>(&table.parts.emplace_back(), "l", "+L", "f", {{1, 2}, {}, {3}});
  FinishTable(&table, 3);
  const absl::StatusOr<Table> read = Table::Import(table.schema, table.array);
  ASSERT_TRUE(read.ok());
  const absl::StatusOr<Column> column = read->View(0);
  ASSERT_TRUE(column.ok()) << column.status();
  EXPECT_EQ(column->longest, 2);
  std::int64_t from = 0, to = 0;
  column->ListRange(2, &from, &to);
  EXPECT_EQ(from, 2);
  EXPECT_EQ(to, 3);
}

}  // namespace
}  // namespace csat
