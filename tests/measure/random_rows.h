// Random records of an aggregate spec, as plain values and as columns.
#ifndef CSAT_TESTS_MEASURE_RANDOM_ROWS_H_
#define CSAT_TESTS_MEASURE_RANDOM_ROWS_H_

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "arrow/foreign_table.h"
#include "csat/measure/aggregates.h"

namespace csat {

// Ticks by item; nullopt: no answer.
struct PlainRow {
  std::vector<AggregateKey> keys;
  std::vector<std::optional<std::int64_t>> ticks;
};

class RowMaker {
 public:
  RowMaker(const AggregateSpec& spec, std::uint64_t seed) : spec_(spec), engine_(seed) {}

  std::uint64_t Roll(std::uint64_t sides) { return engine_() % sides; }

  std::vector<PlainRow> Rows(std::size_t count, int null_one_in, int groups) {
    std::vector<PlainRow> rows(count);
    for (PlainRow& row : rows) {
      for (std::size_t k = 0; k < spec_.by.size(); ++k) {
        const std::int64_t value = static_cast<std::int64_t>(Roll(static_cast<std::uint64_t>(groups)));
        const bool null = Roll(50) == 0;
        // Words, numbers and wide numbers by turns.
        if (null)
          row.keys.emplace_back();
        else if (k % 3 == 0)
          row.keys.emplace_back(std::string("g") + std::to_string(value));
        else if (k % 3 == 1)
          row.keys.emplace_back(value - 2);
        else
          row.keys.emplace_back(value * 1'000'000'007);
      }
      for (const AggregateItem& item : spec_.items) {
        const std::int64_t low = item.min.micros(), high = item.max.micros();
        std::int64_t step = 1'000'000;
        for (int i = 0; i < item.decimal_places; ++i) step /= 10;
        const std::int64_t ticks =
            low / step + static_cast<std::int64_t>(Roll(static_cast<std::uint64_t>((high - low) / step + 1)));
        const bool none = null_one_in > 0 && Roll(static_cast<std::uint64_t>(null_one_in)) == 0;
        row.ticks.push_back(none ? std::nullopt : std::optional(ticks));
      }
    }
    return rows;
  }

 private:
  const AggregateSpec& spec_;
  std::mt19937_64 engine_;
};

// The rows as columns; the type of a column turns with its place: doubles, int8 where they fit, int64.
inline void FillTable(const AggregateSpec& spec, const std::vector<PlainRow>& rows, std::size_t from,
                      std::size_t to, ForeignArray* table) {
  table->format = "+s";
  for (std::size_t k = 0; k < spec.by.size(); ++k) {
    ForeignArray* column = &table->parts.emplace_back();
    if (k % 3 == 0) {
      std::vector<std::optional<std::string>> words;
      for (std::size_t r = from; r < to; ++r) {
        const auto* word = std::get_if<std::string>(&rows[r].keys[k]);
        words.push_back(word == nullptr ? std::nullopt : std::optional(*word));
      }
      FillTexts(column, spec.by[k], "u", words);
    } else {
      std::vector<std::int64_t> numbers;
      std::vector<bool> nulls;
      for (std::size_t r = from; r < to; ++r) {
        const auto* number = std::get_if<std::int64_t>(&rows[r].keys[k]);
        numbers.push_back(number == nullptr ? 77 : *number);
        nulls.push_back(number == nullptr);
      }
      FillColumn(column, spec.by[k], "l", numbers, nulls);
    }
  }
  for (std::size_t i = 0; i < spec.items.size(); ++i) {
    const AggregateItem& item = spec.items[i];
    double unit = 1;
    for (int p = 0; p < item.decimal_places; ++p) unit *= 10;
    std::vector<double> reals;
    std::vector<std::int64_t> wholes;
    std::vector<std::int8_t> bytes;
    std::vector<bool> nulls;
    bool fits = item.decimal_places == 0;
    for (std::size_t r = from; r < to; ++r) {
      const std::optional<std::int64_t>& ticks = rows[r].ticks[i];
      reals.push_back(ticks.has_value() ? static_cast<double>(*ticks) / unit : 0);
      wholes.push_back(ticks.value_or(-999));
      bytes.push_back(static_cast<std::int8_t>(ticks.value_or(-99)));
      nulls.push_back(!ticks.has_value());
      fits = fits && ticks.value_or(0) >= -128 && ticks.value_or(0) <= 127;
    }
    ForeignArray* column = &table->parts.emplace_back();
    if (fits && i % 2 == 0) {
      FillColumn(column, item.id, "c", bytes, nulls);
    } else if (item.decimal_places == 0 && i % 3 == 0) {
      FillColumn(column, item.id, "l", wholes, nulls);
    } else {
      FillColumn(column, item.id, "g", reals, nulls);
    }
  }
  table->buffers = {nullptr};
  table->Finish(static_cast<std::int64_t>(to - from));
}

}  // namespace csat

#endif  // CSAT_TESTS_MEASURE_RANDOM_ROWS_H_
