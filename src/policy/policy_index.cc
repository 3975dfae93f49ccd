#include "policy/policy_index.h"

#include "policy/model_words.h"

namespace csat::policy {
namespace {

// Millionths between neighbouring values of one figure that is read as it stands; 0: any number.
std::int64_t GridOf(const v1::Metric& metric, const v1::Scale* scale) {
  if (scale != nullptr && scale->integer()) return Decimal::kOne;
  if (!metric.has_decimal_places() || metric.decimal_places() < 0 ||
      metric.decimal_places() > Decimal::kPlaces)
    return 0;
  std::int64_t grid = Decimal::kOne;
  for (int place = 0; place < metric.decimal_places(); ++place) grid /= 10;
  return grid;
}

// A ratio lies in [0, times], or [-times, times] where something is subtracted above the line, unless it may
// exceed the whole or come finished.
Region RatioRegion(const v1::Ratio& ratio, Region declared) {
  if (!ratio.field().empty()) return declared;
  bool subtracts = false;
  for (const v1::Ratio::Term& term : ratio.numerator())
    subtracts |= term.has_times() && term.times().micros() < 0;
  const std::int64_t times = ratio.has_times() ? ratio.times().micros() : Decimal::kOne;
  if (times <= 0) return declared;
  if (!subtracts) declared.low = std::max<Position>(declared.low, 0);
  if (ratio.may_exceed_whole()) return declared;
  if (subtracts) declared.low = std::max(declared.low, PositionOf(-times));
  declared.high = std::min(declared.high, PositionOf(times));
  return declared;
}

Region AggregateRegion(const v1::Aggregate& aggregate, const Region& event) {
  Region region = event;
  switch (aggregate.kind()) {
    case v1::Aggregate::MIN:
    case v1::Aggregate::MAX:
    case v1::Aggregate::QUANTILE: return region;
    case v1::Aggregate::SUM:
      // At least one event.
      if (region.low < 0) region.low = kLowest;
      if (region.high > 0) region.high = kHighest;
      return region;
    case v1::Aggregate::COUNT: return Region::Of(0, std::nullopt, Decimal::kOne);
    case v1::Aggregate::SHARE: return Region::Of(0, Decimal::kOne);
    default: region.grid = 0; return region;
  }
}

MetricFacts FactsOf(const v1::Metric& metric, const v1::Scale* scale) {
  MetricFacts facts;
  facts.metric = &metric;
  facts.scale = scale;
  facts.direction = DirectionOf(metric, scale);
  facts.text = metric.has_text();
  facts.words.insert(metric.text().values().begin(), metric.text().values().end());
  std::optional<std::int64_t> min, max;
  if (scale != nullptr) {
    min = scale->min().micros();
    max = scale->max().micros();
  }
  if (metric.has_min()) min = std::max(min.value_or(metric.min().micros()), metric.min().micros());
  if (metric.has_max()) max = std::min(max.value_or(metric.max().micros()), metric.max().micros());
  facts.event = Region::Of(min, max, GridOf(metric, scale));
  facts.figure = facts.event;
  if (metric.has_ratio()) {
    facts.figure.grid = 0;
    facts.figure = RatioRegion(metric.ratio(), facts.figure);
  } else if (metric.has_events()) {
    facts.figure = AggregateRegion(metric.events().aggregate(), facts.event);
  }
  return facts;
}

template <typename Map>
const typename Map::mapped_type* Find(const Map& map, std::string_view id) {
  const auto found = map.find(id);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

PolicyIndex::PolicyIndex(const v1::Policy& message) : message_(message) {
  for (const v1::Scale& scale : message.scales()) scales_.emplace(scale.id(), &scale);
  for (const v1::Metric& metric : message.metrics()) {
    metrics_.emplace(metric.id(), FactsOf(metric, FindScale(metric.scale())));
  }
  for (const v1::Scorecard& card : message.scorecards()) scorecards_.emplace(card.id(), &card);
  for (const v1::Target& target : message.targets()) targets_.emplace(target.id(), &target);
}

const MetricFacts* PolicyIndex::FindMetric(std::string_view id) const { return Find(metrics_, id); }

const v1::Scale* PolicyIndex::FindScale(std::string_view id) const {
  const v1::Scale* const* found = Find(scales_, id);
  return found == nullptr ? nullptr : *found;
}

const v1::Scorecard* PolicyIndex::FindScorecard(std::string_view id) const {
  const v1::Scorecard* const* found = Find(scorecards_, id);
  return found == nullptr ? nullptr : *found;
}

const v1::Target* PolicyIndex::FindTarget(std::string_view id) const {
  const v1::Target* const* found = Find(targets_, id);
  return found == nullptr ? nullptr : *found;
}

std::vector<std::string_view> PolicyIndex::MetricIds() const {
  std::vector<std::string_view> ids;
  for (const v1::Metric& metric : message_.metrics()) ids.push_back(metric.id());
  return ids;
}

std::vector<std::string_view> PolicyIndex::ScorecardIds() const {
  std::vector<std::string_view> ids;
  for (const v1::Scorecard& card : message_.scorecards()) ids.push_back(card.id());
  return ids;
}

}  // namespace csat::policy
