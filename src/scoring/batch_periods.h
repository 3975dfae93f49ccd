// Vetoes that reach every record of the same subject and period, whichever row they fired in.
#ifndef CSAT_SRC_SCORING_BATCH_PERIODS_H_
#define CSAT_SRC_SCORING_BATCH_PERIODS_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "arrow/import.h"
#include "csat/scoring/batch.h"
#include "scoring/compiled_plan.h"

namespace csat {

class SubjectPeriods {
 public:
  // Reads the two key columns. InvalidArgument: one of them is missing, there twice, or no key: keys are
  // integers, words, dates, instants and bools.
  static absl::StatusOr<SubjectPeriods> Bind(const CompiledPlan& plan, const Table& table,
                                             const BatchOptions& options);

  // Indices of the vetoes of scope subject_period, in the card.
  const std::vector<int>& vetoes() const { return vetoes_; }
  // Notes that veto `vetoes()[i]` fired in a row. InvalidArgument: the row has no subject or no period, so that
  // nobody can say whom the veto reaches.
  absl::Status Fire(std::int64_t row, std::size_t i);
  // Takes over what another one noted.
  void Merge(const SubjectPeriods& other);
  // For each veto of the card, whether it fired in the subject and period of the row; nullptr: none did. `key`
  // is scratch of the calling thread.
  const std::uint8_t* ImposedOn(std::int64_t row, std::string* key) const;
  bool any() const { return !fired_.empty(); }

 private:
  bool Key(std::int64_t row, std::string* key) const;

  std::vector<int> vetoes_;
  std::size_t card_vetoes_ = 0;
  Column subject_, period_;
  std::unordered_map<std::string, std::vector<std::uint8_t>> fired_;
  std::string key_;
};

}  // namespace csat

#endif  // CSAT_SRC_SCORING_BATCH_PERIODS_H_
