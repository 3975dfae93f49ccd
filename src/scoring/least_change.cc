// The score never falls when the points of one indicator rise, and neither does the grade: so the least points
// that reach a better grade are found by bisection over millionths, and the raw figure by bisection over the
// decimals of its metric on the side where points rise.
#include "csat/scoring/least_change.h"

#include <algorithm>
#include <limits>

#include "scoring/compile_function.h"
#include "scoring/evaluate.h"

namespace csat {
namespace {

class Search {
 public:
  Search(const CompiledPlan& plan, const Record& record) : plan_(plan), card_(plan.own()), record_(record) {}

  absl::StatusOr<std::vector<LeastChange>> Run() {
    std::vector<LeastChange> found;
    Draft draft;
    if (absl::Status status = EvaluateCard(plan_, card_, record_, Mode(), &draft); !status.ok())
      return status;
    if (draft.outcome != Outcome::kScored) return found;
    if (absl::Status status =
            ChooseBand(plan_, card_, card_.grading, draft.score, record_, &present_, nullptr);
        !status.ok())
      return status;
    if (present_ <= 0) return found;
    for (std::size_t i = 0; i < card_.indicators.size(); ++i) {
      const IndicatorResult& result = draft.indicators[i];
      if (card_.indicators[i].kind == CompiledIndicator::Kind::kGroup ||
          result.state != IndicatorResult::State::kPoints)
        continue;
      if (absl::Status status = Try(static_cast<int>(i), result, &found); !status.ok()) return status;
    }
    std::stable_sort(found.begin(), found.end(), [](const LeastChange& a, const LeastChange& b) {
      return absl::int128((a.to - a.from).micros()) * b.max_points.micros() <
             absl::int128((b.to - b.from).micros()) * a.max_points.micros();
    });
    return found;
  }

 private:
  // Whether the grade is better with these points; fills band and score.
  absl::Status Better(int indicator, Points points, bool* better, int* band, Points* score) {
    Draft draft;
    if (absl::Status status = EvaluateCard(plan_, card_, record_, {false, true, indicator, points}, &draft);
        !status.ok())
      return status;
    *score = draft.score;
    if (absl::Status status = ChooseBand(plan_, card_, card_.grading, draft.score, record_, band, nullptr);
        !status.ok())
      return status;
    *better = draft.outcome == Outcome::kScored && *band >= 0 && *band < present_;
    return absl::OkStatus();
  }

  absl::Status Try(int index, const IndicatorResult& result, std::vector<LeastChange>* found) {
    const Indicator& indicator = *card_.indicators[static_cast<std::size_t>(index)].indicator;
    LeastChange change;
    change.indicator = indicator.id;
    change.from = result.points;
    change.max_points = indicator.max_points;
    bool better = false;
    int band = -1;
    if (absl::Status status = Better(index, indicator.max_points, &better, &band, &change.score);
        !status.ok() || !better)
      return status;
    std::int64_t low = result.points.micros(),
                 high = indicator.max_points.micros();  // low: not better, high: better.
    while (high - low > 1) {
      const std::int64_t middle = low + (high - low) / 2;
      if (absl::Status status = Better(index, Points::FromMicros(middle), &better, &band, &change.score);
          !status.ok())
        return status;
      (better ? high : low) = middle;
    }
    change.to = Points::FromMicros(high);
    if (absl::Status status = Better(index, change.to, &better, &band, &change.score); !status.ok())
      return status;
    change.grade = plan_.grades[static_cast<std::size_t>(band)];
    if (absl::Status status = FindValue(index, &change); !status.ok()) return status;
    found->push_back(change);
    return absl::OkStatus();
  }

