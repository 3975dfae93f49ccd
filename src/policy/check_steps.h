#ifndef CSAT_POLICY_CHECK_STEPS_H_
#define CSAT_POLICY_CHECK_STEPS_H_

#include <optional>
#include <vector>

#include "csat/v1/policy.pb.h"
#include "policy/card_range.h"
#include "policy/findings.h"
#include "policy/policy_index.h"

// The steps of CheckPolicy(), each in a file of its name. All but the first two expect a document in which those
// found no error; what refers to nothing is reported once, by CheckReferences(), and passed over by the others.
namespace csat::policy {

// What no value of the model can lack or hold: missing fields, ids, repeated ids, dates, zones, languages, names
// of assumed fields, empty lists, sizes.
void CheckStructure(const v1::Policy& message, Findings* findings);

// Texts with control characters; bands with one name, or without a name in a language of the others.
void CheckTexts(const v1::Policy& message, Findings* findings);

// Ids that name nothing, words compared as numbers, record fields read as two types, cycles, what nothing uses.
// Returns the scorecards, each after those that feed it; nullopt: they feed each other in a circle, or through more
// than kMaxScorecardDepth.
std::optional<std::vector<const v1::Scorecard*>> CheckReferences(const PolicyIndex& index,
                                                                 Findings* findings);

// Ranges, labels and units of scales and metrics.
void CheckMetrics(const PolicyIndex& index, Findings* findings);

// Weights, profiles and their constraints, missing rules.
void CheckIndicators(const PolicyIndex& index, Findings* findings);

// Score functions: points off the scale, wrong way, constant, short of the maximum.
void CheckScoreFunctions(const PolicyIndex& index, CardRanges* ranges, Findings* findings);

// Grade bands and levels: gaps, overlaps, order, bands that no score reaches or whose condition contradicts them.
void CheckGradings(const PolicyIndex& index, CardRanges* ranges, Findings* findings);

// Bonuses, caps, gates, vetoes: those that cannot bind, and conditions that always or never hold.
void CheckOverrides(const PolicyIndex& index, CardRanges* ranges, Findings* findings);

// Targets that are always or never met; comparisons with values that a figure cannot have.
void CheckTargets(const PolicyIndex& index, CardRanges* ranges, Findings* findings);
void CheckComparisons(const PolicyIndex& index, Findings* findings);

// Vetoes, caps, gates and targets that take the better side of a figure for the worse.
void CheckDirections(const PolicyIndex& index, Findings* findings);

// Measures: what they are of, ranges, weights, conditions that never or always hold; and conditions that only measures
// may have.
void CheckMeasures(const PolicyIndex& index, Findings* findings);

// Cleaning rules: items that are none or not on one scale, limits that never or always bind, shares off their range.
void CheckCleaning(const PolicyIndex& index, Findings* findings);

// Sampling rules: numbers off their ranges, names twice, what cannot be advised.
void CheckSampling(const PolicyIndex& index, Findings* findings);

// Questionnaires: what their items ask, conditions that read what is not known yet, items that no answers lead to, paths
// that show too much or lack a core item, topics, wording.
void CheckQuestionnaires(const PolicyIndex& index, Findings* findings);

// Examples: what they name and expect. Warnings: an example in error does not keep the policy from scoring.
void CheckCases(const PolicyIndex& index, Findings* findings);

}  // namespace csat::policy

#endif  // CSAT_POLICY_CHECK_STEPS_H_
