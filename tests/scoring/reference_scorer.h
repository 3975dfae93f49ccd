// A second scorer, plain and slow, written from the contract alone: the comments of policy.proto, of the headers
// of csat/model and csat/scoring, and the requirement clauses. It walks the policy's own structures, computes in
// fractions, and rounds only where the contract says so. property_test.cc compares it with the engine.
#ifndef CSAT_SCORING_REFERENCE_SCORER_H_
#define CSAT_SCORING_REFERENCE_SCORER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "csat/policy/policy.h"
#include "csat/scoring/score.h"

namespace csat {

// One value of a record: missing, a whole number, an exact decimal, a binary number, a word, a list of events.
using FieldValue =
    std::variant<std::monostate, std::int64_t, Decimal, double, std::string, std::vector<double>>;
// By field name. A field that is not there is missing.
using FieldValues = std::map<std::string, FieldValue, std::less<>>;

struct ReferenceLine {
  LedgerLine::Kind kind = LedgerLine::Kind::kIndicator;
  LedgerLine::Basis basis = LedgerLine::Basis::kGiven;
  int depth = 0;
  bool gated = false, binding = true, has_value = false;
  std::string id, level;
  Decimal value, weight, weight_sum;
  Points points, max_points, amount;
};

struct ReferenceScore {
  // Not empty: a value is bad, and this names its field; nothing else is set.
  std::string bad_field;
  Outcome outcome = Outcome::kScored;
  std::string reason, grade, profile;
  bool has_base = false;
  Points score, base, without_veto;
  std::vector<ReferenceLine> ledger;
  std::vector<std::pair<std::string, Points>> reasons;
  std::vector<std::string> vetoes, failed_conditions;
};

ReferenceScore ScoreByReference(const Policy& policy, std::string_view scorecard, const FieldValues& record);

}  // namespace csat

#endif  // CSAT_SCORING_REFERENCE_SCORER_H_
