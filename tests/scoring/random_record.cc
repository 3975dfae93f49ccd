// The records of random_policy.h. Tested by tests/scoring/property_test.cc.
#include <algorithm>
#include <cmath>
#include <limits>

#include "scoring/random_policy.h"

namespace csat {
namespace {

// A figure of the range, most often one that is worth trying or a step beside it.
Decimal AnyFigure(const RandomMetric& metric, Decimal low, Decimal high, Random* random) {
  Decimal figure;
  if (!metric.edges.empty() && random->Chance(45)) {
    figure = random->Pick(metric.edges);
    if (random->Chance(40)) figure = figure + Decimal::FromMicros(random->Pick({-1000000, -1, 1, 1000000}));
  } else if (random->Chance(15)) {
    figure = random->Chance(50) ? low : high;
  } else {
    const std::int64_t grain = random->Pick({1000000, 500000, 1000, 1});
    figure = Decimal::FromMicros(random->Between(low.micros() / grain, high.micros() / grain) * grain);
  }
  if (metric.whole) figure = Decimal::FromInteger(figure.micros() / Decimal::kOne);
  return std::min(std::max(figure, low), high);
}

// The figure in one of the forms in which a host may hand it over.
FieldValue AnyForm(Decimal figure, Random* random) {
  if (figure.micros() % Decimal::kOne == 0 && random->Chance(50)) return figure.micros() / Decimal::kOne;
  if (random->Chance(30)) return figure;
  return figure.ToDouble();
}

std::vector<double> AnyEvents(const RandomMetric& metric, Random* random) {
  std::vector<double> events;
  for (int i = 0, count = random->Below(random->Chance(10) ? 40 : 6); i < count; ++i) {
    const bool none = !metric.missing_values.empty() && random->Chance(15);
    events.push_back(
        (none ? metric.missing_values.front() : AnyFigure(metric, metric.low, metric.high, random))
            .ToDouble());
  }
  return events;
}

}  // namespace

FieldValues RandomPolicy::NewRecord(Random* random) const {
  FieldValues record;
  const int missing = random->Pick({0, 0, 5, 30});
  for (const RandomMetric& metric : metrics_) {
    for (const std::string& field : metric.last_fields) {
      if (random->Chance(70))
        record[field] = AnyForm(AnyFigure(metric, metric.figure_low, metric.figure_high, random), random);
    }
    if (metric.form == RandomMetric::Form::kRatio) {
      std::int64_t most = random->Pick({0, 1, 3, 10, 200, 100000}), left = most;
      for (const std::string& field : metric.denominator) {
        if (record.count(field) != 0) most = left = std::get<std::int64_t>(record[field]);
        record[field] = most;
      }
      for (const std::string& field : metric.numerator) {
        const std::int64_t count = random->Between(0, metric.may_exceed ? 2 * most : left);
        left -= std::min(left, count);
        record[field] = count;
      }
      for (const std::string& field : metric.numerator) {
        if (random->Chance(missing)) record.erase(field);
      }
      if (metric.field.empty() || random->Chance(60)) continue;
    }
    if (random->Chance(missing)) continue;
    if (!metric.missing_values.empty() && metric.form != RandomMetric::Form::kEvents && random->Chance(15)) {
      record[metric.field] = AnyForm(metric.missing_values.front(), random);
    } else if (metric.form == RandomMetric::Form::kEvents) {
      record[metric.field] = AnyEvents(metric, random);
    } else if (!metric.words.empty() && (metric.form == RandomMetric::Form::kWord || random->Chance(30))) {
      record[metric.field] = random->Pick(metric.words);
    } else {
      record[metric.field] = AnyForm(AnyFigure(metric, metric.low, metric.high, random), random);
    }
  }
  for (const std::string& field : age_fields_) {
    if (random->Chance(80))
      record[field] = AnyForm(
          Decimal::FromMicros(random->Pick({0, 29, 30, 31, 400}) * Decimal::kOne + random->Pick({0, 0, 1})),
          random);
  }
  return record;
}

void RandomPolicy::Spoil(Random* random, FieldValues* record) const {
  const RandomMetric& metric = random->Pick(metrics_);
  std::vector<std::string> fields = metric.numerator;
  fields.insert(fields.end(), metric.denominator.begin(), metric.denominator.end());
  if (!metric.field.empty()) fields.push_back(metric.field);
  const std::string& field = random->Pick(fields);
  const bool finished = field == metric.field;
  const double nan = std::numeric_limits<double>::quiet_NaN(),
               infinity = std::numeric_limits<double>::infinity();
  const double worst = random->Pick({nan, infinity, -infinity, 1e300, -1e300, 1e19});
  FieldValue& value = (*record)[field];
  switch (random->Below(4)) {
    case 0: value = std::string("no such word"); break;
    case 1:
      if (metric.form == RandomMetric::Form::kEvents) {
        value = std::vector<double>{1.0, worst};
      } else {
        value = worst;
      }
      break;
    case 2:
      if (metric.form == RandomMetric::Form::kEvents) {
        value = std::vector<double>{(metric.high + Decimal::FromMicros(1000000)).ToDouble()};
      } else {
        value = finished ? metric.high + Decimal::FromMicros(1) : Decimal::FromMicros(-1);
      }
      break;
    default: value = finished ? metric.low - Decimal::FromMicros(1) : Decimal::FromInteger(1000000);
  }
}

bool RandomPolicy::Improve(Random* random, FieldValues* record) const {
  std::vector<const RandomMetric*> able;
  for (const RandomMetric& metric : metrics_) {
    const auto found = record->find(metric.field);
    if (metric.form != RandomMetric::Form::kNumber || !metric.only_scored ||
        metric.direction == Direction::kNeutral)
      continue;
    if (found == record->end() || !std::holds_alternative<Decimal>(found->second) ||
        !metric.missing_values.empty())
      continue;
    able.push_back(&metric);
  }
  if (able.empty()) return false;
  const RandomMetric& metric = *random->Pick(able);
  const Decimal now = std::get<Decimal>((*record)[metric.field]);
  const bool rises = metric.direction == Direction::kHigherIsBetter;
  (*record)[metric.field] = AnyFigure(metric, rises ? now : metric.low, rises ? metric.high : now, random);
  return true;
}

}  // namespace csat
