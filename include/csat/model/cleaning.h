// Cleaning: which responses count, which are looked at again, which do not count, and by which rule.
#ifndef CSAT_MODEL_CLEANING_H_
#define CSAT_MODEL_CLEANING_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "csat/model/decimal.h"
#include "csat/model/label.h"
#include "csat/model/predicate.h"

namespace csat {

// What becomes of a response, the gravest last. What is flagged counts; what is quarantined does not, but a reviewer
// may bring it back; what is excluded does not count.
enum class Verdict : std::uint8_t { kKept, kFlagged, kQuarantined, kExcluded };
// "kept", "flagged", "quarantined", "excluded".
constexpr std::string_view Word(Verdict verdict) {
  switch (verdict) {
    case Verdict::kKept: return "kept";
    case Verdict::kFlagged: return "flagged";
    case Verdict::kQuarantined: return "quarantined";
    case Verdict::kExcluded: return "excluded";
  }
  return "";
}

// Items are metrics, by id, with a scale of whole ranks; fields are columns of the table of responses. A response
// without what a rule reads cannot be judged by it, which CleaningRule::unknown speaks of.

// Answers that contradict each other.
struct ContradictionRule {
  Predicate when;
};
// Records made to try things out. They are no responses: no other rule and no figure sees them.
struct TestRecordRule {
  std::string field;  // Of bool, or integers: other than 0.
};
// An answer off the scale of its item. To all other rules it is no answer.
struct OutOfRangeRule {
  std::vector<std::string> items;
};
// The same answer to all items that were answered, at least `least_answers` of them.
struct StraightLineRule {
  std::vector<std::string> items;  // Of one scale.
  int least_answers = 5;
};
// All items that were answered at their least rank, or all at their greatest, at least `least_answers` of them.
struct AllExtremeRule {
  std::vector<std::string> items;
  int least_answers = 5;
};
// The longest run of one answer to items that follow each other; a blank ends a run.
struct LongStringRule {
  std::vector<std::string> items;
  int at_least = 0;
};
// The standard deviation (n - 1) of the answers of one response, from two answers on.
struct VariabilityRule {
  std::vector<std::string> items;
  std::optional<Decimal> below, above;  // Met where it lies strictly beyond one of them.
};
// How well the even and the odd items of each part of a form agree within one response: Pearson's r of the means of
// the halves over the parts, stepped up by Spearman and Brown, 2 r / (1 + r), -1 at least. Parts with an empty half
// do not count; fewer than two parts, or halves that do not vary, give none.
struct EvenOddRule {
  std::vector<std::vector<std::string>> parts;
  std::vector<std::string> reversed;  // Items that count as min + max - answer.
  Decimal below;                      // Met strictly below it.
};
// Squared Mahalanobis distance of complete responses from their mean, with the sample covariance; met above the
// quantile of chi-square with as many degrees of freedom as items.
struct MahalanobisRule {
  std::vector<std::string> items;
  Decimal confidence;  // In (0, 1).
};
// Answered in less time than a person takes.
struct SpeedRule {
  std::string field;  // Milliseconds.
  // Met strictly below; 0: never. nullopt: unknown of an instrument without a limit of its own.
  std::optional<std::int64_t> below_ms;
  std::string instrument;                             // Field; "" where all responses have one limit.
  std::map<std::string, std::int64_t> by_instrument;  // In place of below_ms.
};
// One response of several with the same keys counts; the others meet the rule. A null key is not the same as any.
struct DuplicateRule {
  enum class Keep : std::uint8_t { kLast, kFirst, kNone };
  std::vector<std::string> keys;  // Fields.
  Keep keep = Keep::kLast;
  std::string order;  // Field of instants or integers, then the response id; "": the id alone.
};
// Submitted outside of the stay in the store; both ends belong to it.
struct StayRule {
  std::string submitted, from, until;  // Fields of instants, or of integers in one unit.
};
// Given farther from the store than its radius, along the great circle of a sphere of 6,371,008.8 m.
struct DistanceRule {
  std::string latitude, longitude, store_latitude, store_longitude;  // Fields, in degrees.
  std::string radius_field;                                          // Metres; "": radius_m.
  std::optional<Decimal> radius_m;
};
// Too many answers left at what the form had filled in.
struct DefaultAnswerRule {
  std::map<std::string, Decimal> defaults;  // By item.
  Decimal at_least;                         // Share of the answers given, in (0, 1].
  int least_answers = 5;
};

struct CleaningRule {
  std::string id;
  Label label;
  Verdict action = Verdict::kFlagged;
  // Of a response that the rule cannot judge: kKept or kFlagged.
  Verdict unknown = Verdict::kKept;
  // Only responses on which this holds are judged. Unknown: the rule cannot judge.
  std::optional<Predicate> applies;
  std::variant<ContradictionRule, TestRecordRule, OutOfRangeRule, StraightLineRule, AllExtremeRule,
               LongStringRule, VariabilityRule, EvenOddRule, MahalanobisRule, SpeedRule, DuplicateRule,
               StayRule, DistanceRule, DefaultAnswerRule>
      form;
};

// A figure shown before and after cleaning: the mean of an item; with one bound the share of its answers at or
// beyond it; with both the share at or above the first less the share at or below the second (NPS: 9 and 6).
struct CleaningFigure {
  std::string id;
  Label label;
  std::string metric;
  std::optional<Decimal> at_least, at_most;
};

// Responses drawn for people to look at.
struct ReviewPlan {
  Decimal share;     // Of all responses, rounded up; in (0, 1].
  std::string seed;  // "": whoever cleans gives it.
};

struct Cleaning {
  std::string response_id;  // Column of the ids: texts or integers, each there once.
  std::vector<CleaningRule> rules;
  std::vector<CleaningFigure> figures;
  std::optional<ReviewPlan> review;
  // Whether every flagged or quarantined response has to be settled before the responses are scored.
  bool settle_doubtful = false;
};

}  // namespace csat

#endif  // CSAT_MODEL_CLEANING_H_
