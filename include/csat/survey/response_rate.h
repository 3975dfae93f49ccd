// How many of those asked answered, and what became of the others.
#ifndef CSAT_SURVEY_RESPONSE_RATE_H_
#define CSAT_SURVEY_RESPONSE_RATE_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "csat/model/decimal.h"

namespace csat {

// The last state of every unit of the list, each in one of: AAPOR, Standard Definitions, 10th ed. 2023.
struct Dispositions {
  std::int64_t complete = 0;     // I
  std::int64_t partial = 0;      // P: broken off, enough to count.
  std::int64_t refused = 0;      // R: said no, or broke off before.
  std::int64_t not_reached = 0;  // NC
  std::int64_t other = 0;        // O: reached, without an answer for another reason.
  std::int64_t unknown = 0;      // UH + UO: never known whether they belonged to those to be asked.
  std::int64_t ineligible = 0;   // Found not to belong to them; in no rate.
};

// Exact quotients; nullopt where nobody is in the denominator.
struct ResponseRates {
  std::optional<Ratio> least;         // RR1: I over all eligible or unknown.
  std::optional<Ratio> with_partial;  // RR2: I + P over the same.
  std::optional<Ratio> most;          // RR6: I + P over the eligible, the unknown counting as not.
  std::optional<Ratio> cooperation;   // COOP2: I + P over those who were reached.
  std::optional<Ratio> refusal;       // REF1: R over all eligible or unknown.
  std::optional<Ratio> contact;       // CON1: who was reached, over all eligible or unknown.
};

// InvalidArgument: a count below 0 or a sum beyond 2^40.
absl::StatusOr<ResponseRates> RatesOf(const Dispositions& dispositions);

}  // namespace csat

#endif  // CSAT_SURVEY_RESPONSE_RATE_H_
