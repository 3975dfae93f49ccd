#include "measure/measure_layout.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"
#include "csat/model/integers.h"
#include "measure/metric_columns.h"
#include "measure/row_conditions.h"

namespace csat {
namespace {

std::int64_t UnitOf(const AggregateItem& item) { return PowerOfTen(item.decimal_places); }

std::int64_t TicksOf(Decimal value, const AggregateItem& item) {
  return static_cast<std::int64_t>(absl::int128(value.micros()) * UnitOf(item) / Decimal::kOne);
}

bool SaysNothing(const Predicate& predicate) {
  return predicate.kind == Predicate::Kind::kAll && predicate.of.empty();
}

class LayingOut {
 public:
  LayingOut(const Policy& policy, MeasureLayout* out) : policy_(policy), out_(*out) {
    for (const Metric& metric : policy.metrics()) taken_.insert(metric.id);
  }

  absl::Status Run() {
    for (std::size_t i = 0; i < out_.measures.size(); ++i) {
      index_ = i;
      measure_ = out_.measures[i];
      slots_ = &out_.slots.emplace_back();
      if (absl::Status status = Visit(); !status.ok()) return status;
      if (!slots_->derived.empty() && measure_->where.has_value()) AddMetricsOf(*measure_->where, &read_);
    }
    if (read_.empty() && !has_derived_) return absl::OkStatus();
    for (const std::string_view id : read_) {
      const Metric* metric = nullptr;
      if (absl::Status status = FindMetric(id, &metric); !status.ok()) return status;
      if (std::find(out_.read.begin(), out_.read.end(), metric) == out_.read.end())
        out_.read.push_back(metric);
    }
    out_.guard = AddItem("guard", 0, 1);
    return absl::OkStatus();
  }

 private:
  absl::Status FindMetric(std::string_view id, const Metric** metric) {
    *metric = policy_.FindMetric(id);
    if (*metric != nullptr) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("measure '", measure_->id, "': there is no metric ", Quoted(id)));
  }

  // An item that is a column as it stands in the table.
  absl::Status AddDirect(const std::string& id, MeasureSlots::Term* out) {
    const Metric* metric = nullptr;
    if (absl::Status status = FindMetric(id, &metric); !status.ok()) return status;
    const AggregateItem item = ItemOf(*metric);
    out->unit = UnitOf(item);
    for (std::size_t i = 0; i < out_.spec.items.size(); ++i) {
      if (out_.spec.items[i].id == item.id) out->item = static_cast<int>(i);
    }
    if (out->item >= 0) return absl::OkStatus();
    out->item = static_cast<int>(out_.spec.items.size());
    out_.spec.items.push_back(item);
    return absl::OkStatus();
  }

  // An item of whole numbers from `low` to `high`.
  int AddItem(std::string id, std::int64_t low, std::int64_t high) {
    while (!taken_.insert(id).second) id.insert(0, "_");
    AggregateItem item;
    item.id = std::move(id);
    item.min = Decimal::FromInteger(low);
    item.max = Decimal::FromInteger(std::max(high, low + 1));
    item.missing_values = {Decimal::FromInteger(kNoValue)};
    out_.spec.items.push_back(std::move(item));
    return static_cast<int>(out_.spec.items.size()) - 1;
  }

  int AddDerived(DerivedColumn column, const char* part, std::int64_t low, std::int64_t high) {
    const int item = AddItem(absl::StrCat("m", index_, "_", part, slots_->derived.size()), low, high);
    column.item = out_.spec.items.back().id;
    slots_->derived.push_back(std::move(column));
    has_derived_ = true;
    return item;
  }

  int AddCounted() { return AddDerived({DerivedColumn::Kind::kCounted, "", nullptr, ""}, "counted", 0, 1); }

  int AddTruth(const Predicate& condition) {
    AddMetricsOf(condition, &read_);
    return AddDerived({DerivedColumn::Kind::kTruth, "", &condition, ""}, "truth", 0, 1);
  }

