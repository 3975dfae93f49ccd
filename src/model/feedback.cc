#include "csat/model/feedback.h"

#include <utility>

#include "csat/model/foreign_text.h"
#include "csat/model/id.h"

namespace csat {

std::string_view FeedbackKindName(FeedbackKind kind) {
  switch (kind) {
    case FeedbackKind::kComplaint: return "complaint";
    case FeedbackKind::kSuggestion: return "suggestion";
    case FeedbackKind::kOpinion: return "opinion";
    case FeedbackKind::kInquiry: return "inquiry";
    case FeedbackKind::kPraise: return "praise";
    case FeedbackKind::kRating: return "rating";
  }
  return "";
}

std::optional<FeedbackKind> ParseFeedbackKind(std::string_view name) {
  for (const FeedbackKind kind : {FeedbackKind::kComplaint, FeedbackKind::kSuggestion, FeedbackKind::kOpinion,
                                  FeedbackKind::kInquiry, FeedbackKind::kPraise, FeedbackKind::kRating}) {
    if (name == FeedbackKindName(kind)) return kind;
  }
  return std::nullopt;
}

absl::StatusOr<Feedback> Feedback::Create(Fields fields) {
  const std::string name = "feedback " + Quoted(fields.id, kMaxReferenceBytes) + ": ";
  const auto refuse = [&name](const std::string& what) { return absl::InvalidArgumentError(name + what); };
  const auto reference = [&](const char* field, const std::string& value, bool may_be_empty) -> absl::Status {
    if (value.empty() && may_be_empty) return absl::OkStatus();
    if (value.empty()) return refuse(std::string("the ") + field + " is missing");
    if (IsReference(value)) return absl::OkStatus();
    return refuse(std::string(field) + " " + Quoted(value, kMaxReferenceBytes) +
                  " is not 1 to 256 bytes without spaces");
  };
  if (absl::Status status = reference("id", fields.id, false); !status.ok()) return status;
  if (fields.channel.empty()) return refuse("the channel is missing");
  if (!IsId(fields.channel)) return refuse("channel " + Quoted(fields.channel) + " is not [a-z0-9_]{1,64}");
  if (absl::Status status = reference("collector", fields.collector, false); !status.ok()) return status;
  if (absl::Status status = reference("customer", fields.customer, true); !status.ok()) return status;
  if (absl::Status status = reference("subject", fields.subject, true); !status.ok()) return status;
  if (!fields.event_time.has_value()) return refuse("the event time is missing");
  if (!fields.entry_time.has_value()) return refuse("the entry time is missing");
  if (*fields.entry_time < *fields.event_time) {
    return refuse("entered at " + std::to_string(*fields.entry_time) + ", before the event at " +
                  std::to_string(*fields.event_time));
  }
  const bool rated = fields.rating.has_value() && fields.rating->answered() > 0;
  const bool told = fields.text.has_value() && !fields.text->empty();
  if (fields.kind == FeedbackKind::kRating && !rated) return refuse("incomplete: a rating without an answer");
  if (!rated && !told) return refuse("incomplete: neither a rating nor a text");
  return Feedback(std::move(fields));
}

}  // namespace csat
