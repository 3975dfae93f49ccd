// Every figure of ../shared/data/reference/likert that this room defines, against psych, pingouin, factor_analyzer and
// NumPy, where that folder is there.
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "csat/measure/factorability.h"
#include "csat/measure/reliability.h"
#include "measure/agreement.h"
#include "measure/answers.h"
#include "scoring/csv_rows.h"

namespace csat {
namespace {

using simdjson::dom::element;

struct DataSet {
  const char* name;  // Of the reference results.
  const char* file;
  bool zero_is_missing;
  std::set<std::string> reversed;  // Answered on 1..6, turned over as 7 - x.
};

const char kAirline[] = "airline_passenger_satisfaction.csv.gz";
const char kBank[] = "bank_satisfaction.csv";
const char kMobi[] = "ecsi_mobi.csv";
const char kBfi[] = "bfi.csv";

void PrintTo(const DataSet& set, std::ostream* out) { *out << set.name; }

class ItemReferenceTest : public ::testing::TestWithParam<DataSet> {
 protected:
  static const std::vector<std::vector<std::string>>& Cells(const std::string& file) {
    static auto* const files = new std::map<std::string, std::vector<std::vector<std::string>>>();
    auto& lines = (*files)[file];
    if (lines.empty()) lines = Lines(Bytes(ReferenceData() / "likert" / file));
    return lines;
  }

  static Answers AnswersOf(const DataSet& set, const std::vector<std::string>& items) {
    const auto& lines = Cells(set.file);
    Answers answers;
    for (const std::string& item : items) {
      const auto found = std::find(lines[0].begin(), lines[0].end(), item);
      EXPECT_NE(found, lines[0].end()) << item;
      const auto column = static_cast<std::size_t>(found - lines[0].begin());
      const bool reversed = set.reversed.count(item) != 0;
      answers.emplace_back();
      for (std::size_t row = 1; row < lines.size(); ++row) {
        int value = 0;
        const bool answered =
            absl::SimpleAtoi(lines[row][column], &value) && !(set.zero_is_missing && value == 0);
        answers.back().push_back(!answered ? kNoAnswer : reversed ? 7 - value : value);
      }
    }
    return answers;
  }
};

void CompareItem(const Agreement& agreement, const std::vector<std::int64_t>& column, element reference,
                 std::int64_t lowest, std::int64_t highest) {
  const Frequencies frequencies = FrequenciesOf(column);
  const Measured<Moments> moments = MomentsOf(frequencies);
  ASSERT_TRUE(moments.has_value());
  const auto number = [reference](const char* key) { return Number(reference, key); };
  agreement.Equal("n", moments->n, number("n"));
  agreement.Equal("missing", static_cast<std::int64_t>(column.size()) - moments->n, number("missing"));
  agreement.Near("mean", Mean(*moments), number("mean"));
  agreement.Near("sd", StandardDeviation(*moments), number("sd"));
  agreement.Near("standard error", StandardError(*moments), number("se"));
  agreement.Near("quantile 0 (least)", Quantile(frequencies, 0), number("min"));
  agreement.Near("quantile 1 (greatest)", Quantile(frequencies, 1), number("max"));
  agreement.Near("median", Median(frequencies), number("median"));
  agreement.Near("skewness g1", Skewness(frequencies), number("skew_g1"));
  agreement.Near("excess kurtosis g2", ExcessKurtosis(frequencies), number("kurtosis_excess_g2"));
  std::size_t levels = 0;
  const simdjson::dom::object counts = reference["counts"];
  for (const simdjson::dom::key_value_pair entry : counts) {
    std::int64_t value = 0;
    ASSERT_TRUE(absl::SimpleAtoi(std::string(entry.key), &value));
    const element count = entry.value;
    agreement.Equal("counts", AtLeast(frequencies, value)->count - AtLeast(frequencies, value + 1)->count,
                    count.get_double().value());
    levels += count.get_int64().value() != 0;
  }
  EXPECT_EQ(levels, frequencies.levels.size());
  const Measured<Proportion> top2 = TopBox(frequencies, highest, 2), top1 = TopBox(frequencies, highest, 1),
                             bottom2 = BottomBox(frequencies, lowest, 2);
  agreement.Equal("boxes", top2->count, number("top2"));
  agreement.Equal("boxes", top1->count, number("top1"));
  agreement.Equal("boxes", bottom2->count, number("bottom2"));
  agreement.Near("shares", Share(*top2), number("top2_rate"));
  agreement.Near("shares", Share(*top1), number("top1_rate"));
  agreement.Near("shares", Share(*bottom2), number("bottom2_rate"));
  agreement.Near("Wilson interval", WilsonInterval(*top2), reference["top2_wilson95"]);
  agreement.Near(
      "mean on 0..100",
      (*Mean(*moments) - static_cast<double>(lowest)) / static_cast<double>(highest - lowest) * 100,
      number("mean_0_100"));
}

void CompareByItem(const Agreement& agreement, const std::string& statistic,
                   const std::vector<Estimate>& ours, const std::vector<std::string>& items,
                   element reference) {
  ASSERT_EQ(ours.size(), items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    agreement.Near(statistic, ours[i], Number(reference, items[i].c_str()));
  }
}

// Of figures that the reference keeps from its formulas alone, with the largest difference of a tool from these: no
// figure of ours is further from the tool's than both differences together.
void CompareThrough(const Agreement& agreement, const std::string& statistic,
                    const std::vector<Estimate>& ours, const std::vector<std::string>& items,
                    element formulas, double tool_from_formula) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    const double formula = Number(formulas, items[i].c_str());
    agreement.Within(statistic, (std::fabs(*ours[i] - formula) + tool_from_formula) / std::fabs(formula));
  }
}

