// How far figures are from the reference results of other tools, statistic by statistic and data set by data set.
#ifndef CSAT_TESTS_MEASURE_AGREEMENT_H_
#define CSAT_TESTS_MEASURE_AGREEMENT_H_

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>

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

// Every comparison is an expectation, and leaves its relative difference in the table.
class Agreement {
 public:
  explicit Agreement(std::string set) : set_(std::move(set)) {}

  void Near(const std::string& statistic, double ours, double reference, double tolerance = 1e-10) const {
    const double distance = std::fabs(ours - reference);
    const double relative = reference == 0 ? distance : distance / std::fabs(reference);
    EXPECT_LE(relative, tolerance) << set_ << ": " << statistic << ": " << ours << " beside " << reference;
    double& worst = Table()[{statistic, set_}];
    worst = std::max(worst, relative);
  }
  void Near(const std::string& statistic, const Estimate& ours, double reference,
            double tolerance = 1e-10) const {
    ASSERT_TRUE(ours.has_value()) << set_ << ": " << statistic << ": " << Word(ours.gap().reason);
    Near(statistic, *ours, reference, tolerance);
  }
  void Near(const std::string& statistic, const Measured<Interval>& ours,
            simdjson::dom::element reference) const {
    ASSERT_TRUE(ours.has_value()) << set_ << ": " << statistic << ": " << Word(ours.gap().reason);
    const simdjson::dom::element low = reference.at(0), high = reference.at(1);
    Near(statistic, ours->low, low.get_double().value());
    Near(statistic, ours->high, high.get_double().value());
  }
  void Equal(const std::string& statistic, std::int64_t ours, double reference) const {
    Near(statistic, static_cast<double>(ours), reference, 0);
  }

  // The largest relative difference of each statistic in each family of data sets: what stands before "_" in the name.
  static void Print() {
    if (Table().empty()) return;
    std::map<std::string, std::map<std::string, double>> worst;
    std::set<std::string> families;
    for (const auto& [key, relative] : Table()) {
      const std::string family = key.second.substr(0, key.second.find('_'));
      families.insert(family);
      double& entry = worst[key.first].emplace(family, 0).first->second;
      entry = std::max(entry, relative);
    }
    std::printf("%-40s", "largest relative difference");
    for (const std::string& family : families) std::printf(" %9s", family.c_str());
    std::printf("\n");
    for (const auto& [statistic, by_family] : worst) {
      std::printf("%-40s", statistic.c_str());
      for (const std::string& family : families) {
        const auto found = by_family.find(family);
        if (found == by_family.end()) {
          std::printf(" %9s", "");
        } else if (found->second == 0) {
          std::printf(" %9s", "0");
        } else {
          std::printf(" %9.1e", found->second);
        }
      }
      std::printf("\n");
    }
    Table().clear();
  }

 private:
  static std::map<std::pair<std::string, std::string>, double>& Table() {
    static auto* const table = new std::map<std::pair<std::string, std::string>, double>();
    return *table;
  }
  std::string set_;
};

}  // namespace csat

#endif  // CSAT_TESTS_MEASURE_AGREEMENT_H_
