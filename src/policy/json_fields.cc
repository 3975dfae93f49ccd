#include "csat/policy/json_fields.h"

#include <utility>

#include "absl/strings/charconv.h"
#include "policy/json_document.h"
#include "policy/json_text.h"
#include "policy/report.h"

namespace csat {
namespace {

using policy::JsonDocument;
using policy::JsonKind;
using policy::JsonValue;

// The literal is a valid JSON number within the range of a double: the document says so.
double ReadDouble(std::string_view literal) {
  double value = 0;
  absl::from_chars(literal.data(), literal.data() + literal.size(), value);
  return value;
}

Diagnostic FaultAt(const JsonValue& value, std::string_view path, std::string en, std::string zh) {
  Diagnostic fault;
  fault.code = "wrong-type";
  fault.path = std::string(path);
  fault.line = value.line;
  fault.column = value.column;
  fault.message = {std::move(en), std::move(zh)};
  return fault;
}

// A list of numbers or, where the first one is a text, of texts. False: *fault says why.
bool ReadList(const JsonDocument& document, const JsonValue& value, JsonField* out, Diagnostic* fault) {
  const bool words = value.count > 0 && document.child(value, 0).kind == JsonKind::kString;
  std::vector<double> events(words ? 0 : value.count);
  std::vector<std::string> texts(words ? value.count : 0);
  for (std::size_t i = 0; i < value.count; ++i) {
    const JsonValue& item = document.child(value, i);
    if (item.kind != (words ? JsonKind::kString : JsonKind::kNumber)) {
      std::string path = PathOfField(out->name);
      policy::AppendIndex(i, &path);
      *fault =
          words ? FaultAt(item, path, "an event has to be a text, like the first", "列表中的每一项须为文字")
                : FaultAt(item, path, "an event has to be a number", "列表中的每一项须为数字");
      return false;
    }
    if (words) {
      texts[i] = std::string(item.text);
    } else {
      events[i] = ReadDouble(item.text);
    }
  }
  if (words) {
    out->value = std::move(texts);
  } else {
    out->value = std::move(events);
  }
  return true;
}

// False: *fault says why.
bool ReadValue(const JsonDocument& document, const JsonValue& value, JsonField* out, Diagnostic* fault) {
  switch (value.kind) {
    case JsonKind::kNull: return true;
    case JsonKind::kFalse: out->value = std::int64_t{0}; return true;
    case JsonKind::kTrue: out->value = std::int64_t{1}; return true;
    case JsonKind::kString: out->value = std::string(value.text); return true;
    case JsonKind::kNumber: {
      std::int64_t scaled = 0;
      if (policy::ReadScaled(value.text, 0, &scaled) == policy::NumberFault::kNone) {
        out->value = scaled;
      } else if (policy::ReadScaled(value.text, Decimal::kPlaces, &scaled) == policy::NumberFault::kNone) {
        out->value = Decimal::FromMicros(scaled);
      } else {
        out->value = ReadDouble(value.text);
      }
      return true;
    }
    case JsonKind::kArray: return ReadList(document, value, out, fault);
    case JsonKind::kObject:
      *fault = FaultAt(value, PathOfField(out->name), "a field of a record cannot be an object",
                       "记录的字段不能是对象");
      return false;
  }
  return false;
}

}  // namespace

std::string PathOfField(std::string_view name) {
  std::string path;
  policy::AppendKey(name, &path);
  return path;
}

absl::StatusOr<std::vector<JsonField>> ReadJsonFields(std::string_view json, Diagnostic* fault) {
  const auto refused = [fault](Diagnostic found) {
    const absl::Status status = absl::InvalidArgumentError(ToLine(found, Language::kEnglish));
    if (fault != nullptr) *fault = std::move(found);
    return status;
  };
  std::vector<Diagnostic> findings;
  const std::shared_ptr<const JsonDocument> document = JsonDocument::Parse(json, &findings);
  if (document == nullptr) {
    SortByPlace(&findings);
    if (!findings.empty() && findings.front().code == policy::kOutOfMemory) {
      return absl::ResourceExhaustedError(findings.front().message.en);
    }
    return refused(findings.empty() ? Diagnostic() : std::move(findings.front()));
  }
  const JsonValue& root = document->root();
  if (root.kind != JsonKind::kObject) {
    return refused(FaultAt(root, "", "a record has to be a JSON object", "记录须为 JSON 对象"));
  }
  std::vector<JsonField> fields(root.count);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const JsonValue& member = document->child(root, i);
    fields[i].name = std::string(member.key);
    fields[i].line = member.line;
    fields[i].column = member.column;
    Diagnostic found;
    if (!ReadValue(*document, member, &fields[i], &found)) return refused(std::move(found));
  }
  return fields;
}

}  // namespace csat
