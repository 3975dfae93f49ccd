// The shares, means and NPS of ../shared/data/reference/scores against NumPy, SciPy and statsmodels, counted from the
// rows, where that folder is there.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "csat/measure/nps.h"
#include "csat/measure/proportion.h"
#include "measure/agreement.h"
#include "measure/answers.h"
#include "scoring/csv_rows.h"

namespace csat {
namespace {

using simdjson::dom::element;

// The cells of a column under their heading; in order.
std::vector<std::string> Column(const std::vector<std::vector<std::string>>& lines, const std::string& name) {
  const auto found = std::find(lines[0].begin(), lines[0].end(), name);
  EXPECT_NE(found, lines[0].end()) << name;
  std::vector<std::string> cells;
  for (std::size_t row = 1; row < lines.size(); ++row) {
    cells.push_back(lines[row][static_cast<std::size_t>(found - lines[0].begin())]);
  }
  return cells;
}

std::vector<std::int64_t> Numbers(const std::vector<std::string>& cells, bool zero_is_missing = false) {
  std::vector<std::int64_t> numbers;
  for (const std::string& cell : cells) {
    std::int64_t number = 0;
    const bool answered = absl::SimpleAtoi(cell, &number) && !(zero_is_missing && number == 0);
    numbers.push_back(answered ? number : kNoAnswer);
  }
  return numbers;
}

class ScoreReferenceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    SKIP_WITHOUT_REFERENCE();
    reference_ = parser_.load((ReferenceData() / "reference" / "scores" / "nps_csat_open.json").string());
  }
  static std::vector<std::vector<std::string>> File(const char* name) {
    return Lines(Bytes(ReferenceData() / name));
  }

  simdjson::dom::parser parser_;
  element reference_;
};

// What of an interval lies beyond -+100 is cut off here, and not in the reference.
void CompareCut(const Agreement& agreement, const std::string& statistic, const Interval& ours,
                element reference) {
  const element low = reference.at(0), high = reference.at(1);
  agreement.Near(statistic, ours.low, std::max(-100.0, low.get_double().value()));
  agreement.Near(statistic, ours.high, std::min(100.0, high.get_double().value()));
}

void CompareNpsFigures(const std::string& set, const NpsCounts& counts, element reference) {
  const Agreement agreement(set);
  agreement.Equal("NPS counts", counts.promoters, Number(reference, "promoters"));
  agreement.Equal("NPS counts", counts.passives, Number(reference, "passives"));
  agreement.Equal("NPS counts", counts.detractors, Number(reference, "detractors"));
  const double n = static_cast<double>(counts.promoters + counts.passives + counts.detractors);
  agreement.Near("NPS", Nps(counts), Number(reference, "nps"));
  agreement.Near("NPS standard error, n", NpsStandardError(counts), Number(reference, "se_multinomial"));
  agreement.Near("NPS variance, n", *NpsStandardError(counts) * *NpsStandardError(counts) / 1e4 * n,
                 Number(reference, "variance_multinomial"));
  agreement.Near("NPS standard error, n - 1", NpsStandardError(counts, Divisor::kSample),
                 Number(reference, "se_sample_nminus1"));
  const element wald = reference["ci_wald"], sample = reference["ci_wald_nminus1"], t = reference["ci_t"],
                adjusted = reference["adjusted_wald_3T"], score = reference["ci_score_tango"];
  CompareCut(agreement, "NPS Wald interval, n", *NpsWaldInterval(counts), wald);
  CompareCut(agreement, "NPS Wald interval, n - 1", *NpsWaldInterval(counts, 0.95, Divisor::kSample), sample);
  CompareCut(agreement, "NPS t interval", *NpsTInterval(counts), t);
  const AdjustedNps ours = *NpsAdjustedWald(counts);
  agreement.Near("NPS adjusted Wald, centre", ours.points, Number(adjusted, "nps"));
  agreement.Near("NPS adjusted Wald, standard error", ours.standard_error, Number(adjusted, "se"));
  const element adjusted_interval = adjusted["ci"];
  CompareCut(agreement, "NPS adjusted Wald interval", ours.interval, adjusted_interval);
  agreement.Near("NPS score interval", NpsScoreInterval(counts), score);
}

