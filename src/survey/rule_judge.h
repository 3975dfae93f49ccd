#ifndef CSAT_SRC_SURVEY_RULE_JUDGE_H_
#define CSAT_SRC_SURVEY_RULE_JUDGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "csat/measure/estimate.h"
#include "csat/model/cleaning.h"
#include "survey/answer_indices.h"
#include "survey/response_columns.h"

namespace csat::survey {

// Judges all responses by one rule, as if there were no other. `counts`: rows that are responses, not test records.
// `ids`: of the responses. The gap: the rule could judge none, and why.
class RuleJudge {
 public:
  RuleJudge(ResponseColumns* columns, const std::vector<std::string>& ids,
            const std::vector<std::uint8_t>& counts)
      : columns_(*columns), ids_(ids), counts_(counts) {}

  absl::StatusOr<std::optional<Gap>> Judge(const CleaningRule& rule, Judged* out);

 private:
  absl::Status Form(const ContradictionRule& rule, Judged* out);
  absl::Status Form(const TestRecordRule& rule, Judged* out);
  absl::Status Form(const OutOfRangeRule& rule, Judged* out);
  absl::Status Form(const StraightLineRule& rule, Judged* out);
  absl::Status Form(const AllExtremeRule& rule, Judged* out);
  absl::Status Form(const LongStringRule& rule, Judged* out);
  absl::Status Form(const VariabilityRule& rule, Judged* out);
  absl::Status Form(const EvenOddRule& rule, Judged* out);
  absl::Status Form(const MahalanobisRule& rule, Judged* out);
  absl::Status Form(const SpeedRule& rule, Judged* out);
  absl::Status Form(const DuplicateRule& rule, Judged* out);
  absl::Status Form(const StayRule& rule, Judged* out);
  absl::Status Form(const DistanceRule& rule, Judged* out);
  absl::Status Form(const DefaultAnswerRule& rule, Judged* out);

  absl::StatusOr<Items> ItemsOf(const std::vector<std::string>& ids, bool one_scale);
  void AddValues(Judged* out) const;

  ResponseColumns& columns_;
  const std::vector<std::string>& ids_;
  const std::vector<std::uint8_t>& counts_;
  std::optional<Gap> gap_;
};

}  // namespace csat::survey

#endif  // CSAT_SRC_SURVEY_RULE_JUDGE_H_
