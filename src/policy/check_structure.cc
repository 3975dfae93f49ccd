#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "csat/model/calendar.h"
#include "policy/check_steps.h"
#include "policy/message_walk.h"

namespace csat::policy {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;

// Fields and choices that a message cannot be without. A list has to have an item.
struct Required {
  const Descriptor* type;
  std::vector<std::string_view> names;
};

const std::vector<Required>& AllRequired() {
  static const auto* const required = new std::vector<Required>{
      {v1::Policy::descriptor(), {"id", "version", "effective_from", "zone"}},
      {v1::Scale::descriptor(), {"id", "min", "max", "direction"}},
      {v1::Metric::descriptor(), {"id", "form"}},
      {v1::Ratio::descriptor(), {"numerator", "denominator"}},
      {v1::Ratio_Term::descriptor(), {"field"}},
      {v1::Aggregate::descriptor(), {"kind"}},
      {v1::Predicate::descriptor(), {"form"}},
      {v1::PredicateList::descriptor(), {"of"}},
      {v1::AtLeast::descriptor(), {"count", "of"}},
      {v1::Comparison::descriptor(), {"metric", "op", "operand"}},
      {v1::Measure::descriptor(), {"id", "form"}},
      {v1::ShareOf::descriptor(), {"of"}},
      {v1::MeanOf::descriptor(), {"metric"}},
      {v1::NetPromoterScore::descriptor(), {"metric"}},
      {v1::RatioOfSums::descriptor(), {"numerator", "denominator"}},
      {v1::RatioOfSums_Term::descriptor(), {"of"}},
      {v1::SumOf::descriptor(), {"metric"}},
      {v1::QuantileOf::descriptor(), {"metric", "at"}},
      {v1::DeviationOf::descriptor(), {"metric"}},
      {v1::CapabilityOf::descriptor(), {"metric"}},
      {v1::SubgroupCapabilityOf::descriptor(), {"metrics", "within"}},
      {v1::ProductOf::descriptor(), {"measures"}},
      {v1::DifferenceOf::descriptor(), {"measure", "subtrahend"}},
      {v1::ScoreFunction::descriptor(), {"form"}},
      {v1::Linear::descriptor(), {"from", "to"}},
      {v1::Anchor::descriptor(), {"at", "points"}},
      {v1::Piecewise::descriptor(), {"anchors"}},
      {v1::StepDeduction::descriptor(), {"full_points", "limit", "step", "loss_per_step", "steps"}},
      {v1::BandPoints::descriptor(), {"bands"}},
      {v1::BandPoints_Band::descriptor(), {"from", "points"}},
      {v1::ShareOfTarget::descriptor(), {"target", "full_points"}},
      {v1::Likert::descriptor(), {"conversion"}},
      {v1::Lookup::descriptor(), {"entries"}},
      {v1::Lookup_Entry::descriptor(), {"text", "points"}},
      {v1::Missing::descriptor(), {"rule"}},
      {v1::Indicator::descriptor(), {"id", "max_points", "form"}},
      {v1::Children::descriptor(), {"indicators"}},
      {v1::Gate::descriptor(), {"when", "cap_points"}},
      {v1::Profile::descriptor(), {"id"}},
      {v1::WeightConstraint::descriptor(), {"form"}},
      {v1::WeightConstraint_Sum::descriptor(), {"equals"}},
      {v1::WeightConstraint_Order::descriptor(), {"greater", "less"}},
      {v1::WeightConstraint_Fixed::descriptor(), {"group"}},
      {v1::Bonus::descriptor(), {"mode", "cap", "sources"}},
      {v1::Bonus_Source::descriptor(), {"id", "metric", "each"}},
      {v1::Cap::descriptor(), {"id", "when", "max_score"}},
      {v1::Veto::descriptor(), {"id", "when", "scope", "effect"}},
      {v1::Grading::descriptor(), {"bands"}},
      {v1::Grading_Band::descriptor(), {"id", "from"}},
      {v1::Scorecard::descriptor(), {"id", "max_score", "indicators"}},
      {v1::MinAnswers::descriptor(), {"metric", "count"}},
      {v1::Target::descriptor(), {"id", "of", "op"}},
      {v1::Case::descriptor(), {"name", "expect"}},
      {v1::Cleaning::descriptor(), {"rules"}},
      {v1::CleaningRule::descriptor(), {"id", "action", "form"}},
      {v1::OffScale::descriptor(), {"items"}},
      {v1::StraightLine::descriptor(), {"items"}},
      {v1::AllExtreme::descriptor(), {"items"}},
      {v1::LongString::descriptor(), {"items"}},
      {v1::Variability::descriptor(), {"items"}},
      {v1::EvenOdd::descriptor(), {"parts", "below"}},
      {v1::EvenOdd_Part::descriptor(), {"items"}},
      {v1::Mahalanobis::descriptor(), {"items", "confidence"}},
      {v1::Duplicates::descriptor(), {"keys", "keep"}},
      {v1::Stay::descriptor(), {"from", "until"}},
      {v1::Distance::descriptor(), {"latitude", "longitude", "store_latitude", "store_longitude"}},
      {v1::DefaultAnswers::descriptor(), {"defaults", "at_least"}},
      {v1::CleaningFigure::descriptor(), {"id", "metric"}},
      {v1::CleaningReview::descriptor(), {"share"}},
      {v1::Sampling::descriptor(), {"rules"}},
      {v1::SamplingRule::descriptor(), {"id", "form"}},
      {v1::EveryPeriod::descriptor(), {"period"}},
      {v1::WithinMonths::descriptor(), {"months"}},
      {v1::EachEvent::descriptor(), {"event"}},
      {v1::RecentEvent::descriptor(), {"months"}},
      {v1::SharesOfStrata::descriptor(), {"method"}},
      {v1::WaveValidity::descriptor(), {"most_unanswered"}},
      {v1::Questionnaire::descriptor(), {"id", "version", "items"}},
      {v1::Item::descriptor(), {"id"}},
      {v1::Item_Option::descriptor(), {"id"}},
      {v1::FollowUp::descriptor(), {"after", "since"}},
      {v1::Confirmation::descriptor(), {"period", "decision", "report"}},
  };
  return *required;
}

// Fields whose absence has a meaning, which a policy may have assumed.
bool MayBeAbsent(std::string_view field) {
  static constexpr std::string_view kDefaulted[] = {"aggregate",
                                                    "base",
                                                    "basis",
                                                    "beyond",
                                                    "combine",
                                                    "decimal_places",
                                                    "field",
                                                    "floor_points",
                                                    "min_answers",
                                                    "period",
                                                    "population",
                                                    "promoters_from",
                                                    "detractors_through",
                                                    "scope",
                                                    "times",
                                                    "weight",
                                                    "least_answers",
                                                    "unknown",
                                                    "order",
                                                    "seed",
                                                    "required",
                                                    "languages",
                                                    "triggers",
                                                    "offered_when",
                                                    "min_duration_ms"};
  return std::find(std::begin(kDefaulted), std::end(kDefaulted), field) != std::end(kDefaulted);
}

std::string_view View(const std::string& text) { return text; }

bool Has(const Message& message, const FieldDescriptor* field) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  if (field->is_repeated()) return reflection.FieldSize(message, field) > 0;
  return reflection.HasField(message, field);
}

