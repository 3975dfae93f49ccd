#include "policy/sampling_builder.h"

#include "policy/model_words.h"

namespace csat::policy {
namespace {

PeriodKind ToPeriod(v1::EveryPeriod::Period period) {
  switch (period) {
    case v1::EveryPeriod::WEEK: return PeriodKind::kWeek;
    case v1::EveryPeriod::MONTH: return PeriodKind::kMonth;
    case v1::EveryPeriod::QUARTER: return PeriodKind::kQuarter;
    case v1::EveryPeriod::HALF_YEAR: return PeriodKind::kHalfYear;
    default: return PeriodKind::kYear;
  }
}

SampleSizeRule BuildSize(const v1::SizeOfSample& form) {
  SampleSizeRule built;
  const auto take = [](bool has, const v1::Decimal& from, Decimal* to) {
    if (has) *to = ToModel(from);
  };
  take(form.has_z(), form.z(), &built.z);
  take(form.has_margin(), form.margin(), &built.margin);
  take(form.has_share(), form.share(), &built.share);
  take(form.has_design_effect(), form.design_effect(), &built.design_effect);
  take(form.has_response_rate(), form.response_rate(), &built.response_rate);
  return built;
}

StrataRule::Method ToMethod(v1::SharesOfStrata::Method method) {
  switch (method) {
    case v1::SharesOfStrata::EQUAL: return StrataRule::Method::kEqual;
    case v1::SharesOfStrata::OPTIMAL: return StrataRule::Method::kOptimal;
    default: return StrataRule::Method::kProportional;
  }
}

SamplingRule BuildRule(const v1::SamplingRule& rule) {
  SamplingRule built;
  built.id = rule.id();
  built.label = BuildLabel(rule.label());
  built.advised = rule.level() == v1::SamplingRule::SHOULD;
  switch (rule.form_case()) {
    case v1::SamplingRule::kEvery:
      built.form = EveryPeriodRule{ToPeriod(rule.every().period()),
                                   rule.every().has_least() ? rule.every().least() : 1};
      break;
    case v1::SamplingRule::kWithin:
      built.form =
          WithinMonthsRule{rule.within().months(), rule.within().has_least() ? rule.within().least() : 1};
      break;
    case v1::SamplingRule::kEach: built.form = EachEventRule{rule.each().event()}; break;
    case v1::SamplingRule::kRecent: built.form = RecentEventRule{rule.recent().months()}; break;
    case v1::SamplingRule::kSize: built.form = BuildSize(rule.size()); break;
    case v1::SamplingRule::kStrata: built.form = StrataRule{ToMethod(rule.strata().method())}; break;
    case v1::SamplingRule::kInvitation:
      built.form =
          InvitationRule{DecimalIf(rule.invitation().has_probability(), rule.invitation().probability())};
      break;
    case v1::SamplingRule::kList:
      built.form =
          SelectionListRule{{rule.list().classes().begin(), rule.list().classes().end()},
                            {rule.list().every_value_of().begin(), rule.list().every_value_of().end()}};
      break;
    case v1::SamplingRule::kProducts: built.form = ProductRangeRule{}; break;
    default: built.form = WaveRule{ToModel(rule.wave().most_unanswered())};
  }
  return built;
}

}  // namespace

SamplingPlan BuildSampling(const v1::Sampling& sampling) {
  SamplingPlan built;
  for (const v1::SamplingRule& rule : sampling.rules()) built.rules.push_back(BuildRule(rule));
  return built;
}

}  // namespace csat::policy
