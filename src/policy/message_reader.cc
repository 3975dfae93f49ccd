#include "policy/message_reader.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "google/protobuf/descriptor.h"
#include "policy/json_text.h"
#include "policy/special_messages.h"

namespace csat::policy {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumDescriptor;
using ::google::protobuf::EnumValueDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::OneofDescriptor;
using ::google::protobuf::Reflection;
using Words = Diagnostic::Words;

// Bytes of the names of keys that a message lists: it stays a line.
constexpr size_t kMostOfNames = 160;

Words KindWords(JsonKind kind) {
  switch (kind) {
    case JsonKind::kNull: return {"null", "null"};
    case JsonKind::kFalse: return {"false", "false"};
    case JsonKind::kTrue: return {"true", "true"};
    case JsonKind::kNumber: return {"a number", "数字"};
    case JsonKind::kString: return {"a string", "字符串"};
    case JsonKind::kArray: return {"an array", "数组"};
    case JsonKind::kObject: return {"an object", "对象"};
  }
  return {};
}

// What stands there: a number or a string with its text.
Words FoundWords(const JsonValue& value) {
  const std::string text = Quoted(value.text);
  switch (value.kind) {
    case JsonKind::kNumber: return {"number " + text, "数字 " + text};
    case JsonKind::kString: return {"string " + text, "字符串 " + text};
    default: return KindWords(value.kind);
  }
}

// Reads one document. Recursion is as deep as the document, which kMaxNesting bounds. Each function adds to a
// field or message what `value` says, or reports why it cannot; none stops at the first fault.
class Reader {
 public:
  Reader(const JsonDocument& document, Report* report) : document_(document), report_(report) {}

  void Object(const JsonValue& value, Message* message) {
    if (!Expect(value, JsonKind::kObject)) return;
    const Descriptor* type = message->GetDescriptor();
    for (size_t i = 0; i < value.count && !report_->full(); ++i) {
      const JsonValue& member = document_.child(value, i);
      const size_t length = path_.size();
      AppendKey(member.key, &path_);
      const FieldDescriptor* field = type->FindFieldByName(std::string(member.key));
      if (field == nullptr) {
        UnknownKey(member, type);
      } else if (!OneofTaken(member, field, *message)) {
        Field(member, field, message);
      }
      path_.resize(length);
    }
  }

 private:
  void Error(std::string_view code, const JsonValue& value, Words message, Words remedy = {}) {
    report_->Error(code, path_, {value.line, value.column}, std::move(message), std::move(remedy));
  }

  bool Expect(const JsonValue& value, JsonKind kind) {
    if (value.kind == kind) return true;
    Wrong(value, KindWords(kind));
    return false;
  }

  void Wrong(const JsonValue& value, const Words& wanted) {
    if (value.kind == JsonKind::kNull) {
      Error("null-value", value,
            {"expected " + wanted.en + ", found null", "此处应为" + wanted.zh + "，不能为 null"},
            {"leave the key out", "请删去该键"});
      return;
    }
    const Words found = FoundWords(value);
    Error("wrong-type", value,
          {"expected " + wanted.en + ", found " + found.en, "此处应为" + wanted.zh + "，却是" + found.zh});
  }

  void UnknownKey(const JsonValue& member, const Descriptor* type) {
    std::vector<std::string_view> names;
    for (int i = 0; i < type->field_count(); ++i) names.push_back(type->field(i)->name());
    const std::string_view near = Nearest(member.key, names);
    std::string all;
    for (const std::string_view name : names) {
      if (all.size() + name.size() > kMostOfNames) {
        all += ", ...";
        break;
      }
      all.append(all.empty() ? "" : ", ").append(name);
    }
    Words remedy{"the keys are " + all, "可用的键：" + all};
    if (!near.empty()) remedy = {"write " + Quoted(near), "应写作 " + Quoted(near)};
    const std::string key = Quoted(member.key);
    report_->Error("unknown-key", path_, {member.key_line, member.key_column},
                   {"unknown key " + key + " in " + type->name(), type->name() + " 中没有键 " + key},
                   std::move(remedy));
  }

