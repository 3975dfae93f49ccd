// Tested by tests/survey/cleaning_test.cc.
#include <algorithm>
#include <map>
#include <utility>

#include "csat/survey/cleaning.h"

namespace csat {
namespace {

class FieldCollector {
 public:
  explicit FieldCollector(const std::vector<Metric>& metrics) : metrics_(metrics) {}

  using Type = CleaningField::Type;

  // Of several readings of a column the widest holds.
  void Field(const std::string& name, Type type = Type::kAny) {
    if (name.empty()) return;
    const auto [found, is_new] = index_.emplace(name, fields_.size());
    if (is_new) fields_.push_back({name, type});
    fields_[found->second].type = std::max(fields_[found->second].type, type);
  }
  void OfMetric(const std::string& id) {
    for (const Metric& metric : metrics_) {
      if (metric.id != id) continue;
      if (const auto* number = std::get_if<NumberForm>(&metric.form)) Field(number->field, Type::kNumber);
      if (const auto* text = std::get_if<TextForm>(&metric.form)) Field(text->field, Type::kText);
    }
  }
  void OfMetrics(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) OfMetric(id);
  }
  void OfPredicate(const Predicate& predicate) {
    OfMetric(predicate.metric);
    for (const Predicate& part : predicate.of) OfPredicate(part);
  }

  void Add(const ContradictionRule& rule) { OfPredicate(rule.when); }
  void Add(const TestRecordRule& rule) { Field(rule.field); }
  void Add(const OutOfRangeRule& rule) { OfMetrics(rule.items); }
  void Add(const StraightLineRule& rule) { OfMetrics(rule.items); }
  void Add(const AllExtremeRule& rule) { OfMetrics(rule.items); }
  void Add(const LongStringRule& rule) { OfMetrics(rule.items); }
  void Add(const VariabilityRule& rule) { OfMetrics(rule.items); }
  void Add(const MahalanobisRule& rule) { OfMetrics(rule.items); }
  void Add(const EvenOddRule& rule) {
    for (const std::vector<std::string>& part : rule.parts) OfMetrics(part);
  }
  void Add(const SpeedRule& rule) {
    Field(rule.field);
    if (!rule.by_instrument.empty()) Field(rule.instrument, Type::kText);
  }
  void Add(const DuplicateRule& rule) {
    for (const std::string& key : rule.keys) Field(key, Type::kText);
    Field(rule.order);
  }
  void Add(const StayRule& rule) {
    for (const std::string* name : {&rule.submitted, &rule.from, &rule.until}) Field(*name);
  }
  void Add(const DistanceRule& rule) {
    for (const std::string* name :
         {&rule.latitude, &rule.longitude, &rule.store_latitude, &rule.store_longitude, &rule.radius_field})
      Field(*name);
  }
  void Add(const DefaultAnswerRule& rule) {
    for (const auto& [item, answer] : rule.defaults) OfMetric(item);
  }

  std::vector<CleaningField> Take() { return std::move(fields_); }

 private:
  const std::vector<Metric>& metrics_;
  std::map<std::string, std::size_t> index_;
  std::vector<CleaningField> fields_;
};

}  // namespace

std::vector<CleaningField> CleaningFields(const Cleaning& cleaning, const std::vector<Metric>& metrics) {
  FieldCollector collector(metrics);
  collector.Field(cleaning.response_id, CleaningField::Type::kText);
  for (const CleaningRule& rule : cleaning.rules) {
    std::visit([&](const auto& form) { collector.Add(form); }, rule.form);
    if (rule.applies.has_value()) collector.OfPredicate(*rule.applies);
  }
  for (const CleaningFigure& figure : cleaning.figures) collector.OfMetric(figure.metric);
  return collector.Take();
}

}  // namespace csat
