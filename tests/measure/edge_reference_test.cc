// Matrices on which other tools differ or print what is none (../shared/data/reference/likert/_edge_cases.json, where it
// is there): alpha agrees with the formula, and where a structure cannot be judged there is a reason and no number.
#include <string>
#include <vector>

#include "csat/measure/factorability.h"
#include "csat/measure/reliability.h"
#include "measure/agreement.h"
#include "measure/answers.h"
#include "measure/gap_words.h"
#include "scoring/csv_rows.h"

namespace csat {
namespace {

class EdgeReferenceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    SKIP_WITHOUT_REFERENCE();
    reference_ = parser_.load((ReferenceData() / "reference" / "likert" / "_edge_cases.json").string());
    rows_ = Rows(ReferenceData() / "likert" / "ecsi_mobi.csv");
  }
  Answers Items(const std::vector<std::string>& names, std::size_t rows = 250) const {
    Answers answers(names.size());
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t i = 0; i < names.size(); ++i)
        answers[i].push_back(std::stoll(rows_[row].at(names[i])));
    }
    return answers;
  }
  void Compare(const char* name, const Answers& answers, const std::string& want_alpha,
               const std::string& want_kmo, std::int64_t unit = 1) {
    const CoMoments moments = ListwiseMomentsOf(answers, unit);
    const simdjson::dom::element expected = reference_[name];
    const Reliability reliability = ReliabilityOf(moments);
    EXPECT_EQ(GapWords(reliability.alpha), want_alpha) << name;
    if (reliability.alpha.has_value()) {
      EXPECT_NEAR(*reliability.alpha, Number(expected, "formula_alpha"), 1e-13) << name;
    }
    const Measured<ItemMatrix> r = CorrelationsOf(moments);
    const Factorability result = r.has_value() ? FactorabilityOf(*r) : Factorability{r.gap(), r.gap()};
    EXPECT_EQ(GapWords(result.kmo), want_kmo) << name;
    EXPECT_EQ(GapWords(result.bartlett), want_kmo) << name;
    const auto text = [&](const char* tool, const char* key) -> std::string {
      const simdjson::dom::element value = tool == nullptr ? expected[key] : expected[tool][key];
      return value.is_string() ? std::string(value.get_string().value()) : simdjson::to_string(value);
    };
    if (!reliability.alpha.has_value()) {
      NoteGap(name, "alpha", want_alpha, text("psych", "alpha_raw"), "");
    }
    if (!result.kmo.has_value()) {
      NoteGap(name, "KMO", want_kmo, text("psych", "kmo"), text(nullptr, "factor_analyzer_kmo"));
      NoteGap(name, "Bartlett", want_kmo, text("psych", "bartlett"),
              text(nullptr, "factor_analyzer_bartlett"));
    }
    if (result.kmo.has_value()) {
      EXPECT_NEAR(result.kmo->overall, Number(expected, "psych", "kmo"), 1e-13) << name;
      EXPECT_NEAR(result.bartlett->test.statistic, Number(expected, "psych", "bartlett"), 1e-10) << name;
    }
  }

  const std::vector<std::string> perq_{"PERQ1", "PERQ2", "PERQ3", "PERQ4", "PERQ5", "PERQ6", "PERQ7"};
  simdjson::dom::parser parser_;
  simdjson::dom::element reference_;
  std::vector<Row> rows_;
};

TEST_F(EdgeReferenceTest, Matrices) {
  const Answers perq = Items(perq_);
  Answers answers = perq;
  answers.push_back(perq[0]);
  Compare("duplicate_item", answers, "", "duplicate 0 7");

  answers = perq;
  answers.emplace_back();
  for (std::size_t row = 0; row < 250; ++row) answers[7].push_back(perq[0][row] + perq[1][row]);
  Compare("linear_combination", answers, "", "singular 0 1 7");

  answers = perq;
  answers.emplace_back(250, 5);
  Compare("constant_item", answers, "constant 7", "constant 7");
  const Reliability constant = ReliabilityOf(ListwiseMomentsOf(answers));
  // What psych says after it took the item out by itself.
  EXPECT_NEAR(*constant.by_item[7].alpha_if_dropped,
              Number(reference_["constant_item"], "psych", "alpha_raw"), 1e-13);

  std::vector<std::string> all;
  for (const auto& [name, cell] : rows_[0]) all.push_back(name);
  Compare("fewer_rows_than_items", Items(all, 20), "", "too_few");
  Compare("two_items", Items({"PERV1", "PERV2"}), "", "");
  Compare("two_rows", Items(perq_, 2), "", "too_few");

  answers = Items({"CUEX1", "CUEX2"});
  for (std::int64_t& value : answers[1]) value = 11 - value;
  Compare("negative_alpha", answers, "", "");
}

// Items brought to 0..1 are the same items: one tick is 1/9.
TEST_F(EdgeReferenceTest, Rescaled) {
  Answers answers = Items(perq_);
  for (auto& column : answers) {
    for (std::int64_t& value : column) --value;
  }
  Compare("rescaled_0_1", answers, "", "", 9);
}

}  // namespace
}  // namespace csat
