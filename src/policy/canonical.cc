#include "policy/canonical.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "policy/json_text.h"
#include "policy/special_messages.h"

// The one-shot functions that OpenSSL 3 recommends pull in its providers, a megabyte of code, when linked
// static.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

namespace csat::policy {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

constexpr size_t kPrettyColumns = 100;

// Writes one message. Recursion is as deep as the message, which the reader's kMaxNesting bounds.
class Writer {
 public:
  explicit Writer(bool pretty) : pretty_(pretty) {}

  void Object(const Message& message) {
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    if (!pretty_) {
      std::sort(fields.begin(), fields.end(), [](const FieldDescriptor* a, const FieldDescriptor* b) {
        return Utf16Less(a->name(), b->name());
      });
    }
    const size_t begin = Open('{');
    for (const FieldDescriptor* field : fields) {
      Key(field->name());
      if (field->is_map()) {
        Map(message, field);
      } else if (field->is_repeated()) {
        Array(message, field);
      } else {
        Single(message, field, -1);
      }
    }
    Close('}', begin);
  }

  std::string Take() { return std::move(out_); }

 private:
  void Array(const Message& message, const FieldDescriptor* field) {
    const size_t begin = Open('[');
    const int size = message.GetReflection()->FieldSize(message, field);
    for (int i = 0; i < size; ++i) {
      Next();
      Single(message, field, i);
    }
    Close(']', begin);
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
    const size_t begin = Open('{');
    for (const auto& [name, entry] : entries) {
      Key(name);
      Single(*entry, value, -1);
    }
    Close('}', begin);
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
        return String(one ? reflection->GetStringReference(message, field, &scratch)
                          : reflection->GetRepeatedStringReference(message, field, i, &scratch));
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        out_ += (one ? reflection->GetBool(message, field) : reflection->GetRepeatedBool(message, field, i))
                    ? "true"
                    : "false";
        return;
      case FieldDescriptor::CPPTYPE_ENUM:
        return String(
            (one ? reflection->GetEnum(message, field) : reflection->GetRepeatedEnum(message, field, i))
                ->name());
      case FieldDescriptor::CPPTYPE_INT32:
        out_ += std::to_string(one ? reflection->GetInt32(message, field)
                                   : reflection->GetRepeatedInt32(message, field, i));
        return;
      case FieldDescriptor::CPPTYPE_UINT32:
        out_ += std::to_string(one ? reflection->GetUInt32(message, field)
                                   : reflection->GetRepeatedUInt32(message, field, i));
        return;
      case FieldDescriptor::CPPTYPE_INT64:
        out_ += std::to_string(one ? reflection->GetInt64(message, field)
                                   : reflection->GetRepeatedInt64(message, field, i));
        return;
      case FieldDescriptor::CPPTYPE_UINT64:
        out_ += std::to_string(one ? reflection->GetUInt64(message, field)
                                   : reflection->GetRepeatedUInt64(message, field, i));
        return;
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT:
        out_ += "null";  // not in the schema, and the reader refuses it
        return;
    }
  }

  void Submessage(const Message& message) {
    const Reflection* reflection = message.GetReflection();
    if (IsDecimal(message.GetDescriptor())) {
      return AppendDecimal(reflection->GetInt64(message, message.GetDescriptor()->FindFieldByName("micros")),
                           &out_);
    }
    if (!IsValue(message.GetDescriptor())) return Object(message);
    const FieldDescriptor* form =
        reflection->GetOneofFieldDescriptor(message, message.GetDescriptor()->oneof_decl(0));
    if (form == nullptr || form->name() == "missing") {
      out_ += "null";
    } else if (form->name() == "list") {
      const Message& list = reflection->GetMessage(message, form);
      Array(list, list.GetDescriptor()->FindFieldByName("of"));
    } else {
      Single(message, form, -1);
    }
  }

  void String(std::string_view text) {
    out_ += '"';
    AppendJsonEscaped(text, &out_);
    out_ += '"';
  }

  void Key(std::string_view key) {
    Next();
    String(key);
    out_ += pretty_ ? ": " : ":";
  }

  // Begins an element or a member.
  void Next() {
    if (!first_) out_ += ',';
    first_ = false;
    if (!pretty_) return;
    out_ += '\n';
    out_.append(2 * depth_, ' ');
  }

  // Returns where in the text the container begins.
  size_t Open(char bracket) {
    const size_t begin = out_.size();
    out_ += bracket;
    ++depth_;
    first_ = true;
    flat_ = true;
    return begin;
  }

  void Close(char bracket, size_t begin) {
    --depth_;
    if (pretty_ && !first_ && !(flat_ && Flatten(begin))) {
      out_ += '\n';
      out_.append(2 * depth_, ' ');
    }
    out_ += bracket;
    first_ = false;
    flat_ = false;
  }

  // Puts a container that holds only scalars on one line, if it fits. Text within strings has no line feed.
  bool Flatten(size_t begin) {
    if (out_.size() - begin > 2 * kPrettyColumns + 64 * depth_) return false;
    std::string line;
    for (size_t i = begin; i < out_.size(); ++i) {
      if (out_[i] != '\n') {
        line += out_[i];
        continue;
      }
      if (line.size() > 1) line += ' ';
      while (i + 1 < out_.size() && out_[i + 1] == ' ') ++i;
    }
    const size_t line_start = out_.rfind('\n', begin) + 1;  // 0 where there is none
    if (begin - line_start + line.size() + 2 > kPrettyColumns) return false;
    out_.replace(begin, std::string::npos, line);
    return true;
  }

  const bool pretty_;
  std::string out_;
  size_t depth_ = 0;
  bool first_ = true;  // nothing stands in the open container yet
  bool flat_ = false;  // the container to be closed next holds no other
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

std::string Sha256Hex(std::string_view bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(digest, &context);
  std::string hex;
  for (unsigned char byte : digest) {
    hex += kHex[byte >> 4];
    hex += kHex[byte & 15];
  }
  return hex;
}

std::string CanonicalDigest(const Message& message) { return Sha256Hex(CanonicalJson(message)); }

}  // namespace csat::policy
