#include "csat/scoring/owned_record.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"
#include "csat/policy/json_fields.h"

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
    case FieldType::kEvents: return "takes a list of numbers";
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
                                     Cell::Kind::kDouble,  Cell::Kind::kText,    Cell::Kind::kEvents};
    std::size_t slot = 0;
    absl::Status status = FindSlot(field.name, kKinds[field.value.index()], &slot);
    if (!status.ok()) {
      if (fault != nullptr) {
        *fault = Diagnostic();
        fault->path = field.name;
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
                                     Cell::Kind::kEvents};
    std::size_t slot = 0;
    absl::Status status = FindSlot(name, kKinds[given.value.index()], &slot);
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
