#include "csat_c/survey.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "csat/survey/calibration.h"
#include "csat/survey/coverage.h"
#include "csat/survey/response_rate.h"
#include "csat/survey/wave.h"
#include "guard.h"

using csat::Decimal;
using csat::capi::CheckPointer;
using csat::capi::CheckStructSize;
using csat::capi::CheckText;
using csat::capi::First;
using csat::capi::FromC;
using csat::capi::Guard;

namespace {

// Sizes of the structs in release 0.1, below which no caller can be.
constexpr size_t kFirstDispositions = offsetof(csat_survey_dispositions, ineligible) + sizeof(int64_t);
constexpr size_t kFirstRates = offsetof(csat_survey_rates, contact) + sizeof(csat_survey_rate);
constexpr size_t kFirstWave = offsetof(csat_survey_wave, not_contacted) + sizeof(int64_t);
constexpr size_t kFirstMargins = offsetof(csat_survey_margins, count) + sizeof(size_t);
constexpr size_t kFirstRows = offsetof(csat_survey_rows, count) + sizeof(size_t);
constexpr size_t kFirstRules = offsetof(csat_survey_calibration_rules, reserved) + sizeof(int32_t);
constexpr size_t kFirstCalibration = offsetof(csat_survey_calibration, reserved) + sizeof(int32_t);
constexpr int32_t kMostMonths = 1200;

// Reads the members that the caller's struct has; the others keep what they are.
template <typename Struct>
absl::Status Read(const Struct* from, size_t least, const char* name, Struct* to) {
  absl::Status wrong = CheckPointer(from, name);
  if (wrong.ok()) wrong = CheckStructSize(from->struct_size, least, name);
  if (wrong.ok()) std::memcpy(to, from, std::min(from->struct_size, sizeof(Struct)));
  return wrong;
}

absl::Status CheckCount(size_t count, const char* name) {
  if (count <= CSAT_MAX_SIZE) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(name, " ", count, " lies above CSAT_MAX_SIZE, ", CSAT_MAX_SIZE));
}

csat_survey_rate ToC(const std::optional<csat::Ratio>& rate) {
  if (!rate.has_value()) return {0, 0};
  return {static_cast<int64_t>(rate->numerator()), static_cast<int64_t>(rate->denominator())};
}

absl::StatusOr<std::vector<csat::PopulationMargin>> ReadMargins(const csat_survey_margins* given) {
  csat_survey_margins read = CSAT_SURVEY_MARGINS_INIT;
  absl::Status wrong = Read(given, kFirstMargins, "margins", &read);
  if (wrong.ok()) wrong = CheckCount(read.count, "margins: count");
  if (wrong.ok() && read.count > 0) {
    wrong = First(CheckPointer(read.names, "margins: names"),
                  CheckPointer(read.category_counts, "margins: category_counts"),
                  CheckPointer(read.categories, "margins: categories"),
                  CheckPointer(read.targets_micros, "margins: targets_micros"));
  }
  if (!wrong.ok()) return wrong;
  std::vector<csat::PopulationMargin> margins;
  size_t at = 0;
  for (size_t i = 0; i < read.count; ++i) {
    csat::PopulationMargin& margin = margins.emplace_back();
    wrong = First(CheckText(read.names[i].data, read.names[i].size, "margin"),
                  CheckCount(read.category_counts[i], "margins: category_counts"));
    if (!wrong.ok()) return wrong;
    margin.name = std::string(FromC(read.names[i].data, read.names[i].size));
    for (size_t j = 0; j < read.category_counts[i]; ++j, ++at) {
      const csat_string_view& name = read.categories[at];
      wrong = CheckText(name.data, name.size, "category");
      if (!wrong.ok()) return wrong;
      margin.categories.push_back(
          {std::string(FromC(name.data, name.size)), Decimal::FromMicros(read.targets_micros[at])});
    }
  }
  return margins;
}

absl::StatusOr<std::vector<csat::SampledRow>> ReadRows(const csat_survey_rows* given, size_t margins) {
  csat_survey_rows read = CSAT_SURVEY_ROWS_INIT;
  absl::Status wrong = Read(given, kFirstRows, "rows", &read);
  if (wrong.ok()) wrong = CheckCount(read.count, "rows: count");
  if (wrong.ok() && read.count > 0) wrong = CheckPointer(read.ids, "rows: ids");
  if (wrong.ok() && read.count > 0 && margins > 0) wrong = CheckPointer(read.categories, "rows: categories");
  if (!wrong.ok()) return wrong;
  std::vector<csat::SampledRow> rows;
  for (size_t i = 0; i < read.count; ++i) {
    csat::SampledRow& row = rows.emplace_back();
    wrong = CheckText(read.ids[i].data, read.ids[i].size, "id");
    if (!wrong.ok()) return wrong;
    row.id = std::string(FromC(read.ids[i].data, read.ids[i].size));
    if (margins > 0)
      row.categories.assign(read.categories + i * margins, read.categories + (i + 1) * margins);
    if (read.base_micros != nullptr) row.base = Decimal::FromMicros(read.base_micros[i]);
  }
  return rows;
}

absl::StatusOr<csat::CalibrationRules> ReadRules(const csat_survey_calibration_rules* given) {
  csat_survey_calibration_rules read = CSAT_SURVEY_CALIBRATION_RULES_INIT;
  if (given != nullptr) {
    const absl::Status wrong = Read(given, kFirstRules, "rules", &read);
    if (!wrong.ok()) return wrong;
  }
  csat::CalibrationRules rules;
  if (read.total_micros != 0) rules.total = Decimal::FromMicros(read.total_micros);
  if (read.least_micros != -1) rules.least = Decimal::FromMicros(read.least_micros);
  if (read.greatest_micros != -1) rules.greatest = Decimal::FromMicros(read.greatest_micros);
  rules.tolerance = read.tolerance;
  rules.most_cycles = read.most_cycles;
  return rules;
}

}  // namespace

