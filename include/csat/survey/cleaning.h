// Cleaning of responses by declared rules. Nothing is deleted: each response ends with a verdict, and a ledger says for
// each that is not simply kept which rules it met and which of them decided.
//
// Every rule judges the responses as they came in (test records aside), not what other rules left of them: verdicts
// depend neither on the order of rules nor on that of rows, nor on threads.
#ifndef CSAT_SURVEY_CLEANING_H_
#define CSAT_SURVEY_CLEANING_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "csat/arrow/c_data.h"
#include "csat/measure/estimate.h"
#include "csat/model/cleaning.h"
#include "csat/model/decimal.h"
#include "csat/model/metric.h"

namespace csat {

// What a person found out about a doubtful response, one that is flagged or quarantined. P1-31.
struct ReviewDecision {
  enum class Outcome : std::uint8_t {
    kConfirmed,  // It stands as it is: kept.
    kCorrected,  // The table holds it as corrected: kept.
    kRejected,   // Excluded.
  };
  std::string response;
  Outcome outcome = Outcome::kConfirmed;
};

struct CleaningOptions {
  int threads = 1;  // 1 to 256.
  // Of the review; "": the policy's. Neither: no review is drawn. Refused where the cleaning has no review.
  std::string seed;
  std::vector<ReviewDecision> decisions;
};

struct CleaningLine {
  std::int64_t row = 0;
  int rule = 0;  // Index; -1: a reviewer's decision.
  Verdict verdict = Verdict::kFlagged;
  bool deciding = false;
  bool unknown = false;         // The rule could not judge the response.
  std::optional<double> value;  // What was compared with the limit, where that is a number.
};

struct CleaningRuleCount {
  // decided: whose verdict it decided and no reviewer decided after it.
  std::int64_t met = 0, decided = 0, unknown = 0, not_applicable = 0;
  std::optional<Gap> gap;  // Why the rule could judge no response: items are indices into those of the rule.
};

// A figure over some responses; none without answers. Never rounded.
struct FigureValue {
  std::int64_t answers = 0;
  std::optional<Ratio> value;
};
struct FigureComparison {
  FigureValue before;                // All responses.
  FigureValue after;                 // Kept and flagged ones.
  FigureValue with_quarantined;      // And quarantined ones. A-56.
  std::vector<FigureValue> without;  // By rule: without the responses that this rule alone would take away.
  std::vector<FigureValue> step;     // By rule: without those that it and the rules before it decided.
};

struct ReviewSample {
  std::string seed, commitment;                 // As SeedCommitment() says.
  std::array<std::int64_t, 2> size{}, drawn{};  // Kept and flagged; quarantined and excluded.
  std::vector<std::int64_t> rows;               // In the order drawn, those kept first.
};

// The result of one cleaning; a value.
struct CleaningResult {
  std::int64_t rows = 0;
  std::int64_t test_records = 0;         // Among the excluded.
  std::array<std::int64_t, 4> counts{};  // By Verdict, before decisions are taken into account: see below.
  std::vector<Verdict> verdicts;         // By row.
  std::vector<std::int16_t> deciding;    // By row: index of the rule, -1: none, -2: a reviewer.
  std::vector<CleaningLine> ledger;      // By row, then in the order of the rules.
  std::vector<CleaningRuleCount> rules;
  std::vector<FigureComparison> figures;
  std::optional<ReviewSample> review;
  // Flagged or quarantined responses without a decision.
  std::int64_t open = 0;
  bool settle_doubtful = false;
  std::vector<std::string> rule_ids, figure_ids;
  std::vector<std::string> ids;  // Of the responses, by row.

  // FailedPrecondition: doubtful responses are open although all have to be settled. P1-31.
  absl::Status MayBeScored() const;
};

// `array` is a struct array, borrowed. InvalidArgument: a column that is missing, there twice or of a type that cannot
// be read; an id that is null or there twice; an answer off its scale that no rule speaks of; a decision about a
// response that is not there or not doubtful.
absl::StatusOr<CleaningResult> Clean(const Cleaning& cleaning, const std::vector<Metric>& metrics,
                                     const ArrowSchema& schema, const ArrowArray& array,
                                     const CleaningOptions& options);

// A column that Clean() reads, and as what, for hosts whose tables hold nothing but texts: figures or the labels of their
// scale, words and ids, or whatever it holds (numbers, instants, true and false).
struct CleaningField {
  enum class Type : std::uint8_t { kText, kNumber, kAny };
  std::string name;
  Type type = Type::kText;
};
// Each once, in the order of the rules.
std::vector<CleaningField> CleaningFields(const Cleaning& cleaning, const std::vector<Metric>& metrics);

// A row for each response: verdict (dictionary of texts), deciding_rule (likewise, null where none), in_review (int64:
// 0, 1, 2 ... in the order drawn, null where not drawn).
absl::Status ExportVerdicts(const CleaningResult& result, ArrowSchema* schema, ArrowArray* array);
// A row for each line of the ledger: row (int64, from 0), response_id, rule ("" is a reviewer), verdict (texts),
// deciding, unknown (bool), value (float64, null where there is none).
absl::Status ExportLedger(const CleaningResult& result, ArrowSchema* schema, ArrowArray* array);

// Agreements between people and rules, of `reviewed` responses. nullopt: none was reviewed, or more agree than that.
// P2-59.
std::optional<Ratio> ReviewAccuracy(std::int64_t reviewed, std::int64_t agreed);

// Distance along the great circle between two places in degrees on a sphere of 6,371,008.8 m (the mean radius of the
// Earth): 2 R asin(sqrt(h)), h = sin^2(d lat / 2) + cos(lat1) cos(lat2) sin^2(d lon / 2) (Sinnott, Sky and Telescope 68,
// 1984). The same bits on every machine. Latitudes within -+90, longitudes within -+360.
double GreatCircleMetres(double latitude1, double longitude1, double latitude2, double longitude2);

}  // namespace csat

#endif  // CSAT_SURVEY_CLEANING_H_
