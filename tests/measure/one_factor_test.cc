#include "csat/measure/one_factor.h"

#include <cmath>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "measure/agreement.h"
#include "measure/answers.h"
#include "measure/gap_words.h"
#include "scoring/csv_rows.h"

namespace csat {
namespace {

ItemMatrix Correlations(int items, std::vector<double> values) {
  ItemMatrix matrix;
  matrix.items = items;
  matrix.rows = matrix.least_rows = 100;
  matrix.listwise = true;
  matrix.values = std::move(values);
  return matrix;
}

// The correlations that loadings imply: the factor is found again.
ItemMatrix Implied(const std::vector<double>& loadings) {
  std::vector<double> values;
  for (std::size_t i = 0; i < loadings.size(); ++i) {
    for (std::size_t j = 0; j < loadings.size(); ++j)
      values.push_back(i == j ? 1 : loadings[i] * loadings[j]);
  }
  return Correlations(static_cast<int>(loadings.size()), values);
}

struct FactorCase {
  const char* name;
  std::vector<double> loadings;
};
void PrintTo(const FactorCase& test, std::ostream* out) { *out << test.name; }

class OneFactorTest : public ::testing::TestWithParam<FactorCase> {};

TEST_P(OneFactorTest, FoundAgain) {
  const std::vector<double>& loadings = GetParam().loadings;
  const Measured<OneFactor> factor = OneFactorOf(Implied(loadings));
  ASSERT_TRUE(factor.has_value());
  double sum = 0, unique = 0;
  for (std::size_t i = 0; i < loadings.size(); ++i) {
    EXPECT_NEAR(factor->loadings[i], loadings[i], 1e-12) << i;
    sum += loadings[i];
    unique += 1 - loadings[i] * loadings[i];
  }
  EXPECT_NEAR(factor->residual, 0, 1e-24);
  EXPECT_NEAR(factor->omega_total, sum * sum / (sum * sum + unique), 1e-12);
  EXPECT_NEAR(factor->omega_of_model, factor->omega_total, 1e-12);
  EXPECT_TRUE(factor->heywood.empty());
}

INSTANTIATE_TEST_SUITE_P(Factors, OneFactorTest,
                         ::testing::ValuesIn<FactorCase>({
                             {"ThreeItems", {0.9, 0.5, 0.3}},
                             {"FiveAlike", {0.7, 0.7, 0.7, 0.7, 0.7}},
                             {"OneReversed", {0.8, 0.6, -0.5, 0.7}},
                             {"OneOnItsOwn", {0.8, 0.6, 0, 0.7}},
                             {"Many", {0.9, 0.1, 0.2, 0.8, 0.3, 0.7, 0.4, 0.6, 0.5, 0.55, 0.45, 0.35}},
                         }),
                         [](const auto& info) { return info.param.name; });

// Loadings alike: omega is the standardised alpha. P2-63's matrix: k r / (1 + (k - 1) r) = 1.5 / 2.
TEST(OneFactorTest, AlphaWhereLoadingsAreAlike) {
  const double r = 0.5;
  const OneFactor factor = *OneFactorOf(Correlations(3, {1, r, r, r, 1, r, r, r, 1}));
  EXPECT_NEAR(factor.omega_total, 0.75, 1e-13);
  EXPECT_NEAR(factor.loadings[0], std::sqrt(0.5), 1e-13);
}

TEST(OneFactorTest, LoadingAtItsLimit) {
  // r(0, 1) r(0, 2) / r(1, 2) = 1.28: more than item 0 can vary.
  const OneFactor factor = *OneFactorOf(Correlations(3, {1, 0.8, 0.8, 0.8, 1, 0.5, 0.8, 0.5, 1}));
  EXPECT_EQ(factor.heywood, std::vector<int>{0});
  EXPECT_NEAR(factor.loadings[0], std::sqrt(0.995), 1e-15);
  EXPECT_LT(factor.omega_total, 1);
}

TEST(OneFactorTest, WhereThereIsNone) {
  EXPECT_EQ(GapWords(OneFactorOf(Correlations(2, {1, 0.5, 0.5, 1}))), "too_few");
  EXPECT_EQ(GapWords(OneFactorOf(ItemMatrix())), "too_few");
  EXPECT_EQ(GapWords(OneFactorOf(Correlations(3, {1, 0, 0, 0, 1, 0, 0, 0, 1}))), "not_measurable");
}

// Beside psych 2.2.9: its optimiser stops at 1e-6 to 1e-5 of a loading. Residuals here are never larger. The last
// column is the same figure by maximum likelihood, psych::fa(fm = "ml").
TEST(OneFactorTest, BesidePsych) {
  SKIP_WITHOUT_REFERENCE();
  const struct {
    const char* name;
    const char* file;
    std::vector<std::string> items;
    const char* reversed;
    double omega_total, omega_of_model, residual, by_likelihood;
  } cases[] = {
      {"mobi_PERQ",
       "ecsi_mobi.csv",
       {"PERQ1", "PERQ2", "PERQ3", "PERQ4", "PERQ5", "PERQ6", "PERQ7"},
       "",
       0.8779273353891744,
       0.8779361835249206,
       0.05203899170665219,
       0.8779426700567194},
      {"mobi_CUSA",
       "ecsi_mobi.csv",
       {"CUSA1", "CUSA2", "CUSA3"},
       "",
       0.7815380808074501,
       0.7815380893157527,
       2.26364631954692e-13,
       0.7815381165374474},
      {"mobi_CUEX",
       "ecsi_mobi.csv",
       {"CUEX1", "CUEX2", "CUEX3"},
       "",
       0.5070373422650367,
       0.5070373492185998,
       5.803585776285997e-15,
       0.5070376917351518},
      {"mobi_IMAG",
       "ecsi_mobi.csv",
       {"IMAG1", "IMAG2", "IMAG3", "IMAG4", "IMAG5"},
       "",
       0.7285440772822807,
       0.7289186926534146,
       0.02672744653804944,
       0.728500788911064},
      {"bank_sat",
       "bank_satisfaction.csv",
       {"sat1", "sat2", "sat3", "sat4"},
       "",
       0.8962457272654977,
       0.8962346607853415,
       0.002991656994221248,
       0.8958749829585916},
      {"bfi_A",
       "bfi.csv",
       {"A1", "A2", "A3", "A4", "A5"},
       "A1",
       0.7237243569150453,
       0.7239835951420575,
       0.01451746324447278,
       0.7237004416450841},
  };
  for (const auto& test : cases) {
    const std::vector<Row> rows = Rows(ReferenceData() / "likert" / test.file);
    Answers answers(test.items.size());
    for (const Row& row : rows) {
      for (std::size_t i = 0; i < test.items.size(); ++i) {
        const std::string& cell = row.at(test.items[i]);
        const std::int64_t value = cell.empty() || cell == "NA" ? kNoAnswer : std::stoll(cell);
        answers[i].push_back(value != kNoAnswer && test.items[i] == test.reversed ? 7 - value : value);
      }
    }
    const OneFactor factor = *OneFactorOf(*CorrelationsOf(ListwiseMomentsOf(answers)));
    const Agreement psych(test.name, Tool::kPsych);
    const char kStops[] = "its optimiser stops at five digits or six; the residuals here are never larger";
    psych.Differs("omega total", factor.omega_total, test.omega_total, 2e-6, kStops);
    psych.Differs("omega of the model", factor.omega_of_model, test.omega_of_model, 2e-5, kStops);
    psych.Differs("omega total", factor.omega_total, test.by_likelihood, 5e-4,
                  "by maximum likelihood there, by minimum residuals here");
    EXPECT_LE(factor.residual, test.residual * (1 + 1e-12)) << test.name;
  }
}

}  // namespace
}  // namespace csat