csat_status csat_survey_response_rates(const csat_survey_dispositions* dispositions, csat_survey_rates* out,
                                       csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    csat_survey_dispositions read = CSAT_SURVEY_DISPOSITIONS_INIT;
    absl::Status wrong = Read(dispositions, kFirstDispositions, "dispositions", &read);
    if (wrong.ok()) wrong = CheckPointer(out, "out");
    if (wrong.ok()) wrong = CheckStructSize(out->struct_size, kFirstRates, "csat_survey_rates");
    if (!wrong.ok()) return wrong;
    const absl::StatusOr<csat::ResponseRates> rates =
        csat::RatesOf({read.complete, read.partial, read.refused, read.not_reached, read.other, read.unknown,
                       read.ineligible});
    if (!rates.ok()) return rates.status();
    const csat_survey_rates result = {sizeof(result),     ToC(rates->least),       ToC(rates->with_partial),
                                      ToC(rates->most),   ToC(rates->cooperation), ToC(rates->refusal),
                                      ToC(rates->contact)};
    csat::capi::CopyOut(result, out);
    return absl::OkStatus();
  });
}

csat_status csat_survey_wave_state(const csat_survey_wave* wave, int64_t percent_micros, int32_t closed,
                                   int32_t* out, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    csat_survey_wave read = CSAT_SURVEY_WAVE_INIT;
    absl::Status wrong = Read(wave, kFirstWave, "wave", &read);
    if (wrong.ok()) wrong = CheckPointer(out, "out");
    if (!wrong.ok()) return wrong;
    if (closed != 0 && closed != 1) {
      return absl::InvalidArgumentError(absl::StrCat("closed ", closed, " is neither 0 nor 1"));
    }
    const absl::StatusOr<csat::WaveState> state =
        csat::StateOfWave({read.planned, read.answered, read.unanswered_by_customer, read.not_contacted},
                          Decimal::FromMicros(percent_micros), closed == 1);
    if (!state.ok()) return state.status();
    *out = *state == csat::WaveState::kValid                ? CSAT_WAVE_VALID
           : *state == csat::WaveState::kSupplementRequired ? CSAT_WAVE_SUPPLEMENT_REQUIRED
                                                            : CSAT_WAVE_INVALID;
    return absl::OkStatus();
  });
}

csat_status csat_survey_count_within_months(int64_t start, int32_t months, const int64_t* days, size_t count,
                                            int64_t* out, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong = First(CheckPointer(out, "out"), CheckCount(count, "count"));
    if (wrong.ok() && count > 0) wrong = CheckPointer(days, "days");
    if (!wrong.ok()) return wrong;
    if (months < 0 || months > kMostMonths) {
      return absl::InvalidArgumentError(
          absl::StrCat("months ", months, " lies outside [0, ", kMostMonths, "]"));
    }
    const auto day = [](int64_t number) -> absl::StatusOr<csat::CalendarDate> {
      const std::optional<csat::CalendarDate> date = csat::CalendarDate::FromDayNumber(number);
      if (date.has_value()) return *date;
      return absl::InvalidArgumentError(absl::StrCat("day ", number, " lies outside the years 1 to 9999"));
    };
    const absl::StatusOr<csat::CalendarDate> first = day(start);
    if (!first.ok()) return first.status();
    std::vector<csat::CalendarDate> dates;
    for (size_t i = 0; i < count; ++i) {
      const absl::StatusOr<csat::CalendarDate> date = day(days[i]);
      if (!date.ok()) return date.status();
      dates.push_back(*date);
    }
    *out = csat::CountWithinMonths(*first, months, dates);
    return absl::OkStatus();
  });
}

csat_status csat_survey_calibrate(const csat_survey_margins* margins, const csat_survey_rows* rows,
                                  const csat_survey_calibration_rules* rules, int64_t* out_weights_micros,
                                  int64_t* out_achieved_micros, csat_survey_calibration* out,
                                  csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong = CheckPointer(out_weights_micros, "out_weights_micros");
    if (wrong.ok() && out != nullptr) {
      wrong = CheckStructSize(out->struct_size, kFirstCalibration, "csat_survey_calibration");
    }
    if (!wrong.ok()) return wrong;
    const absl::StatusOr<std::vector<csat::PopulationMargin>> known = ReadMargins(margins);
    if (!known.ok()) return known.status();
    const absl::StatusOr<std::vector<csat::SampledRow>> sampled = ReadRows(rows, known->size());
    if (!sampled.ok()) return sampled.status();
    const absl::StatusOr<csat::CalibrationRules> asked = ReadRules(rules);
    if (!asked.ok()) return asked.status();
    const absl::StatusOr<csat::CalibratedWeights> made = csat::Calibrate(*known, *sampled, *asked);
    if (!made.ok()) return made.status();
    for (const Decimal weight : made->weights) *out_weights_micros++ = weight.micros();
    if (out_achieved_micros != nullptr) {
      for (const std::vector<Decimal>& margin : made->achieved) {
        for (const Decimal sum : margin) *out_achieved_micros++ = sum.micros();
      }
    }
    if (out != nullptr) {
      const csat_survey_calibration result = {
          sizeof(result), made->largest_deviation, made->design_effect, made->trimmed, made->cycles, 0};
      csat::capi::CopyOut(result, out);
    }
    return absl::OkStatus();
  });
}
