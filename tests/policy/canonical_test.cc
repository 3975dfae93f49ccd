#include "policy/canonical.h"
#include "csat/policy/canonical_object.h"

#include <random>
#include <string>
#include <vector>

#include "csat/v1/policy.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "policy/message_reader.h"
#include "policy/special_messages.h"

namespace csat::policy {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

csat::v1::Policy Read(const std::string& json) {
  csat::v1::Policy policy;
  std::vector<Diagnostic> found;
  EXPECT_TRUE(ReadMessage(json, &policy, &found))
      << json << "\n"
      << (found.empty() ? "" : ToLine(found[0], Language::kEnglish));
  return policy;
}

TEST(CanonicalJsonTest, SortsKeysAndLeavesOutDefaults) {
  EXPECT_EQ(CanonicalJson(Read(R"({"version": "1", "id": "p", "zone": "", "scales": [
      {"min": 1.50, "max": 1e1, "integer": false, "id": "\u0061\n", "labels": []}],
      "metrics": [{"decimal_places": 0, "min": 0, "number": {}}],
      "label": {"zh": "", "\ud83d\ude00": "s", "\ufffd": "r", "A": "a"},
      "cases": [{"record": {"x": [null, true, "\u20ac", -0.0, []]}}]})")),
            "{\"cases\":[{\"record\":{\"x\":[null,true,\"\u20ac\",0,[]]}}],\"id\":\"p\","
            "\"label\":{\"A\":\"a\",\"zh\":\"\",\"\U0001F600\":\"s\",\"\ufffd\":\"r\"},"
            "\"metrics\":[{\"decimal_places\":0,\"min\":0,\"number\":{}}],"
            "\"scales\":[{\"id\":\"a\\n\",\"max\":10,\"min\":1.5}],\"version\":\"1\"}");
  EXPECT_EQ(CanonicalJson(csat::v1::Policy()), "{}");
}

// A list of ids that is there and empty says something: the others are left out when they are empty.
TEST(CanonicalJsonTest, KeepsAnEmptyListOfIds) {
  for (const char* json :
       {R"({"cases":[{"expect":{"vetoes":[]}}]})", R"({"cases":[{"expect":{"vetoes":["a","b"]}}]})",
        R"({"cases":[{"expect":{}}]})"}) {
    EXPECT_EQ(CanonicalJson(Read(json)), json);
  }
  EXPECT_EQ(CanonicalJson(Read(R"({"cases":[{"expect":{"reasons":[]}}]})")), R"({"cases":[{"expect":{}}]})");
}

struct DigestCase {
  const char* name;
  const char* json;
  bool same;  // as {"id":"p","scales":[{"id":"s","max":10,"min":1.5}]}
};

class DigestTest : public testing::TestWithParam<DigestCase> {};

TEST_P(DigestTest, IsOfTheContentNotOfTheSpelling) {
  const std::string want = CanonicalDigest(Read(R"({"id":"p","scales":[{"id":"s","max":10,"min":1.5}]})"));
  EXPECT_EQ(CanonicalDigest(Read(GetParam().json)) == want, GetParam().same);
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, DigestTest,
    testing::ValuesIn<DigestCase>({
        {"KeyOrder", R"({"scales":[{"min":1.5,"max":10,"id":"s"}],"id":"p"})", true},
        {"Spacing", "\n{ \"id\" :\t\"p\", \"scales\": [ {\"id\":\"s\",\"max\":10,\"min\":1.5} ] }\r\n", true},
        {"TrailingZero", R"({"id":"p","scales":[{"id":"s","max":10.0,"min":1.50}]})", true},
        {"Exponent", R"({"id":"p","scales":[{"id":"s","max":1e1,"min":15E-1}]})", true},
        {"Escape", R"({"\u0069d":"\u0070","scales":[{"id":"s","max":10,"min":1.5}]})", true},
        {"DefaultWritten",
         R"({"id":"p","zone":"","label":{},"scales":[{"id":"s","max":10,"min":1.5,"integer":false}]})", true},
        {"OtherNumber", R"({"id":"p","scales":[{"id":"s","max":10,"min":1.500001}]})", false},
        {"OtherText", R"({"id":"P","scales":[{"id":"s","max":10,"min":1.5}]})", false},
        {"ZeroIsNotAbsent", R"({"id":"p","scales":[{"id":"s","max":10,"min":1.5,"labels":[{"points":0}]}]})",
         false},
        {"MessageSet", R"({"id":"p","source":{},"scales":[{"id":"s","max":10,"min":1.5}]})", false},
    }),
    [](const auto& info) { return info.param.name; });

TEST(DigestTest, OrderOfAListIsContent) {
  EXPECT_NE(CanonicalDigest(Read(R"({"scales":[{"id":"a"},{"id":"b"}]})")),
            CanonicalDigest(Read(R"({"scales":[{"id":"b"},{"id":"a"}]})")));
}

TEST(Sha256HexTest, AnswersOfTheStandard) {  // FIPS 180-4 example values
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(PrettyJsonTest, IsInSchemaOrder) {
  EXPECT_EQ(PrettyJson(Read(R"({"label":{"zh":"x","en":"y"},"id":"p","cases":[{"record":{"a":[1,2],"b":3}}],
      "scales":[{"labels":[]}],"source":{}})")),
            R"({
  "id": "p",
  "label": {"en": "y", "zh": "x"},
  "scales": [
    {}
  ],
  "cases": [
    {
      "record": {
        "a": [1, 2],
        "b": 3
      }
    }
  ],
  "source": {}
}
)");
}