bool IsId(std::string_view id, bool hyphen) {
  return !id.empty() && id.size() <= kMaxIdBytes && std::all_of(id.begin(), id.end(), [hyphen](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || (hyphen && c == '-');
  });
}

// A language tag of the common kind: "en", "zh", "zh-Hant", "pt-BR".
bool IsLanguage(std::string_view tag) {
  size_t part = 0;
  size_t length = 0;
  for (const char c : tag) {
    if (c == '-') {
      if (length < 2) return false;
      ++part;
      length = 0;
      continue;
    }
    const bool letter = (c >= 'a' && c <= 'z') || (part > 0 && c >= 'A' && c <= 'Z');
    const bool digit = part > 0 && c >= '0' && c <= '9';
    if ((!letter && !digit) || ++length > (part == 0 ? 3u : 8u)) return false;
  }
  return length >= 2;
}

// "Area/City" of the tz database, UTC or GMT.
bool IsZone(std::string_view zone) {
  if (zone == "UTC" || zone == "GMT") return true;
  static constexpr std::string_view kAreas[] = {
      "Africa", "America", "Antarctica", "Arctic", "Asia",   "Atlantic", "Australia", "Brazil",
      "Canada", "Chile",   "Etc",        "Europe", "Indian", "Mexico",   "Pacific",   "US"};
  const size_t slash = zone.find('/');
  if (slash == std::string_view::npos || zone.size() > kMaxIdBytes || zone.back() == '/') return false;
  if (std::find(std::begin(kAreas), std::end(kAreas), zone.substr(0, slash)) == std::end(kAreas))
    return false;
  return zone.find("//") == std::string_view::npos && std::all_of(zone.begin(), zone.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
                  c == '_' || c == '-' || c == '+';
         });
}