  absl::Status AddTicks(const std::string& id, MeasureSlots::Term* out) {
    const Metric* metric = nullptr;
    if (absl::Status status = FindMetric(id, &metric); !status.ok()) return status;
    const AggregateItem item = ItemOf(*metric);
    read_.push_back(metric->id);
    out->unit = UnitOf(item);
    out->item = AddDerived({DerivedColumn::Kind::kTicks, "", nullptr, id}, "ticks", TicksOf(item.min, item),
                           TicksOf(item.max, item));
    return absl::OkStatus();
  }

  absl::Status AddFigures(const std::string& metric) {
    return measure_->where.has_value() ? AddTicks(metric, &slots_->figures)
                                       : AddDirect(metric, &slots_->figures);
  }

  // Weight, weighted figures and their squares, of figures within [low, high].
  absl::Status AddWeighted(std::int64_t low, std::int64_t high) {
    const Metric* weight = nullptr;
    if (absl::Status status = FindMetric(measure_->weight, &weight); !status.ok()) return status;
    const AggregateItem item = ItemOf(*weight);
    const std::int64_t most = TicksOf(item.max, item);
    const std::int64_t square = std::max(low * low, high * high);
    read_.push_back(weight->id);
    slots_->weight = AddDerived({DerivedColumn::Kind::kWeight, "", nullptr, ""}, "weight", 0, most);
    slots_->weighted =
        AddDerived({DerivedColumn::Kind::kWeighted, "", nullptr, ""}, "weighted",
                   std::min<std::int64_t>(0, low * most), std::max<std::int64_t>(0, high * most));
    slots_->weighted_square =
        AddDerived({DerivedColumn::Kind::kWeightedSquare, "", nullptr, ""}, "square", 0, square * most);
    return absl::OkStatus();
  }

  absl::Status Visit() {
    return std::visit([this](const auto& form) { return Add(form); }, measure_->form);
  }

  absl::Status Add(const ShareMeasure& share) {
    if (!measure_->weight.empty()) {
      AddMetricsOf(share.of, &read_);
      return AddWeighted(0, 1);
    }
    if (share.of.kind == Predicate::Kind::kNumber && !measure_->where.has_value()) {
      MeasureSlots::Term levels;
      if (absl::Status status = AddDirect(share.of.metric, &levels); !status.ok()) return status;
      const AggregateItem& item = out_.spec.items[static_cast<std::size_t>(levels.item)];
      if (TicksOf(item.max, item) - TicksOf(item.min, item) < kMostLevels) {
        slots_->figures = levels;
        slots_->compares_levels = true;
        return absl::OkStatus();
      }
    }
    slots_->figures.item = AddTruth(share.of);
    return absl::OkStatus();
  }

  absl::Status Add(const MeanMeasure& mean) {
    if (measure_->weight.empty()) return AddFigures(mean.metric);
    const Metric* metric = nullptr;
    if (absl::Status status = FindMetric(mean.metric, &metric); !status.ok()) return status;
    const AggregateItem item = ItemOf(*metric);
    read_.push_back(metric->id);
    slots_->figures.unit = UnitOf(item);
    return AddWeighted(TicksOf(item.min, item), TicksOf(item.max, item));
  }

  absl::Status Add(const NpsMeasure& nps) {
    if (!measure_->weight.empty()) {
      read_.push_back(nps.metric);
      return AddWeighted(-1, 1);
    }
    if (measure_->base == Measure::Base::kRecords && measure_->where.has_value())
      slots_->counted = AddCounted();
    return AddFigures(nps.metric);
  }

