// Customers: who receives the product or the service.
#ifndef CSAT_MODEL_CUSTOMER_H_
#define CSAT_MODEL_CUSTOMER_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace csat {

enum class PartyKind { kPerson, kOrganisation };
// "person", "organisation".
std::string_view PartyKindName(PartyKind kind);
std::optional<PartyKind> ParsePartyKind(std::string_view name);

// A customer is a person or an organisation in one role towards the company, known under a pseudonymous id.
// Which roles there are is the policy's to say: end consumer, business customer and agent, for instance (P0-08).
// A value: immutable after Create().
class Customer {
 public:
  // Facts to group by, such as region or industry, by id. No personal data.
  using Attributes = std::map<std::string, std::string>;

  // InvalidArgument names the field at fault: an id that is no reference, a missing or malformed type, an
  // attribute without a proper name.
  static absl::StatusOr<Customer> Create(std::string id, PartyKind kind, std::string type,
                                         Attributes attributes = {});

  const std::string& id() const { return id_; }
  PartyKind kind() const { return kind_; }
  const std::string& type() const { return type_; }
  const Attributes& attributes() const { return attributes_; }
  // nullptr: not known.
  const std::string* FindAttribute(std::string_view name) const;

 private:
  Customer() = default;
  std::string id_, type_;
  PartyKind kind_ = PartyKind::kPerson;
  Attributes attributes_;
};

}  // namespace csat

#endif  // CSAT_MODEL_CUSTOMER_H_