class StructureCheck {
 public:
  StructureCheck(const v1::Policy& message, Findings* findings) : message_(message), findings_(*findings) {
    for (const Required& required : AllRequired()) required_.emplace(required.type, &required);
  }

  void Run() {
    std::string path;
    WalkMessages(message_, &path, [this](const Message& at, const std::string& place) { Visit(at, place); });
    CheckHead();
    CheckIndicatorIds();
    CheckSizes();
    CheckCaseNames();
  }

 private:
  void Visit(const Message& at, const std::string& path) {
    const Descriptor* type = at.GetDescriptor();
    if (const auto found = required_.find(type); found != required_.end())
      CheckRequired(at, path, *found->second);
    if (const FieldDescriptor* id = type->FindFieldByName("id"); id != nullptr) CheckId(at, id, path);
    if (type == v1::Item::descriptor()) CheckOptions(static_cast<const v1::Item&>(at), path);
    if (const FieldDescriptor* label = type->FindFieldByName("label"); label != nullptr && label->is_map()) {
      CheckLabel(at, label, path);
    }
    if (const FieldDescriptor* source = type->FindFieldByName("source");
        source != nullptr && source->message_type() == v1::Source::descriptor() && Has(at, source)) {
      CheckAssumed(at, static_cast<const v1::Source&>(at.GetReflection()->GetMessage(at, source)), path);
    }
    for (int i = 0; i < type->field_count(); ++i) CheckSiblingIds(at, type->field(i), path);
  }

  void CheckRequired(const Message& at, const std::string& path, const Required& required) {
    for (const std::string_view name : required.names) {
      const std::string key(name);
      const FieldDescriptor* field = required.type->FindFieldByName(key);
      const OneofDescriptor* choice = field == nullptr ? required.type->FindOneofByName(key) : nullptr;
      if (field != nullptr ? Has(at, field) : at.GetReflection()->HasOneof(at, choice)) continue;
      if (field != nullptr && field->is_repeated()) {
        findings_.Error(
            "empty-list", path,
            {"'" + key + "' has no item; 1 is the least", "“" + key + "”没有任何一项，至少要有 1 项"},
            {"write at least one item of '" + key + "'", "为“" + key + "”至少写一项"}, key);
        continue;
      }
      std::string choices;
      for (int i = 0; choice != nullptr && i < choice->field_count(); ++i) {
        choices += (i == 0 ? "" : ", ") + std::string(choice->field(i)->name());
      }
      if (choice != nullptr) {
        findings_.Error("missing-field", path, {"none of " + choices + " is given", choices + " 均未给出"},
                        {"write one of them", "请写出其中一项"}, choices);
      } else {
        findings_.Error("missing-field", path, {"'" + key + "' is missing", "缺少“" + key + "”"},
                        {"write '" + key + "'", "请写明“" + key + "”"}, key);
      }
    }
  }