TEST_F(ScoreReferenceTest, NetPromoterScores) {
  const auto bank = File("likert/bank_satisfaction.csv"), mobi = File("likert/ecsi_mobi.csv");
  const std::vector<std::int64_t> answers = Numbers(Column(bank, "loy3"));
  const std::vector<std::string> genders = Column(bank, "gender");
  CompareNpsFigures("bank", *NpsCountsOf(FrequenciesOf(answers), 9, 6), reference_["nps_bank_loy3_0_10"]);
  const element by_gender = reference_["nps_bank_loy3_by_gender"];
  std::map<std::string, NpsCounts> groups;
  for (const char* gender : {"female", "male"}) {
    std::vector<std::int64_t> of_gender;
    for (std::size_t row = 0; row < answers.size(); ++row) {
      if (genders[row] == gender) of_gender.push_back(answers[row]);
    }
    groups[gender] = *NpsCountsOf(FrequenciesOf(of_gender), 9, 6);
    CompareNpsFigures("bank_by_gender", groups[gender], by_gender[gender]);
  }
  CompareNpsFigures("mobi", *NpsCountsOf(FrequenciesOf(Numbers(Column(mobi, "CUSL3"))), 9, 6),
                    reference_["nps_mobi_CUSL3_1_10"]);
  CompareNpsFigures("edges_promoters", {5, 0, 0}, reference_["nps_edge_all_promoters_n5"]);
  CompareNpsFigures("edges_passives", {0, 4, 0}, reference_["nps_edge_all_passive_n4"]);
  CompareNpsFigures("edges_two", {1, 0, 1}, reference_["nps_edge_n1_detractor"]);

  const Agreement agreement("bank_difference");
  const element difference = reference_["nps_bank_difference_female_minus_male"],
                interval = difference["ci95"];
  const NpsDifference ours = *CompareNps(groups["female"], groups["male"]);
  agreement.Near("NPS difference", ours.points, Number(difference, "diff"));
  agreement.Near("NPS difference, standard error", ours.standard_error, Number(difference, "se"));
  agreement.Near("NPS difference, interval", Measured<Interval>(ours.interval), interval);
  agreement.Near("NPS difference, z", ours.test.statistic, Number(difference, "z"));
  agreement.Near("NPS difference, p", ours.test.p, Number(difference, "p_two_sided"));
}

void CompareBox(const std::string& set, const Frequencies& frequencies, std::int64_t lowest,
                std::int64_t highest, int boxes, element reference) {
  const Agreement agreement(set);
  const Proportion satisfied = *TopBox(frequencies, highest, boxes);
  const Moments moments = *MomentsOf(frequencies);
  agreement.Equal("CSAT counts", satisfied.n, Number(reference, "n"));
  agreement.Equal("CSAT counts", satisfied.count, Number(reference, "satisfied"));
  agreement.Near("CSAT", Share(satisfied), Number(reference, "csat"));
  const element wilson = reference["ci_wilson95"], agresti = reference["ci_agresti_coull95"],
                clopper = reference["ci_clopper_pearson95"], wald = reference["ci_wald95"];
  const Agreement statsmodels(set, Tool::kStatsmodels);  // proportion_confint()
  statsmodels.Near("Wilson interval", WilsonInterval(satisfied), wilson);
  statsmodels.Near("Agresti-Coull interval", AgrestiCoullInterval(satisfied), agresti);
  statsmodels.Near("Clopper-Pearson interval", ClopperPearsonInterval(satisfied), clopper);
  statsmodels.Near("Wald interval", WaldInterval(satisfied), wald);
  agreement.Near("mean", Mean(moments), Number(reference, "mean"));
  agreement.Near("sd", StandardDeviation(moments), Number(reference, "sd"));
  agreement.Near("mean on 0..100",
                 (*Mean(moments) - static_cast<double>(lowest)) / static_cast<double>(highest - lowest) * 100,
                 Number(reference, "mean_0_100"));
}

