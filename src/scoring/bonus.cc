#include <algorithm>

#include "scoring/evaluate.h"

namespace csat {
namespace {

// The ticks of a plain number metric; false: it is another one, or its cell takes a closer look.
bool PlainTicks(const CompiledPlan& plan, int index, const Record& record, std::int64_t* ticks,
                std::int64_t* unit) {
  const CompiledMetric& metric = plan.metrics[static_cast<std::size_t>(index)];
  *unit = metric.unit;
  return metric.kind == CompiledMetric::Kind::kNumber &&
         ReadPlainTicks(metric, record[static_cast<std::size_t>(metric.slot)], ticks);
}

// count - excluded as a quotient of integers, as it comes from most records. false: read the figures instead.
bool PlainCount(const CompiledPlan& plan, const CompiledBonusSource& source, const Record& record,
                absl::int128* top, absl::int128* bottom) {
  std::int64_t count = 0, excluded = 0, unit = 1, excluded_unit = 1;
  if (!PlainTicks(plan, source.metric, record, &count, &unit)) return false;
  if (source.excluding >= 0 &&
      (!PlainTicks(plan, source.excluding, record, &excluded, &excluded_unit) || excluded_unit != unit)) {
    return false;
  }
  *top = absl::int128(count) - excluded;
  *bottom = unit;
  return true;
}

// each * max(0, count - excluded) as a quotient of integers: percent or points, in millionths of one.
absl::Status Amount(const CompiledPlan& plan, const CompiledBonusSource& source, const Record& record,
                    absl::int128* numerator, absl::int128* denominator, bool* missing) {
  *numerator = 0;
  *denominator = 1;
  absl::int128 top = 0, bottom = 1;
  if (!PlainCount(plan, source, record, &top, &bottom)) {
    Figure count, excluded;
    if (absl::Status status =
            ReadFigure(plan, plan.metrics[static_cast<std::size_t>(source.metric)], record, &count);
        !status.ok())
      return status;
    if (source.excluding >= 0) {
      if (absl::Status status =
              ReadFigure(plan, plan.metrics[static_cast<std::size_t>(source.excluding)], record, &excluded);
          !status.ok())
        return status;
    }
    // Praise that cannot be told from paid praise earns nothing.
    *missing = count.missing || (source.excluding >= 0 && excluded.missing);
    if (*missing) return absl::OkStatus();
    top = count.numerator;
    bottom = count.denominator;
    if (source.excluding >= 0) {
      top = top * excluded.denominator - excluded.numerator * bottom;
      bottom *= excluded.denominator;
    }
  }
  if (top <= 0) return absl::OkStatus();
  top *= source.source->each.micros();
  if (source.source->cap.has_value() && top > absl::int128(source.source->cap->micros()) * bottom) {
    top = source.source->cap->micros();
    bottom = 1;
  }
  *numerator = top;
  *denominator = bottom;
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyBonus(const CompiledPlan& plan, const CompiledCard& card, const Record& record, Mode mode,
                        Draft* draft) {
  draft->after_bonus = draft->base;
  if (card.bonus.empty()) return absl::OkStatus();
  const Bonus& bonus = *card.card->bonus;
  const bool relative = bonus.mode == Bonus::Mode::kRelative;
  constexpr std::int64_t kPercent = 100 * Decimal::kOne;
  const absl::int128 base = draft->base.micros();
  const auto in_points = [&](std::int64_t amount) {
    return Points::FromMicros(relative ? static_cast<std::int64_t>(DivideHalfEven(base * amount, kPercent))
                                       : amount);
  };
  // Amounts are rounded to millionths of a percent or a point, then added: the sum does not hang on the order.
  std::int64_t sum = 0;
  draft->bonus.clear();
  for (const CompiledBonusSource& source : card.bonus) {
    absl::int128 numerator = 0, denominator = 1;
    BonusResult result;
    if (absl::Status status = Amount(plan, source, record, &numerator, &denominator, &result.missing);
        !status.ok())
      return status;
    absl::int128 amount = DivideHalfEven(numerator, denominator);
    // Nothing above the cap of the sum changes the result; it keeps the arithmetic in range.
    constexpr std::int64_t kMost = std::int64_t{1} << 50;
    amount = std::min<absl::int128>(amount, kMost);
    sum += static_cast<std::int64_t>(amount);
    if (!mode.explain) continue;
    result.points = in_points(static_cast<std::int64_t>(amount));
    draft->bonus.push_back(result);
  }
  const std::int64_t capped = std::min(sum, bonus.cap.micros());
  if (mode.explain) draft->bonus_sum = in_points(sum);
  draft->bonus_total = in_points(capped);
  draft->after_bonus = draft->base + draft->bonus_total;
  return absl::OkStatus();
}

}  // namespace csat