void CompareMatrix(const ItemMatrix& ours, const std::filesystem::path& file) {
  const std::vector<std::vector<std::string>> lines = Lines(Bytes(file));
  ASSERT_EQ(lines.size(), static_cast<std::size_t>(ours.items) + 1) << file;
  for (int i = 0; i < ours.items; ++i) {
    for (int j = 0; j < ours.items; ++j) {
      double reference = 0;
      ASSERT_TRUE(absl::SimpleAtod(lines[static_cast<std::size_t>(i) + 1][static_cast<std::size_t>(j) + 1],
                                   &reference));
      // Printed with 12 digits.
      EXPECT_NEAR(ours(i, j), reference, 6e-13) << i << " " << j;
    }
  }
}

void CompareScale(const std::string& name, const std::string& way, const CoMoments& moments,
                  const std::vector<std::string>& items, element reference, element tool_differences) {
  const Agreement agreement(name), psych(name, Tool::kPsych), pingouin(name, Tool::kPingouin),
      factor_analyzer(name, Tool::kFactorAnalyzer);
  const auto number = [reference](const char* key) { return Number(reference, key); };
  const element tools = reference["tools"];
  const Reliability reliability = ReliabilityOf(moments);
  agreement.Equal("n", reliability.n, number("n"));
  agreement.Near("alpha", reliability.alpha, number("alpha_raw"));
  agreement.Near("alpha, standardised", reliability.standardised_alpha, number("alpha_std"));
  agreement.Near("average correlation", reliability.average_correlation, number("average_r"));
  agreement.Near("Feldt interval", reliability.interval, reference["alpha_feldt_ci95"]);
  EXPECT_TRUE(reliability.findings.empty());
  psych.Near("alpha", reliability.alpha, Number(tools, "psych", "alpha_raw"));
  psych.Near("alpha, standardised", reliability.standardised_alpha, Number(tools, "psych", "alpha_std"));
  pingouin.Near("alpha", reliability.alpha, Number(tools, "pingouin", "alpha"));
  const element rounded = tools["pingouin"]["ci95_rounded3"], rounded_low = rounded.at(0);
  if (static_cast<double>(reliability.n) == Number(tools, "pingouin", "ci_uses_n")) {
    pingouin.Differs("alpha, lower limit", reliability.interval->low, rounded_low.get_double().value(), 2e-3,
                     "it rounds the interval to three decimals");
  } else {
    pingouin.Differs("alpha, lower limit", reliability.interval->low, rounded_low.get_double().value(), 8e-3,
                     "its interval takes the rows before the incomplete ones are left out, and is rounded");
  }

  const Measured<ItemMatrix> correlations = CorrelationsOf(moments);
  ASSERT_TRUE(correlations.has_value());
  CompareMatrix(*correlations, ReferenceData() / "reference" / "likert" / (name + ".corr_" + way + ".csv"));
  if (Has(reference, "alpha_std_from_R_same_rows")) {
    agreement.Near("alpha, standardised, r of same rows", Alpha(*correlations),
                   number("alpha_std_from_R_same_rows"));
    agreement.Differs("alpha, standardised, of answers with gaps", *reliability.standardised_alpha,
                      number("alpha_std_from_R_same_rows"), 1e-3,
                      "the spread of an item is that of all its rows, as in psych, not of each pair's");
  }
  if (!Has(reference, "kmo")) return;  // Two items.

  std::vector<Estimate> rest, dropped, standardised_dropped;
  for (const ItemReliability& item : reliability.by_item) {
    rest.push_back(item.item_rest);
    dropped.push_back(item.alpha_if_dropped);
    standardised_dropped.push_back(item.standardised_alpha_if_dropped);
  }
  CompareByItem(agreement, "item-rest correlation", rest, items, reference["item_rest_r"]);
  CompareByItem(agreement, "alpha if dropped", dropped, items, reference["alpha_if_deleted_raw"]);
  CompareByItem(agreement, "alpha if dropped, standardised", standardised_dropped, items,
                reference["alpha_if_deleted_std"]);

  const auto recorded = [&](const char* figure) {
    return Number(tool_differences, (way + ": " + figure + " formula-psych").c_str());
  };
  CompareThrough(psych, "item-rest correlation, at most", rest, items, reference["item_rest_r"],
                 recorded("item_rest_r"));
  CompareThrough(psych, "alpha if dropped, at most", dropped, items, reference["alpha_if_deleted_raw"],
                 recorded("alpha_if_deleted"));

  const Measured<std::vector<double>> eigenvalues = Eigenvalues(*correlations);
  ASSERT_TRUE(eigenvalues.has_value());
  int above_one = 0;
  const element expected = reference["eigenvalues"];
  for (std::size_t i = 0; i < eigenvalues->size(); ++i) {
    agreement.Near("eigenvalues", (*eigenvalues)[i], expected.at(i).get_double().value());
    above_one += (*eigenvalues)[i] > 1;
  }
  agreement.Near("eigenvalues", eigenvalues->back(), number("min_eigenvalue"));
  agreement.Equal("factors by Kaiser's rule", above_one, number("kaiser_count"));

  const Factorability factorability = FactorabilityOf(*correlations);
  ASSERT_TRUE(factorability.kmo.has_value() && factorability.bartlett.has_value());
  agreement.Near("KMO", factorability.kmo->overall, number("kmo"));
  CompareByItem(agreement, "KMO by item", factorability.kmo->items, items, reference["kmo_items"]);
  const Sphericity& bartlett = *factorability.bartlett;
  agreement.Near("Bartlett chi-square", bartlett.test.statistic, number("bartlett_chi2"));
  agreement.Equal("Bartlett df", static_cast<std::int64_t>(bartlett.test.df), number("bartlett_df"));
  if (number("bartlett_p") > 1e-300) {
    agreement.Near("Bartlett p", bartlett.test.p, number("bartlett_p"));
  } else {
    EXPECT_LT(bartlett.test.p, 1e-300);
  }
  agreement.Near("Bartlett log10 p", bartlett.test.log10_p, number("bartlett_log10p"));
  agreement.Near("ln |R|", bartlett.log_determinant, number("log_det_R"));
  psych.Near("KMO", factorability.kmo->overall, Number(tools, "psych", "kmo"));
  psych.Near("Bartlett chi-square", bartlett.test.statistic, Number(tools, "psych", "bartlett_chi2"));
  const element of_factor_analyzer = tools["factor_analyzer"];
  if (Has(of_factor_analyzer, "kmo")) {
    factor_analyzer.Near("KMO", factorability.kmo->overall, Number(of_factor_analyzer, "kmo"));
    factor_analyzer.Near("Bartlett chi-square", bartlett.test.statistic,
                         Number(of_factor_analyzer, "bartlett_chi2"));
  }
}

