#include "csat/scoring/owned_record.h"

#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"
#include "csat/policy/json_fields.h"
#include "scoring/compiled_plan.h"

namespace csat {
namespace {

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

bool Takes(FieldType type, Cell::Kind kind) {
  switch (kind) {
    case Cell::Kind::kMissing: return true;
    // A word in a field of numbers is the label of a rating, judged when it is scored.
    case Cell::Kind::kText: return type != FieldType::kEvents;
    case Cell::Kind::kEvents: return type == FieldType::kEvents;
    default: return type == FieldType::kNumber;
  }
}

std::string_view Wanted(FieldType type) {
  switch (type) {
    case FieldType::kNumber: return "takes one number";
    case FieldType::kText: return "takes a word";
    case FieldType::kEvents: return "takes a list";
  }
  return "";
}

}  // namespace

OwnedRecord::OwnedRecord(const Plan& plan)
    : plan_(plan), record_(plan.NewRecord()), texts_(record_.size()), events_(record_.size()) {}

void OwnedRecord::SetText(std::size_t slot, std::string_view value) {
  record_.SetMissing(slot);
  texts_[slot].assign(value.data(), value.size());
  record_.SetText(slot, texts_[slot]);
}

void OwnedRecord::SetEvents(std::size_t slot, absl::Span<const double> values) {
  record_.SetMissing(slot);
  events_[slot].assign(values.begin(), values.end());
  record_.SetEvents(slot, events_[slot]);
}

absl::Status OwnedRecord::SetLabels(std::size_t slot, absl::Span<const std::string_view> labels) {
  record_.SetMissing(slot);
  const std::string_view name = plan_.fields()[slot].name;
  std::vector<double> ranks;
  bool labelled = labels.empty();
  for (const CompiledMetric& metric : plan_.compiled().metrics) {
    const std::optional<Scale>& scale = metric.metric->scale;
    if (metric.kind != CompiledMetric::Kind::kEvents || metric.slot != static_cast<int>(slot)) continue;
    if (!scale.has_value() || scale->labels().empty()) continue;
    ranks.resize(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const std::optional<int> rank = scale->RankOf(labels[i]);
      if (!rank.has_value()) {
        return absl::InvalidArgumentError(absl::StrCat("field ", Quoted(name), ": ", Quoted(labels[i]),
                                                       " is no label of scale ", Quoted(scale->id())));
      }
      // Several metrics may read the field: a word must not mean one thing here and another there.
      if (labelled && ranks[i] != *rank) {
        return absl::InvalidArgumentError(absl::StrCat("field ", Quoted(name), ": ", Quoted(labels[i]),
                                                       " has different ranks on the scales of its metrics"));
      }
      ranks[i] = *rank;
    }
    labelled = true;
  }
  if (!labelled) {
    return absl::InvalidArgumentError(absl::StrCat("field ", Quoted(name), ": ", Quoted(labels[0]),
                                                   " is no number, and the field has no scale with labels"));
  }
  SetEvents(slot, ranks);
  return absl::OkStatus();
}

absl::Status OwnedRecord::SetLabels(std::size_t slot, const std::vector<std::string>& labels) {
  const std::vector<std::string_view> views(labels.begin(), labels.end());
  absl::Status status = SetLabels(slot, absl::MakeConstSpan(views));
  if (!status.ok()) record_.Clear();
  return status;
}

absl::Status OwnedRecord::Refuse(std::string_view name, std::string_view why) {
  record_.Clear();
  return absl::InvalidArgumentError(absl::StrCat("field ", Quoted(name), " ", Absl(why)));
}

absl::Status OwnedRecord::FindSlot(std::string_view name, Cell::Kind kind, std::size_t* slot) {
  const int found = plan_.FindField(name);
  if (found < 0) return Refuse(name, "is read by no metric of the policy");
  *slot = static_cast<std::size_t>(found);
  const FieldType type = plan_.fields()[*slot].type;
  return Takes(type, kind) ? absl::OkStatus() : Refuse(name, Wanted(type));
}

absl::Status OwnedRecord::SetJson(std::string_view json, Diagnostic* fault) {
  record_.Clear();
  absl::StatusOr<std::vector<JsonField>> fields = ReadJsonFields(json, fault);
  if (!fields.ok()) return fields.status();
  for (const JsonField& field : *fields) {
    constexpr Cell::Kind kKinds[] = {Cell::Kind::kMissing, Cell::Kind::kInteger, Cell::Kind::kDecimal,
                                     Cell::Kind::kDouble,  Cell::Kind::kText,    Cell::Kind::kEvents,
                                     Cell::Kind::kEvents};
    std::size_t slot = 0;
    absl::Status status = FindSlot(field.name, kKinds[field.value.index()], &slot);
    const auto* labels = std::get_if<std::vector<std::string>>(&field.value);
    if (status.ok() && labels != nullptr) status = SetLabels(slot, *labels);
    if (!status.ok()) {
      if (fault != nullptr) {
        *fault = Diagnostic();
        fault->path = PathOfField(field.name);
        fault->line = field.line;
        fault->column = field.column;
      }
      return status;
    }
    if (const auto* integer = std::get_if<std::int64_t>(&field.value)) record_.SetInteger(slot, *integer);
    if (const auto* decimal = std::get_if<Decimal>(&field.value)) record_.SetDecimal(slot, *decimal);
    if (const auto* real = std::get_if<double>(&field.value)) record_.SetDouble(slot, *real);
    if (const auto* text = std::get_if<std::string>(&field.value)) SetText(slot, *text);
    if (const auto* events = std::get_if<std::vector<double>>(&field.value)) SetEvents(slot, *events);
  }
  return absl::OkStatus();
}

absl::Status OwnedRecord::SetCase(const PolicyCase& example) {
  record_.Clear();
  for (const auto& [name, given] : example.record) {
    constexpr Cell::Kind kKinds[] = {Cell::Kind::kMissing, Cell::Kind::kDecimal, Cell::Kind::kText,
                                     Cell::Kind::kEvents, Cell::Kind::kEvents};
    std::size_t slot = 0;
    absl::Status status = FindSlot(name, kKinds[given.value.index()], &slot);
    const auto* labels = std::get_if<std::vector<std::string>>(&given.value);
    if (status.ok() && labels != nullptr) status = SetLabels(slot, *labels);
    if (!status.ok()) return status;
    if (const auto* number = std::get_if<Decimal>(&given.value)) record_.SetDecimal(slot, *number);
    if (const auto* text = std::get_if<std::string>(&given.value)) SetText(slot, *text);
    if (const auto* list = std::get_if<std::vector<Decimal>>(&given.value)) {
      std::vector<double> events;
      events.reserve(list->size());
      for (const Decimal event : *list) events.push_back(event.ToDouble());
      SetEvents(slot, events);
    }
  }
  return absl::OkStatus();
}

}  // namespace csat