  void CheckId(const Message& at, const FieldDescriptor* field, const std::string& path) {
    const std::string id = at.GetReflection()->GetString(at, field);
    if (id.empty()) return;  // missing-field
    const Descriptor* type = at.GetDescriptor();
    // Words of a text metric. Those of several options are ids: CheckOptions().
    if (type == v1::Profile::descriptor() || type == v1::Item_Option::descriptor()) return;
    const bool hyphen = type != v1::Metric::descriptor() && type != v1::Indicator::descriptor() &&
                        type != v1::Measure::descriptor();
    RequireId(id, hyphen, path);
  }

  void CheckOptions(const v1::Item& item, const std::string& path) {
    for (int i = 0; item.has_several() && i < item.options_size(); ++i) {
      if (!item.options(i).id().empty()) RequireId(item.options(i).id(), true, At(path, "options", i));
    }
  }

  void RequireId(const std::string& id, bool hyphen, const std::string& path) {
    if (IsId(id, hyphen)) return;
    const std::string allowed = hyphen ? "[a-z0-9_-]{1,64}" : "[a-z0-9_]{1,64}";
    findings_.Error(
        "invalid-id", At(path, "id"),
        {"id " + Quoted(id) + " is not of the form " + allowed, "标识 " + Quoted(id) + " 不符合 " + allowed},
        {"use small letters, digits and '_'", "只用小写字母、数字和“_”"}, id);
  }

  void CheckLabel(const Message& at, const FieldDescriptor* field, const std::string& path) {
    const google::protobuf::Reflection& reflection = *at.GetReflection();
    const Descriptor* entry = field->message_type();
    for (int i = 0; i < reflection.FieldSize(at, field); ++i) {
      const Message& pair = reflection.GetRepeatedMessage(at, field, i);
      const std::string language = pair.GetReflection()->GetString(pair, entry->map_key());
      if (!IsLanguage(language)) {
        findings_.Error("invalid-language", At(At(path, "label"), language),
                        {Quoted(language) + " is not a language tag", Quoted(language) + " 不是语言标记"},
                        {"write a tag such as en, zh or zh-Hant", "请写 en、zh、zh-Hant 之类的标记"},
                        language);
      } else if (pair.GetReflection()->GetString(pair, entry->map_value()).empty()) {
        findings_.Error("missing-field", At(At(path, "label"), language), {"the label is empty", "名称为空"},
                        {"write a name, or leave the language out", "请写名称，或删去该语言"}, language);
      }
    }
  }