TEST_P(ItemReferenceTest, EveryFigure) {
  SKIP_WITHOUT_REFERENCE();
  const DataSet& set = GetParam();
  simdjson::dom::parser parser;
  const element reference =
      parser.load((ReferenceData() / "reference" / "likert" / (std::string(set.name) + ".json")).string());
  std::vector<std::string> items;
  const simdjson::dom::array names = reference["items"];
  for (const element item : names) items.emplace_back(item.get_string().value());
  const Answers answers = AnswersOf(set, items);
  EXPECT_EQ(static_cast<double>(answers[0].size()), Number(reference, "n_rows"));
  const element scale = reference["scale"], least = scale.at(0), greatest = scale.at(1);
  const std::int64_t lowest = least.get_int64().value(), highest = greatest.get_int64().value();
  for (std::size_t i = 0; i < items.size(); ++i) {
    CompareItem(Agreement(set.name), answers[i], reference["items_stats"][items[i]], lowest, highest);
  }
  CompareScale(set.name, "listwise", ListwiseMomentsOf(answers), items, reference["listwise"],
               reference["max_abs_diff"]);
  if (reference["pairwise"].error() == simdjson::SUCCESS) {
    CompareScale(set.name, "pairwise", PairwiseMomentsOf(answers), items, reference["pairwise"],
                 reference["max_abs_diff"]);
  }
}

INSTANTIATE_TEST_SUITE_P(Likert, ItemReferenceTest,
                         ::testing::ValuesIn<DataSet>({
                             {"airline_zero_as_value", kAirline, false, {}},
                             {"airline_zero_missing", kAirline, true, {}},
                             {"bank_all", kBank, false, {}},
                             {"bank_expe", kBank, false, {}},
                             {"bank_imag", kBank, false, {}},
                             {"bank_loy", kBank, false, {}},
                             {"bank_qual", kBank, false, {}},
                             {"bank_sat", kBank, false, {}},
                             {"bank_val", kBank, false, {}},
                             {"bfi_A", kBfi, false, {"A1"}},
                             {"bfi_C", kBfi, false, {"C4", "C5"}},
                             {"bfi_E", kBfi, false, {"E1", "E2"}},
                             {"bfi_N", kBfi, false, {}},
                             {"bfi_O", kBfi, false, {"O2", "O5"}},
                             {"bfi_all_unkeyed", kBfi, false, {}},
                             {"mobi_CUEX", kMobi, false, {}},
                             {"mobi_CUSA", kMobi, false, {}},
                             {"mobi_CUSL", kMobi, false, {}},
                             {"mobi_IMAG", kMobi, false, {}},
                             {"mobi_PERQ", kMobi, false, {}},
                             {"mobi_PERV", kMobi, false, {}},
                             {"mobi_all", kMobi, false, {}},
                         }),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace csat
