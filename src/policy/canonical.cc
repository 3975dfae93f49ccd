#include "policy/canonical.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "csat/policy/canonical_object.h"
#include "google/protobuf/descriptor.h"
#include "policy/json_text.h"
#include "policy/json_writer.h"
#include "policy/special_messages.h"

namespace csat::policy {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

// Writes one message. Recursion is as deep as the message, which the reader's kMaxNesting bounds.
class Writer {
 public:
  explicit Writer(bool pretty)
      : pretty_(pretty), json_(pretty ? JsonWriter::Layout::kPretty : JsonWriter::Layout::kCompact) {}

  void Object(const Message& message) {
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    if (!pretty_) {
      std::sort(fields.begin(), fields.end(), [](const FieldDescriptor* a, const FieldDescriptor* b) {
        return Utf16Less(a->name(), b->name());
      });
    }
    json_.OpenObject();
    for (const FieldDescriptor* field : fields) {
      json_.Key(field->name());
      if (field->is_map()) {
        Map(message, field);
      } else if (field->is_repeated()) {
        Array(message, field);
      } else {
        Single(message, field, -1);
      }
    }
    json_.CloseObject();
  }

  std::string Take() { return json_.Take(); }

 private:
  void Array(const Message& message, const FieldDescriptor* field) {
    json_.OpenArray();
    const int size = message.GetReflection()->FieldSize(message, field);
    for (int i = 0; i < size; ++i) {
      json_.Element();
      Single(message, field, i);
    }
    json_.CloseArray();
  }

  void Map(const Message& message, const FieldDescriptor* field) {
    const Reflection* reflection = message.GetReflection();
    const FieldDescriptor* key = field->message_type()->map_key();
    const FieldDescriptor* value = field->message_type()->map_value();
    std::vector<std::pair<std::string, const Message*>> entries;
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      const Message& entry = reflection->GetRepeatedMessage(message, field, i);
      entries.emplace_back(entry.GetReflection()->GetString(entry, key), &entry);
    }
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return Utf16Less(a.first, b.first); });
    json_.OpenObject();
    for (const auto& [name, entry] : entries) {
      json_.Key(name);
      Single(*entry, value, -1);
    }
    json_.CloseObject();
  }

  // The field's value, or with i >= 0 the i-th of a repeated field.
  void Single(const Message& message, const FieldDescriptor* field, int i) {
    const Reflection* reflection = message.GetReflection();
    const bool one = i < 0;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Submessage(one ? reflection->GetMessage(message, field)
                              : reflection->GetRepeatedMessage(message, field, i));
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        return json_.String(one ? reflection->GetStringReference(message, field, &scratch)
                                : reflection->GetRepeatedStringReference(message, field, i, &scratch));
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        return json_.Raw(
            (one ? reflection->GetBool(message, field) : reflection->GetRepeatedBool(message, field, i))
                ? "true"
                : "false");
      case FieldDescriptor::CPPTYPE_ENUM:
        return json_.String(
            (one ? reflection->GetEnum(message, field) : reflection->GetRepeatedEnum(message, field, i))
                ->name());
      case FieldDescriptor::CPPTYPE_INT32:
        return json_.Raw(std::to_string(one ? reflection->GetInt32(message, field)
                                            : reflection->GetRepeatedInt32(message, field, i)));
      case FieldDescriptor::CPPTYPE_UINT32:
        return json_.Raw(std::to_string(one ? reflection->GetUInt32(message, field)
                                            : reflection->GetRepeatedUInt32(message, field, i)));
      case FieldDescriptor::CPPTYPE_INT64:
        return json_.Raw(std::to_string(one ? reflection->GetInt64(message, field)
                                            : reflection->GetRepeatedInt64(message, field, i)));
      case FieldDescriptor::CPPTYPE_UINT64:
        return json_.Raw(std::to_string(one ? reflection->GetUInt64(message, field)
                                            : reflection->GetRepeatedUInt64(message, field, i)));
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT:
        json_.Raw("null");  // not in the schema, and the reader refuses it
        return;
    }
  }

  void Submessage(const Message& message) {
    const Reflection* reflection = message.GetReflection();
    if (IsDecimal(message.GetDescriptor())) {
      std::string number;
      AppendDecimal(reflection->GetInt64(message, message.GetDescriptor()->FindFieldByName("micros")),
                    &number);
      return json_.Raw(number);
    }
    if (IsList(message.GetDescriptor()))
      return Array(message, message.GetDescriptor()->FindFieldByName("of"));
    if (!IsValue(message.GetDescriptor())) return Object(message);
    const FieldDescriptor* form =
        reflection->GetOneofFieldDescriptor(message, message.GetDescriptor()->oneof_decl(0));
    if (form == nullptr || form->name() == "missing") {
      json_.Raw("null");
    } else {
      Single(message, form, -1);
    }
  }

  const bool pretty_;
  JsonWriter json_;
};

}  // namespace

std::string CanonicalJson(const Message& message) {
  Writer writer(/*pretty=*/false);
  writer.Object(message);
  return writer.Take();
}

std::string PrettyJson(const Message& message) {
  Writer writer(/*pretty=*/true);
  writer.Object(message);
  return writer.Take() + "\n";
}

std::string CanonicalDigest(const Message& message) { return Sha256Hex(CanonicalJson(message)); }

}  // namespace csat::policy