  // Two members of a oneof: the first stays.
  bool OneofTaken(const JsonValue& member, const FieldDescriptor* field, const Message& message) {
    const OneofDescriptor* oneof = field->real_containing_oneof();
    if (oneof == nullptr) return false;
    const FieldDescriptor* first = message.GetReflection()->GetOneofFieldDescriptor(message, oneof);
    if (first == nullptr) return false;
    const std::string one = Quoted(first->name()), two = Quoted(field->name());
    report_->Error("oneof-conflict", path_, {member.key_line, member.key_column},
                   {"key " + two + " stands beside " + one + ", of which only one may stand",
                    "键 " + two + " 与 " + one + " 只能出现一个"},
                   {"keep one of the two", "只保留其中一个"});
    return true;
  }

  void Field(const JsonValue& value, const FieldDescriptor* field, Message* message) {
    if (field->is_map()) {
      Map(value, field, message);
    } else if (field->is_repeated()) {
      Array(value, field, message);
    } else {
      Single(value, field, message);
    }
  }

  void Array(const JsonValue& value, const FieldDescriptor* field, Message* message) {
    if (!Expect(value, JsonKind::kArray)) return;
    for (size_t i = 0; i < value.count && !report_->full(); ++i) {
      const size_t length = path_.size();
      AppendIndex(i, &path_);
      Single(document_.child(value, i), field, message);
      path_.resize(length);
    }
  }

  void Map(const JsonValue& value, const FieldDescriptor* field, Message* message) {
    if (!Expect(value, JsonKind::kObject)) return;
    const FieldDescriptor* key_field = field->message_type()->map_key();
    const FieldDescriptor* value_field = field->message_type()->map_value();
    if (key_field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return Unsupported(value, field);
    for (size_t i = 0; i < value.count && !report_->full(); ++i) {
      const JsonValue& member = document_.child(value, i);
      const size_t length = path_.size();
      AppendKey(member.key, &path_);
      if (NoNul(member.key, {member.key_line, member.key_column})) {
        Message* entry = message->GetReflection()->AddMessage(message, field);
        entry->GetReflection()->SetString(entry, key_field, std::string(member.key));
        Single(member, value_field, entry);
      }
      path_.resize(length);
    }
  }

  // One value: sets a singular field or adds an element to a repeated one.
  void Single(const JsonValue& value, const FieldDescriptor* field, Message* message) {
    const Reflection* reflection = message->GetReflection();
    const bool add = field->is_repeated();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Submessage(
            value, add ? reflection->AddMessage(message, field) : reflection->MutableMessage(message, field));
      case FieldDescriptor::CPPTYPE_STRING: {
        if (field->type() == FieldDescriptor::TYPE_BYTES) return Unsupported(value, field);
        if (!Expect(value, JsonKind::kString) || !NoNul(value.text, {value.line, value.column})) return;
        std::string text(value.text);
        if (add) return reflection->AddString(message, field, std::move(text));
        return reflection->SetString(message, field, std::move(text));
      }
      case FieldDescriptor::CPPTYPE_BOOL: {
        if (value.kind != JsonKind::kTrue && value.kind != JsonKind::kFalse) {
          return Wrong(value, {"true or false", " true 或 false"});
        }
        const bool truth = value.kind == JsonKind::kTrue;
        return add ? reflection->AddBool(message, field, truth) : reflection->SetBool(message, field, truth);
      }
      case FieldDescriptor::CPPTYPE_ENUM: {
        const EnumValueDescriptor* named = Named(value, field->enum_type());
        if (named == nullptr) return;
        return add ? reflection->AddEnum(message, field, named) : reflection->SetEnum(message, field, named);
      }
      case FieldDescriptor::CPPTYPE_INT32: {
        int64_t number;
        if (!Integer(value, std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max(),
                     &number))
          return;
        const int32_t small = static_cast<int32_t>(number);
        return add ? reflection->AddInt32(message, field, small)
                   : reflection->SetInt32(message, field, small);
      }
      case FieldDescriptor::CPPTYPE_UINT32: {
        int64_t number;
        if (!Integer(value, 0, std::numeric_limits<uint32_t>::max(), &number)) return;
        const uint32_t small = static_cast<uint32_t>(number);
        return add ? reflection->AddUInt32(message, field, small)
                   : reflection->SetUInt32(message, field, small);
      }
      case FieldDescriptor::CPPTYPE_INT64: {
        int64_t number;
        if (!Integer(value, std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max(),
                     &number))
          return;
        return add ? reflection->AddInt64(message, field, number)
                   : reflection->SetInt64(message, field, number);
      }
      case FieldDescriptor::CPPTYPE_UINT64: {
        uint64_t number = 0;
        if (!Expect(value, JsonKind::kNumber) ||
            !Whole(value, ReadUnsigned(value.text, &number), "0", "18446744073709551615")) {
          return;
        }
        return add ? reflection->AddUInt64(message, field, number)
                   : reflection->SetUInt64(message, field, number);
      }
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT: return Unsupported(value, field);
    }
  }