  // Ids of the items of one list. Those of indicators are looked at as a tree.
  void CheckSiblingIds(const Message& at, const FieldDescriptor* field, const std::string& path) {
    if (!field->is_repeated() || field->is_map() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
      return;
    const Descriptor* item = field->message_type();
    const FieldDescriptor* id = item->FindFieldByName("id");
    if (id == nullptr || item == v1::Indicator::descriptor()) return;
    std::map<std::string, int, std::less<>> first;
    for (int i = 0; i < at.GetReflection()->FieldSize(at, field); ++i) {
      const Message& sibling = at.GetReflection()->GetRepeatedMessage(at, field, i);
      const std::string name = sibling.GetReflection()->GetString(sibling, id);
      const auto [found, inserted] = first.emplace(name, i);
      if (inserted || name.empty()) continue;
      const std::string key(field->name());
      ReportDuplicate("duplicate-id", At(At(path, key, i), "id"), name, At(path, key, found->second));
    }
  }

  void CheckIndicatorIds() {
    for (int i = 0; i < message_.scorecards_size(); ++i) {
      std::map<std::string_view, std::string> first;
      std::string path = "scorecards[" + std::to_string(i) + "].indicators";
      WalkIndicators(message_.scorecards(i).indicators(), &path,
                     [&](const v1::Indicator& indicator, const std::string& place) {
                       const auto [found, inserted] = first.emplace(View(indicator.id()), place);
                       if (!inserted && !indicator.id().empty()) {
                         ReportDuplicate("duplicate-id", At(place, "id"), indicator.id(), found->second);
                       }
                     });
    }
  }

  void CheckCaseNames() {
    std::map<std::string_view, int> first;
    for (int i = 0; i < message_.cases_size(); ++i) {
      const auto [found, inserted] = first.emplace(View(message_.cases(i).name()), i);
      if (inserted || message_.cases(i).name().empty()) continue;
      ReportDuplicate("duplicate-name", At(At("", "cases", i), "name"), message_.cases(i).name(),
                      At("", "cases", found->second));
    }
  }

  void ReportDuplicate(const char* code, std::string path, const std::string& name,
                       const std::string& first) {
    findings_.Error(
        code, std::move(path),
        {Quoted(name) + " stands twice, first at " + first, Quoted(name) + " 重复，首次出现于 " + first},
        {"give it a name of its own", "请另取名称"}, name);
  }

  // A dotted name such as score.steps is followed through fields and items; a list holds it if an item does.
  void CheckAssumed(const Message& holder, const v1::Source& source, const std::string& path) {
    for (int i = 0; i < source.assumed_size(); ++i) {
      const std::string& name = source.assumed(i);
      const Descriptor* type = holder.GetDescriptor();
      std::vector<const Message*> at = {&holder};
      bool known = !name.empty(), set = true;
      for (size_t start = 0; known && start <= name.size();) {
        const size_t end = std::min(name.find('.', start), name.size());
        const std::string step = name.substr(start, end - start);
        start = end + 1;
        const FieldDescriptor* field = type == nullptr ? nullptr : type->FindFieldByName(step);
        known = field != nullptr;
        if (!known) break;
        std::vector<const Message*> inside;
        bool any = false;
        for (const Message* one : at) {
          any |= Has(*one, field);
          if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_map()) continue;
          const google::protobuf::Reflection& reflection = *one->GetReflection();
          if (!field->is_repeated() && reflection.HasField(*one, field))
            inside.push_back(&reflection.GetMessage(*one, field));
          for (int j = 0; field->is_repeated() && j < reflection.FieldSize(*one, field); ++j) {
            inside.push_back(&reflection.GetRepeatedMessage(*one, field, j));
          }
        }
        set = any || MayBeAbsent(step);
        if (!set) break;
        type = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_map()
                   ? field->message_type()
                   : nullptr;
        at = std::move(inside);
      }
      if (known && set) continue;
      const std::string what = known ? " is not set here" : " is no field here";
      const std::string what_zh = known ? " 在此处没有设置" : " 不是此处的字段";
      findings_.Error(
          "unknown-field", At(At(path, "source"), "assumed", i),
          {"assumed " + Quoted(name) + what, "所称假设的 " + Quoted(name) + what_zh},
          {"name a field of the object that holds this source", "请写持有此 source 的对象的字段名"}, name);
    }
  }

  void CheckHead() {
    if (!message_.effective_from().empty() && !CalendarDate::Parse(message_.effective_from()).has_value()) {
      findings_.Error("invalid-date", "effective_from",
                      {Quoted(message_.effective_from()) + " is no day of the calendar",
                       Quoted(message_.effective_from()) + " 不是日历上的日期"},
                      {"write YYYY-MM-DD", "请写 YYYY-MM-DD"}, message_.effective_from());
    }
    if (!message_.zone().empty() && !IsZone(message_.zone())) {
      findings_.Error(
          "invalid-zone", "zone",
          {Quoted(message_.zone()) + " is not the name of an IANA time zone",
           Quoted(message_.zone()) + " 不是 IANA 时区名"},
          {"write Area/City, such as Asia/Shanghai, or UTC", "请写“区域/城市”，如 Asia/Shanghai，或 UTC"},
          message_.zone());
    }
  }