  absl::Status FindValue(int index, LeastChange* change) {
    const CompiledIndicator& compiled = card_.indicators[static_cast<std::size_t>(index)];
    if (compiled.kind != CompiledIndicator::Kind::kMetric ||
        compiled.function.kind == CompiledFunction::Kind::kLookup)
      return absl::OkStatus();
    const CompiledMetric& metric = plan_.metrics[static_cast<std::size_t>(compiled.metric)];
    if (metric.kind != CompiledMetric::Kind::kNumber) return absl::OkStatus();
    std::int64_t present = 0;
    bool missing = false;
    if (absl::Status status = ReadTicks(plan_, metric, metric.slot,
                                        record_[static_cast<std::size_t>(metric.slot)], &present, &missing);
        !status.ok() || missing) {
      return status;
    }
    // What is given has six places, so what is searched has, too.
    const std::int64_t step =
        metric.integer ? metric.unit : std::max<std::int64_t>(1, metric.unit / Decimal::kOne);
    const std::int64_t ends[] = {Floor(metric.min_ticks, step), Floor(metric.max_ticks, step)};
    std::int64_t nearest = 0;
    bool reached = false;
    for (const std::int64_t end : ends) {
      const std::int64_t there = Reach(compiled.function, metric.unit, present, end, step, change->to);
      if (there == present) continue;
      const absl::int128 distance = absl::int128(there) - present;
      const absl::int128 best = absl::int128(nearest) - present;
      if (!reached || (distance < 0 ? -distance : distance) < (best < 0 ? -best : best)) nearest = there;
      reached = true;
    }
    if (!reached) return absl::OkStatus();
    change->has_value = true;
    change->value_from = Figure::Of(present, metric.unit).ToDecimal();
    change->value_to = Figure::Of(nearest, metric.unit).ToDecimal();
    return absl::OkStatus();
  }

  static std::int64_t Floor(std::int64_t ticks, std::int64_t step) { return ticks / step * step; }

  // The ticks nearest to `present` towards `end` whose points reach `wanted`; `present`: there are none. The
  // function is level or monotone between breakpoints: each stretch is bisected on its own.
  static std::int64_t Reach(const CompiledFunction& function, std::int64_t unit, std::int64_t present,
                            std::int64_t end, std::int64_t step, Points wanted) {
    // Past the last breakpoint the function is level, so an open end may stop there.
    std::vector<std::int64_t> stops;
    const auto add = [&](absl::int128 micros) {
      const absl::int128 ticks = micros * unit / Decimal::kOne;
      for (const std::int64_t near : {-step, std::int64_t{0}, step}) {
        const absl::int128 at = ticks / step * step + near;
        if (at > std::numeric_limits<std::int64_t>::max() || at < std::numeric_limits<std::int64_t>::min())
          continue;
        const std::int64_t stop = static_cast<std::int64_t>(at);
        const bool between = end > present ? stop > present && stop <= end : stop < present && stop >= end;
        if (between) stops.push_back(stop);
      }
    };
    for (const Segment& segment : function.segments) add(segment.from);
    if (function.kind == CompiledFunction::Kind::kSteps) {
      add(function.limit);
      const absl::int128 span = absl::int128(function.step) *
                                ((function.full - function.floor).micros() / function.loss.micros() + 1);
      add(function.beneath ? function.limit - span : function.limit + span);
    }
    std::sort(stops.begin(), stops.end());
    if (end < present) std::reverse(stops.begin(), stops.end());
    // The step at or before `present`, seen from `end`.
    std::int64_t from = present - present % step;
    if (end > present && from > present) from -= step;
    if (end < present && from < present) from += step;
    for (const std::int64_t stop : stops) {
      if (PointsOf(function, stop, unit) < wanted) {
        from = stop;
        continue;
      }
      std::int64_t low = from, high = stop;  // low: not reached (or present), high: reached.
      while (high != low && (high > low ? high - low : low - high) > step) {
        const std::int64_t middle = low + (high - low) / step / 2 * step;
        (PointsOf(function, middle, unit) >= wanted ? high : low) = middle;
      }
      return high;
    }
    return present;
  }

  const CompiledPlan& plan_;
  const CompiledCard& card_;
  const Record& record_;
  int present_ = -1;
};

}  // namespace

absl::StatusOr<std::vector<LeastChange>> LeastChanges(const Plan& plan, const Record& record) {
  if (plan.scorecard() == nullptr)
    return absl::FailedPreconditionError("a plan of metrics alone scores nothing");
  if (record.size() != plan.fields().size())
    return absl::InvalidArgumentError("the record has other fields than the plan");
  return Search(plan.compiled(), record).Run();
}

}  // namespace csat