  void Submessage(const JsonValue& value, Message* message) {
    if (IsDecimal(message->GetDescriptor())) return Decimal(value, message);
    if (IsValue(message->GetDescriptor())) return Value(value, message);
    if (IsList(message->GetDescriptor()))
      return Array(value, message->GetDescriptor()->FindFieldByName("of"), message);
    Object(value, message);
  }

  void Decimal(const JsonValue& value, Message* message) {
    if (!Expect(value, JsonKind::kNumber)) return;
    int64_t micros = 0;
    switch (ReadScaled(value.text, kDecimalPlaces, &micros)) {
      case NumberFault::kNone: break;
      case NumberFault::kTooPrecise: {
        const std::string places = std::to_string(kDecimalPlaces);
        return Error("lossy-number", value,
                     {"number " + Quoted(value.text) + " has more than " + places + " decimal places",
                      "数字 " + Quoted(value.text) + " 的小数超过 " + places + " 位"},
                     {"round it to " + places + " decimal places", "请舍入到 " + places + " 位小数"});
      }
      case NumberFault::kOutOfRange:
        return OutOfRange(value, "-9223372036854.775808", "9223372036854.775807");
    }
    const Reflection* reflection = message->GetReflection();
    reflection->SetInt64(message, message->GetDescriptor()->FindFieldByName("micros"), micros);
  }

  void Value(const JsonValue& value, Message* message) {
    const Descriptor* type = message->GetDescriptor();
    const Reflection* reflection = message->GetReflection();
    switch (value.kind) {
      case JsonKind::kNull: return reflection->SetBool(message, type->FindFieldByName("missing"), true);
      case JsonKind::kTrue:
      case JsonKind::kFalse: return Single(value, type->FindFieldByName("truth"), message);
      case JsonKind::kNumber: return Single(value, type->FindFieldByName("number"), message);
      case JsonKind::kString: return Single(value, type->FindFieldByName("text"), message);
      case JsonKind::kArray: return Single(value, type->FindFieldByName("list"), message);
      case JsonKind::kObject:
        return Wrong(value, {"a number, a string, true, false, null or an array",
                             "数字、字符串、true、false、null 或数组"});
    }
  }

  const EnumValueDescriptor* Named(const JsonValue& value, const EnumDescriptor* type) {
    if (!Expect(value, JsonKind::kString)) return nullptr;
    const EnumValueDescriptor* found = type->FindValueByName(std::string(value.text));
    if (found != nullptr && !IsUnspecified(found)) return found;
    std::vector<std::string_view> names;
    std::string all;
    for (int i = 0; i < type->value_count(); ++i) {
      if (IsUnspecified(type->value(i))) continue;
      names.push_back(type->value(i)->name());
      all.append(all.empty() ? "" : ", ").append(names.back());
    }
    const std::string_view near = Nearest(value.text, names);
    const std::string name = Quoted(value.text);
    Words remedy{"write one of " + all, "应为下列之一：" + all};
    if (!near.empty()) remedy = {"write " + Quoted(near), "应写作 " + Quoted(near)};
    Error("unknown-enum-value", value,
          {name + " is no value of " + type->name(), name + " 不是 " + type->name() + " 的取值"},
          std::move(remedy));
    return nullptr;
  }

