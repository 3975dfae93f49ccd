#include "policy/places.h"

#include <string>

#include "policy/json_text.h"

namespace csat::policy {
namespace {

// The child of `value` that `path` names first, taking that step off the path; nullptr if there is none.
const JsonValue* Step(const JsonDocument& document, const JsonValue& value, std::string_view* path) {
  if (path->substr(0, 2) == "[\"") {
    // A key in brackets is compared as it was written: escaped.
    for (size_t i = 0; i < value.count && value.kind == JsonKind::kObject; ++i) {
      const JsonValue& member = document.child(value, i);
      std::string step;
      AppendKey(member.key, &step);
      if (path->substr(0, step.size()) != step) continue;
      path->remove_prefix(step.size());
      return &member;
    }
    return nullptr;
  }
  if (path->front() == '[') {
    const size_t close = path->find(']');
    int64_t index;
    if (close == std::string_view::npos || close == 1 || close > 10 || value.kind != JsonKind::kArray ||
        path->substr(1, close - 1).find_first_not_of("0123456789") != std::string_view::npos ||
        ReadScaled(path->substr(1, close - 1), 0, &index) != NumberFault::kNone || index >= value.count) {
      return nullptr;
    }
    path->remove_prefix(close + 1);
    return &document.child(value, static_cast<size_t>(index));
  }
  if (path->front() == '.') path->remove_prefix(1);
  const std::string_view key = path->substr(0, path->find_first_of(".["));
  const JsonValue* member = document.FindMember(value, key);
  if (member != nullptr) path->remove_prefix(key.size());
  return member;
}

}  // namespace

LineColumn Places::Find(std::string_view path) const {
  if (document_ == nullptr) return {};
  const JsonValue* value = &document_->root();
  while (!path.empty()) {
    const JsonValue* next = Step(*document_, *value, &path);
    if (next == nullptr) break;
    value = next;
  }
  return {value->line, value->column};
}

}  // namespace csat::policy
