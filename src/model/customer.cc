#include "csat/model/customer.h"

#include <utility>

#include "csat/model/foreign_text.h"
#include "csat/model/id.h"

namespace csat {

std::string_view PartyKindName(PartyKind kind) {
  return kind == PartyKind::kPerson ? "person" : "organisation";
}

std::optional<PartyKind> ParsePartyKind(std::string_view name) {
  for (const PartyKind kind : {PartyKind::kPerson, PartyKind::kOrganisation}) {
    if (name == PartyKindName(kind)) return kind;
  }
  return std::nullopt;
}

absl::StatusOr<Customer> Customer::Create(std::string id, PartyKind kind, std::string type,
                                          Attributes attributes) {
  if (!IsReference(id)) {
    return absl::InvalidArgumentError("customer: id " + Quoted(id, kMaxReferenceBytes) +
                                      " is not 1 to 256 bytes without spaces");
  }
  const auto refuse = [&id](const std::string& what) {
    return absl::InvalidArgumentError("customer " + Quoted(id, kMaxReferenceBytes) + ": " + what);
  };
  if (type.empty()) return refuse("the type is missing");
  if (!IsId(type)) return refuse("type " + Quoted(type) + " is not [a-z0-9_]{1,64}");
  for (const auto& [name, value] : attributes) {
    if (!IsId(name)) return refuse("attribute " + Quoted(name) + " is not [a-z0-9_]{1,64}");
  }
  Customer customer;
  customer.id_ = std::move(id);
  customer.kind_ = kind;
  customer.type_ = std::move(type);
  customer.attributes_ = std::move(attributes);
  return customer;
}

const std::string* Customer::FindAttribute(std::string_view name) const {
  const auto found = attributes_.find(std::string(name));
  return found == attributes_.end() ? nullptr : &found->second;
}

}  // namespace csat
