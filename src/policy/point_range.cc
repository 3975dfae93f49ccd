#include "policy/point_range.h"

#include <algorithm>

#include "absl/numeric/int128.h"

namespace csat::policy {
namespace {

double ToDouble(Position position) { return static_cast<double>(position) / 2e6; }

// The first anchor above `figure`.
std::vector<Anchor>::const_iterator Above(const std::vector<Anchor>& anchors, Position figure) {
  return std::upper_bound(anchors.begin(), anchors.end(), figure, [](Position at, const Anchor& anchor) {
    return at < PositionOf(anchor.at.micros());
  });
}

RawPoints AtPiecewise(const std::vector<Anchor>& anchors, Position figure) {
  const auto above = Above(anchors, figure);
  if (above == anchors.begin()) return anchors.front().points.ToDouble();
  if (above == anchors.end()) return anchors.back().points.ToDouble();
  const Anchor &a = *(above - 1), &b = *above;
  const double share = (ToDouble(figure) - a.at.ToDouble()) / (b.at.ToDouble() - a.at.ToDouble());
  return a.points.ToDouble() + share * (b.points.ToDouble() - a.points.ToDouble());
}

RawPoints AtBands(const std::vector<Anchor>& bands, Position figure) {
  const auto above = Above(bands, figure);
  return (above == bands.begin() ? bands.front() : *(above - 1)).points.ToDouble();
}

RawPoints AtSteps(const StepDeduction& steps, Position figure) {
  const absl::int128 limit = PositionOf(steps.limit().micros());
  const absl::int128 excess =
      steps.beyond() == StepDeduction::Beyond::kAbove ? absl::int128(figure) - limit : limit - figure;
  if (excess <= 0) return steps.full().ToDouble();
  const absl::int128 step = absl::int128(steps.step().micros()) * 2;
  absl::int128 taken = excess / step;
  if (steps.steps() == StepDeduction::Steps::kStarted && taken * step != excess) taken += 1;
  const double points =
      steps.full().ToDouble() - static_cast<double>(taken) * steps.loss_per_step().ToDouble();
  return std::max(points, steps.floor().ToDouble());
}

}  // namespace

RawPoints PointsAt(const ScoreFunction& function, Position figure) {
  if (const auto* lines = std::get_if<Piecewise>(&function)) return AtPiecewise(lines->anchors(), figure);
  if (const auto* bands = std::get_if<BandPoints>(&function)) return AtBands(bands->bands(), figure);
  if (const auto* steps = std::get_if<StepDeduction>(&function)) return AtSteps(*steps, figure);
  if (const auto* share = std::get_if<ShareOfTarget>(&function)) {
    return share->full().ToDouble() * std::clamp(ToDouble(figure) / share->target().ToDouble(), 0.0, 1.0);
  }
  return ToDouble(figure);
}

std::vector<Position> TurningPoints(const ScoreFunction& function, const Region& region) {
  std::vector<Position> at = {region.low, region.high};
  const auto add = [&](absl::int128 position) {
    // The nearest figures at or below and at or above.
    const Position exact = static_cast<Position>(std::clamp<absl::int128>(position, kLowest, kHighest));
    for (const Position near : {Region{kLowest, exact, region.grid}.Settled().high,
                                Region{exact, kHighest, region.grid}.Settled().low}) {
      if (near >= region.low && near <= region.high) at.push_back(near);
    }
  };
  if (const auto* lines = std::get_if<Piecewise>(&function)) {
    for (const Anchor& anchor : lines->anchors()) add(PositionOf(anchor.at.micros()));
  } else if (const auto* bands = std::get_if<BandPoints>(&function)) {
    for (const Anchor& band : bands->bands()) {
      add(PositionOf(band.at.micros()));
      add(absl::int128(PositionOf(band.at.micros())) - 1);
    }
  } else if (const auto* steps = std::get_if<StepDeduction>(&function)) {
    const absl::int128 limit = PositionOf(steps->limit().micros()),
                       step = absl::int128(steps->step().micros()) * 2;
    const int sign = steps->beyond() == StepDeduction::Beyond::kAbove ? 1 : -1;
    for (const int taken : {0, 1, 2}) add(limit + sign * taken * step);
  } else if (const auto* share = std::get_if<ShareOfTarget>(&function)) {
    add(0);
    add(PositionOf(share->target().micros()));
  }
  std::sort(at.begin(), at.end());
  at.erase(std::unique(at.begin(), at.end()), at.end());
  return at;
}

PointRange RangeOf(const ScoreFunction& function, const Region& region) {
  PointRange range;
  bool first = true;
  for (const Position at : TurningPoints(function, region)) {
    const RawPoints points = PointsAt(function, at);
    range.low = first ? points : std::min(range.low, points);
    range.high = first ? points : std::max(range.high, points);
    first = false;
  }
  return range;
}

std::optional<WrongTurn> FindTurn(const ScoreFunction& function, const Region& region, bool rises) {
  const std::vector<Position> at = TurningPoints(function, region);
  for (size_t i = 1; i < at.size(); ++i) {
    const RawPoints change = PointsAt(function, at[i]) - PointsAt(function, at[i - 1]);
    if (rises ? change > kPointSlack : change < -kPointSlack) return WrongTurn{at[i - 1], at[i]};
  }
  return std::nullopt;
}

}  // namespace csat::policy
