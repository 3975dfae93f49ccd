#include "measure/derived_columns.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "arrow/row_ranges.h"
#include "measure/row_conditions.h"

namespace csat {
namespace {

constexpr std::uint8_t kUnknown = static_cast<std::uint8_t>(Truth::kUnknown);
constexpr std::uint8_t kTrue = static_cast<std::uint8_t>(Truth::kTrue);

// The derived columns of one measure, bound to a table.
class BoundMeasure {
 public:
  static absl::StatusOr<BoundMeasure> Bind(const Measure& measure, const MeasureSlots& slots,
                                           const MetricColumns& metrics) {
    BoundMeasure bound;
    bound.measure_ = &measure;
    absl::Status status;
    const auto bind = [&](const Predicate& predicate) {
      absl::StatusOr<RowCondition> condition = RowCondition::Bind(predicate, metrics);
      if (!condition.ok()) status = condition.status();
      return condition.ok() ? *std::move(condition) : RowCondition();
    };
    if (measure.where.has_value()) bound.where_ = bind(*measure.where);
    for (const DerivedColumn& column : slots.derived) {
      bound.kinds_.push_back(column.kind);
      bound.conditions_.push_back(column.condition == nullptr ? RowCondition() : bind(*column.condition));
      bound.metrics_.push_back(metrics.Find(column.metric));
    }
    if (const auto* subgroups = std::get_if<SubgroupCapabilityMeasure>(&measure.form)) {
      for (const std::string& piece : subgroups->metrics) bound.pieces_.push_back(metrics.Find(piece));
      bound.pooled_ = subgroups->within == SubgroupCapabilityMeasure::Within::kPooled;
    }
    bound.complete_ = std::holds_alternative<RatioMeasure>(measure.form);
    if (!measure.weight.empty()) {
      bound.weight_ = metrics.Find(measure.weight);
      if (const auto* share = std::get_if<ShareMeasure>(&measure.form)) bound.share_ = bind(share->of);
      if (const auto* mean = std::get_if<MeanMeasure>(&measure.form))
        bound.figure_ = metrics.Find(mean->metric);
      if (const auto* nps = std::get_if<NpsMeasure>(&measure.form)) bound.figure_ = metrics.Find(nps->metric);
    }
    if (!status.ok()) return status;
    return bound;
  }

  // Writes rows of the tile to columns[0 ...] of this measure.
  void Derive(MetricTile* tile, std::vector<std::int64_t>* columns) const {
    const int n = tile->rows();
    const auto at = static_cast<std::size_t>(tile->row());
    std::vector<std::uint8_t> counts(static_cast<std::size_t>(n), kTrue);
    if (where_.has_value()) where_->Evaluate(tile, counts.data());
    if (weight_ >= 0) return DeriveWeighted(tile, counts, columns);
    for (std::size_t c = 0; c < kinds_.size(); ++c) {
      std::int64_t* out = columns[c].data() + at;
      if (kinds_[c] == DerivedColumn::Kind::kTicks) {
        const std::int64_t* ticks = tile->Ticks(static_cast<std::size_t>(metrics_[c]));
        for (int i = 0; i < n; ++i) out[i] = ticks[i] == kNoTicks ? kNoValue : ticks[i];
      } else if (kinds_[c] == DerivedColumn::Kind::kTruth) {
        std::vector<std::uint8_t> truths(static_cast<std::size_t>(n));
        conditions_[c].Evaluate(tile, truths.data());
        for (std::size_t i = 0; i < truths.size(); ++i) out[i] = FigureOf(truths[i]);
      } else if (kinds_[c] == DerivedColumn::Kind::kCounted) {
        std::fill(out, out + n, 1);
      }
    }
    if (!pieces_.empty()) DeriveSubgroups(tile, columns);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      bool counted = counts[i] == kTrue;
      for (std::size_t c = 0; complete_ && c < kinds_.size(); ++c) counted &= columns[c][at + i] != kNoValue;
      for (std::size_t c = 0; !counted && c < kinds_.size(); ++c) columns[c][at + i] = kNoValue;
    }
  }

 private:
  std::int64_t FigureOf(std::uint8_t truth) const {
    if (truth != kUnknown) return truth == kTrue;
    return measure_->base == Measure::Base::kRecords ? 0 : kNoValue;
  }

  std::int64_t FigureOf(const NpsMeasure& nps, std::int64_t rating) const {
    if (rating == kNoTicks) return measure_->base == Measure::Base::kRecords ? 0 : kNoValue;
    return rating >= nps.promoters_from ? 1 : rating <= nps.detractors_through ? -1 : 0;
  }

