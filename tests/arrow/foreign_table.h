// Tables as a foreign producer would hand them over: every field of the C structs is the test's to set.
#ifndef CSAT_TESTS_ARROW_FOREIGN_TABLE_H_
#define CSAT_TESTS_ARROW_FOREIGN_TABLE_H_

#include <cstdint>
#include <cstring>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "csat/arrow/c_data.h"

namespace csat {

// One array with its schema and the memory behind its buffers. Children and dictionary are further ones.
struct ForeignArray {
  std::string name, format;
  ArrowSchema schema{};
  ArrowArray array{};
  std::deque<std::vector<char>> memory;
  std::vector<const void*> buffers;
  std::deque<ForeignArray> parts;  // Children, and last the dictionary where `has_dictionary`.
  bool has_dictionary = false;
  std::vector<ArrowSchema*> schema_pointers;
  std::vector<ArrowArray*> array_pointers;

  ForeignArray() = default;
  ForeignArray(const ForeignArray&) = delete;
  ForeignArray(ForeignArray&&) = delete;

  template <typename T>
  const void* Keep(const std::vector<T>& values) {
    memory.emplace_back(values.size() * sizeof(T) + 1);
    if (!values.empty()) std::memcpy(memory.back().data(), values.data(), values.size() * sizeof(T));
    return memory.back().data();
  }
  const void* KeepBits(const std::vector<bool>& bits) {
    std::vector<std::uint8_t> bytes((bits.size() + 7) / 8);
    for (std::size_t i = 0; i < bits.size(); ++i) {
      if (bits[i]) bytes[i / 8] = static_cast<std::uint8_t>(bytes[i / 8] | 1 << (i % 8));
    }
    return Keep(bytes);
  }
  // Wires the structs; what a test breaks it breaks afterwards.
  void Finish(std::int64_t length) {
    schema_pointers.clear();
    array_pointers.clear();
    const std::size_t children = parts.size() - (has_dictionary ? 1 : 0);
    for (std::size_t i = 0; i < children; ++i) {
      schema_pointers.push_back(&parts[i].schema);
      array_pointers.push_back(&parts[i].array);
    }
    schema.format = format.c_str();
    schema.name = name.c_str();
    schema.n_children = static_cast<std::int64_t>(children);
    schema.children = schema_pointers.data();
    schema.dictionary = has_dictionary ? &parts.back().schema : nullptr;
    schema.release = [](ArrowSchema* s) { s->release = nullptr; };
    array.length = length;
    array.n_buffers = static_cast<std::int64_t>(buffers.size());
    array.buffers = buffers.data();
    array.n_children = static_cast<std::int64_t>(children);
    array.children = array_pointers.data();
    array.dictionary = has_dictionary ? &parts.back().array : nullptr;
    array.release = [](ArrowArray* a) { a->release = nullptr; };
  }
};

// A primitive column; `nulls` (may be empty) marks the rows without a value.
template <typename T>
void FillColumn(ForeignArray* out, std::string name, std::string format, const std::vector<T>& values,
                const std::vector<bool>& nulls = {}) {
  out->name = std::move(name);
  out->format = std::move(format);
  std::vector<bool> valid = nulls;
  valid.flip();
  out->buffers = {nulls.empty() ? nullptr : out->KeepBits(valid), out->Keep(values)};
  out->Finish(static_cast<std::int64_t>(values.size()));
  for (const bool null : nulls) out->array.null_count += null ? 1 : 0;
}

inline void FillBits(ForeignArray* out, std::string name, const std::vector<bool>& values) {
  out->name = std::move(name);
  out->format = "b";
  out->buffers = {nullptr, out->KeepBits(values)};
  out->Finish(static_cast<std::int64_t>(values.size()));
}

// utf8 ("u"), large utf8 ("U") or utf8 view ("vu"); nullopt is a null.
inline void FillTexts(ForeignArray* out, std::string name, std::string format,
                      const std::vector<std::optional<std::string>>& texts) {
  out->name = std::move(name);
  out->format = std::move(format);
  std::vector<bool> valid;
  std::vector<std::int32_t> small{0};
  std::vector<std::int64_t> large{0};
  std::vector<char> bytes, views;
  std::int64_t nulls = 0;
  for (const std::optional<std::string>& maybe : texts) {
    valid.push_back(maybe.has_value());
    nulls += maybe.has_value() ? 0 : 1;
    const std::string text = maybe.value_or("");
    char view[16] = {};
    const std::int32_t size = static_cast<std::int32_t>(text.size()),
                       at = static_cast<std::int32_t>(bytes.size());
    std::memcpy(view, &size, 4);
    if (size <= 12) {
      std::memcpy(view + 4, text.data(), text.size());
    } else {
      std::memcpy(view + 4, text.data(), 4);
      std::memcpy(view + 12, &at, 4);
    }
    views.insert(views.end(), view, view + 16);
    bytes.insert(bytes.end(), text.begin(), text.end());
    small.push_back(static_cast<std::int32_t>(bytes.size()));
    large.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  const void* validity = nulls == 0 ? nullptr : out->KeepBits(valid);
  if (out->format == "vu") {
    const std::vector<std::int64_t> sizes{static_cast<std::int64_t>(bytes.size())};
    out->buffers = {validity, out->Keep(views), out->Keep(bytes), out->Keep(sizes)};
  } else {
    out->buffers = {validity, out->format == "u" ? out->Keep(small) : out->Keep(large), out->Keep(bytes)};
  }
  out->Finish(static_cast<std::int64_t>(texts.size()));
  out->array.null_count = nulls;
}

// Indices into words.
template <typename T>
void FillDictionary(ForeignArray* out, std::string name, std::string format, const std::vector<T>& indices,
                    const std::vector<std::optional<std::string>>& words,
                    const std::vector<bool>& nulls = {}) {
  out->has_dictionary = true;
  FillTexts(&out->parts.emplace_back(), "", "u", words);
  FillColumn(out, std::move(name), std::move(format), indices, nulls);
}

// Lists of numbers: list ("+l") or large list ("+L").
template <typename T>
void FillLists(ForeignArray* out, std::string name, std::string format, std::string item_format,
               const std::vector<std::vector<T>>& rows) {
  out->name = std::move(name);
  out->format = std::move(format);
  std::vector<T> items;
  std::vector<std::int32_t> small{0};
  std::vector<std::int64_t> large{0};
  for (const std::vector<T>& row : rows) {
    items.insert(items.end(), row.begin(), row.end());
    small.push_back(static_cast<std::int32_t>(items.size()));
    large.push_back(static_cast<std::int64_t>(items.size()));
  }
  FillColumn(&out->parts.emplace_back(), "item", std::move(item_format), items);
  out->buffers = {nullptr, out->format == "+l" ? out->Keep(small) : out->Keep(large)};
  out->Finish(static_cast<std::int64_t>(rows.size()));
}

// The struct array around columns that were filled into `table->parts`.
inline void FinishTable(ForeignArray* table, std::int64_t rows) {
  table->format = "+s";
  table->buffers = {nullptr};
  table->Finish(rows);
}

}  // namespace csat

#endif  // CSAT_TESTS_ARROW_FOREIGN_TABLE_H_