  absl::Status Add(const RatioMeasure& ratio) {
    slots_->counted = AddCounted();
    for (const auto& [from, to] : {std::make_pair(&ratio.numerator, &slots_->numerator),
                                   std::make_pair(&ratio.denominator, &slots_->denominator)}) {
      for (const RatioMeasure::Term& term : *from) {
        MeasureSlots::Term made;
        if (term.metric.empty()) {
          made.item = AddTruth(term.condition);
        } else if (absl::Status status = AddTicks(term.metric, &made); !status.ok()) {
          return status;
        }
        to->push_back(made);
      }
    }
    return absl::OkStatus();
  }

  absl::Status Add(const SumMeasure& sum) { return AddFigures(sum.metric); }

  absl::Status Add(const CountMeasure& count) {
    if (!SaysNothing(count.of)) {
      slots_->figures.item = AddTruth(count.of);
    } else if (measure_->where.has_value()) {
      slots_->counted = AddCounted();
    }
    return absl::OkStatus();
  }

  absl::Status Add(const QuantileMeasure& quantile) { return AddFigures(quantile.metric); }
  absl::Status Add(const DeviationMeasure& deviation) { return AddFigures(deviation.metric); }
  absl::Status Add(const CapabilityMeasure& capability) { return AddFigures(capability.metric); }

  absl::Status Add(const SubgroupCapabilityMeasure& capability) {
    std::int64_t low = 0, high = 0;
    for (const std::string& id : capability.metrics) {
      const Metric* metric = nullptr;
      if (absl::Status status = FindMetric(id, &metric); !status.ok()) return status;
      const AggregateItem item = ItemOf(*metric);
      slots_->figures.unit = UnitOf(item);
      low = &id == &capability.metrics.front() ? TicksOf(item.min, item)
                                               : std::min(low, TicksOf(item.min, item));
      high = &id == &capability.metrics.front() ? TicksOf(item.max, item)
                                                : std::max(high, TicksOf(item.max, item));
      read_.push_back(metric->id);
    }
    const auto pieces = static_cast<std::int64_t>(capability.metrics.size());
    const bool pooled = capability.within == SubgroupCapabilityMeasure::Within::kPooled;
    const std::int64_t width = high - low;
    slots_->figures.item =
        AddDerived({DerivedColumn::Kind::kSubgroupSum, "", nullptr, ""}, "sum", pieces * low, pieces * high);
    slots_->spread = AddDerived({DerivedColumn::Kind::kSubgroupSpread, "", nullptr, ""}, "spread", 0,
                                pooled ? pieces * pieces * width * width / 4 : width);
    return absl::OkStatus();
  }

  absl::Status Add(const ProductMeasure&) { return AddParts(); }
  absl::Status Add(const DifferenceMeasure&) { return AddParts(); }

  absl::Status AddParts() {
    for (const std::string& id : PartsOf(*measure_)) {
      const auto end = out_.measures.begin() + static_cast<std::ptrdiff_t>(index_);
      const auto found =
          std::find_if(out_.measures.begin(), end, [&](const Measure* other) { return other->id == id; });
      if (found == end) {
        return absl::InvalidArgumentError(
            absl::StrCat("measure '", measure_->id, "': no measure ", Quoted(id), " stands before it"));
      }
      slots_->parts.push_back(static_cast<std::size_t>(found - out_.measures.begin()));
    }
    return absl::OkStatus();
  }

  const Policy& policy_;
  MeasureLayout& out_;
  std::set<std::string> taken_;
  std::vector<std::string_view> read_;
  bool has_derived_ = false;
  std::size_t index_ = 0;
  const Measure* measure_ = nullptr;
  MeasureSlots* slots_ = nullptr;
};

}  // namespace

absl::StatusOr<MeasureLayout> LayOutMeasures(const Policy& policy, std::vector<const Measure*> measures) {
  MeasureLayout layout;
  layout.measures = std::move(measures);
  layout.slots.reserve(layout.measures.size());
  if (absl::Status status = LayingOut(policy, &layout).Run(); !status.ok()) return status;
  return layout;
}

}  // namespace csat