  // Columns: the sums, the spreads.
  void DeriveSubgroups(MetricTile* tile, std::vector<std::int64_t>* columns) const {
    const auto at = static_cast<std::size_t>(tile->row());
    std::vector<const std::int64_t*> pieces;
    for (const int metric : pieces_) pieces.push_back(tile->Ticks(static_cast<std::size_t>(metric)));
    for (std::size_t i = 0; i < static_cast<std::size_t>(tile->rows()); ++i) {
      std::int64_t sum = 0, squares = 0, low = pieces[0][i], high = low;
      bool whole = true;
      for (std::size_t p = 0; p < pieces.size(); ++p) {
        const std::int64_t ticks = pieces[p][i];
        whole &= ticks != kNoTicks;
        if (!whole) break;
        sum += ticks;
        low = std::min(low, ticks);
        high = std::max(high, ticks);
        for (std::size_t q = 0; pooled_ && q < p; ++q) {
          squares += (ticks - pieces[q][i]) * (ticks - pieces[q][i]);
        }
      }
      columns[0][at + i] = whole ? sum : kNoValue;
      columns[1][at + i] = !whole ? kNoValue : pooled_ ? squares : high - low;
    }
  }

  void DeriveWeighted(MetricTile* tile, const std::vector<std::uint8_t>& counts,
                      std::vector<std::int64_t>* columns) const {
    const auto at = static_cast<std::size_t>(tile->row());
    const std::int64_t* weights = tile->Ticks(static_cast<std::size_t>(weight_));
    const std::int64_t* ticks = figure_ < 0 ? nullptr : tile->Ticks(static_cast<std::size_t>(figure_));
    const auto* nps = std::get_if<NpsMeasure>(&measure_->form);
    std::vector<std::uint8_t> truths(counts.size());
    if (share_.has_value()) share_->Evaluate(tile, truths.data());
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const std::int64_t figure = share_.has_value()     ? FigureOf(truths[i])
                                  : nps != nullptr       ? FigureOf(*nps, ticks[i])
                                  : ticks[i] == kNoTicks ? kNoValue
                                                         : ticks[i];
      const bool counted = counts[i] == kTrue && weights[i] > 0 && figure != kNoValue;
      columns[0][at + i] = counted ? weights[i] : kNoValue;
      columns[1][at + i] = counted ? weights[i] * figure : kNoValue;
      columns[2][at + i] = counted ? weights[i] * figure * figure : kNoValue;
    }
  }

  const Measure* measure_ = nullptr;
  std::optional<RowCondition> where_, share_;
  std::vector<DerivedColumn::Kind> kinds_;
  std::vector<RowCondition> conditions_;
  std::vector<int> metrics_;
  bool complete_ = false;  // Rows count that have all columns.
  int weight_ = -1, figure_ = -1;
  std::vector<int> pieces_;  // Of a subgroup.
  bool pooled_ = false;
};

}  // namespace

absl::Status DeriveColumns(const MeasureLayout& layout, const Table& table, int threads, bool refuse,
                           std::int64_t first_row, std::vector<std::vector<std::int64_t>>* columns) {
  const absl::StatusOr<MetricColumns> metrics = MetricColumns::Bind(layout.read, table);
  if (!metrics.ok()) return metrics.status();
  std::vector<std::pair<std::size_t, BoundMeasure>> bound;  // With its first column.
  columns->clear();
  for (std::size_t i = 0; i < layout.measures.size(); ++i) {
    const MeasureSlots& slots = layout.slots[i];
    if (slots.derived.empty()) continue;
    absl::StatusOr<BoundMeasure> made = BoundMeasure::Bind(*layout.measures[i], slots, *metrics);
    if (!made.ok()) return made.status();
    bound.emplace_back(columns->size(), *std::move(made));
    columns->resize(columns->size() + slots.derived.size());
  }
  columns->emplace_back();
  for (std::vector<std::int64_t>& column : *columns) column.resize(static_cast<std::size_t>(table.rows()));
  return ForEachRange(table.rows(), kAggregateTile, threads,
                      [&](int, std::int64_t from, std::int64_t to) -> absl::Status {
                        MetricTile tile(*metrics);
                        for (std::int64_t row = from; row < to; row += kAggregateTile) {
                          const int n = static_cast<int>(std::min<std::int64_t>(kAggregateTile, to - row));
                          tile.Move(row, n);
                          for (const auto& [first, measure] : bound)
                            measure.Derive(&tile, columns->data() + first);
                          if (tile.any_bad() && !refuse)
                            return absl::InvalidArgumentError(tile.WhyBad(first_row));
                          for (int i = 0; i < n; ++i)
                            columns->back()[static_cast<std::size_t>(row + i)] = tile.bad()[i] != 0 ? 2 : 0;
                        }
                        return absl::OkStatus();
                      });
}

}  // namespace csat
