// Feedback: one thing that a customer told the company, whole and traceable to where it came from.
#ifndef CSAT_MODEL_FEEDBACK_H_
#define CSAT_MODEL_FEEDBACK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "csat/model/response.h"

namespace csat {

// What a customer meant. One message that holds several becomes several records.
enum class FeedbackKind { kComplaint, kSuggestion, kOpinion, kInquiry, kPraise, kRating };
// "complaint", "suggestion", "opinion", "inquiry", "praise", "rating".
std::string_view FeedbackKindName(FeedbackKind kind);
std::optional<FeedbackKind> ParseFeedbackKind(std::string_view name);

// A feedback record always says through which channel it came, who took it down, when the customer voiced it and
// when it was entered, and holds a rating or a text: without them it could not be followed up or checked (P0-01,
// P0-46). The customer may stay unknown. A value: immutable after Create().
class Feedback {
 public:
  // Ids are pseudonymous; instants are UTC milliseconds.
  struct Fields {
    std::string id;
    FeedbackKind kind = FeedbackKind::kOpinion;
    std::string channel;    // Id, such as "telephone_callback".
    std::string collector;  // Who or what took it down.
    std::string customer;   // Empty: anonymous.
    std::string
        subject;  // Whom or what it is about, such as a person or a shop; empty: nobody in particular.
    std::optional<std::int64_t> event_time;  // When the customer voiced it.
    std::optional<std::int64_t> entry_time;  // When it was entered.
    std::optional<Response> rating;
    std::optional<std::string> text;
    bool incentivised = false;  // Rewarded: such praise counts for no bonus and opens no gate (P2-12, A-127).
    bool test = false;          // Kept in the log, counted nowhere.
  };

  // InvalidArgument names the field at fault: a missing or malformed id, channel, collector or time, an entry
  // before its event; "incomplete": neither an answer nor a text, or kind rating without an answer.
  static absl::StatusOr<Feedback> Create(Fields fields);

  const std::string& id() const { return fields_.id; }
  FeedbackKind kind() const { return fields_.kind; }
  const std::string& channel() const { return fields_.channel; }
  const std::string& collector() const { return fields_.collector; }
  bool anonymous() const { return fields_.customer.empty(); }
  const std::string& customer() const { return fields_.customer; }
  const std::string& subject() const { return fields_.subject; }
  std::int64_t event_time() const { return *fields_.event_time; }
  std::int64_t entry_time() const { return *fields_.entry_time; }
  const std::optional<Response>& rating() const { return fields_.rating; }
  const std::optional<std::string>& text() const { return fields_.text; }
  bool incentivised() const { return fields_.incentivised; }
  bool test() const { return fields_.test; }

 private:
  explicit Feedback(Fields fields) : fields_(std::move(fields)) {}
  Fields fields_;
};

}  // namespace csat

#endif  // CSAT_MODEL_FEEDBACK_H_