TEST_F(ScoreReferenceTest, SatisfiedShares) {
  const Frequencies reviews = FrequenciesOf(
      Numbers(Column(File("workflow/olist/olist_order_reviews_dataset.csv.gz"), "review_score")));
  const Frequencies mobi = FrequenciesOf(Numbers(Column(File("likert/ecsi_mobi.csv"), "CUSA1")));
  CompareBox("olist", reviews, 1, 5, 2, reference_["csat_olist_review_top2_of_5"]);
  CompareBox("olist", reviews, 1, 5, 1, reference_["csat_olist_review_top1_of_5"]);
  CompareBox("mobi", mobi, 1, 10, 2, reference_["csat_mobi_CUSA1_top2_of_10"]);
  CompareBox("mobi", mobi, 1, 10, 3, reference_["csat_mobi_CUSA1_top3_of_10"]);
}

TEST_F(ScoreReferenceTest, Passengers) {
  const auto lines = File("likert/airline_passenger_satisfaction.csv.gz");
  const simdjson::dom::object items = reference_["csat_airline_items_zero_missing_top2_of_5"];
  for (const simdjson::dom::key_value_pair item : items) {
    const Frequencies frequencies = FrequenciesOf(Numbers(Column(lines, std::string(item.key)), true));
    CompareBox("airline", frequencies, 1, 5, 2, item.value);
  }

  const std::vector<std::string> satisfaction = Column(lines, "Satisfaction"),
                                 of_class = Column(lines, "Class"), travel = Column(lines, "Type of Travel"),
                                 customer = Column(lines, "Customer Type");
  Proportion all;
  std::map<std::string, Proportion> segments;
  for (std::size_t row = 0; row < satisfaction.size(); ++row) {
    Proportion& segment = segments[absl::StrCat(of_class[row], "/", travel[row], "/", customer[row])];
    for (Proportion* proportion : {&all, &segment}) {
      ++proportion->n;
      proportion->count += satisfaction[row] == "Satisfied";
    }
  }
  const auto compare = [](const Proportion& ours, element reference) {
    const Agreement agreement("airline");
    agreement.Equal("CSAT counts", ours.n, Number(reference, "n"));
    agreement.Equal("CSAT counts", ours.count, Number(reference, "satisfied"));
    agreement.Near("CSAT", Share(ours), Number(reference, "rate"));
    const element wilson = reference["wilson95"];
    agreement.Near("Wilson interval", WilsonInterval(ours), wilson);
  };
  compare(all, reference_["airline_satisfied_rate"]);
  const simdjson::dom::array by_segment = reference_["airline_satisfied_by_segment"];
  std::size_t count = 0;
  for (const element segment : by_segment) {
    const auto text = [segment](const char* key) {
      const element value = segment[key];
      return value.get_string().value();
    };
    compare(segments[absl::StrCat(absl::string_view(text("Class").data(), text("Class").size()), "/",
                                  absl::string_view(text("Travel").data(), text("Travel").size()), "/",
                                  absl::string_view(text("Customer").data(), text("Customer").size()))],
            segment);
    ++count;
  }
  EXPECT_EQ(count, segments.size());
}

TEST_F(ScoreReferenceTest, Hospitals) {
  const auto lines = File("aggregate/hcahps_utah_2013.csv.gz");
  const std::vector<std::string> measures = Column(lines, "HCAHPS.Measure.ID");
  const std::vector<std::int64_t> percents = Numbers(Column(lines, "HCAHPS.Answer.Percent"));
  const simdjson::dom::object means = reference_["hcahps_utah_unweighted_means"];
  for (const simdjson::dom::key_value_pair measure : means) {
    std::vector<std::int64_t> column;
    for (std::size_t row = 0; row < measures.size(); ++row) {
      if (measures[row] == measure.key) column.push_back(percents[row]);
    }
    const Agreement agreement("hcahps");
    const Moments moments = MomentsOfColumn(column);
    agreement.Equal("n", moments.n, Number(measure.value, "hospitals"));
    agreement.Equal("missing", static_cast<std::int64_t>(column.size()) - moments.n,
                    Number(measure.value, "missing"));
    agreement.Near("mean", Mean(moments), Number(measure.value, "mean_pct"));
    agreement.Near("sd", StandardDeviation(moments), Number(measure.value, "sd"));
  }
}

}  // namespace
}  // namespace csat
