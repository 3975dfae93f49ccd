#include "csat/model/customer.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::HasSubstr;

// P0-08: a customer is a person or an organisation of some type; type missing is refused.
TEST(CustomerTest, CannotBeInvalid) {
  struct Row {
    const char* name;
    std::string id, type;
    Customer::Attributes attributes;
    const char* words;  // Of the error; "": there is none.
  };
  const Row rows[] = {
      {"P0-08, an agent", "c-1", "agent", {}, ""},
      {"an end consumer", "c-1", "end_consumer", {}, ""},
      {"facts to group by", "c-1", "agent", {{"region", "华东"}, {"industry", ""}}, ""},
      {"the longest id", std::string(256, 'c'), "agent", {}, ""},
      {"P0-08, type missing", "c-1", "", {}, "customer 'c-1': the type is missing"},
      {"a type with a space", "c-1", "end consumer", {}, "type 'end consumer'"},
      {"no id", "", "agent", {}, "id ''"},
      {"an id with a space", "c 1", "agent", {}, "id 'c 1'"},
      {"an id one too long", std::string(257, 'c'), "agent", {}, "256 bytes"},
      {"an attribute without a name", "c-1", "agent", {{"", "x"}}, "attribute ''"},
  };
  for (const Row& row : rows) {
    const absl::StatusOr<Customer> customer =
        Customer::Create(row.id, PartyKind::kOrganisation, row.type, row.attributes);
    EXPECT_EQ(customer.ok(), *row.words == '\0') << row.name;
    EXPECT_THAT(std::string(customer.status().message()), HasSubstr(row.words)) << row.name;
  }
}

TEST(CustomerTest, KeepsWhatItWasGiven) {
  const Customer customer = *Customer::Create("c-1", PartyKind::kOrganisation, "agent", {{"region", "华东"}});
  EXPECT_EQ(customer.id(), "c-1");
  EXPECT_EQ(customer.kind(), PartyKind::kOrganisation);
  EXPECT_EQ(customer.type(), "agent");
  ASSERT_NE(customer.FindAttribute("region"), nullptr);
  EXPECT_EQ(*customer.FindAttribute("region"), "华东");
  EXPECT_EQ(customer.FindAttribute("industry"), nullptr);
}

TEST(PartyKindTest, NamesReadBack) {
  for (const PartyKind kind : {PartyKind::kPerson, PartyKind::kOrganisation})
    EXPECT_EQ(ParsePartyKind(PartyKindName(kind)), kind);
  EXPECT_EQ(ParsePartyKind("company"), std::nullopt);
  EXPECT_EQ(ParsePartyKind(""), std::nullopt);
}

}  // namespace
}  // namespace csat
