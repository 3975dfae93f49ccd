#include "measure/row_conditions.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"
#include "csat/model/integers.h"
#include "csat/model/truths.h"

namespace csat {
namespace {

constexpr std::uint8_t kUnknown = static_cast<std::uint8_t>(Truth::kUnknown);

}  // namespace

MetricTile::MetricTile(const MetricColumns& columns)
    : columns_(columns),
      ticks_(columns.size()),
      has_word_(columns.size()),
      read_(columns.size()),
      bad_(kAggregateTile) {}

void MetricTile::Move(std::int64_t row, int n) {
  row_ = row;
  n_ = first_bad_ = n;
  std::fill(read_.begin(), read_.end(), false);
  std::fill(bad_.begin(), bad_.end(), std::uint8_t{0});
}

void MetricTile::MarkBad(int at, std::size_t metric) {
  bad_[static_cast<std::size_t>(at)] = 1;
  if (at > first_bad_ || (at == first_bad_ && bad_metric_ <= metric)) return;
  first_bad_ = at;
  bad_metric_ = metric;
}

const std::int64_t* MetricTile::Ticks(std::size_t metric) {
  std::vector<std::int64_t>& ticks = ticks_[metric];
  if (read_[metric]) return ticks.data();
  ticks.resize(kAggregateTile);
  columns_.ReadTicks(metric, row_, n_, ticks.data());
  read_[metric] = true;
  for (int i = 0; i < n_; ++i) {
    if (ticks[static_cast<std::size_t>(i)] != kBadTicks) continue;
    MarkBad(i, metric);
    ticks[static_cast<std::size_t>(i)] = kNoTicks;
  }
  return ticks.data();
}

const std::uint8_t* MetricTile::HasWord(std::size_t metric) {
  std::vector<std::uint8_t>& has = has_word_[metric];
  if (read_[metric]) return has.data();
  has.resize(kAggregateTile);
  read_[metric] = true;
  for (int i = 0; i < n_; ++i) {
    std::string_view word;
    has[static_cast<std::size_t>(i)] = columns_.ReadWord(metric, row_ + i, &word);
    if (!columns_.IsBadWord(metric, row_ + i)) continue;
    MarkBad(i, metric);
    has[static_cast<std::size_t>(i)] = 0;
  }
  return has.data();
}

std::string MetricTile::WhyBad(std::int64_t first_row) const {
  const std::int64_t row = row_ + first_bad_;
  return absl::StrCat("row ", first_row + row, ": ", columns_.WhyBad(bad_metric_, row));
}

absl::StatusOr<RowCondition> RowCondition::Bind(const Predicate& predicate, const MetricColumns& columns) {
  RowCondition bound;
  bound.kind_ = predicate.kind;
  bound.op_ = predicate.op;
  bound.count_ = predicate.count;
  for (const Predicate& part : predicate.of) {
    absl::StatusOr<RowCondition> made = Bind(part, columns);
    if (!made.ok()) return made;
    bound.of_.push_back(*std::move(made));
  }
  const bool number = predicate.kind == Predicate::Kind::kNumber,
             text = predicate.kind == Predicate::Kind::kText;
  if (!number && !text && predicate.kind != Predicate::Kind::kAnswered) return bound;
  const int metric = columns.Find(predicate.metric);
  if (metric < 0 || (number && columns.IsText(static_cast<std::size_t>(metric))) ||
      (text && !columns.IsText(static_cast<std::size_t>(metric)))) {
    return absl::InvalidArgumentError(absl::StrCat("a condition asks for metric ", Quoted(predicate.metric),
                                                   ", which holds no ",
                                                   number ? "number"
                                                   : text ? "word"
                                                          : "answer"));
  }
  bound.metric_ = static_cast<std::size_t>(metric);
  if (number) {
    // Ticks are multiples of `step` millionths: a value between two of them is never met.
    const std::int64_t step = PowerOfTen(Decimal::kPlaces - columns.item(bound.metric_).decimal_places);
    const std::int64_t micros = predicate.value.micros();
    bound.limit_ = micros / step - (micros % step < 0);  // Downwards.
    const bool exact = micros % step == 0;
    bound.below_ = TruthOf(Holds(-1, predicate.op));
    bound.at_ = TruthOf(Holds(exact ? 0 : -1, predicate.op));
    bound.above_ = TruthOf(Holds(1, predicate.op));
  } else if (text) {
    bound.text_ = predicate.text;
    for (const std::string_view word : columns.Words(bound.metric_))
      bound.by_word_.push_back(TruthOf((word == predicate.text) == (predicate.op == ComparisonOp::kEqual)));
  }
  return bound;
}

void RowCondition::Evaluate(MetricTile* tile, std::uint8_t* truths) const {
  const int n = tile->rows();
  switch (kind_) {
    case Predicate::Kind::kAll:
    case Predicate::Kind::kAny:
    case Predicate::Kind::kNot:
    case Predicate::Kind::kAtLeast: {
      TruthCombiner combiner(kind_, count_, static_cast<std::size_t>(n), truths);
      std::vector<std::uint8_t> part(static_cast<std::size_t>(n));
      for (const RowCondition& one : of_) {
        one.Evaluate(tile, part.data());
        combiner.Add(part.data());
      }
      combiner.Finish();
      return;
    }
    case Predicate::Kind::kNumber: {
      const std::int64_t* ticks = tile->Ticks(metric_);
      for (int i = 0; i < n; ++i) {
        truths[i] = ticks[i] == kNoTicks ? kUnknown
                    : ticks[i] < limit_  ? below_
                    : ticks[i] > limit_  ? above_
                                         : at_;
      }
      return;
    }
    case Predicate::Kind::kText: {
      const std::uint8_t* has = tile->HasWord(metric_);
      const MetricColumns& columns = tile->columns();
      for (int i = 0; i < n; ++i) {
        if (has[i] == 0) {
          truths[i] = kUnknown;
        } else if (!by_word_.empty()) {
          truths[i] = by_word_[static_cast<std::size_t>(columns.Code(metric_, tile->row() + i))];
        } else {
          std::string_view word;
          (void)columns.ReadWord(metric_, tile->row() + i, &word);
          truths[i] = TruthOf((word == text_) == (op_ == ComparisonOp::kEqual));
        }
      }
      return;
    }
    case Predicate::Kind::kAnswered: {
      if (tile->columns().IsText(metric_)) {
        const std::uint8_t* has = tile->HasWord(metric_);
        for (int i = 0; i < n; ++i) truths[i] = TruthOf(has[i] != 0);
      } else {
        const std::int64_t* ticks = tile->Ticks(metric_);
        for (int i = 0; i < n; ++i) truths[i] = TruthOf(ticks[i] != kNoTicks);
      }
      return;
    }
  }
}

void AddMetricsOf(const Predicate& predicate, std::vector<std::string_view>* ids) {
  if (!predicate.metric.empty()) ids->push_back(predicate.metric);
  for (const Predicate& part : predicate.of) AddMetricsOf(part, ids);
}

}  // namespace csat
