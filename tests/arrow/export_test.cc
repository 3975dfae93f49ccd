#include "arrow/export.h"

#include <string>
#include <vector>

#include "arrow/import.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

std::vector<OutColumn> TwoColumns() {
  std::vector<OutColumn> columns(2);
  columns[0].name = "score";
  columns[0].format = "g";
  columns[0].length = 2;
  columns[0].values = Buffer::Allocate(16);
  columns[0].values.as<double>()[0] = 75.5;
  columns[0].values.as<double>()[1] = 60;
  columns[1].name = "grade";
  columns[1].format = "c";
  columns[1].length = 2;
  columns[1].null_count = 1;
  columns[1].validity = Buffer::Allocate(1);
  columns[1].validity.as<std::uint8_t>()[0] = 0b01;
  columns[1].values = Buffer::Allocate(2);
  columns[1].values.as<std::int8_t>()[0] = 1;
  columns[1].values.as<std::int8_t>()[1] = 0;
  columns[1].has_dictionary = true;
  columns[1].dictionary = {"", "good"};
  return columns;
}

// What is handed out passes our own import.
TEST(Export, ReadsBack) {
  ArrowSchema schema;
  ArrowArray array;
  ASSERT_TRUE(ExportStruct(TwoColumns(), 2, &schema, &array));
  {
    const absl::StatusOr<Table> table = Table::Import(schema, array);
    ASSERT_TRUE(table.ok()) << table.status();
    const absl::StatusOr<Column> score = table->View(table->Find("score"));
    const absl::StatusOr<Column> grade = table->View(table->Find("grade"));
    ASSERT_TRUE(score.ok()) << score.status();
    ASSERT_TRUE(grade.ok()) << grade.status();
    EXPECT_EQ(LoadValue<double>(score->values, 0), 75.5);
    EXPECT_EQ(grade->of->Text(grade->DictionaryIndex(0)), "good");
    EXPECT_FALSE(grade->HasValue(1));
  }
  schema.release(&schema);
  array.release(&array);
  EXPECT_EQ(schema.release, nullptr);
  EXPECT_EQ(array.release, nullptr);
}

// A column that never has a null says so.
TEST(Export, SaysWhatIsNeverNull) {
  std::vector<OutColumn> columns = TwoColumns();
  columns[0].nullable = false;
  ArrowSchema schema;
  ASSERT_TRUE(ExportStructSchema(columns, &schema));
  EXPECT_EQ(schema.children[0]->flags, 0);
  EXPECT_EQ(schema.children[1]->flags, ARROW_FLAG_NULLABLE);
  schema.release(&schema);
}

// A consumer may move a child out; the parent's release leaves it alone.
TEST(Export, ChildrenMayBeMovedOut) {
  ArrowSchema schema;
  ArrowArray array;
  ASSERT_TRUE(ExportStruct(TwoColumns(), 2, &schema, &array));
  ArrowArray grade = *array.children[1];
  array.children[1]->release = nullptr;
  array.release(&array);
  EXPECT_EQ(static_cast<const std::int8_t*>(grade.buffers[1])[0], 1);
  grade.release(&grade);
  ArrowSchema score = *schema.children[0];
  schema.children[0]->release = nullptr;
  schema.release(&schema);
  EXPECT_STREQ(score.format, "g");
  score.release(&score);
}

TEST(Export, BuffersLieOn64Bytes) {
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, std::size_t{1000}, std::size_t{5} << 20}) {
    const Buffer buffer = Buffer::Allocate(bytes);
    EXPECT_NE(buffer.data(), nullptr);
    EXPECT_EQ(buffer.size(), bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64, 0u);
  }
  EXPECT_EQ(Buffer::Allocate(SIZE_MAX).data(), nullptr);
}

}  // namespace
}  // namespace csat
