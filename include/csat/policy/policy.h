// Policies: the checked, immutable, versioned form of a policy file.
#ifndef CSAT_POLICY_POLICY_H_
#define CSAT_POLICY_POLICY_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/model/calendar.h"
#include "csat/model/cleaning.h"
#include "csat/model/label.h"
#include "csat/model/measure.h"
#include "csat/model/metric.h"
#include "csat/model/questionnaire.h"
#include "csat/model/sampling.h"
#include "csat/model/scorecard.h"
#include "csat/policy/diagnostic.h"

namespace csat {

// A value of an example record: a number, a word, a list of numbers or of labels, or nothing.
struct CaseValue {
  std::variant<std::monostate, Decimal, std::string, std::vector<Decimal>, std::vector<std::string>> value;
};

// An example that a policy carries: a record and what must come out.
struct PolicyCase {
  std::string name;
  std::vector<std::string> clauses;
  std::string scorecard;
  std::map<std::string, CaseValue> record;
  std::optional<std::string> outcome, grade;
  std::optional<Decimal> score, base, without_veto;
  std::map<std::string, Decimal> points;           // By indicator id.
  std::map<std::string, std::string> levels;       // By indicator id.
  std::map<std::string, std::string> targets;      // By target id.
  std::map<std::string, std::string> shown;        // By metric id, as printed.
  std::optional<std::vector<std::string>> vetoes;  // Empty: none fires.
  std::vector<std::string> reasons;
  std::string error;  // Not empty: words the error has to hold; nothing else is expected.
  // Columns of one length, by field, for `measures`: figures as printed, by measure id.
  std::map<std::string, std::vector<CaseValue>> table;
  std::map<std::string, std::string> measures;
  // Of the answers in `record` to `questionnaire`: state, items due next, and what is wrong by field.
  std::string questionnaire;
  std::optional<std::string> answers;
  std::optional<std::vector<std::string>> next;
  std::map<std::string, std::string> problems;
  // Questionnaires offered on `event`, by id, with `record` as their context.
  std::string event;
  std::optional<std::vector<std::string>> offered;
  // What cleaning says of `table`, with `record` as the reviewer's decisions by response id: of each response "kept" or
  // "excluded: <rule>", how many there are by verdict, how many are drawn for review. `error` beside them: why the
  // responses may not be scored.
  std::vector<std::string> verdicts;
  std::map<std::string, Decimal> counts;
  std::optional<Decimal> reviewed;
  // What the rule of sampling says of `record` and `table`, with `outcome`, `counts` and `shown`.
  std::string sampling;
  std::map<std::string, std::vector<std::string>> lists;
  bool cleans() const {
    return sampling.empty() && (!verdicts.empty() || !counts.empty() || reviewed.has_value());
  }
};

// A value that the policy's documents do not give.
struct AssumedValue {
  std::string path;  // Field path, such as scorecards[0].vetoes[1].scope.
  std::vector<std::string> clauses;
};

// A policy says what is counted, how it is scored, and what overrules what. A value: immutable, cheap to copy,
// safe to share between threads.
class Policy {
 public:
  // Reads and checks a policy file. InvalidArgument: the first error as one line; `diagnostics` (may be null)
  // receives all findings, also warnings of a policy that loads.
  static absl::StatusOr<Policy> Parse(std::string_view json, std::vector<Diagnostic>* diagnostics = nullptr);

  const std::string& id() const;
  const std::string& version() const;
  // First day on which this version is in force.
  CalendarDate effective_from() const;
  // IANA name of the zone that days are counted in.
  const std::string& zone() const;
  const Label& label() const;
  // SHA-256 of canonical_json(), 64 lower-case hex digits.
  const std::string& digest() const;
  // RFC 8785 form of the document: the same bytes for the same content.
  const std::string& canonical_json() const;

  const std::vector<Metric>& metrics() const;
  const std::vector<Scorecard>& scorecards() const;
  const std::vector<Target>& targets() const;
  const std::vector<Measure>& measures() const;
  // nullopt: the policy cleans nothing.
  const std::optional<Cleaning>& cleaning() const;
  // Empty where the policy has none.
  const SamplingPlan& sampling() const;
  const std::vector<Questionnaire>& questionnaires() const;
  const std::vector<PolicyCase>& cases() const;
  const std::vector<AssumedValue>& assumed_values() const;
  // All clause ids named in the policy, sorted.
  const std::vector<std::string>& clauses() const;

  // nullptr: no such id.
  const Metric* FindMetric(std::string_view id) const;
  const Scorecard* FindScorecard(std::string_view id) const;
  const Measure* FindMeasure(std::string_view id) const;
  const Questionnaire* FindQuestionnaire(std::string_view id) const;

  // All findings of the checker on a policy that loaded: warnings and notes.
  const std::vector<Diagnostic>& Check() const;

 private:
  struct Content;
  friend struct PolicyBuilder;
  explicit Policy(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
  std::shared_ptr<const Content> content_;
};

// The findings on versions of one policy in the order in which they were issued: different ids, a version text
// used twice, a date of effect that is not after the one before.
std::vector<Diagnostic> CheckVersions(const std::vector<Policy>& versions);

// The version in force on `day` among versions of one policy: the one with the latest effective_from not
// after it. NotFound: none is in force yet. InvalidArgument: two with one date, or different ids.
absl::StatusOr<Policy> InForce(const std::vector<Policy>& versions, CalendarDate day);

}  // namespace csat

#endif  // CSAT_POLICY_POLICY_H_
