#include "scoring/compile_function.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "csat/model/integers.h"

namespace csat {
namespace {

Segment Level(std::int64_t from, Points points) { return {from, 0, points.micros(), 1}; }

// With S = (p1 - p0) / (a1 - a0) in lowest terms s / t:
//   points = p0 + (1e6 n / d - a0) s / t = (1e6 s n + (p0 t - a0 s) d) / (t d).
Segment Line(const Anchor& left, const Anchor& right) {
  absl::int128 rise = absl::int128(right.points.micros()) - left.points.micros();
  absl::int128 run = absl::int128(right.at.micros()) - left.at.micros();
  const absl::int128 common = rise == 0 ? run : GreatestCommonDivisor(rise, run);
  rise /= common;
  run /= common;
  Segment line{left.at.micros(), rise * Decimal::kOne,
               absl::int128(left.points.micros()) * run - absl::int128(left.at.micros()) * rise, run};
  const absl::int128 all =
      GreatestCommonDivisor(GreatestCommonDivisor(line.slope, line.offset), line.divisor);
  line.slope /= all;
  line.offset /= all;
  line.divisor /= all;
  return line;
}

void FillLines(const std::vector<Anchor>& anchors, CompiledFunction* out) {
  out->below = anchors.front().points;
  for (std::size_t i = 0; i + 1 < anchors.size(); ++i)
    out->segments.push_back(Line(anchors[i], anchors[i + 1]));
  out->segments.push_back(Level(anchors.back().at.micros(), anchors.back().points));
}

// Half-even in 64 bits; divisor above 0.
std::int64_t DivideHalfEven64(std::int64_t dividend, std::int64_t divisor) {
  std::int64_t quotient = dividend / divisor, rest = dividend % divisor;
  if (rest < 0) {
    rest += divisor;
    --quotient;
  }
  const std::int64_t half = divisor - rest;
  if (rest > half || (rest == half && quotient % 2 != 0)) ++quotient;
  return quotient;
}

constexpr std::int64_t k62 = std::int64_t{1} << 62;

bool Fits(absl::int128 value) { return value < k62 && value > -k62; }

// Fills tick_segments if slope * t + offset fits 64 bits wherever the segment is used.
void FillTicks(const CompiledMetric& metric, CompiledFunction* out) {
  if (metric.kind != CompiledMetric::Kind::kNumber && metric.kind != CompiledMetric::Kind::kEvents) return;
  if (out->kind == CompiledFunction::Kind::kSteps) {
    const absl::int128 limit = absl::int128(out->limit) * metric.unit,
                       step = absl::int128(out->step) * metric.unit;
    if (limit % Decimal::kOne != 0 || step % Decimal::kOne != 0 || !Fits(limit / Decimal::kOne) ||
        !Fits(step / Decimal::kOne))
      return;
    out->tick_limit = static_cast<std::int64_t>(limit / Decimal::kOne);
    out->tick_step = static_cast<std::int64_t>(step / Decimal::kOne);
    return;
  }
  std::vector<TickSegment> made;
  for (std::size_t i = 0; i < out->segments.size(); ++i) {
    const Segment& segment = out->segments[i];
    const absl::int128 scaled = absl::int128(segment.from) * metric.unit;
    // The first tick at or above `from`.
    const absl::int128 from =
        scaled >= 0 ? (scaled + Decimal::kOne - 1) / Decimal::kOne : -(-scaled / Decimal::kOne);
    // n = t, d = unit: (slope t + offset unit) / (divisor unit).
    absl::int128 slope = segment.slope, offset = segment.offset * metric.unit,
                 divisor = segment.divisor * metric.unit;
    const absl::int128 common = GreatestCommonDivisor(GreatestCommonDivisor(slope, offset), divisor);
    slope /= common;
    offset /= common;
    divisor /= common;
    absl::int128 reach = from < 0 ? -from : from;
    if (slope != 0) {
      const absl::int128 to = absl::int128(out->segments[i + 1].from) * metric.unit / Decimal::kOne;
      reach = std::max(reach, (to < 0 ? -to : to) + 1);
      const absl::int128 steepness = slope < 0 ? -slope : slope;
      if (!Fits(reach) || !Fits(slope) || !Fits(steepness * reach + (offset < 0 ? -offset : offset))) return;
    }
    if (!Fits(from) || !Fits(offset) || !Fits(divisor)) return;
    made.push_back({static_cast<std::int64_t>(from), static_cast<std::int64_t>(slope),
                    static_cast<std::int64_t>(offset), static_cast<std::int64_t>(divisor)});
  }
  out->tick_segments = std::move(made);
}

absl::int128 FloorDivide(absl::int128 a, absl::int128 b) {
  const absl::int128 quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

}  // namespace

absl::Status CompileFunction(const Indicator& indicator, const CompiledMetric& metric,
                             CompiledFunction* out) {
  if (std::holds_alternative<Direct>(indicator.score)) {
    FillLines({{Decimal(), Points()}, {indicator.max_points, indicator.max_points}}, out);
  } else if (const auto* lines = std::get_if<Piecewise>(&indicator.score)) {
    FillLines(lines->anchors(), out);
  } else if (const auto* share = std::get_if<ShareOfTarget>(&indicator.score)) {
    FillLines({{Decimal(), Points()}, {share->target(), share->full()}}, out);
  } else if (const auto* bands = std::get_if<BandPoints>(&indicator.score)) {
    out->below = bands->bands().front().points;
    for (const Anchor& band : bands->bands()) out->segments.push_back(Level(band.at.micros(), band.points));
  } else if (const auto* steps = std::get_if<StepDeduction>(&indicator.score)) {
    out->kind = CompiledFunction::Kind::kSteps;
    out->full = steps->full();
    out->loss = steps->loss_per_step();
    out->floor = steps->floor();
    out->limit = steps->limit().micros();
    out->step = steps->step().micros();
    out->started = steps->steps() == StepDeduction::Steps::kStarted;
    out->beneath = steps->beyond() == StepDeduction::Beyond::kBelow;
  } else {
    out->kind = CompiledFunction::Kind::kLookup;
    out->entries = std::get<Lookup>(indicator.score).entries();
  }
  // slope * n + offset * d and divisor * d stay within 126 bits for every figure: n and d are below 2^63, 2^53
  // for a ratio, 2^80 for a mean of events.
  const int figure_bits = metric.kind == CompiledMetric::Kind::kRatio    ? 54
                          : metric.kind == CompiledMetric::Kind::kEvents ? 80
                                                                         : 64;
  const absl::int128 limit = absl::int128(1) << (126 - figure_bits);
  for (const Segment& segment : out->segments) {
    for (const absl::int128 part : {segment.slope, segment.offset, segment.divisor}) {
      if (part > limit || part < -limit) {
        return absl::InvalidArgumentError(absl::StrCat(
            "indicator '", indicator.id, "': its score function is beyond the range of exact arithmetic"));
      }
    }
  }
  FillTicks(metric, out);
  return absl::OkStatus();
}

Points PointsOfTicks(const CompiledFunction& function, const CompiledMetric& metric, std::int64_t ticks) {
  if (!function.tick_segments.empty()) {
    const TickSegment* found = nullptr;
    for (const TickSegment& segment : function.tick_segments) {
      if (ticks < segment.from) break;
      found = &segment;
    }
    if (found == nullptr) return function.below;
    if (found->slope == 0) return Points::FromMicros(found->offset / found->divisor);
    return Points::FromMicros(DivideHalfEven64(found->slope * ticks + found->offset, found->divisor));
  }
  if (function.tick_step > 0 && ticks < k62 && ticks > -k62) {
    const std::int64_t excess = function.beneath ? function.tick_limit - ticks : ticks - function.tick_limit;
    if (excess <= 0) return function.full;
    const std::int64_t steps = (excess - function.started) / function.tick_step + function.started;
    const std::int64_t losable = function.full.micros() - function.floor.micros();
    if (steps > losable / function.loss.micros()) return function.floor;
    return Points::FromMicros(function.full.micros() - steps * function.loss.micros());
  }
  return PointsOf(function, ticks, metric.unit);
}

Points PointsOf(const CompiledFunction& function, absl::int128 numerator, absl::int128 denominator) {
  const absl::int128 scaled = numerator * Decimal::kOne;
  if (function.kind == CompiledFunction::Kind::kSteps) {
    const absl::int128 limit = absl::int128(function.limit) * denominator;
    const absl::int128 excess = function.beneath ? limit - scaled : scaled - limit;
    if (excess <= 0) return function.full;
    const absl::int128 step = absl::int128(function.step) * denominator;
    const absl::int128 steps = function.started ? -FloorDivide(-excess, step) : FloorDivide(excess, step);
    const std::int64_t losable = function.full.micros() - function.floor.micros();
    if (steps > losable / function.loss.micros()) return function.floor;
    return Points::FromMicros(function.full.micros() -
                              static_cast<std::int64_t>(steps) * function.loss.micros());
  }
  const Segment* found = nullptr;
  for (const Segment& segment : function.segments) {
    if (scaled < absl::int128(segment.from) * denominator) break;
    found = &segment;
  }
  if (found == nullptr) return function.below;
  if (found->slope == 0 && found->divisor == 1)
    return Points::FromMicros(static_cast<std::int64_t>(found->offset));
  return Points::FromMicros(static_cast<std::int64_t>(
      DivideHalfEven(found->slope * numerator + found->offset * denominator, found->divisor * denominator)));
}

bool PointsOf(const CompiledFunction& function, std::string_view word, Points* out) {
  for (const Lookup::Entry& entry : function.entries) {
    if (entry.text == word) {
      *out = entry.points;
      return true;
    }
  }
  return false;
}

}  // namespace csat