  bool Integer(const JsonValue& value, int64_t min, int64_t max, int64_t* number) {
    if (!Expect(value, JsonKind::kNumber)) return false;
    *number = 0;
    NumberFault fault = ReadScaled(value.text, 0, number);
    if (fault == NumberFault::kNone && (*number < min || *number > max)) fault = NumberFault::kOutOfRange;
    return Whole(value, fault, std::to_string(min), std::to_string(max));
  }

  // Reports what keeps a number from being a whole one in [min, max].
  bool Whole(const JsonValue& value, NumberFault fault, const std::string& min, const std::string& max) {
    if (fault == NumberFault::kNone) return true;
    if (fault == NumberFault::kOutOfRange) {
      OutOfRange(value, min, max);
    } else {
      Error("lossy-number", value,
            {"number " + Quoted(value.text) + " is not a whole number",
             "数字 " + Quoted(value.text) + " 不是整数"});
    }
    return false;
  }

  void OutOfRange(const JsonValue& value, const std::string& min, const std::string& max) {
    const std::string range = "[" + min + ", " + max + "]", number = Quoted(value.text);
    Error("number-out-of-range", value,
          {"number " + number + " lies outside " + range, "数字 " + number + " 超出范围 " + range});
  }

  bool NoNul(std::string_view text, LineColumn place) {
    if (text.find('\0') == std::string_view::npos) return true;
    report_->Error("nul-in-string", path_, place, {"a string contains U+0000", "字符串中含有 U+0000"});
    return false;
  }

  void Unsupported(const JsonValue& value, const FieldDescriptor* field) {
    const std::string name = Quoted(field->full_name());
    Error("unsupported-field", value,
          {"field " + name + " has a type that JSON cannot hold exactly",
           "字段 " + name + " 的类型无法用 JSON 精确表示"});
  }

  const JsonDocument& document_;
  Report* report_;
  std::string path_;
};

}  // namespace

bool ReadMessage(std::string_view json, Message* message, std::vector<Diagnostic>* diagnostics,
                 Places* places) {
  message->Clear();
  std::shared_ptr<const JsonDocument> document = JsonDocument::Parse(json, diagnostics);
  if (places != nullptr) *places = Places(document);
  if (document == nullptr) return false;
  Report report(diagnostics);
  Reader(*document, &report).Object(document->root(), message);
  if (report.errors() == 0) return true;
  message->Clear();
  return false;
}

bool BuildSchema(const google::protobuf::FileDescriptor* file) {
  std::vector<const google::protobuf::FileDescriptor*> files = {file};
  std::vector<const google::protobuf::Descriptor*> types;
  for (size_t next = 0; next < files.size(); ++next) {
    const google::protobuf::FileDescriptor* one = files[next];
    for (int i = 0; i < one->dependency_count(); ++i) {
      if (std::find(files.begin(), files.end(), one->dependency(i)) == files.end())
        files.push_back(one->dependency(i));
    }
    for (int i = 0; i < one->message_type_count(); ++i) types.push_back(one->message_type(i));
  }
  for (size_t next = 0; next < types.size(); ++next) {
    const google::protobuf::Descriptor* type = types[next];
    google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->GetReflection();
    for (int i = 0; i < type->nested_type_count(); ++i) types.push_back(type->nested_type(i));
    for (int i = 0; i < type->field_count(); ++i) type->field(i)->message_type();
  }
  return true;
}

}  // namespace csat::policy
