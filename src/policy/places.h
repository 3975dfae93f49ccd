#ifndef CSAT_POLICY_PLACES_H_
#define CSAT_POLICY_PLACES_H_

#include <memory>
#include <string_view>
#include <utility>

#include "policy/json_document.h"
#include "policy/report.h"

namespace csat::policy {

// Where the values of a document stand in its text, by field path: what attaches a place to a finding about a
// message that was read from it. Cheap to copy; default-constructed it knows no place.
class Places {
 public:
  Places() = default;
  explicit Places(std::shared_ptr<const JsonDocument> document) : document_(std::move(document)) {}

  // The place of the value at `path` (as in Diagnostic::path), or of the innermost value around it that
  // the document has: scorecards[0] for a scorecards[0].grading that is not written. {0, 0} without a
  // document.
  LineColumn Find(std::string_view path) const;

 private:
  std::shared_ptr<const JsonDocument> document_;
};

}  // namespace csat::policy

#endif  // CSAT_POLICY_PLACES_H_
