#include "policy/measure_builder.h"

#include <algorithm>
#include <utility>

#include "policy/model_words.h"
#include "policy/predicate_builder.h"

namespace csat::policy {
namespace {

Direction ToModel(v1::Measure::Direction direction) {
  return direction == v1::Measure::HIGHER_IS_BETTER  ? Direction::kHigherIsBetter
         : direction == v1::Measure::LOWER_IS_BETTER ? Direction::kLowerIsBetter
                                                     : Direction::kNeutral;
}

RatioMeasure BuildRatio(const v1::RatioOfSums& ratio) {
  RatioMeasure built;
  const auto build_terms = [](const auto& terms, std::vector<RatioMeasure::Term>* out) {
    for (const v1::RatioOfSums::Term& term : terms) {
      RatioMeasure::Term made;
      made.metric = term.metric();
      if (term.has_count()) made.condition = BuildPredicate(term.count());
      if (term.has_times()) made.times = policy::ToModel(term.times());
      out->push_back(std::move(made));
    }
  };
  build_terms(ratio.numerator(), &built.numerator);
  build_terms(ratio.denominator(), &built.denominator);
  if (ratio.has_times()) built.times = policy::ToModel(ratio.times());
  built.may_exceed_whole = ratio.may_exceed_whole();
  return built;
}

NpsMeasure BuildNps(const v1::NetPromoterScore& nps) {
  NpsMeasure built;
  built.metric = nps.metric();
  if (nps.has_promoters_from()) built.promoters_from = nps.promoters_from();
  if (nps.has_detractors_through()) built.detractors_through = nps.detractors_through();
  return built;
}

}  // namespace

Measure BuildMeasure(const v1::Measure& measure) {
  Measure built;
  built.id = measure.id();
  built.label = BuildLabel(measure.label());
  built.unit = measure.unit();
  built.direction = ToModel(measure.direction());
  if (measure.has_where()) built.where = BuildPredicate(measure.where());
  built.base = measure.base() == v1::Measure::RECORDS ? Measure::Base::kRecords : Measure::Base::kAnswered;
  built.weight = measure.weight();
  built.min_answers = std::max(1, measure.min_answers());
  built.target = DecimalIf(measure.has_target(), measure.target());
  switch (measure.form_case()) {
    case v1::Measure::kMean: built.form = MeanMeasure{measure.mean().metric()}; break;
    case v1::Measure::kNps: built.form = BuildNps(measure.nps()); break;
    case v1::Measure::kRatio: built.form = BuildRatio(measure.ratio()); break;
    case v1::Measure::kSum: built.form = SumMeasure{measure.sum().metric()}; break;
    case v1::Measure::kCount: {
      CountMeasure count;
      if (measure.count().has_of()) count.of = BuildPredicate(measure.count().of());
      built.form = std::move(count);
      break;
    }
    case v1::Measure::kQuantile:
      built.form = QuantileMeasure{measure.quantile().metric(), policy::ToModel(measure.quantile().at())};
      break;
    case v1::Measure::kDeviation:
      built.form = DeviationMeasure{measure.deviation().metric(), measure.deviation().population()};
      break;
    case v1::Measure::kCapability: {
      const v1::CapabilityOf& capability = measure.capability();
      built.form =
          CapabilityMeasure{capability.metric(), DecimalIf(capability.has_lower(), capability.lower()),
                            DecimalIf(capability.has_upper(), capability.upper())};
      break;
    }
    case v1::Measure::kSubgroupCapability: {
      using Within = SubgroupCapabilityMeasure::Within;
      const v1::SubgroupCapabilityOf& capability = measure.subgroup_capability();
      const bool pooled = capability.within() == v1::SubgroupCapabilityOf::POOLED;
      built.form = SubgroupCapabilityMeasure{{capability.metrics().begin(), capability.metrics().end()},
                                             pooled ? Within::kPooled : Within::kRanges,
                                             DecimalIf(capability.has_lower(), capability.lower()),
                                             DecimalIf(capability.has_upper(), capability.upper())};
      break;
    }
    case v1::Measure::kProduct: {
      const auto& measures = measure.product().measures();
      built.form = ProductMeasure{{measures.begin(), measures.end()}};
      break;
    }
    case v1::Measure::kDifference: {
      const v1::DifferenceOf& difference = measure.difference();
      built.form = DifferenceMeasure{difference.measure(), difference.minus(),
                                     policy::ToModel(difference.minus_value()), difference.independent(),
                                     difference.relative()};
      break;
    }
    default: built.form = ShareMeasure{BuildPredicate(measure.share().of())};
  }
  return built;
}

}  // namespace csat::policy
