#include "policy/cleaning_builder.h"

#include <utility>

#include "policy/model_words.h"
#include "policy/predicate_builder.h"

namespace csat::policy {
namespace {

constexpr int kLeastAnswers = 5;

template <typename Texts>
std::vector<std::string> Words(const Texts& texts) {
  return {texts.begin(), texts.end()};
}

std::string Or(const std::string& name, const char* otherwise) { return name.empty() ? otherwise : name; }
int Or(int count, int otherwise) { return count == 0 ? otherwise : count; }

csat::Verdict ToVerdict(v1::CleaningRule::Action action) {
  switch (action) {
    case v1::CleaningRule::FLAG: return csat::Verdict::kFlagged;
    case v1::CleaningRule::QUARANTINE: return csat::Verdict::kQuarantined;
    case v1::CleaningRule::EXCLUDE: return csat::Verdict::kExcluded;
    default: return csat::Verdict::kKept;
  }
}

EvenOddRule BuildEvenOdd(const v1::EvenOdd& form) {
  EvenOddRule built;
  for (const v1::EvenOdd::Part& part : form.parts()) built.parts.push_back(Words(part.items()));
  built.reversed = Words(form.reversed());
  built.below = ToModel(form.below());
  return built;
}

SpeedRule BuildSpeed(const v1::Speed& form) {
  SpeedRule built;
  built.field = Or(form.field(), "duration_ms");
  if (form.has_below_ms()) built.below_ms = form.below_ms();
  built.instrument = form.instrument();
  built.by_instrument.insert(form.by_instrument().begin(), form.by_instrument().end());
  return built;
}

DuplicateRule BuildDuplicates(const v1::Duplicates& form) {
  using Keep = DuplicateRule::Keep;
  return {Words(form.keys()),
          form.keep() == v1::Duplicates::FIRST  ? Keep::kFirst
          : form.keep() == v1::Duplicates::NONE ? Keep::kNone
                                                : Keep::kLast,
          form.order()};
}

DefaultAnswerRule BuildDefaultAnswers(const v1::DefaultAnswers& form) {
  DefaultAnswerRule built;
  for (const auto& [item, answer] : form.defaults()) built.defaults.emplace(item, ToModel(answer));
  built.at_least = ToModel(form.at_least());
  built.least_answers = Or(form.least_answers(), kLeastAnswers);
  return built;
}

CleaningRule BuildRule(const v1::CleaningRule& rule) {
  CleaningRule built;
  built.id = rule.id();
  built.label = BuildLabel(rule.label());
  built.action = ToVerdict(rule.action());
  built.unknown = ToVerdict(rule.unknown());
  if (rule.has_applies()) built.applies = BuildPredicate(rule.applies());
  switch (rule.form_case()) {
    case v1::CleaningRule::kTestRecords:
      built.form = TestRecordRule{Or(rule.test_records().field(), "is_test")};
      break;
    case v1::CleaningRule::kOffScale: built.form = OutOfRangeRule{Words(rule.off_scale().items())}; break;
    case v1::CleaningRule::kStraightLine:
      built.form = StraightLineRule{Words(rule.straight_line().items()),
                                    Or(rule.straight_line().least_answers(), kLeastAnswers)};
      break;
    case v1::CleaningRule::kAllExtreme:
      built.form = AllExtremeRule{Words(rule.all_extreme().items()),
                                  Or(rule.all_extreme().least_answers(), kLeastAnswers)};
      break;
    case v1::CleaningRule::kLongString:
      built.form = LongStringRule{Words(rule.long_string().items()), rule.long_string().at_least()};
      break;
    case v1::CleaningRule::kVariability: {
      const v1::Variability& form = rule.variability();
      built.form = VariabilityRule{Words(form.items()), DecimalIf(form.has_below(), form.below()),
                                   DecimalIf(form.has_above(), form.above())};
      break;
    }
    case v1::CleaningRule::kEvenOdd: built.form = BuildEvenOdd(rule.even_odd()); break;
    case v1::CleaningRule::kMahalanobis:
      built.form =
          MahalanobisRule{Words(rule.mahalanobis().items()), ToModel(rule.mahalanobis().confidence())};
      break;
    case v1::CleaningRule::kSpeed: built.form = BuildSpeed(rule.speed()); break;
    case v1::CleaningRule::kDuplicates: built.form = BuildDuplicates(rule.duplicates()); break;
    case v1::CleaningRule::kStay:
      built.form =
          StayRule{Or(rule.stay().submitted(), "submitted_at"), rule.stay().from(), rule.stay().until()};
      break;
    case v1::CleaningRule::kDistance: {
      const v1::Distance& form = rule.distance();
      built.form = DistanceRule{form.latitude(),       form.longitude(),
                                form.store_latitude(), form.store_longitude(),
                                form.radius_field(),   DecimalIf(form.has_radius_m(), form.radius_m())};
      break;
    }
    case v1::CleaningRule::kDefaultAnswers: built.form = BuildDefaultAnswers(rule.default_answers()); break;
    default: built.form = ContradictionRule{BuildPredicate(rule.contradiction())};
  }
  return built;
}

}  // namespace

Cleaning BuildCleaning(const v1::Cleaning& cleaning) {
  Cleaning built;
  built.response_id = Or(cleaning.response_id(), "response_id");
  for (const v1::CleaningRule& rule : cleaning.rules()) built.rules.push_back(BuildRule(rule));
  for (const v1::CleaningFigure& figure : cleaning.figures()) {
    built.figures.push_back({figure.id(), BuildLabel(figure.label()), figure.metric(),
                             DecimalIf(figure.has_at_least(), figure.at_least()),
                             DecimalIf(figure.has_at_most(), figure.at_most())});
  }
  if (cleaning.has_review())
    built.review = ReviewPlan{ToModel(cleaning.review().share()), cleaning.review().seed()};
  built.settle_doubtful = cleaning.settle_doubtful();
  return built;
}

}  // namespace csat::policy
