// Questionnaires: what is asked, of whom, in which order, and what makes a set of answers whole.
#ifndef CSAT_MODEL_QUESTIONNAIRE_H_
#define CSAT_MODEL_QUESTIONNAIRE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "csat/model/calendar.h"
#include "csat/model/label.h"
#include "csat/model/metric.h"
#include "csat/model/predicate.h"

namespace csat {

struct QuestionnaireOption {
  std::string id;
  Label label;
  std::string metric;  // kSeveral: 1 where it is chosen, 0 where it is not; else "".
};

// A question or, with `detail`, a field of data about the customer or the occasion.
struct QuestionnaireItem {
  // kRating: a rank of a scale. kQuantity: any other number. kChoice: one option. kSeveral: a list of options. kOpen:
  // a text.
  enum class Kind : std::uint8_t { kRating, kQuantity, kChoice, kSeveral, kOpen };

  std::string id;     // Metric; kSeveral: a name of its own.
  std::string field;  // Under which the answer stands: that of the metric; kSeveral: the id.
  Kind kind = Kind::kRating;
  Metric metric;  // kSeveral: without meaning.
  Label text, help;
  std::vector<QuestionnaireOption> options;  // kChoice: one for each word; kSeveral. Else empty.
  int at_least = 0, at_most = 0;             // kSeveral: options that may be chosen.
  std::optional<Predicate> shown_when;       // On items before this one and the context.
  bool required = false;                     // Has to be answered where it is shown.
  bool detail = false;                       // Does not count as a question.
  std::string section, topic, origin, purpose;
  int max_characters = 0;  // kOpen; 0: no limit of its own.
  // Whether every path shows it.
  bool always_shown = true;
};

// Offered to those who answered `after`, through the day so many months and then days after that of the event `since`.
struct FollowUp {
  std::string after, since;
  int months = 0, days = 0;
};

// Looked at again and found good, or changed, on the report of the time before.
struct QuestionnaireConfirmation {
  Period period;
  bool revised = false;
  std::string report;
};

struct Questionnaire {
  std::string id, version;
  Label label;
  std::string purpose, channel;
  std::vector<std::string> languages, triggers;  // No trigger: any event.
  std::vector<Metric> context;                   // Known before the first question.
  std::optional<Predicate> offered_when;         // On the context; nullopt: always.
  std::vector<QuestionnaireItem> items;
  std::vector<std::string> core_items, topics;
  int max_questions = 0;             // 0: not limited.
  std::int64_t min_duration_ms = 0;  // Less is too fast; 0: no limit.
  bool requires_presence = false;
  std::optional<FollowUp> follow_up;
  std::optional<PeriodKind> confirmed_every;
  std::vector<QuestionnaireConfirmation> confirmations;
  // The fewest and the most questions that a path shows; where `paths_followed` is not set, bounds of them.
  bool paths_followed = true;
  int least_questions = 0, most_questions = 0;
};

}  // namespace csat

#endif  // CSAT_MODEL_QUESTIONNAIRE_H_
