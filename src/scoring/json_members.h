// The members of a flat JSON object, taken one by one: how incidents and publications come back from storage.
#ifndef CSAT_SRC_SCORING_JSON_MEMBERS_H_
#define CSAT_SRC_SCORING_JSON_MEMBERS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "csat/model/decimal.h"
#include "csat/policy/json_fields.h"

namespace csat {

class JsonMembers {
 public:
  // `what` names the object in errors. InvalidArgument: see ReadJsonFields().
  static absl::StatusOr<JsonMembers> Read(std::string_view json, std::string_view what);

  // Takes a member. One that is missing or of another type makes status() an error.
  std::string Text(std::string_view name);
  // A whole number, or a text of one: the form of CanonicalObject::Integer().
  std::int64_t Integer(std::string_view name);
  Decimal Number(std::string_view name);
  bool Has(std::string_view name) const { return Find(name) != nullptr; }
  void Refuse(std::string message);

  // The first error so far; with none, whether a member was left that nothing took.
  absl::Status Finish() const;

 private:
  struct Member {
    JsonField field;
    bool taken = false;
  };
  const Member* Find(std::string_view name) const;
  const JsonField* Take(std::string_view name);

  std::string what_;
  std::vector<Member> members_;
  absl::Status status_;
};

// InvalidArgument unless a text that we wrote as JSON is valid UTF-8: what was put into it was not.
absl::Status CheckUtf8(std::string_view json, std::string_view what);

}  // namespace csat

#endif  // CSAT_SRC_SCORING_JSON_MEMBERS_H_
