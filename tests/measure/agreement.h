// How far figures are from those of other tools: every comparison is an expectation and a row of a table that stands at
// the end of the run, for script/agreement.
#ifndef CSAT_TESTS_MEASURE_AGREEMENT_H_
#define CSAT_TESTS_MEASURE_AGREEMENT_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "csat/measure/estimate.h"
#include "gtest/gtest.h"
#include "simdjson.h"

namespace csat {

inline std::filesystem::path ReferenceData() {
  return std::filesystem::path(CSAT_SOURCE_DIR).parent_path() / "shared" / "data";
}

#define SKIP_WITHOUT_REFERENCE()                 \
  if (!std::filesystem::exists(ReferenceData())) \
  GTEST_SKIP() << "the open data are not here: " << ReferenceData()

// The number under a key, and under a key of an object under a key.
inline double Number(simdjson::dom::element object, const char* key) {
  const simdjson::dom::element value = object[key];
  return value.get_double().value();
}
inline double Number(simdjson::dom::element object, const char* key, const char* inner) {
  const simdjson::dom::element value = object[key];
  return Number(value, inner);
}
inline bool Has(simdjson::dom::element object, const char* key) {
  return object[key].error() == simdjson::SUCCESS;
}

// In the order of the table.
enum class Tool { kFormulas, kPsych, kPingouin, kFactorAnalyzer, kStatsmodels, kNist };

class Agreement {
 public:
  // The columns of the table are families of sets: what stands before "_" or " " in the name.
  explicit Agreement(std::string set, Tool tool = Tool::kFormulas) : set_(std::move(set)), tool_(tool) {}

  // Relative differences; absolute ones from 0.
  void Near(const std::string& statistic, double ours, double reference, double tolerance = 1e-10) const;
  void Near(const std::string& statistic, const Estimate& ours, double reference,
            double tolerance = 1e-10) const;
  void Near(const std::string& statistic, const Measured<Interval>& ours,
            simdjson::dom::element reference) const;
  void Equal(const std::string& statistic, std::int64_t ours, double reference) const {
    Near(statistic, static_cast<double>(ours), reference, 0);
  }
  // A difference that was found otherwise, or a bound for it.
  void Within(const std::string& statistic, double relative, double tolerance = 1e-10) const;

  // Another definition, for this reason; still no further away than `tolerance`.
  void Differs(const std::string& statistic, double ours, double reference, double tolerance,
               const std::string& reason) const;

 private:
  std::string set_;
  Tool tool_;
};

// Where there is a reason of ours (the word of a gap) and figures of theirs, all as text.
void NoteGap(const std::string& set, const std::string& statistic, const std::string& ours,
             const std::string& psych, const std::string& factor_analyzer);

}  // namespace csat

#endif  // CSAT_TESTS_MEASURE_AGREEMENT_H_
