#include "scoring/tile_functions.h"

#include <algorithm>
#include <vector>

#include "csat/model/integers.h"
#include "scoring/compile_function.h"

namespace csat {
namespace {

// A part of a function: from `from` ticks up to the next part, (slope * n + offset) / divisor of n ticks.
struct Part {
  absl::int128 from;
  absl::int128 slope, offset, divisor;
  // Ticks that are clamped to, where a level part was joined to this one.
  absl::int128 low, high;

  bool level() const { return slope == 0; }
  absl::int128 At(absl::int128 ticks) const {
    return DivideHalfEven(slope * std::clamp(ticks, low, high) + offset, divisor);
  }
};

// The parts of a function of n / unit over the ticks [low, high], in rising order.
std::vector<Part> PartsOf(const CompiledFunction& function, std::int64_t unit, absl::int128 low,
                          absl::int128 high) {
  std::vector<Part> parts{{low, 0, function.below.micros(), 1, low, high}};
  for (const Segment& segment : function.segments) {
    const absl::int128 from = CeilingOf(absl::int128(segment.from) * unit, Decimal::kOne);
    if (from > high) break;
    Part part{std::max(from, low), segment.slope, segment.offset * unit, segment.divisor * unit, low, high};
    if (part.level()) {
      part.offset = segment.offset;
      part.divisor = segment.divisor;
    }
    // A part that ends where the next one begins, or before `low`, is empty.
    if (parts.back().from == part.from) parts.pop_back();
    parts.push_back(part);
  }
  return parts;
}

// Joins a level part to the line beside it that meets it: one clamped line instead of two parts.
std::vector<Part> Joined(std::vector<Part> parts, absl::int128 high) {
  std::vector<Part> joined;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Part part = parts[i];
    if (!joined.empty() && !part.level() && joined.back().level() &&
        joined.back().At(part.from) == part.At(part.from)) {
      part.low = part.from;
      part.from = joined.back().from;
      joined.pop_back();
    } else if (!joined.empty() && part.level() && !joined.back().level() && joined.back().high == high &&
               joined.back().At(part.from) == part.At(part.from)) {
      joined.back().high = part.from;
      continue;
    }
    joined.push_back(part);
  }
  return joined;
}

TileValue LinesOfNumber(const CompiledFunction& function, const TileFigure& figure, TileBuilder* builder) {
  const TileValue& n = figure.numerator;
  const std::vector<Part> parts = Joined(PartsOf(function, figure.unit, n.low, n.high), n.high);
  TileValue points;
  for (std::size_t i = 0; i < parts.size() && builder->ok(); ++i) {
    const Part& part = parts[i];
    if (part.level()) {
      points =
          i == 0 ? builder->Set(part.At(part.from)) : builder->From(n, part.from, part.At(part.from), points);
      continue;
    }
    // Ticks of other parts would only widen the range.
    const absl::int128 end = i + 1 < parts.size() ? parts[i + 1].from - 1 : n.high;
    const TileValue line = builder->ClampedLine(n, std::max(part.low, part.from), std::min(part.high, end),
                                                part.slope, part.offset, part.divisor);
    points = i == 0 ? line : builder->From(n, part.from, line, points);
  }
  return points;
}

TileValue LinesOfRatio(const CompiledFunction& function, const TileFigure& figure, TileBuilder* builder) {
  const TileValue &n = figure.numerator, &d = figure.denominator;
  TileValue points = builder->Set(function.below.micros());
  for (const Segment& segment : function.segments) {
    if (!builder->ok()) return points;
    const absl::int128 common = GreatestCommonDivisor(Decimal::kOne, segment.from);
    const TileValue beyond = builder->Combine(n, Decimal::kOne / common, d, -segment.from / common);
    if (segment.slope == 0 && segment.divisor == 1) {
      points = builder->From(beyond, 0, segment.offset, points);
      continue;
    }
    const TileValue dividend = builder->Combine(n, segment.slope, d, segment.offset);
    const TileValue divisor = builder->Scale(d, segment.divisor);
    if (!builder->ok()) return points;
    points = builder->From(beyond, 0, builder->Divide(dividend, divisor), points);
  }
  return points;
}

// Steps begun, ceil(e / s), are round((2 e + s - 1) / (2 s)); complete ones, floor(e / s), are
// round((2 e - s + 1) / (2 s)): neither is ever a tie.
TileValue StepPoints(const CompiledFunction& function, const TileFigure& figure, TileBuilder* builder) {
  const absl::int128 most = (function.full.micros() - function.floor.micros()) / function.loss.micros();
  const int sign = function.beneath ? -1 : 1;
  const TileValue& n = figure.numerator;
  TileValue steps;
  if (figure.ratio) {
    const absl::int128 common =
        GreatestCommonDivisor(GreatestCommonDivisor(Decimal::kOne, function.limit), function.step);
    const absl::int128 times = Decimal::kOne / common, limit = function.limit / common,
                       step = function.step / common;
    const TileValue& d = figure.denominator;
    const TileValue dividend =
        builder->Combine(n, 2 * sign * times, d, -2 * sign * limit + (function.started ? step : -step),
                         function.started ? -1 : 1);
    if (!builder->ok()) return TileValue();
    steps = builder->AtMost(builder->Divide(dividend, builder->Scale(d, 2 * step)), most + 1);
  } else {
    const absl::int128 common = GreatestCommonDivisor(
        GreatestCommonDivisor(Decimal::kOne, absl::int128(function.limit) * figure.unit),
        absl::int128(function.step) * figure.unit);
    const absl::int128 times = Decimal::kOne / common,
                       limit = absl::int128(function.limit) * figure.unit / common,
                       step = absl::int128(function.step) * figure.unit / common;
    const absl::int128 offset = -2 * sign * limit + (function.started ? step - 1 : 1 - step);
    // Ticks with no step lost, and with more than all of them.
    absl::int128 none = FloorOf(limit, times) - sign,
                 all = FloorOf(limit + sign * step * (most + 2), times) + sign;
    if (none > all) std::swap(none, all);
    // A figure wholly on one side still needs one tick of it.
    const absl::int128 low = std::min(std::max(none, n.low), n.high),
                       high = std::max(std::min(all, n.high), n.low);
    steps = builder->ClampedLine(n, low, std::max(low, high), 2 * sign * times, offset, 2 * step);
  }
  if (!builder->ok()) return TileValue();
  return builder->Steps(steps, most, function.floor.micros(), function.full.micros(), function.loss.micros());
}

}  // namespace

TileValue PointTiles(const CompiledFunction& function, const TileFigure& figure, TileBuilder* builder) {
  switch (function.kind) {
    case CompiledFunction::Kind::kSteps: return StepPoints(function, figure, builder);
    case CompiledFunction::Kind::kSegments:
      return figure.ratio ? LinesOfRatio(function, figure, builder)
                          : LinesOfNumber(function, figure, builder);
    case CompiledFunction::Kind::kLookup: break;
  }
  builder->Fail();
  return TileValue();
}

}  // namespace csat
