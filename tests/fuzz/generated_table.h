// Tables that a fuzzer's input fills: columns of the types that are read, nulls, odd values, and the words that a
// policy knows.
#ifndef CSAT_TESTS_FUZZ_GENERATED_TABLE_H_
#define CSAT_TESTS_FUZZ_GENERATED_TABLE_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "arrow/foreign_table.h"
#include "csat/policy/policy.h"

namespace csat {

// Names what did not hold, then ends the run.
inline void Require(bool held, const char* what) {
  if (held) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

inline void RequireLine(const absl::Status& status) {
  Require(!status.message().empty() && status.message().find('\n') == absl::string_view::npos,
          "a message is one line");
}

// Reads values off the input; past its end everything is 0.
struct FuzzBytes {
  const std::uint8_t* data;
  std::size_t size;

  template <typename T>
  T Take() {
    T value{};
    const std::size_t taken = size < sizeof value ? size : sizeof value;
    if (taken > 0) std::memcpy(&value, data, taken);
    data += taken;
    size -= taken;
    return value;
  }
};

// A policy that has to be sound.
inline Policy PolicyOf(const std::string& path) {
  std::ifstream in(std::string(CSAT_SOURCE_DIR) + "/" + path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  absl::StatusOr<Policy> policy = Policy::Parse(text);
  Require(policy.ok(), path.c_str());
  return *std::move(policy);
}

// The words of a policy's metrics and scales.
inline std::vector<std::string> WordsOf(const Policy& policy) {
  std::vector<std::string> words = {"", "true", "2025-03-14", "\xE5\xAE\xA2"};
  for (const Metric& metric : policy.metrics()) {
    if (const TextForm* text = std::get_if<TextForm>(&metric.form)) {
      words.insert(words.end(), text->values.begin(), text->values.end());
    }
  }
  return words;
}

// One column of so many rows, as the next bytes say: whole numbers that are small, or any; doubles; words; instants;
// days; truths; nothing but nulls.
inline void FillGenerated(FuzzBytes* bytes, const std::string& name, std::int64_t rows,
                          const std::vector<std::string>& words, ForeignArray* out) {
  const std::uint8_t kind = bytes->Take<std::uint8_t>();
  const auto count = static_cast<std::size_t>(rows);
  std::vector<bool> nulls(count);
  std::vector<std::int64_t> whole(count);
  std::vector<double> numbers(count);
  std::vector<std::optional<std::string>> texts(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t tag = bytes->Take<std::uint8_t>();
    nulls[i] = kind % 4 == 0 && tag % 8 == 7;
    whole[i] = tag % 11;
    numbers[i] = tag % 11;
    if (tag == 255) {
      whole[i] = bytes->Take<std::int64_t>();
      numbers[i] = bytes->Take<double>();
    } else if (tag >= 250) {
      whole[i] = bytes->Take<std::int8_t>();
      numbers[i] = bytes->Take<std::int16_t>() / 16.0;
    }
    if (!nulls[i]) texts[i] = words[tag % words.size()];
  }
  switch (kind / 4 % 8) {
    case 0:
    case 1: FillColumn(out, name, "l", whole, nulls); break;
    case 2: FillColumn(out, name, "g", numbers, nulls); break;
    case 3: FillTexts(out, name, "u", texts); break;
    case 4: {
      for (std::int64_t& instant : whole) instant = 1740787200000 + instant % 1000000 * 3600000;
      FillColumn(out, name, kind % 2 == 0 ? "tsm:UTC" : "tsm:", whole, nulls);
      break;
    }
    case 5: {
      std::vector<std::int32_t> days;
      for (const std::int64_t day : whole) days.push_back(20148 + static_cast<std::int32_t>(day % 4000));
      FillColumn(out, name, "tdD", days, nulls);
      break;
    }
    case 6: {
      std::vector<bool> truths;
      for (const std::int64_t value : whole) truths.push_back(value % 2 == 1);
      FillBits(out, name, truths);
      break;
    }
    default: FillColumn(out, name, "l", std::vector<std::int64_t>(count), std::vector<bool>(count, true));
  }
}

}  // namespace csat

#endif  // CSAT_TESTS_FUZZ_GENERATED_TABLE_H_
