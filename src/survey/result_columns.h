// Columns of a result, built row by row.
#ifndef CSAT_SRC_SURVEY_RESULT_COLUMNS_H_
#define CSAT_SRC_SURVEY_RESULT_COLUMNS_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "arrow/export.h"
#include "csat/arrow/c_data.h"

namespace csat::survey {

// Columns of the given length; every buffer is asked for here, and one that is not there is remembered.
class ResultColumns {
 public:
  explicit ResultColumns(std::size_t rows) : rows_(rows) {}

  // `at(row)` gives the value, and whether there is one.
  template <typename T, typename At>
  OutColumn& Add(std::string name, std::string format, At at) {
    OutColumn& column = columns_.emplace_back();
    column.name = std::move(name);
    column.format = std::move(format);
    column.length = static_cast<std::int64_t>(rows_);
    column.values = Buffer::Allocate(rows_ * sizeof(T));
    column.validity = Buffer::Allocate((rows_ + 7) / 8);
    if (column.values.data() == nullptr || column.validity.data() == nullptr) {
      complete_ = false;
      return column;
    }
    std::memset(column.validity.data(), 0, column.validity.size());
    for (std::size_t row = 0; row < rows_; ++row) {
      const std::optional<T> value = at(row);
      column.values.template as<T>()[row] = value.value_or(T{});
      if (value.has_value()) {
        column.validity.as<std::uint8_t>()[row >> 3] |= static_cast<std::uint8_t>(1U << (row & 7));
      } else {
        ++column.null_count;
      }
    }
    return column;
  }
  template <typename At>
  void AddWords(std::string name, std::vector<std::string> words, At at) {
    OutColumn& column = Add<std::int32_t>(std::move(name), "i", at);
    column.has_dictionary = true;
    column.dictionary = std::move(words);
  }
  template <typename At>
  void AddBits(std::string name, At at) {
    OutColumn& column = columns_.emplace_back();
    column.name = std::move(name);
    column.format = "b";
    column.nullable = false;
    column.length = static_cast<std::int64_t>(rows_);
    column.values = Buffer::Allocate((rows_ + 7) / 8);
    if (column.values.data() == nullptr) {
      complete_ = false;
      return;
    }
    std::memset(column.values.data(), 0, column.values.size());
    for (std::size_t row = 0; row < rows_; ++row) {
      if (at(row)) column.values.as<std::uint8_t>()[row >> 3] |= static_cast<std::uint8_t>(1U << (row & 7));
    }
  }

  absl::Status Export(ArrowSchema* schema, ArrowArray* array) {
    if (!complete_ || !ExportStruct(std::move(columns_), static_cast<std::int64_t>(rows_), schema, array))
      return absl::ResourceExhaustedError("no memory for the result");
    return absl::OkStatus();
  }

 private:
  std::size_t rows_;
  std::vector<OutColumn> columns_;
  bool complete_ = true;
};

}  // namespace csat::survey

#endif  // CSAT_SRC_SURVEY_RESULT_COLUMNS_H_
