#include "measure/key_bytes.h"

#include <cstdint>
#include <optional>

#include "csat/model/foreign_text.h"

namespace csat {
namespace {

enum Tag : char { kNull = 0, kBool = 1, kInteger = 2, kDay = 3, kWord = 4 };

// Big-endian with the sign turned: bytes compare as the numbers.
void AppendInteger(std::int64_t value, std::string* out) {
  const std::uint64_t bits = static_cast<std::uint64_t>(value) ^ (std::uint64_t{1} << 63);
  for (int shift = 56; shift >= 0; shift -= 8) out->push_back(static_cast<char>(bits >> shift & 0xFF));
}

std::optional<std::int64_t> TakeInteger(std::string_view* bytes) {
  if (bytes->size() < 8) return std::nullopt;
  std::uint64_t bits = 0;
  for (int i = 0; i < 8; ++i)
    bits = bits << 8 | static_cast<std::uint8_t>((*bytes)[static_cast<std::size_t>(i)]);
  bytes->remove_prefix(8);
  return static_cast<std::int64_t>(bits ^ (std::uint64_t{1} << 63));
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

// A zero byte is followed by 0xFF; 0x00 0x01 ends the word. Words are UTF-8: tables will hold them.
std::optional<std::string> TakeWord(std::string_view* bytes) {
  std::string word;
  for (std::size_t i = 0; i < bytes->size(); ++i) {
    if ((*bytes)[i] != 0) {
      word.push_back((*bytes)[i]);
      continue;
    }
    if (++i >= bytes->size()) return std::nullopt;
    if ((*bytes)[i] == 1) {
      bytes->remove_prefix(i + 1);
      if (!IsUtf8(word)) return std::nullopt;
      return word;
    }
    if ((*bytes)[i] != '\xFF') return std::nullopt;
    word.push_back('\0');
  }
  return std::nullopt;
}

bool TakeKey(std::string_view* bytes, AggregateKey* out) {
  if (bytes->empty()) return false;
  const char tag = bytes->front();
  bytes->remove_prefix(1);
  switch (tag) {
    case kNull: *out = std::monostate(); return true;
    case kBool:
      if (bytes->empty() || static_cast<std::uint8_t>(bytes->front()) > 1) return false;
      *out = bytes->front() == 1;
      bytes->remove_prefix(1);
      return true;
    case kInteger: {
      const std::optional<std::int64_t> value = TakeInteger(bytes);
      if (value.has_value()) *out = *value;
      return value.has_value();
    }
    case kDay: {
      const std::optional<std::int64_t> days = TakeInteger(bytes);
      const std::optional<CalendarDate> day =
          days.has_value() ? CalendarDate::FromDayNumber(*days) : std::nullopt;
      if (day.has_value()) *out = *day;
      return day.has_value();
    }
    case kWord: {
      std::optional<std::string> word = TakeWord(bytes);
      if (word.has_value()) *out = *std::move(word);
      return word.has_value();
    }
    default: return false;
  }
}

}  // namespace

void AppendKey(const AggregateKey& key, std::string* out) {
  if (const auto* truth = std::get_if<bool>(&key)) {
    out->push_back(kBool);
    out->push_back(*truth ? 1 : 0);
  } else if (const auto* value = std::get_if<std::int64_t>(&key)) {
    out->push_back(kInteger);
    AppendInteger(*value, out);
  } else if (const auto* day = std::get_if<CalendarDate>(&key)) {
    out->push_back(kDay);
    AppendInteger(day->DayNumber(), out);
  } else if (const auto* word = std::get_if<std::string>(&key)) {
    out->push_back(kWord);
    for (const char c : *word) {
      out->push_back(c);
      if (c == 0) out->push_back('\xFF');
    }
    out->push_back('\0');
    out->push_back('\1');
  } else {
    out->push_back(kNull);
  }
}

bool ReadKeys(std::string_view bytes, std::size_t count, std::vector<AggregateKey>* out) {
  out->clear();
  for (std::size_t i = 0; i < count; ++i) {
    AggregateKey key;
    if (!TakeKey(&bytes, &key)) return false;
    out->push_back(std::move(key));
  }
  return bytes.empty();
}

}  // namespace csat
