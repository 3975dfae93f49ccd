#include "policy/json_schema.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "google/protobuf/descriptor.pb.h"
#include "policy/json_writer.h"
#include "policy/special_messages.h"

namespace csat::policy {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::FileDescriptor;
using ::google::protobuf::FileDescriptorProto;
using ::google::protobuf::OneofDescriptor;
using ::google::protobuf::SourceLocation;

// A comment as running text: lines joined by spaces, paragraphs by a line feed.
std::string Prose(std::string_view comment) {
  std::string prose;
  bool paragraph = false;
  while (!comment.empty()) {
    std::string_view line = comment.substr(0, comment.find('\n'));
    comment.remove_prefix(std::min(comment.size(), line.size() + 1));
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
    if (line.empty()) {
      paragraph = !prose.empty();
      continue;
    }
    if (!prose.empty()) prose += paragraph ? '\n' : ' ';
    paragraph = false;
    prose.append(line);
  }
  return prose;
}

template <typename Described>
std::string Comment(const Described* described) {
  SourceLocation location;
  if (!described->GetSourceLocation(&location)) return {};
  return Prose(location.leading_comments + "\n" + location.trailing_comments);
}

// The comment that opens the file stands before its `syntax`.
std::string Comment(const FileDescriptor* file) {
  SourceLocation location;
  if (!file->GetSourceLocation({FileDescriptorProto::kSyntaxFieldNumber}, &location)) return {};
  return Prose(location.leading_comments);
}

class SchemaWriter {
 public:
  explicit SchemaWriter(const Descriptor* root) : root_(root) { Need(root); }

  std::string Write() {
    json_.OpenObject();
    Text("$schema", "https://json-schema.org/draft/2020-12/schema");
    Text("title", root_->full_name());
    Text("description", Comment(root_->file()));
    Reference(root_);
    json_.Key("$defs");
    json_.OpenObject();
    // Writing one message may add others that it needs.
    for (auto next = needed_.begin(); next != needed_.end();) {
      json_.Key(next->first);
      Definition(next->second);
      written_.insert(*next);
      needed_.erase(next);
      next = needed_.begin();
    }
    json_.CloseObject();
    json_.CloseObject();
    return json_.Take() + "\n";
  }

 private:
  // The name within the package: Scale.Label.
  static std::string Name(const Descriptor* type) {
    const std::string& package = type->file()->package();
    return package.empty() ? type->full_name() : type->full_name().substr(package.size() + 1);
  }

  void Need(const Descriptor* type) {
    const std::string name = Name(type);
    if (written_.count(name) == 0) needed_[name] = type;
  }

  void Text(std::string_view key, const std::string& text) {
    if (text.empty()) return;
    json_.Key(key);
    json_.String(text);
  }

  void Raw(std::string_view key, std::string_view literal) {
    json_.Key(key);
    json_.Raw(literal);
  }

  void Reference(const Descriptor* type) {
    Need(type);
    Text("$ref", "#/$defs/" + Name(type));
  }

  void Definition(const Descriptor* type) {
    json_.OpenObject();
    Text("description", Comment(type));
    if (IsDecimal(type)) {
      Text("type", "number");
      Raw("minimum", "-9223372036854.775808");
      Raw("maximum", "9223372036854.775807");
    } else if (IsValue(type)) {
      json_.Key("type");
      Strings({"number", "string", "boolean", "null", "array"});
      json_.Key("items");
      json_.OpenObject();
      Reference(type);
      json_.CloseObject();
    } else if (IsList(type)) {
      Elements(type->FindFieldByName("of"));
    } else {
      Members(type);
    }
    json_.CloseObject();
  }

  void Elements(const FieldDescriptor* field) {
    Text("type", "array");
    json_.Key("items");
    json_.OpenObject();
    Type(field);
    json_.CloseObject();
  }

