#include "scoring/json_members.h"

#include <utility>
#include <variant>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"

namespace csat {
namespace {

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

absl::StatusOr<JsonMembers> JsonMembers::Read(std::string_view json, std::string_view what) {
  absl::StatusOr<std::vector<JsonField>> fields = ReadJsonFields(json);
  if (!fields.ok()) {
    return absl::Status(fields.status().code(), absl::StrCat(Absl(what), ": ", fields.status().message()));
  }
  JsonMembers members;
  members.what_ = std::string(what);
  for (JsonField& field : *fields) members.members_.push_back({std::move(field), false});
  return members;
}

void JsonMembers::Refuse(std::string message) {
  if (status_.ok()) status_ = absl::InvalidArgumentError(absl::StrCat(what_, ": ", message));
}

const JsonMembers::Member* JsonMembers::Find(std::string_view name) const {
  for (const Member& member : members_) {
    if (member.field.name == name) return &member;
  }
  return nullptr;
}

const JsonField* JsonMembers::Take(std::string_view name) {
  for (Member& member : members_) {
    if (member.field.name != name) continue;
    member.taken = true;
    return &member.field;
  }
  Refuse(absl::StrCat("member ", Quoted(name), " is missing"));
  return nullptr;
}

std::string JsonMembers::Text(std::string_view name) {
  const JsonField* field = Take(name);
  if (field == nullptr) return "";
  if (const auto* text = std::get_if<std::string>(&field->value)) return *text;
  Refuse(absl::StrCat("member ", Quoted(name), " is not a text"));
  return "";
}

std::int64_t JsonMembers::Integer(std::string_view name) {
  const JsonField* field = Take(name);
  if (field == nullptr) return 0;
  if (const auto* number = std::get_if<std::int64_t>(&field->value)) return *number;
  std::int64_t parsed = 0;
  const auto* text = std::get_if<std::string>(&field->value);
  if (text != nullptr && absl::SimpleAtoi(*text, &parsed) && std::to_string(parsed) == *text) return parsed;
  Refuse(absl::StrCat("member ", Quoted(name), " is not a whole number"));
  return 0;
}

Decimal JsonMembers::Number(std::string_view name) {
  const JsonField* field = Take(name);
  if (field == nullptr) return Decimal();
  if (const auto* decimal = std::get_if<Decimal>(&field->value)) return *decimal;
  constexpr std::int64_t kMost = 9'000'000'000'000;  // In millionths still an int64.
  const auto* number = std::get_if<std::int64_t>(&field->value);
  if (number != nullptr && *number >= -kMost && *number <= kMost) return Decimal::FromInteger(*number);
  Refuse(absl::StrCat("member ", Quoted(name), " is not a decimal with six places"));
  return Decimal();
}

absl::Status JsonMembers::Finish() const {
  if (!status_.ok()) return status_;
  for (const Member& member : members_) {
    if (!member.taken) {
      return absl::InvalidArgumentError(
          absl::StrCat(what_, ": member ", Quoted(member.field.name), " does not belong to it"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckUtf8(std::string_view json, std::string_view what) {
  Diagnostic fault;
  const absl::Status read = ReadJsonFields(json, &fault).status();
  if (read.ok() || read.code() == absl::StatusCode::kResourceExhausted) return read;
  // The reader's own places are those of a text that the caller has not seen.
  return absl::InvalidArgumentError(absl::StrCat(
      Absl(what), ": ", fault.code == "invalid-utf8" ? "a text is not valid UTF-8" : fault.message.en));
}

}  // namespace csat