  void CheckSizes() {
    std::string path;
    WalkMessages(message_, &path, [this](const Message& at, const std::string& place) {
      const Descriptor* type = at.GetDescriptor();
      if (type == v1::Scale::descriptor()) {
        RefuseMore("labels", static_cast<const v1::Scale&>(at).labels_size(), kMaxScaleLabels, place);
      } else if (type == v1::Scorecard::descriptor()) {
        RefuseMore("profiles", static_cast<const v1::Scorecard&>(at).profiles_size(), kMaxProfiles, place);
      } else if (type == v1::Cleaning::descriptor()) {
        RefuseMore("rules", static_cast<const v1::Cleaning&>(at).rules_size(), kMaxCleaningRules, place);
      } else if (type == v1::Sampling::descriptor()) {
        RefuseMore("rules", static_cast<const v1::Sampling&>(at).rules_size(), kMaxSamplingRules, place);
      } else if (type == v1::SelectionList::descriptor()) {
        const auto& list = static_cast<const v1::SelectionList&>(at);
        RefuseMore("classes", list.classes_size(), kMaxSamplingNames, place);
        RefuseMore("every_value_of", list.every_value_of_size(), kMaxSamplingNames, place);
      } else if (type == v1::Policy::descriptor()) {
        RefuseMore("questionnaires", static_cast<const v1::Policy&>(at).questionnaires_size(),
                   kMaxQuestionnaires, place);
      } else if (type == v1::Questionnaire::descriptor()) {
        const auto& questionnaire = static_cast<const v1::Questionnaire&>(at);
        RefuseMore("items", questionnaire.items_size(), kMaxQuestionnaireItems, place);
        RefuseMore("context", questionnaire.context_size(), kMaxQuestionnaireItems, place);
      } else if (type == v1::Item::descriptor()) {
        RefuseMore("options", static_cast<const v1::Item&>(at).options_size(), kMaxQuestionnaireOptions,
                   place);
      }
      if (type->file() == v1::Cleaning::descriptor()->file()) {
        for (const char* const list : {"items", "parts", "defaults", "keys", "figures"}) {
          const FieldDescriptor* field = type->FindFieldByName(list);
          if (field != nullptr)
            RefuseMore(list, at.GetReflection()->FieldSize(at, field), kMaxCleaningItems, place);
        }
      }
      for (int i = 0; i < type->field_count(); ++i) {
        const FieldDescriptor* field = type->field(i);
        if (type == v1::Predicate::descriptor() || field->is_repeated() ||
            field->message_type() != v1::Predicate::descriptor() || !Has(at, field)) {
          continue;
        }
        const auto& condition = static_cast<const v1::Predicate&>(at.GetReflection()->GetMessage(at, field));
        const int nodes = CountNodes(condition);
        if (nodes <= kMaxConditionParts) continue;
        const std::string count = std::to_string(nodes), limit = std::to_string(kMaxConditionParts);
        findings_.Error("condition-too-large", At(place, {field->name().data(), field->name().size()}),
                        {"a condition of " + count + " parts; the limit is " + limit,
                         "条件共 " + count + " 个部分，上限为 " + limit},
                        {"count what it asks as a metric of its own", "请把所问内容另立为一个指标"}, count);
      }
    });
  }

  void RefuseMore(const std::string& list, int size, int most, const std::string& path) {
    if (size <= most) return;
    const std::string count = std::to_string(size), limit = std::to_string(most);
    findings_.Error("too-many-items", At(path, list),
                    {"'" + list + "' has " + count + " items; the limit is " + limit,
                     "“" + list + "”有 " + count + " 项，上限为 " + limit},
                    {"write fewer", "请减少项数"}, count);
  }

  static int CountNodes(const v1::Predicate& predicate) {
    int nodes = 1;
    for (const v1::Predicate& part : predicate.all().of()) nodes += CountNodes(part);
    for (const v1::Predicate& part : predicate.any().of()) nodes += CountNodes(part);
    for (const v1::Predicate& part : predicate.at_least().of()) nodes += CountNodes(part);
    if (predicate.has_not_()) nodes += CountNodes(predicate.not_());
    return nodes;
  }

  const v1::Policy& message_;
  Findings& findings_;
  std::map<const Descriptor*, const Required*> required_;
};

}  // namespace

void CheckStructure(const v1::Policy& message, Findings* findings) {
  StructureCheck(message, findings).Run();
}

}  // namespace csat::policy