// Fills a message with random content that JSON can say: every kind of field, present and absent.
class Filler {
 public:
  explicit Filler(uint64_t seed) : random_(seed) {}

  void Fill(Message* message, int depth) {
    const auto* type = message->GetDescriptor();
    const Reflection* reflection = message->GetReflection();
    if (IsDecimal(type)) return reflection->SetInt64(message, type->field(0), Integer());
    if (IsValue(type)) {
      const FieldDescriptor* form = type->field(Below(depth > 0 ? 5 : 2));
      if (form->name() == "missing") return reflection->SetBool(message, form, true);
      return Set(message, form, depth);
    }
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* field = type->field(i);
      if (Below(3) == 0 || (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && depth == 0)) continue;
      if (!field->is_repeated()) {
        Set(message, field, depth);
        continue;
      }
      for (int n = Below(3); n > 0; --n) {
        if (!field->is_map()) {
          Set(message, field, depth);
          continue;
        }
        Message* entry = reflection->AddMessage(message, field);
        entry->GetReflection()->SetString(entry, entry->GetDescriptor()->map_key(),
                                          std::to_string(n) + Text());
        Set(entry, entry->GetDescriptor()->map_value(), depth);
      }
    }
  }

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }
  int64_t Integer() {
    const uint64_t bits = random_();
    return static_cast<int64_t>(bits) >> Below(64);
  }
  std::string Text() {
    const char* parts[] = {"a",      "\"",         "\\",     "\n", "\x01", "\u00e9",
                           "\u5ba2", "\U0001F600", "\ufffd", "/",  " "};
    std::string text;
    for (int n = Below(6); n > 0; --n) text += parts[Below(static_cast<int>(std::size(parts)))];
    return text;
  }
  void Set(Message* message, const FieldDescriptor* field, int depth) {
    const Reflection* r = message->GetReflection();
    const bool add = field->is_repeated();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Fill(add ? r->AddMessage(message, field) : r->MutableMessage(message, field), depth - 1);
      case FieldDescriptor::CPPTYPE_STRING:
        return add ? r->AddString(message, field, Text()) : r->SetString(message, field, Text());
      case FieldDescriptor::CPPTYPE_BOOL: return r->SetBool(message, field, Below(2) == 0);
      case FieldDescriptor::CPPTYPE_INT32:
        return r->SetInt32(message, field, static_cast<int32_t>(Integer()));
      case FieldDescriptor::CPPTYPE_ENUM:
        return r->SetEnum(message, field,
                          field->enum_type()->value(1 + Below(field->enum_type()->value_count() - 1)));
      default: FAIL() << "no random value for " << field->full_name();
    }
  }

  std::mt19937_64 random_;
};

TEST(RoundTripTest, RandomMessagesComeBackWhole) {
  size_t bytes = 0;
  for (uint64_t seed = 1; seed <= 1000; ++seed) {
    csat::v1::Policy policy;
    Filler(seed).Fill(&policy, 6);
    const std::string canonical = CanonicalJson(policy);
    bytes += canonical.size();
    for (const std::string& json : {canonical, PrettyJson(policy)}) {
      csat::v1::Policy back;
      std::vector<Diagnostic> found;
      ASSERT_TRUE(ReadMessage(json, &back, &found)) << seed << ": " << ToLine(found[0], Language::kEnglish);
      EXPECT_EQ(CanonicalJson(back), canonical) << seed;
      EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(policy, back)) << seed;
    }
  }
  EXPECT_GT(bytes, 1000000u);
}

// The reader and the writer speak of every field that the schema has.
TEST(SchemaTest, HasOnlyTypesThatJsonHoldsExactly) {
  const auto* file = csat::v1::Policy::descriptor()->file();
  std::vector<const google::protobuf::Descriptor*> types;
  for (int i = 0; i < file->message_type_count(); ++i) types.push_back(file->message_type(i));
  for (size_t t = 0; t < types.size(); ++t) {
    for (int i = 0; i < types[t]->nested_type_count(); ++i) types.push_back(types[t]->nested_type(i));
    EXPECT_EQ(types[t]->extension_range_count(), 0) << types[t]->full_name();
    for (int i = 0; i < types[t]->field_count(); ++i) {
      const FieldDescriptor* field = types[t]->field(i);
      EXPECT_NE(field->cpp_type(), FieldDescriptor::CPPTYPE_DOUBLE) << field->full_name();
      EXPECT_NE(field->cpp_type(), FieldDescriptor::CPPTYPE_FLOAT) << field->full_name();
      EXPECT_NE(field->type(), FieldDescriptor::TYPE_BYTES) << field->full_name();
      if (field->is_map()) {
        EXPECT_EQ(field->message_type()->map_key()->type(), FieldDescriptor::TYPE_STRING)
            << field->full_name();
      }
    }
    for (int i = 0; i < types[t]->enum_type_count(); ++i) {
      const std::string& zero = types[t]->enum_type(i)->FindValueByNumber(0)->name();
      EXPECT_NE(zero.find("_UNSPECIFIED"), std::string::npos) << zero;
    }
  }
}

}  // namespace
}  // namespace csat::policy
