#ifndef CSAT_POLICY_JSON_DOCUMENT_H_
#define CSAT_POLICY_JSON_DOCUMENT_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "csat/policy/diagnostic.h"

namespace csat::policy {

// Code of the one finding that says nothing about the text: there was no memory to read it.
inline constexpr std::string_view kOutOfMemory = "out-of-memory";

enum class JsonKind : uint8_t { kNull, kFalse, kTrue, kNumber, kString, kArray, kObject };

// One value of a document, with its place: line and column of its first character, 1-based, columns in
// code points.
struct JsonValue {
  JsonKind kind = JsonKind::kNull;
  int line = 0;
  int column = 0;
  // A number's literal as written, or a string with its escapes resolved; empty for the other kinds.
  std::string_view text;
  // The member's key with its escapes resolved, and its place; empty and 0 outside of an object.
  std::string_view key;
  int key_line = 0;
  int key_column = 0;
  // Elements or members; where they stand is JsonDocument's own business.
  uint32_t count = 0;
  uint32_t first = 0;
};

// A JSON document (RFC 8259) as a tree that keeps places and the text of numbers. Immutable.
//
// Stricter than RFC 8259: no byte order mark, no duplicate keys, no lone surrogates, no number beyond the
// range of a 64-bit integer (as an integer) or a double (otherwise), and the limits of csat/policy/limits.h.
// simdjson judges the text first; a walk of our own, which has to agree, finds the places. Time is linear in
// the text but for sorting each object's keys; there is no recursion.
class JsonDocument {
 public:
  // nullptr if the text is refused; `diagnostics` says why and where. Duplicate keys are all reported, any
  // other fault ends the parse.
  static std::shared_ptr<const JsonDocument> Parse(std::string_view text,
                                                   std::vector<Diagnostic>* diagnostics);

  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  const JsonValue& root() const { return values_.front(); }
  // The i-th element or member in the order of the text; i < container.count.
  const JsonValue& child(const JsonValue& container, size_t i) const {
    return values_[children_[container.first + i]];
  }
  // nullptr if the object has no such member.
  const JsonValue* FindMember(const JsonValue& object, std::string_view key) const;

 private:
  friend class JsonWalk;
  JsonDocument() = default;

  std::string text_;
  std::deque<std::string> decoded_;  // strings that had escapes
  std::vector<JsonValue> values_;    // in the order of the text
  std::vector<uint32_t> children_;   // per container a run of indexes into values_, in the order of the text
  std::vector<uint32_t> by_key_;     // the same runs, each object's sorted by key
};

}  // namespace csat::policy

#endif  // CSAT_POLICY_JSON_DOCUMENT_H_
