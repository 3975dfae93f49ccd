// A sampling plan: who is asked, how often, how many, and whether what came back counts.
#ifndef CSAT_MODEL_SAMPLING_H_
#define CSAT_MODEL_SAMPLING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "csat/model/calendar.h"
#include "csat/model/decimal.h"
#include "csat/model/label.h"

namespace csat {

// Everyone on the list is asked `least` times in every calendar period. P0-34, P2-129, P2-130, P3-10, P3-49, P4-15.
struct EveryPeriodRule {
  PeriodKind period = PeriodKind::kYear;
  int least = 1;
};
// `least` times from a day of their own through the same day so many months later. P3-77.
struct WithinMonthsRule {
  int months = 12, least = 1;
};
// All those to whom it happened. P0-34.
struct EachEventRule {
  std::string event;
};
// Only those whose last event is not older than so many months. P2-25.
struct RecentEventRule {
  int months = 3;
};
// As many answers as a share needs; the population is an input. P3-50.
struct SampleSizeRule {
  Decimal z = Decimal::FromMicros(1'960'000), margin = Decimal::FromMicros(50'000),
          share = Decimal::FromMicros(500'000), design_effect = Decimal::FromInteger(1),
          response_rate = Decimal::FromInteger(1);
};
// P2-26, P2-27.
struct StrataRule {
  enum class Method : std::uint8_t { kProportional, kEqual, kOptimal };
  Method method = Method::kProportional;
};
// nullopt: the documents do not give the probability. P2-30.
struct InvitationRule {
  std::optional<Decimal> probability;
};
// P1-16, P1-18, P1-19, P1-22.
struct SelectionListRule {
  std::vector<std::string> classes, every_value_of;
};
// P1-20.
struct ProductRangeRule {};
// P3-83.
struct WaveRule {
  Decimal most_unanswered;  // Percent.
};

struct SamplingRule {
  std::string id;
  Label label;
  bool advised = false;  // What is missing is advised, not asked for. P3-49.
  std::variant<EveryPeriodRule, WithinMonthsRule, EachEventRule, RecentEventRule, SampleSizeRule, StrataRule,
               InvitationRule, SelectionListRule, ProductRangeRule, WaveRule>
      form;
};

struct SamplingPlan {
  std::vector<SamplingRule> rules;
  // nullptr: no such rule.
  const SamplingRule* Find(std::string_view id) const {
    for (const SamplingRule& rule : rules) {
      if (rule.id == id) return &rule;
    }
    return nullptr;
  }
};

}  // namespace csat

#endif  // CSAT_MODEL_SAMPLING_H_
