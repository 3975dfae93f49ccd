#ifndef CSAT_POLICY_LIMITS_H_
#define CSAT_POLICY_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "csat/model/id.h"

// Every limit on a policy document. What lies beyond one is refused with its place; nothing is cut off.
// Tested on both sides by tests/policy/limits_test.cc.
namespace csat {

// Bytes of one document, before parsing.
inline constexpr size_t kMaxDocumentBytes = size_t{4} << 20;

// Objects and arrays inside one another; a scalar adds no level.
inline constexpr int kMaxNesting = 64;

// JSON values of one document: objects, arrays, strings, numbers, true, false and null; keys do not count.
// Room for 10,000 indicators of 26 values each.
inline constexpr size_t kMaxDocumentValues = size_t{1} << 18;

// Bytes of one string, after its escapes are resolved.
inline constexpr size_t kMaxStringBytes = size_t{64} << 10;

// Bytes of one key, after its escapes are resolved.
inline constexpr size_t kMaxKeyBytes = 256;

// Bytes of an id, all of [a-z0-9_] (and '-', but for metrics and indicators): kMaxIdBytes of csat/model/id.h, 64.

// Comparisons, all, any and not of one condition.
inline constexpr int kMaxConditionParts = 256;

// Scorecards that feed one another in a row.
inline constexpr int kMaxScorecardDepth = 16;

// Labels of one scale.
inline constexpr int kMaxScaleLabels = 256;

// Profiles of one scorecard.
inline constexpr int kMaxProfiles = 256;

// Rules of one cleaning, and the items of one rule.
inline constexpr int kMaxCleaningRules = 256;
inline constexpr int kMaxCleaningItems = 256;

// Rules of sampling, and the names that one of them lists.
inline constexpr int kMaxSamplingRules = 256;
inline constexpr int kMaxSamplingNames = 256;

// Questionnaires of a policy; items, and context, of one questionnaire; options of one item.
inline constexpr int kMaxQuestionnaires = 256;
inline constexpr int kMaxQuestionnaireItems = 1000;
inline constexpr int kMaxQuestionnaireOptions = 256;

// Combinations of earlier answers that the conditions of one questionnaire may tell apart, summed over its items.
inline constexpr size_t kMaxAnswerStates = 100'000;

// Points of a scale, and a weight: what keeps exact arithmetic within 128 bits.
inline constexpr int64_t kMaxPoints = 1'000'000'000;

// Findings reported for one document; a note says when there were more.
inline constexpr size_t kMaxDiagnostics = 100;

// Decimal places of a number.
inline constexpr int kDecimalPlaces = 6;

}  // namespace csat

#endif  // CSAT_POLICY_LIMITS_H_
