// Records that keep their own texts and events, and that can be read from JSON.
#ifndef CSAT_SCORING_OWNED_RECORD_H_
#define CSAT_SCORING_OWNED_RECORD_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "csat/policy/diagnostic.h"
#include "csat/policy/policy.h"
#include "csat/scoring/plan.h"
#include "csat/scoring/record.h"

namespace csat {

// A record of one plan, which it keeps alive. Texts and events are copied into memory that is used again
// after Clear(), so that filling it over and over soon allocates nothing. Not for two threads at a time.
class OwnedRecord {
 public:
  explicit OwnedRecord(const Plan& plan);
  OwnedRecord(const OwnedRecord&) = delete;
  OwnedRecord& operator=(const OwnedRecord&) = delete;

  const Plan& plan() const { return plan_; }
  const Record& record() const { return record_; }
  std::size_t size() const { return record_.size(); }

  void Clear() { record_.Clear(); }
  void SetMissing(std::size_t slot) { record_.SetMissing(slot); }
  void SetInteger(std::size_t slot, std::int64_t value) { record_.SetInteger(slot, value); }
  void SetDecimal(std::size_t slot, Decimal value) { record_.SetDecimal(slot, value); }
  void SetDouble(std::size_t slot, double value) { record_.SetDouble(slot, value); }
  void SetText(std::size_t slot, std::string_view value);
  void SetEvents(std::size_t slot, absl::Span<const double> values);
  // Sets events by the labels of their rating scale: each counts as the rank that it stands for. InvalidArgument: a
  // word that is no label of the scale, or no metric with a labelled scale reads events in the field; the field is
  // missing then.
  absl::Status SetLabels(std::size_t slot, absl::Span<const std::string_view> labels);

  // Sets all fields from a JSON object; those it does not name are missing. InvalidArgument: see
  // ReadJsonFields(); a field that the plan does not read; a list where one value is wanted or the other way
  // round, a number where a word is; what SetLabels() refuses. Every field is missing then. `fault` (may be null) receives the place.
  absl::Status SetJson(std::string_view json, Diagnostic* fault = nullptr);
  // Sets all fields from the record of a case. InvalidArgument as above.
  absl::Status SetCase(const PolicyCase& example);

 private:
  absl::Status Refuse(std::string_view name, std::string_view why);
  absl::Status SetLabels(std::size_t slot, const std::vector<std::string>& labels);
  // The slot of a field that takes a value of this kind; otherwise Refuse().
  absl::Status FindSlot(std::string_view name, Cell::Kind kind, std::size_t* slot);

  Plan plan_;
  Record record_;
  std::vector<std::string> texts_;           // By slot.
  std::vector<std::vector<double>> events_;  // By slot.
};

}  // namespace csat

#endif  // CSAT_SCORING_OWNED_RECORD_H_
