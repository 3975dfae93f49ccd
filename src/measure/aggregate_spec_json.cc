#include "csat/measure/aggregate_spec_json.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/arena.h"
#include "measure/aggregate_spec_message.h"
#include "policy/canonical.h"
#include "policy/message_reader.h"

namespace csat {
namespace {

[[maybe_unused]] const bool kSchemaBuilt = policy::BuildSchema(v1::AggregateSpec::descriptor()->file());

Decimal DecimalOf(const v1::Decimal& message) { return Decimal::FromMicros(message.micros()); }

// Path of what is left out though it has to be there; "" if all is.
std::string MissingPath(const v1::AggregateSpec& spec) {
  for (int i = 0; i < spec.items_size(); ++i) {
    const v1::AggregateSpec::Item& item = spec.items(i);
    const std::string path = absl::StrCat("items[", i, "].");
    if (item.id().empty()) return absl::StrCat(path, "id");
    if (!item.has_min()) return absl::StrCat(path, "min");
    if (!item.has_max()) return absl::StrCat(path, "max");
    for (int j = 0; j < item.labels_size(); ++j) {
      if (!item.labels(j).has_value()) return absl::StrCat(path, "labels[", j, "].value");
    }
  }
  for (int i = 0; i < spec.sets_size(); ++i) {
    if (spec.sets(i).id().empty()) return absl::StrCat("sets[", i, "].id");
  }
  return "";
}

}  // namespace

void SpecToMessage(const AggregateSpec& spec, v1::AggregateSpec* out) {
  for (const std::string& key : spec.by) out->add_by(key);
  for (const AggregateItem& item : spec.items) {
    v1::AggregateSpec::Item* made = out->add_items();
    made->set_id(item.id);
    made->set_field(item.field);
    made->mutable_min()->set_micros(item.min.micros());
    made->mutable_max()->set_micros(item.max.micros());
    made->set_decimal_places(item.decimal_places);
    made->set_exact(item.exact);
    for (const Decimal value : item.missing_values) made->add_missing_values()->set_micros(value.micros());
    for (const auto& [word, value] : item.labels) {
      v1::AggregateSpec::Item::Label* label = made->add_labels();
      label->set_word(word);
      label->mutable_value()->set_micros(value.micros());
    }
  }
  for (const AggregateItemSet& set : spec.sets) {
    v1::AggregateSpec::Set* made = out->add_sets();
    made->set_id(set.id);
    for (const std::string& item : set.items) made->add_items(item);
  }
}

AggregateSpec SpecOfMessage(const v1::AggregateSpec& message) {
  AggregateSpec made;
  made.by.assign(message.by().begin(), message.by().end());
  for (const v1::AggregateSpec::Item& item : message.items()) {
    AggregateItem& read = made.items.emplace_back();
    read.id = item.id();
    read.field = item.field();
    read.min = DecimalOf(item.min());
    read.max = DecimalOf(item.max());
    read.decimal_places = item.decimal_places();
    read.exact = item.exact();
    for (const v1::Decimal& value : item.missing_values()) read.missing_values.push_back(DecimalOf(value));
    for (const v1::AggregateSpec::Item::Label& label : item.labels())
      read.labels.emplace_back(label.word(), DecimalOf(label.value()));
  }
  for (const v1::AggregateSpec::Set& set : message.sets())
    made.sets.push_back({set.id(), {set.items().begin(), set.items().end()}});
  return made;
}

absl::StatusOr<AggregateSpec> ReadAggregateSpec(std::string_view json, Diagnostic* fault) {
  // On an arena: Protobuf's messages on the heap do not stand an exception. So below.
  google::protobuf::Arena arena;
  v1::AggregateSpec& message = *google::protobuf::Arena::CreateMessage<v1::AggregateSpec>(&arena);
  std::vector<Diagnostic> findings;
  policy::Places places;
  if (!policy::ReadMessage(json, &message, &findings, &places)) {
    SortByPlace(&findings);
    if (findings.empty()) return absl::InvalidArgumentError("no spec of an aggregate");
    if (findings.front().code == policy::kOutOfMemory)
      return absl::ResourceExhaustedError(findings.front().message.en);
  } else if (const std::string path = MissingPath(message); !path.empty()) {
    Diagnostic missing;
    missing.code = "missing-field";
    missing.path = path;
    const policy::LineColumn place = places.Find(path);
    missing.line = place.line;
    missing.column = place.column;
    missing.message = {"is missing", "缺失"};
    findings.push_back(std::move(missing));
  } else {
    return SpecOfMessage(message);
  }
  const absl::Status status = absl::InvalidArgumentError(ToLine(findings.front(), Language::kEnglish));
  if (fault != nullptr) *fault = std::move(findings.front());
  return status;
}

std::string AggregateSpecJson(const AggregateSpec& spec) {
  google::protobuf::Arena arena;
  v1::AggregateSpec& message = *google::protobuf::Arena::CreateMessage<v1::AggregateSpec>(&arena);
  SpecToMessage(spec, &message);
  return policy::CanonicalJson(message);
}

}  // namespace csat
