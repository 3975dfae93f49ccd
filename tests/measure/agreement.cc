#include "measure/agreement.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <tuple>
#include <utility>

namespace csat {
namespace {

constexpr const char* kFamilies[] = {"airline", "bank", "bfi", "mobi", "olist", "hcahps", "edges", "StRD"};

struct Tables {
  std::map<std::pair<Tool, std::string>, std::map<std::string, double>> rows;  // By family of sets.
  std::map<std::tuple<std::string, Tool, std::string>, double> definitions;    // Reason, tool, statistic.
  std::vector<std::vector<std::string>> gaps;
};

Tables& Kept() {
  static auto* const tables = new Tables();
  return *tables;
}

const char* Name(Tool tool) {
  switch (tool) {
    case Tool::kFormulas: return "the formulas, by NumPy and SciPy";
    case Tool::kPsych: return "psych 2.2.9";
    case Tool::kPingouin: return "pingouin 0.7.0";
    case Tool::kFactorAnalyzer: return "factor_analyzer 0.5.1";
    case Tool::kStatsmodels: return "statsmodels 0.15.0";
    case Tool::kNist: return "NIST StRD, to its certified digits";
  }
  return "";
}

double Relative(double ours, double reference) {
  const double distance = std::fabs(ours - reference);
  return reference == 0 ? distance : distance / std::fabs(reference);
}

std::string Shown(double relative) {
  char text[32];
  std::snprintf(text, sizeof(text), relative == 0 ? "0" : "%.1e", relative);
  return text;
}

void PrintAgreement(const Tables& tables) {
  std::printf("%-44s", "largest relative difference from");
  for (const char* family : kFamilies) std::printf(" %8s", family);
  const Tool* last = nullptr;
  for (const auto& [key, by_family] : tables.rows) {
    if (last == nullptr || *last != key.first) std::printf("\n%s\n", Name(key.first));
    last = &key.first;
    std::string line = "  " + key.second;
    line.resize(44, ' ');
    for (const char* family : kFamilies) {
      const auto found = by_family.find(family);
      const std::string cell = found == by_family.end() ? "" : Shown(found->second);
      line += std::string(9 - cell.size(), ' ') + cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    std::printf("%s\n", line.c_str());
  }
}

void PrintDefinitions(const Tables& tables) {
  std::printf("\nwhere definitions differ\n");
  for (const auto& [key, relative] : tables.definitions) {
    const auto& [reason, tool, statistic] = key;
    std::printf("  %s beside %s: %s: %s\n", statistic.c_str(), Name(tool), Shown(relative).c_str(),
                reason.c_str());
  }
}

void PrintGaps(const Tables& tables) {
  std::printf("\nwhere there is no figure, a reason and no number\n");
  std::printf("  %-22s %-10s %-16s %-18s %s\n", "set", "statistic", "ours", "psych", "factor_analyzer");
  for (const auto& row : tables.gaps) {
    std::printf("  %-22s %-10s %-16s %-18s %s\n", row[0].c_str(), row[1].c_str(), row[2].c_str(),
                row[3].c_str(), row[4].c_str());
  }
}

class AtTheEnd : public ::testing::Environment {
 public:
  void TearDown() override {
    const Tables& tables = Kept();
    if (!tables.rows.empty()) PrintAgreement(tables);
    if (!tables.definitions.empty()) PrintDefinitions(tables);
    if (!tables.gaps.empty()) PrintGaps(tables);
  }
};
const ::testing::Environment* const kAtTheEnd = ::testing::AddGlobalTestEnvironment(new AtTheEnd());

}  // namespace

void Agreement::Within(const std::string& statistic, double relative, double tolerance) const {
  EXPECT_LE(relative, tolerance) << set_ << ": " << statistic;
  const std::string family = set_.substr(0, set_.find_first_of("_ "));
  ASSERT_NE(std::find(std::begin(kFamilies), std::end(kFamilies), family), std::end(kFamilies)) << set_;
  double& worst = Kept().rows[{tool_, statistic}].emplace(family, 0).first->second;
  worst = std::max(worst, relative);
}

void Agreement::Near(const std::string& statistic, double ours, double reference, double tolerance) const {
  EXPECT_LE(Relative(ours, reference), tolerance)
      << set_ << ": " << statistic << ": " << ours << " beside " << reference;
  Within(statistic, Relative(ours, reference), tolerance);
}

void Agreement::Near(const std::string& statistic, const Estimate& ours, double reference,
                     double tolerance) const {
  ASSERT_TRUE(ours.has_value()) << set_ << ": " << statistic << ": " << Word(ours.gap().reason);
  Near(statistic, *ours, reference, tolerance);
}

void Agreement::Near(const std::string& statistic, const Measured<Interval>& ours,
                     simdjson::dom::element reference) const {
  ASSERT_TRUE(ours.has_value()) << set_ << ": " << statistic << ": " << Word(ours.gap().reason);
  const simdjson::dom::element low = reference.at(0), high = reference.at(1);
  Near(statistic, ours->low, low.get_double().value());
  Near(statistic, ours->high, high.get_double().value());
}

void Agreement::Differs(const std::string& statistic, double ours, double reference, double tolerance,
                        const std::string& reason) const {
  EXPECT_LE(Relative(ours, reference), tolerance)
      << set_ << ": " << statistic << ": " << ours << " beside " << reference;
  double& worst = Kept().definitions[{reason, tool_, statistic}];
  worst = std::max(worst, Relative(ours, reference));
}

void NoteGap(const std::string& set, const std::string& statistic, const std::string& ours,
             const std::string& psych, const std::string& factor_analyzer) {
  Kept().gaps.push_back({set, statistic, ours, psych, factor_analyzer});
}

}  // namespace csat