  void Members(const Descriptor* type) {
    Text("type", "object");
    json_.Key("properties");
    json_.OpenObject();
    for (int i = 0; i < type->field_count(); ++i) {
      json_.Key(type->field(i)->name());
      Field(type->field(i));
    }
    json_.CloseObject();
    Raw("additionalProperties", "false");
    if (type->real_oneof_decl_count() == 0) return;
    json_.Key("allOf");
    json_.OpenArray();
    for (int i = 0; i < type->real_oneof_decl_count(); ++i) AtMostOne(type->oneof_decl(i));
    json_.CloseArray();
  }

  // Each member alone, or none.
  void AtMostOne(const OneofDescriptor* oneof) {
    json_.Element();
    json_.OpenObject();
    json_.Key("oneOf");
    json_.OpenArray();
    for (int i = 0; i < oneof->field_count(); ++i) Required(oneof->field(i));
    json_.Element();
    json_.OpenObject();
    json_.Key("not");
    json_.OpenObject();
    json_.Key("anyOf");
    json_.OpenArray();
    for (int i = 0; i < oneof->field_count(); ++i) Required(oneof->field(i));
    json_.CloseArray();
    json_.CloseObject();
    json_.CloseObject();
    json_.CloseArray();
    json_.CloseObject();
  }

  void Required(const FieldDescriptor* field) {
    json_.Element();
    json_.OpenObject();
    json_.Key("required");
    Strings({field->name()});
    json_.CloseObject();
  }

  void Strings(const std::vector<std::string>& texts) {
    json_.OpenArray();
    for (const std::string& text : texts) {
      json_.Element();
      json_.String(text);
    }
    json_.CloseArray();
  }

  void Field(const FieldDescriptor* field) {
    json_.OpenObject();
    std::string description = Comment(field);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) description += EnumComments(field->enum_type());
    while (!description.empty() && description.front() == '\n') description.erase(0, 1);
    Text("description", description);
    if (field->is_map()) {
      Text("type", "object");
      json_.Key("additionalProperties");
      json_.OpenObject();
      Type(field->message_type()->map_value());
      json_.CloseObject();
    } else if (field->is_repeated()) {
      Elements(field);
    } else {
      Type(field);
    }
    json_.CloseObject();
  }

  // One line for each value that has a comment.
  static std::string EnumComments(const EnumDescriptor* type) {
    std::string comments;
    for (int i = 0; i < type->value_count(); ++i) {
      const std::string comment = Comment(type->value(i));
      if (!comment.empty()) comments += "\n" + type->value(i)->name() + ": " + comment;
    }
    return comments;
  }

  // What one value of the field is.
  void Type(const FieldDescriptor* field) {
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE: return Reference(field->message_type());
      case FieldDescriptor::CPPTYPE_STRING: return Text("type", "string");
      case FieldDescriptor::CPPTYPE_BOOL: return Text("type", "boolean");
      case FieldDescriptor::CPPTYPE_ENUM: {
        std::vector<std::string> names;
        for (int i = 0; i < field->enum_type()->value_count(); ++i) {
          if (!IsUnspecified(field->enum_type()->value(i)))
            names.push_back(field->enum_type()->value(i)->name());
        }
        json_.Key("enum");
        return Strings(names);
      }
      case FieldDescriptor::CPPTYPE_INT32: return Integer("-2147483648", "2147483647");
      case FieldDescriptor::CPPTYPE_UINT32: return Integer("0", "4294967295");
      case FieldDescriptor::CPPTYPE_INT64: return Integer("-9223372036854775808", "9223372036854775807");
      case FieldDescriptor::CPPTYPE_UINT64: return Integer("0", "18446744073709551615");
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT: return Raw("not", "{}");  // the reader refuses it
    }
  }

  void Integer(std::string_view minimum, std::string_view maximum) {
    Text("type", "integer");
    Raw("minimum", minimum);
    Raw("maximum", maximum);
  }

  const Descriptor* root_;
  JsonWriter json_{JsonWriter::Layout::kPretty};
  std::map<std::string, const Descriptor*> needed_, written_;
};

}  // namespace

std::string JsonSchema(const Descriptor* root) { return SchemaWriter(root).Write(); }

}  // namespace csat::policy
