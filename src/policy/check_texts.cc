// The texts of a policy as people will read them: nothing in them that a screen acts on, and grades whose names
// tell them apart in every language.
#include <map>
#include <string>
#include <string_view>

#include "policy/check_steps.h"
#include "policy/message_walk.h"

namespace csat::policy {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void CheckText(const std::string& text, std::string path, Findings* findings) {
  const std::string unseen = FirstUnseen(text);
  if (unseen.empty()) return;
  findings->Error(
      "control-character", std::move(path),
      {Quoted(text) + " holds the control character " + unseen, Quoted(text) + " 含有控制字符 " + unseen},
      {"take it out", "请删去"}, unseen);
}

void CheckTextsOf(const Message& at, const std::string& path, Findings* findings) {
  const Reflection& reflection = *at.GetReflection();
  for (int i = 0; i < at.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = at.GetDescriptor()->field(i);
    const std::string key(field->name());
    if (field->is_map() && field->message_type()->map_value()->type() == FieldDescriptor::TYPE_STRING) {
      std::map<std::string, std::string> texts;  // In the order of the keys.
      for (int j = 0; j < reflection.FieldSize(at, field); ++j) {
        const Message& pair = reflection.GetRepeatedMessage(at, field, j);
        const Reflection& inner = *pair.GetReflection();
        texts.emplace(inner.GetString(pair, field->message_type()->map_key()),
                      inner.GetString(pair, field->message_type()->map_value()));
      }
      for (const auto& [name, text] : texts) CheckText(text, At(At(path, key), name), findings);
    } else if (field->type() == FieldDescriptor::TYPE_STRING && field->is_repeated()) {
      for (int j = 0; j < reflection.FieldSize(at, field); ++j)
        CheckText(reflection.GetRepeatedString(at, field, j), At(path, key, j), findings);
    } else if (field->type() == FieldDescriptor::TYPE_STRING) {
      CheckText(reflection.GetString(at, field), At(path, key), findings);
    }
  }
}

// Of the bands of one grading: two with one name, and one without a name in a language that most have.
void CheckBandNames(const v1::Grading& grading, const std::string& path, Findings* findings) {
  std::map<std::string, std::map<std::string, int>> bands_of;  // By language, and by name: the first band.
  std::map<std::string, int> named;                            // By language: bands that have a name in it.
  for (int i = 0; i < grading.bands_size(); ++i) {
    const std::map<std::string, std::string> label(grading.bands(i).label().begin(),
                                                   grading.bands(i).label().end());
    for (const auto& [language, name] : label) {
      ++named[language];
      const auto [found, inserted] = bands_of[language].emplace(name, i);
      if (inserted || grading.bands(found->second).id() == grading.bands(i).id()) continue;  // duplicate-id
      const std::string first = Quoted(grading.bands(found->second).id());
      findings->Warning(
          "label-repeated", At(At(At(path, "bands", i), "label"), language),
          {"bands " + first + " and " + Quoted(grading.bands(i).id()) + " are both called " + Quoted(name),
           "档 " + first + " 与 " + Quoted(grading.bands(i).id()) + " 都叫 " + Quoted(name)},
          {"give each band a name of its own", "请为每一档写不同的名称"}, name);
    }
  }
  for (const auto& [language, count] : named) {
    if (2 * count < grading.bands_size() || count == grading.bands_size()) continue;
    for (int i = 0; i < grading.bands_size(); ++i) {
      if (grading.bands(i).label().count(language) > 0) continue;
      const std::string id = Quoted(grading.bands(i).id());
      findings->Warning(
          "label-absent", At(path, "bands", i),
          {"band " + id + " has no name in the language " + Quoted(language) + ", and other bands have one",
           "档 " + id + " 没有语言 " + Quoted(language) + " 的名称，而其他档有"},
          {"add one", "请补写"}, language);
    }
  }
}

}  // namespace

void CheckTexts(const v1::Policy& message, Findings* findings) {
  std::string path;
  WalkMessages(message, &path, [findings](const Message& at, const std::string& place) {
    CheckTextsOf(at, place, findings);
    if (at.GetDescriptor() == v1::Grading::descriptor())
      CheckBandNames(static_cast<const v1::Grading&>(at), place, findings);
  });
}

}  // namespace csat::policy
