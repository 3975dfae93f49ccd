// Waves and weights: response rates, validity, months, calibration.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>
#include <vector>

#include "handles.h"

namespace libcsat {
namespace {

nb::object Pair(const csat_survey_rate& rate) {
  if (rate.denominator == 0) return nb::none();
  return nb::make_tuple(rate.numerator, rate.denominator);
}

// Numerators and denominators in the order of csat_survey_rates.
nb::tuple ResponseRates(int64_t complete, int64_t partial, int64_t refused, int64_t not_reached,
                        int64_t other, int64_t unknown, int64_t ineligible) {
  const csat_survey_dispositions given = {sizeof(given), complete, partial, refused,
                                          not_reached,   other,    unknown, ineligible};
  csat_survey_rates rates = CSAT_SURVEY_RATES_INIT;
  csat_error* failure = nullptr;
  const csat_status status = csat_survey_response_rates(&given, &rates, &failure);
  Check(status, failure, "SpecError");
  return nb::make_tuple(Pair(rates.least), Pair(rates.with_partial), Pair(rates.most),
                        Pair(rates.cooperation), Pair(rates.refusal), Pair(rates.contact));
}

int WaveState(int64_t planned, int64_t answered, int64_t unanswered_by_customer, int64_t not_contacted,
              int64_t percent, bool closed) {
  const csat_survey_wave wave = {sizeof(wave), planned, answered, unanswered_by_customer, not_contacted};
  int32_t state = 0;
  csat_error* failure = nullptr;
  const csat_status status = csat_survey_wave_state(&wave, percent, closed ? 1 : 0, &state, &failure);
  Check(status, failure, "SpecError");
  return state;
}

int64_t CountWithinMonths(int64_t start, int months, const std::vector<int64_t>& days) {
  int64_t count = 0;
  csat_error* failure = nullptr;
  const csat_status status =
      csat_survey_count_within_months(start, months, days.data(), days.size(), &count, &failure);
  Check(status, failure, "SpecError");
  return count;
}

// Weights, sums by category, largest deviation, design effect, rows at a limit, cycles.
nb::tuple Calibrate(const std::vector<std::string>& names,
                    const std::vector<std::vector<std::string>>& categories,
                    const std::vector<int64_t>& targets, const std::vector<std::string>& ids,
                    const std::vector<int32_t>& of_rows, const std::optional<std::vector<int64_t>>& base,
                    std::optional<int64_t> total, std::optional<int64_t> least,
                    std::optional<int64_t> greatest, double tolerance, int most_cycles) {
  std::vector<csat_string_view> name_views, category_views, id_views;
  std::vector<size_t> counts;
  for (const std::string& name : names) name_views.push_back(View(name));
  for (const std::vector<std::string>& margin : categories) {
    counts.push_back(margin.size());
    for (const std::string& category : margin) category_views.push_back(View(category));
  }
  for (const std::string& id : ids) id_views.push_back(View(id));
  if (counts.size() != names.size() || targets.size() != category_views.size() ||
      of_rows.size() != ids.size() * names.size() || (base.has_value() && base->size() != ids.size())) {
    Raise(CSAT_INVALID_ARGUMENT, "margins and rows: lists of other lengths", "SpecError");
  }
  csat_survey_margins margins = CSAT_SURVEY_MARGINS_INIT;
  margins.names = name_views.data();
  margins.category_counts = counts.data();
  margins.categories = category_views.data();
  margins.targets_micros = targets.data();
  margins.count = names.size();
  csat_survey_rows rows = CSAT_SURVEY_ROWS_INIT;
  rows.ids = id_views.data();
  rows.categories = of_rows.data();
  rows.base_micros = base.has_value() ? base->data() : nullptr;
  rows.count = ids.size();
  csat_survey_calibration_rules rules = CSAT_SURVEY_CALIBRATION_RULES_INIT;
  rules.total_micros = total.value_or(0);
  rules.least_micros = least.value_or(-1);
  rules.greatest_micros = greatest.value_or(-1);
  rules.tolerance = tolerance;
  rules.most_cycles = most_cycles;
  // One more than is needed: an empty vector has no data.
  std::vector<int64_t> weights(ids.size() + 1), achieved(targets.size() + 1);
  csat_survey_calibration made = CSAT_SURVEY_CALIBRATION_INIT;
  csat_error* failure = nullptr;
  csat_status status;
  {
    nb::gil_scoped_release release;
    status = csat_survey_calibrate(&margins, &rows, &rules, weights.data(), achieved.data(), &made, &failure);
  }
  Check(status, failure, "SpecError");
  weights.pop_back();
  achieved.pop_back();
  return nb::make_tuple(weights, achieved, made.largest_deviation, made.design_effect, made.trimmed,
                        made.cycles);
}

}  // namespace

void BindSurvey(nb::module_& module) {
  module.def("survey_response_rates", ResponseRates);
  module.def("survey_wave_state", WaveState);
  module.def("survey_count_within_months", CountWithinMonths);
  module.def("survey_calibrate", Calibrate, nb::arg("names"), nb::arg("categories"), nb::arg("targets"),
             nb::arg("ids"), nb::arg("of_rows"), nb::arg("base").none(), nb::kw_only(),
             nb::arg("total").none(), nb::arg("least").none(), nb::arg("greatest").none(),
             nb::arg("tolerance"), nb::arg("most_cycles"));
}

}  // namespace libcsat
